"""Files sent for import and the imports made of them; and the intake's imports and quarantine as pages, for those who watch."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.engine import Connection

from regulars.domains.loyalty.model.uploads import Upload, UploadImport
from regulars.platform import db

_UPLOAD = "upload_id, name, size, sha256, format, uploaded_by, uploaded_at, removed_at"
_RUN = "run_id, upload_id, settings, path, job_id, asked_by, asked_at, error"

Listed = tuple[UUID, datetime, UUID | None]
"""The id an import is known by, when it was asked for, and the intake's own id of it, if it has begun."""


def add(tx: Connection, one: Upload) -> None:
    """The file is on record."""
    db.rows_of(
        tx,
        f"""INSERT INTO uploads ({_UPLOAD})
            VALUES (%(id)s, %(name)s, %(size)s, %(sha)s, %(format)s, %(by)s, %(at)s, NULL)""",
        id=one.upload_id,
        name=one.name,
        size=one.size,
        sha=one.sha256,
        format=one.format,
        by=one.uploaded_by,
        at=one.uploaded_at,
    )


def uploads(tx: Connection, upload_ids: Sequence[UUID], *, lock: bool = False) -> dict[UUID, Upload]:
    """The uploads among these ids, their rows locked until the commit when asked for."""
    statement = f"SELECT {_UPLOAD} FROM uploads WHERE upload_id = ANY(%(ids)s::uuid[])" + (" FOR UPDATE" if lock else "")
    rows = db.rows_of(tx, statement, ids=list(upload_ids))
    return {row[0]: _upload(row) for row in rows}


def _upload(row: Sequence[Any]) -> Upload:
    return Upload(
        upload_id=row[0],
        name=row[1],
        size=row[2],
        sha256=row[3],
        format=row[4],
        uploaded_by=row[5],
        uploaded_at=row[6],
        removed_at=row[7],
    )


def older(tx: Connection, before: datetime, limit: int) -> list[UUID]:
    """Uploads from before this time whose content is still there."""
    rows = db.rows_of(
        tx,
        """SELECT upload_id FROM uploads WHERE uploaded_at < %(before)s AND removed_at IS NULL ORDER BY uploaded_at LIMIT %(limit)s
              FOR UPDATE SKIP LOCKED""",
        before=before,
        limit=limit,
    )
    return [row[0] for row in rows]


def mark_removed(tx: Connection, upload_ids: Sequence[UUID], at: datetime) -> None:
    """The content of these uploads is given up."""
    db.rows_of(tx, "UPDATE uploads SET removed_at = %(at)s WHERE upload_id = ANY(%(ids)s::uuid[])", ids=list(upload_ids), at=at)


def wanted(tx: Connection, ids: Sequence[UUID]) -> set[UUID]:
    """Those of these ids that name an upload whose content is kept, or an import of one."""
    rows = db.rows_of(
        tx,
        """SELECT upload_id FROM uploads WHERE upload_id = ANY(%(ids)s::uuid[]) AND removed_at IS NULL
           UNION ALL
           SELECT i.run_id FROM upload_imports i JOIN uploads u USING (upload_id)
            WHERE i.run_id = ANY(%(ids)s::uuid[]) AND u.removed_at IS NULL""",
        ids=list(ids),
    )
    return {row[0] for row in rows}


def add_run(tx: Connection, one: UploadImport) -> None:
    """The import is on record."""
    db.rows_of(
        tx,
        f"""INSERT INTO upload_imports ({_RUN})
            VALUES (%(id)s, %(upload)s, %(settings)s::jsonb, %(path)s, %(job)s, %(by)s, %(at)s, NULL)""",
        id=one.run_id,
        upload=one.upload_id,
        settings=orjson.dumps(one.settings).decode(),
        path=one.path,
        job=one.job_id,
        by=one.asked_by,
        at=one.asked_at,
    )


