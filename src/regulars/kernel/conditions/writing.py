"""Trees written for others: as react-querybuilder's JSON, and as one sentence in Chinese or English."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from regulars.kernel import money
from regulars.kernel.attributes import UNITS, Attribute, Registry, Type
from regulars.kernel.conditions.model import LISTS, PAIRS, Behaviour, Comparison, Group, Match, Node, Operator, Scalar, Tree
from regulars.kernel.text import Text

_PHRASES: dict[Operator, Text] = {
    Operator.equal: Text("{a} is {v}", "{a}为{v}"),
    Operator.not_equal: Text("{a} is not {v}", "{a}不为{v}"),
    Operator.less: Text("{a} is less than {v}", "{a}小于{v}"),
    Operator.at_most: Text("{a} is at most {v}", "{a}不超过{v}"),
    Operator.more: Text("{a} is more than {v}", "{a}大于{v}"),
    Operator.at_least: Text("{a} is at least {v}", "{a}不低于{v}"),
    Operator.in_: Text("{a} is {v}", "{a}为{v}"),
    Operator.not_in: Text("{a} is none of {v}", "{a}不为{v}中的任何一个"),
    Operator.between: Text("{a} is between {low} and {high}", "{a}在{low}到{high}之间"),
    Operator.not_between: Text("{a} is not between {low} and {high}", "{a}不在{low}到{high}之间"),
    Operator.contains: Text("{a} contains {v}", "{a}包含{v}"),
    Operator.begins_with: Text("{a} begins with {v}", "{a}以{v}开头"),
    Operator.ends_with: Text("{a} ends with {v}", "{a}以{v}结尾"),
    Operator.null: Text("{a} is unknown", "{a}未知"),
    Operator.not_null: Text("{a} is known", "{a}已知"),
    Operator.contains_any: Text("{a} contains any of {v}", "{a}包含{v}中的任意一个"),
    Operator.contains_all: Text("{a} contains all of {v}", "{a}包含全部{v}"),
}
_TIME_PHRASES: dict[Operator, Text] = {
    Operator.less: Text("{a} is before {v}", "{a}早于{v}"),
    Operator.at_most: Text("{a} is not after {v}", "{a}不晚于{v}"),
    Operator.more: Text("{a} is after {v}", "{a}晚于{v}"),
    Operator.at_least: Text("{a} is not before {v}", "{a}不早于{v}"),
}
_MATCHES: dict[Match, Text] = {
    Match.at_least: Text("at least {n} {times}", "至少{n}次"),
    Match.at_most: Text("at most {n} {times}", "至多{n}次"),
    Match.exactly: Text("exactly {n} {times}", "恰好{n}次"),
}
_JOINS = {"and": Text(" and ", "，且"), "or": Text(" or ", "，或")}
_ALWAYS = Text("always", "任何情况下")
_NOT = Text("not ({inner})", "不满足（{inner}）")
_BRACKETS = Text("({inner})", "（{inner}）")
_LISTED = 5
_YES, _NO = Text("yes", "是"), Text("no", "否")


def to_json(tree: Tree) -> dict[str, Any]:
    """The tree in the shape ``parse`` reads, with every key written out; only JSON types inside."""
    return _group_json(tree)


def sentence(tree: Tree, registry: Registry, language: str, *, currency: str = "") -> str:
    """The tree as one sentence without a full stop, in Chinese when ``language`` begins with ``zh``, else in English.

    ``currency`` is that of money which names none.

    Long lists show their first five. Raises ``input.invalid`` when ``registry`` does not know a field of the tree.
    """
    return _Voice(registry, language, currency).group(tree)


def said(tree: Tree, registry: Registry, *, currency: str = "") -> Text:
    """The same in both languages."""
    return Text(sentence(tree, registry, "en", currency=currency), sentence(tree, registry, "zh", currency=currency))


def _group_json(group: Group) -> dict[str, Any]:
    return {"combinator": group.combinator, "not": group.negated, "rules": [_node_json(rule) for rule in group.rules]}


def _node_json(node: Node) -> dict[str, Any]:
    if isinstance(node, Group):
        return _group_json(node)
    if isinstance(node, Comparison):
        value = [_scalar_json(v) for v in node.value] if isinstance(node.value, tuple) else _scalar_json(node.value)
        return {"field": node.field, "operator": node.operator.value, "value": value}
    written: dict[str, Any] = {"field": node.field, "operator": "=", "match": {"mode": node.match.value, "threshold": node.times}}
    if node.window.days:
        written["window"] = {"days": node.window.days}
    if node.window.months:
        written["window"] = {"months": node.window.months}
    return written | {"value": _group_json(node.where)}


def _scalar_json(value: Scalar | None) -> bool | int | str | None:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


class _Voice:
    """Reads a tree aloud in one language."""

    def __init__(self, registry: Registry, language: str, currency: str) -> None:
        self.registry = registry
        self.language = language
        self.currency = currency

    def group(self, group: Group) -> str:
        if not group.rules:
            return _ALWAYS.in_(self.language)
        inner = _JOINS[group.combinator].in_(self.language).join(self.rule(rule, alone=len(group.rules) == 1) for rule in group.rules)
        return _NOT.in_(self.language).format(inner=inner) if group.negated else inner

    def rule(self, rule: Node, *, alone: bool) -> str:
        if isinstance(rule, Comparison):
            return self.comparison(rule, self.registry.get(rule.field))
        if isinstance(rule, Behaviour):
            return self.behaviour(rule)
        said = self.group(rule)
        return said if alone or rule.negated or len(rule.rules) == 1 else _BRACKETS.in_(self.language).format(inner=said)

    def comparison(self, rule: Comparison, attribute: Attribute) -> str:
        in_time = attribute.type in (Type.date, Type.datetime)
        phrase = (_TIME_PHRASES if in_time and rule.operator in _TIME_PHRASES else _PHRASES)[rule.operator].in_(self.language)
        label = attribute.label.in_(self.language)
        values = [self.scalar(v, attribute) for v in rule.value] if isinstance(rule.value, tuple) else []
        if rule.operator in PAIRS:
            return phrase.format(a=label, low=values[0], high=values[1])
        if rule.operator in LISTS:
            return phrase.format(a=label, v=self.list_(values, last_by_or=rule.operator is Operator.in_))
        if isinstance(rule.value, tuple) or rule.value is None:
            return phrase.format(a=label)
        return phrase.format(a=label, v=self.scalar(rule.value, attribute))

    def list_(self, values: list[str], *, last_by_or: bool) -> str:
        comma = Text(", ", "、").in_(self.language)
        if len(values) > _LISTED:
            rest = Text(f", … ({len(values)} in all)", f"……（共{len(values)}个）").in_(self.language)
            return comma.join(values[:_LISTED]) + rest
        if last_by_or and len(values) > 1:
            return comma.join(values[:-1]) + Text(" or ", "或").in_(self.language) + values[-1]
        return comma.join(values)

    def scalar(self, value: Scalar, attribute: Attribute) -> str:
        if isinstance(value, bool):
            return (_YES if value else _NO).in_(self.language)
        if isinstance(value, datetime):
            return value.strftime("%Y-%m-%d %H:%M:%S UTC")
        if isinstance(value, date):
            return value.isoformat()
        if attribute.type is Type.money and isinstance(value, int):
            currency = attribute.unit or self.currency
            return money.said(value, currency) if currency else f"{value:,}"
        if isinstance(value, str):
            return _quoted(value, self.language) if attribute.type is Type.text else attribute.named(value, self.language)
        unit = UNITS[attribute.unit].in_(self.language) if attribute.unit in UNITS else attribute.unit
        return f"{value:,} {unit}" if unit else f"{value:,}"

    def behaviour(self, rule: Behaviour) -> str:
        occurrence = self.registry.get_occurrence(rule.field)
        label = occurrence.label.in_(self.language)
        times = _MATCHES[rule.match].in_(self.language).format(n=rule.times, times=_counted("time", rule.times))
        where = _Voice(occurrence.registry(), self.language, self.currency).group(rule.where) if rule.where.rules else ""
        if self.language.lower().startswith("zh"):
            return f"{self.window(rule)}{label}{times}" + (f"（其中{where}）" if where else "")
        return f"{label} {times}{self.window(rule)}" + (f" (where {where})" if where else "")

    def window(self, rule: Behaviour) -> str:
        days, months = rule.window.days, rule.window.months
        if days:
            return Text(f" in the last {days} {_counted('day', days)}", f"最近{days}天内").in_(self.language)
        if months:
            return Text(f" in the last {months} {_counted('month', months)}", f"最近{months}个月内").in_(self.language)
        return ""


def _counted(noun: str, count: int) -> str:
    return noun if count == 1 else noun + "s"


def _quoted(value: str, language: str) -> str:
    return Text(f"“{value}”", f"「{value}」").in_(language)
