"""The report and its definitions, each in both languages."""

from dataclasses import dataclass
from datetime import date

from regulars.kernel.text import Text

WINDOWS = (30, 60, 90, 180, 365)
"""Days within which a second order counts."""

DEFINITIONS = {
    "repurchase": Text(
        en="Of the members whose first order is at least N days before the last day of data: those with another order on a later local "
        "day, at most N days after the day of the first. Orders that were wholly refunded do not count.",
        zh="首单距数据最后一天不少于 N 天的会员中，在首单当日之后的自然日、且不超过 N 天内再次下单者的占比。整单退款的订单不计。",
    ),
    "tiers": Text(en="Members with a standing by the level they are on now.", zh="按当前等级统计已有积分账户的会员。"),
    "points": Text(
        en="Issued counts grants; outstanding is available, pending and held less what is owed.",
        zh="发放为累计获得；未使用为可用、待生效与冻结之和减去欠分。",
    ),
    "revenue": Text(
        en="Paid orders of members and of anonymous customers, less refunds that belong to one of them.",
        zh="会员与匿名顾客的已支付订单，扣除能对应到订单的退款。",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Repurchase:
    """Within ``days``: how many of ``members`` came back."""

    days: int
    members: int
    returned: int

    @property
    def rate_bp(self) -> int | None:
        """The rate in basis points, rounded down; ``None`` when nobody can be counted."""
        return self.returned * 10_000 // self.members if self.members else None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitSums:
    """What all members together were granted, spent, lost and still hold of a unit."""

    unit: str
    issued: int
    spent: int
    expired: int
    reversed: int
    outstanding: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The brand's main numbers. Money is in minor units of ``currency``; days are local to ``zone``."""

    zone: str
    currency: str
    first_day: date | None
    last_day: date | None
    members: int
    members_with_orders: int
    orders: int
    anonymous_orders: int
    revenue: int
    refunded: int
    unmatched_refunds: int
    repurchase: tuple[Repurchase, ...]
    tiers: tuple[tuple[str, int], ...]
    units: tuple[UnitSums, ...]
