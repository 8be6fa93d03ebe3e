"""Timers under concurrency: each fires once, whoever claims, moves or cancels it at the same moment."""

import random
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from regulars.platform import clock as clocks
from regulars.platform import db as database
from regulars.platform import timers
from regulars.platform.context import Ctx
from regulars.platform.db import Database
from regulars.platform.timers import Timer

Raw = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture(autouse=True)
def _table(connection: Raw) -> None:
    connection.execute("CREATE TABLE effects (key uuid, version int)")


def lapse(ctx: Ctx, due: Sequence[Timer]) -> None:
    database.rows_of(
        ctx.tx,
        "INSERT INTO effects SELECT * FROM unnest(%(keys)s::uuid[], %(versions)s::int[])",
        keys=[timer.key for timer in due],
        versions=[timer.payload.get("version", 0) for timer in due],
    )


def together(*verbs: Callable[[], None]) -> None:
    """Run all at once, from a barrier; fail if one raised."""
    barrier = threading.Barrier(len(verbs))
    errors: list[BaseException] = []

    def work(verb: Callable[[], None]) -> None:
        try:
            barrier.wait(10)
            verb()
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below.
            errors.append(error)

    threads = [threading.Thread(target=work, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []


def test_many_workers_fire_each_timer_once(db: Database, connection: Raw, clock: clocks.MovableClock) -> None:
    with db.transaction() as ctx:
        timers.set(ctx, [Timer("lapse", UUID(int=n), clock.at) for n in range(3000)])

    def fire() -> None:
        while timers.fire(db, {"lapse": lapse}, limit=50):
            pass

    together(*[fire] * 6)
    while timers.fire(db, {"lapse": lapse}):
        pass
    fired = [row[0].int for row in connection.execute("SELECT key FROM effects ORDER BY key").fetchall()]
    assert fired == list(range(3000))


def test_a_timer_cancelled_while_it_fires_is_either_cancelled_or_fired(db: Database, connection: Raw, clock: clocks.MovableClock) -> None:
    for round_ in range(50):
        key = UUID(int=round_)
        with db.transaction() as ctx:
            timers.set(ctx, [Timer("lapse", key, clock.at)])
        cancelled: list[int] = []

        def cancel(key: UUID = key, cancelled: list[int] = cancelled) -> None:
            with db.transaction() as ctx:
                cancelled.append(timers.cancel(ctx, [("lapse", key)]))

        def fire() -> None:
            timers.fire(db, {"lapse": lapse})

        together(cancel, fire)
        fire()
        fired = connection.execute("SELECT count(*) FROM effects WHERE key = %s", (key,)).fetchone()
        assert (cancelled, fired) in [([1], (0,)), ([0], (1,))]


def test_a_timer_moved_while_it_fires_is_not_lost(db: Database, connection: Raw, clock: clocks.MovableClock) -> None:
    for round_ in range(50):
        key = UUID(int=round_)
        with db.transaction() as ctx:
            timers.set(ctx, [Timer("lapse", key, clock.at, {"version": 1})])

        def move(key: UUID = key) -> None:
            with db.transaction() as ctx:
                timers.set(ctx, [Timer("lapse", key, clock.at + timedelta(hours=1), {"version": 2})])

        def fire() -> None:
            timers.fire(db, {"lapse": lapse})

        together(move, fire)
        clock.move(timedelta(hours=1))
        fire()
        fired = connection.execute("SELECT version FROM effects WHERE key = %s ORDER BY version", (key,)).fetchall()
        assert fired in [[(1,), (2,)], [(2,)]]


def test_setters_of_the_same_timers_do_not_deadlock(db: Database, connection: Raw, clock: clocks.MovableClock) -> None:
    keys = [UUID(int=n) for n in range(200)]

    def setting() -> None:
        for _ in range(10):
            with db.transaction() as ctx:
                timers.set(ctx, [Timer("lapse", key, clock.at) for key in random.sample(keys, len(keys))])

    together(*[setting] * 4)
    assert connection.execute("SELECT count(*) FROM timers").fetchone() == (200,)
