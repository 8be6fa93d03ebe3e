"""What goes into the lake, and the proof that it is what PostgreSQL recorded."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pyarrow as pa

from regulars.domains.insights.model import lake_tables
from regulars.domains.insights.model.lake_tables import LakeTable
from regulars.domains.insights.service import calendar, deriving
from regulars.domains.insights.store import exporting as store
from regulars.domains.loyalty import service as loyalty
from regulars.kernel import periods
from regulars.platform.context import Ctx
from regulars.platform.lake import checking, horizon, manifests, reading
from regulars.platform.lake.exporting import Plan
from regulars.platform.lake.manifests import File, Manifest
from regulars.platform.lake.reading import Reader
from regulars.platform.lake.writing import Layout

ZONE, CURRENCY = "zone", "currency"
"""What a manifest says about the lake: the zone its calendar and its derived days are of, and the currency of its money."""
_NOBODYS_ZONE = "UTC"
_NAMED = 5
_NAMED_OF = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Something in the lake that is not as PostgreSQL says.

    ``what``: missing file, changed file, doubled row, missing row, extra row, sums.
    """

    what: str
    where: str
    lake: str
    expected: str

    def __str__(self) -> str:
        return f"lake: {self.what}: {self.where}: in the lake {self.lake}; expected {self.expected}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How the lake stands. ``held_by``: the oldest transaction that still writes, as (process number, seconds); no export goes past it."""

    manifest: Manifest
    held_by: tuple[int, float] | None


def plan(ctx: Ctx) -> Plan:
    """What an export writes now, by the zone and currency of the programme in force; without a programme the days are those of UTC."""
    programmes = loyalty.programmes(ctx)
    programme = programmes.at(ctx.now) if programmes.versions else None
    zone = programme.zone if programme is not None else periods.zone(_NOBODYS_ZONE)
    about = {ZONE: zone.key, CURRENCY: programme.currency if programme is not None else ""}
    return Plan(
        sources=store.sources(),
        made=partial(_calendar, zone=zone, now=ctx.now),
        derive=partial(deriving.derive, zone=zone),
        state=" ".join([*about.values(), store.state(ctx.tx)]),
        about=about,
    )


def layouts() -> Mapping[str, Layout]:
    """How each table of the lake lies on disk."""
    return {name: store.layout(table) for name, table in lake_tables.TABLES.items()}


def status(ctx: Ctx, lake: Path) -> Status:
    """How the lake in ``lake`` stands. Raises ``lake.missing`` or ``lake.unreadable``."""
    return Status(manifest=manifests.get(lake), held_by=horizon.held_by(ctx.tx))


def _calendar(files: Mapping[str, Sequence[File]], *, zone: periods.Zone, now: datetime) -> dict[str, tuple[Layout, pa.Table]]:
    every = [file for found in files.values() for file in found]
    first = min((file.first for file in every if file.first is not None), default=None)
    last = max((file.last for file in every if file.last is not None), default=None)
    tomorrow = now + timedelta(days=1)
    table = calendar.calendar(
        min(now, calendar.instant(first)) if first is not None else now,
        max(tomorrow, calendar.instant(last)) if last is not None else tomorrow,
        zone,
    )
    return {lake_tables.CALENDAR.name: (store.layout(lake_tables.CALENDAR), table)}


def check(ctx: Ctx, lake: Path) -> Iterator[Difference]:
    """Every difference between the lake and what PostgreSQL recorded below its watermark; none where no lake was filled yet.

    Each file is read whole: it is there, no byte of it has changed, and what grows adds up, by month of recording, to the same rows,
    sums and keys. ``ctx`` must not have read anything yet: the watermark has to be older than its view. Raises ``lake.unreadable``.
    """
    if manifests.load(lake) is None:
        return
    with reading.opened(lake) as reader:
        broken: set[str] = set()
        for name, files in reader.manifest.tables.items():
            for file in files:
                damage = checking.damage(lake, file)
                if damage is not None:
                    broken.add(name)
                    yield Difference(
                        what=f"{damage} file", where=file.path, lake=damage, expected=f"{file.rows} rows, sha256 {file.digest[:12]}"
                    )
        for table in lake_tables.GROWING:
            if table.name not in broken:
                yield from _sums(ctx, reader, table)


def _sums(ctx: Ctx, reader: Reader, table: LakeTable) -> Iterator[Difference]:
    expected = store.counted(ctx.tx, table, reader.manifest.watermark)
    found: dict[tuple[str, str], tuple[int, ...]] = {}
    for file in reader.manifest.tables.get(table.name, ()):
        counts = checking.counted(reader.folder / file.path, by=table.within, sums=table.sums, key=table.key)
        for group, values in counts.items():
            before = found.get((file.month or "", group), (0,) * len(values))
            found[file.month or "", group] = tuple(a + b for a, b in zip(before, values, strict=True))
    months = set()
    for month, group in sorted(expected.keys() | found.keys()):
        have, want = found.get((month, group)), expected.get((month, group))
        if have != want:
            months.add(month)
            where = " ".join(part for part in (table.name, month, group) if part)
            yield Difference(what="sums", where=where, lake=_shown(table, have), expected=_shown(table, want))
    for month in sorted(months):
        yield from _rows(ctx, reader, table, month)


def _shown(table: LakeTable, values: tuple[int, ...] | None) -> str:
    if values is None:
        return "nothing"
    return ", ".join(f"{name} {value}" for name, value in zip(("rows", *table.sums, "keys"), values, strict=True))


def _rows(ctx: Ctx, reader: Reader, table: LakeTable, month: str) -> Iterator[Difference]:
    """The first rows of a month that are missing, doubled or unknown to PostgreSQL, by key; none in a month too large to hold."""
    files = [file for file in reader.manifest.tables[table.name] if file.month == month]
    if sum(file.rows for file in files) > _NAMED_OF:
        return
    lake = Counter(checking.keys([reader.folder / file.path for file in files], table.key))
    recorded = Counter(tuple(key) for key in store.keys(ctx.tx, table, reader.manifest.watermark, month))
    wrong = [key for key in lake.keys() | recorded.keys() if lake[key] != recorded[key]]
    for key in sorted(wrong, key=str)[:_NAMED]:
        what = "missing row" if not lake[key] else "doubled row" if recorded[key] else "extra row"
        where = f"{table.name} {month} " + " ".join(f"{name}={value}" for name, value in zip(table.key, key, strict=True))
        yield Difference(what=what, where=where, lake=f"{lake[key]} times", expected=f"{recorded[key]} times")
