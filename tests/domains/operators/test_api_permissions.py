"""The permission matrix: every route of the slice, what it takes, and that nothing has changed when it was denied."""

from uuid import UUID

import httpx
import psycopg
import pytest
from fastapi.routing import APIRoute

from regulars.domains.operators import service
from regulars.domains.operators.api import router
from regulars.domains.operators.model import Grant, permissions
from regulars.kernel import ids
from regulars.platform.db import Database
from tests.domains.operators.conftest import Api, MakePerson, Person

Plain = psycopg.Connection[tuple[object, ...]]
SOMEBODY = ids.encode("opr", UUID(int=1))
KEY = ids.encode("key", UUID(int=1))
REQUEST = ids.encode("apr", UUID(int=1))

# Method, path, its values, the body, the permission; "" is anyone who is signed in, None nobody asked.
ROUTES: list[tuple[str, str, dict[str, str], object, str | None]] = [
    ("POST", "/v1/session", {}, {"login": "x1", "password": "y"}, None),
    ("GET", "/v1/session", {}, None, ""),
    ("DELETE", "/v1/session", {}, None, ""),
    ("POST", "/v1/session/password", {}, {"current_password": "x", "new_password": "y"}, ""),
    ("GET", "/v1/operators", {}, None, "operators.manage"),
    ("POST", "/v1/operators", {}, {"login": "new", "name": "New", "grants": []}, "operators.manage"),
    ("GET", "/v1/operators/{operator}", {"operator": SOMEBODY}, None, "operators.manage"),
    ("PATCH", "/v1/operators/{operator}", {"operator": SOMEBODY}, {"name": "New"}, "operators.manage"),
    ("PUT", "/v1/operators/{operator}/grants", {"operator": SOMEBODY}, {"grants": []}, "operators.manage"),
    ("POST", "/v1/operators/{operator}/disable", {"operator": SOMEBODY}, {"reason": "x", "revoke_keys": True}, "operators.manage"),
    ("POST", "/v1/operators/{operator}/enable", {"operator": SOMEBODY}, None, "operators.manage"),
    ("POST", "/v1/operators/{operator}/reset-password", {"operator": SOMEBODY}, None, "operators.manage"),
    ("GET", "/v1/permissions", {}, None, ""),
    ("GET", "/v1/roles", {}, None, "operators.manage"),
    (
        "PUT",
        "/v1/roles/{role}",
        {"role": "mine"},
        {"name_en": "M", "name_zh": "M", "permissions": ["orders.read"]},
        "operators.manage",
    ),
    ("DELETE", "/v1/roles/{role}", {"role": "spare"}, None, "operators.manage"),
    ("GET", "/v1/api-keys", {}, None, "keys.manage"),
    ("POST", "/v1/api-keys", {}, {"name": "X", "scopes": ["orders.read"]}, "keys.manage"),
    ("GET", "/v1/api-keys/{key}", {"key": KEY}, None, "keys.manage"),
    ("DELETE", "/v1/api-keys/{key}", {"key": KEY}, None, "keys.manage"),
    ("GET", "/v1/approvals", {}, None, "approvals.read"),
    ("GET", "/v1/approvals/{approval}", {"approval": REQUEST}, None, ""),
    ("POST", "/v1/approvals/{approval}/approve", {"approval": REQUEST}, {"reason": "x"}, "approvals.decide"),
    ("POST", "/v1/approvals/{approval}/refuse", {"approval": REQUEST}, {"reason": "x"}, "approvals.decide"),
    ("POST", "/v1/approvals/{approval}/withdraw", {"approval": REQUEST}, None, ""),
    ("GET", "/v1/audit", {}, None, "audit.read"),
    ("GET", "/v1/audit/chain", {}, None, "audit.read"),
]
TABLES = (
    "operators",
    "operator_grants",
    "operator_roles",
    "operator_sessions",
    "operator_attempts",
    "api_keys",
    "approvals",
    "audit",
    "outbox",
)


def _everything(connection: Plain) -> list[object]:
    """Every row of the slice; what a key's mere use notes is left out."""
    return [
        connection.execute(f"SELECT to_jsonb(t) - 'last_used_at' - 'seen_at' FROM {table} t ORDER BY 1".encode()).fetchall()
        for table in TABLES
    ]


def _call(client: httpx.Client, route: tuple[str, str, dict[str, str], object, str | None]) -> httpx.Response:
    method, path, values, body, _ = route
    return client.request(method, path.format(**values), **({} if body is None else {"json": body}))


