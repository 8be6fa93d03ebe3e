"""What happened to coupons, rewards and benefits, in words: one sentence an entry of the journal."""

from regulars.domains.loyalty.model import Programme
from regulars.domains.points.model import Entry
from regulars.kernel import money
from regulars.kernel.text import Text

_SAID = {
    "coupon": {
        "issue": Text("Coupon received: {what}", "获得优惠券：{what}"),
        "receive": Text("Coupon from another member: {what}", "收到其他会员转赠的优惠券：{what}"),
        "reserve": Text("Coupon set aside for a cart: {what}", "购物车占用优惠券：{what}"),
        "unreserve": Text("Coupon released from a cart: {what}", "释放购物车占用的优惠券：{what}"),
        "use": Text("Coupon used: {what}", "使用优惠券：{what}"),
        "give_back": Text("Coupon returned: {what}", "退回优惠券：{what}"),
        "void": Text("Coupon withdrawn: {what}", "优惠券作废：{what}"),
        "lapse": Text("Coupon lapsed: {what}", "优惠券过期：{what}"),
        "pass_on": Text("Coupon given away: {what}", "转赠优惠券：{what}"),
    },
    "reward": {
        "order": Text("{amount} × {what} ordered", "兑换 {what} × {amount}"),
        "fulfilled": Text("{amount} × {what} handed over", "{what} × {amount} 已发放"),
        "completed": Text("{amount} × {what} received", "{what} × {amount} 已完成"),
        "cancelled": Text("{amount} × {what} cancelled", "{what} × {amount} 已取消"),
    },
    "benefit": {
        "use": Text("{what} used", "使用权益：{what}"),
        "charge": Text("{what} charged: a refund took away what its use rested on", "退款后收回权益成本：{what}"),
        "give_back": Text("{what} given back", "退回权益：{what}"),
    },
}
_OFF = Text("{amount} off", "优惠 {amount}")
_COST = Text("cost {amount}", "成本 {amount}")


def sentence(programme: Programme, entry: Entry, language: str) -> str:
    """One sentence for a person; the details behind it in brackets."""
    kind, _, name = entry.unit.partition(":")
    said = _SAID[kind][entry.kind].in_(language).format(what=_label(programme, kind, name, language), amount=entry.amount)
    details = _details(programme, kind, entry, language)
    return said + (f" ({'; '.join(details)})" if details else "")


def _label(programme: Programme, kind: str, name: str, language: str) -> str:
    labels: dict[str, Text] = {}
    match kind:
        case "coupon":
            labels = {one.id: one.label for one in programme.coupons.values()}
        case "reward":
            labels = {one.id: one.label for one in programme.rewards.values()}
        case "benefit":
            labels = {one.id: one.label for one in programme.benefits.values()}
    return labels[name].in_(language) if name in labels else name


def _details(programme: Programme, kind: str, entry: Entry, language: str) -> list[str]:
    why, found = entry.why, []
    discount, cost = why.get("discount"), why.get("cost")
    if kind == "coupon" and discount:
        found.append(_OFF.in_(language).format(amount=_money(programme, discount)))
    if kind == "benefit" and cost:
        found.append(_COST.in_(language).format(amount=_money(programme, cost)))
    if why.get("reason"):
        found.append(str(why["reason"]))
    return found


def _money(programme: Programme, minor: object) -> str:
    return money.said(int(str(minor)), programme.currency)
