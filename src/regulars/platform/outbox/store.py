"""Every statement that drains the outbox. All of it runs under the locks of the lanes it touches."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from regulars.platform import batching, db
from regulars.platform.context import Ctx
from regulars.platform.outbox import events as event_module
from regulars.platform.outbox.events import Event
from regulars.platform.outbox.tables import LANES

# The first half of the advisory lock's key: "outb" in ASCII.
_LOCK_SPACE = 0x6F757462


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one subscriber; ``retry_id`` None: it is tried for the first time."""

    event: Event
    subscriber: str
    attempts: int = 0
    retry_id: int | None = None


@dataclass(slots=True)
class Outcome:
    """What a batch of deliveries came to; failed and parked ones with their reason."""

    done: list[Delivery] = field(default_factory=list)
    held: list[Delivery] = field(default_factory=list)
    failed: list[tuple[Delivery, str]] = field(default_factory=list)
    parked: list[tuple[Delivery, str]] = field(default_factory=list)


def busy_lanes(ctx: Ctx, *, share: int) -> list[tuple[int, int]]:
    """The lanes with something to do, and how much (counted up to ``share`` of each kind)."""
    rows = db.rows_of(
        ctx.tx,
        # The ORDER BYs make the planner walk the index instead of hoping to find the lane's rows early in the heap.
        """SELECT lane, fresh.n + due.n
             FROM generate_series(0, %(lanes)s - 1) AS l(lane),
                  LATERAL (SELECT count(*) AS n FROM (
                      SELECT FROM outbox o WHERE o.lane = l.lane ORDER BY o.id LIMIT %(share)s) AS found) AS fresh,
                  LATERAL (SELECT count(*) AS n FROM (
                      SELECT FROM outbox_retries r WHERE r.lane = l.lane AND r.parked_at IS NULL AND r.due_at <= %(now)s
                       ORDER BY r.due_at LIMIT %(share)s) AS found) AS due
            WHERE fresh.n + due.n > 0""",
        lanes=LANES,
        share=share,
        now=ctx.now,
    )
    return [(row[0], row[1]) for row in rows]


def lock_lanes(ctx: Ctx, lanes: Sequence[int]) -> list[int]:
    """Those of ``lanes`` that nobody else is draining; ours until the transaction ends, however it ends.

    A statement of its own: the next one has a snapshot taken after the lock, and sees what the last holder removed.
    """
    rows = db.rows_of(
        ctx.tx,
        "SELECT lane FROM unnest(%(lanes)s::int[]) AS l(lane) WHERE pg_try_advisory_xact_lock(%(space)s, lane)",
        lanes=list(lanes),
        space=_LOCK_SPACE,
    )
    return [row[0] for row in rows]


def take(ctx: Ctx, lanes: Sequence[int], *, share: int, limit: int) -> list[Event]:
    """Remove the first events of the lanes (``share`` of each, ``limit`` together) and return them in order of emission.

    Undone if the transaction fails.
    """
    # Found by ctid: nobody updates these rows, and no estimate of a table that is empty one moment and full the next is needed.
    rows = db.rows_of(
        ctx.tx,
        """DELETE FROM outbox WHERE ctid = ANY (ARRAY(
               SELECT o.ctid
                 FROM unnest(%(lanes)s::int[]) AS l(lane),
                      LATERAL (SELECT o.ctid, o.id FROM outbox o WHERE o.lane = l.lane ORDER BY o.id LIMIT %(share)s) AS o
                ORDER BY o.id LIMIT %(limit)s))
           RETURNING id, name, key, payload::text, emitted_at""",
        lanes=list(lanes),
        share=share,
        limit=limit,
    )
    return sorted((_event(*row) for row in rows), key=lambda event: event.id)


