"""Decisions and their journal: appended by COPY, read by member or by what they belong to."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.engine import Connection

from regulars.domains.points.model import Entry
from regulars.platform import db

_DECISIONS = ("member_id", "seq", "version", "kind", "ref", "subject_id", "at", "recorded_at", "programme", "body", "actor")
_JOURNAL = ("member_id", "seq", "n", "unit", "kind", "amount", "at", "expires_at", "available_at", "ref", "why")


def append(tx: Connection, decisions: Iterable[tuple[Any, ...]], entries: Iterable[tuple[UUID, int, int, Entry]]) -> None:
    """Add decisions (rows in the order of the table's columns) and journal entries (member, seq, n, entry)."""
    db.copy_rows(tx, "decisions", _DECISIONS, decisions)
    db.copy_rows(
        tx,
        "journal",
        _JOURNAL,
        (
            (member, seq, n, e.unit, e.kind, e.amount, e.at, e.expires_at, e.available_at, e.ref, json(e.why))
            for member, seq, n, e in entries
        ),
    )


def json(content: dict[str, Any]) -> str:
    """JSON text as the driver writes it into a jsonb column."""
    return orjson.dumps(content).decode() if content else "{}"


def entry_of(row: Sequence[Any]) -> Entry:
    """The entry in a row (unit, kind, amount, at, expires_at, available_at, ref, why)."""
    return Entry(*row)


def of_refs(tx: Connection, keys: Iterable[tuple[UUID, UUID]], kinds: Sequence[str]) -> dict[tuple[UUID, UUID], list[Entry]]:
    """The entries of ``kinds`` under each (member, ref), in the order they were recorded."""
    wanted = sorted(set(keys))
    rows = db.rows_of(
        tx,
        """SELECT j.member_id, j.unit, j.kind, j.amount, j.at, j.expires_at, j.available_at, j.ref, j.why
             FROM journal j JOIN unnest(%(members)s::uuid[], %(refs)s::uuid[]) AS w(member_id, ref) USING (member_id, ref)
            WHERE j.kind = ANY(%(kinds)s) ORDER BY j.member_id, j.seq, j.n""",
        members=[k[0] for k in wanted],
        refs=[k[1] for k in wanted],
        kinds=list(kinds),
    )
    found: dict[tuple[UUID, UUID], list[Entry]] = {}
    for member, *rest in rows:
        entry = Entry(*rest)
        if entry.ref is not None:
            found.setdefault((member, entry.ref), []).append(entry)
    return found


def body_of(tx: Connection, member: UUID, kind: str, ref: UUID) -> dict[str, Any] | None:
    """The content of the member's fact of this kind and ref, as it was recorded; None when there is none."""
    rows = db.rows_of(
        tx,
        "SELECT body FROM decisions WHERE member_id = %(member)s AND kind = %(kind)s AND ref = %(ref)s ORDER BY seq LIMIT 1",
        member=member,
        kind=kind,
        ref=ref,
    )
    return dict(rows[0][0]) if rows else None


def page(tx: Connection, member: UUID, *, unit: str | None, before: tuple[int, int] | None, limit: int) -> list[tuple[Any, ...]]:
    """A page of a member's journal, newest first, each row with its decision's kind, times, version and actor."""
    seq, n = before or (1 << 62, 0)
    return db.rows_of(
        tx,
        """SELECT j.seq, j.n, j.unit, j.kind, j.amount, j.at, j.expires_at, j.available_at, j.ref, j.why,
                  d.kind, d.ref, d.at, d.recorded_at, d.programme, d.actor
             FROM journal j JOIN decisions d USING (member_id, seq)
            WHERE j.member_id = %(member)s AND (j.seq, j.n) < (%(seq)s, %(n)s) AND (%(unit)s::text IS NULL OR j.unit = %(unit)s)
            ORDER BY j.seq DESC, j.n DESC LIMIT %(limit)s""",
        member=member,
        seq=seq,
        n=n,
        unit=unit,
        limit=limit,
    )
