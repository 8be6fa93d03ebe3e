"""What conditions of a programme may read: the order, its line, the member's standing before it, and the local time of the order."""

from collections.abc import Mapping, Sequence

from regulars.kernel.attributes import Attribute, Registry, Type
from regulars.kernel.text import Text

_ORDER, _STANDING, _TIME = (
    "the order as it was told to us",
    "the member's standing before the order",
    "the order's time in the programme's zone",
)

ATTRIBUTES = (
    Attribute(name="order.total", type=Type.money, label_en="Order total", label_zh="订单金额", lineage=_ORDER),
    Attribute(name="order.source", type=Type.text, label_en="Source of the order", label_zh="订单来源", lineage=_ORDER),
    Attribute(name="order.store", type=Type.text, label_en="Store", label_zh="门店", lineage=_ORDER),
    Attribute(name="order.channel", type=Type.text, label_en="Channel", label_zh="渠道", lineage=_ORDER),
    Attribute(name="order.lines", type=Type.integer, label_en="Number of lines", label_zh="订单行数", lineage=_ORDER, unit="items"),
    Attribute(name="line.product", type=Type.text, label_en="Product", label_zh="商品", lineage=_ORDER),
    Attribute(name="line.category", type=Type.text, label_en="Category", label_zh="品类", lineage=_ORDER),
    Attribute(name="line.amount", type=Type.money, label_en="Line amount after discount", label_zh="行金额（折后）", lineage=_ORDER),
    Attribute(name="line.quantity", type=Type.integer, label_en="Quantity", label_zh="数量", lineage=_ORDER, unit="items"),
    Attribute(name="member.tier", type=Type.choice, label_en="Tier", label_zh="等级", lineage=_STANDING),
    Attribute(name="member.orders", type=Type.integer, label_en="Orders so far", label_zh="历史订单数", lineage=_STANDING, unit="orders"),
    Attribute(name="member.spend", type=Type.money, label_en="Spend so far", label_zh="历史消费额", lineage=_STANDING),
    Attribute(name="member.first_order", type=Type.boolean, label_en="First order", label_zh="首单", lineage=_STANDING),
    Attribute(
        name="member.days_since_joined",
        type=Type.integer,
        label_en="Days since joining",
        label_zh="入会天数",
        lineage=_STANDING,
        unit="days",
    ),
    Attribute(
        name="time.weekday", type=Type.integer, label_en="Weekday (1 Monday – 7 Sunday)", label_zh="星期（1 周一 – 7 周日）", lineage=_TIME
    ),
    Attribute(name="time.hour", type=Type.integer, label_en="Hour of the day", label_zh="小时", lineage=_TIME),
    Attribute(name="time.date", type=Type.date, label_en="Date", label_zh="日期", lineage=_TIME),
    Attribute(name="time.month", type=Type.integer, label_en="Month", label_zh="月份", lineage=_TIME),
    Attribute(name="time.day_of_month", type=Type.integer, label_en="Day of the month", label_zh="几号", lineage=_TIME),
)


_ACT = "what the sender told of the act"
ACT_ATTRIBUTES = (
    Attribute(name="act.value", type=Type.integer, label_en="Value of the act", label_zh="行为数值", lineage=_ACT),
    Attribute(name="act.about", type=Type.text, label_en="What the act is about", label_zh="行为对象", lineage=_ACT),
)
MAIN = "main"


def registry(ladders: Mapping[str, Sequence[str]], names: Mapping[str, tuple[Text, Sequence[Text]]] | None = None) -> Registry:
    """The attributes as one programme knows them. ``ladders``: the levels of each of its ladders, which close the choices of tiers;
    ``names``: what people call a ladder and its levels.
    """
    called = names or {}
    tiers = [_tier_of(ladder, called[ladder][0] if ladder in called else Text(ladder, ladder)) for ladder in ladders if ladder != MAIN]
    places = {ladder: "member.tier" if ladder == MAIN else f"member.tier.{ladder}" for ladder in ladders}
    return Registry((*ATTRIBUTES, *ACT_ATTRIBUTES, *tiers)).with_choices(
        {places[ladder]: levels for ladder, levels in ladders.items()},
        names={places[ladder]: levels for ladder, (_, levels) in called.items()},
    )


def _tier_of(ladder: str, label: Text) -> Attribute:
    name = f"member.tier.{ladder}"
    return Attribute(name=name, type=Type.choice, label_en=f"Tier of {label.en}", label_zh=f"等级（{label.zh}）", lineage=_STANDING)
