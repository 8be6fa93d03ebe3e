"""What a reader gives: rows of text with their numbers, faults of single rows, and what makes a whole file unreadable."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from regulars.kernel import problem
from regulars.kernel.problem import Kind
from regulars.kernel.text import Text

LINE_LIMIT = 1 << 20
"""Bytes of one line of text, and of one quoted record over many lines."""
FIELD_LIMIT = 1 << 16
"""Characters of one value."""
_EXACT = 1 << 53
SHOWN = 200
"""Characters of a value that a fault quotes."""

MISSING = problem.define(
    "file.missing",
    Kind.not_found,
    en="There is no readable file {path}.",
    zh="文件 {path} 不存在或无法读取。",
)
EMPTY = problem.define(
    "file.empty",
    Kind.invalid,
    en="{path} holds no rows: {reason}. A table needs a header line and at least one row.",
    zh="{path} 没有数据行：{reason_zh}。表格需要一行表头和至少一行数据。",
)
HEADER = problem.define(
    "file.header",
    Kind.invalid,
    en="The header of {path} cannot be used: {reason}.",
    zh="{path} 的表头无法使用：{reason_zh}。",
)
UNREADABLE = problem.define(
    "file.unreadable",
    Kind.invalid,
    en="{path} cannot be read as {kind}: {reason}. Nothing was imported.",
    zh="{path} 无法按 {kind} 读取：{reason}。未导入任何数据。",
)
TOO_LARGE = problem.define(
    "file.too_large",
    Kind.invalid,
    en="{path} would unpack to {size:,} bytes in {part}; at most {limit:,} are read. Save it as CSV or Parquet.",
    zh="{path} 中 {part} 解压后为 {size:,} 字节，最多读取 {limit:,} 字节。请另存为 CSV 或 Parquet。",
)
KIND_UNKNOWN = problem.define(
    "file.kind_unknown",
    Kind.invalid,
    en="{path} is none of CSV, XLSX, NDJSON and Parquet{hint}.",
    zh="{path} 不是 CSV、XLSX、NDJSON 或 Parquet 文件{hint}。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a row was not taken: a stable code, what is ``wrong``, and what is ``expected``; ``{detail}`` is filled from the fault."""

    code: str
    wrong: Text
    expected: Text


LINE_TOO_LONG = Reason(
    code="line_too_long",
    wrong=Text("the line is too long to be a row", "该行过长，不可能是一行数据"),
    expected=Text("at most 1 MiB a line", "每行不超过 1 MiB"),
)
FIELD_TOO_LONG = Reason(
    code="field_too_long",
    wrong=Text("a value is too long", "某个值过长"),
    expected=Text("at most 65,536 characters a value", "每个值不超过 65,536 个字符"),
)
ENCODING = Reason(
    code="encoding",
    wrong=Text("the line holds bytes that are no {detail}", "该行含有非 {detail} 的字节"),
    expected=Text("text in {detail}, or the right --encoding", "使用 {detail} 编码的文本，或指定正确的 --encoding"),
)
COLUMNS = Reason(
    code="columns",
    wrong=Text("the number of values differs from the header's", "值的个数与表头不一致"),
    expected=Text("{detail} values", "{detail} 个值"),
)
QUOTE = Reason(
    code="quote",
    wrong=Text("a quote is never closed, or closed in the middle of a value", "引号未闭合，或在值中间闭合"),
    expected=Text('values in pairs of ", quotes inside doubled', '值用一对 " 括起，内部引号写成两个'),
)
CUT = Reason(
    code="cut",
    wrong=Text("the file ends in the middle of this row", "文件在该行中间中断"),
    expected=Text("the whole file; copy it again", "完整的文件，请重新复制"),
)
JSON = Reason(
    code="json",
    wrong=Text("the line is no JSON object: {detail}", "该行不是 JSON 对象：{detail}"),
    expected=Text('one flat object a line, like {{"order": "1001"}}', '每行一个扁平对象，如 {{"order": "1001"}}'),
)
NESTED = Reason(
    code="nested",
    wrong=Text("{detail} holds a list or an object", "{detail} 是列表或对象"),
    expected=Text("text, a number, true, false or null", "文本、数字、true、false 或 null"),
)
REASONS = {r.code: r for r in (LINE_TOO_LONG, FIELD_TOO_LONG, ENCODING, COLUMNS, QUOTE, CUT, JSON, NESTED)}


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that cannot be handed on: its number, why, the first ``SHOWN`` characters of what stood there, the reason's ``detail``."""

    row: int
    reason: Reason
    value: str = ""
    detail: str = ""


Row = Sequence[str]


@dataclass(slots=True)
class Batch:
    """Rows in the file's order, each with one value a column and one more, empty, that stands for every column the file lacks.

    ``numbers[i]`` is the place of ``rows[i]``: for text the line of the file (the first one of a record over several lines), for
    a sheet the row as the spreadsheet shows it, for Parquet the row counted from 1.
    """

    rows: Sequence[Row]
    numbers: Sequence[int]
    faults: list[RowFault] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows) + len(self.faults)


class Table(Protocol):
    """An opened file. ``batches`` starts anew from the first row at each call and always cuts at the same places."""

    columns: tuple[str, ...]
    kind: str
    notes: tuple[Text, ...]

    def batches(self) -> Iterator[Batch]: ...

    def progress(self) -> float:
        """How much of the file has been read, 0 to 1."""


def excerpt(text: str) -> str:
    """What a fault quotes of a value: its first ``SHOWN`` characters, without what a database or a terminal cannot hold."""
    return "".join(c if c.isprintable() else "�" for c in text[:SHOWN])


def number_text(number: float) -> str:
    """The shortest exact decimal text, never with an exponent: 13085.0 is "13085", 6.95 is "6.95"; nothing for what is no number."""
    if isinstance(number, int):
        return str(number)
    if not math.isfinite(number):
        return ""
    if number.is_integer() and abs(number) < _EXACT:
        return str(int(number))
    text = repr(number)
    return format(Decimal(text), "f") if "e" in text else text


def checked_columns(names: Sequence[str], path: str) -> tuple[str, ...]:
    """The header's names, stripped, blank ones replaced by ``column N``. Raises ``file.header`` for a name that stands there twice."""
    columns = tuple(name.strip().removeprefix("\ufeff") or f"column {at}" for at, name in enumerate(names, 1))
    twice = sorted(name for name, times in Counter(columns).items() if times > 1)
    if twice:
        shown = ", ".join(excerpt(name) for name in twice)
        raise HEADER(path=path, reason=f"{shown} stands there more than once", reason_zh=f"列名 {shown} 重复")
    return columns
