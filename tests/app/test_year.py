"""A year of one member's life in the shipped e-commerce programme, through the HTTP API with a clock that moves: every balance by hand."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from regulars.domains.loyalty import service as loyalty
from regulars.domains.loyalty.service import templating
from regulars.domains.loyalty.tasks import passing_time
from regulars.domains.loyalty.tasks.birthdays import Birthdays
from regulars.platform.clock import MovableClock
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.support import served

LIN = "/v1/members/external:lin"
Json = dict[str, Any]


class Life:
    """The member, the shop's till, and the calendar."""

    def __init__(self, api: httpx.Client, db: Database, clock: MovableClock, keyring: Keyring) -> None:
        self.api, self.db, self.clock = api, db, clock
        self._birthdays = Birthdays(lambda: keyring)

    @property
    def now(self) -> str:
        return self.clock.at.isoformat()

    def on(self, month: int, day: int, *, year: int = 2026) -> None:
        """It is 10 o'clock in Shanghai, and the worker has done its work."""
        self.clock.at = datetime(year, month, day, 2, tzinfo=UTC)
        self._birthdays.tick(self.db)
        while passing_time.pass_time(self.db):
            pass

    def post(self, path: str, *, status: int = 201, key: str = "", **body: Any) -> Json:
        answer = self.api.post(path, json=body, headers={"idempotency-key": key} if key else {})
        assert answer.status_code == status, answer.text
        found: Json = answer.json()
        return found

    def cart(self, *lines: tuple[str, int], category: str = "", **more: Any) -> Json:
        goods = [{"product": product, "amount": amount, "category": category} for product, amount in lines]
        return {"currency": "CNY", "lines": goods, **more}

    def pay(self, number: str, cart: Json) -> Json:
        """The order is paid now; answers what it earned."""
        return self.post("/v1/orders", source="shop", number=number, member={"external_id": "lin"}, paid_at=self.now, **cart)

    def pay_quoted(self, number: str, cart: Json, **wish: Any) -> tuple[Json, Json]:
        """The cart is quoted, its points and coupons are held, and the order is confirmed as quoted; answers the quote and the order."""
        quote = self.post("/v1/quotes", status=200, member={"external_id": "lin"}, **cart, **wish)
        hold = self.post("/v1/holds", token=quote["token"])
        off: dict[str, int] = {}
        for coupon in quote["coupons"]["used"]:
            for no, amount in coupon["lines"].items():
                off[no] = off.get(no, 0) + amount
        paid = [
            {**line, "discount": off.get(str(no), 0), "points_paid": quote["points_paid"].get(str(no), 0)}
            for no, line in enumerate(cart["lines"], 1)
        ]
        body = {**cart, "lines": paid, "source": "shop", "number": number, "paid_at": self.now}
        return quote, self.post(f"/v1/holds/{hold['id']}/confirm", **body)

    def act(self, act: str, number: str) -> dict[str, int]:
        """She does it now; answers what it earned."""
        told = self.post("/v1/acts", source="shop", number=number, member={"external_id": "lin"}, act=act, at=self.now)
        granted: dict[str, int] = told["granted"]
        return granted

    def points(self) -> tuple[int, int]:
        """What is available and what waits."""
        one = self._balance("points")
        return one["available"], one["pending"]

    def lapsing(self) -> list[tuple[str, int]]:
        """When how many points lapse."""
        return [(lot["at"], lot["amount"]) for lot in self._balance("points")["expiring"]]

    def level(self) -> tuple[str, int, str]:
        """The level, the growth value, and until when the level is kept."""
        found = self.api.get(f"{LIN}/tier").json()
        return found["level"], self._balance("growth")["available"], found["keep_until"]

    def told(self) -> list[str]:
        """What was announced of her level, in order."""
        with self.db.reading() as ctx:
            return [name for (name,) in ctx.tx.execute(sa.text("SELECT name FROM outbox WHERE name LIKE 'tiers.%' ORDER BY lane, id"))]

    def _balance(self, unit: str) -> Json:
        items = self.api.get(f"{LIN}/balances").json()["items"]
        return next(item for item in items if item["unit"] == unit)


@pytest.fixture
def life(db: Database, clock: MovableClock, keyring: Keyring, tmp_path: Path) -> Iterator[Life]:
    with db.transaction() as ctx:
        loyalty.publish(ctx, loyalty.add_draft(ctx, templating.get_template("ecommerce").text).version)
    with served.client(db, keyring, tmp_path) as api:
        # One member in twenty would be held out, and get no birthday.
        version = api.get("/v1/experiments/hold-out").json()["version"]
        assert api.patch("/v1/experiments/hold-out", json={"version": version, "on": False}).json()["on"] is False
        yield Life(api, db, clock, keyring)
    served.clean(db)


def test_a_year_of_a_members_life(life: Life) -> None:
    _spring(life)
    _birthday(life)
    _silence(life)


