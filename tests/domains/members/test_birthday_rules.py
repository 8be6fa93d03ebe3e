"""Birthdays: which days exist, how they are written, when they are kept."""

from datetime import date

import pytest

from regulars.domains.members.rules import birthday
from regulars.domains.members.rules.birthday import Birthday
from regulars.kernel.problem import Problem

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1990-05-17", Birthday(5, 17, 1990)),
        (" 05-17 ", Birthday(5, 17)),
        ("02-29", Birthday(2, 29)),
        ("2024-02-29", Birthday(2, 29, 2024)),
        ("2000-02-29", Birthday(2, 29, 2000)),
        ("12-31", Birthday(12, 31)),
        ("01-01", Birthday(1, 1)),
        ("lunar:08-15", Birthday(8, 15, None, lunar=True)),
        ("lunar:1990-12-30", Birthday(12, 30, 1990, lunar=True)),
        ("lunar:1990-02-30", Birthday(2, 30, 1990, lunar=True)),
        ("lunar:2026-12-01", Birthday(12, 1, 2026, lunar=True)),
        ("2026-03-01", Birthday(3, 1, 2026)),
        ("1906-01-01", Birthday(1, 1, 1906)),
    ],
)
def test_a_birthday_is_read_and_written_alike(text: str, read: Birthday) -> None:
    assert birthday.parse(text, today=TODAY) == read
    assert str(read) == text.strip()
    assert birthday.stored(str(read)) == read


@pytest.mark.parametrize(
    "text",
    [
        "", "17 May", "1990-5-17", "5-17", "13-01", "00-10", "04-31", "02-30", "05-00", "05-32", "2023-02-29", "1900-02-29", "2026-03-02",
        "2027-01-01", "1905-12-31", "lunar:08-31", "lunar:13-01", "lunar:2027-01-01", "solar:05-17", "1990-05-17T00:00", "05-17\n06-18",
    ],
)  # fmt: skip
def test_a_day_that_cannot_have_been_is_refused(text: str) -> None:
    with pytest.raises(Problem) as refused:
        birthday.parse(text, today=TODAY)
    (fault,) = refused.value.faults
    expected = "a day like 1990-05-17, 05-17 or lunar:08-15 that has been in the last 120 years"
    assert (fault.field, fault.value, fault.expected) == ("birthday", text, expected)


def test_what_was_stored_stays_readable_and_nothing_else_is_read() -> None:
    assert birthday.stored("1850-02-30") == Birthday(2, 30, 1850)
    with pytest.raises(ValueError, match="not a stored birthday"):
        birthday.stored("May")


def test_edge_24_the_29_february_is_kept_on_the_28th_in_common_years() -> None:
    born = Birthday(2, 29, 2000)
    assert [birthday.falls_on(born, year) for year in (2024, 2025, 2100)] == [date(2024, 2, 29), date(2025, 2, 28), date(2100, 2, 28)]
    assert birthday.falls_on(Birthday(5, 17), 2026) == date(2026, 5, 17)


def test_edge_24_a_lunar_birthday_has_no_day_of_its_own_in_the_solar_year() -> None:
    with pytest.raises(ValueError, match="a lunar birthday has no fixed solar day"):
        birthday.falls_on(Birthday(8, 15, lunar=True), 2026)


def test_birthdays_of_one_day_share_a_key_and_calendars_do_not() -> None:
    assert Birthday(5, 7, 1990).day_key == Birthday(5, 7, 1971).day_key == "05-07"
    assert Birthday(5, 7, lunar=True).day_key == "lunar:05-07"
