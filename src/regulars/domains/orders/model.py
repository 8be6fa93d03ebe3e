"""What an order and a refund are. Amounts are integer minor units of the order's currency; times are aware UTC."""

from dataclasses import dataclass
from datetime import datetime

from regulars.kernel import problem
from regulars.kernel.ids import MemberId, OrderId, RefundId, SubjectId
from regulars.kernel.problem import Kind

ORDER_REUSED = problem.define(
    "orders.conflict",
    Kind.conflict,
    en="Order {number} of {source} is already recorded with another content. Nothing was changed; correct it with a refund.",
    zh="{source} 的订单 {number} 已按另一份内容记录，未做任何修改；如需更正请提交退款。",
)
REFUND_TOO_LARGE = problem.define(
    "orders.refund_too_large",
    Kind.invalid,
    en="Line {line} of order {number} has {left} left to refund, {asked} were asked for.",
    zh="订单 {number} 第 {line} 行还可退 {left}，本次申请 {asked}。",
)
REFUND_UNKNOWN_LINE = problem.define(
    "orders.refund_unknown_line",
    Kind.invalid,
    en="Order {number} has no line {line}.",
    zh="订单 {number} 没有第 {line} 行。",
)
FUTURE = problem.define(
    "orders.from_the_future",
    Kind.invalid,
    en="The time {at} lies more than {minutes} minutes ahead of ours. Check the clock and the zone of the sender.",
    zh="时间 {at} 比当前时间超前 {minutes} 分钟以上，请检查发送方的时钟与时区。",
)
REFUND_WRONG_MEMBER = problem.define(
    "orders.refund_wrong_member",
    Kind.invalid,
    en="Order {number} belongs to another member.",
    zh="订单 {number} 属于另一位会员。",
)


@dataclass(slots=True)
class Line:
    """One line of an order: ``amount`` = quantity x price before discounts; ``discount`` holds the line's share of every discount,
    ``tax`` the tax contained in the amount, ``points_paid`` what points, coupons and gift cards paid of it.

    A slotted class that is not frozen: millions are made, and freezing triples the cost. Nobody writes to one.
    """

    no: int
    product: str
    quantity: int
    amount: int
    discount: int = 0
    tax: int = 0
    points_paid: int = 0
    category: str = ""

    @property
    def payable(self) -> int:
        """What had to be paid for the line by any means: amount less discount. A refund is measured in it."""
        return self.amount - self.discount


@dataclass(frozen=True, slots=True)
class Payment:
    """How a part of the order was paid: cash, card, wechat, alipay, points, coupon, gift_card …"""

    method: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A paid order. Its business key is (source, number); ``order_id`` is derived from it. ``member_id`` None is anonymous."""

    order_id: OrderId
    subject_id: SubjectId
    member_id: MemberId | None
    source: str
    number: str
    paid_at: datetime
    currency: str
    lines: tuple[Line, ...]
    freight: int = 0
    store: str = ""
    channel: str = ""
    payments: tuple[Payment, ...] = ()

    @property
    def total(self) -> int:
        """What the order cost the customer, by whatever means it was paid: payable lines plus freight."""
        total = self.freight
        for line in self.lines:
            total += line.amount - line.discount
        return total


@dataclass(frozen=True, slots=True)
class RefundLine:
    """``amount`` minor units of line ``no`` given back, out of its ``payable``; ``quantity`` is informative."""

    no: int
    amount: int
    quantity: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Lines given back. Business key (source, number). ``order_id`` None is an unmatched refund: kept in revenue, reverses nothing."""

    refund_id: RefundId
    subject_id: SubjectId
    member_id: MemberId | None
    source: str
    number: str
    refunded_at: datetime
    currency: str
    order_id: OrderId | None
    order_number: str = ""
    lines: tuple[RefundLine, ...]

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.lines)


@dataclass(slots=True)
class Refunded:
    """How far an order is refunded: minor units by line number, and the version that guards two refunds against each other."""

    order: Order
    by_line: dict[int, int]
    version: int
