"""How many values travel at once as text: a column of COPY, or an array for ``unnest``.

A column nearly always holds one type. ``orjson`` writes a whole column of ids or times in one call, ten times faster than Python
writes them one by one, and its text is what PostgreSQL reads; whatever it would write otherwise goes the slow way below.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson


def column(values: Sequence[Any]) -> Iterable[str]:
    """The text of each value, as COPY reads it."""
    kinds = set(map(type, values))
    if len(kinds) > 1:
        return [_COPY.get(type(value), _other)(value) for value in values]
    kind = kinds.pop()
    if kind is str:
        return _texts(values)
    if kind is int or kind is UUID or kind is datetime:
        dumped = _dumped(values, kind)
        if dumped is not None:
            text = dumped.decode()
            return text[1:-1].split(",") if kind is int else text[2:-2].split('","')
    return map(_COPY.get(kind, _other), values)


def array(values: list[Any]) -> str:
    """The array literal of a list, to be cast in the statement."""
    kinds = set(map(type, values))
    kinds.discard(type(None))
    if len(kinds) == 1:
        kind = kinds.pop()
        # JSON's null, true and false, numbers and quoted texts are array elements as they stand.
        dumped = _dumped(values, kind) if kind in _ALIKE else None
        if dumped is not None:
            return "{" + dumped[1:-1].decode() + "}"
    return "{" + ",".join([_ELEMENT.get(type(value), _other_element)(value) for value in values]) + "}"


_ALIKE = frozenset({UUID, int, bool, str, datetime, date})


def texts(values: Sequence[UUID]) -> list[str]:
    """The ids as PostgreSQL writes them. A statement that reads ``id::text`` gives these: they cost a quarter of an id to read, and
    are found in a dict ten times as fast, because Python computes an id's hash anew each time.
    """
    return orjson.loads(orjson.dumps(values)) if values else []


def _dumped(values: Sequence[Any], kind: type) -> bytes | None:
    """The values (of ``kind`` or None) as a JSON array; None where PostgreSQL would read it differently from us."""
    try:
        dumped = orjson.dumps(values)
    except orjson.JSONEncodeError:
        # An integer beyond 64 bits, half a surrogate pair: the slow way says what is wrong with it, or PostgreSQL does.
        return None
    if kind is str and b"\\" in dumped and b"\\" in dumped.replace(rb"\\", b"").replace(rb"\"", b""):
        # JSON writes control characters as \n or \u000b, an array literal as they are.
        return None
    if kind is datetime and dumped.count(b'+00:00"') + values.count(None) != len(values):
        # JSON has no offsets with seconds, which local mean times have; and no two ways to write a naive time.
        return None
    return dumped


def _texts(values: Sequence[str]) -> Iterable[str]:
    """Texts for COPY. One look at all of them together costs less than a look at each, and nearly always finds nothing to escape."""
    return map(_escaped, values) if _needs_escape("".join(values)) else values


def _escaped(text: str) -> str:
    if _needs_escape(text):
        return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return text


def _needs_escape(text: str) -> bool:
    return "\\" in text or "\t" in text or "\n" in text or "\r" in text


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


# Written here because the driver's own array dumper asks a regular expression about every element: at thousands of rows a
# transaction that was a third of the engine's time.
_COPY: dict[type, Callable[[Any], str]] = {
    UUID: lambda value: f"{value.int:032x}",
    int: str,
    str: _escaped,
    datetime: datetime.isoformat,
    date: date.isoformat,
    bool: lambda value: "t" if value else "f",
    bytes: lambda value: "\\\\x" + value.hex(),
    type(None): lambda _: "\\N",
}


def _other(value: object) -> str:
    """A rarer type: subclasses of text (enumerations) and numbers. Raises ``TypeError`` for what has no plain text form."""
    if isinstance(value, str):
        return _escaped(str(value))
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, UUID):
        return value.hex
    raise TypeError(f"{type(value).__name__} does not travel in bulk")


def _other_element(value: object) -> str:
    return _quoted(str(value)) if isinstance(value, str) else _other(value)


_ELEMENT: dict[type, Callable[[Any], str]] = {
    **_COPY,
    str: _quoted,
    bytes: lambda value: '"\\\\x' + value.hex() + '"',
    type(None): lambda _: "NULL",
}
