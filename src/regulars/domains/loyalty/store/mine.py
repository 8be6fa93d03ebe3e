"""What members read of themselves beyond standings and journal."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.engine import Connection

from regulars.platform import db


def earned(tx: Connection, member: UUID, refs: Sequence[UUID]) -> dict[UUID, dict[str, tuple[int, int]]]:
    """By order and unit: what was granted for it, and what refunds took back of that."""
    rows = db.rows_of(
        tx,
        """SELECT ref, unit, coalesce(sum(amount) FILTER (WHERE kind = 'grant'), 0),
                  coalesce(sum(amount) FILTER (WHERE kind IN ('reverse', 'owe')), 0)
             FROM journal WHERE member_id = %(member)s AND ref = ANY(%(refs)s::uuid[]) AND kind IN ('grant', 'reverse', 'owe')
            GROUP BY ref, unit ORDER BY ref, unit""",
        member=member,
        refs=list(refs),
    )
    found: dict[UUID, dict[str, tuple[int, int]]] = {}
    for ref, unit, granted, taken in rows:
        found.setdefault(ref, {})[unit] = (int(granted), int(taken))
    return found


def most_orders(tx: Connection, source: str, limit: int) -> list[tuple[UUID, int]]:
    """The members with the most orders from one source, and how many those are."""
    rows = db.rows_of(
        tx,
        """SELECT member_id, count(*) FROM orders WHERE source = %(source)s AND member_id IS NOT NULL
            GROUP BY member_id ORDER BY count(*) DESC, member_id LIMIT %(limit)s""",
        source=source,
        limit=limit,
    )
    return [(row[0], int(row[1])) for row in rows]
