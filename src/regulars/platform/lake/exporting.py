"""Bringing a lake up to date: what was recorded since the last time, written beside what is there, then published at once."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa

from regulars.kernel import problem
from regulars.kernel.problem import Kind, Problem
from regulars.platform import db as database
from regulars.platform import log, newid, processes
from regulars.platform.db import Database
from regulars.platform.lake import compacting, copying, horizon, ledger, manifests, sweeping, writing
from regulars.platform.lake.manifests import File, Manifest, Retired
from regulars.platform.lake.writing import Layout

BUSY = problem.define(
    "lake.busy",
    Kind.conflict,
    en="Process {pid} is writing to the lake in {path}. Try again when it is done.",
    zh="进程 {pid} 正在写入数据湖 {path}。请在其完成后重试。",
)
STREAMS = 2
"""Tables that are copied side by side: while PostgreSQL prepares one, we write the other."""
_LOOK_EVERY_S = 0.1
_SUMMARISE_ROWS, _SUMMARISE_EVERY = 100_000, 64

_log = log.get(__name__)

Derive = Callable[[Mapping[str, Sequence[Path]], Path], Mapping[str, Sequence[Path]]]
"""Given the files of every table and a folder to write into: further tables, as Parquet files there."""
Watch = Callable[[str, int], None]
"""Hears which table is copied and how many rows have been written in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the rows of a table come from: ``statement`` gives them, in the order of the layout's columns.

    The statement of a table that grows has the places ``{after}`` and ``{upto}``: the rows with ``after ≤ number < upto``. ``index`` is
    the block range index of those numbers.
    """

    layout: Layout
    statement: str
    index: str | None = None

    @property
    def grows(self) -> bool:
        return self.layout.by is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a lake holds. ``state`` says cheaply whether a snapshot may have changed; ``made`` are tables that need no database.

    ``about`` is published with the manifest.
    """

    sources: Sequence[Source]
    made: Callable[[Mapping[str, Sequence[File]]], Mapping[str, tuple[Layout, pa.Table]]]
    derive: Derive
    state: str
    about: Mapping[str, str]


