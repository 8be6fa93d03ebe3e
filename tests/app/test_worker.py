"""The worker: everything due is done, nothing stops it, and when told to it finishes what it is at."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError

from regulars.app import schema, worker
from regulars.app.worker import Duty, Work
from regulars.platform import clock as clocks
from regulars.platform import db as database
from regulars.platform import embedded, jobs, outbox, timers
from regulars.platform.context import Ctx
from regulars.platform.db import Database

ROOT = Path(__file__).parents[2]
A, B = UUID(int=1), UUID(int=2)
TABLES = """CREATE TABLE facts (n int PRIMARY KEY);
            CREATE TABLE effects (what text, n int);
            CREATE TABLE ticked (n int PRIMARY KEY)"""

Raw = psycopg.Connection[tuple[Any, ...]]


def heard(ctx: Ctx, events: Sequence[outbox.Event]) -> None:
    """Write the effect, and set a timer on it."""
    _effects(ctx, "event", [event.payload["n"] for event in events])
    timers.set(ctx, [timers.Timer("follow", UUID(int=event.payload["n"]), ctx.now, event.payload) for event in events])


def followed(ctx: Ctx, due: Sequence[timers.Timer]) -> None:
    _effects(ctx, "timer", [timer.payload["n"] for timer in due])


def tick(db: Database) -> int:
    """Take a few facts nobody has ticked off."""
    with db.transaction() as ctx:
        rows = database.rows_of(
            ctx.tx, "INSERT INTO ticked SELECT n FROM facts WHERE n NOT IN (SELECT n FROM ticked) ORDER BY n LIMIT 20 RETURNING n"
        )
    return len(rows)


def job(run: jobs.Run) -> None:
    with run.db.transaction() as ctx:
        _effects(ctx, "job", [run.args["n"]])


def _effects(ctx: Ctx, what: str, numbers: list[int]) -> None:
    database.rows_of(ctx.tx, "INSERT INTO effects SELECT %(what)s, unnest(%(n)s::int[])", what=what, n=numbers)


WORK = Work(subscriptions={"fact": [heard]}, timers={"follow": followed}, ticks=[tick], jobs={"count": job})


def record(db: Database, number: int) -> None:
    """A fact, its event, and a job now and then: recorded once however often it is tried."""
    with db.transaction() as ctx:
        if database.rows_of(ctx.tx, "INSERT INTO facts VALUES (%(n)s) ON CONFLICT DO NOTHING RETURNING n", n=number):
            outbox.emit(ctx, [outbox.Event("fact", UUID(int=number % 10), {"n": number})])
            if number % 50 == 0:
                jobs.defer(ctx, "count", {"n": number})


def effects(connection: Raw, what: str) -> list[int]:
    return [row[0] for row in connection.execute("SELECT n FROM effects WHERE what = %s ORDER BY n", (what,)).fetchall()]


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    give_up_at = time.monotonic() + seconds
    while time.monotonic() < give_up_at:
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError("waited in vain")


def test_settle_does_all_that_is_due_and_what_follows_from_it(db: Database, connection: Raw) -> None:
    connection.execute(TABLES)
    for number in range(45):
        record(db, number)
    # Events and the first ticks; timers that the events set, and more ticks; the last ticks.
    assert worker.settle(db, WORK) == 5
    assert effects(connection, "event") == effects(connection, "timer") == list(range(45))
    assert connection.execute("SELECT count(*) FROM ticked").fetchone() == (45,)
    assert effects(connection, "job") == []
    assert worker.settle(db, WORK) == 0


def test_a_worker_does_everything_by_itself_and_stops_when_told(db: Database, connection: Raw) -> None:
    connection.execute(TABLES)
    stop = threading.Event()
    running = threading.Thread(target=worker.run, args=(db, WORK, stop))
    running.start()
    for number in range(60):
        record(db, number)
    until(lambda: len(effects(connection, "timer")) == 60 and effects(connection, "job") == [0, 50])
    assert effects(connection, "event") == list(range(60))
    until(lambda: connection.execute("SELECT count(*) FROM ticked").fetchone() == (60,))
    stop.set()
    running.join(10)
    assert not running.is_alive()


def test_an_idle_worker_notices_new_work_within_a_second(db: Database, connection: Raw) -> None:
    connection.execute(TABLES)
    stop = threading.Event()
    running = threading.Thread(target=worker.run, args=(db, WORK, stop))
    running.start()
    try:
        time.sleep(2.5)
        began = time.monotonic()
        record(db, 1)
        until(lambda: effects(connection, "event") == [1])
        assert time.monotonic() - began < 2
    finally:
        stop.set()
        running.join(10)


def kept(duty: Duty, steps: int) -> float:
    """Run the duty's loop for so many steps; how many seconds they took."""
    stop, taken = threading.Event(), 0

    def step() -> int:
        nonlocal taken
        taken += 1
        if taken == steps:
            stop.set()
        return duty.step()

    began = time.monotonic()
    worker.keep(Duty(name=duty.name, step=step, busy=duty.busy, idle=duty.idle, after_outage=duty.after_outage), stop)
    return time.monotonic() - began


def test_a_busy_duty_does_not_pause_and_an_idle_one_pauses_longer_each_time() -> None:
    assert kept(Duty(name="busy", step=lambda: 1, busy=10), 1000) < 1
    assert 0.7 <= kept(Duty(name="idle", step=lambda: 0, busy=0.1, idle=0.4), 4) < 1.5


