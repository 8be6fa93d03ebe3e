"""Coupons at the API: given, claimed, listed, withdrawn, passed on, and taken at the counter."""

import asyncio
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.requests import Request

from regulars.domains.loyalty.api import goods_schemas as shown
from regulars.domains.loyalty.api import orders as order_routes
from regulars.domains.loyalty.api import schemas, standings
from regulars.domains.loyalty.model import CouponGiven, CouponPassed, CouponRedeemed, CouponVoided
from regulars.domains.loyalty.service import giving, publishing
from regulars.domains.members import service as members
from regulars.kernel import ids, problem
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Problem
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.http import auth, idempotency, paging, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Strict, Word

router = routing.Router(prefix="/v1", tags=["coupons"])

Reader = Annotated[Actor, auth.needs("coupons.read")]
Giver = Annotated[Actor, auth.needs("coupons.give")]
Redeemer = Annotated[Actor, auth.needs("coupons.redeem")]
Page = Annotated[paging.Page, paging.page("members.coupons", UUID)]
REDEMPTION = "crd"
"""What the ids of redemptions at the counter begin with on the wire."""


class GiveIn(shown.ClaimIn):
    """A kind of coupon to give as a `gift`, or to `claim` for the member by its own rules and price; or the code that the member typed."""

    as_: Annotated[Literal["gift", "claim"], Field(alias="as", description="A code is always claimed.")] = "gift"


class VoidIn(Strict):
    """Why the coupon is withdrawn; members may read it."""

    reason: Annotated[str, Field(min_length=1, max_length=300, examples=["Sent twice"])]


class PassIn(Strict):
    """Who gets the coupon."""

    to: schemas.MemberIn


class RedeemIn(Strict):
    """What the clerk has: the coupon, its holder by name or by the member code it shows (not needed for codes of a batch), the bill."""

    coupon: schemas.CouponKey
    member: schemas.MemberIn | None = None
    card: Annotated[str | None, Field(min_length=1, max_length=400, description="The member code, as it was scanned.")] = None
    amount: Annotated[schemas.Positive, Field(examples=[5_800])]
    store: Annotated[str, Field(max_length=100)] = ""


class RedeemedOut(schemas.Out):
    """What the coupon takes off the bill, in minor units. The same `Idempotency-Key` gets the same answer."""

    id: str
    member: str
    discount: int
    to_pay: int
    duplicate: bool


@router.get(
    "/coupons/definitions",
    response_model=shown.ClaimablesOut,
    openapi_extra=routing.said(en="List kinds of coupons", zh="优惠券种类", description_zh="指定会员时，给出每种券不可领取的原因。"),
)
def definitions(
    request: Request,
    *,
    actor: Reader,
    member: Annotated[Word | None, Query(description="With a member: why it cannot claim each now.", examples=["external:10042"])] = None,
) -> Json:
    """Every kind of coupon of the programme in force, with what is left of it."""
    with _db(request).transaction(actor) as ctx:
        member_id = members.get_ref(ctx, member).member_id if member else None
        return Json({"items": [shown.claimable(one) for one in giving.claimable(ctx, member_id)]})


@router.get("/members/{member}/coupons", response_model=shown.CouponsOut, openapi_extra=routing.said(en="List coupons", zh="会员优惠券"))
def list_coupons(
    request: Request,
    member: schemas.MemberKey,
    *,
    page: Page,
    actor: Reader,
    state: Annotated[Literal["live", "all"], Query(description="`live`: those that can still be used, all on one page.")] = "live",
) -> Json:
    """The coupons a member has in hand, or ever had."""
    with _db(request).transaction(actor) as ctx:
        programme, member_id = publishing.programmes(ctx).at(ctx.now), members.get_ref(ctx, member).member_id
        if state == "live":
            return Json({"items": [shown.coupon(one, programme) for one in giving.in_hand(ctx, member_id)], "next": None})
        rows = giving.ever_held(ctx, member_id, before=page.after[0] if page.after else None, limit=page.fetch)
    return Json(page.answer(rows, lambda one: (one.coupon_id,), show=lambda one: shown.coupon(one, programme)))


@router.post(
    "/members/{member}/coupons",
    response_model=shown.GivenOut,
    status_code=201,
    openapi_extra=routing.said(
        en="Give or claim a coupon", zh="发券或领券", description_zh="可按券种发放，也可输入券码领取；输错过多次将被暂时锁定。"
    ),
)
async def give(request: Request, member: schemas.MemberKey, *, body: GiveIn, actor: Giver, key: idempotency.Key) -> Json:
    """Give a member a coupon, or claim one for it, by kind or by the code it typed. Guessing codes locks out (429)."""
    ref = await standings.member_of(request, member)
    return await given(request, ref.member_id, body, actor=actor, key=key, source=body.as_)


