"""Batches of codes: made by COPY in chunks, found, taken once each, listed. Locks are taken in the order of the codes."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.engine import Connection

from regulars.domains.coupons.model import Batch, BatchState, Code, CodeFilter, Taking
from regulars.platform import db

_BATCH = "batch_id, definition, name, prefix, length, wanted, created_at, created_by, made, state"
_CODE = """c.code, c.batch_id, b.definition,
           CASE WHEN c.taken_by IS NOT NULL THEN 'taken' WHEN b.state = 'void' THEN 'void' ELSE 'free' END AS state,
           c.taken_by, c.coupon_id, c.taken_at"""
_FROM = "coupon_codes c JOIN coupon_batches b USING (batch_id)"


def add_batch(tx: Connection, batch: Batch) -> bool:
    """The batch waits for its codes; False when one of that id is there already, and nothing was changed."""
    rows = db.rows_of(
        tx,
        f"""INSERT INTO coupon_batches ({_BATCH})
            VALUES (%(batch)s, %(definition)s, %(name)s, %(prefix)s, %(length)s, %(wanted)s, %(at)s, %(by)s, %(made)s, %(state)s)
            ON CONFLICT (batch_id) DO NOTHING RETURNING batch_id""",
        batch=batch.batch_id,
        definition=batch.definition,
        name=batch.name,
        prefix=batch.prefix,
        length=batch.length,
        wanted=batch.wanted,
        at=batch.created_at,
        by=batch.created_by,
        made=batch.made,
        state=batch.state,
    )
    return bool(rows)


def add_codes(tx: Connection, batch_id: UUID, codes: Iterable[str]) -> int:
    """Those of ``codes`` that nobody has yet belong to the batch, as far as it wants more; the answer is how many it has now.

    The batch's row is locked, so that two tasks that fill one batch take turns; the last code makes it ``ready``. Each code is normalised.
    """
    (found,) = db.rows_of(tx, "SELECT wanted - made, made, state FROM coupon_batches WHERE batch_id = %(b)s FOR UPDATE", b=batch_id)
    missing, made, state = found
    chunk = sorted(set(codes))[:missing]
    if state != "making" or not chunk:
        return int(made)
    # By way of a table without index: COPY itself stops at the first code that is taken.
    db.rows_of(tx, "CREATE TEMPORARY TABLE IF NOT EXISTS coupon_codes_new (code text NOT NULL) ON COMMIT DROP")
    db.rows_of(tx, "TRUNCATE coupon_codes_new")
    db.copy_rows(tx, "coupon_codes_new", ["code"], [(code,) for code in chunk])
    (row,) = db.rows_of(
        tx,
        """WITH added AS (
             INSERT INTO coupon_codes (code, batch_id) SELECT code, %(batch)s FROM coupon_codes_new
             ON CONFLICT (code) DO NOTHING RETURNING 1)
           UPDATE coupon_batches b SET made = made + n, state = CASE WHEN made + n = wanted THEN 'ready' ELSE 'making' END
             FROM (SELECT count(*) AS n FROM added) AS a WHERE b.batch_id = %(batch)s RETURNING b.made""",
        batch=batch_id,
    )
    return int(row[0])


def set_state(tx: Connection, batch_id: UUID, state: BatchState) -> bool:
    """The batch is in this state from now on; False when there is none. A void batch gives out no more codes, those taken stay."""
    return bool(
        db.rows_of(tx, "UPDATE coupon_batches SET state = %(s)s WHERE batch_id = %(b)s RETURNING batch_id", s=state, b=batch_id),
    )


def find(tx: Connection, codes: Sequence[str]) -> dict[str, Code]:
    """What is known of each of these normalised codes; unknown ones are left out."""
    rows = db.rows_of(tx, f"SELECT {_CODE} FROM {_FROM} WHERE c.code = ANY(%(codes)s::text[])", codes=list(codes))
    return {row[0]: Code(*row) for row in rows}


def take(tx: Connection, wishes: Sequence[Taking]) -> set[str]:
    """Each free code of a ready batch belongs to the member who wished for it; the answer are the codes that were won.

    A code that is wished for by the member and coupon that have it already is won again, so that a task may be repeated. Of two wishes for
    one code the first in order counts.
    """
    first = {wish.code: wish for wish in reversed(wishes)}
    ordered = [first[code] for code in sorted(first)]
    rows = db.rows_of(
        tx,
        """WITH wished AS (
             SELECT * FROM unnest(%(codes)s::text[], %(members)s::uuid[], %(coupons)s::uuid[], %(ats)s::timestamptz[])
                           AS w(code, member_id, coupon_id, at)),
           locked AS (
             SELECT c.code, c.batch_id FROM coupon_codes c WHERE c.code = ANY(%(codes)s::text[]) ORDER BY c.code FOR UPDATE)
           UPDATE coupon_codes c SET taken_by = w.member_id, coupon_id = w.coupon_id, taken_at = coalesce(c.taken_at, w.at)
             FROM wished w JOIN locked USING (code) JOIN coupon_batches b USING (batch_id)
            WHERE c.code = w.code AND ((c.taken_by IS NULL AND b.state = 'ready')
                                       OR (c.taken_by = w.member_id AND c.coupon_id = w.coupon_id))
           RETURNING c.code""",
        codes=[wish.code for wish in ordered],
        members=[wish.member_id for wish in ordered],
        coupons=[wish.coupon_id for wish in ordered],
        ats=[wish.at for wish in ordered],
    )
    return {row[0] for row in rows}


def give_back(tx: Connection, taken: Sequence[Taking]) -> None:
    """The codes are free again, as far as these wishes have them: for members that lost their race in the same transaction."""
    ordered = sorted(taken, key=lambda wish: wish.code)
    db.rows_of(
        tx,
        """UPDATE coupon_codes c SET taken_by = NULL, coupon_id = NULL, taken_at = NULL
             FROM unnest(%(codes)s::text[], %(coupons)s::uuid[]) AS w(code, coupon_id)
            WHERE c.code = w.code AND c.coupon_id = w.coupon_id""",
        codes=[wish.code for wish in ordered],
        coupons=[wish.coupon_id for wish in ordered],
    )


def page(tx: Connection, wanted: CodeFilter, *, after: str, limit: int) -> list[Code]:
    """At most ``limit`` codes in their order, beginning behind ``after``."""
    taken: Any = None if wanted.state is None else wanted.state == "taken"
    void: Any = None if wanted.state in (None, "taken") else wanted.state == "void"
    rows = db.rows_of(
        tx,
        f"""SELECT {_CODE} FROM {_FROM}
             WHERE c.code > %(after)s AND (%(batch)s::uuid IS NULL OR c.batch_id = %(batch)s)
               AND (%(definition)s::text IS NULL OR b.definition = %(definition)s)
               AND (%(member)s::uuid IS NULL OR c.taken_by = %(member)s)
               AND (%(taken)s::boolean IS NULL OR (c.taken_by IS NOT NULL) = %(taken)s)
               AND (%(void)s::boolean IS NULL OR (b.state = 'void') = %(void)s)
             ORDER BY c.code LIMIT %(limit)s""",
        after=after,
        batch=wanted.batch_id,
        definition=wanted.definition,
        member=wanted.member_id,
        taken=taken,
        void=void,
        limit=limit,
    )
    return [Code(*row) for row in rows]


def batches(tx: Connection, ids: Sequence[UUID]) -> dict[UUID, Batch]:
    """The batches of these ids."""
    rows = db.rows_of(tx, f"SELECT {_BATCH} FROM coupon_batches WHERE batch_id = ANY(%(ids)s::uuid[])", ids=list(ids))
    return {row[0]: _batch(row) for row in rows}


def page_batches(tx: Connection, *, definition: str | None = None, before: UUID | None, limit: int) -> list[Batch]:
    """At most ``limit`` batches, the newest first, beginning behind ``before``."""
    rows = db.rows_of(
        tx,
        f"""SELECT {_BATCH} FROM coupon_batches
             WHERE (%(definition)s::text IS NULL OR definition = %(definition)s) AND (%(before)s::uuid IS NULL OR batch_id < %(before)s)
             ORDER BY batch_id DESC LIMIT %(limit)s""",
        definition=definition,
        before=before,
        limit=limit,
    )
    return [_batch(row) for row in rows]


def _batch(row: tuple[Any, ...]) -> Batch:
    names = ("batch_id", "definition", "name", "prefix", "length", "wanted", "created_at", "created_by", "made", "state")
    return Batch(**dict(zip(names, row, strict=True)))
