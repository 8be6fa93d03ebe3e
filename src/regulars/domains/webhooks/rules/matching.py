"""Which endpoints hear which type."""

import re
from collections.abc import Collection, Sequence

EVERY = "*"
PATTERNS_MAX = 100
_PATTERN = re.compile(r"\*|[a-z0-9_]+(?:\.[a-z0-9_]+)*(?:\.\*)?")


def hears(patterns: Sequence[str], type_: str) -> bool:
    """Whether one of the patterns is the type itself, a prefix of it (``points.*``), or everything (``*``)."""
    return any(pattern in (EVERY, type_) or (pattern.endswith(".*") and type_.startswith(pattern[:-1])) for pattern in patterns)


def misspelt(patterns: Sequence[str], types: Collection[str]) -> str | None:
    """The first pattern that hears none of the types; ``None`` when each hears one."""
    return next((one for one in patterns if not _PATTERN.fullmatch(one) or not any(hears([one], type_) for type_ in types)), None)
