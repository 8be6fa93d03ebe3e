"""``regulars lake export | status | compact``.

The root command's callback puts the ``Database`` into ``typer.Context.obj`` and, under ``FOLDER`` in its ``meta``, the lake's folder.
"""

from pathlib import Path
from typing import Annotated, cast

import orjson
import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from regulars.domains.insights.service import exporting
from regulars.domains.insights.tasks import export_lake
from regulars.kernel.text import Text
from regulars.platform.db import Database
from regulars.platform.lake.manifests import Manifest

FOLDER = "regulars.lake"
PATIENCE_S = 60.0
"""How long a command waits for a worker that is at it."""

app = typer.Typer(no_args_is_help=True, add_completion=False, help="The lake: facts and decisions as Parquet files. 数据湖")

Anew = Annotated[bool, typer.Option("--anew", help="Write everything again. 全部重新导出。")]
Whole = Annotated[bool, typer.Option("--whole", help="Join everything that is not full, this month's too. 合并所有未满的文件。")]
Json = Annotated[bool, typer.Option("--json", help="As one JSON document. 输出 JSON。")]
Lang = Annotated[str, typer.Option("--lang", help="en or zh. 语言。")]

_PUBLISHED = Text(
    "Published as number {serial}: {rows:,} rows in {files:,} files, {seconds:.1f} s.",
    "已发布第 {serial} 版：{files:,} 个文件共 {rows:,} 行，用时 {seconds:.1f} 秒。",
)
_NOTHING = Text("There was nothing to join.", "没有需要合并的文件。")
_STATUS = Text(
    "Number {serial}, as of {as_of:%Y-%m-%d %H:%M:%S} UTC, days of {zone}; written in {seconds:.1f} s.",
    "第 {serial} 版，截至 {as_of:%Y-%m-%d %H:%M:%S} UTC，日期按 {zone}；用时 {seconds:.1f} 秒。",
)
_HELD = Text(
    "Process {pid} of the database has been writing for {seconds:.0f} s; the lake cannot go past it.",
    "数据库进程 {pid} 的写事务已持续 {seconds:.0f} 秒，数据湖暂时无法越过它。",
)


@app.command("export")
def export(context: typer.Context, *, anew: Anew = False, lang: Lang = "en") -> None:
    """Bring the lake up to date. 更新数据湖。"""
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=Console(stderr=True), transient=True
    ) as bar:
        task = bar.add_task("lake", total=None)
        published = export_lake.run(
            _db(context),
            _folder(context),
            anew=anew,
            patience_s=PATIENCE_S,
            watch=lambda table, rows: bar.update(task, description=f"{table} · {rows:,}"),
        )
    if published is not None:
        _say(published, lang)


@app.command("compact")
def compact(context: typer.Context, *, whole: Whole = False, lang: Lang = "en") -> None:
    """Join small files. 合并小文件。"""
    published = export_lake.compact(_db(context), _folder(context), whole=whole, patience_s=PATIENCE_S)
    if published is None:
        typer.echo(_NOTHING.in_(lang))
    else:
        _say(published, lang)


@app.command("status")
def status(context: typer.Context, *, as_json: Json = False, lang: Lang = "en") -> None:
    """How fresh the lake is and what is in it. 数据湖的时效与内容。"""
    with _db(context).reading() as ctx:
        found = exporting.status(ctx, _folder(context))
    manifest = found.manifest
    if as_json:
        typer.echo(orjson.dumps(_content(found), option=orjson.OPT_INDENT_2).decode())
        return
    zone = manifest.about[exporting.ZONE]
    typer.echo(_STATUS.in_(lang).format(serial=manifest.serial, as_of=manifest.as_of, zone=zone, seconds=manifest.seconds))
    if found.held_by is not None:
        typer.echo(_HELD.in_(lang).format(pid=found.held_by[0], seconds=found.held_by[1]))
    table = Table()
    table.add_column(Text("table", "表").in_(lang))
    for heading in (Text("rows", "行数"), Text("files", "文件数"), Text("bytes", "字节数")):
        table.add_column(heading.in_(lang), justify="right")
    for name, files in sorted(manifest.tables.items()):
        table.add_row(name, f"{sum(f.rows for f in files):,}", f"{len(files):,}", f"{sum(f.bytes for f in files):,}")
    Console().print(table)


def _content(found: exporting.Status) -> dict[str, object]:
    manifest = found.manifest
    return {
        "serial": manifest.serial,
        "epoch": manifest.epoch,
        "watermark": manifest.watermark,
        "as_of": manifest.as_of,
        "seconds": manifest.seconds,
        "about": dict(manifest.about),
        "held_by": found.held_by,
        "rows": manifest.rows,
        "files": {name: len(files) for name, files in manifest.tables.items()},
        "waiting_for_readers": len(manifest.retired),
    }


def _say(published: Manifest, lang: str) -> None:
    files = sum(len(found) for found in published.tables.values())
    rows = sum(published.rows.values())
    typer.echo(_PUBLISHED.in_(lang).format(serial=published.serial, rows=rows, files=files, seconds=published.seconds))


def _db(context: typer.Context) -> Database:
    return cast(Database, context.obj)


def _folder(context: typer.Context) -> Path:
    return cast(Path, context.meta[FOLDER])
