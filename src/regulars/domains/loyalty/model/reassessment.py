"""Ladders looked at again after they were changed: what is asked, who would move, who moved. Amounts are minor units."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from regulars.kernel import problem
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Kind

PREVIEW = "rpv"
"""What the ids of previews begin with on the wire."""
REASSESSMENT = "rea"
"""What the ids of re-assessments begin with on the wire."""

NOT_PREVIEWED = problem.define(
    "reassessments.not_previewed",
    Kind.conflict,
    en="Version {version} was not previewed like this. Preview first who would move, then re-assess.",
    zh="版本 {version} 尚未以此方式预览。请先预览谁会变动，再重新评定。",
)
UNDER_WAY = problem.define(
    "reassessments.under_way",
    Kind.conflict,
    en="The re-assessment {reassessment} is {state}. Wait for it or cancel it first.",
    zh="重新评定 {reassessment} 的状态为 {state}，请等待完成或先取消。",
)
SUPERSEDED = problem.define(
    "reassessments.superseded",
    Kind.conflict,
    en="Version {version} is no longer in force, version {now} is: who is left stays as is. Re-assess by the new version.",
    zh="版本 {version} 已不再生效，现行版本为 {now}：其余会员保持不变，请按新版本重新评定。",
)
ENDED = problem.define(
    "reassessments.ended",
    Kind.conflict,
    en="{what} is {state}: there is nothing to cancel.",
    zh="{what} 的状态为 {state}，无可取消。",
)
NOT_STOPPED = problem.define(
    "reassessments.not_stopped",
    Kind.conflict,
    en="The re-assessment {reassessment} is {state}: only one that was cancelled or failed can go on.",
    zh="重新评定 {reassessment} 的状态为 {state}，只有已取消或失败的可以继续。",
)

Step = tuple[str, str, str]
"""(ladder, level before, level after)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Who would move under ``draft`` (a document), compared with where everybody stands under version ``running`` at ``as_of``.

    ``down``: members may also go down.
    """

    draft: str
    draft_version: int | None
    running_version: int
    down: bool
    as_of: datetime


@dataclass(slots=True)
class Cell:
    """Everybody who goes the same step; ``sample`` holds the first of them with what their ladder counts. ``early``: who had too little
    for the level before, too, and kept it only to the end of a term.
    """

    members: int = 0
    early: int = 0
    sample: list[tuple[MemberId, int]] = field(default_factory=list)


@dataclass(slots=True)
class Holders:
    """One benefit: who may have it by level before and after, and of them who has it only after (``gained``) or only before (``lost``)."""

    before: int = 0
    after: int = 0
    gained: int = 0
    lost: int = 0


@dataclass(slots=True)
class Found:
    """What a preview adds up. ``up`` and ``down`` are members who move so on any ladder, ``early`` those whose term ends by it."""

    members: int = 0
    moved: int = 0
    up: int = 0
    down: int = 0
    early: int = 0
    cells: dict[Step, Cell] = field(default_factory=dict)
    benefits: dict[str, Holders] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A preview on record. ``job_id`` is None when no job worked it out; ``result`` is there once it is done."""

    preview_id: UUID
    ask: Ask
    job_id: int | None
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    result: dict[str, object] | None
    error: Mapping[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How far a re-assessment is: members looked at, of them moved and refused; moves by step; the first refusals (member, code)."""

    looked: int = 0
    moved: int = 0
    failed: int = 0
    steps: Mapping[Step, int] = field(default_factory=dict)
    refused: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassessment:
    """A re-assessment on record: by ``version``, as of ``at``; everybody up to and with ``cursor`` is done."""

    reassessment_id: UUID
    version: int
    down: bool
    reason: str
    at: datetime
    preview_id: UUID
    job_id: int
    asked_by: str
    cursor: UUID | None
    tally: Tally
    ended_at: datetime | None
    error: Mapping[str, str] | None
