"""What ``verify`` reads: decisions and journals of whole members, and the cross-checks that are one statement each."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.engine import Connection

from regulars.platform import db

_VIEW = re.compile(r"[0-9A-F-]{1,64}")


def every_nth_member(tx: Connection, number: int) -> list[UUID]:
    """Every so many members' id, by id, of those that have a standing."""
    rows = db.rows_of(
        tx,
        """SELECT member_id FROM (SELECT member_id, row_number() OVER (ORDER BY member_id) AS place FROM standings) s
            WHERE place %% %(number)s = 0 ORDER BY member_id""",
        number=number,
    )
    return [row[0] for row in rows]


def members_after(tx: Connection, after: UUID, until: UUID, limit: int) -> list[UUID]:
    """The next members up to ``until`` that have a standing or a decision, by id."""
    rows = db.rows_of(
        tx,
        """SELECT member_id FROM (
             (SELECT member_id FROM standings WHERE member_id > %(after)s AND member_id <= %(until)s
               ORDER BY member_id LIMIT %(limit)s)
             UNION
             (SELECT DISTINCT member_id FROM decisions WHERE member_id > %(after)s AND member_id <= %(until)s
               ORDER BY member_id LIMIT %(limit)s)
             UNION
             (SELECT DISTINCT member_id FROM point_totals WHERE member_id > %(after)s AND member_id <= %(until)s
               ORDER BY member_id LIMIT %(limit)s)) m
           ORDER BY member_id LIMIT %(limit)s""",
        after=after,
        until=until,
        limit=limit,
    )
    return [row[0] for row in rows]


def decisions(tx: Connection, members: Sequence[UUID]) -> list[tuple[Any, ...]]:
    """(member, seq, version, kind, ref, subject, at, programme, body, recorded at), by member and seq."""
    return db.rows_of(
        tx,
        """SELECT member_id, seq, version, kind, ref, subject_id, at, programme, body, recorded_at
             FROM decisions WHERE member_id = ANY(%(members)s) ORDER BY member_id, seq""",
        members=list(members),
    )


def entries(tx: Connection, members: Sequence[UUID]) -> list[tuple[Any, ...]]:
    """(member, seq, n, then the entry's columns), by member, seq and n."""
    return db.rows_of(
        tx,
        """SELECT member_id, seq, n, unit, kind, amount, at, expires_at, available_at, ref, why
             FROM journal WHERE member_id = ANY(%(members)s) ORDER BY member_id, seq, n""",
        members=list(members),
    )


def decision_count(tx: Connection) -> int:
    """How many decisions there are, for progress."""
    return int(db.rows_of(tx, "SELECT count(*) FROM decisions")[0][0])


def orders_without_claim(tx: Connection) -> list[tuple[Any, ...]]:
    """(member or subject, source, number): orders whose claim is missing or names another order."""
    return db.rows_of(
        tx,
        """SELECT coalesce(o.member_id, o.subject_id), o.source, o.number
             FROM orders o LEFT JOIN claims c ON c.kind = 'order' AND c.key = o.source || chr(31) || o.number
            WHERE c.ref IS DISTINCT FROM o.order_id
            ORDER BY o.subject_id, o.order_id""",
    )


def claims_without_order(tx: Connection) -> list[tuple[Any, ...]]:
    """(subject, key): claims of orders that are not there."""
    return db.rows_of(
        tx,
        """SELECT c.subject_id, c.key FROM claims c LEFT JOIN orders o ON o.subject_id = c.subject_id AND o.order_id = c.ref
            WHERE c.kind = 'order' AND o.order_id IS NULL
            ORDER BY c.key""",
    )


def orders_without_decision(tx: Connection) -> list[tuple[Any, ...]]:
    """(member, source, number): members' orders about which nothing was decided."""
    return db.rows_of(
        tx,
        """SELECT o.member_id, o.source, o.number FROM orders o
            WHERE o.member_id IS NOT NULL AND NOT EXISTS
                  (SELECT FROM decisions d WHERE d.member_id = o.member_id AND d.kind = 'order' AND d.ref = o.order_id)
            ORDER BY o.subject_id, o.order_id""",
    )


def refund_sums(tx: Connection) -> list[tuple[Any, ...]]:
    """(member or subject, source, number, stored, summed): orders whose refunded amount is not the sum of their refunds."""
    return db.rows_of(
        tx,
        """SELECT coalesce(o.member_id, o.subject_id), o.source, o.number, o.refunded, coalesce(r.total, 0)
             FROM orders o
             LEFT JOIN (SELECT subject_id, order_id, sum(total) AS total FROM refunds GROUP BY 1, 2) r USING (subject_id, order_id)
            WHERE o.refunded <> coalesce(r.total, 0)
            ORDER BY o.subject_id, o.order_id""",
    )


def export_view(tx: Connection) -> str:
    """A name for what the transaction sees, while it is open."""
    return str(db.rows_of(tx, "SELECT pg_export_snapshot()")[0][0])


def import_view(tx: Connection, view: str) -> None:
    """The transaction, which has not read anything yet, sees what the one of this name sees."""
    if not _VIEW.fullmatch(view):
        raise ValueError("not a name that PostgreSQL gives to a snapshot")
    db.rows_of(tx, f"SET TRANSACTION SNAPSHOT '{view}'")
