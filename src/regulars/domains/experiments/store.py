"""Every SQL statement of the experiments slice."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.engine import Connection

from regulars.domains.experiments.model import Exposure, HoldOut
from regulars.kernel.ids import MemberId
from regulars.platform import db

_SETTINGS = "SELECT salt, share_bp, is_on, version FROM holdout_settings"


def find_settings(tx: Connection) -> HoldOut | None:
    """How the hold-out is set; None before its first use."""
    rows = db.rows_of(tx, _SETTINGS)
    return _settings(rows[0]) if rows else None


def insert_settings(tx: Connection, first: HoldOut, at: datetime) -> None:
    """Keep these settings unless somebody was faster."""
    db.rows_of(
        tx,
        """INSERT INTO holdout_settings (salt, share_bp, is_on, version, changed_at)
           VALUES (%(salt)s, %(share)s, %(on)s, %(version)s, %(at)s) ON CONFLICT DO NOTHING""",
        salt=first.salt,
        share=first.share_bp,
        on=first.on,
        version=first.version,
        at=at,
    )


def update_settings(tx: Connection, changed: HoldOut, at: datetime) -> bool:
    """Write the settings over the version before them; False when that is no longer the current one."""
    return bool(
        db.rows_of(
            tx,
            """UPDATE holdout_settings SET share_bp = %(share)s, is_on = %(on)s, version = %(version)s, changed_at = %(at)s
                WHERE version = %(version)s - 1 RETURNING version""",
            share=changed.share_bp,
            on=changed.on,
            version=changed.version,
            at=at,
        )
    )


def find_assignments(tx: Connection, member_ids: Iterable[MemberId]) -> dict[MemberId, bool]:
    """Whether each member that was assigned is held out."""
    rows = db.rows_of(
        tx,
        "SELECT member_id, held_out FROM holdout_members WHERE member_id = ANY(%(ids)s::uuid[])",
        ids=list(member_ids),
    )
    return {MemberId(row[0]): row[1] for row in rows}


def insert_assignments(tx: Connection, buckets: Mapping[MemberId, int], *, share_bp: int, at: datetime) -> dict[MemberId, bool]:
    """Assign these members; those returned were written, the others had been assigned meanwhile. In key order: no deadlock."""
    ordered = sorted(buckets)
    rows = db.rows_of(
        tx,
        """INSERT INTO holdout_members (member_id, bucket, held_out, assigned_at)
           SELECT w.member_id, w.bucket, w.bucket < %(share)s, %(at)s
             FROM unnest(%(ids)s::uuid[], %(buckets)s::smallint[]) AS w(member_id, bucket)
           ON CONFLICT DO NOTHING RETURNING member_id, held_out""",
        ids=ordered,
        buckets=[buckets[m] for m in ordered],
        share=share_bp,
        at=at,
    )
    return {MemberId(row[0]): row[1] for row in rows}


def insert_exposures(tx: Connection, exposures: Sequence[Exposure], at: datetime) -> int:
    """Append exposures and return how many were new; the same member, thing and time is one exposure."""
    ordered = sorted(exposures, key=lambda e: (e.member_id, e.what, e.at))
    rows = db.rows_of(
        tx,
        """INSERT INTO exposures (member_id, what, at, held_out, recorded_at)
           SELECT w.*, %(recorded)s
             FROM unnest(%(ids)s::uuid[], %(whats)s::text[], %(ats)s::timestamptz[], %(helds)s::boolean[]) AS w
           ON CONFLICT DO NOTHING RETURNING 1""",
        ids=[e.member_id for e in ordered],
        whats=[e.what for e in ordered],
        ats=[e.at for e in ordered],
        helds=[e.held_out for e in ordered],
        recorded=at,
    )
    return len(rows)


def _settings(row: tuple[object, ...]) -> HoldOut:
    salt, share_bp, on, version = row
    return HoldOut(salt=str(salt), share_bp=int(str(share_bp)), on=bool(on), version=int(str(version)))
