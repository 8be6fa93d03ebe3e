"""What became of a file, for people and programs: counts that account for every row, and the quarantine as a file for spreadsheets."""

import csv
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from regulars.domains.orders.intake import reasons
from regulars.domains.orders.intake.model import CLASS_LABELS, Bad, Counts, Import, RowClass
from regulars.kernel.text import Text

_OTHER: Mapping[str, Text] = {
    "orders": Text("orders recorded", "已记录订单"),
    "orders_known": Text("orders that were recorded before", "此前已记录的订单"),
    "refunds": Text("refunds recorded", "已记录退款单"),
    "refunds_known": Text("refunds that were recorded before", "此前已记录的退款单"),
    "members_new": Text("members enrolled", "新登记会员"),
    "repeated_rows": Text("rows that repeat another of their order (kept)", "同一订单内重复的行（已保留）"),
    "free_rows": Text("rows at a price of zero (kept, earn nothing)", "单价为零的行（已保留，不计积分）"),
    "times_doubled": Text("local times that occur twice (taken as the first)", "出现两次的本地时间（按第一次计）"),
    "times_skipped": Text("local times that do not exist (taken as the next that does)", "不存在的本地时间（顺延至下一有效时刻）"),
    "values_left_out": Text("personal values left out (their orders went in)", "未采用的个人信息（订单已导入）"),
}
_HEADINGS = {
    "en": ("file", "line", "field", "value", "reason", "expected", "went in"),
    "zh": ("文件", "行", "字段", "值", "原因", "应为", "是否已导入"),
}
_NUMBER = re.compile(r"[+-]?[\d.,]+")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def accounted(counts: Counts) -> bool:
    """Whether every row that was read ended in exactly one class."""
    return sum(counts.classes.values()) == counts.rows and counts.classes[RowClass.quarantined.value] == sum(counts.reasons.values())


def content(one: Import) -> dict[str, object]:
    """The import's report as JSON-ready data. Every class is there, also those no row ended in."""
    return {
        "import": str(one.import_id),
        "file": one.file,
        "size": one.size,
        "sha256": one.sha256,
        "settings": one.settings,
        "state": one.state.value,
        "rows": one.counts.rows,
        "accounted": accounted(one.counts),
        "classes": {kind.value: {"rows": one.counts.classes[kind.value], "known": one.counts.known[kind.value]} for kind in RowClass},
        "quarantined": dict(sorted(one.counts.reasons.items())),
        "other": {name: one.counts.other[name] for name in _OTHER},
    }


def class_rows(counts: Counts, language: str) -> list[tuple[str, int, int]]:
    """(label, rows, of which known before) for each class, and the sum."""
    rows = [(CLASS_LABELS[kind].in_(language), counts.classes[kind.value], counts.known[kind.value]) for kind in RowClass]
    total = Text("all rows", "全部行").in_(language)
    return [*rows, (total, sum(row[1] for row in rows), sum(row[2] for row in rows))]


def reason_rows(counts: Counts, language: str) -> list[tuple[str, str, int]]:
    """(code, what is wrong, rows) of everything quarantined, the commonest first."""
    return [
        (code, reasons.title(code, language), number)
        for code, number in sorted(counts.reasons.items(), key=lambda item: (-item[1], item[0]))
    ]


def other_rows(counts: Counts, language: str) -> list[tuple[str, int]]:
    """(label, number) of the other things that happened."""
    return [(label.in_(language), counts.other[name]) for name, label in _OTHER.items() if counts.other[name]]


def write_quarantine(path: Path, file: str, rows: Iterable[Bad], *, language: str) -> int:
    """Write the rows as CSV that spreadsheets open rightly (UTF-8 with its mark); returns how many.

    A value that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    key = "zh" if language.startswith("zh") else "en"
    yes = {"zh": ("否", "是"), "en": ("no", "yes")}[key]
    written = 0
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(_HEADINGS[key])
        for bad in rows:
            wrong, right = reasons.wrong(bad.reason, bad.detail, key), reasons.expected(bad.reason, bad.detail, key)
            cells = (file, str(bad.row_no), bad.field, bad.value, f"{bad.reason}: {wrong}", right, yes[bad.kept])
            writer.writerow(["'" + cell if cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell) else cell for cell in cells])
            written += 1
    return written
