"""What the routes of simulations and check-ups take and give."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import Field

from regulars.domains.loyalty.api import schemas
from regulars.domains.loyalty.model import checkup as checkup_model
from regulars.domains.loyalty.model import simulation as model
from regulars.domains.loyalty.service.checking import Checkup
from regulars.domains.loyalty.tasks import simulate
from regulars.domains.loyalty.tasks.simulate import Seen, Wish
from regulars.kernel.text import Text
from regulars.platform.http.strict import Strict

_Yaml = Annotated[str, Field(min_length=1, max_length=500_000, description="The document as YAML.")]
_Number = Annotated[int, Field(ge=1, le=2**31 - 1)]
SimulationKey = Annotated[str, Path(max_length=60, description="A simulation's id.", examples=["sim_01jf8q3k5n9v2w7x4y6z8a0b1c"])]
_BASIS = 10_000


class SimulationIn(Strict):
    """`document` or `version`: the draft. What it is compared with is `against`, or the version in force."""

    document: _Yaml | None = None
    version: _Number | None = None
    against: Annotated[_Number | None, Field(description="Left out: the version in force.")] = None
    as_of: Annotated[datetime | None, Field(description="Up to when history is replayed; left out: now.")] = None
    since: Annotated[datetime | None, Field(description="From when flows count; left out: all. History before is replayed as well.")] = None
    sample_bp: Annotated[int, Field(ge=1, le=_BASIS, description="So many of every 10,000 members, always the same ones.")] = _BASIS

    def wish(self) -> Wish:
        """The same as the task takes it."""
        return Wish(**self.model_dump())


class Words(schemas.Out):
    """A text in both languages."""

    en: str
    zh: str


class UnitOut(schemas.Out):
    """One unit. `cost`: what was granted and neither taken back nor lapsed, at what it redeems for; `liability`: what is outstanding."""

    unit: str
    label: Words
    redeemed: bool
    granted: int
    received: int
    spent: int
    expired: int
    reversed: int
    sent: int
    outstanding: int
    cost: int
    liability: int


class LevelOut(schemas.Out):
    """One level: its members in the end; the orders placed on it, what they cost and what the points they earned are worth."""

    ladder: str
    level: str
    members: int
    orders: int
    spend: int
    value: int


class TenthOut(schemas.Out):
    """A tenth of the buyers by spend; `nothing` of them got no value."""

    members: int
    spend: int
    value: int
    nothing: int


class SideOut(schemas.Out):
    """Everybody under one programme. Money is minor units; `cost_share_bp` is null without revenue."""

    version: int
    label: Words
    units: list[UnitOut]
    cost: int
    liability: int
    cost_share_bp: int | None
    levels: list[LevelOut]
    deciles: list[TenthOut]


class LadderLevelOut(schemas.Out):
    """Members on a level in the end, on both sides."""

    level: str
    label: Words
    before: int
    after: int


class MoveOut(schemas.Out):
    """Members who stand on `before` under the programme in force and on `after` under the draft."""

    before: str
    after: str
    members: int


class LadderOut(schemas.Out):
    """One ladder: its levels, and who moves."""

    ladder: str
    levels: list[LadderLevelOut]
    moves: list[MoveOut]


class GivenOut(schemas.Out):
    """What a rule gave. `cut`: what its cap kept back; `cost`: at what the unit redeems for, refunds not taken off."""

    units: int
    orders: int
    members: int
    cut: int
    cost: int


class RuleOut(schemas.Out):
    """One rule; null where a side does not have it."""

    rule: str
    label: Words
    unit: str
    before: GivenOut | None
    after: GivenOut | None


class MonthOut(schemas.Out):
    """Units that orders of a month earned."""

    month: Annotated[str, Field(examples=["2026-03"])]
    unit: str
    before: int
    after: int


class VerdictOut(schemas.Out):
    """How many fare so, and their differences together. `mixed`: value and level disagree."""

    verdict: Literal["better", "same", "worse", "mixed"]
    members: int
    value: int


class BandOut(schemas.Out):
    """Members whose difference lies from `low` to `high`, both inside; null: open."""

    low: int | None
    high: int | None
    members: int


class PlaceOut(schemas.Out):
    """A level on a ladder."""

    ladder: str
    level: str


class ReasonOut(schemas.Out):
    """What makes most of a difference."""

    kind: Literal["rule", "worth", "expired", "reversed", "tier"]
    rule: str | None
    value: int
    en: str
    zh: str


class ExampleOut(schemas.Out):
    """One member at an end of the scale; `before` and `after` are the value on either side."""

    member: str
    spend: int
    before: int
    after: int
    levels_before: list[PlaceOut]
    levels_after: list[PlaceOut]
    reason: ReasonOut


class AssumptionOut(schemas.Out):
    """What history could not tell; `times` null: it always holds."""

    code: str
    text: Words
    times: int | None


class ResultOut(schemas.Out):
    """`before` is the programme in force, `after` the draft, both replayed alike."""

    currency: str
    as_of: datetime
    since: datetime | None
    sample_bp: int
    members: int
    buyers: int
    orders: int
    refunds: int
    revenue: int
    before: SideOut
    after: SideOut
    ladders: list[LadderOut]
    rules: list[RuleOut]
    months: list[MonthOut]
    verdicts: list[VerdictOut]
    histogram: list[BandOut]
    winners: list[ExampleOut]
    losers: list[ExampleOut]
    assumptions: list[AssumptionOut]


class ErrorOut(schemas.Out):
    """Why it failed."""

    code: str
    en: str
    zh: str


class SimulationOut(schemas.Out):
    """A simulation as it stands. `done` of `total` are members; `result` is null until it is done, and in lists."""

    id: str
    state: Literal["queued", "running", "stopping", "cancelled", "failed", "done"]
    draft_version: Annotated[int | None, Field(description="Null: a document that was not kept.")]
    running_version: int
    as_of: datetime
    since: datetime | None
    sample_bp: int
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    done: int
    total: int | None
    orders: int
    rate: Annotated[float | None, Field(description="Members a second.")]
    remaining_seconds: float | None
    result: ResultOut | None
    error: ErrorOut | None


class SimulationsOut(schemas.Out):
    """A page of simulations, newest first."""

    items: list[SimulationOut]
    next: str | None


class CheckupIn(Strict):
    """A document to be judged; nothing is kept."""

    document: _Yaml


class BorderOut(schemas.Out):
    """Within `low` to `high`, both inside, a figure is a `grade`; null: open. What fits none is an E."""

    grade: Literal["A", "B", "C", "D"]
    low: int | None
    high: int | None


class MeasuredOut(schemas.Out):
    """One figure behind a grade. `value` null: without bound. Shares are basis points, ratios hundredths."""

    name: str
    label: Words
    unit: Literal["count", "words", "share", "ratio"]
    value: int | None
    grade: Literal["A", "B", "C", "D", "E"]
    borders: list[BorderOut]
    source: Words


class FindingOut(schemas.Out):
    """One area; its grade is that of its worst figure, null where there is too little to go by."""

    area: Literal["simplicity", "spread", "fairness", "sustainability", "difference"]
    grade: Literal["A", "B", "C", "D", "E"] | None
    measured: list[MeasuredOut]
    advice: list[Words]


class CheckupOut(schemas.Out):
    """The findings and what they rest on: a `simulation`, today's `standings`, or the `document` alone."""

    basis: Literal["simulation", "standings", "document"]
    simulation: str | None
    as_of: datetime | None
    sample_bp: int | None
    buyers: int | None
    findings: list[FindingOut]


