"""What one history comes to under a programme: by rule, by month, by level, from when it counts, and what would have been refused."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from regulars.domains.loyalty.model import Fact, HoldPlaced, LinesRefunded, OrderPaid, PointsRedeemed, Programme, RedemptionCancelled
from regulars.domains.loyalty.model.simulation import Flow, LevelSum, Replayed, RuleSum, Told
from regulars.domains.loyalty.rules import replaying
from regulars.domains.orders.model import Order, Refund, Refunded, RefundLine
from regulars.kernel.ids import HoldId, RefundId, SubjectId
from tests.domains.loyalty import programmes
from tests.support import factories
from tests.support.wallets import MEMBER, NOON, day

PLAIN = factories.programme(programmes.PLAIN)
KEYED: dict[str, Any] = {"member_id": MEMBER}
MONTH = 24_315


def bought(days: float, amount: int, number: str = "", *, hold: UUID | None = None) -> OrderPaid:
    made = factories.order(MEMBER, number or str(days), [factories.line(1, amount)], at=day(days))
    return OrderPaid(order=made, hold_id=HoldId(hold) if hold else None)


def redeemed(days: float, points: int, ref: int = 1) -> PointsRedeemed:
    return PointsRedeemed(**KEYED, at=day(days), ref=UUID(int=ref), unit="points", points=points)


def told(*facts: Fact, counted: bool = True, month: int = MONTH) -> list[Told]:
    """Facts of one month; an order with its money."""
    return [Told(fact, month, fact.order.total if isinstance(fact, OrderPaid) else 0, counted) for fact in facts]


def replay(listed: list[Told], *, until: float = 30, since: datetime | None = None, of: Programme = PLAIN) -> Replayed:
    return replaying.replay(of, replaying.opened(of, MEMBER, NOON, held_out=False), listed, as_of=day(until), since=since)


def test_an_order_counts_by_rule_month_and_the_level_it_was_placed_on() -> None:
    found = replay(told(bought(1, 10_000)))
    assert found == Replayed(
        flows={"points": Flow(granted=100, outstanding=100), "growth": Flow(granted=100, outstanding=100)},
        rules={"base": RuleSum(100, 1, 1), "growth": RuleSum(100, 1, 1)},
        months={(MONTH, "points"): 100, (MONTH, "growth"): 100},
        at_level={("main", "member"): LevelSum(1, 10_000, {"points": 100, "growth": 100})},
        levels={"main": "silver"},
    )


def test_orders_add_up_and_each_counts_on_the_level_it_was_placed_on() -> None:
    found = replay([*told(bought(1, 10_000), bought(2, 5_000)), *told(bought(3, 7_000), month=MONTH + 1)])
    assert found.rules == {"base": RuleSum(220, 3, 1), "growth": RuleSum(220, 3, 1)}
    assert {key: amount for key, amount in found.months.items() if key[1] == "points"} == {
        (MONTH, "points"): 150,
        (MONTH + 1, "points"): 70,
    }
    assert found.at_level == {
        ("main", "member"): LevelSum(1, 10_000, {"points": 100, "growth": 100}),
        ("main", "silver"): LevelSum(2, 12_000, {"points": 120, "growth": 120}),
    }


def test_an_order_that_earns_nothing_counts_on_its_level_all_the_same() -> None:
    assert replay(told(bought(1, 10_000), bought(2, 50))).at_level["main", "silver"] == LevelSum(1, 50, {})


@pytest.mark.parametrize("amount", [10_000, 50])
def test_a_level_that_time_took_is_gone_before_the_order_that_found_out(amount: int) -> None:
    found = replay(told(bought(1, 10_000), bought(400, amount)), until=400)
    assert found.at_level["main", "member"].spend == 10_000 + amount
    assert found.levels == {"main": "silver" if amount == 10_000 else "member"}


def test_a_level_that_another_fact_changed_is_the_one_of_the_next_order() -> None:
    found = replay(told(bought(1, 10_000), redeemed(400, 1), bought(401, 50)), until=401)
    assert found.at_level == {("main", "member"): LevelSum(2, 10_050, {"points": 100, "growth": 100})}
    assert found.refused == {"redeem": 1}


def test_what_was_before_the_period_is_there_and_not_counted() -> None:
    before, after = told(bought(1, 10_000), redeemed(2, 30), counted=False), told(bought(40, 2_000), redeemed(41, 5, 2))
    found = replay([*before, *after], until=50, since=day(35))
    assert found.flows["points"] == Flow(granted=20, spent=5, outstanding=85)
    assert (found.rules["base"], found.months[MONTH, "points"]) == (RuleSum(20, 1, 1), 20)
    assert found.at_level == {("main", "silver"): LevelSum(1, 2_000, {"points": 20, "growth": 20})}


def test_a_period_in_which_nothing_happened_still_sees_what_lapsed_in_it_and_not_what_lapsed_before() -> None:
    early, late = bought(1, 10_000), bought(100, 2_000)
    found = replay(told(early, late, counted=False), until=480, since=day(400))
    assert found.flows["points"] == Flow(expired=20)
    assert (found.rules, found.months, found.at_level) == ({}, {}, {})


def test_what_lapses_between_the_beginning_of_the_period_and_its_first_fact_counts() -> None:
    found = replay([*told(bought(1, 10_000), counted=False), *told(bought(380, 2_000))], until=380, since=day(300))
    assert found.flows["points"] == Flow(granted=20, expired=100, outstanding=20)


def test_every_flow_is_told_by_itself() -> None:
    refund = Refund(
        refund_id=RefundId(UUID(int=9)),
        subject_id=SubjectId(MEMBER),
        member_id=MEMBER,
        source="shop",
        number="r",
        refunded_at=day(3),
        currency="GBP",
        order_id=bought(1, 10_000).order.order_id,
        order_number="1",
        lines=(RefundLine(1, 4_000),),
    )
    order: Order = bought(1, 10_000).order
    listed = told(bought(1, 10_000), redeemed(2, 30), LinesRefunded(refund=refund, state=Refunded(order, {}, 0)))
    assert replay(listed).flows["points"] == Flow(granted=100, spent=30, reversed=40, outstanding=30)


def test_a_redemption_is_undone_by_what_the_history_remembers() -> None:
    back = RedemptionCancelled(**KEYED, at=day(3), ref=UUID(int=1))
    found = replay(told(bought(1, 10_000), redeemed(2, 30), back))
    assert (found.flows["points"], found.refused) == (Flow(granted=100, outstanding=100), {})


def test_what_was_refused_is_counted_by_kind_and_undoing_it_is_not() -> None:
    back = RedemptionCancelled(**KEYED, at=day(3), ref=UUID(int=1))
    found = replay(told(redeemed(1, 30), redeemed(2, 40, 2), back, bought(4, 1_000)))
    assert found.refused == {"redeem": 2}
    assert found.flows["points"] == Flow(granted=10, outstanding=10)


def test_an_order_spends_the_points_that_its_cart_held() -> None:
    hold = UUID(int=5)
    placed = HoldPlaced(**KEYED, at=day(2), ref=hold, unit="points", points=40, until=day(2) + timedelta(minutes=15))
    found = replay(told(bought(1, 10_000), placed, bought(2, 1_000, hold=hold)))
    assert (found.flows["points"], found.refused) == (Flow(granted=110, spent=40, outstanding=70), {})


def test_a_hold_nobody_knows_of_is_refused_and_its_order_stays() -> None:
    found = replay(told(bought(1, 1_000, "a", hold=UUID(int=5)), bought(2, 1_000, "b", hold=UUID(int=6))))
    assert (found.refused, found.flows["points"].granted) == ({"hold": 2}, 20)


def test_what_a_cap_cut_counts_also_where_it_left_the_rule_nothing_to_give() -> None:
    rule = "unit: points, per_amount: {every: 100, give: 1}"
    hello = "  - {id: hello, label: {en: Hello, zh: 你好}, unit: points, fixed: 1}\n"
    of = factories.programme(programmes.changed((rule, f"{rule}, cap: {{per: day, amount: 30}}"), more_rules=hello))
    first, second = bought(1, 5_000, "a"), bought(1.1, 4_000, "b")
    found = replay(told(first, second), of=of)
    assert (found.rules["base"], found.rules["hello"]) == (RuleSum(units=30, orders=1, members=1, cut=60), RuleSum(2, 2, 1))
    only_cut = replay([*told(first, counted=False), *told(second)], of=of, since=day(1.05))
    assert only_cut.rules["base"] == RuleSum(cut=40)


STAMPS = "  stamps: {label: {en: stamps, zh: 印花}}\n  visits: {label: {en: visits, zh: 到店}}\n  growth:\n    label"
STAMP_RULES = """
  - {id: stamp, label: {en: Stamp, zh: 印花}, unit: stamps, fixed: 1, cap: {per: day, amount: 1},
     when: {combinator: and, rules: [{field: order.total, operator: ">=", value: 1000}]}}
  - {id: first, label: {en: First, zh: 首单}, unit: stamps, fixed: 2, cap: {per: lifetime, amount: 2},
     when: {combinator: and, rules: [{field: member.tier, operator: "=", value: silver}]}}
  - {id: visit, label: {en: Visit, zh: 到店}, unit: visits, fixed: 3, cap: {per: order, amount: 2},
     when: {combinator: and, rules: [{field: order.total, operator: ">=", value: 9000}]}}
