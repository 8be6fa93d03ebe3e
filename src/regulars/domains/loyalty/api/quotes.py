"""Quote → hold → confirm or cancel: two carts never spend one point."""

import asyncio
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path
from pydantic import Field
from starlette.requests import Request

from regulars.domains.loyalty import service
from regulars.domains.loyalty.api import orders, schemas
from regulars.domains.loyalty.model import CouponUse, HoldCancelled, HoldPlaced
from regulars.domains.loyalty.service import Cart, CartLine, OrderGiven, quoting
from regulars.domains.members import service as members
from regulars.domains.members.model import PREFIX as MEMBER
from regulars.kernel import ids, money, problem
from regulars.kernel.ids import HoldId, MemberId
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.http import auth, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Currency, Strict

router = routing.Router(tags=["quotes"])

Writer = Annotated[Actor, auth.needs("quotes.write")]
HoldKey = Annotated[str, Path(min_length=1, max_length=40, description="A hold's id.", examples=["hld_01jf3q7t5v8x9y0z1a2b3c4d5e"])]


class QuoteIn(Strict):
    """A cart, and how many points should pay a part of it."""

    member: schemas.MemberIn
    currency: Currency
    lines: Annotated[list[schemas.LineIn], Field(min_length=1, max_length=500)]
    freight: schemas.Amount = 0
    store: Annotated[str, Field(max_length=100)] = ""
    channel: Annotated[str, Field(max_length=100)] = ""
    source: schemas.Source = "api"
    unit: Annotated[str, Field(max_length=40)] = "points"
    points: schemas.Amount = 0
    coupons: Annotated[list[schemas.CouponKey], Field(max_length=50, description="Coupons to use, by id or code.")] = Field(default=[])
    best: Annotated[bool, Field(description="Use the best combination of all coupons the member holds, instead.")] = False


class UsedCoupon(schemas.Out):
    """A coupon that counts, and what it takes off: of each line, and of the freight. `desired`: before its budget cut it."""

    id: str
    definition: str
    lines: dict[str, int]
    freight: int
    discount: int
    desired: int


class RefusedCoupon(schemas.Out):
    """A coupon that does not count: why, as a word and in words, and what is missing."""

    id: str | None
    definition: str
    reason: str
    text: dict[str, str]
    missing: dict[str, Any]


class QuotedCoupons(schemas.Out):
    """What the coupons do. `best`: no better combination exists (false only when the search was cut short)."""

    used: list[UsedCoupon]
    refused: list[RefusedCoupon]
    best: bool


class QuoteOut(schemas.Out):
    """What the order would do now. The token holds for 15 minutes, as long as neither programme nor standing changes."""

    token: str
    valid_until: datetime
    total: int
    worth: Annotated[int, Field(description="What the points pay, minor units.")]
    to_pay: int
    points: int
    most_points: Annotated[int, Field(description="The most points that could pay for this cart.")]
    granted: dict[str, int]
    level: str
    reasons: list[dict[str, str]]
    points_paid: Annotated[dict[str, int], Field(description="By line: what points pay of it. Send it with the order.")]
    coupons: QuotedCoupons


class HoldIn(Strict):
    """The quote whose points should be set aside."""

    token: Annotated[str, Field(min_length=1, max_length=200_000)]


class HoldOut(schemas.Out):
    """Points that are set aside until ``valid_until``."""

    id: str
    member: str
    points: int
    valid_until: datetime


class CancelledOut(schemas.Out):
    """What went back to its lots."""

    id: str
    returned: int


@router.post(
    "/v1/quotes",
    response_model=QuoteOut,
    openapi_extra=routing.said(en="Quote a cart", zh="试算", description_zh="不记录任何内容，返回可得积分、可抵扣金额与原因。"),
)
def quote(request: Request, body: QuoteIn, actor: Writer) -> Json:
    """What an order would earn and what points could pay of it, with reasons; nothing is recorded."""
    if not money.known(body.currency):
        raise problem.invalid("currency", body.currency, "an ISO 4217 code such as CNY or GBP")
    db: Database = request.app.state.db
    external_id, member_id = body.member.asked()
    with db.reading(actor) as ctx:
        key = f"external:{external_id}" if external_id is not None else ids.encode(MEMBER, member_id or MemberId(UUID(int=0)))
        ref = members.get_ref(ctx, key)
        made = service.quote(ctx, _cart(body, ref.member_id), keyring=request.app.state.keyring)
    return Json(quoting.as_json(made))