@contextmanager
def alone(folder: Path, *, patience_s: float) -> Iterator[None]:
    """Nobody else writes to the lake while the block runs. Raises ``lake.busy`` when somebody still does after ``patience_s``."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = processes.Lock(folder / "lock")
    until = time.monotonic() + patience_s
    while not lock.take():
        if time.monotonic() >= until:
            raise BUSY(pid=lock.holder(), path=str(folder))
        time.sleep(_LOOK_EVERY_S)
    try:
        yield
    finally:
        lock.give_back()


def bring_up_to_date(
    db: Database,
    folder: Path,
    plan: Plan,
    *,
    always: bool,
    anew: bool = False,
    patience_s: float = 0,
    watch: Watch = lambda _table, _rows: None,
) -> Manifest | None:
    """The lake holds every row below the horizon; returns what was published, ``None`` when there was nothing new.

    ``always`` rewrites the snapshots even so; ``anew`` writes everything again. Raises ``lake.busy`` or ``lake.unreadable``.
    """
    with alone(folder, patience_s=patience_s):
        found = _found(folder, anew=anew)
        sweeping.orphans(folder, found)
        with db.transaction() as ctx:
            epoch = ledger.epoch(ctx, found)
        if found is not None and found.epoch != epoch.number:
            _log.warning("lake.anew", epoch=epoch.number, before=found.epoch)
        with db.reading() as ctx:
            upto = horizon.of(ctx.tx) + epoch.added
            held = horizon.held_by(ctx.tx)
            # What was recorded since the oldest writer began may be missing: the lake must not look fresher than it is.
            as_of = ctx.now - timedelta(seconds=held[1]) if held is not None else ctx.now
        goes_on = not anew and found is not None and found.epoch == epoch.number
        return _Export(db, folder, plan, found=found, goes_on=goes_on, epoch=epoch, upto=upto, watch=watch).run(as_of, always=always)


def _found(folder: Path, *, anew: bool) -> Manifest | None:
    try:
        return manifests.load(folder)
    except Problem:
        if anew:
            return None
        raise


class _Export:
    """One export: what was found, and what is written."""

    def __init__(
        self,
        db: Database,
        folder: Path,
        plan: Plan,
        *,
        found: Manifest | None,
        goes_on: bool,
        epoch: ledger.Epoch,
        upto: int,
        watch: Watch,
    ) -> None:
        self.db, self.folder, self.plan, self.found, self.epoch = db, folder, plan, found, epoch
        # From another epoch nothing can be kept: its numbers say nothing here.
        self.goes_on = goes_on
        self.after = found.watermark if found is not None and goes_on else 0
        self.upto = max(upto, self.after)
        self.serial = found.serial + 1 if found is not None else 1
        self._watch, self._written, self._watching = watch, 0, threading.Lock()
        self._began = time.monotonic()

    def run(self, as_of: datetime, *, always: bool) -> Manifest | None:
        """Write, announce, publish, tidy up."""
        grown = self._copied([source for source in self.plan.sources if source.grows])
        new = sum(file.rows for files in grown.values() for file in files)
        unchanged = self.goes_on and self.found is not None and self.found.about.get("state") == self.plan.state
        if not new and unchanged and not always:
            return None
        tables = {name: self._kept(name) + files for name, files in grown.items()}
        tables |= self._copied([source for source in self.plan.sources if not source.grows])
        tables |= {name: self._one(layout, rows) for name, (layout, rows) in self.plan.made(tables).items()}
        tables |= self._derived(tables)
        # A file without rows is there only while nothing else is.
        published = self._publish({name: tuple(f for f in files if f.rows) or tuple(files[:1]) for name, files in tables.items()}, as_of)
        self._summarise(grown)
        return published

    def _kept(self, name: str) -> list[File]:
        return list(self.found.tables.get(name, ())) if self.found is not None and self.goes_on else []

    def _copied(self, sources: Sequence[Source]) -> dict[str, list[File]]:
        with ThreadPoolExecutor(STREAMS, thread_name_prefix="lake") as pool:
            return dict(zip((source.layout.name for source in sources), pool.map(self._copy, sources), strict=True))

    def _copy(self, source: Source) -> list[File]:
        statement = source.statement.format(after=self.after, upto=self.upto) if source.grows else source.statement
        with writing.Writer(self.folder, source.layout, serial=self.serial) as writer:
            with copying.batches(self.db, statement) as batches:
                for batch in batches:
                    writer.add(batch)
                    self._tell(source.layout.name, batch.num_rows)
            if not writer.rows and not self._kept(source.layout.name):
                writer.add_nothing()
        return writer.files

    def _one(self, layout: Layout, rows: pa.Table) -> list[File]:
        with writing.Writer(self.folder, layout, serial=self.serial) as writer:
            if rows.num_rows:
                writer.add(rows)
            else:
                writer.add_nothing()
        return writer.files

    def _derived(self, tables: Mapping[str, Sequence[File]]) -> dict[str, list[File]]:
        sources = {name: [self.folder / file.path for file in files] for name, files in tables.items()}
        into = self.folder / "derived" / f"{self.serial:08d}-{newid.uuid7().hex[-12:]}"
        made = self.plan.derive(sources, into)
        return {name: [writing.described(self.folder, path.relative_to(self.folder)) for path in paths] for name, paths in made.items()}

    def _publish(self, tables: Mapping[str, tuple[File, ...]], as_of: datetime) -> Manifest:
        manifest = Manifest(
            lake_id=self.found.lake_id if self.found is not None else newid.uuid7(),
            epoch=self.epoch.number,
            serial=self.serial,
            token=newid.uuid7(),
            watermark=self.upto,
            as_of=as_of,
            seconds=round(time.monotonic() - self._began, 3),
            tables=tables,
            about={**self.plan.about, "state": self.plan.state},
        )
        return replacing(self.db, self.folder, self.found, manifest)

    def _tell(self, table: str, rows: int) -> None:
        with self._watching:
            self._written += rows
            self._watch(table, self._written)

    def _summarise(self, grown: Mapping[str, Sequence[File]]) -> None:
        """Block ranges that are new are in their index, so that the next export reads past them."""
        for source in self.plan.sources:
            rows = sum(file.rows for file in grown.get(source.layout.name, ()))
            if source.index and (rows >= _SUMMARISE_ROWS or self.serial % _SUMMARISE_EVERY == 0):
                with self.db.transaction() as ctx:
                    database.rows_of(ctx.tx, "SELECT brin_summarize_new_values(%(index)s::regclass)", index=source.index)


def replacing(db: Database, folder: Path, found: Manifest | None, manifest: Manifest) -> Manifest:
    """``manifest`` is published in the place of ``found``; what only that one named is retired, what was retired long enough removed.

    The caller holds the lake alone.
    """
    now = db.clock.now()
    left = sorted(found.paths() - manifest.paths()) if found is not None else []
    retired = (*(found.retired if found is not None else ()), *(Retired(path=p, serial=manifest.serial, at=now) for p in left))
    gone, stay = sweeping.outlived(folder, replace(manifest, retired=retired), now)
    manifest = replace(manifest, retired=tuple(stay))
    # Names first: a manifest must not come back from a power failure without its files.
    for parent in sorted({parent for path in manifest.paths() - (found.paths() if found else set()) for parent in Path(path).parents}):
        manifests.settle(folder / parent)
    with db.transaction() as ctx:
        ledger.announce(ctx, manifest, replacing=found.token if found is not None else None)
    manifests.publish(folder, manifest)
    sweeping.remove(folder, gone)
    sweeping.orphans(folder, manifest)
    return manifest


def compact(db: Database, folder: Path, layouts: Mapping[str, Layout], *, whole: bool = False, patience_s: float = 0) -> Manifest | None:
    """Small files of a month are joined; returns what was published, ``None`` when nothing was small enough.

    ``whole`` joins all that is not full yet, whatever its size. Raises ``lake.busy``, ``lake.missing`` or ``lake.unreadable``.
    """
    with alone(folder, patience_s=patience_s):
        found = manifests.get(folder)
        sweeping.orphans(folder, found)
        this_month = f"{db.clock.now():%Y-%m}"
        tables = dict(found.tables)
        for name, layout in layouts.items():
            if layout.by is not None:
                tables[name] = compacting.compacted(
                    folder, layout, found.tables.get(name, ()), serial=found.serial + 1, growing=None if whole else this_month
                )
        if tables == found.tables:
            return None
        return replacing(db, folder, found, replace(found, serial=found.serial + 1, token=newid.uuid7(), tables=tables))
