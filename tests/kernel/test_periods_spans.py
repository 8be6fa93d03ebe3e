"""Periods: months, expiries and windows, and that a window drops a fact at the very instant it expires."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel import periods
from regulars.kernel.problem import Problem
from tests.kernel.places import LONDON, NEW_YORK, SHANGHAI, instants, utc, zones


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 5, 15), 0, date(2026, 5, 15)),
        (date(2000, 1, 31), 1, date(2000, 2, 29)),
        (date(1, 2, 1), -1, date(1, 1, 1)),
        (date(9999, 11, 30), 1, date(9999, 12, 30)),
    ],
)
def test_edge_08_adding_months_keeps_the_day_or_takes_the_months_last(day: date, months: int, later: date) -> None:
    assert periods.add_months(day, months) == later


@pytest.mark.parametrize(("day", "months"), [(date(9999, 12, 1), 1), (date(1, 1, 1), -1)])
def test_months_beyond_the_calendar_are_refused(day: date, months: int) -> None:
    with pytest.raises(ValueError, match="outside the years 1 to 9999"):
        periods.add_months(day, months)


@pytest.mark.parametrize(
    ("at", "span", "until"),
    [
        (utc(2026, 1, 31, 12), {"months": 1}, date(2026, 3, 1)),
        (utc(2024, 2, 29, 12), {"months": 12}, date(2025, 3, 1)),
        (utc(2026, 3, 1, 12), {"days": 30}, date(2026, 4, 1)),
        (utc(2026, 3, 1, 12), {}, date(2026, 3, 2)),
        (utc(2026, 3, 1, 12), {"round_to": "day"}, date(2026, 3, 2)),
        (utc(2026, 1, 31, 12), {"months": 1, "days": 1}, date(2026, 3, 2)),
        (utc(2026, 3, 15, 12), {"months": 12, "round_to": "month"}, date(2027, 4, 1)),
        (utc(2026, 3, 15, 12), {"months": 12, "round_to": "quarter"}, date(2027, 4, 1)),
        (utc(2026, 4, 15, 12), {"months": 12, "round_to": "quarter"}, date(2027, 7, 1)),
        (utc(2026, 3, 15, 12), {"months": 12, "round_to": "year"}, date(2028, 1, 1)),
        (utc(2026, 1, 31, 12), {"months": 1, "round_to": "month"}, date(2026, 3, 1)),
        (utc(2025, 12, 31, 12), {"days": 1, "round_to": "year"}, date(2027, 1, 1)),
    ],
)
def test_edge_08_what_expires_is_valid_through_the_end_of_its_last_day(
    at: datetime, span: dict[str, int | periods.RoundTo], until: date
) -> None:
    for zone in (LONDON, SHANGHAI, NEW_YORK):
        assert periods.rolling_expiry(at, zone=zone, **span) == periods.day_start(until, zone)  # type: ignore[arg-type]  # keywords


def test_the_last_day_counts_in_the_zone_of_the_programme() -> None:
    at = utc(2026, 3, 1, 23)  # 1 March in London, 2 March in Shanghai
    assert periods.rolling_expiry(at, zone=LONDON, days=28) == utc(2026, 3, 29, 23)  # through a day of 23 hours
    assert periods.rolling_expiry(at, zone=SHANGHAI, days=28) == utc(2026, 3, 30, 16)


@pytest.mark.parametrize("span", [{"months": -1}, {"days": -1}])
def test_nothing_expires_before_it_begins(span: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="an expiry lies a number of months and days ahead, not back"):
        periods.rolling_expiry(utc(2026, 3, 1), zone=LONDON, **span)  # type: ignore[arg-type]  # keywords


@pytest.mark.parametrize(
    ("at", "month", "day", "min_months", "until"),
    [
        (utc(2026, 3, 1, 12), 12, 31, 0, date(2027, 1, 1)),
        (utc(2026, 12, 31, 12), 12, 31, 0, date(2027, 1, 1)),
        (utc(2026, 12, 31, 12), 12, 30, 0, date(2027, 12, 31)),
        (utc(2026, 12, 31, 12), 12, 31, 1, date(2028, 1, 1)),
        (utc(2026, 6, 30, 12), 6, 30, 12, date(2027, 7, 1)),
        (utc(2026, 7, 1, 12), 6, 30, 12, date(2028, 7, 1)),
        (utc(2025, 3, 1, 12), 2, 29, 0, date(2026, 3, 1)),
        (utc(2027, 3, 1, 12), 2, 29, 0, date(2028, 3, 1)),
        (utc(2025, 2, 28, 12), 2, 29, 0, date(2025, 3, 1)),
        (utc(2026, 1, 31, 12), 2, 28, 1, date(2026, 3, 1)),
        (utc(2026, 1, 1, 12), 1, 1, 0, date(2026, 1, 2)),
    ],
)
def test_a_calendar_expiry_is_the_end_of_the_next_such_day(at: datetime, month: int, day: int, min_months: int, until: date) -> None:
    for zone in (LONDON, SHANGHAI):
        expiry = periods.calendar_expiry(at, zone=zone, month=month, day=day, min_months=min_months)
        assert expiry == periods.day_start(until, zone)


def test_a_calendar_expiry_counts_from_the_local_day() -> None:
    at = utc(2026, 12, 31, 20)  # New Year's Eve in London, New Year's Day in Shanghai
    assert periods.calendar_expiry(at, zone=LONDON, month=12, day=31) == utc(2027, 1, 1)
    assert periods.calendar_expiry(at, zone=SHANGHAI, month=12, day=31) == utc(2027, 12, 31, 16)


@pytest.mark.parametrize(("month", "day"), [(0, 1), (13, 1), (2, 30), (4, 31), (1, 0), (1, 32)])
def test_a_day_that_no_year_has_is_refused(month: int, day: int) -> None:
    with pytest.raises(Problem) as caught:
        periods.calendar_expiry(utc(2026, 3, 1), zone=LONDON, month=month, day=day)
    (fault,) = caught.value.faults
    assert (fault.field, fault.value) == ("expiry day", f"month {month}, day {day}")
    assert fault.expected == "a day of the year, like month 12 and day 31"


def test_a_minimum_life_is_not_negative() -> None:
    with pytest.raises(ValueError, match="a minimum life is a number of months, not negative"):
        periods.calendar_expiry(utc(2026, 3, 1), zone=LONDON, month=1, day=1, min_months=-1)


@pytest.mark.parametrize(
    ("at", "span", "first"),
    [
        (utc(2026, 3, 15, 12), {"days": 30}, date(2026, 2, 13)),
        (utc(2026, 3, 15, 12), {}, date(2026, 3, 15)),
        (utc(2026, 3, 15, 12), {"months": 12}, date(2025, 3, 15)),
        (utc(2026, 3, 31, 12), {"months": 1}, date(2026, 3, 1)),  # 28 February plus a month has lapsed on the 28th
        (utc(2026, 2, 28, 12), {"months": 1}, date(2026, 1, 28)),
        (utc(2026, 3, 1, 12), {"months": 1}, date(2026, 2, 1)),
        (utc(2024, 2, 29, 12), {"months": 12}, date(2023, 3, 1)),
        (utc(2025, 2, 28, 12), {"months": 12}, date(2024, 2, 28)),
    ],
)
def test_a_window_begins_with_a_local_day(at: datetime, span: dict[str, int], first: date) -> None:
    for zone in (LONDON, SHANGHAI):
        assert periods.window_start(at, zone=zone, **span) == periods.day_start(first, zone)


@pytest.mark.parametrize("span", [{"months": 1, "days": 1}, {"months": -1}, {"days": -1}])
def test_a_window_has_one_length(span: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="a window is a number of months or a number of days, not negative"):
        periods.window_start(utc(2026, 3, 1), zone=LONDON, **span)


@given(instants, st.integers(0, 400), st.integers(0, 26), zones, st.booleans())
def test_something_counts_in_the_window_exactly_until_it_expires(
    at: datetime, days_later: int, length: int, zone: periods.Zone, by_months: bool
) -> None:
    now = at + timedelta(days=days_later)
    span = {"months": length} if by_months else {"days": length * 15}
    expired = now >= periods.rolling_expiry(at, zone=zone, **span)  # type: ignore[arg-type]  # keywords
    assert (at < periods.window_start(now, zone=zone, **span)) is expired


@given(instants, st.integers(0, 40), st.integers(0, 400), zones)
def test_rounding_only_ever_prolongs(at: datetime, months: int, days: int, zone: periods.Zone) -> None:
    plain = periods.rolling_expiry(at, zone=zone, months=months, days=days)
    rounded = [periods.rolling_expiry(at, zone=zone, months=months, days=days, round_to=to) for to in ("month", "quarter", "year")]
    assert [at, plain, *rounded] == sorted([at, plain, *rounded])
    assert at < plain
    last_month = plain - timedelta(microseconds=1)
    assert rounded[0] == periods.period_end(last_month, "month", zone)


@given(st.dates(date(1970, 1, 1), date(2090, 1, 1)), st.integers(-500, 500))
def test_months_move_by_exactly_that_many_months(day: date, months: int) -> None:
    later = periods.add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)
