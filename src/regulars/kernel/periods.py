"""Calendar arithmetic in a programme's time zone; everything that goes in or comes out is an aware UTC instant or a local date.

All intervals are half-open: a period holds its start and not its end, a thing is valid *until* its expiry instant. The rules:

- a local day begins at its first instant that exists; when midnight is skipped (or the whole day, as in Apia on 30 December 2011)
  that is the instant the clocks jump;
- a wall-clock time that occurs twice means the first; one that never occurs means the next instant that exists;
- adding months keeps the day of the month, or takes the month's last day when it is too short; 29 February plus a year is 28 February;
- weeks begin on Monday; quarters in January, April, July and October;
- what expires stays valid through the end of its last local day.

Results are cached by local date, because the engine asks the same few questions for every fact of a day.
"""

import difflib
import zoneinfo
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal, assert_never

from regulars.kernel import problem

Zone = zoneinfo.ZoneInfo
Kind = Literal["day", "week", "month", "quarter", "year", "lifetime"]
RoundTo = Literal["day", "month", "quarter", "year"]

BEGINNING = datetime(1, 1, 2, tzinfo=UTC)
"""The start of a lifetime; a day short of what Python can hold, so that it converts to every zone."""
END = datetime(9999, 12, 30, tzinfo=UTC)
"""The end of a lifetime."""

_DAY = timedelta(days=1)
_CACHE = 1 << 16
_LEAP_YEAR = 2024


