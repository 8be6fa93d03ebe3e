"""Members sign in by a code, over HTTP: who gets in, who does not, and that nobody learns who is a member."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from regulars.app import http
from regulars.app import settings as app_settings
from regulars.domains.members import api as members_api
from regulars.domains.members import service as members
from regulars.domains.members import tasks
from regulars.kernel import ids
from regulars.platform import batching
from regulars.platform.clock import MovableClock
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.support import member_pages, served, serving
from tests.support.member_pages import APP, EMAIL, PHONE, asked, codes, entered, other, signed_in
from tests.support.served import refused

Plain = psycopg.Connection[tuple[Any, ...]]
STRANGER = "+447700900999"
MINUTE = timedelta(seconds=60)


@pytest.fixture
def api(db: Database, keyring: Keyring, tmp_path: Path) -> Iterator[httpx.Client]:
    with served.client(db, keyring, tmp_path, permissions=None) as client:
        yield client


@pytest.fixture
def member(db: Database, keyring: Keyring) -> str:
    return ids.encode("mbr", member_pages.enrolled(db, keyring, name="王小芳", email=EMAIL).member_id)


def test_a_member_signs_in_with_the_code_that_was_sent_and_out_again(api: httpx.Client, member: str) -> None:
    answer = asked(api, "+44 7700 900001")
    assert (answer.status_code, answer.json()) == (202, {"digits": 6, "valid_seconds": 600, "again_after_seconds": 60})
    message = api.get("/v1/dev/inbox").json()["items"][0]
    assert re.fullmatch("[0-9]{6}", message["code"])
    assert (message["contact"], message["purpose"], message["sent_at"]) == (PHONE, "sign_in", "2026-03-01T12:00:00Z")
    assert message["text"].startswith(f"{message['code']} is your code to sign in. It works for 10 minutes;")
    made = entered(api, message["code"], carry="cookie")
    assert (made.status_code, made.json()["member"], made.json()["token"]) == (201, member, None)
    cookie = made.headers["set-cookie"]
    assert re.fullmatch(
        r"regulars_member=rm_[0-9a-z]{52}_[0-9a-f]{48}; HttpOnly; Max-Age=34560000; Path=/m/; SameSite=lax", cookie, re.IGNORECASE
    )
    assert api.get("/m/v1/me/profile").json() == {
        "id": member,
        "name": "王小芳",
        "phone": PHONE,
        "email": EMAIL,
        "birthday": None,
        "language": "",
        "joined_at": "2026-03-01T12:00:00Z",
    }
    assert api.delete("/m/v1/session", headers=APP).status_code == 204
    refused(api.get("/m/v1/me/profile", headers={"cookie": cookie.partition(";")[0]}), 401, "members.unknown_caller")


def test_an_email_address_signs_in_however_its_capitals_are_written(api: httpx.Client, member: str) -> None:
    asked(api, "wang.FANG@example.com")
    assert entered(api, codes(api)[0], EMAIL).json()["member"] == member


def test_a_stranger_is_told_and_costs_exactly_what_a_member_does(api: httpx.Client, member: str, connection: Plain) -> None:
    seen = []
    for contact in (PHONE, STRANGER):
        answer, again = asked(api, contact), asked(api, contact)
        headers = {name: value for name, value in answer.headers.items() if name not in ("x-request-id", "date")}
        seen.append((answer.status_code, answer.content, headers, refused(again, 429, "members.too_many_codes")["detail"]))
    assert seen[0] == seen[1]
    assert connection.execute("SELECT count(*), min(length(code)), max(length(contact)) FROM member_codes").fetchall() == [(2, 66, 66)]
    assert len(codes(api)) == 1
    tries = [[entered(api, "000000" if codes(api)[0] != "000000" else "1" * 6, contact) for _ in range(6)] for contact in (PHONE, STRANGER)]
    assert [[one.json()["code"] for one in row] for row in tries] == [["members.wrong_code"] * 5 + ["members.code_worn"]] * 2


def test_the_database_holds_neither_code_nor_contact_nor_token(api: httpx.Client, member: str, connection: Plain) -> None:
    asked(api)
    code = codes(api)[0]
    token = entered(api, code).json()["token"]
    asked(api, EMAIL)
    tables = connection.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'").fetchall()
    text = "\n".join(str(connection.execute(f"SELECT t::text FROM {table} t").fetchall()) for (table,) in tables)
    for digits in (code, codes(api)[0]):
        # By itself and not as a part of some digest.
        assert not re.search(rf"(?<![0-9a-f]){digits}(?![0-9a-f])", text)
    for secret in (PHONE, "7700900001", EMAIL.lower(), token.rpartition("_")[2]):
        assert secret not in text


def test_a_new_code_makes_the_old_one_invalid(api: httpx.Client, member: str, clock: MovableClock) -> None:
    asked(api)
    first = codes(api)[0]
    clock.move(MINUTE)
    asked(api)
    second, again = codes(api)
    assert again == first
    if first != second:
        refused(entered(api, first), 401, "members.wrong_code")
    assert entered(api, second).status_code == 201


def test_a_code_is_valid_for_ten_minutes_and_once(api: httpx.Client, member: str, clock: MovableClock) -> None:
    asked(api)
    code = codes(api)[0]
    clock.move(timedelta(minutes=10) - timedelta(microseconds=1))
    assert entered(api, code).status_code == 201
    refused(entered(api, code), 401, "members.wrong_code")
    asked(api)
    code = codes(api)[0]
    clock.move(timedelta(minutes=10))
    refused(entered(api, code), 401, "members.wrong_code")
    assert codes(api) == []


def test_five_wrong_tries_wear_a_code_out_even_for_the_right_one(api: httpx.Client, member: str, clock: MovableClock) -> None:
    asked(api)
    code = codes(api)[0]
    for _ in range(5):
        assert refused(entered(api, other(code)), 401, "members.wrong_code")["detail"] == (
            "The code is wrong or no longer valid. Check it, or ask for a new one."
        )
    worn = refused(entered(api, code), 422, "members.code_worn")
    assert worn["detail"] == "5 codes were tried: this one is not valid any more. Ask for a new one."
    clock.move(MINUTE)
    asked(api)
    assert entered(api, codes(api)[0]).status_code == 201


def test_asking_too_often_is_a_429_that_says_when_to_come_back(api: httpx.Client, member: str, clock: MovableClock) -> None:
    asked(api)
    clock.move(timedelta(seconds=12))
    answer = asked(api)
    assert refused(answer, 429, "members.too_many_codes")["data"] == {"retry_after": 48}
    assert answer.headers["retry-after"] == "48"
    chinese = api.post("/m/v1/sign-in", json={"contact": PHONE}, headers=APP | {"accept-language": "zh-CN"})
    assert refused(chinese, 429, "members.too_many_codes")["detail"] == "获取验证码过于频繁，请在 48 秒后重试。"
    clock.move(timedelta(seconds=48))
    assert asked(api).status_code == 202


def test_a_contact_gets_ten_codes_a_day(api: httpx.Client, member: str, clock: MovableClock) -> None:
    for _ in range(10):
        assert asked(api).status_code == 202
        clock.move(timedelta(minutes=5))
    assert asked(api).headers["retry-after"] == str(24 * 3600 - 50 * 60)
    clock.move(timedelta(hours=24) - timedelta(minutes=50))
    assert asked(api).status_code == 202


def test_an_address_gets_thirty_codes_an_hour_whoever_they_are_for(api: httpx.Client) -> None:
    for number in range(30):
        assert asked(api, f"+4477009001{number:02d}").status_code == 202
    assert asked(api, STRANGER).headers["retry-after"] == "3600"


def test_all_together_get_a_thousand_codes_in_ten_minutes(api: httpx.Client, connection: Plain) -> None:
    asked(api)
    # Its place is a digest: the row with the shortest window but the pause's.
    connection.execute("UPDATE member_attempts SET tries = 1000 WHERE kind = 'codes.total'")
    assert asked(api, STRANGER).headers["retry-after"] == "600"


def test_an_address_may_try_a_hundred_codes_in_a_quarter_of_an_hour(
    api: httpx.Client, member: str, clock: MovableClock, connection: Plain
) -> None:
    asked(api)
    code = codes(api)[0]
    entered(api, other(code), STRANGER)
    connection.execute("UPDATE member_attempts SET tries = 100 WHERE kind = 'checks.address'")
    answer = entered(api, code)
    assert refused(answer, 429, "members.too_many_tries")["data"] == {"retry_after": 900}
    assert answer.headers["retry-after"] == "900"
    clock.move(timedelta(minutes=15))
    asked(api)
    assert entered(api, codes(api)[0]).status_code == 201


@pytest.mark.parametrize("contact", ["12", "nobody", "a@b", "@@@", "+44 7700 900001 ext 5"])
def test_what_can_be_no_contact_is_named(api: httpx.Client, contact: str) -> None:
    for answer in (asked(api, contact), entered(api, "123456", contact)):
        assert [fault["field"] for fault in refused(answer, 422, "input.invalid")["faults"]] in (["contact"], ["body.contact"])


@pytest.mark.parametrize("code", ["12345", "1234567", "12345a", "１２３４５６", ""])
def test_what_can_be_no_code_is_refused_before_it_is_tried(api: httpx.Client, member: str, code: str, connection: Plain) -> None:
    asked(api)
    refused(entered(api, code), 422, "input.invalid")
    assert connection.execute("SELECT tries FROM member_codes").fetchall() == [(0,)]


def test_a_closed_account_gets_no_code_and_cannot_use_one(api: httpx.Client, db: Database, member: str) -> None:
    asked(api)
    code = codes(api)[0]
    with db.transaction() as ctx:
        found = members.get_ref(ctx, member).member_id
        members.close(ctx, found, expected_version=members.get_member(ctx, found).version)
    refused(entered(api, code), 401, "members.wrong_code")
    asked(api, EMAIL)
    assert codes(api) == [code]


def test_a_session_lasts_thirty_days_from_its_last_use(api: httpx.Client, member: str, clock: MovableClock) -> None:
    me = signed_in(api)
    for _ in range(3):
        clock.move(timedelta(days=29))
        assert api.get("/m/v1/me/devices", headers=me).status_code == 200
    clock.move(timedelta(days=30))
    refused(api.get("/m/v1/me/devices", headers=me), 401, "members.unknown_caller")


def test_devices_are_listed_and_signed_out_from_afar(api: httpx.Client, db: Database, member: str, clock: MovableClock) -> None:
    phone = signed_in(api)
    clock.move(MINUTE)
    api.headers["user-agent"] = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Safari/604.1"
    tablet = signed_in(api)
    listed = api.get("/m/v1/me/devices", headers=tablet).json()["items"]
    assert [(one["name"], one["current"], one["signed_in_at"]) for one in listed] == [
        ("Safari · iPhone", True, "2026-03-01T12:01:00Z"),
        ("?", False, "2026-03-01T12:00:00Z"),
    ]
    assert listed[0]["expires_at"] == "2026-03-31T12:01:00Z"
    assert api.delete(f"/m/v1/me/devices/{listed[1]['id']}", headers=tablet).status_code == 204
    refused(api.get("/m/v1/me/devices", headers=phone), 401, "members.unknown_caller")
    refused(api.delete(f"/m/v1/me/devices/{listed[1]['id']}", headers=tablet), 404, "not_found")
    assert len(api.get("/m/v1/me/devices", headers=tablet).json()["items"]) == 1


def test_nobody_signs_out_another_members_device(api: httpx.Client, db: Database, keyring: Keyring, member: str) -> None:
    mine = signed_in(api)
    member_pages.enrolled(db, keyring, external_id="m1", phone=STRANGER)
    theirs = signed_in(api, STRANGER)
    device = api.get("/m/v1/me/devices", headers=mine).json()["items"][0]["id"]
    refused(api.delete(f"/m/v1/me/devices/{device}", headers=theirs), 404, "not_found")
    assert api.get("/m/v1/me/devices", headers=mine).status_code == 200


def test_the_twenty_first_device_signs_the_longest_unused_one_out(api: httpx.Client, member: str, clock: MovableClock) -> None:
    first = last = signed_in(api)
    for _ in range(20):
        clock.move(timedelta(hours=3))
        last = signed_in(api)
    refused(api.get("/m/v1/me/devices", headers=first), 401, "members.unknown_caller")
    assert len(api.get("/m/v1/me/devices", headers=last).json()["items"]) == 20


def test_a_change_by_cookie_needs_the_header_that_only_our_pages_send(api: httpx.Client, member: str) -> None:
    refused(api.post("/m/v1/sign-in", json={"contact": PHONE}), 403, "members.not_from_app")
    asked(api)
    code = codes(api)[0]
    refused(api.post("/m/v1/session", json={"contact": PHONE, "code": code}), 403, "members.not_from_app")
    entered(api, code, carry="cookie")
    refused(api.patch("/m/v1/me/profile", json={"language": "en"}), 403, "members.not_from_app")
    cross = APP | {"sec-fetch-site": "cross-site"}
    refused(api.patch("/m/v1/me/profile", json={"language": "en"}, headers=cross), 403, "http.cross_site")
    assert api.patch("/m/v1/me/profile", json={"language": "en"}, headers=APP).json()["language"] == "en"


def test_a_token_needs_no_such_header(api: httpx.Client, member: str) -> None:
    answer = api.patch("/m/v1/me/profile", json={"name": " Li  Wei "}, headers=signed_in(api))
    assert (answer.status_code, answer.json()["name"]) == (200, "Li Wei")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: t[:-1] + ("0" if t[-1] != "0" else "1"),
        lambda t: t.replace("rm_", "rk_"),
        lambda t: t[:40],
        lambda _: "x",
        lambda t: t[:29] + t[3:29] + t[55:],
        lambda t: t + "0",
    ],
)
def test_a_spoilt_token_opens_nothing(api: httpx.Client, member: str, spoil: Any) -> None:
    token = signed_in(api)["authorization"].removeprefix("Bearer ")
    answer = api.get("/m/v1/me/profile", headers={"authorization": f"Bearer {spoil(token)}"})
    assert refused(answer, 401, "members.unknown_caller")["detail"].startswith("You are not signed in")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_without_a_way_to_send_everybody_is_told_the_same_and_there_is_no_inbox(db: Database, keyring: Keyring, tmp_path: Path) -> None:
    member_pages.enrolled(db, keyring)
    app = http.create(
        settings=app_settings.load(data_dir=tmp_path / "data", key_dir=tmp_path / "keys", dev_inbox="off"),
        db=db,
        keyring=keyring,
        batcher=batching.Batcher(db, lambda _ctx, items: [None for _ in items]),
        authenticate=lambda _: (_ for _ in ()).throw(AssertionError),
        routers=[members_api.own_router],
    )
    with serving.served(app) as api:
        for contact in (PHONE, STRANGER):
            refused(asked(api, contact), 503, "members.no_sender")
        refused(api.get("/v1/dev/inbox"), 404, "http.not_found")


def test_what_is_over_is_forgotten_by_the_clock(
    api: httpx.Client, db: Database, member: str, clock: MovableClock, connection: Plain
) -> None:
    signed_in(api)
    asked(api, STRANGER)
    before = served.counts(connection)
    assert (before["member_sessions"], before["member_codes"], before["member_inbox"], before["member_attempts"]) == (1, 1, 1, 7)
    assert connection.execute("SELECT count(*) FROM claims WHERE kind = 'member.card'").fetchall() == [(1,)]
    assert tasks.forget_old(db) == 0
    clock.move(timedelta(days=30))
    assert tasks.forget_old(db) == 10
    after = served.counts(connection)
    assert [after[name] for name in ("member_sessions", "member_codes", "member_inbox", "member_attempts")] == [0, 0, 0, 0]
    assert connection.execute("SELECT count(*) FROM claims WHERE kind = 'member.card'").fetchall() == [(0,)]
