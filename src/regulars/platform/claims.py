"""Uniqueness that spans members: order numbers, external ids, blind indexes, idempotency keys.

One table, keyed by the key, so that no unique index ever has to cross members. A claim remembers what it was taken for
(``ref``), by which subject, the hash of the body that came with it, and the answer that was given: a retry gets the same answer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection

from regulars.platform import db

claims = sa.Table(
    "claims",
    db.metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("body_hash", sa.LargeBinary, nullable=False),
    sa.Column("subject_id", sa.Uuid),
    sa.Column("ref", sa.Uuid),
    sa.Column("answer", JSONB),
    sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One key that is, or is to be, taken. ``answer`` is what the first caller was told."""

    kind: str
    key: str
    body_hash: bytes = b""
    subject_id: UUID | None = None
    ref: UUID | None = None
    answer: dict[str, object] | None = None


Key = tuple[str, str]


def find(tx: Connection, keys: Iterable[Key]) -> dict[Key, Claim]:
    """The claims among ``keys`` that are already taken."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    rows = db.rows_of(
        tx,
        """SELECT c.kind, c.key, c.body_hash, c.subject_id, c.ref, c.answer
             FROM claims c JOIN unnest(%(kinds)s::text[], %(keys)s::text[]) AS w(kind, key) USING (kind, key)""",
        kinds=[k for k, _ in wanted],
        keys=[k for _, k in wanted],
    )
    return {(row[0], row[1]): Claim(*row) for row in rows}


def take(tx: Connection, wanted: Sequence[Claim]) -> set[Key]:
    """Take what is free, in key order (so that two takers cannot deadlock); return the keys that were *not* free.

    Waits for another transaction that is taking the same key. The caller rolls back to a savepoint, or gives the rest up.
    """
    ordered = sorted(wanted, key=lambda c: (c.kind, c.key))
    if not ordered:
        return set()
    taken = db.rows_of(
        tx,
        """INSERT INTO claims (kind, key, body_hash, subject_id, ref, answer)
           SELECT * FROM unnest(%(kinds)s::text[], %(keys)s::text[], %(hashes)s::bytea[], %(subjects)s::uuid[],
                                %(refs)s::uuid[], %(answers)s::text[]::jsonb[])
           ON CONFLICT DO NOTHING RETURNING kind, key""",
        kinds=[c.kind for c in ordered],
        keys=[c.key for c in ordered],
        hashes=[c.body_hash for c in ordered],
        subjects=[c.subject_id for c in ordered],
        refs=[c.ref for c in ordered],
        answers=[None if c.answer is None else orjson.dumps(c.answer).decode() for c in ordered],
    )
    if len(taken) == len(ordered):
        return set()
    return {(c.kind, c.key) for c in ordered} - {(row[0], row[1]) for row in taken}
