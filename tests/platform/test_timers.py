"""Timers: due when they were asked for, moved and cancelled by their key, fired together with their effect."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import exc

from regulars.platform import batching, timers
from regulars.platform import clock as clocks
from regulars.platform import db as database
from regulars.platform.context import Ctx
from regulars.platform.db import Database
from regulars.platform.timers import Timer

Raw = psycopg.Connection[tuple[Any, ...]]
A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _table(connection: Raw) -> None:
    connection.execute("CREATE TABLE effects (no bigserial, key uuid)")


class Firing:
    """A handler that writes down what fires, and fails for the keys in ``broken``."""

    def __init__(self) -> None:
        self.broken: set[UUID] = set()
        self.calls: list[list[Timer]] = []

    def __call__(self, ctx: Ctx, due: Sequence[Timer]) -> None:
        self.calls.append(list(due))
        database.rows_of(ctx.tx, "INSERT INTO effects (key) SELECT unnest(%(keys)s::uuid[])", keys=[timer.key for timer in due])
        if self.broken.intersection(timer.key for timer in due):
            raise ValueError("broken")


def effects(connection: Raw) -> list[object]:
    return [row[0] for row in connection.execute("SELECT key FROM effects ORDER BY no").fetchall()]


def waiting(connection: Raw) -> list[tuple[object, ...]]:
    return connection.execute("SELECT kind, key, attempts FROM timers ORDER BY kind, key").fetchall()


def set_(db: Database, *wanted: Timer) -> None:
    with db.transaction() as ctx:
        timers.set(ctx, wanted)


def test_timers_fire_when_they_are_due_and_once(db: Database, connection: Raw, clock: clocks.MovableClock) -> None:
    firing = Firing()
    first = Timer("lapse", B, clock.at + HOUR, {"lot": "乙", "n": 1})
    second = Timer("lapse", A, clock.at + 2 * HOUR)
    set_(db, second, first)
    assert timers.fire(db, {"lapse": firing}) == 0
    clock.move(HOUR - timedelta(microseconds=1))
    assert timers.fire(db, {"lapse": firing}) == 0
    clock.move(timedelta(microseconds=1))
    assert timers.fire(db, {"lapse": firing}) == 1
    clock.move(HOUR)
    assert timers.fire(db, {"lapse": firing}) == 1
    assert timers.fire(db, {"lapse": firing}) == 0
    assert firing.calls == [[first], [second]]
    assert effects(connection) == [B, A]
    assert waiting(connection) == []


def test_due_timers_of_a_kind_are_one_call_soonest_first(db: Database, clock: clocks.MovableClock) -> None:
    lapse, wait = Firing(), Firing()
    set_(db, *(Timer("lapse", UUID(int=n), clock.at - n * HOUR) for n in range(50)), Timer("wait", A, clock.at))
    assert timers.fire(db, {"lapse": lapse, "wait": wait}) == 51
    assert [[timer.key.int for timer in call] for call in lapse.calls] == [list(range(49, -1, -1))]
    assert [[timer.key for timer in call] for call in wait.calls] == [[A]]


def test_no_more_than_the_limit_fire_at_once(db: Database, clock: clocks.MovableClock) -> None:
    firing = Firing()
    set_(db, *(Timer("lapse", UUID(int=n), clock.at - n * HOUR) for n in range(5)))
    assert [timers.fire(db, {"lapse": firing}, limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert [[timer.key.int for timer in call] for call in firing.calls] == [[4, 3], [2, 1], [0]]


def test_setting_a_timer_again_moves_it_and_the_last_of_doubles_counts(db: Database, clock: clocks.MovableClock) -> None:
    firing = Firing()
    set_(db, Timer("lapse", A, clock.at + HOUR, {"n": 1}))
    later = Timer("lapse", A, clock.at + 3 * HOUR, {"n": 3})
    set_(db, Timer("lapse", A, clock.at + 2 * HOUR, {"n": 2}), later)
    clock.move(2 * HOUR)
    assert timers.fire(db, {"lapse": firing}) == 0
    clock.move(HOUR)
    assert timers.fire(db, {"lapse": firing}) == 1
    assert firing.calls == [[later]]


def test_a_cancelled_timer_does_not_fire(db: Database, connection: Raw, clock: clocks.MovableClock) -> None:
    set_(db, Timer("lapse", A, clock.at), Timer("lapse", B, clock.at), Timer("wait", A, clock.at))
    with db.transaction() as ctx:
        assert timers.cancel(ctx, [("lapse", A), ("lapse", A), ("lapse", C)]) == 1
        assert timers.cancel(ctx, []) == 0
    assert waiting(connection) == [("lapse", B, 0), ("wait", A, 0)]


def test_setting_nothing_is_fine(db: Database, connection: Raw) -> None:
    set_(db)
    assert waiting(connection) == []


def test_kinds_without_a_handler_stay(db: Database, connection: Raw, clock: clocks.MovableClock) -> None:
    set_(db, Timer("unknown", A, clock.at))
    assert timers.fire(db, {"lapse": Firing()}) == 0
    assert timers.fire(db, {}) == 0
    assert waiting(connection) == [("unknown", A, 0)]


def test_claimed_timers_are_back_when_the_transaction_fails(db: Database, connection: Raw, clock: clocks.MovableClock) -> None:
    set_(db, Timer("lapse", A, clock.at), Timer("wait", A, clock.at))
    claimed = []

    def broken_off() -> None:
        with db.transaction() as ctx:
            claimed.extend(timers.claim(ctx, ["lapse"]))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_off()
    assert claimed == [Timer("lapse", A, clock.at)]
    assert waiting(connection) == [("lapse", A, 0), ("wait", A, 0)]


def test_a_handler_may_set_its_timer_again(db: Database, connection: Raw, clock: clocks.MovableClock) -> None:
    def again(ctx: Ctx, due: Sequence[Timer]) -> None:
        timers.set(ctx, [Timer(timer.kind, timer.key, timer.due_at + HOUR) for timer in due])

    set_(db, Timer("review", A, clock.at))
    assert timers.fire(db, {"review": again}) == 1
    assert timers.fire(db, {"review": again}) == 0
    clock.move(HOUR)
    assert timers.fire(db, {"review": again}) == 1
    assert connection.execute("SELECT due_at FROM timers").fetchall() == [(clock.at + HOUR,)]


def test_one_that_fails_is_tried_again_later_and_the_others_fire(db: Database, connection: Raw, clock: clocks.MovableClock) -> None:
    firing = Firing()
    firing.broken = {B}
    due = clock.at - HOUR
    set_(db, Timer("lapse", A, due), Timer("lapse", B, due, {"n": 1}), Timer("lapse", C, due))
    assert timers.fire(db, {"lapse": firing}) == 3
    assert effects(connection) == [A, C]
    assert waiting(connection) == [("lapse", B, 1)]
    assert timers.fire(db, {"lapse": firing}) == 0
    clock.move(timedelta(seconds=1))
    firing.broken = set()
    assert timers.fire(db, {"lapse": firing}) == 1
    assert firing.calls[-1] == [Timer("lapse", B, due, {"n": 1}, attempts=1)]
    assert effects(connection) == [A, C, B]


def test_one_that_keeps_failing_is_parked_and_can_be_sent_again(db: Database, connection: Raw, clock: clocks.MovableClock) -> None:
    firing = Firing()
    firing.broken = {A}
    due = clock.at
    set_(db, Timer("lapse", A, due))
    for _ in range(timers.MAX_ATTEMPTS):
        clock.move(HOUR)
        assert timers.fire(db, {"lapse": firing}) == 1
    clock.move(HOUR)
    assert timers.fire(db, {"lapse": firing}) == 0
    with db.reading() as ctx:
        assert timers.parked(ctx) == [
            timers.Parked(timer=Timer("lapse", A, due, attempts=16), reason="ValueError: broken", parked_at=clock.at - HOUR)
        ]
    firing.broken = set()
    with db.transaction() as ctx:
        assert timers.requeue(ctx, [("lapse", A), ("lapse", B)]) == 1
        assert timers.requeue(ctx, [("lapse", A)]) == 0
    assert timers.fire(db, {"lapse": firing}) == 1
    assert effects(connection) == [A]
    assert waiting(connection) == []


def test_setting_a_parked_timer_revives_it(db: Database, connection: Raw, clock: clocks.MovableClock) -> None:
    set_(db, Timer("lapse", A, clock.at))
    connection.execute("UPDATE timers SET parked_at = due_at, attempts = 16, reason = 'x'")
    set_(db, Timer("lapse", A, clock.at))
    firing = Firing()
    assert timers.fire(db, {"lapse": firing}) == 1
    assert firing.calls == [[Timer("lapse", A, clock.at)]]


def test_a_handler_broken_for_everything_puts_everything_back(db: Database, connection: Raw, clock: clocks.MovableClock) -> None:
    firing = Firing()
    firing.broken = {UUID(int=n) for n in range(100)}
    set_(db, *(Timer("lapse", UUID(int=n), clock.at) for n in range(100)))
    assert timers.fire(db, {"lapse": firing}) == 100
    assert effects(connection) == []
    assert [row[2] for row in waiting(connection)] == [1] * 32 + [0] * 68


def test_an_outage_is_raised_and_changes_nothing(db: Database, connection: Raw, clock: clocks.MovableClock) -> None:
    def cutting(ctx: Ctx, due: Sequence[Timer]) -> None:
        pid = database.rows_of(ctx.tx, "SELECT pg_backend_pid()")[0][0]
        connection.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        database.rows_of(ctx.tx, "SELECT 1")

    set_(db, Timer("lapse", A, clock.at))
    with pytest.raises((psycopg.OperationalError, exc.OperationalError)) as raised:
        timers.fire(db, {"lapse": cutting})
    assert batching.verdict(raised.value) is batching.Verdict.outage
    assert waiting(connection) == [("lapse", A, 0)]
