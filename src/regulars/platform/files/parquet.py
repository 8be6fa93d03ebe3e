"""Parquet by batches of rows, each column turned into text at once by Arrow; nested columns are left out and said to be."""

from collections.abc import Iterator
from itertools import repeat
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from regulars.kernel.problem import Problem
from regulars.kernel.text import Text
from regulars.platform.files import model
from regulars.platform.files.model import Batch, RowFault

BATCH = 1 << 14
_BUFFER = 1 << 20


class ParquetTable:
    """A Parquet file as text: numbers in their shortest exact form, times in ISO 8601 (with +0000 when they are instants)."""

    kind = "parquet"

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._open() as file:
            fields = list(file.schema_arrow)
            self._total = file.metadata.num_rows
        flat = [f.name for f in fields if not pa.types.is_nested(f.type)]
        if not flat:
            raise model.EMPTY(path=str(path), reason="it has no columns", reason_zh="没有列")
        if not self._total:
            raise model.EMPTY(path=str(path), reason="it has no rows", reason_zh="没有行")
        self.columns = model.checked_columns(flat, str(path))
        self._names = flat
        left_out = ", ".join(f.name for f in fields if pa.types.is_nested(f.type))
        note = Text(f"lists and structures are left out: {left_out}", f"未读取列表与结构类型的列：{left_out}")
        self.notes: tuple[Text, ...] = (note,) if left_out else ()
        self._done = 0

    def progress(self) -> float:
        """Rows read of all rows."""
        return self._done / self._total

    def batches(self) -> Iterator[Batch]:
        """The rows, counted from 1. Raises ``file.unreadable`` where the file is damaged."""
        self._done = 0
        with self._open() as file:
            try:
                for piece in file.iter_batches(BATCH, columns=self._names):
                    batch = _batch(piece, self._names, self._done + 1)
                    self._done += piece.num_rows
                    yield batch
            except (pa.ArrowException, OSError) as damaged:
                raise self._unreadable(f"after row {self._done}: {damaged}") from damaged

    def _open(self) -> pq.ParquetFile:
        try:
            # Buffered, because one row group may be as large as the whole file.
            return pq.ParquetFile(self._path, pre_buffer=False, buffer_size=_BUFFER)
        except (pa.ArrowException, OSError) as damaged:
            raise self._unreadable(str(damaged)) from damaged

    def _unreadable(self, reason: str) -> Problem:
        return model.UNREADABLE(path=str(self._path), kind="Parquet", reason=model.excerpt(reason))


def _batch(piece: pa.RecordBatch, names: list[str], first: int) -> Batch:
    faults: dict[int, RowFault] = {}
    columns = []
    for name in names:
        values, bad = _texts(piece.column(name), name)
        for at, fault in bad.items():
            faults.setdefault(at, RowFault(first + at, fault.reason, fault.value, fault.detail))
        columns.append(values)
    rows = list(zip(*columns, repeat(""), strict=False))
    numbers = range(first, first + len(rows))
    if not faults:
        return Batch(rows, numbers)
    good = [at for at in range(len(rows)) if at not in faults]
    return Batch([rows[at] for at in good], [first + at for at in good], list(faults.values()))


def _texts(column: Any, name: str) -> tuple[list[str], dict[int, RowFault]]:
    """The column as text, missing values empty; and what is wrong with a value, by its place in the column."""
    if pa.types.is_floating(column.type):
        # A column of ids with gaps comes as floats, its gaps as NaN.
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    try:
        text = pc.fill_null(column.cast(pa.string()), "")
        values = text.to_pylist()
    except (pa.ArrowInvalid, UnicodeDecodeError):
        return _decoded(column)
    except pa.ArrowNotImplementedError:
        values = ["" if value is None else str(value) for value in column.to_pylist()]
        text = pa.array(values, pa.string())
    if pa.types.is_floating(column.type) and pc.any(pc.match_substring(text, "e")).as_py():
        values = [model.number_text(float(value)) if "e" in value else value for value in values]
    if (pc.max(pc.utf8_length(text)).as_py() or 0) > model.FIELD_LIMIT:
        long = (at for at, value in enumerate(values) if len(value) > model.FIELD_LIMIT)
        return values, {at: RowFault(at, model.FIELD_TOO_LONG, model.excerpt(values[at]), name) for at in long}
    return values, {}


def _decoded(column: Any) -> tuple[list[str], dict[int, RowFault]]:
    """Byte values one by one, for the column that holds some that are no UTF-8."""
    values, bad = [], {}
    pieces: list[bytes | None] = column.cast(pa.binary()).to_pylist()
    for at, piece in enumerate(pieces):
        value = piece or b""
        try:
            values.append(value.decode())
        except UnicodeDecodeError:
            values.append("")
            bad[at] = RowFault(at, model.ENCODING, model.excerpt(value.decode("utf-8", "backslashreplace")), "UTF-8")
    return values, bad
