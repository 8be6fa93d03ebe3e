"""Contradictions: and-ed rules that exclude each other are refused, those that do not are left alone."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel import conditions
from regulars.kernel.attributes import Registry
from regulars.kernel.problem import Problem

Rule = tuple[str, str, object]


def group(combinator: str, *rules: object, negated: bool = False) -> dict[str, Any]:
    written = [{"field": r[0], "operator": r[1], "value": r[2]} if isinstance(r, tuple) else r for r in rules]
    return {"combinator": combinator, "not": negated, "rules": written}


def contradictions(source: object, registry: Registry, at: str = "") -> list[tuple[str, str, str]]:
    with pytest.raises(Problem) as caught:
        conditions.parse(source, registry, at=at)
    assert caught.value.code == "conditions.impossible"
    assert caught.value.fields["count"] == len(caught.value.faults)
    return [(f.field, f.value, f.expected) for f in caught.value.faults]


def is_accepted(source: object, registry: Registry) -> bool:
    return isinstance(conditions.parse(source, registry), conditions.Group)


@pytest.mark.parametrize(
    "rules",
    [
        [("member.orders", ">", 5), ("member.orders", "<", 3)],
        [("member.orders", ">", 5), ("member.orders", "<", 5)],
        [("member.orders", ">", 5), ("member.orders", "<", 6)],
        [("member.orders", ">", 5), ("member.orders", "<=", 5)],
        [("member.orders", ">=", 5), ("member.orders", "<", 5)],
        [("member.orders", "between", [1, 5]), ("member.orders", ">", 5)],
        [("member.orders", "between", [1, 5]), ("member.orders", "between", [6, 9])],
        [("member.orders", "between", [1, 5]), ("member.orders", "notBetween", [0, 9])],
        [("member.orders", "between", [1, 3]), ("member.orders", "notIn", [1, 2, 3])],
        [("member.orders", ">=", 5), ("member.orders", "<=", 5), ("member.orders", "!=", 5)],
        [("member.orders", ">=", 0), ("member.orders", "<=", 1000), ("member.orders", "notBetween", [0, 1000])],
        [("member.orders", "=", 5), ("member.orders", "=", 6)],
        [("member.orders", "=", 5), ("member.orders", ">", 5)],
        [("member.orders", ">", 5), ("member.orders", "=", 5)],
        [("member.orders", "in", [1, 2]), ("member.orders", "in", [3, 4])],
        [("member.orders", "in", [1, 2]), ("member.orders", ">=", 3)],
        [("member.orders", "in", [1, 2]), ("member.orders", "notIn", [2, 1])],
        [("member.churn", ">", 0.5), ("member.churn", "<", 0.5)],
        [("member.churn", ">", 0.5), ("member.churn", "<=", 0.5)],
        [("member.churn", ">=", 0.5), ("member.churn", "<", 0.5)],
        [("member.churn", ">=", 0.6), ("member.churn", "<", 0.5)],
        [("member.churn", ">=", 0.5), ("member.churn", "<=", 0.5), ("member.churn", "!=", 0.5)],
        [("member.churn", "<", 0.5), ("member.churn", "<=", 0.5), ("member.churn", ">=", 0.5)],
        [("member.churn", ">", 0.5), ("member.churn", ">=", 0.5), ("member.churn", "<=", 0.5)],
        [("member.churn", ">=", 0.5), ("member.churn", ">", 0.5), ("member.churn", "<=", 0.5)],
        [("member.churn", "<=", 0.5), ("member.churn", "<", 0.5), ("member.churn", ">=", 0.5)],
        [("order.total", ">", 100), ("order.total", "<", "1.01 GBP")],
        [("member.birthday", ">", "2026-03-01"), ("member.birthday", "<", "2026-03-02")],
        [("member.birthday", ">", "2026-03-02"), ("member.birthday", "<", "2026-03-01")],
        [("member.seen", ">", "2026-03-01T00:00:00Z"), ("member.seen", "<", "2026-03-01T00:00:00Z")],
        [("member.adult", "=", True), ("member.adult", "=", False)],
        [("member.adult", "!=", True), ("member.adult", "!=", False)],
        [("member.tier", "=", "gold"), ("member.tier", "!=", "gold")],
        [("member.tier", "!=", "gold"), ("member.tier", "notIn", ["silver", "platinum"])],
        [("member.store", "=", "a"), ("member.store", "=", "b")],
        [("member.city", "=", "Leeds"), ("member.city", "beginsWith", "Lo")],
        [("member.city", "in", ["Leeds", "London"]), ("member.city", "contains", "x")],
        [("member.city", "null", None), ("member.city", "=", "Leeds")],
        [("member.city", "null", None), ("member.city", "notNull", None)],
        [("member.tags", "containsAny", ["a"]), ("member.tags", "null", None)],
    ],
)
def test_rules_that_leave_nothing_are_refused_at_the_last_of_them(rules: list[Rule], registry: Registry) -> None:
    found = contradictions(group("and", *rules), registry)
    assert [field for field, _, _ in found] == [f"rules[{len(rules) - 1}]"]


@pytest.mark.parametrize(
    "rules",
    [
        [("member.orders", ">", 5), ("member.orders", "<", 7)],
        [("member.orders", ">=", 5), ("member.orders", "<=", 5)],
        [("member.orders", ">", 5), ("member.orders", ">", 9)],
        [("member.orders", "<", 5), ("member.orders", "<", 3)],
        [("member.orders", ">", 5), ("member.orders", "!=", 6)],
        [("member.orders", "between", [1, 5]), ("member.orders", "between", [5, 9])],
        [("member.orders", "between", [1, 5]), ("member.orders", "notBetween", [1, 4])],
        [("member.orders", "between", [0, 5000]), ("member.orders", "!=", 7)],
        [("member.orders", "in", [1, 2]), ("member.orders", "in", [2, 3])],
        [("member.orders", "=", 5), ("member.orders", "=", 5)],
        [("member.orders", "notIn", [1]), ("member.orders", "!=", 2)],
        [("member.churn", ">", 0.5), ("member.churn", "<", 0.6)],
        [("member.churn", ">=", 0.5), ("member.churn", "<=", 0.5)],
        [("member.churn", ">", 0.4), ("member.churn", ">=", 0.5), ("member.churn", "<=", 0.5)],
        [("member.churn", ">=", 0.5), ("member.churn", ">", 0.4), ("member.churn", "<=", 0.5)],
        [("member.churn", "<", 0.6), ("member.churn", "<=", 0.5), ("member.churn", ">=", 0.5)],
        [("member.churn", "<=", 0.5), ("member.churn", "<", 0.6), ("member.churn", ">=", 0.5)],
        [("member.birthday", ">", "2026-03-01"), ("member.birthday", "<", "2026-03-03")],
        [("member.seen", ">", "2026-03-01T00:00:00Z"), ("member.seen", "<", "2026-03-01T00:00:01Z")],
        [("member.adult", "=", True), ("member.adult", "!=", False)],
        [("member.tier", "!=", "gold"), ("member.tier", "!=", "silver")],
        [("member.store", "!=", "a"), ("member.store", "!=", "b")],
        [("member.city", "=", "Leeds"), ("member.city", "beginsWith", "Le")],
        [("member.city", "beginsWith", "L"), ("member.city", "endsWith", "s")],
        [("member.city", "notNull", None), ("member.city", "=", "Leeds")],
        [("member.city", "null", None), ("member.city", "null", None)],
        [("member.city", "null", None), ("member.store", "=", "a")],
        [("member.channels", "containsAny", ["sms"]), ("member.channels", "containsAll", ["email"])],
        [("member.tags", "containsAll", ["a"]), ("member.tags", "notNull", None)],
        [("member.orders", ">", 5), ("member.age", "<", 3)],
        [("member.adult", "!=", False), ("member.adult", "notNull", None)],
        [("order.base", ">", 1), ("order.base", "<", 3)],
        [("member.orders", "between", [0, 1001]), ("member.orders", "notBetween", [0, 1001])],  # too many to try
    ],
)
def test_rules_that_can_all_be_true_are_left_alone(rules: list[Rule], registry: Registry) -> None:
    assert is_accepted(group("and", *rules), registry)


def test_one_rule_alone_is_impossible_when_it_excludes_every_choice(registry: Registry) -> None:
    found = contradictions(group("and", ("member.tier", "notIn", ["gold", "silver", "platinum"])), registry)
    assert found == [("rules[0]", "notIn gold, silver, platinum", "a rule on member.tier that some value of it does not fail")]
    assert is_accepted(group("and", ("member.tier", "notIn", ["gold", "silver"])), registry)


def test_the_refusal_says_what_contradicts_what(registry: Registry) -> None:
    source = group("and", ("member.city", "=", "x"), ("member.orders", ">", 5), ("member.orders", "!=", 9), ("member.orders", "<", 3))
    assert contradictions(source, registry, at="when") == [
        ("when.rules[3]", "< 3", "a rule on member.orders that when.rules[1] (> 5), when.rules[2] (!= 9) leaves possible")
    ]
    with pytest.raises(Problem) as caught:
        conditions.parse(source, registry)
    first = "rules[3]: '< 3' — a rule on member.orders that rules[1] (> 5), rules[2] (!= 9) leaves possible"
    assert caught.value.text("en") == f"The condition contradicts itself. Contradictions: 1. The first: {first}"
    assert caught.value.text("zh") == f"条件自相矛盾，共 1 处。第一处：{first}"


def test_long_lists_are_cut_in_the_refusal(registry: Registry) -> None:
    source = group("and", ("member.orders", "in", [1, 2, 3, 4]), ("member.orders", "in", [5, 6, 7]), ("member.city", "null", None))
    assert contradictions(source, registry)[0][1:] == (
        "in 5, 6, 7",
        "a rule on member.orders that rules[0] (in 1, 2, 3, …) leaves possible",
    )


def test_a_rule_without_a_value_is_said_by_its_operator(registry: Registry) -> None:
    source = group("and", ("member.city", "null", None), ("member.city", "=", "Leeds"))
    assert contradictions(source, registry)[0][1:] == ("= Leeds", "a rule on member.city that rules[0] (null) leaves possible")
    source = group("and", ("member.city", "=", "Leeds"), ("member.city", "null", None))
    assert contradictions(source, registry)[0][1:] == ("null", "a rule on member.city that rules[0] (= Leeds) leaves possible")


def test_every_contradiction_is_found(registry: Registry) -> None:
    source = group("and", ("member.orders", "=", 1), ("member.age", "=", 1), ("member.orders", "=", 2), ("member.age", "=", 2))
    assert [field for field, _, _ in contradictions(source, registry)] == ["rules[2]", "rules[3]"]


def test_the_rule_that_first_leaves_nothing_is_named_once(registry: Registry) -> None:
    source = group("and", ("member.orders", "=", 1), ("member.orders", "=", 2), ("member.orders", "=", 3))
    assert [field for field, _, _ in contradictions(source, registry)] == ["rules[1]"]


MORE, LESS = ("member.orders", ">", 5), ("member.orders", "<", 3)


def test_nested_and_groups_hold_together(registry: Registry) -> None:
    assert [f for f, _, _ in contradictions(group("and", MORE, group("and", ("member.age", "=", 1), LESS)), registry)] == [
        "rules[1].rules[1]"
    ]
    assert [f for f, _, _ in contradictions(group("and", MORE, group("or", LESS)), registry)] == ["rules[1].rules[0]"]
    assert [f for f, _, _ in contradictions(group("and", MORE, group("or", group("and", LESS))), registry)] == [
        "rules[1].rules[0].rules[0]"
    ]


def test_alternatives_are_judged_each_by_itself(registry: Registry) -> None:
    assert is_accepted(group("or", MORE, LESS), registry)
    assert is_accepted(group("and", MORE, group("or", LESS, ("member.age", "=", 1))), registry)
    assert is_accepted(group("and", MORE, group("and", LESS, negated=True)), registry)
    assert [f for f, _, _ in contradictions(group("or", MORE, group("and", MORE, LESS)), registry)] == ["rules[1].rules[1]"]
    assert [f for f, _, _ in contradictions(group("or", ("member.tier", "notIn", ["gold", "silver", "platinum"]), MORE), registry)] == [
        "rules[0]"
    ]


def test_a_negated_contradiction_is_a_slip_too(registry: Registry) -> None:
    assert [f for f, _, _ in contradictions(group("and", MORE, LESS, negated=True), registry)] == ["rules[1]"]
    inner = group("and", group("and", MORE, LESS, negated=True))
    assert [f for f, _, _ in contradictions(inner, registry)] == ["rules[0].rules[1]"]


def test_what_events_must_be_is_checked_too(registry: Registry) -> None:
    where = group("and", ("total", ">", 500), ("total", "<", 100))
    did = {"field": "order.paid", "match": {"mode": "atLeast", "threshold": 1}, "value": where}
    assert [f for f, _, _ in contradictions(group("and", did), registry)] == ["rules[0].value.rules[1]"]
    assert [f for f, _, _ in contradictions(group("or", MORE, did), registry)] == ["rules[1].value.rules[1]"]


integers = st.integers(-6, 6)
rules_on_orders = st.one_of(
    st.tuples(st.just("member.orders"), st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), integers),
    st.tuples(st.just("member.orders"), st.sampled_from(["between", "notBetween"]), st.tuples(integers, integers).map(sorted)),
    st.tuples(st.just("member.orders"), st.sampled_from(["in", "notIn"]), st.lists(integers, min_size=1, max_size=3)),
)


@given(rules=st.lists(rules_on_orders, min_size=1, max_size=5))
def test_whole_numbers_are_refused_exactly_when_none_is_left(registry: Registry, rules: list[Rule]) -> None:
    source = group("and", *rules)
    try:
        possible = bool(conditions.parse(source, registry))
    except Problem:
        possible = False
    alone = [conditions.compile(conditions.parse(group("and", rule), registry)) for rule in rules]
    assert possible is any(all(predicate({"member.orders": n}) for predicate in alone) for n in range(-20, 21))
