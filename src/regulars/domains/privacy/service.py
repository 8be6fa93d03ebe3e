"""Telling a member what is held of it, and forgetting it."""

from typing import Any
from uuid import UUID

from regulars.domains.members import service as members
from regulars.domains.members.model import NOTE_PREFIX, PREFIX, RECEIPT_PREFIX, Consent, Note
from regulars.domains.operators import service as operators
from regulars.domains.privacy import store
from regulars.domains.privacy.registry import KNOWN, Erased, Exported
from regulars.kernel import ids, problem
from regulars.kernel.ids import MemberId
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring

EXPORT = "privacy.export"
ERASE = "privacy.erase"
FORMAT = "regulars.member/1"


def export_member(ctx: Ctx, member_id: MemberId, *, reason: str, keyring: Keyring) -> dict[str, Any]:
    """Everything held of the member, in full, as one JSON-ready document; the audit log says who took it and why.

    Needs ``privacy.export``. Raises ``not_found``, ``input.invalid`` without a reason.
    """
    ctx.require(EXPORT)
    _audited(ctx, "member.exported", member_id, reason)
    known = members.known(ctx, member_id, keyring=keyring)
    return {
        "format": FORMAT,
        "made_at": ctx.now,
        "member": {
            "id": ids.encode(PREFIX, member_id),
            "external_id": known.member.external_id,
            "joined_at": known.member.joined_at,
            "source": known.member.source,
            "status": known.member.status.value,
            "locale": known.member.locale,
            "store": known.member.store,
        },
        "personal": {field.value: value for field, value in known.fields.items()},
        "consents": [_consent(record) for record in known.consents],
        "notes": [_note(note) for note in known.notes],
        "tables": _rows(ctx, member_id),
    }


def erase(ctx: Ctx, member_id: MemberId, *, reason: str) -> bool:
    """Nothing personal of the member is left anywhere in the database; False when it was erased before.

    Needs ``privacy.erase``. Other slices that keep more hear ``members.erased`` and forget it. Raises ``not_found``,
    ``input.invalid`` without a reason.
    """
    ctx.require(ERASE)
    # What points to the rows is read before the members slice drops the map.
    keys = _keys(ctx, member_id)
    if not members.forget(ctx, member_id):
        return False
    for table, known in KNOWN.items():
        if known.erased is Erased.deleted:
            store.delete(ctx.tx, table, known.key, ids=keys[known.key])
    _audited(ctx, "member.erased", member_id, reason)
    return True


def _audited(ctx: Ctx, action: str, member_id: MemberId, reason: str) -> None:
    if not reason.strip():
        raise problem.invalid("reason", reason, "why this is done, e.g. the number of the member's request")
    operators.audit(ctx, action=action, entity=ids.encode(PREFIX, member_id), reason=reason.strip())


def _keys(ctx: Ctx, member_id: MemberId) -> dict[str, list[UUID]]:
    """The ids under which rows of this member are found, by the name of the key column."""
    subjects = members.subjects(ctx, [member_id]).get(member_id, [])
    return {"member_id": [member_id], "subject_id": list(subjects)}


def _rows(ctx: Ctx, member_id: MemberId) -> dict[str, list[dict[str, Any]]]:
    keys = _keys(ctx, member_id)
    return {
        table: store.rows(ctx.tx, table, known.key, ids=keys[known.key])
        for table, known in KNOWN.items()
        if known.exported is Exported.rows
    }


def _consent(record: Consent) -> dict[str, Any]:
    return {
        "receipt": ids.encode(RECEIPT_PREFIX, record.receipt_id),
        "purpose": record.purpose,
        "channel": record.channel,
        "granted": record.granted,
        "source": record.source,
        "policy_version": record.policy_version,
        "at": record.at,
    }


def _note(note: Note) -> dict[str, Any]:
    return {"id": ids.encode(NOTE_PREFIX, note.note_id), "text": note.text, "author": note.author, "at": note.at}
