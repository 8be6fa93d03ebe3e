"""Dates as shops write them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domains.orders.intake import times
from regulars.domains.orders.intake.times import Times
from regulars.kernel import periods
from regulars.kernel.problem import Problem

LONDON = periods.zone("Europe/London")
SHANGHAI = periods.zone("Asia/Shanghai")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("ymd", "2009-12-01 07:45:00", "2009-12-01 07:45:00"),
        ("ymd", "2009-07-01T07:45", "2009-07-01 06:45:00"),
        ("ymd", "2009-07-01T07:45:00+08:00", "2009-06-30 23:45:00"),
        ("ymd", "2009-07-01T07:45:00Z", "2009-07-01 07:45:00"),
        ("ymd", "2009/7/1 7:45", "2009-07-01 06:45:00"),
        ("ymd", "2009.07.01", "2009-06-30 23:00:00"),
        ("ymd", "2009年7月1日 7时45分", "2009-07-01 06:45:00"),
        ("ymd", "20090701", "2009-06-30 23:00:00"),
        ("ymd", "20090701074500", "2009-07-01 06:45:00"),
        ("ymd", "2009-07-01 07:45:00.123456", "2009-07-01 06:45:00.123456"),
        ("dmy", "1/7/2009 07:45", "2009-07-01 06:45:00"),
        ("mdy", "7/1/2009 7:45 PM", "2009-07-01 18:45:00"),
        ("mdy", "7/1/2009 12:05 AM", "2009-06-30 23:05:00"),
        ("dmy", "31.12.2009", "2009-12-31 00:00:00"),
        ("epoch", "1246430700", "2009-07-01 06:45:00"),
        ("epoch_ms", "1246430700000", "2009-07-01 06:45:00"),
        ("%d.%m.%y %H:%M", "01.07.09 07:45", "2009-07-01 06:45:00"),
    ],
)
def test_every_form_gives_the_instant(form: str, text: str, expected: str) -> None:
    assert Times(form, LONDON).read(text) == utc(expected)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("ymd", ""),
        ("ymd", "2009-02-30"),
        ("ymd", "2010-02-29 10:00"),
        ("ymd", "2009-13-01"),
        ("ymd", "2009-12-01 25:00"),
        ("ymd", "1/7/2009"),
        ("ymd", "yesterday"),
        ("dmy", "12/31/2009"),
        ("mdy", "13/1/2009 7:45"),
        ("mdy", "1/1/2009 13:45 PM"),
        ("epoch", "12464307000000000000"),
        ("epoch", "-1"),
    ],
)
def test_what_is_no_date_in_the_form_is_none(form: str, text: str) -> None:
    assert Times(form, LONDON).read(text) is None


def test_edge_08_a_time_that_does_not_exist_means_the_next_and_one_that_occurs_twice_the_first() -> None:
    reader = Times("ymd", LONDON)
    assert reader.read("2009-03-29 00:59:59") == utc("2009-03-29 00:59:59")
    assert reader.read("2009-03-29 01:30:00") == utc("2009-03-29 01:00:00")
    assert reader.read("2009-03-29 02:00:00") == utc("2009-03-29 01:00:00")
    assert reader.read("2009-10-25 01:30:45") == utc("2009-10-25 00:30:45")
    assert reader.read("2009-10-25 02:00:00") == utc("2009-10-25 02:00:00")
    assert reader.odd == {"times_skipped": 1, "times_doubled": 1}


@given(st.datetimes(datetime(1971, 1, 1), datetime(2037, 1, 1)))  # noqa: DTZ001 - wall-clock times
def test_every_local_time_reads_as_the_house_resolves_it(local: datetime) -> None:
    resolved = periods.resolve_local(local.date(), local.hour * 60 + local.minute, LONDON)
    exists = resolved.astimezone(LONDON).replace(tzinfo=None) == local.replace(second=0, microsecond=0)
    seconds = local.replace(hour=0, minute=0) - datetime.combine(local.date(), datetime.min.time())
    assert Times("ymd", LONDON).read(local.isoformat()) == (resolved + seconds if exists else resolved)


def test_dates_can_be_moved_by_whole_days_and_keep_their_hour() -> None:
    reader = Times("ymd", LONDON, moved_days=7 * 26)
    assert reader.read("2009-12-01 07:45:00") == utc("2010-06-01 06:45:00")
    assert reader.read("2009-12-01T07:45:00+00:00") == utc("2010-06-01 06:45:00")


@pytest.mark.parametrize(
    ("values", "form"),
    [
        (["2009-12-01 07:45:00", ""], "ymd"),
        (["2009/12/1", "rubbish", "2009/12/2"], "ymd"),
        (["20091201", "20091202"], "ymd"),
        (["1/2/2009", "13/2/2009"], "dmy"),
        (["1/2/2009", "1/13/2009 8:15 AM"], "mdy"),
        (["1246430700"], "epoch"),
        (["1246430700000"], "epoch_ms"),
        ([], "ymd"),
    ],
)
def test_the_form_is_found_out(values: list[str], form: str) -> None:
    assert times.guess(values, "Date") == form


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (["1/2/2009", "3/4/2009"], "import.dates_ambiguous"),
        (["13/2/2009", "2/13/2009"], "import.dates_ambiguous"),
        (["1.12.09"], "import.dates_unknown"),
        (["Tuesday"], "import.dates_unknown"),
    ],
)
def test_what_cannot_be_found_out_is_asked_for(values: list[str], code: str) -> None:
    with pytest.raises(Problem, match="--date-format") as refused:
        times.guess(values, "Date")
    assert refused.value.code == code


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(Problem, match="ymd"):
        Times("dd-mm-yy", SHANGHAI)
