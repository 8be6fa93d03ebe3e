"""What members see of their own standing, over HTTP, to the point and in both languages."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from regulars.domains.loyalty import service
from regulars.platform.clock import MovableClock
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.loyalty import programmes
from tests.support import member_pages, served
from tests.support.served import refused

Headers = dict[str, str]
STAFF = {served.PERMISSIONS: "*"}
GOLD_RULE = """  - {id: gold-more, label: {en: Gold earns double, zh: 金卡双倍积分}, unit: points,
     when: {combinator: and, rules: [{field: member.tier, operator: in, value: [gold]}]}, multiply: {factor_bp: 20000}}
"""


@pytest.fixture
def api(db: Database, keyring: Keyring, tmp_path: Path) -> Iterator[httpx.Client]:
    with db.transaction() as ctx:
        service.publish(ctx, service.add_draft(ctx, programmes.changed(more_rules=GOLD_RULE)).version)
    with served.client(db, keyring, tmp_path, permissions=None) as client:
        yield client


@pytest.fixture
def mine(api: httpx.Client, db: Database, keyring: Keyring) -> Headers:
    member_pages.enrolled(db, keyring, name="王小芳", locale="zh-CN")
    return member_pages.signed_in(api)


def order(api: httpx.Client, number: str, amount: int, at: str = served.NOW) -> None:
    assert api.post("/v1/orders", json=served.order(number, amount, at=at), headers=STAFF).status_code == 201


def get(api: httpx.Client, mine: Headers, path: str = "") -> dict[str, Any]:
    answer = api.get(f"/m/v1/me{path}", headers=mine)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def in_april(api: httpx.Client, mine: Headers, clock: MovableClock) -> None:
    """It is noon of the first of April, UTC, in a session that was used in between."""
    for moment in (datetime(2026, 3, 15, 12, tzinfo=UTC), datetime(2026, 4, 1, 12, tzinfo=UTC)):
        clock.at = moment
        assert api.get("/m/v1/me/profile", headers=mine).status_code == 200


def english(api: httpx.Client, mine: Headers) -> None:
    api.patch("/m/v1/me/profile", json={"language": "en"}, headers=mine)


def test_a_new_member_sees_the_way_to_the_first_level(api: httpx.Client, mine: Headers) -> None:
    card = get(api, mine)
    assert (card["name"], card["language"], card["programme"], card["time_zone"]) == ("王小芳", "zh", "简单", "Europe/London")
    assert card["tier"] == {
        "level": "member",
        "label": "普通",
        "since": "2026-03-01T12:00:00Z",
        "keep_through": None,
        "missing_to_keep": 0,
        "keep_words": None,
    }
    assert card["progress"]["words"] == "再得 100 成长值升银卡"
    assert [(one["unit"], one["available"], one["expiring_next"]) for one in card["balances"]] == [("points", 0, None), ("growth", 0, None)]


def test_a_member_sees_what_keeps_its_level_and_what_lapses_first(api: httpx.Client, mine: Headers, clock: MovableClock) -> None:
    order(api, "1", 20_000)
    in_april(api, mine, clock)
    order(api, "2", 3_000, at="2026-04-01T09:00:00Z")
    card = get(api, mine)
    assert card["tier"] == {
        "level": "silver",
        "label": "银卡",
        "since": "2026-03-01T12:00:00Z",
        "keep_through": "2027-03-01",
        "missing_to_keep": 70,
        "keep_words": "2027-03-01 前再得 70 成长值可保级银卡",
    }
    assert card["progress"] == {
        "unit": "growth",
        "label": "成长值",
        "currency": None,
        "amount": 230,
        "start": 100,
        "goal": 300,
        "missing": 70,
        "next_level": "gold",
        "next_label": "金卡",
        "words": "再得 70 成长值升金卡",
    }
    assert card["balances"][0] == {
        "unit": "points",
        "label": "积分",
        "currency": None,
        "available": 230,
        "pending": 0,
        "held": 0,
        "debt": 0,
        "expiring_next": {"amount": 200, "last_day": "2027-03-01"},
    }


def test_the_same_in_english(api: httpx.Client, mine: Headers, clock: MovableClock) -> None:
    order(api, "1", 20_000)
    in_april(api, mine, clock)
    order(api, "2", 3_000, at="2026-04-01T09:00:00Z")
    english(api, mine)
    card = get(api, mine)
    assert (card["language"], card["tier"]["keep_words"], card["progress"]["words"]) == (
        "en",
        "70 more growth value by 2027-03-01 keeps Silver",
        "70 more growth value reaches Gold",
    )


def test_on_the_highest_level_there_is_nothing_to_reach(api: httpx.Client, mine: Headers, clock: MovableClock) -> None:
    order(api, "1", 30_000)
    in_april(api, mine, clock)
    order(api, "2", 30_000, at="2026-04-01T09:00:00Z")
    card = get(api, mine)
    assert (card["progress"]["goal"], card["progress"]["words"]) == (None, "您已是最高等级")
    assert card["tier"]["keep_words"] == "已满足保级条件，2027-03-01 之后继续保留金卡"
    english(api, mine)
    card = get(api, mine)
    assert (card["progress"]["words"], card["tier"]["keep_words"]) == (
        "You are on the highest level",
        "What you have keeps Gold beyond 2027-03-01",
    )


def test_points_are_listed_by_the_day_they_lapse(api: httpx.Client, mine: Headers, clock: MovableClock) -> None:
    order(api, "1", 10_000)
    in_april(api, mine, clock)
    order(api, "2", 3_000, at="2026-04-01T09:00:00Z")
    found = get(api, mine, "/points")
    points, growth = found["items"]
    assert points["lots"] == [{"amount": 100, "last_day": "2027-03-01"}, {"amount": 30, "last_day": "2027-04-01"}]
    assert (points["spendable"], growth["spendable"]) == (True, False)
    assert growth["lots"] == [{"amount": 100, "last_day": "2027-03-01"}, {"amount": 30, "last_day": "2027-04-01"}]
    assert found["how_to_earn"] == ["基础", "成长", "金卡双倍积分"]


def test_the_ledger_tells_each_change_with_its_month_and_reason(api: httpx.Client, mine: Headers, clock: MovableClock) -> None:
    order(api, "1", 12_500)
    in_april(api, mine, clock)
    api.post("/v1/members/external:m0/redemptions", json={"points": 20}, headers=STAFF | {"idempotency-key": "a"})
    back = {"number": "r", "refunded_at": "2026-04-01T12:00:00Z", "currency": "GBP", "lines": [{"line": 1, "amount": 2_500}]}
    api.post("/v1/orders/shop:1/refunds", json=back, headers=STAFF)
    rows = get(api, mine, "/points/ledger")["items"]
    assert [(row["month"], row["kind"], row["change"], row["words"]) for row in rows] == [
        ("2026-04", "reverse", -25, "退款冲回 25 积分"),
        ("2026-04", "spend", -20, "兑换 20 积分"),
        ("2026-03", "grant", 125, "获得 125 积分 (基础 +125)"),
    ]
    assert (rows[2]["day"], rows[2]["last_day"], rows[2]["unit"]) == ("2026-03-01", "2027-03-01", "points")
    english(api, mine)
    assert [row["words"] for row in get(api, mine, "/points/ledger?unit=growth")["items"]] == [
        "25 growth value taken back for a refund",
        "Earned 125 growth value (Growth +125)",
    ]
    first = get(api, mine, "/points/ledger?limit=2")
    second = get(api, mine, f"/points/ledger?limit=2&cursor={first['next']}")
    assert [row["kind"] for row in first["items"] + second["items"]] == ["reverse", "spend", "grant"]
    assert second["next"] is None
    refused(api.get("/m/v1/me/points/ledger?unit=stamps", headers=mine), 422, "points.unit_unknown")


def test_the_ladder_shows_what_each_level_needs_and_brings(api: httpx.Client, mine: Headers) -> None:
    order(api, "1", 12_000)
    found = get(api, mine, "/tiers")
    assert [(one["level"], one["threshold"], one["missing"], one["current"], one["unlocked"]) for one in found["levels"]] == [
        ("member", 0, 0, False, True),
        ("silver", 100, 0, True, True),
        ("gold", 300, 180, False, False),
    ]
    assert [one["benefits"] for one in found["levels"]] == [[], [], ["金卡双倍积分"]]
    assert found["history"] == [{"day": "2026-03-01", "words": "由 普通 升至 银卡：已达 120"}]
    assert (found["amount"], found["label"], found["progress"]["missing"]) == (120, "成长值", 180)


def test_orders_tell_what_each_earned_and_what_a_refund_took_back(api: httpx.Client, mine: Headers, clock: MovableClock) -> None:
    order(api, "1", 12_500)
    in_april(api, mine, clock)
    order(api, "2", 1_000, at="2026-03-31T23:30:00Z")
    back = {"number": "r", "refunded_at": "2026-04-01T12:00:00Z", "currency": "GBP", "lines": [{"line": 1, "amount": 2_500}]}
    api.post("/v1/orders/shop:1/refunds", json=back, headers=STAFF)
    found = get(api, mine, "/orders")
    assert [(one["number"], one["day"], one["total_text"], one["refunded_text"]) for one in found["items"]] == [
        ("2", "2026-04-01", "10.00", "0.00"),
        ("1", "2026-03-01", "125.00", "25.00"),
    ]
    assert found["items"][1]["earned"] == [
        {"unit": "growth", "label": "成长值", "granted": 125, "taken_back": 25},
        {"unit": "points", "label": "积分", "granted": 125, "taken_back": 25},
    ]
    assert found["items"][1]["lines"] == [{"product": "sku-1", "quantity": 1, "amount": 12_500}]
    first = get(api, mine, "/orders?limit=1")
    assert get(api, mine, f"/orders?limit=1&cursor={first['next']}")["items"] == found["items"][1:]


def test_members_see_their_own_and_no_other_members_things(api: httpx.Client, db: Database, keyring: Keyring, mine: Headers) -> None:
    order(api, "1", 12_500)
    member_pages.enrolled(db, keyring, external_id="m1", phone="+447700900002")
    theirs = member_pages.signed_in(api, "+447700900002")
    assert get(api, theirs, "/orders") == {"items": [], "next": None}
    assert get(api, theirs, "/points/ledger") == {"items": [], "next": None}
    assert [one["available"] for one in get(api, theirs)["balances"]] == [0, 0]
    cursor = get(api, mine, "/points/ledger?limit=1").get("next")
    assert cursor is None


OTHER_LADDERS = """ladders:
  - id: spender
    label: {en: Spenders, zh: 消费达人}
    counts: spend
    levels:
      - {id: low, from: 0, label: {en: Low, zh: 初级}}
      - {id: high, from: 200000, label: {en: High, zh: 高级}}
  - id: circle
    label: {en: Tea circle, zh: 茶友圈}
    counts: invitation
    levels:
      - {id: outside, from: 0, label: {en: Outside, zh: 圈外}}
      - {id: inside, from: 0, label: {en: Inside, zh: 圈内}}
"""


def test_further_ladders_come_with_their_own_progress(api: httpx.Client, db: Database, mine: Headers) -> None:
    with db.transaction() as ctx:
        service.publish(ctx, service.add_draft(ctx, programmes.changed(("earning:", f"{OTHER_LADDERS}earning:"))).version)
    order(api, "1", 20_000)
    found = get(api, mine, "/tiers")
    spender, circle = found["others"]
    assert (found["tier"]["level"], found["progress"]["words"]) == ("silver", "再得 100 成长值升金卡")
    assert (spender["name"], spender["label"], spender["tier"]["label"], spender["amount"]) == ("消费达人", "消费额", "初级", 20_000)
    told = {"currency": "GBP", "amount": 20_000, "start": 0, "goal": 200_000, "missing": 180_000}
    assert {name: spender["progress"][name] for name in told} == told
    assert spender["progress"]["words"] == "再得 1,800.00 GBP 消费额升高级"
    assert (circle["progress"]["goal"], circle["progress"]["words"]) == (None, "更高等级仅限邀请")
    assert [(one["label"], one["current"], one["invited"]) for one in circle["levels"]] == [("圈外", True, False), ("圈内", False, True)]
