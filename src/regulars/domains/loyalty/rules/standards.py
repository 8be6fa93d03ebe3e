"""By what a check-up judges: every border, and where it comes from. Most are our own judgement and say so."""

from collections.abc import Mapping

from regulars.domains.loyalty.model.checkup import Area, Band, Standard
from regulars.kernel.text import Text

_OURS = Text(
    "Our judgement; no public figure is known to us.",
    "本产品的判断；未见公开数据。",
)
_READING = Text(
    "One, two, three and five minutes of silent reading at 238 words a minute (Brysbaert 2019, Journal of Memory and Language 109).",
    "按每分钟默读 238 个英文词计（Brysbaert 2019，Journal of Memory and Language 109）：1、2、3、5 分钟。",
)
_REDEEMED = Text(
    "A: the worldwide average of 49.8 % that trade blogs quote (Brandmovers); the other borders are our judgement.",
    "A 档取行业博客引用的全球平均兑换率 49.8%（Brandmovers）；其余为本产品的判断。",
)
_LAPSED = Text(
    "C ends at 40 %, above which trade blogs warn of points that nobody uses (vf.company 2018); the other borders are our judgement.",
    "C 档上限取 40%：行业博客视高于此为警戒（vf.company 2018）；其余为本产品的判断。",
)


def _most(a: int, b: int, c: int, d: int) -> tuple[Band, Band, Band, Band]:
    """The less the better."""
    return (None, a), (None, b), (None, c), (None, d)


def _least(a: int, b: int, c: int, d: int) -> tuple[Band, Band, Band, Band]:
    """The more the better."""
    return (a, None), (b, None), (c, None), (d, None)


