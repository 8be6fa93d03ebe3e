"""Heads of standings: read with their version, written only over the version they were read at."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.engine import Connection

from regulars.domains.loyalty.model import Standing
from regulars.kernel.ids import MemberId
from regulars.platform import db

_COLUMNS = "member_id, version, seq, as_of, joined_at, held_out, orders, spend, first_order_at, last_order_at, next_due_at"


def load(tx: Connection, members: Sequence[UUID]) -> dict[UUID, tuple[Any, ...]]:
    """The head rows of ``members``; those without one are left out."""
    return heads(db.rows_of_each(tx, [read(members)])[0])


def read(members: Sequence[UUID]) -> db.Statement:
    """What to ask for the heads of ``members``."""
    return db.Statement(f"SELECT {_COLUMNS} FROM standings WHERE member_id = ANY(%(members)s::uuid[])", {"members": list(members)})


def heads(rows: db.Rows) -> dict[UUID, tuple[Any, ...]]:
    """The heads in the answer to ``read``."""
    return {row[0]: row for row in rows}


def save(tx: Connection, standings: Sequence[Standing], due: Mapping[MemberId, datetime]) -> set[MemberId]:
    """Write heads whose stored version is still one below; return the members that were *not* written. The caller gives them in id
    order, so that two transactions over the same members wait for each other instead of deadlocking.
    """
    rows = db.rows_of(
        tx,
        f"""INSERT INTO standings ({_COLUMNS})
            SELECT * FROM unnest(%(m)s::uuid[], %(version)s::bigint[], %(seq)s::bigint[], %(as_of)s::timestamptz[],
                                 %(joined)s::timestamptz[], %(held)s::boolean[], %(orders)s::bigint[], %(spend)s::bigint[],
                                 %(first)s::timestamptz[], %(last)s::timestamptz[], %(due)s::timestamptz[])
            ON CONFLICT (member_id) DO UPDATE
               SET version = excluded.version, seq = excluded.seq, as_of = excluded.as_of, orders = excluded.orders,
                   spend = excluded.spend, first_order_at = excluded.first_order_at, last_order_at = excluded.last_order_at,
                   next_due_at = excluded.next_due_at
             WHERE standings.version = excluded.version - 1
         RETURNING member_id""",
        m=[s.member_id for s in standings],
        version=[s.version for s in standings],
        seq=[s.seq for s in standings],
        as_of=[s.as_of for s in standings],
        joined=[s.joined_at for s in standings],
        held=[s.held_out for s in standings],
        orders=[s.orders for s in standings],
        spend=[s.spend for s in standings],
        first=[s.first_order_at for s in standings],
        last=[s.last_order_at for s in standings],
        due=[due[s.member_id] for s in standings],
    )
    if len(rows) == len(standings):
        return set()
    return {s.member_id for s in standings} - {row[0] for row in rows}


def due(tx: Connection, now: datetime, limit: int) -> list[UUID]:
    """Members for whom time alone has something to do."""
    rows = db.rows_of(
        tx,
        "SELECT member_id FROM standings WHERE next_due_at <= %(now)s ORDER BY next_due_at LIMIT %(limit)s",
        now=now,
        limit=limit,
    )
    return [row[0] for row in rows]
