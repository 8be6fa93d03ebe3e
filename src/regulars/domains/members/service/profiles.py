"""Reading members with their personal fields, changing them, closing their accounts."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial

from regulars.domains.members import events
from regulars.domains.members.model import (
    CLOSED,
    PREFIX,
    STALE,
    STATUS_ZH,
    Duplicate,
    Field,
    Member,
    MemberRef,
    Profile,
    Status,
)
from regulars.domains.members.rules import enrolment, identity, masks
from regulars.domains.members.service import personal, sessions
from regulars.domains.members.service.enrolment import find_by_external, refs
from regulars.domains.members.service.registration import WRITE
from regulars.domains.members.store import people
from regulars.domains.members.store import personal as fields_store
from regulars.domains.operators import service as operators
from regulars.kernel import ids, problem
from regulars.kernel.ids import MemberId
from regulars.platform import outbox
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring

REVEAL = "members.reveal"
EXTERNAL = "external:"
_OWN = ("locale", "store")

Changes = Mapping[str, str | None]


def get_ref(ctx: Ctx, key: str) -> MemberRef:
    """The member that ``key`` names: a wire id (``mbr_…``) or ``external:`` and the caller's own id. Raises ``not_found``."""
    if key.startswith(EXTERNAL):
        external_id = key.removeprefix(EXTERNAL)
        ref = find_by_external(ctx, [external_id]).get(external_id)
    else:
        member = MemberId(ids.decode(PREFIX, key))
        ref = refs(ctx, [member]).get(member)
    if ref is None:
        raise problem.NOT_FOUND(what="member", key=key)
    return ref


def get_member(ctx: Ctx, member_id: MemberId) -> Member:
    """The member's row. Raises ``not_found``."""
    found = people.members(ctx.tx, [member_id]).get(member_id)
    if found is None:
        raise problem.NOT_FOUND(what="member", key=ids.encode(PREFIX, member_id))
    return found


def profiles(ctx: Ctx, members: Iterable[Member], *, keyring: Keyring) -> list[Profile]:
    """The members with their personal fields masked, in the order given; two statements whatever their number."""
    listed = list(members)
    fields = personal.opened(ctx, [member.member_id for member in listed], keyring)
    return [
        Profile(member=m, fields={f: masks.masked(f, v) for f, v in fields.get(m.member_id, {}).items()}, revealed=False) for m in listed
    ]


def get_profile(ctx: Ctx, member_id: MemberId, *, keyring: Keyring) -> Profile:
    """The member with its personal fields masked. Raises ``not_found``."""
    return profiles(ctx, [get_member(ctx, member_id)], keyring=keyring)[0]


def reveal(ctx: Ctx, member_id: MemberId, *, reason: str, keyring: Keyring) -> Profile:
    """The member with its personal fields in full; the audit log says who looked, at which fields, and why.

    Needs ``members.reveal``. Raises ``not_found``, ``input.invalid`` without a reason. The transaction must be committed, or the
    look leaves no trace.
    """
    ctx.require(REVEAL)
    if not reason.strip():
        raise problem.invalid("reason", reason, "why the personal details are needed")
    member = get_member(ctx, member_id)
    fields = personal.opened(ctx, [member_id], keyring).get(member_id, {})
    operators.audit(
        ctx,
        action="member.revealed",
        entity=ids.encode(PREFIX, member_id),
        after={"fields": sorted(field.value for field in fields)},
        reason=reason.strip(),
    )
    return Profile(member=member, fields=fields, revealed=True)


def update(ctx: Ctx, member_id: MemberId, changes: Changes, *, expected_version: int, keyring: Keyring, region: str = "CN") -> Member:
    """The member's details are as in ``changes``; what is not in it stays, None removes a personal field. Needs ``members.write``.

    Keys are phone, email, name, birthday, locale and store. Raises ``input.invalid``, ``not_found``, ``members.closed``,
    ``members.stale`` for an old version, ``members.taken``; then nothing may be committed.
    """
    ctx.require(WRITE)
    return changed(ctx, member_id, changes, expected_version=expected_version, keyring=keyring, region=region)


