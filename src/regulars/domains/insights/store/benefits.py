"""Every SQL statement about what benefits did; two a benefit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection

from regulars.domains.insights.store.reporting import KEPT
from regulars.platform import db


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which benefit, on which levels of the ladder (None: on all), in which window of local days; followed for ``days``, until ``last``."""

    benefit: str
    ladder: str
    levels: Sequence[str] | None
    zone: str
    first_day: date
    last_day: date
    days: int
    last: date

    @property
    def given(self) -> dict[str, Any]:
        """As the statements name it."""
        return {
            "benefit": self.benefit,
            "ladder": self.ladder,
            "levels": list(self.levels) if self.levels is not None else None,
            "zone": self.zone,
            "from": self.first_day,
            "to": self.last_day,
            "days": self.days,
            "last": self.last,
        }


# Everybody who may have the benefit, and from which local day on.
_MAY = """
    SELECT s.member_id, s.held_out,
           greatest(((CASE WHEN %(levels)s::text[] IS NULL THEN s.joined_at ELSE t.since END) AT TIME ZONE %(zone)s)::date,
                    %(from)s::date) AS began
      FROM standings s LEFT JOIN tier_standings t ON t.member_id = s.member_id AND t.ladder = %(ladder)s
     WHERE %(levels)s::text[] IS NULL OR t.level = ANY(%(levels)s::text[])"""
# Who ever used it up to the window's end, and the first day of that within the window.
_USES = """
    SELECT member_id, min((at AT TIME ZONE %(zone)s)::date) FILTER (WHERE (at AT TIME ZONE %(zone)s)::date >= %(from)s::date) AS first,
           coalesce(sum(quantity) FILTER (WHERE (at AT TIME ZONE %(zone)s)::date >= %(from)s::date), 0) AS quantity,
           coalesce(sum(cost) FILTER (WHERE (at AT TIME ZONE %(zone)s)::date >= %(from)s::date), 0) AS cost
      FROM benefit_uses
     WHERE benefit = %(benefit)s AND state <> 'reversed' AND (at AT TIME ZONE %(zone)s)::date <= %(to)s::date
     GROUP BY member_id"""
_SIDES = {
    # By lot: whoever is not held out has it, used or not.
    "trial": "SELECT m.member_id, NOT m.held_out AS has, m.began FROM may m",
    # Who used it only before the window is on neither side.
    "users": """SELECT m.member_id, u.member_id IS NOT NULL AS has, coalesce(u.first, m.began) AS began
                  FROM may m LEFT JOIN uses u USING (member_id) WHERE u.member_id IS NULL OR u.first IS NOT NULL""",
}


def sums(tx: Connection, asked: Asked) -> tuple[int, int, int, int, int]:
    """(members who may have it, of them held out, uses, their cost, members who used it) of the window."""
    rows = db.rows_of(
        tx,
        f"""WITH may AS ({_MAY}), uses AS ({_USES})
            SELECT (SELECT count(*) FROM may), (SELECT count(*) FROM may WHERE held_out), coalesce(sum(quantity), 0)::bigint,
                   coalesce(sum(cost), 0)::bigint, count(*) FILTER (WHERE first IS NOT NULL) FROM uses""",
        **asked.given,
    )
    may, held_out, used, cost, users = rows[0]
    return may, held_out, used, cost, users


def came_back(tx: Connection, asked: Asked, basis: str) -> dict[bool, tuple[int, int]]:
    """By whether they have the benefit: (members counted, of them ordered again in time)."""
    rows = db.rows_of(
        tx,
        f"""WITH may AS ({_MAY}), uses AS ({_USES}),
                 sides AS (SELECT * FROM ({_SIDES[basis]}) s WHERE s.began <= %(to)s::date AND s.began <= %(last)s::date - %(days)s::int),
                 returned AS (
                   SELECT DISTINCT s.member_id FROM sides s JOIN orders o ON o.member_id = s.member_id
                    WHERE {KEPT} AND (o.paid_at AT TIME ZONE %(zone)s)::date > s.began
                      AND (o.paid_at AT TIME ZONE %(zone)s)::date <= s.began + %(days)s::int)
            SELECT s.has, count(*), count(r.member_id) FROM sides s LEFT JOIN returned r USING (member_id) GROUP BY s.has""",
        **asked.given,
    )
    return {row[0]: (row[1], row[2]) for row in rows}
