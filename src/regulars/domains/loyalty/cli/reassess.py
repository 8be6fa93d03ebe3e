"""``regulars programme reassess``: who would move under the ladders in force, and then everybody re-assessed."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from regulars.domains.loyalty import service
from regulars.domains.loyalty.model.simulation import State
from regulars.domains.loyalty.service import reassessing
from regulars.domains.loyalty.tasks import preview_reassessment, reassess
from regulars.kernel import money
from regulars.kernel.text import Text
from regulars.platform import jobs
from regulars.platform.db import Database

_COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
_NO_WORKER = "Waiting for a worker; it goes on by itself once one runs. 等待后台任务进程，启动后自动继续。"


def run(
    context: typer.Context,
    *,
    up_only: Annotated[bool, typer.Option("--up-only", help="Nobody goes down. 只升不降。")] = False,
    reason: Annotated[str, typer.Option("--reason", help="Goes into the audit log. 原因，记入审计日志。")] = "",
    preview: Annotated[bool, typer.Option("--preview", help="Only show who would move. 仅预览。")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask. 不再确认。")] = False,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Watch it to its end. 等待完成。")] = True,
) -> None:
    """Re-assess everybody by the version in force: first who would move and what it costs, then, once confirmed, for good.

    按现行版本重新评定全部会员：先预览谁会变动与成本，确认后执行；可随时中断，重复执行不会重复变动。
    """
    db: Database = context.obj
    down = not up_only
    with db.reading() as ctx:
        version = service.programmes(ctx).at(ctx.now).version
        wanted = preview_reassessment.ask(ctx, version=version, down=down)
        with Progress(*_COLUMNS, console=Console(stderr=True), transient=True) as bar:
            shown = bar.add_task("preview", total=None)
            found = reassessing.preview(ctx, wanted, moved=lambda done, total: bar.update(shown, completed=done, total=total))
    _print(found)
    if preview or not (yes or typer.confirm(f"Re-assess everybody by version {version}? 按版本 {version} 重新评定全部会员？")):
        return
    with db.transaction() as ctx:
        preview_reassessment.keep(ctx, wanted, found)
        seen, _ = reassess.start(ctx, down=down, reason=reason)
    typer.echo(reassess.wire(seen.one.reassessment_id))
    if wait:
        _watch(db, seen)


def _watch(db: Database, seen: reassess.Seen) -> None:
    with Progress(*_COLUMNS, console=Console(stderr=True), transient=True) as bar:
        shown = bar.add_task("reassess", total=None)
        for told, job in enumerate(jobs.watch(db, seen.one.job_id)):
            bar.update(shown, completed=job.done, total=job.total)
            if told == 10 and job.status == "todo":
                typer.echo(_NO_WORKER, err=True)
    with db.reading() as ctx:
        seen = reassess.get(ctx, seen.one.reassessment_id)
        names = reassessing.telling.names(service.programmes(ctx))
    tally = seen.one.tally
    said = Text(
        f"{seen.state.value}: {tally.looked:,} members looked at, {tally.moved:,} moved, {tally.failed:,} refused",
        f"共评定 {tally.looked:,} 人，变动 {tally.moved:,} 人，拒绝 {tally.failed:,} 人",
    )
    typer.echo(f"{said.en}\n{said.zh}")
    for (ladder, was, now), members in tally.steps.items():
        before, after = (names.get((ladder, level), Text(level, level)) for level in (was, now))
        typer.echo(f"{members:,}\t{before.en} → {after.en}\t{before.zh} → {after.zh}")
    if seen.state is not State.done:
        raise typer.Exit(1)


def _print(found: dict[str, Any]) -> None:
    screen = Console()
    for ladder in found["ladders"]:
        screen.print(_matrix(ladder))
    said = Text(
        f"{found['members']:,} members, {found['moved']:,} move: {found['up']:,} up, {found['down']:,} down, of them {found['early']:,} "
        "whose term of keeping the level ends early",
        f"共 {found['members']:,} 人，变动 {found['moved']:,} 人：升 {found['up']:,} 人，降 {found['down']:,} 人，"
        f"其中 {found['early']:,} 人的保级期提前结束",
    )
    typer.echo(f"{said.en}\n{said.zh}")
    screen.print(_cost(found))
    for one in (found["cost"]["formula"], *found["notes"]):
        screen.print(f"· {one['en']}\n  {one['zh']}", markup=False, highlight=False)


def _matrix(ladder: dict[str, Any]) -> Table:
    """From the level of the row to the level of the column."""
    label = ladder["label"]
    table = Table(title=f"{label['en']} · {label['zh']}")
    table.add_column("")
    for level in ladder["after"]:
        table.add_column(f"→ {level['label']['en']} · {level['label']['zh']}", justify="right")
    members = {(cell["before"], cell["after"]): cell["members"] for cell in ladder["cells"]}
    for was in ladder["before"]:
        counts = [members.get((was["level"], now["level"])) for now in ladder["after"]]
        table.add_row(f"{was['label']['en']} · {was['label']['zh']}", *("" if count is None else f"{count:,}" for count in counts))
    return table


def _cost(found: dict[str, Any]) -> Table:
    cost, currency = found["cost"], found["currency"]
    table = Table(title=f"Benefits a year at most, an estimate ({currency}) · 权益年成本上限估算")
    table.add_column("")
    for column in ("before · 变动前", "after · 变动后", "difference · 差额"):
        table.add_column(column, justify="right")
    for one in cost["benefits"]:
        amounts = (one["cost_before"], one["cost_after"], one["difference"])
        table.add_row(f"{one['label']['en']} · {one['label']['zh']}", *(_money(amount, currency) for amount in amounts))
    table.add_row("all · 合计", *(_money(cost[name], currency) for name in ("before", "after", "difference")))
    return table


def _money(minor: int | None, currency: str) -> str:
    return "—" if minor is None else money.format_minor(minor, currency)
