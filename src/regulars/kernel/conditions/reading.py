"""Questions about a tree: what it reads, and what each of its leaves says about one member."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from regulars.kernel.conditions.compiling import Provider, behaviour_counter, leaf, often_enough
from regulars.kernel.conditions.model import Behaviour, Comparison, Group, Node, Tree, Value, Values


@dataclass(frozen=True, slots=True)
class LeafResult:
    """One rule of a tree judged by itself: ``actual`` is the attribute's value, or how often the behaviour happened.

    ``operator`` is the operator or the match mode as on the wire; ``holds`` does not look at groups around the rule.
    """

    path: str
    field: str
    operator: str
    expected: Value
    actual: Any
    holds: bool


def attributes_read(tree: Tree) -> frozenset[str]:
    """The names of all attributes the tree compares; what a behaviour's ``where`` reads belongs to the event and is not among them."""
    return frozenset(rule.field for _, rule in _leaves(tree, "") if isinstance(rule, Comparison))


def explain(tree: Tree, values: Values, provider: Provider | None = None) -> list[LeafResult]:
    """The result of every leaf, in the order of the tree; none is left out because another one already decided.

    Raises ``ValueError`` when the tree asks for behaviour and there is no ``provider``.
    """
    return [_judged(path, rule, values, provider=provider) for path, rule in _leaves(tree, "")]


def _judged(path: str, rule: Comparison | Behaviour, values: Values, *, provider: Provider | None) -> LeafResult:
    if isinstance(rule, Comparison):
        return LeafResult(path, rule.field, rule.operator.value, rule.value, values.get(rule.field), leaf(rule)(values))
    count = behaviour_counter(rule, provider)(values)
    return LeafResult(path, rule.field, rule.match.value, rule.times, count, often_enough(rule, count))


def _leaves(group: Group, path: str) -> Iterator[tuple[str, Comparison | Behaviour]]:
    for index, rule in enumerate(group.rules):
        place = f"{path}.rules[{index}]" if path else f"rules[{index}]"
        yield from _leaves_of(rule, place)


def _leaves_of(rule: Node, path: str) -> Iterator[tuple[str, Comparison | Behaviour]]:
    if isinstance(rule, Group):
        yield from _leaves(rule, path)
    else:
        yield path, rule
