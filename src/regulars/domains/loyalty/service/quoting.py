"""Quote, hold, confirm, cancel. A quote is ``decide`` without ``record``; its token carries what it rested on and lasts 15 minutes."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import orjson

from regulars.domains.loyalty import model
from regulars.domains.loyalty.model import CouponUse, HoldPlaced, OrderPaid, Programme, Standing
from regulars.domains.loyalty.model.room import Room
from regulars.domains.loyalty.rules import decide as rules
from regulars.domains.loyalty.rules import explain, give
from regulars.domains.loyalty.service import couponing, loading, publishing
from regulars.domains.loyalty.service.couponing import Coupons
from regulars.domains.loyalty.store import counters, journal
from regulars.domains.orders.model import Line, Order
from regulars.kernel import ids, money, problem
from regulars.kernel.ids import HoldId, MemberId, OrderId, SubjectId
from regulars.platform.context import Ctx
from regulars.platform.crypto import Keyring

LASTS = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class CartLine:
    """A line that may be bought: amounts in minor units."""

    no: int
    product: str
    quantity: int
    amount: int
    discount: int = 0
    tax: int = 0
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cart:
    """What a member may buy, how many ``points`` of ``unit`` should pay for it, and which ``coupons`` (by id or code) should be used;
    ``best``: the best combination of all the member holds.
    """

    member_id: MemberId
    currency: str
    lines: tuple[CartLine, ...]
    freight: int = 0
    store: str = ""
    channel: str = ""
    source: str = "quote"
    unit: str = "points"
    points: int = 0
    coupons: tuple[str, ...] = ()
    best: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What the order would do now. ``worth`` is what the points pay, at most ``most_points`` could; ``to_pay`` is what money pays.
    ``total`` is what remains after ``coupons``.
    """

    token: str
    valid_until: datetime
    total: int
    worth: int
    to_pay: int
    points: int
    most_points: int
    granted: dict[str, int]
    level: str
    reasons: tuple[dict[str, str], ...]
    points_paid: dict[int, int]
    coupons: Coupons
    programme: int
    standing: int


def quote(ctx: Ctx, cart: Cart, *, keyring: Keyring) -> Quote:
    """What ``cart`` would earn and cost now; nothing is recorded.

    Raises ``not_found`` for the member, ``points.redeem_refused`` or ``points.insufficient`` for the points asked.
    """
    programmes = publishing.programmes(ctx)
    programme = programmes.at(ctx.now)
    standing = loading.load_one(ctx, programmes, cart.member_id)
    version = standing.version
    placed = rules.decide(programme, standing, model.TimePassed(member_id=cart.member_id, at=ctx.now)).standing
    room = _room(ctx, programmes, cart.store)
    priced = couponing.price(programme, placed, as_order(cart, ctx.now), wanted=cart.coupons, best=cart.best, left=room)
    order, most = priced.order, most_points(programme, placed, cart, priced.order)
    hold = _hold(cart, UUID(int=1), ctx.now, priced.uses)
    if _holds(hold):
        placed = rules.decide(programme, placed, hold, room=room).standing
        if cart.points > (limit := _share_limit(programme, cart, order)):
            raise model.REDEEM_REFUSED(unit=programme.unit(cart.unit).label.en, reason=f"this cart takes {limit} at most")
        order = _paid_by_points(programme, cart, order)
    paid = OrderPaid(order=order, hold_id=HoldId(UUID(int=1)) if _holds(hold) else None, coupons=priced.uses)
    decision = rules.decide(programme, placed, paid, room=room)
    return _made(ctx, cart, decision, order=order, priced=priced, most=most, programme=programme, version=version, keyring=keyring)


def _holds(hold: HoldPlaced) -> bool:
    return bool(hold.points or hold.coupons)


def _room(ctx: Ctx, programmes: model.Programmes, store: str) -> Room:
    limits = programmes.limits(ctx.now, [store] if store else [])
    return Room(limits, counters.used(ctx.tx, limits))


