"""The routes of privacy: everything held of a member, and its erasure."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from regulars.domains.members import service as members
from regulars.domains.members.model import PREFIX
from regulars.domains.privacy import service
from regulars.kernel import ids
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.http import auth, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Strict

router = routing.Router(prefix="/v1/members/{member}", tags=["privacy"])

_Member = Annotated[
    str,
    Path(min_length=1, max_length=220, description="A member: its id, or `external:` and your own id of it.", examples=["external:10042"]),
]


class ReasonIn(Strict):
    """Why; it goes into the audit log."""

    reason: Annotated[str, Field(min_length=1, max_length=500, examples=["Request 2026-118 by letter"])]


class Out(BaseModel):
    """The base of what is given: every field is always there."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ExportOut(Out):
    """Everything held of one member."""

    format: str
    made_at: datetime
    member: dict[str, Any]
    personal: dict[str, str]
    consents: list[dict[str, Any]]
    notes: list[dict[str, Any]]
    devices: list[dict[str, Any]]
    tables: dict[str, list[dict[str, Any]]]


class ErasedOut(Out):
    """The member is erased; `now` tells whether it was this call that did it."""

    id: str
    now: bool


@router.post(
    "/export", response_model=ExportOut, openapi_extra=routing.said(en="Export everything held of a member", zh="导出会员全部信息")
)
def export(request: Request, member: _Member, *, body: ReasonIn, actor: Annotated[Actor, auth.needs("privacy.export")]) -> Json:
    """Everything held of the member, in full: what somebody is given who asks what is known of them."""
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        ref = members.get_ref(ctx, member)
        return Json(service.export_member(ctx, ref.member_id, reason=body.reason, keyring=request.app.state.keyring))


@router.post("/erase", response_model=ErasedOut, openapi_extra=routing.said(en="Erase a member", zh="删除会员个人信息"))
def erase(request: Request, member: _Member, *, body: ReasonIn, actor: Annotated[Actor, auth.needs("privacy.erase")]) -> Json:
    """Forget the member: nothing personal is left, the key to what was sealed is gone. It can't be undone. The ledger stays, nameless."""
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        ref = members.get_ref(ctx, member)
        done = service.erase(ctx, ref.member_id, reason=body.reason)
    return Json(ErasedOut(id=ids.encode(PREFIX, ref.member_id), now=done).model_dump())
