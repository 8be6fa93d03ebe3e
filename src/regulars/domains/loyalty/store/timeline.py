"""Everything that happened to one member, from the tables that hold it, newest first. Each is keyed by the member or its subjects."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.engine import Connection

from regulars.domains.points.model import Entry
from regulars.platform import db

_END_OF_TIME = datetime(9999, 12, 31, tzinfo=UTC)

Row = tuple[datetime, int, str, str, dict[str, Any]]
"""When, a rank that orders what happened at one instant, a key among those, the kind, and what is told of it."""

# Keys are padded, so that they sort as text the way they sort as numbers.
_PARTS = {
    "order": """SELECT paid_at, 7, order_id::text, 'order',
                       jsonb_build_object('id', order_id, 'source', source, 'number', number, 'total', total, 'currency', currency,
                                          'store', store, 'channel', channel, 'lines', jsonb_array_length(lines), 'refunded', refunded)
                  FROM orders WHERE subject_id = ANY(%(subjects)s::uuid[]) AND paid_at <= %(until)s""",
    "refund": """SELECT refunded_at, 6, refund_id::text, 'refund',
                        jsonb_build_object('id', refund_id, 'order', order_id, 'source', source, 'number', number,
                                           'order_number', order_number, 'total', total, 'currency', currency)
                   FROM refunds WHERE subject_id = ANY(%(subjects)s::uuid[]) AND refunded_at <= %(until)s""",
    "tier": """SELECT at, 5, lpad(seq::text, 19, '0') || lpad(n::text, 9, '0'), 'tier', jsonb_build_object('seq', seq, 'n', n)
                 FROM journal WHERE member_id = %(member)s AND kind = 'tier' AND at <= %(until)s""",
    "points": """SELECT d.at, 4, lpad(d.seq::text, 19, '0'), 'points', jsonb_build_object('seq', d.seq)
                   FROM decisions d
                  WHERE d.member_id = %(member)s AND d.at <= %(until)s
                    AND EXISTS (SELECT FROM journal j WHERE j.member_id = d.member_id AND j.seq = d.seq AND j.kind <> 'tier')""",
    "consent": """SELECT at, 3, receipt_id::text, 'consent',
                         jsonb_build_object('receipt', receipt_id, 'purpose', purpose, 'channel', channel, 'granted', granted,
                                            'source', source, 'policy_version', policy_version)
                    FROM consents WHERE member_id = %(member)s AND at <= %(until)s""",
    "note": """SELECT at, 2, note_id::text, 'note', jsonb_build_object('id', note_id, 'author', author)
                 FROM member_notes WHERE member_id = %(member)s AND at <= %(until)s""",
    "exposure": """SELECT at, 1, what, 'exposure', jsonb_build_object('what', what, 'held_out', held_out)
                     FROM exposures WHERE member_id = %(member)s AND at <= %(until)s""",
}
KINDS = tuple(_PARTS)


def page(
    tx: Connection,
    member: UUID,
    subjects: Sequence[UUID],
    *,
    kinds: Sequence[str],
    before: tuple[datetime, int, str] | None,
    limit: int,
) -> list[Row]:
    """At most ``limit`` things of these kinds (one at least), newest first, after the cursor."""
    at, rank, key = before or (None, 0, "")
    union = "\nUNION ALL\n".join(_PARTS[kind] for kind in kinds)
    rows = db.rows_of(
        tx,
        f"""SELECT at, rank, key, kind, told FROM ({union}) AS all_of(at, rank, key, kind, told)
             WHERE %(first)s OR (at, rank, key COLLATE "C") < (%(at)s, %(rank)s, %(key)s COLLATE "C")
             ORDER BY at DESC, rank DESC, key COLLATE "C" DESC LIMIT %(limit)s""",
        member=member,
        subjects=list(subjects),
        first=before is None,
        at=at,
        until=at or _END_OF_TIME,
        rank=rank,
        key=key,
        limit=limit,
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


def decided(tx: Connection, member: UUID, seqs: Sequence[int]) -> dict[int, tuple[tuple[Any, ...], list[tuple[int, Entry]]]]:
    """Each decision (kind, ref, at, recorded at, programme, actor) with its numbered entries."""
    rows = db.rows_of(
        tx,
        """SELECT j.seq, j.n, j.unit, j.kind, j.amount, j.at, j.expires_at, j.available_at, j.ref, j.why,
                  d.kind, d.ref, d.at, d.recorded_at, d.programme, d.actor
             FROM journal j JOIN decisions d USING (member_id, seq)
            WHERE j.member_id = %(member)s AND j.seq = ANY(%(seqs)s::bigint[]) ORDER BY j.seq, j.n""",
        member=member,
        seqs=list(seqs),
    )
    found: dict[int, tuple[tuple[Any, ...], list[tuple[int, Entry]]]] = {}
    for seq, n, *rest in rows:
        found.setdefault(seq, (tuple(rest[8:]), []))[1].append((n, Entry(*rest[:8])))
    return found
