"""``regulars verify``: prove that every balance follows from the facts."""

import time
from contextlib import closing
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from regulars.domains.loyalty.tasks import verify_beside, verify_ledger
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
    """Fold every journal, decide every fact again, compare with what is stored; exit code 1 when anything disagrees; the console shows it.

    折叠全部流水、重算每一事实，并与存储逐项比对；如有不符，退出码为 1。结果在控制台可见。
    """
    db: Database = context.obj
    tally, decisions, started, started_at = verify_ledger.Tally(), 0, time.monotonic(), db.clock.now()
    columns = (TextColumn("verify"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("verify", total=None)

        def progress(done: int, total: int) -> None:
            nonlocal decisions
            decisions = done
            bar.update(task, completed=done, total=total)

        with closing(verify_beside.verify(db, processes=processes, progress=progress)) as findings:
            for finding in findings:
                tally.note(verify_ledger.said(finding))
                typer.echo(
                    f"{finding.what}: member {finding.member}, {finding.where}: stored {finding.stored}; expected {finding.expected}"
                )
    for check in context.meta.get(ALSO, ()):
        for sentence in check(db):
            tally.note(sentence)
            typer.echo(sentence)
    seconds, found = time.monotonic() - started, tally.found
    typer.echo(
        f"{decisions} decisions folded and decided again in {seconds:.1f} s: {found} disagreements · 共 {decisions} 条决策，{found} 处不符"
    )
    with db.transaction() as ctx:
        verify_ledger.keep(ctx, tally, decisions=decisions, started_at=started_at)
    if found:
        raise typer.Exit(DISAGREES)
