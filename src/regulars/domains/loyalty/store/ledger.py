"""The journal of all members, newest record first, and what else operators list across members. Nothing here writes.

No index holds the journal in the order in which it was recorded: it would cost every order that comes in. But rows lie nearly in that
order and carry the number of their transaction, which a block range index knows. So a page is looked for in stretches of numbers, each
longer than the one before, until enough rows are found; the first stretch is open towards what is being written.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.engine import Connection

from regulars.platform import db

Place = tuple[int, datetime, UUID, int, int]
"""Where a row lies: transaction, effective time, member, decision, entry."""
_FIRST, _LONGER = 64, 8
_ORDER = "j.recorded_in, j.at, j.member_id, j.seq, j.n"
_DOWN = "j.recorded_in DESC, j.at DESC, j.member_id DESC, j.seq DESC, j.n DESC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries; None is every. ``reason``: a part of what was typed as the reason, or one of ``rules`` gave it; times half-open."""

    member_id: UUID | None = None
    unit: str | None = None
    kinds: tuple[str, ...] | None = None
    start: datetime | None = None
    until: datetime | None = None
    reason: str | None = None
    rules: tuple[str, ...] = ()


def page(tx: Connection, wanted: Wanted, *, before: Place | None, limit: int) -> list[tuple[Any, ...]]:
    """At most ``limit`` entries behind ``before``: its place (five columns), the entry (eight), its decision's kind, ref, times, version
    and actor.
    """
    if wanted.member_id is not None:
        return _stretch(tx, wanted, before=before, above=None, limit=limit)
    found: list[tuple[Any, ...]] = []
    length, top = _FIRST, before[0] if before else _newest(tx)
    # Without a bound below in the end: rows that were carried here from another cluster may have any number.
    while len(found) < limit:
        above = top - length if length < top else None
        found = _stretch(tx, wanted, before=before, above=above, limit=limit)
        if above is None:
            break
        length *= _LONGER
    return found


def _newest(tx: Connection) -> int:
    """About the number of the newest transaction; what has a higher one is found as well."""
    rows = db.rows_of(
        tx,
        """SELECT txid_snapshot_xmax(txid_current_snapshot())
                  + coalesce((SELECT added FROM lake_epochs ORDER BY epoch DESC LIMIT 1), 0)""",
    )
    return int(rows[0][0])


def _stretch(tx: Connection, wanted: Wanted, *, before: Place | None, above: int | None, limit: int) -> list[tuple[Any, ...]]:
    conditions, given = _where(wanted)
    if above is not None:
        conditions.append("j.recorded_in > %(above)s")
    if before is not None:
        # The first half says the same once more, in the form that the index understands.
        conditions += ["j.recorded_in <= %(b0)s", f"({_ORDER}) < (%(b0)s, %(b1)s::timestamptz, %(b2)s::uuid, %(b3)s, %(b4)s)"]
        given |= {f"b{place}": value for place, value in enumerate(before)}
    return db.rows_of(
        tx,
        f"""SELECT {_ORDER}, e.unit, e.kind, e.amount, e.at, e.expires_at, e.available_at, e.ref, e.why,
                   d.kind, d.ref, d.at, d.recorded_at, d.programme, d.actor
              FROM (SELECT {_ORDER} FROM journal j WHERE {" AND ".join(conditions)} ORDER BY {_DOWN} LIMIT %(limit)s) AS j
              JOIN journal e USING (member_id, seq, n) JOIN decisions d USING (member_id, seq)
             ORDER BY {_DOWN}""",
        above=above,
        limit=limit,
        **given,
    )


