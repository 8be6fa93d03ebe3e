"""How often something was tried at a place, in windows that begin with the first try."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from regulars.platform import db

Place = tuple[str, str]


def count(tx: Connection, places: Iterable[tuple[Place, timedelta]], *, now: datetime) -> dict[Place, tuple[int, datetime]]:
    """Count one more try at each (kind, place), its row locked until the commit; how many the window holds now and when it ends.

    Counted before anything is compared, so that a hundred guesses at once are a hundred tries.
    """
    ordered = sorted(places)
    rows = db.rows_of(
        tx,
        """INSERT INTO member_attempts AS a (kind, place, tries, until)
           SELECT w.kind, w.place, 1, w.until FROM unnest(%(kinds)s::text[], %(places)s::text[], %(untils)s::timestamptz[])
                                                AS w(kind, place, until)
           ON CONFLICT (kind, place) DO UPDATE SET
             tries = CASE WHEN a.until <= %(now)s THEN 1 ELSE a.tries + 1 END,
             until = CASE WHEN a.until <= %(now)s THEN excluded.until ELSE a.until END
           RETURNING kind, place, tries, until""",
        kinds=[place[0] for place, _ in ordered],
        places=[place[1] for place, _ in ordered],
        untils=[now + window for _, window in ordered],
        now=now,
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}


def give_back(tx: Connection, places: Iterable[Place]) -> None:
    """Take one try off each place: it was no failure."""
    ordered = sorted(places)
    db.rows_of(
        tx,
        """UPDATE member_attempts a SET tries = GREATEST(a.tries - 1, 0)
             FROM unnest(%(kinds)s::text[], %(places)s::text[]) AS w(kind, place) WHERE a.kind = w.kind AND a.place = w.place""",
        kinds=[place[0] for place in ordered],
        places=[place[1] for place in ordered],
    )


def forget_old(tx: Connection, now: datetime) -> int:
    """Windows that are over are gone; returns how many."""
    return len(db.rows_of(tx, "DELETE FROM member_attempts WHERE until <= %(now)s RETURNING 1", now=now))
