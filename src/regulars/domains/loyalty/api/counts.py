"""Coupons and rewards over all members at the API: what became of them, who holds which, and what a clerk has in hand."""

import asyncio
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field
from starlette.requests import Request

from regulars.domains.coupons.model import CouponFilter, MemberCoupon, name_of_room
from regulars.domains.loyalty.api import goods_schemas as shown
from regulars.domains.loyalty.api import schemas
from regulars.domains.loyalty.model import Programme
from regulars.domains.loyalty.service import counting
from regulars.domains.loyalty.service.counting import Counted, Looked
from regulars.domains.loyalty.service.giving import Shown
from regulars.domains.members.model import PREFIX as MEMBER
from regulars.kernel import ids, problem
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Problem
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.http import auth, paging, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Strict, Word

router = routing.Router(prefix="/v1", tags=["coupons"])

Reader = Annotated[Actor, auth.needs("coupons.read")]
MallReader = Annotated[Actor, auth.needs("rewards.read")]
Redeemer = Annotated[Actor, auth.needs("coupons.redeem")]
MemberReader = Annotated[Actor, auth.needs("members.read")]
Page = Annotated[paging.Page, paging.page("coupons", UUID)]
State = Literal["issued", "reserved", "used", "void", "lapsed", "passed_on"]


class StatesOut(schemas.Out):
    """Coupons by state: in hand, set aside by a cart, used, withdrawn, lapsed, given to another member."""

    issued: int
    reserved: int
    used: int
    void: int
    lapsed: int
    passed_on: int


class CountOut(schemas.Out):
    """What became of a kind of coupon. `codes` of its batches were made and `taken`; limits and what is left of them, null: no end.
    Budgets are minor units.
    """

    definition: str
    issued: Annotated[int, Field(description="Every coupon that was given out or claimed; one that changed hands counts once.")]
    states: StatesOut
    codes: int
    taken: int
    stock: int | None
    stock_left: int | None
    budget: int | None
    budget_left: int | None


class CountsOut(schemas.Out):
    """Every kind of coupon of the programme in force."""

    currency: str
    items: list[CountOut]


class RewardCountOut(schemas.Out):
    """Orders of one item of the mall in one state, with their pieces and their points."""

    reward: str
    state: str
    orders: int
    pieces: int
    points: int


class RewardCountsOut(schemas.Out):
    """Every item that was ever ordered."""

    items: list[RewardCountOut]


class HeldOut(shown.CouponOut):
    """A coupon and whose it is."""

    member: str


class HeldsOut(schemas.Out):
    """A page of coupons, newest first."""

    items: list[HeldOut]
    next: str | None


class LookIn(Strict):
    """What the clerk has: the coupon's code or id, its holder by name or by the member code it shows, and the bill where there is one."""

    coupon: schemas.CouponKey
    member: schemas.MemberIn | None = None
    card: Annotated[str | None, Field(min_length=1, max_length=400, description="The member code, as it was scanned.")] = None
    amount: schemas.Positive | None = None
    store: Annotated[str, Field(max_length=100)] = ""


class LookedOut(schemas.Out):
    """What it is. `coupon` null: nobody holds it. `why_not` null: it can be used, and takes `discount` off the bill if one was named."""

    definition: str
    label: shown.Words
    member: str | None
    coupon: shown.CouponOut | None
    code_state: Annotated[Literal["free", "taken", "void"] | None, Field(description="Of a code that comes from a batch.")]
    batch: str | None
    why_not: shown.WhyOut | None
    discount: int | None


class NameOut(schemas.Out):
    """A member and how people call it."""

    id: str
    name: str


class NamesOut(schemas.Out):
    """Those of the members that have a name or your own id."""

    items: list[NameOut]


@router.get(
    "/coupons/counts",
    response_model=CountsOut,
    openapi_extra=routing.said(
        en="What became of coupons", zh="优惠券统计", description_zh="每种券的发放、持有、核销、过期数量及剩余库存与预算。"
    ),
)
def count_coupons(request: Request, *, actor: Reader) -> Json:
    """Per kind of coupon how many were given out, are in hand, used and lapsed, and what is left of its limits."""
    with _db(request).reading(actor) as ctx:
        currency, found = counting.coupons(ctx)
    return Json({"currency": currency, "items": [_count(one) for one in found]})


