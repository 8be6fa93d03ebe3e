"""``verify`` as a coarse job: started from a screen, watched, cancelled; what the newest one found stays with it for thirty days. One that
was run on the command line is kept beside them.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime

from regulars.domains.loyalty.model.verification import PREFIX, Verification
from regulars.domains.loyalty.service.verifying import Finding
from regulars.domains.loyalty.store import verifications as store
from regulars.domains.loyalty.tasks import verify_beside
from regulars.domains.operators import service as operators
from regulars.kernel import ids, problem
from regulars.kernel.problem import Kind
from regulars.platform import jobs, newid
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


@dataclass(slots=True)
class Tally:
    """How much disagreed so far, and the first of it in words."""

    found: int = 0
    first: list[str] = field(default_factory=list)

    def note(self, sentence: str) -> None:
        """One more disagrees."""
        self.found += 1
        if len(self.first) < KEPT:
            self.first.append(sentence)


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


def newest_by_hand(ctx: Ctx) -> Verification | None:
    """The newest verification that was run on the command line; None when there is none."""
    return store.newest(ctx.tx)


def keep(ctx: Ctx, tally: Tally, *, decisions: int, started_at: datetime) -> Verification:
    """What a verification on the command line came to is kept, and is in the audit log, as of one that ran as a job."""
    one = Verification(
        verification_id=newid.uuid7(),
        decisions=decisions,
        disagreements=tally.found,
        first=tuple(tally.first),
        asked_by=ctx.actor.id,
        started_at=started_at,
        ended_at=ctx.now,
    )
    store.add(ctx.tx, one)
    _audit(ctx, ids.encode(PREFIX, one.verification_id), decisions=decisions, found=tally.found)
    return one


def _audit(ctx: Ctx, entity: str, *, decisions: int, found: int) -> None:
    operators.audit(ctx, action=_AUDITED, entity=entity, after={"decisions": decisions, "disagreements": found})


def kept(one: Progress) -> Sequence[str]:
    """The first disagreements of a verification that ended, in words."""
    return one.message.split("\n") if one.failed else ()


def work(run: Run, *, also: Sequence[Check] = ()) -> None:
    """The job: everything ``regulars verify`` looks at. How many decisions, and how many disagreements, stays with the job and in the
    audit log.
    """
    decisions, tally = 0, Tally()

    def moved(done: int, total: int) -> None:
        nonlocal decisions
        decisions = done
        run.report(done=done, total=total, failed=tally.found, message="verifying")

    with closing(verify_beside.verify(run.db, progress=moved)) as findings:
        for finding in findings:
            tally.note(said(finding))
    for check in also:
        for sentence in check(run.db):
            tally.note(sentence)
    run.check()
    run.report(done=decisions, total=decisions, failed=tally.found, message="\n".join(tally.first) or "done", last=True)
    with run.db.transaction() as ctx:
        _audit(ctx, f"job/{run.job_id}", decisions=decisions, found=tally.found)


def said(one: Finding) -> str:
    """A disagreement in words that stay short."""
    return f"{one.what}: {one.member or '-'}, {one.where}: {one.stored} / {one.expected}"[:300]
