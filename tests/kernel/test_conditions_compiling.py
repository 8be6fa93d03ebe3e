"""Compiling: each operator's truth, its rule for the unknown, groups, behaviour; and that predicates agree with a plain reading."""

import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from types import CodeType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel import conditions
from regulars.kernel.attributes import Registry
from regulars.kernel.conditions import Behaviour, Comparison, Group, Match, Node, Operator, Predicate, Tree, Value, Values, Window


def holds(field: str, operator: str, value: Value, actual: object) -> bool:
    tree = Group("and", (Comparison(field, Operator(operator), value),))
    result = conditions.compile(tree)({"other": 1} if actual is ... else {field: actual})
    assert type(result) is bool
    return result


@pytest.mark.parametrize(
    ("operator", "value", "true_of", "false_of"),
    [
        ("=", 5, [5], [4, 6]),
        ("!=", 5, [4, 6], [5]),
        ("<", 5, [4], [5, 6]),
        ("<=", 5, [4, 5], [6]),
        (">", 5, [6], [5, 4]),
        (">=", 5, [5, 6], [4]),
        ("in", (1, 5), [1, 5], [2, 6]),
        ("notIn", (1, 5), [2, 6], [1, 5]),
        ("between", (2, 4), [2, 3, 4], [1, 5]),
        ("notBetween", (2, 4), [1, 5], [2, 3, 4]),
        ("contains", "ee", ["Leeds", "ee"], ["LEEDS", "London", ""]),
        ("beginsWith", "Le", ["Leeds", "Le"], ["leeds", "Ale", ""]),
        ("endsWith", "ds", ["Leeds", "ds"], ["LeeDS", "dsx", ""]),
        ("containsAny", ("a", "b"), [{"a"}, frozenset("bc"), ["b"], ("a", "b")], [{"c"}, set(), []]),
        ("containsAll", ("a", "b"), [{"a", "b"}, ["b", "a", "c"]], [{"a"}, {"b", "c"}, set()]),
        ("=", True, [True], [False]),
        ("!=", False, [True], [False]),
        ("=", "", [""], ["x"]),
        ("=", Decimal("0.5"), [Decimal("0.50"), 0.5], [Decimal("0.51")]),
        (">=", date(2026, 3, 1), [date(2026, 3, 1)], [date(2026, 2, 28)]),
        ("<", datetime(2026, 3, 1, tzinfo=UTC), [datetime(2026, 2, 28, 23, 59, tzinfo=UTC)], [datetime(2026, 3, 1, tzinfo=UTC)]),
    ],
)
def test_an_operator_is_true_of_exactly_these(operator: str, value: Value, true_of: list[object], false_of: list[object]) -> None:
    assert [holds("x", operator, value, actual) for actual in true_of] == [True] * len(true_of)
    assert [holds("x", operator, value, actual) for actual in false_of] == [False] * len(false_of)


@pytest.mark.parametrize("actual", [None, ...])
@pytest.mark.parametrize(
    ("operator", "value"),
    [
        ("=", 5),
        ("!=", 5),
        ("<", 5),
        ("<=", 5),
        (">", 5),
        (">=", 5),
        ("in", (1, 5)),
        ("notIn", (1, 5)),
        ("between", (2, 4)),
        ("notBetween", (2, 4)),
        ("contains", "e"),
        ("beginsWith", "L"),
        ("endsWith", "s"),
        ("containsAny", ("a",)),
        ("containsAll", ("a",)),
        ("notNull", None),
    ],
)
def test_no_comparison_is_true_of_the_unknown(operator: str, value: Value, actual: object) -> None:
    assert not holds("x", operator, value, actual)


def test_only_null_is_true_of_the_unknown() -> None:
    assert holds("x", "null", None, None)
    assert holds("x", "null", None, ...)
    values: list[object] = [0, "", False, frozenset()]
    for known in values:
        assert not holds("x", "null", None, known)
        assert holds("x", "notNull", None, known)


def test_not_turns_the_truth_of_a_group_round_also_of_the_unknown() -> None:
    tree = Group("and", (Comparison("city", Operator.equal, "Leeds"),), negated=True)
    predicate = conditions.compile(tree)
    assert [predicate({"city": "Leeds"}), predicate({"city": "London"}), predicate({})] == [False, True, True]


def test_an_empty_root_is_true_of_everything() -> None:
    assert conditions.compile(Group("and", ()))({}) is True
    assert conditions.compile(Group("or", ()))({}) is True


ROWS: list[Values] = [dict(zip("abcde", bits, strict=True)) for bits in itertools.product([True, False], repeat=5)]


