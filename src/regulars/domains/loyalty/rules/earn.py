"""What an order or an act earns. Every unit granted belongs to one line (0 is the whole) and one rule, so that a refund can take back
exactly that.

In this order: per-amount and fixed rules, each cut by its cap and its budget; then multipliers on what the per-amount rules left.
Docs: docs/algorithms/earning.md works an example.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from regulars.domains.loyalty.model import Exposure, Programme, Rule, Standing, Values
from regulars.domains.loyalty.rules.reading import order_values, read_line
from regulars.domains.orders.model import Line, Order
from regulars.domains.points.model import UsageKey
from regulars.kernel import money, periods

Part = tuple[int, str, int]
"""(line number, rule, units)."""
Lines = tuple[Line, ...] | list[Line]
Measure = tuple[str, frozenset[str], int, int]
"""What a per-amount rule counts: scope, what its base leaves out, give, per."""


@dataclass(slots=True)
class Earned:
    """What one unit earns from the order: its parts, the cap room they use, what a cap cut, what the hold-out withheld."""

    parts: list[Part] = field(default_factory=list)
    caps: list[tuple[str, str, int]] = field(default_factory=list)
    cut: list[tuple[str, int, int]] = field(default_factory=list)
    withheld: list[tuple[str, int]] = field(default_factory=list)

    @property
    def amount(self) -> int:
        return _units(self.parts)

    def why(self) -> dict[str, object]:
        """The reason's inputs, without what is empty."""
        reason: dict[str, object] = {"parts": self.parts}
        if self.caps:
            reason["caps"] = self.caps
        if self.cut:
            reason["cut"] = self.cut
        if self.withheld:
            reason["withheld"] = self.withheld
        return reason


@dataclass(slots=True)
class Run:
    """Rules at work on one fact of the time ``at``: what they earn by unit, and which incentives applied.

    ``room`` is what is left in the budgets; ``taken`` is what this fact takes of them.
    """

    programme: Programme
    standing: Standing
    at: datetime
    values: Values
    room: Mapping[str, int]
    earned: dict[str, Earned] = field(default_factory=dict)
    base: dict[str, list[Part]] = field(default_factory=dict)
    exposures: list[Exposure] = field(default_factory=list)
    taken: dict[str, int] = field(default_factory=dict)
    shares: dict[Measure, list[int]] = field(default_factory=dict)


WHOLE = 0
"""The line of what belongs to a fact as a whole: an act, or an order of which a refund takes it only with the last line."""
NO_ROOM: Mapping[str, int] = MappingProxyType({})
"""No counter is known: nothing but the member's own caps limits a grant."""


def earn(programme: Programme, standing: Standing, order: Order, *, room: Mapping[str, int] = NO_ROOM) -> Run:
    """What ``order`` earns."""
    run = Run(programme, standing, order.paid_at, order_values(programme, standing, order), room)
    for rule in programme.earn:
        lines = matching(rule, order.lines, run.values)
        if lines:
            if rule.kind == "whole":
                grant(run, rule, [(WHOLE, rule.id, rule.give)])
                continue
            shares = _per_amount(run, rule, order, lines=lines) if rule.kind == "per_amount" else _fixed(rule, lines)
            grant(run, rule, [(line.no, rule.id, share) for line, share in zip(lines, shares, strict=True) if share > 0])
    if programme.multiply:
        _multiply(run, order)
    return run


def matching(rule: Rule, lines: tuple[Line, ...], values: Values) -> Lines:
    """The lines the rule is about: all, none, or those its condition chooses."""
    test = rule.test
    if test is None:
        return lines
    if not rule.by_line:
        return lines if test(values) else ()
    chosen = []
    for line in lines:
        read_line(values, line)
        if test(values):
            chosen.append(line)
    return chosen


def _bases(exclude: frozenset[str], lines: Lines) -> list[int]:
    """What each line counts for. The set is asked once for all lines: it says the same about each of them."""
    bases = [line.amount for line in lines]
    if "discount" in exclude:
        bases = [base - line.discount for base, line in zip(bases, lines, strict=True)]
    if "tax" in exclude:
        bases = [base - line.tax for base, line in zip(bases, lines, strict=True)]
    if "points" in exclude:
        bases = [base - line.points_paid for base, line in zip(bases, lines, strict=True)]
    return bases if min(bases) >= 0 else [max(base, 0) for base in bases]


