"""Programme versions: drafts, and published ones by the time they take effect."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from regulars.platform import db

COLUMNS = "version, state, document, note, created_at, created_by, effective_from, published_by"


def published(tx: Connection) -> list[tuple[int, datetime, str]]:
    """Every published version by its start: (version, effective from, digest of its document)."""
    rows = db.rows_of(
        tx,
        """SELECT version, effective_from, md5(document) FROM programme_versions
            WHERE state = 'published' ORDER BY effective_from, version""",
    )
    return [(row[0], row[1], row[2]) for row in rows]


def documents(tx: Connection, versions: Sequence[int]) -> dict[int, str]:
    """The documents of these versions."""
    statement = "SELECT version, document FROM programme_versions WHERE version = ANY(%(versions)s::int[])"
    return {row[0]: row[1] for row in db.rows_of(tx, statement, versions=list(versions))}


def listed(tx: Connection) -> list[tuple[Any, ...]]:
    """All versions, newest first."""
    return db.rows_of(tx, f"SELECT {COLUMNS} FROM programme_versions ORDER BY version DESC")


def find(tx: Connection, version: int) -> tuple[Any, ...] | None:
    """One version."""
    rows = db.rows_of(tx, f"SELECT {COLUMNS} FROM programme_versions WHERE version = %(version)s", version=version)
    return rows[0] if rows else None


def add(tx: Connection, *, document: str, note: str, at: datetime, by: str) -> int:
    """A new draft; returns its version. The lock makes two adders take numbers one after the other."""
    db.rows_of(tx, "LOCK TABLE programme_versions IN SHARE ROW EXCLUSIVE MODE")
    rows = db.rows_of(
        tx,
        """INSERT INTO programme_versions (version, state, document, note, created_at, created_by)
           SELECT coalesce(max(version), 0) + 1, 'draft', %(document)s, %(note)s, %(at)s, %(by)s FROM programme_versions
        RETURNING version""",
        document=document,
        note=note,
        at=at,
        by=by,
    )
    return int(rows[0][0])


def publish(tx: Connection, version: int, *, effective_from: datetime, by: str) -> bool:
    """Publish a draft; False when it is not a draft (any more)."""
    rows = db.rows_of(
        tx,
        """UPDATE programme_versions SET state = 'published', effective_from = %(start)s, published_by = %(by)s
            WHERE version = %(version)s AND state = 'draft' RETURNING version""",
        version=version,
        start=effective_from,
        by=by,
    )
    return bool(rows)
