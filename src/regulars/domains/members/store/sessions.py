"""Where members are signed in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from regulars.domains.members.model import Device, SessionId
from regulars.kernel.ids import MemberId
from regulars.platform import db

_COLUMNS = "s.session_id, s.member_id, s.device, s.card, s.card_step, s.opened_at, s.seen_at, s.expires_at"
Key = tuple[MemberId, SessionId]


def insert(tx: Connection, made: Device, secret_hash: bytes) -> None:
    """Add a session."""
    db.rows_of(
        tx,
        """INSERT INTO member_sessions (member_id, session_id, secret_hash, device, card, opened_at, seen_at, expires_at)
           VALUES (%(member)s, %(session)s, %(secret)s, %(device)s, %(card)s, %(opened)s, %(seen)s, %(expires)s)""",
        member=made.member_id,
        session=made.session_id,
        secret=secret_hash,
        device=made.name,
        card=made.card,
        opened=made.opened_at,
        seen=made.seen_at,
        expires=made.expires_at,
    )


def find(tx: Connection, key: Key, now: datetime) -> tuple[Device, bytes] | None:
    """A running session of an active member, with the digest of its secret."""
    rows = db.rows_of(
        tx,
        f"""SELECT {_COLUMNS}, s.secret_hash FROM member_sessions s JOIN members m USING (member_id)
             WHERE s.member_id = %(member)s AND s.session_id = %(session)s AND s.expires_at > %(now)s AND m.status = 'active'""",
        member=key[0],
        session=key[1],
        now=now,
    )
    return (_device(rows[0]), bytes(rows[0][8])) if rows else None


def _device(row: Sequence[Any]) -> Device:
    return Device(
        session_id=SessionId(row[0]),
        member_id=MemberId(row[1]),
        name=row[2],
        card=row[3],
        card_step=row[4],
        opened_at=row[5],
        seen_at=row[6],
        expires_at=row[7],
    )


def of_member(tx: Connection, member_id: MemberId, *, now: datetime) -> list[Device]:
    """The member's running sessions, the one used last first."""
    rows = db.rows_of(
        tx,
        f"""SELECT {_COLUMNS} FROM member_sessions s WHERE s.member_id = %(member)s AND s.expires_at > %(now)s
             ORDER BY s.seen_at DESC, s.session_id DESC""",
        member=member_id,
        now=now,
    )
    return [_device(row) for row in rows]


def touch(tx: Connection, key: Key, *, now: datetime, expires_at: datetime) -> None:
    """The session was used, and lasts until ``expires_at``."""
    db.rows_of(
        tx,
        """UPDATE member_sessions SET seen_at = %(now)s, expires_at = %(expires)s
            WHERE member_id = %(member)s AND session_id = %(session)s AND seen_at < %(now)s""",
        member=key[0],
        session=key[1],
        now=now,
        expires=expires_at,
    )


def end(tx: Connection, member_id: MemberId, session_ids: Sequence[SessionId]) -> list[str]:
    """These sessions of the member are over; returns their cards."""
    rows = db.rows_of(
        tx,
        "DELETE FROM member_sessions WHERE member_id = %(member)s AND session_id = ANY(%(sessions)s::uuid[]) RETURNING card",
        member=member_id,
        sessions=list(session_ids),
    )
    return [row[0] for row in rows]


def end_all(tx: Connection, member_id: MemberId) -> list[str]:
    """Every session of the member is over, also one that ran out; returns their cards."""
    return [row[0] for row in db.rows_of(tx, "DELETE FROM member_sessions WHERE member_id = %(member)s RETURNING card", member=member_id)]


def end_old(tx: Connection, now: datetime, limit: int) -> list[str]:
    """Sessions that ran out are gone, ``limit`` of them at most; returns their cards."""
    rows = db.rows_of(
        tx,
        """DELETE FROM member_sessions s USING (SELECT member_id, session_id FROM member_sessions WHERE expires_at <= %(now)s
                                                 ORDER BY member_id, session_id LIMIT %(limit)s) w
            WHERE s.member_id = w.member_id AND s.session_id = w.session_id AND s.expires_at <= %(now)s RETURNING s.card""",
        now=now,
        limit=limit,
    )
    return [row[0] for row in rows]


def use_step(tx: Connection, key: Key, step: int) -> bool:
    """The session's codes up to this time step are used up; False when they already were. One of several callers gets True."""
    return bool(
        db.rows_of(
            tx,
            """UPDATE member_sessions SET card_step = %(step)s
                WHERE member_id = %(member)s AND session_id = %(session)s AND card_step < %(step)s RETURNING 1""",
            member=key[0],
            session=key[1],
            step=step,
        )
    )
