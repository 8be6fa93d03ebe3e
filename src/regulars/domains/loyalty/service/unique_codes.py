"""Codes that work once - a batch's coupons, gift cards, codes to hand out - as facts take them: looked at before deciding, taken in the
same commit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from regulars.domains.coupons import model as coupons
from regulars.domains.coupons.model import Code, Taking
from regulars.domains.coupons.store import codes as code_store
from regulars.domains.loyalty.model import CouponGiven, Fact, Programme, Programmes, RewardMoved, RewardOrdered, ValueLoaded
from regulars.domains.rewards import model as rewards_model
from regulars.domains.rewards import rules as rewards
from regulars.domains.rewards.model import CodeWish, GiftCard, GivenCode, GrantCode, State
from regulars.domains.rewards.store import codes as handed_store
from regulars.domains.rewards.store import gift_cards as card_store
from regulars.kernel import periods
from regulars.kernel.ids import MemberId
from regulars.platform.context import Ctx

BATCH = "batch"
"""The source of a coupon that came by a code of a batch."""


@dataclass(frozen=True, slots=True)
class Known:
    """The codes and gift cards that a batch of facts wants, as they were found: by code, by digest; how many codes of each pool were
    ``free``, and which ones orders that are to be cancelled have (``held``).
    """

    codes: dict[str, Code] = field(default_factory=dict)
    cards: dict[str, GiftCard] = field(default_factory=dict)
    free: Mapping[str, int] = field(default_factory=dict)
    held: Mapping[UUID, list[GivenCode]] = field(default_factory=dict)


def look(ctx: Ctx, facts: Sequence[Fact], programmes: Programmes) -> Known:
    """What is known of the codes these facts want; nothing is asked when they want none."""
    codes = [fact.code for fact in facts if isinstance(fact, CouponGiven) and fact.source == BATCH]
    cards = [fact.card for fact in facts if isinstance(fact, ValueLoaded) and fact.card]
    ordered = {fact.reward for fact in facts if isinstance(fact, RewardOrdered)}
    pools = {grant.batch for name in ordered for version in programmes.versions if (grant := granted(version, name)) is not None}
    cancelled = [fact.ref for fact in facts if _cancels(fact)]
    return Known(
        code_store.find(ctx.tx, codes) if codes else {},
        card_store.find(ctx.tx, cards) if cards else {},
        handed_store.free(ctx.tx, pools) if pools else {},
        handed_store.of_orders(ctx.tx, cancelled) if cancelled else {},
    )


def granted(programme: Programme, reward_id: str) -> GrantCode | None:
    """The codes that one of the reward hands out; None when it hands out none."""
    reward = programme.rewards.get(reward_id)
    return reward.grant if reward is not None and isinstance(reward.grant, GrantCode) else None


def _cancels(fact: Fact) -> bool:
    return isinstance(fact, RewardMoved) and fact.state == State.cancelled


def check(known: Known, fact: Fact, programme: Programme, *, at: datetime) -> None:
    """The fact may have its code. Raises ``coupons.code_taken``, ``rewards.card_unknown``, ``…_redeemed``, ``…_void``, ``…_expired``,
    ``rewards.codes_gone``, ``rewards.code_seen``.
    """
    match fact:
        case CouponGiven(source="batch"):
            code = known.codes.get(fact.code)
            if code is None or code.state != "free":
                raise coupons.CODE_TAKEN()
        case ValueLoaded() if fact.card:
            refused = rewards.find_card_refusal(known.cards.get(fact.card), at=at, zone=programme.zone, currency=programme.currency)
            if refused is not None:
                raise refused
        case RewardOrdered():
            _check_left(known, fact, programme)
        case RewardMoved() if _cancels(fact):
            seen = handed_store.seen_at(known.held, fact.ref)
            if seen is not None:
                raise rewards_model.CODE_SEEN(day=periods.local_date(seen, programme.zone).isoformat())
        case _:
            pass


def _check_left(known: Known, fact: RewardOrdered, programme: Programme) -> None:
    grant = granted(programme, fact.reward)
    if grant is None:
        return
    asked, left = grant.count * fact.quantity, known.free.get(grant.batch, 0)
    if asked > left:
        label = programme.rewards[fact.reward].label
        raise rewards_model.CODES_GONE(reward=label.en, reward_zh=label.zh, left=left, asked=asked)


Asked = tuple[int, Fact, Mapping[str, object]]
"""The place of a fact, the fact, and what was decided about it."""


@dataclass(slots=True)
class _Wanted:
    """What facts take, by code, digest or order, with the first place that wants it; ``lost``: the places of those behind it."""

    at: datetime
    codes: dict[str, tuple[int, Taking]] = field(default_factory=dict)
    cards: dict[str, tuple[int, MemberId]] = field(default_factory=dict)
    handed: dict[UUID, tuple[int, CodeWish]] = field(default_factory=dict)
    back: dict[UUID, int] = field(default_factory=dict)
    lost: set[int] = field(default_factory=set)

    def add(self, place: int, fact: Fact, answer: Mapping[str, object]) -> None:
        if isinstance(fact, CouponGiven) and fact.source == BATCH:
            if self.codes.setdefault(fact.code, (place, Taking(fact.code, fact.member_id, fact.ref, self.at)))[0] != place:
                self.lost.add(place)
        elif isinstance(fact, ValueLoaded) and fact.card:
            if self.cards.setdefault(fact.card, (place, fact.member_id))[0] != place:
                self.lost.add(place)
        elif isinstance(fact, RewardOrdered):
            wanted = answer.get("codes")
            if isinstance(wanted, dict):
                wish = CodeWish(order_id=fact.ref, member_id=fact.member_id, pool=wanted["batch"], count=wanted["count"])
                self.handed[fact.ref] = place, wish
        elif _cancels(fact):
            self.back[fact.ref] = place


def take(ctx: Ctx, facts: Iterable[Asked], *, known: Known) -> set[int]:
    """Each code and card belongs to the member of its fact; returns the places of the facts that somebody else was faster than.

    Locks the codes of coupons, then the cards, then the codes to hand out, each in their order. The caller gives a savepoint up when
    any place comes back.
    """
    wanted = _Wanted(ctx.now)
    for place, fact, answer in facts:
        wanted.add(place, fact, answer)
    lost = wanted.lost
    if wanted.codes:
        won = code_store.take(ctx.tx, [wish for _, wish in wanted.codes.values()])
        lost |= {place for code, (place, _) in wanted.codes.items() if code not in won}
    if wanted.cards:
        taken = card_store.take(ctx.tx, {digest: member for digest, (_, member) in sorted(wanted.cards.items())}, at=ctx.now)
        lost |= {place for digest, (place, _) in wanted.cards.items() if digest not in taken}
    if wanted.handed:
        served = handed_store.give(ctx.tx, [wish for _, wish in wanted.handed.values()], at=ctx.now)
        lost |= {place for order_id, (place, _) in wanted.handed.items() if order_id not in served}
    if wanted.back:
        # Whose code somebody has looked at in the meantime keeps the order.
        freed = handed_store.take_back(ctx.tx, wanted.back.keys())
        lost |= {place for order_id, place in wanted.back.items() if freed.get(order_id, 0) < len(known.held.get(order_id, ()))}
    return lost
