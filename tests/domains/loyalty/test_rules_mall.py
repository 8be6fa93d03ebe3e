"""What an order of the mall writes down: points spent, stock taken, what it gives, and what a cancellation returns."""

from datetime import date
from uuid import UUID

import pytest

from regulars.domains.loyalty.model import RewardMoved
from regulars.domains.loyalty.rules import coupons
from regulars.domains.points.model import ALWAYS, NEVER, Entry
from regulars.domains.rewards.model import Kind, RewardOrder, State
from regulars.kernel.problem import Problem
from tests.domains.loyalty import whole
from tests.support import factories
from tests.support.engine import Machine
from tests.support.wallets import NOON

REF = UUID(int=3)
CUP = "id: cup, label: {en: Cup, zh: 杯子}, kind: goods, unit: points, points: 60"


def machine(*pairs: tuple[str, str]) -> Machine:
    made = whole.text()
    for old, new in pairs:
        assert old in made
        made = made.replace(old, new)
    m = Machine(factories.programme(made))
    m.adjust(200)
    return m


def row(**more: object) -> RewardOrder:
    plain: dict[str, object] = {
        "reward_order_id": REF,
        "reward": "cup",
        "kind": Kind.goods,
        "quantity": 1,
        "unit": "points",
        "points": 60,
        "cash": 0,
        "currency": "GBP",
        "placed_at": NOON,
        "changed_at": NOON,
        "changed_by": "me",
        "address_ref": "home",
        "period": date(2026, 3, 1),
        "from_stock": True,
    }
    return RewardOrder(**{**plain, **more})  # type: ignore[arg-type]  # tests pass fields by name


def test_an_order_spends_points_counts_against_the_limit_and_takes_stock() -> None:
    m = machine((CUP, f"{CUP}, cash: 250"))
    decision = m.reward("cup", 3, address="home")
    spent, written = decision.entries
    assert (spent.unit, spent.kind, spent.amount, spent.at, spent.ref, spent.why) == ("points", "spend", 60, NOON, REF, {"reward": "cup"})
    why = {"points": 60, "cash": 250, "state": "placed", "caps": [["reward:cup", "2026-03-01", 1]]}
    assert written == Entry("reward:cup", "order", 1, NOON, NEVER, ALWAYS, REF, why)
    assert decision.answer == {"points": 60, "cash": 250, "state": "placed", "level": "member"}
    assert decision.taken == {"reward:cup:stock": 1}
    assert m.standing.reward_orders == {REF: row(cash=250)}
    assert m.standing.wallet.usage == {("reward:cup", date(2026, 3, 1)): 1}


def test_what_has_neither_stock_nor_limit_is_counted_nowhere() -> None:
    m = machine()
    decision = m.reward("card", 3)
    assert (decision.taken, m.standing.wallet.usage) == ({}, {})
    assert decision.entries[1].why == {"points": 50, "cash": 0, "state": "completed"}


def test_money_is_granted_at_once_under_the_order_with_its_units_own_expiry() -> None:
    m = machine(("\n    money: true\n", "\n    money: true\n    expiry: {calendar: {month: 12, day: 31}}\n"))
    decision = m.reward("card", 3, quantity=2)
    until = NOON.replace(year=2027, month=1, day=1, hour=0)
    assert decision.entries[2:] == [Entry("purse", "grant", 1_000, NOON, until, ALWAYS, REF, {"reward": "card"})]


def test_each_coupon_of_an_order_has_an_id_of_its_own() -> None:
    m = machine()
    m.reward("voucher", 3, quantity=2)
    assert set(m.standing.coupons) == {coupons.derived_id(REF, n) for n in range(4)}
    assert {held.source for held in m.standing.coupons.values()} == {"exchange"}


def test_a_cancelled_order_says_what_it_returned_and_gives_limit_and_stock_back() -> None:
    m = machine()
    m.reward("cup", 3, address="home")
    m.now = NOON.replace(hour=15)
    decision = m.move_reward("cancelled", 3)
    returned, written = decision.entries[1], decision.entries[0]
    assert (returned.kind, returned.amount, returned.at, returned.ref, returned.why) == ("restore", 60, m.now, REF, {"cancelled": True})
    why = {"points": 60, "cash": 0, "state": "cancelled", "caps": [["reward:cup", "2026-03-01", -1]]}
    assert written == Entry("reward:cup", "cancelled", 1, m.now, NEVER, ALWAYS, REF, why)
    assert decision.answer == {"returned": 60, "state": "cancelled", "level": "member"}
    assert decision.taken == {"reward:cup:stock": -1}
    assert m.standing.reward_orders[REF] == row(state=State.cancelled, version=2, changed_at=m.now, changed_by="clerk")
    assert set(m.standing.wallet.usage.values()) == {0}


def test_what_is_sent_keeps_who_sent_it_how_and_what_was_said() -> None:
    m = machine()
    m.reward("cup", 3, address="home")
    moved = RewardMoved(member_id=m.member, at=NOON, ref=REF, state="fulfilled", by="clerk", carrier="post", tracking="P1", note="fragile")
    decision = m.take(moved)
    assert decision.answer == {"state": "fulfilled", "level": "member"}
    assert decision.entries == [
        Entry("reward:cup", "fulfilled", 1, NOON, NEVER, ALWAYS, REF, {"points": 60, "cash": 0, "state": "fulfilled"})
    ]
    assert m.standing.reward_orders[REF] == row(
        state=State.fulfilled, version=2, changed_by="clerk", carrier="post", tracking="P1", note="fragile"
    )


def test_an_order_of_another_member_is_unknown() -> None:
    with pytest.raises(Problem) as refused:
        machine().move_reward("cancelled", 9)
    assert (refused.value.code, refused.value.fields) == ("rewards.order_unknown", {"order": str(UUID(int=9))})
