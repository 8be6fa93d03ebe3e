"""Birthdays: month and day, the year when it is known, in the solar or the Chinese lunar calendar."""

import re
from dataclasses import dataclass
from datetime import date

from regulars.kernel import problem

_SHAPE = re.compile(r"(?P<lunar>lunar:)?(?:(?P<year>\d{4})-)?(?P<month>\d{2})-(?P<day>\d{2})")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LUNAR_DAYS = 30
_OLDEST = 120
_EXPECTED = "a day like 1990-05-17, 05-17 or lunar:08-15 that has been in the last 120 years"


@dataclass(frozen=True, slots=True)
class Birthday:
    """``year`` is None when the member did not say. ``lunar`` means month and day count in the Chinese calendar."""

    month: int
    day: int
    year: int | None = None
    lunar: bool = False

    def __str__(self) -> str:
        year = "" if self.year is None else f"{self.year:04d}-"
        return f"{'lunar:' if self.lunar else ''}{year}{self.month:02d}-{self.day:02d}"

    @property
    def day_key(self) -> str:
        """What all birthdays of one calendar day share: the key of their blind index."""
        return f"{'lunar:' if self.lunar else ''}{self.month:02d}-{self.day:02d}"


def parse(text: str, *, today: date) -> Birthday:
    """The birthday written as ``YYYY-MM-DD`` or ``MM-DD``, after ``lunar:`` for the lunar calendar. Raises ``input.invalid``.

    29 February needs a leap year when the year is given; a solar day with a year must not lie in the future.
    """
    born = _read(text.strip())
    if born is None or not _exists(born) or (born.year is not None and not _plausible(born, born.year, today)):
        raise problem.invalid("birthday", text, _EXPECTED)
    return born


def stored(text: str) -> Birthday:
    """The birthday that ``str`` wrote. Not checked against the calendar again: what was accepted once stays readable."""
    born = _read(text)
    if born is None:
        raise ValueError("not a stored birthday")
    return born


def falls_on(birthday: Birthday, year: int) -> date:
    """The day a solar birthday is kept in ``year``: 29 February is kept on the 28th when the year is not a leap year.

    The 28th and not the 1st of March, so that it stays in the member's birthday month. Raises ``ValueError`` for a lunar one,
    which has to be converted first.
    """
    if birthday.lunar:
        raise ValueError("a lunar birthday has no fixed solar day")
    try:
        return date(year, birthday.month, birthday.day)
    except ValueError:
        return date(year, 2, 28)


def _read(text: str) -> Birthday | None:
    found = _SHAPE.fullmatch(text)
    if not found:
        return None
    year = int(found["year"]) if found["year"] else None
    return Birthday(int(found["month"]), int(found["day"]), year, found["lunar"] is not None)


def _exists(born: Birthday) -> bool:
    if not 1 <= born.month <= 12:
        return False
    return 1 <= born.day <= (_LUNAR_DAYS if born.lunar else _DAYS[born.month - 1])


def _plausible(born: Birthday, year: int, today: date) -> bool:
    if not today.year - _OLDEST <= year <= today.year:
        return False
    if born.lunar:
        return True
    try:
        return date(year, born.month, born.day) <= today
    except ValueError:
        return False
