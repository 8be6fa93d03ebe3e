"""Why a row, or a value of it, was not taken: code, what is wrong, what is expected, in both languages."""

import re

import orjson

from regulars.kernel import problem
from regulars.kernel.problem import Problem
from regulars.kernel.text import Text
from regulars.platform.files import model as files
from regulars.platform.files.model import Reason

_PLACE = re.compile(r"\{[^}]*\}")


def _reason(code: str, wrong: tuple[str, str], expected: tuple[str, str]) -> Reason:
    return Reason(code=code, wrong=Text(*wrong), expected=Text(*expected))


MISSING = _reason("missing", ("the value is missing", "缺少该值"), ("a value", "填写该值"))
TEXT = _reason(
    "text",
    ("the text is too long or holds a control character", "文本过长或含控制字符"),
    ("at most {detail} printable characters", "不超过 {detail} 个可见字符"),
)
ADJUSTMENT = _reason(
    "adjustment",
    ("book-keeping, not a customer's order: its number begins with {detail}", "账务调整而非顾客订单：编号以 {detail} 开头"),
    ("an order; if it is one, --adjustment-prefix ''", "订单；若确为订单，请用 --adjustment-prefix ''"),
)
TIME = _reason(
    "time",
    ("no date and time of the form {detail}", "不是 {detail} 形式的日期时间"),
    ("a day that exists, like 2026-03-01 12:30", "真实存在的日期，如 2026-03-01 12:30"),
)
TIME_RANGE = _reason(
    "time_range",
    ("a time that cannot be right", "时间不合理"),
    ("between 1970 and now ({detail})", "1970 年至今（{detail}）"),
)
CURRENCY = _reason("currency", ("an unknown currency", "未知币种"), ("an ISO 4217 code like GBP or CNY", "ISO 4217 代码，如 GBP、CNY"))
OTHER_CURRENCY = _reason(
    "currency_other",
    ("another currency than the programme's", "与会员计划的结算币种不同"),
    ("{detail}; convert the amounts first", "{detail}；请先换算"),
)
NUMBER = _reason("number", ("not a number", "不是数字"), ("a number written like {detail}", "形如 {detail} 的数字"))
WHOLE = _reason("quantity", ("not a whole number", "不是整数"), ("a whole number like 3, below {detail}", "小于 {detail} 的整数，如 3"))
NEGATIVE_PRICE = _reason("negative_price", ("a negative price", "单价为负"), ("0 or more", "大于等于 0"))
NOT_POSITIVE = _reason(
    "quantity_not_positive",
    ("a sale of nothing or less", "销售数量为零或负数"),
    ("1 or more; refunds have numbers of their own", "大于等于 1；退款应使用退款单号"),
)
ZERO_REFUND = _reason("quantity_zero", ("a refund of nothing", "退款数量为零"), ("the quantity given back", "退回的数量"))
AMOUNT = _reason("amount", ("an impossible amount", "金额不合理"), ("below {detail}", "小于 {detail}"))
NEGATIVE = _reason("negative", ("a negative amount", "金额为负"), ("0 or more", "大于等于 0"))
PART = _reason(
    "part_too_large",
    ("more than the line itself", "超过该行金额"),
    ("at most the amount of the line, {detail}", "不超过该行金额 {detail}"),
)
REPEATED = _reason(
    "repeated",
    ("the same line stands in the same order before", "同一订单中已有完全相同的行"),
    ("one line each, or no --drop-repeats", "每行仅一次，或不使用 --drop-repeats"),
)
CUSTOMER_DIFFERS = _reason(
    "customer_differs",
    ("another customer than the order's first row", "与该订单首行的会员不同"),
    ("{detail}, as in the rows before", "与前面的行一致：{detail}"),
)
CURRENCY_DIFFERS = _reason(
    "currency_differs",
    ("another currency than the order's first row", "与该订单首行的币种不同"),
    ("{detail}, as in the rows before", "与前面的行一致：{detail}"),
)
REFUND_CHANGED = _reason(
    "refund_conflict",
    ("this refund is already recorded with another content", "该退款已按另一份内容记录"),
    ("the first content, or another number", "与首次一致的内容，或使用新编号"),
)
REFUSED = _reason("refused", ("refused: {detail}", "被拒绝：{detail}"), ("see the reason", "见原因"))
PERSONAL_LEFT_OUT = _reason(
    "personal_left_out",
    ("the order went in without this value: {detail}", "订单已导入，但未采用该值：{detail}"),
    ("a valid value; correct it in the member's profile", "有效的值；可在会员资料中更正"),
)

ALL = files.REASONS | {
    reason.code: reason
    for reason in (
        MISSING,
        TEXT,
        ADJUSTMENT,
        TIME,
        TIME_RANGE,
        CURRENCY,
        OTHER_CURRENCY,
        NUMBER,
        WHOLE,
        NEGATIVE_PRICE,
        NOT_POSITIVE,
        ZERO_REFUND,
        AMOUNT,
        NEGATIVE,
        PART,
        REPEATED,
        CUSTOMER_DIFFERS,
        CURRENCY_DIFFERS,
        REFUND_CHANGED,
        REFUSED,
        PERSONAL_LEFT_OUT,
    )
}


def refusal(why: Problem) -> tuple[str, str]:
    """Code and detail of a row whose order or refund was refused by the engine: ``wrong`` reads them back in either language."""
    return why.code, orjson.dumps(why.fields, default=str).decode()


def wrong(code: str, detail: str, language: str) -> str:
    """What is wrong, for a person."""
    reason = ALL.get(code)
    if reason is not None:
        return reason.wrong.in_(language).format(detail=detail)
    declared = problem.declared().get(code)
    if declared is None:
        return detail
    return declared(**orjson.loads(detail)).text(language)


def title(code: str, language: str) -> str:
    """What is wrong with all the rows of one reason: what differs between them is left open."""
    reason, declared = ALL.get(code), problem.declared().get(code)
    if reason is not None:
        said = reason.wrong.in_(language)
    else:
        said = (declared.zh if language.startswith("zh") else declared.en) if declared else code
    return _PLACE.sub("…", said)


def expected(code: str, detail: str, language: str) -> str:
    """What would have been right, for a person."""
    reason = ALL.get(code)
    return reason.expected.in_(language).format(detail=detail) if reason else ""
