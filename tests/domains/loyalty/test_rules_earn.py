"""What an order earns, part by part: bases, splits, caps, the hold-out, and the steps' order. Multipliers have their own file."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from regulars.domains.loyalty.model import Exposure, Programme, Rule
from regulars.domains.loyalty.rules import earn
from regulars.domains.loyalty.rules.earn import Earned, Part
from regulars.domains.orders.model import Line
from tests.support import factories
from tests.support.wallets import MEMBER, NOON, TICK, entry, fixed, multiply, per_amount, programme, standing

TEA = Line(1, "oolong", 2, 1_250, category="tea")
CAKE = Line(2, "castella", 1, 840, discount=100, category="cake")
MIXED = Line(1, "oolong", 1, 10_000, discount=1_000, tax=1_500, points_paid=2_000)


def earned(of: Programme, *lines: Line, at: datetime = NOON, used: dict[tuple[str, date], int] | None = None, **more: Any) -> Earned:
    """What the order earns of points."""
    found = standing()
    found.wallet.usage.update(used or {})
    by_unit = earn.earn(of, found, factories.order(MEMBER, "1", lines, at=at, **more)).earned
    return by_unit.get("points", Earned())


@pytest.mark.parametrize(
    ("exclude", "freight", "units"),
    [
        # The base is the amount of 10,000 less what is excluded: discount 1,000, tax 1,500, points 2,000; freight is on top.
        ((), 500, 105),
        (("freight",), 500, 100),
        (("discount",), 500, 95),
        (("tax",), 500, 90),
        (("points",), 500, 85),
        (("discount", "points", "freight"), 500, 70),
        (("discount", "tax", "points", "freight"), 500, 55),
        (("freight",), 0, 100),
        ((), 99, 100),
        ((), 100, 101),
    ],
)
def test_the_base_leaves_out_what_is_excluded(exclude: tuple[str, ...], freight: int, units: int) -> None:
    assert earned(programme(per_amount(exclude=frozenset(exclude))), MIXED, freight=freight).parts == [(1, "base", units)]


def test_freight_earns_nothing_line_by_line() -> None:
    assert earned(programme(per_amount(scope="line")), MIXED, freight=500).parts == [(1, "base", 100)]


def test_a_base_is_never_below_zero() -> None:
    rule = per_amount(exclude=frozenset(["discount", "points"]))
    over_paid = Line(1, "x", 1, 500, discount=400, points_paid=200)
    assert earned(programme(rule), over_paid, factories.line(2, 300)).parts == [(2, "base", 3)]
    penny = per_amount(per=1, scope="line", exclude=frozenset(["discount", "points"]))
    assert earned(programme(penny), over_paid).parts == []


def test_excluded_freight_does_not_fill_up_the_last_unit() -> None:
    assert earned(programme(per_amount(exclude=frozenset(["freight"]))), factories.line(1, 199), freight=1).amount == 1
    assert earned(programme(per_amount()), factories.line(1, 199), freight=1).amount == 2


@pytest.mark.parametrize(
    ("per", "give", "amount", "units"),
    [
        (100, 1, 99, 0),
        (100, 1, 100, 1),
        (100, 1, 199, 1),
        (100, 3, 199, 5),
        (1, 1, 7, 7),
        (1_000, 1, 999, 0),
        (300, 2, 449, 2),
        (300, 2, 450, 3),
    ],
)
def test_so_many_for_every_amount_rounded_down_once(per: int, give: int, amount: int, units: int) -> None:
    for scope in ("order", "line"):
        found = earned(programme(per_amount(per=per, give=give, scope=scope)), factories.line(1, amount))
        assert found.parts == ([(1, "base", units)] if units else [])
        assert found.amount == units


def test_the_order_is_rounded_once_and_split_by_largest_remainder_while_lines_are_rounded_one_by_one() -> None:
    two = (factories.line(1, 1_250), factories.line(2, 740))
    assert earned(programme(per_amount()), *two).parts == [(1, "base", 12), (2, "base", 7)]
    lines = (factories.line(1, 150), factories.line(2, 150), factories.line(3, 50))
    # Three of £3.50: 1.29, 1.29 and 0.43.
    assert earned(programme(per_amount()), *lines).parts == [(1, "base", 1), (2, "base", 1), (3, "base", 1)]
    assert earned(programme(per_amount(scope="line")), *lines).parts == [(1, "base", 1), (2, "base", 1)]
    assert earned(programme(per_amount(exclude=frozenset(["discount"]))), TEA, CAKE).parts == [(1, "base", 12), (2, "base", 7)]


def test_what_only_freight_earns_is_split_evenly_over_lines_without_a_base() -> None:
    free = (factories.line(1, 0), factories.line(2, 0))
    assert earned(programme(per_amount()), *free, freight=300).parts == [(1, "base", 2), (2, "base", 1)]


def test_a_fixed_rule_gives_once_an_order_split_by_what_each_line_cost() -> None:
    # 1,250 and 740: ten units are 6.28 and 3.72.
    assert earned(programme(fixed("gift", 10)), TEA, CAKE).parts == [(1, "gift", 6), (2, "gift", 4)]
    assert earned(programme(fixed("gift", 1)), TEA, CAKE).parts == [(1, "gift", 1)]
    assert earned(programme(fixed("gift", 3)), factories.line(1, 0), factories.line(2, 0)).parts == [(1, "gift", 2), (2, "gift", 1)]


@pytest.mark.parametrize(
    ("rule", "parts"),
    [
        (per_amount(when=("line.category", "tea")), [(1, "base", 12)]),
        (per_amount(when=("line.product", "castella")), [(2, "base", 8)]),
        (per_amount(when=("line.quantity", 2)), [(1, "base", 12)]),
        # The amount that a condition reads is after the discount.
        (per_amount(when=("line.amount", 740)), [(2, "base", 8)]),
        (per_amount(when=("line.amount", 840)), []),
        (per_amount(when=("line.category", "milk")), []),
        (fixed("gift", 10, when=("line.category", "cake")), [(2, "gift", 10)]),
        (per_amount(when=("order.store", "soho")), [(1, "base", 12), (2, "base", 8)]),
        (per_amount(when=("order.store", "bank")), []),
    ],
)
def test_a_condition_chooses_lines_or_the_whole_order(rule: Rule, parts: list[Part]) -> None:
    assert earned(programme(rule), TEA, CAKE, store="soho").parts == parts


def test_a_condition_on_lines_that_choose_none_earns_no_freight_either() -> None:
    assert earned(programme(per_amount(when=("line.category", "milk"))), TEA, freight=500) == Earned()


def test_rules_of_several_units_earn_beside_each_other_and_units_that_earn_nothing_are_left_out() -> None:
    of = programme(per_amount(), per_amount("growth", unit="growth", give=2), fixed("never", 1, unit="stamps", when=("order.store", "x")))
    run = earn.earn(of, standing(), factories.order(MEMBER, "1", [factories.line(1, 1_000)]))
    found, exposures = run.earned, run.exposures
    assert {name: each.parts for name, each in found.items()} == {"points": [(1, "base", 10)], "growth": [(1, "growth", 20)]}
    assert exposures == []


DAY = ("daily", date(2026, 3, 1))


@pytest.mark.parametrize(
    ("cap", "used", "parts", "caps", "cut"),
    [
        # Seven are wished for: 5 on the first line, 2 on the second.
        (10, 0, [(1, 5), (2, 2)], 7, None),
        (7, 0, [(1, 5), (2, 2)], 7, None),
        (6, 0, [(1, 4), (2, 2)], 6, (7, 6)),
        (1, 0, [(1, 1)], 1, (7, 1)),
        (10, 3, [(1, 5), (2, 2)], 7, None),
        (10, 4, [(1, 4), (2, 2)], 6, (7, 6)),
        (10, 9, [(1, 1)], 1, (7, 1)),
        (10, 10, [], 0, (7, 0)),
        (10, 11, [], 0, (7, 0)),
    ],
)
def test_a_cap_cuts_to_the_room_left_in_its_period_and_keeps_what_it_cut(
    cap: int, used: int, parts: list[tuple[int, int]], caps: int, cut: tuple[int, int] | None
) -> None:
    rule = per_amount("daily", cap=("day", cap))
    found = earned(programme(rule), factories.line(1, 500), factories.line(2, 200), used={DAY: used})
    assert found.parts == [(no, "daily", units) for no, units in parts]
    assert found.caps == ([("daily", "2026-03-01", caps)] if caps else [])
    assert found.cut == ([("daily", *cut)] if cut else [])
    assert found.amount == caps


def test_a_cap_an_order_needs_no_counter() -> None:
    found = earned(programme(fixed("gift", 9, cap=("order", 4))), TEA)
    assert (found.parts, found.caps, found.cut) == ([(1, "gift", 4)], [], [("gift", 9, 4)])


def test_a_rule_under_its_cap_per_order_is_whole() -> None:
    found = earned(programme(fixed("gift", 4, cap=("order", 4))), TEA)
    assert (found.parts, found.caps, found.cut) == ([(1, "gift", 4)], [], [])


def test_the_use_of_another_rule_or_period_takes_no_room() -> None:
    used = {("other", date(2026, 3, 1)): 9, ("daily", date(2026, 2, 28)): 9}
    assert earned(programme(fixed("daily", 9, cap=("day", 9))), TEA, used=used).amount == 9


@pytest.mark.parametrize(
    ("period", "at", "zone", "first_day"),
    [
        ("day", NOON, "Europe/London", date(2026, 3, 1)),
        # 16:00 in London is midnight in Shanghai.
        ("day", datetime(2026, 3, 1, 16, tzinfo=UTC) - TICK, "Asia/Shanghai", date(2026, 3, 1)),
        ("day", datetime(2026, 3, 1, 16, tzinfo=UTC), "Asia/Shanghai", date(2026, 3, 2)),
        ("week", NOON, "Europe/London", date(2026, 2, 23)),
        ("week", datetime(2026, 3, 2, tzinfo=UTC), "Europe/London", date(2026, 3, 2)),
        ("month", datetime(2026, 3, 31, 23, tzinfo=UTC), "Europe/London", date(2026, 4, 1)),
        ("month", datetime(2026, 3, 31, 22, 59, tzinfo=UTC), "Europe/London", date(2026, 3, 1)),
        ("quarter", NOON, "Europe/London", date(2026, 1, 1)),
        ("year", NOON, "Europe/London", date(2026, 1, 1)),
        ("lifetime", NOON, "UTC", date(1, 1, 2)),
    ],
)
def test_a_cap_counts_by_the_orders_own_time_in_the_programmes_zone(period: str, at: datetime, zone: str, first_day: date) -> None:
    rule = fixed("gift", 9, cap=(period, 10))
    of = programme(rule, zone=zone)
    assert earn.usage_key(of, rule, at) == ("gift", first_day)
    found = earned(of, TEA, at=at, used={("gift", first_day): 8})
    assert found.caps == [("gift", first_day.isoformat(), 2)]


def test_a_rule_without_a_cap_or_with_one_per_order_has_no_counter() -> None:
    order = factories.order(MEMBER, "1", [TEA])
    assert earn.usage_key(programme(), fixed("gift", 9), order.paid_at) is None
    assert earn.usage_key(programme(), fixed("gift", 9, cap=("order", 9)), order.paid_at) is None


@pytest.mark.parametrize(
    ("held_out", "parts", "withheld"), [(False, [(1, "base", 12), (1, "win", 50)], []), (True, [(1, "base", 12)], [("win", 50)])]
)
def test_an_incentive_is_withheld_from_the_hold_out_and_logged_for_both_sides(
    held_out: bool, parts: list[Part], withheld: list[tuple[str, int]]
) -> None:
    of = programme(per_amount(), fixed("win", 50, incentive=True, cap=("day", 60)))
    run = earn.earn(of, standing(held_out=held_out), factories.order(MEMBER, "1", [TEA]))
    found, exposures = run.earned, run.exposures
    assert (found["points"].parts, found["points"].withheld) == (parts, withheld)
    assert found["points"].caps == ([] if held_out else [("win", "2026-03-01", 50)])
    assert exposures == [Exposure("win", 50)]


def test_an_exposure_tells_what_was_wished_for_before_the_cap() -> None:
    of = programme(fixed("win", 50, incentive=True, cap=("order", 5)))
    run = earn.earn(of, standing(), factories.order(MEMBER, "1", [TEA]))
    found, exposures = run.earned, run.exposures
    assert (found["points"].amount, exposures) == (5, [Exposure("win", 50)])


def test_an_incentive_that_would_have_given_nothing_is_no_exposure() -> None:
    of = programme(per_amount("win", per=10_000, incentive=True), fixed("tea", 5, incentive=True, when=("line.category", "milk")))
    run = earn.earn(of, standing(), factories.order(MEMBER, "1", [TEA]))
    assert (run.earned, run.exposures, run.taken) == ({}, [], {})


def test_a_withheld_rule_is_no_base_for_a_multiplier() -> None:
    of = programme(per_amount(incentive=True), multiply("double", 20_000))
    found = earn.earn(of, standing(held_out=True), factories.order(MEMBER, "1", [TEA])).earned
    assert (found["points"].parts, found["points"].withheld) == ([], [("base", 12)])


def test_the_reason_names_its_parts_and_only_what_is_not_empty() -> None:
    assert Earned(parts=[(1, "base", 3), (2, "base", 4)]).amount == 7
    assert Earned([(1, "base", 3)]).why() == {"parts": [(1, "base", 3)]}
    assert Earned([], [("a", "2026-03-01", 1)]).why() == {"parts": [], "caps": [("a", "2026-03-01", 1)]}
    assert Earned([], [], [("a", 2, 1)]).why() == {"parts": [], "cut": [("a", 2, 1)]}
    assert Earned([], [], [], [("a", 2)]).why() == {"parts": [], "withheld": [("a", 2)]}


def test_earning_reads_the_standing_and_changes_nothing_of_it() -> None:
    of = programme(per_amount(cap=("day", 5)), fixed("win", 5, incentive=True))
    found = standing(entry("grant", 5, caps=[("base", "2026-03-01", 3)]))
    before = found.copy()
    by_unit = earn.earn(of, found, factories.order(MEMBER, "1", [TEA])).earned
    assert by_unit["points"].cut == [("base", 12, 2)]
    assert found == before
