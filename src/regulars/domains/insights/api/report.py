"""The report over HTTP."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from regulars.domains.insights.service import reporting as service
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.http import auth, routing
from regulars.platform.http.responses import Json

router = routing.Router(prefix="/v1/reports", tags=["reports"])

Reader = Annotated[Actor, auth.needs("reports.read")]


class Out(BaseModel):
    """The base of what is given: every field is always there."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RepurchaseOut(Out):
    """Within so many days: how many of the members who can be counted came back. ``rate_bp`` null: nobody can be counted yet."""

    days: int
    members: int
    returned: int
    rate_bp: Annotated[int | None, Field(description="Basis points: 2500 is 25 %.")]


class UnitOut(Out):
    """What all members together were granted, spent, lost and still hold of a unit."""

    unit: str
    issued: int
    spent: int
    expired: int
    reversed: int
    outstanding: int


class TierOut(Out):
    """How many members stand on a level."""

    level: str
    members: int


class ReportOut(Out):
    """The brand's main numbers; money in minor units, days local to the zone."""

    zone: str
    currency: str
    first_day: date | None
    last_day: date | None
    members: int
    members_with_orders: int
    orders: int
    anonymous_orders: int
    revenue: int
    refunded: int
    unmatched_refunds: int
    repurchase: list[RepurchaseOut]
    tiers: list[TierOut]
    units: list[UnitOut]
    definitions: Annotated[dict[str, dict[str, str]], Field(description="What each number means, in both languages.")]


@router.get("/overview", response_model=ReportOut, openapi_extra=routing.said(en="Read the main numbers", zh="主要指标"))
def overview(request: Request, actor: Reader) -> Json:
    """Repurchase, tier spread and points, with the definition of each."""
    db: Database = request.app.state.db
    with db.reading(actor) as ctx:
        return Json(service.content(service.report(ctx)))