def _made(
    ctx: Ctx,
    cart: Cart,
    decision: model.Decision,
    *,
    order: Order,
    priced: Coupons,
    most: int,
    programme: model.Programme,
    version: int,
    keyring: Keyring,
) -> Quote:
    """The quote, with a token that carries all it rests on."""
    granted = decision.answer["granted"]
    worth = sum(line.points_paid for line in order.lines)
    payload = {
        "cart": content(cart),
        "uses": [use.written() for use in priced.uses],
        "programme": programme.version,
        "standing": version,
        "until": (ctx.now + LASTS).isoformat(),
    }
    return Quote(
        token=keyring.sign("quote", orjson.dumps(payload)),
        valid_until=ctx.now + LASTS,
        total=order.total,
        worth=worth,
        to_pay=order.total - worth,
        points=cart.points,
        most_points=most,
        granted=granted if isinstance(granted, dict) else {},
        level=decision.standing.tier.level,
        reasons=tuple({lang: explain.sentence(programme, entry, lang) for lang in ("en", "zh")} for entry in decision.entries),
        points_paid={line.no: line.points_paid for line in order.lines if line.points_paid},
        coupons=priced,
        programme=programme.version,
        standing=version,
    )


def as_order(cart: Cart, at: datetime) -> Order:
    """The order the cart would become, before coupons and points."""
    return Order(
        order_id=OrderId(UUID(int=0)),
        subject_id=SubjectId(cart.member_id),
        member_id=cart.member_id,
        source=cart.source,
        number="quote",
        paid_at=at,
        currency=cart.currency,
        lines=tuple(Line(one.no, one.product, one.quantity, one.amount, one.discount, one.tax, 0, one.category) for one in cart.lines),
        freight=cart.freight,
        store=cart.store,
        channel=cart.channel,
    )


def _paid_by_points(programme: Programme, cart: Cart, order: Order) -> Order:
    """What the points pay is spread over the lines by what each costs."""
    paid = money.split(worth_of(programme, cart), [line.payable for line in order.lines])
    return replace(order, lines=tuple(replace(line, points_paid=part) for line, part in zip(order.lines, paid, strict=True)))


def worth_of(programme: Programme, cart: Cart) -> int:
    """What the cart's points pay, in minor units."""
    redeem = programme.unit(cart.unit).redeem
    return cart.points // redeem.points * redeem.worth if redeem else 0


def _share_limit(programme: Programme, cart: Cart, order: Order) -> int:
    redeem = programme.unit(cart.unit).redeem
    if redeem is None:
        return 0
    payable = sum(line.payable for line in order.lines)
    return payable * redeem.max_share_bp // 10_000 // redeem.worth * redeem.points


def most_points(programme: Programme, standing: Standing, cart: Cart, order: Order) -> int:
    """The most points that could pay for the order: in whole steps, within the share the programme allows and what is available."""
    redeem = programme.unit(cart.unit).redeem
    if redeem is None:
        return 0
    steps = standing.wallet.total(cart.unit).available // redeem.points * redeem.points
    most = min(steps, _share_limit(programme, cart, order))
    return most if most >= max(redeem.min_points, 1) else 0


def _hold(cart: Cart, hold_id: UUID, now: datetime, uses: tuple[CouponUse, ...]) -> HoldPlaced:
    until = now + give.HOLD_TIME
    return HoldPlaced(member_id=cart.member_id, at=now, ref=hold_id, unit=cart.unit, points=cart.points, until=until, coupons=uses)


def content(cart: Cart) -> dict[str, object]:
    """The cart as JSON, inside the token."""
    return {
        "member": cart.member_id.hex,
        "currency": cart.currency,
        "lines": [[n.no, n.product, n.quantity, n.amount, n.discount, n.tax, n.category] for n in cart.lines],
        "freight": cart.freight,
        "store": cart.store,
        "channel": cart.channel,
        "source": cart.source,
        "unit": cart.unit,
        "points": cart.points,
        "coupons": list(cart.coupons),
        "best": cart.best,
    }


