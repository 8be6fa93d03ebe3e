"""``regulars programme``: check, publish and read the programme document."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from regulars.domains.loyalty import document, service
from regulars.domains.loyalty.cli import reassess
from regulars.domains.loyalty.service import templating
from regulars.kernel import problem
from regulars.platform.db import Database

app = typer.Typer(no_args_is_help=True, help="The programme document. 会员计划文档。")

_File = Annotated[Path, typer.Argument(help="A YAML document. YAML 文档。", exists=True, dir_okay=False, readable=True)]


@app.command("templates")
def list_templates() -> None:
    """Programmes to begin from. 会员计划模板。"""
    for one in templating.templates():
        typer.echo(f"{one.name}\t{one.label.en} · {one.label.zh}")


@app.command("new")
def new(
    *,
    template: Annotated[str, typer.Option("--template", help="A template's name. 模板名称。")],
    currency: Annotated[str, typer.Option("--currency", help="ISO code; left out: the template's. 币种，缺省为模板币种。")] = "",
    time_zone: Annotated[str, typer.Option("--time-zone", help="Left out: the template's. 时区，缺省为模板时区。")] = "",
) -> None:
    """Print a template's document, to be edited and published. 输出模板文档。"""
    typer.echo(templating.get_template(template, currency=currency, time_zone=time_zone).text, nl=False)


@app.command("check")
def check(file: _File) -> None:
    """Check a document; every wrong place is named. 检查文档，逐处指出错误。"""
    document.build(document.read(file.read_text("utf-8")), 0)
    typer.echo("valid · 有效")


@app.command("publish")
def publish(
    context: typer.Context,
    file: _File,
    *,
    at: Annotated[str, typer.Option("--at", help="ISO time with a zone; left out: now. 生效时间，缺省为现在。")] = "",
    note: Annotated[str, typer.Option("--note", help="What it is about. 说明。")] = "",
) -> None:
    """Check a document and publish it as a new version. 检查并发布为新版本。"""
    db: Database = context.obj
    with db.transaction() as ctx:
        draft = service.add_draft(ctx, file.read_text("utf-8"), note=note)
        made = service.publish(ctx, draft.version, at=_time(at) if at else None)
    typer.echo(f"version {made.version} from {made.effective_from} · 版本 {made.version} 自 {made.effective_from} 起生效")


def _time(text: str) -> datetime:
    try:
        read = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise problem.invalid("at", text, "an ISO time with a zone, like 2026-12-01T00:00:00+08:00") from wrong
    if read.tzinfo is None:
        raise problem.invalid("at", text, "a time with a zone, like 2026-12-01T00:00:00+08:00")
    return read


@app.command("list")
def list_versions(context: typer.Context) -> None:
    """Every version, newest first. 所有版本。"""
    db: Database = context.obj
    table = Table("version", "state", "effective from", "by", "note")
    with db.reading() as ctx:
        for version in service.list_versions(ctx):
            table.add_row(str(version.version), version.state, str(version.effective_from or "—"), version.created_by, version.note)
    Console().print(table)


@app.command("show")
def show(
    context: typer.Context, version: Annotated[int, typer.Argument(help="A version's number; 0: in force now. 版本号，0 为当前。")] = 0
) -> None:
    """Print a version's document. 输出版本文档。"""
    db: Database = context.obj
    with db.reading() as ctx:
        number = version or service.programmes(ctx).at(ctx.now).version
        typer.echo(service.version(ctx, number).document)


@app.command("schema")
def schema() -> None:
    """Print the document language's JSON Schema. 输出文档的 JSON Schema。"""
    typer.echo(orjson.dumps(document.Document.model_json_schema(), option=orjson.OPT_INDENT_2).decode())


app.command("reassess")(reassess.run)
