"""An export that is killed with ``kill -9`` at any point, and a brand that moves to another server: no fact is lost, none is doubled."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from regulars.app import schema
from regulars.platform import db as database
from regulars.platform.clock import MovableClock
from regulars.platform.db import Database
from regulars.platform.embedded import binaries, runuser
from regulars.platform.lake import manifests
from tests.domains.insights import brands
from tests.support import postgres

CHILD = """
import os, signal, sys
from pathlib import Path
from dataclasses import replace
from regulars.domains.insights.service import exporting
from regulars.domains.insights.tasks import export_lake
from regulars.platform import clock, db as database
from regulars.platform.lake import exporting as lake

url, folder, point = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
db = database.connect(url, clock_=clock.SystemClock())

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

if point == "copying":
    export_lake.run(db, folder, watch=die)
elif point == "written":
    with db.reading() as ctx:
        plan = replace(exporting.plan(ctx), derive=die)
    lake.bring_up_to_date(db, folder, plan, always=True)
else:
    print("ready", flush=True)
    while True:
        export_lake.run(db, folder)
        export_lake.compact(db, folder, whole=True)
"""


def child(url: str, folder: Path, point: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", CHILD, url, str(folder), point], stdout=subprocess.PIPE)


@pytest.mark.slow
@pytest.mark.parametrize("point", ["copying", "written"])
def test_a_kill_before_publishing_leaves_the_lake_as_it_was(db: Database, url: str, tmp_path: Path, point: str) -> None:
    folder = tmp_path / "lake"
    anna, _ = brands.opened(db)
    brands.order(db, anna, "1")
    first = brands.export(db, folder)
    brands.order(db, anna, "2")
    with child(url, folder, point) as process:
        assert process.wait(120) == -signal.SIGKILL
    assert manifests.get(folder) == first
    assert brands.numbers(folder) == ["1"]
    made = brands.export(db, folder)
    assert (made.serial, made.epoch) == (2, 1)
    assert brands.numbers(folder) == ["1", "2"]
    assert brands.differences(db, folder) == []
    left = {path.relative_to(folder).as_posix() for path in folder.rglob("*.parquet")}
    assert left == made.paths() | {one.path for one in made.retired}


@pytest.mark.prove
def test_kills_at_random_lose_and_double_nothing(db: Database, url: str, tmp_path: Path) -> None:
    folder = tmp_path / "lake"
    anna, _ = brands.opened(db)
    chance = random.Random(11)
    for round_ in range(6):
        with child(url, folder, "anywhere") as process:
            assert process.stdout is not None
            process.stdout.readline()
            until = time.monotonic() + chance.uniform(0.5, 6)
            number = 0
            while time.monotonic() < until:
                brands.order(db, anna, f"{round_}-{number}")
                number += 1
            process.kill()
            process.wait()
    brands.export(db, folder)
    with db.reading() as ctx:
        recorded = sorted(row[0] for row in database.rows_of(ctx.tx, "SELECT number FROM orders"))
    assert brands.numbers(folder) == recorded
    assert brands.differences(db, folder) == []
    assert manifests.get(folder).epoch == 1


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """Another PostgreSQL, whose transaction numbers begin anew."""
    with postgres.embedded_server() as url:
        yield url


@pytest.mark.slow
def test_a_dump_restored_on_another_server_fills_the_lake_anew(
    db: Database, url: str, elsewhere: str, tmp_path: Path, clock: MovableClock
) -> None:
    with psycopg.connect(url) as here, psycopg.connect(elsewhere) as there:
        if here.info.server_version // 10_000 != there.info.server_version // 10_000:
            pytest.skip("the two servers are of different major versions, and so are their dumps")
    folder = tmp_path / "lake"
    anna, ben = brands.opened(db)
    brands.order(db, anna, "before")
    brands.give_back(db, anna, "before", 100)
    first = brands.export(db, folder)
    programs = binaries.folder(runuser.choose(tmp_path))
    dump = tmp_path / "brand.dump"
    subprocess.run([programs / "pg_dump", "-Fc", "--no-owner", "-f", dump, url], check=True)
    with psycopg.connect(elsewhere, autocommit=True) as server:
        server.execute("CREATE DATABASE moved")
    moved = postgres.renamed(elsewhere, "moved")
    # In one transaction, so that the new server has counted fewer of them than the old one, however many tables there are.
    subprocess.run([programs / "pg_restore", "--single-transaction", "--no-owner", "-d", moved, dump], check=True)
    schema.check(moved)
    restored = database.connect(moved, clock_=clock)
    # Recorded under a number that the lake has long seen, before anybody noticed the restore.
    brands.order(restored, ben, "meanwhile")
    second = brands.export(restored, folder, always=False)
    assert (second.epoch, second.lake_id) == (first.epoch + 1, first.lake_id)
    for number, serial in (("later", 3), ("last", 4)):
        brands.order(restored, ben, number)
        made = brands.export(restored, folder)
        assert (made.epoch, made.serial) == (second.epoch, serial)
    assert brands.numbers(folder) == ["before", "last", "later", "meanwhile"]
    assert brands.differences(restored, folder) == []
    with restored.reading() as ctx:
        rows = database.rows_of(ctx.tx, "SELECT number FROM orders ORDER BY recorded_in")
    assert [row[0] for row in rows] == ["meanwhile", "before", "later", "last"]
    restored.close()
