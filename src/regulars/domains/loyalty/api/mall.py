"""The rewards mall at the API: what is offered, orders of a member, and what is still to be sent."""

import asyncio
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.requests import Request

from regulars.domains.loyalty.api import goods_schemas as shown
from regulars.domains.loyalty.api import orders as order_routes
from regulars.domains.loyalty.api import schemas, standings
from regulars.domains.loyalty.model import RewardMoved, RewardOrdered
from regulars.domains.loyalty.service import handing, malls
from regulars.domains.members import service as members
from regulars.domains.members.model import PREFIX as MEMBER
from regulars.domains.rewards.model import PREFIX as REWARD_ORDER
from regulars.domains.rewards.model import State
from regulars.kernel import ids
from regulars.kernel.ids import MemberId
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.http import auth, idempotency, paging, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Strict, Word

router = routing.Router(prefix="/v1", tags=["rewards"])

Reader = Annotated[Actor, auth.needs("rewards.read")]
Orderer = Annotated[Actor, auth.needs("rewards.order")]
Fulfiller = Annotated[Actor, auth.needs("rewards.fulfil")]
MemberPage = Annotated[paging.Page, paging.page("members.reward_orders", datetime, UUID)]
QueuePage = Annotated[paging.Page, paging.page("reward_orders", datetime, UUID)]
_Note = Annotated[str, Field(max_length=300)]


class FulfilIn(Strict):
    """How it was sent."""

    carrier: Annotated[str, Field(max_length=100, examples=["SF Express"])] = ""
    tracking: Annotated[str, Field(max_length=100, examples=["SF1234567890"])] = ""
    note: _Note = ""


class MoveIn(Strict):
    """A note, where there is something to say."""

    note: _Note = ""


class MovedOut(schemas.Out):
    """Where the order stands. `returned`: points that a cancellation gave back to the lots they came from."""

    id: str
    member: str
    state: str
    returned: int
    duplicate: bool


class QueuedOut(shown.RewardOrderOut):
    """An order, and whose it is."""

    member: str


class QueueOut(schemas.Out):
    """A page of orders in one state, oldest first, and how many stand in each."""

    items: list[QueuedOut]
    counts: dict[str, int]
    next: str | None


class StepOut(schemas.Out):
    """One change of an order."""

    state: str
    at: datetime
    actor: str
    carrier: str
    tracking: str
    note: str


class OneOut(QueuedOut):
    """An order with everything that happened to it, the first first. `codes`: the ends of those it has, seen since `codes_seen_at`."""

    events: list[StepOut]
    codes: list[str]
    codes_seen_at: datetime | None


@router.get(
    "/rewards",
    response_model=shown.RewardsOut,
    openapi_extra=routing.said(en="The rewards mall", zh="积分商城", description_zh="指定会员时，给出其可兑数量与每件不可兑换的全部原因。"),
)
def mall(
    request: Request,
    *,
    actor: Reader,
    member: Annotated[Word | None, Query(description="With a member: what it may order and why not.", examples=["external:10042"])] = None,
) -> Json:
    """What the programme in force offers, with what is left in stock."""
    with _db(request).transaction(actor) as ctx:
        programme, offers = malls.offers(ctx, members.get_ref(ctx, member).member_id if member else None)
    return Json({"items": [shown.reward(offer, programme.currency) for offer in offers]})


@router.post(
    "/members/{member}/reward-orders",
    response_model=shown.OrderedOut,
    status_code=201,
    openapi_extra=routing.said(en="Order a reward", zh="兑换礼品", description_zh="扣减积分与库存，一次完成或完全不发生。"),
)
async def order(request: Request, member: schemas.MemberKey, *, body: shown.OrderIn, actor: Orderer, key: idempotency.Key) -> Json:
    """Order a reward for its points: points, stock and limit are taken at once, or nothing is."""
    ref = await standings.member_of(request, member)
    return await ordered(request, ref.member_id, body, actor=actor, key=key)


async def ordered(request: Request, member_id: MemberId, body: shown.OrderIn, *, actor: Actor, key: str) -> Json:
    """The order is placed."""
    made = RewardOrdered(
        member_id=member_id,
        at=standings.now(request),
        ref=standings.wish_id("reward", actor, key),
        reward=body.reward,
        quantity=body.quantity,
        by=actor.id,
        address_ref=body.address_ref,
    )
    done = await order_routes.submit(request, made, actor)
    told = {name: done.answer[name] for name in ("member", "state", "points", "cash")}
    return Json({"id": ids.encode(REWARD_ORDER, made.ref), **told, "duplicate": done.duplicate}, status_code=200 if done.duplicate else 201)


