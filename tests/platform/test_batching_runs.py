"""``batching.run``: every item gets its own answer, and what was answered is what is stored."""

import threading
from collections.abc import Sequence
from typing import Any

import psycopg
import pytest

from regulars.kernel import problem
from regulars.kernel.problem import Problem
from regulars.platform import batching
from regulars.platform import db as database
from regulars.platform.context import SYSTEM, Actor, Ctx
from regulars.platform.db import Database

Raw = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture(autouse=True)
def _table(connection: Raw) -> None:
    connection.execute("CREATE TABLE done (item int PRIMARY KEY)")


def stored(connection: Raw) -> list[int]:
    return [row[0] for row in connection.execute("SELECT item FROM done ORDER BY item").fetchall()]


def store(ctx: Ctx, items: Sequence[int]) -> list[str | Problem | batching.Again]:
    database.rows_of(ctx.tx, "INSERT INTO done SELECT unnest(%(items)s::int[])", items=list(items))
    return [f"stored {item}" for item in items]


def test_every_item_gets_its_answer_in_order_from_one_transaction(db: Database, connection: Raw) -> None:
    transactions = []

    def handle(ctx: Ctx, items: Sequence[int]) -> list[str | Problem | batching.Again]:
        transactions.append(list(items))
        return store(ctx, items)

    assert batching.run(db, handle, [3, 1, 2]) == ["stored 3", "stored 1", "stored 2"]
    assert transactions == [[3, 1, 2]]
    assert stored(connection) == [1, 2, 3]


def test_no_items_touch_no_database(db: Database) -> None:
    def handle(ctx: Ctx, items: Sequence[int]) -> list[int | Problem | batching.Again]:
        raise AssertionError(items)

    assert batching.run(db, handle, []) == []


def test_the_actor_reaches_the_handle(db: Database) -> None:
    who = Actor(kind="api_key", id="key_1")

    def handle(ctx: Ctx, items: Sequence[int]) -> list[str | Problem | batching.Again]:
        return [ctx.actor.id for _ in items]

    assert batching.run(db, handle, [1], actor=who) == ["key_1"]
    assert batching.run(db, handle, [1]) == [SYSTEM.id]


def test_losers_are_tried_again_after_the_winners_are_committed(db: Database, connection: Raw) -> None:
    seen: list[tuple[list[int], list[int]]] = []

    def handle(ctx: Ctx, items: Sequence[int]) -> list[str | Problem | batching.Again]:
        seen.append((list(items), stored(connection)))
        won = [item for item in items if item % 2 or len(seen) == 3]
        store(ctx, won)
        return [f"stored {item}" if item in won else batching.AGAIN for item in items]

    assert batching.run(db, handle, [1, 2, 3, 4]) == ["stored 1", "stored 2", "stored 3", "stored 4"]
    assert seen == [([1, 2, 3, 4], []), ([2, 4], [1, 3]), ([2, 4], [1, 3])]
    assert stored(connection) == [1, 2, 3, 4]


def test_an_item_that_always_loses_is_unavailable_after_eight_tries(db: Database, connection: Raw) -> None:
    tries = []

    def handle(ctx: Ctx, items: Sequence[int]) -> list[str | Problem | batching.Again]:
        tries.append(list(items))
        won = [item for item in items if item != 2]
        store(ctx, won)
        return [f"stored {item}" if item in won else batching.AGAIN for item in items]

    answers = batching.run(db, handle, [1, 2, 3])
    assert answers[0] == "stored 1"
    assert answers[2] == "stored 3"
    assert isinstance(answers[1], Problem)
    assert answers[1].type == problem.UNAVAILABLE
    assert tries == [[1, 2, 3]] + [[2]] * 7
    assert stored(connection) == [1, 3]


def test_a_problem_is_the_answer_of_its_item_only(db: Database, connection: Raw) -> None:
    refusal = problem.invalid("item", 2, "an odd number")

    def handle(ctx: Ctx, items: Sequence[int]) -> list[str | Problem | batching.Again]:
        store(ctx, [item for item in items if item != 2])
        return [refusal if item == 2 else f"stored {item}" for item in items]

    assert batching.run(db, handle, [1, 2, 3]) == ["stored 1", refusal, "stored 3"]
    assert stored(connection) == [1, 3]


@pytest.mark.parametrize("size", [1, 2, 7, 64])
def test_poison_items_fail_alone_wherever_they_are(db: Database, connection: Raw, size: int) -> None:
    def handle(ctx: Ctx, items: Sequence[int]) -> list[str | Problem | batching.Again]:
        answers = store(ctx, items)
        if 0 in items:
            raise ZeroDivisionError(0)
        database.rows_of(ctx.tx, "SELECT 1 / (%(last)s - i) FROM unnest(%(items)s::int[]) AS i", last=size - 1, items=list(items))
        return answers

    answers = batching.run(db, handle, list(range(size)))
    assert isinstance(answers[0], ZeroDivisionError)
    if size > 1:
        assert isinstance(answers[-1], psycopg.errors.DivisionByZero)
        assert answers[1:-1] == [f"stored {item}" for item in range(1, size - 1)]
    assert stored(connection) == list(range(1, size - 1))


