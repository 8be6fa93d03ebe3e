"""Previews of a re-assessment: asked for, watched, cancelled; each is a coarse job that any worker takes. They change no standing.

Nothing of it is kept before the end: a job whose worker was killed begins again, over the same document and as of the same instant.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from regulars.domains.loyalty.model import reassessment as model
from regulars.domains.loyalty.model.reassessment import Ask, Preview
from regulars.domains.loyalty.model.simulation import State
from regulars.domains.loyalty.service import publishing, reassessing
from regulars.domains.loyalty.store import reassessments as store
from regulars.domains.loyalty.tasks import following
from regulars.domains.operators import service as operators
from regulars.kernel import ids, problem
from regulars.kernel.problem import Problem
from regulars.platform import jobs, newid
from regulars.platform.context import Ctx
from regulars.platform.jobs import Progress, Run

JOB = "preview_reassessment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A preview as those see it who watch; ``job`` is None when there is none, or it is forgotten."""

    one: Preview
    job: Progress | None

    @property
    def state(self) -> State:
        return following.state(self.job, done=self.one.ended_at is not None, failed=self.one.error is not None)


def ask(ctx: Ctx, *, document: str | None = None, version: int | None = None, down: bool = True) -> Ask:
    """The question in full: who would move under the ``document`` or the ``version``, from where the version in force has them.

    Raises ``input.invalid``, ``not_found``, ``programme.none``, ``programme.invalid``, ``programme.locked``.
    """
    if (document is None) == (version is None):
        raise problem.invalid("version", version, "a version's number or a document, and not both")
    running = publishing.programmes(ctx).at(ctx.now).version
    draft = document if document is not None else publishing.version(ctx, version or 0).document
    publishing.checked(ctx, draft)
    return Ask(draft=draft, draft_version=version, running_version=running, down=down, as_of=ctx.now)


def start(ctx: Ctx, *, document: str | None = None, version: int | None = None, down: bool = True) -> Seen:
    """The preview is queued. Raises as :func:`ask` does."""
    ctx.require("programme.write")
    wanted = ask(ctx, document=document, version=version, down=down)
    preview_id = newid.uuid7()
    # One at a time: beside each other they would only take turns.
    job_id = jobs.defer(ctx, JOB, {"preview": preview_id.hex}, lock=JOB)
    store.add_preview(ctx.tx, _row(ctx, preview_id, wanted, job_id=job_id))
    operators.audit(ctx, action="reassessment.previewed", entity=wire(preview_id), after={"version": wanted.draft_version})
    return get(ctx, preview_id)


def keep(ctx: Ctx, wanted: Ask, result: Mapping[str, Any]) -> UUID:
    """A preview that was worked out without a job is on record; returns its id."""
    ctx.require("programme.write")
    preview_id = newid.uuid7()
    store.add_preview(ctx.tx, _row(ctx, preview_id, wanted, result=result))
    operators.audit(ctx, action="reassessment.previewed", entity=wire(preview_id), after={"version": wanted.draft_version})
    return preview_id


def _row(ctx: Ctx, preview_id: UUID, wanted: Ask, *, job_id: int | None = None, result: Mapping[str, Any] | None = None) -> Preview:
    return Preview(
        preview_id=preview_id,
        ask=wanted,
        job_id=job_id,
        asked_by=ctx.actor.id,
        asked_at=ctx.now,
        ended_at=ctx.now if result is not None else None,
        result=dict(result) if result is not None else None,
        error=None,
    )


def get(ctx: Ctx, preview_id: UUID) -> Seen:
    """The preview as it stands. Raises ``not_found``."""
    one = store.find_preview(ctx.tx, preview_id)
    if one is None:
        raise problem.NOT_FOUND(what="preview", key=wire(preview_id))
    return _seen(ctx, [one])[0]


def list_previews(ctx: Ctx, *, before: tuple[datetime, UUID] | None, limit: int) -> list[Seen]:
    """Previews without their results, newest first, after the cursor (at, id)."""
    return _seen(ctx, store.page_previews(ctx.tx, before=before, limit=limit))


def _seen(ctx: Ctx, listed: list[Preview]) -> list[Seen]:
    working = jobs.find(ctx, [one.job_id for one in listed if one.job_id is not None])
    return [Seen(one=one, job=working.get(one.job_id) if one.job_id is not None else None) for one in listed]


def cancel(ctx: Ctx, preview_id: UUID) -> Seen:
    """The preview stops; nothing of it is kept. Cancelled twice is cancelled. Raises ``not_found``, ``reassessments.ended``."""
    ctx.require("programme.write")
    seen = get(ctx, preview_id)
    if seen.state in (State.cancelled, State.stopping):
        return seen
    if seen.one.job_id is None or seen.state not in following.LIVE:
        raise model.ENDED(what=wire(preview_id), state=seen.state.value)
    jobs.cancel(ctx, seen.one.job_id)
    operators.audit(ctx, action="reassessment.preview_cancelled", entity=wire(preview_id))
    return get(ctx, preview_id)


def wire(preview_id: UUID) -> str:
    """The preview's id as people see it."""
    return ids.encode(model.PREVIEW, preview_id)


def work(run: Run) -> None:
    """The job: look at everybody and keep what it comes to. Why it failed stays with the preview, in both languages."""
    preview_id = UUID(hex=run.args["preview"])
    with run.db.reading() as ctx:
        one = get(ctx, preview_id).one
    if one.result is not None:
        return

    def moved(done: int, total: int) -> None:
        run.report(done=done, total=max(done, total), ok=done, message="looking at members", last=done >= total)

    try:
        with run.db.reading() as ctx:
            found = reassessing.preview(ctx, one.ask, moved=moved)
    except Problem as refused:
        with run.db.transaction() as ctx:
            store.finish_preview(ctx.tx, preview_id, at=ctx.now, error=following.error(refused))
        raise
    run.check()
    with run.db.transaction() as ctx:
        store.finish_preview(ctx.tx, preview_id, at=ctx.now, result=found)
