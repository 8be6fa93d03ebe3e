"""Rules joined by "and" that exclude each other: such a condition is a slip of its author, and is refused before it is saved.

What is found: an equality, list, choice or yes/no whose every candidate fails another rule on the same attribute; bounds that
leave nothing between them; "is unknown" beside any other rule. What is not: contradictions across attributes or of substrings.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from regulars.kernel.attributes import Attribute, Registry, Type
from regulars.kernel.conditions.compiling import leaf
from regulars.kernel.conditions.model import Behaviour, Comparison, Group, Operator, Scalar
from regulars.kernel.problem import Fault

_ENUMERATED = 1_000

Placed = tuple[str, Comparison]


def find(tree: Group, registry: Registry, *, path: str = "") -> list[Fault]:
    """A fault for each attribute that a set of and-ed rules leaves no value, at the last of these rules."""
    faults: list[Fault] = []
    for rules, scope in _conjunctions(tree, registry, path):
        by_field: dict[str, list[Placed]] = {}
        for placed in rules:
            by_field.setdefault(placed[1].field, []).append(placed)
        for name, placed_rules in by_field.items():
            if len(placed_rules) > 1 or scope.get(name).choices:
                faults.extend(_check(placed_rules, scope.get(name)))
    return faults


def is_less(left: Any, right: Any) -> bool:
    """``left < right`` for two typed values of one attribute."""
    return bool(left < right)


def _check(rules: list[Placed], attribute: Attribute) -> Iterator[Fault]:
    """A fault at the first rule that, with those before it, leaves nothing."""
    for count in range(1, len(rules) + 1):
        if not _possible([comparison for _, comparison in rules[:count]], attribute):
            path, comparison = rules[count - 1]
            others = ", ".join(f"{place} ({c.operator} {_said(c.value)})" for place, c in rules[: count - 1])
            with_others = f"that {others} leaves possible" if others else "that some value of it does not fail"
            yield Fault(
                field=path, value=f"{comparison.operator} {_said(comparison.value)}", expected=f"a rule on {attribute.name} {with_others}"
            )
            return


def _said(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(_said(one) for one in value[:3]) + (", …" if len(value) > 3 else "")
    return "" if value is None else str(value)


def _conjunctions(group: Group, registry: Registry, path: str) -> Iterator[tuple[list[Placed], Registry]]:
    """Every largest set of comparisons that must hold together, with the registry their fields are found in."""
    together: list[Placed] = []
    yield from _collect(group, registry, path, together=together)
    yield together, registry


def _collect(group: Group, registry: Registry, path: str, *, together: list[Placed]) -> Iterator[tuple[list[Placed], Registry]]:
    joined = group.combinator == "and" or len(group.rules) == 1
    for index, rule in enumerate(group.rules):
        place = f"{path}.rules[{index}]" if path else f"rules[{index}]"
        if isinstance(rule, Behaviour):
            occurrence = registry.find_occurrence(rule.field)
            if occurrence is not None:
                yield from _conjunctions(rule.where, occurrence.registry(), f"{place}.value")
        elif isinstance(rule, Comparison):
            if joined:
                together.append((place, rule))
            else:
                yield [(place, rule)], registry
        elif joined and not rule.negated:
            yield from _collect(rule, registry, place, together=together)
        else:
            yield from _conjunctions(rule, registry, place)


def _possible(rules: list[Comparison], attribute: Attribute) -> bool:
    operators = {rule.operator for rule in rules}
    if Operator.null in operators:
        return operators == {Operator.null}
    if attribute.type is Type.set:
        return True
    candidates = _candidates(rules, attribute)
    if candidates is None:
        return _between(rules, attribute.type)
    return _any_passes(candidates, rules)


def _any_passes(candidates: Sequence[Scalar], rules: list[Comparison]) -> bool:
    predicates = [(rule.field, leaf(rule)) for rule in rules]
    return any(all(predicate({name: value}) for name, predicate in predicates) for value in candidates)


def _candidates(rules: list[Comparison], attribute: Attribute) -> Sequence[Scalar] | None:
    """The only values that can pass, when the rules or the type make them a short list."""
    for rule in rules:
        if rule.operator is Operator.equal and rule.value is not None and not isinstance(rule.value, tuple):
            return [rule.value]
        if rule.operator is Operator.in_ and isinstance(rule.value, tuple):
            return rule.value
    if attribute.type is Type.boolean:
        return [True, False]
    if attribute.type is Type.choice and attribute.choices:
        return attribute.choices
    return None


def _between(rules: list[Comparison], type_: Type) -> bool:
    """Whether bounds leave room. A short stretch of whole numbers or days is tried value by value, so that gaps count too."""
    step: Any = {Type.integer: 1, Type.money: 1, Type.date: timedelta(days=1)}.get(type_)
    low, high = None, None
    open_low = open_high = False
    for rule in rules:
        lower, upper, is_open = _bounds(rule)
        if lower is not None and (low is None or lower > low or (lower == low and is_open)):
            low, open_low = lower, is_open
        if upper is not None and (high is None or upper < high or (upper == high and is_open)):
            high, open_high = upper, is_open
    if low is None or high is None:
        return True
    if step is None:
        return _room(low, high, rules, is_open=open_low or open_high)
    return _steps(low, high, step, rules)


def _room(low: Any, high: Any, rules: list[Comparison], *, is_open: bool) -> bool:
    if low == high:
        return not is_open and _any_passes([low], rules)
    return bool(low < high)


def _steps(low: Any, high: Any, step: Any, rules: list[Comparison]) -> bool:
    count = (high - low) // step
    if count < 0 or count > _ENUMERATED:
        return bool(count > 0)
    return _any_passes([low + step * i for i in range(count + 1)], rules)


def _bounds(rule: Comparison) -> tuple[Any, Any, bool]:
    """Lower bound, upper bound and whether they are excluded."""
    value: Any = rule.value
    match rule.operator:
        case Operator.more:
            return value, None, True
        case Operator.at_least:
            return value, None, False
        case Operator.less:
            return None, value, True
        case Operator.at_most:
            return None, value, False
        case Operator.between:
            return value[0], value[1], False
        case _:
            return None, None, False
