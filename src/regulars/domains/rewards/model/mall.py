"""What the mall offers, and an order of it. Points are whole; cash and amounts are minor units of the programme's currency."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from regulars.kernel import audience, problem
from regulars.kernel.audience import Audience
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Kind as ProblemKind
from regulars.kernel.quotas import Quota, UsageKey
from regulars.kernel.text import Text

PREFIX = "rwd"
"""Of a reward order's id on the wire."""
NOT_YET = problem.define(
    "rewards.not_yet",
    ProblemKind.limit,
    en="{reward} can be ordered from {opens}.",
    zh="{reward_zh}自 {opens} 起可兑换。",
)
NO_LONGER = problem.define(
    "rewards.no_longer",
    ProblemKind.limit,
    en="{reward} could be ordered until {closes}.",
    zh="{reward_zh}的兑换已于 {closes} 结束。",
)
LIMIT_REACHED = problem.define(
    "rewards.limit_reached",
    ProblemKind.limit,
    en="{reward}: {left} of {granted} {period} are left for this member, {asked} were asked for. Again from {next_day}.",
    zh="{reward_zh}{period_zh}限兑 {granted} 件，剩余 {left} 件，本次需要 {asked} 件。{next_day} 起可再兑换。",
)
LIMIT_SPENT = problem.define(
    "rewards.limit_spent",
    ProblemKind.limit,
    en="{reward}: {left} of {granted} in a lifetime are left for this member, {asked} were asked for.",
    zh="{reward_zh}每位会员终身限兑 {granted} 件，剩余 {left} 件，本次需要 {asked} 件。",
)
OUT_OF_STOCK = problem.define(
    "rewards.out_of_stock",
    ProblemKind.limit,
    en="{reward}: {left} are in stock, {asked} were asked for.",
    zh="{reward_zh}库存 {left} 件，本次需要 {asked} 件。",
)
POINTS_MISSING = problem.define(
    "rewards.points_missing",
    ProblemKind.limit,
    en="{reward} costs {points} {unit}; {available} are available, {missing} are missing.",
    zh="{reward_zh}需要 {points} {unit_zh}，可用 {available}，还差 {missing}。",
)
ADDRESS_MISSING = problem.define(
    "rewards.address_missing",
    ProblemKind.invalid,
    en="{reward} is sent to the member: say which of its addresses to use.",
    zh="{reward_zh}需要配送，请选择会员的收货地址。",
)
UNKNOWN = problem.define(
    "rewards.unknown",
    ProblemKind.not_found,
    en="The rewards mall has no {reward}; it has {known}.",
    zh="积分商城没有 {reward}，现有 {known}。",
)
ORDER_UNKNOWN = problem.define(
    "rewards.order_unknown",
    ProblemKind.not_found,
    en="There is no reward order {order} of this member.",
    zh="该会员没有兑换订单 {order}。",
)
WRONG_STATE = problem.define(
    "rewards.wrong_state",
    ProblemKind.conflict,
    en="The reward order is {state} and cannot become {wanted}; it can become {ways}.",
    zh="兑换订单{state_zh}，不能变为{wanted_zh}；可变为：{ways_zh}。",
)


class Kind(StrEnum):
    """What comes of an order."""

    goods = "goods"
    """Something sent to an address."""
    coupon = "coupon"
    gift_card = "gift_card"
    """An amount of a money unit, at once."""
    digital = "digital"
    experience = "experience"
    """Something that is arranged with the member."""


AT_ONCE = frozenset({Kind.coupon, Kind.gift_card, Kind.digital})
"""Kinds that are given in the moment they are ordered: nobody has to fulfil them."""


@dataclass(frozen=True, slots=True)
class GrantCoupon:
    """``count`` coupons of one definition are issued."""

    coupon: str
    count: int


@dataclass(frozen=True, slots=True)
class GrantMoney:
    """``amount`` of a money unit is granted."""

    unit: str
    amount: int


@dataclass(frozen=True, slots=True)
class GrantCode:
    """``count`` codes are taken from a batch."""

    batch: str
    count: int


Grant = GrantCoupon | GrantMoney | GrantCode


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    """One item of the mall, its condition compiled. One costs ``points`` of ``unit`` and ``cash``.

    ``stock`` is how many there ever are, None without end. ``limit`` is per member. ``opens_at`` and ``closes_at`` are half-open. ``grant``
    is what one of it gives, where something is given at once.
    """

    id: str
    label: Text
    kind: Kind
    unit: str
    unit_label: Text
    points: int
    description: Text | None = None
    image: str = ""
    cash: int = 0
    stock: int | None = None
    limit: Quota | None = None
    audience: Audience = audience.EVERYBODY
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    grant: Grant | None = None

    @property
    def counter(self) -> str:
        """The name a member's own orders are counted under."""
        return f"reward:{self.id}"

    @property
    def room(self) -> str:
        """The name of the shared counter that holds its stock."""
        return f"reward:{self.id}:stock"


class State(StrEnum):
    """Where an order stands."""

    placed = "placed"
    fulfilled = "fulfilled"
    completed = "completed"
    cancelled = "cancelled"


TRANSITIONS: Mapping[State, frozenset[State]] = {
    State.placed: frozenset({State.fulfilled, State.cancelled}),
    State.fulfilled: frozenset({State.completed}),
    State.completed: frozenset(),
    State.cancelled: frozenset(),
}
"""Every way an order can go; there is no other."""
SAID: Mapping[State, Text] = {
    State.placed: Text("placed", "已下单"),
    State.fulfilled: Text("fulfilled", "已发放"),
    State.completed: Text("completed", "已完成"),
    State.cancelled: Text("cancelled", "已取消"),
}
"""How states are said to people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardOrder:
    """An order as it stands. ``version`` counts its changes from 1 and guards each write; ``changed_at``, ``changed_by``: the last one.

    ``points`` and ``cash`` are for the whole ``quantity``. ``address_ref`` names an address kept elsewhere, never the address itself.
    ``period`` is the first local day its limit counts in, ``from_stock`` whether the stock was lowered: what a cancellation gives back.
    """

    reward_order_id: UUID
    reward: str
    kind: Kind
    quantity: int
    unit: str
    points: int
    cash: int
    currency: str
    placed_at: datetime
    changed_at: datetime
    changed_by: str
    state: State = State.placed
    version: int = 1
    address_ref: str = ""
    carrier: str = ""
    tracking: str = ""
    note: str = ""
    period: date | None = None
    from_stock: bool = False

    @property
    def usage(self) -> Mapping[UsageKey, int]:
        """What recording this state adds to the member's own counters; below zero is given back."""
        return {(f"reward:{self.reward}", self.period): self._taken} if self.period is not None and self._taken else {}

    @property
    def rooms(self) -> Mapping[str, int]:
        """What recording this state takes from shared counters, by their name; below zero is given back."""
        return {f"reward:{self.reward}:stock": self._taken} if self.from_stock and self._taken else {}

    @property
    def _taken(self) -> int:
        """The first version takes, the cancelled one gives back, those between do neither."""
        if self.state is State.cancelled:
            return -self.quantity
        return self.quantity if self.version == 1 else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """What an order does: the row, and what it grants at once. Points to spend, cash to pay, counters and rooms are the row's own."""

    order: RewardOrder
    grants: tuple[Grant, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One change of an order: which state it reached when, and who saw to it."""

    version: int
    state: State
    at: datetime
    actor: str
    carrier: str
    tracking: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """An order in the console's list, and whose it is."""

    member_id: MemberId
    order: RewardOrder
