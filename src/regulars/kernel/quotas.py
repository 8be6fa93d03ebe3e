"""How often a member may have something: so many times a period, counted under a name and the period's first local day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from regulars.kernel import periods
from regulars.kernel.text import Text

Period = Literal["day", "week", "month", "quarter", "year", "lifetime", "membership_year"]
"""A membership year begins on the day of joining and on each anniversary; of 29 February, on the 28th in other years."""
UsageKey = tuple[str, date]
"""(name of the counter, first local day of the period)."""

SAID: Mapping[Period, Text] = {
    "day": Text("a day", "每天"),
    "week": Text("a week", "每周"),
    "month": Text("a month", "每月"),
    "quarter": Text("a quarter", "每季度"),
    "year": Text("a year", "每年"),
    "lifetime": Text("in a lifetime", "终身"),
    "membership_year": Text("a membership year", "每个会员年"),
}
"""How a quota's period is said behind its number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """``times`` (one or more) a ``period``."""

    times: int
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What a member may have, has had and has left in the period that holds an instant.

    Without a quota ``granted`` and ``left`` are None and nothing is counted. ``next_at``: the next period begins, None when none does.
    """

    key: UsageKey | None
    granted: int | None
    used: int
    next_at: datetime | None

    @property
    def left(self) -> int | None:
        # A quota that a newer document lowered may be overdrawn; nothing is left then, and nothing is owed.
        return None if self.granted is None else max(0, self.granted - self.used)

    def allows(self, quantity: int) -> bool:
        """Whether ``quantity`` more may be had."""
        return self.left is None or quantity <= self.left


def bounds(period: Period, at: datetime, *, zone: periods.Zone, joined_at: datetime) -> tuple[datetime, datetime]:
    """Start and end of the period that holds ``at``: ``start <= at < end``, in UTC. ``joined_at`` counts for membership years only."""
    if period != "membership_year":
        return periods.period_bounds(at, period, zone)
    day, joined = periods.local_date(at, zone), periods.local_date(joined_at, zone)
    years = day.year - joined.year
    # A fact from before the anniversary, or from before joining (an upload that came late), lies in the year before.
    if periods.add_months(joined, 12 * years) > day:
        years -= 1
    first, following = (periods.add_months(joined, 12 * count) for count in (years, years + 1))
    return periods.day_start(first, zone), periods.day_start(following, zone)


def allowance(
    name: str, quota: Quota | None, usage: Mapping[UsageKey, int], *, at: datetime, zone: periods.Zone, joined_at: datetime
) -> Allowance:
    """The allowance at ``at``, read from ``usage``: a member's counters by name and first day."""
    if quota is None:
        return Allowance(key=None, granted=None, used=0, next_at=None)
    start, end = bounds(quota.period, at, zone=zone, joined_at=joined_at)
    key = name, periods.local_date(start, zone)
    return Allowance(key=key, granted=quota.times, used=usage.get(key, 0), next_at=None if quota.period == "lifetime" else end)
