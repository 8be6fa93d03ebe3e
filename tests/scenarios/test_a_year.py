"""One member's year through the API: what is held after each step, to the point."""

from datetime import UTC, datetime
from pathlib import Path

import httpx

from regulars.domains.loyalty import service
from regulars.platform.clock import MovableClock
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.loyalty import programmes
from tests.support import served

M0 = "/v1/members/external:m0"


def held(api: httpx.Client) -> tuple[int, int, str]:
    """(points, growth value, level) that the member has now."""
    points, growth = (item["available"] for item in api.get(f"{M0}/balances").json()["items"])
    return points, growth, api.get(f"{M0}/tier").json()["level"]


def on(clock: MovableClock, year: int, month: int, day: int) -> str:
    """It is noon of that day, UTC; the time as it is written in a body."""
    clock.at = datetime(year, month, day, 12, tzinfo=UTC)
    return clock.at.isoformat()


def _opened(db: Database) -> None:
    with db.transaction() as ctx:
        service.publish(ctx, service.add_draft(ctx, programmes.PLAIN).version)


def test_a_members_year(db: Database, clock: MovableClock, keyring: Keyring, tmp_path: Path) -> None:
    _opened(db)
    with served.client(db, keyring, tmp_path) as api:
        now = on(clock, 2026, 3, 2)
        assert api.post("/v1/orders", json=served.order("1", 9_000, at=now)).status_code == 201
        assert held(api) == (90, 90, "member")

        now = on(clock, 2026, 5, 10)
        assert api.post("/v1/orders", json=served.order("2", 25_000, at=now)).status_code == 201
        assert held(api) == (340, 340, "gold")

        now = on(clock, 2026, 6, 1)
        back = {"number": "r", "refunded_at": now, "currency": "GBP", "lines": [{"line": 1, "amount": 5_000}]}
        assert api.post("/v1/orders/shop:2/refunds", json=back).json()["reversed"] == {"points": 50, "growth": 50}
        points, growth, _ = held(api)
        assert (points, growth) == (290, 290)

        on(clock, 2026, 7, 1)
        assert api.post(f"{M0}/redemptions", json={"points": 40}, headers={"idempotency-key": "a"}).status_code == 201
        assert held(api)[:2] == (250, 290)
        on(clock, 2026, 8, 1)
        api.post("/v1/members", json={"external_id": "friend"})
        gift = {"points": 25, "to": {"external_id": "friend"}}
        assert api.post(f"{M0}/transfers", json=gift, headers={"idempotency-key": "b"}).status_code == 201
        assert held(api)[:2] == (225, 290)

        on(clock, 2026, 9, 1)
        cart = {"member": {"external_id": "m0"}, "currency": "GBP", "lines": [{"product": "x", "amount": 1_000}], "points": 100}
        token = api.post("/v1/quotes", json=cart).json()["token"]
        assert api.post("/v1/holds", json={"token": token}).status_code == 201
        assert held(api)[:2] == (125, 290)
        on(clock, 2026, 9, 2)
        assert held(api)[:2] == (225, 290)
        on(clock, 2026, 12, 24)
        gift = {"points": 75, "reason": "Christmas"}
        assert api.post(f"{M0}/adjustments", json=gift, headers={"idempotency-key": "c"}).status_code == 201
        assert held(api)[:2] == (300, 290)

        _the_next_year(db, clock, api)
    served.clean(db)


def _the_next_year(db: Database, clock: MovableClock, api: httpx.Client) -> None:
    # The first order's lots are over: of its 90 points 25 were still there, its 90 growth value lapses whole.
    on(clock, 2027, 3, 4)
    assert held(api)[:2] == (275, 200)
    # The second order's: 200 each. The goodwill stays.
    on(clock, 2027, 5, 12)
    assert held(api) == (75, 0, "member")
    with db.transaction() as ctx:
        assert service.tick(ctx) > 0
    assert held(api) == (75, 0, "member")
    on(clock, 2027, 12, 26)
    assert held(api) == (0, 0, "member")
