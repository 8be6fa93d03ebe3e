"""One-time codes, as digests by contact, and the messages of the development inbox."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.engine import Connection

from regulars.kernel.ids import MemberId
from regulars.platform import db


def put(tx: Connection, purpose: str, contacts: Sequence[str], *, code: str, expires_at: datetime) -> None:
    """This is the contact's only code for the purpose. ``contacts``: its digests, the newest key's first."""
    db.rows_of(
        tx,
        "DELETE FROM member_codes WHERE purpose = %(purpose)s AND contact = ANY(%(older)s::text[])",
        purpose=purpose,
        older=list(contacts[1:]),
    )
    db.rows_of(
        tx,
        """INSERT INTO member_codes (purpose, contact, code, tries, expires_at)
           VALUES (%(purpose)s, %(contact)s, %(code)s, 0, %(expires)s)
           ON CONFLICT (purpose, contact) DO UPDATE SET code = excluded.code, tries = 0, expires_at = excluded.expires_at""",
        purpose=purpose,
        contact=contacts[0],
        code=code,
        expires=expires_at,
    )


def count_try(tx: Connection, purpose: str, contacts: Sequence[str], *, now: datetime) -> tuple[str, int] | None:
    """Count one more try of the contact's code; the code's digest and the number of tries, None when there is no valid code."""
    rows = db.rows_of(
        tx,
        """UPDATE member_codes SET tries = tries + 1
            WHERE purpose = %(purpose)s AND contact = ANY(%(contacts)s::text[]) AND expires_at > %(now)s RETURNING code, tries""",
        purpose=purpose,
        contacts=list(contacts),
        now=now,
    )
    return (rows[0][0], rows[0][1]) if rows else None


def use(tx: Connection, purpose: str, contacts: Sequence[str], *, code: str) -> bool:
    """The code is gone; True for the one caller that took it away, so that two with the same code don't both get in."""
    return bool(
        db.rows_of(
            tx,
            """DELETE FROM member_codes WHERE purpose = %(purpose)s AND contact = ANY(%(contacts)s::text[]) AND code = %(code)s
               RETURNING 1""",
            purpose=purpose,
            contacts=list(contacts),
            code=code,
        )
    )


def keep_message(tx: Connection, member_id: MemberId, message_id: UUID, *, sealed: bytes, sent_at: datetime, expires_at: datetime) -> None:
    """A message of the development inbox is there to be read until it expires."""
    db.rows_of(
        tx,
        """INSERT INTO member_inbox (member_id, message_id, sealed, sent_at, expires_at)
           VALUES (%(member)s, %(message)s, %(sealed)s, %(sent)s, %(expires)s)""",
        member=member_id,
        message=message_id,
        sealed=sealed,
        sent=sent_at,
        expires=expires_at,
    )


def messages(tx: Connection, *, now: datetime, limit: int) -> list[tuple[Any, ...]]:
    """The newest messages of the development inbox: (member, message, sealed, sent at, expires at)."""
    return db.rows_of(
        tx,
        """SELECT member_id, message_id, sealed, sent_at, expires_at FROM member_inbox
            WHERE expires_at > %(now)s ORDER BY sent_at DESC, message_id DESC LIMIT %(limit)s""",
        now=now,
        limit=limit,
    )


def forget_old(tx: Connection, now: datetime) -> int:
    """Codes and messages whose time is over are gone; returns how many."""
    gone = db.rows_of(tx, "DELETE FROM member_codes WHERE expires_at <= %(now)s RETURNING 1", now=now)
    gone += db.rows_of(tx, "DELETE FROM member_inbox WHERE expires_at <= %(now)s RETURNING 1", now=now)
    return len(gone)
