"""Every number the house shows about its members, defined once: what it is called, counted in, and exactly what it counts.

The text is shown beside the number wherever it appears. Whoever changes what a metric counts changes its text and its version.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from regulars.kernel.text import Text

Unit = Literal["share", "days", "count", "money", "points"]
"""What a value is counted in. Shares are basis points (2500 is 25 %), money is minor units of the answer's currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One number: ``text`` says what is counted, ``of`` what it is a share of (none: it is no share)."""

    name: str
    unit: Unit
    label: Text
    text: Text
    of: Text | None = None
    version: int = 1


_KEPT = Text(
    en="An order counts unless it was wholly refunded; orders of one local day count as one purchase.",
    zh="整单退款的订单不计；同一自然日的多笔订单计为一次购买。",
)

_ALL = (
    Metric(
        name="repurchase",
        unit="share",
        label=Text("Repurchase within N days", "N 天复购率"),
        text=Text(
            en="Members who ordered again on a later local day, at most N days after the day of their first order. " + _KEPT.en,
            zh="首单当日之后的自然日、且不超过 N 天内再次下单的会员。" + _KEPT.zh,
        ),
        of=Text(en="Members whose first order is at least N days before the last day of data.", zh="首单距数据最后一天不少于 N 天的会员。"),
    ),
    Metric(
        name="conversion",
        unit="share",
        label=Text("From the n-th to the next purchase", "第 n 次到下一次购买转化率"),
        text=Text(
            en="Members who purchased again at most N days after the day of their n-th purchase. " + _KEPT.en,
            zh="第 n 次购买后 N 天内再次购买的会员。" + _KEPT.zh,
        ),
        of=Text(
            en="Members whose n-th purchase is at least N days before the last day of data.",
            zh="第 n 次购买距数据最后一天不少于 N 天的会员。",
        ),
    ),
    Metric(
        name="conversion_curve",
        unit="share",
        label=Text("Purchased again by day d", "d 天内再次购买比例"),
        text=Text(
            en="Kaplan–Meier estimate of the share that has purchased again d days after the n-th purchase. Members whose purchase is "
            "recent count for as long as they could be watched.",
            zh="第 n 次购买后 d 天内再次购买比例的 Kaplan–Meier 估计；近期购买的会员按可观察的天数计入。",
        ),
        of=Text(en="Members with an n-th purchase.", zh="有第 n 次购买的会员。"),
    ),
    Metric(
        name="interval",
        unit="days",
        label=Text("Days between purchases", "购买间隔天数"),
        text=Text(
            en="Local days from a member's purchase to the next. Median and P75 are the smallest number of days that half and three "
            "quarters of the intervals do not exceed. " + _KEPT.en,
            zh="会员相邻两次购买之间的自然日天数。中位数与 P75 为不小于一半、四分之三间隔的最小天数。" + _KEPT.zh,
        ),
    ),
    Metric(
        name="retention_fixed",
        unit="share",
        label=Text("Retention in month M", "第 M 月留存率（固定）"),
        text=Text(
            en="Members of the cohort with an order in exactly the M-th local month after that of their first order. " + _KEPT.en,
            zh="首单所在月之后第 M 个自然月内有订单的同期会员。" + _KEPT.zh,
        ),
        of=Text(en="Members whose first order is in the cohort's month.", zh="首单在该月的会员。"),
    ),
    Metric(
        name="retention_rolling",
        unit="share",
        label=Text("Retention in month M or later", "第 M 月及以后留存率（滚动）"),
        text=Text(
            en="Members of the cohort with an order in the M-th local month after that of their first order or any later one. " + _KEPT.en,
            zh="首单所在月之后第 M 个自然月或更晚有订单的同期会员。" + _KEPT.zh,
        ),
        of=Text(en="Members whose first order is in the cohort's month.", zh="首单在该月的会员。"),
    ),
    Metric(
        name="activation",
        unit="share",
        label=Text("Activation within N days", "N 天激活率"),
        text=Text(
            en="Members whose first order is on a local day at most N days after the day they joined (or before it). " + _KEPT.en,
            zh="入会当日起 N 天内（或入会之前）完成首单的会员。" + _KEPT.zh,
        ),
        of=Text(en="Members who joined at least N days before the last day of data.", zh="入会距数据最后一天不少于 N 天的会员。"),
    ),
    Metric(
        name="active_members",
        unit="count",
        label=Text("Active members", "活跃会员"),
        text=Text(
            en="Different members with an order on a local day of the period (day, week from Monday, or month). " + _KEPT.en,
            zh="期间（日、自周一起的周、月）内有订单的不同会员数。" + _KEPT.zh,
        ),
    ),
    Metric(
        name="orders_per_active",
        unit="count",
        label=Text("Orders per 100 active members", "每百名活跃会员订单数"),
        text=Text(
            en="Orders that were not wholly refunded of the active members of the period, times 100, divided by these members.",
            zh="期间活跃会员的未整单退款订单数 × 100 ÷ 活跃会员数。",
        ),
        of=Text(en="Active members of the period.", zh="期间的活跃会员。"),
    ),
    Metric(name="members", unit="count", label=Text("Members", "会员数"), text=Text("Members on record now.", "当前在册会员。")),
    Metric(
        name="members_joined",
        unit="count",
        label=Text("New members", "新增会员"),
        text=Text("Members who joined on a local day of the window.", "期间内入会的会员。"),
    ),
    Metric(
        name="tiers",
        unit="count",
        label=Text("Members by tier", "等级分布"),
        text=Text("Members by the level they stand on now; none: without a standing.", "按当前等级统计的会员；无：尚无等级。"),
        of=Text("Members on record now.", "当前在册会员。"),
    ),
    Metric(
        name="orders",
        unit="count",
        label=Text("Orders", "订单数"),
        text=Text(
            "Orders paid on a local day of the window, of members and anonymous customers, wholly refunded ones too.",
            "期间内支付的订单，含会员与匿名顾客，含整单退款。",
        ),
    ),
    Metric(
        name="revenue",
        unit="money",
        label=Text("Revenue", "营收"),
        text=Text(
            "Totals of the orders paid in the window, before refunds. New: a member's orders until the end of their first order day; "
            "returning: their later ones; anonymous: no member.",
            "期间内支付订单的总额（退款前）。新客：会员首单当日及以前；老客：之后；匿名：无会员。",
        ),
    ),
    Metric(
        name="refunded",
        unit="money",
        label=Text("Refunded of these orders", "这些订单的退款"),
        text=Text("What was refunded of the orders paid in the window, whenever.", "期间内支付的订单迄今的退款。"),
    ),
    Metric(
        name="refunds_made",
        unit="money",
        label=Text("Refunds made", "期间退款"),
        text=Text("Refunds made in the window that belong to an order, whenever it was paid.", "期间内发生、能对应到订单的退款。"),
    ),
    Metric(
        name="refunds_unmatched",
        unit="money",
        label=Text("Refunds without an order", "未匹配退款"),
        text=Text(
            "Refunds made in the window that belong to no order on record; revenue is not reduced by them.",
            "期间内发生、无法对应到订单的退款；不从营收中扣除。",
        ),
    ),
    Metric(
        name="average_order",
        unit="money",
        label=Text("Average order value", "客单价"),
        text=Text("Revenue divided by orders, rounded half to even.", "营收 ÷ 订单数，四舍六入五成双。"),
        of=Text("Orders of the window.", "期间订单。"),
    ),
    Metric(
        name="points_issued",
        unit="points",
        label=Text("Points issued", "发放积分"),
        text=Text("Points granted in the window.", "期间发放的积分。"),
    ),
    Metric(
        name="points_spent",
        unit="points",
        label=Text("Points spent", "使用积分"),
        text=Text("Points spent in the window, less what came back from cancelled spending.", "期间使用的积分，扣除撤销使用后返还的部分。"),
    ),
    Metric(
        name="points_expired",
        unit="points",
        label=Text("Points expired", "过期积分"),
        text=Text("Points that lapsed in the window.", "期间过期的积分。"),
    ),
    Metric(
        name="points_reversed",
        unit="points",
        label=Text("Points reversed", "冲回积分"),
        text=Text("Points taken back in the window: by refunds, by deduction, or as debt.", "期间因退款、扣减或欠分而冲回的积分。"),
    ),
    Metric(
        name="points_outstanding",
        unit="points",
        label=Text("Points outstanding", "未使用积分"),
        text=Text(
            "Everything granted and received, less spent, expired, reversed and sent, up to the last day of the window.",
            "截至期末：累计发放与转入，减去使用、过期、冲回与转出。",
        ),
    ),
    Metric(
        name="points_due",
        unit="points",
        label=Text("Points due to expire", "即将过期积分"),
        text=Text(
            "Points now in lots, pending ones too, by the month of the last local day they are valid on; held points are in no lot.",
            "当前各批次积分（含待生效），按最后有效自然日所在月统计；冻结积分不在批次内。",
        ),
    ),
)

METRICS: Mapping[str, Metric] = {metric.name: metric for metric in _ALL}
"""By name."""

WINDOWS = (30, 60, 90, 180, 365)
"""Days within which a next purchase is looked for."""
ACTIVATION_DAYS = 30
"""Days after joining within which the first order makes a member active, unless asked otherwise."""
SMALL = 100
"""With fewer in one arm, a difference is shown with a warning."""
