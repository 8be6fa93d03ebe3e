"""A member takes its data along, or closes its account."""

from typing import Annotated, Literal

from fastapi import Depends
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from regulars.domains.members import service as members
from regulars.domains.members.model import NO_SENDER, PREFIX, CodeMessage, CodeSender, Purpose
from regulars.domains.privacy import service
from regulars.domains.privacy.api.officer import ExportOut, Out
from regulars.kernel import ids
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Problem
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.http import auth, problems, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Strict

router = routing.Router(prefix="/m/v1/me", tags=["member"])

Me = Annotated[Actor, Depends(auth.member)]


class LossOut(Out):
    """One thing that is lost when the account is closed."""

    kind: Literal["units", "level", "devices", "joining"]
    words: Annotated[str, Field(examples=["460 积分将失效"])]


class ClosingOut(Out):
    """What closing the account means. `code_to` is where the code that it needs would go, null: nowhere, ask at the counter."""

    lost: list[LossOut]
    kept: str
    code_to: Annotated[str | None, Field(examples=["+44 ****01"])]


class CodeSentOut(Out):
    """The code is on its way."""

    code_to: str
    valid_seconds: int


class CloseIn(Strict):
    """The fresh code that was sent for this."""

    code: Annotated[str, Field(pattern="^[0-9]{6}$", examples=["123456"])]


class ClosedOut(Out):
    """The account is closed."""

    id: str
    status: Literal["closed"]


@router.post("/export", response_model=ExportOut, openapi_extra=routing.said(en="Download my data", zh="下载我的数据"))
def export(request: Request, *, me: Me) -> Json:
    """Everything held of me, in full, as one JSON file. Five times a day at most."""
    db: Database = request.app.state.db
    with db.transaction(me) as ctx:
        told = service.export_own(ctx, _member(me), keyring=request.app.state.keyring)
    answer = Json(told)
    answer.headers["content-disposition"] = f'attachment; filename="{me.id}.json"'
    return answer


@router.get("/close", response_model=ClosingOut, openapi_extra=routing.said(en="What closing my account means", zh="注销账户须知"))
def closing(request: Request, *, me: Me) -> Json:
    """What is lost, and what is kept all the same, before anything is done."""
    db: Database = request.app.state.db
    keyring = request.app.state.keyring
    with db.transaction(me) as ctx:
        member = members.get_member(ctx, _member(me))
        lost = service.losses(ctx, member.member_id)
        contact = members.own_masked_contact(ctx, member.member_id, keyring=keyring)
    speak = members.language(member, problems.speaks(request))
    shown = ClosingOut(
        lost=[LossOut(kind=one.kind, words=one.words.in_(speak)) for one in lost], kept=service.KEPT.in_(speak), code_to=contact
    )
    return Json(shown.model_dump())


@router.post(
    "/close/code",
    response_model=CodeSentOut,
    status_code=202,
    openapi_extra=routing.said(en="Ask for the code to close my account", zh="获取注销验证码"),
)
def close_code(request: Request, *, me: Me) -> Json:
    """A code goes to my phone, or else to my e-mail address. Asking too often is a 429 with `Retry-After`."""
    sender = _sender(request)
    db: Database = request.app.state.db
    keyring = request.app.state.keyring
    with db.transaction(me) as ctx:
        message = members.ask_own(
            ctx,
            _member(me),
            Purpose.close,
            address=request.client.host if request.client else "",
            language=problems.speaks(request),
            keyring=keyring,
        )
        contact = members.own_masked_contact(ctx, message.member_id, keyring=keyring)
    members.send(sender, message)
    valid = int((message.expires_at - message.sent_at).total_seconds())
    return Json(CodeSentOut(code_to=contact or "", valid_seconds=valid).model_dump(), status_code=202)


@router.post("/close", response_model=ClosedOut, openapi_extra=routing.said(en="Close my account", zh="注销我的账户"))
def close(request: Request, body: CloseIn, *, me: Me) -> Response:
    """The account is closed and every device signed out. Needs the code of `POST /m/v1/me/close/code`."""
    db: Database = request.app.state.db
    with db.transaction(me) as ctx:
        done = members.close_own(ctx, _member(me), code=body.code, keyring=request.app.state.keyring)
    if isinstance(done, Problem):
        # Committed by now: the failed try counts.
        raise done
    answer = Json(ClosedOut(id=ids.encode(PREFIX, done.member_id), status="closed").model_dump())
    answer.delete_cookie(members.COOKIE, secure=request.url.scheme == "https", httponly=True, samesite="lax", path="/m/")
    return answer


def _member(me: Actor) -> MemberId:
    return MemberId(ids.decode(PREFIX, me.id))


def _sender(request: Request) -> CodeSender:
    if not request.app.state.settings.shows_dev_inbox:
        raise NO_SENDER()
    db: Database = request.app.state.db

    def keep(message: CodeMessage) -> None:
        with db.transaction() as ctx:
            members.keep(ctx, message, keyring=request.app.state.keyring)

    return members.dev_inbox(keep)
