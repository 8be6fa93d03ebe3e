"""What members see and do of coupons, rewards, benefits and stored value, and their daily check-in."""

import asyncio
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query
from pydantic import Field
from starlette.requests import Request

from regulars.domains.loyalty.api import coupons, gift_cards, mall, schemas, standings
from regulars.domains.loyalty.api import goods_schemas as shown
from regulars.domains.loyalty.api import me_goods_schemas as own
from regulars.domains.loyalty.api import orders as order_routes
from regulars.domains.loyalty.model import ActDone, RewardMoved
from regulars.domains.loyalty.service import acting, handing, malls, publishing, showing
from regulars.domains.members.model import PREFIX as MEMBER
from regulars.domains.rewards.model import PREFIX as REWARD_ORDER
from regulars.domains.rewards.model import Kind, State
from regulars.kernel import ids, periods
from regulars.kernel.ids import MemberId
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.http import auth, idempotency, paging, problems, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Strict

router = routing.Router(prefix="/m/v1/me", tags=["member"])

Me = Annotated[Actor, Depends(auth.member)]
CouponPage = Annotated[paging.Page, paging.page("me.coupons", UUID)]
OrderPage = Annotated[paging.Page, paging.page("me.reward_orders", datetime, UUID)]
_SOURCE = "member-pages"
_CHECK_IN = "check_in"


class FriendIn(Strict):
    """Who gets the coupon: the member number that a friend's card shows."""

    to: Annotated[str, Field(min_length=1, max_length=40, examples=["mbr_01jf3q7t5v8x9y0z1a2b3c4d5e"])]


class CheckedInOut(schemas.Out):
    """What today's check-in earned, by unit. Once a day; asked again, it gets the same answer."""

    day: date
    granted: dict[str, int]
    duplicate: bool


class CheckInsOut(schemas.Out):
    """Today, whether I was here, for how many days in a row (up to a year), on which days of this month, and by which rules it earns."""

    day: date
    done: bool
    streak: int
    days: list[date]
    earns: list[str]


@router.get("/coupons", response_model=own.OwnCouponsOut, openapi_extra=routing.said(en="My coupons", zh="我的优惠券"))
def list_coupons(
    request: Request,
    page: CouponPage,
    *,
    me: Me,
    state: Annotated[
        Literal["live", "used", "ended", "all"], Query(description="`live`: all on one page, the soonest end first.")
    ] = "live",
) -> Json:
    """The coupons I have in hand, used up, lost in another way, or ever had, each with its terms."""
    before = page.after[0] if page.after else None
    with _db(request).transaction(me) as ctx:
        if state == "live":
            programme, found = showing.in_hand(ctx, _member(me))
            return Json({"items": [own.coupon(one, programme, in_hand=True) for one in found], "next": None})
        if state == "all":
            programme, found = showing.ever(ctx, _member(me), before=before, limit=page.fetch)
        else:
            programme, found = showing.past(ctx, _member(me), used=state == "used", before=before, limit=page.fetch)
        now = ctx.now
    return Json(
        page.answer(
            found,
            lambda one: (one.held.coupon_id,),
            show=lambda one: own.coupon(one, programme, in_hand=one.held.live and one.held.ends > now),
        )
    )


@router.get("/coupons/claimable", response_model=own.OwnClaimablesOut, openapi_extra=routing.said(en="Coupons to claim", zh="领券中心"))
def claimable(request: Request, *, me: Me) -> Json:
    """The coupons that members can claim by themselves, and why I cannot claim one now."""
    with _db(request).transaction(me) as ctx:
        programme, found = showing.to_claim(ctx, _member(me))
    return Json({"items": [own.claimable(one, programme) for one in found]})


@router.post("/coupons", response_model=shown.GivenOut, status_code=201, openapi_extra=routing.said(en="Claim a coupon", zh="领取优惠券"))
async def claim(request: Request, body: shown.ClaimIn, *, me: Me, key: idempotency.Key) -> Json:
    """Claim a coupon, by its kind or by a code. Guessing codes locks out (429)."""
    return await coupons.given(request, _member(me), body, actor=me, key=key, source="claim")


