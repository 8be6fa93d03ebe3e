"""Counters that all members share, keyed by name. Written in the order of their names, so that two batches cannot deadlock."""

from collections.abc import Collection, Mapping

from sqlalchemy.engine import Connection

from regulars.platform import db


def used(tx: Connection, names: Collection[str]) -> dict[str, int]:
    """How far each of these counters is used; a counter that nobody has used is left out. No lock is taken."""
    if not names:
        return {}
    rows = db.rows_of(tx, "SELECT name, used FROM counters WHERE name = ANY(%(names)s)", names=sorted(names))
    return {row[0]: row[1] for row in rows}


def take(tx: Connection, taken: Mapping[str, int], limits: Mapping[str, int]) -> set[str]:
    """Add ``taken`` (below zero gives back) to each counter that stays within its limit and above zero; return the names of the others.

    Locks the counters until the commit. The caller gives a savepoint up when any name comes back.
    """
    names = sorted(name for name, amount in taken.items() if amount)
    if not names:
        return set()
    rows = db.rows_of(
        tx,
        # What is given back is inserted as nothing: the row that is proposed has to keep the table's check, though it is never there.
        """INSERT INTO counters AS c (name, used)
           SELECT n, greatest(a, 0) FROM unnest(%(names)s::text[], %(amounts)s::bigint[], %(limits)s::bigint[]) AS w(n, a, l)
            WHERE a <= l AND (a > 0 OR EXISTS (SELECT FROM counters e WHERE e.name = n)) ORDER BY n
           ON CONFLICT (name) DO UPDATE
              SET used = c.used + (SELECT a FROM unnest(%(names)s::text[], %(amounts)s::bigint[]) AS m(n, a) WHERE m.n = c.name)
            WHERE (SELECT c.used + a BETWEEN 0 AND l
                     FROM unnest(%(names)s::text[], %(amounts)s::bigint[], %(limits)s::bigint[]) AS m(n, a, l) WHERE m.n = c.name)
           RETURNING name""",
        names=names,
        amounts=[taken[name] for name in names],
        limits=[limits.get(name, 2**62) for name in names],
    )
    return set(names) - {row[0] for row in rows}


def recorded(tx: Connection) -> dict[str, int]:
    """What all decisions together took of each counter."""
    rows = db.rows_of(
        tx,
        """SELECT c.key, sum((c.value->>1)::bigint)::bigint FROM decisions d CROSS JOIN LATERAL jsonb_each(d.body->'room') AS c
            WHERE d.body ? 'room' GROUP BY c.key""",
    )
    return {row[0]: row[1] for row in rows}


def everything(tx: Connection) -> dict[str, int]:
    """How far every counter is used."""
    return {row[0]: row[1] for row in db.rows_of(tx, "SELECT name, used FROM counters")}
