"""Why a coupon is not used, said in both languages with what is missing."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from regulars.domains.coupons.model import Candidate, Cart, Definition, Refused
from regulars.domains.coupons.rules.applying import Shortfall
from regulars.kernel import money, periods
from regulars.kernel.text import Text

_MONTHS = "January February March April May June July August September October November December".split()
PERIODS = {
    "day": Text("today", "今天"),
    "week": Text("this week", "本周"),
    "month": Text("this month", "本月"),
    "quarter": Text("this quarter", "本季度"),
    "year": Text("this year", "今年"),
    "lifetime": Text("in all", "总共"),
}
_STATES = {
    "issued": Text("it was issued to be used later", "尚未使用"),
    "reserved": Text("it is set aside for another cart", "已被另一笔订单占用"),
    "used": Text("it was used already", "已使用"),
    "void": Text("it was withdrawn", "已作废"),
    "lapsed": Text("it has ended", "已过期"),
    "passed_on": Text("it was passed on", "已转赠"),
}


def refused(candidate: Candidate, short: Shortfall, cart: Cart) -> Refused:
    """The refusal of one coupon."""
    definition = candidate.definition
    return Refused(
        coupon_id=candidate.held.coupon_id,
        definition=definition.id,
        reason=short.reason,
        text=said(short, definition, currency=cart.currency, zone=cart.zone),
        missing=short.missing,
    )


def said(short: Shortfall, definition: Definition, *, currency: str, zone: periods.Zone) -> Text:
    """The reason as half a sentence: it follows "cannot be used:"."""
    if short.reason == "min_spend":
        return _spend_more(short.missing, definition, currency)
    return _SAID[short.reason](short, definition, zone)


def amount(minor: object, currency: str) -> str:
    """An amount with its currency, as people read it."""
    return money.said(int(str(minor)), currency)


def day(at: datetime, zone: periods.Zone) -> Text:
    """The local day in words."""
    date = periods.local_date(at, zone)
    return Text(f"{date.day} {_MONTHS[date.month - 1]} {date.year}", f"{date.year}年{date.month}月{date.day}日")


def _spend_more(missing: dict[str, Any], definition: Definition, currency: str) -> Text:
    more = amount(missing["more"], currency)
    if missing["on"] == "scope" and definition.by_line and definition.words:
        return Text(f"spend {more} more on lines where {definition.words.en}", f"符合“{definition.words.zh}”的商品还差 {more}")
    return Text(f"spend {more} more", f"还差 {more}")


def _time(short: Shortfall, _definition: Definition, zone: periods.Zone) -> Text:
    if short.reason == "not_yet":
        starts = day(datetime.fromisoformat(str(short.missing["starts"])), zone)
        return Text(f"it starts on {starts.en}", f"{starts.zh}起可用")
    # The end is the first instant that no longer counts; the last day is the one before it.
    last = day(datetime.fromisoformat(str(short.missing["ends"])) - datetime.resolution, zone)
    return Text(f"it ended on {last.en}", f"已于{last.zh}过期")


def _state(short: Shortfall, _definition: Definition, _zone: periods.Zone) -> Text:
    return _STATES[str(short.missing["state"])]


def _condition(short: Shortfall, definition: Definition, _zone: periods.Zone) -> Text:
    words = definition.words or definition.label
    if short.reason == "no_line":
        return Text(f"nothing in the cart is such that {words.en}", f"没有符合“{words.zh}”的商品")
    return Text(f"it is for orders where {words.en}", f"仅限：{words.zh}")


def _claimable(_short: Shortfall, definition: Definition, _zone: periods.Zone) -> Text:
    words = definition.claim.words if definition.claim else None
    if words is None:
        return Text("it is not one that members claim", "不是可领取的优惠券")
    return Text(f"it is for members where {words.en}", f"仅限会员：{words.zh}")


def _used_up(short: Shortfall, _definition: Definition, _zone: periods.Zone) -> Text:
    used, times, period = short.missing["used"], short.missing["times"], PERIODS[str(short.missing["period"])]
    return Text(f"used up: {used} of {times} {period.en}", f"次数已用完：{period.zh}已用 {used} / {times} 次")


def _stands_with(short: Shortfall, _definition: Definition, _zone: periods.Zone) -> Text:
    other = short.other.label if short.other else Text("another coupon", "其他优惠券")
    if short.reason == "exclusive":
        return Text(f"not together with {other.en}", f"不能与“{other.zh}”同时使用")
    return Text(f"not with {other.en}, which is of the same lane", f"与“{other.zh}”同组，只能用一张")


def _per_order(short: Shortfall, _definition: Definition, _zone: periods.Zone) -> Text:
    most = short.missing["most"]
    return Text(f"at most {most} of them on an order", f"每单最多使用 {most} 张")


def _plain(en: str, zh: str) -> Callable[[Shortfall, Definition, periods.Zone], Text]:
    text = Text(en, zh)
    return lambda _short, _definition, _zone: text


_SAID: dict[str, Callable[[Shortfall, Definition, periods.Zone], Text]] = {
    "not_yet": _time,
    "ended": _time,
    "state": _state,
    "control_group": _plain("members of the control group get no incentives", "对照组会员不享受此优惠"),
    "store": _plain("it is not for this store", "本门店不可用"),
    "condition": _condition,
    "no_line": _condition,
    "used_up": _used_up,
    "sold_out": _plain("sold out", "已领完"),
    "budget": _plain("its budget is used up", "预算已用完"),
    "lane": _stands_with,
    "exclusive": _stands_with,
    "per_order": _per_order,
    "no_effect": _plain("it would have no effect on this cart", "对本单没有优惠"),
    "all_or_nothing": _plain("another coupon cannot be used, and all or none were asked for", "其他券不可用，且要求全部使用或都不使用"),
    "not_best": _plain("the cart is cheaper without it", "不使用它更优惠"),
    "not_claimable": _claimable,
    "code": _plain("it needs its code", "需要输入券码"),
}
