"""Readiness: what is asked, how long it may take, and what is told."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

import psycopg

from regulars.platform import clock as clocks
from regulars.platform import db as database
from regulars.platform import health, outbox
from regulars.platform.context import Ctx
from regulars.platform.db import Database
from regulars.platform.outbox import Backlog


@contextmanager
def asking(
    db: Database, *, checks: dict[str, health.Check] | None = None, warnings: dict[str, health.Check] | None = None, deadline: float = 2.0
) -> Iterator[health.Readiness]:
    readiness = health.Readiness(db, checks=checks or {}, warnings=warnings or {}, deadline=deadline)
    yield readiness
    readiness.close()


def test_a_database_that_answers_is_ready(db: Database) -> None:
    with asking(db) as readiness:
        report = readiness.report()
    assert (report.ready, report.checks, report.warnings) == (True, {"database": "ok"}, {})


def test_a_database_that_is_away_is_not_ready_and_its_address_is_not_told(clock: clocks.MovableClock) -> None:
    away = database.connect("postgresql://u:hush@127.0.0.1:1/x", clock_=clock)
    with asking(away) as readiness:
        report = readiness.report()
    assert (report.ready, report.checks) == (False, {"database": "failed: OperationalError"})


def test_a_failed_check_is_named_and_a_warning_keeps_nothing_away(db: Database) -> None:
    with asking(db, checks={"schema": lambda _: "old"}, warnings={"outbox": lambda _: "late"}) as readiness:
        report = readiness.report()
    assert (report.ready, report.checks, report.warnings) == (False, {"database": "ok", "schema": "old"}, {"outbox": "late"})
    with asking(db, warnings={"outbox": lambda _: "late"}) as readiness:
        assert readiness.report().ready is True


def test_an_error_inside_a_check_is_put_down_to_that_check(db: Database) -> None:
    def broken(ctx: Ctx) -> str | None:
        database.rows_of(ctx.tx, "SELECT 'li.na@example.com'::int")
        return None

    with asking(db, checks={"broken": broken}) as readiness:
        report = readiness.report()
    assert report.checks == {"database": "ok", "broken": "failed: InvalidTextRepresentation"}


def test_a_check_that_hangs_is_answered_for_in_time_and_not_started_twice(db: Database) -> None:
    started, release = [], threading.Event()

    def hanging(_ctx: Ctx) -> str | None:
        started.append(1)
        release.wait(10)
        return None

    with asking(db, checks={"hanging": hanging}, deadline=0.1) as readiness:
        before = time.monotonic()
        reports = [readiness.report() for _ in range(3)]
        took = time.monotonic() - before
        release.set()
        assert [report.checks for report in reports] == [{"database": "no answer within 0.1 s"}] * 3
        assert len(started) == 1
        assert took < 1.0
        while not readiness.report().ready:
            time.sleep(0.01)


def test_a_statement_that_takes_too_long_is_ended_by_the_database(db: Database) -> None:
    def slow(ctx: Ctx) -> str | None:
        database.rows_of(ctx.tx, "SELECT pg_sleep(30)")
        return None

    with asking(db, checks={"slow": slow}, deadline=0.2) as readiness:
        readiness.report()
        time.sleep(0.4)
        readiness._deadline = 5.0
        assert readiness._running is not None
        assert readiness._running.result(5).checks == {"database": "ok", "slow": "failed: QueryCanceled"}


def test_the_schema_is_current_only_at_the_revision_of_this_release(
    db: Database, connection: "psycopg.Connection[tuple[object, ...]]"
) -> None:
    def asked(ctx: Ctx) -> str | None:
        return health.schema_at("0002")(ctx)

    connection.execute("DROP TABLE IF EXISTS alembic_version")
    with db.reading() as ctx:
        assert asked(ctx) == "no schema; expected revision 0002"
    connection.execute("CREATE TABLE alembic_version (version_num text)")
    with db.reading() as ctx:
        assert asked(ctx) == "at revision none; expected 0002"
    connection.execute("INSERT INTO alembic_version VALUES ('0001')")
    with db.reading() as ctx:
        assert asked(ctx) == "at revision 0001; expected 0002"
    connection.execute("UPDATE alembic_version SET version_num = '0002'")
    with db.reading() as ctx:
        assert asked(ctx) is None


def test_the_outbox_is_late_when_its_oldest_event_is(db: Database, clock: clocks.MovableClock) -> None:
    seen: list[tuple[int, datetime | None, float]] = []

    def observe(found: Backlog, lag: float) -> None:
        seen.append((found.waiting, found.oldest, lag))

    check = health.outbox_within(300, observe=observe)
    with db.reading() as ctx:
        assert check(ctx) is None
    emitted = clock.now()
    with db.transaction() as ctx:
        outbox.emit(ctx, [outbox.Event("orders.paid", UUID(int=1), {})])
    clock.move(timedelta(seconds=300))
    with db.reading() as ctx:
        assert check(ctx) is None
    clock.move(timedelta(seconds=1))
    with db.reading() as ctx:
        assert check(ctx) == "the oldest event waits for 301 s"
    assert seen == [(0, None, 0.0), (1, emitted, 300.0), (1, emitted, 301.0)]
