"""``regulars simulate``: a draft on the brand's own history, beside the programme in force, as tables."""

import time
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from regulars.domains.loyalty.tasks import simulate as task
from regulars.domains.loyalty.tasks.simulate import Wish
from regulars.kernel import money, problem
from regulars.platform.db import Database

app = typer.Typer(add_completion=False)

_BASIS = 10_000
_UNIT_ROWS = ("granted", "spent", "expired", "reversed", "outstanding", "cost", "liability")
_MONEY = frozenset({"cost", "liability"})


@app.command("simulate")
def simulate(
    context: typer.Context,
    draft: Annotated[str, typer.Argument(help="A YAML file, or a version's number. YAML 文件或版本号。")],
    *,
    against: Annotated[int | None, typer.Option("--against", help="A version; left out: in force. 对照版本，缺省为现行。")] = None,
    sample: Annotated[float, typer.Option("--sample", min=0.01, max=100, help="Percent of members. 会员抽样百分比。")] = 100,
    since: Annotated[str, typer.Option("--since", help="Count flows from this ISO time. 自此时间起计流量。")] = "",
    processes: Annotated[int | None, typer.Option("--processes", min=1, max=32, help="Side by side. 并行进程数。")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The whole result as JSON. 输出完整 JSON。")] = False,
) -> None:
    """Replay history under a draft and under the programme in force; nothing is recorded. Ctrl-C stops it.

    在历史订单上并排重放草案与现行计划；不写入任何数据，Ctrl-C 可随时停止。
    """
    db: Database = context.obj
    with db.reading() as ctx:
        wanted = task.ask(ctx, _wish(draft, against=against, sample=sample, since=since))
    began, orders = time.monotonic(), 0
    columns = (TextColumn("simulate"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.fields[orders]}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        shown = bar.add_task("simulate", total=None, orders="")

        def moved(done: int, total: int, replayed: int) -> None:
            nonlocal orders
            orders = replayed
            bar.update(shown, completed=done, total=total, orders=f"{replayed:,} orders · {replayed:,} 单")

        found = task.simulate(db, wanted, processes=processes, moved=moved)
    if as_json:
        typer.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
        return
    _print(found)
    seconds = max(time.monotonic() - began, 0.001)
    typer.echo(f"{orders:,} orders in {seconds:.1f} s, {orders / seconds:,.0f}/s · 共 {orders:,} 单，每秒 {orders / seconds:,.0f} 单")


def _wish(draft: str, *, against: int | None, sample: float, since: str) -> Wish:
    common: dict[str, Any] = {"against": against, "sample_bp": max(1, round(sample * 100)), "since": _time(since) if since else None}
    if draft.isdecimal():
        return Wish(version=int(draft), **common)
    path = Path(draft)
    if not path.is_file():
        raise problem.invalid("draft", draft, "a YAML file that is there, or a version's number")
    return Wish(document=path.read_text("utf-8"), **common)


def _time(text: str) -> datetime:
    expected = "an ISO time with a zone, like 2026-12-01T00:00:00+08:00"
    try:
        read = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise problem.invalid("since", text, expected) from wrong
    if read.tzinfo is None:
        raise problem.invalid("since", text, expected)
    return read


def _print(found: dict[str, Any]) -> None:
    screen = Console()
    screen.print(_units(found))
    for ladder in found["ladders"]:
        screen.print(_levels(ladder))
    screen.print(_rules(found))
    screen.print(_verdicts(found))
    for one in found["assumptions"]:
        times = f" ({one['times']:,}×)" if one["times"] is not None else ""
        screen.print(f"· {one['text']['en']}{times}\n  {one['text']['zh']}", markup=False, highlight=False)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title)
    table.add_column(columns[0])
    for column in columns[1:]:
        table.add_column(column, justify="right")
    return table


def _row(table: Table, name: str, before: int | None, after: int | None, show: Any = "{:,}".format) -> None:
    change = "" if before is None or after is None or before == after else f"{after - before:+,}"
    if show is not _PLAIN and change:
        change = show((after or 0) - (before or 0))
    table.add_row(name, "—" if before is None else show(before), "—" if after is None else show(after), change)


_PLAIN = "{:,}".format


def _units(found: dict[str, Any]) -> Table:
    table = _table("Points · 积分", "", "in force · 现行", "draft · 草案", "difference · 差异")
    currency = found["currency"]
    sides = [{unit["unit"]: unit for unit in found[side]["units"]} for side in ("before", "after")]
    for unit in dict.fromkeys([*sides[0], *sides[1]]):
        for name in _UNIT_ROWS:
            values = [side[unit][name] if unit in side else None for side in sides]
            show = (lambda amount: f"{money.format_minor(amount, currency)} {currency}") if name in _MONEY else _PLAIN
            _row(table, f"{unit} {name}", values[0], values[1], show)
    shares = [found[side]["cost_share_bp"] for side in ("before", "after")]
    _row(table, "cost ÷ revenue · 成本占收入", shares[0], shares[1], lambda share: f"{share / 100:.2f} %")
    return table


def _levels(ladder: dict[str, Any]) -> Table:
    table = _table(f"Tiers · 等级 ({ladder['ladder']})", "", "in force · 现行", "draft · 草案", "difference · 差异")
    for level in ladder["levels"]:
        _row(table, f"{level['label']['en']} · {level['label']['zh']}", level["before"], level["after"], _PLAIN)
    return table


def _rules(found: dict[str, Any]) -> Table:
    table = _table("Units by rule · 各规则发放", "", "in force · 现行", "draft · 草案", "difference · 差异")
    for rule in found["rules"]:
        sides = [rule[side]["units"] if rule[side] else None for side in ("before", "after")]
        _row(table, f"{rule['label']['en']} · {rule['label']['zh']}", sides[0], sides[1], _PLAIN)
    return table


def _verdicts(found: dict[str, Any]) -> Table:
    table = _table("Members · 会员", "", "members · 人数", f"value · 价值 ({found['currency']})")
    names = {
        "better": "better off · 更好",
        "same": "the same · 相同",
        "worse": "worse off · 更差",
        "mixed": "value and tier disagree · 价值与等级相反",
    }
    for one in found["verdicts"]:
        table.add_row(names[one["verdict"]], f"{one['members']:,}", money.format_minor(one["value"], found["currency"]))
    return table