"""
STAMPED = factories.programme(programmes.changed(("  growth:\n    label", STAMPS), more_rules=STAMP_RULES))


def test_a_cap_that_leaves_a_unit_nothing_is_counted_though_no_entry_tells_of_it() -> None:
    first, second, third = (bought(1 + n / 10, 5_000, str(n)) for n in range(3))
    found = replay(told(first, second, bought(1.15, 900, "small"), third, bought(2, 5_000)), of=STAMPED)
    # The second order is cut to nothing, the small one finds its member silver, the third is cut of both; the next day one rule gives.
    assert found.rules["stamp"] == RuleSum(units=2, orders=2, members=1, cut=2)
    assert found.rules["first"] == RuleSum(units=2, orders=1, members=1, cut=4)
    assert (found.flows["stamps"], "visit" in found.rules) == (Flow(granted=4, outstanding=4), False)


def test_a_rule_whose_first_order_in_the_period_was_cut_to_nothing_counts_its_member_with_the_next() -> None:
    early, late, next_day = bought(1, 2_000, "a"), bought(1.1, 2_000, "b"), bought(2, 2_000, "c")
    listed = [*told(early, counted=False), *told(late)]
    assert replay(listed, of=STAMPED, since=day(1.05)).rules["stamp"] == RuleSum(cut=1)
    found = replay([*listed, *told(next_day)], of=STAMPED, since=day(1.05))
    assert found.rules["stamp"] == RuleSum(units=1, orders=1, members=1, cut=1)


def test_what_is_cut_to_nothing_is_asked_at_the_level_that_the_order_found() -> None:
    # Time alone takes the level before the last order: the rule is for silver, so nothing of it was cut there.
    one, two = bought(1, 10_000, "a"), bought(2, 500, "b")
    found = replay(told(one, two, bought(3, 500, "c"), bought(400, 500, "d")), of=STAMPED, until=400)
    assert found.rules["first"] == RuleSum(units=2, orders=1, members=1, cut=2)
    assert found.rules["visit"] == RuleSum(units=2, orders=1, members=1, cut=1)


def test_time_stands_still_before_the_member_joined() -> None:
    found = replaying.replay(PLAIN, replaying.opened(PLAIN, MEMBER, NOON, held_out=True), [], as_of=day(-1))
    assert (found.flows, found.levels) == ({}, {"main": "member"})


def test_a_sample_is_always_the_same_and_a_larger_one_keeps_the_smaller() -> None:
    members = [UUID(int=n) for n in range(2_000)]
    tenth = {one for one in members if replaying.sampled(one, 1_000)}
    fifth = {one for one in members if replaying.sampled(one, 2_000)}
    assert tenth < fifth
    assert (sum(replaying.sampled(one, 10_000) for one in members), sum(replaying.sampled(one, 0) for one in members)) == (2_000, 0)
    assert sorted(one.int for one in tenth)[:5] == [14, 21, 24, 27, 36]
