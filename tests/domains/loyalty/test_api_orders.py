"""Orders, refunds and batches over HTTP: exact answers, bad input named, nothing half-done."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.support import served

Plain = psycopg.Connection[tuple[Any, ...]]
REFUND = {"number": "r1", "refunded_at": served.NOW, "currency": "GBP", "lines": [{"line": 1, "amount": 500}]}


@pytest.fixture
def api(house: Database, keyring: Keyring, tmp_path: Path) -> Iterator[httpx.Client]:
    with served.client(house, keyring, tmp_path) as client:
        yield client


def recorded(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_an_order_its_repetition_and_its_conflict(api: httpx.Client, house: Database) -> None:
    first = recorded(api.post("/v1/orders", json=served.order("1", 12_500)), 201)
    assert first == {
        "duplicate": False,
        "order": first["order"],
        "refund": None,
        "member": first["member"],
        "state": "recorded",
        "granted": {"points": 125, "growth": 125},
        "reversed": {},
        "charged": {},
        "returned": 0,
        "level": "silver",
        "coupons": [],
    }
    assert recorded(api.post("/v1/orders", json=served.order("1", 12_500)), 200) == {**first, "duplicate": True}
    served.refused(api.post("/v1/orders", json=served.order("1", 12_501)), 409, "orders.conflict")
    for key in ("shop:1", first["order"]):
        assert recorded(api.get(f"/v1/orders/{key}"), 200) == shown(first)
    assert recorded(api.get("/v1/members/external:m0/orders"), 200) == {"items": [shown(first)], "next": None}
    served.refused(api.get("/v1/orders/shop:2"), 404, "not_found")
    served.clean(house)


def shown(answer: dict[str, Any], refunded: int = 0) -> dict[str, Any]:
    line = {"line": 1, "product": "sku-1", "category": "", "quantity": 1, "amount": 12_500, "discount": 0, "tax": 0, "points_paid": 0}
    return {
        "id": answer["order"],
        "member": answer["member"],
        "source": "shop",
        "number": "1",
        "paid_at": served.NOW,
        "currency": "GBP",
        "total": 12_500,
        "freight": 0,
        "store": "",
        "channel": "",
        "refunded": refunded,
        "lines": [{**line, "refunded": refunded}],
    }


def test_a_refund_takes_back_what_its_lines_earned(api: httpx.Client, house: Database) -> None:
    order = recorded(api.post("/v1/orders", json=served.order("1", 12_500)), 201)
    refund = recorded(api.post("/v1/orders/shop:1/refunds", json=REFUND), 201)
    assert (refund["state"], refund["reversed"], refund["member"]) == ("applied", {"points": 5, "growth": 5}, order["member"])
    assert recorded(api.post("/v1/orders/shop:1/refunds", json=REFUND), 200) == {**refund, "duplicate": True}
    assert recorded(api.get("/v1/orders/shop:1"), 200) == shown(order, 500)
    early = recorded(api.post("/v1/orders/shop:9/refunds", json=REFUND | {"number": "r2"}), 201)
    assert (early["state"], early["order"]) == ("waiting", None)
    too_much = REFUND | {"number": "r3", "lines": [{"line": 1, "amount": 12_001}]}
    served.refused(api.post("/v1/orders/shop:1/refunds", json=too_much), 422, "orders.refund_too_large")
    served.clean(house)


BAD: list[tuple[dict[str, Any], str]] = [
    ({"currency": "ZZZ"}, "currency"),
    ({"currency": "gbp"}, "currency"),
    ({"lines": [{"product": "x", "amount": 10**15}]}, "lines[0].amount"),
    ({"lines": [{"product": "x", "amount": "1"}]}, "lines[0].amount"),
    ({"lines": [{"product": "x", "amount": 1, "discount": 2}]}, "lines[0].discount"),
    ({"lines": []}, "lines"),
    ({"nick": 1}, "nick"),
    ({"paid_at": "2026-02-30T00:00:00Z"}, "paid_at"),
    ({"paid_at": "2026-02-28T00:00:00"}, "paid_at"),
    ({"member": {"external_id": "a", "id": "mbr_x"}}, "member"),
    ({"member": {}}, "member"),
    ({"number": ""}, "number"),
    ({"number": 5}, "number"),
]


def test_bad_orders_are_refused_naming_the_place_and_nothing_is_kept(api: httpx.Client, connection: Plain) -> None:
    before = served.counts(connection)
    for change, field in BAD:
        problem = served.refused(api.post("/v1/orders", json=served.order("9") | change), 422, "input.invalid")
        assert [fault["field"] for fault in problem["faults"]] == [field]
    served.refused(api.post("/v1/orders", json=served.order("9", member=None, at="2027-02-28T00:00:00Z")), 422, "orders.from_the_future")
    served.refused(api.post("/v1/orders", content=b'{"source":', headers={"content-type": "application/json"}), 422, "input.invalid")
    assert served.counts(connection) == before


def test_a_batch_answers_line_by_line_and_bad_lines_stop_no_other(api: httpx.Client, house: Database) -> None:
    lines = [json.dumps(served.order(f"b{number}")) for number in range(60)]
    lines[7] = '{"source":'
    lines[30] = json.dumps({"x": "a" * 2_200_000})
    lines[40] = ""
    answer = api.post("/v1/orders:batch", content="\n".join(lines), headers=served.NDJSON)
    rows = [json.loads(line) for line in answer.text.splitlines()]
    assert [row["line"] for row in rows] == [number for number in range(1, 61) if number != 41]
    assert [row["line"] for row in rows if not row["ok"]] == [8, 31]
    assert {row["problem"]["code"] for row in rows if not row["ok"]} == {"input.invalid"}
    assert {json.dumps(row["answer"]["granted"], sort_keys=True) for row in rows if row["ok"]} == {'{"growth": 10, "points": 10}'}
    (points, _) = api.get("/v1/members/external:m0/balances").json()["items"]
    assert points["available"] == 570
    served.clean(house)
