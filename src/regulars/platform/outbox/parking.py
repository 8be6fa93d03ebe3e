"""What could not be delivered, for an operator to see and to send again; and how much waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson

from regulars.platform import db
from regulars.platform.context import Ctx
from regulars.platform.outbox.events import Event
from regulars.platform.outbox.tables import LANES


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """A delivery that was given up: ``event`` for ``subscriber``, why, and since when (aware UTC)."""

    id: int
    event: Event
    subscriber: str
    attempts: int
    reason: str
    parked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """How many events wait, how many deliveries are being retried and are parked; ``oldest`` is when the first waiting was emitted."""

    waiting: int
    retrying: int
    parked: int
    oldest: datetime | None


def parked(ctx: Ctx, *, after: int = 0, limit: int = 100) -> list[Parked]:
    """The parked deliveries with an id above ``after``, oldest first."""
    rows = db.rows_of(
        ctx.tx,
        """SELECT id, name, key, payload::text, event_id, emitted_at, subscriber, attempts, reason, parked_at
             FROM outbox_retries WHERE parked_at IS NOT NULL AND id > %(after)s ORDER BY id LIMIT %(limit)s""",
        after=after,
        limit=limit,
    )
    return [
        Parked(
            id=row[0],
            event=Event(row[1], row[2], orjson.loads(row[3]), row[4], row[5]),
            subscriber=row[6],
            attempts=row[7],
            reason=row[8],
            parked_at=row[9],
        )
        for row in rows
    ]


def requeue(ctx: Ctx, ids: Sequence[int]) -> int:
    """The parked deliveries among ``ids`` are due at once, with all their attempts; returns how many there were."""
    rows = db.rows_of(
        ctx.tx,
        """UPDATE outbox_retries SET attempts = 0, due_at = %(now)s, parked_at = NULL
            WHERE id = ANY (%(ids)s) AND parked_at IS NOT NULL RETURNING id""",
        now=ctx.now,
        ids=list(ids),
    )
    return len(rows)


def backlog(ctx: Ctx) -> Backlog:
    """What waits just now; for metrics, health and progress displays."""
    # Within a lane the first row is the oldest: no need to look at every row for that.
    (row,) = db.rows_of(
        ctx.tx,
        """SELECT (SELECT count(*) FROM outbox), count(*) FILTER (WHERE parked_at IS NULL), count(*) FILTER (WHERE parked_at IS NOT NULL),
                  least(min(emitted_at) FILTER (WHERE parked_at IS NULL),
                        (SELECT min(head.emitted_at)
                           FROM generate_series(0, %(lanes)s - 1) AS l(lane),
                                LATERAL (SELECT emitted_at FROM outbox o WHERE o.lane = l.lane ORDER BY o.id LIMIT 1) AS head))
             FROM outbox_retries""",
        lanes=LANES,
    )
    return Backlog(waiting=row[0], retrying=row[1], parked=row[2], oldest=row[3])
