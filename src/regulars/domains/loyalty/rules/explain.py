"""Every journal row in words, in both languages, from the reason recorded with it and the programme version it was decided by."""

from regulars.domains.loyalty.model import Programme
from regulars.domains.loyalty.rules import goods, naming, telling
from regulars.domains.points.model import Entry
from regulars.kernel.text import Text

_KINDS = {
    "grant": Text(en="Earned {amount} {unit}", zh="获得 {amount} {unit}"),
    "receive": Text(en="Received {amount} {unit} from another member", zh="收到其他会员转赠 {amount} {unit}"),
    "send": Text(en="Gave {amount} {unit} to another member", zh="转赠给其他会员 {amount} {unit}"),
    "settle": Text(en="{amount} {unit} paid a debt", zh="{amount} {unit} 用于偿还欠分"),
    "spend": Text(en="Redeemed {amount} {unit}", zh="兑换 {amount} {unit}"),
    "restore": Text(en="{amount} {unit} returned with their old expiry", zh="退回 {amount} {unit}，有效期不变"),
    "hold": Text(en="{amount} {unit} set aside for a cart", zh="购物车冻结 {amount} {unit}"),
    "unhold": Text(en="{amount} {unit} released from a cart", zh="解冻 {amount} {unit}"),
    "confirm": Text(en="{amount} {unit} paid a part of the order", zh="订单抵扣 {amount} {unit}"),
    "expire": Text(en="{amount} {unit} lapsed", zh="{amount} {unit} 已过期"),
    "reverse": Text(en="{amount} {unit} taken back for a refund", zh="退款冲回 {amount} {unit}"),
    "deduct": Text(en="{amount} {unit} taken by hand", zh="人工扣减 {amount} {unit}"),
    "owe": Text(en="{amount} {unit} owed: refunded after they were spent", zh="欠 {amount} {unit}：退款时已被使用"),
    "waive": Text(en="{amount} {unit} not taken back: already lapsed or waived", zh="{amount} {unit} 不予冲回：已过期或免除"),
    "release": Text(en="{amount} {unit} became available", zh="{amount} {unit} 已生效"),
    "arrive": Text(en="{amount} {unit} became available: what they waited for happened", zh="等待的事件已发生，{amount} {unit} 生效"),
    "extend": Text(en="{amount} {unit} last longer", zh="{amount} {unit} 有效期延长"),
    "return": Text(en="{amount} {unit} returned: the benefit they paid for was given back", zh="权益已退回，返还 {amount} {unit}"),
}
_CHARGED = {
    "deduct": Text(en="{amount} {unit} taken for a benefit after a refund", zh="退款后收回权益成本，扣减 {amount} {unit}"),
    "owe": Text(en="{amount} {unit} owed for a benefit after a refund", zh="退款后收回权益成本，欠 {amount} {unit}"),
    "waive": Text(en="{amount} {unit} for a benefit waived after a refund", zh="退款后权益成本免除 {amount} {unit}"),
}
"""How taking is said where it pays for a benefit."""
_TIERS = {
    "upgrade": Text(en="Up from {old} to {new}: {balance} reached", zh="由 {old} 升至 {new}：已达 {balance}"),
    "kept": Text(en="{new} kept: {balance} at the review", zh="保级 {new}：评定时为 {balance}"),
    "review": Text(en="From {old} to {new}: only {balance} at the review", zh="由 {old} 变为 {new}：评定时仅有 {balance}"),
    "grace": Text(en="{new} kept for the grace period: only {balance} at the review", zh="{new} 进入缓冲期：评定时仅有 {balance}"),
    "recovered": Text(en="{new} kept: {balance} reached in the grace period", zh="缓冲期内达到 {balance}，保级 {new}"),
    "notice": Text(en="{new} will be lost at its review unless {missing} more are reached", zh="距离保级 {new} 还差 {missing}"),
    "refund": Text(en="From {old} to {new} after a refund: {balance} left", zh="退款后由 {old} 变为 {new}：剩余 {balance}"),
    "safe": Text(en="{new} looked at before its review: it will be kept", zh="{new} 评定前检查：可以保级"),
    "given": Text(en="{new} given by hand", zh="人工授予 {new}"),
    "reassessed": Text(
        en="From {old} to {new}: the levels were changed, {balance} counted", zh="等级规则调整，由 {old} 变为 {new}：计入 {balance}"
    ),
    "opening": Text(en="{new} taken over from the earlier system", zh="由原系统带入 {new}"),
}


def sentence(programme: Programme, entry: Entry, language: str) -> str:
    """One sentence for a person: what happened, by which rules, and what a cap cut."""
    if entry.kind == "tier":
        return _tier(programme, entry, language)
    if goods.is_about(entry):
        return telling.sentence(programme, entry, language)
    label = naming.unit(programme, entry.unit).in_(language)
    known = _CHARGED.get(entry.kind, _KINDS[entry.kind]) if "benefit" in entry.why else _KINDS[entry.kind]
    said = known.in_(language).format(amount=naming.amount(programme, entry.unit, entry.amount), unit=label)
    details = [*_rules(programme, entry, language), *_limits(programme, entry, language)]
    note = entry.why.get("reason")
    if note:
        details.append(str(note))
    return said + (f" ({'; '.join(details)})" if details else "")


def _tier(programme: Programme, entry: Entry, language: str) -> str:
    ladder = next((one for one in programme.ladders if one.id == entry.unit), programme.ladder)
    names = {level.id: level.label.in_(language) for level in ladder.levels}
    old, new = str(entry.why["from"]), str(entry.why["to"])
    balance, missing = (naming.amount(programme, ladder.unit, int(str(entry.why.get(key, 0)))) for key in ("balance", "missing"))
    reason = str(entry.why["reason"])
    if reason == "notice" and not entry.why.get("missing"):
        reason = "safe"
    said = _TIERS[reason].in_(language).format(old=names.get(old, old), new=names.get(new, new), balance=balance, missing=missing)
    words = entry.why.get("words")
    return f"{said} ({words})" if words else said


def _rules(programme: Programme, entry: Entry, language: str) -> list[str]:
    parts = entry.why.get("parts")
    by_rule: dict[str, int] = {}
    for _, rule, amount in parts if isinstance(parts, list | tuple) else ():
        by_rule[rule] = by_rule.get(rule, 0) + amount
    labels = _labels(programme, language)
    return [f"{labels.get(rule, rule)} {amount:+,d}" for rule, amount in by_rule.items()]


def _labels(programme: Programme, language: str) -> dict[str, str]:
    return {rule.id: rule.label.in_(language) for rule in programme.rules}


_CUT = Text(en="{rule}: {granted} of {desired}, limit reached", zh="{rule}：达到上限，{desired} 中发放 {granted}")
_WITHHELD = Text(en="{rule}: {desired} withheld, control group", zh="{rule}：对照组，未发放 {desired}")


def _limits(programme: Programme, entry: Entry, language: str) -> list[str]:
    cut, withheld = entry.why.get("cut"), entry.why.get("withheld")
    labels = _labels(programme, language)
    said = [
        _CUT.in_(language).format(rule=labels.get(rule, rule), granted=f"{granted:,}", desired=f"{desired:,}")
        for rule, desired, granted in (cut if isinstance(cut, list | tuple) else ())
    ]
    said += [
        _WITHHELD.in_(language).format(rule=labels.get(rule, rule), desired=f"{desired:,}")
        for rule, desired in (withheld if isinstance(withheld, list | tuple) else ())
    ]
    return said
