"""Multipliers on what the per-amount rules left, lane by lane; and what conditions read of the order, the member and the time."""

from datetime import UTC, date, datetime, timedelta

import pytest

from regulars.domains.loyalty.model import Exposure, Rule
from regulars.domains.loyalty.rules import earn, reading
from regulars.domains.loyalty.rules.earn import Part
from regulars.domains.orders.model import Line
from regulars.domains.tiers.model import TierStanding
from tests.support import factories
from tests.support.wallets import MEMBER, NOON, fixed, multiply, per_amount, programme, standing

TEA = Line(1, "oolong", 2, 1_250, category="tea")
CAKE = Line(2, "castella", 1, 740, category="cake")
BASE = [(1, "base", 12), (2, "base", 7)]
TEA_ONLY = ("line.category", "tea")


def parts(*rules: Rule, held_out: bool = False) -> list[Part]:
    """The parts of points that tea (12 points) and cake (7 points) earn."""
    found = earn.earn(programme(*rules), standing(held_out=held_out), factories.order(MEMBER, "1", [TEA, CAKE])).earned
    return found["points"].parts


@pytest.mark.parametrize(
    ("factor_bp", "on_tea", "on_cake"),
    [(20_000, 12, 7), (15_000, 6, 3), (12_000, 2, 1), (11_000, 1, 0), (10_800, 0, 0), (10_834, 1, 0), (10_833, 0, 0), (30_000, 24, 14)],
)
def test_a_multiplier_adds_the_factor_less_one_rounded_down_on_each_line(factor_bp: int, on_tea: int, on_cake: int) -> None:
    extra = [(no, "more", units) for no, units in ((1, on_tea), (2, on_cake)) if units]
    assert parts(per_amount(), multiply("more", factor_bp)) == BASE + extra


@pytest.mark.parametrize(
    ("multipliers", "extra"),
    [
        # In one lane the highest factor counts on each line, the first of equals.
        ([multiply("a", 15_000), multiply("b", 20_000)], [(1, "b", 12), (2, "b", 7)]),
        ([multiply("b", 20_000), multiply("a", 15_000)], [(1, "b", 12), (2, "b", 7)]),
        ([multiply("a", 20_000), multiply("b", 20_000)], [(1, "a", 12), (2, "a", 7)]),
        ([multiply("a", 15_000), multiply("tea", 20_000, when=TEA_ONLY)], [(1, "tea", 12), (2, "a", 3)]),
        # Lanes add up, on the base and not on each other.
        ([multiply("a", 15_000, "tier"), multiply("b", 20_000)], [(1, "a", 6), (2, "a", 3), (1, "b", 12), (2, "b", 7)]),
        ([multiply("a", 15_000, when=("order.store", "soho"))], []),
    ],
)
def test_lanes(multipliers: list[Rule], extra: list[Part]) -> None:
    assert parts(per_amount(), *multipliers) == BASE + extra


def test_a_multiplier_multiplies_what_a_cap_left_and_no_fixed_rule() -> None:
    capped = per_amount(cap=("order", 10))
    # Ten of nineteen: 6.32 and 3.68.
    assert parts(capped, fixed("gift", 19), multiply("more", 20_000)) == [
        *[(1, "base", 6), (2, "base", 4), (1, "gift", 12), (2, "gift", 7)],
        *[(1, "more", 6), (2, "more", 4)],
    ]


def test_a_multiplier_multiplies_every_per_amount_rule_of_its_unit_together() -> None:
    # 12 + 3 on the tea: half of fifteen, not a half of each.
    found = parts(per_amount(), per_amount("tea", per=400, when=TEA_ONLY), multiply("half", 15_000, when=TEA_ONLY))
    assert found == [*BASE, (1, "tea", 3), (1, "half", 7)]


def test_a_line_without_a_base_is_not_multiplied() -> None:
    assert parts(per_amount(when=TEA_ONLY), multiply("more", 20_000)) == [(1, "base", 12), (1, "more", 12)]
    assert parts(per_amount(when=TEA_ONLY), multiply("cake", 20_000, when=("line.category", "cake"))) == [(1, "base", 12)]


def test_a_multiplier_of_one_unit_leaves_the_others_alone() -> None:
    rules = (per_amount(), per_amount("grow", unit="growth", give=2), multiply("more", 20_000, unit="growth"))
    found = earn.earn(programme(*rules), standing(), factories.order(MEMBER, "1", [TEA])).earned
    assert {name: each.parts for name, each in found.items()} == {"points": [(1, "base", 12)], "growth": [(1, "grow", 25), (1, "more", 25)]}
    two = (per_amount(), per_amount("grow", unit="growth"), multiply("p", 20_000), multiply("g", 30_000, unit="growth"))
    found = earn.earn(programme(*two), standing(), factories.order(MEMBER, "1", [TEA])).earned
    assert {name: each.parts[1:] for name, each in found.items()} == {"points": [(1, "p", 12)], "growth": [(1, "g", 24)]}


