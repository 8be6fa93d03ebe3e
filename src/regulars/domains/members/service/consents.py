"""What members said yes and no to. Records are only ever added; what counts is read from all of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from regulars.domains.members import events
from regulars.domains.members.model import PREFIX, RECEIPT_PREFIX, Consent, ReceiptId
from regulars.domains.members.rules import consent, identity
from regulars.domains.members.rules.consent import Topic
from regulars.domains.members.rules.enrolment import Findings, joined
from regulars.domains.members.store import consents as store
from regulars.domains.members.store import people
from regulars.kernel import ids, problem
from regulars.kernel.ids import MemberId, SubjectId
from regulars.platform import outbox
from regulars.platform.context import Ctx


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A member said yes (``granted``) or no to a purpose on a channel, ``*`` being every one. ``at`` None is now."""

    member_id: MemberId
    purpose: str
    channel: str
    granted: bool
    source: str
    policy_version: str
    at: datetime | None = None


def record(ctx: Ctx, said: Sequence[Said]) -> list[Consent]:
    """Each is on record, with a receipt derived from its content, so that the same again is the same record. In the order given.

    A time ahead of ours is taken as now: a clock that runs ahead must not outrank a later "no". Raises ``input.invalid``, and
    ``not_found`` for a member that is unknown or erased; then nothing may be committed.
    """
    asked = [one.member_id for one in said]
    mapped = people.subjects_of(ctx.tx, asked)
    for member in asked:
        if member not in mapped:
            raise problem.NOT_FOUND(what="member", key=ids.encode(PREFIX, member))
    records = [_record(ctx, one, mapped[one.member_id]) for one in said]
    fresh = store.append(ctx.tx, records)
    outbox.emit(ctx, [_changed(one) for one in records if one.receipt_id in fresh])
    return records


def history(ctx: Ctx, member_ids: Iterable[MemberId]) -> dict[MemberId, list[Consent]]:
    """Everything each member ever said, oldest first; members that said nothing are missing."""
    return store.of_members(ctx.tx, member_ids)


def current(ctx: Ctx, member_ids: Iterable[MemberId]) -> dict[MemberId, dict[Topic, Consent]]:
    """The record that counts for each (purpose, channel) each member ever said something about."""
    return {member: consent.current(records) for member, records in history(ctx, member_ids).items()}


def allowed(ctx: Ctx, member_ids: Iterable[MemberId], *, purpose: str, channel: str) -> set[MemberId]:
    """Those of the members who agreed to the purpose on the channel; the strictest reading wins, and silence is a no."""
    return {member for member, records in history(ctx, member_ids).items() if consent.allowed(records, purpose, channel)}


def _record(ctx: Ctx, said: Said, subjects: Sequence[SubjectId]) -> Consent:
    found = Findings()
    purpose = found.tried(lambda: consent.topic("purpose", said.purpose), otherwise="")
    channel = found.tried(lambda: consent.topic("channel", said.channel), otherwise="")
    source = found.tried(lambda: identity.code("source", said.source), otherwise="")
    policy = found.tried(lambda: consent.policy(said.policy_version), otherwise="")
    at = ctx.now if said.at is None else found.tried(lambda: joined(said.at or ctx.now, ctx.now), otherwise=ctx.now)
    if found.refusal:
        raise found.refusal
    # The member's own first subject, when it still has it: after a merge that is whom the words were said as.
    own = SubjectId(said.member_id)
    receipt = ids.derived(at, "consent", said.member_id.hex, purpose, channel, str(said.granted), source, policy)
    return Consent(
        member_id=said.member_id,
        subject_id=own if own in subjects else subjects[0],
        receipt_id=ReceiptId(receipt),
        purpose=purpose,
        channel=channel,
        granted=said.granted,
        source=source,
        policy_version=policy,
        at=min(at, ctx.now),
        recorded_at=ctx.now,
    )


def _changed(record_: Consent) -> outbox.Event:
    payload = {
        "member": ids.encode(PREFIX, record_.member_id),
        "receipt": ids.encode(RECEIPT_PREFIX, record_.receipt_id),
        "purpose": record_.purpose,
        "channel": record_.channel,
        "granted": record_.granted,
        "at": record_.at.isoformat(),
    }
    return outbox.Event(events.CONSENT_CHANGED, record_.member_id, payload)
