"""``batching.Batcher``: concurrent callers, one transaction at a time, an answer for each."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import psycopg
import pytest

from regulars.kernel import problem
from regulars.kernel.problem import Problem
from regulars.platform import batching
from regulars.platform import db as database
from regulars.platform.context import Ctx
from regulars.platform.db import Database

Raw = psycopg.Connection[tuple[Any, ...]]
Answer = str | Problem | batching.Again
Started = Callable[..., batching.Batcher[int, str]]


@pytest.fixture(autouse=True)
def _table(connection: Raw) -> None:
    connection.execute("CREATE TABLE done (item int PRIMARY KEY)")


@pytest.fixture
def started(db: Database) -> Iterator[Started]:
    """Start a batcher with a handle; all are stopped at the end."""
    running: list[batching.Batcher[int, str]] = []

    def start(handle: batching.Handle[int, str], **options: Any) -> batching.Batcher[int, str]:
        batcher = batching.Batcher(db, handle, **options)
        batcher.start()
        running.append(batcher)
        return batcher

    yield start
    for batcher in running:
        batcher.stop()


def stored(connection: Raw) -> list[int]:
    return [row[0] for row in connection.execute("SELECT item FROM done ORDER BY item").fetchall()]


def store(ctx: Ctx, items: Sequence[int]) -> list[Answer]:
    database.rows_of(ctx.tx, "INSERT INTO done SELECT unnest(%(items)s::int[])", items=list(items))
    return [f"stored {item}" for item in items]


class Gate:
    """A handle that waits inside its transaction until it is let through."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.entered = threading.Event()
        self.open = threading.Event()

    def handle(self, ctx: Ctx, items: Sequence[int]) -> list[Answer]:
        self.batches.append(list(items))
        self.entered.set()
        assert self.open.wait(10)
        return store(ctx, items)

    async def reached(self) -> None:
        await asyncio.to_thread(self.entered.wait, 10)


def test_what_arrives_while_a_batch_runs_is_the_next_batch(started: Started, connection: Raw) -> None:
    gate = Gate()
    batcher = started(gate.handle, max_wait=0)

    async def main() -> list[str]:
        first = asyncio.create_task(batcher.submit(0))
        await gate.reached()
        rest = [asyncio.create_task(batcher.submit(item)) for item in range(1, 50)]
        await asyncio.sleep(0)
        assert batcher.waiting() == 49
        gate.open.set()
        return await asyncio.gather(first, *rest)

    assert asyncio.run(main()) == [f"stored {item}" for item in range(50)]
    assert gate.batches == [[0], list(range(1, 50))]
    assert stored(connection) == list(range(50))


def test_a_first_item_waits_for_company(started: Started) -> None:
    gate = Gate()
    gate.open.set()
    batcher = started(gate.handle, max_wait=200)

    async def main() -> None:
        async def later(item: int) -> str:
            await asyncio.sleep(0.01 * item)
            return await batcher.submit(item)

        await asyncio.gather(*(later(item) for item in range(4)))

    asyncio.run(main())
    assert gate.batches == [[0, 1, 2, 3]]


def test_callers_that_come_back_at_once_share_the_next_batch(started: Started) -> None:
    batches: list[list[int]] = []

    def handle(ctx: Ctx, items: Sequence[int]) -> list[Answer]:
        batches.append(sorted(items))
        ctx.tx.exec_driver_sql("SELECT pg_sleep(0.2)")
        return [f"stored {item}" for item in items]

    batcher = started(handle, max_wait=5)

    async def main() -> None:
        async def caller(number: int) -> None:
            await asyncio.sleep(0.1 * (number > 1))  # Two come first, two while their batch runs.
            await batcher.submit(number)
            # The later two are the next batch; the first two are back before it begins, though one of them takes a moment.
            await asyncio.sleep(0.002 * number)
            await batcher.submit(10 + number)

        await asyncio.gather(*(caller(number) for number in range(4)))

    asyncio.run(main())
    assert batches == [[0, 1], [2, 3, 10, 11], [12, 13]]