def _per_amount(run: Run, rule: Rule, order: Order, *, lines: Lines) -> list[int]:
    """Units by line. Points and growth usually count the same money, so what whole orders were found to give is kept."""
    if rule.test is not None:
        return _counted(order, rule, lines)
    measure = (rule.scope, rule.exclude, rule.give, rule.per)
    shares = run.shares.get(measure)
    if shares is None:
        shares = run.shares[measure] = _counted(order, rule, lines)
    return shares


def _counted(order: Order, rule: Rule, lines: Lines) -> list[int]:
    bases = _bases(rule.exclude, lines)
    if rule.scope == "line":
        return [base * rule.give // rule.per for base in bases]
    freight = 0 if "freight" in rule.exclude else order.freight
    return money.split((sum(bases) + freight) * rule.give // rule.per, bases)


def _fixed(rule: Rule, lines: Lines) -> list[int]:
    return money.split(rule.give, [line.payable for line in lines])


def _units(parts: list[Part]) -> int:
    total = 0
    for part in parts:
        total += part[2]
    return total


def grant(run: Run, rule: Rule, parts: list[Part]) -> None:
    """Count ``parts``, none of which is empty, unless the hold-out withholds them, as far as the rule's cap and budget allow."""
    if not parts:
        return
    earned = run.earned.get(rule.unit)
    if earned is None:
        earned = run.earned[rule.unit] = Earned()
    if rule.incentive:
        total = _units(parts)
        run.exposures.append(Exposure(rule.id, total))
        if run.standing.held_out:
            earned.withheld.append((rule.id, total))
            return
    if rule.cap or rule.budget is not None:
        parts = _limited(run, rule, parts, total=_units(parts), earned=earned)
    earned.parts += parts
    if rule.kind == "per_amount":
        run.base.setdefault(rule.unit, []).extend(parts)


def _limited(run: Run, rule: Rule, parts: list[Part], *, total: int, earned: Earned) -> list[Part]:
    granted, key = total, usage_key(run.programme, rule, run.at)
    if rule.cap:
        granted = min(granted, max(0, rule.cap.amount - (run.standing.wallet.usage.get(key, 0) if key else 0)))
    if rule.budget is not None:
        left = run.room.get(rule.budget_name)
        granted = granted if left is None else min(granted, max(0, left))
        run.taken[rule.budget_name] = granted
    if key and granted:
        earned.caps.append((rule.id, key[1].isoformat(), granted))
    if granted == total:
        return parts
    earned.cut.append((rule.id, total, granted))
    shares = money.split(granted, [part[2] for part in parts])
    return [(part[0], part[1], share) for part, share in zip(parts, shares, strict=True) if share]


def usage_key(programme: Programme, rule: Rule, at: datetime) -> UsageKey | None:
    """The counter a capped rule fills, by the period of the fact's own time; ``None`` for a cap per order."""
    if rule.cap is None or rule.cap.period == "order":
        return None
    start = periods.period_start(at, rule.cap.period, programme.zone)  # type: ignore[arg-type]  # checked in the document
    return rule.id, periods.local_date(start, programme.zone)


def _multiply(run: Run, order: Order) -> None:
    best = _best(run, order)
    if not best:
        return
    by_rule: dict[str, tuple[Rule, list[Part]]] = {}
    for unit, base in run.base.items():
        on_line: dict[int, int] = {}
        for no, _, amount in base:
            on_line[no] = on_line.get(no, 0) + amount
        for (slot_unit, no, _), rule in best.items():
            if slot_unit == unit and no in on_line:
                extra = on_line[no] * (rule.factor_bp - 10_000) // 10_000
                if extra > 0:
                    by_rule.setdefault(rule.id, (rule, []))[1].append((no, rule.id, extra))
    for rule, parts in by_rule.values():
        grant(run, rule, parts)


def _best(run: Run, order: Order) -> dict[tuple[str, int, str], Rule]:
    """The rule with the highest factor for each (unit, line number, lane)."""
    best: dict[tuple[str, int, str], Rule] = {}
    for rule in run.programme.multiply:
        if rule.unit not in run.base:
            continue
        for line in matching(rule, order.lines, run.values):
            slot = (rule.unit, line.no, rule.lane)
            if slot not in best or rule.factor_bp > best[slot].factor_bp:
                best[slot] = rule
    return best