def test_a_multiplier_of_a_unit_that_earned_nothing_gives_nothing_and_stops_no_other() -> None:
    assert parts(per_amount(), multiply("none", 20_000, unit="growth"), multiply("more", 20_000)) == [
        *BASE,
        (1, "more", 12),
        (2, "more", 7),
    ]


def test_a_multiplier_has_its_own_cap_and_can_be_withheld() -> None:
    rules = (per_amount(), multiply("more", 20_000, cap=("day", 10), incentive=True))
    run = earn.earn(programme(*rules), standing(), factories.order(MEMBER, "1", [TEA, CAKE]))
    found, exposures = run.earned, run.exposures
    # Ten of nineteen again.
    assert found["points"].parts == [*BASE, (1, "more", 6), (2, "more", 4)]
    assert (found["points"].caps, found["points"].cut) == ([("more", "2026-03-01", 10)], [("more", 19, 10)])
    assert exposures == [Exposure("more", 19)]
    assert parts(*rules, held_out=True) == BASE


READ = frozenset((*reading.ORDER_ATTRIBUTES, *reading.MOMENT_ATTRIBUTES))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("order.total", 2_290),
        ("order.source", "shop"),
        ("order.store", "soho"),
        ("order.channel", "web"),
        ("order.lines", 2),
        ("member.tier", "silver"),
        ("member.orders", 4),
        ("member.spend", 9_900),
        ("member.first_order", False),
        ("member.days_since_joined", 28),
        # 17:30 on Saturday 28 February in London is 01:30 on Sunday 1 March in Shanghai.
        ("time.weekday", 7),
        ("time.hour", 1),
        ("time.date", date(2026, 3, 1)),
        ("time.month", 3),
        ("time.day_of_month", 1),
    ],
)
def test_an_attribute_is_what_it_was_before_the_order_in_the_programmes_zone(name: str, value: object) -> None:
    of = programme(per_amount(when=(name, value)), zone="Asia/Shanghai")
    found = standing(tier=TierStanding("silver", NOON, NOON), orders=4, spend=9_900)
    order = factories.order(
        MEMBER, "1", [TEA, CAKE], at=datetime(2026, 2, 28, 17, 30, tzinfo=UTC), freight=300, store="soho", channel="web"
    )
    assert reading.order_values(of, found, order) == {name: value}
    assert earn.earn(of, found, order).earned["points"].amount == 22


def test_only_what_the_programme_reads_is_worked_out() -> None:
    order = factories.order(MEMBER, "1", [TEA])
    assert reading.order_values(programme(per_amount()), standing(), order) == {}
    both = programme(per_amount(when=("order.lines", 1)), per_amount("b", when=TEA_ONLY))
    assert reading.order_values(both, standing(), order) == {"order.lines": 1}
    assert len(READ) == 15


@pytest.mark.parametrize(
    ("joined_at", "days"),
    [
        # Local days: 23:59 of the day before is one day, a moment after midnight none.
        (datetime(2026, 2, 28, 23, 59, tzinfo=UTC), 1),
        (datetime(2026, 3, 1, tzinfo=UTC), 0),
        (NOON, 0),
        (NOON - timedelta(days=365), 365),
    ],
)
def test_days_since_joining_are_local_days(joined_at: datetime, days: int) -> None:
    found = standing()
    found.joined_at = joined_at
    of = programme(per_amount(when=("member.days_since_joined", days)))
    assert reading.order_values(of, found, factories.order(MEMBER, "1", [TEA])) == {"member.days_since_joined": days}


@pytest.mark.parametrize(("orders", "first"), [(0, True), (1, False)])
def test_the_first_order_is_the_one_before_which_there_was_none(orders: int, first: bool) -> None:
    of = programme(per_amount(when=("member.first_order", True)))
    assert reading.order_values(of, standing(orders=orders), factories.order(MEMBER, "1", [TEA])) == {"member.first_order": first}


@pytest.mark.parametrize(
    ("at", "hour"),
    [
        # London's clocks jump from 01:00 to 02:00 on 29 March, and from 02:00 back to 01:00 on 25 October.
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), 0),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), 2),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 1),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), 1),
        (datetime(2026, 10, 25, 2, 0, tzinfo=UTC), 2),
        (datetime(2026, 3, 1, 23, 59, tzinfo=UTC), 23),
    ],
)
def test_the_hour_is_what_the_wall_clock_shows(at: datetime, hour: int) -> None:
    of = programme(per_amount(when=("time.hour", hour)))
    assert reading.order_values(of, standing(), factories.order(MEMBER, "1", [TEA], at=at)) == {"time.hour": hour}