def test_a_handle_that_miscounts_is_an_error_and_commits_nothing(db: Database, connection: Raw) -> None:
    def handle(ctx: Ctx, items: Sequence[int]) -> list[str | Problem | batching.Again]:
        store(ctx, items)
        return []

    answers = batching.run(db, handle, [1, 2])
    assert [str(answer) for answer in answers] == ["the handle gave 0 answers to 1 items"] * 2
    assert stored(connection) == []


def test_two_batches_that_deadlock_both_succeed(db: Database, connection: Raw) -> None:
    connection.execute("CREATE TABLE counter (id int PRIMARY KEY, n int); INSERT INTO counter VALUES (1, 0), (2, 0)")
    barrier = threading.Barrier(2)
    tries: list[str] = []
    answers: dict[str, list[str | Exception]] = {}

    def batch(name: str, order: tuple[int, int]) -> None:
        first = True

        def handle(ctx: Ctx, items: Sequence[str]) -> list[str | Problem | batching.Again]:
            nonlocal first
            tries.append(name)
            database.rows_of(ctx.tx, "UPDATE counter SET n = n + 1 WHERE id = %(id)s", id=order[0])
            if first:
                first = False
                barrier.wait(10)
            database.rows_of(ctx.tx, "UPDATE counter SET n = n + 1 WHERE id = %(id)s", id=order[1])
            return list(items)

        answers[name] = batching.run(db, handle, [name])

    threads = [threading.Thread(target=batch, args=("a", (1, 2))), threading.Thread(target=batch, args=("b", (2, 1)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {"a": ["a"], "b": ["b"]}
    assert len(tries) >= 3
    assert connection.execute("SELECT id, n FROM counter ORDER BY id").fetchall() == [(1, 2), (2, 2)]


def test_a_serialization_failure_is_a_lost_race(db: Database) -> None:
    tries = []

    def handle(ctx: Ctx, items: Sequence[int]) -> list[str | Problem | batching.Again]:
        tries.append(list(items))
        database.rows_of(ctx.tx, "DO $$ BEGIN RAISE EXCEPTION SQLSTATE '40001'; END $$")
        return []

    answers = batching.run(db, handle, [1, 2], attempts=3)
    assert [answer.type for answer in answers if isinstance(answer, Problem)] == [problem.UNAVAILABLE] * 2
    assert tries == [[1, 2]] * 3


def test_a_broken_connection_is_tried_again_on_a_new_one(db: Database, connection: Raw) -> None:
    tries = []

    def handle(ctx: Ctx, items: Sequence[int]) -> list[str | Problem | batching.Again]:
        tries.append(list(items))
        answers = store(ctx, items)
        if len(tries) < 3:
            pid = database.rows_of(ctx.tx, "SELECT pg_backend_pid()")[0][0]
            connection.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        return answers

    assert batching.run(db, handle, [1, 2]) == ["stored 1", "stored 2"]
    assert tries == [[1, 2]] * 3
    assert stored(connection) == [1, 2]


def test_a_database_that_stays_away_is_an_outage_not_a_fault(db: Database, connection: Raw) -> None:
    def handle(ctx: Ctx, items: Sequence[int]) -> list[str | Problem | batching.Again]:
        pid = database.rows_of(ctx.tx, "SELECT pg_backend_pid()")[0][0]
        connection.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        return store(ctx, items)

    answers = batching.run(db, handle, [1, 2], patience=0.3)
    assert [answer.type for answer in answers if isinstance(answer, Problem)] == [batching.OUTAGE] * 2
    assert stored(connection) == []


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("40001", batching.Verdict.conflict),
        ("40P01", batching.Verdict.conflict),
        ("55P03", batching.Verdict.conflict),
        ("57P01", batching.Verdict.outage),
        ("57P03", batching.Verdict.outage),
        ("25006", batching.Verdict.outage),
        ("08006", batching.Verdict.outage),
        ("53100", batching.Verdict.outage),
        ("57014", batching.Verdict.fault),
        ("23505", batching.Verdict.fault),
        ("22P02", batching.Verdict.fault),
    ],
)
def test_the_verdict_on_each_kind_of_database_error(db: Database, state: str, expected: batching.Verdict) -> None:
    with pytest.raises(psycopg.Error) as bare, db.transaction() as ctx:
        database.rows_of(ctx.tx, f"DO $$ BEGIN RAISE EXCEPTION SQLSTATE '{state}'; END $$")
    assert batching.verdict(bare.value) is expected


def test_pauses_double_up_to_their_cap_and_differ_by_chance() -> None:
    for tries, full in [(1, 1.0), (2, 2.0), (3, 4.0), (4, 8.0), (5, 10.0), (1000, 10.0)]:
        drawn = {batching.pause(tries, 1.0, 10.0) for _ in range(50)}
        assert all(full / 2 <= one <= full for one in drawn)
        assert len(drawn) > 1
