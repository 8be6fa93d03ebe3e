"""What members hold: loaded and saved for many members at once, and listed for operators."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.engine import Connection

from regulars.domains.coupons.model import CouponFilter, Held, MemberCoupon
from regulars.platform import db

_FIELDS = "coupon_id, definition, version, state, starts, ends, code, source, ref, until, passed"
_LIVE = "state IN ('issued', 'reserved')"


def read(members: Sequence[UUID]) -> db.Statement:
    """What to ask for the coupons of ``members`` that can still be used, now or later."""
    return _read(members, f" AND {_LIVE}")


def load_all(tx: Connection, members: Sequence[UUID]) -> dict[UUID, dict[UUID, Held]]:
    """Every coupon ``members`` ever held, as folding their journals gives it."""
    return held(members, db.rows_of_each(tx, [_read(members, "")])[0])


def used_on(tx: Connection, keys: Collection[tuple[UUID, UUID]]) -> dict[UUID, dict[UUID, Held]]:
    """The coupons that each (member, order) used up, by member."""
    found: dict[UUID, dict[UUID, Held]] = {member: {} for member, _ in keys}
    rows = db.rows_of(
        tx,
        f"""SELECT member_id, {_FIELDS} FROM member_coupons
             WHERE state = 'used' AND (member_id, ref) IN (SELECT * FROM unnest(%(m)s::uuid[], %(r)s::uuid[]))""",
        m=[key[0] for key in keys],
        r=[key[1] for key in keys],
    )
    for row in rows:
        found[row[0]][row[1]] = Held(*row[1:])
    return found


def _read(members: Sequence[UUID], where: str) -> db.Statement:
    statement = f"SELECT member_id, {_FIELDS} FROM member_coupons WHERE member_id = ANY(%(members)s::uuid[]){where}"
    return db.Statement(statement, {"members": list(members)})


def held(members: Sequence[UUID], rows: db.Rows) -> dict[UUID, dict[UUID, Held]]:
    """The coupons in the answer to ``read(members)``, by member; empty for those who hold none."""
    found: dict[UUID, dict[UUID, Held]] = {member: {} for member in members}
    for row in rows:
        found[row[0]][row[1]] = Held(*row[1:])
    return found


def writes(before: Mapping[UUID, Mapping[UUID, Held]], after: Mapping[UUID, Mapping[UUID, Held]]) -> list[db.Statement]:
    """What writes that which differs between the coupons before and after, for members whose standing the caller has just won.

    Coupons are never deleted: one that is used up stays, in its last state.
    """
    rows = sorted(
        (member, *_row(coupon))
        for member, coupons in after.items()
        for coupon in coupons.values()
        if before[member].get(coupon.coupon_id) != coupon
    )
    if not rows:
        return []
    statement = f"""INSERT INTO member_coupons (member_id, {_FIELDS})
            SELECT * FROM unnest(%(a)s::uuid[], %(b)s::uuid[], %(c)s::text[], %(d)s::bigint[], %(e)s::text[], %(f)s::timestamptz[],
                                 %(g)s::timestamptz[], %(h)s::text[], %(i)s::text[], %(j)s::uuid[], %(k)s::timestamptz[], %(l)s::bigint[])
            ON CONFLICT (member_id, coupon_id) DO UPDATE
               SET version = excluded.version, state = excluded.state, starts = excluded.starts, ends = excluded.ends,
                   code = excluded.code, source = excluded.source, ref = excluded.ref, until = excluded.until, passed = excluded.passed"""
    return [db.Statement(statement, {name: list(column) for name, column in zip("abcdefghijkl", zip(*rows, strict=True), strict=True)})]


def _row(coupon: Held) -> tuple[Any, ...]:
    return (
        coupon.coupon_id,
        coupon.definition,
        coupon.version,
        coupon.state,
        coupon.starts,
        coupon.ends,
        coupon.code,
        coupon.source,
        coupon.ref,
        coupon.until,
        coupon.passed,
    )


def page(tx: Connection, wanted: CouponFilter, *, before: UUID | None, limit: int) -> list[MemberCoupon]:
    """At most ``limit`` coupons, the newest first, beginning behind ``before``."""
    rows = db.rows_of(
        tx,
        f"""SELECT member_id, {_FIELDS} FROM member_coupons
             WHERE (%(definition)s::text IS NULL OR definition = %(definition)s) AND (%(state)s::text IS NULL OR state = %(state)s)
               AND (%(member)s::uuid IS NULL OR member_id = %(member)s) AND (%(before)s::uuid IS NULL OR coupon_id < %(before)s)
             ORDER BY coupon_id DESC LIMIT %(limit)s""",
        definition=wanted.definition,
        state=wanted.state,
        member=wanted.member_id,
        before=before,
        limit=limit,
    )
    return [MemberCoupon(row[0], Held(*row[1:])) for row in rows]


def past(tx: Connection, member: UUID, *, used: bool, at: datetime, before: UUID | None, limit: int) -> list[Held]:
    """At most ``limit`` coupons that ``member`` no longer has in hand at ``at``, those used or all others, the newest first, beginning
    behind ``before``. One that time has ended is among them, even if the clock's job is late.
    """
    rows = db.rows_of(
        tx,
        f"""SELECT {_FIELDS} FROM member_coupons
             WHERE member_id = %(member)s AND (%(before)s::uuid IS NULL OR coupon_id < %(before)s)
               AND CASE WHEN %(used)s THEN state = 'used'
                        ELSE state IN ('void', 'lapsed', 'passed_on') OR (state = 'issued' AND ends <= %(at)s) END
             ORDER BY coupon_id DESC LIMIT %(limit)s""",
        member=member,
        used=used,
        at=at,
        before=before,
        limit=limit,
    )
    return [Held(*row) for row in rows]


def holder(tx: Connection, coupon_id: UUID, definitions: Sequence[str]) -> UUID | None:
    """Who has the coupon in hand; ``definitions`` are all it may be of, by which it is found. None when nobody has."""
    statement = f"""SELECT member_id FROM member_coupons
                     WHERE definition = ANY(%(definitions)s::text[]) AND coupon_id = %(coupon)s AND {_LIVE}"""
    rows = db.rows_of(tx, statement, definitions=list(definitions), coupon=coupon_id)
    return rows[0][0] if rows else None


def counts(tx: Connection, definitions: Sequence[str]) -> dict[str, dict[str, int]]:
    """How many coupons of each definition are in each state."""
    found: dict[str, dict[str, int]] = {definition: {} for definition in definitions}
    statement = (
        "SELECT definition, state, count(*) FROM member_coupons WHERE definition = ANY(%(definitions)s::text[]) GROUP BY definition, state"
    )
    for definition, state, count in db.rows_of(tx, statement, definitions=list(definitions)):
        found[definition][state] = count
    return found
