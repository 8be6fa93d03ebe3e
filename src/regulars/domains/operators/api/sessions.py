"""Signing in and out, who one is, and one's own password."""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from regulars.domains.operators import model, service
from regulars.domains.operators.api import schemas
from regulars.domains.operators.model import Operator, Policy, problems
from regulars.kernel import ids
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.http import auth, routing
from regulars.platform.http.responses import Json

router = routing.Router(prefix="/v1/session", tags=["session"])

Caller = Annotated[Actor, Depends(auth.caller)]


@router.post(
    "",
    response_model=schemas.SessionOut,
    dependencies=[auth.public()],
    responses={401: {"$ref": "#/components/responses/401"}},
    openapi_extra=routing.said(en="Sign in", zh="登录"),
)
def log_in(request: Request, body: schemas.LogInIn) -> Response:
    """Sign in: the session is in the cookie `regulars_session`, its CSRF value in the answer. Failures lock out for a while."""
    address = request.client.host if request.client else ""
    opened = service.log_in(request.app.state.db, login=body.login, password=body.password, address=address, policy=_policy(request))
    return _opened(request, opened)


@router.get("", response_model=schemas.SessionOut, openapi_extra=routing.said(en="Who am I?", zh="查看当前身份"))
def read(request: Request, *, actor: Caller) -> Json:
    """Who is calling and what they may do. With a handed-out password nothing is allowed until it is replaced."""
    if actor.kind != "operator":
        return _session(actor, None, csrf_token=None)
    db: Database = request.app.state.db
    with db.reading(actor) as ctx:
        person = service.get_operator(ctx, ids.decode(model.OPERATOR, actor.id))
    return _session(actor, person, csrf_token=service.csrf_of(_token(request, actor)))


@router.delete("", status_code=204, openapi_extra=routing.said(en="Sign out", zh="退出登录"))
def log_out(request: Request, *, actor: Caller) -> Response:
    """The session is over. Other processes notice within five seconds."""
    token = _token(request, actor)
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        service.log_out(ctx, token)
    answer = Response(status_code=204)
    answer.delete_cookie(service.COOKIE, secure=_is_secure(request), httponly=True, samesite="lax", path="/")
    return answer


@router.post("/password", response_model=schemas.SessionOut, openapi_extra=routing.said(en="Change my password", zh="修改我的密码"))
def change_password(request: Request, body: schemas.PasswordIn, *, actor: Caller) -> Response:
    """The new password is set; every session has ended and a new one begins. Guesses of the current one count as sign-in attempts."""
    db: Database = request.app.state.db
    opened = service.change_password(db, actor, current=body.current_password, new=body.new_password, policy=_policy(request))
    return _opened(request, opened)


def _policy(request: Request) -> Policy:
    return replace(model.POLICY, session_for=timedelta(hours=request.app.state.settings.session_hours))


def _opened(request: Request, opened: service.Opened) -> Json:
    actor = Actor(kind="operator", id=ids.encode(model.OPERATOR, opened.operator.operator_id), permissions=opened.permissions)
    answer = _session(actor, opened.operator, csrf_token=opened.csrf_token)
    age = int((opened.expires_at - request.app.state.db.clock.now()).total_seconds())
    answer.set_cookie(service.COOKIE, opened.token, max_age=age, secure=_is_secure(request), httponly=True, samesite="lax", path="/")
    return answer


def _token(request: Request, actor: Actor) -> str:
    if actor.kind != "operator":
        raise problems.ONLY_PEOPLE()
    return request.cookies[service.COOKIE]


def _is_secure(request: Request) -> bool:
    # A browser drops a Secure cookie that comes over plain HTTP, and the first run on a laptop has nothing else.
    return request.url.scheme == "https"


def _session(actor: Actor, person: Operator | None, *, csrf_token: str | None) -> Json:
    shown = schemas.SessionOut(
        kind=actor.kind,
        id=actor.id,
        operator=schemas.operator(person) if person else None,
        permissions=sorted(actor.permissions),
        csrf_token=csrf_token,
    )
    # The answer holds a secret of the session: nothing in between may keep it.
    return Json(shown.model_dump(), headers={"cache-control": "no-store"})
