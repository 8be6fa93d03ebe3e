"""Periods: local days, wall-clock times and the bounds of periods, where the clock is put forward and back."""

import itertools
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel import periods
from regulars.kernel.problem import Problem
from tests.kernel.places import (
    APIA,
    BEIRUT,
    CAIRO,
    HAVANA,
    LONDON,
    NEW_YORK,
    SAO_PAULO,
    SHANGHAI,
    ST_JOHNS,
    TORONTO,
    ZONES,
    instants,
    utc,
    zones,
)


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


@given(st.dates(date(1985, 1, 1), date(2039, 12, 31)), st.integers(0, 1439), zones)
def test_a_resolved_time_is_the_first_instant_at_or_after_it_on_the_wall(day: date, minute: int, zone: periods.Zone) -> None:
    wanted = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
    found = periods.resolve_local(day, minute, zone)
    assert found.astimezone(zone).replace(tzinfo=None) >= wanted
    assert (found - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None) < wanted
