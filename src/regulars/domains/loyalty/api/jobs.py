"""Coarse work that runs in the background: what, for whom, how far, and why not."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Path, Query
from pydantic import Field
from starlette.requests import Request

from regulars.domains.loyalty.api import schemas
from regulars.kernel import problem
from regulars.kernel.text import Text
from regulars.platform import jobs
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.http import auth, paging, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Word

router = routing.Router(prefix="/v1/jobs", tags=["jobs"])

Reader = Annotated[Actor, auth.needs("jobs.read")]
Page = Annotated[paging.Page, paging.page("jobs", int)]
JobKey = Annotated[int, Path(ge=1, le=2**63 - 1, description="A job's number.")]
State = Literal["queued", "running", "stopping", "done", "failed", "cancelled"]
Asked = Literal["queued", "running", "done", "failed", "cancelled"]

_STATES: dict[str, State] = {
    "todo": "queued",
    "doing": "running",
    "succeeded": "done",
    "failed": "failed",
    "cancelled": "cancelled",
    "aborted": "cancelled",
}
_KINDS = {
    "coupon_codes": Text("Making of coupon codes", "生成券码"),
    "import_orders": Text("Import of orders", "导入订单"),
    "preview_reassessment": Text("Preview of a re-assessment", "等级变动预览"),
    "reassess": Text("Re-assessment of tiers", "等级重新评定"),
    "reward_codes": Text("Upload of reward codes", "上传兑换码"),
    "simulate": Text("Simulation of a programme", "会员计划模拟"),
    "verify": Text("Proof of the ledger", "账本核验"),
}


class LabelOut(schemas.Out):
    """What people call the kind of work."""

    en: str
    zh: str


class JobOut(schemas.Out):
    """A job as it stands. ``done`` of ``total`` belong to its present stage, which ``message`` names. Times are the database's."""

    id: int
    kind: str
    label: LabelOut
    state: State
    done: int
    total: int | None
    ok: int
    skipped: int
    failed: int
    rate: Annotated[float | None, Field(description="Items a second.")]
    remaining_seconds: float | None
    message: str
    error: str | None
    runs: Annotated[int, Field(description="How often it was begun again.")]
    asked_by: str | None
    asked_at: datetime | None
    started_at: datetime | None
    updated_at: datetime | None
    ended_at: datetime | None


class JobsOut(schemas.Out):
    """A page of jobs, newest first."""

    items: list[JobOut]
    next: str | None


@router.get("", response_model=JobsOut, openapi_extra=routing.said(en="List jobs", zh="后台任务"))
def list_jobs(
    request: Request,
    page: Page,
    *,
    actor: Reader,
    kind: Annotated[Word | None, Query(description="Only this kind.", examples=["import_orders"])] = None,
    state: Annotated[Asked | None, Query(description="Left out: all.")] = None,
) -> Json:
    """Coarse jobs, newest first; those that ended stay for thirty days."""
    statuses = [status for status, name in _STATES.items() if name == state]
    with _db(request).reading(actor) as ctx:
        rows = jobs.recent(ctx, name=kind, statuses=statuses, before=page.after[0] if page.after else None, limit=page.fetch)
    return Json(page.answer(rows, lambda job: (job.job_id,), show=_job))


@router.get("/{job}", response_model=JobOut, openapi_extra=routing.said(en="Watch a job", zh="查看任务进度"))
def read(request: Request, job: JobKey, *, actor: Reader) -> Json:
    """One job as it stands."""
    with _db(request).reading(actor) as ctx:
        found = jobs.find(ctx, [job]).get(job)
    if found is None:
        raise problem.NOT_FOUND(what="job", key=str(job))
    return Json(_job(found))


def state_of(one: jobs.Progress) -> State:
    """A job's state as people see it."""
    return "stopping" if one.status == "doing" and one.cancelling else _STATES[one.status]


def _job(one: jobs.Progress) -> dict[str, Any]:
    label = _KINDS.get(one.name) or Text(one.name, one.name)
    running = one.status == "doing"
    return {
        "id": one.job_id,
        "kind": one.name,
        "label": {"en": label.en, "zh": label.zh},
        "state": state_of(one),
        "done": one.done,
        "total": one.total,
        "ok": one.ok,
        "skipped": one.skipped,
        "failed": one.failed,
        "rate": one.rate if running else None,
        "remaining_seconds": one.remaining if running else None,
        "message": one.message,
        "error": one.error,
        "runs": one.attempts,
        "asked_by": one.asked_by,
        "asked_at": one.asked_at,
        "started_at": one.started_at,
        "updated_at": one.updated_at,
        "ended_at": one.ended_at,
    }


def _db(request: Request) -> Database:
    found: Database = request.app.state.db
    return found
