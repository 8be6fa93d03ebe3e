"""Joining small files, so that a table that grows by the minute stays a handful of files."""

import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import pyarrow.parquet as pq

from regulars.platform.lake import writing
from regulars.platform.lake.manifests import File
from regulars.platform.lake.writing import Layout

TOGETHER = 8
"""So many files of a size class are joined to one of the next: each row is written again log₈ of the file's rows times at most."""


def compacted(
    folder: Path, layout: Layout, files: Sequence[File], *, serial: int, growing: str | None, file_rows: int = writing.FILE_ROWS
) -> tuple[File, ...]:
    """The table's files after joining; the same ones where there is nothing to join. Rows keep their order.

    In the month that is ``growing``, files of a size class are joined when there are eight of them; of any other month all that are
    not full. ``None``: no month is growing.
    """
    result: list[File] = []
    for month, together in groupby(sorted(files, key=lambda file: file.month or ""), key=lambda file: file.month):
        result += _month(folder, layout, list(together), serial=serial, by_class=month == growing, file_rows=file_rows)
    return tuple(result)


def _month(folder: Path, layout: Layout, files: list[File], *, serial: int, by_class: bool, file_rows: int) -> list[File]:
    small = [file for file in files if 0 < file.rows < file_rows // 2]
    groups = list(_classes(small)) if by_class else [small] * (len(small) > 1)
    joined = {file.path for group in groups for file in group}
    result = [file for file in files if file.path not in joined]
    for group in groups:
        result += _joined(folder, layout, group, serial=serial, file_rows=file_rows)
    return result


def _classes(files: Sequence[File]) -> Iterator[list[File]]:
    by_size: dict[int, list[File]] = {}
    for file in files:
        by_size.setdefault(int(math.log(file.rows, TOGETHER)), []).append(file)
    yield from (group for group in by_size.values() if len(group) >= TOGETHER)


def _joined(folder: Path, layout: Layout, files: Sequence[File], *, serial: int, file_rows: int) -> list[File]:
    with writing.Writer(folder, layout, serial=serial, file_rows=file_rows) as writer:
        for file in files:
            with pq.ParquetFile(folder / file.path) as content:
                for batch in content.iter_batches(batch_size=writing.ROW_GROUP):
                    writer.add(batch)
    return writer.files
