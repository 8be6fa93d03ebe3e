"""The export on a real database: every fact once, none skipped, whatever commits late, is restored, erased or killed."""

import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from regulars.domains.insights.model import lake_tables
from regulars.domains.insights.service import exporting
from regulars.domains.insights.tasks import export_lake
from regulars.domains.members import service as members
from regulars.kernel.problem import Problem
from regulars.platform import db as database
from regulars.platform.clock import MovableClock
from regulars.platform.db import Database
from regulars.platform.lake import exporting as lake
from regulars.platform.lake import manifests, reading
from tests.domains.insights import brands
from tests.support import factories, postgres

NOON = factories.NOON
Plain = psycopg.Connection[tuple[object, ...]]


def test_an_empty_database_gives_a_lake_with_every_table_and_no_rows(db: Database, folder: Path) -> None:
    made = brands.export(db, folder)
    assert {name: made.rows[name] for name in lake_tables.TABLES if name != "calendar"} == {
        name: 0 for name in lake_tables.TABLES if name != "calendar"
    }
    assert made.rows["calendar"] == 97  # from this quarter of an hour to tomorrow's
    assert (made.about["zone"], made.about["currency"], made.as_of) == ("UTC", "", NOON)
    assert brands.rows(folder, "orders", "order_id", "total") == []
    assert brands.differences(db, folder) == []
    assert export_lake.run(db, folder, always=False) is None


def test_a_hand_made_brand_is_in_the_lake_value_by_value(db: Database, folder: Path) -> None:
    anna, ben = brands.opened(db)
    brands.order(db, anna, "1", 1_000)
    brands.order(db, ben, "2", 2_500, at=NOON - timedelta(days=400))
    brands.order(db, None, "3", 700)
    brands.give_back(db, anna, "1", 400)
    made = brands.export(db, folder)
    assert (made.about["zone"], made.about["currency"]) == ("Europe/London", "GBP")
    assert brands.rows(folder, "orders", "number", "currency", "total", "freight", "lines", "first_product", "paid_at", "recorded_at") == [
        ("1", "GBP", 1_100, 0, 2, "sku-1", NOON, NOON),
        ("2", "GBP", 2_600, 0, 2, "sku-1", NOON - timedelta(days=400), NOON),
        ("3", "GBP", 800, 0, 2, "sku-1", NOON, NOON),
    ]
    assert brands.rows(folder, "order_lines", "no", "product", "category", "quantity", "amount", "discount", "tax") == [
        *[(1, "sku-1", "", 1, amount, 0, 0) for amount in (1_000, 2_500, 700)],
        *[(2, "extra", "small", 1, 100, 0, 0)] * 3,
    ]
    assert brands.rows(folder, "refunds", "total", "currency", "refunded_at") == [(400, "GBP", NOON)]
    ((order_id,),) = brands.rows(folder, "refunds", "order_id")
    assert [row[1] for row in brands.rows(folder, "orders", "order_id", "number") if row[0] == order_id] == ["1"]
    granted = [row[:2] for row in brands.rows(folder, "entries", "unit", "amount", "kind") if row[2] == "grant"]
    assert granted == [("growth", 11), ("growth", 26), ("points", 11), ("points", 26)]
    assert sorted(row[0] for row in brands.rows(folder, "decisions", "kind")) == ["order", "order", "refund"]
    assert sorted(brands.owners(folder)) == sorted((m.subject_id, m.member_id) for m in (anna, ben))
    assert len(brands.rows(folder, "members", "member_id", "held_out")) == 2
    assert [row[0] for row in brands.rows(folder, "tier_standings", "level")] == ["member", "member"]
    assert brands.differences(db, folder) == []


