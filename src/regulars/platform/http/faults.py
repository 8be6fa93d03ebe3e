"""Validation errors in the house's words: the place as a path, what was sent, what would be accepted, in both languages."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from regulars.kernel import expectations
from regulars.kernel.problem import Fault
from regulars.platform import log
from regulars.platform.http.language import Language

SHOWN = 120
NO_NUL = expectations.NO_NUL
VISIBLE_ASCII = expectations.VISIBLE_ASCII

_SECRETS = frozenset({"password", "token", "secret", "authorization", "otp", "pin"})


def of(errors: Iterable[Mapping[str, Any]], language: Language) -> tuple[Fault, ...]:
    """Pydantic's errors as faults. ``loc`` begins with body, query, path, header or cookie, which only a lone one keeps."""
    return tuple(
        Fault(field=place(error["loc"]), value=shown(error["loc"], error), expected=expectations.expected(error, language))
        for error in errors
    )


def place(loc: Sequence[int | str]) -> str:
    """The field as a path: ``("body", "lines", 2, "amount")`` becomes ``lines[2].amount``."""
    inner = loc[1:] or loc
    joined = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in inner)
    return re.sub(r"^\.", "", joined)


def shown(loc: Sequence[int | str], error: Mapping[str, Any]) -> str:
    """The offending value, cut to ``SHOWN`` characters; nothing for a missing one or a whole document, and never a secret."""
    if error["type"] in ("missing", "union_tag_not_found", "json_invalid"):
        return ""
    if any(str(part).lower() in _SECRETS for part in loc):
        return log.HIDDEN
    value = error.get("input")
    if isinstance(value, str):
        return value[:SHOWN]
    try:
        return orjson.dumps(value, default=str).decode()[:SHOWN]
    except TypeError:
        # A whole number of more than 64 bits, or keys that are not text.
        return str(value)[:SHOWN]
