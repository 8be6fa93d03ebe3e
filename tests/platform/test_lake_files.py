"""The lake's files by themselves: written by month, published at once, leased by readers, joined, and removed when nobody needs them."""

import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regulars.kernel.problem import Problem
from regulars.platform.lake import checking, compacting, exporting, manifests, reading, sweeping, writing
from regulars.platform.lake.manifests import File, Manifest, Retired
from regulars.platform.lake.writing import Layout

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SCHEMA = pa.schema(
    [
        pa.field("id", pa.uuid(), nullable=False),
        pa.field("amount", pa.int64(), nullable=False),
        pa.field("recorded_at", pa.timestamp("us", tz="UTC"), nullable=False),
    ]
)
SALES = Layout(name="sales", schema=SCHEMA, by="recorded_at", times=("recorded_at",))


def rows(*given: tuple[int, datetime]) -> pa.Table:
    ids = pa.array([UUID(int=number).bytes for number, _ in given], pa.uuid())
    return pa.Table.from_arrays(
        [ids, pa.array([number for number, _ in given], pa.int64()), pa.array([at for _, at in given], SCHEMA.field(2).type)], schema=SCHEMA
    )


def written(folder: Path, *batches: pa.Table, serial: int = 1, file_rows: int = writing.FILE_ROWS) -> list[File]:
    with writing.Writer(folder, SALES, serial=serial, file_rows=file_rows) as writer:
        for batch in batches:
            writer.add(batch)
    return writer.files


def numbers(folder: Path, files: Sequence[File]) -> list[list[int | None]]:
    return [pq.read_table(folder / file.path, partitioning=None).column("amount").to_pylist() for file in files]


def manifest(*files: File, serial: int = 1, retired: tuple[Retired, ...] = ()) -> Manifest:
    return Manifest(
        lake_id=UUID(int=1),
        epoch=1,
        serial=serial,
        token=UUID(int=serial),
        watermark=10,
        as_of=NOON,
        seconds=1.5,
        tables={"sales": files},
        retired=retired,
        about={"zone": "Europe/London"},
    )


def test_rows_lie_apart_by_the_month_in_which_they_were_recorded(tmp_path: Path) -> None:
    last = datetime(2026, 1, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    first = datetime(2026, 2, 1, tzinfo=UTC)
    files = written(tmp_path, rows((1, last), (2, first)), rows((3, last)))
    assert [(file.month, file.rows, file.first, file.last) for file in files] == [
        ("2026-01", 2, 1_769_903_999_999_999, 1_769_903_999_999_999),
        ("2026-02", 1, 1_769_904_000_000_000, 1_769_904_000_000_000),
    ]
    assert numbers(tmp_path, files) == [[1, 3], [2]]
    assert [Path(file.path).parent.as_posix() for file in files] == ["sales/2026-01", "sales/2026-02"]
    assert pq.read_schema(tmp_path / files[0].path).field("id").type == pa.uuid()


def test_a_month_is_cut_into_files_and_row_groups_and_keeps_its_order(tmp_path: Path) -> None:
    files = written(tmp_path, *(rows(*((n, NOON) for n in range(i, i + 3))) for i in range(0, 12, 3)), file_rows=5)
    assert numbers(tmp_path, files) == [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]]
    many = rows(*((n, NOON) for n in range(200_000)))
    (file,) = written(tmp_path, many.slice(0, 70_000), many.slice(70_000))
    footer = pq.read_metadata(tmp_path / file.path)
    assert [footer.row_group(i).num_rows for i in range(footer.num_row_groups)] == [122_880, 77_120]
    assert numbers(tmp_path, [file]) == [list(range(200_000))]


def test_a_write_that_fails_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="in the middle"), writing.Writer(tmp_path, SALES, serial=1) as writer:  # noqa: PT012 - what fails is the block
        writer.add(rows((1, NOON)))
        raise RuntimeError("in the middle")
    assert list(tmp_path.rglob("*.parquet")) == []


def test_a_null_where_none_may_be_is_refused(tmp_path: Path) -> None:
    broken = pa.table({"id": pa.array([None], pa.uuid()), "amount": [1], "recorded_at": pa.array([NOON], SCHEMA.field(2).type)})
    with pytest.raises(pa.ArrowInvalid, match="non-nullable"):
        written(tmp_path, broken)


def test_a_manifest_comes_back_as_it_was_published(tmp_path: Path) -> None:
    assert manifests.load(tmp_path) is None
    made = manifest(*written(tmp_path, rows((1, NOON))), retired=(Retired(path="sales/old.parquet", serial=1, at=NOON),))
    manifests.publish(tmp_path, made)
    assert manifests.load(tmp_path) == made
    assert made.rows == {"sales": 1}


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 99}', '{"format": 1, "tables": {}}'])
def test_a_manifest_that_is_broken_or_of_another_format_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / manifests.NAME).write_text(content)
    with pytest.raises(Problem) as refused:
        manifests.load(tmp_path)
    assert refused.value.code == "lake.unreadable"
    assert str(tmp_path / manifests.NAME) in refused.value.text("zh")


def test_a_reader_of_no_lake_is_told_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(Problem) as refused, reading.opened(tmp_path):
        pass
    assert (refused.value.code, "regulars lake export" in refused.value.text()) == ("lake.missing", True)


