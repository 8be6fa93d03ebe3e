"""Members sign in by a code, and out again; their devices; the development inbox."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, Path
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from regulars.domains.members import service
from regulars.domains.members.api.schemas import Out
from regulars.domains.members.model import (
    DEVICE_PREFIX,
    NO_SENDER,
    NOT_FROM_APP,
    PREFIX,
    SIGN_IN,
    CodeMessage,
    CodeSender,
    Device,
    SessionId,
)
from regulars.domains.members.rules import signing_in
from regulars.kernel import ids
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Problem
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.http import auth, problems, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Strict

router = routing.Router(prefix="/m/v1", tags=["member"])
dev_router = routing.Router(prefix="/v1/dev", tags=["dev"], dependencies=[auth.public()])

# Browsers keep a cookie for 400 days at most; when the session ends is our table's to say.
_COOKIE_SECONDS = 400 * 24 * 3600


async def from_app(request: Request) -> None:
    """A change comes from our own pages. Raises ``members.not_from_app``."""
    if not request.headers.get(service.APP_HEADER):
        raise NOT_FROM_APP()


Me = Annotated[Actor, Depends(auth.member)]
_PUBLIC = [auth.public(), Depends(from_app)]
_NEEDS: dict[int | str, dict[str, Any]] = {403: {"$ref": "#/components/responses/403"}}
_Contact = Annotated[
    str, Field(min_length=3, max_length=254, description="A phone number or an e-mail address.", examples=["+44 7700 900123"])
]
_Region = Annotated[
    str, Field(pattern="^[A-Z]{2}$", description="Where a phone number without a country code belongs.", examples=["CN", "GB"])
]


class CodeIn(Strict):
    """Where the code goes."""

    contact: _Contact
    region: _Region = "CN"


class CodeOut(Out):
    """The same for everybody: whether somebody is a member does not show."""

    digits: Annotated[int, Field(examples=[6])]
    valid_seconds: Annotated[int, Field(examples=[600])]
    again_after_seconds: Annotated[int, Field(description="When another code can be asked for.", examples=[60])]


class SignInIn(Strict):
    """The code, with the contact it was sent to. ``carry``: the session in a cookie, or as a token for apps that have no cookies."""

    contact: _Contact
    region: _Region = "CN"
    code: Annotated[str, Field(pattern=f"^[0-9]{{{signing_in.CODE_DIGITS}}}$", examples=["123456"])]
    carry: Literal["cookie", "token"] = "cookie"


class DeviceOut(Out):
    """Where the member is signed in; `current` is the device that asks."""

    id: Annotated[str, Field(examples=["dev_01jf3q7t5v8x9y0z1a2b3c4d5e"])]
    name: Annotated[str, Field(examples=["Safari · iPhone"])]
    signed_in_at: datetime
    seen_at: datetime
    expires_at: datetime
    current: bool


class DevicesOut(Out):
    """All devices, the one used last first."""

    items: list[DeviceOut]


class SignedInOut(Out):
    """The new session; `token` only where the session is not in a cookie."""

    member: Annotated[str, Field(examples=["mbr_01jf3q7t5v8x9y0z1a2b3c4d5e"])]
    device: DeviceOut
    token: str | None


class MessageOut(Out):
    """One code, as the member's phone would show it."""

    contact: str
    purpose: Literal["sign_in", "close"]
    code: str
    text: str
    sent_at: datetime
    expires_at: datetime


class InboxOut(Out):
    """Codes that are still valid, newest first."""

    items: list[MessageOut]


@router.post(
    "/sign-in",
    response_model=CodeOut,
    status_code=202,
    dependencies=_PUBLIC,
    responses=_NEEDS,
    openapi_extra=routing.said(en="Ask for a sign-in code", zh="获取登录验证码"),
)
def ask(request: Request, body: CodeIn) -> Json:
    """A code is sent if a member has this phone number or e-mail address; the answer is the same if not. Needs `X-Member-App`.

    A new code makes the one before invalid. Asking too often is a 429 with `Retry-After`.
    """
    sender = sender_of(request)
    db: Database = request.app.state.db
    with db.transaction() as ctx:
        message = service.ask(
            ctx,
            contact=body.contact,
            region=body.region,
            address=address_of(request),
            language=problems.speaks(request),
            keyring=request.app.state.keyring,
        )
    service.send(sender, message)
    return asked()


