"""Routes that ask first and read later: the caller, then the body's size and kind, then its content."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, params
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from regulars.platform.http import auth, body, direct

JSON = ("application/json",)

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Route(APIRoute):
    """A route with a mark of :mod:`auth`. Raises ``TypeError`` when it is made without one.

    ``straight`` handles a request without anything of the framework around it, where nothing has to be worked out.
    """

    straight: Handler | None = None

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        if self._call() is not None:
            self.straight = self.get_route_handler()
            self.app = direct.application(self.straight)

    def get_route_handler(self) -> Handler:
        """The handler behind the checks. What FastAPI would do with the body is done here, once, straight from its bytes."""
        found = auth.access(self.dependant)
        if found is None:
            raise TypeError(f"{self.methods} {self.path} must say who may call it: auth.needs(…), auth.caller or auth.public()")
        access, take, call, framework = found, self._body(), self._call(), super().get_route_handler()

        async def handle(request: Request) -> Response:
            await auth.let_in(request, access)
            _no_nul(request)
            if take is not None:
                request = await take(request)
            if call is None:
                return await framework(request)
            return await call(request, request.value if isinstance(request, body.Parsed) else None)

        return handle

    def _call(self) -> direct.Call | None:
        """The route's function, when nothing has to be worked out to call it. A body that may be missing has a default to work out."""
        info = self.body_field.field_info if self.body_field else None
        return None if isinstance(info, params.Form) or (info and not info.is_required()) else direct.call(self.dependant)

    def _body(self) -> Callable[[Request], Coroutine[Any, Any, Request]] | None:
        """How this route takes its body: as a stream, as one JSON document, as a form, or not at all."""
        mark = body.streamed(self.dependant)
        if mark is not None:
            return _streaming(mark.media)
        if self.body_field is None:
            return None
        info = self.body_field.field_info
        if isinstance(info, params.Form):
            return _form
        if self._embed_body_fields:
            raise TypeError(f"{self.path} must take one model as its body, not several parts")
        return _json(body.parser(info.annotation), required=info.is_required())


class Router(APIRouter):
    """What every slice's ``api`` makes: a router of :class:`Route`."""

    def __init__(self, *, prefix: str = "", tags: list[str] | None = None, **more: Any) -> None:
        super().__init__(prefix=prefix, tags=list(tags or []), route_class=Route, generate_unique_id_function=_operation_id, **more)

    def include_router(self, router: APIRouter, **options: Any) -> None:
        """The other router's routes are this one's too, as they are: an API package gathers its modules' routers.

        Not as the framework does it, which matches each address twice and describes the routes by copies. Raises ``TypeError`` for a
        prefix, tags or other changes on the way.
        """
        if options or self.prefix or self.tags or self.dependencies:
            raise TypeError("a router that gathers others adds nothing to them: give each its own prefix, tags and dependencies")
        self.routes.extend(router.routes)


def said(*, en: str, zh: str, description_zh: str = "") -> dict[str, Any]:
    """For a route's ``openapi_extra``: its one-line summary in both languages. The docstring is the English description."""
    return {"summary": en, "x-zh": {"summary": zh, "description": description_zh}}


def _operation_id(route: APIRoute) -> str:
    """``orders_record``: what a generated client calls the operation."""
    return "_".join([*(str(tag) for tag in route.tags[:1]), route.name])


def _streaming(media: tuple[str, ...]) -> Callable[[Request], Coroutine[Any, Any, Request]]:
    async def take(request: Request) -> Request:
        body.require_media(request, media)
        return body.limited(request, request.app.state.settings.batch_body_max_bytes)

    return take


async def _form(request: Request) -> Request:
    return body.limited(request, request.app.state.settings.batch_body_max_bytes)


def _json(parse: Callable[[bytes], object], *, required: bool) -> Callable[[Request], Coroutine[Any, Any, Request]]:
    async def take(request: Request) -> Request:
        if not required and request.headers.get("content-length", "") in ("", "0") and "transfer-encoding" not in request.headers:
            return body.Parsed(request, b"", None)
        body.require_media(request, JSON)
        raw = await body.read(request, request.app.state.settings.request_max_bytes)
        return body.Parsed(request, raw, parse(raw))

    return take


def _no_nul(request: Request) -> None:
    """A NUL in the address would only be noticed by PostgreSQL, as an error of ours."""
    scope = request.scope
    if "\x00" in scope["path"]:
        raise RequestValidationError([{"type": "nul", "loc": ("path",), "msg": "", "input": scope["path"]}])
    if b"%00" in scope["query_string"]:
        wrong = [name for name, value in request.query_params.multi_items() if "\x00" in value + name]
        raise RequestValidationError([{"type": "nul", "loc": ("query", name), "msg": "", "input": ""} for name in wrong])
