"""Batches against batches: optimistic losers are tried again, broken connections change nothing twice, nothing is lost."""

import asyncio
import random
import threading
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
import pytest

from regulars.kernel.problem import Problem
from regulars.platform import batching, claims
from regulars.platform import clock as clocks
from regulars.platform import db as database
from regulars.platform.claims import Claim
from regulars.platform.context import Ctx
from regulars.platform.db import Database

Raw = psycopg.Connection[tuple[Any, ...]]
Fact = tuple[str, int]
Answer = int | Problem | batching.Again
MEMBERS = 8


@pytest.fixture(autouse=True)
def _table(connection: Raw) -> None:
    connection.execute("CREATE TABLE standing (member int PRIMARY KEY, version int NOT NULL, points int NOT NULL)")
    connection.execute("INSERT INTO standing SELECT n, 0, 0 FROM generate_series(0, %s) AS n", (MEMBERS - 1,))


def apply(ctx: Ctx, facts: Sequence[Fact]) -> list[Answer]:
    """One point for the member of each new fact, as the engine does it: claim, load, decide, guarded write, losers again."""
    known = claims.take(ctx.tx, [Claim("fact", name) for name, _ in facts])
    fresh = [fact for fact in facts if ("fact", fact[0]) not in known]
    loaded = {row[0]: (row[1], row[2]) for row in database.rows_of(ctx.tx, "SELECT member, version, points FROM standing")}
    gained: dict[int, int] = {}
    for _, member in fresh:
        gained[member] = gained.get(member, 0) + 1
    won = {
        row[0]
        for row in database.rows_of(
            ctx.tx,
            """UPDATE standing s SET version = s.version + 1, points = w.points
                 FROM (SELECT * FROM unnest(%(members)s::int[], %(versions)s::int[], %(points)s::int[]) ORDER BY 1)
                      AS w(member, version, points)
                WHERE s.member = w.member AND s.version = w.version RETURNING s.member""",
            members=sorted(gained),
            versions=[loaded[member][0] for member in sorted(gained)],
            points=[loaded[member][1] + gained[member] for member in sorted(gained)],
        )
    }
    lost = [name for name, member in fresh if member not in won]
    database.rows_of(ctx.tx, "DELETE FROM claims WHERE kind = 'fact' AND key = ANY (%(keys)s)", keys=lost)
    return [batching.AGAIN if name in lost else member for name, member in facts]


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
        thread.join(120)
    assert errors == []


def points(connection: Raw) -> int:
    row = connection.execute("SELECT sum(points)::int FROM standing").fetchone()
    assert row is not None
    assert isinstance(row[0], int)
    return row[0]


def test_optimistic_losers_are_tried_again_until_every_fact_counts_once(db: Database, connection: Raw) -> None:
    answered: list[int | Exception] = []

    def importing(number: int) -> Callable[[], None]:
        def verb() -> None:
            for round_ in range(10):
                facts = [(f"{number}/{round_}/{n}", random.randrange(MEMBERS)) for n in range(20)]
                answered.extend(batching.run(db, apply, facts, attempts=200))

        return verb

    together(*(importing(number) for number in range(4)))
    assert len(answered) == 800
    assert [answer for answer in answered if not isinstance(answer, int)] == []
    assert points(connection) == 800


def test_what_is_told_unavailable_did_not_happen(db: Database, connection: Raw) -> None:
    answered: list[int | Exception] = []

    def hurried(number: int) -> Callable[[], None]:
        def verb() -> None:
            for n in range(40):
                answered.extend(batching.run(db, apply, [(f"{number}/{n}", 0)], attempts=1))

        return verb

    together(*(hurried(number) for number in range(6)))
    counted = [answer for answer in answered if isinstance(answer, int)]
    assert len(answered) == 240
    assert points(connection) == len(counted)


def test_batchers_of_two_processes_share_a_member(url: str, connection: Raw) -> None:
    """Each server process has a pool and a batcher of its own; here two of each meet on the same members."""

    def serving(number: int) -> Callable[[], None]:
        def verb() -> None:
            pool = database.connect(url, clock_=clocks.SystemClock())
            batcher = batching.Batcher(pool, apply, max_wait=1)
            batcher.start()

            async def main() -> None:
                for round_ in range(10):
                    await asyncio.gather(*(batcher.submit((f"{number}/{round_}/{n}", n % MEMBERS)) for n in range(50)))

            try:
                asyncio.run(main())
            finally:
                batcher.stop()
                pool.close()

        return verb

    together(serving(1), serving(2))
    assert points(connection) == 1000


def test_connections_cut_at_random_moments_lose_and_double_nothing(db: Database, connection: Raw, url: str) -> None:
    finished = threading.Event()
    answered: dict[str, int | Exception] = {}

    def working() -> None:
        try:
            for round_ in range(30):
                facts = [(f"{round_}/{n}", n % MEMBERS) for n in range(20)]
                answers = batching.run(db, apply, facts, attempts=200, patience=60)
                answered.update(zip([name for name, _ in facts], answers, strict=True))
        finally:
            finished.set()

    def cutting() -> None:
        while not finished.wait(random.uniform(0.005, 0.06)):
            connection.execute(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""
            )

    together(working, cutting)
    assert sorted(answered) == sorted(f"{round_}/{n}" for round_ in range(30) for n in range(20))
    assert [answer for answer in answered.values() if not isinstance(answer, int)] == []
    assert points(connection) == 600
