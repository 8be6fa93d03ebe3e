"""What the routes of the engine take and give. Amounts are integers in minor units of the currency: 1250 GBP is £12.50."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from regulars.domains.loyalty.model import CouponUse
from regulars.domains.members.model import PREFIX as MEMBER
from regulars.domains.orders.model import Line, Order, Payment, RefundLine
from regulars.kernel import ids, money, problem
from regulars.kernel.ids import MemberId, OrderId, SubjectId
from regulars.platform.http.strict import Currency, Key, Minor, Strict

_AMOUNT_MAX = 10**12
Amount = Annotated[int, Field(ge=0, le=_AMOUNT_MAX, description="Minor units; a thousand million major units at most.")]
Positive = Annotated[int, Field(ge=1, le=_AMOUNT_MAX)]
_Code = Annotated[str, Field(max_length=100)]
Source = Annotated[
    str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+$", description="Which system tells us.", examples=["shop"])
]
Number = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$", examples=["1001"])]

MemberKey = Annotated[
    str,
    Path(min_length=1, max_length=220, description="A member: its id, or `external:` and your own id of it.", examples=["external:10042"]),
]
OrderKey = Annotated[
    str,
    Path(
        min_length=1,
        max_length=280,
        description="An order: its id `ord_…`, or its source and number with a colon.",
        examples=["shop:1001"],
    ),
]


class Out(BaseModel):
    """The base of what is given: every field is always there."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class MemberIn(Strict):
    """Whose it is: exactly one of the two."""

    external_id: Annotated[Key | None, Field(description="Your own id of the member; a new one is enrolled.", examples=["10042"])] = None
    id: Annotated[str | None, Field(max_length=40, examples=["mbr_01jf3q7t5v8x9y0z1a2b3c4d5e"])] = None

    def asked(self) -> tuple[str | None, MemberId | None]:
        """(external id, our id): one of them. Raises ``input.invalid``."""
        if (self.external_id is None) == (self.id is None):
            raise problem.invalid("member", "both" if self.id else "neither", "exactly one of external_id and id")
        return self.external_id, MemberId(ids.decode(MEMBER, self.id)) if self.id else None

    def key(self) -> str:
        """How routes and services name this member. Raises ``input.invalid``."""
        external_id, member_id = self.asked()
        return f"external:{external_id}" if member_id is None else ids.encode(MEMBER, member_id)


class LineIn(Strict):
    """One line. `amount` is quantity x price before `discount`; `tax` is what of it is tax."""

    line: Annotated[int | None, Field(ge=1, le=100_000, description="Left out: its place in the list.")] = None
    product: Annotated[str, Field(min_length=1, max_length=200, examples=["85048"])]
    category: Annotated[_Code, Field(examples=["christmas"])] = ""
    quantity: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    amount: Annotated[Amount, Field(examples=[8340])]
    discount: Amount = 0
    tax: Amount = 0
    points_paid: Annotated[Amount, Field(description="What points paid of the line, as the quote said.")] = 0


CouponKey = Annotated[
    str, Field(min_length=1, max_length=80, description="A coupon: its id `cpn_…`, or its code.", examples=["TEA-2F7K-9QXM"])
]
COUPON = "cpn"
"""What the ids of coupons begin with on the wire."""


def coupon_key(text: str) -> str:
    """How the engine names the coupon that a caller names by id or code. Raises ``input.invalid``."""
    return str(ids.decode(COUPON, text)) if text.startswith(f"{COUPON}_") else text


class CouponIn(Strict):
    """A coupon that was used on the order, and what the seller took off for it; the lines' discounts contain it already."""

    coupon: CouponKey
    discount: Amount = 0
    freight: Amount = 0

    def use(self) -> CouponUse:
        """As the engine takes it."""
        return CouponUse(coupon_key(self.coupon), self.discount, self.freight)


class PaymentIn(Strict):
    """How a part was paid."""

    method: Annotated[str, Field(min_length=1, max_length=40, examples=["wechat"])]
    amount: Minor


class OrderBody(Strict):
    """What an order holds besides its number and its member."""

    paid_at: Annotated[datetime, Field(examples=["2026-02-27T10:15:00+08:00"])]
    currency: Currency
    lines: Annotated[list[LineIn], Field(min_length=1, max_length=2_000)]
    freight: Amount = 0
    store: Annotated[_Code, Field(examples=["SH-001"])] = ""
    channel: Annotated[_Code, Field(examples=["app"])] = ""
    payments: Annotated[tuple[PaymentIn, ...], Field(max_length=50, strict=False)] = ()


class OrderIn(OrderBody):
    """A paid order. `source` and `number` name it for ever: the same again changes nothing, another content is a conflict."""

    source: Source = "api"
    number: Number
    member: Annotated[MemberIn | None, Field(description="Left out: an anonymous order.")] = None
    coupons: Annotated[tuple[CouponIn, ...], Field(max_length=50, strict=False)] = ()

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "source": "shop",
                    "number": "1001",
                    "member": {"external_id": "10042"},
                    "paid_at": "2026-02-27T10:15:00Z",
                    "currency": "GBP",
                    "lines": [{"product": "85048", "category": "christmas", "quantity": 12, "amount": 8340}],
                }
            ]
        }
    )


class ConfirmIn(OrderBody):
    """The order that the held points pay a part of."""

    source: Source = "api"
    number: Number


