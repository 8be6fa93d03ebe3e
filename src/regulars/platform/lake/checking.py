"""Looking at what is really on disk: whether files are there and untouched, and what their rows add up to."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from regulars.platform.lake.manifests import File

Counts = dict[str, tuple[int, ...]]
"""By group: how many rows, then the sum of each column."""
MISSING, CHANGED = "missing", "changed"


def damage(folder: Path, file: File) -> str | None:
    """``missing`` or ``changed`` (a byte differs from what was published); ``None`` for a sound file."""
    path = folder / file.path
    try:
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
    except FileNotFoundError:
        return MISSING
    return None if digest == file.digest else CHANGED


def counted(path: Path, *, by: str | None, sums: Sequence[str], key: Sequence[str]) -> Counts:
    """Rows, the total of each of ``sums``, and a sum over the ``key``, for each value of ``by`` (one group, ``""``, without).

    The sum over the key takes whole numbers as they are, of ids the last 32 bits, of texts the length, of instants the second.
    """
    total: Counts = {}
    columns = list(dict.fromkeys([*((by,) if by else ()), *sums, *key]))
    with pq.ParquetFile(path) as content:
        for batch in content.iter_batches(columns=columns):
            for group, counts in _of(pa.table(batch), by, sums, key).items():
                before = total.get(group, (0,) * len(counts))
                total[group] = tuple(a + b for a, b in zip(before, counts, strict=True))
    return total


def keys(paths: Sequence[Path], key: Sequence[str]) -> Iterator[tuple[object, ...]]:
    """The key of every row of the files."""
    for path in paths:
        rows = pq.read_table(path, columns=list(key), partitioning=None)
        yield from zip(*(rows.column(name).to_pylist() for name in key), strict=True)


def _of(rows: pa.Table, by: str | None, sums: Sequence[str], key: Sequence[str]) -> Counts:
    names = [f"s{place}" for place in range(len(sums) + len(key))]
    values = [pc.cast(rows.column(name), pa.int64()) for name in sums] + [_number(rows.column(name)) for name in key]
    group = rows.column(by) if by else pa.array([""] * rows.num_rows, pa.string())
    table = pa.table({"by": group, **dict(zip(names, values, strict=True))})
    found = table.group_by("by").aggregate([([], "count_all"), *((name, "sum") for name in names)])
    return {
        str(row["by"]): (
            row["count_all"],
            *(row[f"{name}_sum"] for name in names[: len(sums)]),
            sum(row[f"{name}_sum"] for name in names[len(sums) :]),
        )
        for row in found.to_pylist()
    }


def _number(column: "pa.ChunkedArray[Any]") -> Any:
    """What stands for the values in the sum over the key."""
    kind = column.type
    if kind == pa.uuid():
        return pa.array(np.concatenate([_tails(chunk) for chunk in column.chunks]) if column.num_chunks else np.array([], np.int64))
    if pa.types.is_timestamp(kind):
        return pa.array(pc.cast(column, pa.int64()).to_numpy() // 1_000_000)
    whole = pc.utf8_length(column) if pa.types.is_string(kind) else column
    return pa.array(pc.cast(whole, pa.int64()).to_numpy())


def _tails(ids: Any) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """The last 32 bits of each id."""
    stored = ids.storage
    raw = np.frombuffer(stored.buffers()[1], dtype=">u4").reshape(-1, 4)
    return raw[stored.offset : stored.offset + len(stored), 3].astype(np.int64)
