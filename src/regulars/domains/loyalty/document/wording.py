"""What is wrong with a document, in Chinese too: the sentences of its parts stand in English where they are found, and here in Chinese."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from regulars.kernel import expectations
from regulars.kernel.problem import Fault

_SHOWN = 80
_VALUE_ERROR = "value_error"
# The English sentence as a pattern, and the Chinese one that takes its parts.
_SENTENCES = tuple(
    (re.compile(pattern, re.DOTALL), zh)
    for pattern, zh in (
        (r"readable YAML", "可读取的 YAML"),
        (r"a mapping that begins with format: 1", "以 format: 1 开头的映射"),
        (r"an ISO 4217 code such as CNY or GBP", "ISO 4217 货币代码，例如 CNY 或 GBP"),
        (r"an IANA time zone such as (.*)", "IANA 时区，例如 {0}"),
        (r"one of the units (.*)", "以下单位之一：{0}"),
        (r"one of the levels (.*)", "以下等级之一：{0}"),
        (r"one of the coupons (.*)", "以下优惠券之一：{0}"),
        (r"an id that no (?:earlier|other) .* has", "不与其他项重复的编号"),
        (r"an id that no other ladder and no unit has", "不与其他等级阶梯或单位重复的编号"),
        (r"a code that no other coupon has", "不与其他优惠券重复的券码"),
        (r"a per_amount rule of this unit to multiply", "该单位须先有 per_amount 规则才可加倍"),
        (r"a unit that can be redeemed: (.*)", "可抵现的单位：{0}"),
        (r"a charge_unit, as no unit of the programme can be redeemed and owed", "须填 charge_unit：计划中没有可抵现且可欠的单位"),
        (r"0: everybody starts on the first level", "0：所有会员从第一个等级开始"),
        (r"more than (.*), where (.*) begins: levels rise and never overlap", "大于 {0}（{1} 的起点）：等级须逐级升高且不重叠"),
        (r"what is known when the trigger is (.*)", "触发事件 {0} 时已知的属性"),
        (r"attributes of the member or the time: there is no order to ask about", "会员或时间的属性：此处没有订单"),
        (r"attributes of the member and the time: nothing is bought yet", "会员与时间的属性：此时尚未购买"),
        (r"1, since the lane (.*) takes one coupon", "1：叠加组 {0} 只能使用一张券"),
        (r"one of coupon_lanes, which has none yet", "coupon_lanes 中的一个，目前尚无"),
        # What parts say of themselves.
        (r"give exactly one of (.*)", "须且只须填写其中一项：{0}"),
        (r"multiply belongs to orders; an act has nothing to multiply", "multiply 仅用于订单，行为没有可加倍的内容"),
        (r"give months or days, or round_to month, quarter or year", "填写 months 或 days，或将 round_to 设为 month、quarter、year"),
        (
            r"give either rolling or calendar; leave expiry out for units that never lapse",
            "rolling 与 calendar 二选一；永不过期的单位请省略 expiry",
        ),
        (r"give pending_days or pending_until, not both", "pending_days 与 pending_until 只能填一项"),
        (r"one of a money unit is worth one minor unit.*", "金额类单位的 1 等于 1 个最小货币单位：请省略 redeem，或写 points: 1, worth: 1"),
        (r"give at least one month, or a day of the year as until", "至少填一个月，或以 until 指定一年中的一天"),
        (r"until names the day already; leave round_to out", "until 已指定日期，请省略 round_to"),
        (r"months or days belong to a rolling window, and a rolling window needs them", "months 或 days 仅用于滚动窗口，且滚动窗口必填"),
        (r"name the unit when the ladder counts one, and only then", "仅当阶梯按单位计算时填写 unit，且必填"),
        (r"a window belongs to spend and visits; a unit's window is its own expiry", "window 仅用于消费额与消费次数；单位的窗口即其有效期"),
        (r"give (\w+) with (.*?)(?: and with nothing else| only)", "{0} 仅可与 {1} 同用"),
        (r"steps rise, and each takes off more than the one before", "各档门槛须递增，且优惠逐档增加"),
        (r"every goes with a single step", "every 仅可与单档同用"),
        (r"until is (?:not before from|the last day and lies on or after from)", "until 不得早于 from"),
        (r"(\w+) goes with (.*)", "{0} 须与 {1} 同用"),
        (r"a generic_code is typed by members who claim: give claim as well", "generic_code 由会员领取时输入，请同时填写 claim"),
        (r"a reward of kind (\w+) gives (.*)", "{0} 类礼品须填写：{1}"),
        # What conditions say.
        (r"a group: .*", '条件组：{{"combinator": "and", "rules": [...]}}'),
        (r"groups nested at most (\d+) deep", "条件组最多嵌套 {0} 层"),
        (r'"and" or "or"', '"and" 或 "or"'),
        (r"true or false, without quotes", "true 或 false，不带引号"),
        (r"a list of rules and groups", "规则与条件组的列表"),
        (r"at least one rule (?:under \"not\"|in an inner group)", "至少一条规则"),
        (r"at most (\d+) rules and groups in one condition", "一个条件最多包含 {0} 条规则与条件组"),
        (
            r"a rule with field, operator and value, or a group with combinator and rules",
            "含 field、operator、value 的规则，或含 combinator、rules 的条件组",
        ),
        (r"the name of an attribute", "属性名称"),
        (r"a known attribute; did you mean (.*)\?", "已知的属性；是否指 {0}？"),
        (r"a known attribute", "已知的属性"),
        (r"no such key; known are (.*)", "没有此键；可用的有 {0}"),
        (r'"value": a rule compares with a value, not another attribute', '"value"：规则与值比较，不与其他属性比较'),
        (r"one of (.*), as (.*) is of type (.*)", "{0} 之一：{1} 的类型为 {2}"),
        (r"no value: (.*) takes none", "不填值：{0} 不需要值"),
        (r"a text of at least one character", "至少一个字符的文本"),
        (r"a list of two values, the lower one first", "两个值的列表，小的在前"),
        (r"a list of 1 to (.*) values", "1 至 {0} 个值的列表"),
        (r"how often, like (.*)", "次数，例如 {0}"),
        (r"the last days or months, like (.*); leave it out for ever", "最近若干天或月，例如 {0}；不限时请省略"),
        (r"a whole number from (.*) to (.*), without quotes", "{0} 至 {1} 的整数，不带引号"),
        (r"a whole number without quotes, like 5", "不带引号的整数，例如 5"),
        (r"a number, like 0.25", "数字，例如 0.25"),
        (r"a whole number of minor units without quotes, like 1230 for 12.30", "以最小货币单位计的整数，不带引号，例如 12.30 写作 1230"),
        (r"a rule on (\S+) that some value of it does not fail", "{0} 至少有一个值可满足的规则"),
        (r"a rule on (\S+) that (.*) leaves possible", "在 {1} 之下仍可满足的 {0} 规则"),
        (r"one of (.*)", "{0} 之一"),
    )
)


def refused(error: dict[str, Any]) -> Fault:
    """One of pydantic's errors as a fault, with its place as a path."""
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error["loc"]).lstrip(".")
    found = Fault(field=path or "document", value=str(error.get("input"))[:_SHOWN], expected=expectations.expected(error, "en"))
    return found if error["type"] == _VALUE_ERROR else replace(found, zh=expectations.expected(error, "zh"))


def both(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The same faults, each said in Chinese too where its sentence is known here."""
    return tuple(fault if fault.zh else replace(fault, zh=_chinese(fault.expected)) for fault in faults)


def _chinese(english: str) -> str:
    for pattern, zh in _SENTENCES:
        matched = pattern.fullmatch(english)
        if matched:
            return zh.format(*matched.groups())
    return ""
