"""The routes of experiments: the hold-out's switch, and which side a member is on."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from regulars.domains.experiments import service
from regulars.domains.experiments.model import MAX_SHARE_BP, HoldOut
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.http import auth, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Count, Strict

router = routing.Router(prefix="/v1/experiments", tags=["experiments"])


class HoldOutIn(Strict):
    """What is to be different; what is left out stays."""

    version: Annotated[Count, Field(description="The `version` that was read: another one by now is a conflict.")]
    share_bp: Annotated[
        int | None, Field(ge=0, le=MAX_SHARE_BP, description="Basis points of members first seen from now on.", examples=[500])
    ] = None
    on: Annotated[bool | None, Field(description="Off treats everybody alike; the sides are kept.")] = None


class HoldOutOut(BaseModel):
    """How the hold-out is set."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    share_bp: int
    on: bool
    version: int


@router.get("/hold-out", response_model=HoldOutOut, openapi_extra=routing.said(en="Read the hold-out", zh="查看对照组设置"))
def read_hold_out(request: Request, *, actor: Annotated[Actor, auth.needs("experiments.read")]) -> Json:
    """How many members are held out from marketing incentives, so that what these bring can be measured."""
    db: Database = request.app.state.db
    # Not a read-only transaction: the first look makes the settings.
    with db.transaction(actor) as ctx:
        return _shown(service.hold_out(ctx))


@router.patch("/hold-out", response_model=HoldOutOut, openapi_extra=routing.said(en="Change the hold-out", zh="修改对照组设置"))
def change_hold_out(request: Request, body: HoldOutIn, *, actor: Annotated[Actor, auth.needs("experiments.write")]) -> Json:
    """Switch the hold-out, or change its share for members that are first seen from now on."""
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        return _shown(service.change_hold_out(ctx, body.version, share_bp=body.share_bp, on=body.on))


def _shown(settings: HoldOut) -> Json:
    return Json(HoldOutOut(share_bp=settings.share_bp, on=settings.on, version=settings.version).model_dump())
