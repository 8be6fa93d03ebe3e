"""A programme document read aloud: one item for each thing that members can feel, each as a sentence in both languages.

The console shows it as the programme's face, and two outlines side by side are the difference between two versions in words.
"""

from regulars.domains.loyalty.document import benefits, climbing, coupons, earning, rewards, schema, units
from regulars.domains.loyalty.document.build import for_coupons, registry, surroundings
from regulars.domains.loyalty.document.items import ROUNDED, Item, Part, content, together
from regulars.domains.loyalty.model import ORDER
from regulars.kernel import conditions, money
from regulars.kernel.attributes import Registry
from regulars.kernel.text import Text

_ITEMS = ("units", "ladder", "ladders", "earning", "coupons", "benefits", "rewards")
_PERIODS = {
    "order": Text("an order", "每单"),
    "day": Text("a day", "每天"),
    "week": Text("a week", "每周"),
    "month": Text("a month", "每月"),
    "quarter": Text("a quarter", "每季度"),
    "year": Text("a year", "每年"),
    "lifetime": Text("in a lifetime", "终身"),
}
_PERIOD_OF = {
    "month": Text("the month", "当月"),
    "quarter": Text("the quarter", "当季"),
    "year": Text("the year", "当年"),
}
_BASES = {
    "discount": Text("discounts", "折扣"),
    "tax": Text("tax", "税"),
    "points": Text("what points paid", "积分抵扣"),
    "freight": Text("freight", "运费"),
}


def outline(document: schema.Document) -> list[Item]:
    """The items in the order of the document: the programme, its units, the ladder and its levels, the earning rules."""
    known = registry(document)
    return [
        _programme(document),
        *(_unit(document, name, unit) for name, unit in document.units.items()),
        *(item for ladder in document.all_ladders for item in climbing.items(document, ladder)),
        *(_rule(document, rule, known) for rule in document.earning),
        *_goods(document),
    ]


def _goods(document: schema.Document) -> list[Item]:
    """Coupons, benefits and rewards."""
    within, around = for_coupons(document), surroundings(document)
    return [
        *(_good("coupon", one, coupons.sentence(one, within)) for one in document.coupons),
        *(_good("benefit", one, benefits.sentence(one, around)) for one in document.benefits),
        *(_good("reward", one, rewards.sentence(one, around)) for one in document.rewards),
    ]


def _good(part: Part, one: coupons.Coupon | benefits.Benefit | rewards.Reward, said: Text) -> Item:
    return Item(path=f"{part}s.{one.id}", part=part, title=one.label.text, sentence=said, content=content(one))


def _named(document: schema.Document, unit: str) -> Text:
    return document.units[unit].label.text


def _programme(document: schema.Document) -> Item:
    return Item(
        path="programme",
        part="programme",
        title=document.name.text,
        sentence=Text(
            f"Settles in {document.currency}; days begin and end in {document.time_zone}.",
            f"以 {document.currency} 结算；日期按 {document.time_zone} 时区划分。",
        ),
        content=content(document, without=_ITEMS),
    )


def _unit(document: schema.Document, name: str, unit: units.Unit) -> Item:
    said = [_expires(unit.expiry)]
    if unit.money:
        said.append(Text("Money that was paid in: one is one minor unit.", "储值金额，以最小货币单位计。"))
    if unit.pending_days:
        said.append(Text(f"Can be used {unit.pending_days} days after it was earned.", f"获得 {unit.pending_days} 天后生效。"))
    if unit.pending_until:
        act, days = earning.act_said(unit.pending_until.act), unit.pending_until.cancel_after_days
        said.append(Text(f"Can be used after {act.en}, given up after {days} days.", f"{act.zh}后生效，{days} 天未发生则取消。"))
    owes = Text("A refund takes it back, as a debt when it is spent.", "退款时收回；已使用的计为欠分。")
    forgiven = Text("A refund takes back what is left of it.", "退款时只收回剩余部分。")
    said.append(owes if unit.on_refund == "owe" and not unit.money else forgiven)
    if unit.redeem:
        said.append(_redeems(document, unit.redeem))
    if unit.transfer:
        per_day, least = unit.transfer.per_day, unit.transfer.min_points
        said.append(
            Text(f"Members give away {least:,} to {per_day:,} of it a day.", f"会员每天最多可转赠 {per_day:,}，每次至少 {least:,}。"),
        )
    return Item(path=f"units.{name}", part="unit", title=unit.label.text, sentence=together(said), content=content(unit))


