"""Writing Parquet files: rows in, complete files on disk out, one or more for each month."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from regulars.platform import newid
from regulars.platform.lake.manifests import File

ROW_GROUP = 122_880
"""Rows of a row group: what DuckDB reads at a time, and what it spreads over cores."""
FILE_ROWS = 4_000_000
"""Rows of a full file: some hundred megabytes, read in parallel by row groups."""
_LEVEL = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a table lies on disk: in a folder of its name, by the UTC month of ``by`` where it is set.

    ``times`` are the columns whose earliest and latest instant is kept with each file.
    """

    name: str
    schema: pa.Schema
    by: str | None = None
    times: tuple[str, ...] = ()


class Writer:
    """Takes batches of one table and leaves complete files: ``files`` after the ``with`` block, none when it raised.

    A month's file is cut at ``file_rows``. Not for several threads.
    """

    def __init__(self, folder: Path, layout: Layout, *, serial: int, file_rows: int = FILE_ROWS) -> None:
        self.files: list[File] = []
        self.rows = 0
        self._folder, self._layout, self._serial, self._file_rows = folder, layout, serial, file_rows
        self._open: dict[str, _Part] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for part in self._open.values():
            if kind is None:
                self.files.append(part.finished(self._folder, self._layout))
            else:
                part.abandon()
        self._open.clear()

    def add(self, batch: pa.RecordBatch | pa.Table) -> None:
        """The rows are on their way to disk. Columns are taken by position and must have the layout's types."""
        rows = pa.Table.from_arrays(batch.columns, schema=self._layout.schema)
        self.rows += rows.num_rows
        for month, part in _by_month(rows, self._layout.by):
            self._add(month, part)

    def add_nothing(self) -> None:
        """A file without rows, so that the table is there to be read."""
        self._part("").write(self._layout.schema.empty_table())

    def _add(self, month: str, rows: pa.Table) -> None:
        part = self._part(month)
        part.write(rows)
        if part.rows >= self._file_rows:
            self.files.append(self._open.pop(month).finished(self._folder, self._layout))

    def _part(self, month: str) -> "_Part":
        if month not in self._open:
            path = Path(self._layout.name, month, f"{self._serial:08d}-{newid.uuid7().hex[-12:]}.parquet")
            (self._folder / path.parent).mkdir(parents=True, exist_ok=True)
            self._open[month] = _Part(self._folder, path, month or None, self._layout.schema)
        return self._open[month]


@dataclass(slots=True)
class _Part:
    """One file being written; rows wait here until they fill a row group."""

    root: Path
    path: Path
    month: str | None
    schema: pa.Schema
    rows: int = 0
    waiting: list[pa.Table] = field(default_factory=list)
    _writer: pq.ParquetWriter = field(init=False)
    _waits: int = 0
    _spans: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        texts = [column.name for column in self.schema if column.type == pa.string()]
        # Dictionaries pay for codes; for ids they are built only to be given up again.
        self._writer = pq.ParquetWriter(
            self.root / self.path,
            self.schema,
            compression="zstd",
            compression_level=_LEVEL,
            use_dictionary=texts or False,  # type: ignore[arg-type]  # the stubs forget that columns may be named
        )

    def write(self, rows: pa.Table) -> None:
        self.rows += rows.num_rows
        self._waits += rows.num_rows
        self.waiting.append(rows)
        if self._waits >= ROW_GROUP:
            self._flush(whole_groups=True)

    def finished(self, folder: Path, layout: Layout) -> File:
        """The file is complete and on disk."""
        self._flush(whole_groups=False)
        self._writer.close()
        return described(folder, self.path, month=self.month, rows=self.rows, times=layout.times)

    def abandon(self) -> None:
        self.waiting.clear()
        self._writer.close()
        (self.root / self.path).unlink(missing_ok=True)

    def _flush(self, *, whole_groups: bool) -> None:
        together = pa.concat_tables(self.waiting) if self.waiting else self.schema.empty_table()
        count = together.num_rows // ROW_GROUP * ROW_GROUP if whole_groups else together.num_rows
        if count:
            self._writer.write_table(together.slice(0, count), row_group_size=ROW_GROUP)
        self._waits = together.num_rows - count
        self.waiting = [together.slice(count)] if self._waits else []


def described(folder: Path, path: Path, *, times: Sequence[str] = (), month: str | None = None, rows: int | None = None) -> File:
    """The file at ``path`` (relative to ``folder``), whose content is on disk when this returns; its name is when it is published."""
    whole = folder / path
    footer = pq.read_metadata(whole)
    spans = list(_spans(footer, times))
    with whole.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
        os.fsync(content.fileno())
    return File(
        path=path.as_posix(),
        rows=footer.num_rows if rows is None else rows,
        bytes=whole.stat().st_size,
        digest=digest,
        month=month,
        first=min((low for low, _ in spans), default=None),
        last=max((high for _, high in spans), default=None),
    )


def _spans(footer: pq.FileMetaData, times: Iterable[str]) -> Iterator[tuple[int, int]]:
    """The lowest and highest instant of each watched column and row group, in microseconds, from the file's own statistics."""
    names = [footer.schema.column(place).name for place in range(footer.num_columns)]
    for place in [names.index(name) for name in times]:
        for group in range(footer.num_row_groups):
            seen = footer.row_group(group).column(place).statistics
            if seen is not None and seen.has_min_max:
                yield _micros(seen.min_raw), _micros(seen.max_raw)


def _micros(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError("a watched column must hold instants")
    return value


def _by_month(rows: pa.Table, by: str | None) -> Iterator[tuple[str, pa.Table]]:
    """The rows apart by the UTC month of ``by``; nearly always they are of one."""
    if by is None or not rows.num_rows:
        if rows.num_rows:
            yield "", rows
        return
    span = pc.min_max(rows.column(by))
    first, last = (_month(span[name].as_py()) for name in ("min", "max"))
    if first == last:
        yield first, rows
        return
    months = pc.strftime(rows.column(by), format="%Y-%m")
    for month in sorted(value.as_py() for value in pc.unique(months)):
        yield month, rows.filter(pc.equal(months, pa.scalar(month)))


def _month(at: object) -> str:
    return f"{at:%Y-%m}"
