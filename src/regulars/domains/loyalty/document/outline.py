"""A programme document read aloud: one item for each thing that members can feel, each as a sentence in both languages.

The console shows it as the programme's face, and two outlines side by side are the difference between two versions in words.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from regulars.domains.loyalty import attributes
from regulars.domains.loyalty.document import parts, schema
from regulars.kernel import conditions, money
from regulars.kernel.attributes import Registry
from regulars.kernel.text import Text

Part = Literal["programme", "unit", "ladder", "level", "rule"]
_PERIODS = {
    "order": Text("an order", "每单"),
    "day": Text("a day", "每天"),
    "week": Text("a week", "每周"),
    "month": Text("a month", "每月"),
    "quarter": Text("a quarter", "每季度"),
    "year": Text("a year", "每年"),
    "lifetime": Text("in a lifetime", "终身"),
}
_ROUNDED = {
    None: ("", ""),
    "day": (", to the end of that day", "，至当日结束"),
    "month": (", to the end of that month", "，至当月末"),
    "quarter": (", to the end of that quarter", "，至当季末"),
    "year": (", to the end of that year", "，至当年末"),
}
_BASES = {
    "discount": Text("discounts", "折扣"),
    "tax": Text("tax", "税"),
    "points": Text("what points paid", "积分抵扣"),
    "freight": Text("freight", "运费"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing in the document: ``path`` names its place and stays the same from version to version; ``content`` is its JSON."""

    path: str
    part: Part
    title: Text
    sentence: Text
    content: dict[str, Any]


def outline(document: schema.Document) -> list[Item]:
    """The items in the order of the document: the programme, its units, the ladder and its levels, the earning rules."""
    registry = attributes.registry(document.ladder.levels)
    return [
        _programme(document),
        *(_unit(document, name, unit) for name, unit in document.units.items()),
        _ladder(document),
        *(_level(document, level) for level in document.ladder.levels),
        *(_rule(document, rule, registry) for rule in document.earning),
    ]


def _content(part: parts.Part, *, without: Iterable[str] = ()) -> dict[str, Any]:
    return part.model_dump(by_alias=True, mode="json", exclude=set(without))


def _text(label: parts.Label) -> Text:
    return Text(label.en, label.zh)


def _named(document: schema.Document, unit: str) -> Text:
    return _text(document.units[unit].label)


def _programme(document: schema.Document) -> Item:
    return Item(
        path="programme",
        part="programme",
        title=_text(document.name),
        sentence=Text(
            f"Settles in {document.currency}; days begin and end in {document.time_zone}.",
            f"以 {document.currency} 结算；日期按 {document.time_zone} 时区划分。",
        ),
        content=_content(document, without=("units", "ladder", "earning")),
    )


def _unit(document: schema.Document, name: str, unit: schema.Unit) -> Item:
    said = [_expires(unit.expiry)]
    if unit.pending_days:
        said.append(Text(f"Can be used {unit.pending_days} days after it was earned.", f"获得 {unit.pending_days} 天后生效。"))
    owes = Text("A refund takes it back, as a debt when it is spent.", "退款时收回；已使用的计为欠分。")
    forgiven = Text("A refund takes back what is left of it.", "退款时只收回剩余部分。")
    said.append(owes if unit.on_refund == "owe" else forgiven)
    if unit.redeem:
        said.append(_redeems(document, unit.redeem))
    if unit.transfer:
        per_day, least = unit.transfer.per_day, unit.transfer.min_points
        said.append(
            Text(f"Members give away {least} to {per_day} of it a day.", f"会员每天最多可转赠 {per_day}，每次至少 {least}。"),
        )
    return Item(path=f"units.{name}", part="unit", title=_text(unit.label), sentence=_together(said), content=_content(unit))


def _together(said: Iterable[Text]) -> Text:
    parts = list(said)
    return Text(" ".join(text.en for text in parts), "".join(text.zh for text in parts))


def _expires(expiry: schema.Expiry | None) -> Text:
    if expiry is None:
        return Text("Never lapses.", "永不过期。")
    if expiry.calendar:
        month, day, away = expiry.calendar.month, expiry.calendar.day, expiry.calendar.min_months
        least = (f" that is at least {away} months away", f"（至少 {away} 个月后）") if away else ("", "")
        return Text(f"Lapses at the end of the next {month}/{day}{least[0]}.", f"在下一个 {month} 月 {day} 日{least[1]}结束时过期。")
    rolling = expiry.rolling or schema.Rolling(days=1)
    spans = [(rolling.months, "months", "个月"), (rolling.days, "days", "天")]
    en = " and ".join(f"{count} {word}" for count, word, _ in spans if count)
    zh = "又 ".join(f"{count} {word}" for count, _, word in spans if count)
    rounded = _ROUNDED[rolling.round_to]
    return Text(f"Lapses {en} after it was earned{rounded[0]}.", f"获得后 {zh}过期{rounded[1]}。")