def test_only_what_is_new_is_written_and_old_files_stay(db: Database, folder: Path, clock: MovableClock) -> None:
    anna, _ = brands.opened(db)
    brands.order(db, anna, "1")
    first = brands.export(db, folder)
    until = time.monotonic() + 30
    while (again := export_lake.run(db, folder, always=False)) is not None:
        # PostgreSQL's counters of changed rows come a second late.
        assert (again.tables["orders"], time.monotonic() < until) == (first.tables["orders"], True)
        first = again
    clock.move(timedelta(days=40))
    brands.order(db, anna, "2", at=clock.at)
    second = brands.export(db, folder, always=False)
    assert (second.serial, second.epoch, second.lake_id) == (first.serial + 1, first.epoch, first.lake_id)
    assert [file.month for file in second.tables["orders"]] == ["2026-03", "2026-04"]
    assert second.tables["orders"][0] == first.tables["orders"][0]
    assert brands.numbers(folder) == ["1", "2"]
    assert {one.path for one in second.retired} >= first.paths() - second.paths()
    assert brands.differences(db, folder) == []


def test_a_transaction_that_commits_late_is_waited_for_and_never_skipped(db: Database, folder: Path) -> None:
    anna, ben = brands.opened(db)
    begun, may_commit = threading.Event(), threading.Event()

    def slowly() -> None:
        with db.transaction() as ctx:
            members.enrol(ctx, [])
            database.rows_of(ctx.tx, "SELECT txid_current()")
            database.rows_of(
                ctx.tx,
                """INSERT INTO exposures (member_id, what, at, held_out, recorded_at)
                   VALUES (%(member)s, 'late', %(now)s, false, %(now)s)""",
                member=anna.member_id,
                now=ctx.now,
            )
            begun.set()
            assert may_commit.wait(30)

    late = threading.Thread(target=slowly)
    late.start()
    assert begun.wait(30)
    brands.order(db, ben, "after")
    held = brands.export(db, folder)
    with db.reading() as ctx:
        found = exporting.status(ctx, folder)
    assert (held.rows["orders"], held.rows["exposures"]) == (0, 0)
    assert held.as_of < NOON
    assert found.held_by is not None
    may_commit.set()
    late.join()
    brands.export(db, folder)
    assert brands.numbers(folder) == ["after"]
    assert [row[0] for row in brands.rows(folder, "exposures", "what")] == ["late"]
    with db.reading() as ctx:
        assert exporting.status(ctx, folder).held_by is None
    assert brands.differences(db, folder) == []


def test_a_long_transaction_of_another_database_holds_nobody_back(db: Database, folder: Path, server: str) -> None:
    anna, _ = brands.opened(db)
    with psycopg.connect(server) as elsewhere:
        elsewhere.execute("SELECT txid_current()")
        brands.order(db, anna, "1")
        brands.export(db, folder)
        assert brands.numbers(folder) == ["1"]


def test_a_transaction_that_rolls_back_leaves_nothing(db: Database, folder: Path) -> None:
    anna, _ = brands.opened(db)
    with pytest.raises(RuntimeError), db.transaction() as ctx:  # noqa: PT012 - what fails is the block
        database.rows_of(
            ctx.tx,
            "INSERT INTO exposures (member_id, what, at, held_out, recorded_at) VALUES (%(m)s, 'gone', now(), false, now())",
            m=anna.member_id,
        )
        raise RuntimeError
    assert brands.export(db, folder).rows["exposures"] == 0


def test_an_erased_member_leaves_the_map_with_the_next_export(db: Database, folder: Path) -> None:
    anna, ben = brands.opened(db)
    brands.order(db, anna, "1")
    brands.export(db, folder)
    with db.transaction() as ctx:
        members.forget(ctx, anna.member_id)
    brands.export(db, folder)
    assert brands.owners(folder) == [(ben.subject_id, ben.member_id)]
    assert brands.numbers(folder) == ["1"]
    status = dict(brands.rows(folder, "members", "member_id", "status"))
    assert status == {anna.member_id: "erased", ben.member_id: "active"}
    assert brands.differences(db, folder) == []


def test_no_personal_field_is_in_the_lake(db: Database, folder: Path) -> None:
    brands.order(db, brands.opened(db)[0], "1")
    made = brands.export(db, folder)
    assert set(made.tables) >= set(lake_tables.TABLES)
    columns = {name for table in lake_tables.TABLES.values() for name in table.schema.names}
    assert columns & {"phone", "email", "name", "birthday", "external_id", "actor", "body", "why"} == set()