@router.post(
    "/session",
    response_model=SignedInOut,
    status_code=201,
    dependencies=_PUBLIC,
    responses=_NEEDS | {401: {"$ref": "#/components/responses/401"}},
    openapi_extra=routing.said(en="Sign in with a code", zh="验证码登录"),
)
def sign_in(request: Request, body: SignInIn) -> Response:
    """A session of thirty days from its last use, for the right code. A code works once and takes five tries. Needs `X-Member-App`."""
    db: Database = request.app.state.db
    with db.transaction() as ctx:
        opened = service.open_session(
            ctx,
            contact=body.contact,
            region=body.region,
            code=body.code,
            address=address_of(request),
            user_agent=request.headers.get("user-agent", ""),
            keyring=request.app.state.keyring,
        )
    if isinstance(opened, Problem):
        raise opened
    shown = SignedInOut(
        member=ids.encode(PREFIX, opened.device.member_id),
        device=_device(opened.device, opened.device.session_id),
        token=opened.token if body.carry == "token" else None,
    )
    answer = Json(shown.model_dump(), status_code=201)
    if body.carry == "cookie":
        secure = request.url.scheme == "https"
        # Over plain HTTP, which the first run on a laptop has, a browser drops a Secure cookie.
        answer.set_cookie(service.COOKIE, opened.token, max_age=_COOKIE_SECONDS, secure=secure, httponly=True, samesite="lax", path="/m/")
    return answer


@router.delete("/session", status_code=204, openapi_extra=routing.said(en="Sign out", zh="退出登录"))
def sign_out(request: Request, *, me: Me) -> Response:
    """This device is signed out, at once."""
    db: Database = request.app.state.db
    with db.transaction(me) as ctx:
        service.sign_out(ctx, member_of(me), service.device_of(ctx, request.headers, request.cookies).session_id)
    answer = Response(status_code=204)
    answer.delete_cookie(service.COOKIE, secure=request.url.scheme == "https", httponly=True, samesite="lax", path="/m/")
    return answer


@router.get("/me/devices", response_model=DevicesOut, openapi_extra=routing.said(en="Where I am signed in", zh="登录设备"))
def devices(request: Request, *, me: Me) -> Json:
    """Every device that is signed in."""
    db: Database = request.app.state.db
    with db.reading(me) as ctx:
        current = service.device_of(ctx, request.headers, request.cookies)
        found = service.devices(ctx, current.member_id)
    return Json({"items": [_device(one, current.session_id).model_dump() for one in found]})


@router.delete("/me/devices/{device}", status_code=204, openapi_extra=routing.said(en="Sign a device out", zh="下线设备"))
def sign_device_out(
    request: Request,
    device: Annotated[str, Path(min_length=1, max_length=40, examples=["dev_01jf3q7t5v8x9y0z1a2b3c4d5e"])],
    *,
    me: Me,
) -> Response:
    """The device is signed out, at once."""
    db: Database = request.app.state.db
    with db.transaction(me) as ctx:
        service.sign_out(ctx, member_of(me), SessionId(ids.decode(DEVICE_PREFIX, device)))
    return Response(status_code=204)


@dev_router.get("/inbox", response_model=InboxOut, openapi_extra=routing.said(en="Codes that were not sent", zh="开发收件箱"))
def inbox(request: Request) -> Json:
    """Development only: the codes that a provider would have sent. There is no such address unless `REGULARS_DEV_INBOX` allows it."""
    if not request.app.state.settings.shows_dev_inbox:
        raise problems.NO_ROUTE()
    db: Database = request.app.state.db
    with db.reading() as ctx:
        found = service.messages(ctx, keyring=request.app.state.keyring)
    items = [
        MessageOut(
            contact=one.contact.value,
            purpose=one.purpose.value,
            code=one.code,
            text=service.words(one),
            sent_at=one.sent_at,
            expires_at=one.expires_at,
        ).model_dump()
        for one in found
    ]
    return Json({"items": items})


def sender_of(request: Request) -> CodeSender:
    """The way codes go out. Raises ``members.no_sender``: the same for everybody, before anything is looked up."""
    if not request.app.state.settings.shows_dev_inbox:
        raise NO_SENDER()
    db: Database = request.app.state.db

    def keep(message: CodeMessage) -> None:
        with db.transaction() as ctx:
            service.keep(ctx, message, keyring=request.app.state.keyring)

    return service.dev_inbox(keep)


def asked() -> Json:
    """What everybody is told who asked for a code."""
    shown = CodeOut(
        digits=signing_in.CODE_DIGITS,
        valid_seconds=int(SIGN_IN.code_for.total_seconds()),
        again_after_seconds=int(SIGN_IN.pause.window.total_seconds()),
    )
    return Json(shown.model_dump(), status_code=202)


def address_of(request: Request) -> str:
    """Where the request comes from, as far as the connection tells."""
    return request.client.host if request.client else ""


def member_of(me: Actor) -> MemberId:
    """Whose pages call."""
    return MemberId(ids.decode(PREFIX, me.id))


def _device(one: Device, current: SessionId) -> DeviceOut:
    return DeviceOut(
        id=ids.encode(DEVICE_PREFIX, one.session_id),
        name=one.name,
        signed_in_at=one.opened_at,
        seen_at=one.seen_at,
        expires_at=one.expires_at,
        current=one.session_id == current,
    )
