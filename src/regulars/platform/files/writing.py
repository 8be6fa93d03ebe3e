"""Tables for people who open them in a spreadsheet: CSV in UTF-8 with its mark, and XLSX. Written row by row, never held whole."""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

Cell = str | int | bool | datetime | date | None
Rows = Iterable[Sequence[Cell]]

SHEET_ROWS = 1_048_576
"""Rows of a sheet; what comes after them goes into another one."""
CELL_LENGTH = 32_767
_FLUSHED = 1 << 16
_NUMBER = re.compile(r"[+-]?[\d.,]+")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# Beyond this a spreadsheet's numbers are no longer exact.
_EXACT = 10**15


def text(cell: Cell) -> str:
    """The cell as text: times in RFC 3339, nothing for None."""
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def guarded(value: str) -> str:
    """The text with an apostrophe in front where a spreadsheet would run it as a formula."""
    return "'" + value if value.startswith(_FORMULA) and not _NUMBER.fullmatch(value) else value


def write_csv(out: BinaryIO, rows: Rows) -> int:
    """Write the rows, headings being the first; returns how many were written."""
    out.write(codecs.BOM_UTF8)
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    written = 0
    for row in rows:
        writer.writerow([guarded(text(cell)) for cell in row])
        written += 1
        if buffer.tell() > _FLUSHED:
            out.write(buffer.getvalue().encode())
            buffer.seek(0)
            buffer.truncate()
    out.write(buffer.getvalue().encode())
    return written


def write_xlsx(out: BinaryIO, sheets: Mapping[str, Rows]) -> None:
    """Write a workbook of these sheets. Text stays text, whatever it begins with; headings are repeated on a sheet that goes on."""
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet, at, headings = book.create_sheet(name), 0, None
        for row in rows:
            if at == SHEET_ROWS and headings is not None:
                sheet, at = book.create_sheet(f"{name} +"), 1
                sheet.append(_cells(sheet, headings))
            headings = row if headings is None else headings
            sheet.append(_cells(sheet, row))
            at += 1
    try:
        book.save(out)
    except zipfile.LargeZipFile as error:
        raise ValueError("the workbook is larger than its format allows: take CSV") from error


def _cells(sheet: WriteOnlyWorksheet, row: Sequence[Cell]) -> list[object]:
    return [_cell(sheet, cell) for cell in row]


def _cell(sheet: WriteOnlyWorksheet, cell: Cell) -> object:
    if cell is None or isinstance(cell, bool) or (isinstance(cell, int) and abs(cell) < _EXACT):
        return cell
    made = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("\ufffd", text(cell))[:CELL_LENGTH])
    # Without this a text that begins with = would be a formula.
    made.data_type = "s"
    return made
