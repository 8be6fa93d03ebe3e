"""From any number to the members behind it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from regulars.domains.insights.model import metrics
from regulars.domains.insights.model.answers import Bucket
from regulars.domains.insights.service import answering, selling
from regulars.domains.insights.service.answering import Question
from regulars.domains.insights.store import deriving, drilling
from regulars.domains.insights.store.drilling import Expression
from regulars.kernel import periods, problem

_DAY = timedelta(days=1)
_NEEDS: Mapping[str, tuple[str, ...]] = {"activation": ("days",), "points_due": ("unit",), "points_outstanding": ("unit",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of members, by id, of ``total``."""

    total: int
    member_ids: tuple[UUID, ...]


def members(folder: Path, of: Bucket, *, after: UUID | None = None, limit: int = 50) -> Found:
    """The members behind the bucket in order of id, from behind ``after``. Raises ``lake.missing``, ``input.invalid``."""
    asked = answering.question(folder, of.filters)
    _require(of)
    found = _DRILLS[of.of](asked, of)
    total = asked.view.once(("members", of), lambda: int(asked.view.rows_of(drilling.total(found))[0][0]))
    rows = asked.view.rows_of(drilling.page(found, after, limit))
    return Found(total=total, member_ids=tuple(row[0] for row in rows))


def _require(of: Bucket) -> None:
    if of.of not in _DRILLS:
        raise problem.invalid("of", of.of, "one of " + ", ".join(sorted(_DRILLS)))
    for name in _NEEDS.get(of.of, ()):
        if getattr(of, name) is None:
            raise problem.invalid(name, "", f"needed for {of.of}")
    if of.outcome != "counted" and of.days is None:
        raise problem.invalid("days", "", "the N of `within N days`, which the outcome is about")
    if (of.period is None) != (of.start is None):
        raise problem.invalid("start", of.start or "", "together with period: the first day of the day, week or month")
    if of.by is not None and of.by == "month" and of.key is not None and of.month is None:
        raise problem.invalid("month", "", "the first day of the group's month, when by is month")


def _moved(name: str) -> Callable[[Question, Bucket], Expression]:
    def drill(asked: Question, of: Bucket) -> Expression:
        begin, end = _bounds(asked, of)
        return drilling.moved(of, tuple(selling.EFFECTS[name]), begin, end)

    return drill


def _bounds(asked: Question, of: Bucket) -> tuple[datetime | None, datetime | None]:
    """The instants at which the window, and the month if one is given, begin and end."""
    first, last = of.filters.from_day, of.filters.to_day
    if of.month is not None:
        ends = periods.add_months(of.month, 1) - _DAY
        first, last = max(first or of.month, of.month), min(last or ends, ends)
    begin = None if first is None else periods.day_start(first, asked.zone)
    return begin, None if last is None else periods.day_start(last + _DAY, asked.zone)


def _due(asked: Question, of: Bucket) -> Expression:
    begin = end = None
    if of.month is not None:
        # A lot is valid until its instant: what ends as the month begins was last valid the day before.
        begin = periods.day_start(of.month, asked.zone)
        end = periods.day_start(periods.add_months(of.month, 1), asked.zone)
    return drilling.holding(of, deriving.INTO_LOTS, deriving.OUT_OF_LOTS, begin, end)


_DRILLS: Mapping[str, Callable[[Question, Bucket], Expression]] = {
    "repurchase": lambda asked, of: drilling.repurchase(of, asked.last_day),
    "activation": lambda asked, of: drilling.activation(of, asked.last_day),
    "conversion": lambda asked, of: drilling.conversion(of, asked.last_day),
    "interval": lambda _, of: drilling.intervals(of),
    "retention_fixed": lambda _, of: drilling.cohort(of),
    "retention_rolling": lambda _, of: drilling.cohort(of),
    "active_members": lambda _, of: drilling.orders(of, kept=True),
    "orders": lambda _, of: drilling.orders(of, kept=False),
    "revenue": lambda _, of: drilling.orders(of, kept=False),
    "average_order": lambda _, of: drilling.orders(of, kept=False),
    "refunded": lambda _, of: drilling.orders(of, kept=False),
    "refunds_made": lambda _, of: drilling.refunds(of),
    "refunds_unmatched": lambda _, of: drilling.refunds(of),
    "members": lambda _, of: drilling.members(of),
    "tiers": lambda _, of: drilling.members(of),
    "members_joined": lambda _, of: drilling.joined(of),
    "points_issued": _moved("issued"),
    "points_spent": _moved("spent"),
    "points_expired": _moved("expired"),
    "points_reversed": _moved("reversed"),
    "points_outstanding": _due,
    "points_due": _due,
}

BUCKETS = tuple(name for name in metrics.METRICS if name in _DRILLS)
"""The metrics whose members can be listed."""
