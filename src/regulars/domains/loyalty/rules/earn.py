"""What an order earns. Every unit granted belongs to one line and one rule, so that a refund can take back exactly that.

In this order: per-amount and fixed rules, each cut by its cap; then multipliers on what the per-amount rules left after their caps.
Docs: docs/algorithms/earning.md works an example.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from regulars.domains.loyalty.model import Exposure, Programme, Rule, Standing, Values
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
class _Run:
    programme: Programme
    standing: Standing
    order: Order
    values: Values
    earned: dict[str, Earned]
    base: dict[str, list[Part]]
    exposures: list[Exposure]
    shares: dict[Measure, list[int]]


def earn(programme: Programme, standing: Standing, order: Order) -> tuple[dict[str, Earned], list[Exposure]]:
    """What ``order`` earns by unit, and the incentive rules that applied."""
    run = _Run(programme, standing, order, order_values(programme, standing, order), {}, {}, [], {})
    for rule in programme.earn:
        lines = matching(rule, order.lines, run.values)
        if lines:
            shares = _per_amount(run, rule, lines) if rule.kind == "per_amount" else _fixed(rule, lines)
            _grant(run, rule, [(line.no, rule.id, share) for line, share in zip(lines, shares, strict=True) if share > 0])
    if programme.multiply:
        _multiply(run)
    return run.earned, run.exposures


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


def read_line(values: Values, line: Line) -> None:
    """Put what conditions read of one line into ``values``, in place of what they held of the line before."""
    values["line.product"] = line.product
    values["line.category"] = line.category
    values["line.amount"] = line.amount - line.discount
    values["line.quantity"] = line.quantity


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


def _per_amount(run: _Run, rule: Rule, lines: Lines) -> list[int]:
    """Units by line. Points and growth usually count the same money, so what whole orders were found to give is kept."""
    if rule.test is not None:
        return _counted(run.order, rule, lines)
    measure = (rule.scope, rule.exclude, rule.give, rule.per)
    shares = run.shares.get(measure)
    if shares is None:
        shares = run.shares[measure] = _counted(run.order, rule, lines)
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


def _grant(run: _Run, rule: Rule, parts: list[Part]) -> None:
    """Count ``parts``, none of which is empty, unless the hold-out withholds them or the rule's cap cuts them."""
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
    if rule.cap:
        parts = _cap(run, rule, parts, total=_units(parts), earned=earned)
    earned.parts += parts
    if rule.kind == "per_amount":
        run.base.setdefault(rule.unit, []).extend(parts)


def _cap(run: _Run, rule: Rule, parts: list[Part], *, total: int, earned: Earned) -> list[Part]:
    cap = rule.cap
    if cap is None:
        return parts
    key = usage_key(run.programme, rule, run.order)
    granted = min(total, max(0, cap.amount - (run.standing.wallet.usage.get(key, 0) if key else 0)))
    if key and granted:
        earned.caps.append((rule.id, key[1].isoformat(), granted))
    if granted == total:
        return parts
    earned.cut.append((rule.id, total, granted))
    shares = money.split(granted, [part[2] for part in parts])
    return [(part[0], part[1], share) for part, share in zip(parts, shares, strict=True) if share]


def usage_key(programme: Programme, rule: Rule, order: Order) -> UsageKey | None:
    """The counter a capped rule fills, by the period of the order's own time; ``None`` for a cap per order."""
    if rule.cap is None or rule.cap.period == "order":
        return None
    start = periods.period_start(order.paid_at, rule.cap.period, programme.zone)  # type: ignore[arg-type]  # checked in the document
    return rule.id, periods.local_date(start, programme.zone)


def _multiply(run: _Run) -> None:
    best = _best(run)
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
        _grant(run, rule, parts)


def _best(run: _Run) -> dict[tuple[str, int, str], Rule]:
    """The rule with the highest factor for each (unit, line number, lane)."""
    best: dict[tuple[str, int, str], Rule] = {}
    for rule in run.programme.multiply:
        if rule.unit not in run.base:
            continue
        for line in matching(rule, run.order.lines, run.values):
            slot = (rule.unit, line.no, rule.lane)
            if slot not in best or rule.factor_bp > best[slot].factor_bp:
                best[slot] = rule
    return best


def order_values(programme: Programme, standing: Standing, order: Order) -> Values:
    """The attributes that the programme's conditions read, as they are before the order. Lines are filled in one by one."""
    reads = programme.reads
    values: Values = {}
    if not reads:
        return values
    for name, read in ORDER_ATTRIBUTES.items():
        if name in reads:
            values[name] = read(programme, standing, order)
    return values


Read = Callable[[Programme, Standing, Order], object]

ORDER_ATTRIBUTES: dict[str, Read] = {
    "order.total": lambda _p, _s, o: o.total,
    "order.source": lambda _p, _s, o: o.source,
    "order.store": lambda _p, _s, o: o.store,
    "order.channel": lambda _p, _s, o: o.channel,
    "order.lines": lambda _p, _s, o: len(o.lines),
    "member.tier": lambda _p, s, _o: s.tier.level,
    "member.orders": lambda _p, s, _o: s.orders,
    "member.spend": lambda _p, s, _o: s.spend,
    "member.first_order": lambda _p, s, _o: s.orders == 0,
    "member.days_since_joined": lambda p, s, o: (periods.local_date(o.paid_at, p.zone) - periods.local_date(s.joined_at, p.zone)).days,
    "time.weekday": lambda p, _s, o: periods.local_weekday(o.paid_at, p.zone) + 1,
    "time.hour": lambda p, _s, o: periods.local_minute_of_day(o.paid_at, p.zone) // 60,
    "time.date": lambda p, _s, o: periods.local_date(o.paid_at, p.zone),
    "time.month": lambda p, _s, o: periods.local_date(o.paid_at, p.zone).month,
    "time.day_of_month": lambda p, _s, o: periods.local_date(o.paid_at, p.zone).day,
}
"""How each attribute of an order is read; its type and labels are in ``loyalty.attributes``."""