@router.post(
    "/coupons/{coupon}/transfer", response_model=shown.DoneOut, openapi_extra=routing.said(en="Give a coupon to a friend", zh="转赠好友")
)
async def transfer(request: Request, coupon: shown.CouponPath, *, body: FriendIn, me: Me, key: idempotency.Key) -> Json:
    """A coupon of mine becomes a friend's, as often as its kind allows."""
    # Only by the number that a card shows: a brand's own ids could be guessed one after the other.
    to = await standings.member_of(request, ids.encode(MEMBER, ids.decode(MEMBER, body.to)))
    return await coupons.passed(request, (_member(me), to.member_id), coupon, actor=me, key=key)


@router.get("/rewards", response_model=own.OwnRewardsOut, openapi_extra=routing.said(en="The rewards mall", zh="积分商城"))
def rewards(request: Request, *, me: Me) -> Json:
    """What I can order for points, what is left, and why I cannot order something now."""
    with _db(request).transaction(me) as ctx:
        programme, offers = malls.offers(ctx, _member(me))
    return Json({"items": [own.reward(offer, programme) for offer in offers]})


@router.post(
    "/reward-orders", response_model=shown.OrderedOut, status_code=201, openapi_extra=routing.said(en="Order a reward", zh="兑换礼品")
)
async def order(request: Request, body: shown.OrderIn, *, me: Me, key: idempotency.Key) -> Json:
    """Order a reward for my points."""
    return await mall.ordered(request, _member(me), body, actor=me, key=key)


@router.get("/reward-orders", response_model=own.OwnRewardOrdersOut, openapi_extra=routing.said(en="My reward orders", zh="我的兑换订单"))
def list_orders(request: Request, page: OrderPage, *, me: Me) -> Json:
    """What I ordered from the mall, newest first."""
    with _db(request).reading(me) as ctx:
        after = (page.after[0], page.after[1]) if page.after else None
        rows = malls.orders_of(ctx, _member(me), after=after, limit=page.fetch)
        programme, labels = publishing.programmes(ctx).at(ctx.now), showing.reward_labels(ctx)
        unseen = handing.unseen(ctx, [one.reward_order_id for one in rows if one.kind is Kind.digital])
    return Json(
        page.answer(
            rows, lambda one: (one.placed_at, one.reward_order_id), show=lambda one: own.order(one, programme, labels, unseen=unseen)
        )
    )


@router.get(
    "/reward-orders/{order}", response_model=own.OwnOneOrderOut, openapi_extra=routing.said(en="One of my reward orders", zh="兑换订单详情")
)
def read_order(request: Request, order: shown.OrderPath, *, me: Me) -> Json:
    """One order of mine and everything that happened to it."""
    with _db(request).reading(me) as ctx:
        found, events = showing.own_order(ctx, _member(me), ids.decode(REWARD_ORDER, order))
        programme, labels = publishing.programmes(ctx).at(ctx.now), showing.reward_labels(ctx)
        hidden = handing.masked(ctx, found.reward_order_id, keyring=request.app.state.keyring)
    seen = hidden.seen_at is not None
    unseen = () if seen or not hidden.codes else (found.reward_order_id,)
    told = {"steps": [own.step(event) for event in events], "codes": len(hidden.codes), "codes_seen": seen}
    return Json({**own.order(found, programme, labels, unseen=unseen), **told})


@router.post(
    "/reward-orders/{order}/codes",
    response_model=own.OwnCodesOut,
    openapi_extra=routing.said(en="See the codes of my order", zh="查看兑换码", description_zh="首次查看后不能再取消。可重复调用。"),
)
def see_codes(request: Request, order: shown.OrderPath, *, me: Me) -> Json:
    """The codes that my order handed out. Once seen, the order cannot be cancelled any more. Safe to repeat."""
    with _db(request).transaction(me) as ctx:
        found = handing.reveal(ctx, _member(me), ids.decode(REWARD_ORDER, order), keyring=request.app.state.keyring)
    return Json({"codes": found.codes, "seen_at": found.seen_at})


