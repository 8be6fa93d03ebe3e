"""The application around the routes, with no more layers than do something.

The framework would wrap every request in five of its own: its telemetry (we have :mod:`log` and ``metrics``), a last resort for errors
(:class:`edge.Edge` is ours), a limit of bodies (:mod:`body` has one), a table of exceptions, and a stack of files to close. For a
recorded order they cost as much as reading and checking it, so the busiest routes go past the last two as well.
"""

from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from regulars.platform.http import problems
from regulars.platform.http.asked import Asked
from regulars.platform.http.edge import Edge
from regulars.platform.http.routing import Route
from regulars.platform.metrics import Metrics


class Application(FastAPI):
    """The framework's application behind our own edge. Takes no other middleware: it would not be asked."""

    def __init__(self, *, metrics: Metrics, **options: Any) -> None:
        super().__init__(exception_handlers=problems.handlers(), **options)
        self._metrics = metrics

    def build_middleware_stack(self) -> ASGIApp:
        """Edge, the straight way, and what the framework's own routes need."""
        inner = ExceptionMiddleware(AsyncExitStackMiddleware(self.router), handlers=self.exception_handlers)
        return Edge(_Straight(inner, self.router.routes), metrics=self._metrics)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One call less a request than the framework's own, which would ask its telemetry first."""
        scope["app"] = self
        if self.middleware_stack is None:
            self.middleware_stack = self.build_middleware_stack()
        await self.middleware_stack(scope, receive, send)


class _Straight:
    """Finds a route that can be called straight by its address, and hands every other request to ``others``.

    Addresses with parameters need the framework's comparison, one route after the other.
    """

    def __init__(self, others: ASGIApp, routes: Iterable[BaseRoute]) -> None:
        self._others = others
        self._handlers = problems.handlers()
        self._routes: dict[tuple[str, str], Route] = {}
        for method, path, route in _found_first(list(routes)):
            if isinstance(route, Route) and route.straight is not None and not route.param_convertors:
                self._routes[method, path] = route

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = self._routes.get((scope["method"], scope["path"])) if scope["type"] == "http" and not scope.get("root_path") else None
        if route is None or route.straight is None:
            await self._others(scope, receive, send)
            return
        scope["route"], scope["endpoint"], scope["path_params"] = route, route.endpoint, {}
        request = Asked(scope, receive, send)
        try:
            response = await route.straight(request)
        except Exception as wrong:
            handler = next((self._handlers[kind] for kind in type(wrong).__mro__ if kind in self._handlers), None)
            if handler is None:
                raise
            response = await handler(request, wrong)
            # A problem that several requests share would collect their tracebacks.
            wrong.__traceback__ = None
        await response(scope, receive, send)


def _found_first(routes: list[BaseRoute]) -> Iterable[tuple[str, str, BaseRoute]]:
    """(method, path, route) of every route that the framework too would choose for its own address: an earlier one may cover it."""
    for route in routes:
        for method in getattr(route, "methods", None) or ():
            scope = {"type": "http", "method": method, "path": getattr(route, "path", ""), "root_path": "", "headers": []}
            if next((other for other in routes if other.matches(dict(scope))[0] is Match.FULL), None) is route:
                yield method, scope["path"], route
