"""Finding members by what is known of them, newest first, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from regulars.domains.members import tables
from regulars.domains.members.model import Member, Status
from regulars.domains.members.store import people
from regulars.kernel.ids import MemberId

Cursor = tuple[datetime, MemberId]
_M = tables.members.c
_B = tables.member_blinds.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What all members of a page have in common. ``tokens``: for each entry the member is found under one of its tokens."""

    member_ids: Sequence[MemberId] | None = None
    tokens: Sequence[tuple[str, Sequence[str]]] = ()
    joined_from: datetime | None = None
    joined_before: datetime | None = None
    statuses: Sequence[Status] = (Status.active, Status.closed)


def page(tx: Connection, wanted: Filter, *, after: Cursor | None, limit: int) -> list[Member]:
    """At most ``limit`` members that match, newest first, beginning behind ``after`` (joined_at, member id)."""
    query = (
        sa.select(*(_M[name] for name in people.COLUMNS.split(", ")))
        .where(_M.status.in_([status.value for status in wanted.statuses]))
        .order_by(_M.joined_at.desc(), _M.member_id.desc())
        .limit(limit)
    )
    if wanted.member_ids is not None:
        query = query.where(_M.member_id.in_(wanted.member_ids))
    for kind, tokens in wanted.tokens:
        query = query.where(_M.member_id.in_(sa.select(_B.member_id).where(_B.kind == kind, _B.token.in_(tokens))))
    if wanted.joined_from is not None:
        query = query.where(_M.joined_at >= wanted.joined_from)
    if wanted.joined_before is not None:
        query = query.where(_M.joined_at < wanted.joined_before)
    if after is not None:
        query = query.where(sa.tuple_(_M.joined_at, _M.member_id) < sa.tuple_(*(sa.literal(part) for part in after)))
    return [people.member_of(row) for row in tx.execute(query)]
