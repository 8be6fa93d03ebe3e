"""An import by upload whose worker is killed with -9 in the middle: another worker goes on, and the outcome is that of one run."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from regulars.platform import clock as clocks
from regulars.platform import db as database
from regulars.platform import jobs
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.loyalty import import_content
from tests.support import served, uploading

ROOT = Path(__file__).parents[3]
ROWS = 30_000
CHILD = "import sys; from tests.domains.loyalty import test_upload_killed; test_upload_killed.serve(sys.argv[1], sys.argv[2])"


def serve(url: str, folder: str) -> None:
    """What the killed process does: it takes jobs until it is killed."""
    db = database.connect(url, clock_=clocks.SystemClock())
    with uploading.worker(db, Path(folder)):
        time.sleep(600)


@pytest.fixture
def api(house: Database, keyring: Keyring, tmp_path: Path) -> Iterator[httpx.Client]:
    import_content.nobody_held_out(house)
    with served.client(house, keyring, tmp_path) as client:
        yield client


@pytest.mark.prove
def test_a_worker_killed_in_the_middle_is_followed_by_another_one(
    api: httpx.Client, house: Database, url: str, tmp_path: Path, connection: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    run = uploading.start(api, uploading.send(api, uploading.table(uploading.rows(ROWS, members=3_000)))["id"])["id"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    child = subprocess.Popen([sys.executable, "-c", CHILD, url, str(tmp_path)], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    seen = uploading.until(api, run, lambda one: one["state"] == "applying" and one["done"] > 0)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert 0 < seen["done"] < ROWS
    before = api.get(f"/v1/imports/{run}").json()
    assert (before["state"], before["total"]) == ("applying", ROWS)
    while jobs.reap(house, silence=0.5) == 0:
        time.sleep(0.1)
    with uploading.worker(house, tmp_path):
        done = uploading.until(api, run, uploading.ended)
    assert (done["state"], done["rows"], done["error"]) == ("done", ROWS, None)
    assert connection.execute("SELECT count(*), sum(total) FROM orders").fetchone() == (ROWS, ROWS * 1_000)
    job = api.get(f"/v1/jobs/{done['job']}").json()
    assert (job["state"], job["runs"]) == ("done", 2)
    served.clean(house)
