"""Why each rule gave an order what it gave, or nothing: for the operator who tries a programme out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from regulars.domains.loyalty.model import Programme, Rule, Standing, Values
from regulars.domains.loyalty.rules import earn, reading
from regulars.domains.loyalty.rules.earn import Earned
from regulars.domains.orders.model import Order
from regulars.kernel import conditions

State = Literal["granted", "capped", "withheld", "outdone", "nothing", "not_met"]
"""``outdone``: a higher factor of its lane counted. ``nothing``: met, but the amount gives no whole unit."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The leaves of a rule's condition for one line of the order, or (``line`` ``None``) for the order as a whole."""

    line: int | None
    leaves: list[conditions.LeafResult]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One rule and the order: what it wanted to give, what it gave, to which lines."""

    rule: Rule
    state: State
    lines: tuple[int, ...]
    desired: int
    granted: int
    judged: list[Judged]


def trace(programme: Programme, standing: Standing, order: Order, trees: Mapping[str, conditions.Tree]) -> list[Trace]:
    """One trace a rule, in the order in which they are applied. ``trees``: the conditions by the rule's id."""
    earned = earn.earn(programme, standing, order).earned
    values = reading.order_values(programme, standing, order)
    rules = (*programme.earn, *programme.multiply)
    matched = {rule.id: {line.no for line in earn.matching(rule, order.lines, dict(values))} for rule in rules}
    return [
        _traced(rule, earned.get(rule.unit, Earned()), matched, _judged(rule, trees, order, values), rivals=_rivals(programme, rule))
        for rule in rules
    ]


def _rivals(programme: Programme, rule: Rule) -> list[Rule]:
    """The multipliers that count before ``rule`` on a line that both are about."""
    return [
        other for other in programme.multiply if (other.unit, other.lane) == (rule.unit, rule.lane) and other.factor_bp > rule.factor_bp
    ]


def _judged(rule: Rule, trees: Mapping[str, conditions.Tree], order: Order, values: Values) -> list[Judged]:
    tree = trees.get(rule.id)
    if tree is None:
        return []
    if not rule.by_line:
        return [Judged(None, conditions.explain(tree, values))]
    judged = []
    for line in order.lines:
        reading.read_line(values, line)
        judged.append(Judged(line.no, conditions.explain(tree, values)))
    return judged


def _traced(rule: Rule, earned: Earned, matched: Mapping[str, set[int]], judged: list[Judged], *, rivals: Sequence[Rule]) -> Trace:
    lines = matched[rule.id]
    granted = sum(amount for _, by, amount in earned.parts if by == rule.id)
    cut = sum(desired for by, desired, _ in earned.cut if by == rule.id)
    withheld = sum(desired for by, desired in earned.withheld if by == rule.id)
    state: State = "granted"
    if not lines:
        state = "not_met"
    elif withheld:
        state = "withheld"
    elif cut:
        state = "capped"
    elif not granted:
        beaten = rule.kind == "multiply" and any(lines & matched[rival.id] for rival in rivals)
        state = "outdone" if beaten else "nothing"
    return Trace(rule=rule, state=state, lines=tuple(sorted(lines)), desired=cut or withheld or granted, granted=granted, judged=judged)