STANDARDS: Mapping[str, Standard] = {
    "units": Standard(
        area=Area.simplicity,
        label=Text("Kinds of units members collect", "会员需累积的单位种类"),
        unit="count",
        bands=_most(2, 3, 4, 5),
        source=_OURS,
        advice=Text("Give up a unit, or let one serve for two purposes.", "取消一种单位，或让一种单位兼作两用。"),
    ),
    "rules": Standard(
        area=Area.simplicity,
        label=Text("Earning rules", "积分规则数"),
        unit="count",
        bands=_most(4, 7, 12, 20),
        source=_OURS,
        advice=Text("Join rules that give nearly the same, and drop those that give least.", "合并效果相近的规则，去掉发放最少的规则。"),
    ),
    "conditions": Standard(
        area=Area.simplicity,
        label=Text("Conditions in all rules", "全部规则的条件数"),
        unit="count",
        bands=_most(3, 7, 15, 30),
        source=_OURS,
        advice=Text("Reward more orders alike: each exception has to be explained at the till.", "减少例外：每个例外都要在收银台解释。"),
    ),
    "words": Standard(
        area=Area.simplicity,
        label=Text("Words to read to know the whole programme", "读懂整个计划所需的英文词数"),
        unit="words",
        bands=_most(238, 476, 714, 1_190),
        source=_READING,
        advice=Text("Shorten labels and drop special cases until it fits on one card.", "精简名称与特例，直到一张卡片能写下。"),
    ),
    "above": Standard(
        area=Area.spread,
        label=Text("Members above the lowest level", "高于最低等级的会员占比"),
        unit="share",
        bands=((1_000, 4_000), (500, 5_000), (200, 6_000), (100, 7_500)),
        source=_OURS,
        advice=Text(
            "Lower the first threshold when hardly anybody climbs, raise it when everybody does.", "升级者太少则降低首个门槛，太多则提高。"
        ),
    ),
    "top": Standard(
        area=Area.spread,
        label=Text("Members on the highest level", "最高等级会员占比"),
        unit="share",
        bands=((100, 1_000), (50, 1_500), (10, 2_500), (1, 4_000)),
        source=_OURS,
        advice=Text(
            "Move the highest threshold: a level that nobody reaches motivates nobody, one that many reach honours nobody.",
            "调整最高门槛：无人可及则无激励，人人可及则无荣耀。",
        ),
    ),
    "entropy": Standard(
        area=Area.spread,
        label=Text("Evenness of levels (entropy, 100 % is even)", "等级分布均匀度（熵，100% 为完全均匀）"),
        unit="share",
        bands=_least(5_000, 3_500, 2_000, 1_000),
        source=_OURS,
        advice=Text("Set thresholds at spends that members really have.", "按会员的实际消费分布设定门槛。"),
    ),
    "empty": Standard(
        area=Area.spread,
        label=Text("Levels without a member", "无会员的等级数"),
        unit="count",
        bands=((0, 0), (0, 0), (0, 1), (0, 2)),
        source=_OURS,
        advice=Text("Give up levels that nobody reaches, or lower them.", "取消或降低无人达到的等级。"),
    ),
    "rates": Standard(
        area=Area.fairness,
        label=Text("Reward rate of the best tenth of spend ÷ the worst", "各消费十分位中最高与最低回馈率之比"),
        unit="ratio",
        bands=_most(200, 300, 500, 1_000),
        source=_OURS,
        advice=Text("Give small orders something: earn by line or by a smaller amount.", "让小额订单也有回馈：降低计分单位。"),
    ),
    "nothing": Standard(
        area=Area.fairness,
        label=Text("Buyers who got nothing", "毫无回馈的购买者占比"),
        unit="share",
        bands=_most(100, 500, 1_500, 3_000),
        source=_OURS,
        advice=Text("Reward the first order, or let points live until the next one.", "奖励首单，或让积分有效期覆盖下一次购买。"),
    ),
    "concentration": Standard(
        area=Area.fairness,
        label=Text("The top tenth's share of rewards ÷ its share of spend", "头部一成会员的回馈占比与消费占比之比"),
        unit="ratio",
        bands=_most(120, 150, 200, 300),
        source=_OURS,
        advice=Text("Lower the multipliers of the highest levels, or cap them.", "降低最高等级的倍率，或设上限。"),
    ),
    "reward": Standard(
        area=Area.sustainability,
        label=Text("Worth of points granted ÷ revenue", "发放积分价值占收入"),
        unit="share",
        bands=((50, 500), (25, 700), (10, 1_000), (1, 1_500)),
        source=_OURS,
        advice=Text(
            "Bring the rate to what the margin bears; below 0.5 % members do not notice it.", "使回馈率与毛利相称；低于 0.5% 会员难以察觉。"
        ),
    ),
    "liability": Standard(
        area=Area.sustainability,
        label=Text("Worth of outstanding points ÷ revenue", "未用积分价值占收入"),
        unit="share",
        bands=_most(300, 500, 800, 1_500),
        source=_OURS,
        advice=Text(
            "Help members to spend: remind them, lower the minimum, widen what points buy.", "促进使用：提醒、降低起兑点、扩大可兑范围。"
        ),
    ),
    "redeemed": Standard(
        area=Area.sustainability,
        label=Text("Points redeemed of those granted", "已兑换积分占比"),
        unit="share",
        bands=_least(4_980, 3_500, 2_000, 1_000),
        source=_REDEEMED,
        advice=Text(
            "Points that are not used do not bring anybody back: make a first reward easy to reach.",
            "未用的积分带不来复购：让首个奖励容易达到。",
        ),
    ),
    "lapsed": Standard(
        area=Area.sustainability,
        label=Text("Points lapsed of those granted", "已过期积分占比"),
        unit="share",
        bands=_most(1_000, 2_000, 4_000, 6_000),
        source=_LAPSED,
        advice=Text("Lengthen the expiry or warn before it.", "延长有效期，或在到期前提醒。"),
    ),
    "undated": Standard(
        area=Area.sustainability,
        label=Text("Redeemed units that never lapse", "永不过期的可兑换单位数"),
        unit="count",
        bands=((0, 0), (0, 0), (0, 1), (0, 2)),
        source=_OURS,
        advice=Text("Let points lapse some day, or what is owed grows for ever.", "设定有效期，否则负债只增不减。"),
    ),
    "step": Standard(
        area=Area.difference,
        label=Text("Smallest step in reward rate from a level to the next", "相邻等级回馈率的最小差距"),
        unit="ratio",
        bands=_least(120, 110, 105, 101),
        source=_OURS,
        advice=Text("Raise what the upper level earns until its members feel it.", "提高上级的回馈，直到会员能感到差别。"),
    ),
    "flat": Standard(
        area=Area.difference,
        label=Text("Levels that give nothing more than the one below", "与下一级毫无差别的等级数"),
        unit="count",
        bands=((0, 0), (0, 0), (0, 1), (0, 2)),
        source=_OURS,
        advice=Text(
            "Give each level a benefit or a rate of its own, or join it with its neighbour.",
            "为每级设定独有的权益或倍率，或与相邻等级合并。",
        ),
    ),
}
"""By the name of the figure, in the order in which they are shown."""
