"""What members see and do of coupons, the mall and benefits, over HTTP: their own, in words, and nobody else's."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from regulars.domains.loyalty import service
from regulars.platform.clock import MovableClock
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.loyalty import shop
from tests.support import member_pages, served
from tests.support.served import refused

Headers = dict[str, str]
Json = dict[str, Any]
Plain = psycopg.Connection[tuple[Any, ...]]
STAFF = {served.PERMISSIONS: "*"}
OTHER = "+447700900002"


@pytest.fixture
def api(db: Database, keyring: Keyring, tmp_path: Path) -> Iterator[httpx.Client]:
    with db.transaction() as ctx:
        service.publish(ctx, service.add_draft(ctx, shop.SHOP).version)
    with served.client(db, keyring, tmp_path, permissions=None) as client:
        client.post("/v1/orders", json=served.order("1", 12_500), headers=STAFF)
        yield client


@pytest.fixture
def mine(api: httpx.Client, db: Database, keyring: Keyring) -> Headers:
    member_pages.enrolled(db, keyring, name="王小芳", locale="zh-CN")
    return member_pages.signed_in(api)


@pytest.fixture
def theirs(api: httpx.Client, db: Database, keyring: Keyring, mine: Headers) -> Headers:
    member_pages.enrolled(db, keyring, external_id="m1", phone=OTHER)
    return member_pages.signed_in(api, OTHER)


def get(api: httpx.Client, who: Headers, path: str = "") -> Json:
    answer = api.get(f"/m/v1/me{path}", headers=who)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def post(api: httpx.Client, who: Headers, path: str, **body: Any) -> httpx.Response:
    key = "-".join([path, *(f"{name}:{value}" for name, value in body.items())])
    return api.post(f"/m/v1/me{path}", json=body, headers=who | {"idempotency-key": key})


def points(api: httpx.Client, who: Headers) -> int:
    found: int = get(api, who)["balances"][0]["available"]
    return found


def test_a_claimed_coupon_tells_its_terms_and_the_card_counts_it(api: httpx.Client, mine: Headers) -> None:
    offered = {one["definition"]: one for one in get(api, mine, "/coupons/claimable")["items"]}
    assert list(offered) == ["welcome", "tea"]
    assert (offered["welcome"]["left"], offered["welcome"]["span"], offered["welcome"]["unit_label"]) == (
        2,
        [{"en": "For 30 days", "zh": "有效期 30 天"}],
        None,
    )
    assert offered["tea"]["worth"] == {
        "kind": "spend_off",
        "words": {"en": "3.00 GBP off from 20.00 GBP", "zh": "满 20.00 GBP 减 3.00 GBP"},
        "off": 300,
        "rate_bp": None,
        "currency": "GBP",
    }
    assert get(api, mine)["coupons"] == {"in_hand": 0, "expiring_next": None}
    made = post(api, mine, "/coupons", definition="welcome").json()
    (one,) = get(api, mine, "/coupons")["items"]
    assert {name: one[name] for name in ("last_day", "at_counter", "why_not", "became", "transfers_left")} == {
        "last_day": "2026-03-31",
        "at_counter": made["id"],
        "why_not": None,
        "became": None,
        "transfers_left": 1,
    }
    assert [text["en"] for text in one["terms"]] == [
        "The whole range, in every store",
        "One coupon of this group on an order",
        "Can be given to a friend",
        "Comes back with its old end after a full refund",
    ]
    assert get(api, mine)["coupons"] == {"in_hand": 1, "expiring_next": {"amount": 1, "last_day": "2026-03-31"}}
    again = {one["definition"]: one["why_not"] for one in get(api, mine, "/coupons/claimable")["items"]}
    assert again["welcome"]["text"] == {"en": "used up: 1 of 1 in all", "zh": "次数已用完：总共已用 1 / 1 次"}


def gift(api: httpx.Client, definition: str, member: str = "m0") -> str:
    """The id of a coupon that the brand gives."""
    headers = STAFF | {"idempotency-key": f"{definition}-{member}"}
    found: str = api.post(f"/v1/members/external:{member}/coupons", json={"definition": definition}, headers=headers).json()["id"]
    return found


def test_what_became_of_a_coupon_is_said(api: httpx.Client, mine: Headers, theirs: Headers, clock: MovableClock) -> None:
    used, lapsed, passed = post(api, mine, "/coupons", code="tea-week").json()["id"], gift(api, "leaflet"), gift(api, "welcome")
    bill = {"coupon": used, "amount": 2_500}
    assert api.post("/v1/coupons:redeem", json=bill, headers=STAFF | {"idempotency-key": "till"}).json()["discount"] == 300
    assert post(api, mine, f"/coupons/{passed}/transfer", to=get(api, theirs)["id"]).status_code == 200
    # A session that is used in between lasts.
    for days in (14, 28, 42, 56, 65):
        clock.at = datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(days=days)
        get(api, mine)
    assert get(api, mine, "/coupons")["items"] == []
    (one,) = get(api, mine, "/coupons?state=used")["items"]
    assert (one["id"], one["became"]) == (used, {"en": "Used on 1 March 2026: 3.00 GBP off", "zh": "已于2026年3月1日使用，优惠 3.00 GBP"})
    ended = {one["id"]: (one["state"], one["became"]["en"]) for one in get(api, mine, "/coupons?state=ended")["items"]}
    assert ended == {lapsed: ("lapsed", "Ended on 30 April 2026"), passed: ("passed_on", "Given away on 1 March 2026")}
    assert {one["id"] for one in get(api, mine, "/coupons?state=all")["items"]} == {used, lapsed, passed}
    first = get(api, mine, "/coupons?state=ended&limit=1")
    second = get(api, mine, f"/coupons?state=ended&limit=1&cursor={first['next']}")
    assert ([one["id"] for one in first["items"] + second["items"]], second["next"]) == (sorted(ended, reverse=True), None)


def test_a_coupon_in_a_cart_says_why_it_cannot_be_used(api: httpx.Client, mine: Headers) -> None:
    one = post(api, mine, "/coupons", definition="welcome").json()["id"]
    cart = {"member": {"external_id": "m0"}, "currency": "GBP", "lines": [{"product": "sku-1", "amount": 2_000}], "coupons": [one]}
    quote = api.post("/v1/quotes", json=cart, headers=STAFF).json()
    assert api.post("/v1/holds", json={"token": quote["token"]}, headers=STAFF).status_code == 201
    (held,) = get(api, mine, "/coupons")["items"]
    assert (held["state"], held["why_not"]["code"]) == ("reserved", "state")
    assert held["why_not"]["text"] == {"en": "it is set aside for another cart", "zh": "已被另一笔订单占用"}


def test_what_the_pages_show_is_enough_at_the_counter_whatever_way_the_coupon_came(
    api: httpx.Client, mine: Headers, theirs: Headers, db: Database
) -> None:
    passed = post(api, mine, "/coupons", definition="welcome").json()["id"]
    post(api, mine, f"/coupons/{passed}/transfer", to=get(api, theirs)["id"])
    post(api, mine, "/reward-orders", reward="voucher")
    for who, worth, code in ((theirs, 500, "coupons.not_usable"), (mine, 200, "coupons.code_unknown")):
        (one,) = get(api, who, "/coupons")["items"]
        bill = {"coupon": one["at_counter"], "amount": 1_000}
        answer = api.post("/v1/coupons:redeem", json=bill, headers=STAFF | {"idempotency-key": one["id"]})
        assert (answer.status_code, answer.json()["discount"], answer.json()["member"]) == (201, worth, get(api, who)["id"])
        again = api.post("/v1/coupons:redeem", json=bill, headers=STAFF | {"idempotency-key": f"again-{one['id']}"})
        assert again.json()["code"] == code
    served.clean(db)


def test_a_reward_is_ordered_followed_and_cancelled_while_it_may_be(api: httpx.Client, mine: Headers) -> None:
    cup = get(api, mine, "/rewards")["items"][0]
    assert {name: cup[name] for name in ("points", "cash", "left", "allowed", "why_not", "limit", "unit_label")} == {
        "points": 50,
        "cash": 100,
        "left": 2,
        "allowed": 1,
        "why_not": [],
        "limit": {"times": 1, "words": {"en": "a year", "zh": "每年"}},
        "unit_label": {"en": "points", "zh": "积分"},
    }
    one = post(api, mine, "/reward-orders", reward="cup", address_ref="home").json()["id"]
    assert points(api, mine) == 75
    (listed,) = get(api, mine, "/reward-orders")["items"]
    assert (listed["label"], listed["state"], listed["cancellable"]) == ({"en": "Cup", "zh": "茶杯"}, "placed", True)
    for duplicate in (False, True):
        answer = api.post(f"/m/v1/me/reward-orders/{one}/cancel", headers=mine).json()
        assert answer == {"id": one, "state": "cancelled", "returned": 50, "duplicate": duplicate}
    assert (points(api, mine), get(api, mine, "/rewards")["items"][0]["left"]) == (125, 2)
    seen = get(api, mine, f"/reward-orders/{one}")
    assert (seen["cancellable"], [step["state"] for step in seen["steps"]]) == (False, ["placed", "cancelled"])


def test_what_was_sent_cannot_be_cancelled_and_tells_its_tracking(api: httpx.Client, mine: Headers, db: Database) -> None:
    one = post(api, mine, "/reward-orders", reward="cup", address_ref="home").json()["id"]
    api.post(f"/v1/reward-orders/{one}/fulfil", json={"carrier": "SF", "tracking": "SF1"}, headers=STAFF)
    refused(api.post(f"/m/v1/me/reward-orders/{one}/cancel", headers=mine), 409, "rewards.wrong_state")
    seen = get(api, mine, f"/reward-orders/{one}")
    assert (seen["cancellable"], [(step["state"], step["tracking"]) for step in seen["steps"]]) == (
        False,
        [("placed", ""), ("fulfilled", "SF1")],
    )
    assert points(api, mine) == 75
    served.clean(db)


def test_an_order_of_somebody_else_is_unknown_and_stays_as_it_is(api: httpx.Client, mine: Headers, theirs: Headers) -> None:
    one = post(api, mine, "/reward-orders", reward="cup", address_ref="home").json()["id"]
    refused(api.get(f"/m/v1/me/reward-orders/{one}", headers=theirs), 404, "rewards.order_unknown")
    refused(api.post(f"/m/v1/me/reward-orders/{one}/cancel", headers=theirs), 404, "rewards.order_unknown")
    assert get(api, mine, f"/reward-orders/{one}")["state"] == "placed"
    assert get(api, theirs, "/reward-orders") == {"items": [], "next": None}


def test_benefits_say_on_which_level_they_are_had_and_what_is_left(api: httpx.Client, mine: Headers) -> None:
    headers = STAFF | {"idempotency-key": "u"}
    api.post("/v1/members/external:m0/benefits/delivery/uses", json={}, headers=headers)
    delivery, lounge = get(api, mine, "/benefits")["items"]
    assert {name: delivery[name] for name in ("levels", "used", "left", "quota", "next_at")} == {
        "levels": None,
        "used": 1,
        "left": 1,
        "quota": {"times": 2, "words": {"en": "a month", "zh": "每月"}},
        "next_at": "2026-03-31T23:00:00Z",
    }
    assert (lounge["levels"], lounge["eligible"], lounge["quota"]) == (["gold"], False, None)


def test_who_is_held_out_is_neither_shown_incentives_nor_told_why(
    api: httpx.Client, mine: Headers, db: Database, connection: Plain
) -> None:
    text = shop.SHOP.replace("stock: 2, transfers: 1,", "stock: 2, incentive: true,", 1).replace(
        "unit_cost: 600}", "unit_cost: 600, incentive: true}"
    )
    with db.transaction() as ctx:
        service.publish(ctx, service.add_draft(ctx, text).version)

    def seen() -> tuple[list[str], list[str]]:
        claimable, benefits = get(api, mine, "/coupons/claimable")["items"], get(api, mine, "/benefits")["items"]
        return [one["definition"] for one in claimable], [one["id"] for one in benefits]

    connection.execute("UPDATE standings SET held_out = false")
    assert seen() == (["welcome", "tea"], ["delivery", "lounge"])
    connection.execute("UPDATE standings SET held_out = true")
    assert seen() == (["tea"], ["lounge"])


def test_stored_value_says_its_currency(api: httpx.Client, mine: Headers) -> None:
    card = get(api, mine)
    assert {one["unit"]: one["currency"] for one in card["balances"]} == {"points": None, "purse": "GBP", "growth": None}
    assert (card["progress"]["currency"], card["mall"]) == (None, True)
