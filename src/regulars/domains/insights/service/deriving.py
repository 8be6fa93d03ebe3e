"""The derived tables of a lake are made: one pass over its facts, for the days of one zone."""

import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from regulars.domains.insights.model import derived
from regulars.domains.insights.store import deriving
from regulars.kernel import periods

_SLOT = timedelta(seconds=deriving.SLOT_SECONDS)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)


def derive(
    files: Mapping[str, Sequence[Path]], into: Path, *, zone: periods.Zone, slice_orders: int = deriving.SLICE
) -> dict[str, list[Path]]:
    """Each derived table is one or more Parquet files in ``into``; returns the files by table. Days are those of ``zone``.

    ``files`` are the lake's tables; a missing one counts as empty. Needs at most about 2 GB of memory, and room in ``into`` for
    a copy of the orders while it runs.
    """
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into, prefix=".spill-") as spill:
        return deriving.write(files, slots(deriving.span(files), zone), into, spill=Path(spill), slice_orders=slice_orders)


def slots(span: tuple[int, int] | None, zone: periods.Zone) -> pa.Table:
    """Each quarter of an hour from the first to the last of ``span`` with its local day, week and month, as numbers."""
    first, last = span if span is not None else (0, -1)
    # A slot more on each side: a lot's last valid instant lies before the one that is recorded.
    every = np.arange(first - 1, last + 2 if span is not None else first - 1, dtype=np.int64)
    if span is None:
        every = every[:0]
    day = periods.local_date(_EPOCH + _SLOT * (first - 1), zone)
    starts: list[int] = []
    days: list[tuple[int, int, int]] = []
    while span is not None and (begin := (periods.day_start(day, zone) - _EPOCH) // _SLOT) <= last + 1:
        starts.append(begin)
        number = derived.day_number(day)
        days.append((number, number - day.weekday(), derived.month_number(day)))
        day += _DAY
    numbered = np.array(days, dtype=np.int32).reshape(-1, 3)
    which = np.searchsorted(np.array(starts, dtype=np.int64), every, side="right") - 1
    columns = {name: pa.array(numbered[which, place]) for place, name in enumerate(("day", "week", "month"))}
    return pa.table({"slot": pa.array(every, pa.int64()), **columns})
