"""Requests that wait for a second person. They are made by the commands themselves; here they are seen and decided."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Query
from pydantic import Field
from starlette.requests import Request

from regulars.domains.operators import model, service
from regulars.domains.operators.api import schemas
from regulars.domains.operators.model import Approval, ApprovalState
from regulars.kernel import ids
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.http import auth, paging, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Strict

router = routing.Router(prefix="/v1/approvals", tags=["approvals"])

Reader = Annotated[Actor, auth.needs("approvals.read")]
Decider = Annotated[Actor, auth.needs("approvals.decide")]
Caller = Annotated[Actor, Depends(auth.caller)]
ApprovalKey = Annotated[str, schemas.wire_id(model.APPROVAL, "A request.")]
Page = Annotated[paging.Page, paging.page("approvals", UUID)]
State = Literal["pending", "executed", "refused", "withdrawn", "expired"]


class ApproveIn(Strict):
    """A remark, if any."""

    reason: Annotated[str, Field(max_length=500, examples=["Checked with the store"])] = ""


class RefuseIn(Strict):
    """Why not."""

    reason: Annotated[str, Field(min_length=1, max_length=500, examples=["More than the customer spent"])]


class ApprovalOut(schemas.Out):
    """A command that waits, or waited, for a second person."""

    id: str
    kind: str
    payload: dict[str, Any]
    asked_by: str
    asked_at: datetime
    reason: str
    state: State
    expires_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: str | None
    result: dict[str, Any] | None


class ApprovalsOut(schemas.Out):
    """A page of requests, newest first."""

    items: list[ApprovalOut]
    next: str | None


@router.get("", response_model=ApprovalsOut, openapi_extra=routing.said(en="List requests for approval", zh="审批列表"))
def list_approvals(
    request: Request, page: Page, *, actor: Reader, state: Annotated[State | None, Query(description="Left out: all.")] = None
) -> Json:
    """Requests, newest first."""
    db: Database = request.app.state.db
    wanted = None if state is None else ApprovalState(state)
    with db.reading(actor) as ctx:
        rows = service.list_approvals(ctx, state=wanted, before=page.after[0] if page.after else None, limit=page.fetch)
    return Json(page.answer(rows, lambda row: (row.approval_id,), show=lambda row: _approval(row).model_dump()))


@router.get("/{approval}", response_model=ApprovalOut, openapi_extra=routing.said(en="Read a request", zh="查看审批"))
def read(request: Request, approval: ApprovalKey, *, actor: Caller) -> Json:
    """One request, for its asker and for whoever may read all of them."""
    db: Database = request.app.state.db
    with db.reading(actor) as ctx:
        return _shown(service.get_approval(ctx, ids.decode(model.APPROVAL, approval)))


@router.post("/{approval}/approve", response_model=ApprovalOut, openapi_extra=routing.said(en="Approve a request", zh="批准"))
def approve(request: Request, approval: ApprovalKey, *, body: ApproveIn, actor: Decider) -> Json:
    """The command is checked again and carried out, once. Not by whoever asked; it takes the command's own permission too."""
    executors: service.Executors = request.app.state.executors
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        approval_id = ids.decode(model.APPROVAL, approval)
        return _shown(service.approve(ctx, approval_id, executors=executors, reason=body.reason))


@router.post("/{approval}/refuse", response_model=ApprovalOut, openapi_extra=routing.said(en="Refuse a request", zh="拒绝"))
def refuse(request: Request, approval: ApprovalKey, *, body: RefuseIn, actor: Decider) -> Json:
    """The request is refused for good. Not by whoever asked."""
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        return _shown(service.refuse(ctx, ids.decode(model.APPROVAL, approval), reason=body.reason))


@router.post("/{approval}/withdraw", response_model=ApprovalOut, openapi_extra=routing.said(en="Withdraw my request", zh="撤回申请"))
def withdraw(request: Request, approval: ApprovalKey, *, actor: Caller) -> Json:
    """The request is taken back by whoever asked."""
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        return _shown(service.withdraw(ctx, ids.decode(model.APPROVAL, approval)))


def _shown(approval: Approval) -> Json:
    return Json(_approval(approval).model_dump())


def _approval(one: Approval) -> ApprovalOut:
    return ApprovalOut(
        id=ids.encode(model.APPROVAL, one.approval_id),
        kind=one.kind,
        payload=dict(one.payload),
        asked_by=one.asked_by,
        asked_at=one.asked_at,
        reason=one.reason,
        state=one.state.value,
        expires_at=one.expires_at,
        decided_by=one.decided_by,
        decided_at=one.decided_at,
        decision_reason=one.decision_reason,
        result=None if one.result is None else dict(one.result),
    )
