"""Answers encoded by orjson: several times faster than the framework's own way, which walks every value in Python first."""

import tempfile
from collections.abc import AsyncIterator, Iterable
from decimal import Decimal
from enum import Enum

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS

NDJSON = "application/x-ndjson"
IN_MEMORY = 1 << 20
_PART = 1 << 16


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


async def collected(rows: AsyncIterator[bytes], *, media_type: str = NDJSON) -> Response:
    """Everything ``rows`` gives, sent once it has come to its end; more than ``IN_MEMORY`` bytes wait in a temporary file.

    For routes that answer each line of a body while they read it. Sending at once would hang: callers write their whole body before
    they read, so once our answers fill the connection neither side goes on. And the framework's streaming response takes parts of
    the body away from the route, because it reads the same channel to learn that the caller hung up.
    """
    spool = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed when it has been sent
    try:
        async for row in rows:
            spool.write(row)
    except BaseException:
        spool.close()
        raise
    return _Spooled(spool, media_type)


class _Spooled(Response):
    """The content of a temporary file, which is gone afterwards."""

    def __init__(self, spool: "tempfile.SpooledTemporaryFile[bytes]", media_type: str) -> None:
        super().__init__(media_type=media_type, headers={"content-length": str(spool.tell())})
        self._spool = spool

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        with self._spool as spool:
            spool.seek(0)
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            while part := spool.read(_PART):
                await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
