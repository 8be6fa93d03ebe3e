"""The routes: what each takes and gives, as the OpenAPI document promises."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import psycopg

from regulars.domains.operators import service, tasks
from regulars.domains.operators.model import Grant, permissions
from regulars.platform.clock import MovableClock
from regulars.platform.db import Database
from tests.domains.operators.conftest import NEW, Api, MakePerson, Person

Plain = psycopg.Connection[tuple[object, ...]]
HELD = sorted(permissions.BUILT_IN["clerk"].permissions)


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    document: dict[str, Any] = answer.json()
    assert (answer.status_code, document["code"]) == (status, code), document
    assert answer.headers["content-type"] == "application/problem+json"
    return document


# Sessions


def test_a_person_signs_in_replaces_the_password_works_and_signs_out(api: Api, person: MakePerson, clock: MovableClock) -> None:
    li = person("li.na", Grant("clerk"))
    browser = api.client
    answer = browser.post("/v1/session", json={"login": "Li.Na", "password": li.password})
    first = api.conforming(answer, "/v1/session")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert (first["kind"], first["id"], first["permissions"]) == ("operator", li.actor.id, [])
    assert first["operator"] == {
        "id": li.actor.id,
        "login": "li.na",
        "name": "Li.Na",
        "state": "active",
        "must_change_password": True,
        "grants": [{"role": "clerk", "stores": []}],
        "created_at": "2026-03-01T12:00:00Z",
    }
    cookie = answer.headers["set-cookie"]
    assert re.fullmatch(r"regulars_session=[0-9a-f]{48}; HttpOnly; Max-Age=28800; Path=/; SameSite=lax", cookie)
    body = {"current_password": li.password, "new_password": NEW}
    changed = browser.post("/v1/session/password", json=body, headers={"x-csrf-token": first["csrf_token"]})
    second = api.conforming(changed, "/v1/session/password")
    assert (second["permissions"], second["operator"]["must_change_password"]) == (HELD, False)
    assert second["csrf_token"] != first["csrf_token"]
    # At once, although answers about sessions are believed for five seconds: it is another session.
    assert api.conforming(browser.get("/v1/session"), "/v1/session") == second
    gone = browser.delete("/v1/session", headers={"x-csrf-token": second["csrf_token"]})
    assert (gone.status_code, gone.content) == (204, b"")
    assert 'regulars_session=""; ' in gone.headers["set-cookie"]
    refused(browser.get("/v1/session"), 401, "operators.unknown_caller")


def test_a_session_over_https_has_a_secure_cookie(api: Api, person: MakePerson) -> None:
    li = person("li.na")
    body = {"login": "li.na", "password": li.password}
    answer = api.client.post("/v1/session", json=body, headers={"x-forwarded-proto": "https"})
    assert answer.headers["set-cookie"].endswith("; Path=/; SameSite=lax; Secure")


def test_a_session_ends_when_it_is_signed_out_everywhere_within_five_seconds(api: Api, admin: Person, clock: MovableClock) -> None:
    with api.as_person(admin) as browser:
        assert browser.get("/v1/session").status_code == 200
        browser.delete("/v1/session")
        clock.move(timedelta(seconds=5))
        refused(browser.get("/v1/session"), 401, "operators.unknown_caller")


def test_wrong_passwords_are_refused_and_then_locked_out(api: Api, admin: Person) -> None:
    body = {"login": "admin", "password": "wrong"}
    for _ in range(10):
        answer = api.client.post("/v1/session", json=body, headers={"accept-language": "zh-CN"})
        assert refused(answer, 401, "operators.wrong_password")["detail"] == "登录名或密码错误。"
        assert "set-cookie" not in answer.headers
    assert refused(api.client.post("/v1/session", json=body), 422, "operators.locked_out")["data"] == {
        "retry_at": "2026-03-01T12:15:00+00:00"
    }


def test_a_change_by_cookie_needs_the_csrf_value(api: Api, admin: Person, connection: Plain) -> None:
    with api.as_person(admin) as browser:
        before = connection.execute("SELECT count(*) FROM operators").fetchall()
        body = {"login": "li.na", "name": "Li Na", "grants": []}
        for header in ({"x-csrf-token": ""}, {"x-csrf-token": "0" * 64}):
            refused(browser.post("/v1/operators", json=body, headers=header), 403, "operators.csrf")
        assert connection.execute("SELECT count(*) FROM operators").fetchall() == before
        assert browser.post("/v1/operators", json=body).status_code == 201


def test_a_key_says_who_it_is_and_has_no_session(api: Api, admin: Person) -> None:
    with api.as_key(admin.actor, ["orders.read", "orders.write"]) as system:
        me = api.conforming(system.get("/v1/session"), "/v1/session")
        assert (me["kind"], me["operator"], me["csrf_token"]) == ("api_key", None, None)
        assert me["permissions"] == ["orders.read", "orders.write"]
        refused(system.delete("/v1/session"), 403, "operators.only_people")
        passwords = {"current_password": "x", "new_password": NEW}
        refused(system.post("/v1/session/password", json=passwords), 403, "operators.only_people")


def test_a_password_is_never_repeated_in_a_refusal(api: Api, admin: Person) -> None:
    answer = api.client.post("/v1/session", json={"login": "admin", "password": ["se", "cret"]})
    document = refused(answer, 422, "input.invalid")
    assert [fault["field"] for fault in document["faults"]] == ["password"]
    assert "cret" not in answer.text


# Operators and roles


def test_operators_are_added_listed_changed_and_reset(api: Api, admin: Person) -> None:
    with api.as_person(admin) as browser:
        body = {"login": "Li.Na", "name": "李娜", "grants": [{"role": "clerk", "stores": ["S2", "S1"]}]}
        added = browser.post("/v1/operators", json=body)
        made = api.conforming(added, "/v1/operators")
        assert (added.status_code, added.headers["cache-control"]) == (201, "no-store")
        li, path = made["operator"], f"/v1/operators/{made['operator']['id']}"
        assert li["grants"] == [{"role": "clerk", "stores": ["S1", "S2"]}]
        refused(browser.post("/v1/operators", json=body), 409, "operators.login_taken")
        assert api.conforming(browser.get(path), "/v1/operators/{operator}") == li
        renamed = browser.patch(path, json={"name": "李娜娜"})
        assert api.conforming(renamed, "/v1/operators/{operator}") == {**li, "name": "李娜娜"}
        granted = browser.put(f"{path}/grants", json={"grants": [{"role": "analyst"}]})
        assert api.conforming(granted, "/v1/operators/{operator}/grants")["grants"] == [{"role": "analyst", "stores": []}]
        disabled = browser.post(f"{path}/disable", json={"reason": "On leave", "revoke_keys": False})
        assert api.conforming(disabled, "/v1/operators/{operator}/disable")["state"] == "disabled"
        refused(api.client.post("/v1/session", json={"login": "li.na", "password": made["password"]}), 401, "operators.wrong_password")
        assert api.conforming(browser.post(f"{path}/enable"), "/v1/operators/{operator}/enable")["state"] == "active"
        reset = api.conforming(browser.post(f"{path}/reset-password"), "/v1/operators/{operator}/reset-password")
        assert reset["password"] != made["password"]
        assert api.client.post("/v1/session", json={"login": "li.na", "password": reset["password"]}).status_code == 200


def test_operators_come_in_pages(api: Api, admin: Person, person: MakePerson) -> None:
    for login in ("cy", "al", "bo"):
        person(login)
    with api.as_person(admin) as browser:
        first = api.conforming(browser.get("/v1/operators", params={"limit": 3}), "/v1/operators")
        assert [one["login"] for one in first["items"]] == ["admin", "al", "bo"]
        last = api.conforming(browser.get("/v1/operators", params={"limit": 3, "cursor": first["next"]}), "/v1/operators")
        assert ([one["login"] for one in last["items"]], last["next"]) == (["cy"], None)


def test_roles_are_made_listed_and_removed(api: Api, admin: Person) -> None:
    with api.as_person(admin) as browser:
        body = {"name_en": "Cashiers", "name_zh": "收银员", "permissions": ["quotes.write", "orders.write"]}
        made = api.conforming(browser.put("/v1/roles/cashiers", json=body), "/v1/roles/{role}")
        assert made == {
            "role": "cashiers",
            "name_en": "Cashiers",
            "name_zh": "收银员",
            "permissions": ["orders.write", "quotes.write"],
            "built_in": False,
        }
        listed = api.conforming(browser.get("/v1/roles"), "/v1/roles")["items"]
        assert [one["role"] for one in listed] == [*permissions.BUILT_IN, "cashiers"]
        assert listed[0] == {"role": "admin", "name_en": "Administrator", "name_zh": "管理员", "permissions": ["*"], "built_in": True}
        assert browser.delete("/v1/roles/cashiers").status_code == 204
        refused(browser.delete("/v1/roles/cashiers"), 404, "not_found")
        refused(browser.put("/v1/roles/clerk", json=body), 409, "operators.role_built_in")


def test_every_permission_is_listed_with_both_labels(api: Api, admin: Person) -> None:
    with api.as_person(admin) as browser:
        listed = api.conforming(browser.get("/v1/permissions"), "/v1/permissions")["items"]
    assert [one["permission"] for one in listed] == list(permissions.PERMISSIONS)
    assert listed[0] == {
        "permission": "members.read",
        "name_en": "See members, personal fields masked",
        "name_zh": "查看会员（个人信息脱敏）",
        "reach": "shared",
        "people_only": False,
    }


# Keys


def test_a_key_is_made_used_listed_and_revoked(api: Api, admin: Person, clock: MovableClock) -> None:
    with api.as_person(admin) as browser:
        body = {"name": "Web shop", "scopes": ["orders.write", "audit.read"], "stores": [], "expires_at": "2026-03-02T12:00:00Z"}
        answer = browser.post("/v1/api-keys", json=body)
        made = api.conforming(answer, "/v1/api-keys")
        assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
        bearer = {"authorization": f"Bearer {made['text']}"}
        assert api.client.get("/v1/audit", headers=bearer).status_code == 200
        path = f"/v1/api-keys/{made['key']['id']}"
        read = api.conforming(browser.get(path), "/v1/api-keys/{key}")
        assert read == {**made["key"], "last_used_at": "2026-03-01T12:00:00Z"}
        assert (read["state"], read["created_by"], read["expires_at"]) == ("active", admin.actor.id, "2026-03-02T12:00:00Z")
        assert api.conforming(browser.get("/v1/api-keys"), "/v1/api-keys") == {"items": [read], "next": None}
        gone = api.conforming(browser.delete(path), "/v1/api-keys/{key}")
        assert (gone["state"], gone["revoked_at"]) == ("revoked", "2026-03-01T12:00:00Z")
        clock.move(timedelta(seconds=5))
        refused(api.client.get("/v1/audit", headers=bearer), 401, "operators.unknown_caller")


def test_keys_come_in_pages_newest_first(api: Api, admin: Person) -> None:
    with api.as_person(admin) as browser:
        for name in ("one", "two", "three"):
            assert browser.post("/v1/api-keys", json={"name": name, "scopes": ["orders.read"]}).status_code == 201
        first = api.conforming(browser.get("/v1/api-keys", params={"limit": 2}), "/v1/api-keys")
        assert [one["name"] for one in first["items"]] == ["three", "two"]
        last = browser.get("/v1/api-keys", params={"limit": 2, "cursor": first["next"]}).json()
        assert ([one["name"] for one in last["items"]], last["next"]) == (["one"], None)
        forged = browser.get("/v1/api-keys", params={"cursor": first["next"][:-2] + "xx"})
        assert [fault["field"] for fault in refused(forged, 422, "input.invalid")["faults"]] == ["cursor"]


# Approvals


def _ask(db: Database, who: Person) -> str:
    with db.transaction(who.actor) as ctx:
        asked = service.ask(ctx, kind="points.adjust", payload={"member": "mbr_1", "points": 500}, reason="Goodwill")
    return service.approvals.wire(asked.approval_id)


def test_a_request_is_seen_approved_and_carried_out(api: Api, person: MakePerson) -> None:
    asker, decider = person("asker", Grant("service")), person("decider", Grant("operations"))
    path = f"/v1/approvals/{_ask(api.db, asker)}"
    with api.as_person(asker) as browser:
        waiting = api.conforming(browser.get(path), "/v1/approvals/{approval}")
        refused(browser.post(f"{path}/approve", json={}), 403, "auth.forbidden")
    assert (waiting["state"], waiting["asked_by"], waiting["payload"]) == ("pending", asker.actor.id, {"member": "mbr_1", "points": 500})
    with api.as_person(decider) as browser:
        assert api.conforming(browser.get("/v1/approvals", params={"state": "pending"}), "/v1/approvals")["items"] == [waiting]
        done = api.conforming(browser.post(f"{path}/approve", json={"reason": "Fine"}), "/v1/approvals/{approval}/approve")
        assert (done["state"], done["decided_by"], done["result"]) == ("executed", decider.actor.id, {"adjusted": 500})
        assert browser.post(f"{path}/approve", json={}).json() == done
        refused(browser.post(f"{path}/refuse", json={"reason": "No"}), 409, "approvals.settled")
        assert browser.get("/v1/approvals", params={"state": "pending"}).json() == {"items": [], "next": None}


def test_a_request_is_refused_or_withdrawn(api: Api, person: MakePerson) -> None:
    asker, decider = person("asker", Grant("service")), person("decider", Grant("operations"))
    one, two = _ask(api.db, asker), _ask(api.db, asker)
    with api.as_person(decider) as browser:
        answer = browser.post(f"/v1/approvals/{one}/refuse", json={"reason": "Too much"})
        no = api.conforming(answer, "/v1/approvals/{approval}/refuse")
        assert (no["state"], no["decision_reason"], no["result"]) == ("refused", "Too much", None)
        refused(browser.post(f"/v1/approvals/{two}/withdraw"), 403, "approvals.not_asker")
    with api.as_person(asker) as browser:
        back = api.conforming(browser.post(f"/v1/approvals/{two}/withdraw"), "/v1/approvals/{approval}/withdraw")
        assert (back["state"], back["decided_by"]) == ("withdrawn", asker.actor.id)


def test_nobody_approves_their_own_request_through_the_api(api: Api, admin: Person, connection: Plain) -> None:
    path = f"/v1/approvals/{_ask(api.db, admin)}"
    with api.as_person(admin) as browser:
        refused(browser.post(f"{path}/approve", json={}), 403, "approvals.own_request")
    assert connection.execute("SELECT state FROM approvals").fetchall() == [("pending",)]
    assert connection.execute("SELECT count(*) FROM audit WHERE action = 'points.adjusted'").fetchall() == [(0,)]


# Audit


def test_the_log_is_read_filtered_in_pages_and_its_chain_verified(api: Api, admin: Person, clock: MovableClock, connection: Plain) -> None:
    with api.as_person(admin) as browser:
        for name in ("one", "two"):
            browser.post("/v1/api-keys", json={"name": name, "scopes": ["orders.read"]})
        first = api.conforming(browser.get("/v1/audit", params={"action": "key.created", "limit": 1}), "/v1/audit")
        query = {"action": "key.created", "by": admin.actor.id, "limit": 1, "cursor": first["next"]}
        last = api.conforming(browser.get("/v1/audit", params=query), "/v1/audit")
        row = last["items"][0]
        assert (row["actor"], row["actor_kind"], row["action"], row["no"]) == (admin.actor.id, "operator", "key.created", None)
        assert row["after"] == {"scopes": ["orders.read"], "stores": [], "expires_at": None}
        assert browser.get("/v1/audit", params={"entity": row["entity"]}).json()["items"] == [row]
        clock.move(timedelta(days=1))
        rows = tasks.seal_days(api.db) and connection.execute("SELECT count(*) FROM audit").fetchall()[0][0]
    with api.as_person_again(admin) as browser:
        whole = api.conforming(browser.get("/v1/audit/chain"), "/v1/audit/chain")
        assert (whole["intact"], whole["rows"], whole["days"], whole["broken"]) == (True, rows, 1, None)
        assert re.fullmatch("[0-9a-f]{64}", whole["head"])
        connection.execute("UPDATE audit SET reason = 'x' WHERE no = 2")
        broken = api.conforming(browser.get("/v1/audit/chain"), "/v1/audit/chain")
        ((changed,),) = connection.execute("SELECT audit_id FROM audit WHERE no = 2").fetchall()
        row_id = service.auditing.wire(UUID(str(changed)))
        assert (broken["intact"], broken["broken"]) == (False, {"kind": "row_changed", "no": 2, "row": row_id, "day": None})


WRONG: list[tuple[str, str, object]] = [
    ("POST", "/v1/session", {"login": "x", "password": "y"}),
    ("POST", "/v1/operators", {"login": "li.na", "name": "Li Na", "grants": [{"role": "boss"}]}),
    ("POST", "/v1/operators", {"login": "li.na", "name": "Li Na", "grants": "clerk"}),
    ("POST", "/v1/operators", {"login": "li.na", "name": "Li\u0000Na", "grants": []}),
    ("POST", "/v1/operators", {"login": "li.na", "name": "Li Na", "grants": [], "admin": True}),
    ("GET", "/v1/operators/mbr_01jf3q7t5v8x9y0z1a2b3c4d5e", None),
    ("PUT", "/v1/roles/Bad-Key", {"name_en": "X", "name_zh": "X", "permissions": ["orders.read"]}),
    ("PUT", "/v1/roles/good", {"name_en": "X", "name_zh": "X", "permissions": ["orders.reed"]}),
    ("POST", "/v1/api-keys", {"name": "X", "scopes": ["approvals.decide"]}),
    ("POST", "/v1/api-keys", {"name": "X", "scopes": ["orders.read"], "expires_at": "2026-03-01T11:00:00Z"}),
    ("POST", "/v1/api-keys", {"name": "X", "scopes": ["orders.read"], "expires_at": "tomorrow"}),
    ("GET", "/v1/approvals?state=lost", None),
    ("GET", "/v1/audit?limit=0", None),
]


def test_what_cannot_be_is_refused_with_its_place(api: Api, admin: Person, connection: Plain) -> None:
    with api.as_person(admin) as browser:
        before = connection.execute("SELECT count(*) FROM operators").fetchall()
        for method, path, body in WRONG:
            answer = browser.request(method, path, json=body) if body else browser.request(method, path)
            assert (path, len(refused(answer, 422, "input.invalid")["faults"])) == (path, 1)
        assert connection.execute("SELECT count(*) FROM operators").fetchall() == before