def test_two_exports_at_once_exclude_each_other(db: Database, folder: Path) -> None:
    brands.order(db, brands.opened(db)[0], "1")
    with lake.alone(folder, patience_s=0), pytest.raises(Problem) as refused:
        export_lake.run(db, folder)
    assert (refused.value.code, refused.value.fields["pid"]) == ("lake.busy", str(os.getpid()))
    streams = [threading.Thread(target=export_lake.run, args=(db, folder), kwargs={"patience_s": 60}) for _ in range(4)]
    for stream in streams:
        stream.start()
    for stream in streams:
        stream.join()
    assert manifests.get(folder).serial == 4
    assert brands.numbers(folder) == ["1"]


def test_a_crash_between_announcing_and_publishing_loses_and_doubles_nothing(db: Database, folder: Path) -> None:
    anna, _ = brands.opened(db)
    brands.order(db, anna, "1")
    first = brands.export(db, folder)
    brands.order(db, anna, "2")
    obstacle = folder / (manifests.NAME + ".new")
    obstacle.mkdir()
    for _ in range(2):
        with pytest.raises(IsADirectoryError):
            export_lake.run(db, folder)
        assert brands.numbers(folder) == ["1"]
    obstacle.rmdir()
    made = brands.export(db, folder)
    assert (made.epoch, made.serial) == (first.epoch, 2)
    assert brands.numbers(folder) == ["1", "2"]
    assert brands.differences(db, folder) == []
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*.parquet")}
    assert names == made.paths() | {one.path for one in made.retired}


def test_a_database_that_was_set_back_fills_the_lake_anew(db: Database, folder: Path, server: str, url: str, clock: MovableClock) -> None:
    anna, ben = brands.opened(db)
    brands.order(db, anna, "kept")
    first = brands.export(db, folder)
    db.engine.dispose()
    for backup in postgres.clone(server, url.rsplit("/", 1)[1]):
        brands.order(db, anna, "lost")
        brands.export(db, folder)
        assert brands.numbers(folder) == ["kept", "lost"]
        restored = database.connect(backup, clock_=clock)
        brands.order(restored, ben, "afterwards")
        made = brands.export(restored, folder, always=False)
        assert brands.numbers(folder) == ["afterwards", "kept"]
        assert (made.epoch, made.serial, made.lake_id) == (first.epoch + 1, 3, first.lake_id)
        assert brands.differences(restored, folder) == []
        brands.order(restored, ben, "again")
        assert brands.export(restored, folder).epoch == made.epoch
        assert brands.numbers(folder) == ["afterwards", "again", "kept"]
        assert brands.differences(restored, folder) == []
        restored.close()


def test_a_lake_that_was_set_back_is_filled_anew(db: Database, folder: Path) -> None:
    anna, _ = brands.opened(db)
    seen = []
    for number in "123":
        brands.order(db, anna, number)
        brands.export(db, folder)
        seen.append((folder / manifests.NAME).read_bytes())
    (folder / manifests.NAME).write_bytes(seen[0])
    made = brands.export(db, folder)
    assert (made.epoch, made.serial) == (2, 2)
    assert brands.numbers(folder) == ["1", "2", "3"]
    assert brands.differences(db, folder) == []


def test_a_broken_manifest_is_refused_until_the_lake_is_filled_anew(lived_in: Database, folder: Path) -> None:
    (folder / manifests.NAME).write_text("{")
    with pytest.raises(Problem) as refused:
        export_lake.run(lived_in, folder)
    assert refused.value.code == "lake.unreadable"
    brands.export(lived_in, folder, anew=True)
    assert brands.numbers(folder) == ["1", "2", "3"]
    assert brands.differences(lived_in, folder) == []


def test_anew_writes_everything_again_in_the_same_lake(lived_in: Database, folder: Path) -> None:
    before = manifests.get(folder)
    made = brands.export(lived_in, folder, anew=True)
    assert (made.lake_id, made.serial, len(made.tables["orders"])) == (before.lake_id, 3, 1)
    assert brands.numbers(folder) == ["1", "2", "3"]


