"""Gift cards: made in batches whose codes are told once, redeemed into a member's stored value, withdrawn."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from regulars.domains.loyalty.model import NOT_MONEY, ValueLoaded
from regulars.domains.loyalty.service import publishing
from regulars.domains.members import service as members
from regulars.domains.members.model import PREFIX as MEMBER
from regulars.domains.members.service import guessing
from regulars.domains.operators import service as operators
from regulars.domains.rewards import model
from regulars.domains.rewards.model import Batch, CardState, GiftCard, Origin, Owed
from regulars.domains.rewards.store import gift_cards as store
from regulars.kernel import codes, ids, problem
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Kind, Problem
from regulars.platform import claims
from regulars.platform.claims import Claim
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring

PERMISSION = "gift_cards.manage"
GUESS = "gift_cards"
"""Under which name tries at the codes of gift cards are counted."""
LENGTH = 16
_BLIND = "gift_card"
_CLAIM = "gift_batch"

NAME_TAKEN = problem.define(
    "gift_cards.name_taken",
    Kind.conflict,
    en="There is a batch of gift cards called {batch}. Its codes were told once and are not told again.",
    zh="已有名为 {batch} 的礼品卡批次。卡码只在制作时提供一次。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """How the cards come to whoever gets them; ``origin`` None leaves it open. Sold, each for ``price``; by which ``order``, as the shop
    calls it, and to which member (``buyer``, an id or ``external:`` and the caller's own) may be said, too.
    """

    origin: Origin | None = None
    price: int | None = None
    order: str | None = None
    buyer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """``count`` cards of ``amount`` minor units of a money unit, to be redeemed before ``expires_at``; ``batch`` is their name,
    ``sale`` how they came to whoever gets them.
    """

    batch: str
    unit: str
    amount: int
    count: int
    expires_at: datetime
    sale: Sale


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sold:
    """What is kept of a sale with each card."""

    origin: Origin | None
    price: int | None
    sold_order: str | None
    sold_to: MemberId | None


def make(ctx: Ctx, order: Order, *, keyring: Keyring) -> list[str]:
    """The cards are there; their codes, as they are printed, are kept nowhere: only their digests are.

    Raises ``gift_cards.name_taken``, ``points.unit_unknown``, ``points.not_money``, ``input.invalid``, ``programme.none``, ``not_found``
    for a buyer who is no member.
    """
    ctx.require(PERMISSION)
    sold = _sold(ctx, order.sale)
    programme = publishing.programmes(ctx).at(ctx.now)
    if not programme.unit(order.unit).money:
        known = ", ".join(one.id for one in programme.units.values() if one.money)
        raise NOT_MONEY(unit=order.unit, known=known or "-")
    if order.expires_at <= ctx.now:
        raise problem.invalid("expires_at", order.expires_at.isoformat(), f"a time after {ctx.now.isoformat()}")
    if claims.take(ctx.tx, [Claim(_CLAIM, order.batch)]):
        raise NAME_TAKEN(batch=order.batch)
    made = _codes(order.count)
    store.make(ctx.tx, [_card(ctx, order, code, sold=sold, currency=programme.currency, keyring=keyring) for code in made])
    told = {"cards": order.count, "amount": order.amount, "unit": order.unit, "expires_at": order.expires_at.isoformat()}
    operators.audit(ctx, action="gift_cards.made", entity=f"gift_cards/{order.batch}", after=told | _told(sold))
    return [codes.written(code) for code in made]


def _sold(ctx: Ctx, sale: Sale) -> _Sold:
    if sale.origin is Origin.sold and sale.price is None:
        raise problem.invalid("price", None, "what one card was sold for, since they are sold")
    for name in ("price", "order", "buyer"):
        if sale.origin is not Origin.sold and getattr(sale, name) is not None:
            raise problem.invalid(name, getattr(sale, name), "nothing, unless the cards are sold (origin)")
    buyer = members.get_ref(ctx, sale.buyer).member_id if sale.buyer is not None else None
    return _Sold(origin=sale.origin, price=sale.price, sold_order=sale.order, sold_to=buyer)


def _told(sold: _Sold) -> dict[str, object]:
    """What the audit log says of a sale, without what was not said."""
    buyer = ids.encode(MEMBER, sold.sold_to) if sold.sold_to is not None else None
    told = {"origin": sold.origin, "price": sold.price, "order": sold.sold_order, "buyer": buyer}
    return {name: said for name, said in told.items() if said is not None}


def _codes(count: int) -> list[str]:
    made = codes.generate_many(secrets.token_bytes(count * codes.bytes_needed(LENGTH)), length=LENGTH)
    if len(set(made)) != count:
        raise RuntimeError("random bytes gave one code twice")
    return made


def _card(ctx: Ctx, order: Order, code: str, *, sold: _Sold, currency: str, keyring: Keyring) -> GiftCard:
    return GiftCard(
        code_hash=keyring.blind(_BLIND, code),
        last_four=codes.last_four(code),
        batch=order.batch,
        unit=order.unit,
        amount=order.amount,
        currency=currency,
        expires_at=order.expires_at,
        made_at=ctx.now,
        made_by=ctx.actor.id,
        **asdict(sold),
    )


def owed(ctx: Ctx) -> Sequence[Owed]:
    """What the cards come to that can be redeemed, lapsed, or were redeemed: those sold, then those given, then those nobody said it of."""
    return store.owed(ctx.tx, at=ctx.now)


def batches(ctx: Ctx) -> Sequence[Batch]:
    """What became of each batch, newest first."""
    return store.batches(ctx.tx)


def cards(ctx: Ctx, batch: str, *, state: CardState | None, after: tuple[str, str] | None, limit: int) -> Sequence[GiftCard]:
    """The cards of a batch by the end of their codes, after the cursor (last four, digest). Raises ``not_found``."""
    _known(ctx, batch)
    return store.page(ctx.tx, batch, state=state, after=after, limit=limit)


def void(ctx: Ctx, batch: str, *, reason: str) -> int:
    """Every card of the batch that nobody redeemed is withdrawn; how many that were. Raises ``not_found``."""
    ctx.require(PERMISSION)
    _known(ctx, batch)
    withdrawn = store.void(ctx.tx, batch)
    if withdrawn:
        told = {"cards": withdrawn, "reason": reason}
        operators.audit(ctx, action="gift_cards.voided", entity=f"gift_cards/{batch}", after=told)
    return withdrawn


def _known(ctx: Ctx, batch: str) -> None:
    if (_CLAIM, batch) not in claims.find(ctx.tx, [(_CLAIM, batch)]):
        raise problem.NOT_FOUND(what="gift card batch", key=batch)


def look_up(ctx: Ctx, text: str, *, keyring: Keyring) -> GiftCard | Problem:
    """The card of this code as it stands. A wrong code counts as a guess of the caller: ``rewards.card_unknown`` and
    ``members.too_many_tries`` are returned, not raised, so that it stays counted when the caller commits. Raises as :func:`redeeming` does.
    """
    ctx.require(PERMISSION)
    return _found(ctx, text, member_id=None, keyring=keyring)


def void_one(ctx: Ctx, text: str, *, reason: str, keyring: Keyring) -> GiftCard | Problem:
    """The card of this code is withdrawn, and is answered as it then stands; withdrawn twice is withdrawn. Guesses count as in
    :func:`look_up`. Raises ``rewards.card_redeemed`` for one whose money a member has.
    """
    ctx.require(PERMISSION)
    card = _found(ctx, text, member_id=None, keyring=keyring)
    if isinstance(card, Problem):
        return card
    if store.void_one(ctx.tx, card.code_hash):
        told = {"card": card.last_four, "reason": reason}
        operators.audit(ctx, action="gift_cards.card_voided", entity=f"gift_cards/{card.batch}", after=told)
    now = store.find(ctx.tx, [card.code_hash])[card.code_hash]
    if now.redeemed_at is not None:
        raise model.CARD_REDEEMED(last_four=now.last_four, day=now.redeemed_at.date().isoformat())
    return now


def redeeming(ctx: Ctx, text: str, *, member_id: MemberId, wish: UUID, keyring: Keyring) -> ValueLoaded | Problem:
    """The wish to redeem the card of this code: what somebody paid for it comes in as money, the rest as a bonus, so that stored value
    keeps the two apart as cards did. ``rewards.card_unknown`` and ``members.too_many_tries`` are returned, not raised: the try
    stays counted when the caller commits. Raises ``codes.character``, ``codes.length``, ``codes.mistyped``: a slip is no guess.
    """
    card = _found(ctx, text, member_id=member_id, keyring=keyring)
    if isinstance(card, Problem):
        return card
    reason = f"gift card …{card.last_four}"
    return ValueLoaded(
        member_id=member_id,
        at=ctx.now,
        ref=wish,
        unit=card.unit,
        amount=card.paid,
        bonus=card.amount - card.paid,
        reason=reason,
        card=card.code_hash,
    )


def _found(ctx: Ctx, text: str, *, member_id: MemberId | None, keyring: Keyring) -> GiftCard | Problem:
    code = codes.checked(text)
    refused = guessing.count(ctx, GUESS, member_id=member_id, keyring=keyring)
    if refused is not None:
        return refused
    card = next(iter(store.find(ctx.tx, keyring.blinds(_BLIND, code)).values()), None)
    if card is None:
        return model.CARD_UNKNOWN()
    guessing.take_back(ctx, GUESS, member_id=member_id, keyring=keyring)
    return card
