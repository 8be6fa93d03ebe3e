"""The routes of members: what they take and give, who may call them, and that a refusal changes nothing."""

from pathlib import Path

import psycopg
import pytest

from regulars.domains.members import service
from regulars.domains.members.api import router
from regulars.domains.members.model import Enrolment
from regulars.kernel import ids
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.members import calling
from tests.domains.members.calling import Caller

Plain = psycopg.Connection[tuple[object, ...]]
WANG = {
    "external_id": "w1",
    "joined_at": "2026-01-05T09:00:00Z",
    "source": "till",
    "phone": "138 1234 5678",
    "email": "Wang.Fang@Example.COM",
    "name": "王小芳",
    "birthday": "1990-05-17",
    "locale": "zh_CN",
    "store": "SH-001",
}
SHOWN = {
    "external_id": "w1",
    "joined_at": "2026-01-05T09:00:00Z",
    "source": "till",
    "status": "active",
    "locale": "zh-CN",
    "store": "SH-001",
    "version": 1,
    "phone": "138****5678",
    "email": "W****@example.com",
    "name": "王**",
    "birthday": "****-**-**",
    "revealed": False,
}


@pytest.fixture
def api(db: Database, keyring: Keyring, tmp_path: Path) -> Caller:
    return calling.caller(db, keyring, tmp_path, routers=[router])


@pytest.fixture
def wang(api: Caller) -> str:
    made: str = api.post("/v1/members", json=WANG).json()["id"]
    return made


def test_registering_answers_201_and_the_same_again_200(api: Caller) -> None:
    first, again = api.post("/v1/members", json=WANG), api.post("/v1/members", json=WANG)
    assert (first.status_code, again.status_code) == (201, 200)
    body = api.conforming(first)
    assert body == api.conforming(again)
    assert {key: value for key, value in body.items() if key != "id"} == SHOWN
    assert body["id"].startswith("mbr_")


def test_another_body_under_the_same_id_is_a_conflict_in_the_callers_language(api: Caller, wang: str) -> None:
    answer = api.post("/v1/members", json=WANG | {"name": "Ann"}, headers={"accept-language": "zh-CN"})
    assert answer.status_code == 409
    assert answer.json()["code"] == "members.conflict"
    assert answer.json()["detail"] == f"w1 已是会员 {wang}，且登记内容不同。未做任何修改，请改为更新该会员。"


