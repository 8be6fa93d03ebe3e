"""The outermost layer: every request gets an id, a place in the metrics, and an answer, whatever happens inside.

Written against ASGI itself: the framework's own middleware base class costs a task and two queues a request.
"""

import asyncio
import re

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from regulars.platform import log, newid
from regulars.platform.http import language, problems
from regulars.platform.metrics import Metrics

SLOW_SECONDS = 5.0

_GIVEN = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_NO_SNIFFING = (b"x-content-type-options", b"nosniff")
_PRIVATE = (b"cache-control", b"no-store")
_HUNG_UP = 499
"""What the metrics call a request whose caller went away, as nginx does; nobody receives it."""


class Edge:
    """Wraps an application. Errors nobody handled become a 500 that says its request id and nothing else."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._logger = log.get(__name__)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        now = asyncio.get_running_loop().time
        began, given = now(), _header(scope, b"x-request-id")
        request_id = given.decode() if given and _GIVEN.fullmatch(given) else str(newid.uuid7())
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                # A new list: the answer's own may be shared by several requests.
                headers = [*message["headers"], (b"x-request-id", request_id.encode()), _NO_SNIFFING]
                if not any(name == b"cache-control" for name, _ in headers):
                    headers.append(_PRIVATE)
                message["headers"] = headers
            await send(message)

        with log.request(request_id):
            try:
                await self._app(scope, receive, sending)
            except ClientDisconnect:
                status = status or _HUNG_UP
            except Exception:
                self._logger.exception("http.failed", method=method_of(scope), route=route_of(scope))
                if status == 0:
                    await _failed(scope, request_id)(scope, receive, sending)
                else:
                    # The answer was under way: without an end the server closes the connection, and the caller sees it is cut.
                    status = 500
            finally:
                self._count(scope, status or _HUNG_UP, now() - began)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        route, method = route_of(scope), method_of(scope)
        self._metrics.request(method=method, route=route, status=status, seconds=seconds)
        if seconds >= SLOW_SECONDS:
            self._logger.warning("http.slow", method=method, route=route, status=status, seconds=round(seconds, 3))


def route_of(scope: Scope) -> str:
    """The template of the route that served the request, so that ids and names in addresses stay out of logs and metrics."""
    found: str = getattr(scope.get("route"), "path_format", None) or "(none)"
    return found


def method_of(scope: Scope) -> str:
    """The request's method; a made-up one counts as ``(other)``, since labels must stay few."""
    method: str = scope["method"]
    return method if method in {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"} else "(other)"


def _header(scope: Scope, wanted: bytes) -> bytes | None:
    for name, value in scope["headers"]:
        if name == wanted:
            found: bytes = value
            return found
    return None


def _failed(scope: Scope, request_id: str) -> ASGIApp:
    accepted = (_header(scope, b"accept-language") or b"").decode("latin-1")
    return problems.render(problems.FAILED(), speak=language.of(accepted), request_id=request_id)
