"""Previews and re-assessments on record, and the members they go through."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.engine import Connection

from regulars.domains.loyalty.model.reassessment import Ask, Preview, Reassessment, Tally
from regulars.kernel.ids import MemberId
from regulars.platform import db

_PREVIEW = "preview_id, draft, draft_version, running_version, down, as_of, job_id, asked_by, asked_at, ended_at, result, error"
_ONE = (
    "reassessment_id, version, down, reason, at, preview_id, job_id, asked_by, cursor, looked, moved, failed, steps, refused, "
    "ended_at, error"
)


def members_after(tx: Connection, after: UUID, limit: int) -> list[MemberId]:
    """The next members that have a standing, by id."""
    rows = db.rows_of(
        tx,
        "SELECT member_id FROM standings WHERE member_id > %(after)s ORDER BY member_id LIMIT %(limit)s",
        after=after,
        limit=limit,
    )
    return [MemberId(row[0]) for row in rows]


def add_preview(tx: Connection, one: Preview) -> None:
    """The preview is on record."""
    db.rows_of(
        tx,
        f"""INSERT INTO reassessment_previews ({_PREVIEW})
            VALUES (%(id)s, %(draft)s, %(draft_version)s, %(running)s, %(down)s, %(as_of)s, %(job)s, %(by)s, %(at)s, %(ended)s,
                    %(result)s::jsonb, NULL)""",
        id=one.preview_id,
        draft=one.ask.draft,
        draft_version=one.ask.draft_version,
        running=one.ask.running_version,
        down=one.ask.down,
        as_of=one.ask.as_of,
        job=one.job_id,
        by=one.asked_by,
        at=one.asked_at,
        ended=one.ended_at,
        result=_json(one.result),
    )


def find_preview(tx: Connection, preview_id: UUID) -> Preview | None:
    """One preview."""
    rows = db.rows_of(tx, f"SELECT {_PREVIEW} FROM reassessment_previews WHERE preview_id = %(id)s", id=preview_id)
    return _preview(rows[0]) if rows else None


def page_previews(tx: Connection, *, before: tuple[datetime, UUID] | None, limit: int) -> list[Preview]:
    """Previews, newest first, after the cursor (asked at, id); documents and results are left out."""
    columns = _PREVIEW.replace("draft, ", "'' AS draft, ", 1).replace("result", "NULL::jsonb")
    rows = db.rows_of(
        tx,
        f"""SELECT {columns} FROM reassessment_previews
             WHERE %(first)s OR (asked_at, preview_id) < (%(at)s::timestamptz, %(id)s::uuid)
             ORDER BY asked_at DESC, preview_id DESC LIMIT %(limit)s""",
        first=before is None,
        at=before[0] if before else None,
        id=before[1] if before else None,
        limit=limit,
    )
    return [_preview(row) for row in rows]


def latest_preview(tx: Connection, document: str, *, down: bool) -> UUID | None:
    """The newest finished preview of this very document."""
    rows = db.rows_of(
        tx,
        """SELECT preview_id FROM reassessment_previews
            WHERE result IS NOT NULL AND draft = %(document)s AND down = %(down)s ORDER BY asked_at DESC LIMIT 1""",
        document=document,
        down=down,
    )
    return rows[0][0] if rows else None


def finish_preview(
    tx: Connection, preview_id: UUID, *, at: datetime, result: Mapping[str, Any] | None = None, error: Mapping[str, str] | None = None
) -> None:
    """The preview came to this. The last word counts: a job that is run again finds the same."""
    db.rows_of(
        tx,
        """UPDATE reassessment_previews SET result = %(result)s::jsonb, error = %(error)s::jsonb, ended_at = %(at)s
            WHERE preview_id = %(id)s""",
        id=preview_id,
        at=at,
        result=_json(result),
        error=_json(error),
    )


def lock(tx: Connection) -> None:
    """Who begins, resumes or ends a re-assessment waits for whoever else does, to the end of the transaction."""
    db.rows_of(tx, "LOCK TABLE reassessments IN SHARE ROW EXCLUSIVE MODE")


def add(tx: Connection, one: Reassessment) -> None:
    """The re-assessment is on record, before its first member."""
    db.rows_of(
        tx,
        """INSERT INTO reassessments (reassessment_id, version, down, reason, at, preview_id, job_id, asked_by)
           VALUES (%(id)s, %(version)s, %(down)s, %(reason)s, %(at)s, %(preview)s, %(job)s, %(by)s)""",
        id=one.reassessment_id,
        version=one.version,
        down=one.down,
        reason=one.reason,
        at=one.at,
        preview=one.preview_id,
        job=one.job_id,
        by=one.asked_by,
    )


def find(tx: Connection, reassessment_id: UUID) -> Reassessment | None:
    """One re-assessment."""
    rows = db.rows_of(tx, f"SELECT {_ONE} FROM reassessments WHERE reassessment_id = %(id)s", id=reassessment_id)
    return _one(rows[0]) if rows else None


def page(tx: Connection, *, before: tuple[datetime, UUID] | None, limit: int) -> list[Reassessment]:
    """Re-assessments, newest first, after the cursor (at, id)."""
    rows = db.rows_of(
        tx,
        f"""SELECT {_ONE} FROM reassessments
             WHERE %(first)s OR (at, reassessment_id) < (%(at)s::timestamptz, %(id)s::uuid)
             ORDER BY at DESC, reassessment_id DESC LIMIT %(limit)s""",
        first=before is None,
        at=before[0] if before else None,
        id=before[1] if before else None,
        limit=limit,
    )
    return [_one(row) for row in rows]


def unfinished(tx: Connection) -> list[Reassessment]:
    """Those that have not gone through everybody, whatever became of their jobs; newest first."""
    return [_one(row) for row in db.rows_of(tx, f"SELECT {_ONE} FROM reassessments WHERE ended_at IS NULL ORDER BY at DESC")]


def queue_again(tx: Connection, reassessment_id: UUID, job_id: int) -> None:
    """The re-assessment goes on by another job."""
    db.rows_of(
        tx,
        "UPDATE reassessments SET job_id = %(job)s, error = NULL WHERE reassessment_id = %(id)s",
        id=reassessment_id,
        job=job_id,
    )


def advance(tx: Connection, one: Reassessment, cursor: UUID, tally: Tally) -> bool:
    """Everybody up to ``cursor`` is done and counted; False when another run has come further than ``one`` says."""
    rows = db.rows_of(
        tx,
        """UPDATE reassessments SET cursor = %(cursor)s, looked = %(looked)s, moved = %(moved)s, failed = %(failed)s,
                  steps = %(steps)s::jsonb, refused = %(refused)s::jsonb
            WHERE reassessment_id = %(id)s AND cursor IS NOT DISTINCT FROM %(was)s::uuid RETURNING 1""",
        id=one.reassessment_id,
        was=one.cursor,
        cursor=cursor,
        looked=tally.looked,
        moved=tally.moved,
        failed=tally.failed,
        steps=_json([[*step, members] for step, members in sorted(tally.steps.items())]),
        refused=_json(tally.refused),
    )
    return bool(rows)


def finish(tx: Connection, reassessment_id: UUID, *, at: datetime) -> bool:
    """Everybody is done; False when that was said before."""
    rows = db.rows_of(
        tx,
        "UPDATE reassessments SET ended_at = %(at)s WHERE reassessment_id = %(id)s AND ended_at IS NULL RETURNING 1",
        id=reassessment_id,
        at=at,
    )
    return bool(rows)


def fail(tx: Connection, reassessment_id: UUID, error: Mapping[str, str]) -> None:
    """Why the last run of the re-assessment failed: {"code", "en", "zh"}."""
    db.rows_of(
        tx,
        "UPDATE reassessments SET error = %(error)s::jsonb WHERE reassessment_id = %(id)s",
        id=reassessment_id,
        error=_json(error),
    )


def _json(value: object) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


def _preview(row: Sequence[Any]) -> Preview:
    ask = Ask(draft=row[1], draft_version=row[2], running_version=row[3], down=row[4], as_of=row[5])
    return Preview(
        preview_id=row[0], ask=ask, job_id=row[6], asked_by=row[7], asked_at=row[8], ended_at=row[9], result=row[10], error=row[11]
    )


def _one(row: Sequence[Any]) -> Reassessment:
    steps = {(ladder, was, now): members for ladder, was, now, members in row[12]}
    tally = Tally(looked=row[9], moved=row[10], failed=row[11], steps=steps, refused=tuple((m, code) for m, code in row[13]))
    return Reassessment(
        reassessment_id=row[0],
        version=row[1],
        down=row[2],
        reason=row[3],
        at=row[4],
        preview_id=row[5],
        job_id=row[6],
        asked_by=row[7],
        cursor=row[8],
        tally=tally,
        ended_at=row[14],
        error=row[15],
    )
