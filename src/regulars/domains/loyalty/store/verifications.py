"""Proofs of the ledger that were run on the command line."""

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy.engine import Connection

from regulars.domains.loyalty.model.verification import Verification
from regulars.platform import db

_COLUMNS = "verification_id, decisions, disagreements, first, asked_by, started_at, ended_at"


def add(tx: Connection, one: Verification) -> None:
    """Keep what a proof came to."""
    db.rows_of(
        tx,
        f"""INSERT INTO verifications ({_COLUMNS})
            VALUES (%(id)s, %(decisions)s, %(found)s, %(first)s::jsonb, %(by)s, %(started)s, %(ended)s) RETURNING 1""",
        id=one.verification_id,
        decisions=one.decisions,
        found=one.disagreements,
        first=orjson.dumps(one.first).decode(),
        by=one.asked_by,
        started=one.started_at,
        ended=one.ended_at,
    )


def newest(tx: Connection) -> Verification | None:
    """The one that ended last; None when there is none."""
    rows = db.rows_of(tx, f"SELECT {_COLUMNS} FROM verifications ORDER BY ended_at DESC, verification_id DESC LIMIT 1")
    return _verification(rows[0]) if rows else None


def _verification(row: Sequence[Any]) -> Verification:
    return Verification(
        verification_id=row[0],
        decisions=row[1],
        disagreements=row[2],
        first=tuple(row[3]),
        asked_by=row[4],
        started_at=row[5],
        ended_at=row[6],
    )
