"""What the check of the lake finds: each thing is broken once and found by its own name."""

from dataclasses import replace
from pathlib import Path

import psycopg

from regulars.domains.insights.service import exporting
from regulars.platform.db import Database
from regulars.platform.lake import manifests
from tests.domains.insights import brands

Plain = psycopg.Connection[tuple[object, ...]]


def _file(folder: Path, table: str) -> Path:
    return folder / manifests.get(folder).tables[table][0].path


def test_the_check_names_a_missing_file(lived_in: Database, folder: Path) -> None:
    path = _file(folder, "orders")
    path.unlink()
    with lived_in.reading() as ctx:
        (found,) = exporting.check(ctx, folder)
    assert (found.what, found.where) == ("missing file", path.relative_to(folder).as_posix())


def test_the_check_names_a_changed_byte(lived_in: Database, folder: Path) -> None:
    path = _file(folder, "members")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with lived_in.reading() as ctx:
        (found,) = exporting.check(ctx, folder)
    assert (found.what, found.where) == ("changed file", path.relative_to(folder).as_posix())


def _published_again(folder: Path, table: str, files: tuple[manifests.File, ...]) -> None:
    found = manifests.get(folder)
    manifests.publish(folder, replace(found, tables={**found.tables, table: files}))


def test_the_check_names_a_doubled_row(lived_in: Database, folder: Path) -> None:
    first, second = manifests.get(folder).tables["orders"]
    _published_again(folder, "orders", (first, second, second))
    with lived_in.reading() as ctx:
        sums, row = exporting.check(ctx, folder)
    assert (sums.what, sums.where, sums.lake[:18], sums.expected[:18]) == (
        "sums",
        "orders 2026-03 GBP",
        "rows 4, total 8200",
        "rows 3, total 7200",
    )
    assert (row.what, row.lake, row.expected) == ("doubled row", "2 times", "1 times")


def test_the_check_names_missing_rows(lived_in: Database, folder: Path) -> None:
    (_, second) = manifests.get(folder).tables["entries"]
    _published_again(folder, "entries", (second,))
    found = brands.differences(lived_in, folder)
    assert sorted(set(found)) == ["missing row", "sums"]


def test_the_check_names_what_was_changed_in_postgresql(lived_in: Database, folder: Path, connection: Plain) -> None:
    connection.execute(
        """UPDATE journal SET amount = amount + 1
            WHERE unit = 'points' AND seq = 1 AND member_id = (SELECT member_id FROM standings LIMIT 1)"""
    )
    with lived_in.reading() as ctx:
        (found,) = exporting.check(ctx, folder)
    assert (found.what, found.where) == ("sums", "entries 2026-03 points")
