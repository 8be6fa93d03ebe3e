"""Periods: every rule of the calendar on days that break naive arithmetic."""

import itertools
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel import periods
from regulars.kernel.problem import Problem

LONDON = periods.zone("Europe/London")
SHANGHAI = periods.zone("Asia/Shanghai")
NEW_YORK = periods.zone("America/New_York")
APIA = periods.zone("Pacific/Apia")
SAO_PAULO = periods.zone("America/Sao_Paulo")
CAIRO = periods.zone("Africa/Cairo")
BEIRUT = periods.zone("Asia/Beirut")
TORONTO = periods.zone("America/Toronto")
ST_JOHNS = periods.zone("America/St_Johns")
HAVANA = periods.zone("America/Havana")
ZONES = [LONDON, SHANGHAI, NEW_YORK, APIA, SAO_PAULO, CAIRO, BEIRUT, TORONTO, ST_JOHNS, HAVANA]

instants = st.datetimes(datetime(1985, 1, 1), datetime(2040, 1, 1)).map(lambda d: d.replace(tzinfo=UTC))  # noqa: DTZ001 - made aware at once.
zones = st.sampled_from(ZONES)


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> None:
    """Every test computes; none is answered with what another has computed."""
    for cached in (periods.resolve_local, periods._bounds, periods._rolling, periods._calendar, periods._window):
        cached.cache_clear()


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]  # year, month, day, …


def hours_of(day: date, zone: periods.Zone) -> float:
    return (periods.day_start(day + timedelta(days=1), zone) - periods.day_start(day, zone)) / timedelta(hours=1)


def test_a_zone_is_found_by_its_iana_name() -> None:
    assert periods.zone("Asia/Shanghai").key == "Asia/Shanghai"
    assert periods.zone("Asia/Shanghai") is SHANGHAI


@pytest.mark.parametrize("name", ["Europe/Lodnon", "Europe", "", "../etc/passwd", "/etc/passwd", "\0", "x" * 300, "中国"])
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(Problem) as caught:
        periods.zone(name, field="time_zone")
    assert (caught.value.code, caught.value.faults[0].field, caught.value.faults[0].value) == ("input.invalid", "time_zone", name[:120])


def test_a_misspelt_zone_is_answered_with_the_nearest_names() -> None:
    with pytest.raises(Problem) as caught:
        periods.zone("Asia/Shangai")
    assert caught.value.faults[0].field == "zone"
    assert caught.value.faults[0].expected.startswith("an IANA time zone such as Asia/Shanghai")
    with pytest.raises(Problem) as caught:
        periods.zone("中国")
    assert caught.value.faults[0].expected == "an IANA time zone such as Asia/Shanghai, Europe/London"


@pytest.mark.parametrize(
    ("at", "zone", "day"),
    [
        (utc(2026, 3, 1, 15, 59, 59), SHANGHAI, date(2026, 3, 1)),
        (utc(2026, 3, 1, 16), SHANGHAI, date(2026, 3, 2)),
        (utc(2026, 7, 1, 22, 59), LONDON, date(2026, 7, 1)),
        (utc(2026, 7, 1, 23), LONDON, date(2026, 7, 2)),
        (utc(1988, 7, 1, 14, 59), SHANGHAI, date(1988, 7, 1)),
        (utc(1988, 7, 1, 15), SHANGHAI, date(1988, 7, 2)),  # summer time, UTC+9
        (utc(2011, 12, 30, 9, 59), APIA, date(2011, 12, 29)),
        (utc(2011, 12, 30, 10), APIA, date(2011, 12, 31)),
        (datetime(2026, 3, 2, 0, 0, tzinfo=timezone(timedelta(hours=8))), LONDON, date(2026, 3, 1)),
    ],
)
def test_an_instant_lies_in_the_local_day_of_the_zone(at: datetime, zone: periods.Zone, day: date) -> None:
    assert periods.local_date(at, zone) == day


