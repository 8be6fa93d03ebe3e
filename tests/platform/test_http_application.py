"""``platform.http.application``: which requests go straight to their route, and that they are answered as by the framework."""

import asyncio
from typing import Annotated, Any

import pytest
from starlette.requests import Request
from starlette.types import Message

from regulars.kernel import problem
from regulars.platform.context import Actor
from regulars.platform.http import auth, routing, strict
from regulars.platform.http.application import Application
from regulars.platform.http.asked import Asked
from regulars.platform.http.responses import Json
from regulars.platform.metrics import Metrics

WRITER = Actor(kind="api_key", id="writer", permissions=frozenset({"sample.write"}))
Writer = Annotated[Actor, auth.needs("sample.write")]
router = routing.Router(tags=["sample"])


@router.post("/things/{number}")
async def by_number(number: strict.Word, _: Writer) -> Json:
    return Json(number)


@router.post("/things/covered")
async def covered(_: Writer) -> Json:
    return Json("never")


@router.post("/plain")
async def plain(request: Request, actor: Writer) -> Json:
    """Says whether the framework's stack of files is around it: only a request that did not go straight has one."""
    return Json([actor.id, "fastapi_middleware_astack" in request.scope])


@router.post("/refused")
async def refused(_: Writer) -> Json:
    raise problem.invalid("number", 1, "another one")


@router.post("/broken")
async def broken(_: Writer) -> Json:
    raise ArithmeticError("nobody expected this one")


class Anybody:
    """Everybody who calls is the writer."""

    def __call__(self, _request: Request) -> Actor:
        return WRITER


def answered(path: str, *, method: str = "POST", root: str = "") -> tuple[int, bytes]:
    app = Application(metrics=Metrics(), openapi_url=None, docs_url=None, redoc_url=None)
    app.router.routes.extend(router.routes)
    app.state.authenticate = Anybody()
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [],
        "root_path": root,
    }
    asyncio.run(app(scope, receive, send))
    assert dict(sent[0]["headers"])[b"x-content-type-options"] == b"nosniff"
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


def test_a_route_that_needs_nothing_worked_out_is_called_straight() -> None:
    assert answered("/plain") == (200, b'["writer",false]')


def test_below_a_prefix_of_a_proxy_the_framework_compares() -> None:
    assert answered("/under/plain", root="/under") == (200, b'["writer",true]')


def test_an_address_that_an_earlier_route_covers_stays_that_route_s() -> None:
    assert answered("/things/covered") == (200, b'"covered"')


@pytest.mark.parametrize(
    ("path", "method", "status", "code"),
    [
        ("/refused", "POST", 422, b'"code":"input.invalid"'),
        ("/broken", "POST", 500, b'"code":"http.failed"'),
        ("/plain", "GET", 405, b'"code":"http.method"'),
        ("/nowhere", "POST", 404, b'"code":"http.not_found"'),
    ],
)
def test_refusals_and_errors_are_problems_either_way(path: str, method: str, status: int, code: bytes) -> None:
    found, body = answered(path, method=method)
    assert found == status
    assert code in body


def asked(*headers: tuple[bytes, bytes]) -> Any:
    return Asked({"type": "http", "headers": list(headers)}).headers


def test_headers_are_found_by_any_spelling_and_the_first_of_several_counts() -> None:
    found = asked((b"authorization", b"first"), (b"x-name", b"caf\xe9"), (b"authorization", b"second"))
    assert (found["Authorization"], found.get("AUTHORIZATION"), found["x-name"]) == ("first", "first", "café")
    assert ("Authorization" in found, "cookie" in found, found.get("cookie"), found.get("cookie", "")) == (True, False, None, "")
    assert found.getlist("authorization") == ["first", "second"]
    with pytest.raises(KeyError):
        found["cookie"]


def test_every_view_of_one_request_shares_its_headers() -> None:
    request = Asked({"type": "http", "headers": [(b"host", b"here")]})
    assert Asked(request.scope).headers is request.headers


def test_a_route_knows_whether_it_can_be_called_straight() -> None:
    straight = {route.path: route.straight is not None for route in router.routes if isinstance(route, routing.Route)}
    assert straight == {"/things/{number}": False, "/things/covered": True, "/plain": True, "/refused": True, "/broken": True}
