"""A worker killed with -9 in the middle of a job: the job is run again, goes on where it was, and finishes once."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from regulars.platform import clock as clocks
from regulars.platform import db as database
from regulars.platform import jobs
from regulars.platform.db import Database
from regulars.platform.jobs import Progress, Run

ROOT = Path(__file__).parents[2]
ITEMS = 300

Raw = psycopg.Connection[tuple[Any, ...]]

WORKER = """
import sys
from tests.platform import test_jobs_killed
test_jobs_killed.work(sys.argv[1])
"""


def work(url: str) -> None:
    """What the killed process does: it serves one job, whose items are slow and each leave a row."""
    pool = database.connect(url, clock_=clocks.SystemClock())
    jobs.serve(pool, {"import": slow}, threading.Event(), poll=0.05, beat=0.1)


def slow(run: Run) -> None:
    with run.db.transaction() as ctx:
        database.rows_of(ctx.tx, "INSERT INTO runs SELECT %(attempt)s", attempt=run.attempt)
    for n in range(ITEMS):
        with run.db.transaction() as ctx:
            database.rows_of(ctx.tx, "INSERT INTO items VALUES (%(n)s, %(attempt)s) ON CONFLICT DO NOTHING", n=n, attempt=run.attempt)
        run.report(done=n + 1, total=ITEMS)
        time.sleep(0.005)
    run.report(done=ITEMS, total=ITEMS, last=True)


def start(url: str) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    return subprocess.Popen([sys.executable, "-c", WORKER, url], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)


def until(condition: Callable[[], bool]) -> None:
    for _ in range(3000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("waited in vain")


@pytest.mark.slow
def test_a_job_whose_worker_is_killed_is_run_again_and_finishes_once(db: Database, connection: Raw, url: str) -> None:
    connection.execute("CREATE TABLE items (n int PRIMARY KEY, attempt int); CREATE TABLE runs (attempt int)")
    with db.transaction() as ctx:
        job_id = jobs.defer(ctx, "import")

    def found() -> Progress:
        with db.reading() as ctx:
            return jobs.find(ctx, [job_id])[job_id]

    def begun(attempt: int) -> bool:
        return connection.execute("SELECT 1 FROM items WHERE attempt = %s LIMIT 1", (attempt,)).fetchall() != []

    kills = 2
    for kill in range(1, kills + 1):
        victim = start(url)
        until(partial(begun, kill))
        time.sleep(0.2)
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        assert found().status == "doing"
        assert jobs.reap(db, silence=30.0) == 0
        until(lambda: jobs.reap(db, silence=0.5) == 1)
        assert found().status == "todo"
    last = start(url)
    try:
        until(lambda: found().ended)
    finally:
        last.kill()
        last.wait()
    progress = found()
    assert (progress.status, progress.done, progress.total) == ("succeeded", ITEMS, ITEMS)
    assert connection.execute("SELECT attempt FROM runs ORDER BY 1").fetchall() == [(1,), (2,), (3,)]
    assert connection.execute("SELECT count(*) FROM items").fetchone() == (ITEMS,)
    ends = connection.execute("SELECT count(*) FROM procrastinate_events WHERE job_id = %s AND type = 'succeeded'", (job_id,)).fetchone()
    assert ends == (1,)