def _name(route: tuple[str, str, dict[str, str], object, str | None]) -> str:
    return f"{route[0]} {route[1]}"


@pytest.fixture
def things(db: Database, admin: Person, connection: Plain) -> None:
    """Something each route could change: the operator, key and request that ``ROUTES`` name, and a role."""
    with db.transaction(admin.actor) as ctx:
        operator = service.add_operator(ctx, login="somebody", name="Somebody", grants=[]).operator.operator_id
        key = service.create_key(ctx, name="Key", scopes=["orders.read"]).key.key_id
        asked = service.ask(ctx, kind="points.adjust", payload={"member": "mbr_1", "points": 1}, reason="x").approval_id
        service.put_role(ctx, "spare", name_en="Spare", name_zh="备用", names=["orders.read"])
    one = UUID(int=1)
    connection.execute("UPDATE operators SET operator_id = %s WHERE operator_id = %s", [one, operator])
    connection.execute("UPDATE api_keys SET key_id = %s WHERE key_id = %s", [one, key])
    connection.execute("UPDATE approvals SET approval_id = %s WHERE approval_id = %s", [one, asked])


def test_the_matrix_names_every_route() -> None:
    served = {(method, route.path) for route in router.routes if isinstance(route, APIRoute) for method in route.methods}
    assert {(route[0], route[1]) for route in ROUTES} == served


@pytest.mark.parametrize("route", [route for route in ROUTES if route[4] is not None], ids=_name)
def test_nobody_is_refused_and_nothing_has_changed(
    api: Api, things: None, connection: Plain, route: tuple[str, str, dict[str, str], object, str | None]
) -> None:
    before = _everything(connection)
    for headers in ({}, {"authorization": "Bearer rk_nonsense"}, {"cookie": "regulars_session=nonsense"}):
        api.client.headers.update(headers)
        answer = _call(api.client, route)
        assert (answer.status_code, answer.json()["code"]) == (401, "operators.unknown_caller")
        assert answer.headers["www-authenticate"] == "Bearer"
        for name in headers:
            del api.client.headers[name]
    assert _everything(connection) == before


@pytest.mark.parametrize("route", [route for route in ROUTES if route[4]], ids=_name)
def test_every_other_permission_together_is_not_enough(
    api: Api,
    admin: Person,
    person: MakePerson,
    things: None,
    connection: Plain,
    route: tuple[str, str, dict[str, str], object, str | None],
) -> None:
    rest = [name for name in permissions.PERMISSIONS if name != route[4]]
    with api.db.transaction(admin.actor) as ctx:
        service.put_role(ctx, "rest", name_en="Rest", name_zh="其余", names=rest)
    with api.as_person(person("nearly", Grant("rest"))) as browser:
        before = _everything(connection)
        answer = _call(browser, route)
        assert (answer.status_code, answer.json()["code"]) == (403, "auth.forbidden")
        assert answer.json()["data"] == {"permission": route[4]}
        assert _everything(connection) == before
    with api.as_key(admin.actor, [name for name in rest if not permissions.PERMISSIONS[name].people_only]) as system:
        before = _everything(connection)
        assert _call(system, route).json()["data"] == {"permission": route[4]}
        assert _everything(connection) == before


@pytest.mark.parametrize("route", [route for route in ROUTES if route[4]], ids=_name)
def test_the_permission_alone_lets_in(
    api: Api, admin: Person, person: MakePerson, things: None, route: tuple[str, str, dict[str, str], object, str | None]
) -> None:
    names = [str(route[4]), "orders.read", "points.adjust"]
    with api.db.transaction(admin.actor) as ctx:
        service.put_role(ctx, "one", name_en="One", name_zh="一", names=names)
    with api.as_person(person("one", Grant("one"))) as browser:
        assert _call(browser, route).status_code in (200, 201, 204)


@pytest.mark.parametrize("path", ["/v1/approvals/{}", "/v1/approvals/{}/withdraw"])
def test_another_persons_request_is_not_theirs_to_see_or_withdraw(
    api: Api, person: MakePerson, things: None, connection: Plain, path: str
) -> None:
    with api.as_person(person("clerk", Grant("clerk"))) as browser:
        before = _everything(connection)
        answer = browser.request("POST" if path.endswith("withdraw") else "GET", path.format(REQUEST))
        assert answer.status_code == 403
        assert _everything(connection) == before
