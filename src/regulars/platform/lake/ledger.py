"""What the database remembers of its lakes, so that neither a restored database nor a restored lake goes unnoticed.

An *epoch* is a stretch in which PostgreSQL's transaction numbers only grew: it ends when the rows turn up in another cluster (a dump that
was restored there), whose numbers begin elsewhere. A new epoch adds so much to them that they go on above all that were ever recorded.

A *token* names a manifest. The database commits the next token before the manifest that carries it is published. So a lake whose token is
none of the two that the database remembers was filled from a later state of the database than the one that is here now: the database was
set back, and numbers the lake has already seen will be given out a second time to other rows. Then a new epoch begins as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.engine import Connection

from regulars.platform import db
from regulars.platform.context import Ctx
from regulars.platform.lake import recording
from regulars.platform.lake.manifests import Manifest

_LOCK = 7_314_422
"""The advisory lock behind which an epoch begins."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """``added`` to PostgreSQL's transaction numbers gives the numbers that rows carry."""

    number: int
    added: int


def epoch(ctx: Ctx, manifest: Manifest | None) -> Epoch:
    """The epoch we are in; a new one is begun when the database is not the one that filled ``manifest``, or not in the same cluster.

    Compare ``number`` with the manifest's: another one means that the lake has to be filled anew.
    """
    current = _current(ctx.tx)
    if current is not None and not _set_back(ctx.tx, manifest):
        return current
    db.rows_of(ctx.tx, "SELECT pg_advisory_xact_lock(%(key)s)", key=_LOCK)
    again = _current(ctx.tx)
    if again is not None and again != current:
        return again  # another process began it while we waited
    return _begin(ctx)


def _current(tx: Connection) -> Epoch | None:
    """The last epoch, if it was begun in this cluster."""
    rows = db.rows_of(
        tx,
        """SELECT epoch, added FROM lake_epochs
            WHERE epoch = (SELECT max(epoch) FROM lake_epochs)
              AND system_identifier = (SELECT system_identifier::text FROM pg_control_system())""",
    )
    return Epoch(*rows[0]) if rows else None


def _set_back(tx: Connection, manifest: Manifest | None) -> bool:
    """Whether ``manifest`` knows more than the database."""
    if manifest is None:
        return False
    rows = db.rows_of(tx, "SELECT token, previous, epoch FROM lakes WHERE lake_id = %(lake)s", lake=manifest.lake_id)
    return not rows or manifest.token not in rows[0][:2]


def _begin(ctx: Ctx) -> Epoch:
    names = [table.name for table in db.metadata.sorted_tables if recording.COLUMN in table.columns]
    before = db.rows_of(ctx.tx, "SELECT added FROM lake_epochs ORDER BY epoch DESC LIMIT 1")
    added = int(before[0][0]) if before else 0
    if _highest(ctx.tx, names) >= _present(ctx.tx) + added:
        added = _moved_on(ctx.tx, names)
    number = db.rows_of(
        ctx.tx,
        """INSERT INTO lake_epochs (epoch, system_identifier, added, begun_at)
           SELECT coalesce(max(epoch), 0) + 1, (SELECT system_identifier::text FROM pg_control_system()), %(added)s, %(now)s
             FROM lake_epochs RETURNING epoch""",
        added=added,
        now=ctx.now,
    )[0][0]
    return Epoch(int(number), added)


def _moved_on(tx: Connection, names: Sequence[str]) -> int:
    """From this commit on rows get numbers above all that are there; returns what is added to PostgreSQL's own."""
    # Waits for whoever is writing, so that nobody goes on with the old numbers; not for long, since others wait behind us.
    db.rows_of(tx, "SET LOCAL lock_timeout = '3s'")
    for name in names:
        db.rows_of(tx, f'LOCK TABLE "{name}" IN ACCESS EXCLUSIVE MODE')
    added = max(_highest(tx, names) + 1 - _present(tx), 0)
    for name in names:
        db.rows_of(tx, f'ALTER TABLE "{name}" ALTER COLUMN {recording.COLUMN} SET DEFAULT (txid_current() + {added})')
    return added


def _highest(tx: Connection, names: Sequence[str]) -> int:
    return max((int(db.rows_of(tx, f'SELECT coalesce(max({recording.COLUMN}), 0) FROM "{name}"')[0][0]) for name in names), default=0)


def _present(tx: Connection) -> int:
    return int(db.rows_of(tx, "SELECT txid_current()")[0][0])


def announce(ctx: Ctx, manifest: Manifest, *, replacing: UUID | None) -> None:
    """The database knows ``manifest``, which the caller publishes when this is committed, and the one it replaces."""
    # Published and then forgotten in a power failure, it would look like a database that was set back.
    db.rows_of(ctx.tx, "SET LOCAL synchronous_commit = on")
    db.rows_of(
        ctx.tx,
        """INSERT INTO lakes (lake_id, epoch, serial, token, previous, watermark, announced_at)
           VALUES (%(lake)s, %(epoch)s, %(serial)s, %(token)s, %(previous)s, %(watermark)s, %(now)s)
           ON CONFLICT (lake_id) DO UPDATE SET epoch = excluded.epoch, serial = excluded.serial, token = excluded.token,
              previous = excluded.previous, watermark = excluded.watermark, announced_at = excluded.announced_at""",
        lake=manifest.lake_id,
        epoch=manifest.epoch,
        serial=manifest.serial,
        token=manifest.token,
        previous=replacing,
        watermark=manifest.watermark,
        now=ctx.now,
    )