def _count(one: Counted) -> dict[str, object]:
    caps = one.definition.caps()
    stock, budget = (caps.get(name_of_room(one.definition.id, what)) for what in ("stock", "budget"))
    return {
        "definition": one.definition.id,
        "issued": one.issued,
        "states": one.states,
        "codes": one.codes,
        "taken": one.taken,
        "stock": stock,
        "stock_left": None if stock is None else max(0, stock - one.stock_used),
        "budget": budget,
        "budget_left": None if budget is None else max(0, budget - one.budget_used),
    }


@router.get(
    "/rewards/counts", response_model=RewardCountsOut, openapi_extra=routing.said(en="How often rewards were ordered", zh="兑换统计")
)
def count_rewards(request: Request, *, actor: MallReader) -> Json:
    """Orders of each item of the mall by the state they are in."""
    with _db(request).reading(actor) as ctx:
        found = counting.rewards(ctx)
    return Json({"items": [{name: getattr(one, name) for name in RewardCountOut.model_fields} for one in found]})


@router.get("/coupons", response_model=HeldsOut, openapi_extra=routing.said(en="List coupons of all members", zh="全部会员的优惠券"))
def list_held(
    request: Request,
    page: Page,
    *,
    actor: Reader,
    definition: Annotated[Word | None, Query(description="Only of this kind.", examples=["welcome"])] = None,
    state: Annotated[State | None, Query(description="Only in this state.")] = None,
) -> Json:
    """Every coupon that was given out, newest first, and whose it is."""
    wanted = CouponFilter(definition=definition, state=state)
    with _db(request).reading(actor) as ctx:
        programme, rows = counting.held(ctx, wanted, before=page.after[0] if page.after else None, limit=page.fetch)
    return Json(page.answer(rows, lambda one: (one.held.coupon_id,), show=lambda one: _held(one, programme)))


def _held(one: MemberCoupon, programme: Programme) -> dict[str, object]:
    return {**shown.coupon(one.held, programme), "member": ids.encode(MEMBER, one.member_id)}


@router.post(
    "/coupons:look-up",
    response_model=LookedOut,
    openapi_extra=routing.said(
        en="Look a coupon up", zh="查询券码", description_zh="核销前查看券码含义、持有人、是否可用及原因；不做任何变更。"
    ),
)
async def look_up(request: Request, body: LookIn, actor: Redeemer) -> Json:
    """What a code stands for, whose it is, and why it cannot be used for a bill; nothing is changed. Guessing codes locks out (429)."""
    if body.member is not None and body.card is not None:
        raise problem.invalid("card", "both", "the member or the code it shows, not both")
    hand = Shown(schemas.coupon_key(body.coupon), body.member.key() if body.member else None, body.card)

    def look() -> dict[str, object]:
        with _db(request).transaction(actor) as ctx:
            found = counting.look_up(ctx, hand, amount=body.amount, store_code=body.store, keyring=request.app.state.keyring)
            answer = None if isinstance(found, Problem) else _looked(found, counting.in_force(ctx))
        if isinstance(found, Problem):
            # Committed by now: the failed try counts.
            raise found
        return answer or {}

    return Json(await asyncio.to_thread(look))


def _looked(found: Looked, programme: Programme) -> dict[str, object]:
    refused = found.refused
    return {
        "definition": found.definition,
        "label": shown.words(found.label),
        "member": ids.encode(MEMBER, found.member_id) if found.member_id else None,
        "coupon": shown.coupon(found.held, programme) if found.held else None,
        "code_state": found.code.state if found.code else None,
        "batch": ids.encode("cpb", found.code.batch_id) if found.code else None,
        "why_not": {"code": refused[0], "text": shown.words(refused[1])} if refused else None,
        "discount": found.discount,
    }


@router.get("/member-names", response_model=NamesOut, openapi_extra=routing.said(en="How members are called", zh="会员称呼"))
def names(
    request: Request,
    *,
    actor: MemberReader,
    member: Annotated[list[Word], Query(min_length=1, max_length=200, description="Members' ids.")],
) -> Json:
    """The masked names of these members, or your own ids of them, for lists that hold only our ids."""
    wanted = [MemberId(ids.decode(MEMBER, one)) for one in member]
    with _db(request).reading(actor) as ctx:
        found = counting.names(ctx, wanted, keyring=request.app.state.keyring)
    return Json({"items": [{"id": ids.encode(MEMBER, one), "name": name} for one, name in found.items()]})


def _db(request: Request) -> Database:
    found: Database = request.app.state.db
    return found
