"""Sign-in attempts and sessions."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from regulars.domains.operators.model import OperatorId, Session
from regulars.domains.operators.store import people
from regulars.platform import db

Place = tuple[str, bytes]


def count_attempts(tx: Connection, places: Sequence[Place], *, now: datetime, window: timedelta) -> dict[str, tuple[int, datetime]]:
    """Count one more attempt at each place (kind, digest); return by kind how many the window holds now and when it began.

    Counted before the password is looked at, so that a hundred guesses at once are a hundred attempts.
    """
    ordered = sorted(places)
    rows = db.rows_of(
        tx,
        """INSERT INTO operator_attempts AS a (kind, key, failures, since)
           SELECT w.kind, w.key, 1, %(now)s FROM unnest(%(kinds)s::text[], %(keys)s::bytea[]) AS w(kind, key)
           ON CONFLICT (kind, key) DO UPDATE SET
             failures = CASE WHEN a.since + %(window)s <= excluded.since THEN 1 ELSE a.failures + 1 END,
             since = CASE WHEN a.since + %(window)s <= excluded.since THEN excluded.since ELSE a.since END
           RETURNING kind, failures, since""",
        kinds=[kind for kind, _ in ordered],
        keys=[key for _, key in ordered],
        now=now,
        window=window,
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def give_back(tx: Connection, places: Sequence[Place]) -> None:
    """Take one attempt off each place: it was no failure."""
    ordered = sorted(places)
    db.rows_of(
        tx,
        """UPDATE operator_attempts a SET failures = GREATEST(a.failures - 1, 0)
             FROM unnest(%(kinds)s::text[], %(keys)s::bytea[]) AS w(kind, key) WHERE a.kind = w.kind AND a.key = w.key""",
        kinds=[kind for kind, _ in ordered],
        keys=[key for _, key in ordered],
    )


def forget_attempts(tx: Connection, places: Sequence[Place]) -> None:
    """Forget every attempt at the places."""
    ordered = sorted(places)
    db.rows_of(
        tx,
        """DELETE FROM operator_attempts a USING unnest(%(kinds)s::text[], %(keys)s::bytea[]) AS w(kind, key)
            WHERE a.kind = w.kind AND a.key = w.key""",
        kinds=[kind for kind, _ in ordered],
        keys=[key for _, key in ordered],
    )


def open_session(tx: Connection, token_hash: bytes, operator_id: OperatorId, *, now: datetime, expires_at: datetime) -> None:
    """Add a session."""
    db.rows_of(
        tx,
        """INSERT INTO operator_sessions (token_hash, operator_id, opened_at, seen_at, expires_at)
           VALUES (%(hash)s, %(operator)s, %(now)s, %(now)s, %(expires)s)""",
        hash=token_hash,
        operator=operator_id,
        now=now,
        expires=expires_at,
    )


def read(tx: Connection, token_hashes: Iterable[bytes]) -> dict[bytes, Session]:
    """Sessions of active operators by the hash of their token; ``permissions`` is left for the service to work out."""
    rows = db.rows_of(
        tx,
        f"""SELECT {people.COLUMNS}, s.token_hash, s.opened_at, s.seen_at, s.expires_at
              FROM operator_sessions s JOIN operators o USING (operator_id)
             WHERE s.token_hash = ANY(%(hashes)s) AND o.state = 'active'""",
        hashes=list(token_hashes),
    )
    return {
        row[7]: Session(operator=people.operator_of(row), opened_at=row[8], seen_at=row[9], expires_at=row[10], permissions=frozenset())
        for row in rows
    }


def touch(tx: Connection, token_hashes: Iterable[bytes], now: datetime) -> None:
    """Note that sessions were used."""
    db.rows_of(
        tx,
        "UPDATE operator_sessions SET seen_at = %(now)s WHERE token_hash = ANY(%(hashes)s) AND seen_at < %(now)s",
        hashes=list(token_hashes),
        now=now,
    )


def close(tx: Connection, token_hashes: Iterable[bytes]) -> None:
    """End sessions."""
    db.rows_of(tx, "DELETE FROM operator_sessions WHERE token_hash = ANY(%(hashes)s)", hashes=list(token_hashes))


def close_all(tx: Connection, operators: Iterable[OperatorId]) -> None:
    """End every session of the operators."""
    db.rows_of(tx, "DELETE FROM operator_sessions WHERE operator_id = ANY(%(ids)s)", ids=list(operators))


def forget_old(tx: Connection, *, now: datetime, window: timedelta) -> int:
    """Remove sessions whose time is up and attempts whose window is over; return how many rows went."""
    gone = db.rows_of(tx, "DELETE FROM operator_sessions WHERE expires_at <= %(now)s RETURNING 1", now=now)
    gone += db.rows_of(tx, "DELETE FROM operator_attempts WHERE since <= %(then)s RETURNING 1", then=now - window)
    return len(gone)