def _redeems(document: schema.Document, redeem: schema.Redeem) -> Text:
    worth = f"{money.format_minor(redeem.worth, document.currency)} {document.currency}"
    share = f"{redeem.max_share_bp / 100:g} %"
    least_en = f", from {redeem.min_points}" if redeem.min_points else ""
    least_zh = f"，至少 {redeem.min_points}" if redeem.min_points else ""
    return Text(
        f"Every {redeem.points} pay {worth}{least_en}, up to {share} of a cart.",
        f"每 {redeem.points} 可抵 {worth}{least_zh}，最多抵订单的 {share}。",
    )


def _ladder(document: schema.Document) -> Item:
    ladder, unit = document.ladder, _named(document, document.ladder.unit)
    rounded = _ROUNDED[ladder.keep.round_to]
    keep, at_review = ladder.keep.months, ladder.downgrade == "one_step"
    down = Text("one level down", "降一级") if at_review else Text("to the level it then carries", "降至当时对应的等级")
    return Item(
        path="ladder",
        part="ladder",
        title=Text("Tiers", "等级"),
        sentence=Text(
            f"By {unit.en}. A level is kept for {keep} months{rounded[0]}; who then has too little goes {down.en}.",
            f"按{unit.zh}评定。等级保留 {keep} 个月{rounded[1]}；届时不足者{down.zh}。",
        ),
        content=_content(ladder, without=("levels",)),
    )


def _level(document: schema.Document, level: schema.Level) -> Item:
    unit = _named(document, document.ladder.unit)
    return Item(
        path=f"ladder.levels.{level.id}",
        part="level",
        title=_text(level.label),
        sentence=Text(f"From {level.from_:,} {unit.en}.", f"{unit.zh}达到 {level.from_:,}。"),
        content=_content(level),
    )


def _rule(document: schema.Document, rule: schema.Rule, registry: Registry) -> Item:
    said = _effect(document, rule)
    if rule.when is not None:
        tree = conditions.parse(rule.when, registry)
        en, zh = conditions.sentence(tree, registry, "en"), conditions.sentence(tree, registry, "zh")
        said = Text(f"When {en}: {said.en}", f"当{zh}时，{said.zh}")
    if rule.cap:
        period = _PERIODS[rule.cap.per]
        said = Text(f"{said.en}; at most {rule.cap.amount:,} {period.en}", f"{said.zh}；{period.zh}最多 {rule.cap.amount:,}")
    if rule.incentive:
        said = Text(f"{said.en}; not for the control group", f"{said.zh}；对照组除外")
    return Item(
        path=f"earning.{rule.id}",
        part="rule",
        title=_text(rule.label),
        sentence=Text(said.en + ".", said.zh + "。"),
        content=_content(rule),
    )


def _effect(document: schema.Document, rule: schema.Rule) -> Text:
    unit = _named(document, rule.unit)
    if rule.multiply:
        times, lane = f"{rule.multiply.factor_bp / 10_000:g}", rule.multiply.lane
        return Text(
            f"{times} times the {unit.en} that amounts give (of “{lane}” the highest counts)",
            f"按金额所得{unit.zh}的 {times} 倍（“{lane}”组内取最高）",
        )
    if rule.fixed:
        return Text(f"{rule.fixed:,} {unit.en} an order", f"每单 {rule.fixed:,} {unit.zh}")
    per = rule.per_amount
    if per is None:
        raise ValueError("a rule has exactly one effect")
    every = f"{money.format_minor(per.every, document.currency)} {document.currency}"
    left_out = [_BASES[name] for name in per.exclude]
    en = f" without {', '.join(text.en for text in left_out)}" if left_out else ""
    zh = f"（不含{'、'.join(text.zh for text in left_out)}）" if left_out else ""
    whole = Text("the order", "订单") if per.by == "order" else Text("each line", "每行")
    return Text(f"{per.give:,} {unit.en} for every {every} of {whole.en}{en}", f"{whole.zh}每满 {every}{zh}得 {per.give:,} {unit.zh}")
