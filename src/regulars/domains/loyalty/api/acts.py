"""What members do besides buying: check-ins, reviews, shares, deliveries. Each counts once; what it earned can be taken back."""

import asyncio
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field
from starlette.requests import Request

from regulars.domains.loyalty.api import orders as order_routes
from regulars.domains.loyalty.api import schemas
from regulars.domains.loyalty.model import ActDone, ActReversed
from regulars.domains.loyalty.service import acting
from regulars.domains.members import service as members
from regulars.kernel import ids
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.http import auth, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Strict

ACT = "act"
"""What the ids of acts begin with on the wire."""
router = routing.Router(prefix="/v1/acts", tags=["acts"])

Writer = Annotated[Actor, auth.needs("acts.write")]


class AboutOrder(Strict):
    """The order that an act is about."""

    source: schemas.Source = "api"
    number: schemas.Number


class ActIn(Strict):
    """Something a member did. `source` and `number` name it for ever: the same again changes nothing, another content is a conflict."""

    source: schemas.Source = "api"
    number: schemas.Number
    member: schemas.MemberIn
    act: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", examples=["check_in"])]
    at: Annotated[datetime, Field(examples=["2026-02-27T10:15:00+08:00"])]
    value: Annotated[int, Field(ge=0, le=10**12, description="A number that belongs to it: stars, minutes, minor units.")] = 0
    about: Annotated[str, Field(max_length=200, description="What it is about: a product, a post.")] = ""
    order: Annotated[AboutOrder | None, Field(description="The order it is about: its waiting points may become available.")] = None


class ActOut(schemas.Out):
    """What the act earned, by unit. The same act gets the same answer."""

    id: str
    member: str
    granted: dict[str, int]
    given: Annotated[list[str], Field(description="The kinds of coupons that it brought.")]
    level: str
    duplicate: bool


class ReverseIn(Strict):
    """Which act does not count after all, and why."""

    source: schemas.Source = "api"
    number: schemas.Number
    reason: Annotated[str, Field(min_length=1, max_length=300, examples=["The review was removed"])]


class ReversedOut(schemas.Out):
    """What was taken back, by unit."""

    id: str
    member: str
    reversed: dict[str, int]
    duplicate: bool


@router.post(
    "",
    response_model=ActOut,
    status_code=201,
    responses={200: {"model": ActOut, "description": "It was recorded before: the same answer."}},
    openapi_extra=routing.said(
        en="Record what a member did", zh="记录会员行为", description_zh="签到、评价、分享、签收等，每个行为只计一次。"
    ),
)
async def record(request: Request, body: ActIn, actor: Writer) -> Json:
    """Record what a member did: what it earned is in the answer."""
    made = await asyncio.to_thread(_fact, request, body)
    done = await order_routes.submit(request, made, actor)
    answer = {
        "id": ids.encode(ACT, made.ref),
        **_told(done.answer, "granted", "level"),
        "given": done.answer.get("given", []),
        "duplicate": done.duplicate,
    }
    return Json(answer, status_code=200 if done.duplicate else 201)


def _fact(request: Request, body: ActIn) -> ActDone:
    db: Database = request.app.state.db
    with db.reading() as ctx:
        member = members.get_ref(ctx, body.member.key())
        order_id = acting.order_of(ctx, body.order.source, body.order.number) if body.order else None
    return ActDone(
        member_id=member.member_id,
        at=body.at,
        ref=acting.act_id(body.source, body.number),
        act=body.act,
        source=body.source,
        number=body.number,
        value=body.value,
        about=body.about,
        order_id=order_id,
    )


@router.post(
    ":reverse",
    response_model=ReversedOut,
    openapi_extra=routing.said(en="Take an act back", zh="撤销会员行为", description_zh="收回该行为所得；可重复调用。"),
)
async def reverse(request: Request, body: ReverseIn, actor: Writer) -> Json:
    """Take back what an act gave, once."""

    def wish() -> ActReversed:
        db: Database = request.app.state.db
        with db.reading() as ctx:
            return acting.reversal(ctx, body.source, body.number, reason=body.reason)

    made = await asyncio.to_thread(wish)
    done = await order_routes.submit(request, made, actor)
    return Json({"id": ids.encode(ACT, made.ref), **_told(done.answer, "reversed"), "duplicate": done.duplicate})


def _told(answer: dict[str, Any], *names: str) -> dict[str, Any]:
    return {"member": answer["member"], **{name: answer[name] for name in names}}
