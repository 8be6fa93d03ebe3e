"""``platform.http.direct``: which functions a route calls straight, and with what."""

import asyncio
from typing import Annotated, Any

import pytest
from fastapi import Depends
from fastapi import Response as FrameworkResponse
from starlette.requests import Request
from starlette.responses import Response

from regulars.platform.context import Actor
from regulars.platform.http import auth, body, direct, idempotency, responses, routing, strict

WRITER = Actor(kind="api_key", id="writer", permissions=frozenset({"sample.write"}))
Writer = Annotated[Actor, auth.needs("sample.write")]


class Thing(strict.Strict):
    number: strict.Key


async def everything(request: Request, thing: Thing, actor: Writer, nobody: Annotated[None, auth.public()] = None) -> responses.Json:
    return responses.Json([request.method, thing.number, actor.id, nobody])


def plain(actor: Annotated[Actor, Depends(auth.caller)]) -> Response:
    return Response(actor.id)


async def of_a_member(actor: Annotated[Actor, Depends(auth.member)]) -> Response:
    return Response(actor.id)


async def streaming(request: Request, _: Writer, __: Annotated[None, body.stream("text/csv")]) -> Response:
    return Response(request.method)


async def by_path(number: strict.Word, _: Writer) -> Response:
    return Response(number)


async def by_query(_: Writer, more: str = "") -> Response:
    return Response(more)


async def by_header(key: idempotency.Key, _: Writer) -> Response:
    return Response(key)


async def with_the_framework_s_response(response: FrameworkResponse, _: Writer) -> Response:
    return response


async def with_a_dependency(found: Annotated[str, Depends(lambda: "found")], _: Writer) -> Response:
    return Response(found)


async def a_model(_: Writer) -> Thing:
    return Thing(number="1")


async def maybe(_: Writer, thing: Thing | None = None) -> Response:
    return Response(str(thing))


def made(function: Any, path: str = "/things") -> routing.Route:
    return routing.Route(path, function, methods=["POST"], response_model=None)


def called(route: routing.Route, value: object = None) -> bytes:
    call = direct.call(route.dependant)
    assert call is not None
    request = Request({"type": "http", "method": "POST", "headers": [], "regulars.actor": WRITER})

    async def main() -> Response:
        return await call(request, value)

    return bytes(asyncio.run(main()).body)


def test_the_function_gets_its_body_its_caller_and_the_request() -> None:
    assert called(made(everything), Thing(number="1001")) == b'["POST","1001","writer",null]'
    assert called(made(of_a_member)) == b"writer"
    assert called(made(streaming)) == b"POST"


def test_a_plain_function_runs_in_a_thread_of_the_pool() -> None:
    assert called(made(plain)) == b"writer"


@pytest.mark.parametrize(
    ("function", "path"),
    [
        (by_path, "/things/{number}"),
        (by_query, "/things"),
        (by_header, "/things"),
        (with_the_framework_s_response, "/things"),
        (with_a_dependency, "/things"),
        (a_model, "/things"),
    ],
)
def test_what_has_to_be_worked_out_stays_the_framework_s(function: Any, path: str) -> None:
    assert direct.call(made(function, path).dependant) is None


def test_a_body_that_may_be_missing_stays_the_framework_s() -> None:
    assert made(maybe)._call() is None
    assert made(everything)._call() is not None
