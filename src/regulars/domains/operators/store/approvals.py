"""Commands that wait for a second person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.engine import Connection

from regulars.domains.operators.model import Approval, ApprovalId, ApprovalState
from regulars.platform import db

_COLUMNS = """approval_id, kind, payload, asked_by, asked_for, asked_at, reason, state, expires_at,
              decided_by, decided_at, decision_reason, result"""


def _approval_of(row: Sequence[Any]) -> Approval:
    return Approval(
        approval_id=ApprovalId(row[0]),
        kind=row[1],
        payload=row[2],
        asked_by=row[3],
        asked_for=row[4],
        asked_at=row[5],
        reason=row[6],
        state=ApprovalState(row[7]),
        expires_at=row[8],
        decided_by=row[9],
        decided_at=row[10],
        decision_reason=row[11],
        result=row[12],
    )


def add(tx: Connection, approvals: Sequence[Approval]) -> None:
    """Add pending requests."""
    db.copy_rows(
        tx,
        "approvals",
        ("approval_id", "kind", "payload", "asked_by", "asked_for", "asked_at", "reason", "state", "expires_at"),
        (
            (
                a.approval_id,
                a.kind,
                orjson.dumps(a.payload).decode(),
                a.asked_by,
                a.asked_for,
                a.asked_at,
                a.reason,
                a.state.value,
                a.expires_at,
            )
            for a in approvals
        ),
    )


def find(tx: Connection, approval_id: UUID) -> Approval | None:
    """One request, or None."""
    rows = db.rows_of(tx, f"SELECT {_COLUMNS} FROM approvals WHERE approval_id = %(id)s", id=approval_id)
    return _approval_of(rows[0]) if rows else None


def lock(tx: Connection, approval_id: UUID) -> Approval | None:
    """One request as it stands when nobody else is deciding it; it stays so until the transaction ends."""
    rows = db.rows_of(tx, f"SELECT {_COLUMNS} FROM approvals WHERE approval_id = %(id)s FOR UPDATE", id=approval_id)
    return _approval_of(rows[0]) if rows else None


def settle(tx: Connection, settled: Sequence[Approval]) -> None:
    """Write the final state of requests whose locks the caller holds."""
    db.rows_of(
        tx,
        """UPDATE approvals a SET state = w.state, decided_by = w.decided_by, decided_at = w.decided_at,
                                  decision_reason = w.decision_reason, result = w.result::jsonb
             FROM unnest(%(ids)s::uuid[], %(states)s::text[], %(by)s::text[], %(at)s::timestamptz[],
                         %(reasons)s::text[], %(results)s::text[])
                  AS w(approval_id, state, decided_by, decided_at, decision_reason, result)
            WHERE a.approval_id = w.approval_id""",
        ids=[a.approval_id for a in settled],
        states=[a.state.value for a in settled],
        by=[a.decided_by for a in settled],
        at=[a.decided_at for a in settled],
        reasons=[a.decision_reason for a in settled],
        results=[None if a.result is None else orjson.dumps(a.result).decode() for a in settled],
    )


def expire(tx: Connection, now: datetime, *, limit: int) -> list[Approval]:
    """Expire at most ``limit`` requests whose time is up, and return them. One that is being decided is left to its decider."""
    rows = db.rows_of(
        tx,
        f"""UPDATE approvals SET state = 'expired', decided_at = %(now)s
             WHERE approval_id IN (SELECT approval_id FROM approvals WHERE state = 'pending' AND expires_at <= %(now)s
                                    ORDER BY expires_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
         RETURNING {_COLUMNS}""",
        now=now,
        limit=limit,
    )
    return [_approval_of(row) for row in rows]


def page(tx: Connection, *, state: ApprovalState | None, now: datetime, before: UUID | None, limit: int) -> list[Approval]:
    """Requests, newest first, from the one asked before ``before``; ``state`` as a reader sees it at ``now``."""
    rows = db.rows_of(
        tx,
        f"""SELECT {_COLUMNS} FROM approvals
             WHERE (%(before)s::uuid IS NULL OR approval_id < %(before)s)
               AND (%(state)s::text IS NULL
                    OR CASE WHEN state = 'pending' AND expires_at <= %(now)s THEN 'expired' ELSE state END = %(state)s)
             ORDER BY approval_id DESC LIMIT %(limit)s""",
        before=before,
        state=state.value if state else None,
        now=now,
        limit=limit,
    )
    return [_approval_of(row) for row in rows]
