"""The audit log and its chain."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from starlette.requests import Request

from regulars.domains.operators import model, service
from regulars.domains.operators.api import schemas
from regulars.domains.operators.model import AuditRow, Break, ChainReport
from regulars.kernel import ids
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.http import auth, paging, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Word

router = routing.Router(prefix="/v1/audit", tags=["audit"])

Reader = Annotated[Actor, auth.needs("audit.read")]
Page = Annotated[paging.Page, paging.page("audit", datetime, UUID)]


class AuditRowOut(schemas.Out):
    """Who did what, and why. `no` is its place in the chain of hashes once its day is sealed."""

    id: str
    at: datetime
    actor_kind: str
    actor: str
    action: str
    entity: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str
    no: int | None


class AuditOut(schemas.Out):
    """A page of the log, newest first."""

    items: list[AuditRowOut]
    next: str | None


class BreakOut(schemas.Out):
    """The first place where the chain does not hold."""

    kind: Literal["row_changed", "row_missing", "seal_changed", "seal_missing"]
    no: int | None
    row: str | None
    day: date | None


class ChainOut(schemas.Out):
    """Whether the sealed log is as it was written. Note `head` elsewhere: it shows if the end was cut off later."""

    intact: bool
    rows: int
    days: int
    head: str
    broken: BreakOut | None


@router.get("", response_model=AuditOut, openapi_extra=routing.said(en="Read the audit log", zh="查看审计日志"))
def list_audit(
    request: Request,
    page: Page,
    *,
    actor: Reader,
    entity: Annotated[Word | None, Query(description="Only what was done to this.", examples=["opr_01jf3q7t5v8x9y0z1a2b3c4d5e"])] = None,
    by: Annotated[Word | None, Query(description="Only what this actor did.", examples=["key_01jf3q7t5v8x9y0z1a2b3c4d5e"])] = None,
    action: Annotated[Word | None, Query(description="Only this kind of deed.", examples=["operator.disabled"])] = None,
) -> Json:
    """Who did what, newest first."""
    db: Database = request.app.state.db
    before = (page.after[0], page.after[1]) if page.after else None
    with db.reading(actor) as ctx:
        rows = service.list_audit(ctx, entity=entity, actor=by, action=action, before=before, limit=page.fetch)
    return Json(page.answer(rows, lambda row: (row.at, row.audit_id), show=lambda row: _row(row).model_dump()))


@router.get("/chain", response_model=ChainOut, openapi_extra=routing.said(en="Verify the audit log", zh="核验审计日志"))
def verify(request: Request, *, actor: Reader) -> Json:
    """Walk the whole chain of sealed rows and name the first place where it does not hold."""
    db: Database = request.app.state.db
    with db.reading(actor) as ctx:
        return Json(_chain(service.verify_chain(ctx)).model_dump())


def _row(one: AuditRow) -> AuditRowOut:
    return AuditRowOut(
        id=ids.encode(model.AUDIT, one.audit_id),
        at=one.at,
        actor_kind=one.actor_kind,
        actor=one.actor_id,
        action=one.action,
        entity=one.entity,
        before=None if one.before is None else dict(one.before),
        after=None if one.after is None else dict(one.after),
        reason=one.reason,
        no=one.no,
    )


def _chain(report: ChainReport) -> ChainOut:
    return ChainOut(
        intact=report.broken is None,
        rows=report.rows,
        days=report.days,
        head=report.head.hex(),
        broken=_break(report.broken) if report.broken else None,
    )


def _break(broken: Break) -> BreakOut:
    row = ids.encode(model.AUDIT, broken.audit_id) if broken.audit_id else None
    return BreakOut(kind=broken.kind.value, no=broken.no, row=row, day=broken.day)