def test_two_lakes_of_one_database_do_not_disturb_each_other(db: Database, tmp_path: Path) -> None:
    anna, _ = brands.opened(db)
    folders = tmp_path / "a", tmp_path / "b"
    for number in "12":
        brands.order(db, anna, number)
        made = [brands.export(db, folder) for folder in folders]
        assert [one.epoch for one in made] == [1, 1]
    assert [brands.numbers(folder) for folder in folders] == [["1", "2"]] * 2


def test_compaction_joins_files_and_changes_no_row(db: Database, folder: Path, clock: MovableClock) -> None:
    anna, _ = brands.opened(db)
    for number in range(9):
        brands.order(db, anna, str(number))
        brands.export(db, folder)
    before = brands.rows(folder, "orders", "order_id", "number", "recorded_at")
    with reading.opened(folder) as reader:
        made = export_lake.compact(db, folder)
        assert made is not None
        assert [len(made.tables[name]) for name in ("orders", "order_lines", "decisions")] == [1, 1, 1]
        clock.move(timedelta(hours=1))
        brands.export(db, folder)
        assert all(path.exists() for path in reader.paths("orders"))
        leased = reader.paths("orders")
    brands.export(db, folder)
    assert [path.exists() for path in leased] == [False] * 9
    assert brands.rows(folder, "orders", "order_id", "number", "recorded_at") == before
    assert export_lake.compact(db, folder) is None
    assert brands.differences(db, folder) == []


def test_a_worker_exports_when_there_is_something_new_and_never_more_often(db: Database, folder: Path, clock: MovableClock) -> None:
    exporter = export_lake.Exporter(folder, every_s=60)
    assert exporter.tick(db) == 1  # the first: an empty lake
    brands.order(db, brands.opened(db)[0], "1")
    assert exporter.tick(db) == 0
    clock.move(timedelta(seconds=60))
    assert exporter.tick(db) == 1
    assert brands.numbers(folder) == ["1"]
    brands.order(db, None, "2")
    clock.move(timedelta(seconds=59))
    assert exporter.tick(db) == 0
    clock.move(timedelta(seconds=1))
    with lake.alone(folder, patience_s=0):
        assert exporter.tick(db) == 0
    clock.move(timedelta(seconds=60))
    assert exporter.tick(db) == 1
    assert export_lake.Exporter(folder, every_s=0).tick(db) == 0


def test_rows_of_before_the_migration_are_taken_too(db: Database, folder: Path, connection: Plain) -> None:
    brands.order(db, brands.opened(db)[0], "old")
    for table in ("orders", "decisions", "journal"):
        connection.execute(f"UPDATE {table} SET recorded_in = 0")
    brands.export(db, folder)
    assert brands.numbers(folder) == ["old"]
    assert brands.differences(db, folder) == []


def test_every_followed_table_has_its_index_and_its_default(connection: Plain) -> None:
    found = connection.execute(
        """SELECT c.relname, pg_get_expr(d.adbin, d.adrelid), am.amname FROM pg_attribute a
             JOIN pg_class c ON c.oid = a.attrelid JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
             JOIN pg_index i ON i.indrelid = c.oid AND i.indkey[0] = a.attnum JOIN pg_class x ON x.oid = i.indexrelid
             JOIN pg_am am ON am.oid = x.relam
            WHERE a.attname = 'recorded_in' ORDER BY 1"""
    ).fetchall()
    sources = sorted({table.source for table in lake_tables.GROWING if table.source})
    assert found == [(name, "txid_current()", "brin") for name in sources]


def test_the_calendar_reaches_from_the_first_fact_to_tomorrow(db: Database, folder: Path) -> None:
    anna, _ = brands.opened(db, zone="Asia/Shanghai")
    brands.order(db, anna, "1", at=datetime(2025, 12, 31, 16, 7, tzinfo=UTC))
    brands.export(db, folder)
    slots = sorted(brands.rows(folder, "calendar", "slot_start", "local_day", "local_hour"))
    assert slots[0][0] == datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert (slots[0][1].isoformat(), slots[0][2]) == ("2026-01-01", 0)
    assert slots[-1][0] == NOON + timedelta(days=1)
    assert UUID(int=0) not in {row[0] for row in brands.rows(folder, "orders", "order_id")}