@router.post(
    "/reward-orders/{order}/cancel",
    response_model=own.OwnCancelledOut,
    openapi_extra=routing.said(
        en="Cancel a reward order", zh="取消兑换", description_zh="未发放前可取消；积分、库存与次数退回。可重复调用。"
    ),
)
async def cancel_order(request: Request, order: shown.OrderPath, *, me: Me) -> Json:
    """Cancel what was not sent yet: points, stock and limit are given back, once. Safe to repeat."""
    order_id, member_id = ids.decode(REWARD_ORDER, order), _member(me)

    def look() -> None:
        # An order of somebody else is unknown here, whatever it stands in.
        with _db(request).reading(me) as ctx:
            showing.own_order(ctx, member_id, order_id)

    await asyncio.to_thread(look)
    made = RewardMoved(member_id=member_id, at=standings.now(request), ref=order_id, state=State.cancelled.value, by=me.id)
    done = await order_routes.submit(request, made, me)
    answer = {"id": order, "state": done.answer["state"], "returned": done.answer.get("returned", 0)}
    return Json({**answer, "duplicate": done.duplicate})


@router.get("/benefits", response_model=own.OwnBenefitsOut, openapi_extra=routing.said(en="My benefits", zh="我的权益"))
def benefits(request: Request, *, me: Me) -> Json:
    """Which benefits there are on which level, and what is left of mine in this period."""
    with _db(request).transaction(me) as ctx:
        return Json({"items": [own.benefit(perk) for perk in showing.perks(ctx, _member(me))]})


@router.post(
    "/gift-cards",
    response_model=gift_cards.LoadedOut,
    status_code=201,
    openapi_extra=routing.said(en="Redeem a gift card", zh="兑换礼品卡"),
)
async def redeem_card(request: Request, body: shown.CodeIn, *, me: Me, key: idempotency.Key) -> Json:
    """Put a gift card's amount on my stored value. Guessing codes locks out (429)."""
    return await gift_cards.redeemed(request, _member(me), body.code, actor=me, key=key)


@router.post(
    "/check-in",
    response_model=CheckedInOut,
    status_code=201,
    openapi_extra=routing.said(en="Check in", zh="每日签到", description_zh="每个自然日一次。"),
)
async def check_in(request: Request, *, me: Me) -> Json:
    """I was here today: once a day of the programme's time zone."""
    with _db(request).reading(me) as ctx:
        day = periods.local_date(ctx.now, publishing.programmes(ctx).at(ctx.now).zone)
    number = acting.day_number(me.id, day)
    made = ActDone(
        member_id=_member(me),
        at=standings.now(request),
        ref=acting.act_id(_SOURCE, number),
        act=_CHECK_IN,
        source=_SOURCE,
        number=number,
    )
    done = await order_routes.submit(request, made, me)
    answer = {"day": day, "granted": done.answer["granted"], "duplicate": done.duplicate}
    return Json(answer, status_code=200 if done.duplicate else 201)


@router.get("/check-in", response_model=CheckInsOut, openapi_extra=routing.said(en="My check-ins", zh="我的签到"))
def check_ins(request: Request, *, me: Me) -> Json:
    """On which days I checked in, and what it earns."""
    speak = problems.speaks(request)
    with _db(request).reading(me) as ctx:
        programme = publishing.programmes(ctx).at(ctx.now)
        day = periods.local_date(ctx.now, programme.zone)
        days = acting.days_done(ctx, _SOURCE, me.id, until=day)
    answer = CheckInsOut(
        day=day,
        done=day in days,
        streak=acting.streak(days, day),
        days=sorted(one for one in days if (one.year, one.month) == (day.year, day.month)),
        earns=[rule.label.in_(speak) for rule in programme.on_act.get(_CHECK_IN, ())],
    )
    return Json(answer.model_dump())


def _db(request: Request) -> Database:
    found: Database = request.app.state.db
    return found


def _member(me: Actor) -> MemberId:
    return MemberId(ids.decode(MEMBER, me.id))
