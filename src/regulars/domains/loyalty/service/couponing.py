"""A cart's coupons: which of them can be used, what each takes off which line, and which combination is best. Nothing is recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from regulars.domains.coupons.model import Applied, Candidate, Refused, Room
from regulars.domains.coupons.model import Cart as PricedCart
from regulars.domains.coupons.rules import combining, pricing
from regulars.domains.loyalty.model import CouponUse, Programme, Standing
from regulars.domains.loyalty.rules import coupons as rules
from regulars.domains.loyalty.rules.reading import ORDER_ATTRIBUTES, member_values
from regulars.domains.orders.model import Line, Order
from regulars.kernel.text import Text

_NOT_HELD = Text("this member does not hold it", "该会员未持有此券")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupons:
    """What coupons do to a cart: the order with its discounts, what was used and refused, whether nothing better exists."""

    order: Order
    used: tuple[Applied, ...] = ()
    refused: tuple[Refused, ...] = ()
    exact: bool = True

    @property
    def uses(self) -> tuple[CouponUse, ...]:
        """The coupons as a hold and an order name them."""
        return tuple(CouponUse(str(one.coupon_id), one.discount - one.freight, one.freight) for one in self.used)


def price(programme: Programme, standing: Standing, order: Order, *, wanted: Sequence[str], best: bool, left: Mapping[str, int]) -> Coupons:
    """``order`` with the coupons ``wanted`` (by id or code), or the ``best`` of all that the member holds."""
    found = [(coupon, rules.find(standing, coupon)) for coupon in wanted]
    held = [one for one in standing.coupons.values() if one.live] if best else [one for _, one in found if one is not None]
    missing = [_unknown(coupon) for coupon, one in found if one is None]
    if not held:
        return Coupons(order=order, refused=tuple(missing))
    candidates = [Candidate(one, programme.terms(one.version, one.definition)) for one in held]
    cart = PricedCart(
        lines=order.lines,
        at=order.paid_at,
        currency=programme.currency,
        zone=programme.zone,
        freight=order.freight,
        store=order.store,
        lanes=programme.lanes,
        values={**member_values(programme, standing, order.paid_at), **{name: read(order) for name, read in ORDER_ATTRIBUTES.items()}},
    )
    room = Room(usage=standing.wallet.usage, left=left, held_out=standing.held_out)
    exact = True
    if best:
        searched = combining.best(candidates, cart, room=room)
        priced, exact = searched.priced, searched.exact
    else:
        priced = pricing.price(candidates, cart, room=room)
    lines, freight = _discounted(order, priced.used)
    return Coupons(order=replace(order, lines=lines, freight=freight), used=priced.used, refused=(*missing, *priced.refused), exact=exact)


def _unknown(coupon: str) -> Refused:
    return Refused(coupon_id=None, definition=coupon, reason="state", text=_NOT_HELD)


def _discounted(order: Order, used: Sequence[Applied]) -> tuple[tuple[Line, ...], int]:
    off: dict[int, int] = {}
    for one in used:
        for no, part in one.parts:
            off[no] = off.get(no, 0) + part
    lines = tuple(replace(line, discount=line.discount + off.get(line.no, 0)) for line in order.lines)
    return lines, order.freight - sum(one.freight for one in used)