def _where(wanted: Wanted) -> tuple[list[str], dict[str, Any]]:
    """The conditions on ``j``, and what fills them."""
    asked = {
        "member": ("j.member_id = %(member)s", wanted.member_id),
        "unit": ("j.unit = %(unit)s", wanted.unit),
        "kinds": ("j.kind = ANY(%(kinds)s::text[])", list(wanted.kinds) if wanted.kinds is not None else None),
        "start": ("j.at >= %(start)s", wanted.start),
        "until": ("j.at < %(until)s", wanted.until),
        "reason": (_REASON, wanted.reason),
    }
    conditions = [text for text, value in asked.values() if value is not None]
    given: dict[str, Any] = {name: value for name, (_, value) in asked.items() if value is not None}
    return conditions or ["true"], given | {"rules": list(wanted.rules)}


_REASON = """(position(lower(%(reason)s) IN lower(j.why->>'reason')) > 0
              OR EXISTS (SELECT FROM jsonb_path_query(j.why, '$.parts[*][1]') AS rule WHERE rule #>> '{}' = ANY(%(rules)s::text[])))"""


def more_than(tx: Connection, wanted: Wanted, *, most: int) -> bool:
    """Whether more than ``most`` entries match."""
    conditions, given = _where(wanted)
    statement = f"SELECT count(*) FROM (SELECT FROM journal j WHERE {' AND '.join(conditions)} LIMIT %(one_more)s) AS matching"
    return int(db.rows_of(tx, statement, one_more=most + 1, **given)[0][0]) > most


def units(tx: Connection) -> list[tuple[Any, ...]]:
    """(unit, issued, spent, expired, reversed, available, pending, held, debt) over all members, as their balances have it."""
    return db.rows_of(
        tx,
        """SELECT unit, sum(granted)::bigint, sum(spent)::bigint, sum(expired)::bigint, sum(reversed)::bigint,
                  sum(available)::bigint, sum(pending)::bigint, sum(held)::bigint, sum(debt)::bigint
             FROM point_totals GROUP BY unit ORDER BY unit""",
    )


def redemptions(tx: Connection, member: UUID, *, kinds: tuple[str, str], before: int | None, limit: int) -> list[tuple[Any, ...]]:
    """(seq, ref, body, at, actor, cancelled at) of a member's facts of the first kind, newest first; the second kind cancels them."""
    redeemed, cancelled = kinds
    return db.rows_of(
        tx,
        """SELECT d.seq, d.ref, d.body, d.at, d.actor,
                  (SELECT min(c.at) FROM decisions c WHERE c.member_id = d.member_id AND c.kind = %(cancelled)s AND c.ref = d.ref)
             FROM decisions d
            WHERE d.member_id = %(member)s AND d.kind = %(redeemed)s AND (%(before)s::bigint IS NULL OR d.seq < %(before)s)
            ORDER BY d.seq DESC LIMIT %(limit)s""",
        member=member,
        redeemed=redeemed,
        cancelled=cancelled,
        before=before,
        limit=limit,
    )


def ordered(tx: Connection) -> list[tuple[str, str, int, int, int]]:
    """(reward, state, orders, pieces, points) of all reward orders."""
    return [
        (row[0], row[1], row[2], row[3], row[4])
        for row in db.rows_of(
            tx,
            """SELECT reward, state, count(*), sum(quantity)::bigint, sum(points)::bigint
                 FROM reward_orders GROUP BY reward, state ORDER BY reward, state""",
        )
    ]


def codes(tx: Connection, definitions: list[str]) -> dict[str, tuple[int, int]]:
    """(made, taken) codes of each definition's batches that were not withdrawn; taken ones count in any batch."""
    rows = db.rows_of(
        tx,
        """SELECT b.definition, sum(b.made) FILTER (WHERE b.state <> 'void')::bigint,
                  sum((SELECT count(*) FROM coupon_codes c WHERE c.batch_id = b.batch_id AND c.taken_by IS NOT NULL))::bigint
             FROM coupon_batches b WHERE b.definition = ANY(%(definitions)s::text[]) GROUP BY b.definition""",
        definitions=definitions,
    )
    return {row[0]: (row[1] or 0, row[2] or 0) for row in rows}
