"""Registering one member by name: what the API, a form or a till does."""

from dataclasses import dataclass, replace

from regulars.domains.members.model import CONFLICT, ERASED, PREFIX, Enrolment, MemberRef
from regulars.domains.members.rules import enrolment
from regulars.domains.members.service import personal
from regulars.domains.members.service.enrolment import CLAIM, find_by_external, make, refs
from regulars.kernel import ids, problem
from regulars.kernel.ids import MemberId, SubjectId
from regulars.kernel.problem import Problem
from regulars.platform import claims, newid
from regulars.platform.claims import Claim
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring

WRITE = "members.write"
_ATTEMPT = "member.attempt"
_BODY = "member.body"


@dataclass(frozen=True, slots=True)
class Registered:
    """The member, and whether this call made it (a retry finds it)."""

    ref: MemberRef
    created: bool


def register(ctx: Ctx, asked: Enrolment, *, keyring: Keyring, attempt: str = "") -> Registered:
    """There is a member with these details. Needs ``members.write``. The same body again gives the same member.

    Without an external id (""), a phone or an e-mail address must be there, and the member is known by its own wire id.
    ``attempt`` is the caller's name for one attempt: the same again is answered and not done, with another body a conflict. Raises
    ``input.invalid``, ``idempotency.conflict``, ``members.conflict`` (the external id is registered with another body),
    ``members.erased``, and ``members.taken`` (another member holds the phone or e-mail address); then nothing may be committed.
    """
    ctx.require(WRITE)
    member = MemberId(newid.uuid7())
    checked = enrolment.check(replace(asked, external_id=asked.external_id or ids.encode(PREFIX, member)), ctx.now)
    if isinstance(checked, Problem):
        raise checked
    if not asked.external_id and not personal.keys_of(member, checked.personal, keyring):
        raise problem.invalid("external_id", "", "your own id of the member, or a phone or an e-mail address")
    # Keyed and not plainly hashed: the few phone numbers there are could be tried against a plain hash.
    body = keyring.blind(_BODY, enrolment.canonical(asked, checked)).encode()
    if attempt:
        answered = _attempted(ctx, attempt, member, body=body)
        if answered is not None:
            return Registered(answered, created=False)
    if claims.take(ctx.tx, [Claim(CLAIM, checked.external_id, body_hash=body, subject_id=member, ref=member)]):
        return Registered(_same(ctx, checked.external_id, body), created=False)
    make(ctx, {member: checked})
    pairs = personal.fill(ctx, {member: checked.personal}, keyring=keyring)
    if pairs:
        raise personal.taken(pairs[0])
    return Registered(MemberRef(member, SubjectId(member), checked.joined_at), created=True)


def _attempted(ctx: Ctx, attempt: str, member: MemberId, *, body: bytes) -> MemberRef | None:
    """The member that this attempt made before; None when it is the first of its name, which from now on stands for ``member``."""
    key = (_ATTEMPT, f"{ctx.actor.id}\x1f{attempt}")
    if not claims.take(ctx.tx, [Claim(*key, body_hash=body, subject_id=member, ref=member)]):
        return None
    first = claims.find(ctx.tx, [key])[key]
    if first.body_hash != body or first.ref is None:
        raise problem.KEY_REUSED(key=attempt)
    return refs(ctx, [MemberId(first.ref)])[MemberId(first.ref)]


def _same(ctx: Ctx, external_id: str, body: bytes) -> MemberRef:
    """The member that was registered with this very body before."""
    ref = find_by_external(ctx, [external_id]).get(external_id)
    if ref is None:
        raise ERASED(external_id=external_id)
    if claims.find(ctx.tx, [(CLAIM, external_id)])[(CLAIM, external_id)].body_hash != body:
        raise CONFLICT(external_id=external_id, member=ids.encode(PREFIX, ref.member_id))
    return ref