def _spring(life: Life) -> None:
    # She joins: 100 points, which wait seven days like all points here.
    life.on(3, 1)
    life.post("/v1/members", external_id="lin", birthday="1990-06-15")
    assert life.act("registration", "join") == {"points": 100}
    assert life.points() == (0, 100)

    # Her first order, 300.00 with the newcomers' 10 off: 667 and 333 of it, so 193 + 96 points by line and 290 growth on the whole.
    life.post(f"{LIN}/coupons", key="welcome", definition="welcome")
    quote, order = life.pay_quoted("1", life.cart(("tea", 20_000), ("pot", 10_000)), best=True)
    assert [(one["definition"], one["lines"]) for one in quote["coupons"]["used"]] == [("welcome", {"1": 667, "2": 333})]
    assert quote["granted"] == order["granted"] == {"points": 289, "growth": 290}
    assert life.points() == (0, 389)

    # Nine days on she reviews it and checks in. A dress of the new arrivals: 400 points doubled, and 690 growth make her silver.
    life.on(3, 9)
    assert (life.act("review", "r1"), life.act("check_in", "c1")) == ({"points": 20}, {"points": 2})
    assert life.pay("2", life.cart(("dress", 40_000), category="new-arrivals"))["granted"] == {"points": 800, "growth": 400}
    assert (life.points(), life.level()) == ((389, 822), ("silver", 690, "2027-03-31T16:00:00Z"))

    # 1,000 points pay 10.00 of 300.00: 833 and 167. 241 + 48 points by line, and silver's fifth of each line's: 48 + 9.
    life.on(3, 20)
    _, order = life.pay_quoted("3", life.cart(("jacket", 25_000), ("scarf", 5_000)), points=1_000)
    assert order["granted"] == {"points": 346, "growth": 290}
    assert (life.points(), life.level()) == ((211, 346), ("silver", 980, "2027-03-31T16:00:00Z"))

    # The scarf comes back: 48 + 9 points that still wait, 48 of 290 growth, and the 167 points that had paid for it.
    life.on(3, 25)
    refund = life.post("/v1/orders/shop:3/refunds", number="R3", refunded_at=life.now, currency="CNY", lines=[{"line": 2, "amount": 5_000}])
    assert (refund["reversed"], refund["returned"]) == ({"points": 57, "growth": 48}, 167)
    assert (life.points(), life.level()) == ((378, 289), ("silver", 932, "2027-03-31T16:00:00Z"))

    # A sofa at silver's rate, and gold from then on. Ten days later a mug for 1,500: March's 667 points first, then 833 of April's.
    life.on(4, 10)
    assert life.pay("4", life.cart(("sofa", 120_000)))["granted"] == {"points": 1_440, "growth": 1_200}
    assert (life.points(), life.level()) == ((667, 1_440), ("gold", 2_132, "2027-04-30T16:00:00Z"))
    life.on(4, 20)
    assert life.post(f"{LIN}/reward-orders", key="mug", reward="mug", address_ref="home")["points"] == 1_500
    assert (life.points(), life.lapsing()) == ((607, 0), [("2027-04-30T16:00:00Z", 607)])


def _birthday(life: Life) -> None:
    # Her birthday, told once however often the day is looked at; shares up to 15 points a day; gold's birthday gift; 5 off for 500.
    life.on(6, 15)
    life.on(6, 15)
    assert [life.act("share", f"s{number}") for number in range(4)] == [{"points": 5}] * 3 + [{}]
    assert life.points() == (607, 215)
    assert life.post(f"{LIN}/benefits/birthday-gift/uses", key="gift")["cost"] == 3_000
    life.post(f"{LIN}/benefits/birthday-gift/uses", key="another", status=422)
    assert life.post(f"{LIN}/reward-orders", key="five", reward="five")["state"] == "completed"
    # The birthday has brought a fifth off as well, which on 40.00 is better than 5.
    quote, order = life.pay_quoted("5", life.cart(("cup", 4_000)), best=True)
    assert [(one["definition"], one["discount"]) for one in quote["coupons"]["used"]] == [("birthday-coupon", 800)]
    assert order["granted"] == {"points": 32 + 16, "growth": 32}
    assert (life.points(), life.level()) == ((107, 263), ("gold", 2_164, "2027-04-30T16:00:00Z"))


def _silence(life: Life) -> None:
    # Nothing more. March's growth lapses in March, she is told in April what is missing, and April's lapses before the review.
    life.on(4, 1, year=2027)
    assert (life.points(), life.level()) == ((370, 0), ("gold", 1_232, "2027-04-30T16:00:00Z"))
    assert life.told() == ["tiers.changed", "tiers.changed", "tiers.will_drop"]
    # May: April's points have lapsed, and 30 days of grace run.
    life.on(5, 1, year=2027)
    assert (life.points(), life.level()) == ((263, 0), ("gold", 32, "2027-05-30T16:00:00Z"))
    # She falls one step, no deeper, and in July nothing is left.
    life.on(5, 31, year=2027)
    assert (life.points(), life.level()) == ((263, 0), ("silver", 32, "2028-05-31T16:00:00Z"))
    life.on(7, 1, year=2027)
    assert (life.points(), life.level()) == ((0, 0), ("silver", 0, "2028-05-31T16:00:00Z"))
    assert life.told() == ["tiers.changed", "tiers.changed", "tiers.will_drop", "tiers.changed"]