def due_retries(ctx: Ctx, lanes: Sequence[int], *, limit: int) -> list[Delivery]:
    """Deliveries to try again: due, and without an earlier one of their key and subscriber that is not due yet."""
    rows = db.rows_of(
        ctx.tx,
        """SELECT r.event_id, r.name, r.key, r.payload::text, r.emitted_at, r.subscriber, r.attempts, r.id
             FROM outbox_retries r
            WHERE r.lane = ANY (%(lanes)s) AND r.parked_at IS NULL AND r.due_at <= %(now)s
              AND NOT EXISTS (SELECT FROM outbox_retries e
                               WHERE e.key = r.key AND e.subscriber = r.subscriber AND e.event_id < r.event_id
                                 AND e.parked_at IS NULL AND e.due_at > %(now)s)
            ORDER BY r.event_id, r.id LIMIT %(limit)s""",
        lanes=list(lanes),
        now=ctx.now,
        limit=limit,
    )
    return [Delivery(_event(*row[:5]), row[5], row[6], row[7]) for row in rows]


def waiting_keys(ctx: Ctx, fresh: Sequence[Delivery], *, besides: Sequence[Delivery]) -> set[tuple[str, UUID]]:
    """The (subscriber, key) pairs of ``fresh`` that wait for a retry which is not among ``besides``."""
    if not fresh:
        return set()
    rows = db.rows_of(
        ctx.tx,
        """SELECT DISTINCT subscriber, key FROM outbox_retries
            WHERE parked_at IS NULL AND key = ANY (%(keys)s) AND id <> ALL (%(besides)s)""",
        keys=list({delivery.event.key for delivery in fresh}),
        besides=[delivery.retry_id for delivery in besides],
    )
    return {(row[0], row[1]) for row in rows}


def record(ctx: Ctx, outcome: Outcome) -> None:
    """Write down what is still to be done: nothing at all when everything succeeded the first time."""
    done = [delivery.retry_id for delivery in outcome.done if delivery.retry_id is not None]
    if done:
        db.rows_of(ctx.tx, "DELETE FROM outbox_retries WHERE id = ANY (%(ids)s)", ids=done)
    failed = [_Change(d, d.attempts + 1, ctx.now + batching.wait_after(d.attempts + 1), reason) for d, reason in outcome.failed]
    parked = [_Change(d, d.attempts + 1, ctx.now, reason, ctx.now) for d, reason in outcome.parked]
    held = [_Change(d, 0, ctx.now) for d in outcome.held if d.retry_id is None]
    _insert([change for change in failed + parked + held if change.delivery.retry_id is None], ctx)
    _update([change for change in failed + parked if change.delivery.retry_id is not None], ctx)


@dataclass(frozen=True, slots=True)
class _Change:
    delivery: Delivery
    attempts: int
    due_at: datetime
    reason: str | None = None
    parked_at: datetime | None = None


def _insert(changes: Sequence[_Change], ctx: Ctx) -> None:
    if not changes:
        return
    columns = (
        *("lane", "event_id", "subscriber", "name", "key", "payload", "emitted_at"),
        *("attempts", "due_at", "reason", "parked_at"),
    )
    db.copy_rows(ctx.tx, "outbox_retries", columns, [_row(change) for change in changes])


def _row(change: _Change) -> tuple[Any, ...]:
    event = change.delivery.event
    return (
        *(event_module.lane(event.key), event.id, change.delivery.subscriber, event.name, event.key),
        *(orjson.dumps(event.payload).decode(), event.at, change.attempts, change.due_at, change.reason, change.parked_at),
    )


def _update(changes: Sequence[_Change], ctx: Ctx) -> None:
    if not changes:
        return
    db.rows_of(
        ctx.tx,
        """UPDATE outbox_retries r SET attempts = c.attempts, due_at = c.due_at, reason = c.reason, parked_at = c.parked_at
             FROM unnest(%(ids)s::bigint[], %(attempts)s::int[], %(due)s::timestamptz[], %(reasons)s::text[], %(parked)s::timestamptz[])
                  AS c(id, attempts, due_at, reason, parked_at)
            WHERE r.id = c.id""",
        ids=[change.delivery.retry_id for change in changes],
        attempts=[change.attempts for change in changes],
        due=[change.due_at for change in changes],
        reasons=[change.reason for change in changes],
        parked=[change.parked_at for change in changes],
    )


def _event(number: int, name: str, key: UUID, payload: str, at: datetime) -> Event:
    return Event(name, key, orjson.loads(payload), number, at)
