"""The audit log and its seals."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.engine import Connection

from regulars.domains.operators.model import AuditRow, Seal
from regulars.platform import db

_COLUMNS = "audit_id, at, actor_kind, actor_id, action, entity, before, after, reason, no, hash"


def _row_of(row: Sequence[Any]) -> AuditRow:
    return AuditRow(
        audit_id=row[0],
        at=row[1],
        actor_kind=row[2],
        actor_id=row[3],
        action=row[4],
        entity=row[5],
        before=row[6],
        after=row[7],
        reason=row[8],
        no=row[9],
        hash=row[10],
    )


def append(tx: Connection, rows: Sequence[AuditRow]) -> None:
    """Add unsealed rows."""
    db.copy_rows(
        tx,
        "audit",
        ("audit_id", "at", "actor_kind", "actor_id", "action", "entity", "before", "after", "reason"),
        ((r.audit_id, r.at, r.actor_kind, r.actor_id, r.action, r.entity, _json(r.before), _json(r.after), r.reason) for r in rows),
    )


def _json(value: object) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


def page(
    tx: Connection,
    *,
    entity: str | None,
    actor: str | None,
    action: str | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[AuditRow]:
    """Rows that match every filter given, newest first, after the cursor (at, audit id)."""
    conditions = ["entity = %(entity)s"] if entity else []
    conditions += ["actor_id = %(actor)s"] if actor else []
    conditions += ["action = %(action)s"] if action else []
    conditions += ["(at, audit_id) < (%(at)s, %(id)s)"] if before else []
    where = "WHERE " + " AND ".join(conditions) if conditions else ""
    rows = db.rows_of(
        tx,
        f"SELECT {_COLUMNS} FROM audit {where} ORDER BY at DESC, audit_id DESC LIMIT %(limit)s",
        entity=entity,
        actor=actor,
        action=action,
        at=before[0] if before else None,
        id=before[1] if before else None,
        limit=limit,
    )
    return [_row_of(row) for row in rows]


def unsealed(tx: Connection, until: datetime, *, limit: int) -> list[AuditRow]:
    """The oldest rows before ``until`` that are not in the chain."""
    rows = db.rows_of(
        tx,
        f"SELECT {_COLUMNS} FROM audit WHERE no IS NULL AND at < %(until)s ORDER BY at, audit_id LIMIT %(limit)s",
        until=until,
        limit=limit,
    )
    return [_row_of(row) for row in rows]


def oldest_unsealed(tx: Connection) -> datetime | None:
    """The time of the oldest row that is not in the chain."""
    rows = db.rows_of(tx, "SELECT at FROM audit WHERE no IS NULL ORDER BY at, audit_id LIMIT 1")
    return rows[0][0] if rows else None


def link(tx: Connection, links: Sequence[tuple[UUID, int, bytes]]) -> None:
    """Put rows into the chain: audit id, number, hash."""
    db.rows_of(
        tx,
        """UPDATE audit a SET no = w.no, hash = w.hash
             FROM unnest(%(ids)s::uuid[], %(nos)s::bigint[], %(hashes)s::bytea[]) AS w(audit_id, no, hash)
            WHERE a.audit_id = w.audit_id""",
        ids=[link_[0] for link_ in links],
        nos=[link_[1] for link_ in links],
        hashes=[link_[2] for link_ in links],
    )


def sealed(tx: Connection, *, after: int, limit: int) -> list[AuditRow]:
    """Rows of the chain in its order, from the one after number ``after``."""
    rows = db.rows_of(tx, f"SELECT {_COLUMNS} FROM audit WHERE no > %(after)s ORDER BY no LIMIT %(limit)s", after=after, limit=limit)
    return [_row_of(row) for row in rows]


def last_seal(tx: Connection) -> Seal | None:
    """The newest seal."""
    rows = db.rows_of(tx, "SELECT day, last_no, rows, hash FROM audit_seals ORDER BY day DESC LIMIT 1")
    return Seal(day=rows[0][0], last_no=rows[0][1], rows=rows[0][2], hash=rows[0][3]) if rows else None


def lock_seals(tx: Connection) -> None:
    """Nobody else seals until this transaction ends; reading goes on."""
    db.rows_of(tx, "LOCK TABLE audit_seals IN SHARE ROW EXCLUSIVE MODE")


def seals(tx: Connection) -> list[Seal]:
    """Every seal, oldest first: one row a day."""
    rows = db.rows_of(tx, "SELECT day, last_no, rows, hash FROM audit_seals ORDER BY day")
    return [Seal(day=row[0], last_no=row[1], rows=row[2], hash=row[3]) for row in rows]


def claim_day(tx: Connection, day: date, *, last_no: int, hash_: bytes, now: datetime) -> bool:
    """Take a day to seal it, beginning at the end of the chain; False when another job took it (waits until that one is through)."""
    statement = """INSERT INTO audit_seals (day, last_no, rows, hash, sealed_at) VALUES (%(day)s, %(last)s, 0, %(hash)s, %(now)s)
                   ON CONFLICT DO NOTHING RETURNING 1"""
    return bool(db.rows_of(tx, statement, day=day, last=last_no, hash=hash_, now=now))


def write_seals(tx: Connection, written: Sequence[Seal]) -> None:
    """Write where the chain ends after days that the caller has claimed."""
    db.rows_of(
        tx,
        """UPDATE audit_seals s SET last_no = w.last_no, rows = w.rows, hash = w.hash
             FROM unnest(%(days)s::date[], %(nos)s::bigint[], %(rows)s::bigint[], %(hashes)s::bytea[]) AS w(day, last_no, rows, hash)
            WHERE s.day = w.day""",
        days=[s.day for s in written],
        nos=[s.last_no for s in written],
        rows=[s.rows for s in written],
        hashes=[s.hash for s in written],
    )
