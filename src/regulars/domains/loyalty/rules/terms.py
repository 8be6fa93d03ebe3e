"""What a coupon gives, what bounds it and what became of it, as its holder is told: by the terms it was issued under."""

from datetime import datetime, timedelta

from regulars.domains.coupons.model import NEVER, Definition, Held, Refused, Validity
from regulars.domains.coupons.rules import applying, reasons
from regulars.domains.coupons.rules.applying import Shortfall
from regulars.domains.loyalty.model import Programme, Standing
from regulars.domains.points.model import Entry
from regulars.kernel import periods, quotas
from regulars.kernel.text import Text

_PICKS = {"cheapest": Text("The cheapest", "最便宜的"), "dearest": Text("The dearest", "最贵的")}
_SPANS = {
    "month": Text(", to the end of that month", "，至当月末"),
    "quarter": Text(", to the end of that quarter", "，至当季末"),
    "year": Text(", to the end of that year", "，至当年末"),
}
_BECAME = {
    "use": Text("Used on {day}", "已于{day}使用"),
    "void": Text("Withdrawn on {day}", "已于{day}作废"),
    "pass_on": Text("Given away on {day}", "已于{day}转赠"),
    "lapse": Text("Ended on {day}", "已于{day}过期"),
}
ENDS = tuple(_BECAME)
"""The kinds of journal entries after which a coupon is no longer in hand."""


def worth(definition: Definition, currency: str) -> Text:
    """What the coupon takes off."""
    said = _worth(definition, currency)
    if definition.most is None:
        return said
    most = reasons.amount(definition.most, currency)
    return Text(f"{said.en}, at most {most}", f"{said.zh}，最高 {most}")


def _worth(definition: Definition, currency: str) -> Text:
    match definition.kind:
        case "spend_off":
            return _steps(definition, currency)
        case "percent":
            return Text(f"{(10_000 - definition.rate_bp) / 100:g} % off", f"{definition.rate_bp / 1000:g} 折")
        case "cash":
            face = reasons.amount(definition.face, currency)
            return Text(f"{face} off", f"抵 {face}")
        case "exchange":
            return _unit(definition, currency)
        case "free_delivery":
            return Text("Free delivery", "免运费")


def _steps(definition: Definition, currency: str) -> Text:
    pairs = [(reasons.amount(step.threshold, currency), reasons.amount(step.off, currency)) for step in definition.steps]
    if definition.every:
        least, off = pairs[0]
        return Text(f"{off} off for every {least}", f"每满 {least} 减 {off}")
    said = [Text(f"{off} off from {least}", f"满 {least} 减 {off}") for least, off in pairs]
    return Text(", ".join(text.en for text in said), "，".join(text.zh for text in said))


def _unit(definition: Definition, currency: str) -> Text:
    pick = _PICKS[definition.pick]
    if not definition.copay:
        return Text(f"{pick.en} article free", f"{pick.zh}一件免费")
    copay = reasons.amount(definition.copay, currency)
    return Text(f"{pick.en} article for {copay}", f"{pick.zh}一件只需 {copay}")


def bounds(definition: Definition, programme: Programme) -> list[Text]:
    """Where the coupon counts, with what it goes together, how often, whether it can be given away, what a refund does."""
    return [*_scope(definition, programme.currency), *_together(definition, programme), *_afterwards(definition)]


def _scope(definition: Definition, currency: str) -> list[Text]:
    said = []
    if definition.words is not None:
        what = Text("Articles", "商品") if definition.by_line else Text("Orders", "订单")
        said.append(Text(f"{what.en} where {definition.words.en}", f"适用{what.zh}：{definition.words.zh}"))
    if definition.min_spend:
        least = reasons.amount(definition.min_spend, currency)
        on = Text("of the order", "整单") if definition.min_spend_on == "order" else Text("of what it counts on", "适用商品")
        said.append(Text(f"From {least} {on.en}", f"{on.zh}满 {least} 可用"))
    if definition.stores:
        stores = ", ".join(sorted(definition.stores))
        said.append(Text(f"Only in {stores}", f"仅限门店 {stores}"))
    return said or [Text("The whole range, in every store", "全场通用，不限门店")]


def _together(definition: Definition, programme: Programme) -> list[Text]:
    said = []
    if definition.exclusive:
        said.append(Text("Not together with other coupons", "不与其他优惠券同享"))
    elif definition.per_order > 1:
        said.append(Text(f"Up to {definition.per_order} on an order", f"每单最多 {definition.per_order} 张"))
    elif not any(lane.id == definition.lane and lane.many for lane in programme.lanes):
        said.append(Text("One coupon of this group on an order", "同组优惠券每单限用一张"))
    if definition.limit is not None:
        often = quotas.SAID[definition.limit.period]
        times = definition.limit.times
        said.append(Text(f"Used at most {_plural(times, 'time')} {often.en}", f"{often.zh}最多使用 {times} 次"))
    return said


