"""The outbox under concurrency and under kill -9: each event has its effect exactly once, in order for its key."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from regulars.platform import clock as clocks
from regulars.platform import db as database
from regulars.platform import outbox
from regulars.platform.context import Ctx
from regulars.platform.db import Database
from regulars.platform.outbox import Event

Raw = psycopg.Connection[tuple[Any, ...]]
KEYS = 40
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _table(connection: Raw) -> None:
    connection.execute("CREATE TABLE effects (no bigserial, subscriber text, key uuid, n int)")


def first(ctx: Ctx, events: Sequence[Event]) -> None:
    _write(ctx, "first", events)


def second(ctx: Ctx, events: Sequence[Event]) -> None:
    _write(ctx, "second", events)


def _write(ctx: Ctx, subscriber: str, events: Sequence[Event]) -> None:
    database.rows_of(
        ctx.tx,
        "INSERT INTO effects (subscriber, key, n) SELECT %(name)s, * FROM unnest(%(keys)s::uuid[], %(n)s::int[])",
        name=subscriber,
        keys=[event.key for event in events],
        n=[event.payload["n"] for event in events],
    )


SUBSCRIPTIONS = {"OrderPaid": [first, second]}


def events(numbers: Sequence[int]) -> list[Event]:
    return [Event("OrderPaid", UUID(int=n % KEYS), {"n": n}) for n in numbers]


def effects(connection: Raw, subscriber: str) -> list[int]:
    rows = connection.execute("SELECT n FROM effects WHERE subscriber = %s ORDER BY no", (subscriber,)).fetchall()
    return [row[0] for row in rows]


def in_order_per_key(numbers: Sequence[int]) -> bool:
    last: dict[int, int] = {}
    for n in numbers:
        if last.get(n % KEYS, -1) >= n:
            return False
        last[n % KEYS] = n
    return True


def together(workers: Sequence[threading.Thread]) -> None:
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert not worker.is_alive()


def test_many_drainers_deliver_each_event_once_and_each_key_in_order(db: Database, connection: Raw) -> None:
    total, drainers = 4000, 6
    with db.transaction() as ctx:
        outbox.emit(ctx, events(range(total)))
    barrier = threading.Barrier(drainers)
    shares: list[int] = []

    def work() -> None:
        barrier.wait(10)
        share = 0
        while taken := outbox.drain(db, SUBSCRIPTIONS, limit=50):
            share += taken
        shares.append(share)

    together([threading.Thread(target=work) for _ in range(drainers)])
    while taken := outbox.drain(db, SUBSCRIPTIONS):
        shares.append(taken)
    assert sum(shares) == total
    for subscriber in ("first", "second"):
        delivered = effects(connection, subscriber)
        assert sorted(delivered) == list(range(total))
        assert in_order_per_key(delivered)


def test_two_drainers_work_at_the_same_time(db: Database) -> None:
    with db.transaction() as ctx:
        outbox.emit(ctx, [Event("OrderPaid", UUID(int=lane), {"n": n}) for n in range(100) for lane in range(16)])
    both_inside = threading.Barrier(2)

    def meeting(ctx: Ctx, some: Sequence[Event]) -> None:
        both_inside.wait(10)

    together([threading.Thread(target=outbox.drain, args=(db, {"OrderPaid": [meeting]}), kwargs={"limit": 100}) for _ in range(2)])
    assert not both_inside.broken


def test_events_that_become_visible_out_of_order_are_all_delivered(db: Database, connection: Raw) -> None:
    emitters, each = 8, 25
    done = threading.Event()
    barrier = threading.Barrier(emitters + 1)

    def emitting(number: int) -> None:
        barrier.wait(10)
        for round_ in range(each):
            with db.transaction() as ctx:
                outbox.emit(ctx, events([round_ * emitters + number]))
                # Ids are drawn now and committed in another order.
                threading.Event().wait(random.uniform(0, 0.004))

    def draining() -> None:
        barrier.wait(10)
        while not done.is_set() or outbox.drain(db, SUBSCRIPTIONS):
            outbox.drain(db, SUBSCRIPTIONS)

    drainer = threading.Thread(target=draining)
    drainer.start()
    together([threading.Thread(target=emitting, args=(number,)) for number in range(emitters)])
    done.set()
    drainer.join(60)
    assert not drainer.is_alive()
    assert sorted(effects(connection, "first")) == list(range(emitters * each))
    assert sorted(effects(connection, "second")) == list(range(emitters * each))


def test_retries_and_new_events_of_a_key_keep_their_order_under_many_drainers(
    db: Database, connection: Raw, clock: clocks.MovableClock
) -> None:
    total, drainers = 600, 4
    shaky = random.Random(1)
    stop_failing = threading.Event()

    def failing(ctx: Ctx, some: Sequence[Event]) -> None:
        _write(ctx, "failing", some)
        if not stop_failing.is_set() and shaky.random() < 0.5:
            raise ValueError("shaken")

    subscriptions = {"OrderPaid": [first, failing]}
    emitted = threading.Event()

    def emitting() -> None:
        for start in range(0, total, 20):
            with db.transaction() as ctx:
                outbox.emit(ctx, events(range(start, start + 20)))
        emitted.set()

    def draining() -> None:
        while not emitted.is_set() or outbox.drain(db, subscriptions, limit=40):
            outbox.drain(db, subscriptions, limit=40)
            clock.move(timedelta(milliseconds=200))

    together([threading.Thread(target=emitting), *(threading.Thread(target=draining) for _ in range(drainers))])
    stop_failing.set()
    clock.move(timedelta(hours=2))
    while outbox.drain(db, subscriptions):
        pass
    assert sorted(effects(connection, "first")) == list(range(total))
    assert in_order_per_key(effects(connection, "first"))
    delivered = effects(connection, "failing")
    with db.reading() as ctx:
        given_up = sorted(parked.event.payload["n"] for parked in outbox.parked(ctx, limit=total))
    assert sorted(delivered + given_up) == list(range(total))
    assert in_order_per_key(delivered)


KILLED = """
import sys
from regulars.platform import clock, db, outbox
from tests.races.test_outbox_races import SUBSCRIPTIONS
pool = db.connect(sys.argv[1], clock_=clock.SystemClock())
print("ready", flush=True)
while outbox.drain(pool, SUBSCRIPTIONS, limit=20):
    pass
print("done", flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("kills", [5, pytest.param(40, marks=pytest.mark.prove)])
def test_a_drainer_killed_at_random_moments_loses_and_doubles_nothing(db: Database, connection: Raw, url: str, kills: int) -> None:
    total = 300 * kills
    with db.transaction() as ctx:
        outbox.emit(ctx, events(range(total)))
    for _ in range(kills):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, url],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])},
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(random.uniform(0.01, 0.2))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    while outbox.drain(db, SUBSCRIPTIONS):
        pass
    for subscriber in ("first", "second"):
        delivered = effects(connection, subscriber)
        assert sorted(delivered) == list(range(total))
        assert in_order_per_key(delivered)
