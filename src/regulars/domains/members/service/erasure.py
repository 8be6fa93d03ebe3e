"""Forgetting one member, and telling it everything this slice knows."""

from dataclasses import dataclass

from regulars.domains.members import events
from regulars.domains.members.model import PREFIX, Consent, Device, Field, Member, Note, ReceiptId
from regulars.domains.members.rules import consent
from regulars.domains.members.rules.enrolment import Personal
from regulars.domains.members.service import consents, notes, personal, sessions
from regulars.domains.members.service.enrolment import CLAIM
from regulars.domains.members.service.profiles import get_member
from regulars.domains.members.store import consents as consents_store
from regulars.domains.members.store import people
from regulars.domains.members.store import personal as fields_store
from regulars.kernel import ids
from regulars.kernel.ids import MemberId, SubjectId
from regulars.platform import outbox
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring

_ALL_NOTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Everything this slice holds of one member, in full: what it is told when it asks."""

    member: Member
    fields: Personal
    consents: list[Consent]
    notes: list[Note]
    devices: list[Device]


def known(ctx: Ctx, member_id: MemberId, *, keyring: Keyring) -> Known:
    """Everything held of the member, in full. Raises ``not_found``. Whoever calls has asked who may."""
    return Known(
        member=get_member(ctx, member_id),
        fields=personal.opened(ctx, [member_id], keyring).get(member_id, {}),
        consents=consents.history(ctx, [member_id]).get(member_id, []),
        notes=notes.list_notes(ctx, member_id, keyring=keyring, limit=_ALL_NOTES),
        devices=sessions.devices(ctx, member_id),
    )


def forget(ctx: Ctx, member_id: MemberId) -> bool:
    """Nothing personal of the member is left here; False when it was erased before. Raises ``not_found``.

    Gone: the data key (and with it every sealed copy made elsewhere without the key), the fields, notes, blind indexes, duplicate
    pairs, the holds on phone and e-mail address, every session, the subject map, the external id in the member's row. Staying: the row
    itself, for the ledger to add up, the consent records with a final "no" to everything, and the claim on the external id, empty, so
    that it is never enrolled again.
    """
    get_member(ctx, member_id)
    subjects = people.subjects_of(ctx.tx, [member_id]).get(member_id, [])
    # Members that were merged into this one left rows under their subjects' ids: they are the same person.
    selves = sorted({member_id, *(MemberId(subject) for subject in subjects)})
    external_ids = people.mark_erased(ctx.tx, selves)
    if not external_ids:
        return False
    consents_store.append(ctx.tx, [_refusal(ctx, member_id)])
    people.seal_claims(ctx.tx, CLAIM, external_ids)
    people.unmap_subjects(ctx.tx, member_id)
    for one in selves:
        sessions.end_all(ctx, one)
        personal.clear(ctx, one, Field)
        fields_store.delete_personal(ctx.tx, one)
    outbox.emit(ctx, [outbox.Event(events.MEMBER_ERASED, member_id, {"member": ids.encode(PREFIX, member_id)})])
    return True


def _refusal(ctx: Ctx, member_id: MemberId) -> Consent:
    """A "no" to everything: whatever still waits to be sent finds it when it asks at the last moment."""
    return Consent(
        member_id=member_id,
        subject_id=SubjectId(member_id),
        receipt_id=ReceiptId(ids.derived(ctx.now, "consent", member_id.hex, "erasure")),
        purpose=consent.EVERY,
        channel=consent.EVERY,
        granted=False,
        source="erasure",
        policy_version="",
        at=ctx.now,
        recorded_at=ctx.now,
    )
