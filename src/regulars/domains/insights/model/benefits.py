"""What a benefit came to and what it did, each number with its definition in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from regulars.domains.insights.model.answers import Share
from regulars.kernel.quotas import Period
from regulars.kernel.text import Text

Basis = Literal["trial", "users"]
"""``trial``: members of the programme beside the control group, a difference that the benefit made. ``users``: those who used it beside
those who have not yet, a difference that it need not have made.
"""

DAYS = 60
"""Days within which a next purchase is looked for, unless asked otherwise."""

DEFINITIONS = {
    "granted": Text(
        en="Uses that the members who may have the benefit now are given in one period of its quota. A condition besides the level is not "
        "looked at. Null: without end.",
        zh="当前可享有该权益的会员在一个额度周期内可用的次数。等级以外的条件不计入。空：不限次数。",
    ),
    "used": Text(en="Uses in the window that were not given back.", zh="期间内未撤销的使用次数。"),
    "cost": Text(en="What these uses cost the brand, as recorded with each.", zh="这些使用的成本，按每次记录。"),
    "effect": Text(
        en="Members who ordered again on a later local day, at most N days after the day they are counted from, of those counted from "
        "a day at least N days before the last day of data; each with its 95 % Wilson interval, and the difference with Newcombe's. A "
        "wholly refunded order does not count.",
        zh="自起算日之后的自然日、且不超过 N 天内再次下单的会员，占起算日距数据最后一天不少于 N 天的会员的比例；"
        "各附 95% Wilson 区间，差异附 Newcombe 区间。整单退款的订单不计。",
    ),
    "trial": Text(
        en="Members who may have the benefit beside those of the control group who stand on the same levels; both are counted from the day "
        "on which the level began (without levels: on which they joined), or from the first day of the window if that is later. Who is in "
        "which group was drawn by lot, so the difference is the benefit's, together with that of all incentives withheld from the group.",
        zh="可享有该权益的会员与同等级的对照组会员；均自等级开始之日（不限等级时为入会日）起算，早于期间则自期间首日起算。"
        "分组为随机抽取，差异由该权益及对照组未享有的全部激励共同带来。",
    ),
    "users": Text(
        en="Members who used the benefit, counted from their first use in the window, beside those who might and have not yet, counted as "
        "above. NOT causal: who uses a benefit often buys more anyway. To measure its effect, make it an incentive and keep a "
        "control group.",
        zh="已使用的会员（自期间内首次使用日起算）与可用而尚未使用的会员（起算日同上）。"
        "非因果：使用权益的会员往往本来就购买更多。如需衡量效果，请将其设为激励并保留对照组。",
    ),
}

SAID: Mapping[Basis, Text] = {"trial": Text("control group", "对照组"), "users": Text("users, not causal", "使用者对比，非因果")}
"""What a difference rests on, in a table."""

_SIDES = (Text("with", "享有"), Text("without", "未享有"))
_SHARE = (
    Text("ordered again", "再次下单人数"),
    Text("of", "分母"),
    Text("rate (bp)", "比率（基点）"),
    Text("low, 95 % (bp)", "95% 下限（基点）"),
    Text("high, 95 % (bp)", "95% 上限（基点）"),
)
HEADINGS = (
    Text("benefit", "权益"),
    Text("id", "编号"),
    Text("may have it", "可享有会员"),
    Text("granted a period", "每周期发放"),
    Text("period", "周期"),
    Text("used", "使用次数"),
    Text("used by members", "使用会员"),
    Text("cost (minor units)", "成本（最小货币单位）"),
    Text("rests on", "对比依据"),
    Text("causal", "因果"),
    *(Text(f"{side.en}: {part.en}", f"{side.zh}：{part.zh}") for side in _SIDES for part in _SHARE),
    Text("difference (bp)", "差异（基点）"),
    Text("difference: low, 95 % (bp)", "差异 95% 下限（基点）"),
    Text("difference: high, 95 % (bp)", "差异 95% 上限（基点）"),
    Text("few members", "样本较小"),
)
"""Of the table of all benefits, column by column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Repurchase with the benefit beside without it. ``difference_bp`` and its bounds are None while one side counts nobody; ``small``: one
    side is too small for its difference to say much.
    """

    basis: Basis
    causal: bool
    having: Share
    lacking: Share
    difference_bp: int | None
    low_bp: int | None
    high_bp: int | None
    small: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitRow:
    """One benefit of the programme in force. ``eligible``: members who may have it now; costs are minor units."""

    benefit: str
    label: Text
    eligible: int
    granted: int | None
    period: Period | None
    used: int
    cost: int
    users: int
    effect: Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitAnswer:
    """Every benefit in a window of local days of ``zone``."""

    zone: str
    currency: str
    first_day: date
    last_day: date
    days: int
    items: tuple[BenefitRow, ...]
