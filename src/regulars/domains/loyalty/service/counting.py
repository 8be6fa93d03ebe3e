"""What became of all coupons and rewards, over all members; who holds a coupon; what a clerk is shown before it is taken."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from regulars.domains.coupons.model import Code, CouponFilter, Definition, Held, MemberCoupon, State, name_of_room
from regulars.domains.coupons.store import codes as code_store
from regulars.domains.coupons.store import holding
from regulars.domains.loyalty.model import CouponRedeemed, Programme, Standing
from regulars.domains.loyalty.model.people import Filter, Sort
from regulars.domains.loyalty.model.room import Room
from regulars.domains.loyalty.rules import decide as rules
from regulars.domains.loyalty.service import giving, publishing, reading
from regulars.domains.loyalty.service.giving import Shown
from regulars.domains.loyalty.store import counters, listing
from regulars.domains.loyalty.store import ledger as store
from regulars.domains.members import service as members
from regulars.domains.members.model import Field, Status
from regulars.domains.members.service import guessing
from regulars.kernel import codes
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Problem
from regulars.kernel.text import Text
from regulars.platform import newid
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring

_NOT_YET = Text("It can be used from {at} on.", "{at} 起可用。")
_NOBODYS = Text("Nobody has taken this code yet: it has to be given to a member first.", "该券码尚未被领取，须先发给会员。")
_WITHDRAWN = Text("Its batch was withdrawn.", "所属批次已作废。")
_EVERYBODYS = Text("Everybody may hold one like it: say whose it is.", "这是通用码，请指明持券会员。")
_STATES = {
    "reserved": Text("A cart holds it.", "已被购物车占用。"),
    "used": Text("It was used.", "已使用。"),
    "void": Text("It was withdrawn.", "已作废。"),
    "lapsed": Text("It has lapsed.", "已过期。"),
    "passed_on": Text("It was given to another member.", "已转赠给其他会员。"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What became of a kind of coupon: coupons by state, codes made and taken, and what is used of its stock and its budget."""

    definition: Definition
    states: dict[State, int]
    codes: int
    taken: int
    stock_used: int
    budget_used: int

    @property
    def issued(self) -> int:
        """Every coupon that was ever given out; one that changed hands stands with both members and counts once."""
        return sum(self.states.values()) - self.states.get("passed_on", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """Reward orders of one item in one state."""

    reward: str
    state: str
    orders: int
    pieces: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a clerk has in hand. ``refused`` None: it can be used, and for the bill that was named takes ``discount`` off."""

    definition: str
    label: Text
    held: Held | None
    member_id: MemberId | None
    code: Code | None
    refused: tuple[str, Text] | None
    discount: int | None


def coupons(ctx: Ctx) -> tuple[str, list[Counted]]:
    """The currency, and what became of each kind of coupon of the programme in force. Raises ``programme.none``."""
    programme = publishing.programmes(ctx).at(ctx.now)
    names = list(programme.coupons)
    states, made = holding.counts(ctx.tx, names), store.codes(ctx.tx, names)
    used = counters.used(ctx.tx, [name_of_room(name, what) for name in names for what in ("stock", "budget")])
    return programme.currency, [
        Counted(
            definition=definition,
            states={state: states[name].get(state, 0) for state in _EVERY},
            codes=made.get(name, (0, 0))[0],
            taken=made.get(name, (0, 0))[1],
            stock_used=used.get(name_of_room(name, "stock"), 0),
            budget_used=used.get(name_of_room(name, "budget"), 0),
        )
        for name, definition in programme.coupons.items()
    ]


_EVERY: tuple[State, ...] = ("issued", "reserved", "used", "void", "lapsed", "passed_on")


def rewards(ctx: Ctx) -> list[Ordered]:
    """How often each item of the mall was ordered, by the state its orders are in, and for how many points."""
    return [
        Ordered(reward=reward, state=state, orders=orders, pieces=pieces, points=points)
        for reward, state, orders, pieces, points in store.ordered(ctx.tx)
    ]


def held(ctx: Ctx, wanted: CouponFilter, *, before: UUID | None, limit: int) -> tuple[Programme, list[MemberCoupon]]:
    """A page of coupons with who holds them, newest first. Raises ``programme.none``."""
    return publishing.programmes(ctx).at(ctx.now), holding.page(ctx.tx, wanted, before=before, limit=limit)


def look_up(ctx: Ctx, shown: Shown, *, amount: int | None, store_code: str, keyring: Keyring) -> Looked | Problem:
    """What the code or the id stands for, whose it is, and why it cannot be used for the bill of ``amount``; nothing is recorded.

    Wrong guesses count as at the counter: ``coupons.code_unknown`` and ``members.too_many_tries`` are returned, not raised, so that the
    try stays counted when the caller commits. Raises ``not_found`` for the member, ``codes.character``.
    """
    owner = giving.shown_by(ctx, shown, wish=newid.uuid7(), keyring=keyring)
    if isinstance(owner, Problem):
        if owner.code != giving.HOLDER_UNKNOWN.code:
            return owner
        guessing.take_back(ctx, giving.GUESS, member_id=None, keyring=keyring)
        return _without_holder(ctx, shown.coupon)
    programmes = publishing.programmes(ctx)
    found = _newest(holding.load_all(ctx.tx, [owner])[owner].values(), shown.coupon)
    if found is None:
        return giving.CODE_UNKNOWN()
    standing = reading.standing(ctx, owner)
    # As of now: what has lapsed is lapsed, even if the clock's job is late.
    now = standing.coupons.get(found.coupon_id, found)
    label = programmes.at(ctx.now).terms(now.version, now.definition).label
    refused = _refused(now, at=ctx.now)
    discount: int | None = None
    if refused is None and amount is not None:
        tried = _tried(ctx, standing, shown.coupon, amount=amount, store_code=store_code)
        if isinstance(tried, Problem):
            refused = tried.code, Text(tried.text("en"), tried.text("zh"))
        else:
            discount = tried
    code = code_store.find(ctx.tx, [now.code]).get(now.code) if now.code else None
    return Looked(definition=now.definition, label=label, held=now, member_id=owner, code=code, refused=refused, discount=discount)


def _newest(coupons: Collection[Held], typed: str) -> Held | None:
    """The coupon of this id or code: one that can still be used before the others, then the newest."""
    code = codes.normalise(typed)
    mine = [one for one in coupons if str(one.coupon_id) == typed or (one.code and one.code == code)]
    return max(mine, key=lambda one: (one.live, one.coupon_id), default=None)


def _without_holder(ctx: Ctx, typed: str) -> Looked:
    """A code that nobody holds: of a batch, free or withdrawn, or the word that everybody knows."""
    code = codes.normalise(typed)
    programme = publishing.programmes(ctx).at(ctx.now)
    found = code_store.find(ctx.tx, [code]).get(code)
    if found is not None:
        name = found.definition
        refused = ("code.void", _WITHDRAWN) if found.state == "void" else ("code.free", _NOBODYS)
    else:
        name = next(one.id for one in programme.coupons.values() if one.generic_code == code)
        refused = ("code.generic", _EVERYBODYS)
    label = programme.coupons[name].label if name in programme.coupons else Text(name, name)
    return Looked(definition=name, label=label, held=None, member_id=None, code=found, refused=refused, discount=None)


def _refused(held_: Held, *, at: datetime) -> tuple[str, Text] | None:
    if held_.state != "issued":
        return f"coupon.{held_.state}", _STATES[held_.state]
    if at < held_.starts:
        day = held_.starts.isoformat(timespec="minutes")
        return "coupon.not_yet", Text(_NOT_YET.en.format(at=day), _NOT_YET.zh.format(at=day))
    return ("coupon.lapsed", _STATES["lapsed"]) if at >= held_.ends else None


def _tried(ctx: Ctx, standing: Standing, coupon: str, *, amount: int, store_code: str) -> int | Problem:
    """What the coupon would take off the bill, or why it would not: the decision without its record."""
    programmes = publishing.programmes(ctx)
    limits = programmes.limits(ctx.now, [store_code] if store_code else [])
    fact = CouponRedeemed(member_id=standing.member_id, at=ctx.now, ref=newid.uuid7(), coupon=coupon, amount=amount, store=store_code)
    try:
        decision = rules.decide(programmes.at(ctx.now), standing, fact, room=Room(limits, counters.used(ctx.tx, limits)))
    except Problem as refused:
        return refused
    return int(str(decision.answer["discount"]))


def in_force(ctx: Ctx) -> Programme:
    """The programme whose words coupons are shown in. Raises ``programme.none``."""
    return publishing.programmes(ctx).at(ctx.now)


def names(ctx: Ctx, member_ids: Sequence[MemberId], *, keyring: Keyring) -> dict[MemberId, str]:
    """How each of these members is called: by its masked name, else by the caller's own id; who has neither is left out."""
    wanted = Filter(
        member_ids=tuple(member_ids),
        statuses=tuple(status.value for status in Status),
        ladder="",
        level=None,
        lowest=False,
        store=None,
        held_out=None,
        joined_from=None,
        joined_before=None,
        has_orders=None,
    )
    found = listing.page(ctx.tx, wanted, sort=Sort.joined, ascending=False, after=None, limit=len(member_ids))
    profiles = members.profiles(ctx, [one.member for one in found], keyring=keyring)
    called = {one.member.member_id: one.fields.get(Field.name) or one.member.external_id for one in profiles}
    return {member_id: name for member_id, name in called.items() if name}