def runs(tx: Connection, run_ids: Sequence[UUID], *, lock: bool = False) -> dict[UUID, UploadImport]:
    """The imports among these ids, their rows locked until the commit when asked for."""
    statement = f"SELECT {_RUN} FROM upload_imports WHERE run_id = ANY(%(ids)s::uuid[])" + (" FOR UPDATE" if lock else "")
    return {row[0]: _run(row) for row in db.rows_of(tx, statement, ids=list(run_ids))}


def runs_of(tx: Connection, upload_ids: Sequence[UUID]) -> list[UploadImport]:
    """Every import of these uploads, newest first."""
    rows = db.rows_of(
        tx,
        f"SELECT {_RUN} FROM upload_imports WHERE upload_id = ANY(%(ids)s::uuid[]) ORDER BY asked_at DESC, run_id DESC",
        ids=list(upload_ids),
    )
    return [_run(row) for row in rows]


def _run(row: Sequence[Any]) -> UploadImport:
    return UploadImport(
        run_id=row[0], upload_id=row[1], settings=row[2], path=row[3], job_id=row[4], asked_by=row[5], asked_at=row[6], error=row[7]
    )


def queue_again(tx: Connection, run_id: UUID, job_id: int) -> None:
    """The import goes on as this job; why it failed before is forgotten."""
    db.rows_of(tx, "UPDATE upload_imports SET job_id = %(job)s, error = NULL WHERE run_id = %(id)s", id=run_id, job=job_id)


def failed(tx: Connection, run_id: UUID, error: dict[str, str]) -> None:
    """Why the import's last run failed is on record."""
    db.rows_of(
        tx, "UPDATE upload_imports SET error = %(error)s::jsonb WHERE run_id = %(id)s", id=run_id, error=orjson.dumps(error).decode()
    )


_LISTED = """SELECT r.run_id AS id, r.asked_at AS at, i.import_id FROM upload_imports r LEFT JOIN imports i ON i.file = r.path
             UNION ALL
             SELECT i.import_id, i.started_at, i.import_id FROM imports i
              WHERE NOT EXISTS (SELECT FROM upload_imports r WHERE r.path = i.file)"""


def page(tx: Connection, *, before: tuple[datetime, UUID] | None, limit: int) -> list[Listed]:
    """Imports of uploads, and those begun from a command line, newest first, after the cursor (at, id)."""
    rows = db.rows_of(
        tx,
        f"""SELECT id, at, import_id FROM ({_LISTED}) AS l
             WHERE %(at)s::timestamptz IS NULL OR (at, id) < (%(at)s, %(id)s)
             ORDER BY at DESC, id DESC LIMIT %(limit)s""",
        at=before[0] if before else None,
        id=before[1] if before else None,
        limit=limit,
    )
    return [(row[0], row[1], row[2]) for row in rows]


def find(tx: Connection, run_id: UUID) -> Listed | None:
    """The import known by this id, or None."""
    rows = db.rows_of(tx, f"SELECT id, at, import_id FROM ({_LISTED}) AS l WHERE id = %(id)s", id=run_id)
    return (rows[0][0], rows[0][1], rows[0][2]) if rows else None


def quarantine(
    tx: Connection, import_id: UUID, *, reason: str | None, after: tuple[int, int] | None, limit: int
) -> list[tuple[int, str, str, str, str, bool]]:
    """A page of what was not taken: (line, field, value, reason, detail, kept) in the file's order.

    ``after``: the line the page before ended in, and how many of that line's entries it showed.
    """
    row_no, shown = after or (0, 0)
    rows = db.rows_of(
        tx,
        """SELECT row_no, field, value, reason, detail, kept FROM import_quarantine
            WHERE import_id = %(id)s AND row_no >= %(row)s AND (%(reason)s::text IS NULL OR reason = %(reason)s)
            ORDER BY row_no, kept, field, reason OFFSET %(shown)s LIMIT %(limit)s""",
        id=import_id,
        row=row_no,
        shown=shown,
        reason=reason,
        limit=limit,
    )
    return [(row[0], row[1], row[2], row[3], row[4], row[5]) for row in rows]