def _afterwards(definition: Definition) -> list[Text]:
    said = []
    if definition.transfers:
        said.append(Text("Can be given to a friend", "可转赠好友"))
    if definition.on_refund == "never":
        said.append(Text("Does not come back after a refund", "退款不退券"))
    elif definition.grace_days:
        days = definition.grace_days
        said.append(Text(f"Comes back for at least {_plural(days, 'day')} after a full refund", f"整单退款后退回，至少再用 {days} 天"))
    else:
        said.append(Text("Comes back with its old end after a full refund", "整单退款后退回，有效期不变"))
    return said


def span(definition: Definition, zone: periods.Zone) -> list[Text]:
    """When a coupon of this kind could be used once it is claimed."""
    terms = definition.validity
    said = []
    if terms.delay_days:
        said.append(Text(f"From {_plural(terms.delay_days, 'day')} after it is claimed", f"领取 {terms.delay_days} 天后可用"))
    if terms.days is not None or terms.months:
        said.append(_lasts(terms))
    if terms.start is not None:
        first = reasons.day(terms.start, zone)
        said.append(Text(f"From {first.en}", f"{first.zh}起可用"))
    if terms.until is not None:
        last = reasons.day(terms.until - datetime.resolution, zone)
        said.append(Text(f"Through {last.en}", f"有效期至{last.zh}"))
    return said or [Text("Does not lapse", "长期有效")]


def _lasts(terms: Validity) -> Text:
    counts = ((terms.months, Text("month", "个月")), (terms.days or 0, Text("day", "天")))
    said = [Text(_plural(count, word.en), f"{count} {word.zh}") for count, word in counts if count]
    parts = said or [Text("the same day", "当日")]
    end = _SPANS.get(terms.round_to or "day")
    en = " and ".join(part.en for part in parts)
    zh = "又 ".join(part.zh for part in parts)
    return Text(f"For {en}{end.en if end else ''}", f"有效期 {zh}{end.zh if end else ''}")


def _plural(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def why_not(programme: Programme, standing: Standing, held: Held, *, at: datetime) -> Refused | None:
    """What keeps a coupon in hand from any cart at ``at``; None when only the cart decides."""
    definition = programme.terms(held.version, held.definition)
    short = _shortfall(programme, standing, held, at=at)
    if short is None:
        return None
    text = reasons.said(short, definition, currency=programme.currency, zone=programme.zone)
    return Refused(coupon_id=held.coupon_id, definition=definition.id, reason=short.reason, text=text, missing=short.missing)


def _shortfall(programme: Programme, standing: Standing, held: Held, *, at: datetime) -> Shortfall | None:
    definition = programme.terms(held.version, held.definition)
    if held.state == "reserved":
        return Shortfall("state", {"state": held.state})
    if at < held.starts:
        return Shortfall("not_yet", {"starts": held.starts.isoformat()})
    if definition.incentive and standing.held_out:
        return Shortfall("control_group", {})
    if definition.limit is not None:
        key = applying.usage_key(definition, "use", definition.limit, at=at, zone=programme.zone)
        used = standing.wallet.usage.get(key, 0)
        if used >= definition.limit.times:
            return Shortfall("used_up", {"used": used, "times": definition.limit.times, "period": definition.limit.period})
    return None


def became(programme: Programme, held: Held, entry: Entry | None) -> Text:
    """What became of a coupon that is no longer in hand, by its last entry; without one, time has just ended it."""
    kind, at = ("lapse", held.ends - timedelta(microseconds=1)) if entry is None else (entry.kind, entry.at)
    if kind == "lapse":
        at = min(at, held.ends - timedelta(microseconds=1))
    day = reasons.day(at, programme.zone)
    said = Text(_BECAME[kind].en.format(day=day.en), _BECAME[kind].zh.format(day=day.zh))
    discount, reason = (entry.why.get("discount"), entry.why.get("reason")) if entry else (None, None)
    if discount:
        off = reasons.amount(discount, programme.currency)
        return Text(f"{said.en}: {off} off", f"{said.zh}，优惠 {off}")
    return Text(f"{said.en}: {reason}", f"{said.zh}：{reason}") if reason else said


def last_day(held: Held, zone: periods.Zone) -> str | None:
    """The last local day on which the coupon can be used, ISO; None when it does not lapse."""
    return None if held.ends == NEVER else periods.local_date(held.ends - timedelta(microseconds=1), zone).isoformat()
