"""Finding members by their own details, through blind indexes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from regulars.domains.members.model import Member, Status
from regulars.domains.members.rules import birthday, identity
from regulars.domains.members.service.enrolment import find_by_external
from regulars.domains.members.store import search as store
from regulars.domains.members.store.search import Cursor, Filter
from regulars.kernel import problem
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What members are looked for by; everything given must hold. ``name`` is a whole name or one word of it.

    ``joined_from`` and ``joined_before`` are aware and half-open. ``birthday`` is ``MM-DD`` or ``lunar:MM-DD``. Erased members are
    found only by ``status``.
    """

    external_id: str | None = None
    phone: str | None = None
    email: str | None = None
    name: str | None = None
    last_four: str | None = None
    birthday: str | None = None
    joined_from: datetime | None = None
    joined_before: datetime | None = None
    status: Status | None = None
    region: str = "CN"


_LAST_FOUR = re.compile("[0-9]{4}")
_ANYBODY = Criteria()


def list_members(
    ctx: Ctx, criteria: Criteria = _ANYBODY, *, keyring: Keyring, after: Cursor | None = None, limit: int = 50
) -> list[Member]:
    """At most ``limit`` members that meet the criteria, newest first, behind ``after`` (joined_at, member id).

    Raises ``input.invalid`` for a phone, e-mail address, name or day that cannot exist.
    """
    member_ids = None
    if criteria.external_id is not None:
        member_ids = [ref.member_id for ref in find_by_external(ctx, [criteria.external_id]).values()]
    wanted = Filter(
        member_ids=member_ids,
        tokens=[(kind, keyring.blinds(kind, text)) for kind, text in _tokens(criteria, ctx.now.date()).items()],
        joined_from=criteria.joined_from,
        joined_before=criteria.joined_before,
        statuses=(Status.active, Status.closed) if criteria.status is None else (criteria.status,),
    )
    return store.page(ctx.tx, wanted, after=after, limit=limit)


def _tokens(criteria: Criteria, today: date) -> Mapping[str, str]:
    """The normalised text to look up in each blind index that is asked."""
    out: dict[str, str] = {}
    if criteria.phone is not None:
        out["phone"] = identity.phone(criteria.phone, criteria.region)
    if criteria.email is not None:
        out["email"] = identity.email_key(identity.email(criteria.email))
    if criteria.name is not None:
        out["name"] = identity.name(criteria.name).casefold()
    if criteria.birthday is not None:
        out["birthday"] = birthday.parse(criteria.birthday, today=today).day_key
    if criteria.last_four is not None:
        if not _LAST_FOUR.fullmatch(criteria.last_four):
            raise problem.invalid("last_four", criteria.last_four, "the last four digits of a phone number")
        out["last4"] = criteria.last_four
    return out
