"""The code a member shows at a counter, and who it is that shows it."""

import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from regulars.domains.members.model import (
    CARD_UNKNOWN,
    CARD_USED,
    SIGN_IN,
    TOO_MANY_TRIES,
    Device,
    SessionId,
    SignInPolicy,
)
from regulars.domains.members.rules import card
from regulars.domains.members.service import codes
from regulars.domains.members.service.sessions import CARD
from regulars.domains.members.store import attempts
from regulars.domains.members.store import sessions as store
from regulars.kernel import problem
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Problem
from regulars.platform import claims, crypto
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring

IDENTIFY = "members.identify"
QR = "RM1."
TOKEN_FOR = timedelta(seconds=60)
_FACE = struct.Struct(">16s16sqq")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Face:
    """What a device shows, and what it needs to go on without us: ``secret`` makes the codes of every step until ``offline_until``."""

    qr: str
    digits: str
    step: int
    expires_at: datetime
    number: str
    secret: bytes
    offline_until: datetime


def face(ctx: Ctx, device: Device, *, keyring: Keyring) -> Face:
    """The device's code of this moment, or of the next step when this one's was used."""
    now = card.step_of(ctx.now)
    step = max(now, device.card_step + 1)
    secret = _secrets(device.session_id, card.epoch_of(now), keyring)[0]
    payload = _FACE.pack(device.member_id.bytes, device.session_id.bytes, int(ctx.now.timestamp()), step)
    return Face(
        qr=QR + keyring.sign(CARD, payload),
        digits=card.written(device.card, card.totp(secret, step)),
        step=step,
        expires_at=ctx.now + TOKEN_FOR,
        number=device.card,
        secret=secret,
        offline_until=datetime.fromtimestamp(card.offline_until(now), UTC),
    )


def identify(ctx: Ctx, code: str, *, keyring: Keyring, policy: SignInPolicy = SIGN_IN) -> MemberId | Problem:
    """Whose code it is: the text of the QR code, or the eighteen digits. Needs ``members.identify``. Each code works once.

    ``members.card_unknown``, ``members.card_used`` and ``members.too_many_tries`` (of this caller, or at this card) are returned and
    not raised, so that the try stays counted: the caller commits, then raises. Raises ``input.invalid`` for what cannot be a code: a
    slip of the finger is no guess.
    """
    ctx.require(IDENTIFY)
    text = code.strip()
    digits = None if text.startswith(QR) else card.read(text)
    if digits is None and not text.startswith(QR):
        raise problem.invalid("code", f"{len(text)} characters", "a scanned member code, or its 18 digits without a slip")
    steps = [(codes.place("scans.actor", ctx.actor.id, keyring), policy.scans_per_actor)]
    if digits is not None:
        steps.append((codes.place("scans.card", digits[0], keyring), policy.scans_per_card))
    wait = codes.over(ctx, steps)
    if wait is not None:
        return TOO_MANY_TRIES(retry_after=wait)
    found = _of_digits(ctx, *digits, keyring=keyring) if digits else _of_token(ctx, text, keyring=keyring)
    if found is None:
        return CARD_UNKNOWN()
    device, step = found
    if not store.use_step(ctx.tx, (device.member_id, device.session_id), step):
        return CARD_USED()
    attempts.give_back(ctx.tx, [place for place, _ in steps])
    return device.member_id


def _of_token(ctx: Ctx, text: str, *, keyring: Keyring) -> tuple[Device, int] | None:
    try:
        payload = keyring.verify(CARD, text.removeprefix(QR))
    except Problem as refused:
        if refused.code != crypto.TOKEN_INVALID.code:
            raise
        return None
    member, session, issued, step = _FACE.unpack(payload)
    if not issued <= int(ctx.now.timestamp()) < issued + int(TOKEN_FOR.total_seconds()):
        return None
    return _device(ctx, member, session, step=step)


def _of_digits(ctx: Ctx, number: str, code: str, *, keyring: Keyring) -> tuple[Device, int] | None:
    claim = claims.find(ctx.tx, [(CARD, number)]).get((CARD, number))
    if claim is None or claim.ref is None or claim.subject_id is None:
        return None
    session_id, now = SessionId(claim.ref), card.step_of(ctx.now)
    matching = None
    secrets = [secret for epoch in card.secrets_at(now) for secret in _secrets(session_id, epoch, keyring)]
    for step in range(now - card.DRIFT, now + card.DRIFT + 1):
        compared = [hmac.compare_digest(card.totp(secret, step), code) for secret in secrets]  # all of them, whichever it is
        if any(compared):
            matching = step
    return None if matching is None else _device(ctx, claim.subject_id.bytes, claim.ref.bytes, step=matching)


def _device(ctx: Ctx, member: bytes, session: bytes, *, step: int) -> tuple[Device, int] | None:
    """The running session of an active member, with the step its code was of."""
    found = store.find(ctx.tx, _key(member, session), ctx.now)
    return None if found is None else (found[0], step)


def _key(member: bytes, session: bytes) -> store.Key:
    return MemberId(UUID(bytes=member)), SessionId(UUID(bytes=session))


def _secrets(session_id: SessionId, epoch: int, keyring: Keyring) -> list[bytes]:
    """The device's secret of an hour under every version of the key, the newest first. Derived: nothing to store, nothing to leak."""
    # The first two characters are the key's version.
    return [bytes.fromhex(text[2:]) for text in keyring.blinds(CARD, f"{session_id.hex}:{epoch}")]