async def given(request: Request, member_id: MemberId, body: shown.ClaimIn, *, actor: Actor, key: str, source: str) -> Json:
    """The coupon of a kind or a code is the member's."""
    body.one()
    wanted = giving.Typed(body.definition or "", {"gift": "gift"}.get(source, "claim"), "")
    if body.code is not None:
        wanted = await asyncio.to_thread(_typed, request, body.code, member_id, actor)
    made = CouponGiven(
        member_id=member_id,
        at=standings.now(request),
        ref=standings.wish_id("coupon", actor, key),
        definition=wanted.definition,
        source=wanted.source,
        code=wanted.code,
    )
    done = await order_routes.submit(request, made, actor)
    return Json(shown.given(done.answer, made.ref, duplicate=done.duplicate), status_code=200 if done.duplicate else 201)


def _typed(request: Request, code: str, member_id: MemberId, actor: Actor) -> giving.Typed:
    with _db(request).transaction(actor) as ctx:
        found = giving.typed(ctx, code, member_id=member_id, keyring=request.app.state.keyring)
    if isinstance(found, Problem):
        # Committed by now: the failed try counts.
        raise found
    return found


@router.post(
    "/members/{member}/coupons/{coupon}/void",
    response_model=shown.DoneOut,
    openapi_extra=routing.said(en="Withdraw a coupon", zh="作废优惠券"),
)
async def void(request: Request, member: schemas.MemberKey, coupon: shown.CouponPath, *, body: VoidIn, actor: Giver) -> Json:
    """Withdraw a coupon that can still be used, once."""
    ref = await standings.member_of(request, member)
    coupon_id = ids.decode(schemas.COUPON, coupon)

    made = CouponVoided(member_id=ref.member_id, at=standings.now(request), ref=coupon_id, reason=body.reason)

    def note() -> None:
        with _db(request).transaction(actor) as ctx:
            giving.voided(ctx, ref.member_id, coupon_id, reason=body.reason)

    done = await order_routes.submit(request, made, actor)
    if not done.duplicate:
        await asyncio.to_thread(note)
    return Json({"id": coupon, "member": done.answer["member"], "duplicate": done.duplicate})


@router.post(
    "/members/{member}/coupons/{coupon}/transfer",
    response_model=shown.DoneOut,
    openapi_extra=routing.said(en="Pass a coupon on", zh="转赠优惠券"),
)
async def transfer(
    request: Request, member: schemas.MemberKey, coupon: shown.CouponPath, *, body: PassIn, actor: Giver, key: idempotency.Key
) -> Json:
    """Give a coupon to another member, as often as its kind allows: both change or none."""
    ref, to = await standings.member_of(request, member), await standings.member_of(request, body.to.key())
    return await passed(request, (ref.member_id, to.member_id), coupon, actor=actor, key=key)


async def passed(request: Request, between: tuple[MemberId, MemberId], coupon: str, *, actor: Actor, key: str) -> Json:
    """The coupon goes from the first member to the second."""
    made = CouponPassed(
        member_id=between[0],
        at=standings.now(request),
        ref=standings.wish_id("coupon_pass", actor, key),
        coupon_id=ids.decode(schemas.COUPON, coupon),
        receiver=between[1],
    )
    done = await order_routes.submit(request, made, actor)
    return Json({"id": coupon, "member": done.answer["member"], "duplicate": done.duplicate})


@router.post(
    "/coupons:redeem",
    response_model=RedeemedOut,
    status_code=201,
    openapi_extra=routing.said(
        en="Redeem a coupon at the counter", zh="核销优惠券", description_zh="凭券码或会员码核销；返回本单优惠金额。"
    ),
)
async def redeem(request: Request, body: RedeemIn, actor: Redeemer, *, key: idempotency.Key) -> Json:
    """Take a coupon for a bill: the answer says what it takes off. Guessing codes locks out (429)."""
    if body.member is not None and body.card is not None:
        raise problem.invalid("card", "both", "the member or the code it shows, not both")
    wish, coupon = standings.wish_id("coupon_use", actor, key), schemas.coupon_key(body.coupon)
    hand = giving.Shown(coupon, body.member.key() if body.member else None, body.card)

    def whose() -> MemberId:
        with _db(request).transaction(actor) as ctx:
            found = giving.shown_by(ctx, hand, wish=wish, keyring=request.app.state.keyring)
        if isinstance(found, Problem):
            # Committed by now: the failed try counts.
            raise found
        return found

    member_id = await asyncio.to_thread(whose)
    made = CouponRedeemed(member_id=member_id, at=standings.now(request), ref=wish, coupon=coupon, amount=body.amount, store=body.store)
    done = await order_routes.submit(request, made, actor)
    off = int(str(done.answer["discount"]))
    answer = {"id": ids.encode(REDEMPTION, wish), "member": done.answer["member"], "discount": off, "to_pay": body.amount - off}
    return Json({**answer, "duplicate": done.duplicate}, status_code=200 if done.duplicate else 201)


def _db(request: Request) -> Database:
    found: Database = request.app.state.db
    return found
