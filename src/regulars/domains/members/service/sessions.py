"""Members' sessions: opened by a code, carried by a cookie or as a bearer token, seen as devices, ended one by one.

A token is ``rm_``, the key of its row, and 192 random bits, of which only a digest is stored. It lasts thirty days from its last use.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from regulars.domains.members.model import (
    DEVICE_PREFIX,
    NOT_FROM_APP,
    PREFIX,
    SIGN_IN,
    TOO_MANY_TRIES,
    UNKNOWN_CALLER,
    WRONG_CODE,
    Device,
    Purpose,
    SessionId,
    SignInPolicy,
)
from regulars.domains.members.rules import card, signing_in
from regulars.domains.members.service import codes
from regulars.domains.members.store import attempts, people
from regulars.domains.members.store import personal as fields_store
from regulars.domains.members.store import sessions as store
from regulars.kernel import ids, problem
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Problem
from regulars.platform import claims, newid
from regulars.platform.claims import Claim
from regulars.platform.context import Actor, Ctx
from regulars.platform.crypto import Keyring

COOKIE = "regulars_member"
APP_HEADER = "x-member-app"
CARD = "member.card"
_TOKEN = "rm"  # noqa: S105 - the word a token begins with
_SECRET_BYTES = 24
_KEY_CHARACTERS = 26
_READ_ONLY = frozenset({"GET", "HEAD", "OPTIONS"})
_CARD_TRIES = 8
_OLD_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SignedIn:
    """A new session; ``token`` is shown once and not stored."""

    device: Device
    token: str


@dataclass(frozen=True, slots=True, repr=False)
class Presented:
    """What a request shows: the key of a session and its secret, in a cookie or as a bearer token."""

    member_id: MemberId
    session_id: SessionId
    secret: str
    by_cookie: bool


@dataclass(frozen=True, slots=True)
class Known:
    """Who calls. ``stale``: the session's use was not noted for a while, see :func:`note_use`."""

    actor: Actor
    device: Device
    stale: bool


def open_session(
    ctx: Ctx,
    *,
    contact: str,
    region: str,
    code: str,
    address: str,
    user_agent: str,
    keyring: Keyring,
    policy: SignInPolicy = SIGN_IN,
) -> SignedIn | Problem:
    """A session for the member that holds the contact, for the right code; each code opens one, whoever uses it at the same time.

    ``members.wrong_code``, ``members.code_worn`` and ``members.too_many_tries`` are returned and not raised, so that the try stays
    counted: the caller commits, then raises. Raises ``input.invalid``.
    """
    wanted = signing_in.contact(contact, region)
    origin = codes.place("checks.address", signing_in.network(address), keyring)
    wait = codes.over(ctx, [(origin, policy.checks_per_address)])
    if wait is not None:
        return TOO_MANY_TRIES(retry_after=wait)
    refused = codes.used(ctx, Purpose.sign_in, wanted, code=code, keyring=keyring, policy=policy)
    if refused is not None:
        return refused
    member = codes.holder(ctx, wanted, keyring=keyring)
    # Locked: a member that is being erased at this moment gets no session behind its back.
    if member is None or not people.lock_active(ctx.tx, member.member_id):
        return WRONG_CODE()
    attempts.give_back(ctx.tx, [origin])
    return _open(ctx, member.member_id, name=signing_in.device(user_agent), policy=policy)


def _open(ctx: Ctx, member_id: MemberId, *, name: str, policy: SignInPolicy) -> SignedIn:
    older = store.of_member(ctx.tx, member_id, now=ctx.now)[policy.devices - 1 :]
    _end(ctx, store.end(ctx.tx, member_id, [one.session_id for one in older]))
    session_id, secret = SessionId(newid.uuid7()), secrets.token_hex(_SECRET_BYTES)
    made = Device(
        session_id=session_id,
        member_id=member_id,
        name=name,
        card=_card(ctx, member_id, session_id),
        card_step=0,
        opened_at=ctx.now,
        seen_at=ctx.now,
        expires_at=ctx.now + policy.session_for,
    )
    store.insert(ctx.tx, made, _digest(secret))
    key = ids.encode(_TOKEN, member_id) + ids.encode("", session_id).removeprefix("_")
    return SignedIn(device=made, token=f"{key}_{secret}")


