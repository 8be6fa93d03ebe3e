"""Two realms: a member passes no operator's route, an operator or key no member's, whatever it holds."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import psycopg
import pytest
from fastapi.routing import APIRoute

from regulars.app import serve
from regulars.domains.loyalty import api as loyalty_api
from regulars.domains.loyalty import service as loyalty
from regulars.domains.members import api as members_api
from regulars.domains.operators import service as operators
from regulars.domains.operators.model import Grant
from regulars.domains.privacy import api as privacy_api
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from regulars.platform.http import auth, openapi
from tests.domains.loyalty import programmes
from tests.support import member_pages, served

Plain = psycopg.Connection[tuple[Any, ...]]
Call = tuple[str, str, auth.Access]
PUBLIC = {("POST", "/v1/session"), ("POST", "/m/v1/sign-in"), ("POST", "/m/v1/session"), ("GET", "/v1/dev/inbox")}
PASSWORD = "correct horse battery staple"


def calls() -> list[Call]:
    """(method, address, what it asks) of every route of the API; parameters filled with something that need not exist."""
    found = []
    for router in serve.ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            wanted = auth.access(route.dependant)
            assert wanted is not None
            if route.path.startswith(("/v1/", "/m/v1/")):
                found += [(method, re.sub(r"\{[^}]+\}", "1", route.path), wanted) for method in route.methods or ()]
    return found


@pytest.fixture
def api(db: Database, keyring: Keyring, tmp_path: Path) -> Iterator[httpx.Client]:
    with db.transaction() as ctx:
        loyalty.publish(ctx, loyalty.add_draft(ctx, programmes.PLAIN).version)
    member_pages.enrolled(db, keyring)
    with served.client(db, keyring, tmp_path, permissions=None) as client:
        yield client


def _admin(api: httpx.Client, db: Database) -> dict[str, str]:
    """The cookie of somebody who may do everything, and the value that changes need."""
    with db.transaction() as ctx:
        made = operators.add_operator(ctx, login="root", name="Root", grants=[Grant("admin")])
    first = api.post("/v1/session", json={"login": "root", "password": made.password})
    cookie = {"cookie": first.headers["set-cookie"].partition(";")[0], "x-csrf-token": first.json()["csrf_token"]}
    body = {"current_password": made.password, "new_password": PASSWORD}
    opened = api.post("/v1/session/password", json=body, headers=cookie)
    assert opened.status_code == 200, opened.text
    api.cookies.clear()
    return {"cookie": opened.headers["set-cookie"].partition(";")[0], "x-csrf-token": opened.json()["csrf_token"], "x-member-app": "1"}


def test_every_address_of_the_members_asks_for_a_member_and_no_other_does() -> None:
    for method, path, wanted in calls():
        assert wanted.signed_in is ((method, path) not in PUBLIC), (method, path)
        assert wanted.member is (path.startswith("/m/v1/") and (method, path) not in PUBLIC), (method, path)


def test_a_member_passes_no_operators_route(api: httpx.Client, connection: Plain) -> None:
    token = member_pages.signed_in(api)["authorization"]
    cookie = {"cookie": f"regulars_member={token.removeprefix('Bearer ')}", "x-member-app": "1"}
    asked = [call for call in calls() if call[2].signed_in and not call[2].member]
    assert len(asked) > 60
    before = served.counts(connection)
    for headers in ({"authorization": token}, cookie, cookie | {"cookie": cookie["cookie"].replace("_member", "_session")}):
        for method, path, _ in asked:
            answer = api.request(method, path, json={}, headers=headers)
            assert (method, path, answer.status_code) == (method, path, 401), answer.text
    assert served.counts(connection) == before


def test_an_operator_or_key_passes_no_members_route_whatever_it_holds(api: httpx.Client, db: Database, connection: Plain) -> None:
    admin = _admin(api, db)
    with db.transaction() as ctx:
        key = operators.create_key(ctx, name="Till", scopes=["members.read", "members.write", "members.identify"]).text
    asked = [call for call in calls() if call[2].member]
    assert len(asked) > 15
    before = served.counts(connection)
    everything = {served.PERMISSIONS: "*"}
    for headers in (admin, {"authorization": f"Bearer {key}"}, everything, {}):
        for method, path, _ in asked:
            answer = api.request(method, path, json={}, headers=headers)
            assert (method, path, answer.status_code) == (method, path, 401), answer.text
            assert answer.json()["code"] == "members.unknown_caller"
    assert served.counts(connection) == before
    assert api.get("/v1/operators", headers=admin).status_code == 200


def test_what_members_read_is_what_the_document_promises(api: httpx.Client) -> None:
    own = [route for router in (members_api, loyalty_api, privacy_api) for route in router.own_router.routes]
    document = openapi.build(own, title="Own", version="1", description="")
    api.post("/v1/orders", json=served.order("1", 12_500), headers={served.PERMISSIONS: "*"})
    token = member_pages.signed_in(api)
    read = 0
    for path, operations in document["paths"].items():
        operation = operations.get("get")
        # One thing by its id is read where there is one: by the tests of its slice.
        if operation and path.startswith("/m/v1/") and "{" not in path:
            assert operation["security"] == [{"memberSession": []}, {"memberToken": []}]
            answer = api.get(path, headers=token)
            schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
            jsonschema.validate(answer.json(), {**schema, "components": document["components"]})
            read += 1
    assert read == 16


def test_a_member_passes_every_members_route(api: httpx.Client) -> None:
    token = member_pages.signed_in(api)
    for method, path, wanted in calls():
        if wanted.member and (method, path) != ("DELETE", "/m/v1/session"):
            answer = api.request(method, path, json={}, headers=token)
            assert answer.status_code not in (401, 403), (method, path, answer.text)
