"""Staying: retention by cohort, activity by period, activation of those who joined."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

from regulars.domains.insights.model import derived
from regulars.domains.insights.model.answers import (
    ActivationRow,
    ActivityAnswer,
    ActivityRow,
    CohortRow,
    CohortsAnswer,
    Filters,
    Period,
)
from regulars.domains.insights.model.metrics import ACTIVATION_DAYS
from regulars.domains.insights.service import answering
from regulars.domains.insights.service.answering import Counts, Question
from regulars.domains.insights.store import returning, selling
from regulars.kernel import periods

MONTHS = 12
ACTIVATION_WINDOWS = (0, 7, ACTIVATION_DAYS, 90)


def cohorts(folder: Path, filters: Filters, *, months: int = MONTHS) -> CohortsAnswer:
    """Retention of each month's new customers over the ``months`` that follow, as far as there are data. Raises as every question."""
    asked = answering.question(folder, filters)
    return asked.view.once(("cohorts", filters, months), lambda: _cohorts(asked, months))


def _cohorts(asked: Question, months: int) -> CohortsAnswer:
    active = {(row[0], row[1]): (row[2], int(row[3] or 0)) for row in asked.view.rows(returning.cohort_months, asked.filters)}
    lasting: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for first, last, members in asked.view.rows(returning.cohort_lasting, asked.filters):
        lasting[first][last] += members
    cells = [cell for first in sorted(lasting) for cell in _cells(asked, first, lasting[first], active, months)]
    return CohortsAnswer(about=answering.about(asked, ["retention_fixed", "retention_rolling"]), cells=tuple(cells))


def _cells(
    asked: Question, first: int, lasting: dict[int, int], active: dict[tuple[int, int], tuple[int, int]], months: int
) -> Iterable[CohortRow]:
    members = sum(lasting.values())
    ends = derived.month_number(derived.day_of(asked.last_day))
    for after in range(min(months, ends - first) + 1):
        fixed, revenue = active.get((first, first + after), (0, 0))
        rolling = sum(count for last, count in lasting.items() if last >= first + after)
        yield CohortRow(
            month=derived.month_of(first),
            after=after,
            denominator=members,
            fixed=fixed,
            fixed_bp=answering.share(fixed, members).rate_bp,
            rolling=rolling,
            rolling_bp=answering.share(rolling, members).rate_bp,
            revenue=revenue,
            complete=asked.last_day >= derived.day_number(derived.month_of(first + after + 1)) - 1,
        )


def activity(folder: Path, filters: Filters, *, by: Period = "month", windows: Sequence[int] = ACTIVATION_WINDOWS) -> ActivityAnswer:
    """Active members by period, and activation within each of ``windows`` days of those who joined. Raises as every question."""
    asked = answering.question(folder, filters)
    days = tuple(windows)
    return asked.view.once(("activity", filters, by, days), lambda: _activity(asked, by, days))


def _activity(asked: Question, by: Period, windows: Sequence[int]) -> ActivityAnswer:
    counted = activation(asked, windows)
    arms = [answering.arms("activation", days, counted[days]) for days in windows]
    return ActivityAnswer(
        about=answering.about(asked, ["active_members", "orders_per_active", "activation"], arms),
        by=by,
        periods=tuple(_periods(asked, by)),
        activation=tuple(_activation(days, counted[days]) for days in windows),
        arms=tuple(arms),
    )


def activation(asked: Question, windows: Sequence[int]) -> dict[int, dict[bool, Counts]]:
    """By window and arm: (members who joined early enough, of them activated)."""
    rows = asked.view.rows(returning.activation, asked.filters, windows, asked.last_day)
    return {days: {row[0]: (row[1 + 2 * place], row[2 + 2 * place]) for row in rows} for place, days in enumerate(windows)}


def _activation(days: int, counts: dict[bool, Counts]) -> ActivationRow:
    counted, activated = answering.summed(counts.values())
    share = answering.share(activated, counted)
    return ActivationRow(
        days=days, n=share.n, denominator=share.denominator, rate_bp=share.rate_bp, low_bp=share.low_bp, high_bp=share.high_bp
    )


def _periods(asked: Question, by: Period) -> Iterable[ActivityRow]:
    found = {row[0]: (row[1], row[2]) for row in asked.view.rows(selling.active, asked.filters, by)}
    for number in spread(list(found), by):
        active, orders = found.get(number, (0, 0))
        yield ActivityRow(
            start=answering.period_day(number, by),
            active=active,
            orders=orders,
            orders_per_100=orders * 100 // active if active else None,
            complete=_complete(asked, number, by),
        )


def spread(numbers: Sequence[int], by: Period) -> Iterable[int]:
    """Every period from the first to the last of ``numbers``, those without anything too."""
    return range(min(numbers), max(numbers) + 1, 7 if by == "week" else 1) if numbers else ()


def _complete(asked: Question, number: int, by: Period) -> bool:
    """Whether the data and the window hold the whole period."""
    begin = answering.period_day(number, by)
    # The next period begins on this day.
    after = begin + timedelta(days=7 if by == "week" else 1) if by != "month" else periods.add_months(begin, 1)
    window, view = asked.filters, asked.view
    first = max(derived.day_of(view.first_day or 0), window.from_day or date.min)
    last = min(derived.day_of(asked.last_day), window.to_day or date.max)
    return first <= begin and after - timedelta(days=1) <= last
