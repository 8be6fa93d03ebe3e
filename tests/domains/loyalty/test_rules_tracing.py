"""What a tried programme says of each rule: what it wanted to give, what it gave, to which lines, and which condition held."""

from typing import Any

import pytest

from regulars.domains.loyalty.model import Rule
from regulars.domains.loyalty.rules import tracing
from regulars.domains.loyalty.rules.tracing import Judged, Trace
from regulars.kernel.conditions import Comparison, Group, LeafResult, Operator
from tests.support import factories
from tests.support.wallets import MEMBER, fixed, multiply, per_amount, programme, standing, unit

TEA, CAKE = ("line.category", "tea"), ("line.category", "cake")
LINES = [factories.line(2, 2_000, category="cake"), factories.line(1, 1_000, category="tea")]


def traced(*rules: Rule, held_out: bool = False, trees: dict[str, Any] | None = None, **more: Any) -> list[Trace]:
    of = programme(*rules, units=[unit("stars")])
    return tracing.trace(of, standing(held_out=held_out), factories.order(MEMBER, "1", LINES, **more), trees or {})


def said(found: Trace) -> tuple[str, tuple[int, ...], int, int]:
    return found.state, found.lines, found.desired, found.granted


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        (per_amount(), ("granted", (1, 2), 30, 30)),
        (per_amount(when=TEA), ("granted", (1,), 10, 10)),
        (per_amount(when=("line.category", "wine")), ("not_met", (), 0, 0)),
        (per_amount(per=100_000), ("nothing", (1, 2), 0, 0)),
        (per_amount(cap=("order", 12)), ("capped", (1, 2), 30, 12)),
        (per_amount(cap=("order", 0)), ("capped", (1, 2), 30, 0)),
        (fixed("hello", 7, unit="stars"), ("granted", (1, 2), 7, 7)),
    ],
)
def test_what_a_rule_wanted_and_gave(rule: Rule, wanted: tuple[str, tuple[int, ...], int, int]) -> None:
    (found,) = traced(rule)
    assert (found.rule, said(found), found.judged) == (rule, wanted, [])


def test_the_control_group_is_told_what_it_would_have_had() -> None:
    assert [said(one) for one in traced(per_amount(incentive=True), fixed("hello", 7), held_out=True)] == [
        ("withheld", (1, 2), 30, 0),
        ("granted", (1, 2), 7, 7),
    ]


def test_each_rule_of_a_unit_answers_for_its_own_part() -> None:
    rules = per_amount("base"), per_amount("more", cap=("order", 4)), per_amount("gift", incentive=True, give=2)
    assert [said(one) for one in traced(*rules)] == [
        ("granted", (1, 2), 30, 30),
        ("capped", (1, 2), 30, 4),
        ("granted", (1, 2), 60, 60),
    ]


def test_a_lower_factor_of_the_lane_is_outdone_where_both_are_about_a_line() -> None:
    rules = [
        per_amount(),
        multiply("double", 20_000),
        multiply("triple_tea", 30_000, when=TEA),
        multiply("half_more_tea", 15_000, when=TEA),
        multiply("half_more_cake", 15_000, when=CAKE),
        multiply("elsewhere", 15_000, "other", when=TEA),
    ]
    assert [(one.rule.id, *said(one)) for one in traced(*rules)] == [
        ("base", "granted", (1, 2), 30, 30),
        ("double", "granted", (1, 2), 20, 20),
        ("triple_tea", "granted", (1,), 20, 20),
        ("half_more_tea", "outdone", (1,), 0, 0),
        ("half_more_cake", "outdone", (2,), 0, 0),
        ("elsewhere", "granted", (1,), 5, 5),
    ]


def test_the_same_factor_outdoes_nothing_and_a_rule_that_gives_itself_is_never_outdone() -> None:
    rules = [
        per_amount(per=2_000),
        multiply("first", 11_000),
        multiply("second", 11_000),
        multiply("stars", 20_000, unit="stars"),
    ]
    assert [(one.rule.id, one.state) for one in traced(*rules)] == [
        ("base", "granted"),
        ("first", "nothing"),
        ("second", "nothing"),
        ("stars", "nothing"),
    ]
    assert [one.state for one in traced(per_amount(per=100_000), multiply("double", 20_000))] == ["nothing", "nothing"]


def leaf(field: str, wanted: Any, actual: object, *, holds: bool) -> LeafResult:
    return LeafResult("rules[0]", field, "=", wanted, actual, holds)


def tree(field: str, wanted: Any) -> Group:
    return Group("and", (Comparison(field, Operator.equal, wanted),))


def test_a_condition_about_lines_is_judged_line_by_line_and_one_about_the_order_once() -> None:
    rules = per_amount("tea", when=TEA), fixed("here", 5, when=("order.store", "high street")), per_amount("base")
    trees = {"tea": tree("line.category", "tea"), "here": tree("order.store", "high street")}
    assert [one.judged for one in traced(*rules, trees=trees, store="market")] == [
        [
            Judged(2, [leaf("line.category", "tea", "cake", holds=False)]),
            Judged(1, [leaf("line.category", "tea", "tea", holds=True)]),
        ],
        [Judged(None, [leaf("order.store", "high street", "market", holds=False)])],
        [],
    ]
