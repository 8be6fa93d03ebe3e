"""``batching.deliver`` and ``batching.retried``: handlers that fail, inside one transaction that succeeds."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import exc, text

from regulars.kernel import problem
from regulars.platform import batching
from regulars.platform import db as database
from regulars.platform.context import Ctx
from regulars.platform.db import Database

Raw = psycopg.Connection[tuple[Any, ...]]
Item = tuple[str, int]


@pytest.fixture(autouse=True)
def _table(connection: Raw) -> None:
    connection.execute("CREATE TABLE done (item int PRIMARY KEY)")


def stored(connection: Raw) -> list[int]:
    return [row[0] for row in connection.execute("SELECT item FROM done ORDER BY item").fetchall()]


def store(ctx: Ctx, items: Sequence[Item]) -> None:
    database.rows_of(ctx.tx, "INSERT INTO done SELECT unnest(%(items)s::int[])", items=[number for _, number in items])


def key(item: Item) -> str:
    return item[0]


def deliver(ctx: Ctx, broken: set[int], items: Sequence[Item], calls: list[list[int]]) -> batching.Delivered[Item]:
    def handle(inner: Ctx, some: Sequence[Item]) -> None:
        calls.append([number for _, number in some])
        store(inner, some)
        if broken.intersection(calls[-1]):
            raise KeyError(sorted(broken.intersection(calls[-1])))

    return batching.deliver(ctx, handle, items, key=key, last_try=False)


def test_without_failure_the_handler_is_called_once(db: Database, connection: Raw) -> None:
    calls: list[list[int]] = []
    items = [("a", 1), ("b", 2), ("a", 3)]
    with db.transaction() as ctx:
        result = deliver(ctx, set(), items, calls)
    assert (result.done, result.failed, result.held) == (items, [], [])
    assert calls == [[1, 2, 3]]
    assert stored(connection) == [1, 2, 3]


def test_the_culprit_is_found_and_later_items_of_its_key_are_held(db: Database, connection: Raw) -> None:
    calls: list[list[int]] = []
    items = [("a", 1), ("b", 2), ("c", 3), ("b", 4), ("a", 5), ("b", 6)]
    with db.transaction() as ctx:
        result = deliver(ctx, {2}, items, calls)
    assert [(item, repr(error)) for item, error in result.failed] == [(("b", 2), "KeyError([2])")]
    assert result.held == [("b", 4), ("b", 6)]
    assert sorted(result.done) == [("a", 1), ("a", 5), ("c", 3)]
    assert stored(connection) == [1, 3, 5]


def test_items_of_one_key_are_never_handled_out_of_order(db: Database) -> None:
    calls: list[list[int]] = []
    items = [("ab"[number % 2], number) for number in range(40)]
    with db.transaction() as ctx:
        result = deliver(ctx, {13, 26}, items, calls)
    done = [number for _, number in result.done]
    assert [number for number in done if number % 2 == 0] == list(range(0, 26, 2))
    assert [number for number in done if number % 2 == 1] == list(range(1, 13, 2))
    assert sorted(done + [number for _, number in result.held] + [13, 26]) == list(range(40))


def test_a_handler_that_fails_for_everything_is_not_asked_about_everything(db: Database, connection: Raw) -> None:
    calls: list[list[int]] = []
    items = [(str(number), number) for number in range(1000)]
    with db.transaction() as ctx:
        result = deliver(ctx, set(range(1000)), items, calls)
    assert [number for (_, number), _ in result.failed] == list(range(32))
    assert sorted(number for _, number in result.held) == list(range(32, 1000))
    assert result.done == []
    assert len(calls) < 100
    assert stored(connection) == []


def test_an_outage_is_nobodys_fault(db: Database, connection: Raw) -> None:
    def handle(ctx: Ctx, items: Sequence[Item]) -> None:
        pid = database.rows_of(ctx.tx, "SELECT pg_backend_pid()")[0][0]
        connection.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        store(ctx, items)

    def whole() -> None:
        with db.transaction() as ctx:
            batching.deliver(ctx, handle, [("a", 1)], key=key, last_try=True)

    with pytest.raises((psycopg.OperationalError, exc.OperationalError)) as raised:
        whole()
    assert batching.verdict(raised.value) is batching.Verdict.outage
    assert stored(connection) == []


def test_a_lost_race_repeats_the_whole_transaction_and_counts_as_a_fault_in_the_end(db: Database, connection: Raw) -> None:
    tries: list[bool] = []

    def work(ctx: Ctx, last_try: bool) -> batching.Delivered[Item]:
        tries.append(last_try)
        store(ctx, [("x", 100)])

        def handle(inner: Ctx, items: Sequence[Item]) -> None:
            store(inner, items)
            if ("b", 2) in items:
                database.rows_of(inner.tx, "DO $$ BEGIN RAISE EXCEPTION SQLSTATE '40P01'; END $$")

        return batching.deliver(ctx, handle, [("a", 1), ("b", 2)], key=key, last_try=last_try)

    result = batching.retried(db, work)
    assert tries == [False] * 7 + [True]
    assert result.done == [("a", 1)]
    assert [item for item, _ in result.failed] == [("b", 2)]
    assert stored(connection) == [1, 100]


def test_work_that_keeps_losing_by_itself_raises_its_last_error(db: Database) -> None:
    tries = []

    def work(ctx: Ctx, last_try: bool) -> None:
        tries.append(last_try)
        database.rows_of(ctx.tx, "DO $$ BEGIN RAISE EXCEPTION SQLSTATE '40001'; END $$")

    with pytest.raises(psycopg.errors.SerializationFailure):
        batching.retried(db, work)
    assert len(tries) == 8


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 1), (2, 2), (3, 4), (12, 2048), (13, 3600), (16, 3600), (10_000, 3600)])
def test_waiting_doubles_up_to_an_hour(attempts: int, seconds: int) -> None:
    assert batching.wait_after(attempts) == timedelta(seconds=seconds)


def test_a_reason_is_one_line_without_the_row_of_a_database_error(db: Database, connection: Raw) -> None:
    connection.execute("INSERT INTO done VALUES (7)")
    with pytest.raises(exc.IntegrityError) as raised, db.transaction() as ctx:
        ctx.tx.execute(text("INSERT INTO done VALUES (7)"))
    assert batching.reason(raised.value) == 'UniqueViolation: duplicate key value violates unique constraint "done_pkey"'
    assert batching.reason(ValueError("a\0b\ud800")) == "ValueError: ab?"
    assert batching.reason(ValueError("x" * 1000)) == "ValueError: " + "x" * 488
    assert batching.reason(ValueError("no mail to ann@example.com")) == "ValueError: no mail to (email)"
    refusal = problem.NOT_FOUND(what="member", key="mbr_1")
    assert batching.reason(refusal) == "Problem: not_found: There is no member mbr_1."
