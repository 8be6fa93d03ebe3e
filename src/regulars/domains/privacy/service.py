"""Telling a member what is held of it, and forgetting it."""

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from regulars.domains.loyalty import service as loyalty
from regulars.domains.loyalty.service import mine
from regulars.domains.members import service as members
from regulars.domains.members.model import DEVICE_PREFIX, NOTE_PREFIX, PREFIX, RECEIPT_PREFIX, SIGN_IN, Consent, Device, Note, SignInPolicy
from regulars.domains.operators import service as operators
from regulars.domains.privacy import store
from regulars.domains.privacy.registry import KNOWN, Erased, Exported
from regulars.kernel import ids, money, problem
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Kind
from regulars.kernel.text import Text
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring

EXPORT = "privacy.export"
ERASE = "privacy.erase"
FORMAT = "regulars.member/1"
KEPT = Text(
    en="Your orders and what you were given for them stay on record, as the law asks. To have your personal details erased, ask us.",
    zh="订单与积分记录依法保留。如需删除个人信息，请联系我们。",
)
TOO_MANY_EXPORTS = problem.define(
    "privacy.too_many_exports",
    Kind.limit,
    en="Your data was downloaded several times today. Wait {retry_after} seconds, then ask again.",
    zh="今日下载次数过多，请在 {retry_after} 秒后重试。",
)


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that goes with an account."""

    kind: Literal["units", "level", "devices", "joining"]
    words: Text


def export_member(ctx: Ctx, member_id: MemberId, *, reason: str, keyring: Keyring) -> dict[str, Any]:
    """Everything held of the member, in full, as one JSON-ready document; the audit log says who took it and why.

    Needs ``privacy.export``. Raises ``not_found``, ``input.invalid`` without a reason.
    """
    ctx.require(EXPORT)
    return _told(ctx, member_id, reason=reason, keyring=keyring)


def export_own(ctx: Ctx, member_id: MemberId, *, keyring: Keyring, policy: SignInPolicy = SIGN_IN) -> dict[str, Any]:
    """The same for the member itself, who is signed in. Raises ``privacy.too_many_exports`` (``retry_after``)."""
    members.limit_own(ctx, member_id, "exports.member", allowed=policy.exports, refusal=TOO_MANY_EXPORTS, keyring=keyring)
    return _told(ctx, member_id, reason="asked for by the member, signed in", keyring=keyring)


def losses(ctx: Ctx, member_id: MemberId) -> list[Loss]:
    """What the member would lose with its account: units, level, devices, and the way back under the same details."""
    lost: list[Loss] = []
    if loyalty.programmes(ctx).versions:
        found = mine.overview(ctx, member_id)
        units = found.programme.units
        for balance in found.balances:
            amount = balance.available + balance.pending + balance.held
            if amount:
                unit = units[balance.unit]
                much = money.said(amount, found.programme.currency) if unit.minor else f"{amount:,}"
                lost.append(Loss("units", Text(en=f"{much} {unit.label.en} lapse", zh=f"{much} {unit.label.zh}将失效")))
        level = mine.level(found)
        lost.append(Loss("level", Text(en=f"Your level {level.en} and what it brings", zh=f"等级「{level.zh}」及其权益")))
    lost.append(Loss("devices", Text(en="You are signed out on every device", zh="所有设备将退出登录")))
    return [
        *lost,
        Loss("joining", Text(en="You can't sign in any more; a closed account is not opened again", zh="注销后无法再次登录，账户不可恢复")),
    ]


def _told(ctx: Ctx, member_id: MemberId, *, reason: str, keyring: Keyring) -> dict[str, Any]:
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
        "devices": [_device(device) for device in known.devices],
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


def _device(device: Device) -> dict[str, Any]:
    return {
        "id": ids.encode(DEVICE_PREFIX, device.session_id),
        "name": device.name,
        "signed_in_at": device.opened_at,
        "seen_at": device.seen_at,
        "expires_at": device.expires_at,
    }


def _note(note: Note) -> dict[str, Any]:
    return {"id": ids.encode(NOTE_PREFIX, note.note_id), "text": note.text, "author": note.author, "at": note.at}