def changed(ctx: Ctx, member_id: MemberId, changes: Changes, *, expected_version: int, keyring: Keyring, region: str = "CN") -> Member:
    """What :func:`update` does, for callers who have asked whether they may."""
    own, given, gone = _checked(ctx, changes, region=region)
    before = get_member(ctx, member_id)
    after = people.update(
        ctx.tx,
        replace(before, locale=own.get("locale", before.locale), store=own.get("store", before.store)),
        expected_version=expected_version,
    )
    if after is None:
        raise _refused(get_member(ctx, member_id), expected_version)
    _replace_personal(ctx, member_id, given, gone=gone, keyring=keyring)
    _announce(ctx, after, changes)
    return after


def close(ctx: Ctx, member_id: MemberId, *, expected_version: int) -> Member:
    """The account is closed: kept, and not changed any more. Needs ``members.write``. Raises as :func:`update` does."""
    ctx.require(WRITE)
    return closed(ctx, member_id, expected_version=expected_version)


def closed(ctx: Ctx, member_id: MemberId, *, expected_version: int) -> Member:
    """What :func:`close` does, for callers who have asked whether they may. The member is signed out everywhere."""
    before = get_member(ctx, member_id)
    after = people.update(ctx.tx, replace(before, status=Status.closed), expected_version=expected_version)
    if after is None:
        raise _refused(get_member(ctx, member_id), expected_version)
    sessions.end_all(ctx, member_id)
    wire = ids.encode(PREFIX, member_id)
    operators.audit(ctx, action="member.closed", entity=wire)
    outbox.emit(ctx, [outbox.Event(events.MEMBER_CLOSED, member_id, {"member": wire})])
    return after


def attribute_values(ctx: Ctx, member_ids: Iterable[MemberId]) -> dict[MemberId, dict[str, object]]:
    """The value of each of this slice's attributes for each member that exists; one statement."""
    return {
        member_id: {
            "member.joined_at": member.joined_at,
            "member.source": member.source,
            "member.locale": member.locale,
            "member.store": member.store,
            "member.status": member.status.value,
        }
        for member_id, member in people.members(ctx.tx, member_ids).items()
    }


def duplicates(ctx: Ctx, member_ids: Iterable[MemberId]) -> list[Duplicate]:
    """The pairs of members that may be one person in which one of these is, oldest first."""
    return fields_store.duplicates(ctx.tx, member_ids)


def _checked(ctx: Ctx, changes: Changes, *, region: str) -> tuple[dict[str, str], enrolment.Personal, set[Field]]:
    """What is asked for, normalised: own columns, fields to be written, fields to be removed."""
    found = enrolment.Findings()
    own: dict[str, str] = {}
    given: enrolment.Personal = {}
    for key, text in changes.items():
        if key == "locale":
            own[key] = found.tried(partial(identity.locale, text or ""), otherwise="")
        elif key == "store":
            own[key] = found.tried(partial(identity.code, "store", text or ""), otherwise="")
        elif text is not None:
            field = Field(key)
            given[field] = found.tried(partial(enrolment.normalised, field, text, region=region, today=ctx.now.date()), otherwise="")
    if found.refusal:
        raise found.refusal
    return own, given, {Field(key) for key, text in changes.items() if key not in _OWN and text is None}


def _replace_personal(ctx: Ctx, member_id: MemberId, given: enrolment.Personal, *, gone: set[Field], keyring: Keyring) -> None:
    """The fields are as given. The member's row is locked by the update before."""
    if given or gone:
        personal.clear(ctx, member_id, {*given, *gone}, keep=personal.keys_of(member_id, given, keyring))
        pairs = personal.fill(ctx, {member_id: given}, keyring=keyring)
        if pairs:
            raise personal.taken(pairs[0])


def _refused(now: Member, expected_version: int) -> problem.Problem:
    """Why a guarded write of this member wrote nothing."""
    wire = ids.encode(PREFIX, now.member_id)
    if now.status is not Status.active:
        return CLOSED(member=wire, status=now.status.value, status_zh=STATUS_ZH[now.status])
    return STALE(member=wire, version=now.version, expected=expected_version)


def _announce(ctx: Ctx, after: Member, changes: Changes) -> None:
    wire = ids.encode(PREFIX, after.member_id)
    changed = sorted(changes)
    operators.audit(ctx, action="member.changed", entity=wire, after={"fields": changed, "version": after.version})
    outbox.emit(
        ctx,
        [outbox.Event(events.MEMBER_CHANGED, after.member_id, {"member": wire, "version": after.version, "fields": changed})],
    )