def test_an_hour_repeated_after_midnight_stays_in_the_day_that_had_begun() -> None:
    # St. John's, 7 November 2010: at 00:01 the clock went back to 23:01 of the 6th.
    assert periods.day_start(date(2010, 11, 7), ST_JOHNS) == utc(2010, 11, 7, 2, 30)
    assert periods.local_date(utc(2010, 11, 7, 2, 29), ST_JOHNS) == date(2010, 11, 6)
    assert periods.local_date(utc(2010, 11, 7, 2, 30), ST_JOHNS) == date(2010, 11, 7)
    assert utc(2010, 11, 7, 2, 31).astimezone(ST_JOHNS).date() == date(2010, 11, 6)
    assert periods.local_date(utc(2010, 11, 7, 2, 31), ST_JOHNS) == date(2010, 11, 7)
    assert periods.local_date(utc(2010, 11, 7, 3, 29), ST_JOHNS) == date(2010, 11, 7)
    assert periods.local_date(utc(2010, 11, 8, 3, 30), ST_JOHNS) == date(2010, 11, 8)


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (date(2026, 3, 29), LONDON, 23),
        (date(2026, 10, 25), LONDON, 25),
        (date(2026, 10, 26), LONDON, 24),
        (date(2026, 3, 8), NEW_YORK, 23),
        (date(2026, 11, 1), NEW_YORK, 25),
        (date(2026, 3, 29), SHANGHAI, 24),
        (date(1986, 5, 4), SHANGHAI, 23),
        (date(1986, 9, 14), SHANGHAI, 25),
        (date(1991, 4, 14), SHANGHAI, 23),
        (date(1991, 9, 15), SHANGHAI, 25),
        (date(2018, 11, 4), SAO_PAULO, 23),
        (date(2018, 2, 17), SAO_PAULO, 25),
        (date(2011, 12, 29), APIA, 24),
        (date(2011, 12, 30), APIA, 0),
        (date(2011, 12, 31), APIA, 24),
        (date(2010, 11, 6), ST_JOHNS, 24),
        (date(2010, 11, 7), ST_JOHNS, 25),
    ],
)
def test_edge_08_days_have_the_hours_the_clock_gave_them(day: date, zone: periods.Zone, hours: int) -> None:
    assert hours_of(day, zone) == hours


@pytest.mark.parametrize(
    ("day", "zone", "start"),
    [
        (date(2026, 3, 29), LONDON, utc(2026, 3, 29)),
        (date(2026, 3, 30), LONDON, utc(2026, 3, 29, 23)),
        (date(2026, 3, 1), SHANGHAI, utc(2026, 2, 28, 16)),
        (date(2018, 11, 4), SAO_PAULO, utc(2018, 11, 4, 3)),  # 00:00 to 01:00 skipped
        (date(2023, 4, 28), CAIRO, utc(2023, 4, 27, 22)),  # 00:00 to 01:00 skipped
        (date(2024, 3, 31), BEIRUT, utc(2024, 3, 30, 22)),  # 00:00 to 01:00 skipped
        (date(1919, 3, 31), TORONTO, utc(1919, 3, 31, 4, 30)),  # 23:30 to 00:30 skipped: the day begins at 00:30
        (date(2011, 12, 30), APIA, utc(2011, 12, 30, 10)),  # no such day: where the next begins
        (date(2011, 12, 31), APIA, utc(2011, 12, 30, 10)),
        (date(2024, 11, 3), HAVANA, utc(2024, 11, 3, 4)),  # midnight occurs twice: the first
    ],
)
def test_edge_08_a_day_begins_at_its_first_instant_that_exists(day: date, zone: periods.Zone, start: datetime) -> None:
    assert periods.day_start(day, zone) == start
    assert periods.day_start(day, zone).tzinfo is UTC


def test_an_instant_without_a_zone_is_a_programming_error() -> None:
    naive = datetime(2026, 3, 1)  # noqa: DTZ001 - the point
    for ask in (periods.local_date, periods.local_minute_of_day, periods.local_weekday):
        with pytest.raises(ValueError, match="an instant must carry its zone"):
            ask(naive, LONDON)


def test_weekday_and_minute_are_what_calendar_and_clock_on_the_wall_show() -> None:
    at = utc(2026, 3, 1, 16, 5, 59)  # Sunday in London, Monday in Shanghai
    assert (periods.local_weekday(at, LONDON), periods.local_weekday(at, SHANGHAI)) == (6, 0)
    assert (periods.local_minute_of_day(at, LONDON), periods.local_minute_of_day(at, SHANGHAI)) == (965, 5)
    assert periods.local_minute_of_day(utc(2026, 3, 1, 23, 59), LONDON) == 1439


@pytest.mark.parametrize(
    ("day", "minute", "zone", "instant"),
    [
        (date(2026, 3, 1), 8 * 60, SHANGHAI, utc(2026, 3, 1, 0)),
        (date(2026, 7, 1), 8 * 60, LONDON, utc(2026, 7, 1, 7)),
        (date(2026, 3, 29), 59, LONDON, utc(2026, 3, 29, 0, 59)),
        (date(2026, 3, 29), 60, LONDON, utc(2026, 3, 29, 1)),
        (date(2026, 3, 29), 90, LONDON, utc(2026, 3, 29, 1)),  # 01:30 does not exist: 02:00
        (date(2026, 3, 29), 119, LONDON, utc(2026, 3, 29, 1)),
        (date(2026, 3, 29), 120, LONDON, utc(2026, 3, 29, 1)),
        (date(2026, 3, 29), 121, LONDON, utc(2026, 3, 29, 1, 1)),
        (date(2026, 3, 8), 150, NEW_YORK, utc(2026, 3, 8, 7)),  # 02:30 does not exist: 03:00
        (date(2026, 11, 1), 90, NEW_YORK, utc(2026, 11, 1, 5, 30)),  # 01:30 twice: the first
        (date(2026, 10, 25), 90, LONDON, utc(2026, 10, 25, 0, 30)),  # 01:30 twice: the first
        (date(2011, 12, 30), 12 * 60, APIA, utc(2011, 12, 30, 10)),
        (date(1919, 3, 30), 23 * 60 + 45, TORONTO, utc(1919, 3, 31, 4, 30)),
        (date(2026, 3, 1), 1439, LONDON, utc(2026, 3, 1, 23, 59)),
    ],
)
def test_a_time_on_the_wall_means_the_first_such_instant_or_the_next_that_exists(
    day: date, minute: int, zone: periods.Zone, instant: datetime
) -> None:
    assert periods.resolve_local(day, minute, zone) == instant


