"""Who gets in: asked before anything of the request is read, and nothing changes when it is nobody."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from fastapi import APIRouter

from regulars.app import http
from regulars.app import settings as app_settings
from regulars.platform import batching
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from regulars.platform.http import auth, routing
from tests.support import sample_api, sample_client, serving
from tests.support.sample_client import READER, WRITER, recorded, refused


@pytest.fixture
def client(db: Database, keyring: Keyring, tmp_path: Path) -> Iterator[httpx.Client]:
    app = sample_client.make(db, keyring, tmp_path)
    with serving.served(app) as client:
        yield client


def test_a_caller_with_the_permission_gets_in_and_is_handed_to_the_route(
    client: httpx.Client, connection: "psycopg.Connection[Any]"
) -> None:
    answer = client.post("/v1/sample/things", json={"number": "7"}, headers=WRITER | {"idempotency-key": "till-1"})
    assert (answer.status_code, answer.json()) == (200, {"number": "7", "by": "writer", "key": "till-1"})
    assert recorded(connection) == ["7"]


BODIES = [
    b'{"number": "1"}',
    b'{"number": ',
    b'{"number": 1, "unknown": 2}',
    b"",
    b"x" * 3000,
    b'{"number": "\\u0000"}',
]


def test_without_the_permission_nothing_is_learnt_from_the_request_and_nothing_changes(
    client: httpx.Client, connection: "psycopg.Connection[Any]"
) -> None:
    for body, media, query in itertools.product(BODIES, ("application/json", "text/plain", None), ("", "?limit=x&cursor=%00")):
        headers = {"content-type": media} if media else {}
        stranger = refused(client.post(f"/v1/sample/things{query}", content=body, headers=headers), 401)
        assert (stranger["code"], stranger["faults"]) == ("sample.unknown_caller", [])
        reader = refused(client.post(f"/v1/sample/things{query}", content=body, headers=headers | READER), 403)
        assert (reader["code"], reader["data"], reader["faults"]) == ("auth.forbidden", {"permission": "sample.write"}, [])
    assert recorded(connection) == []


def test_a_refusal_for_want_of_sign_in_says_how_to(client: httpx.Client) -> None:
    assert client.get("/v1/sample/me").headers["www-authenticate"] == "Bearer"


def test_every_one_of_several_permissions_is_needed(client: httpx.Client) -> None:
    answer = refused(client.delete("/v1/sample/things/1", headers=READER), 403)
    assert answer["data"] == {"permission": "sample.write"}
    assert refused(client.delete("/v1/sample/things/1", headers=WRITER), 404)["data"] == {"what": "thing", "key": "1"}


def test_a_route_for_anyone_signed_in_takes_a_caller_without_permissions(client: httpx.Client) -> None:
    assert client.get("/v1/sample/me", headers={"authorization": "Bearer nobody"}).json()["by"] == "nobody"
    assert refused(client.get("/v1/sample/me"), 401)["code"] == "sample.unknown_caller"


def test_a_public_route_asks_nobody(client: httpx.Client) -> None:
    assert client.post("/v1/sample/session").json() == {"number": "", "by": "", "key": None}
    assert client.post("/v1/sample/session", json={"number": "4"}).json()["number"] == "4"


def test_another_website_cannot_use_a_session_for_changes(client: httpx.Client) -> None:
    cross = {"sec-fetch-site": "cross-site"}
    assert refused(client.post("/v1/sample/session", headers=cross), 403)["code"] == "http.cross_site"
    assert client.post("/v1/sample/session", headers={"sec-fetch-site": "same-origin"}).status_code == 200
    assert client.get("/health/live", headers=cross).status_code == 200
    assert client.post("/v1/sample/things", json={"number": "1"}, headers=WRITER | cross).status_code == 200


def test_a_route_that_does_not_say_who_may_call_it_does_not_come_into_being() -> None:
    router = routing.Router(prefix="/v1/open")
    with pytest.raises(TypeError, match=r"/v1/open/x must say who may call it"):

        @router.get("/x")
        def open_to_all() -> None: ...


def test_a_route_of_a_plain_router_is_refused_when_the_application_is_made(db: Database, keyring: Keyring, tmp_path: Path) -> None:
    plain = APIRouter()

    @plain.get("/v1/plain")
    def route() -> None: ...

    with pytest.raises(TypeError, match="/v1/plain must be made by platform"):
        http.create(
            settings=app_settings.load(data_dir=tmp_path / "data", key_dir=tmp_path / "keys"),
            db=db,
            keyring=keyring,
            batcher=batching.Batcher(db, sample_api.handle),
            authenticate=sample_api.authenticate,
            routers=[plain],  # type: ignore[list-item]  # that it is refused is the test
        )


def test_a_router_gathers_others_as_they_are_and_changes_nothing_about_them() -> None:
    gathered = routing.Router()
    gathered.include_router(sample_api.router)
    assert gathered.routes == sample_api.router.routes
    for wrong in (routing.Router(prefix="/v2"), routing.Router(tags=["x"]), routing.Router(dependencies=[auth.public()])):
        with pytest.raises(TypeError, match="adds nothing to them"):
            wrong.include_router(sample_api.router)
    with pytest.raises(TypeError, match="adds nothing to them"):
        gathered.include_router(sample_api.router, prefix="/v2")


def test_a_route_takes_one_model_as_its_body() -> None:
    router = routing.Router()
    with pytest.raises(TypeError, match="one model as its body"):

        @router.post("/x", dependencies=[auth.public()])
        def two(one: sample_api.Thing, other: sample_api.Line) -> None: ...
