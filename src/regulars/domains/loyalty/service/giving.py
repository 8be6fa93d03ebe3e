"""Coupons at hand: what a typed code stands for, what a member can claim and holds, whose coupon a counter is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from regulars.domains.coupons.model import CouponFilter, Definition, Held, Refused, Room, name_of_room
from regulars.domains.coupons.rules import issuing
from regulars.domains.coupons.store import codes as code_store
from regulars.domains.coupons.store import holding as store
from regulars.domains.loyalty.model import CouponGiven, CouponRedeemed, Programme, Standing
from regulars.domains.loyalty.rules import coupons as rules
from regulars.domains.loyalty.rules.reading import member_values
from regulars.domains.loyalty.service import publishing, reading, unique_codes
from regulars.domains.loyalty.store import counters
from regulars.domains.members import service as members
from regulars.domains.members.service import guessing
from regulars.domains.operators import service as operators
from regulars.kernel import codes, ids, problem
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Kind, Problem
from regulars.platform import claims, newid
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring

GUESS = "coupons"
"""Under which name tries at coupon codes are counted."""
CODE_UNKNOWN = problem.define(
    "coupons.code_unknown",
    Kind.not_found,
    en="There is no coupon with this code. Compare it with the original: too many wrong codes have to wait.",
    zh="没有此券码对应的优惠券，请核对原码；多次输错将暂时无法再试。",
)
HOLDER_UNKNOWN = problem.define(
    "coupons.holder_unknown",
    Kind.invalid,
    en="Say whose coupon it is: nobody has taken this code, or everybody may hold one like it.",
    zh="请指明持券会员：该码尚未被领取，或为通用码。",
)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a code stands for: a kind of coupon, claimed by the word that everybody knows or by a code of a batch."""

    definition: str
    source: str
    code: str


@dataclass(frozen=True, slots=True)
class Claimable:
    """A kind of coupon, how many are left (None without end), and why the member does not get it (None: it does, or nobody was named)."""

    definition: Definition
    left: int | None
    refused: Refused | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What a clerk has in hand: a coupon by id or code, and whose it is, as far as that was said or scanned."""

    coupon: str
    member: str | None = None
    card: str | None = None


def typed(ctx: Ctx, text: str, *, member_id: MemberId, keyring: Keyring) -> Typed | Problem:
    """What the code stands for. ``coupons.code_unknown`` and ``members.too_many_tries`` are returned, not raised: the try stays counted
    when the caller commits. Raises ``codes.character``.
    """
    code = codes.normalise(text)
    refused = guessing.count(ctx, GUESS, member_id=member_id, keyring=keyring)
    if refused is not None:
        return refused
    found = _stands_for(ctx, code)
    if found is None:
        return CODE_UNKNOWN()
    guessing.take_back(ctx, GUESS, member_id=member_id, keyring=keyring)
    return found


def _stands_for(ctx: Ctx, code: str) -> Typed | None:
    for definition in publishing.programmes(ctx).at(ctx.now).coupons.values():
        if code and definition.generic_code == code:
            return Typed(definition.id, "claim", code)
    found = code_store.find(ctx.tx, [code]).get(code)
    return Typed(found.definition, unique_codes.BATCH, code) if found else None


def claimable(ctx: Ctx, member_id: MemberId | None) -> list[Claimable]:
    """Every kind of coupon of the programme in force; with a member, why it cannot claim each now. Raises ``programme.none``."""
    programme = publishing.programmes(ctx).at(ctx.now)
    names = [name_of_room(definition.id, what) for definition in programme.coupons.values() for what in ("stock", "code")]
    used = counters.used(ctx.tx, names)
    standing = reading.standing(ctx, member_id) if member_id is not None else None
    return [_claimable(ctx, programme, definition, standing=standing, used=used) for definition in programme.coupons.values()]


def _claimable(ctx: Ctx, programme: Programme, definition: Definition, *, standing: Standing | None, used: dict[str, int]) -> Claimable:
    left = {name: max(0, cap - used.get(name, 0)) for name, cap in definition.caps().items()}
    stock = left.get(name_of_room(definition.id, "stock"))
    if standing is None:
        return Claimable(definition, stock, None)
    asked = issuing.Request(
        definition=definition,
        version=programme.version,
        coupon_id=newid.uuid7(),
        at=ctx.now,
        zone=programme.zone,
        currency=programme.currency,
        source="claim",
        values=member_values(programme, standing, ctx.now),
        # Whether the member knows the word is another question than whether it may.
        code=definition.generic_code,
    )
    found = issuing.issue(asked, room=Room(usage=standing.wallet.usage, left=left, held_out=standing.held_out))
    return Claimable(definition, stock, found if isinstance(found, Refused) else None)


def in_hand(ctx: Ctx, member_id: MemberId) -> list[Held]:
    """The member's coupons that can still be used, the one that lapses first first. Raises ``not_found``."""
    held = [one for one in reading.standing(ctx, member_id).coupons.values() if one.live]
    return sorted(held, key=lambda one: (one.ends, one.coupon_id))


