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
_SHOWN = 3

Placed = tuple[str, Comparison]


def find(tree: Group, registry: Registry, *, path: str) -> list[Fault]:
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
            others = ", ".join(f"{place} ({_said(other)})" for place, other in rules[: count - 1])
            with_others = f"that {others} leaves possible" if others else "that some value of it does not fail"
            yield Fault(field=path, value=_said(comparison), expected=f"a rule on {attribute.name} {with_others}")
            return


def _said(comparison: Comparison) -> str:
    operator, value = comparison.operator, comparison.value
    if value is None:
        return operator
    if isinstance(value, tuple):
        return f"{operator} {', '.join(map(str, value[:_SHOWN]))}" + (", …" if len(value) > _SHOWN else "")
    return f"{operator} {value}"


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
    bounds: list[tuple[Any, Any]] = [_bounds(rule) for rule in rules]
    lowest = [low for low, _ in bounds if low is not None]
    highest = [high for _, high in bounds if high is not None]
    if not lowest or not highest:
        return True
    low, high = max(lowest), min(highest)
    step: Any = {Type.integer: 1, Type.money: 1, Type.date: timedelta(days=1)}.get(type_)
    if step is not None:
        count = (high - low) // step
        return bool(count > _ENUMERATED) or _any_passes([low + step * i for i in range(count + 1)], rules)
    return bool(low < high) or (low == high and _any_passes([low], rules))


def _bounds(rule: Comparison) -> tuple[Any, Any]:
    """Lower and upper bound, None where there is none. Whether they are excluded, the rule's own predicate says of its candidates."""
    value: Any = rule.value
    match rule.operator:
        case Operator.more | Operator.at_least:
            return value, None
        case Operator.less | Operator.at_most:
            return None, value
        case Operator.between:
            return value[0], value[1]
        case _:
            return None, None
