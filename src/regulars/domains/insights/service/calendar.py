"""The calendar of a zone: each quarter of an hour with the local day, week, month and hour it lies in."""

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa

from regulars.domains.insights.model import lake_tables
from regulars.kernel import periods

SLOT = timedelta(minutes=15)
"""Every zone in use is a whole number of quarters from UTC, so that no slot lies in two local days."""
_DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def calendar(first: datetime, last: datetime, zone: periods.Zone) -> pa.Table:
    """A row for each quarter of an hour from that of ``first`` to that of ``last``, both included.

    A slot belongs to the day its beginning lies in; days never go back, also where the clock does across midnight.
    """
    at, end = _slot(first), _slot(last)
    rows: dict[str, list[object]] = {name: [] for name in lake_tables.CALENDAR.schema.names}
    day = periods.local_date(at, zone)
    while at <= end:
        tomorrow = periods.day_start(day + _DAY, zone)
        week, month = day - _DAY * day.weekday(), day.replace(day=1)
        while at <= end and at < tomorrow:
            _append(rows, at, (day, week, month), at.astimezone(zone).hour)
            at += SLOT
        day += _DAY
    return pa.table(rows, schema=lake_tables.CALENDAR.schema)


def _append(rows: dict[str, list[object]], at: datetime, days: tuple[date, date, date], hour: int) -> None:
    for column, value in zip(rows.values(), (at, *days, hour), strict=True):
        column.append(value)


def instant(microseconds: int) -> datetime:
    """The UTC instant so many microseconds after 1970 began."""
    return _EPOCH + _MICROSECOND * microseconds


def _slot(at: datetime) -> datetime:
    return _EPOCH + (at - _EPOCH) // SLOT * SLOT
