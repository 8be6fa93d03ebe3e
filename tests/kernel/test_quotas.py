"""How often something may be had: which period holds an instant, and what is left in it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kernel import periods, quotas
from regulars.kernel.quotas import Allowance, Period, Quota

LONDON, SHANGHAI = periods.zone("Europe/London"), periods.zone("Asia/Shanghai")
JOINED = datetime(2024, 2, 29, 12, tzinfo=UTC)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("period", "first", "next_at"),
    [
        ("day", date(2026, 3, 1), utc(2026, 3, 2)),
        ("week", date(2026, 2, 23), utc(2026, 3, 2)),
        ("month", date(2026, 3, 1), utc(2026, 3, 31, 23)),
        ("quarter", date(2026, 1, 1), utc(2026, 3, 31, 23)),
        ("year", date(2026, 1, 1), utc(2027, 1, 1)),
        ("lifetime", date(1, 1, 1), None),
        ("membership_year", date(2026, 2, 28), utc(2027, 2, 28)),
    ],
)
def test_the_counter_and_the_next_period(period: Period, first: date, next_at: datetime | None) -> None:
    found = quotas.allowance("x", Quota(times=3, period=period), {}, at=NOON, zone=LONDON, joined_at=JOINED)
    assert found == Allowance(key=("x", first), granted=3, used=0, next_at=next_at)


@pytest.mark.parametrize(
    ("at", "start", "end"),
    [
        # The last instant before an anniversary, and the anniversary itself; of 29 February it is the 28th in other years.
        (utc(2026, 2, 27, 23, 59), utc(2025, 2, 28), utc(2026, 2, 28)),
        (utc(2026, 2, 28), utc(2026, 2, 28), utc(2027, 2, 28)),
        (utc(2028, 2, 28, 23, 59), utc(2027, 2, 28), utc(2028, 2, 29)),
        (utc(2028, 2, 29), utc(2028, 2, 29), utc(2029, 2, 28)),
        (JOINED, utc(2024, 2, 29), utc(2025, 2, 28)),
        # Before joining: a fact that came late from a shop.
        (utc(2024, 2, 28, 12), utc(2023, 2, 28), utc(2024, 2, 29)),
        (utc(2023, 12, 31), utc(2023, 2, 28), utc(2024, 2, 29)),
    ],
)
def test_a_membership_year_runs_from_anniversary_to_anniversary(at: datetime, start: datetime, end: datetime) -> None:
    assert quotas.bounds("membership_year", at, zone=LONDON, joined_at=JOINED) == (start, end)


def test_the_local_day_of_joining_counts() -> None:
    # 20:00 in London on 9 May is 10 May in Shanghai, 03:00.
    joined = utc(2025, 5, 9, 19)
    assert quotas.bounds("membership_year", utc(2026, 5, 9, 16), zone=SHANGHAI, joined_at=joined) == (
        utc(2026, 5, 9, 16),
        utc(2027, 5, 9, 16),
    )
    assert quotas.bounds("membership_year", utc(2026, 5, 9, 15, 59), zone=SHANGHAI, joined_at=joined)[0] == utc(2025, 5, 9, 16)


@pytest.mark.parametrize(("used", "left", "most"), [(0, 3, 3), (2, 1, 1), (3, 0, 0), (5, 0, 0)])
def test_what_is_left_is_never_below_nothing(used: int, left: int, most: int) -> None:
    usage = {("x", date(2026, 3, 1)): used, ("x", date(2026, 2, 1)): 9, ("y", date(2026, 3, 1)): 9}
    found = quotas.allowance("x", Quota(times=3, period="month"), usage, at=NOON, zone=LONDON, joined_at=JOINED)
    assert (found.used, found.left) == (used, left)
    assert [found.allows(n) for n in (most, most + 1)] == [True, False]


def test_without_a_quota_nothing_is_counted() -> None:
    found = quotas.allowance("x", None, {("x", date(2026, 3, 1)): 9}, at=NOON, zone=LONDON, joined_at=JOINED)
    assert found == Allowance(key=None, granted=None, used=0, next_at=None)
    assert found.left is None
    assert found.allows(10**9)


@given(st.integers(0, 20_000), st.integers(-5_000, 20_000), st.sampled_from([LONDON, SHANGHAI]))
def test_every_instant_lies_in_its_membership_year_and_years_meet(joined: int, later: int, zone: periods.Zone) -> None:
    joined_at = utc(1990, 1, 1, 17) + timedelta(days=joined)
    at = joined_at + timedelta(days=later, hours=later % 24)
    start, end = quotas.bounds("membership_year", at, zone=zone, joined_at=joined_at)
    assert start <= at < end
    assert quotas.bounds("membership_year", end, zone=zone, joined_at=joined_at)[0] == end


def test_every_period_is_said() -> None:
    assert [(period, text.en, text.zh) for period, text in quotas.SAID.items()] == [
        ("day", "a day", "每天"),
        ("week", "a week", "每周"),
        ("month", "a month", "每月"),
        ("quarter", "a quarter", "每季度"),
        ("year", "a year", "每年"),
        ("lifetime", "in a lifetime", "终身"),
        ("membership_year", "a membership year", "每个会员年"),
    ]
