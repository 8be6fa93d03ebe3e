"""Calling a route's function straight, where the framework would find nothing to work out.

Most write routes take a body, their caller and the request itself, and :class:`routing.Route` holds all three once it has let the caller
in. The framework would then walk the function's dependencies, open two exit stacks and read the content type once more: 40 of the
100 µs that a recorded order costs before its batch.
"""

import inspect
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from functools import partial
from typing import Any

from fastapi.dependencies.models import Dependant
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from regulars.platform.http import auth, body

Call = Callable[[Request, object], Awaitable[Response]]
"""The route's function, for a request that is let in and the value of its body."""


def call(dependant: Dependant) -> Call | None:
    """The function called with what it asks for; ``None`` when it asks for more than a body, its caller and the request.

    Parameters of the address, headers, cookies and other dependencies are the framework's to read, and so is an answer that is no
    response yet.
    """
    function = dependant.call
    if function is None or _more_is_asked(dependant) or not _answers(function):
        return None
    request_as, body_as = dependant.request_param_name, next((field.name for field in dependant.body_params), None)
    actor_as, nothing_as = list(_named(dependant, actor=True)), list(_named(dependant, actor=False))
    run = function if inspect.iscoroutinefunction(function) else partial(run_in_threadpool, function)

    def called(request: Request, value: object) -> Awaitable[Response]:
        values: dict[str, Any] = dict.fromkeys(nothing_as)
        if request_as is not None:
            values[request_as] = request
        if body_as is not None:
            values[body_as] = value
        for name in actor_as:
            values[name] = auth.actor(request)
        made: Awaitable[Response] = run(**values)
        return made

    return called


def application(handle: Callable[[Request], Coroutine[Any, Any, Response]]) -> ASGIApp:
    """``handle`` as a route's ASGI application; problems it raises are answered by the application around it."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        response = await handle(Request(scope, receive, send))
        await response(scope, receive, send)

    return answer


def _more_is_asked(dependant: Dependant) -> bool:
    named = (
        dependant.path_params,
        dependant.query_params,
        dependant.header_params,
        dependant.cookie_params,
        dependant.websocket_param_name,
        dependant.http_connection_param_name,
        dependant.response_param_name,
        dependant.background_tasks_param_name,
        dependant.security_scopes_param_name,
    )
    return any(named) or not all(auth.is_mark(inner.call) or isinstance(inner.call, body.Stream) for inner in dependant.dependencies)


def _answers(function: Callable[..., Any]) -> bool:
    """Whether the function says that it gives a response."""
    given = inspect.signature(function, eval_str=True).return_annotation
    return isinstance(given, type) and issubclass(given, Response)


def _named(dependant: Dependant, *, actor: bool) -> Iterator[str]:
    """The parameters that are marks of a caller (or the others: marks that have no value)."""
    for inner in dependant.dependencies:
        if inner.name is not None and auth.gives_actor(inner.call) is actor:
            yield inner.name