def zone(name: str, *, field: str = "zone") -> Zone:
    """The time zone of an IANA name like ``Asia/Shanghai``. Raises ``input.invalid`` with the nearest names for an unknown one."""
    try:
        return Zone(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        near = difflib.get_close_matches(name, sorted(zoneinfo.available_timezones()), n=3) or ["Asia/Shanghai", "Europe/London"]
        raise problem.invalid(field, name, "an IANA time zone such as " + ", ".join(near)) from None


def local_date(at: datetime, zone: Zone) -> date:
    """The local day that holds the instant. Days never go back: what is repeated after midnight stays in the day that had begun.

    Raises ``ValueError`` for a naive ``at``.
    """
    # Only times in UTC are remembered: elsewhere the two instants of a repeated hour are one key.
    return _day_of(at, zone) if at.tzinfo is UTC else _found_day(at, zone)


def _found_day(at: datetime, zone: Zone) -> date:
    if at.tzinfo is None:
        raise ValueError("an instant must carry its zone")
    local = at.astimezone(zone)
    day = local.date()
    # Some zones put the clock back across midnight (St. John's until 2011, at 00:01): the hour before midnight comes again.
    if local.fold and at >= day_start(day + _DAY, zone):
        return day + _DAY
    return day


# One fact asks for the day of its moment four times; a batch has hundreds of moments.
_day_of = lru_cache(maxsize=1 << 10)(_found_day)


def local_weekday(at: datetime, zone: Zone) -> int:
    """The weekday of the local day: Monday is 0, Sunday is 6."""
    return local_date(at, zone).weekday()


def local_minute_of_day(at: datetime, zone: Zone) -> int:
    """What the wall clock shows, as minutes since 00:00: 0 to 1439."""
    if at.tzinfo is None:
        raise ValueError("an instant must carry its zone")
    local = at.astimezone(zone)
    return local.hour * 60 + local.minute


@lru_cache(maxsize=_CACHE)
def resolve_local(day: date, minute: int, zone: Zone) -> datetime:
    """The UTC instant when the wall clock of ``zone`` shows ``minute`` (0 to 1439) of ``day``.

    A time that occurs twice gives the first, one that never occurs the next instant that exists. Raises ``ValueError``.
    """
    if not 0 <= minute < 24 * 60:
        raise ValueError("a minute of the day lies between 0 and 1439")
    wanted = datetime.combine(day, time(minute // 60, minute % 60))
    after = wanted.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if after.astimezone(zone).replace(tzinfo=None) == wanted:
        return after
    # In a gap, fold 0 reads the clock as it was before the jump and so lands behind it, fold 1 lands before it.
    before = wanted.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(zone).replace(tzinfo=None) < wanted:
            before = middle
        else:
            after = middle
    return after


def day_start(day: date, zone: Zone) -> datetime:
    """The UTC instant at which the local day begins."""
    return resolve_local(day, 0, zone)


def period_start(at: datetime, kind: Kind, zone: Zone) -> datetime:
    """The UTC instant at which the period that holds ``at`` began; ``BEGINNING`` for a lifetime."""
    return _bounds(local_date(at, zone), kind, zone)[0]


def period_end(at: datetime, kind: Kind, zone: Zone) -> datetime:
    """The UTC instant at which the next period begins; ``END`` for a lifetime."""
    return _bounds(local_date(at, zone), kind, zone)[1]


def period_bounds(at: datetime, kind: Kind, zone: Zone) -> tuple[datetime, datetime]:
    """Start and end of the period that holds ``at``: ``start <= at < end``, in UTC."""
    return _bounds(local_date(at, zone), kind, zone)


def add_months(day: date, months: int) -> date:
    """The same day of the month ``months`` later (earlier when negative), or that month's last day when it has no such day.

    Raises ``ValueError`` outside the years 1 to 9999.
    """
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise ValueError(f"{months} months from {day} lies outside the years 1 to 9999")
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def rolling_expiry(at: datetime, *, zone: Zone, months: int = 0, days: int = 0, round_to: RoundTo | None = None) -> datetime:
    """The UTC instant when something got at ``at`` stops being valid: the local midnight after its last day.

    The last day is the local day of ``at`` plus ``months``, then plus ``days``; ``round_to`` moves it to the end of the month,
    quarter or year it lies in (None means "day": no move). Raises ``ValueError`` for a negative span.
    """
    return _rolling(local_date(at, zone), months, days, round_to or "day", zone)


def calendar_expiry(at: datetime, *, zone: Zone, month: int, day: int, min_months: int = 0) -> datetime:
    """The UTC instant after the end of the next ``month``/``day`` that is the local day of ``at`` plus ``min_months``, or later.

    29 February means the last day of February. Raises ``input.invalid`` for a day that no year has, ``ValueError`` for a
    negative ``min_months``.
    """
    return _calendar(local_date(at, zone), month, day, min_months, zone)


def window_start(at: datetime, *, zone: Zone, months: int = 0, days: int = 0) -> datetime:
    """The UTC instant from which things still count in "the last ``months`` months" or "the last ``days`` days" at ``at``.

    The exact counterpart of ``rolling_expiry``: what happened at ``x`` counts at ``at`` as long as ``at`` is before
    ``rolling_expiry(x)``. So "the last 30 days" are today and the 30 whole local days before it. Raises ``ValueError`` when both
    spans are given or one is negative.
    """
    if (months and days) or months < 0 or days < 0:
        raise ValueError("a window is a number of months or a number of days, not negative")
    return _window(local_date(at, zone), months, days, zone)


@lru_cache(maxsize=_CACHE)
def _bounds(day: date, kind: Kind, zone: Zone) -> tuple[datetime, datetime]:
    if kind == "lifetime":
        return BEGINNING, END
    first, following = _days(day, kind)
    return day_start(first, zone), day_start(following, zone)


def _days(day: date, kind: Literal["day", "week", "month", "quarter", "year"]) -> tuple[date, date]:
    """The first local day of the period that holds ``day``, and the first of the one after it."""
    if kind == "day":
        return day, day + _DAY
    if kind == "week":
        monday = day - day.weekday() * _DAY
        return monday, monday + 7 * _DAY
    if kind == "month":
        first = day.replace(day=1)
        return first, add_months(first, 1)
    if kind == "quarter":
        first = date(day.year, day.month - (day.month - 1) % 3, 1)
        return first, add_months(first, 3)
    if kind == "year":
        first = date(day.year, 1, 1)
        return first, add_months(first, 12)
    assert_never(kind)


@lru_cache(maxsize=_CACHE)
def _rolling(day: date, months: int, days: int, round_to: RoundTo, zone: Zone) -> datetime:
    if months < 0 or days < 0:
        raise ValueError("an expiry lies a number of months and days ahead, not back")
    last = add_months(day, months) + days * _DAY
    return day_start(_days(last, round_to)[1], zone)


@lru_cache(maxsize=_CACHE)
def _calendar(day: date, month: int, day_of_month: int, min_months: int, zone: Zone) -> datetime:
    if not 1 <= month <= 12 or not 1 <= day_of_month <= monthrange(_LEAP_YEAR, month)[1]:
        raise problem.invalid("expiry day", f"month {month}, day {day_of_month}", "a day of the year, like month 12 and day 31")
    if min_months < 0:
        raise ValueError("a minimum life is a number of months, not negative")
    earliest = add_months(day, min_months)
    last = _in_year(earliest.year, month, day_of_month)
    if last < earliest:
        last = _in_year(earliest.year + 1, month, day_of_month)
    return day_start(last + _DAY, zone)


def _in_year(year: int, month: int, day_of_month: int) -> date:
    return date(year, month, min(day_of_month, monthrange(year, month)[1]))


@lru_cache(maxsize=_CACHE)
def _window(day: date, months: int, days: int, zone: Zone) -> datetime:
    first = add_months(day, -months) - days * _DAY
    # A day cut to the end of a shorter month would, months later, already have lapsed: the window begins the day after it.
    if days == 0 and add_months(first, months) < day:
        first += _DAY
    return day_start(first, zone)
