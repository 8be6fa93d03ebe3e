"""The rewards mall over HTTP: what is offered and why not, ordering, fulfilling, cancelling."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from regulars.domains.loyalty import service
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.loyalty import shop
from tests.support import served

M0 = "/v1/members/external:m0"


@pytest.fixture
def api(db: Database, keyring: Keyring, tmp_path: Path) -> Iterator[httpx.Client]:
    with db.transaction() as ctx:
        service.publish(ctx, service.add_draft(ctx, shop.SHOP).version)
    with served.client(db, keyring, tmp_path) as client:
        for number in range(3):
            client.post("/v1/orders", json=served.order(str(number), 12_500, member=f"m{number}"))
        yield client


def order(api: httpx.Client, key: str, member: str = M0, **body: Any) -> httpx.Response:
    return api.post(f"{member}/reward-orders", json=body, headers={"idempotency-key": key})


def points(api: httpx.Client) -> int:
    found: int = api.get(f"{M0}/balances").json()["items"][0]["available"]
    return found


def offered(api: httpx.Client, member: str | None = None) -> dict[str, tuple[int | None, int | None, list[str]]]:
    items = api.get("/v1/rewards", params={"member": f"external:{member}"} if member else {}).json()["items"]
    return {one["id"]: (one["left"], one["allowed"], [why["code"] for why in one["why_not"]]) for one in items}


def test_a_reward_is_ordered_sent_and_completed(api: httpx.Client, db: Database) -> None:
    assert offered(api) == {"cup": (2, None, []), "voucher": (None, None, [])}
    assert offered(api, "m0") == {"cup": (2, 1, []), "voucher": (None, None, [])}
    body = {"reward": "cup", "address_ref": "home"}
    first, again = (order(api, "a", **body) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert {name: first.json()[name] for name in ("state", "points", "cash")} == {"state": "placed", "points": 50, "cash": 100}
    assert again.json() == {**first.json(), "duplicate": True}
    assert (points(api), offered(api, "m0")["cup"]) == (75, (1, 0, ["rewards.limit_reached"]))
    one = first.json()["id"]
    queue = api.get("/v1/reward-orders").json()
    assert [item["id"] for item in queue["items"]] == [one]
    assert queue["counts"] == {"placed": 1, "fulfilled": 0, "completed": 0, "cancelled": 0}
    sent = {"carrier": "SF", "tracking": "SF1"}
    for duplicate in (False, True):
        answer = api.post(f"/v1/reward-orders/{one}/fulfil", json=sent).json()
        assert (answer["state"], answer["duplicate"]) == ("fulfilled", duplicate)
    served.refused(api.post(f"/v1/reward-orders/{one}/cancel", json={}), 409, "rewards.wrong_state")
    assert api.post(f"/v1/reward-orders/{one}/complete", json={"note": "signed"}).json()["state"] == "completed"
    seen = api.get(f"/v1/reward-orders/{one}").json()
    assert [(step["state"], step["tracking"]) for step in seen["events"]] == [("placed", ""), ("fulfilled", "SF1"), ("completed", "SF1")]
    listed = api.get(f"{M0}/reward-orders").json()["items"]
    assert [(item["state"], item["carrier"]) for item in listed] == [("completed", "SF")]
    served.clean(db)


def test_a_cancelled_order_gives_points_stock_and_limit_back_once(api: httpx.Client, db: Database) -> None:
    one = order(api, "a", reward="cup", address_ref="home").json()["id"]
    for duplicate in (False, True):
        answer = api.post(f"/v1/reward-orders/{one}/cancel", json={"note": "changed its mind"}).json()
        assert (answer["state"], answer["returned"], answer["duplicate"]) == ("cancelled", 50, duplicate)
    assert (points(api), offered(api, "m0")["cup"]) == (125, (2, 1, []))
    served.clean(db)


def test_what_cannot_be_ordered_says_why_and_takes_nothing(api: httpx.Client, db: Database) -> None:
    served.refused(order(api, "a", reward="cup"), 422, "rewards.address_missing")
    served.refused(order(api, "b", reward="none"), 404, "rewards.unknown")
    served.refused(order(api, "c", reward="voucher", quantity=13), 422, "rewards.points_missing")
    for number in (1, 2):
        assert order(api, f"d{number}", f"/v1/members/external:m{number}", reward="cup", address_ref="home").status_code == 201
    served.refused(order(api, "e", reward="cup", address_ref="home"), 422, "rewards.out_of_stock")
    served.refused(api.post("/v1/reward-orders/rwd_01jf3q7t5v8x9y0z1a2b3c4d5e/fulfil", json={}), 404, "rewards.order_unknown")
    assert (points(api), offered(api, "m0")["cup"]) == (125, (0, 1, ["rewards.out_of_stock"]))
    served.clean(db)


def test_a_coupon_from_the_mall_is_there_at_once(
    api: httpx.Client, db: Database, connection: "psycopg.Connection[tuple[Any, ...]]"
) -> None:
    assert order(api, "a", reward="voucher", quantity=2).json()["state"] == "completed"
    items = api.get(f"{M0}/coupons").json()["items"]
    assert [(one["definition"], one["source"]) for one in items] == [("leaflet", "exchange")] * 2
    told = connection.execute("SELECT name, payload->>'reward', payload->>'points' FROM outbox WHERE name LIKE 'rewards.%'").fetchall()
    assert told == [("rewards.ordered", "voucher", "20")]
    served.clean(db)
