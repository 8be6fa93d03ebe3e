"""How a request's body comes in: never more of it than the limit, never of another kind, and JSON straight into its model."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import Depends
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter, ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from regulars.platform.http import problems, strict
from regulars.platform.http.asked import Asked


@dataclass(frozen=True, slots=True)
class Stream:
    """The mark of a route that reads its raw body itself, in one of ``media``, up to the batch limit, and answers in ``answers``."""

    media: tuple[str, ...]
    answers: str

    async def __call__(self) -> None:
        """Nothing is left to do when dependencies are solved: the route has checked."""


def stream(*media: str, answers: str = "application/json") -> Any:
    """The route reads ``request.stream()`` itself; up to ``settings.batch_body_max_bytes``, only in one of ``media``.

    ``answers`` is the media type its documentation gives the answer; with lines, the ``response_model`` describes one of them.
    """
    return Depends(Stream(media, answers))


def streamed(dependant: Dependant) -> Stream | None:
    """The mark among a route's dependencies, if it has it."""
    return next((inner.call for inner in dependant.dependencies if isinstance(inner.call, Stream)), None)


class Parsed(Asked):
    """A request whose body is read and valid: ``value`` and ``json`` give the model, ``body`` the bytes as they came."""

    def __init__(self, request: Request, raw: bytes, value: object) -> None:
        super().__init__(request.scope, request.receive)
        self.value = value
        self._raw = raw

    async def body(self) -> bytes:
        return self._raw

    async def json(self) -> Any:
        return self.value


def require_media(request: Request, accepted: tuple[str, ...]) -> None:
    """Raises ``http.media_type`` unless the body is said to be of an accepted kind (``+json`` counts as JSON)."""
    given = request.headers.get("content-type", "")
    kind = given.partition(";")[0].strip().lower()
    if kind not in accepted and not (kind.endswith("+json") and "application/json" in accepted):
        raise problems.MEDIA(accepted=" / ".join(accepted), given=given[:100] or "none")


def require_size(request: Request, most: int) -> None:
    """Raises ``http.too_large`` when the body announces more than ``most`` bytes."""
    announced = request.headers.get("content-length", "0")
    if announced.isascii() and announced.isdigit() and int(announced) > most:
        raise problems.TOO_LARGE(most=most)


def limited(request: Request, most: int) -> Request:
    """The same request, whose body may hold ``most`` bytes: reading more of it raises ``http.too_large``."""
    require_size(request, most)
    inner, so_far = request.receive, 0

    async def receive() -> Message:
        nonlocal so_far
        message = await inner()
        so_far += len(message.get("body", b""))
        if so_far > most:
            raise problems.TOO_LARGE(most=most)
        return message

    return Request(request.scope, receive)


async def read(request: Request, most: int) -> bytes:
    """The whole body, of at most ``most`` bytes. Raises ``ClientDisconnect`` when the caller hangs up in the middle."""
    require_size(request, most)
    whole = bytearray()
    while True:
        message = await request.receive()
        if message["type"] != "http.request":
            raise ClientDisconnect
        part: bytes = message.get("body", b"")
        if len(whole) + len(part) > most:
            raise problems.TOO_LARGE(most=most)
        if not message.get("more_body"):
            return bytes(whole + part) if whole else part
        whole += part


def parser(annotation: Any) -> Callable[[bytes], object]:
    """A function from JSON bytes to a value of ``annotation``; raises ``RequestValidationError`` naming every wrong place."""
    adapter: TypeAdapter[object] = TypeAdapter(annotation)

    def parse(raw: bytes) -> object:
        try:
            value = adapter.validate_json(raw)
        except ValidationError as wrong:
            errors = [{**error, "loc": ("body", *error["loc"])} for error in wrong.errors(include_url=False)]
            raise RequestValidationError(errors) from None
        oddities = strict.check_plain(raw)
        if oddities:
            raise RequestValidationError(oddities)
        return value

    return parse