def _cart(body: dict[str, object]) -> Cart:
    names = ("no", "product", "quantity", "amount", "discount", "tax", "category")
    lines = body["lines"]
    rest = {name: body[name] for name in ("currency", "freight", "store", "channel", "source", "unit", "points", "best")}
    return Cart(
        member_id=MemberId(UUID(str(body["member"]))),
        coupons=tuple(body["coupons"]),  # type: ignore[arg-type]  # the token is signed: it holds what content() put there
        lines=tuple(CartLine(**dict(zip(names, line, strict=True))) for line in lines) if isinstance(lines, list) else (),
        **rest,  # type: ignore[arg-type]  # the token is signed: it holds what content() put there
    )


def hold_for(ctx: Ctx, token: str, *, keyring: Keyring) -> HoldPlaced:
    """The hold that a quote asks for, ready for ``apply``; the same token asks for the same hold, however often.

    Raises ``token.invalid``, or ``quotes.stale`` with a fresh quote in its data when time, programme or standing moved on.
    """
    payload = orjson.loads(keyring.verify("quote", token))
    cart = _cart(payload["cart"])
    hold = _hold(cart, ids.derived(EPOCH, "hold", hashlib.sha256(token.encode()).hexdigest()), ctx.now, model.uses(payload["uses"]))
    if not _holds(hold):
        raise problem.invalid("quote", token, "a quote with points or coupons: nothing has to be held for this one")
    programmes = publishing.programmes(ctx)
    standing = loading.load_one(ctx, programmes, cart.member_id)
    reason = _staleness(payload, programmes.at(ctx.now), standing, ctx.now)
    if reason and not _holding(standing, hold.ref):
        fresh = quote(ctx, replace(cart), keyring=keyring)
        raise model.STALE_QUOTE(reason=reason, quote=as_json(fresh))
    return hold


def held_uses(ctx: Ctx, member_id: MemberId, hold_id: HoldId) -> tuple[CouponUse, ...]:
    """The coupons that a hold has set aside, with what each was to take off."""
    body = journal.body_of(ctx.tx, member_id, HoldPlaced.kind, hold_id)
    return model.uses(body.get("coupons", ())) if body else ()


def _holding(standing: Standing, hold_id: UUID) -> bool:
    return hold_id in standing.wallet.holds or any(one.state == "reserved" and one.ref == hold_id for one in standing.coupons.values())


EPOCH = datetime.fromisoformat("2020-01-01T00:00:00+00:00")
"""The time of ids that are derived from a key alone."""


def _staleness(payload: dict[str, object], programme: Programme, standing: Standing, now: datetime) -> str:
    if datetime.fromisoformat(str(payload["until"])) <= now:
        return "its 15 minutes are over"
    if payload["programme"] != programme.version:
        return "the programme changed"
    if payload["standing"] != standing.version:
        return "the member's standing changed"
    return ""


def as_json(made: Quote) -> dict[str, object]:
    """The quote as it goes over the wire."""
    return {
        "token": made.token,
        "valid_until": made.valid_until.isoformat(),
        "total": made.total,
        "worth": made.worth,
        "to_pay": made.to_pay,
        "points": made.points,
        "most_points": made.most_points,
        "granted": made.granted,
        "level": made.level,
        "reasons": list(made.reasons),
        "points_paid": {str(no): amount for no, amount in made.points_paid.items()},
        "coupons": _coupons(made.coupons),
    }


def _coupons(found: Coupons) -> dict[str, object]:
    used = [
        {
            "id": ids.encode("cpn", one.coupon_id),
            "definition": one.definition,
            "lines": {str(no): part for no, part in one.parts},
            "freight": one.freight,
            "discount": one.discount,
            "desired": one.desired,
        }
        for one in found.used
    ]
    refused = [
        {
            "id": ids.encode("cpn", one.coupon_id) if one.coupon_id else None,
            "definition": one.definition,
            "reason": one.reason,
            "text": {"en": one.text.en, "zh": one.text.zh},
            "missing": one.missing,
        }
        for one in found.refused
    ]
    return {"used": used, "refused": refused, "best": found.exact}
