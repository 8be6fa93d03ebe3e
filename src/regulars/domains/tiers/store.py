"""Every SQL statement of tiers."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.engine import Connection

from regulars.domains.tiers.model import TierStanding
from regulars.kernel.ids import MemberId
from regulars.platform import db


def load(tx: Connection, members: Sequence[UUID], ladder: str) -> dict[UUID, TierStanding]:
    """Where ``members`` stand on ``ladder``; those who never stood on it are left out."""
    rows = db.rows_of(
        tx,
        "SELECT member_id, level, since, keep_until FROM tier_standings WHERE member_id = ANY(%(members)s) AND ladder = %(ladder)s",
        members=list(members),
        ladder=ladder,
    )
    return {row[0]: TierStanding(row[1], row[2], row[3]) for row in rows}


def save(tx: Connection, ladder: str, standings: Mapping[MemberId, TierStanding]) -> None:
    """Write the standings of members whose head row the caller has just won."""
    if standings:
        db.rows_of(
            tx,
            """INSERT INTO tier_standings (member_id, ladder, level, since, keep_until)
               SELECT m, %(ladder)s, l, s, k
                 FROM unnest(%(m)s::uuid[], %(l)s::text[], %(s)s::timestamptz[], %(k)s::timestamptz[]) AS w(m, l, s, k)
               ON CONFLICT (member_id, ladder) DO UPDATE
                      SET level = excluded.level, since = excluded.since, keep_until = excluded.keep_until""",
            ladder=ladder,
            m=list(standings),
            l=[t.level for t in standings.values()],
            s=[t.since for t in standings.values()],
            k=[t.keep_until for t in standings.values()],
        )
