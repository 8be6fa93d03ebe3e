"""Codes that work once - a batch's coupons, gift cards - as facts take them: looked at before deciding, taken in the same commit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from regulars.domains.coupons import model as coupons
from regulars.domains.coupons.model import Code, Taking
from regulars.domains.coupons.store import codes as code_store
from regulars.domains.loyalty.model import CouponGiven, Fact, Programme, ValueLoaded
from regulars.domains.rewards import rules as rewards
from regulars.domains.rewards.model import GiftCard
from regulars.domains.rewards.store import gift_cards as card_store
from regulars.kernel.ids import MemberId
from regulars.platform.context import Ctx

BATCH = "batch"
"""The source of a coupon that came by a code of a batch."""


@dataclass(frozen=True, slots=True)
class Known:
    """The codes and gift cards that a batch of facts wants, as they were found: by code, by digest."""

    codes: dict[str, Code] = field(default_factory=dict)
    cards: dict[str, GiftCard] = field(default_factory=dict)


def look(ctx: Ctx, facts: Sequence[Fact]) -> Known:
    """What is known of the codes these facts want; nothing is asked when they want none."""
    codes = [fact.code for fact in facts if isinstance(fact, CouponGiven) and fact.source == BATCH]
    cards = [fact.card for fact in facts if isinstance(fact, ValueLoaded) and fact.card]
    return Known(code_store.find(ctx.tx, codes) if codes else {}, card_store.find(ctx.tx, cards) if cards else {})


def check(known: Known, fact: Fact, programme: Programme, *, at: datetime) -> None:
    """The fact may have its code. Raises ``coupons.code_taken``, ``rewards.card_unknown``, ``…_redeemed``, ``…_void``, ``…_expired``."""
    if isinstance(fact, CouponGiven) and fact.source == BATCH:
        code = known.codes.get(fact.code)
        if code is None or code.state != "free":
            raise coupons.CODE_TAKEN()
    elif isinstance(fact, ValueLoaded) and fact.card:
        refused = rewards.find_card_refusal(known.cards.get(fact.card), at=at, zone=programme.zone, currency=programme.currency)
        if refused is not None:
            raise refused


def take(ctx: Ctx, facts: Sequence[tuple[int, Fact]]) -> set[int]:
    """Each code and card belongs to the member of its fact; returns the places of the facts that somebody else was faster than.

    Locks the codes, then the cards, each in their order. The caller gives a savepoint up when any place comes back.
    """
    lost: set[int] = set()
    codes: dict[str, tuple[int, Taking]] = {}
    cards: dict[str, tuple[int, MemberId]] = {}
    for place, fact in facts:
        if isinstance(fact, CouponGiven) and fact.source == BATCH:
            if codes.setdefault(fact.code, (place, Taking(fact.code, fact.member_id, fact.ref, ctx.now)))[0] != place:
                lost.add(place)
        elif isinstance(fact, ValueLoaded) and fact.card and cards.setdefault(fact.card, (place, fact.member_id))[0] != place:
            lost.add(place)
    if codes:
        won = code_store.take(ctx.tx, [wish for _, wish in codes.values()])
        lost |= {place for code, (place, _) in codes.items() if code not in won}
    if cards:
        taken = card_store.take(ctx.tx, {digest: member for digest, (_, member) in sorted(cards.items())}, at=ctx.now)
        lost |= {place for digest, (place, _) in cards.items() if digest not in taken}
    return lost
