"""Lists of members beside what they hold: found by their details, filtered, sorted, counted; personal fields masked."""

import re
from uuid import UUID

from regulars.domains.loyalty.model import Programme
from regulars.domains.loyalty.model.people import Counted, Criteria, Filter, Person, Position, Sort
from regulars.domains.loyalty.service import publishing, reading
from regulars.domains.loyalty.store import listing as store
from regulars.domains.loyalty.store import standings as heads
from regulars.domains.members import service as members
from regulars.domains.members.model import PREFIX, Status
from regulars.kernel import ids, problem
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Problem
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring

MATCHES = 10_000
"""Of so many members, the newest, who are found by a detail, the list is made; a name that more bear has to be narrowed down."""
COUNTED = 10_000
REFRESHED = 50_000
_FOUR_DIGITS = re.compile(r"\d{4}")
_DIGITS = re.compile(r"\+?[\d\s().-]{6,30}")
_EVERYBODY = Criteria()


def list_people(
    ctx: Ctx,
    criteria: Criteria = _EVERYBODY,
    *,
    keyring: Keyring,
    sort: Sort = Sort.joined,
    ascending: bool = False,
    after: Position | None = None,
    limit: int = 50,
) -> list[Person]:
    """At most ``limit`` members that meet the criteria, in the order asked for, behind ``after``.

    Filters go by what is recorded, orders by a copy that :func:`refresh` keeps; balances and
    levels are shown as of now. Raises ``input.invalid`` for a phone, an
    e-mail address, a number or a level that cannot be.
    """
    found = store.page(ctx.tx, _filter(ctx, criteria, keyring), sort=sort, ascending=ascending, after=after, limit=limit)
    profiles = members.profiles(ctx, [one.member for one in found], keyring=keyring)
    # Only those who have a standing: drawing a side for the others would be a write.
    known = [MemberId(member) for member in heads.load(ctx.tx, [one.member.member_id for one in found])]
    # Nobody has one before a programme is published.
    standings = reading.find_standing(ctx, known) if known else {}
    return [
        Person(profile=profile, standing=standings.get(one.member.member_id), position=one.position)
        for one, profile in zip(found, profiles, strict=True)
    ]


def refresh(ctx: Ctx) -> int:
    """Lists are sorted by what members hold by now; returns how many had moved on, at most ``REFRESHED`` of them. Safe to repeat."""
    return store.refresh(ctx.tx, spent_unit(in_force(ctx)), limit=REFRESHED)


def count_people(ctx: Ctx, criteria: Criteria = _EVERYBODY, *, keyring: Keyring) -> Counted:
    """How many members meet the criteria, exactly up to ``COUNTED``. Raises as :func:`list_people` does."""
    return store.count(ctx.tx, _filter(ctx, criteria, keyring), cap=COUNTED)


def _filter(ctx: Ctx, criteria: Criteria, keyring: Keyring) -> Filter:
    programme = in_force(ctx)
    levels = [level.id for level in programme.ladder.levels] if programme else []
    if criteria.level is not None and criteria.level not in levels:
        raise problem.invalid("level", criteria.level, "one of " + (", ".join(levels) or "the levels of a published programme"))
    return Filter(
        member_ids=_matching(ctx, criteria, keyring) if criteria.searches else None,
        statuses=(criteria.status.value,) if criteria.status else (Status.active.value, Status.closed.value),
        ladder=programme.ladder.id if programme else "",
        level=criteria.level,
        lowest=bool(levels) and criteria.level == levels[0],
        store=criteria.store,
        held_out=criteria.held_out,
        joined_from=criteria.joined_from,
        joined_before=criteria.joined_before,
        has_orders=criteria.has_orders,
    )


def in_force(ctx: Ctx) -> Programme | None:
    """The programme of now; None while none is published."""
    programmes = publishing.programmes(ctx)
    return programmes.at(ctx.now) if programmes.versions else None


def spent_unit(programme: Programme | None) -> str:
    """The unit that lists call points: the first that can be spent, else the first; empty without a programme."""
    if programme is None:
        return ""
    return next((unit.id for unit in programme.shown_units if unit.redeem and not unit.money), next(iter(programme.units)))


def _matching(ctx: Ctx, criteria: Criteria, keyring: Keyring) -> tuple[UUID, ...]:
    """The members found by their details: by every one that is given, and for ``text`` by any that it may be."""
    found: set[UUID] | None = None
    if criteria.number is not None:
        found = _numbered(ctx, criteria.number)
    details = {name: getattr(criteria, name) for name in ("phone", "email", "name", "last_four")}
    if any(value is not None for value in details.values()):
        found = _both(found, _listed(ctx, members.Criteria(**details, region=criteria.region, status=criteria.status), keyring))
    if criteria.text is not None:
        found = _both(found, _typed(ctx, criteria, criteria.text.strip(), keyring))
    return tuple(sorted(found or ()))


def _both(before: set[UUID] | None, found: set[UUID]) -> set[UUID]:
    return found if before is None else before & found


def _listed(ctx: Ctx, wanted: members.Criteria, keyring: Keyring) -> set[UUID]:
    return {member.member_id for member in members.list_members(ctx, wanted, keyring=keyring, limit=MATCHES)}


def _numbered(ctx: Ctx, number: str) -> set[UUID]:
    """The member of this number, ours or the caller's."""
    try:
        return {members.get_ref(ctx, number if number.startswith(f"{PREFIX}_") else _members_key(number)).member_id}
    except Problem as refused:
        if refused.code != problem.NOT_FOUND.code:
            raise
        return set()


def _members_key(external_id: str) -> str:
    """The caller's own id as the key of a member."""
    return f"external:{external_id}"


def _typed(ctx: Ctx, criteria: Criteria, text: str, keyring: Keyring) -> set[UUID]:
    """Everybody the text may mean; what it cannot be is passed over."""
    tried = []
    if "@" in text:
        tried.append(members.Criteria(email=text, status=criteria.status))
    else:
        if _FOUR_DIGITS.fullmatch(text):
            tried.append(members.Criteria(last_four=text, status=criteria.status))
        if _DIGITS.fullmatch(text):
            tried.append(members.Criteria(phone=text, region=criteria.region, status=criteria.status))
        if not text.isdigit():
            tried.append(members.Criteria(name=text, status=criteria.status))
    found: set[UUID] = set()
    for wanted in tried:
        try:
            found |= _listed(ctx, wanted, keyring)
        except Problem as refused:
            if refused.code != problem.INVALID.code:
                raise
    try:
        return found | _numbered(ctx, text)
    except Problem as refused:
        if refused.code != problem.INVALID.code:
            raise
        return found


def wire(member_id: UUID) -> str:
    """The member's id as people see it."""
    return ids.encode(PREFIX, member_id)
