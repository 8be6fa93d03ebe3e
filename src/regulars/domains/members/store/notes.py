"""Notes that staff keep about a member, sealed."""

from datetime import datetime

from sqlalchemy.engine import Connection

from regulars.domains.members.model import NoteId
from regulars.kernel.ids import MemberId
from regulars.platform import db


def insert(tx: Connection, member_id: MemberId, note_id: NoteId, *, sealed: bytes, author: str, at: datetime) -> None:
    """Add one note."""
    db.rows_of(
        tx,
        "INSERT INTO member_notes (member_id, note_id, sealed, author, at) VALUES (%(member)s, %(note)s, %(sealed)s, %(author)s, %(at)s)",
        member=member_id,
        note=note_id,
        sealed=sealed,
        author=author,
        at=at,
    )


def page(tx: Connection, member_id: MemberId, *, before: NoteId | None, limit: int) -> list[tuple[NoteId, bytes, str, datetime]]:
    """At most ``limit`` notes of a member, newest first, beginning behind ``before``: note ids grow with time."""
    rows = db.rows_of(
        tx,
        """SELECT note_id, sealed, author, at FROM member_notes
            WHERE member_id = %(member)s AND (%(before)s::uuid IS NULL OR note_id < %(before)s) ORDER BY note_id DESC LIMIT %(limit)s""",
        member=member_id,
        before=before,
        limit=limit,
    )
    return [(NoteId(row[0]), bytes(row[1]), row[2], row[3]) for row in rows]
