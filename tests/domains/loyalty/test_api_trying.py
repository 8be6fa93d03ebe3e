"""The programme screens' questions over HTTP: outline, comparison, and an order tried out with every rule's reason."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.loyalty import programmes
from tests.support import factories, served

ORDER: dict[str, Any] = {
    "paid_at": "2026-02-28T10:15:00Z",  # a Saturday
    "currency": "GBP",
    "lines": [{"product": "a", "category": "christmas", "amount": 1_000}, {"product": "b", "amount": 2_050}],
}


@pytest.fixture
def api(house: Database, keyring: Keyring, tmp_path: Path) -> Iterator[httpx.Client]:
    with served.client(house, keyring, tmp_path) as client:
        yield client


def tried(api: httpx.Client, **body: Any) -> dict[str, Any]:
    answer = api.post("/v1/programme/try", json={"document": factories.demo_document(), "order": ORDER, **body})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_every_rule_says_what_it_gave_and_why(api: httpx.Client) -> None:
    found = tried(api, standing={"level": "gold", "orders": 1, "balances": {"growth": 1_500}})
    assert {rule["rule"]: (rule["state"], rule["desired"], rule["granted"], rule["lines"]) for rule in found["rules"]} == {
        "base": ("granted", 30, 30, [1, 2]),
        "growth": ("granted", 30, 30, [1, 2]),
        "second-order": ("granted", 50, 50, [1, 2]),
        "weekend": ("granted", 10, 10, [1, 2]),
        "gold-more": ("granted", 15, 15, [1, 2]),
        "christmas": ("granted", 10, 10, [1]),
    }
    assert found["granted"] == {"points": 115, "growth": 30}
    assert (found["level_before"], found["level_after"]) == ("gold", "gold")


def test_a_rule_that_gave_nothing_names_the_comparison_that_failed(api: httpx.Client) -> None:
    found = tried(api, standing={"orders": 3})
    second = next(rule for rule in found["rules"] if rule["rule"] == "second-order")
    assert (second["state"], second["granted"], second["lines"]) == ("not_met", 0, [])
    assert second["judged"] == [
        {
            "line": None,
            "leaves": [
                {
                    "path": "rules[0]",
                    "field": "member.orders",
                    "label": {"en": "Orders so far", "zh": "历史订单数"},
                    "operator": "=",
                    "expected": 1,
                    "actual": 3,
                    "holds": False,
                }
            ],
        }
    ]
    christmas = next(rule for rule in found["rules"] if rule["rule"] == "christmas")
    assert [(one["line"], one["leaves"][0]["holds"]) for one in christmas["judged"]] == [(1, True), (2, False)]


def test_the_control_group_sees_what_was_withheld(api: httpx.Client) -> None:
    found = tried(api, standing={"orders": 1, "held_out": True})
    assert [(r["state"], r["desired"], r["granted"]) for r in found["rules"] if r["rule"] == "second-order"] == [("withheld", 50, 0)]


def test_a_cap_and_a_beaten_lane_are_named(api: httpx.Client) -> None:
    text = programmes.PLAIN.replace(
        "per_amount: {every: 100, give: 1}}", "per_amount: {every: 100, give: 1}, cap: {per: order, amount: 12}}", 1
    )
    text += (
        "  - {id: two, label: {en: Two, zh: 二}, unit: points, multiply: {factor_bp: 20000}}\n"
        "  - {id: three, label: {en: Three, zh: 三}, unit: points, multiply: {factor_bp: 30000}}\n"
    )
    found = tried(api, document=text)
    assert {r["rule"]: (r["state"], r["desired"], r["granted"]) for r in found["rules"]} == {
        "base": ("capped", 30, 12),
        "growth": ("granted", 30, 30),
        "two": ("outdone", 0, 0),
        "three": ("granted", 24, 24),
    }


def test_a_real_member_is_taken_as_they_stand_and_nothing_is_kept(api: httpx.Client, house: Database) -> None:
    assert api.post("/v1/orders", json=served.order("1", 12_500)).status_code == 201
    with psycopg.connect(house.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")) as raw:
        before = raw.execute("SELECT count(*) FROM decisions").fetchone()
        answer = api.post("/v1/programme/try", json={"member": {"external_id": "m0"}, "order": ORDER | {"paid_at": "2026-03-01T12:00:00Z"}})
        assert (answer.status_code, answer.json()["level_before"]) == (200, "silver")
        assert raw.execute("SELECT count(*) FROM decisions").fetchone() == before


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"standing": {"level": "diamond"}}, "standing.level"),
        ({"standing": {"balances": {"stars": 1}}}, "standing.balances.stars"),
        ({"document": "format: 1"}, "name"),
        ({"order": ORDER | {"lines": []}}, "order.lines"),
        ({"standing": {"orders": -1}}, "standing.orders"),
    ],
)
def test_bad_input_names_its_place(api: httpx.Client, body: dict[str, Any], field: str) -> None:
    answer = api.post("/v1/programme/try", json={"document": factories.demo_document(), "order": ORDER, **body})
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["field"] == field


def test_the_outline_and_the_difference_come_in_both_languages(api: httpx.Client) -> None:
    items = api.get("/v1/programme/outline").json()["items"]
    assert [item["path"] for item in items][:3] == ["programme", "units.points", "units.growth"]
    changed = api.post("/v1/programme/compare", json={"document": programmes.changed(("from: 300", "from: 301"))}).json()["items"]
    assert changed == [
        {
            "path": "ladder.levels.gold",
            "title": {"en": "Gold", "zh": "金卡"},
            "kind": "changed",
            "before": {"en": "From 300 growth value.", "zh": "成长值达到 300。"},
            "after": {"en": "From 301 growth value.", "zh": "成长值达到 301。"},
        }
    ]
    assert api.post("/v1/programme/compare", json={"before": 1, "after": 1}).json() == {"items": []}
    assert api.post("/v1/programme/compare", json={"before": 99}).status_code == 404
