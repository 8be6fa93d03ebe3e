"""Roles and the rights they are made of."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from regulars.domains.operators import service
from regulars.domains.operators.api import schemas
from regulars.domains.operators.model import permissions
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.http import auth, routing
from regulars.platform.http.responses import Json

router = routing.Router(prefix="/v1", tags=["roles"])

Manager = Annotated[Actor, auth.needs("operators.manage")]


@router.get(
    "/permissions",
    response_model=schemas.PermissionsOut,
    dependencies=[Depends(auth.caller)],
    openapi_extra=routing.said(en="List permissions", zh="权限列表"),
)
def list_permissions() -> Json:
    """Every right there is, with its labels."""
    return Json({"items": [schemas.permission(one).model_dump() for one in permissions.PERMISSIONS.values()]})


@router.get("/roles", response_model=schemas.RolesOut, openapi_extra=routing.said(en="List roles", zh="角色列表"))
def list_roles(request: Request, *, actor: Manager) -> Json:
    """Every role, the built-in ones first."""
    db: Database = request.app.state.db
    with db.reading(actor) as ctx:
        return Json({"items": [schemas.role(one).model_dump() for one in service.list_roles(ctx).values()]})


@router.put("/roles/{role}", response_model=schemas.RoleOut, openapi_extra=routing.said(en="Make or replace a role", zh="新建或修改角色"))
def put_role(request: Request, role: schemas.RoleKey, *, body: schemas.RoleIn, actor: Manager) -> Json:
    """The role has exactly these permissions; its holders get and lose them within five seconds. Built-in roles stay as they are."""
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        made = service.put_role(ctx, role, name_en=body.name_en, name_zh=body.name_zh, names=body.permissions)
    return Json(schemas.role(made).model_dump())


@router.delete("/roles/{role}", status_code=204, openapi_extra=routing.said(en="Remove a role", zh="删除角色"))
def delete_role(request: Request, role: schemas.RoleKey, *, actor: Manager) -> Response:
    """The role is gone; nobody may hold it any more."""
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        service.delete_role(ctx, role)
    return Response(status_code=204)