def test_nobody_waits_long_for_callers_that_do_not_come_back(started: Started) -> None:
    waited: list[float] = []

    def handle(ctx: Ctx, items: Sequence[int]) -> list[Answer]:
        ctx.tx.exec_driver_sql("SELECT pg_sleep(0.5)")
        return [f"stored {item}" for item in items]

    batcher = started(handle, max_wait=5, observers=batching.Observers(waited=waited.append))

    async def main() -> None:
        await asyncio.gather(*(batcher.submit(item) for item in range(8)))
        await batcher.submit(8)

    asyncio.run(main())
    assert len(waited) == 2
    assert waited[1] < 0.15


def test_a_full_batch_does_not_wait(started: Started) -> None:
    gate = Gate()
    gate.open.set()
    batcher = started(gate.handle, max_wait=60_000, max_size=3)

    async def main() -> None:
        await asyncio.wait_for(asyncio.gather(*(batcher.submit(item) for item in range(6))), 10)

    asyncio.run(main())
    assert gate.batches == [[0, 1, 2], [3, 4, 5]]


def test_each_caller_gets_its_own_refusal_error_or_answer(started: Started, connection: Raw) -> None:
    refusal = problem.invalid("item", 1, "another number")

    def handle(ctx: Ctx, items: Sequence[int]) -> list[Answer]:
        if 2 in items:
            raise StopIteration
        if 3 in items:
            raise ZeroDivisionError
        store(ctx, [item for item in items if item > 3])
        return [refusal if item == 1 else batching.AGAIN if item == 0 else f"stored {item}" for item in items]

    batcher = started(handle, max_wait=50)

    async def main() -> list[Any]:
        return await asyncio.gather(*(batcher.submit(item) for item in range(6)), return_exceptions=True)

    answers = asyncio.run(main())
    assert answers[0].type == problem.UNAVAILABLE
    assert answers[1] is refusal
    assert isinstance(answers[2], RuntimeError)
    assert isinstance(answers[3], ZeroDivisionError)
    assert answers[4:] == ["stored 4", "stored 5"]
    assert stored(connection) == [4, 5]


def test_the_thread_survives_what_is_not_an_exception(started: Started) -> None:
    def handle(ctx: Ctx, items: Sequence[int]) -> list[Answer]:
        if 0 in items:
            raise SystemExit
        return store(ctx, items)

    batcher = started(handle, max_wait=0)

    async def main() -> None:
        with pytest.raises(RuntimeError, match="broken off by SystemExit"):
            await batcher.submit(0)
        assert await batcher.submit(1) == "stored 1"

    asyncio.run(main())


def test_a_caller_cancelled_in_the_line_changes_nothing_and_disturbs_nobody(started: Started, connection: Raw) -> None:
    gate = Gate()
    batcher = started(gate.handle, max_wait=0)

    async def main() -> None:
        running = asyncio.create_task(batcher.submit(0))
        await gate.reached()
        waiting = [asyncio.create_task(batcher.submit(item)) for item in (1, 2, 3)]
        await asyncio.sleep(0)
        waiting[1].cancel()
        running.cancel()
        gate.open.set()
        assert await asyncio.gather(*waiting, running, return_exceptions=True) == ["stored 1", *CANCELLED, "stored 3", *CANCELLED]

    asyncio.run(main())
    assert gate.batches == [[0], [1, 3]]
    assert stored(connection) == [0, 1, 3]


class _Cancelled:
    def __eq__(self, other: object) -> bool:
        return isinstance(other, asyncio.CancelledError)

    __hash__ = None  # type: ignore[assignment]  # equality alone is meant


CANCELLED = [_Cancelled()]


