"""The clock tells birthdays: on the day, in the programme's zone, once a calendar year."""

from datetime import UTC, date, datetime

import pytest

from regulars.domains.loyalty import service
from regulars.domains.loyalty.tasks.birthdays import Birthdays
from regulars.domains.members import service as members
from regulars.domains.members.model import Enrolment
from regulars.domains.members.service import birthdays
from regulars.platform.clock import MovableClock
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.loyalty import programmes
from tests.support import factories

GIFT = "\n  - {id: cake, label: {en: Birthday, zh: 生日}, on: birthday, unit: points, fixed: 88}\n"


@pytest.mark.parametrize(
    ("day", "keys"),
    [
        (date(2026, 2, 17), ["02-17", "lunar:01-01"]),
        (date(2026, 9, 25), ["09-25", "lunar:08-15"]),
        (date(2026, 2, 28), ["02-28", "02-29", "lunar:01-12"]),
        (date(2028, 2, 28), ["02-28", "lunar:02-04"]),
        (date(2028, 2, 29), ["02-29", "lunar:02-05"]),
        # The last day of a lunar year of 29 days in its last month; the next day is new year.
        (date(2026, 2, 16), ["02-16", "lunar:12-29", "lunar:12-30"]),
        (date(2024, 2, 9), ["02-09", "lunar:12-30"]),
        # The leap sixth month of 2025 repeats nobody's birthday.
        (date(2025, 7, 10), ["07-10", "lunar:06-16"]),
        (date(2025, 8, 8), ["08-08"]),
    ],
)
def test_edge_24_whose_birthday_a_day_is(day: date, keys: list[str]) -> None:
    assert birthdays.kept_on(day) == keys


def held(db: Database, number: int) -> int:
    """The points of the member with this external id."""
    with db.transaction() as ctx:
        ref = members.find_by_external(ctx, [f"b{number}"])[f"b{number}"]
        return next((one.available for one in service.balances(ctx, ref.member_id) if one.unit == "points"), 0)


def test_edge_24_a_birthday_is_told_once_a_calendar_year_whatever_is_changed(db: Database, clock: MovableClock, keyring: Keyring) -> None:
    with db.transaction() as ctx:
        service.publish(ctx, service.add_draft(ctx, programmes.PLAIN + GIFT).version)
        born = ("1990-09-25", "02-29", "lunar:08-15", "1990-09-26")
        asked = [Enrolment(external_id=f"b{n}", joined_at=factories.NOON, birthday=day) for n, day in enumerate(born)]
        members.enrol(ctx, asked, keyring=keyring)

    def tick() -> int:
        return Birthdays(lambda: keyring).tick(db)

    clock.at = datetime(2026, 9, 24, 22, 59, tzinfo=UTC)
    assert tick() == 0
    # The day begins in London, an hour before it does in UTC.
    clock.at = datetime(2026, 9, 24, 23, 1, tzinfo=UTC)
    assert (tick(), [held(db, n) for n in range(4)]) == (2, [88, 0, 88, 0])
    assert (tick(), [held(db, n) for n in range(4)]) == (2, [88, 0, 88, 0])
    with db.transaction() as ctx:
        ref = members.find_by_external(ctx, ["b0"])["b0"]
        members.update(ctx, ref.member_id, {"birthday": "11-11"}, expected_version=1, keyring=keyring)
    clock.at = datetime(2026, 11, 11, 12, tzinfo=UTC)
    assert (tick(), held(db, 0)) == (1, 88)
    clock.at = datetime(2027, 3, 1, 12, tzinfo=UTC)
    assert (tick(), held(db, 1)) == (1, 88)
    clock.at = datetime(2027, 11, 11, 12, tzinfo=UTC)
    once = Birthdays(lambda: keyring)
    # What was given in 2026 is over; the birthday of 2027 is a new one. A worker tells a day once.
    assert (once.tick(db), once.tick(db), held(db, 0)) == (1, 0, 88)
