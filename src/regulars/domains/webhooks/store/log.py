"""Statements about messages, deliveries and attempts, as they are recorded and read back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from regulars.domains.webhooks.model import Attempt, Delivery, EndpointId, Fell, Message, MessageId, State
from regulars.platform import db

_COLUMNS = """d.endpoint_id, d.message_id, m.type, m.at, d.state, d.attempts, d.tries, d.next_at, d.created_at, d.ended_at,
              d.last_status, d.last_error"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which deliveries of an endpoint: in this state, of this type, created from ``since`` and before ``until``."""

    state: State | None = None
    type: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def add(tx: Connection, messages: Sequence[Message], pairs: Sequence[tuple[EndpointId, MessageId]], now: datetime) -> None:
    """The messages exist, each waiting to be sent to its endpoints. What is there already stays as it is."""
    if not pairs:
        return
    db.rows_of(
        tx,
        """INSERT INTO webhook_messages (message_id, type, body, at, created_at)
           SELECT w.*, %(now)s FROM unnest(%(ids)s::uuid[], %(types)s::text[], %(bodies)s::text[], %(ats)s::timestamptz[]) AS w
           ON CONFLICT DO NOTHING""",
        ids=[one.message_id for one in messages],
        types=[one.type for one in messages],
        bodies=[one.body for one in messages],
        ats=[one.at for one in messages],
        now=now,
    )
    db.rows_of(
        tx,
        """INSERT INTO webhook_deliveries (endpoint_id, message_id, state, next_at, created_at)
           SELECT w.endpoint_id, w.message_id, 'waiting', %(now)s, %(now)s
             FROM unnest(%(endpoints)s::uuid[], %(messages)s::uuid[]) AS w(endpoint_id, message_id)
           ON CONFLICT DO NOTHING""",
        endpoints=[endpoint for endpoint, _ in pairs],
        messages=[message for _, message in pairs],
        now=now,
    )


def page(
    tx: Connection, endpoint_id: EndpointId, wanted: Wanted, *, before: tuple[datetime, MessageId] | None, limit: int
) -> list[Delivery]:
    """At most ``limit`` deliveries of the endpoint, newest first, behind ``before`` (created at, message)."""
    rows = db.rows_of(
        tx,
        f"""SELECT {_COLUMNS} FROM webhook_deliveries d JOIN webhook_messages m USING (message_id)
             WHERE d.endpoint_id = %(endpoint)s
               AND (%(state)s::text IS NULL OR d.state = %(state)s)
               AND (%(type)s::text IS NULL OR m.type = %(type)s)
               AND (%(since)s::timestamptz IS NULL OR d.created_at >= %(since)s)
               AND (%(until)s::timestamptz IS NULL OR d.created_at < %(until)s)
               AND (%(at)s::timestamptz IS NULL OR (d.created_at, d.message_id) < (%(at)s, %(id)s::uuid))
             ORDER BY d.created_at DESC, d.message_id DESC LIMIT %(limit)s""",
        endpoint=endpoint_id,
        state=wanted.state.value if wanted.state else None,
        type=wanted.type,
        since=wanted.since,
        until=wanted.until,
        at=before[0] if before else None,
        id=before[1] if before else None,
        limit=limit,
    )
    return [_delivery(row) for row in rows]


def find(tx: Connection, endpoint_id: EndpointId, message_id: MessageId) -> tuple[Delivery, str] | None:
    """The delivery and the body of its message."""
    rows = db.rows_of(
        tx,
        f"""SELECT {_COLUMNS}, m.body FROM webhook_deliveries d JOIN webhook_messages m USING (message_id)
             WHERE d.endpoint_id = %(endpoint)s AND d.message_id = %(message)s""",
        endpoint=endpoint_id,
        message=message_id,
    )
    return (_delivery(rows[0]), rows[0][12]) if rows else None


def attempts(tx: Connection, endpoint_id: EndpointId, message_id: MessageId) -> list[Attempt]:
    """Every attempt of a delivery, latest first."""
    rows = db.rows_of(
        tx,
        """SELECT no, at, duration_ms, status, error, response FROM webhook_attempts
            WHERE endpoint_id = %(endpoint)s AND message_id = %(message)s ORDER BY no DESC LIMIT 200""",
        endpoint=endpoint_id,
        message=message_id,
    )
    return [
        Attempt(no=row[0], at=row[1], duration_ms=row[2], status=row[3], error=Fell(row[4]) if row[4] else None, response=row[5])
        for row in rows
    ]


def restart(tx: Connection, endpoint_id: EndpointId, message_ids: Sequence[MessageId], now: datetime) -> int:
    """Those of the deliveries that have ended wait again, with all their attempts; returns how many did."""
    rows = db.rows_of(
        tx,
        """UPDATE webhook_deliveries SET state = 'waiting', tries = 0, next_at = %(now)s, ended_at = NULL
            WHERE endpoint_id = %(endpoint)s AND message_id = ANY(%(messages)s::uuid[]) AND state <> 'waiting' RETURNING 1""",
        endpoint=endpoint_id,
        messages=list(message_ids),
        now=now,
    )
    return len(rows)


def restart_failed(tx: Connection, endpoint_id: EndpointId, *, since: datetime, until: datetime, now: datetime) -> int:
    """Deliveries of the window (by when they were created) that failed wait again; returns how many."""
    rows = db.rows_of(
        tx,
        """UPDATE webhook_deliveries SET state = 'waiting', tries = 0, next_at = %(now)s, ended_at = NULL
            WHERE endpoint_id = %(endpoint)s AND state = 'failed' AND created_at >= %(since)s AND created_at < %(until)s RETURNING 1""",
        endpoint=endpoint_id,
        since=since,
        until=until,
        now=now,
    )
    return len(rows)


def forget(tx: Connection, before: datetime, *, limit: int) -> int:
    """Up to ``limit`` messages created before then are gone, with their deliveries and attempts; returns how many."""
    rows = db.rows_of(
        tx,
        """DELETE FROM webhook_messages WHERE ctid = ANY (ARRAY(
               SELECT ctid FROM webhook_messages WHERE created_at < %(before)s ORDER BY created_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED))
           RETURNING 1""",
        before=before,
        limit=limit,
    )
    return len(rows)


def waiting(tx: Connection, endpoint_ids: Sequence[EndpointId]) -> dict[EndpointId, tuple[int, int]]:
    """(waiting, failed) deliveries of each endpoint."""
    rows = db.rows_of(
        tx,
        """SELECT endpoint_id, count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'failed')
             FROM webhook_deliveries WHERE endpoint_id = ANY(%(ids)s::uuid[]) AND state <> 'delivered' GROUP BY endpoint_id""",
        ids=list(endpoint_ids),
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _delivery(row: tuple[Any, ...]) -> Delivery:
    return Delivery(
        endpoint_id=row[0],
        message_id=row[1],
        type=row[2],
        at=row[3],
        state=State(row[4]),
        attempts=row[5],
        tries=row[6],
        next_at=row[7],
        created_at=row[8],
        ended_at=row[9],
        last_status=row[10],
        last_error=Fell(row[11]) if row[11] else None,
    )