@pytest.mark.parametrize("minute", [-1, 1440])
def test_a_minute_that_no_day_has_is_refused(minute: int) -> None:
    with pytest.raises(ValueError, match="a minute of the day lies between 0 and 1439"):
        periods.resolve_local(date(2026, 3, 1), minute, LONDON)


@pytest.mark.parametrize(
    ("kind", "start", "end"),
    [
        ("day", utc(2026, 5, 13, 23), utc(2026, 5, 14, 23)),
        ("week", utc(2026, 5, 10, 23), utc(2026, 5, 17, 23)),
        ("month", utc(2026, 4, 30, 23), utc(2026, 5, 31, 23)),
        ("quarter", utc(2026, 3, 31, 23), utc(2026, 6, 30, 23)),
        ("year", utc(2026, 1, 1), utc(2027, 1, 1)),
        ("lifetime", utc(1, 1, 2), utc(9999, 12, 30)),
    ],
)
def test_a_period_is_bounded_by_local_midnights(kind: periods.Kind, start: datetime, end: datetime) -> None:
    at = utc(2026, 5, 13, 23, 30)  # Thursday 14 May in London
    assert periods.period_start(at, kind, LONDON) == start
    assert periods.period_end(at, kind, LONDON) == end
    assert periods.period_bounds(at, kind, LONDON) == (start, end)


@pytest.mark.parametrize(
    ("month", "first"), [(1, 1), (2, 1), (3, 1), (4, 4), (5, 4), (6, 4), (7, 7), (8, 7), (9, 7), (10, 10), (11, 10), (12, 10)]
)
def test_quarters_begin_in_january_april_july_and_october(month: int, first: int) -> None:
    at = utc(2026, month, 15)
    assert periods.local_date(periods.period_start(at, "quarter", SHANGHAI), SHANGHAI) == date(2026, first, 1)
    assert periods.local_date(periods.period_end(at, "quarter", SHANGHAI), SHANGHAI) == periods.add_months(date(2026, first, 1), 3)


def test_weeks_begin_on_monday() -> None:
    starts = {periods.period_start(utc(2026, 3, day, 12), "week", LONDON) for day in range(2, 9)}
    assert starts == {utc(2026, 3, 2)}
    assert periods.period_start(utc(2026, 3, 1, 12), "week", LONDON) == utc(2026, 2, 23)


def test_a_period_holds_its_start_and_not_its_end() -> None:
    end = periods.period_end(utc(2026, 5, 14), "month", LONDON)
    assert periods.period_start(end, "month", LONDON) == end
    assert periods.period_end(end - timedelta(microseconds=1), "month", LONDON) == end


def test_an_unknown_kind_is_a_programming_error() -> None:
    with pytest.raises(AssertionError):
        periods.period_start(utc(2026, 5, 14), "decade", LONDON)  # type: ignore[arg-type]  # what mypy would refuse


@given(instants, zones, st.sampled_from(["day", "week", "month", "quarter", "year", "lifetime"]))
def test_every_instant_lies_inside_its_period_and_the_next_one_follows_without_a_gap(
    at: datetime, zone: periods.Zone, kind: periods.Kind
) -> None:
    start, end = periods.period_bounds(at, kind, zone)
    assert start <= at < end
    assert periods.period_bounds(start, kind, zone) == (start, end)
    if kind != "lifetime":
        assert periods.period_start(end, kind, zone) == end
        assert periods.period_end(start - timedelta(microseconds=1), kind, zone) == start


@pytest.mark.parametrize("zone", ZONES)
def test_local_days_never_go_back_through_all_changes_of_the_clock(zone: periods.Zone) -> None:
    for year in (1987, 2010, 2011, 2018, 2024):
        half_hours = [utc(year, 1, 1) + timedelta(minutes=30 * i) for i in range(366 * 48)]
        days = [periods.local_date(at, zone) for at in half_hours]
        assert days == sorted(days)
        for (before, _), (day, at) in itertools.pairwise(zip(days, half_hours, strict=True)):
            if day != before:
                assert at - timedelta(minutes=30) < periods.day_start(day, zone) <= at


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


@given(st.dates(date(1985, 1, 1), date(2039, 12, 31)), st.integers(0, 1439), zones)
def test_a_resolved_time_is_the_first_instant_at_or_after_it_on_the_wall(day: date, minute: int, zone: periods.Zone) -> None:
    wanted = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
    found = periods.resolve_local(day, minute, zone)
    assert found.astimezone(zone).replace(tzinfo=None) >= wanted
    assert (found - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None) < wanted
