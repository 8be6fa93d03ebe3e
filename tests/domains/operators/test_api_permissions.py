"""The permission matrix: every route of the slice, what it takes, and that nothing has changed when it was denied."""

import httpx
import psycopg
from fastapi.routing import APIRoute

from regulars.domains.operators import service
from regulars.domains.operators.api import router
from regulars.domains.operators.model import Grant, permissions
from tests.domains.operators.conftest import Api, MakePerson, Person

Plain = psycopg.Connection[tuple[object, ...]]
Route = tuple[str, str, object, str | None]

# Method, path, the body, the permission; "" is anyone who is signed in, None nobody asked.
ROUTES: list[Route] = [
    ("POST", "/v1/session", {"login": "x1", "password": "y"}, None),
    ("GET", "/v1/session", None, ""),
    ("DELETE", "/v1/session", None, ""),
    ("POST", "/v1/session/password", {"current_password": "x", "new_password": "y"}, ""),
    ("GET", "/v1/operators", None, "operators.manage"),
    ("POST", "/v1/operators", {"login": "new", "name": "New", "grants": []}, "operators.manage"),
    ("GET", "/v1/operators/{operator}", None, "operators.manage"),
    ("PATCH", "/v1/operators/{operator}", {"name": "New"}, "operators.manage"),
    ("PUT", "/v1/operators/{operator}/grants", {"grants": []}, "operators.manage"),
    ("POST", "/v1/operators/{operator}/disable", {"reason": "x", "revoke_keys": True}, "operators.manage"),
    ("POST", "/v1/operators/{operator}/enable", None, "operators.manage"),
    ("POST", "/v1/operators/{operator}/reset-password", None, "operators.manage"),
    ("GET", "/v1/permissions", None, ""),
    ("GET", "/v1/roles", None, "operators.manage"),
    (
        "PUT",
        "/v1/roles/{role}",
        {"name_en": "M", "name_zh": "M", "permissions": ["orders.read"]},
        "operators.manage",
    ),
    ("DELETE", "/v1/roles/{role}", None, "operators.manage"),
    ("GET", "/v1/api-keys", None, "keys.manage"),
    ("POST", "/v1/api-keys", {"name": "X", "scopes": ["orders.read"]}, "keys.manage"),
    ("GET", "/v1/api-keys/{key}", None, "keys.manage"),
    ("DELETE", "/v1/api-keys/{key}", None, "keys.manage"),
    ("GET", "/v1/approvals", None, "approvals.read"),
    ("GET", "/v1/approvals/{approval}", None, ""),
    ("POST", "/v1/approvals/{approval}/approve", {"reason": "x"}, "approvals.decide"),
    ("POST", "/v1/approvals/{approval}/refuse", {"reason": "x"}, "approvals.decide"),
    ("POST", "/v1/approvals/{approval}/withdraw", None, ""),
    ("GET", "/v1/audit", None, "audit.read"),
    ("GET", "/v1/audit/chain", None, "audit.read"),
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


def _call(client: httpx.Client, route: Route, values: dict[str, str]) -> httpx.Response:
    method, path, body, _ = route
    if body is None:
        return client.request(method, path.format(**values))
    return client.request(method, path.format(**values), json=body)


def _things(api: Api, admin: Person, name: str) -> dict[str, str]:
    """Something each route could change: an operator, a role, a key and a request."""
    with api.db.transaction(admin.actor) as ctx:
        operator = service.add_operator(ctx, login=f"of-{name}", name="Somebody", grants=[]).operator.operator_id
        key = service.create_key(ctx, name="Key", scopes=["orders.read"]).key.key_id
        asked = service.ask(ctx, kind="points.adjust", payload={"member": "mbr_1", "points": 1}, reason="x").approval_id
        service.put_role(ctx, f"role_{name}", name_en="Spare", name_zh="备用", names=["orders.read"])
    return {
        "operator": service.people.wire(operator),
        "key": service.keys.wire(key),
        "approval": service.approvals.wire(asked),
        "role": f"role_{name}",
    }


def test_the_matrix_names_every_route() -> None:
    served = {(method, route.path) for route in router.routes if isinstance(route, APIRoute) for method in route.methods or ()}
    assert {route[:2] for route in ROUTES} == served


def test_nobody_is_refused_and_nothing_has_changed(api: Api, admin: Person, connection: Plain) -> None:
    values = _things(api, admin, "one")
    before = _everything(connection)
    for headers in ({}, {"authorization": "Bearer rk_nonsense"}, {"cookie": "regulars_session=nonsense"}):
        with httpx.Client(base_url=api.client.base_url, headers=headers, trust_env=False) as client:
            for route in ROUTES:
                if route[3] is not None:
                    answer = _call(client, route, values)
                    assert (route, answer.status_code, answer.json()["code"]) == (route, 401, "operators.unknown_caller")
                    assert answer.headers["www-authenticate"] == "Bearer"
    assert _everything(connection) == before


def test_every_other_permission_together_is_not_enough(api: Api, admin: Person, person: MakePerson, connection: Plain) -> None:
    values = _things(api, admin, "one")
    for wanted in sorted({route[3] for route in ROUTES if route[3]}):
        rest = [name for name in permissions.PERMISSIONS if name != wanted]
        role = "all_but_" + wanted.replace(".", "_")
        with api.db.transaction(admin.actor) as ctx:
            service.put_role(ctx, role, name_en="Rest", name_zh="其余", names=rest)
        scopes = [name for name in rest if not permissions.PERMISSIONS[name].people_only]
        with api.as_person(person(role, Grant(role))) as browser, api.as_key(admin.actor, scopes) as system:
            before = _everything(connection)
            for route in ROUTES:
                if route[3] == wanted:
                    for client in (browser, system):
                        answer = _call(client, route, values)
                        assert (route, answer.status_code, answer.json()["code"]) == (route, 403, "auth.forbidden")
                        assert answer.json()["data"] == {"permission": wanted}
            assert _everything(connection) == before


def test_the_permission_alone_lets_in(api: Api, admin: Person, person: MakePerson) -> None:
    for n, route in enumerate(ROUTES):
        if route[3]:
            values = _things(api, admin, str(n))
            # What the routes hand on here is orders.read, and the command asks for points.adjust.
            with api.db.transaction(admin.actor) as ctx:
                service.put_role(ctx, f"only_{n}", name_en="Only", name_zh="仅", names=[route[3], "orders.read", "points.adjust"])
            with api.as_person(person(f"only-{n}", Grant(f"only_{n}"))) as browser:
                answer = _call(browser, route, values)
                assert answer.status_code in (200, 201, 204), (route, answer.text)


def test_another_persons_request_is_not_theirs_to_see_or_withdraw(api: Api, admin: Person, person: MakePerson, connection: Plain) -> None:
    path = f"/v1/approvals/{_things(api, admin, 'one')['approval']}"
    with api.as_person(person("clerk", Grant("clerk"))) as browser:
        before = _everything(connection)
        assert browser.get(path).status_code == 403
        assert browser.post(f"{path}/withdraw").status_code == 403
        assert _everything(connection) == before
