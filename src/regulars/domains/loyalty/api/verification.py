"""The proof of the ledger at the API: started, watched, stopped; and what the newest one found, here or on the command line."""

from datetime import datetime
from typing import Annotated

from pydantic import Field
from starlette.requests import Request

from regulars.domains.loyalty.api import jobs as job_routes
from regulars.domains.loyalty.api import schemas
from regulars.domains.loyalty.model.verification import Verification
from regulars.domains.loyalty.tasks import verify_ledger
from regulars.platform.context import Actor, Ctx
from regulars.platform.db import Database
from regulars.platform.http import auth, routing
from regulars.platform.http.responses import Json
from regulars.platform.jobs import Progress

router = routing.Router(prefix="/v1/ledger/verification", tags=["ledger"])

Reader = Annotated[Actor, auth.needs("points.read")]
Verifier = Annotated[Actor, auth.needs(verify_ledger.PERMISSION)]


class RunOut(schemas.Out):
    """One verification: so many `decisions` (of `total`) were decided again, so much disagreed; the `first` of it in words."""

    job: Annotated[int | None, Field(description="Null: it was run on the command line, as `regulars verify`.")]
    state: job_routes.State
    decisions: int
    total: int | None
    disagreements: int
    first: list[str]
    remaining_seconds: float | None
    error: str | None
    asked_by: str | None
    started_at: datetime | None
    ended_at: datetime | None


class VerificationOut(schemas.Out):
    """The newest verification that came to its end, and the newest of all. Those that ran as jobs stay for thirty days."""

    done: Annotated[RunOut | None, Field(description="Null: none came to its end.")]
    latest: Annotated[RunOut | None, Field(description="Null: there was none.")]


@router.get(
    "",
    response_model=VerificationOut,
    openapi_extra=routing.said(en="What the last proof of the ledger found", zh="最近一次账本核验结果"),
)
def read(request: Request, *, actor: Reader) -> Json:
    """When the ledger was last proved against its facts, over how many decisions, and what disagreed."""
    with _db(request).reading(actor) as ctx:
        return Json(_whole(ctx))


@router.post(
    "",
    response_model=VerificationOut,
    status_code=202,
    openapi_extra=routing.said(
        en="Prove the ledger", zh="核验账本", description_zh="后台折叠全部流水、重算每一事实并逐项比对；不改动任何数据。"
    ),
)
def start(request: Request, *, actor: Verifier) -> Json:
    """Fold every journal and decide every fact again, in the background. Nothing is changed; one that runs already is answered."""
    with _db(request).transaction(actor) as ctx:
        verify_ledger.start(ctx)
        return Json(_whole(ctx), status_code=202)


@router.post("/cancel", response_model=VerificationOut, openapi_extra=routing.said(en="Stop the proof of the ledger", zh="停止账本核验"))
def cancel(request: Request, *, actor: Verifier) -> Json:
    """The verification that waits or runs stops; what it had found is not kept."""
    with _db(request).transaction(actor) as ctx:
        verify_ledger.cancel(ctx)
        return Json(_whole(ctx))


def _whole(ctx: Ctx) -> dict[str, object]:
    done, latest, by_hand = verify_ledger.newest(ctx, "succeeded"), verify_ledger.newest(ctx), verify_ledger.newest_by_hand(ctx)
    return {"done": _newer(done, by_hand), "latest": _newer(latest, by_hand)}


def _newer(job: Progress | None, by_hand: Verification | None) -> dict[str, object] | None:
    """A job that has not ended is newer than whatever has."""
    if by_hand is not None and (job is None or (job.ended_at is not None and job.ended_at < by_hand.ended_at)):
        return _by_hand(by_hand)
    return _run(job) if job is not None else None


def _by_hand(one: Verification) -> dict[str, object]:
    same = {name: getattr(one, name) for name in ("decisions", "disagreements", "first", "asked_by", "started_at", "ended_at")}
    return {**same, "job": None, "state": "done", "total": one.decisions, "remaining_seconds": None, "error": None}


def _run(one: Progress) -> dict[str, object]:
    state = job_routes.state_of(one)
    return {
        "job": one.job_id,
        "state": state,
        "decisions": one.done,
        "total": one.total,
        "disagreements": one.failed,
        "first": list(verify_ledger.kept(one)) if state == "done" else [],
        "remaining_seconds": one.remaining if state == "running" else None,
        "error": one.error,
        "asked_by": one.asked_by,
        "started_at": one.started_at,
        "ended_at": one.ended_at,
    }


def _db(request: Request) -> Database:
    found: Database = request.app.state.db
    return found
