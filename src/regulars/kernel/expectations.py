"""What would be accepted where pydantic refuses, in both languages: by its error type and context, which are plain data."""

from collections.abc import Mapping
from typing import Any

NO_NUL = r"^[^\x00]*$"
VISIBLE_ASCII = r"^[\x21-\x7e]+$"

_TIME = ("a time with its zone, like 2026-03-01T12:00:00Z", "带时区的时间，例如 2026-03-01T12:00:00Z")
_TIME_PARSING = (_TIME[0] + " ({error})", _TIME[1] + "（{error}）")

# By pydantic's error type: what would be accepted. Braces take values of the error's context.
_EXPECTED: Mapping[str, tuple[str, str]] = {
    "missing": ("a value: the field is required", "必填"),
    "extra_forbidden": ("no such field here; check its spelling or leave it out", "没有此字段，请检查拼写或删除"),
    "json_invalid": ("JSON: {error}", "JSON 格式：{error}"),
    "string_type": ("text", "文本"),
    "string_too_short": ("at least {min_length} characters", "至少 {min_length} 个字符"),
    "string_too_long": ("at most {max_length} characters", "最多 {max_length} 个字符"),
    "string_pattern_mismatch": ("text that matches {pattern}", "符合 {pattern} 的文本"),
    "string_unicode": ("text in UTF-8", "UTF-8 文本"),
    "int_type": ("a whole number", "整数"),
    "int_parsing": ("a whole number", "整数"),
    "int_parsing_size": ("a whole number of fewer digits", "位数更少的整数"),
    "int_from_float": ("a whole number", "整数"),
    "float_type": ("a number", "数字"),
    "float_parsing": ("a number", "数字"),
    "finite_number": ("a finite number", "有限的数字"),
    "decimal_parsing": ("a decimal number", "十进制数"),
    "bool_type": ("true or false", "true 或 false"),
    "bool_parsing": ("true or false", "true 或 false"),
    "list_type": ("a list", "列表"),
    "dict_type": ("an object", "对象"),
    "model_type": ("an object", "对象"),
    "model_attributes_type": ("an object", "对象"),
    "greater_than": ("more than {gt}", "大于 {gt}"),
    "greater_than_equal": ("{ge} or more", "不小于 {ge}"),
    "less_than": ("less than {lt}", "小于 {lt}"),
    "less_than_equal": ("{le} or less", "不大于 {le}"),
    "multiple_of": ("a multiple of {multiple_of}", "{multiple_of} 的倍数"),
    "too_short": ("at least {min_length} of them", "至少 {min_length} 项"),
    "too_long": ("at most {max_length} of them", "最多 {max_length} 项"),
    "datetime_type": _TIME,
    "datetime_parsing": _TIME_PARSING,
    "datetime_from_date_parsing": _TIME_PARSING,
    "timezone_aware": _TIME,
    "date_type": ("a date like 2026-03-01", "日期，例如 2026-03-01"),
    "date_parsing": ("a date like 2026-03-01 ({error})", "日期，例如 2026-03-01（{error}）"),
    "date_from_datetime_parsing": ("a date like 2026-03-01 ({error})", "日期，例如 2026-03-01（{error}）"),
    "date_from_datetime_inexact": ("a date like 2026-03-01, without a time", "日期，例如 2026-03-01，不含时间"),
    "uuid_type": ("a UUID", "UUID"),
    "uuid_parsing": ("a UUID", "UUID"),
    "enum": ("one of {expected}", "{expected} 之一"),
    "literal_error": ("one of {expected}", "{expected} 之一"),
    "union_tag_invalid": ("{discriminator} as one of {expected_tags}", "{discriminator} 为 {expected_tags} 之一"),
    "union_tag_not_found": ("the field {discriminator}", "字段 {discriminator}"),
    "none_required": ("null", "null"),
    "nul": ("text without the NUL character", "不含 NUL 字符的文本"),
    "value_error": ("{error}", "{error}"),
}
_NUL = _EXPECTED["nul"]
_PATTERNS = {NO_NUL: _NUL, VISIBLE_ASCII: ("visible ASCII characters only, no spaces", "仅限可见 ASCII 字符，不含空格")}


def expected(error: Mapping[str, Any], language: str) -> str:
    """What would be accepted there, in Chinese when ``language`` begins with ``zh``; pydantic's own sentence for rare kinds not listed."""
    context = error.get("ctx") or {}
    pair = _PATTERNS.get(str(context.get("pattern"))) or _EXPECTED.get(error["type"])
    if pair is None:
        return str(error["msg"])
    return pair[language.startswith("zh")].format_map({key: _said(value) for key, value in context.items()})


def _said(value: object) -> str:
    # Bounds of times read better without a midnight.
    return str(value).removesuffix(" 00:00:00+00:00")
