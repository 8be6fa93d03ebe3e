"""A coupon of the document in one sentence: what it gives, on what, when, how often, and how members get it."""

from datetime import date

from regulars.domains.loyalty.document import earning
from regulars.domains.loyalty.document.coupons.compiling import Within
from regulars.domains.loyalty.document.coupons.schema import Claim, Coupon, SpendOff, Times, Validity
from regulars.kernel import conditions, money
from regulars.kernel.text import Text

_PERIODS = {
    "day": Text("a day", "每天"),
    "week": Text("a week", "每周"),
    "month": Text("a month", "每月"),
    "quarter": Text("a quarter", "每季度"),
    "year": Text("a year", "每年"),
    "lifetime": Text("in a lifetime", "终身"),
}
_ENDS = {
    "month": Text(", to the end of that month", "，至当月末"),
    "quarter": Text(", to the end of that quarter", "，至当季末"),
    "year": Text(", to the end of that year", "，至当年末"),
}
_PICKS = {"cheapest": Text("the cheapest", "最便宜的"), "dearest": Text("the dearest", "最贵的")}


def sentence(part: Coupon, within: Within) -> Text:
    """Everything the coupon says, in the order in which a member asks."""
    said = [_worth(part, within.currency), *_scope(part, within), *_time(part.validity), *_limits(part, within.currency)]
    if part.claim:
        said += _claim(part, part.claim, within)
    if part.given_on:
        act = earning.act_said(part.given_on)
        said.append(Text(f"given for {act.en}", f"{act.zh}时发放"))
    if part.transfers:
        said.append(Text(f"can be passed on {part.transfers} times", f"可转赠 {part.transfers} 次"))
    said += _refund(part)
    if part.incentive:
        said.append(Text("not for the control group", "对照组除外"))
    return Text("; ".join(text.en for text in said) + ".", "；".join(text.zh for text in said) + "。")


def _money(minor: int, currency: str) -> str:
    return money.said(minor, currency)


def _worth(part: Coupon, currency: str) -> Text:
    said = _kind(part, currency)
    if part.max_discount is None:
        return said
    most = _money(part.max_discount, currency)
    return Text(f"{said.en}, at most {most}", f"{said.zh}，最高 {most}")


def _kind(part: Coupon, currency: str) -> Text:
    if part.spend_off:
        return _steps(part.spend_off, currency)
    if part.percent:
        rate = part.percent.rate_bp
        return Text(f"{(10_000 - rate) / 100:g} % off", f"{rate / 1000:g} 折")
    if part.cash:
        face = _money(part.cash.face, currency)
        return Text(f"{face} off", f"抵 {face}")
    if part.exchange:
        pick, copay = _PICKS[part.exchange.pick], part.exchange.copay
        if copay:
            return Text(f"{pick.en} unit for {_money(copay, currency)}", f"{pick.zh}一件只需 {_money(copay, currency)}")
        return Text(f"{pick.en} unit free", f"{pick.zh}一件免费")
    return Text("free delivery", "免运费")


def _steps(part: SpendOff, currency: str) -> Text:
    if part.every:
        least, off = _money(part.steps[0].from_, currency), _money(part.steps[0].less, currency)
        return Text(f"{off} off for every {least}", f"每满 {least} 减 {off}")
    pairs = [(_money(step.from_, currency), _money(step.less, currency)) for step in part.steps]
    said = [Text(f"{off} off from {least}", f"满 {least} 减 {off}") for least, off in pairs]
    return Text(", ".join(text.en for text in said), "，".join(text.zh for text in said))


def _scope(part: Coupon, within: Within) -> list[Text]:
    said = []
    if part.when is not None:
        tree = conditions.parse(part.when, within.registry)
        met = conditions.said(tree, within.registry, currency=within.currency)
        said.append(Text(f"where {met.en}", f"适用于{met.zh}"))
    if part.min_spend:
        least = _money(part.min_spend, within.currency)
        place = Text("of the order", "整单") if part.min_spend_on == "order" else Text("of what it counts on", "适用商品")
        said.append(Text(f"from {least} {place.en}", f"{place.zh}满 {least} 可用"))
    if part.stores:
        stores = ", ".join(part.stores)
        said.append(Text(f"only in {stores}", f"仅限门店 {stores}"))
    if part.exclusive:
        said.append(Text("not with other coupons", "不与其他券同享"))
    elif part.per_order > 1:
        said.append(Text(f"up to {part.per_order} on an order", f"每单最多 {part.per_order} 张"))
    return said


