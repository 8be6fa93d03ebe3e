"""A member takes its data along, closes its account, is erased: its sign-in goes with it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from regulars.domains.loyalty import service as loyalty
from regulars.domains.loyalty.model import ValueLoaded
from regulars.kernel.ids import MemberId
from regulars.platform.clock import MovableClock
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.loyalty import programmes
from tests.support import member_pages, served
from tests.support.member_pages import codes, other
from tests.support.served import refused

Plain = psycopg.Connection[tuple[Any, ...]]
Headers = dict[str, str]
STAFF = {served.PERMISSIONS: "*"}


@pytest.fixture
def api(db: Database, keyring: Keyring, tmp_path: Path) -> Iterator[httpx.Client]:
    with db.transaction() as ctx:
        loyalty.publish(ctx, loyalty.add_draft(ctx, programmes.PLAIN).version)
    with served.client(db, keyring, tmp_path, permissions=None) as client:
        yield client


@pytest.fixture
def mine(api: httpx.Client, db: Database, keyring: Keyring) -> Headers:
    member_pages.enrolled(db, keyring, name="王小芳")
    return member_pages.signed_in(api)


def test_a_member_downloads_everything_held_of_it(api: httpx.Client, mine: Headers, connection: Plain) -> None:
    api.post("/v1/orders", json=served.order("1", 12_500), headers=STAFF)
    answer = api.post("/m/v1/me/export", headers=mine)
    told = answer.json()
    assert answer.headers["content-disposition"] == f'attachment; filename="{told["member"]["id"]}.json"'
    assert (told["personal"], told["member"]["external_id"]) == ({"phone": "+447700900001", "name": "王小芳"}, "m0")
    assert [order["number"] for order in told["tables"]["orders"]] == ["1"]
    assert [(one["name"], one["expires_at"]) for one in told["devices"]] == [("?", "2026-03-31T12:00:00Z")]
    assert "secret" not in answer.text
    trace = connection.execute("SELECT actor_kind, action, reason FROM audit WHERE action = 'member.exported'").fetchall()
    assert trace == [("member", "member.exported", "asked for by the member, signed in")]


def test_five_downloads_a_day_are_enough(api: httpx.Client, mine: Headers, clock: MovableClock) -> None:
    for _ in range(5):
        assert api.post("/m/v1/me/export", headers=mine).status_code == 200
    answer = api.post("/m/v1/me/export", headers=mine | {"accept-language": "zh"})
    assert refused(answer, 429, "privacy.too_many_exports")["detail"] == "今日下载次数过多，请在 86400 秒后重试。"
    clock.move(timedelta(days=1))
    assert api.post("/m/v1/me/export", headers=mine).status_code == 200


def test_what_is_lost_is_told_before_an_account_is_closed(api: httpx.Client, mine: Headers) -> None:
    api.post("/v1/orders", json=served.order("1", 120_000), headers=STAFF)
    told = api.get("/m/v1/me/close", headers=mine).json()
    assert [(one["kind"], one["words"]) for one in told["lost"]] == [
        ("units", "1,200 points lapse"),
        ("units", "1,200 growth value lapse"),
        ("level", "Your level Gold and what it brings"),
        ("devices", "You are signed out on every device"),
        ("joining", "You can't sign in any more; a closed account is not opened again"),
    ]
    assert told["code_to"] == "+44 ****01"
    chinese = api.get("/m/v1/me/close", headers=mine | {"accept-language": "zh"}).json()
    assert [one["words"] for one in chinese["lost"]][:3] == ["1,200 积分将失效", "1,200 成长值将失效", "等级「金卡」及其权益"]
    assert chinese["kept"].startswith("订单与积分记录依法保留")


def test_stored_value_that_is_lost_is_told_as_money(api: httpx.Client, mine: Headers, db: Database, connection: Plain) -> None:
    purse = "  purse: {label: {en: stored value, zh: 储值}, money: true}\nladder:"
    rows = connection.execute("SELECT member_id FROM members").fetchall()
    with db.transaction() as ctx:
        loyalty.publish(ctx, loyalty.add_draft(ctx, programmes.PLAIN.replace("ladder:", purse, 1)).version)
        paid = ValueLoaded(member_id=MemberId(rows[0][0]), at=ctx.now, ref=UUID(int=7), unit="purse", amount=2_050, reason="Paid in")
        assert [type(answer) for answer in loyalty.apply(ctx, [paid])] == [loyalty.Done]
    told = api.get("/m/v1/me/close", headers=mine).json()
    assert told["lost"][0]["words"] == "20.50 GBP stored value lapse"


def test_an_account_is_closed_with_a_fresh_code_and_every_device_is_out(
    api: httpx.Client, mine: Headers, clock: MovableClock, connection: Plain
) -> None:
    clock.move(timedelta(minutes=1))
    second = member_pages.signed_in(api)
    refused(api.post("/m/v1/me/close", json={"code": "123456"}, headers=mine), 401, "members.wrong_code")
    answer = api.post("/m/v1/me/close/code", headers=mine)
    assert (answer.status_code, answer.json()) == (202, {"code_to": "+44 ****01", "valid_seconds": 600})
    code = codes(api)[0]
    assert "close your account" in api.get("/v1/dev/inbox").json()["items"][0]["text"]
    refused(api.post("/m/v1/me/close", json={"code": other(code)}, headers=mine), 401, "members.wrong_code")
    closed = api.post("/m/v1/me/close", json={"code": code}, headers=mine)
    assert (closed.status_code, closed.json()["status"]) == (200, "closed")
    for headers in (mine, second):
        refused(api.get("/m/v1/me", headers=headers), 401, "members.unknown_caller")
    assert connection.execute("SELECT count(*) FROM member_sessions").fetchall() == [(0,)]
    assert connection.execute("SELECT actor_kind FROM audit WHERE action = 'member.closed'").fetchall() == [("member",)]


def test_five_wrong_codes_do_not_close_an_account_and_wear_the_right_one_out(api: httpx.Client, mine: Headers) -> None:
    api.post("/m/v1/me/close/code", headers=mine)
    code = codes(api)[0]
    for _ in range(5):
        refused(api.post("/m/v1/me/close", json={"code": other(code)}, headers=mine), 401, "members.wrong_code")
    refused(api.post("/m/v1/me/close", json={"code": code}, headers=mine), 422, "members.code_worn")
    assert api.get("/m/v1/me", headers=mine).status_code == 200


def test_a_member_without_a_contact_is_sent_to_the_counter(api: httpx.Client, mine: Headers) -> None:
    version = api.get("/v1/members/external:m0", headers=STAFF).json()["version"]
    api.patch("/v1/members/external:m0", json={"version": version, "phone": None}, headers=STAFF)
    assert api.get("/m/v1/me/close", headers=mine).json()["code_to"] is None
    refused(api.post("/m/v1/me/close/code", headers=mine), 409, "members.no_contact")


def test_an_erasure_takes_the_sign_in_along(api: httpx.Client, mine: Headers, clock: MovableClock, connection: Plain) -> None:
    face = api.get("/m/v1/me/card-code", headers=mine).json()
    clock.move(timedelta(minutes=1))
    member_pages.asked(api)
    assert api.post("/v1/members/external:m0/erase", json={"reason": "Request 1"}, headers=STAFF).status_code == 200
    left = "SELECT (SELECT count(*) FROM member_sessions), (SELECT count(*) FROM member_inbox)"
    assert connection.execute(left).fetchall() == [(0, 0)]
    assert connection.execute("SELECT count(*) FROM claims WHERE kind = 'member.card'").fetchall() == [(0,)]
    refused(api.get("/m/v1/me", headers=mine), 401, "members.unknown_caller")
    refused(api.post("/v1/members:identify", json={"code": face["digits"]}, headers=STAFF), 404, "members.card_unknown")
