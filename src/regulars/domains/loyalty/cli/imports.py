"""``regulars import orders FILE`` and ``regulars import status``.

The root command's callback puts the ``Database`` into ``typer.Context.obj`` and, under ``KEYRING`` in its ``meta``, a function that gives
the keyring: only files with personal columns need it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, cast

import orjson
import typer
from rich.console import Console
from rich.table import Table

from regulars.domains.loyalty.cli.import_progress import Progress
from regulars.domains.loyalty.cli.import_show import Show
from regulars.domains.loyalty.tasks import import_orders
from regulars.domains.orders.intake import report
from regulars.domains.orders.intake import service as intake
from regulars.domains.orders.intake.model import PERSONAL, Field, Import, Profile
from regulars.domains.orders.intake.planning import Plan, Wish
from regulars.kernel import problem
from regulars.kernel.text import Text
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from regulars.platform.files.opening import Options

KEYRING = "regulars.keyring"
_BLANK = Profile()


def _both(en: str, zh: str) -> str:
    return f"{en} {zh}"


app = typer.Typer(no_args_is_help=True, add_completion=False, help=_both("Files of orders.", "订单文件导入"))


def _option(name: str, en: str, zh: str) -> typer.models.OptionInfo:
    found = typer.Option(name, help=_both(en, zh))
    if not isinstance(found, typer.models.OptionInfo):
        raise TypeError("typer describes options with another class")
    return found


File = Annotated[Path, typer.Argument(help=_both("CSV, XLSX, NDJSON or Parquet; .gz too.", "订单文件"))]
Columns = Annotated[
    list[str] | None, _option("--map", "FIELD=COLUMN; may be repeated; nothing after = leaves the field out.", "字段=列名，可重复")
]
Mapped = Annotated[str, _option("--mapping", "Use the columns and settings saved under this name.", "使用已存映射")]
Save = Annotated[str, _option("--save-mapping", "Save columns and settings under this name.", "保存映射")]
Source = Annotated[str | None, _option("--source", "The shop or system the order numbers come from.", "订单来源系统")]
Zone = Annotated[str | None, _option("--zone", "Time zone of times without an offset.", "时区")]
Currency = Annotated[str | None, _option("--currency", "Currency of amounts without one.", "币种")]
Dates = Annotated[str | None, _option("--date-format", "ymd, dmy, mdy, epoch, epoch_ms or a pattern.", "日期格式")]
Numbers = Annotated[str | None, _option("--numbers", "How amounts are written: 1234.56, 1,234.56 or 1.234,56.", "数字写法")]
Refunds = Annotated[str | None, _option("--refund-prefix", "What refund numbers begin with.", "退款单号前缀")]
Adjustments = Annotated[str | None, _option("--adjustment-prefix", "What book-keeping numbers begin with.", "账务调整单号前缀")]
Region = Annotated[str | None, _option("--region", "Country of phone numbers without a country code.", "手机号默认国家")]
Repeats = Annotated[bool | None, _option("--drop-repeats/--keep-repeats", "Quarantine lines that repeat one of their order.", "剔除重复行")]
Encoding = Annotated[str | None, _option("--encoding", "Of a text file, instead of finding out.", "文本编码")]
Delimiter = Annotated[str | None, _option("--delimiter", "Between values, instead of finding out.", "分隔符")]
Sheet = Annotated[str | None, _option("--sheet", "Of a workbook, instead of the first.", "工作表")]
DryRun = Annotated[bool, _option("--dry-run", "Check and count everything, record nothing.", "仅检查，不记录")]
Restart = Annotated[bool, _option("--restart", "Give up an import of this file that stopped.", "放弃上次中断的导入")]
Lanes = Annotated[
    int | None,
    typer.Option("--lanes", min=1, max=32, help=_both("Processes that record side by side; left out: 2 for large files.", "并行进程数")),
]
Yes = Annotated[bool, _option("--yes", "Don't ask before beginning.", "不再确认")]
Quarantine = Annotated[Path | None, _option("--quarantine", "Where to write quarantined rows (CSV).", "隔离报告文件")]
Json = Annotated[bool, _option("--json", "As one JSON document on standard output.", "以 JSON 输出")]
Lang = Annotated[str, _option("--lang", "en or zh.", "语言")]


@app.command("orders")
def import_file(  # noqa: PLR0913 - typer makes an option of every parameter
    context: typer.Context,
    file: File,
    *,
    columns: Columns = None,
    mapping: Mapped = "",
    save: Save = "",
    source: Source = None,
    zone: Zone = None,
    currency: Currency = None,
    date_format: Dates = None,
    numbers: Numbers = None,
    refund_prefix: Refunds = None,
    adjustment_prefix: Adjustments = None,
    region: Region = None,
    drop_repeats: Repeats = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    sheet: Sheet = None,
    dry_run: DryRun = False,
    restart: Restart = False,
    lanes: Lanes = None,
    yes: Yes = False,
    quarantine: Quarantine = None,
    as_json: Json = False,
    lang: Lang = "en",
) -> None:
    """Import orders; the same file again changes nothing, a stopped import goes on. 导入订单文件，可重复执行，可断点续传。"""
    said: dict[str, object] = {"source": source, "zone": zone, "currency": currency, "date_format": date_format, "numbers": numbers}
    said |= {"region": region, "refund_prefix": refund_prefix, "adjustment_prefix": adjustment_prefix, "drop_repeats": drop_repeats}
    options = Options(encoding=encoding, delimiter=delimiter, sheet=sheet)
    plan = _planned(context.obj, file, mapping=mapping, columns=columns or [], said=said, options=options)
    show = Show(Console(stderr=as_json), lang)
    show.agree(plan, ask=not yes)
    _save(context.obj, save, plan)
    one = _imported(context, plan, show, dry_run=dry_run, restart=restart, lanes=lanes)
    show.report(one, dry_run=dry_run)
    if not dry_run:
        show.write_quarantine(context.obj, one, quarantine or Path(file.name + ".quarantine.csv"))
    if as_json:
        typer.echo(orjson.dumps(report.content(one), option=orjson.OPT_INDENT_2).decode())


@app.command("status")
def status(context: typer.Context, *, as_json: Json = False, lang: Lang = "en") -> None:
    """The latest imports: how far, how many rows. 最近的导入。"""
    with cast(Database, context.obj).reading() as ctx:
        found = intake.latest(ctx)
    if as_json:
        typer.echo(orjson.dumps([report.content(one) for one in found], option=orjson.OPT_INDENT_2).decode())
        return
    table = Table(title=Text("Imports", "导入").in_(lang))
    for heading in (Text("file", "文件"), Text("state", "状态"), Text("done", "进度"), Text("rows", "行"), Text("last moved", "最近更新")):
        table.add_column(heading.in_(lang))
    for one in found:
        table.add_row(one.file, one.state.value, f"{one.progress:.0%}", f"{one.position:,}", f"{one.moved_at:%Y-%m-%d %H:%M:%S} UTC")
    Console().print(table)


def _planned(db: Database, file: Path, *, mapping: str, columns: Sequence[str], said: Mapping[str, object], options: Options) -> Plan:
    base, profile = _saved(db, mapping)
    return intake.plan(file, Wish(overrides=_overrides(columns), profile=_adjusted(profile, said), options=options, base=base))


def _saved(db: Database, name: str) -> tuple[Mapping[Field, str] | None, Profile]:
    if not name:
        return None, _BLANK
    with db.reading() as ctx:
        return intake.saved_mapping(ctx, name)


def _save(db: Database, name: str, plan: Plan) -> None:
    if name:
        with db.transaction() as ctx:
            intake.save_mapping(ctx, name, plan)


def _adjusted(profile: Profile, said: Mapping[str, object]) -> Profile:
    """The profile with what was said on the command line."""
    return replace(profile, **{name: value for name, value in said.items() if value is not None})  # type: ignore[arg-type]  # typer checked them


def _imported(context: typer.Context, plan: Plan, show: Show, *, dry_run: bool, restart: bool, lanes: int | None) -> Import:
    db = cast(Database, context.obj)
    keyring = _keyring(context) if any(field in plan.mapping for field in PERSONAL) else None
    with Progress(show.screen, db.clock, show.lang) as progress:
        if dry_run:
            return import_orders.rehearse(db, plan, keyring=keyring, watch=progress.tell)
        return import_orders.run(db, plan, keyring=keyring, watch=progress.tell, restart=restart, lanes=lanes)


def _overrides(pairs: Sequence[str]) -> dict[str, str]:
    wrong = next((pair for pair in pairs if "=" not in pair), None)
    if wrong is not None:
        raise problem.invalid("map", wrong, "FIELD=COLUMN, like order_number=Invoice")
    return {name.strip(): column.strip() for name, _, column in (pair.partition("=") for pair in pairs)}


def _keyring(context: typer.Context) -> Keyring:
    load = context.meta[KEYRING]
    found = load()
    if not isinstance(found, Keyring):
        raise TypeError("the root command must provide a keyring")
    return found
