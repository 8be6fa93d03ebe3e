"""Members' rows, and the map of subjects that says who is who."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from regulars.domains.members.model import Member, MemberRef, Status
from regulars.domains.members.rules.enrolment import Checked
from regulars.kernel.ids import MemberId, SubjectId
from regulars.platform import db

COLUMNS = "member_id, external_id, joined_at, source, status, locale, store, version"


def insert_subjects(tx: Connection, subject_ids: Iterable[SubjectId], at: datetime) -> None:
    """Open these subjects; those that are open already stay as they are."""
    wanted = sorted(set(subject_ids))
    if wanted:
        db.rows_of(
            tx,
            "INSERT INTO subjects (subject_id, opened_at) SELECT s, %(at)s FROM unnest(%(ids)s::uuid[]) AS s ON CONFLICT DO NOTHING",
            ids=wanted,
            at=at,
        )


def insert_members(tx: Connection, fresh: Mapping[MemberId, Checked], at: datetime) -> None:
    """Write new members, each with its first subject, which carries the same UUID. Their external ids must be claimed already."""
    if not fresh:
        return
    ids, rows = list(fresh), list(fresh.values())
    insert_subjects(tx, [SubjectId(m) for m in ids], at)
    db.rows_of(
        tx,
        """INSERT INTO members (member_id, external_id, joined_at, source, locale, store, recorded_at)
           SELECT w.*, %(at)s FROM unnest(%(ids)s::uuid[], %(externals)s::text[], %(joined)s::timestamptz[],
                                          %(sources)s::text[], %(locales)s::text[], %(stores)s::text[]) AS w""",
        ids=ids,
        externals=[row.external_id for row in rows],
        joined=[row.joined_at for row in rows],
        sources=[row.source for row in rows],
        locales=[row.locale for row in rows],
        stores=[row.store for row in rows],
        at=at,
    )
    db.rows_of(
        tx,
        "INSERT INTO subject_members (member_id, subject_id, since) SELECT m, m, %(at)s FROM unnest(%(ids)s::uuid[]) AS m",
        ids=ids,
        at=at,
    )


def refs_by_subject(tx: Connection, subject_ids: Iterable[SubjectId]) -> dict[SubjectId, MemberRef]:
    """Who each subject is now: the member it is mapped to. A subject without a member (anonymous, erased) is missing."""
    rows = db.rows_of(
        tx,
        """SELECT m.member_id, s.subject_id, m.joined_at FROM subject_members s JOIN members m USING (member_id)
            WHERE s.subject_id = ANY(%(ids)s::uuid[])""",
        ids=list(set(subject_ids)),
    )
    return {SubjectId(row[1]): MemberRef(MemberId(row[0]), SubjectId(row[1]), row[2]) for row in rows}


def refs(tx: Connection, member_ids: Iterable[MemberId]) -> dict[MemberId, MemberRef]:
    """The members among these ids, each with its own first subject. Erased ones too: their ledger goes on to balance."""
    rows = db.rows_of(tx, "SELECT member_id, joined_at FROM members WHERE member_id = ANY(%(ids)s::uuid[])", ids=list(set(member_ids)))
    return {MemberId(row[0]): MemberRef(MemberId(row[0]), SubjectId(row[0]), row[1]) for row in rows}


def members(tx: Connection, member_ids: Iterable[MemberId]) -> dict[MemberId, Member]:
    """The rows of these members."""
    rows = db.rows_of(tx, f"SELECT {COLUMNS} FROM members WHERE member_id = ANY(%(ids)s::uuid[])", ids=list(set(member_ids)))
    return {MemberId(row[0]): member_of(row) for row in rows}


def member_of(row: Sequence[Any]) -> Member:
    """The member in a row of ``COLUMNS``."""
    return Member(
        member_id=MemberId(row[0]),
        external_id=row[1],
        joined_at=row[2],
        source=row[3],
        status=Status(row[4]),
        locale=row[5],
        store=row[6],
        version=row[7],
    )


def touch_active(tx: Connection, member_ids: Iterable[MemberId]) -> set[MemberId]:
    """Raise the version of those members that are active, and so lock their rows until the commit; return them."""
    rows = db.rows_of(
        tx,
        """UPDATE members SET version = version + 1
            WHERE member_id = ANY(%(ids)s::uuid[]) AND status = 'active' RETURNING member_id""",
        ids=sorted(set(member_ids)),
    )
    return {MemberId(row[0]) for row in rows}


def lock_active(tx: Connection, member_id: MemberId) -> bool:
    """The member's row is locked until the commit; False when it is not active, and so takes nothing new."""
    return bool(
        db.rows_of(tx, "UPDATE members SET version = version WHERE member_id = %(id)s AND status = 'active' RETURNING 1", id=member_id)
    )


def update(tx: Connection, after: Member, *, expected_version: int) -> Member | None:
    """Write locale, store and status over the expected version of an active member; None when it is another by now."""
    rows = db.rows_of(
        tx,
        f"""UPDATE members SET locale = %(locale)s, store = %(store)s, status = %(status)s, version = version + 1
             WHERE member_id = %(id)s AND version = %(version)s AND status = 'active' RETURNING {COLUMNS}""",
        id=after.member_id,
        locale=after.locale,
        store=after.store,
        status=after.status.value,
        version=expected_version,
    )
    return member_of(rows[0]) if rows else None


def mark_erased(tx: Connection, member_ids: Sequence[MemberId]) -> list[str]:
    """These members are erased for good and nothing says where they came from; returns the external ids they had.

    Their rows are locked until the commit, so that no field can be written to them any more. Those erased before are left alone.
    """
    marked = db.rows_of(
        tx,
        """UPDATE members SET status = 'erased', version = version + 1
            WHERE member_id = ANY(%(ids)s::uuid[]) AND status <> 'erased' RETURNING member_id, external_id""",
        ids=list(member_ids),
    )
    db.rows_of(
        tx,
        "UPDATE members SET external_id = NULL, locale = '', store = '' WHERE member_id = ANY(%(ids)s::uuid[])",
        ids=[row[0] for row in marked],
    )
    return [row[1] for row in marked if row[1] is not None]


def unmap_subjects(tx: Connection, member_id: MemberId) -> list[SubjectId]:
    """The member's subjects lead to nobody from now on; returns them."""
    rows = db.rows_of(tx, "DELETE FROM subject_members WHERE member_id = %(id)s RETURNING subject_id", id=member_id)
    return [SubjectId(row[0]) for row in rows]


def subjects_of(tx: Connection, member_ids: Iterable[MemberId]) -> dict[MemberId, list[SubjectId]]:
    """The subjects each member is made of, oldest first."""
    rows = db.rows_of(
        tx,
        "SELECT member_id, subject_id FROM subject_members WHERE member_id = ANY(%(ids)s::uuid[]) ORDER BY since, subject_id",
        ids=list(set(member_ids)),
    )
    out: dict[MemberId, list[SubjectId]] = {}
    for member_id, subject_id in rows:
        out.setdefault(MemberId(member_id), []).append(SubjectId(subject_id))
    return out


def seal_claims(tx: Connection, kind: str, keys: Sequence[str]) -> None:
    """These claims stay taken for ever and lead nowhere: whose they were is gone."""
    db.rows_of(
        tx,
        """UPDATE claims SET subject_id = NULL, ref = NULL, body_hash = '', answer = NULL
            WHERE kind = %(kind)s AND key = ANY(%(keys)s::text[])""",
        kind=kind,
        keys=list(keys),
    )