def test_a_duty_outlives_every_failure(caplog: pytest.LogCaptureFixture) -> None:
    outcomes = iter([ValueError("x"), psycopg.OperationalError("away"), ZeroDivisionError(), None])
    done = []

    def step() -> int:
        outcome = next(outcomes)
        if outcome is not None:
            raise outcome
        done.append("step")
        return 1

    assert 0.15 <= kept(Duty(name="shaky", step=step), 4) < 3
    assert done == ["step"]


def test_after_an_outage_a_duty_may_ask_for_time() -> None:
    outcomes = iter([psycopg.OperationalError("away"), None])

    def step() -> int:
        outcome = next(outcomes)
        if outcome is not None:
            raise outcome
        return 1

    assert kept(Duty(name="reap", step=step, after_outage=0.5), 2) >= 0.5


def test_a_stop_ends_a_pause_at_once() -> None:
    stop = threading.Event()
    resting = threading.Thread(target=worker.keep, args=(Duty(name="idle", step=lambda: 0, busy=60, idle=60), stop))
    resting.start()
    time.sleep(0.1)
    stop.set()
    resting.join(2)
    assert not resting.is_alive()


def test_each_duty_of_the_house_is_there() -> None:
    names = [duty.name for duty in worker.duties(Database(create_engine("postgresql+psycopg://"), clocks.SystemClock()), WORK)]
    assert names == ["outbox", "timers", f"tick {__name__}.tick", "reap", "prune"]


PROCESS = """
import sys
from regulars.app import worker
from tests.app import test_worker
worker.serve(sys.argv[1], test_worker.WORK)
"""


def start(url: str, code: str, *, output: int) -> "subprocess.Popen[str]":
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    return subprocess.Popen([sys.executable, "-c", code, url], cwd=ROOT, env=environment, stdout=output, text=True)


SLOW = """
import sys, threading, time
from regulars.app import worker
from regulars.platform import db

def slow(ctx, events):
    db.rows_of(ctx.tx, "INSERT INTO effects SELECT 'begun', 0")
    print("begun", flush=True)
    time.sleep(1.5)

worker.serve(sys.argv[1], worker.Work(subscriptions={"fact": [slow]}))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.prove)])
def test_a_signal_finishes_the_batch_under_way(db: Database, connection: Raw, url: str, number: signal.Signals) -> None:
    connection.execute(TABLES)
    record(db, 1)
    process = start(url, SLOW, output=subprocess.PIPE)
    assert process.stdout is not None
    assert next(line for line in process.stdout if line == "begun\n")
    process.send_signal(number)
    assert process.wait(10) == 0
    process.stdout.close()
    assert effects(connection, "begun") == [0]
    assert connection.execute("SELECT count(*) FROM outbox").fetchone() == (0,)


@pytest.mark.slow
def test_the_command_works_until_it_is_told_to_stop(db: Database, url: str, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "DATABASE_URL": url, "REGULARS_DATA_DIR": str(tmp_path)}
    environment["REGULARS_KEY_DIR"] = str(tmp_path.parent / "keys")
    command = [sys.executable, "-m", "regulars.app.worker"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    with db.transaction() as ctx:
        outbox.emit(ctx, [outbox.Event("nobody listens", A, {})])
    until(lambda: _waiting(db) == 0)
    process.terminate()
    lines = process.communicate(timeout=20)[0]
    assert process.returncode == 0
    assert "worker.stopped" in lines


def _waiting(db: Database) -> int:
    with db.reading() as ctx:
        return outbox.backlog(ctx).waiting


@pytest.mark.prove
def test_a_database_killed_again_and_again_loses_and_doubles_nothing(tmp_path: Path) -> None:
    server = embedded.Server(tmp_path / "pg")
    server.start()
    process = None
    try:
        schema.upgrade(server.url())
        with psycopg.connect(server.url(), autocommit=True) as raw:
            raw.execute(TABLES)
        process = start(server.url(), PROCESS, output=subprocess.DEVNULL)
        total = _record_under_fire(server)
        pool = psycopg.connect(server.url(), autocommit=True)
        with pool as raw:
            until(lambda: len(effects(raw, "timer")) >= total, 60)
            # A job whose worker lost the database is run again, so how many effects there are says nothing.
            until(lambda: set(effects(raw, "job")) >= set(range(0, total, 50)), 120)
            assert effects(raw, "event") == effects(raw, "timer") == list(range(total))
            assert sorted(set(effects(raw, "job"))) == list(range(0, total, 50))
            until(lambda: raw.execute("SELECT count(*) FROM ticked").fetchone() == (total,))
            until(lambda: raw.execute("SELECT count(*) FROM procrastinate_jobs WHERE status <> 'succeeded'").fetchone() == (0,), 90)
        assert process.poll() is None
        process.terminate()
        assert process.wait(20) == 0
    finally:
        if process is not None:
            process.kill()
            process.wait()
        server.stop()


def _record_under_fire(server: embedded.Server) -> int:
    """Record facts, kill the database with -9 every now and then and start it again; how many facts were recorded."""
    pool = database.connect(server.url(), clock_=clocks.SystemClock(), pool_size=2)
    kills, number, next_kill = 0, 0, time.monotonic() + random.uniform(0.5, 2)
    while kills < 4:
        if time.monotonic() > next_kill:
            identity = server.identity()
            assert identity is not None
            os.kill(identity.pid, signal.SIGKILL)
            until(lambda: not server.running())
            server.start()
            kills += 1
            next_kill = time.monotonic() + random.uniform(0.5, 3)
        try:
            record(pool, number)
        except (SQLAlchemyError, psycopg.Error):
            time.sleep(0.05)
        else:
            number += 1
            time.sleep(0.002)
    pool.close()
    return number
