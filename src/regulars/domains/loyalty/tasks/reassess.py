"""Re-assessments: everybody told to the engine, batch by batch, as a coarse job that any worker takes.

It goes on where its last commit ended, whoever ran it and however that ended: each member's fact has a claim, and how far it is is
written behind the batch. All are looked at as of one moment and by one version, so that it makes no difference when their turn comes.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from regulars.domains.loyalty import service as loyalty
from regulars.domains.loyalty.model import reassessment as model
from regulars.domains.loyalty.model.reassessment import Reassessment, Tally
from regulars.domains.loyalty.model.simulation import State
from regulars.domains.loyalty.rules import reassessing as rules
from regulars.domains.loyalty.service import reassessing
from regulars.domains.loyalty.store import reassessments as store
from regulars.domains.loyalty.store import simulations as counting
from regulars.domains.loyalty.tasks import following
from regulars.domains.operators import service as operators
from regulars.kernel import ids, problem
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Kind, Problem
from regulars.platform import batching, jobs, newid
from regulars.platform.context import Actor, Ctx
from regulars.platform.jobs import Progress, Run

JOB = "reassess"
PERMISSION = "programme.publish"
_PATIENCE = 20
"""How often a batch is told again whose members others were changing all the while."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A re-assessment as those see it who watch; ``job`` is None when it is forgotten."""

    one: Reassessment
    job: Progress | None

    @property
    def state(self) -> State:
        return following.state(self.job, done=self.one.ended_at is not None, failed=self.one.error is not None)


def start(ctx: Ctx, *, down: bool, reason: str = "") -> tuple[Seen, bool]:
    """The re-assessment by the version in force is queued; returns it and whether it is new: one under way like this is given back.

    Raises ``programme.none``, ``reassessments.not_previewed``, ``reassessments.under_way``.
    """
    ctx.require(PERMISSION)
    store.lock(ctx.tx)
    version = loyalty.programmes(ctx).at(ctx.now).version
    under_way = _under_way(ctx)
    if under_way is not None:
        same = (under_way.one.version, under_way.one.down) == (version, down)
        if same and under_way.state is not State.stopping:
            return under_way, False
        raise model.UNDER_WAY(reassessment=wire(under_way.one.reassessment_id), state=under_way.state.value)
    preview_id = store.latest_preview(ctx.tx, loyalty.version(ctx, version).document, down=down)
    if preview_id is None:
        raise model.NOT_PREVIEWED(version=version)
    reassessment_id = newid.uuid7()
    one = Reassessment(
        reassessment_id=reassessment_id,
        version=version,
        down=down,
        reason=reason,
        at=ctx.now,
        preview_id=preview_id,
        job_id=_queued(ctx, reassessment_id),
        asked_by=ctx.actor.id,
        cursor=None,
        tally=Tally(),
        ended_at=None,
        error=None,
    )
    store.add(ctx.tx, one)
    operators.audit(
        ctx, action="reassessment.started", entity=wire(reassessment_id), after={"version": version, "down": down}, reason=reason
    )
    return get(ctx, reassessment_id), True


def _queued(ctx: Ctx, reassessment_id: UUID) -> int:
    return jobs.defer(ctx, JOB, {"reassessment": reassessment_id.hex}, lock=JOB)


def _under_way(ctx: Ctx) -> Seen | None:
    """The one that goes on by itself; there is never more than one."""
    return next((seen for seen in _seen(ctx, store.unfinished(ctx.tx)) if seen.state in following.LIVE), None)


def cancel(ctx: Ctx, reassessment_id: UUID) -> Seen:
    """The re-assessment stops before its next batch; who has moved stays moved. Cancelled twice is cancelled.

    Raises ``not_found``, ``reassessments.ended``.
    """
    ctx.require(PERMISSION)
    store.lock(ctx.tx)
    seen = get(ctx, reassessment_id)
    if seen.state in (State.cancelled, State.stopping):
        return seen
    if seen.state not in following.LIVE:
        raise model.ENDED(what=wire(reassessment_id), state=seen.state.value)
    jobs.cancel(ctx, seen.one.job_id)
    operators.audit(ctx, action="reassessment.cancelled", entity=wire(reassessment_id))
    return get(ctx, reassessment_id)


