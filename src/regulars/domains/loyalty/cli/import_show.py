"""What an import shows: the plan before it, the counts after it, and the quarantine as a file."""

from dataclasses import dataclass
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from regulars.domains.orders.intake import report
from regulars.domains.orders.intake import service as intake
from regulars.domains.orders.intake.model import LABELS, PERSONAL, Import
from regulars.domains.orders.intake.planning import Plan
from regulars.kernel import problem
from regulars.kernel.text import Text
from regulars.platform.db import Database

_SETTINGS = Text(
    "Source {source} · zone {zone} · currency {currency} · dates {dates} · numbers {numbers}. Of the first {n:,} rows {refunds:,} are "
    "refunds (numbers that begin with {c}), {adjustments:,} book-keeping ({a}).",
    "来源 {source} · 时区 {zone} · 币种 {currency} · 日期 {dates} · 数字 {numbers}。前 {n:,} 行中退款 {refunds:,} 行（单号以 {c} 开头），"
    "账务调整 {adjustments:,} 行（{a}）。",
)


@dataclass(frozen=True, slots=True)
class Show:
    """A screen and its language, ``en`` or ``zh``."""

    screen: Console
    lang: str

    def agree(self, plan: Plan, *, ask: bool) -> None:
        """Show the plan and, where somebody sits in front, ask whether it is right. Raises ``typer.Abort`` when it isn't."""
        self.plan(plan)
        if (
            ask
            and self.screen.is_terminal
            and not typer.confirm(Text("Import it like this?", "按以上设置导入吗？").in_(self.lang), err=True)
        ):
            raise typer.Abort

    def plan(self, plan: Plan) -> None:
        """What is going to happen, before it does."""
        notes = " · ".join([plan.table.kind.upper(), *(note.in_(self.lang) for note in plan.table.notes)])
        self._line(f"{plan.path} ({plan.identity.size:,} B) · {notes}")
        table = Table()
        for heading in (Text("means", "含义"), Text("field", "字段"), Text("column", "列"), Text("first values", "示例")):
            table.add_column(heading.in_(self.lang))
        for field, column in plan.mapping.items():
            values = dict.fromkeys("•••" if field in PERSONAL else sample[field][:30] for sample in plan.sample)
            table.add_row(LABELS[field].in_(self.lang), field.value, column, " · ".join(values))
        self.screen.print(table)
        left = [column for column in plan.table.columns if column not in plan.mapping.values()]
        if left:
            self._line(Text("Left aside: ", "未使用的列：").in_(self.lang) + ", ".join(left))
        self._line(self._settings(plan))

    def _settings(self, plan: Plan) -> str:
        p = plan.profile
        return _SETTINGS.in_(self.lang).format(
            source=p.source,
            zone=p.zone,
            currency=p.currency,
            dates=p.date_format,
            numbers=p.numbers,
            n=plan.sampled,
            refunds=plan.refunds,
            adjustments=plan.adjustments,
            c=p.refund_prefix or "–",
            a=p.adjustment_prefix or "–",
        )

    def report(self, one: Import, *, dry_run: bool) -> None:
        """What became of the rows, and that none is missing. Raises ``RuntimeError`` when one is: that would be a fault of ours."""
        if not report.accounted(one.counts):
            raise RuntimeError(f"the classes of import {one.import_id} do not sum to its rows")
        title = (
            Text("What would become of the rows", "各行处理结果（演练）") if dry_run else Text("What became of the rows", "各行处理结果")
        )
        table = Table(title=title.in_(self.lang))
        table.add_column(Text("class", "分类").in_(self.lang))
        table.add_column(Text("rows", "行数").in_(self.lang), justify="right")
        table.add_column(Text("of these known before", "其中此前已知").in_(self.lang), justify="right")
        for label, rows, known in report.class_rows(one.counts, self.lang):
            table.add_row(label, f"{rows:,}", f"{known:,}")
        self.screen.print(table)
        for code, wrong, rows in report.reason_rows(one.counts, self.lang):
            self._line(f"  {rows:>10,}  {code}: {wrong}")
        for label, number in report.other_rows(one.counts, self.lang):
            self._line(f"  {number:>10,}  {label}")
        every = Text("Every row of the file is in exactly one class: {rows:,}.", "文件的每一行都恰好归入一类：{rows:,} 行。")
        self._line(every.in_(self.lang).format(rows=one.counts.rows))

    def write_quarantine(self, db: Database, one: Import, path: Path) -> None:
        """Write what was not taken, if anything was not, and say where. Raises ``input.invalid`` when the file can't be written."""
        if not (one.counts.reasons or one.counts.other["values_left_out"]):
            return
        with db.reading() as ctx:
            try:
                written = report.write_quarantine(path, Path(one.file).name, intake.quarantined(ctx, one), language=self.lang)
            except OSError as error:
                expected = f"a file that can be written ({error.strerror}); the import itself is done"
                raise problem.invalid("quarantine", path, expected) from error
        said = Text("Quarantined rows, with their reasons: {path} ({rows:,})", "隔离的行及原因：{path}（{rows:,}）")
        self._line(said.in_(self.lang).format(path=path, rows=written))

    def _line(self, text: str) -> None:
        self.screen.print(text, markup=False, highlight=False, soft_wrap=True)
