"""A member's own details and consents."""

from datetime import datetime
from typing import Annotated

from pydantic import Field
from starlette.requests import Request

from regulars.domains.members import service
from regulars.domains.members.api import schemas
from regulars.domains.members.api.schemas import Out
from regulars.domains.members.api.sign_in import Me, member_of
from regulars.domains.members.model import PREFIX, Profile
from regulars.domains.members.model import Field as Personal
from regulars.domains.members.rules import topics
from regulars.kernel import ids
from regulars.platform.db import Database
from regulars.platform.http import problems, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Strict

router = routing.Router(prefix="/m/v1/me", tags=["member"])

_Word = Annotated[str, Field(max_length=64)]


class OwnProfileOut(Out):
    """What is on file, in full: it is the member's own."""

    id: str
    name: str | None
    phone: str | None
    email: str | None
    birthday: str | None
    language: Annotated[str, Field(description="Empty: what the browser asks for.", examples=["zh-CN"])]
    joined_at: datetime


class OwnProfileIn(Strict):
    """What is to be different; what is left out stays, `null` removes the name."""

    name: Annotated[str | None, Field(min_length=1, max_length=320, examples=["李伟"])] = None
    language: Annotated[str, Field(max_length=64, examples=["zh-CN", "en"])] = ""


class ConsentCell(Out):
    """One switch: a channel, and what was said. `said_at` null: nothing was said, which counts as no."""

    channel: Annotated[str, Field(examples=["sms"])]
    label: Annotated[str, Field(examples=["Text message"])]
    granted: bool
    said_at: datetime | None


class ConsentRow(Out):
    """One question in plain words, with a switch a channel."""

    purpose: Annotated[str, Field(examples=["marketing"])]
    title: str
    words: str
    channels: list[ConsentCell]


class OwnConsentsOut(Out):
    """Everything members are asked. `wording` is the version of the words that a yes agrees to."""

    wording: str
    items: list[ConsentRow]


class ConsentChange(Strict):
    """A yes or a no to one question on one channel."""

    purpose: Annotated[_Word, Field(examples=["marketing"])]
    channel: Annotated[_Word, Field(examples=["sms"])]
    granted: bool


class OwnConsentsIn(Strict):
    """What the member says now; switches that are left out stay."""

    consents: Annotated[list[ConsentChange], Field(min_length=1, max_length=100)]


class ReceiptsOut(Out):
    """The receipts of what changed; empty when nothing did."""

    items: list[schemas.ConsentOut]


@router.get("/profile", response_model=OwnProfileOut, openapi_extra=routing.said(en="My details", zh="我的资料"))
def read_profile(request: Request, *, me: Me) -> Json:
    """What is on file about me."""
    db: Database = request.app.state.db
    with db.reading(me) as ctx:
        found = service.own(ctx, member_of(me), keyring=request.app.state.keyring)
    return Json(_profile(found))


@router.patch("/profile", response_model=OwnProfileOut, openapi_extra=routing.said(en="Change my details", zh="修改我的资料"))
def change_profile(request: Request, body: OwnProfileIn, *, me: Me) -> Json:
    """My name and language. A phone number or e-mail address is changed at the counter: it is what one signs in with."""
    names = {"name": "name", "language": "locale"}
    changes = {names[key]: value for key, value in body.model_dump(include=body.model_fields_set).items()}
    db: Database = request.app.state.db
    with db.transaction(me) as ctx:
        found = service.change_own(ctx, member_of(me), changes, keyring=request.app.state.keyring)
    return Json(_profile(found))


@router.get("/consents", response_model=OwnConsentsOut, openapi_extra=routing.said(en="What I agreed to", zh="我的授权"))
def read_consents(request: Request, *, me: Me) -> Json:
    """Each purpose in plain words, what I said for each channel, and when."""
    db: Database = request.app.state.db
    with db.reading(me) as ctx:
        member = service.get_member(ctx, member_of(me))
        said = service.answers(ctx, member.member_id)
    speak = service.language(member, problems.speaks(request))
    rows = []
    for ask in topics.ASKED:
        cells = [
            ConsentCell(channel=one.channel, label=topics.CHANNELS[one.channel].in_(speak), granted=one.granted, said_at=one.at)
            for one in said
            if one.ask is ask
        ]
        rows.append(ConsentRow(purpose=ask.purpose, title=ask.title.in_(speak), words=ask.words.in_(speak), channels=cells))
    return Json(OwnConsentsOut(wording=topics.WORDING, items=rows).model_dump())


@router.put("/consents", response_model=ReceiptsOut, openapi_extra=routing.said(en="Change what I agreed to", zh="修改我的授权"))
def change_consents(request: Request, body: OwnConsentsIn, *, me: Me) -> Json:
    """Say yes or no. Each change gets its receipt; what stays as it was gets none."""
    db: Database = request.app.state.db
    with db.transaction(me) as ctx:
        receipts = service.answer(ctx, member_of(me), [(one.purpose, one.channel, one.granted) for one in body.consents])
    return Json({"items": [schemas.consent(one).model_dump() for one in receipts]})


def _profile(found: Profile) -> dict[str, object]:
    shown = OwnProfileOut(
        id=ids.encode(PREFIX, found.member.member_id),
        name=found.fields.get(Personal.name),
        phone=found.fields.get(Personal.phone),
        email=found.fields.get(Personal.email),
        birthday=found.fields.get(Personal.birthday),
        language=found.member.locale,
        joined_at=found.member.joined_at,
    )
    return shown.model_dump()
