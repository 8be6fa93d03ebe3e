"""What was sold, what points came and went, and where members stand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from regulars.domains.insights.model import derived
from regulars.domains.insights.model.answers import (
    DueRow,
    Filters,
    Period,
    PointsAnswer,
    PointsRow,
    RevenueAnswer,
    RevenueRow,
    TierRow,
    TiersAnswer,
)
from regulars.domains.insights.service import answering, retention
from regulars.domains.insights.service.answering import Compare, Question
from regulars.domains.insights.store import engine, selling
from regulars.kernel import money

_REVENUE = ("revenue", "orders", "average_order", "refunded", "refunds_made", "refunds_unmatched")
_POINTS = ("points_issued", "points_spent", "points_expired", "points_reversed", "points_outstanding", "points_due")

EFFECTS: Mapping[str, Mapping[str, int]] = {
    "issued": {"grant": 1},
    "received": {"receive": 1},
    "spent": {"spend": 1, "confirm": 1, "restore": -1},
    "expired": {"expire": 1},
    "reversed": {"reverse": 1, "deduct": 1, "owe": 1, "return": -1},
    "sent": {"send": 1},
}
"""What the kinds of journal entries add up to. Outstanding is issued and received less all others."""


def revenue(folder: Path, filters: Filters, *, by: Period = "month", compare: Compare | None = None) -> RevenueAnswer:
    """Revenue by period and in all, with refunds. Raises ``lake.missing``, ``input.invalid``."""
    asked = answering.question(folder, filters)
    earlier = answering.before(asked, compare)
    return asked.view.once(("revenue", filters, by, compare), lambda: _revenue(asked, earlier, by))


def _revenue(asked: Question, earlier: Question | None, by: Period) -> RevenueAnswer:
    sold = asked.view.rows(selling.sold, asked.filters, by)
    back = asked.view.rows(selling.refunds, asked.filters, by)
    numbers = sorted({row[0] for row in sold} | {row[0] for row in back})
    by_period: dict[int, tuple[list[engine.Row], list[engine.Row]]] = defaultdict(lambda: ([], []))
    for which, rows in enumerate((sold, back)):
        for row in rows:
            by_period[row[0]][which].append(row)
    periods = [_row(answering.period_day(number, by), *by_period[number]) for number in retention.spread(numbers, by)]
    begin, end = answering.window(earlier)
    return RevenueAnswer(
        about=answering.about(asked, _REVENUE),
        by=by,
        total=_row(_start(asked), sold, back) if asked.view.last_day is not None else None,
        periods=tuple(periods),
        compared_from=begin,
        compared_to=end,
        before=whole(earlier) if earlier is not None else None,
    )


def whole(asked: Question) -> RevenueRow | None:
    """The whole window as one row; ``None`` when the lake holds no orders."""
    if asked.view.last_day is None:
        return None
    return _row(_start(asked), asked.view.rows(selling.sold, asked.filters, None), asked.view.rows(selling.refunds, asked.filters, None))


def _start(asked: Question) -> date:
    return asked.filters.from_day or derived.day_of(asked.view.first_day or 0)


def _row(start: date, sold: Sequence[engine.Row], back: Sequence[engine.Row]) -> RevenueRow:
    """(period, kind, orders, revenue, refunded) and (period, matched, total) rows summed."""
    orders: dict[str, int] = defaultdict(int)
    amount: dict[str, int] = defaultdict(int)
    for _, kind, count, total, _ in sold:
        orders[kind] += count
        amount[kind] += int(total)
    number, total = sum(orders.values()), sum(amount.values())
    return RevenueRow(
        start=start,
        orders=number,
        orders_new=orders[derived.NEW],
        orders_returning=orders[derived.RETURNING],
        orders_anonymous=orders[derived.ANONYMOUS],
        revenue=total,
        revenue_new=amount[derived.NEW],
        revenue_returning=amount[derived.RETURNING],
        revenue_anonymous=amount[derived.ANONYMOUS],
        refunded=sum(int(row[4]) for row in sold),
        refunds_made=sum(int(row[2]) for row in back if row[1]),
        refunds_unmatched=sum(int(row[2]) for row in back if not row[1]),
        average_order=money.half_even(total, number) if number else None,
    )


def points(folder: Path, filters: Filters) -> PointsAnswer:
    """Points by unit and month, and what is left by the month it lapses in.

    The months are those the window touches, each counted from its first day. Raises ``lake.missing``, ``input.invalid``.
    """
    asked = answering.question(folder, filters)
    return asked.view.once(("points", filters), lambda: _points(asked))


def _points(asked: Question) -> PointsAnswer:
    moved: dict[str, dict[int, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for unit, month, kind, amount in asked.view.rows(selling.movements, asked.filters):
        moved[unit][month][kind] = int(amount)
    due = [
        DueRow(unit=unit, month=None if month is None else derived.month_of(month), amount=int(amount))
        for unit, month, amount in asked.view.rows(selling.due, asked.filters)
    ]
    return PointsAnswer(
        about=answering.about(asked, _POINTS),
        months=tuple(row for unit in sorted(moved) for row in _months(asked, unit, moved[unit])),
        due=tuple(sorted(due, key=lambda row: (row.unit, row.month is None, row.month or date.min))),
    )


def _months(asked: Question, unit: str, moved: Mapping[int, Mapping[str, int]]) -> Iterable[PointsRow]:
    begin = asked.filters.from_day
    outstanding = 0
    for month in range(min(moved), max(moved) + 1):
        sums = effects(moved.get(month, {}))
        outstanding += sums["issued"] + sums["received"] - sums["spent"] - sums["expired"] - sums["reversed"] - sums["sent"]
        if begin is None or month >= derived.month_number(begin):
            yield PointsRow(unit=unit, month=derived.month_of(month), outstanding=outstanding, **sums)


def effects(kinds: Mapping[str, int]) -> dict[str, int]:
    """What amounts by kind of entry add up to."""
    return {name: sum(sign * kinds.get(kind, 0) for kind, sign in signs.items()) for name, signs in EFFECTS.items()}


def by_unit(rows: Iterable[engine.Row]) -> dict[str, dict[str, int]]:
    """(unit, kind, amount) rows as effects by unit."""
    kinds: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for unit, kind, amount in rows:
        kinds[unit][kind] += int(amount)
    return {unit: effects(found) for unit, found in kinds.items()}


def tiers(folder: Path, filters: Filters) -> TiersAnswer:
    """Members by the level they are on now, the largest level first. Raises ``lake.missing``, ``input.invalid``."""
    asked = answering.question(folder, filters)
    return asked.view.once(("tiers", filters), lambda: _tiers(asked))


def _tiers(asked: Question) -> TiersAnswer:
    found: dict[str | None, list[int]] = defaultdict(lambda: [0, 0])
    for level, held_out, members in asked.view.rows(selling.standing, asked.filters):
        found[level][bool(held_out)] += members
    everybody = sum(sum(counts) for counts in found.values())
    rows = [
        TierRow(
            level=level,
            members=sum(counts),
            denominator=everybody,
            share_bp=answering.share(sum(counts), everybody).rate_bp,
            held_out=counts[True],
        )
        for level, counts in found.items()
    ]
    return TiersAnswer(about=answering.about(asked, ["tiers"]), levels=tuple(sorted(rows, key=lambda row: (-row.members, row.level or ""))))
