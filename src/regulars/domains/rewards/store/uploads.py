"""Uploads of codes: kept sealed in parts, brought into their pool part by part, withdrawn. The row of an upload is held meanwhile."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.engine import Connection

from regulars.domains.rewards.model import Code, CodeBatch, UploadState
from regulars.platform import db

_NAMES = ("batch_id", "pool", "wrapped", "made_at", "made_by", "added", "known", "withdrawn", "wanted", "state")
# Of an earlier release's uploads nobody wrote down how many codes they held, but all of them came in.
_COLUMNS = ", ".join((*_NAMES[:8], "greatest(wanted, added + known)", "state"))


def known(tx: Connection, pool: str, digests: Collection[str]) -> set[str]:
    """Those of the digests that the pool has."""
    rows = db.rows_of(
        tx, "SELECT digest FROM reward_codes WHERE pool = %(pool)s AND digest = ANY(%(digests)s::text[])", pool=pool, digests=list(digests)
    )
    return {row[0] for row in rows}


def add(tx: Connection, batch: CodeBatch, codes: Sequence[Code]) -> int:
    """The codes are free in the pool, those left out whose digest it got meanwhile; the answer is how many came in."""
    ordered = sorted(codes, key=lambda code: code.digest)
    rows = db.rows_of(
        tx,
        # In the order of the digests, so that two uploads of the same codes wait for each other instead of deadlocking.
        """INSERT INTO reward_codes (pool, batch_id, digest, code_id, sealed)
           SELECT %(pool)s, %(batch)s, w.* FROM unnest(%(digests)s::text[], %(ids)s::uuid[], %(sealed)s::bytea[]) AS w
           ON CONFLICT DO NOTHING RETURNING 1""",
        pool=batch.pool,
        batch=batch.batch_id,
        digests=[code.digest for code in ordered],
        ids=[code.code_id for code in ordered],
        sealed=[code.sealed for code in ordered],
    )
    return len(rows)


def add_batch(tx: Connection, batch: CodeBatch) -> None:
    """The upload is there, with the key of its codes."""
    db.copy_rows(tx, "reward_code_batches", _NAMES, [(*(getattr(batch, name) for name in _NAMES[:-1]), batch.state.value)])


def add_parts(tx: Connection, batch_id: UUID, sealed: Sequence[bytes]) -> None:
    """The upload has these parts still to come in, in their order."""
    db.copy_rows(tx, "reward_code_parts", ("batch_id", "n", "sealed"), [(batch_id, n, part) for n, part in enumerate(sealed)])


def find(tx: Connection, batch_id: UUID, *, lock: bool = False) -> CodeBatch | None:
    """The upload, held against whoever else changes it when ``lock``; None when there is none."""
    rows = db.rows_of(tx, f"SELECT {_COLUMNS} FROM reward_code_batches WHERE batch_id = %(b)s{' FOR UPDATE' if lock else ''}", b=batch_id)
    return _batch(rows[0]) if rows else None


def page(tx: Connection, pool: str) -> list[CodeBatch]:
    """The uploads to a pool, newest first."""
    rows = db.rows_of(tx, f"SELECT {_COLUMNS} FROM reward_code_batches WHERE pool = %(pool)s ORDER BY batch_id DESC LIMIT 200", pool=pool)
    return [_batch(row) for row in rows]


def take_part(tx: Connection, batch_id: UUID) -> tuple[int, bytes] | None:
    """The next part of the upload, whose row the caller holds: it is there no more. None when all came in."""
    rows = db.rows_of(
        tx,
        """DELETE FROM reward_code_parts
            WHERE batch_id = %(b)s AND n = (SELECT min(n) FROM reward_code_parts WHERE batch_id = %(b)s) RETURNING n, sealed""",
        b=batch_id,
    )
    return (rows[0][0], bytes(rows[0][1])) if rows else None


def count(tx: Connection, batch_id: UUID, *, added: int, known: int) -> CodeBatch:
    """So many more of the upload came in and were known; it is ready once no part is left. The upload as it stands then."""
    (row,) = db.rows_of(
        tx,
        f"""UPDATE reward_code_batches b SET added = added + %(added)s, known = known + %(known)s,
                   state = CASE WHEN EXISTS (SELECT 1 FROM reward_code_parts p WHERE p.batch_id = b.batch_id) THEN state ELSE 'ready' END
             WHERE b.batch_id = %(b)s RETURNING {_COLUMNS}""",
        b=batch_id,
        added=added,
        known=known,
    )
    return _batch(row)


def withdraw(tx: Connection, batch: CodeBatch) -> CodeBatch:
    """The upload, whose row the caller holds, is void, and its codes that no order has are gone; the upload as it stands then.

    Whoever takes a code at this moment is waited for: it is theirs when they commit, and gone when they don't.
    """
    db.rows_of(tx, "DELETE FROM reward_code_parts WHERE batch_id = %(b)s RETURNING 1", b=batch.batch_id)
    (row,) = db.rows_of(
        tx,
        f"""WITH gone AS (
              DELETE FROM reward_codes WHERE pool = %(pool)s AND batch_id = %(b)s AND order_id IS NULL RETURNING 1)
            UPDATE reward_code_batches SET state = 'void', withdrawn = (SELECT count(*) FROM gone)
             WHERE batch_id = %(b)s RETURNING {_COLUMNS}""",
        pool=batch.pool,
        b=batch.batch_id,
    )
    return _batch(row)


def _batch(row: Sequence[Any]) -> CodeBatch:
    fields = dict(zip(_NAMES, row, strict=True))
    return CodeBatch(**{**fields, "wrapped": bytes(fields["wrapped"]), "state": UploadState(fields["state"])})
