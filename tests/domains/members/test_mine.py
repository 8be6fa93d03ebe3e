"""A member's own details and consents."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from regulars.platform.clock import MovableClock
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.support import member_pages, served
from tests.support.served import refused

Plain = psycopg.Connection[tuple[Any, ...]]
Headers = dict[str, str]


@pytest.fixture
def api(db: Database, keyring: Keyring, tmp_path: Path) -> Iterator[httpx.Client]:
    with served.client(db, keyring, tmp_path, permissions=None) as client:
        yield client


@pytest.fixture
def mine(api: httpx.Client, db: Database, keyring: Keyring) -> Headers:
    member_pages.enrolled(db, keyring, name="王小芳")
    return member_pages.signed_in(api)


def said(api: httpx.Client, mine: Headers) -> dict[str, tuple[bool, str | None]]:
    rows = api.get("/m/v1/me/consents", headers=mine).json()["items"]
    return {f"{row['purpose']}/{cell['channel']}": (cell["granted"], cell["said_at"]) for row in rows for cell in row["channels"]}


def say(api: httpx.Client, mine: Headers, *given: tuple[str, str, bool]) -> httpx.Response:
    body = {"consents": [{"purpose": purpose, "channel": channel, "granted": granted} for purpose, channel, granted in given]}
    return api.put("/m/v1/me/consents", json=body, headers=mine)


def test_each_change_of_consent_gets_a_receipt_and_what_stays_gets_none(api: httpx.Client, mine: Headers, clock: MovableClock) -> None:
    assert set(said(api, mine).values()) == {(False, None)}
    answer = say(api, mine, ("marketing", "sms", True), ("surveys", "email", False))
    assert [(one["purpose"], one["channel"], one["granted"], one["source"], one["policy_version"]) for one in answer.json()["items"]] == [
        ("marketing", "sms", True, "member-pages", "member-pages-1"),
        ("surveys", "email", False, "member-pages", "member-pages-1"),
    ]
    clock.move(timedelta(hours=1))
    assert say(api, mine, ("marketing", "sms", True)).json() == {"items": []}
    assert len(say(api, mine, ("marketing", "sms", False)).json()["items"]) == 1
    now = said(api, mine)
    assert (now["marketing/sms"], now["surveys/email"]) == ((False, "2026-03-01T13:00:00Z"), (False, "2026-03-01T12:00:00Z"))
    assert (now["marketing/email"], len(now)) == ((False, None), 8)


def test_consents_are_in_plain_words_of_the_members_language(api: httpx.Client, mine: Headers) -> None:
    english = api.get("/m/v1/me/consents", headers=mine).json()
    assert (english["wording"], english["items"][0]["title"], english["items"][0]["channels"][0]["label"]) == (
        "member-pages-1",
        "Offers and news",
        "Text message",
    )
    chinese = api.get("/m/v1/me/consents", headers=mine | {"accept-language": "zh-CN"}).json()
    assert (chinese["items"][0]["title"], chinese["items"][1]["channels"][2]["label"]) == ("优惠与活动", "微信")
    api.patch("/m/v1/me/profile", json={"language": "zh-CN"}, headers=mine)
    assert api.get("/m/v1/me/consents", headers=mine | {"accept-language": "en"}).json() == chinese


def test_what_members_are_not_asked_is_named(api: httpx.Client, mine: Headers, connection: Plain) -> None:
    answer = refused(say(api, mine, ("marketing", "sms", True), ("marketing", "fax", True)), 422, "input.invalid")
    assert answer["faults"][0]["value"] == "marketing/fax"
    assert connection.execute("SELECT count(*) FROM consents").fetchall() == [(0,)]


def test_a_no_to_everything_said_elsewhere_counts_here_too(api: httpx.Client, mine: Headers, clock: MovableClock) -> None:
    say(api, mine, ("marketing", "sms", True))
    clock.move(timedelta(minutes=1))
    body = {"purpose": "*", "channel": "*", "granted": False, "source": "till", "policy_version": "1"}
    api.post("/v1/members/external:m0/consents", json=body, headers={served.PERMISSIONS: "members.write"})
    assert set(said(api, mine).values()) == {(False, "2026-03-01T12:01:00Z")}
    clock.move(timedelta(minutes=1))
    say(api, mine, ("marketing", "sms", True))
    assert said(api, mine)["marketing/sms"] == (True, "2026-03-01T12:02:00Z")


def test_a_change_of_details_is_checked_announced_and_audited(api: httpx.Client, mine: Headers, connection: Plain) -> None:
    refused(api.patch("/m/v1/me/profile", json={"language": "klingon"}, headers=mine), 422, "input.invalid")
    refused(api.patch("/m/v1/me/profile", json={"phone": "+447700900002"}, headers=mine), 422, "input.invalid")
    answer = api.patch("/m/v1/me/profile", json={"name": None, "language": "en"}, headers=mine)
    assert (answer.json()["name"], answer.json()["language"]) == (None, "en")
    trace = connection.execute("SELECT actor_kind, action, after->'fields' FROM audit").fetchall()
    assert trace == [("member", "member.changed", ["locale", "name"])]
