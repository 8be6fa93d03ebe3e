"""``regulars report``: the main numbers in the terminal."""

from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from regulars.domains.insights.model.report import DEFINITIONS, Report
from regulars.domains.insights.service import reporting as service
from regulars.kernel import money
from regulars.platform.db import Database

app = typer.Typer(add_completion=False)


@app.command("report")
def report(
    context: typer.Context,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON document. 输出 JSON。")] = False,
    lang: Annotated[str, typer.Option("--lang", help="en or zh. 语言。")] = "en",
) -> None:
    """Print repurchase, tier spread and points. 打印复购率、等级分布与积分。"""
    db: Database = context.obj
    with db.reading() as ctx:
        found = service.report(ctx)
    if as_json:
        typer.echo(orjson.dumps(service.content(found), option=orjson.OPT_INDENT_2).decode())
    else:
        render(found, Console(), lang=lang)


def render(found: Report, console: Console, *, lang: str) -> None:
    """Print the report as tables, each with its definition, in ``lang``."""
    zh = lang.startswith("zh")

    console.print(
        f"{'数据' if zh else 'Data'}: {found.first_day} – {found.last_day} ({found.zone}) · {'会员' if zh else 'members'} {found.members:,} · "
        f"{'订单' if zh else 'orders'} {found.orders:,} ({'匿名' if zh else 'anonymous'} {found.anonymous_orders:,}) · "
        f"{'营收' if zh else 'revenue'} {_money(found.revenue, found)} · {'已退' if zh else 'refunded'} {_money(found.refunded, found)} · "
        f"{'未匹配退款' if zh else 'unmatched refunds'} {_money(found.unmatched_refunds, found)}"
    )
    console.print(_repurchase(found, zh=zh))
    console.print(DEFINITIONS["repurchase"].in_(lang), style="dim")
    console.print(_tiers(found, zh=zh))
    console.print(_units(found, zh=zh))
    console.print(DEFINITIONS["points"].in_(lang), style="dim")


def _money(amount: int, found: Report) -> str:
    return f"{money.format_minor(amount, found.currency)} {found.currency}"


def _repurchase(found: Report, *, zh: bool) -> Table:
    table = Table(title="复购率" if zh else "Repurchase rate 复购率")
    for name in ("N 天内", "会员", "复购会员", "复购率") if zh else ("within", "members", "returned", "rate"):
        table.add_column(name, justify="right")
    for row in found.repurchase:
        rate = "—" if row.rate_bp is None else f"{row.rate_bp / 100:.2f} %"
        table.add_row(f"{row.days} {'天' if zh else 'days'}", f"{row.members:,}", f"{row.returned:,}", rate)
    return table


def _tiers(found: Report, *, zh: bool) -> Table:
    table = Table(title="等级分布" if zh else "Tiers 等级")
    table.add_column("等级" if zh else "level")
    table.add_column("会员" if zh else "members", justify="right")
    for level, count in found.tiers:
        table.add_row(level, f"{count:,}")
    return table


def _units(found: Report, *, zh: bool) -> Table:
    table = Table(title="积分" if zh else "Points 积分")
    for name in (
        ("单位", "发放", "使用", "过期", "冲回", "未使用") if zh else ("unit", "issued", "spent", "expired", "reversed", "outstanding")
    ):
        table.add_column(name, justify="left" if name in ("单位", "unit") else "right")
    for unit in found.units:
        counts = (unit.issued, unit.spent, unit.expired, unit.reversed, unit.outstanding)
        table.add_row(unit.unit, *(f"{count:,}" for count in counts))
    return table