def test_a_loop_that_closed_meanwhile_disturbs_nobody(started: Started, connection: Raw) -> None:
    gate = Gate()
    batcher = started(gate.handle, max_wait=0)
    gone = asyncio.new_event_loop()
    abandoned = gone.create_task(batcher.submit(0))
    gone.run_until_complete(asyncio.sleep(0))
    assert gate.entered.wait(10)
    gone.close()
    gate.open.set()

    async def main() -> str:
        return await batcher.submit(1)

    assert asyncio.run(main()) == "stored 1"
    assert stored(connection) == [0, 1]
    assert not abandoned.done()
    abandoned._log_destroy_pending = False  # type: ignore[attr-defined]  # it is abandoned on purpose.


def test_callers_on_several_loops_all_get_their_answers(started: Started, connection: Raw) -> None:
    batcher = started(store, max_wait=5)
    answers: dict[int, list[str]] = {}

    def caller(number: int) -> None:
        async def main() -> list[str]:
            return await asyncio.gather(*(batcher.submit(number * 100 + item) for item in range(100)))

        answers[number] = asyncio.run(main())

    threads = [threading.Thread(target=caller, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: [f"stored {number * 100 + item}" for item in range(100)] for number in range(4)}
    assert stored(connection) == list(range(400))


def test_more_than_the_bound_is_refused_and_not_stored(started: Started, connection: Raw) -> None:
    gate = Gate()
    batcher = started(gate.handle, max_wait=0, bound=2)

    async def main() -> None:
        running = asyncio.create_task(batcher.submit(0))
        await gate.reached()
        waiting = [asyncio.create_task(batcher.submit(item)) for item in (1, 2)]
        await asyncio.sleep(0)
        with pytest.raises(Problem) as refused:
            await batcher.submit(3)
        assert refused.value.type == batching.OVERLOADED
        gate.open.set()
        await asyncio.gather(running, *waiting)

    asyncio.run(main())
    assert stored(connection) == [0, 1, 2]


def test_stop_serves_what_was_accepted_and_refuses_what_comes_later(started: Started, connection: Raw) -> None:
    gate = Gate()
    batcher = started(gate.handle, max_wait=60_000, max_size=1)

    async def main() -> None:
        accepted = [asyncio.create_task(batcher.submit(item)) for item in range(5)]
        await gate.reached()
        stopping = asyncio.create_task(asyncio.to_thread(batcher.stop))
        await asyncio.sleep(0.05)
        with pytest.raises(Problem) as refused:
            await batcher.submit(5)
        assert refused.value.type == batching.OVERLOADED
        gate.open.set()
        assert await asyncio.gather(*accepted) == [f"stored {item}" for item in range(5)]
        await stopping

    asyncio.run(main())
    assert stored(connection) == [0, 1, 2, 3, 4]


def test_stop_does_not_wait_for_company(started: Started) -> None:
    batcher = started(store, max_wait=60_000)

    async def main() -> str:
        accepted = asyncio.create_task(batcher.submit(1))
        await asyncio.sleep(0.05)
        await asyncio.wait_for(asyncio.to_thread(batcher.stop), 5)
        return await accepted

    assert asyncio.run(main()) == "stored 1"


def test_a_batcher_that_never_started_refuses_what_waits(db: Database) -> None:
    batcher = batching.Batcher(db, store)

    async def main() -> None:
        waiting = asyncio.create_task(batcher.submit(1))
        await asyncio.sleep(0)
        batcher.stop()
        with pytest.raises(Problem) as refused:
            await waiting
        assert refused.value.type == batching.OVERLOADED

    asyncio.run(main())


def test_observers_see_size_and_seconds_of_each_batch(started: Started) -> None:
    sizes: list[int] = []
    waited: list[float] = []
    ran: list[float] = []
    observers = batching.Observers(size=sizes.append, waited=waited.append, ran=ran.append)
    batcher = started(store, max_wait=40, observers=observers)

    async def main() -> None:
        await asyncio.gather(*(batcher.submit(item) for item in range(3)))

    asyncio.run(main())
    batcher.stop()
    assert sizes == [3]
    assert [0.03 < one < 5 for one in waited] == [True]
    assert [0 < one < 5 for one in ran] == [True]