def simulation(seen: Seen) -> dict[str, Any]:
    """A simulation on the wire."""
    one, job = seen.one, seen.job
    running = seen.state is model.State.running
    return {
        "id": simulate.wire(one.simulation_id),
        "state": seen.state.value,
        "draft_version": one.ask.draft_version,
        "running_version": one.ask.running_version,
        "as_of": one.ask.as_of,
        "since": one.ask.since,
        "sample_bp": one.ask.sample_bp,
        "asked_by": one.asked_by,
        "asked_at": one.asked_at,
        "ended_at": one.ended_at or (job.ended_at if job else None),
        "done": job.done if job else 0,
        "total": job.total if job else None,
        "orders": job.ok if job else 0,
        "rate": job.rate if job and running else None,
        "remaining_seconds": job.remaining if job and running else None,
        "result": one.result,
        "error": one.error or _job_error(seen),
    }


def _job_error(seen: Seen) -> Mapping[str, str] | None:
    """Why the job failed where it could not say so itself: its own words, in the language of whoever wrote them."""
    if seen.state is not model.State.failed or seen.job is None:
        return None
    said = seen.job.error or "?"
    return {"code": "simulations.failed", "en": said, "zh": said}


def checkup(found: Checkup) -> dict[str, Any]:
    """A check-up on the wire."""
    one = found.simulation if found.basis == "simulation" else None
    return {
        "basis": found.basis,
        "simulation": simulate.wire(one.simulation_id) if one else None,
        "as_of": one.ask.as_of if one else None,
        "sample_bp": one.ask.sample_bp if one else None,
        "buyers": found.figures.buyers if found.figures else None,
        "findings": [
            {
                "area": finding.area.value,
                "grade": finding.grade.value if finding.grade else None,
                "measured": [_measured(measured) for measured in finding.measured],
                "advice": [_words(advice) for advice in finding.advice],
            }
            for finding in found.findings
        ],
    }


def _measured(one: checkup_model.Measured) -> dict[str, Any]:
    standard = one.standard
    return {
        "name": one.name,
        "label": _words(standard.label),
        "unit": standard.unit,
        "value": one.value,
        "grade": one.grade.value,
        "borders": [{"grade": grade, "low": low, "high": high} for grade, (low, high) in zip("ABCD", standard.bands, strict=True)],
        "source": _words(standard.source),
    }


def _words(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}
