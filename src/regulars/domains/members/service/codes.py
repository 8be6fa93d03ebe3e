"""One-time codes: proof that somebody can read what is sent to a phone or an e-mail address.

A code is six digits, valid ten minutes and five tries, and kept as a keyed digest only. Whoever asks gets the same answer after the same
statements whether or not a member has the contact: a code is made and kept for a stranger too, and goes nowhere.
"""

import hmac
import secrets
from collections.abc import Callable, Sequence

from regulars.domains.members.adapters.dev_inbox import DevInbox
from regulars.domains.members.model import (
    CODE_WORN,
    NO_CONTACT,
    SIGN_IN,
    TOO_MANY_CODES,
    UNIQUE,
    WRONG_CODE,
    CodeMessage,
    CodeSender,
    Contact,
    Limit,
    Member,
    Purpose,
    SignInPolicy,
    Status,
)
from regulars.domains.members.rules import masks, signing_in
from regulars.domains.members.service import personal
from regulars.domains.members.store import attempts, people
from regulars.domains.members.store import codes as store
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Problem, ProblemType
from regulars.kernel.text import Text
from regulars.platform import claims, log, newid
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring

Step = tuple[attempts.Place, Limit]
_log = log.get(__name__)
_WORDS = {
    Purpose.sign_in: Text(
        en="{code} is your code to sign in. It works for {minutes} minutes; nobody of ours will ever ask you for it.",
        zh="{code} 是您的登录验证码，{minutes} 分钟内有效。工作人员不会向您索取验证码。",
    ),
    Purpose.close: Text(
        en="{code} is your code to close your account. If you did not ask for it, do nothing: your account stays open.",
        zh="{code} 是您的注销账户验证码。如非本人操作请忽略，账户不会被注销。",
    ),
}


def ask(
    ctx: Ctx, *, contact: str, region: str, address: str, language: str, keyring: Keyring, policy: SignInPolicy = SIGN_IN
) -> CodeMessage | None:
    """The contact has a new code to sign in with, and no older one; the message to hand to :func:`send` after the commit.

    None when no active member has the contact: the caller must not let that show. Raises ``input.invalid``,
    ``members.too_many_codes`` (for the contact, the address, or altogether).
    """
    wanted = signing_in.contact(contact, region)
    limit(ctx, _limits(wanted, Purpose.sign_in, address=address, keyring=keyring, policy=policy), refusal=TOO_MANY_CODES)
    code = _new(ctx, Purpose.sign_in, wanted, keyring=keyring, policy=policy)
    member = holder(ctx, wanted, keyring=keyring)
    return None if member is None else _message(ctx, Purpose.sign_in, wanted, member, code=code, language=language, policy=policy)


def ask_own(
    ctx: Ctx, member_id: MemberId, purpose: Purpose, *, address: str, language: str, keyring: Keyring, policy: SignInPolicy = SIGN_IN
) -> CodeMessage:
    """A member who is signed in has a new code for ``purpose``, to its phone or else its e-mail address.

    Raises ``members.no_contact``, ``members.too_many_codes``.
    """
    wanted = own_contact(ctx, member_id, keyring=keyring)
    limit(ctx, _limits(wanted, purpose, address=address, keyring=keyring, policy=policy), refusal=TOO_MANY_CODES)
    code = _new(ctx, purpose, wanted, keyring=keyring, policy=policy)
    member = people.members(ctx.tx, [member_id])[member_id]
    return _message(ctx, purpose, wanted, member, code=code, language=language, policy=policy)


def own_contact(ctx: Ctx, member_id: MemberId, *, keyring: Keyring) -> Contact:
    """Where a code for this member goes. Raises ``members.no_contact``."""
    fields = personal.opened(ctx, [member_id], keyring).get(member_id, {})
    for field in UNIQUE:
        if field in fields:
            return signing_in.contact(fields[field], "ZZ")
    raise NO_CONTACT()


def own_masked_contact(ctx: Ctx, member_id: MemberId, *, keyring: Keyring) -> str | None:
    """The same as it may be shown on a screen that others see; None when there is none."""
    try:
        contact = own_contact(ctx, member_id, keyring=keyring)
    except Problem as none:
        if none.code != NO_CONTACT.code:
            raise
        return None
    return masks.masked(contact.field, contact.value)


def send(sender: CodeSender, message: CodeMessage | None) -> None:
    """The code is on its way, if there is one. That a provider failed is logged and not told: only members' messages can fail."""
    if message is None:
        return
    try:
        sender.send(message)
    except Exception as error:  # noqa: BLE001 - whatever a provider does, the answer must be the one a stranger gets.
        _log.error("sign_in.not_sent", error=log.places(error))


