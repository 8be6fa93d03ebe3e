"""A draft tried on the brand's own history: asked for, watched, cancelled, read; and the check-up of a programme."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from starlette.requests import Request

from regulars.domains.loyalty.api import programme
from regulars.domains.loyalty.api import simulation_schemas as schemas
from regulars.domains.loyalty.model import simulation as model
from regulars.domains.loyalty.service import checking
from regulars.domains.loyalty.tasks import simulate
from regulars.kernel import ids
from regulars.platform.db import Database
from regulars.platform.http import paging, routing
from regulars.platform.http.responses import Json

router = routing.Router(prefix="/v1/programme", tags=["programme"])

Page = Annotated[paging.Page, paging.page("simulations", datetime, UUID)]


@router.post(
    "/simulations",
    response_model=schemas.SimulationOut,
    status_code=201,
    openapi_extra=routing.said(
        en="Simulate a draft", zh="模拟草案", description_zh="在品牌自己的历史订单上并排重放草案与现行计划；后台执行，不写入任何会员数据。"
    ),
)
def start_simulation(request: Request, body: schemas.SimulationIn, *, actor: programme.Writer) -> Json:
    """Replay the brand's own history under a draft beside the programme in force, in the background. No standing changes."""
    with _db(request).transaction(actor) as ctx:
        return Json(schemas.simulation(simulate.start(ctx, body.wish())), status_code=201)


@router.get("/simulations", response_model=schemas.SimulationsOut, openapi_extra=routing.said(en="List simulations", zh="模拟列表"))
def list_simulations(request: Request, page: Page, *, actor: programme.Reader) -> Json:
    """Simulations, newest first, without their results."""
    with _db(request).reading(actor) as ctx:
        before = (page.after[0], page.after[1]) if page.after else None
        rows = simulate.list_simulations(ctx, before=before, limit=page.fetch)
    return Json(page.answer(rows, lambda seen: (seen.one.asked_at, seen.one.simulation_id), show=schemas.simulation))


@router.get(
    "/simulations/{simulation}",
    response_model=schemas.SimulationOut,
    openapi_extra=routing.said(en="Watch a simulation", zh="查看模拟"),
)
def read_simulation(request: Request, simulation: schemas.SimulationKey, *, actor: programme.Reader) -> Json:
    """How far the simulation is, and what it found once it is done."""
    with _db(request).reading(actor) as ctx:
        return Json(schemas.simulation(simulate.get(ctx, ids.decode(model.SIMULATION, simulation))))


@router.post(
    "/simulations/{simulation}/cancel",
    response_model=schemas.SimulationOut,
    openapi_extra=routing.said(en="Cancel a simulation", zh="取消模拟"),
)
def cancel_simulation(request: Request, simulation: schemas.SimulationKey, *, actor: programme.Writer) -> Json:
    """The simulation stops; nothing of it is kept. Safe to repeat."""
    with _db(request).transaction(actor) as ctx:
        return Json(schemas.simulation(simulate.cancel(ctx, ids.decode(model.SIMULATION, simulation))))


@router.get(
    "/versions/{version}/checkup",
    response_model=schemas.CheckupOut,
    openapi_extra=routing.said(en="Check up a version", zh="体检一个版本"),
)
def check_version(request: Request, version: programme.Number, *, actor: programme.Reader) -> Json:
    """Is it simple, well spread, fair, sustainable, felt? By the newest simulation of it, or by today's standings when it is in force."""
    with _db(request).reading(actor) as ctx:
        return Json(schemas.checkup(checking.check_version(ctx, version)))


@router.post("/checkup", response_model=schemas.CheckupOut, openapi_extra=routing.said(en="Check up a document", zh="体检一份文档"))
def check_document(request: Request, body: schemas.CheckupIn, *, actor: programme.Reader) -> Json:
    """The same for a document that is not kept yet. A finished simulation of this very text gives the figures."""
    with _db(request).reading(actor) as ctx:
        return Json(schemas.checkup(checking.check_document(ctx, body.document)))


def _db(request: Request) -> Database:
    found: Database = request.app.state.db
    return found
