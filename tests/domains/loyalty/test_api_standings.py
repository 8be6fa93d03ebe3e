"""Quotes and holds, balances, journal, adjustments, redemptions, transfers and the programme over HTTP."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.loyalty import programmes
from tests.support import served

CART: dict[str, Any] = {
    "member": {"external_id": "m0"},
    "currency": "GBP",
    "lines": [{"product": "x", "amount": 1_000}, {"product": "y", "amount": 500}],
    "points": 60,
}
M0 = "/v1/members/external:m0"


@pytest.fixture
def api(house: Database, keyring: Keyring, tmp_path: Path) -> Iterator[httpx.Client]:
    with served.client(house, keyring, tmp_path) as client:
        client.post("/v1/orders", json=served.order("1", 12_500))
        client.post("/v1/orders", json=served.order("2", 100, member="m1"))
        yield client


def available(api: httpx.Client, member: str = "m0") -> int:
    found: int = api.get(f"/v1/members/external:{member}/balances").json()["items"][0]["available"]
    return found


def test_a_quote_is_held_and_confirmed_as_quoted(api: httpx.Client, house: Database) -> None:
    quote = api.post("/v1/quotes", json=CART).json()
    assert {name: value for name, value in quote.items() if name not in ("token", "reasons")} == {
        "valid_until": "2026-03-01T12:15:00+00:00",
        "total": 1_500,
        "worth": 60,
        "to_pay": 1_440,
        "points": 60,
        "most_points": 125,
        "granted": {"points": 14, "growth": 14},
        "level": "silver",
        "points_paid": {"1": 40, "2": 20},
        "coupons": {"used": [], "refused": [], "best": True},
    }
    assert quote["reasons"][0] == {"en": "60 points paid a part of the order", "zh": "订单抵扣 60 积分"}
    first, again = (api.post("/v1/holds", json={"token": quote["token"]}) for _ in range(2))
    assert (first.status_code, again.status_code, first.json()) == (201, 200, again.json())
    assert available(api) == 65
    lines = [{**line, "points_paid": quote["points_paid"][str(no)]} for no, line in enumerate(CART["lines"], 1)]
    order = served.order("3", member=None) | {"lines": lines}
    done, repeated = (api.post(f"/v1/holds/{first.json()['id']}/confirm", json=order) for _ in range(2))
    assert (done.status_code, repeated.status_code, done.json()["granted"]) == (201, 200, quote["granted"])
    assert available(api) == 79
    served.clean(house)


def test_a_cancelled_hold_returns_its_points_and_a_stale_quote_brings_a_fresh_one(api: httpx.Client, house: Database) -> None:
    hold = api.post("/v1/holds", json={"token": api.post("/v1/quotes", json=CART).json()["token"]}).json()
    for _ in range(2):
        assert api.post(f"/v1/holds/{hold['id']}/cancel").json() == {"id": hold["id"], "returned": 60}
    assert available(api) == 125
    quote = api.post("/v1/quotes", json=CART).json()
    api.post("/v1/orders", json=served.order("4", 100))
    stale = served.refused(api.post("/v1/holds", json={"token": quote["token"]}), 409, "quotes.stale")
    fresh = stale["data"]["quote"]
    assert (fresh["most_points"], available(api)) == (126, 126)
    assert api.post("/v1/holds", json={"token": fresh["token"]}).status_code == 201
    served.refused(api.post("/v1/holds", json={"token": quote["token"] + "x"}), 422, "token.invalid")
    served.clean(house)


@pytest.mark.parametrize(
    ("what", "body", "left"),
    [
        ("adjustments", {"points": 5, "reason": "Late parcel"}, 130),
        ("redemptions", {"points": 20}, 105),
        ("transfers", {"points": 30, "to": {"external_id": "m1"}}, 95),
    ],
)
def test_a_wish_is_done_once_by_its_key(api: httpx.Client, house: Database, what: str, body: dict[str, Any], left: int) -> None:
    key = {"idempotency-key": "till-1"}
    first, again = (api.post(f"{M0}/{what}", json=body, headers=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == {**first.json(), "duplicate": True}
    assert first.json()["points"] == body["points"]
    served.refused(api.post(f"{M0}/{what}", json=body | {"points": 7}, headers=key), 409, "idempotency.conflict")
    served.refused(api.post(f"{M0}/{what}", json=body), 422, "input.invalid")
    assert (available(api), available(api, "m1")) == (left, 31 if what == "transfers" else 1)
    served.clean(house)


def test_a_redemption_is_cancelled_once(api: httpx.Client, house: Database) -> None:
    made = api.post(f"{M0}/redemptions", json={"points": 20}, headers={"idempotency-key": "k"}).json()
    first, again = (api.post(f"{M0}/redemptions/{made['id']}/cancel") for _ in range(2))
    assert (first.status_code, again.status_code, first.json()["points"], available(api)) == (201, 200, 20, 125)
    refused = api.post(f"{M0}/redemptions", json={"points": 126}, headers={"idempotency-key": "l"})
    assert refused.json()["code"] == "points.insufficient"
    served.clean(house)


def test_standing_and_journal_say_why_in_both_languages(api: httpx.Client) -> None:
    end = "2027-03-02T00:00:00Z"
    expiring = [{"at": end, "amount": 125}]
    held = {"available": 125, "pending": 0, "held": 0, "debt": 0, "expiring": expiring, "releasing": []}
    assert api.get(f"{M0}/balances").json() == {"items": [{"unit": "points", **held}, {"unit": "growth", **held}]}
    assert api.get(f"{M0}/tier").json() == {
        "level": "silver",
        "since": served.NOW,
        "keep_until": end,
        "unit": "growth",
        "carried_then": 0,
        "missing_to_keep": 100,
        "next_level": "gold",
        "missing_to_next": 175,
    }
    first = api.get(f"{M0}/journal?limit=2").json()
    rest = api.get(f"{M0}/journal", params={"limit": 2, "cursor": first["next"]}).json()
    rows = first["items"] + rest["items"]
    assert rest["next"] is None
    assert [(row["unit"], row["kind"], row["amount"], row["actor"]) for row in rows] == [
        ("main", "tier", 0, served.CALLER),
        ("growth", "grant", 125, served.CALLER),
        ("points", "grant", 125, served.CALLER),
    ]
    assert [row["text"] for row in rows] == [
        {"en": "Up from Member to Silver: 125 reached", "zh": "由 普通 升至 银卡：已达 125"},
        {"en": "Earned 125 growth value (Growth +125)", "zh": "获得 125 成长值 (成长 +125)"},
        {"en": "Earned 125 points (Base +125)", "zh": "获得 125 积分 (基础 +125)"},
    ]


IMPOSSIBLE = "{field: member.orders, operator: '>', value: 5}, {field: member.orders, operator: '<', value: 3}"
WRONG = [
    ("from: 300", "from: 100", "ladder.levels[2].from"),
    ("{months: 12}}\n    redeem", "{months: 0}}\n    redeem", "units.points.expiry.rolling"),
    ("unit: growth, per", "unit: nope, per", "earning[1].unit"),
    ("currency: GBP", "currency: ZZZ", "currency"),
    ("Europe/London", "Mars/X", "time_zone"),
    ("format: 1", "format: [", "line 4, column 1"),
    (
        "unit: points, per",
        "unit: points, when: {combinator: and, rules: [{field: member.shoe, operator: '=', value: 1}]}, per",
        "earning[0].when.rules[0].field",
    ),
    (
        "unit: points, per",
        f"unit: points, when: {{combinator: and, rules: [{IMPOSSIBLE}]}}, per",
        "earning[0].when.rules[1]",
    ),
]


def test_wrong_documents_are_refused_naming_the_place_and_kept_nowhere(
    api: httpx.Client, connection: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    before = served.counts(connection)
    for old, new, field in WRONG:
        for path in ("/v1/programme/check", "/v1/programme/versions"):
            problem = served.refused(api.post(path, json={"document": programmes.changed((old, new))}), 422, "programme.invalid")
            assert [fault["field"] for fault in problem["faults"]] == [field]
    assert api.post("/v1/programme/check", json={"document": programmes.PLAIN}).json() == {"valid": True}
    assert served.counts(connection) == before


def test_the_programme_is_drafted_published_and_rolled_back(api: httpx.Client) -> None:
    double = programmes.changed(("points, per_amount: {every: 100, give: 1}", "points, per_amount: {every: 100, give: 2}"))
    draft = api.post("/v1/programme/versions", json={"document": double, "note": "twice"}).json()
    assert (draft["version"], draft["state"], draft["document"], draft["effective_from"]) == (2, "draft", double, None)
    assert api.post("/v1/programme/versions/2/publish", json={}).json()["effective_from"] == served.NOW
    assert api.get("/v1/programme").json()["version"] == 2
    assert api.post("/v1/orders", json=served.order("5", 1_000)).json()["granted"]["points"] == 20
    served.refused(api.post("/v1/programme/versions/2/publish", json={}), 409, "programme.not_a_draft")
    served.refused(api.post("/v1/programme/versions/2/publish", json={"at": "2026-01-01T00:00:00Z"}), 422, "programme.in_the_past")
    served.refused(api.post("/v1/programme/versions/77/publish", json={}), 404, "not_found")
    back = api.post("/v1/programme/versions/1/roll-back", json={})
    assert (back.status_code, back.json()["version"], back.json()["note"]) == (201, 3, "roll back to 1")
    assert [version["version"] for version in api.get("/v1/programme/versions").json()["items"]] == [3, 2, 1]
    assert api.post("/v1/orders", json=served.order("6", 1_000)).json()["granted"]["points"] == 10
    told = [(row["action"], row["entity"]) for row in api.get("/v1/audit").json()["items"]]
    assert [row for row in told if row[0].startswith("programme.")][:4] == [
        ("programme.published", "programme/3"),
        ("programme.drafted", "programme/3"),
        ("programme.published", "programme/2"),
        ("programme.drafted", "programme/2"),
    ]
