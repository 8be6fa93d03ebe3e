"""Dates as shops write them, to instants: the form is found out from a sample or asked for, the zone is the profile's.

A wall-clock time that occurs twice means the first; one that never occurs means the next instant that exists (as everywhere in
the house, see ``kernel.periods``). Both are counted, so that a report can say so.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from regulars.domains.orders.intake import model
from regulars.kernel import periods, problem

FORMS = ("ymd", "dmy", "mdy", "epoch", "epoch_ms")
EXAMPLES = {
    "ymd": "2026-03-01 12:30:00",
    "dmy": "31/03/2026 12:30",
    "mdy": "03/31/2026 12:30",
    "epoch": "1772366400",
    "epoch_ms": "1772366400000",
}
_CLOCK = r"(?:[ T]*(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})(?:\.\d+)?)?秒?分? ?([AaPp][Mm])?)?"
_YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?" + _CLOCK)
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})" + _CLOCK)
_SECONDS = re.compile(r"\d{9,10}(?:\.\d+)?")
_MILLISECONDS = re.compile(r"\d{12,13}")
_COMPACT = re.compile(r"\d{14}")
_NOON = 12


def guess(values: Iterable[str], column: str) -> str:
    """The form of a column's dates. Raises ``import.dates_ambiguous`` when day and month can't be told apart, and
    ``import.dates_unknown`` when no known form fits most of them.
    """
    sample = [value.strip() for value in values if value.strip()]
    if not sample:
        return "ymd"
    for form, reads in (("ymd", _year_first), ("epoch_ms", _MILLISECONDS.fullmatch), ("epoch", _SECONDS.fullmatch)):
        if _most(sample, reads):
            return form
    matches = [m for m in map(_YEAR_LAST.fullmatch, sample) if m]
    if len(matches) * 2 < len(sample):
        raise model.DATES_UNKNOWN(value=sample[0][:40], column=column)
    day_first = any(int(m[1]) > _NOON for m in matches)
    month_first = any(int(m[2]) > _NOON for m in matches)
    if day_first == month_first:
        raise model.DATES_AMBIGUOUS(value=matches[0][0], column=column)
    return "dmy" if day_first else "mdy"


def _most(sample: list[str], reads: Callable[[str], object]) -> bool:
    return sum(bool(reads(value)) for value in sample) * 2 > len(sample)


def _year_first(text: str) -> datetime | None:
    """The date at the front of the calendar's order, in ISO 8601 or near it. Raises nothing: None for anything else."""
    if len(text) < len("20260301") or not text[:4].isdecimal():
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        if _COMPACT.fullmatch(text):
            return _made(lambda: datetime.strptime(text, "%Y%m%d%H%M%S"))  # noqa: DTZ007 - the zone comes later.
        m = _YEAR_FIRST.fullmatch(text)
        return _built(m, 1, 2, 3) if m else None


def _year_last(text: str, day: int, month: int) -> datetime | None:
    m = _YEAR_LAST.fullmatch(text)
    return _built(m, 3, month, day) if m else None


def _built(m: "re.Match[str]", year: int, month: int, day: int) -> datetime | None:
    hour, minute, second = int(m[4] or 0), int(m[5] or 0), int(m[6] or 0)
    if m[7]:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if m[7][0] in "pP" else 0)
    return _made(lambda: datetime(int(m[year]), int(m[month]), int(m[day]), hour, minute, second))  # noqa: DTZ001 - as above.


def _made(make: Callable[[], datetime]) -> datetime | None:
    try:
        return make()
    except (ValueError, OverflowError):
        return None


def _epoch(text: str, unit: int) -> datetime | None:
    return _made(lambda: datetime.fromtimestamp(float(text) / unit, UTC)) if re.fullmatch(r"\d{1,16}(\.\d+)?", text) else None


def _reader(form: str) -> Callable[[str], datetime | None]:
    known: dict[str, Callable[[str], datetime | None]] = {
        "ymd": _year_first,
        "dmy": lambda text: _year_last(text, 1, 2),
        "mdy": lambda text: _year_last(text, 2, 1),
        "epoch": lambda text: _epoch(text, 1),
        "epoch_ms": lambda text: _epoch(text, 1000),
    }
    if form in known:
        return known[form]
    if "%Y" not in form and "%y" not in form:
        raise problem.invalid("date_format", form, "one of " + ", ".join(FORMS) + ", or a pattern with %d, %m and %Y")
    return lambda text: _made(lambda: datetime.strptime(text, form))  # noqa: DTZ007 - as above.


class Times:
    """Turns the text of one column into instants. ``read`` gives None for what is no date in the form, or a day that isn't.

    ``odd`` counts the local times that occur twice (``times_doubled``) and those that never occur (``times_skipped``).
    """

    def __init__(self, form: str, zone: periods.Zone, moved_days: int = 0) -> None:
        self._read = _reader(form)
        self._zone = zone
        self._moved = timedelta(days=moved_days)
        self._offsets: dict[int, timedelta | None] = {}
        self.form = form
        self.odd: Counter[str] = Counter()

    @property
    def example(self) -> str:
        """What a date of this form looks like."""
        return EXAMPLES.get(self.form, self.form)

    def read(self, text: str) -> datetime | None:
        """The instant in UTC. Whole days of ``moved_days`` are added to the local date, so that the hour of the day stays."""
        at = self._read(text)
        if at is None:
            return None
        try:
            if at.tzinfo is not None:
                at = at.astimezone(self._zone).replace(tzinfo=None) if self._moved else at.astimezone(UTC)
                if not self._moved:
                    return at
            if self._moved:
                at += self._moved
            hour = at.toordinal() * 24 + at.hour
            offset = self._offsets[hour] if hour in self._offsets else self._learn(hour, at)
            if offset:
                return (at - offset).replace(tzinfo=UTC)
            return at.replace(tzinfo=UTC) if offset is not None else self._odd(at)
        except OverflowError:
            return None

    def _learn(self, hour: int, at: datetime) -> timedelta | None:
        """The zone's offset throughout a local hour; None when it changes in it."""
        start = at.replace(minute=0, second=0, microsecond=0, tzinfo=self._zone)
        end = start.replace(minute=59, second=59)
        offsets = {moment.replace(fold=fold).utcoffset() for moment in (start, end) for fold in (0, 1)}
        found = offsets.pop() if len(offsets) == 1 else None
        if len(self._offsets) > 1 << 18:
            self._offsets.clear()
        self._offsets[hour] = found
        return found

    def _odd(self, at: datetime) -> datetime:
        resolved = periods.resolve_local(at.date(), at.hour * 60 + at.minute, self._zone)
        back = resolved.astimezone(self._zone).replace(tzinfo=None)
        if back != at.replace(second=0, microsecond=0):
            self.odd["times_skipped"] += 1
            return resolved
        if at.replace(tzinfo=self._zone, fold=0).utcoffset() != at.replace(tzinfo=self._zone, fold=1).utcoffset():
            self.odd["times_doubled"] += 1
        return resolved + timedelta(seconds=at.second, microseconds=at.microsecond)
