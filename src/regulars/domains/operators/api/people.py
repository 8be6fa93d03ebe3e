"""Operators: adding, granting, disabling, resetting."""

from typing import Annotated

from starlette.requests import Request

from regulars.domains.operators import model, service
from regulars.domains.operators.api import schemas
from regulars.domains.operators.model import Operator
from regulars.kernel import ids
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.http import auth, paging, routing
from regulars.platform.http.responses import Json

router = routing.Router(prefix="/v1/operators", tags=["operators"])

Manager = Annotated[Actor, auth.needs("operators.manage")]
Page = Annotated[paging.Page, paging.page("operators", str)]


@router.get("", response_model=schemas.OperatorsOut, openapi_extra=routing.said(en="List operators", zh="操作员列表"))
def list_operators(request: Request, page: Page, *, actor: Manager) -> Json:
    """Operators by login."""
    db: Database = request.app.state.db
    with db.reading(actor) as ctx:
        rows = service.list_operators(ctx, after=page.after[0] if page.after else None, limit=page.fetch)
    return Json(page.answer(rows, lambda row: (row.login,), show=lambda row: schemas.operator(row).model_dump()))


@router.post("", response_model=schemas.HandedOverOut, status_code=201, openapi_extra=routing.said(en="Add an operator", zh="新增操作员"))
def add(request: Request, body: schemas.OperatorIn, *, actor: Manager) -> Json:
    """Add an operator. Nobody can grant what they do not hold themselves; a login is given once."""
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        made = service.add_operator(ctx, login=body.login, name=body.name, grants=schemas.grants(body.grants))
    return _handed_over(made, status_code=201)


@router.get("/{operator}", response_model=schemas.OperatorOut, openapi_extra=routing.said(en="Read an operator", zh="查看操作员"))
def read(request: Request, operator: schemas.OperatorKey, *, actor: Manager) -> Json:
    """One operator."""
    db: Database = request.app.state.db
    with db.reading(actor) as ctx:
        return _shown(service.get_operator(ctx, ids.decode(model.OPERATOR, operator)))


@router.patch("/{operator}", response_model=schemas.OperatorOut, openapi_extra=routing.said(en="Rename an operator", zh="修改显示名"))
def rename(request: Request, operator: schemas.OperatorKey, *, body: schemas.NameIn, actor: Manager) -> Json:
    """The operator under another display name. The login stays."""
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        return _shown(service.rename(ctx, ids.decode(model.OPERATOR, operator), name=body.name))


@router.put(
    "/{operator}/grants", response_model=schemas.OperatorOut, openapi_extra=routing.said(en="Set an operator's grants", zh="设置角色授权")
)
def set_grants(request: Request, operator: schemas.OperatorKey, *, body: schemas.GrantsIn, actor: Manager) -> Json:
    """The operator has exactly these grants, in force within five seconds. One administrator always remains."""
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        return _shown(service.set_grants(ctx, ids.decode(model.OPERATOR, operator), grants=schemas.grants(body.grants)))


@router.post(
    "/{operator}/disable", response_model=schemas.OperatorOut, openapi_extra=routing.said(en="Disable an operator", zh="停用操作员")
)
def disable(request: Request, operator: schemas.OperatorKey, *, body: schemas.DisableIn, actor: Manager) -> Json:
    """The operator may not sign in any more, and is out within five seconds."""
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        operator_id = ids.decode(model.OPERATOR, operator)
        return _shown(service.disable(ctx, operator_id, reason=body.reason, revoke_keys=body.revoke_keys))


@router.post("/{operator}/enable", response_model=schemas.OperatorOut, openapi_extra=routing.said(en="Enable an operator", zh="启用操作员"))
def enable(request: Request, operator: schemas.OperatorKey, *, actor: Manager) -> Json:
    """The operator may sign in again, with the password and grants they had."""
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        return _shown(service.enable(ctx, ids.decode(model.OPERATOR, operator)))


@router.post(
    "/{operator}/reset-password",
    response_model=schemas.HandedOverOut,
    openapi_extra=routing.said(en="Reset an operator's password", zh="重置操作员密码"),
)
def reset_password(request: Request, operator: schemas.OperatorKey, *, actor: Manager) -> Json:
    """A new password to hand over. Every session of theirs has ended, and a lock-out too."""
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        reset = service.reset_password(ctx, ids.decode(model.OPERATOR, operator))
    return _handed_over(reset)


def _shown(operator: Operator) -> Json:
    return Json(schemas.operator(operator).model_dump())


def _handed_over(made: service.NewOperator, *, status_code: int = 200) -> Json:
    shown = schemas.HandedOverOut(operator=schemas.operator(made.operator), password=made.password)
    return Json(shown.model_dump(), status_code, headers={"cache-control": "no-store"})
