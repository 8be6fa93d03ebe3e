"""Which of the house's two languages a request wants."""

from functools import lru_cache
from typing import Literal

Language = Literal["en", "zh"]

_LONGEST = 256


def of(accept_language: str | None) -> Language:
    """Chinese or English, whichever ``Accept-Language`` rates higher; English when it names neither."""
    return _preferred(accept_language[:_LONGEST]) if accept_language else "en"


@lru_cache(maxsize=512)
def _preferred(header: str) -> Language:
    best: Language = "en"
    highest = 0.0
    for part in header.split(","):
        tag, _, weight = part.partition(";")
        short = tag.strip().lower().partition("-")[0]
        quality = _quality(weight)
        if quality > highest and short in ("en", "zh"):
            best, highest = ("zh" if short == "zh" else "en"), quality
    return best


def _quality(weight: str) -> float:
    name, _, number = weight.strip().partition("=")
    try:
        return float(number) if name == "q" else 1.0
    except ValueError:
        return 0.0
