"""Trees become closures: nothing is looked up, parsed or branched on any more when a fact comes by."""

from collections.abc import Callable
from typing import Any, assert_never

from regulars.kernel.conditions.model import Behaviour, Comparison, Group, Match, Node, Operator, Tree, Values

Predicate = Callable[[Values], bool]
Counter = Callable[[Values], int]
Provider = Callable[[Behaviour, Predicate], Counter]
"""Given a behaviour and its compiled ``where``: how often the one whose values are passed did it inside the window."""


def compile(tree: Tree, provider: Provider | None = None) -> Predicate:  # noqa: A001 - the word of the contract; called as conditions.compile.
    """A predicate that says whether the tree is true of a mapping of attribute values.

    Raises ``ValueError`` when the tree asks for behaviour and there is no ``provider``. The predicate raises ``TypeError``
    only when a value does not have its attribute's type.
    """
    return _node(tree, provider)


def leaf(comparison: Comparison) -> Predicate:
    """The predicate of one comparison."""
    return _LEAVES[comparison.operator](comparison.field, comparison.value)


def behaviour_counter(behaviour: Behaviour, provider: Provider | None) -> Counter:
    """How often a behaviour occurred, as ``provider`` counts it. Raises ``ValueError`` when there is none."""
    if provider is None:
        raise ValueError(f"the condition asks how often {behaviour.field} happened, and no provider was given that could say")
    return provider(behaviour, _node(behaviour.where, provider))


def often_enough(behaviour: Behaviour, count: int) -> bool:
    """Whether ``count`` occurrences are what the behaviour asks for."""
    match behaviour.match:
        case Match.at_least:
            return count >= behaviour.times
        case Match.at_most:
            return count <= behaviour.times
        case Match.exactly:
            return count == behaviour.times
        case _:
            assert_never(behaviour.match)


def _node(node: Node, provider: Provider | None) -> Predicate:
    if isinstance(node, Comparison):
        return leaf(node)
    if isinstance(node, Behaviour):
        counter = behaviour_counter(node, provider)
        return lambda values: often_enough(node, counter(values))
    parts = [_node(rule, provider) for rule in _flat(node)]
    joined = _all(parts) if node.combinator == "and" or not parts else _any(parts)
    return _negation(joined) if node.negated else joined


def _flat(group: Group) -> list[Node]:
    """The group's rules, with those of nested groups that say the same without a group of their own."""
    rules: list[Node] = []
    for rule in group.rules:
        if isinstance(rule, Group) and not rule.negated and (rule.combinator == group.combinator or len(rule.rules) == 1):
            rules.extend(_flat(Group(group.combinator, rule.rules)))
        else:
            rules.append(rule)
    return rules


def _all(parts: list[Predicate]) -> Predicate:
    match parts:
        case []:
            return lambda values: True  # noqa: ARG005 - the shape of a predicate.
        case [one]:
            return one
        case [one, two]:
            return lambda values: one(values) and two(values)
        case [one, two, three]:
            return lambda values: one(values) and two(values) and three(values)

    def every(values: Values) -> bool:
        for part in parts:  # noqa: SIM110 - all() over a generator takes twice as long.
            if not part(values):
                return False
        return True

    return every


def _any(parts: list[Predicate]) -> Predicate:
    match parts:
        case [one]:
            return one
        case [one, two]:
            return lambda values: one(values) or two(values)

    def some(values: Values) -> bool:
        for part in parts:  # noqa: SIM110 - any() over a generator takes twice as long.
            if part(values):
                return True
        return False

    return some


def _negation(part: Predicate) -> Predicate:
    return lambda values: not part(values)


# Each operator writes its own rule for the unknown, as SQL must too: None never equals a literal and is in no set, but would
# pass "!=" and break "<".
def _equal(field: str, value: Any) -> Predicate:
    return lambda values: bool(values.get(field) == value)


def _not_equal(field: str, value: Any) -> Predicate:
    return lambda values: (x := values.get(field)) is not None and x != value


def _less(field: str, value: Any) -> Predicate:
    def less(values: Values) -> bool:
        x: Any = values.get(field)
        return x is not None and x < value

    return less


def _at_most(field: str, value: Any) -> Predicate:
    def at_most(values: Values) -> bool:
        x: Any = values.get(field)
        return x is not None and x <= value

    return at_most


def _more(field: str, value: Any) -> Predicate:
    def more(values: Values) -> bool:
        x: Any = values.get(field)
        return x is not None and x > value

    return more


def _at_least(field: str, value: Any) -> Predicate:
    def at_least(values: Values) -> bool:
        x: Any = values.get(field)
        return x is not None and x >= value

    return at_least


def _in(field: str, value: Any) -> Predicate:
    members = frozenset(value)
    return lambda values: values.get(field) in members


def _not_in(field: str, value: Any) -> Predicate:
    members = frozenset(value)
    return lambda values: (x := values.get(field)) is not None and x not in members


def _between(field: str, value: Any) -> Predicate:
    low, high = value

    def between(values: Values) -> bool:
        x: Any = values.get(field)
        return x is not None and low <= x <= high

    return between


def _not_between(field: str, value: Any) -> Predicate:
    low, high = value

    def not_between(values: Values) -> bool:
        x: Any = values.get(field)
        return x is not None and not low <= x <= high

    return not_between


def _contains(field: str, value: Any) -> Predicate:
    def contains(values: Values) -> bool:
        x: Any = values.get(field)
        return x is not None and value in x

    return contains


def _begins_with(field: str, value: Any) -> Predicate:
    def begins_with(values: Values) -> bool:
        x: Any = values.get(field)
        return x is not None and x.startswith(value)

    return begins_with


def _ends_with(field: str, value: Any) -> Predicate:
    def ends_with(values: Values) -> bool:
        x: Any = values.get(field)
        return x is not None and x.endswith(value)

    return ends_with


def _null(field: str, _: Any) -> Predicate:
    return lambda values: values.get(field) is None


def _not_null(field: str, _: Any) -> Predicate:
    return lambda values: values.get(field) is not None


def _contains_any(field: str, value: Any) -> Predicate:
    members = frozenset(value)

    def contains_any(values: Values) -> bool:
        x: Any = values.get(field)
        return x is not None and not members.isdisjoint(x)

    return contains_any


def _contains_all(field: str, value: Any) -> Predicate:
    members = frozenset(value)

    def contains_all(values: Values) -> bool:
        x: Any = values.get(field)
        return x is not None and members.issubset(x)

    return contains_all


_LEAVES: dict[Operator, Callable[[str, Any], Predicate]] = {
    Operator.equal: _equal,
    Operator.not_equal: _not_equal,
    Operator.less: _less,
    Operator.at_most: _at_most,
    Operator.more: _more,
    Operator.at_least: _at_least,
    Operator.in_: _in,
    Operator.not_in: _not_in,
    Operator.between: _between,
    Operator.not_between: _not_between,
    Operator.contains: _contains,
    Operator.begins_with: _begins_with,
    Operator.ends_with: _ends_with,
    Operator.null: _null,
    Operator.not_null: _not_null,
    Operator.contains_any: _contains_any,
    Operator.contains_all: _contains_all,
}