def test_an_attempt_is_answered_again(api: Caller) -> None:
    body, key = {"phone": "13812345678"}, {"idempotency-key": "till-1"}
    first, again = api.post("/v1/members", json=body, headers=key), api.post("/v1/members", json=body, headers=key)
    assert (first.status_code, again.status_code, first.json()) == (201, 200, again.json())
    other = api.post("/v1/members", json={"phone": "13912345678"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency.conflict")


BAD: list[tuple[dict[str, object], list[str]]] = [
    ({"external_id": "null"}, ["external_id"]),
    ({"phone": "12", "email": "x"}, ["phone", "email"]),
    ({"surname": "x"}, ["surname"]),
    ({"external_id": 7}, ["external_id"]),
    ({"joined_at": "yesterday"}, ["joined_at"]),
    ({"joined_at": "2027-01-01T00:00:00Z"}, ["joined_at"]),
    ({"region": "cn"}, ["region"]),
]


def test_bad_input_is_named_and_nothing_is_done(api: Caller, connection: Plain) -> None:
    for change, fields in BAD:
        answer = api.post("/v1/members", json=WANG | change)
        assert (answer.status_code, [fault["field"] for fault in answer.json()["faults"]]) == (422, fields)
    assert connection.execute("SELECT count(*) FROM members").fetchall() == [(0,)]


def test_a_member_is_read_by_either_id(api: Caller, wang: str) -> None:
    by_id, by_external = api.get(f"/v1/members/{wang}"), api.get("/v1/members/external:w1")
    assert api.conforming(by_id) == api.conforming(by_external) == {"id": wang, **SHOWN}
    assert api.get("/v1/members/external:w9").status_code == 404
    assert api.get("/v1/members/w1").status_code == 422


def test_members_are_listed_page_by_page_newest_first(api: Caller) -> None:
    for i in range(5):
        api.post("/v1/members", json={"external_id": f"m{i}", "joined_at": f"2026-01-0{i + 1}T00:00:00Z"})
    first = api.conforming(api.get("/v1/members?limit=3"))
    rest = api.conforming(api.get("/v1/members", params={"limit": 3, "cursor": first["next"]}))
    assert [one["external_id"] for one in first["items"] + rest["items"]] == ["m4", "m3", "m2", "m1", "m0"]
    assert rest["next"] is None
    window = {"joined_from": "2026-01-02T00:00:00Z", "joined_before": "2026-01-04T00:00:00Z"}
    assert [one["external_id"] for one in api.get("/v1/members", params=window).json()["items"]] == ["m2", "m1"]
    assert [one["external_id"] for one in api.get("/v1/members?external_id=m3").json()["items"]] == ["m3"]
    assert api.get("/v1/members?status=closed").json() == {"items": [], "next": None}
    assert api.get("/v1/members?joined_from=2026-01-02T00:00:00").status_code == 422


def test_members_are_found_by_their_details(api: Caller, wang: str) -> None:
    asked: list[tuple[dict[str, str], int]] = [
        ({"phone": "+8613812345678"}, 1),
        ({"email": "wang.fang@example.com", "last_four": "5678"}, 1),
        ({"name": "小芳", "birthday": "05-17", "status": "active"}, 1),
        ({"name": "Ann"}, 0),
        ({}, 1),
    ]
    for wanted, found in asked:
        answer = api.conforming(api.post("/v1/members/search", json=wanted))
        assert answer == {"items": [{"id": wang, **SHOWN}] * found, "next": None}


def test_a_change_touches_what_it_names(api: Caller, wang: str) -> None:
    answer = api.conforming(api.patch(f"/v1/members/{wang}", json={"version": 1, "name": "Ann Lee", "phone": None}))
    assert answer == {"id": wang, **SHOWN, "version": 2, "name": "A**** L****", "phone": None}
    stale = api.patch(f"/v1/members/{wang}", json={"version": 1, "name": "Bob"})
    assert (stale.status_code, stale.json()["code"]) == (409, "members.stale")


def test_details_are_revealed_to_who_says_why(api: Caller, wang: str, connection: Plain) -> None:
    answer = api.conforming(api.post(f"/v1/members/{wang}/reveal", json={"reason": "Parcel 7731 came back"}))
    full = {"phone": "+8613812345678", "email": "Wang.Fang@example.com", "name": "王小芳", "birthday": "1990-05-17", "revealed": True}
    assert answer == {"id": wang, **SHOWN, **full}
    assert connection.execute("SELECT actor_id, action, entity FROM audit").fetchall() == [("key_test", "member.revealed", wang)]
    assert api.post(f"/v1/members/{wang}/reveal", json={}).status_code == 422


def test_an_account_is_closed(api: Caller, wang: str) -> None:
    answer = api.conforming(api.post(f"/v1/members/{wang}/close", json={"version": 1}))
    assert (answer["status"], answer["version"]) == ("closed", 2)
    again = api.post(f"/v1/members/{wang}/close", json={"version": 2})
    assert (again.status_code, again.json()["code"]) == (409, "members.closed")


def test_duplicates_are_seen_from_both_sides(api: Caller, wang: str, db: Database, keyring: Keyring) -> None:
    with db.transaction() as ctx:
        (other,) = service.enrol(ctx, [Enrolment(external_id="o", joined_at=None, phone="13812345678")], keyring=keyring)
    wire = ids.encode("mbr", other.member_id)
    for asked, seen in ((wang, wire), ("external:o", wang)):
        answer = api.conforming(api.get(f"/v1/members/{asked}/duplicates"))
        assert answer == {"items": [{"member": seen, "field": "phone", "found_at": "2026-03-01T12:00:00Z"}]}


def test_consents_are_recorded_and_read(api: Caller, wang: str) -> None:
    said = {"purpose": "marketing", "channel": "sms", "granted": True, "source": "till", "policy_version": "2026-01"}
    first = api.conforming(api.post(f"/v1/members/{wang}/consents", json={**said, "at": "2026-02-01T00:00:00Z"}))
    second = api.conforming(api.post(f"/v1/members/{wang}/consents", json={**said, "granted": False}))
    times = {"at": "2026-02-01T00:00:00Z", "recorded_at": "2026-03-01T12:00:00Z"}
    assert first == {"receipt": first["receipt"], **said, **times}
    assert api.conforming(api.get("/v1/members/external:w1/consents")) == {"current": [second], "history": [first, second]}


def test_notes_are_written_and_read_page_by_page(api: Caller, wang: str) -> None:
    written = [api.conforming(api.post(f"/v1/members/{wang}/notes", json={"text": f"note {i}"})) for i in range(3)]
    first = api.conforming(api.get(f"/v1/members/{wang}/notes?limit=2"))
    rest = api.conforming(api.get(f"/v1/members/{wang}/notes", params={"limit": 2, "cursor": first["next"]}))
    assert first["items"] + rest["items"] == written[::-1]
    assert written[0] == {"id": written[0]["id"], "text": "note 0", "author": "key_test", "at": "2026-03-01T12:00:00Z"}


CALLS = [
    ("POST", "/v1/members", WANG | {"external_id": "w2", "phone": None, "email": None}, "members.write"),
    ("GET", "/v1/members", None, "members.read"),
    ("POST", "/v1/members/search", {}, "members.read"),
    ("GET", "/v1/members/external:w1", None, "members.read"),
    ("PATCH", "/v1/members/external:w1", {"version": 1, "name": "Ann"}, "members.write"),
    ("POST", "/v1/members/external:w1/reveal", {"reason": "x"}, "members.reveal"),
    ("GET", "/v1/members/external:w1/duplicates", None, "members.read"),
    ("GET", "/v1/members/external:w1/consents", None, "members.read"),
    (
        "POST",
        "/v1/members/external:w1/consents",
        {"purpose": "p", "channel": "c", "granted": True, "source": "s", "policy_version": "1"},
        "members.write",
    ),
    ("GET", "/v1/members/external:w1/notes", None, "members.read"),
    ("POST", "/v1/members/external:w1/notes", {"text": "x"}, "members.write"),
    ("POST", "/v1/members/external:w1/close", {"version": 3}, "members.write"),
]
TABLES = ("members", "member_fields", "member_blinds", "member_notes", "consents", "claims", "outbox", "audit")


def test_every_route_asks_for_its_permission_and_a_refusal_changes_nothing(api: Caller, wang: str, connection: Plain) -> None:
    def rows() -> list[object]:
        return [connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall() for table in TABLES]

    for method, path, body, permission in CALLS:
        before = rows()
        others = " ".join({"members.read", "members.write", "members.reveal", "orders.write"} - {permission})
        refused = api.request(method, path, json=body, headers={"x-permissions": others})
        assert (method, path, refused.status_code, refused.json()["data"]) == (method, path, 403, {"permission": permission})
        assert rows() == before
        allowed = api.request(method, path, json=body, headers={"x-permissions": permission})
        assert (method, path, allowed.status_code) in ((method, path, 200), (method, path, 201))


def test_every_route_is_in_the_list_above(api: Caller) -> None:
    assert api.documented() == {(method, path.replace("external:w1", "{member}")) for method, path, _, _ in CALLS}
