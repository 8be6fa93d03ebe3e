"""The code a member shows at a counter, and the counter's question whose it is."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field
from starlette.requests import Request

from regulars.domains.members import service
from regulars.domains.members.api import schemas
from regulars.domains.members.api.schemas import Out
from regulars.domains.members.api.sign_in import Me
from regulars.kernel.problem import Problem
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.http import auth, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Strict

router = routing.Router(prefix="/m/v1/me", tags=["member"])
counter = routing.Router(prefix="/v1", tags=["members"])


class OfflineOut(Out):
    """What a device needs to make codes by itself: `number`, then RFC 6238 over `secret`, then the Luhn digit of both."""

    number: Annotated[str, Field(description="The nine digits a code of this device begins with.", examples=["402113579"])]
    secret: Annotated[str, Field(description="Hexadecimal; keep it in memory or the device's own store.")]
    algorithm: Literal["HMAC-SHA-256"]
    code_digits: Literal[8]
    step_seconds: Literal[30]
    until: Annotated[datetime, Field(description="Codes made with this secret are taken until then; ask again before.")]


class CardCodeOut(Out):
    """A member code: `qr` is the text of the QR code, `digits` the same for a barcode or a keyboard. Each code works once."""

    qr: str
    digits: Annotated[str, Field(pattern="^[0-9]{18}$", examples=["402113579461192464"])]
    expires_at: datetime
    offline: OfflineOut


class ScannedIn(Strict):
    """What was scanned or typed."""

    code: Annotated[str, Field(min_length=1, max_length=400, examples=["402113579 46119246 4"])]


@router.get("/card-code", response_model=CardCodeOut, openapi_extra=routing.said(en="My member code", zh="我的会员码"))
def card_code(request: Request, *, me: Me) -> Json:
    """The code to show now: for a minute, once. With `offline` the device makes the next ones by itself."""
    db: Database = request.app.state.db
    with db.reading(me) as ctx:
        device = service.device_of(ctx, request.headers, request.cookies)
        face = service.face(ctx, device, keyring=request.app.state.keyring)
    offline = OfflineOut(
        number=face.number,
        secret=face.secret.hex(),
        algorithm="HMAC-SHA-256",
        code_digits=8,
        step_seconds=30,
        until=face.offline_until,
    )
    return Json(CardCodeOut(qr=face.qr, digits=face.digits, expires_at=face.expires_at, offline=offline).model_dump())


@counter.post(
    "/members:identify", response_model=schemas.MemberOut, openapi_extra=routing.said(en="Whose member code is this?", zh="扫码识别会员")
)
def identify(request: Request, body: ScannedIn, *, actor: Annotated[Actor, auth.needs("members.identify")]) -> Json:
    """The member who shows this code, personal fields masked. A code works once; guessing locks out (429)."""
    db: Database = request.app.state.db
    with db.transaction(actor) as ctx:
        found = service.identify(ctx, body.code, keyring=request.app.state.keyring)
        if not isinstance(found, Problem):
            return Json(schemas.member(service.get_profile(ctx, found, keyring=request.app.state.keyring)).model_dump())
    # Committed by now: the failed try counts.
    raise found
