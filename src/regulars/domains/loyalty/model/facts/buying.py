"""Orders and refunds: their content is kept by the ``orders`` slice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from regulars.domains.loyalty.model.facts.keyed import Body
from regulars.domains.orders import rules as orders
from regulars.domains.orders.model import Order, Refund, Refunded
from regulars.kernel.ids import HoldId, MemberId


@dataclass(frozen=True, slots=True)
class CouponUse:
    """A coupon by its id or its code, and what the seller took off for it: of the lines and of the freight, in minor units."""

    coupon: str
    discount: int = 0
    freight: int = 0

    def written(self) -> list[str | int]:
        """As JSON."""
        return [self.coupon, self.discount, self.freight]


def uses(written: Sequence[Sequence[str | int]]) -> tuple[CouponUse, ...]:
    """What :meth:`CouponUse.written` wrote."""
    return tuple(CouponUse(str(coupon), int(discount), int(freight)) for coupon, discount, freight in written)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPaid:
    """An order was paid; ``hold_id`` confirms what was set aside for it, ``coupons`` are used on it. Anonymous ones change no standing."""

    order: Order
    hold_id: HoldId | None = None
    coupons: tuple[CouponUse, ...] = ()
    kind: ClassVar[str] = "order"

    @property
    def member_id(self) -> MemberId | None:
        return self.order.member_id

    @property
    def at(self) -> datetime:
        return self.order.paid_at

    @property
    def ref(self) -> UUID:
        return self.order.order_id

    @property
    def claim(self) -> tuple[str, str]:
        return "order", f"{self.order.source}\x1f{self.order.number}"

    def fingerprint(self) -> bytes:
        return orders.fingerprint(self.order)

    def body(self) -> Body:
        hold = {"hold": str(self.hold_id)} if self.hold_id else {}
        return hold | ({"coupons": [use.written() for use in self.coupons]} if self.coupons else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesRefunded:
    """Lines of an order were given back. ``state`` is the order before it, filled in by the service; without it nothing is reversed."""

    refund: Refund
    state: Refunded | None = None
    from_waiting: bool = False
    kind: ClassVar[str] = "refund"

    @property
    def member_id(self) -> MemberId | None:
        return self.state.order.member_id if self.state else self.refund.member_id

    @property
    def at(self) -> datetime:
        return self.refund.refunded_at

    @property
    def ref(self) -> UUID:
        return self.refund.refund_id

    @property
    def claim(self) -> tuple[str, str]:
        return "refund_applied" if self.from_waiting else "refund", f"{self.refund.source}\x1f{self.refund.number}"

    def fingerprint(self) -> bytes:
        return orders.refund_fingerprint(self.refund)

    def body(self) -> Body:
        return {"taken": {str(no): amount for no, amount in self.state.by_line.items()}} if self.state else {}