class RefundLineIn(Strict):
    """What of a line is given back, in minor units of what the line cost after its discount."""

    line: Annotated[int, Field(ge=1, le=100_000)]
    amount: Positive
    quantity: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class RefundIn(Strict):
    """Lines given back. `number` names the refund for ever within its source."""

    number: Number
    refunded_at: datetime
    currency: Currency
    lines: Annotated[list[RefundLineIn], Field(min_length=1, max_length=2_000)]
    member: Annotated[MemberIn | None, Field(description="When given, the order must be this member's.")] = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"number": "R-1001-1", "refunded_at": "2026-02-28T09:00:00Z", "currency": "GBP", "lines": [{"line": 1, "amount": 8340}]}
            ]
        }
    )


def lines_of(given: list[LineIn]) -> tuple[Line, ...]:
    """The lines, numbered. Raises ``input.invalid`` where amounts contradict each other or a number comes twice."""
    made: list[Line] = []
    seen: set[int] = set()
    for index, line in enumerate(given):
        no = line.line if line.line is not None else index + 1
        if no in seen:
            raise problem.invalid(f"lines[{index}].line", no, "a number that no other line has")
        seen.add(no)
        if line.discount > line.amount:
            raise problem.invalid(f"lines[{index}].discount", line.discount, f"{line.amount} at most, the line's amount")
        if line.tax > line.amount:
            raise problem.invalid(f"lines[{index}].tax", line.tax, f"{line.amount} at most, the line's amount")
        if line.points_paid > line.amount - line.discount:
            raise problem.invalid(f"lines[{index}].points_paid", line.points_paid, f"{line.amount - line.discount} at most")
        made.append(Line(no, line.product, line.quantity, line.amount, line.discount, line.tax, line.points_paid, line.category))
    return tuple(made)


def order_of(body: OrderBody, *, source: str, number: str) -> Order:
    """The order without its member. Raises ``input.invalid`` for what types alone do not catch."""
    if not money.known(body.currency):
        raise problem.invalid("currency", body.currency, "an ISO 4217 code such as CNY or GBP")
    order_id = OrderId(ids.derived(body.paid_at, "order", source, number))
    return Order(
        order_id=order_id,
        subject_id=SubjectId(order_id),
        member_id=None,
        source=source,
        number=number,
        paid_at=body.paid_at,
        currency=body.currency,
        lines=lines_of(body.lines),
        freight=body.freight,
        store=body.store,
        channel=body.channel,
        payments=tuple(Payment(payment.method, payment.amount) for payment in body.payments),
    )


def refund_lines(given: list[RefundLineIn]) -> tuple[RefundLine, ...]:
    """The refund's lines."""
    return tuple(RefundLine(line.line, line.amount, line.quantity) for line in given)


class CouponTold(Out):
    """What became of a coupon: used, or refused with its reason in both languages. A refused one changed nothing."""

    coupon: str
    state: Literal["used", "refused"]
    reason: dict[str, str] | None


class Recorded(Out):
    """What an order or a refund did. `granted`, `reversed` and `charged` (for benefits whose use rested on what was refunded) are by unit;
    `state` tells a refund that waits for its order.
    """

    duplicate: Annotated[bool, Field(description="True: it was recorded before; the answer is the one given then.")]
    order: str | None
    refund: str | None
    member: str | None
    state: Literal["recorded", "applied", "unmatched", "waiting"]
    granted: dict[str, int]
    reversed: dict[str, int]
    charged: dict[str, int]
    returned: Annotated[int, Field(description="Points that had paid for what was refunded, returned.")]
    level: str | None
    coupons: list[CouponTold]


def recorded(answer: dict[str, Any], *, duplicate: bool) -> dict[str, Any]:
    """The answer as :class:`Recorded`."""
    return {
        "duplicate": duplicate,
        "order": answer.get("order"),
        "refund": answer.get("refund"),
        "member": answer.get("member"),
        "state": answer.get("state", "recorded"),
        "granted": answer.get("granted", {}),
        "reversed": answer.get("reversed", {}),
        "charged": answer.get("charged", {}),
        "returned": answer.get("returned", 0),
        "level": answer.get("level"),
        "coupons": answer.get("coupons", []),
    }


class BatchLine(Out):
    """What became of one line of a batch: the answer, or the problem that refused it."""

    line: int
    ok: bool
    answer: Recorded | None
    problem: dict[str, Any] | None


class LineOut(Out):
    """One line of an order."""

    line: int
    product: str
    category: str
    quantity: int
    amount: int
    discount: int
    tax: int
    points_paid: int
    refunded: int


class OrderOut(Out):
    """An order as it was told to us, and how far it is refunded."""

    id: str
    member: str | None
    source: str
    number: str
    paid_at: datetime
    currency: str
    total: int
    freight: int
    store: str
    channel: str
    refunded: int
    lines: list[LineOut]


class OrdersOut(Out):
    """A page of orders, newest first."""

    items: list[OrderOut]
    next: str | None


def order_out(order: Order, by_line: dict[int, int], refunded: int) -> dict[str, Any]:
    """The order as :class:`OrderOut`."""
    return {
        "id": ids.encode("ord", order.order_id),
        "member": ids.encode(MEMBER, order.member_id) if order.member_id else None,
        "source": order.source,
        "number": order.number,
        "paid_at": order.paid_at,
        "currency": order.currency,
        "total": order.total,
        "freight": order.freight,
        "store": order.store,
        "channel": order.channel,
        "refunded": refunded,
        "lines": [
            {
                "line": line.no,
                "product": line.product,
                "category": line.category,
                "quantity": line.quantity,
                "amount": line.amount,
                "discount": line.discount,
                "tax": line.tax,
                "points_paid": line.points_paid,
                "refunded": by_line.get(line.no, 0),
            }
            for line in order.lines
        ],
    }
