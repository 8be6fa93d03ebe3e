"""Excel workbooks: one sheet, loaded whole because the library does so, after its extent has been proved to be bounded."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import IO

import python_calamine

from regulars.kernel import problem
from regulars.kernel.problem import Problem
from regulars.kernel.text import Text
from regulars.platform.files import model
from regulars.platform.files.model import Batch, RowFault

BATCH = 1 << 12
PART_LIMIT = 1 << 27
SHEET_LIMIT = 1 << 30
"""Bytes that a part, and a sheet, may unpack to. The sizes in the archive's directory are binding: no more is ever unpacked."""
CELL_LIMIT = 1 << 24
"""Cells of a sheet, empty ones between others included: about 0.5 GB of memory, or a million rows of sixteen columns."""
_PARTS = 10_000
_PIECE = 1 << 20
_COLUMN = re.compile(rb'<c [^>]{0,200}?\br="([A-Z]{1,3})[0-9]')
_ROW = re.compile(rb'<row [^>]{0,200}?\br="([0-9]{1,10})"')


class XlsxTable:
    """The named sheet of a workbook, or its first. Formulas give their stored result, dates ISO 8601, numbers their exact text."""

    kind = "xlsx"

    def __init__(self, path: Path, sheet: str | None = None) -> None:
        self._path = path
        if zipfile.is_zipfile(path):
            _prove_bounded(path)
        self._sheet, name = self._chosen(sheet)
        rows = self._rows()
        header = next(rows, None)
        if header is None or next(rows, None) is None:
            reason = Text("is empty", "为空") if header is None else Text("has only a header", "只有表头")
            raise model.EMPTY(path=str(path), reason=f"the sheet {name} {reason.en}", reason_zh=f"工作表 {name} {reason.zh}")
        self.columns = model.checked_columns(header[1], str(path))
        self.notes: tuple[Text, ...] = (Text(f"sheet {name}", f"工作表 {name}"),)
        self._done = 0

    def progress(self) -> float:
        """Rows given of the sheet's."""
        return self._done / (self._sheet.total_height or 1)

    def batches(self) -> Iterator[Batch]:
        """The rows below the header that hold anything, under the numbers the spreadsheet shows."""
        width = len(self.columns)
        body = islice(self._rows(), 1, None)
        while chunk := list(islice(body, BATCH)):
            batch = Batch(rows := [], numbers := [])
            for number, row in chunk:
                fault = _fault(number, row, width)
                if fault is not None:
                    batch.faults.append(fault)
                else:
                    rows.append(row + [""] * (width + 1 - len(row)))
                    numbers.append(number)
            self._done = chunk[-1][0]
            yield batch

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """Rows with anything in them, from the header on, without their empty end."""
        for number, cells in enumerate(self._sheet.iter_rows(), 1):
            row = [_text(cell) for cell in cells]
            while row and not row[-1]:
                row.pop()
            if row:
                yield number, row

    def _chosen(self, wish: str | None) -> tuple[python_calamine.CalamineSheet, str]:
        try:
            with python_calamine.CalamineWorkbook.from_path(self._path) as book:
                names = book.sheet_names
                if not names:
                    raise model.EMPTY(path=str(self._path), reason="it has no sheet", reason_zh="没有工作表")
                if wish is not None and wish not in names:
                    raise problem.invalid("sheet", wish, "one of the sheets " + ", ".join(names))
                return book.get_sheet_by_name(wish or names[0]), wish or names[0]
        except (python_calamine.CalamineError, OSError, ValueError) as damaged:
            raise _unreadable(self._path, damaged) from damaged


def _unreadable(path: Path, error: Exception) -> Problem:
    return model.UNREADABLE(path=str(path), kind="Excel", reason=model.excerpt(str(error)))


def _prove_bounded(path: Path) -> None:
    """Raise ``file.too_large`` for a workbook that would fill the memory: by what its parts unpack to, or by cells far apart,
    between which the library makes room for every empty one.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > _PARTS:
                raise model.TOO_LARGE(path=str(path), part="its list of parts", size=len(parts), limit=_PARTS)
            for part in parts:
                sheet = part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml")
                limit = SHEET_LIMIT if sheet else PART_LIMIT
                if part.file_size > limit:
                    raise model.TOO_LARGE(path=str(path), part=model.excerpt(part.filename), size=part.file_size, limit=limit)
                if sheet:
                    with archive.open(part) as stream:
                        rows, columns = _extent(stream)
                    if rows * columns > CELL_LIMIT:
                        raise model.TOO_LARGE(path=str(path), part=f"{rows:,} x {columns:,} cells", size=rows * columns, limit=CELL_LIMIT)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as damaged:
        raise _unreadable(path, damaged) from damaged


def _extent(stream: IO[bytes]) -> tuple[int, int]:
    """How many rows and columns the sheet's XML can at most span, by the places its cells name and by how many there are."""
    rows = columns = high = 0
    names: set[bytes] = set()
    for piece in _by_rows(stream):
        names.update(_COLUMN.findall(piece))
        high = max(high, max(map(int, _ROW.findall(piece)), default=0))
        one_each = piece.split(b"<row")
        rows += len(one_each) - 1
        columns = max([columns, *(row.count(b"<c ") + row.count(b"<c>") for row in one_each)])
    return max(rows, high), max([columns, *map(_place, names)])


def _by_rows(stream: IO[bytes]) -> Iterator[bytes]:
    """The stream in pieces that end before a row begins; a row longer than any real one is cut."""
    rest = b""
    while piece := stream.read(_PIECE):
        data = rest + piece
        cut = data.rfind(b"<row")
        if cut <= 0 and len(data) < _PIECE * 8:
            rest = data
        else:
            cut = cut if cut > 0 else len(data)
            yield data[:cut]
            rest = data[cut:]
    yield rest


def _place(letters: bytes) -> int:
    """The number of a column: A is 1, Z 26, AA 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _fault(number: int, row: Sequence[str], width: int) -> RowFault | None:
    if len(row) > width:
        return RowFault(number, model.COLUMNS, model.excerpt(" | ".join(row)), str(width))
    if max(map(len, row)) > model.FIELD_LIMIT:
        return RowFault(number, model.FIELD_TOO_LONG, model.excerpt(max(row, key=len)))
    return None


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, (int, float)):
        return model.number_text(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, (date, time)) else str(cell)
