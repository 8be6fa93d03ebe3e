"""Finding members and making new ones, thousands a call, with a number of statements that does not grow with them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from regulars.domains.members import events
from regulars.domains.members.model import ERASED, PREFIX, Enrolment, MemberRef
from regulars.domains.members.rules import enrolment
from regulars.domains.members.rules.enrolment import Checked, Personal
from regulars.domains.members.service import personal
from regulars.domains.members.store import people
from regulars.domains.members.store import personal as fields_store
from regulars.kernel import ids
from regulars.kernel.ids import MemberId, SubjectId
from regulars.kernel.problem import Problem
from regulars.platform import claims, newid, outbox
from regulars.platform.claims import Claim
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring

CLAIM = "member"


@dataclass(frozen=True, slots=True)
class _Found:
    """Members by external id, and which of them this call made. Erased ones are missing."""

    refs: dict[str, MemberRef]
    fresh: frozenset[str]


def enrol(ctx: Ctx, enrolments: Sequence[Enrolment], *, keyring: Keyring | None = None) -> list[MemberRef]:
    """Every enrolment has its member, in the order asked; see :func:`enrol_each`. Raises the first refusal."""
    out: list[MemberRef] = []
    for result in enrol_each(ctx, enrolments, keyring=keyring):
        if isinstance(result, Problem):
            raise result
        out.append(result)
    return out


def enrol_each(ctx: Ctx, enrolments: Sequence[Enrolment], *, keyring: Keyring | None = None) -> list[MemberRef | Problem]:
    """Find or make the member of each external id; a bad or erased one gets its ``Problem`` and the others go in.

    Idempotent by external id, also against itself in other transactions. Of a member that exists ``joined_at`` and every field it
    has stay as they are; fields it has not are filled. When a new id comes several times the earliest ``joined_at`` counts. Who
    gives a phone or an e-mail address that another member holds is enrolled, and the pair is kept as a duplicate candidate.
    ``keyring`` is needed when personal fields come along (``ValueError`` without).
    """
    checked = [enrolment.check(asked, ctx.now) for asked in enrolments]
    wanted: dict[str, Checked] = {}
    for item in checked:
        if isinstance(item, Checked):
            wanted[item.external_id] = enrolment.joined_up(wanted.get(item.external_id), item)
    found = find_or_make(ctx, wanted)
    _fill(ctx, wanted, found, keyring=keyring)
    return [
        item if isinstance(item, Problem) else found.refs.get(item.external_id) or ERASED(external_id=item.external_id) for item in checked
    ]


def find_or_make(ctx: Ctx, wanted: Mapping[str, Checked]) -> _Found:
    """Each external id leads to its member, unless that was erased; personal fields are not written here."""
    held = claims.find(ctx.tx, [(CLAIM, key) for key in wanted])
    fresh = {key: MemberId(newid.uuid7()) for key in wanted if (CLAIM, key) not in held}
    lost = claims.take(ctx.tx, [Claim(CLAIM, key, subject_id=made, ref=made) for key, made in fresh.items()])
    if lost:
        # Somebody else enrolled them between our look and our claim; taking waited for their commit, so now they can be read.
        held |= claims.find(ctx.tx, lost)
        fresh = {key: made for key, made in fresh.items() if (CLAIM, key) not in lost}
    make(ctx, {made: wanted[key] for key, made in fresh.items()})
    refs_ = {key: MemberRef(made, SubjectId(made), wanted[key].joined_at) for key, made in fresh.items()}
    return _Found(refs_ | _current(ctx, held.values()), frozenset(fresh))


def make(ctx: Ctx, fresh: Mapping[MemberId, Checked]) -> None:
    """These members exist, each with its first subject. Their external ids are claimed already."""
    people.insert_members(ctx.tx, fresh, ctx.now)
    outbox.emit(
        ctx,
        [
            outbox.Event(
                events.MEMBER_ENROLLED,
                member,
                {"member": ids.encode(PREFIX, member), "joined_at": row.joined_at.isoformat(), "source": row.source},
            )
            for member, row in fresh.items()
        ],
    )


def _fill(ctx: Ctx, wanted: Mapping[str, Checked], found: _Found, *, keyring: Keyring | None) -> None:
    """Write the personal fields that came along and are new to their members."""
    given: dict[MemberId, Personal] = {}
    for key, row in wanted.items():
        if row.personal and key in found.refs:
            # Two external ids may lead to one member.
            member = found.refs[key].member_id
            given[member] = row.personal | given.get(member, {})
    if not given:
        return
    if keyring is None:
        raise ValueError("personal fields can only be kept with a keyring")
    fresh = {found.refs[key].member_id for key in found.fresh}
    older = given.keys() - fresh
    have = fields_store.fields(ctx.tx, older) if older else {}
    lacking = [member for member in older if given[member].keys() - have.get(member, {}).keys()]
    # Locks their rows: a member that is being erased at this moment gets nothing written behind its back.
    writable = people.touch_active(ctx.tx, lacking) if lacking else set()
    personal.fill(ctx, {member: fields for member, fields in given.items() if member in fresh or member in writable}, keyring=keyring)


def _current(ctx: Ctx, held: Iterable[Claim]) -> dict[str, MemberRef]:
    """Who the holders of these claims are now: the claim names the subject, the map says whose it is."""
    subjects = {claim.key: SubjectId(claim.subject_id) for claim in held if claim.subject_id is not None}
    if not subjects:
        return {}
    now = people.refs_by_subject(ctx.tx, subjects.values())
    return {key: now[subject] for key, subject in subjects.items() if subject in now}


def find_by_external(ctx: Ctx, external_ids: Iterable[str]) -> dict[str, MemberRef]:
    """The members among these external ids, by the id as it was given; unknown and erased ones are missing."""
    asked = {text: text.strip() for text in external_ids}
    found = _current(ctx, claims.find(ctx.tx, [(CLAIM, key) for key in asked.values()]).values())
    return {text: found[key] for text, key in asked.items() if key in found}


def find_by_subject(ctx: Ctx, subject_ids: Iterable[SubjectId]) -> dict[SubjectId, MemberRef]:
    """Who each subject is now; anonymous and erased ones are missing."""
    return people.refs_by_subject(ctx.tx, subject_ids)


def refs(ctx: Ctx, member_ids: Iterable[MemberId]) -> dict[MemberId, MemberRef]:
    """The members among these ids. Erased ones are among them: their ledger still has to balance."""
    return people.refs(ctx.tx, member_ids)


def subjects(ctx: Ctx, member_ids: Iterable[MemberId]) -> dict[MemberId, list[SubjectId]]:
    """The subjects each member is made of, oldest first; erased members have none."""
    return people.subjects_of(ctx.tx, member_ids)


def open_subjects(ctx: Ctx, subject_ids: Iterable[SubjectId]) -> None:
    """Each subject exists: for anonymous orders, whose subject is derived from the order's own key. Idempotent."""
    people.insert_subjects(ctx.tx, subject_ids, ctx.now)