def _expires(expiry: units.Expiry | None) -> Text:
    if expiry is None:
        return Text("Never lapses.", "永不过期。")
    if expiry.calendar:
        month, day, away = expiry.calendar.month, expiry.calendar.day, expiry.calendar.min_months
        least = (f" that is at least {away} months away", f"（至少 {away} 个月后）") if away else ("", "")
        return Text(f"Lapses at the end of the next {month}/{day}{least[0]}.", f"在下一个 {month} 月 {day} 日{least[1]}结束时过期。")
    rolling = expiry.rolling or units.Rolling(days=1)
    spans = [(rolling.months, "months", "个月"), (rolling.days, "days", "天")]
    en = " and ".join(f"{count} {word}" for count, word, _ in spans if count)
    zh = "又 ".join(f"{count} {word}" for count, _, word in spans if count)
    rounded = ROUNDED[rolling.round_to]
    if not en:
        period = _PERIOD_OF[rolling.round_to or "year"]
        return Text(f"Lapses at the end of {period.en} it was earned in.", f"在获得{period.zh}结束时过期。")
    since = Text("anything was last earned", "最近一次获得") if rolling.slides else Text("it was earned", "获得")
    return Text(f"Lapses {en} after {since.en}{rounded[0]}.", f"{since.zh}后 {zh}过期{rounded[1]}。")


def _redeems(document: schema.Document, redeem: units.Redeem) -> Text:
    worth = money.said(redeem.worth, document.currency)
    share = f"{redeem.max_share_bp / 100:g} %"
    least_en = f", from {redeem.min_points:,}" if redeem.min_points else ""
    least_zh = f"，至少 {redeem.min_points:,}" if redeem.min_points else ""
    return Text(
        f"Every {redeem.points:,} pay {worth}{least_en}, up to {share} of a cart.",
        f"每 {redeem.points:,} 可抵 {worth}{least_zh}，最多抵订单的 {share}。",
    )


def _rule(document: schema.Document, rule: earning.Rule, registry: Registry) -> Item:
    said = _effect(document, rule)
    if rule.when is not None:
        tree = conditions.parse(rule.when, registry)
        met = conditions.said(tree, registry, currency=document.currency)
        said = Text(f"When {met.en}: {said.en}", f"当{met.zh}时，{said.zh}")
    if rule.cap:
        period = _PERIODS[rule.cap.per]
        said = Text(f"{said.en}; at most {rule.cap.amount:,} {period.en}", f"{said.zh}；{period.zh}最多 {rule.cap.amount:,}")
    if rule.on != ORDER:
        act = earning.act_said(rule.on)
        said = Text(f"For {act.en}: {said.en}", f"{act.zh}时：{said.zh}")
    if rule.budget:
        said = Text(f"{said.en}; {rule.budget:,} for all members together", f"{said.zh}；全体会员合计最多 {rule.budget:,}")
    if rule.incentive:
        said = Text(f"{said.en}; not for the control group", f"{said.zh}；对照组除外")
    return Item(
        path=f"earning.{rule.id}",
        part="rule",
        title=rule.label.text,
        sentence=Text(said.en + ".", said.zh + "。"),
        content=content(rule),
    )


def _beside(document: schema.Document, rule: earning.Rule) -> tuple[str, str]:
    """Which other multipliers give way to this one or it to them: those of its lane, by their names."""
    lane = rule.multiply.lane if rule.multiply else ""
    same = [one.label.text for one in document.earning if one.multiply and one.multiply.lane == lane and one.id != rule.id]
    if not same:
        return "", ""
    en, zh = ", ".join(f"“{text.en}”" for text in same), "、".join(f"“{text.zh}”" for text in same)
    return f" (of this and {en} the highest counts)", f"（与{zh}取最高）"


def _effect(document: schema.Document, rule: earning.Rule) -> Text:
    unit = _named(document, rule.unit)
    if rule.multiply:
        times, beside = f"{rule.multiply.factor_bp / 10_000:g}", _beside(document, rule)
        return Text(f"{times} times the {unit.en} that amounts give{beside[0]}", f"按金额所得{unit.zh}的 {times} 倍{beside[1]}")
    if rule.fixed:
        if rule.on != ORDER:
            return Text(f"{rule.fixed:,} {unit.en} each time", f"每次 {rule.fixed:,} {unit.zh}")
        return Text(f"{rule.fixed:,} {unit.en} an order", f"每单 {rule.fixed:,} {unit.zh}")
    per = rule.per_amount
    if per is None:
        raise ValueError("a rule has exactly one effect")
    if rule.on != ORDER:
        return Text(f"{per.give:,} {unit.en} for every {per.every:,} of its value", f"数值每满 {per.every:,} 得 {per.give:,} {unit.zh}")
    every = money.said(per.every, document.currency)
    left_out = [_BASES[name] for name in per.exclude]
    en = f" without {', '.join(text.en for text in left_out)}" if left_out else ""
    zh = f"（不含{'、'.join(text.zh for text in left_out)}）" if left_out else ""
    whole = Text("the order", "订单") if per.by == "order" else Text("each line", "每行")
    return Text(f"{per.give:,} {unit.en} for every {every} of {whole.en}{en}", f"{whole.zh}每满 {every}{zh}得 {per.give:,} {unit.zh}")
