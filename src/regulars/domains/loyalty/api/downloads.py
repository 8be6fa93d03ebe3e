"""Files that are made for the asking: written to a nameless temporary file, then sent piece by piece."""

import asyncio
import tempfile
from collections.abc import Callable
from typing import Any, BinaryIO, Literal
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from regulars.platform.http import problems

Form = Literal["csv", "xlsx"]
MEDIA = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_PART = 1 << 16


def described(what: str) -> dict[int | str, dict[str, Any]]:
    """For a route's ``responses``: the answer is a file of one of the forms."""
    content = {media.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}} for media in MEDIA.values()}
    return {200: {"description": what, "content": content}}


def language(request: Request) -> str:
    """The language the file's headings are in."""
    return problems.speaks(request)


class Download(Response):
    """What ``write`` puts into the file it is given, under ``name`` (its ending is added). Memory stays flat whatever the size."""

    def __init__(self, write: Callable[[BinaryIO], None], *, name: str, form: Form) -> None:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it has been sent
        try:
            write(file)
            size = file.tell()
            file.seek(0)
        except BaseException:
            file.close()
            raise
        headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(f'{name}.{form}', safe='')}", "content-length": str(size)}
        super().__init__(media_type=MEDIA[form], headers=headers)
        self._file = file

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        with self._file as file:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            while part := await asyncio.to_thread(file.read, _PART):
                await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