def dev_inbox(keep: Callable[[CodeMessage], None]) -> CodeSender:
    """The sender that hands codes to ``keep``, which puts them into the development inbox."""
    return DevInbox(keep)


def words(message: CodeMessage) -> str:
    """What the message says, in the member's language."""
    minutes = int((message.expires_at - message.sent_at).total_seconds() // 60)
    return _WORDS[message.purpose].in_(message.language).format(code=message.code, minutes=minutes)


def used(ctx: Ctx, purpose: Purpose, contact: Contact, *, code: str, keyring: Keyring, policy: SignInPolicy = SIGN_IN) -> Problem | None:
    """The contact's code is used up by this right ``code``; None. Else why not: ``members.wrong_code`` or ``members.code_worn``.

    Returned and not raised, so that the try stays counted: the caller commits before it raises.
    """
    places = _contacts(contact, keyring)
    found = store.count_try(ctx.tx, purpose.value, places, now=ctx.now)
    given = keyring.blinds("member.code", f"{purpose.value}\x1f{contact.value}\x1f{code}")
    kept, tries = found or ("", 0)
    matches = [hmac.compare_digest(kept, digest) for digest in given]
    if tries > policy.code_tries:
        return CODE_WORN(tries=policy.code_tries)
    if not any(matches) or not store.use(ctx.tx, purpose.value, places, code=kept):
        return WRONG_CODE()
    return None


def holder(ctx: Ctx, contact: Contact, *, keyring: Keyring) -> Member | None:
    """The active member that holds the contact. The same statements run when nobody does."""
    keys = [(contact.field.value, token) for token in keyring.blinds(contact.field.value, contact.value)]
    refs = [claim.ref for claim in claims.find(ctx.tx, keys).values() if claim.ref is not None]
    wanted = MemberId(refs[0] if refs else newid.uuid7())
    member = people.members(ctx.tx, [wanted]).get(wanted)
    return member if member is not None and member.status is Status.active else None


def limit(ctx: Ctx, steps: Sequence[Step], *, refusal: ProblemType) -> None:
    """One more try is counted at each place. Raises ``refusal`` when it is one too many at any: then nothing may be committed, and
    the place stays as full as it was.
    """
    wait = over(ctx, steps)
    if wait is not None:
        raise refusal(retry_after=wait)


def over(ctx: Ctx, steps: Sequence[Step]) -> int | None:
    """The same for callers that commit all the same: seconds to wait, None while it is allowed."""
    counted = attempts.count(ctx.tx, [(place, allowed.window) for place, allowed in steps], now=ctx.now)
    waits = [signing_in.wait(*counted[place], limit=allowed, now=ctx.now) for place, allowed in steps]
    return max((wait for wait in waits if wait is not None), default=None)


def place(kind: str, what: str, keyring: Keyring) -> attempts.Place:
    """Under which digest tries at ``what`` are counted: contacts and addresses are personal data."""
    return kind, keyring.blind("member.attempt", f"{kind}\x1f{what}")


def _limits(contact: Contact, purpose: Purpose, *, address: str, keyring: Keyring, policy: SignInPolicy) -> list[Step]:
    whom = f"{contact.field.value}:{contact.value}"
    return [
        (place("codes.address", signing_in.network(address), keyring), policy.per_address),
        (place("codes.contact", whom, keyring), policy.per_contact),
        (place("codes.pause", f"{purpose.value}:{whom}", keyring), policy.pause),
        (place("codes.total", "", keyring), policy.overall),
    ]


def _new(ctx: Ctx, purpose: Purpose, contact: Contact, *, keyring: Keyring, policy: SignInPolicy) -> str:
    code = f"{secrets.randbelow(10**signing_in.CODE_DIGITS):0{signing_in.CODE_DIGITS}d}"
    digest = keyring.blind("member.code", f"{purpose.value}\x1f{contact.value}\x1f{code}")
    store.put(ctx.tx, purpose.value, _contacts(contact, keyring), code=digest, expires_at=ctx.now + policy.code_for)
    return code


def _contacts(contact: Contact, keyring: Keyring) -> list[str]:
    return keyring.blinds("member.contact", f"{contact.field.value}:{contact.value}")


def _message(
    ctx: Ctx, purpose: Purpose, contact: Contact, member: Member, *, code: str, language: str, policy: SignInPolicy
) -> CodeMessage:
    return CodeMessage(
        member_id=member.member_id,
        contact=contact,
        purpose=purpose,
        code=code,
        language=member.locale or language,
        sent_at=ctx.now,
        expires_at=ctx.now + policy.code_for,
    )