def test_a_file_stays_until_its_last_reader_has_left_and_its_grace_is_over(tmp_path: Path) -> None:
    old, new = written(tmp_path, rows((1, NOON))), written(tmp_path, rows((2, NOON)), serial=2)
    manifests.publish(tmp_path, manifest(*old))
    with reading.opened(tmp_path) as reader:
        left = (Retired(path=old[0].path, serial=2, at=NOON),)
        manifests.publish(tmp_path, manifest(*new, serial=2, retired=left))
        later = NOON + timedelta(days=1)
        assert sweeping.outlived(tmp_path, manifest(*new, serial=2, retired=left), later) == ([], list(left))
        assert numbers(tmp_path, old) == [[1]]
        with reading.opened(tmp_path) as newer:
            assert newer.files() == {"sales": [tmp_path / new[0].path]}
        assert reader.paths("sales") == [tmp_path / old[0].path]
    third = manifest(*new, serial=3, retired=left)
    assert sweeping.outlived(tmp_path, third, NOON + timedelta(minutes=9)) == ([], list(left))
    assert sweeping.outlived(tmp_path, third, later) == (list(left), [])
    sweeping.remove(tmp_path, left)
    assert not (tmp_path / old[0].path).exists()


def test_a_reader_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    files = written(tmp_path, rows((1, NOON)))
    manifests.publish(tmp_path, manifest(*files))
    code = f"""
import os, signal
from pathlib import Path
from regulars.platform.lake import reading
with reading.opened(Path({str(tmp_path)!r})):
    print("open", flush=True)
    signal.pause()
"""
    left = [Retired(path=files[0].path, serial=2, at=NOON)]
    second = manifest(serial=2, retired=tuple(left))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"open\n"
        assert sweeping.outlived(tmp_path, second, NOON + timedelta(days=1)) == ([], left)
        child.kill()
        child.wait()
        assert sweeping.outlived(tmp_path, second, NOON + timedelta(days=1)) == (left, [])


def test_files_that_no_manifest_names_are_removed_and_nothing_else(tmp_path: Path) -> None:
    kept, lost = written(tmp_path, rows((1, NOON))), written(tmp_path, rows((2, NOON)))
    (tmp_path / "sales" / "notes.txt").write_text("mine")
    assert sweeping.orphans(tmp_path, manifest(*kept)) == 1
    assert [(tmp_path / file.path).exists() for file in (*kept, *lost)] == [True, False]
    assert sweeping.orphans(tmp_path, None) == 1
    assert (tmp_path / "sales" / "notes.txt").read_text() == "mine"


def test_the_growing_month_joins_eight_of_a_size_and_other_months_all(tmp_path: Path) -> None:
    march = [file for n in range(9) for file in written(tmp_path, rows((n, NOON)), serial=n)]
    big = written(tmp_path, rows(*((n, NOON) for n in range(100, 170))))
    february = [file for n in range(2) for file in written(tmp_path, rows((n, NOON - timedelta(days=9))), serial=n)]
    joined = compacting.compacted(tmp_path, SALES, [*march[:7], *big, *february], serial=50, growing="2026-03")
    assert [(file.month, file.rows) for file in joined] == [("2026-02", 2), *[("2026-03", 1)] * 7, ("2026-03", 70)]
    joined = compacting.compacted(tmp_path, SALES, [*march, *big], serial=51, growing="2026-03")
    assert [file.rows for file in joined] == [70, 9]
    assert numbers(tmp_path, joined)[1] == list(range(9))
    (whole,) = compacting.compacted(tmp_path, SALES, [*march, *big], serial=52, growing=None)
    assert numbers(tmp_path, [whole]) == [[*range(9), *range(100, 170)]]
    assert compacting.compacted(tmp_path, SALES, [whole], serial=53, growing=None) == (whole,)


def test_what_is_full_is_left_alone(tmp_path: Path) -> None:
    full = [file for n in range(3) for file in written(tmp_path, rows(*((n * 10 + i, NOON) for i in range(5))), serial=n)]
    small = written(tmp_path, rows((99, NOON)))
    assert set(compacting.compacted(tmp_path, SALES, [*full, *small], serial=9, growing=None, file_rows=8)) == {*full, *small}


def test_only_one_writes_at_a_time_and_the_other_is_told_who(tmp_path: Path) -> None:
    with exporting.alone(tmp_path, patience_s=0), pytest.raises(Problem) as refused, exporting.alone(tmp_path, patience_s=0.05):
        pass
    assert refused.value.code == "lake.busy"
    with exporting.alone(tmp_path, patience_s=0):
        pass


def test_a_changed_byte_and_a_missing_file_are_seen(tmp_path: Path) -> None:
    (file,) = written(tmp_path, rows((1, NOON)))
    path = tmp_path / file.path
    assert checking.damage(tmp_path, file) is None
    content = bytearray(path.read_bytes())
    content[20] ^= 1
    path.write_bytes(content)
    assert checking.damage(tmp_path, file) == "changed"
    path.unlink()
    assert checking.damage(tmp_path, file) == "missing"


def test_sums_and_keys_are_counted_from_the_file_itself(tmp_path: Path) -> None:
    (file,) = written(tmp_path, rows((5, NOON), (7, NOON + timedelta(seconds=2)), (7, NOON)))
    assert checking.counted(tmp_path / file.path, by=None, sums=("amount",), key=("id", "amount")) == {"": (3, 19, 38)}
    seconds = 3 * int(NOON.timestamp()) + 2
    assert checking.counted(tmp_path / file.path, by=None, sums=(), key=("recorded_at",)) == {"": (3, seconds)}
    assert list(checking.keys([tmp_path / file.path], ("id", "amount"))) == [(UUID(int=n), n) for n in (5, 7, 7)]
