"""``regulars verify``: prove that every balance follows from the facts."""

import time
from contextlib import closing
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from regulars.domains.loyalty.tasks import verify_beside
from regulars.platform.db import Database

app = typer.Typer(add_completion=False)

DISAGREES = 1
ALSO = "regulars.verify.also"
"""The name in the context's ``meta`` of further checks: each takes the database and gives a sentence for everything that disagrees."""

Processes = Annotated[
    int | None,
    typer.Option(
        "--processes", min=1, max=32, help="That look side by side; left out: 2 for large ledgers. 并行进程数，缺省时大账本用 2 个。"
    ),
]


@app.command("verify")
def verify(context: typer.Context, *, processes: Processes = None) -> None:
    """Fold every journal, decide every fact again, compare with what is stored; exit code 1 when anything disagrees.

    折叠全部流水、重算每一事实，并与存储逐项比对；如有不符，退出码为 1。
    """
    db: Database = context.obj
    found, decisions, started = 0, 0, time.monotonic()
    columns = (TextColumn("verify"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("verify", total=None)

        def progress(done: int, total: int) -> None:
            nonlocal decisions
            decisions = done
            bar.update(task, completed=done, total=total)

        with closing(verify_beside.verify(db, processes=processes, progress=progress)) as findings:
            for finding in findings:
                found += 1
                typer.echo(
                    f"{finding.what}: member {finding.member}, {finding.where}: stored {finding.stored}; expected {finding.expected}"
                )
    for check in context.meta.get(ALSO, ()):
        for sentence in check(db):
            found += 1
            typer.echo(sentence)
    seconds = time.monotonic() - started
    typer.echo(
        f"{decisions} decisions folded and decided again in {seconds:.1f} s: {found} disagreements · 共 {decisions} 条决策，{found} 处不符"
    )
    if found:
        raise typer.Exit(DISAGREES)