def _card(ctx: Ctx, member_id: MemberId, session_id: SessionId) -> str:
    """Nine digits that no other session has."""
    smallest = 10 ** (card.NUMBER_DIGITS - 1)
    for _ in range(_CARD_TRIES):
        number = str(smallest + secrets.randbelow(9 * smallest))
        if not claims.take(ctx.tx, [Claim(CARD, number, subject_id=member_id, ref=session_id)]):
            return number
    raise problem.UNAVAILABLE()


def presented(headers: Mapping[str, str], cookies: Mapping[str, str]) -> Presented:
    """The session a request shows: the bearer token if an Authorization header is there, else the cookie.

    Raises ``members.unknown_caller``; whether such a session exists is not looked at.
    """
    given = headers.get("authorization")
    if given is None:
        text, by_cookie = cookies.get(COOKIE, ""), True
    else:
        scheme, _, rest = given.strip().partition(" ")
        text, by_cookie = rest.strip() if scheme.lower() == "bearer" else "", False
    head, _, secret = text.rpartition("_")
    split = len(_TOKEN) + 1 + _KEY_CHARACTERS
    try:
        member_id, session_id = ids.decode(_TOKEN, head[:split]), ids.decode("", "_" + head[split:])
    except Problem:
        raise UNKNOWN_CALLER() from None
    return Presented(MemberId(member_id), SessionId(session_id), secret, by_cookie)


def authenticate(
    ctx: Ctx, headers: Mapping[str, str], cookies: Mapping[str, str], *, method: str = "POST", policy: SignInPolicy = SIGN_IN
) -> Known:
    """The member behind a request. A change (any method but GET, HEAD, OPTIONS) made with the cookie must come from our own pages.

    Asked of the database each time, so that a device that was signed out is out at once. The actor holds no permission: what is an
    operator's stays theirs. Raises ``members.unknown_caller``, ``members.not_from_app``.
    """
    shown = presented(headers, cookies)
    found = store.find(ctx.tx, (shown.member_id, shown.session_id), ctx.now)
    if found is None or not hmac.compare_digest(found[1], _digest(shown.secret)):
        raise UNKNOWN_CALLER()
    # Another site's page can make a browser send the cookie, but no header of its choice without our consent (CORS).
    if shown.by_cookie and method.upper() not in _READ_ONLY and not headers.get(APP_HEADER):
        raise NOT_FROM_APP()
    device = found[0]
    actor = Actor(kind="member", id=ids.encode(PREFIX, device.member_id))
    return Known(actor, device, stale=ctx.now - device.seen_at >= policy.noted_every)


def note_use(ctx: Ctx, device: Device, *, policy: SignInPolicy = SIGN_IN) -> None:
    """The session was used now and lasts its whole time again."""
    store.touch(ctx.tx, (device.member_id, device.session_id), now=ctx.now, expires_at=ctx.now + policy.session_for)


def device_of(ctx: Ctx, headers: Mapping[str, str], cookies: Mapping[str, str]) -> Device:
    """The device that a request which was let in comes from. Raises ``members.unknown_caller`` when it was signed out meanwhile."""
    shown = presented(headers, cookies)
    found = store.find(ctx.tx, (shown.member_id, shown.session_id), ctx.now)
    if found is None:
        raise UNKNOWN_CALLER()
    return found[0]


def devices(ctx: Ctx, member_id: MemberId) -> list[Device]:
    """Where the member is signed in, the device used last first."""
    return store.of_member(ctx.tx, member_id, now=ctx.now)


def sign_out(ctx: Ctx, member_id: MemberId, session_id: SessionId) -> None:
    """The member's device is signed out. Raises ``not_found``, also for a device of somebody else."""
    cards = store.end(ctx.tx, member_id, [session_id])
    if not cards:
        raise problem.NOT_FOUND(what="device", key=ids.encode(DEVICE_PREFIX, session_id))
    _end(ctx, cards)


def end_all(ctx: Ctx, member_id: MemberId) -> None:
    """The member is signed out everywhere."""
    _end(ctx, store.end_all(ctx.tx, member_id))


def end_old(ctx: Ctx) -> int:
    """Sessions that ran out are gone; returns how many of a batch."""
    cards = store.end_old(ctx.tx, ctx.now, _OLD_AT_ONCE)
    _end(ctx, cards)
    return len(cards)


def _end(ctx: Ctx, cards: Sequence[str]) -> None:
    """The numbers of ended sessions are free again."""
    if cards:
        fields_store.delete_claims(ctx.tx, [(CARD, number) for number in sorted(cards)])


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