@router.get(
    "/members/{member}/reward-orders",
    response_model=shown.RewardOrdersOut,
    openapi_extra=routing.said(en="A member's reward orders", zh="会员兑换订单"),
)
def list_orders(request: Request, member: schemas.MemberKey, *, page: MemberPage, actor: Reader) -> Json:
    """What a member ordered from the mall, newest first."""
    with _db(request).reading(actor) as ctx:
        after = (page.after[0], page.after[1]) if page.after else None
        rows = malls.orders_of(ctx, members.get_ref(ctx, member).member_id, after=after, limit=page.fetch)
    return Json(page.answer(rows, lambda one: (one.placed_at, one.reward_order_id), show=shown.reward_order))


@router.get(
    "/reward-orders",
    response_model=QueueOut,
    openapi_extra=routing.said(
        en="Reward orders to fulfil", zh="待处理兑换订单", description_zh="按状态列出，最早的在前，并给出各状态数量。"
    ),
)
def queue(request: Request, page: QueuePage, *, actor: Reader, state: Annotated[State, Query()] = State.placed) -> Json:
    """Everybody's orders in one state, the oldest first: what is still to be sent."""
    with _db(request).reading(actor) as ctx:
        after = (page.after[0], page.after[1]) if page.after else None
        rows = malls.waiting(ctx, state, after=after, limit=page.fetch)
        counts = malls.counts(ctx)
    answer = page.answer(
        rows,
        lambda one: (one.order.placed_at, one.order.reward_order_id),
        show=lambda one: {**shown.reward_order(one.order), "member": ids.encode(MEMBER, one.member_id)},
    )
    return Json({**answer, "counts": {name.value: count for name, count in counts.items()}})


@router.get("/reward-orders/{order}", response_model=OneOut, openapi_extra=routing.said(en="Read a reward order", zh="查询兑换订单"))
def read(request: Request, order: shown.OrderPath, *, actor: Reader) -> Json:
    """One order and everything that happened to it."""
    with _db(request).reading(actor) as ctx:
        member_id, found, events = malls.read(ctx, ids.decode(REWARD_ORDER, order))
        hidden = handing.masked(ctx, found.reward_order_id, keyring=request.app.state.keyring)
    steps = [{name: getattr(event, name) for name in StepOut.model_fields} for event in events]
    codes = {"codes": hidden.codes, "codes_seen_at": hidden.seen_at}
    return Json({**shown.reward_order(found), "member": ids.encode(MEMBER, member_id), "events": steps, **codes})


@router.post(
    "/reward-orders/{order}/fulfil", response_model=MovedOut, openapi_extra=routing.said(en="Fulfil a reward order", zh="发放兑换订单")
)
async def fulfil(request: Request, order: shown.OrderPath, *, body: FulfilIn, actor: Fulfiller) -> Json:
    """It was sent, or handed over. An order reaches each state once."""
    return await _moved(request, order, State.fulfilled, actor=actor, said=body.model_dump())


@router.post(
    "/reward-orders/{order}/complete", response_model=MovedOut, openapi_extra=routing.said(en="Complete a reward order", zh="完成兑换订单")
)
async def complete(request: Request, order: shown.OrderPath, *, body: MoveIn, actor: Fulfiller) -> Json:
    """It arrived."""
    return await _moved(request, order, State.completed, actor=actor, said=body.model_dump())


@router.post(
    "/reward-orders/{order}/cancel", response_model=MovedOut, openapi_extra=routing.said(en="Cancel a reward order", zh="取消兑换订单")
)
async def cancel(request: Request, order: shown.OrderPath, *, body: MoveIn, actor: Fulfiller) -> Json:
    """Cancel what was not sent yet, or whose code nobody has seen: points, stock, limit and code are given back, once."""
    return await _moved(request, order, State.cancelled, actor=actor, said=body.model_dump())


async def _moved(request: Request, order: str, state: State, *, actor: Actor, said: dict[str, str]) -> Json:
    order_id = ids.decode(REWARD_ORDER, order)

    def whose() -> MemberId:
        with _db(request).reading(actor) as ctx:
            return malls.owner(ctx, order_id)

    member_id = await asyncio.to_thread(whose)
    made = RewardMoved(member_id=member_id, at=standings.now(request), ref=order_id, state=state.value, by=actor.id, **said)
    done = await order_routes.submit(request, made, actor)
    answer = {"id": order, "member": done.answer["member"], "state": done.answer["state"], "returned": done.answer.get("returned", 0)}
    return Json({**answer, "duplicate": done.duplicate})


def _db(request: Request) -> Database:
    found: Database = request.app.state.db
    return found
