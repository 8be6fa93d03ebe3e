"""What the routes of re-assessments and their previews take and give."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Path
from pydantic import Field

from regulars.domains.loyalty.api import schemas
from regulars.domains.loyalty.api.simulation_schemas import ErrorOut, Words
from regulars.domains.loyalty.model.simulation import State
from regulars.domains.loyalty.service.reassessing.telling import Names, words
from regulars.domains.loyalty.tasks import preview_reassessment, reassess
from regulars.kernel import ids
from regulars.kernel.text import Text
from regulars.platform.http.strict import Strict

_Yaml = Annotated[str, Field(min_length=1, max_length=500_000, description="The document as YAML.")]
_Number = Annotated[int, Field(ge=1, le=2**31 - 1)]
_Down = Annotated[bool, Field(description="Members may also go down; otherwise they only go up.")]
PreviewKey = Annotated[str, Path(max_length=60, description="A preview's id.", examples=["rpv_01jf8q3k5n9v2w7x4y6z8a0b1c"])]
Key = Annotated[str, Path(max_length=60, description="A re-assessment's id.", examples=["rea_01jf8q3k5n9v2w7x4y6z8a0b1c"])]
_State = Literal["queued", "running", "stopping", "cancelled", "failed", "done"]


class PreviewIn(Strict):
    """`document` or `version`: the programme with the changed ladders. It is compared with where everybody stands today."""

    document: _Yaml | None = None
    version: _Number | None = None
    down: _Down = True


class ReassessmentIn(Strict):
    """Who is re-assessed is everybody, by the version in force, which has to be previewed with the same `down` first."""

    down: _Down = True
    reason: Annotated[str, Field(max_length=500, description="Goes into the audit log.")] = ""


class RungOut(schemas.Out):
    """A level."""

    level: str
    label: Words


class SampledOut(schemas.Out):
    """A member, and what the ladder counts of it now."""

    member: str
    counted: int


class CellOut(schemas.Out):
    """Everybody who goes from `before` to `after`; up to twenty of them by name. `early`: who had too little for it before, too, and kept
    it only to the end of a term, which a re-assessment ends.
    """

    before: str
    after: str
    direction: Literal["up", "down", "same"]
    members: int
    early: int
    sample: list[SampledOut]


class CountsOut(schemas.Out):
    """What a ladder counts: minor units of money, other units, months since joining, or nothing."""

    kind: Literal["money", "units", "months", "nothing"]
    label: Words


class PreviewedLadderOut(schemas.Out):
    """One ladder: its levels today (`before`) and under the draft (`after`), and who goes from where to where.

    `new`: the programme in force does not have it. `uncounted`: what it counts, nobody has any of yet.
    """

    ladder: str
    label: Words
    counts: CountsOut
    new: bool
    uncounted: bool
    before: list[RungOut]
    after: list[RungOut]
    cells: list[CellOut]


class BenefitCostOut(schemas.Out):
    """One benefit: who may have it, by level, and what it costs at most in a year, in minor units.

    Null: the programme sets no cost or no quota for it. `conditional`: conditions besides the level are left aside.
    """

    benefit: str
    label: Words
    before: int
    after: int
    gained: int
    lost: int
    each_before: int | None
    each_after: int | None
    cost_before: int | None
    cost_after: int | None
    difference: int | None
    conditional: bool


class CostOut(schemas.Out):
    """An estimate of what all benefits cost a year at most, before and after, by the formula that is said with it."""

    before: int
    after: int
    difference: int
    benefits: list[BenefitCostOut]
    formula: Words


class PreviewResultOut(schemas.Out):
    """Who would move. `moved`, `up` and `down` count members who move, or move so, on any ladder; `early` those of `down` whose term of
    keeping the level ends by it.
    """

    currency: str
    as_of: datetime
    down_too: bool
    members: int
    moved: int
    up: int
    down: int
    early: int
    ladders: list[PreviewedLadderOut]
    cost: CostOut
    notes: list[Words]


class PreviewOut(schemas.Out):
    """A preview as it stands. `done` of `total` are members; `result` is null until it is done, and in lists."""

    id: str
    state: _State
    draft_version: Annotated[int | None, Field(description="Null: a document that was not kept.")]
    running_version: int
    down: bool
    as_of: datetime
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    done: int
    total: int | None
    rate: Annotated[float | None, Field(description="Members a second.")]
    remaining_seconds: float | None
    result: PreviewResultOut | None
    error: ErrorOut | None


class PreviewsOut(schemas.Out):
    """A page of previews, newest first."""

    items: list[PreviewOut]
    next: str | None


class StepOut(schemas.Out):
    """Members who went from `before` to `after`."""

    ladder: str
    before: RungOut
    after: RungOut
    members: int


class RefusedOut(schemas.Out):
    """A member whom the engine refused to re-assess, and the code of why."""

    member: str
    code: str


class ReassessmentOut(schemas.Out):
    """A re-assessment as it stands. `looked` of `total` are done, of them `moved` and `failed`; `refused` are the first of those."""

    id: str
    state: _State
    version: int
    down: bool
    reason: str
    at: Annotated[datetime, Field(description="The moment everybody is looked at.")]
    preview: str
    asked_by: str
    ended_at: datetime | None
    looked: int
    total: int | None
    moved: int
    failed: int
    rate: Annotated[float | None, Field(description="Members a second.")]
    remaining_seconds: float | None
    steps: list[StepOut]
    refused: list[RefusedOut]
    job: int
    error: ErrorOut | None


class ReassessmentsOut(schemas.Out):
    """A page of re-assessments, newest first."""

    items: list[ReassessmentOut]
    next: str | None


def preview(seen: preview_reassessment.Seen) -> dict[str, Any]:
    """A preview on the wire."""
    one, job = seen.one, seen.job
    running = seen.state is State.running
    return {
        "id": preview_reassessment.wire(one.preview_id),
        "state": seen.state.value,
        "draft_version": one.ask.draft_version,
        "running_version": one.ask.running_version,
        "down": one.ask.down,
        "as_of": one.ask.as_of,
        "asked_by": one.asked_by,
        "asked_at": one.asked_at,
        "ended_at": one.ended_at or (job.ended_at if job else None),
        "done": job.done if job else 0,
        "total": job.total if job else None,
        "rate": job.rate if job and running else None,
        "remaining_seconds": job.remaining if job and running else None,
        "result": one.result,
        "error": one.error or _lost(seen.state, job.error if job else None),
    }


def reassessment(seen: reassess.Seen, known: Names) -> dict[str, Any]:
    """A re-assessment on the wire; ``known`` are what levels are called."""
    one, job, tally = seen.one, seen.job, seen.one.tally
    running = seen.state is State.running
    return {
        "id": reassess.wire(one.reassessment_id),
        "state": seen.state.value,
        "version": one.version,
        "down": one.down,
        "reason": one.reason,
        "at": one.at,
        "preview": preview_reassessment.wire(one.preview_id),
        "asked_by": one.asked_by,
        "ended_at": one.ended_at or (job.ended_at if job else None),
        "looked": tally.looked,
        "total": job.total if job else None,
        "moved": tally.moved,
        "failed": tally.failed,
        "rate": job.rate if job and running else None,
        "remaining_seconds": job.remaining if job and running else None,
        "steps": [
            {"ladder": ladder, "before": _rung(known, ladder, was), "after": _rung(known, ladder, now), "members": members}
            for (ladder, was, now), members in tally.steps.items()
        ],
        "refused": [{"member": ids.encode("mbr", UUID(member)), "code": code} for member, code in tally.refused],
        "job": one.job_id,
        "error": one.error or _lost(seen.state, job.error if job else None),
    }


def _rung(known: Names, ladder: str, level: str) -> dict[str, Any]:
    return {"level": level, "label": words(known.get((ladder, level), Text(level, level)))}


def _lost(state: State, said: str | None) -> dict[str, str] | None:
    """Why the job failed where it could not say so itself: its own words, in the language of whoever wrote them."""
    return {"code": "reassessments.failed", "en": said or "?", "zh": said or "?"} if state is State.failed else None
