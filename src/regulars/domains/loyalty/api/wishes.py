"""What people may give a member by hand: money paid in, longer life for points, a level."""

from datetime import datetime
from typing import Annotated

from pydantic import Field
from starlette.requests import Request

from regulars.domains.loyalty.api import orders as order_routes
from regulars.domains.loyalty.api import schemas, standings
from regulars.domains.loyalty.model import MAIN, ExpiryExtended, LevelGiven, ValueLoaded
from regulars.domains.members.model import PREFIX as MEMBER
from regulars.kernel import ids, problem
from regulars.platform.context import Actor
from regulars.platform.http import auth, idempotency, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Strict

router = routing.Router(prefix="/v1/members", tags=["standings"])

Loader = Annotated[Actor, auth.needs("value.load")]
Extender = Annotated[Actor, auth.needs("points.adjust")]
Giver = Annotated[Actor, auth.needs("tiers.give")]
_Reason = Annotated[str, Field(min_length=1, max_length=300)]
_Unit = Annotated[str, Field(min_length=1, max_length=40)]


class LoadIn(Strict):
    """Money that was paid in, and what is given on top of it; minor units of the programme's currency."""

    unit: Annotated[_Unit, Field(examples=["value"])]
    amount: schemas.Positive
    bonus: schemas.Amount = 0
    reason: Annotated[str, Field(max_length=300)] = ""


class ExtendIn(Strict):
    """Until when units that would lapse before may be used."""

    unit: Annotated[_Unit, Field(examples=["points"])]
    until: Annotated[datetime, Field(examples=["2027-12-31T16:00:00Z"])]
    reason: Annotated[_Reason, Field(examples=["The shop was closed in May"])]


class GiveLevelIn(Strict):
    """A level by invitation or by hand. `until` left out: as long as the ladder keeps its levels, an invitation for ever."""

    ladder: Annotated[str, Field(min_length=1, max_length=40)] = MAIN
    level: Annotated[str, Field(min_length=1, max_length=40, examples=["gold"])]
    until: datetime | None = None
    reason: Annotated[_Reason, Field(examples=["Invited by the shop in Shanghai"])]


class LevelGivenOut(schemas.Out):
    """The member's level on the main ladder afterwards. The same ``Idempotency-Key`` gets the same answer."""

    id: str
    member: str
    level: str
    duplicate: bool


@router.post(
    "/{member}/loads",
    response_model=standings.MovedOut,
    status_code=201,
    openapi_extra=routing.said(en="Load stored value", zh="储值充值", description_zh="记入实付金额与赠送金额，最小货币单位。"),
)
async def load(request: Request, member: schemas.MemberKey, *, body: LoadIn, actor: Loader, key: idempotency.Key) -> Json:
    """Record that a member paid money in, with its bonus."""
    ref = await standings.member_of(request, member)
    made = ValueLoaded(
        member_id=ref.member_id,
        at=standings.now(request),
        ref=standings.wish_id("load", actor, key),
        unit=body.unit,
        amount=body.amount,
        bonus=body.bonus,
        reason=body.reason,
    )
    return await standings.moved(request, made, actor, prefix="lod", points=body.amount + body.bonus)


@router.post(
    "/{member}/extensions",
    response_model=standings.MovedOut,
    status_code=201,
    openapi_extra=routing.said(
        en="Extend units that would lapse", zh="延长有效期", description_zh="将在该时间之前过期的可用积分延长至该时间。"
    ),
)
async def extend(request: Request, member: schemas.MemberKey, *, body: ExtendIn, actor: Extender, key: idempotency.Key) -> Json:
    """Let units that would lapse before `until` lapse then; what has lapsed stays lapsed."""
    if body.until <= standings.now(request):
        raise problem.invalid("until", body.until.isoformat(), "a time that is still to come")
    ref = await standings.member_of(request, member)
    made = ExpiryExtended(
        member_id=ref.member_id,
        at=standings.now(request),
        ref=standings.wish_id("extend", actor, key),
        unit=body.unit,
        until=body.until,
        reason=body.reason,
    )
    return await standings.moved(request, made, actor, prefix="ext", points=0, told="extended")


@router.post(
    "/{member}/levels",
    response_model=LevelGivenOut,
    status_code=201,
    openapi_extra=routing.said(en="Give a level", zh="授予等级", description_zh="邀请制等级或人工调整等级。"),
)
async def give_level(request: Request, member: schemas.MemberKey, *, body: GiveLevelIn, actor: Giver, key: idempotency.Key) -> Json:
    """Put a member on a level by invitation or by hand."""
    ref = await standings.member_of(request, member)
    made = LevelGiven(
        member_id=ref.member_id,
        at=standings.now(request),
        ref=standings.wish_id("level", actor, key),
        ladder=body.ladder,
        level=body.level,
        lasts=body.until,
        reason=body.reason,
    )
    done = await order_routes.submit(request, made, actor)
    answer = {
        "id": ids.encode("lvl", made.ref),
        "member": ids.encode(MEMBER, made.member_id),
        "level": done.answer["level"],
        "duplicate": done.duplicate,
    }
    return Json(answer, status_code=200 if done.duplicate else 201)