def resume(ctx: Ctx, reassessment_id: UUID) -> Seen:
    """The re-assessment goes on where its last commit ended. Resumed twice, it runs once.

    Raises ``not_found``, ``reassessments.not_stopped``, ``reassessments.superseded``, ``reassessments.under_way``.
    """
    ctx.require(PERMISSION)
    store.lock(ctx.tx)
    seen = get(ctx, reassessment_id)
    if seen.state in following.LIVE - {State.stopping}:
        return seen
    if seen.state not in (State.cancelled, State.failed):
        raise model.NOT_STOPPED(reassessment=wire(reassessment_id), state=seen.state.value)
    reassessing.require_in_force(ctx, seen.one)
    other = _under_way(ctx)
    if other is not None:
        raise model.UNDER_WAY(reassessment=wire(other.one.reassessment_id), state=other.state.value)
    store.queue_again(ctx.tx, reassessment_id, _queued(ctx, reassessment_id))
    operators.audit(ctx, action="reassessment.resumed", entity=wire(reassessment_id))
    return get(ctx, reassessment_id)


def get(ctx: Ctx, reassessment_id: UUID) -> Seen:
    """The re-assessment as it stands. Raises ``not_found``."""
    return _seen(ctx, [_one(ctx, reassessment_id)])[0]


def _one(ctx: Ctx, reassessment_id: UUID) -> Reassessment:
    one = store.find(ctx.tx, reassessment_id)
    if one is None:
        raise problem.NOT_FOUND(what="re-assessment", key=wire(reassessment_id))
    return one


def list_reassessments(ctx: Ctx, *, before: tuple[datetime, UUID] | None, limit: int) -> list[Seen]:
    """Re-assessments, newest first, after the cursor (at, id)."""
    return _seen(ctx, store.page(ctx.tx, before=before, limit=limit))


def _seen(ctx: Ctx, listed: list[Reassessment]) -> list[Seen]:
    working = jobs.find(ctx, [one.job_id for one in listed])
    return [Seen(one=one, job=working.get(one.job_id)) for one in listed]


def wire(reassessment_id: UUID) -> str:
    """The re-assessment's id as people see it."""
    return ids.encode(model.REASSESSMENT, reassessment_id)


def work(run: Run, *, size: int = reassessing.SIZE) -> None:
    """The job: tell the engine of everybody who is left. Why it failed stays with the re-assessment, in both languages."""
    reassessment_id = UUID(hex=run.args["reassessment"])
    try:
        _go_through(run, reassessment_id, size)
    except Problem as refused:
        with run.db.transaction() as ctx:
            store.fail(ctx.tx, reassessment_id, following.error(refused))
        raise


def _go_through(run: Run, reassessment_id: UUID, size: int) -> None:
    tries = 0
    while True:
        run.check()
        with run.db.reading() as ctx:
            one = _one(ctx, reassessment_id)
            total = counting.member_count(ctx.tx)
            members = store.members_after(ctx.tx, one.cursor or reassessing.FIRST, size)
            if members:
                reassessing.require_in_force(ctx, one)
        if not members:
            break
        answers = _told(run, one, members)
        if answers is None:
            # Others were quicker with one of them every time. Those who were recorded answer the same again.
            tries += 1
            if tries > _PATIENCE:
                raise problem.UNAVAILABLE()
            time.sleep(batching.pause(tries, 0.05, 2.0))
            continue
        tries, tally = 0, rules.added(one.tally, members, answers)
        with run.db.transaction() as ctx:
            # Not written when another run has come further: then this one goes on from there.
            store.advance(ctx.tx, one, members[-1], tally)
        _report(run, tally, total, last=False)
    _report(run, one.tally, total, last=True)
    _finish(run, one)


def _told(run: Run, one: Reassessment, members: list[MemberId]) -> list[dict[str, object] | str] | None:
    """What the engine answers about each member, or the code of its refusal; None when the batch has to be told again."""
    asker = Actor(kind="operator", id=one.asked_by, permissions=frozenset({"*"}))
    told: list[dict[str, object] | str] = []
    for answer in batching.run(run.db, loyalty.handle, reassessing.facts(one, members), actor=asker):
        if isinstance(answer, loyalty.Done):
            told.append(answer.answer)
        elif isinstance(answer, Problem) and answer.kind is Kind.unavailable:
            return None
        else:
            told.append(answer.code if isinstance(answer, Problem) else type(answer).__name__)
    return told


def _report(run: Run, tally: Tally, total: int, *, last: bool) -> None:
    run.report(
        done=tally.looked,
        total=max(total, tally.looked),
        ok=tally.looked - tally.failed,
        failed=tally.failed,
        message="re-assessing",
        last=last,
    )


def _finish(run: Run, one: Reassessment) -> None:
    with run.db.transaction() as ctx:
        if store.finish(ctx.tx, one.reassessment_id, at=ctx.now):
            after = {"members": one.tally.looked, "moved": one.tally.moved, "failed": one.tally.failed}
            operators.audit(ctx, action="reassessment.finished", entity=wire(one.reassessment_id), after=after)