def _day(text: str) -> Text:
    day = date.fromisoformat(text)
    zh = f"{day.year}年{day.month}月{day.day}日"
    return Text(text, zh)


def _time(part: Validity) -> list[Text]:
    said = []
    if part.delay_days:
        said.append(Text(f"from {part.delay_days} days after it was issued", f"领取 {part.delay_days} 天后可用"))
    if part.days is not None or part.months:
        counts = ((part.months, Text("months", "个月")), (part.days or 0, Text("days", "天")))
        spans = [Text(f"{count} {word.en}", f"{count} {word.zh}") for count, word in counts if count] or [Text("the same day", "当日")]
        en = " and ".join(text.en for text in spans)
        zh = "又 ".join(text.zh for text in spans)
        end = _ENDS.get(part.round_to or "day")
        said.append(Text(f"valid for {en}{end.en if end else ''}", f"有效期 {zh}{end.zh if end else ''}"))
    if part.from_:
        day = _day(part.from_)
        said.append(Text(f"from {day.en}", f"{day.zh}起"))
    if part.until:
        day = _day(part.until)
        said.append(Text(f"through {day.en}", f"至{day.zh}止"))
    return said


def _often(times: Times) -> Text:
    period = _PERIODS[times.per]
    return Text(f"{times.times} {period.en}", f"{period.zh} {times.times} 次")


def _limits(part: Coupon, currency: str) -> list[Text]:
    said = []
    if part.limit:
        often = _often(part.limit)
        said.append(Text(f"used at most {often.en}", f"{often.zh}以内使用"))
    if part.stock:
        said.append(Text(f"{part.stock:,} in all", f"共 {part.stock:,} 张"))
    shares = [(part.budget.total, Text("in all", "总")), (part.budget.per_store, Text("a store", "每店"))]
    for most, whole in shares:
        if most is not None:
            cost = _money(most, currency)
            said.append(Text(f"a budget of {cost} {whole.en}", f"{whole.zh}预算 {cost}"))
    if part.budget.when_short == "refuse":
        said.append(Text("refused when the budget does not suffice", "预算不足时不可用"))
    return said


def _claim(part: Coupon, claim: Claim, within: Within) -> list[Text]:
    who = Text("members", "会员")
    if claim.when is not None:
        tree = conditions.parse(claim.when, within.registry)
        met = conditions.said(tree, within.registry, currency=within.currency)
        who = Text(f"members where {met.en}", f"{met.zh}的会员")
    en, zh = f"{who.en} claim it", f"{who.zh}可领取"
    if part.generic_code:
        uses = f" ({part.code_uses:,})" if part.code_uses else ""
        en, zh = f"{en} with the code {part.generic_code}{uses}", f"{zh}（券码 {part.generic_code}{uses}）"
    if claim.price:
        unit = within.units[claim.price.unit]
        en, zh = f"{en} for {claim.price.amount:,} {unit.en}", f"{zh}，需 {claim.price.amount:,} {unit.zh}"
    if claim.limit:
        often = _often(claim.limit)
        en, zh = f"{en}, at most {often.en}", f"{zh}，{often.zh}"
    for day, word in ((claim.from_, Text("from", "起")), (claim.until, Text("through", "止"))):
        if day:
            said = _day(day)
            en, zh = f"{en} {word.en} {said.en}", f"{zh}，{said.zh}{word.zh}"
    return [Text(en, zh)]


def _refund(part: Coupon) -> list[Text]:
    if part.on_refund == "never":
        return [Text("does not come back after a refund", "退款不退券")]
    if part.grace_days:
        return [
            Text(f"comes back for at least {part.grace_days} days after a full refund", f"整单退款后退回，至少再用 {part.grace_days} 天")
        ]
    return [Text("comes back with its old end after a full refund", "整单退款后退回，有效期不变")]
