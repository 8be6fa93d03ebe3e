"""Statements of the worker: taking deliveries under a lease, and recording what came of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from regulars.domains.webhooks.model import Answer, Due, EndpointId, MessageId, SealedSecret
from regulars.domains.webhooks.rules.retrying import Outcome
from regulars.domains.webhooks.store import endpoints
from regulars.platform import db


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A delivery that was attempted, and what follows."""

    due: Due
    answer: Answer
    outcome: Outcome


def claim(
    tx: Connection, now: datetime, *, failing: bool, besides: Collection[EndpointId], share: int, limit: int, lease: timedelta
) -> list[Due]:
    """Up to ``limit`` due deliveries, ``share`` of an endpoint, are ours for the length of the lease, and counted as tried.

    Of the enabled endpoints that are failing just now, or of those that are not. A lease is nothing but a later time to be due:
    one that a dead worker holds ends by itself.
    """
    rows = db.rows_of(
        tx,
        """WITH due AS MATERIALIZED (
               SELECT d.endpoint_id, d.message_id, e.url, e.failing_since
                 FROM webhook_endpoints e,
                      LATERAL (SELECT d.endpoint_id, d.message_id, d.next_at FROM webhook_deliveries d
                                WHERE d.endpoint_id = e.endpoint_id AND d.state = 'waiting' AND d.next_at <= %(now)s
                                ORDER BY d.next_at LIMIT %(share)s FOR UPDATE SKIP LOCKED) AS d
                WHERE e.stopped IS NULL AND (e.failing_since IS NOT NULL) = %(failing)s AND e.endpoint_id <> ALL(%(besides)s::uuid[])
                ORDER BY d.next_at LIMIT %(limit)s)
           UPDATE webhook_deliveries d SET lease = d.lease + 1, next_at = %(until)s
             FROM due JOIN webhook_messages m USING (message_id)
            WHERE d.endpoint_id = due.endpoint_id AND d.message_id = due.message_id
           RETURNING d.endpoint_id, d.message_id, d.lease, d.tries, d.attempts, due.url, m.body, due.failing_since""",
        now=now,
        failing=failing,
        besides=list(besides),
        share=share,
        limit=limit,
        until=now + lease,
    )
    sealed = _sealed(tx, list({row[0] for row in rows}), now) if rows else {}
    return [
        Due(
            endpoint_id=row[0],
            message_id=row[1],
            lease=row[2],
            tries=row[3],
            attempts=row[4],
            url=row[5],
            body=row[6],
            failing_since=row[7],
            secrets=sealed.get(row[0], ()),
        )
        for row in rows
    ]


def _sealed(tx: Connection, ids: Sequence[EndpointId], now: datetime) -> dict[EndpointId, tuple[SealedSecret, ...]]:
    return {
        endpoint: tuple(SealedSecret(secret_id=secret.secret_id, wrapped=wrapped, sealed=text) for secret, wrapped, text in held)
        for endpoint, held in endpoints.secrets(tx, ids, now).items()
    }


def record(tx: Connection, done: Sequence[Sent], now: datetime) -> set[tuple[EndpointId, MessageId]]:
    """What came of the attempts is written, for those whose lease is still the latest; returns them."""
    ordered = sorted(done, key=lambda one: (one.due.endpoint_id, one.due.message_id))
    rows = db.rows_of(
        tx,
        """UPDATE webhook_deliveries d
              SET state = w.state, next_at = w.next_at, tries = d.tries + 1, attempts = d.attempts + 1,
                  last_status = w.status, last_error = w.error, ended_at = CASE WHEN w.state = 'waiting' THEN NULL ELSE %(now)s END
             FROM unnest(%(endpoints)s::uuid[], %(messages)s::uuid[], %(leases)s::int[], %(states)s::text[], %(next)s::timestamptz[],
                         %(statuses)s::int[], %(errors)s::text[])
                  AS w(endpoint_id, message_id, lease, state, next_at, status, error)
            WHERE d.endpoint_id = w.endpoint_id AND d.message_id = w.message_id AND d.lease = w.lease AND d.state = 'waiting'
           RETURNING d.endpoint_id, d.message_id""",
        endpoints=[one.due.endpoint_id for one in ordered],
        messages=[one.due.message_id for one in ordered],
        leases=[one.due.lease for one in ordered],
        states=[one.outcome.state.value for one in ordered],
        next=[one.outcome.next_at for one in ordered],
        statuses=[one.answer.status for one in ordered],
        errors=[one.answer.error.value if one.answer.error else None for one in ordered],
        now=now,
    )
    written = {(row[0], row[1]) for row in rows}
    _log(tx, [one for one in ordered if (one.due.endpoint_id, one.due.message_id) in written], now)
    return written


def _log(tx: Connection, done: Sequence[Sent], now: datetime) -> None:
    db.rows_of(
        tx,
        """INSERT INTO webhook_attempts (endpoint_id, message_id, no, at, duration_ms, status, error, response)
           SELECT w.endpoint_id, w.message_id, w.no, %(now)s, w.ms, w.status, w.error, w.response
             FROM unnest(%(endpoints)s::uuid[], %(messages)s::uuid[], %(nos)s::int[], %(ms)s::int[], %(statuses)s::int[],
                         %(errors)s::text[], %(responses)s::text[])
                  AS w(endpoint_id, message_id, no, ms, status, error, response)""",
        endpoints=[one.due.endpoint_id for one in done],
        messages=[one.due.message_id for one in done],
        nos=[one.due.attempts + 1 for one in done],
        ms=[one.answer.duration_ms for one in done],
        statuses=[one.answer.status for one in done],
        errors=[one.answer.error.value if one.answer.error else None for one in done],
        responses=[one.answer.response for one in done],
        now=now,
    )
