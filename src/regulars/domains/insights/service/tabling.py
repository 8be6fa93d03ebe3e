"""Answers as tables for a spreadsheet: one for each list of an answer, its headings in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import Field, fields, is_dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol

from regulars.domains.insights.model.answers import About
from regulars.kernel import problem
from regulars.kernel.text import Text

Cell = str | int | bool | datetime | None
Rows = list[Sequence[Cell]]

DEFINITIONS = "definitions"

HEADINGS: Mapping[str, Text] = {
    "active": Text("active members", "活跃会员"),
    "after": Text("months after", "之后第几月"),
    "amount": Text("amount", "数量"),
    "at_risk": Text("watched until then", "仍在观察人数"),
    "average_order": Text("average order (minor units)", "客单价（最小货币单位）"),
    "before": Text("value before", "对比期数值"),
    "complete": Text("complete", "周期完整"),
    "day": Text("day", "天"),
    "days": Text("within days", "N 天内"),
    "denominator": Text("of", "分母"),
    "difference_bp": Text("difference (bp)", "差异（基点）"),
    "expired": Text("expired", "过期"),
    "fixed": Text("active in the month", "当月活跃"),
    "fixed_bp": Text("fixed (bp)", "固定留存（基点）"),
    "from_days": Text("from days", "天数起"),
    "held_out": Text("held out", "对照组会员"),
    "held_out_bp": Text("held out (bp)", "对照组（基点）"),
    "held_out_denominator": Text("held out: of", "对照组分母"),
    "held_out_n": Text("held out: n", "对照组人数"),
    "high_bp": Text("high, 95 % (bp)", "95% 上限（基点）"),
    "issued": Text("issued", "发放"),
    "key": Text("group", "分组"),
    "level": Text("level", "等级"),
    "low_bp": Text("low, 95 % (bp)", "95% 下限（基点）"),
    "members": Text("members", "会员"),
    "metric": Text("metric", "指标"),
    "month": Text("month", "月份"),
    "n": Text("n", "人数"),
    "orders": Text("orders", "订单"),
    "orders_anonymous": Text("orders, anonymous", "匿名订单"),
    "orders_new": Text("orders, new", "新客订单"),
    "orders_per_100": Text("orders per 100 active", "每百名活跃会员订单"),
    "orders_returning": Text("orders, returning", "老客订单"),
    "outstanding": Text("outstanding", "未使用"),
    "part": Text("part", "细分"),
    "purchase": Text("purchase number", "第几次购买"),
    "rate_bp": Text("rate (bp)", "比率（基点）"),
    "reached": Text("reached", "到达人数"),
    "reached_bp": Text("purchased again (bp)", "已再次购买（基点）"),
    "received": Text("received", "转入"),
    "refunded": Text("refunded (minor units)", "退款（最小货币单位）"),
    "refunds_made": Text("refunds made (minor units)", "期间退款（最小货币单位）"),
    "refunds_unmatched": Text("refunds without an order (minor units)", "未匹配退款（最小货币单位）"),
    "rest": Text("all smaller groups", "其余分组合计"),
    "rest_bp": Text("rest (bp)", "其余会员（基点）"),
    "rest_denominator": Text("rest: of", "其余会员分母"),
    "rest_n": Text("rest: n", "其余会员人数"),
    "revenue": Text("revenue (minor units)", "营收（最小货币单位）"),
    "revenue_anonymous": Text("revenue, anonymous", "匿名营收"),
    "revenue_new": Text("revenue, new", "新客营收"),
    "revenue_returning": Text("revenue, returning", "老客营收"),
    "reversed": Text("reversed", "冲回"),
    "rolling": Text("active then or later", "当月或之后活跃"),
    "rolling_bp": Text("rolling (bp)", "滚动留存（基点）"),
    "sent": Text("sent", "转出"),
    "share_bp": Text("share (bp)", "占比（基点）"),
    "small": Text("few members", "样本较小"),
    "spent": Text("spent", "使用"),
    "start": Text("begins", "起始日"),
    "to_days": Text("to days", "天数止"),
    "unit": Text("unit", "单位"),
    "value": Text("value", "数值"),
}
_DEFINITION = (
    Text("metric", "指标"),
    Text("unit", "单位"),
    Text("version", "版本"),
    Text("name", "名称"),
    Text("what is counted", "口径"),
    Text("of", "分母口径"),
)
_BASIS = (
    (Text("time zone", "时区"), "zone"),
    (Text("currency", "货币"), "currency"),
    (Text("data up to", "数据截至"), "watermark"),
    (Text("first day of data", "数据首日"), "first_day"),
    (Text("last day of data", "数据末日"), "last_day"),
)


class Row(Protocol):
    """A row of an answer: a dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


class Answer(Row, Protocol):
    """Any answer: a dataclass that says what it rests on."""

    @property
    def about(self) -> About: ...


def tables(answer: Answer, language: str) -> dict[str, Rows]:
    """Every list of the answer by its name, headings first, and the definitions with what the answer rests on."""
    found: dict[str, Rows] = {}
    about = answer.about
    for one in fields(answer):
        value = getattr(answer, one.name)
        if isinstance(value, tuple):
            found[one.name] = _rows(value, language)
        elif is_dataclass(value) and not isinstance(value, type) and value is not about:
            found[one.name] = _rows((value,), language)
    return {**found, DEFINITIONS: _definitions(about, language)}


def table(answer: Answer, name: str | None, language: str) -> tuple[str, Rows]:
    """The table of this name, the first when none is given. Raises ``input.invalid`` with the names there are."""
    every = tables(answer, language)
    chosen = name if name is not None else next(iter(every))
    if chosen not in every:
        raise problem.invalid("table", chosen, "one of " + ", ".join(every))
    return chosen, every[chosen]


def _rows(items: Sequence[Row], language: str) -> Rows:
    if not items:
        return []
    names = [one.name for one in fields(items[0])]
    return [[HEADINGS[name].in_(language) for name in names], *([getattr(item, name) for name in names] for item in items)]


def _definitions(about: About, language: str) -> Rows:
    def said(value: object) -> str:
        return "" if value is None else str(getattr(value, "zh" if language.startswith("zh") else "en"))

    rows: Rows = [[heading.in_(language) for heading in _DEFINITION]]
    rows += [[one.name, one.unit, one.version, said(one.label), said(one.text), said(one.of)] for one in about.definitions]
    rows += [[label.in_(language), getattr(about, name)] for label, name in _BASIS]
    rows += [[said(note)] for note in about.notes]
    return rows