def _cart(body: QuoteIn, member_id: MemberId) -> Cart:
    lines = schemas.lines_of(body.lines)
    return Cart(
        member_id=member_id,
        currency=body.currency,
        lines=tuple(
            CartLine(no=n.no, product=n.product, quantity=n.quantity, amount=n.amount, discount=n.discount, tax=n.tax, category=n.category)
            for n in lines
        ),
        freight=body.freight,
        store=body.store,
        channel=body.channel,
        source=body.source,
        unit=body.unit,
        points=body.points,
        coupons=tuple(schemas.coupon_key(one) for one in body.coupons),
        best=body.best,
    )


@router.post(
    "/v1/holds",
    response_model=HoldOut,
    status_code=201,
    responses={200: {"model": HoldOut, "description": "The quote is held already."}},
    openapi_extra=routing.said(en="Hold the quoted points", zh="冻结积分", description_zh="按报价冻结积分；报价过期返回 409 并附新报价。"),
)
async def hold(request: Request, body: HoldIn, actor: Writer) -> Json:
    """Set the quoted points aside. A stale quote answers 409 with a fresh one enclosed; the same token again is the same hold."""
    fact = await asyncio.to_thread(_fact, request, body.token, actor)
    done = await orders.submit(request, fact, actor)
    answer = {
        "id": ids.encode("hld", fact.ref),
        "member": ids.encode(MEMBER, fact.member_id),
        "points": fact.points,
        "valid_until": done.answer["until"],
    }
    return Json(answer, status_code=200 if done.duplicate else 201)


def _fact(request: Request, token: str, actor: Actor) -> HoldPlaced:
    db: Database = request.app.state.db
    with db.reading(actor) as ctx:
        return service.hold_for(ctx, token, keyring=request.app.state.keyring)


@router.post(
    "/v1/holds/{hold}/confirm",
    response_model=schemas.Recorded,
    status_code=201,
    responses={200: {"model": schemas.Recorded, "description": "It was recorded before: the same answer."}},
    openapi_extra=routing.said(en="Confirm a hold with its order", zh="确认冻结并下单", description_zh="记录订单并扣除冻结的积分。"),
)
async def confirm(request: Request, hold: HoldKey, body: schemas.ConfirmIn, actor: Writer) -> Json:
    """Record the order that the held points pay a part of: both happen or neither."""
    hold_id = HoldId(ids.decode("hld", hold))
    member_id, coupons = await asyncio.to_thread(_held, request, hold_id)
    order = schemas.order_of(body, source=body.source, number=body.number)
    done = await orders.submit(request, OrderGiven(order=order, member_id=member_id, hold_id=hold_id, coupons=coupons), actor)
    return Json(schemas.recorded(done.answer, duplicate=done.duplicate), status_code=200 if done.duplicate else 201)


@router.post(
    "/v1/holds/{hold}/cancel",
    response_model=CancelledOut,
    openapi_extra=routing.said(en="Cancel a hold", zh="取消冻结", description_zh="积分退回原批次，有效期不变。"),
)
async def cancel(request: Request, hold: HoldKey, actor: Writer) -> Json:
    """Give the held points back to their lots, with their old expiry."""
    hold_id = HoldId(ids.decode("hld", hold))
    member_id = await asyncio.to_thread(_owner, request, hold_id)
    db: Database = request.app.state.db
    fact = HoldCancelled(member_id=member_id, at=db.clock.now(), ref=hold_id)
    done = await orders.submit(request, fact, actor)
    return Json({"id": hold, "returned": done.answer.get("returned", 0)})


def _held(request: Request, hold_id: HoldId) -> tuple[MemberId, tuple[CouponUse, ...]]:
    db: Database = request.app.state.db
    with db.reading() as ctx:
        member_id = service.owner_of(ctx, "hold", hold_id)
        return member_id, quoting.held_uses(ctx, member_id, hold_id)


def _owner(request: Request, hold_id: HoldId) -> MemberId:
    db: Database = request.app.state.db
    with db.reading() as ctx:
        return service.owner_of(ctx, "hold", hold_id)
