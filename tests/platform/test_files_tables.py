"""Workbooks and Parquet: native values become exact text, damaged or oversized files are refused."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regulars.kernel.problem import Problem
from regulars.platform.files import opening, xlsx
from regulars.platform.files.opening import Options

SEVEN_45 = datetime(2009, 12, 1, 7, 45)  # noqa: DTZ001 - spreadsheets know no zones


def workbook(path: Path, rows: list[list[object]], *, name: str = "Orders") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = name
    for row in rows:
        sheet.append(row)
    book.create_sheet("Other").append(["a", "b"])
    book.save(path)
    return path


def rows_of(path: Path, **options: str) -> list[tuple[int, tuple[str, ...]]]:
    table = opening.open_table(path, Options(**options))
    return [(n, tuple(row)) for batch in table.batches() for n, row in zip(batch.numbers, batch.rows, strict=True)]


def test_a_sheet_gives_exact_text_under_the_numbers_the_spreadsheet_shows(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        [],
        ["order", "when", "customer", "price", "gift"],
        [1001, SEVEN_45, 13085.0, 6.95, True],
        [],
        ["A-2", date(2010, 1, 2), None, 1e-7, False],
    ]
    path = workbook(tmp_path / "orders.xlsx", rows)
    table = opening.open_table(path)
    assert (table.kind, table.columns) == ("xlsx", ("order", "when", "customer", "price", "gift"))
    assert rows_of(path) == [
        (3, ("1001", "2009-12-01 07:45:00", "13085", "6.95", "true", "")),
        (5, ("A-2", "2010-01-02", "", "0.0000001", "false", "")),
    ]


def test_a_row_wider_than_the_header_is_a_fault(tmp_path: Path) -> None:
    path = workbook(tmp_path / "orders.xlsx", [["a", "b"], [1, 2], [1, 2, 3]])
    (batch,) = opening.open_table(path).batches()
    assert [(f.row, f.reason.code, f.value) for f in batch.faults] == [(3, "columns", "1 | 2 | 3")]


def test_another_sheet_can_be_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "orders.xlsx", [["a"], [1]])
    with pytest.raises(Problem, match="Orders, Other"):
        opening.open_table(path, Options(sheet="Order"))
    with pytest.raises(Problem) as empty:
        opening.open_table(path, Options(sheet="Other"))
    assert empty.value.code == "file.empty"


def test_a_workbook_cut_in_the_middle_is_refused(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "orders.xlsx", [["a"], [1]]).read_bytes()
    (tmp_path / "cut.xlsx").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Problem) as refused:
        opening.open_table(tmp_path / "cut.xlsx")
    assert refused.value.code == "file.unreadable"


def patched(source: Path, target: Path, part: str, content: bytes) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, content if entry.filename == part else old.read(entry))
    return target


def test_cells_far_apart_do_not_fill_the_memory(tmp_path: Path) -> None:
    source = workbook(tmp_path / "orders.xlsx", [["a"], [1]])
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    body = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData></worksheet>'
    bomb = patched(source, tmp_path / "bomb.xlsx", "xl/worksheets/sheet1.xml", (head + body).encode())
    with pytest.raises(Problem) as refused:
        opening.open_table(bomb)
    assert refused.value.code == "file.too_large"
    assert refused.value.fields["size"] == 1048576 * 16384


def test_a_part_that_unpacks_to_too_much_is_refused_unread(tmp_path: Path) -> None:
    source = workbook(tmp_path / "orders.xlsx", [["a"], [1]])
    bomb = patched(source, tmp_path / "bomb.xlsx", "xl/styles.xml", b" " * (xlsx.PART_LIMIT + 1))
    with pytest.raises(Problem) as refused:
        opening.open_table(bomb)
    assert (refused.value.code, refused.value.fields["part"]) == ("file.too_large", "xl/styles.xml")


def test_the_extent_counts_cells_that_name_no_place() -> None:
    xml = b"<sheetData><row><c><v>1</v></c><c t='s'><v>2</v></c></row><row><c><v>3</v></c></row></sheetData>"
    assert xlsx._extent(io.BytesIO(xml)) == (2, 2)


def parquet(path: Path, columns: dict[str, object]) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def test_parquet_gives_exact_text_whatever_the_type(tmp_path: Path) -> None:
    path = parquet(
        tmp_path / "orders.parquet",
        {
            "order": pa.array([1, 2, 3]),
            "customer": pa.array([13085.0, None, float("nan")]),
            "price": pa.array([6.95, 1e-7, 123456789012345.0]),
            "small": pa.array([0.1, 6.95, 2], pa.float32()),
            "total": pa.array([Decimal("1.50"), Decimal("2.00"), None]),
            "when": pa.array([SEVEN_45] * 3),
            "lines": pa.array([[1], [2], []]),
            "name": pa.array(["茶", "", None]).dictionary_encode(),
        },
    )
    table = opening.open_table(path)
    assert table.columns == ("order", "customer", "price", "small", "total", "when", "name")
    assert [note.en for note in table.notes] == ["lists and structures are left out: lines"]
    assert rows_of(path) == [
        (1, ("1", "13085", "6.95", "0.1", "1.50", "2009-12-01 07:45:00.000000", "茶", "")),
        (2, ("2", "", "0.0000001", "6.95", "2.00", "2009-12-01 07:45:00.000000", "", "")),
        (3, ("3", "", "123456789012345", "2", "", "2009-12-01 07:45:00.000000", "", "")),
    ]


def test_parquet_values_that_are_no_text_or_too_long_are_faults_of_their_rows(tmp_path: Path) -> None:
    raw = pa.array([b"cup", b"caf\xe9", b"jug"], pa.binary())
    path = parquet(tmp_path / "orders.parquet", {"a": raw, "b": pa.array(["x", "y", "z" * 65_537])})
    (batch,) = opening.open_table(path).batches()
    assert [(f.row, f.reason.code) for f in batch.faults] == [(2, "encoding"), (3, "field_too_long")]
    assert [tuple(row) for row in batch.rows] == [("cup", "x", "")]
    assert batch.numbers == [1]


def test_a_parquet_file_cut_in_the_middle_or_without_rows_is_refused(tmp_path: Path) -> None:
    whole = parquet(tmp_path / "orders.parquet", {"a": list(range(1000))}).read_bytes()
    (tmp_path / "cut.parquet").write_bytes(whole[: len(whole) // 2])
    for name, code in (("cut.parquet", "file.unreadable"), (str(parquet(tmp_path / "none.parquet", {"a": []})), "file.empty")):
        with pytest.raises(Problem) as refused:
            opening.open_table(tmp_path / name)
        assert refused.value.code == code


def test_damage_inside_a_parquet_file_is_named_by_row(tmp_path: Path) -> None:
    path = tmp_path / "orders.parquet"
    table_ = pa.table({"a": [f"value {n}" for n in range(100_000)]})
    pq.write_table(table_, path, use_dictionary=False, compression="zstd", data_page_size=1 << 12)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 4096] = b"\x00" * 4096
    path.write_bytes(content)
    table = opening.open_table(path)
    with pytest.raises(Problem, match="after row"):
        list(table.batches())