def ever_held(ctx: Ctx, member_id: MemberId, *, before: UUID | None, limit: int) -> Sequence[Held]:
    """A page of every coupon the member has or had, in its last state."""
    return [row.held for row in store.page(ctx.tx, CouponFilter(member_id=member_id), before=before, limit=limit)]


def shown_by(ctx: Ctx, shown: Shown, *, wish: UUID, keyring: Keyring) -> MemberId | Problem:
    """Whose coupon the counter is shown: of the member that was named or scanned, else of who took the code.

    A coupon that this member does not hold is a wrong guess. Problems that count a try are returned, as by :func:`typed`; raises
    ``not_found``, ``coupons.holder_unknown``, ``input.invalid``. ``wish`` names the redemption: one that was answered before is no try.
    """
    key = (CouponRedeemed.kind, wish.hex)
    before = claims.find(ctx.tx, [key]).get(key)
    if before is not None and before.subject_id is not None:
        return MemberId(before.subject_id)
    said = _said(ctx, shown, keyring)
    if isinstance(said, Problem):
        return said
    member_id = said
    refused = guessing.count(ctx, GUESS, member_id=member_id, keyring=keyring)
    if refused is not None:
        return refused
    owner = member_id or _taker(ctx, shown.coupon)
    if owner is None:
        return CODE_UNKNOWN() if _stands_for(ctx, codes.normalise(shown.coupon)) is None else HOLDER_UNKNOWN()
    if rules.find(reading.standing(ctx, owner), shown.coupon) is None:
        return owner
    guessing.take_back(ctx, GUESS, member_id=member_id, keyring=keyring)
    return owner


def _said(ctx: Ctx, shown: Shown, keyring: Keyring) -> MemberId | Problem | None:
    if shown.card is not None:
        return members.identify(ctx, shown.card, keyring=keyring)
    return members.get_ref(ctx, shown.member).member_id if shown.member else None


def _taker(ctx: Ctx, coupon: str) -> MemberId | None:
    """Who has the coupon of this id in hand, whatever way it came, or was given it once; or who took the code."""
    holder = _holder(ctx, coupon)
    if holder is not None:
        return holder
    code = codes.normalise(coupon)
    found = code_store.find(ctx.tx, [code]).get(code)
    if found is not None and found.member_id is not None:
        return MemberId(found.member_id)
    key = (CouponGiven.kind, coupon.replace("-", ""))
    claim = claims.find(ctx.tx, [key]).get(key)
    return MemberId(claim.subject_id) if claim is not None and claim.subject_id is not None else None


def _holder(ctx: Ctx, coupon: str) -> MemberId | None:
    try:
        coupon_id = UUID(coupon)
    except ValueError:
        return None
    kinds = {name for version in publishing.programmes(ctx).versions for name in version.coupons}
    found = store.holder(ctx.tx, coupon_id, sorted(kinds))
    return MemberId(found) if found is not None else None


def voided(ctx: Ctx, member_id: MemberId, coupon_id: UUID, *, reason: str) -> None:
    """Who withdrew the coupon is in the audit log."""
    ctx.require("coupons.give")
    entity = ids.encode("cpn", coupon_id)
    operators.audit(ctx, action="coupon.voided", entity=entity, after={"member": ids.encode("mbr", member_id)}, reason=reason)
