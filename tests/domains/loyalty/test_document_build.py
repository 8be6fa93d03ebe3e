"""The compiled programme, field by field, of a document that uses every word of the language; and conditions that cannot be compiled."""

from dataclasses import replace
from typing import Any

import pytest

from regulars.domains.loyalty import document
from regulars.domains.loyalty.model import Cap, Expiry, Programme, Programmes, Redeem, Rule, Transfer, Unit
from regulars.domains.tiers.model import Ladder, Level
from regulars.kernel import periods
from regulars.kernel.problem import Fault, Kind, Problem
from regulars.kernel.text import Text
from tests.domains.loyalty import programmes
from tests.support.wallets import NOON, TICK, day, programme, values

EVERY_WORD = """
format: 1
name: {en: Tea club, zh: 茶会}
currency: JPY
time_zone: Asia/Tokyo
units:
  points:
    label: {en: points, zh: 积分}
    expiry: {rolling: {months: 12, days: 3, round_to: quarter}}
    pending_days: 7
    redeem: {points: 100, worth: 1, min_points: 500, max_share_bp: 5000}
    transfer: {per_day: 1000, min_points: 10}
  growth:
    label: {en: growth value, zh: 成长值}
    expiry: {calendar: {month: 6, day: 30, min_months: 2}}
    on_refund: waive
  stamps:
    label: {en: stamps, zh: 印章}
ladder:
  unit: growth
  keep: {months: 6, round_to: month}
  downgrade: one_step
  levels:
    - {id: leaf, from: 0, label: {en: Leaf, zh: 叶}}
    - {id: tree, from: 500, label: {en: Tree, zh: 树}}
earning:
  - {id: base, label: {en: Base, zh: 基础}, unit: points, per_amount: {every: 100, give: 2, by: line, exclude: [tax]}}
  - {id: growth, label: {en: Growth, zh: 成长}, unit: growth, per_amount: {every: 50, give: 1}}
  - id: gift
    label: {en: Gift, zh: 礼}
    unit: stamps
    fixed: 3
    incentive: true
    cap: {per: month, amount: 9}
    when: {combinator: and, rules: [{field: member.tier, operator: "=", value: tree}, {field: order.lines, operator: ">", value: 1}]}
  - id: tea
    label: {en: Tea, zh: 茶}
    unit: points
    multiply: {factor_bp: 15000, lane: category}
    when: {combinator: and, rules: [{field: line.category, operator: "=", value: tea}]}
"""
BASE: dict[str, Any] = {"test": None, "by_line": False, "reads": frozenset[str]()}


def built() -> Programme:
    return document.build(document.read(EVERY_WORD), 4)


def test_the_frame_of_the_programme() -> None:
    made = built()
    assert (made.version, made.label, made.currency, made.zone) == (4, Text(en="Tea club", zh="茶会"), "JPY", periods.zone("Asia/Tokyo"))
    assert made.ladder == Ladder(
        id="main",
        unit="growth",
        levels=(
            Level(id="leaf", threshold=0, label=Text(en="Leaf", zh="叶")),
            Level(id="tree", threshold=500, label=Text(en="Tree", zh="树")),
        ),
        keep_months=6,
        keep_round_to="month",
        downgrade="one_step",
    )
    assert made.reads == {"member.tier", "order.lines", "line.category"}


def test_the_units_with_and_without_each_of_their_words() -> None:
    assert list(built().units.items()) == [
        (
            "points",
            Unit(
                id="points",
                label=Text(en="points", zh="积分"),
                expiry=Expiry(kind="rolling", months=12, days=3, round_to="quarter"),
                pending_days=7,
                owes=True,
                redeem=Redeem(points=100, worth=1, min_points=500, max_share_bp=5_000),
                transfer=Transfer(per_day=1_000, min_points=10),
            ),
        ),
        (
            "growth",
            Unit(
                id="growth",
                label=Text(en="growth value", zh="成长值"),
                expiry=Expiry(kind="calendar", month=6, day=30, months=2),
                pending_days=0,
                owes=False,
                redeem=None,
                transfer=None,
                only_counted=True,
            ),
        ),
        (
            "stamps",
            Unit(
                id="stamps",
                label=Text(en="stamps", zh="印章"),
                expiry=Expiry(kind="never"),
                pending_days=0,
                owes=True,
                redeem=None,
                transfer=None,
            ),
        ),
    ]


