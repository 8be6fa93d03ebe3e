"""The whole public retail file, 525,461 rows as messy as they came. It lies beside the repository, or where RETAIL_DATA says."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from regulars.domains.loyalty import service as loyalty
from regulars.domains.loyalty.tasks import import_orders
from regulars.platform import clock as clocks
from regulars.platform import db as database
from regulars.platform.db import Database
from tests.domains.loyalty.import_content import Raw, classes, content, nobody_held_out, planned
from tests.support import factories, postgres

FOLDER = Path(os.environ.get("RETAIL_DATA", Path(__file__).parents[3].parent / "shared" / "data"))
FILE = FOLDER / "online_retail_2009_2010.parquet"
ROWS = 525_461
CLASSES = {
    "imported_member": 407_695,
    "imported_anonymous": 105_436,
    "refund_matched": 7_584,
    "refund_unmatched": 2_622,
    "quarantined": 2_124,
}

pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the retail file is not part of the repository")


def furnished(url: str) -> Database:
    """The database with the demo's programme and nobody held out."""
    db = database.connect(url, clock_=clocks.SystemClock())
    with db.transaction() as ctx:
        loyalty.publish(ctx, loyalty.add_draft(ctx, factories.demo_document()).version)
    nobody_held_out(db)
    return db


@pytest.mark.prove
def test_the_whole_retail_file_is_accounted_for_and_the_second_time_changes_nothing(url: str, connection: Raw) -> None:
    db = furnished(url)
    plan = planned(FILE)
    one = import_orders.run(db, plan)
    assert classes(one) == CLASSES
    assert one.counts.reasons == {"quantity_not_positive": 2_121, "adjustment": 3}
    assert one.counts.other == {"orders": 22_100, "refunds": 4_592, "members_new": 4_383, "repeated_rows": 6_865, "free_rows": 1_580}
    with db.reading() as ctx:
        assert list(loyalty.verify(ctx)) == []
    before = content(connection)
    again = import_orders.run(db, plan)
    assert classes(again) == CLASSES
    assert again.counts.known == {name: rows for name, rows in CLASSES.items() if name != "quarantined"}
    assert content(connection) == before
    db.close()


@pytest.fixture
def houses(server: str, template: str) -> Iterator[tuple[str, str]]:
    """Two fresh databases."""
    for one in postgres.clone(server, template):
        for other in postgres.clone(server, template):
            yield one, other


@pytest.mark.prove
def test_killed_five_times_at_random_it_ends_the_same(houses: tuple[str, str], tmp_path: Path) -> None:
    seed = int(os.environ.get("REGULARS_SEED", random.SystemRandom().randrange(1 << 32)))
    print(f"REGULARS_SEED={seed}")  # noqa: T201 - to run the same again
    chance = random.Random(seed)
    straight, killed = houses
    for url in houses:
        furnished(url).close()
    took = -time.monotonic()
    assert _importing(straight, tmp_path).wait() == 0
    took += time.monotonic()
    for _ in range(5):
        process = _importing(killed, tmp_path)
        time.sleep(chance.uniform(1, took / 4))
        process.kill()
        assert process.wait() != 0
    assert _importing(killed, tmp_path).wait() == 0
    ends = []
    for url in houses:
        with psycopg.connect(url, autocommit=True) as connection:
            ends.append(content(connection))
            assert connection.execute("SELECT state FROM imports").fetchall() == [("done",)]
            counted = connection.execute("SELECT counts->'classes', counts->'known' FROM imports").fetchall()
            assert counted == [(CLASSES, {})]
        db = database.connect(url, clock_=clocks.SystemClock())
        with db.reading() as ctx:
            assert list(loyalty.verify(ctx)) == []
        db.close()
    assert {table for table in ends[0] if ends[0][table] != ends[1][table]} == set()


def _importing(url: str, folder: Path) -> "subprocess.Popen[bytes]":
    """The command line, importing the file into the database, as a process of its own."""
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "REGULARS_DATA_DIR": str(folder / "data"),
        "REGULARS_KEY_DIR": str(folder / "keys"),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    for name in ("REGULARS_SEED", "RETAIL_DATA"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "regulars.app.cli", "import", "orders", str(FILE), "--yes", "--quarantine", str(folder / "q.csv")]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
