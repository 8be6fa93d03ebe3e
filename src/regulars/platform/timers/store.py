"""Every statement about timers. All take and return many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from regulars.platform import db
from regulars.platform.context import Ctx

Key = tuple[str, UUID]


@dataclass(frozen=True, slots=True)
class Timer:
    """At ``due_at`` (aware UTC) the handler of ``kind`` is to hear of ``key``. ``attempts`` counts the failures so far."""

    kind: str
    key: UUID
    due_at: datetime
    payload: dict[str, Any] = field(default_factory=dict)
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """A timer that was given up, why, and since when (aware UTC)."""

    timer: Timer
    reason: str
    parked_at: datetime


def set(ctx: Ctx, timers: Iterable[Timer]) -> None:
    """Each timer is due at its time, whatever was set for its (kind, key) before; of doubles the last counts."""
    wanted = {(timer.kind, timer.key): timer for timer in timers}
    if not wanted:
        return
    # In key order, so that two setters of the same timers cannot deadlock.
    ordered = [wanted[key] for key in sorted(wanted)]
    db.rows_of(
        ctx.tx,
        """INSERT INTO timers (kind, key, due_at, payload, next_at)
           SELECT kind, key, due_at, payload, due_at
             FROM unnest(%(kinds)s::text[], %(keys)s::uuid[], %(due)s::timestamptz[], %(payloads)s::text[]::jsonb[])
                  AS t(kind, key, due_at, payload)
           ON CONFLICT (kind, key) DO UPDATE SET due_at = excluded.due_at, payload = excluded.payload, next_at = excluded.next_at,
                                                 attempts = 0, reason = NULL, parked_at = NULL""",
        kinds=[timer.kind for timer in ordered],
        keys=[timer.key for timer in ordered],
        due=[timer.due_at for timer in ordered],
        payloads=[orjson.dumps(timer.payload).decode() for timer in ordered],
    )


def cancel(ctx: Ctx, keys: Iterable[Key]) -> int:
    """No timer is set for any of the (kind, key) pairs; returns how many were. Waits for one that is firing just now."""
    ordered = sorted(keys)
    if not ordered:
        return 0
    rows = db.rows_of(
        ctx.tx,
        """DELETE FROM timers t USING (SELECT DISTINCT kind, key FROM unnest(%(kinds)s::text[], %(keys)s::uuid[]) AS k(kind, key)) AS k
            WHERE t.kind = k.kind AND t.key = k.key RETURNING 1""",
        kinds=[kind for kind, _ in ordered],
        keys=[key for _, key in ordered],
    )
    return len(rows)


def claim(ctx: Ctx, kinds: Sequence[str], *, limit: int = 1000) -> list[Timer]:
    """Remove up to ``limit`` due timers of these kinds and return them, soonest due first.

    Passes over what another transaction is claiming or changing. They are back when this transaction fails, so do their work in it.
    """
    rows = db.rows_of(
        ctx.tx,
        """DELETE FROM timers WHERE ctid = ANY (ARRAY(
               SELECT ctid FROM timers
                WHERE parked_at IS NULL AND next_at <= %(now)s AND kind = ANY (%(kinds)s)
                ORDER BY next_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED))
           RETURNING kind, key, due_at, payload::text, attempts""",
        now=ctx.now,
        kinds=list(kinds),
        limit=limit,
    )
    claimed = [Timer(row[0], row[1], row[2], orjson.loads(row[3]), row[4]) for row in rows]
    return sorted(claimed, key=lambda timer: (timer.due_at, timer.kind, timer.key))


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """A claimed timer that could not be fired: when it is tried next, and why it failed (None: it was not tried)."""

    timer: Timer
    next_at: datetime
    reason: str | None = None
    parked_at: datetime | None = None


def put_back(ctx: Ctx, back: Sequence[Back]) -> None:
    """The timers wait again, unless they were set anew meanwhile."""
    if not back:
        return
    db.rows_of(
        ctx.tx,
        """INSERT INTO timers (kind, key, due_at, payload, next_at, attempts, reason, parked_at)
           SELECT * FROM unnest(%(kinds)s::text[], %(keys)s::uuid[], %(due)s::timestamptz[], %(payloads)s::text[]::jsonb[],
                                %(next)s::timestamptz[], %(attempts)s::int[], %(reasons)s::text[], %(parked)s::timestamptz[])
           ON CONFLICT (kind, key) DO NOTHING""",
        kinds=[one.timer.kind for one in back],
        keys=[one.timer.key for one in back],
        due=[one.timer.due_at for one in back],
        payloads=[orjson.dumps(one.timer.payload).decode() for one in back],
        next=[one.next_at for one in back],
        attempts=[one.timer.attempts for one in back],
        reasons=[one.reason for one in back],
        parked=[one.parked_at for one in back],
    )


def parked(ctx: Ctx, *, limit: int = 100) -> list[Parked]:
    """The timers that were given up, longest parked first."""
    rows = db.rows_of(
        ctx.tx,
        """SELECT kind, key, due_at, payload::text, attempts, reason, parked_at FROM timers
            WHERE parked_at IS NOT NULL ORDER BY parked_at, kind, key LIMIT %(limit)s""",
        limit=limit,
    )
    return [Parked(timer=Timer(row[0], row[1], row[2], orjson.loads(row[3]), row[4]), reason=row[5], parked_at=row[6]) for row in rows]


def requeue(ctx: Ctx, keys: Iterable[Key]) -> int:
    """The parked timers among the (kind, key) pairs are tried at once, with all their attempts; returns how many there were."""
    ordered = sorted(keys)
    rows = db.rows_of(
        ctx.tx,
        """UPDATE timers t SET attempts = 0, next_at = %(now)s, parked_at = NULL
             FROM (SELECT DISTINCT kind, key FROM unnest(%(kinds)s::text[], %(keys)s::uuid[]) AS k(kind, key)) AS k
            WHERE t.kind = k.kind AND t.key = k.key AND t.parked_at IS NOT NULL RETURNING 1""",
        now=ctx.now,
        kinds=[kind for kind, _ in ordered],
        keys=[key for _, key in ordered],
    )
    return len(rows)


def failed_once_more(timer: Timer) -> Timer:
    """The same timer with one more failure counted."""
    return replace(timer, attempts=timer.attempts + 1)