@pytest.mark.parametrize(
    ("word", "instead"),
    [
        ("    on_refund: waive\n", "    on_refund: waive\n    transfer: {per_day: 10, min_points: 1}\n"),
        ("    on_refund: waive\n", "    on_refund: waive\n    redeem: {points: 1, worth: 1}\n"),
        ("earning:\n", "rewards:\n  - {id: cup, label: {en: Cup, zh: 杯}, kind: goods, unit: growth, points: 5}\nearning:\n"),
    ],
)
def test_what_a_ladder_counts_lapses_alone_once_it_can_be_spent(word: str, instead: str) -> None:
    assert built().units["growth"].only_counted
    assert not document.build(document.read(EVERY_WORD.replace(word, instead)), 4).units["growth"].only_counted


def test_the_per_amount_rules_in_the_order_they_were_written() -> None:
    base, growth, _ = built().earn
    assert base == Rule(
        id="base",
        label=Text(en="Base", zh="基础"),
        kind="per_amount",
        unit="points",
        per=100,
        give=2,
        scope="line",
        exclude=frozenset(["tax"]),
        **BASE,
    )
    assert growth == Rule(
        id="growth",
        label=Text(en="Growth", zh="成长"),
        kind="per_amount",
        unit="growth",
        per=50,
        give=1,
        scope="order",
        exclude=frozenset(["discount", "points", "freight"]),
        **BASE,
    )


def test_the_fixed_rules_and_apart_from_them_the_multipliers() -> None:
    made = built()
    assert replace(made.earn[2], test=None) == Rule(
        id="gift",
        label=Text(en="Gift", zh="礼"),
        kind="fixed",
        unit="stamps",
        test=None,
        by_line=False,
        reads=frozenset(["member.tier", "order.lines"]),
        cap=Cap(period="month", amount=9),
        incentive=True,
        give=3,
    )
    (tea,) = made.multiply
    assert replace(tea, test=None) == Rule(
        id="tea",
        label=Text(en="Tea", zh="茶"),
        kind="multiply",
        unit="points",
        test=None,
        by_line=True,
        reads=frozenset(["line.category"]),
        factor_bp=15_000,
        lane="category",
    )


@pytest.mark.parametrize(("tier", "lines", "applies"), [("tree", 2, True), ("tree", 1, False), ("leaf", 2, False)])
def test_a_condition_is_compiled_with_the_ladders_own_levels(tier: str, lines: int, applies: bool) -> None:
    test = built().earn[2].test
    assert test is not None
    assert test(values(member__tier=tier, order__lines=lines)) is applies


WRONG = """
  - {id: one, label: {en: One, zh: 一}, unit: points, fixed: 1,
     when: {combinator: and, rules: [{field: order.colour, operator: "=", value: red}]}}
  - {id: two, label: {en: Two, zh: 二}, unit: points, fixed: 1,
     when: {combinator: and, rules: [{field: order.lines, operator: "=", value: red}, {field: member.tier, operator: "=", value: black}]}}
"""


def test_every_condition_that_cannot_be_compiled_is_named_by_its_place() -> None:
    with pytest.raises(Problem) as refused:
        document.build(document.read(programmes.PLAIN + WRONG), 1)
    assert (refused.value.code, refused.value.kind) == ("programme.invalid", Kind.invalid)
    assert refused.value.fields == {"summary": "earning[2].when.rules[0].field: a known attribute; did you mean order.source?"}
    assert refused.value.faults == (
        Fault(field="earning[2].when.rules[0].field", value="order.colour", expected="a known attribute; did you mean order.source?"),
        Fault(field="earning[3].when.rules[0].value", value="red", expected="a whole number without quotes, like 5"),
        Fault(field="earning[3].when.rules[1].value", value="black", expected="one of member, silver, gold"),
    )


def test_the_version_in_force_is_the_last_that_has_begun_and_the_first_covers_all_history_before_it() -> None:
    old, new = programme(), replace(programme(), version=4)
    both = Programmes((NOON, day(5)), (old, new))
    moments = (day(-900), NOON, day(5) - TICK, day(5), day(900))
    assert [both.at(moment).version for moment in moments] == [3, 3, 3, 4, 4]
    assert both.by_version() == {3: old, 4: new}
    with pytest.raises(Problem) as refused:
        Programmes((), ()).at(NOON)
    assert (refused.value.code, refused.value.kind) == ("programme.none", Kind.conflict)
