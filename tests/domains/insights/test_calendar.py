"""The calendar: each quarter of an hour in its local day, week, month and hour, also where clocks jump."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from regulars.domains.insights.model import lake_tables
from regulars.domains.insights.service import calendar
from regulars.kernel import periods


def rows(first: datetime, last: datetime, zone: str) -> list[tuple[datetime, date, date, date, int]]:
    table = calendar.calendar(first, last, periods.zone(zone))
    assert table.schema == lake_tables.CALENDAR.schema
    return list(zip(*(table.column(name).to_pylist() for name in table.schema.names), strict=True))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]  # year, month, day, …


@pytest.mark.parametrize(
    ("zone", "first", "day", "slots"),
    [
        ("Europe/London", utc(2026, 3, 28, 12), date(2026, 3, 29), 92),  # the clocks go forward: 23 hours
        ("Europe/London", utc(2026, 10, 24, 12), date(2026, 10, 25), 100),  # and back: 25
        ("Europe/London", utc(2026, 6, 1, 12), date(2026, 6, 2), 96),
        ("Asia/Shanghai", utc(2026, 3, 28, 12), date(2026, 3, 29), 96),
        ("Asia/Kathmandu", utc(2026, 3, 27, 12), date(2026, 3, 29), 96),  # 5 h 45 min ahead
        ("Australia/Lord_Howe", utc(2026, 4, 3, 0), date(2026, 4, 5), 98),  # half an hour back
        ("America/Santiago", utc(2026, 9, 5, 0), date(2026, 9, 6), 92),  # midnight itself is skipped
    ],
)
def test_a_local_day_has_the_quarters_it_lasts(zone: str, first: datetime, day: date, slots: int) -> None:
    found = Counter(row[1] for row in rows(first, first + timedelta(days=3), zone))
    assert found[day] == slots


def test_quarters_begin_and_end_where_they_were_asked_for() -> None:
    found = rows(utc(2026, 1, 1, 0, 7), utc(2026, 1, 1, 0, 45), "UTC")
    assert [row[0] for row in found] == [utc(2026, 1, 1, 0, minute) for minute in (0, 15, 30, 45)]


@pytest.mark.parametrize(
    ("zone", "at", "expected"),
    [
        # In Kathmandu the day begins at 18:15 UTC.
        ("Asia/Kathmandu", utc(2026, 1, 4, 18), (date(2026, 1, 4), date(2025, 12, 29), date(2026, 1, 1), 23)),
        ("Asia/Kathmandu", utc(2026, 1, 4, 18, 15), (date(2026, 1, 5), date(2026, 1, 5), date(2026, 1, 1), 0)),
        ("Asia/Shanghai", utc(2025, 12, 31, 16), (date(2026, 1, 1), date(2025, 12, 29), date(2026, 1, 1), 0)),
        ("Europe/London", utc(2026, 3, 29, 0, 45), (date(2026, 3, 29), date(2026, 3, 23), date(2026, 3, 1), 0)),
        ("Europe/London", utc(2026, 3, 29, 1), (date(2026, 3, 29), date(2026, 3, 23), date(2026, 3, 1), 2)),
        ("America/Santiago", utc(2026, 9, 6, 4), (date(2026, 9, 6), date(2026, 8, 31), date(2026, 9, 1), 1)),
        # The clock went back across midnight there: what comes again stays in the day that had begun.
        ("America/St_Johns", utc(2010, 11, 7, 2, 30), (date(2010, 11, 7), date(2010, 11, 1), date(2010, 11, 1), 0)),
        ("America/St_Johns", utc(2010, 11, 7, 2, 45), (date(2010, 11, 7), date(2010, 11, 1), date(2010, 11, 1), 23)),
    ],
)
def test_a_quarter_lies_where_its_beginning_lies(zone: str, at: datetime, expected: tuple[date, date, date, int]) -> None:
    assert rows(at, at, zone) == [(at, *expected)]


@pytest.mark.parametrize("zone", ["Europe/London", "Asia/Shanghai", "Asia/Kathmandu", "Pacific/Chatham", "Pacific/Apia"])
def test_every_quarter_of_years_agrees_with_the_kernel(zone: str) -> None:
    where = periods.zone(zone)
    found = rows(utc(2011, 12, 20), utc(2012, 11, 10), zone)
    assert len(found) == 326 * 96 + 1
    assert all(day == periods.local_date(at, where) for at, day, _, _, _ in found)
    assert all(week.weekday() == 0 and timedelta(0) <= day - week < timedelta(days=7) for _, day, week, _, _ in found)
    assert all((month.year, month.month, month.day) == (day.year, day.month, 1) for _, day, _, month, _ in found)


def test_microseconds_since_1970_are_an_instant_before_it_too() -> None:
    assert calendar.instant(-1) == utc(1969, 12, 31, 23, 59, 59, 999_999)
