"""What members do for themselves. Each verb is about the member that is signed in; whose id is given has been let in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domains.members.model import CLOSED, PREFIX, SIGN_IN, STATUS_ZH, Consent, Limit, Member, Profile, Purpose, SignInPolicy
from regulars.domains.members.rules import consent, topics
from regulars.domains.members.rules.topics import Ask
from regulars.domains.members.service import codes, consents, personal, profiles
from regulars.domains.members.store import people
from regulars.kernel import ids, problem
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Problem, ProblemType
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring

SOURCE = "member-pages"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the member said to one question on one channel: yes, no, or (``at`` None) nothing, which counts as no."""

    ask: Ask
    channel: str
    granted: bool
    at: datetime | None


def own(ctx: Ctx, member_id: MemberId, *, keyring: Keyring) -> Profile:
    """The member with its own details in full."""
    fields = personal.opened(ctx, [member_id], keyring).get(member_id, {})
    return Profile(member=profiles.get_member(ctx, member_id), fields=fields, revealed=True)


def change_own(ctx: Ctx, member_id: MemberId, changes: profiles.Changes, *, keyring: Keyring) -> Profile:
    """The member's name or language is as in ``changes``. Two changes at once are done one after the other.

    Raises ``input.invalid``, ``members.closed``.
    """
    _lock(ctx, member_id)
    version = profiles.get_member(ctx, member_id).version
    profiles.changed(ctx, member_id, changes, expected_version=version, keyring=keyring)
    return own(ctx, member_id, keyring=keyring)


def answers(ctx: Ctx, member_id: MemberId) -> list[Answer]:
    """What the member has said to everything members are asked, in the order of asking."""
    records = consents.history(ctx, [member_id]).get(member_id, [])
    return [_answer(records, ask, channel) for ask in topics.ASKED for channel in ask.channels]


def _answer(records: Sequence[Consent], ask: Ask, channel: str) -> Answer:
    about = [one.at for one in records if one.purpose in (ask.purpose, consent.EVERY) and one.channel in (channel, consent.EVERY)]
    return Answer(ask, channel, consent.allowed(records, ask.purpose, channel), max(about, default=None))


def answer(ctx: Ctx, member_id: MemberId, given: Iterable[tuple[str, str, bool]]) -> list[Consent]:
    """The receipts of what changed: each (purpose, channel, yes or no) that differs from what was said, or was never said.

    Raises ``input.invalid`` for a question that members are not asked, ``members.closed``.
    """
    wanted = {(purpose, channel): granted for purpose, channel, granted in given}
    for purpose, channel in wanted:
        if not topics.asked(purpose, channel):
            known = ", ".join(f"{one.purpose}/{name}" for one in topics.ASKED for name in one.channels)
            raise problem.invalid("consents", f"{purpose}/{channel}", f"one of {known}")
    _lock(ctx, member_id)
    said = {(one.ask.purpose, one.channel): one for one in answers(ctx, member_id)}
    return consents.record(
        ctx,
        [
            consents.Said(
                member_id=member_id, purpose=purpose, channel=channel, granted=granted, source=SOURCE, policy_version=topics.WORDING
            )
            for (purpose, channel), granted in sorted(wanted.items())
            if said[purpose, channel].at is None or said[purpose, channel].granted is not granted
        ],
    )


def close_own(ctx: Ctx, member_id: MemberId, *, code: str, keyring: Keyring, policy: SignInPolicy = SIGN_IN) -> Member | Problem:
    """The member's account is closed and every device signed out, for the right code of :func:`codes.ask_own`.

    A refusal of the code is returned and not raised, so that the try stays counted: the caller commits, then raises.
    """
    contact = codes.own_contact(ctx, member_id, keyring=keyring)
    refused = codes.used(ctx, Purpose.close, contact, code=code, keyring=keyring, policy=policy)
    if refused is not None:
        return refused
    _lock(ctx, member_id)
    return profiles.closed(ctx, member_id, expected_version=profiles.get_member(ctx, member_id).version)


def limit_own(ctx: Ctx, member_id: MemberId, kind: str, *, allowed: Limit, refusal: ProblemType, keyring: Keyring) -> None:
    """One more of something the member may do only so often. Raises ``refusal`` (``retry_after``)."""
    codes.limit(ctx, [(codes.place(kind, member_id.hex, keyring), allowed)], refusal=refusal)


def language(member: Member, accepted: str) -> str:
    """The language the member reads: its own choice, else what its browser asks for."""
    return member.locale or accepted


def _lock(ctx: Ctx, member_id: MemberId) -> None:
    if not people.touch_active(ctx.tx, [member_id]):
        status = profiles.get_member(ctx, member_id).status
        raise CLOSED(member=ids.encode(PREFIX, member_id), status=status.value, status_zh=STATUS_ZH[status])
