"""Answers encoded by orjson: several times faster than the framework's own way, which walks every value in Python first."""

from collections.abc import Iterable
from decimal import Decimal
from enum import Enum

import orjson
from starlette.responses import Response

_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS

NDJSON = "application/x-ndjson"


def encode(content: object) -> bytes:
    """JSON in UTF-8: times as RFC 3339 with ``Z``, UUIDs and decimals as text, sets as sorted lists."""
    return orjson.dumps(content, default=_plain, option=_OPTIONS)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"{type(value).__name__} has no JSON form")


class Json(Response):
    """``content`` as JSON. Returned by a route it goes out as it is; the route's ``response_model`` documents it."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        return encode(content)


def lines(rows: Iterable[object]) -> bytes:
    """One JSON document a line (``application/x-ndjson``)."""
    return b"".join(encode(row) + b"\n" for row in rows)
