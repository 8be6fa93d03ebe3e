"""The outbox: what was committed is delivered to every subscriber, what fails is retried and then parked."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import exc

from regulars.platform import batching, outbox
from regulars.platform import clock as clocks
from regulars.platform import db as database
from regulars.platform.context import Ctx
from regulars.platform.db import Database
from regulars.platform.outbox import Event

Raw = psycopg.Connection[tuple[Any, ...]]
A, B = UUID(int=1), UUID(int=2)


@pytest.fixture(autouse=True)
def _table(connection: Raw) -> None:
    connection.execute("CREATE TABLE effects (no bigserial, subscriber text, n int)")


class Subscriber:
    """A handler that writes what it gets into ``effects`` and fails for the numbers in ``broken``."""

    def __init__(self, name: str) -> None:
        self.__qualname__ = name
        self.broken: set[int] = set()
        self.calls: list[list[int]] = []
        self.events: list[Event] = []

    def __call__(self, ctx: Ctx, events: Sequence[Event]) -> None:
        numbers = [event.payload["n"] for event in events]
        self.calls.append(numbers)
        self.events += events
        database.rows_of(
            ctx.tx, "INSERT INTO effects (subscriber, n) SELECT %(name)s, unnest(%(n)s::int[])", name=self.__qualname__, n=numbers
        )
        if self.broken.intersection(numbers):
            raise ValueError(f"cannot take {sorted(self.broken.intersection(numbers))}")

    def effects(self, connection: Raw) -> list[int]:
        rows = connection.execute("SELECT n FROM effects WHERE subscriber = %s ORDER BY no", (self.__qualname__,)).fetchall()
        return [row[0] for row in rows]


def event(n: int, key: UUID = A, name: str = "OrderPaid") -> Event:
    return Event(name, key, {"n": n})


def emit(db: Database, *events: Event) -> None:
    with db.transaction() as ctx:
        outbox.emit(ctx, events)


def drained(db: Database, subscriptions: dict[str, list[Any]], **options: int) -> list[int]:
    """Drain until nothing is due; how many each drain took."""
    taken = []
    while count := outbox.drain(db, subscriptions, **options):
        taken.append(count)
    return taken


def backlog(db: Database) -> outbox.Backlog:
    with db.reading() as ctx:
        return outbox.backlog(ctx)


def test_an_event_reaches_every_subscriber_of_its_name_with_id_time_and_payload(
    db: Database, connection: Raw, clock: clocks.MovableClock
) -> None:
    one, two, other = Subscriber("one"), Subscriber("two"), Subscriber("other")
    payload = {"n": 1, "text": "咖啡\t\\N\n\"'", "nested": {"list": [1, None, True]}}
    emit(db, Event("OrderPaid", B, payload), event(2, B, "TierChanged"))
    assert drained(db, {"OrderPaid": [one, two], "TierChanged": [other]}) == [2]
    assert one.events == two.events == [Event("OrderPaid", B, payload, one.events[0].id, clock.at)]
    assert one.events[0].id > 0
    assert other.effects(connection) == [2]
    assert backlog(db) == outbox.Backlog(waiting=0, retrying=0, parked=0, oldest=None)


def test_what_was_rolled_back_never_happened(db: Database, connection: Raw) -> None:
    one = Subscriber("one")

    def broken_off() -> None:
        with db.transaction() as ctx:
            outbox.emit(ctx, [event(1)])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_off()
    assert drained(db, {"OrderPaid": [one]}) == []


def test_an_event_without_subscribers_is_removed(db: Database) -> None:
    emit(db, event(1), event(2))
    assert drained(db, {}) == [2]
    assert backlog(db).waiting == 0


def test_the_backlog_counts_what_waits_and_since_when(db: Database, clock: clocks.MovableClock) -> None:
    first = clock.at
    emit(db, event(1, A))
    clock.move(timedelta(minutes=5))
    emit(db, event(2, B), event(3, B))
    assert backlog(db) == outbox.Backlog(waiting=3, retrying=0, parked=0, oldest=first)


def test_nothing_to_emit_or_to_drain_is_fine(db: Database) -> None:
    emit(db)
    assert outbox.drain(db, {}) == 0


def test_a_thousand_events_are_one_call(db: Database) -> None:
    one = Subscriber("one")
    emit(db, *(event(n, UUID(int=n)) for n in range(1000)))
    assert outbox.drain(db, {"OrderPaid": [one]}) == 1000
    assert one.calls == [list(range(1000))]


@pytest.mark.parametrize("limit", [1, 2, 7, 100])
def test_every_key_stays_in_order_whatever_the_limit(db: Database, limit: int) -> None:
    one = Subscriber("one")
    emit(db, *(event(n, UUID(int=n % 5)) for n in range(40)))
    assert sum(drained(db, {"OrderPaid": [one]}, limit=limit)) == 40
    numbers = [one_event.payload["n"] for one_event in one.events]
    assert sorted(numbers) == list(range(40))
    for key in range(5):
        assert [n for n in numbers if n % 5 == key] == list(range(key, 40, 5))


def test_one_subscriber_hears_several_names_in_order(db: Database) -> None:
    one = Subscriber("one")
    emit(db, event(1, A, "OrderPaid"), event(2, A, "LinesRefunded"), event(3, A, "OrderPaid"))
    drained(db, {"OrderPaid": [one], "LinesRefunded": [one]})
    assert one.calls == [[1, 2, 3]]


def test_an_event_emitted_by_a_handler_is_delivered_too(db: Database) -> None:
    last = Subscriber("last")

    def first(ctx: Ctx, events: Sequence[Event]) -> None:
        outbox.emit(ctx, [event(one.payload["n"] + 1, one.key, "TierChanged") for one in events])

    emit(db, event(1))
    drained(db, {"OrderPaid": [first], "TierChanged": [last]})
    assert last.calls == [[2]]


def test_a_failing_subscriber_leaves_no_trace_and_does_not_repeat_the_others(
    db: Database, connection: Raw, clock: clocks.MovableClock
) -> None:
    good, bad = Subscriber("good"), Subscriber("bad")
    bad.broken = {2}
    emit(db, event(1), event(2, B), event(3))
    subscriptions = {"OrderPaid": [good, bad]}
    drained(db, subscriptions)
    assert (good.effects(connection), bad.effects(connection)) == ([1, 2, 3], [1, 3])
    assert backlog(db) == outbox.Backlog(waiting=0, retrying=1, parked=0, oldest=clock.at)
    bad.broken = set()
    assert drained(db, subscriptions) == []
    clock.move(timedelta(seconds=1))
    assert drained(db, subscriptions) == [1]
    assert (good.effects(connection), bad.effects(connection)) == ([1, 2, 3], [1, 3, 2])
    assert backlog(db).retrying == 0


def test_later_events_of_a_key_wait_behind_one_that_is_being_retried(db: Database, connection: Raw, clock: clocks.MovableClock) -> None:
    one = Subscriber("one")
    one.broken = {2}
    emit(db, event(1), event(2), event(3), event(4, B))
    drained(db, {"OrderPaid": [one]})
    emit(db, event(5), event(6, B))
    drained(db, {"OrderPaid": [one]})
    assert one.effects(connection) == [1, 4, 6]
    assert backlog(db).retrying == 3
    one.broken = set()
    clock.move(timedelta(seconds=1))
    emit(db, event(7))
    drained(db, {"OrderPaid": [one]})
    assert one.effects(connection) == [1, 4, 6, 2, 3, 5, 7]
    assert backlog(db).retrying == 0


def test_a_failure_waits_longer_each_time_and_is_parked_in_the_end(db: Database, connection: Raw, clock: clocks.MovableClock) -> None:
    one = Subscriber("one")
    one.broken = {1}
    emit(db, event(1), event(2))
    began = clock.at
    tried = []
    for _ in range(20_000):
        if drained(db, {"OrderPaid": [one]}):
            tried.append(int((clock.at - began).total_seconds()))
        if backlog(db).parked:
            break
        waits = connection.execute("SELECT min(due_at) FILTER (WHERE attempts > 0) FROM outbox_retries").fetchone()
        assert waits is not None
        clock.at = waits[0]
    assert tried[:5] == [0, 1, 3, 7, 15]
    assert len(tried) == outbox.MAX_ATTEMPTS == 16
    assert clock.at - began == timedelta(seconds=2**12 - 1 + 3 * 3600)
    assert one.effects(connection) == [2]
    with db.reading() as ctx:
        (parked,) = outbox.parked(ctx)
    assert (parked.subscriber, parked.attempts, parked.event.payload, parked.parked_at) == (
        "tests.platform.test_outbox.one",
        16,
        {"n": 1},
        clock.at,
    )
    assert parked.reason == "ValueError: cannot take [1]"


def test_a_parked_delivery_can_be_sent_again(db: Database, connection: Raw, clock: clocks.MovableClock) -> None:
    one = Subscriber("one")
    one.broken = {1, 2}
    emit(db, event(1, A), event(2, B))
    drained(db, {"OrderPaid": [one]})
    connection.execute("UPDATE outbox_retries SET attempts = 15")
    clock.move(timedelta(hours=1))
    drained(db, {"OrderPaid": [one]})
    with db.reading() as ctx:
        ids = [parked.id for parked in outbox.parked(ctx)]
        assert [parked.id for parked in outbox.parked(ctx, after=ids[0])] == ids[1:]
        assert [parked.id for parked in outbox.parked(ctx, limit=1)] == ids[:1]
    one.broken = {2}
    with db.transaction() as ctx:
        assert outbox.requeue(ctx, [*ids, 12345]) == 2
        assert outbox.requeue(ctx, ids) == 0
    drained(db, {"OrderPaid": [one]})
    assert one.effects(connection) == [1]
    assert connection.execute("SELECT attempts, parked_at FROM outbox_retries").fetchall() == [(1, None)]


def test_a_delivery_whose_subscriber_is_gone_is_parked_not_lost(db: Database, clock: clocks.MovableClock) -> None:
    one = Subscriber("one")
    one.broken = {1}
    emit(db, event(1))
    drained(db, {"OrderPaid": [one]})
    clock.move(timedelta(seconds=1))
    drained(db, {})
    with db.reading() as ctx:
        (parked,) = outbox.parked(ctx)
    assert parked.reason == "this release has no such subscriber"
    assert parked.event.payload == {"n": 1}


def test_an_outage_is_raised_and_changes_nothing(db: Database, connection: Raw) -> None:
    one = Subscriber("one")
    cut = True

    def cutting(ctx: Ctx, events: Sequence[Event]) -> None:
        if cut:
            pid = database.rows_of(ctx.tx, "SELECT pg_backend_pid()")[0][0]
            connection.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
            database.rows_of(ctx.tx, "SELECT 1")

    emit(db, event(1))
    subscriptions: dict[str, list[Any]] = {"OrderPaid": [one, cutting]}
    with pytest.raises((psycopg.OperationalError, exc.OperationalError)) as raised:
        outbox.drain(db, subscriptions)
    assert batching.verdict(raised.value) is batching.Verdict.outage
    assert one.effects(connection) == []
    cut = False
    assert drained(db, subscriptions) == [1]
    assert one.effects(connection) == [1]


def test_subscribers_that_cannot_be_told_apart_are_refused(db: Database) -> None:
    with pytest.raises(ValueError, match=r"two subscribers are called tests.platform.test_outbox.one"):
        outbox.drain(db, {"OrderPaid": [Subscriber("one"), Subscriber("one")]})
    with pytest.raises(ValueError, match="two subscribers"):
        outbox.drain(db, {"OrderPaid": [Subscriber("one")], "TierChanged": [Subscriber("one")]})


def test_the_removal_commits_with_what_the_handler_wrote(db: Database, connection: Raw) -> None:
    counts: list[tuple[object, object]] = []

    def looking(ctx: Ctx, events: Sequence[Event]) -> None:
        outside = connection.execute("SELECT count(*) FROM outbox").fetchone()
        counts.append((outside, database.rows_of(ctx.tx, "SELECT count(*) FROM outbox")[0]))

    emit(db, event(1))
    drained(db, {"OrderPaid": [looking]})
    assert counts == [((1,), (0,))]
