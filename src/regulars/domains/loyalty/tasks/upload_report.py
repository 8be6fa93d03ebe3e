"""What an import did not take, as a spreadsheet: every row with its line, its reason in words and what would have been right."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from regulars.domains.orders.intake import reasons, report
from regulars.domains.orders.intake import service as intake
from regulars.domains.orders.intake.model import LABELS, Bad, Field, Import
from regulars.kernel.text import Text
from regulars.platform.context import Ctx
from regulars.platform.files import writing

HIDDEN = "•••"
_HEADINGS = (
    Text("file", "文件"),
    Text("line", "行"),
    Text("field", "字段"),
    Text("value", "值"),
    Text("reason", "原因"),
    Text("what is wrong", "问题"),
    Text("expected", "应为"),
    Text("went in without it", "其余已导入"),
)
_YES, _NO = Text("yes", "是"), Text("no", "否")
_SUMMARY, _QUARANTINE = Text("Summary", "汇总"), Text("Quarantine", "隔离行")


def label(field: str) -> Text | None:
    """What people call the field, where a reason names one."""
    return LABELS[Field(field)] if field in set(Field) else None


def write(ctx: Ctx, out: BinaryIO, one: Import, name: str, *, form: str, language: str, values: bool) -> None:
    """Write the report as ``csv`` (the rows) or ``xlsx`` (the counts, too). Without ``values`` nobody learns what stood in the rows."""
    rows = _rows(intake.quarantined(ctx, one), name, language, values=values)
    if form == "csv":
        writing.write_csv(out, rows)
    else:
        sheets = {_SUMMARY.in_(language): _summary(one, name, language), _QUARANTINE.in_(language): rows}
        writing.write_xlsx(out, sheets)


def _rows(found: Iterable[Bad], name: str, language: str, *, values: bool) -> Iterator[tuple[writing.Cell, ...]]:
    yield tuple(heading.in_(language) for heading in _HEADINGS)
    for bad in found:
        called = label(bad.field)
        yield (
            name,
            bad.row_no,
            called.in_(language) if called else bad.field,
            bad.value if values or not bad.value else HIDDEN,
            bad.reason,
            reasons.wrong(bad.reason, bad.detail, language) if values else reasons.title(bad.reason, language),
            reasons.expected(bad.reason, bad.detail, language) if values else "",
            (_YES if bad.kept else _NO).in_(language),
        )


def _summary(one: Import, name: str, language: str) -> Iterator[tuple[writing.Cell, ...]]:
    yield (Text("file", "文件").in_(language), name)
    yield ("SHA-256", one.sha256)
    yield ()
    headings = (Text("class", "分类"), Text("rows", "行数"), Text("of these known before", "其中此前已知"))
    yield tuple(heading.in_(language) for heading in headings)
    yield from report.class_rows(one.counts, language)
    yield ()
    for code, wrong, rows in report.reason_rows(one.counts, language):
        yield (wrong, rows, code)
    yield ()
    yield from report.other_rows(one.counts, language)
