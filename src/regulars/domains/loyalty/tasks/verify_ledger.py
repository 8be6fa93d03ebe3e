"""``verify`` as a coarse job: started from a screen, watched, cancelled; what the newest one found stays with it for thirty days."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing

from regulars.domains.loyalty.service.verifying import Finding
from regulars.domains.loyalty.tasks import verify_beside
from regulars.domains.operators import service as operators
from regulars.kernel import problem
from regulars.kernel.problem import Kind
from regulars.platform import jobs
from regulars.platform.context import Ctx
from regulars.platform.db import Database
from regulars.platform.jobs import Progress, Run

JOB = "verify"
PERMISSION = "verify.run"
KEPT = 5
"""So many disagreements are kept in words; all are counted."""
_AUDITED = "ledger.verified"

NOT_RUNNING = problem.define(
    "verify.not_running", Kind.conflict, en="The ledger is not being verified: nothing to stop.", zh="当前没有正在进行的账本核验。"
)

Check = Callable[[Database], Iterable[str]]
"""A further check, as of the lake: a sentence for everything that disagrees."""


def start(ctx: Ctx) -> Progress:
    """A verification is queued; one that waits or runs already is answered instead."""
    ctx.require(PERMISSION)
    latest = newest(ctx)
    if latest is not None and not latest.ended:
        return latest
    job_id = jobs.defer(ctx, JOB, queueing_lock=JOB, lock=JOB)
    operators.audit(ctx, action="ledger.verifying", entity=f"job/{job_id}")
    return jobs.find(ctx, [job_id])[job_id]


def cancel(ctx: Ctx) -> Progress:
    """The verification that waits or runs stops. Raises ``verify.not_running``."""
    ctx.require(PERMISSION)
    latest = newest(ctx)
    if latest is None or latest.ended or not jobs.cancel(ctx, latest.job_id):
        raise NOT_RUNNING()
    return jobs.find(ctx, [latest.job_id])[latest.job_id]


def newest(ctx: Ctx, *statuses: str) -> Progress | None:
    """The newest verification (in one of the job's ``statuses``); None when there is none, or it is forgotten."""
    return next(iter(jobs.recent(ctx, name=JOB, statuses=statuses, limit=1)), None)


def kept(one: Progress) -> Sequence[str]:
    """The first disagreements of a verification that ended, in words."""
    return one.message.split("\n") if one.failed else ()


def work(run: Run, *, also: Sequence[Check] = ()) -> None:
    """The job: everything ``regulars verify`` looks at. How many decisions, and how many disagreements, stays with the job and in the
    audit log.
    """
    decisions, first, found = 0, list[str](), 0

    def note(sentence: str) -> None:
        nonlocal found
        found += 1
        if len(first) < KEPT:
            first.append(sentence)

    def moved(done: int, total: int) -> None:
        nonlocal decisions
        decisions = done
        run.report(done=done, total=total, failed=found, message="verifying")

    with closing(verify_beside.verify(run.db, progress=moved)) as findings:
        for finding in findings:
            note(_said(finding))
    for check in also:
        for sentence in check(run.db):
            note(sentence)
    run.check()
    run.report(done=decisions, total=decisions, failed=found, message="\n".join(first) or "done", last=True)
    with run.db.transaction() as ctx:
        told = {"decisions": decisions, "disagreements": found}
        operators.audit(ctx, action=_AUDITED, entity=f"job/{run.job_id}", after=told)


def _said(one: Finding) -> str:
    return f"{one.what}: {one.member or '-'}, {one.where}: {one.stored} / {one.expected}"[:300]
