"""Every SQL statement of the report; each is one pass."""

from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from regulars.platform import db

# Not wholly refunded: something of it stayed sold. An order of free lines only has nothing to refund and counts.
KEPT = "NOT (o.refunded > 0 AND o.refunded >= o.total - o.freight)"


def overview(tx: Connection, zone: str) -> tuple[Any, ...]:
    """(first local day, last local day, members with orders, orders, anonymous orders, revenue, refunded)."""
    return db.rows_of(
        tx,
        """SELECT min((paid_at AT TIME ZONE %(zone)s)::date), max((paid_at AT TIME ZONE %(zone)s)::date), count(DISTINCT member_id),
                  count(*), count(*) FILTER (WHERE member_id IS NULL), coalesce(sum(total), 0)::bigint, coalesce(sum(refunded), 0)::bigint
             FROM orders""",
        zone=zone,
    )[0]


def unmatched_refunds(tx: Connection) -> int:
    """Minor units of refunds that belong to no order."""
    return int(db.rows_of(tx, "SELECT coalesce(sum(total), 0)::bigint FROM refunds WHERE order_id IS NULL")[0][0])


def repurchase(tx: Connection, zone: str, windows: list[int], last_day: date) -> list[tuple[int, int, int]]:
    """(days, members counted, of them returned) for each window; see the definition in the model."""
    rows = db.rows_of(
        tx,
        f"""WITH days AS (
               SELECT DISTINCT o.member_id, (o.paid_at AT TIME ZONE %(zone)s)::date AS day
                 FROM orders o WHERE o.member_id IS NOT NULL AND {KEPT}),
             firsts AS (
               SELECT member_id, min(day) AS first,
                      (array_agg(day ORDER BY day))[2] AS second FROM days GROUP BY member_id)
           SELECT w.days, count(f.member_id), count(f.member_id) FILTER (WHERE f.second - f.first <= w.days)
             FROM unnest(%(windows)s::int[]) AS w(days)
             LEFT JOIN firsts f ON f.first <= %(last)s::date - w.days
            GROUP BY w.days ORDER BY w.days""",
        zone=zone,
        windows=windows,
        last=last_day,
    )
    return [(row[0], row[1], row[2]) for row in rows]


def tiers(tx: Connection, ladder: str) -> dict[str, int]:
    """Members by level."""
    rows = db.rows_of(tx, "SELECT level, count(*) FROM tier_standings WHERE ladder = %(ladder)s GROUP BY level", ladder=ladder)
    return {row[0]: row[1] for row in rows}


def units(tx: Connection) -> list[tuple[Any, ...]]:
    """(unit, issued, spent, expired, reversed, outstanding) over all members."""
    return db.rows_of(
        tx,
        """SELECT unit, sum(granted)::bigint, sum(spent)::bigint, sum(expired)::bigint, sum(reversed)::bigint,
                  sum(available + pending + held - debt)::bigint
             FROM point_totals GROUP BY unit ORDER BY unit""",
    )


def members(tx: Connection) -> int:
    """How many members there are."""
    return int(db.rows_of(tx, "SELECT count(*) FROM members")[0][0])
