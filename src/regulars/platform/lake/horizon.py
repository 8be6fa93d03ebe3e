"""The horizon: a transaction number below which nothing can be recorded any more in this database."""

from sqlalchemy.engine import Connection

from regulars.platform import db


def of(tx: Connection) -> int:
    """Every transaction of this database numbered below this has ended, and what it committed is seen by every later statement.

    PostgreSQL's own numbers, without what an epoch adds. The oldest transaction that still runs sets it. Those of other databases of the
    same server are left out: they cannot have written here, and a long one would hold back everybody's lake. One of which nobody can
    say where it runs (it has just ended, or was prepared) counts as ours.

    Must be the first statement of its transaction: the list of who runs where has to be younger than the list of what runs.
    """
    rows = db.rows_of(
        tx,
        """WITH now AS MATERIALIZED (SELECT pg_current_snapshot() AS seen),
                running AS MATERIALIZED (SELECT xid::text::bigint AS xid FROM now, pg_snapshot_xip(now.seen) AS xid)
           SELECT coalesce(min(r.xid), (SELECT pg_snapshot_xmax(seen)::text::bigint FROM now))
             FROM running r
            WHERE NOT EXISTS (
                  SELECT FROM pg_stat_activity a
                   WHERE a.backend_xid::text::bigint = r.xid % 4294967296
                     AND a.datid <> (SELECT oid FROM pg_database WHERE datname = current_database()))""",
    )
    return int(rows[0][0])


def held_by(tx: Connection) -> tuple[int, float] | None:
    """(process number, seconds) of the oldest running transaction of this database that writes; ``None`` when there is none."""
    rows = db.rows_of(
        tx,
        """SELECT pid, extract(epoch FROM clock_timestamp() - xact_start)::float8 FROM pg_stat_activity
            WHERE backend_xid IS NOT NULL AND datname = current_database() AND pid <> pg_backend_pid()
            ORDER BY xact_start LIMIT 1""",
    )
    return (int(rows[0][0]), float(rows[0][1] or 0)) if rows else None
