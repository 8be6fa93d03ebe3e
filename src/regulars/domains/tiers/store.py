"""Every SQL statement of tiers."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.engine import Connection

from regulars.domains.tiers.model import TierStanding
from regulars.kernel.ids import MemberId
from regulars.platform import bulk, db


def load(tx: Connection, members: Sequence[UUID]) -> dict[UUID, dict[str, TierStanding]]:
    """Where ``members`` stand on every ladder they ever stood on, by the ladder's id."""
    return levels(members, db.rows_of_each(tx, [read(members)])[0])


def read(members: Sequence[UUID]) -> db.Statement:
    """What to ask for the levels of ``members``."""
    return db.Statement(
        "SELECT member_id::text, ladder, level, since, keep_until, state FROM tier_standings WHERE member_id = ANY(%(members)s::uuid[])",
        {"members": list(members)},
    )


def levels(members: Sequence[UUID], rows: db.Rows) -> dict[UUID, dict[str, TierStanding]]:
    """The levels in the answer to ``read(members)``."""
    ids = list(members)
    found: dict[str, dict[str, TierStanding]] = {}
    for name, ladder, *standing in rows:
        found.setdefault(name, {})[ladder] = TierStanding(*standing)
    return {member: found[name] for member, name in zip(ids, bulk.texts(ids), strict=True) if name in found}


def writes(moved: Mapping[MemberId, Mapping[str, TierStanding]]) -> list[db.Statement]:
    """What writes the standings that changed, of members whose head row the caller has just won."""
    rows = [(member, ladder, standing) for member, by_ladder in moved.items() for ladder, standing in by_ladder.items()]
    if not rows:
        return []
    return [
        db.Statement(
            """INSERT INTO tier_standings (member_id, ladder, level, since, keep_until, state)
               SELECT * FROM unnest(%(m)s::uuid[], %(n)s::text[], %(l)s::text[], %(s)s::timestamptz[], %(k)s::timestamptz[], %(t)s::text[])
               ON CONFLICT (member_id, ladder) DO UPDATE
                      SET level = excluded.level, since = excluded.since, keep_until = excluded.keep_until, state = excluded.state""",
            {
                "m": [row[0] for row in rows],
                "n": [row[1] for row in rows],
                "l": [row[2].level for row in rows],
                "s": [row[2].since for row in rows],
                "k": [row[2].keep_until for row in rows],
                "t": [row[2].state for row in rows],
            },
        )
    ]