def yes(name: str) -> Comparison:
    return Comparison(name, Operator.equal, value=True)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_groups_of_any_size_join_their_rules(size: int) -> None:
    names = "abcde"[:size]
    every = conditions.compile(Group("and", tuple(yes(n) for n in names)))
    some = conditions.compile(Group("or", tuple(yes(n) for n in names)))
    for row in ROWS:
        assert every(row) is all(row[n] for n in names)
        assert some(row) is any(row[n] for n in names)


def test_a_group_of_one_rule_costs_nothing() -> None:
    inner = Group("or", (Group("and", (Group("or", (yes("a"),)),)),))
    assert code_of(conditions.compile(inner)) is code_of(conditions.compile(Group("and", (yes("a"),))))


def test_nested_groups_of_the_same_kind_become_one() -> None:
    flat = conditions.compile(Group("and", (yes("a"), yes("b"), yes("c"), yes("d"))))
    tall = conditions.compile(Group("and", (yes("a"), Group("and", (yes("b"), Group("or", (Group("and", (yes("c"), yes("d"))),)))))))
    assert code_of(flat) is code_of(tall)
    assert [len(cell.cell_contents) for p in (flat, tall) for cell in p.__closure__ or ()] == [4, 4]


def code_of(predicate: Predicate) -> CodeType:
    code = getattr(predicate, "__code__", None)
    assert isinstance(code, CodeType)
    return code


def reading(node: Node, row: Values) -> bool:
    """The plainest possible evaluation."""
    if isinstance(node, Comparison):
        return row[node.field] == node.value
    assert isinstance(node, Group)
    results = [reading(rule, row) for rule in node.rules]
    joined = all(results) if node.combinator == "and" else any(results)
    return joined != node.negated


comparisons = st.builds(Comparison, st.sampled_from("abcde"), st.just(Operator.equal), st.booleans())
trees: st.SearchStrategy[Group] = st.recursive(
    st.builds(Group, st.sampled_from(["and", "or"]), st.lists(comparisons, min_size=1, max_size=4).map(tuple), st.booleans()),
    lambda inner: st.builds(
        Group, st.sampled_from(["and", "or"]), st.lists(st.one_of(inner, comparisons), min_size=1, max_size=4).map(tuple), st.booleans()
    ),
    max_leaves=20,
)


@given(trees)
def test_a_predicate_says_what_a_plain_reading_of_the_tree_says(tree: Tree) -> None:
    predicate = conditions.compile(tree)
    assert [predicate(row) for row in ROWS] == [reading(tree, row) for row in ROWS]


BEHAVIOUR = Behaviour("order.paid", Match.at_least, 2, Window(days=90), Group("and", (Comparison("total", Operator.more, 500),)))


def provider(seen: list[Behaviour]) -> Callable[[Behaviour, Predicate], Callable[[Values], int]]:
    def provide(behaviour: Behaviour, where: Predicate) -> Callable[[Values], int]:
        seen.append(behaviour)

        def count(values: Values) -> int:
            totals: Any = values["totals"]
            return sum(where({"total": total}) for total in totals)

        return count

    return provide


@pytest.mark.parametrize(
    ("match", "results"),
    [
        (Match.at_least, [False, False, True, True]),
        (Match.at_most, [True, True, True, False]),
        (Match.exactly, [False, False, True, False]),
    ],
)
def test_behaviour_is_counted_by_the_provider_and_matched(match: Match, results: list[bool]) -> None:
    seen: list[Behaviour] = []
    behaviour = Behaviour("order.paid", match, 2, Window(days=90), BEHAVIOUR.where)
    predicate = conditions.compile(Group("and", (behaviour,)), provider(seen))
    assert seen == [behaviour]
    assert [predicate({"totals": [501] * n + [500]}) for n in range(4)] == results


def test_behaviour_without_a_provider_is_a_programming_error() -> None:
    tree = Group("and", (Group("or", (yes("a"), BEHAVIOUR)),))
    with pytest.raises(ValueError, match=r"how often order\.paid happened, and no provider was given"):
        conditions.compile(tree)


def test_a_parsed_condition_runs(registry: Registry) -> None:
    source = {
        "combinator": "and",
        "rules": [
            {"field": "member.tier", "operator": "in", "value": ["gold", "platinum"]},
            {
                "combinator": "or",
                "rules": [{"field": "order.total", "operator": ">=", "value": "100.00 GBP"}, {"field": "member.adult", "operator": "null"}],
            },
        ],
    }
    predicate = conditions.compile(conditions.parse(source, registry))
    assert predicate({"member.tier": "gold", "order.total": 10_000, "member.adult": True})
    assert not predicate({"member.tier": "gold", "order.total": 9_999, "member.adult": True})
    assert predicate({"member.tier": "platinum", "order.total": 1})
    assert not predicate({"member.tier": "silver", "order.total": 10_000})
