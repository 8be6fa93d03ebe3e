"""What members hold, where they stand and why; and the wishes that move units by hand."""

import asyncio
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Path, Query
from pydantic import Field
from starlette.requests import Request

from regulars.domains.loyalty import service
from regulars.domains.loyalty.api import orders as order_routes
from regulars.domains.loyalty.api import schemas
from regulars.domains.loyalty.model import Fact, PointsAdjusted, PointsRedeemed, PointsTransferred, RedemptionCancelled
from regulars.domains.loyalty.service import adjusting, reading
from regulars.domains.members import service as members
from regulars.domains.members.model import PREFIX as MEMBER
from regulars.domains.members.model import MemberRef
from regulars.domains.operators.model import APPROVAL
from regulars.domains.orders import service as orders
from regulars.domains.orders.model import Order
from regulars.domains.points.model import NEVER
from regulars.kernel import ids, problem
from regulars.kernel.ids import MemberId
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.http import auth, idempotency, paging, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Strict, Word

router = routing.Router(prefix="/v1/members", tags=["standings"])

Reader = Annotated[Actor, auth.needs("members.read")]
OrderReader = Annotated[Actor, auth.needs("orders.read")]
Adjuster = Annotated[Actor, auth.needs("points.adjust")]
Redeemer = Annotated[Actor, auth.needs("points.redeem")]
Sender = Annotated[Actor, auth.needs("points.transfer")]
JournalPage = Annotated[paging.Page, paging.page("members.journal", int, int)]
OrderPage = Annotated[paging.Page, paging.page("members.orders", datetime, UUID)]
_Unit = Annotated[str, Field(min_length=1, max_length=40, examples=["points"])]


class Dated(schemas.Out):
    """So many units at an instant."""

    at: datetime
    amount: int


class BalanceOut(schemas.Out):
    """What the member holds of a unit now."""

    unit: str
    available: int
    pending: int
    held: int
    debt: int
    expiring: list[Dated]
    releasing: list[Dated]


class BalancesOut(schemas.Out):
    """Every unit of the programme."""

    items: list[BalanceOut]


class TierOut(schemas.Out):
    """The level, until when it is kept, what keeps it and what reaches the next one. ``keep_until`` null: for ever."""

    level: str
    since: datetime
    keep_until: datetime | None
    unit: str
    carried_then: Annotated[int, Field(description="Of today's balance, what still counts at the review.")]
    missing_to_keep: int
    next_level: str | None
    missing_to_next: int | None


class JournalOut(schemas.Out):
    """One journal row with its reason in both languages and the decision it belongs to."""

    seq: int
    n: int
    unit: str
    kind: str
    amount: int
    at: datetime
    expires_at: datetime | None
    ref: str | None
    fact: str
    effective_at: datetime
    recorded_at: datetime
    programme: int
    actor: str
    why: dict[str, Any]
    text: dict[str, str]


class JournalsOut(schemas.Out):
    """A page of the journal, newest first."""

    items: list[JournalOut]
    next: str | None


class AdjustIn(Strict):
    """Units given (positive) or taken (negative) by hand."""

    unit: _Unit = "points"
    points: Annotated[int, Field(ge=-(10**9), le=10**9)]
    reason: Annotated[str, Field(min_length=1, max_length=300, examples=["Late parcel, goodwill"])]


class AskedOut(schemas.Out):
    """The adjustment is above what one person may do: nothing moved yet, and a second person is asked."""

    approval: Annotated[str, Field(examples=["apr_01jf3q7t5v8x9y0z1a2b3c4d5e"])]
    state: Literal["pending", "executed", "refused", "withdrawn", "expired"]
    member: str
    unit: str
    points: int
    limit: Annotated[int, Field(description="What one person may give or take: `REGULARS_ADJUSTMENT_LIMIT`.")]
    expires_at: datetime
    duplicate: bool


class RedeemIn(Strict):
    """Units spent at once."""

    unit: _Unit = "points"
    points: Annotated[int, Field(ge=1, le=10**9)]
    reason: Annotated[str, Field(max_length=300)] = ""


class TransferIn(Strict):
    """Units for another member."""

    to: schemas.MemberIn
    unit: _Unit = "points"
    points: Annotated[int, Field(ge=1, le=10**9)]


class MovedOut(schemas.Out):
    """What moved. The same ``Idempotency-Key`` gets the same answer."""

    id: str
    member: str
    points: int
    duplicate: bool


@router.get("/{member}/balances", response_model=BalancesOut, openapi_extra=routing.said(en="Read balances", zh="查询余额"))
def balances(request: Request, member: schemas.MemberKey, actor: Reader) -> Json:
    """What the member holds of each unit now, and what lapses when."""
    # A transaction that may write: who has never been looked at is drawn into or out of the control group now.
    with _db(request).transaction(actor) as ctx:
        found = service.balances(ctx, members.get_ref(ctx, member).member_id)
    return Json({"items": [_balance(balance) for balance in found]})


def _balance(balance: reading.Balance) -> dict[str, Any]:
    return {
        "unit": balance.unit,
        "available": balance.available,
        "pending": balance.pending,
        "held": balance.held,
        "debt": balance.debt,
        "expiring": [{"at": at, "amount": amount} for at, amount in balance.expiring],
        "releasing": [{"at": at, "amount": amount} for at, amount in balance.releasing],
    }


@router.get(
    "/{member}/tier", response_model=TierOut, openapi_extra=routing.said(en="Read the tier and what keeps it", zh="查询等级与保级差额")
)
def tier(request: Request, member: schemas.MemberKey, actor: Reader) -> Json:
    """The member's level, what keeps it and what reaches the next."""
    with _db(request).transaction(actor) as ctx:
        member_id = members.get_ref(ctx, member).member_id
        found, standing = service.tier_projection(ctx, member_id), service.standing(ctx, member_id)
    answer = {
        "level": found.level,
        "since": standing.tier.since,
        "keep_until": None if found.keep_until == NEVER else found.keep_until,
        "unit": found.unit,
        "carried_then": found.carried_then,
        "missing_to_keep": found.missing_to_keep,
        "next_level": found.next_level,
        "missing_to_next": found.missing_to_next,
    }
    return Json(answer)


@router.get(
    "/{member}/journal", response_model=JournalsOut, openapi_extra=routing.said(en="Read the journal with its reasons", zh="积分流水与原因")
)
def journal(
    request: Request,
    member: schemas.MemberKey,
    *,
    page: JournalPage,
    actor: Reader,
    unit: Annotated[Word | None, Query(description="Only this unit (or ladder).")] = None,
) -> Json:
    """Everything that changed the member's standing, newest first, each row with its reason."""
    with _db(request).reading(actor) as ctx:
        member_id = members.get_ref(ctx, member).member_id
        before = (page.after[0], page.after[1]) if page.after else None
        rows = service.journal(ctx, member_id, unit=unit, before=before, limit=page.fetch)
    return Json(page.answer(rows, lambda row: (row.seq, row.n), show=_row))


def _row(row: reading.JournalRow) -> dict[str, Any]:
    entry = row.entry
    return {
        "seq": row.seq,
        "n": row.n,
        "unit": entry.unit,
        "kind": entry.kind,
        "amount": entry.amount,
        "at": entry.at,
        "expires_at": None if entry.expires_at == NEVER else entry.expires_at,
        "ref": str(entry.ref) if entry.ref else None,
        "fact": row.fact,
        "effective_at": row.effective_at,
        "recorded_at": row.recorded_at,
        "programme": row.programme,
        "actor": row.actor,
        "why": entry.why,
        "text": row.text,
    }


@router.get("/{member}/orders", response_model=schemas.OrdersOut, openapi_extra=routing.said(en="List a member's orders", zh="会员订单"))
def list_orders(request: Request, member: schemas.MemberKey, *, page: OrderPage, actor: OrderReader) -> Json:
    """The member's orders, newest first."""
    with _db(request).reading(actor) as ctx:
        ref = members.get_ref(ctx, member)
        before = (page.after[0], page.after[1]) if page.after else None
        rows = orders.list_orders(ctx, [ref.subject_id], before=before, limit=page.fetch)
        states = orders.states(ctx, [(order.subject_id, order.order_id) for order, _ in rows])

    def show(row: tuple[Order, int]) -> dict[str, Any]:
        return schemas.order_out(row[0], states[row[0].order_id].by_line, row[1])

    return Json(page.answer(rows, lambda row: (row[0].paid_at, row[0].order_id), show=show))


@router.post(
    "/{member}/adjustments",
    response_model=MovedOut,
    status_code=201,
    responses={
        200: {"model": MovedOut, "description": "It was made before: the same answer."},
        202: {"model": AskedOut, "description": "It is above the limit: a second person is asked."},
    },
    openapi_extra=routing.said(
        en="Adjust by hand", zh="人工调整", description_zh="超过限额的调整不会立即执行，而是提交审批（202），由另一位有权限的人批准。"
    ),
)
async def adjust(request: Request, member: schemas.MemberKey, *, body: AdjustIn, actor: Adjuster, key: idempotency.Key) -> Json:
    """Give or take units by hand, for a reason the member may read. Above the limit a second person has to approve it: 202."""
    if body.points == 0:
        raise problem.invalid("points", 0, "more or less than nothing")
    if not body.reason.strip():
        raise problem.invalid("reason", body.reason, "why, in words that the member may read")
    ref = await member_of(request, member)
    limit = request.app.state.settings.adjustment_limit
    if limit == 0 or abs(body.points) > limit:
        wish = adjusting.Wish(member_id=ref.member_id, unit=body.unit, points=body.points, reason=body.reason.strip(), key=key)
        return await asyncio.to_thread(_asked, request, wish, actor, limit)
    made = PointsAdjusted(
        member_id=ref.member_id, at=now(request), ref=wish_id("adjust", actor, key), unit=body.unit, points=body.points, reason=body.reason
    )
    return await moved(request, made, actor, prefix="adj", points=body.points)


def _asked(request: Request, wish: adjusting.Wish, actor: Actor, limit: int) -> Json:
    with _db(request).transaction(actor) as ctx:
        approval, duplicate = adjusting.ask(ctx, wish)
    answer = {
        "approval": ids.encode(APPROVAL, approval.approval_id),
        "state": approval.state.value,
        "member": ids.encode(MEMBER, wish.member_id),
        "unit": wish.unit,
        "points": wish.points,
        "limit": limit,
        "expires_at": approval.expires_at,
        "duplicate": duplicate,
    }
    return Json(answer, status_code=202)


@router.post(
    "/{member}/redemptions", response_model=MovedOut, status_code=201, openapi_extra=routing.said(en="Redeem points", zh="兑换积分")
)
async def redeem(request: Request, member: schemas.MemberKey, *, body: RedeemIn, actor: Redeemer, key: idempotency.Key) -> Json:
    """Spend units at once, soonest expiry first."""
    ref = await member_of(request, member)
    made = PointsRedeemed(
        member_id=ref.member_id, at=now(request), ref=wish_id("redeem", actor, key), unit=body.unit, points=body.points, reason=body.reason
    )
    return await moved(request, made, actor, prefix="rdm", points=body.points)


@router.post(
    "/{member}/redemptions/{redemption}/cancel",
    response_model=MovedOut,
    status_code=201,
    openapi_extra=routing.said(en="Cancel a redemption", zh="撤销兑换"),
)
async def cancel_redemption(
    request: Request,
    member: schemas.MemberKey,
    redemption: Annotated[str, Path(min_length=1, max_length=40, examples=["rdm_01jf3q7t5v8x9y0z1a2b3c4d5e"])],
    *,
    actor: Redeemer,
) -> Json:
    """Undo a redemption: its units return to their lots with their old expiry. Safe to repeat."""
    ref = await member_of(request, member)
    made = RedemptionCancelled(member_id=ref.member_id, at=now(request), ref=ids.decode("rdm", redemption))
    return await moved(request, made, actor, prefix="rdm", points=0)


@router.post(
    "/{member}/transfers", response_model=MovedOut, status_code=201, openapi_extra=routing.said(en="Transfer points", zh="转赠积分")
)
async def transfer(request: Request, member: schemas.MemberKey, *, body: TransferIn, actor: Sender, key: idempotency.Key) -> Json:
    """Give units to another member, with their lots' expiry: both standings change or none."""
    external_id, member_id = body.to.asked()
    ref = await member_of(request, member)
    to = await member_of(request, f"external:{external_id}" if external_id is not None else ids.encode(MEMBER, member_id or UUID(int=0)))
    made = PointsTransferred(
        member_id=ref.member_id,
        at=now(request),
        ref=wish_id("transfer", actor, key),
        receiver=to.member_id,
        unit=body.unit,
        points=body.points,
    )
    return await moved(request, made, actor, prefix="trf", points=body.points)


def _db(request: Request) -> Database:
    found: Database = request.app.state.db
    return found


def now(request: Request) -> datetime:
    """The server's own time."""
    return _db(request).clock.now()


def wish_id(kind: str, actor: Actor, key: str) -> UUID:
    """The id of what a caller wishes under an idempotency key."""
    # From the caller and its key alone: whenever the retry comes, it names the same wish.
    return ids.derived(service.EPOCH, kind, actor.id, key)


async def member_of(request: Request, key: str) -> MemberRef:
    """The member that a path or a body names. Raises ``not_found``."""

    def look() -> MemberRef:
        with _db(request).reading() as ctx:
            return members.get_ref(ctx, key)

    return await asyncio.to_thread(look)


async def moved(request: Request, fact: Fact, actor: Actor, *, prefix: str, points: int, told: str = "returned") -> Json:
    """Submit the fact; the answer says how much moved: what the engine ``told`` under this name, else ``points``."""
    done = await order_routes.submit(request, fact, actor)
    returned = done.answer.get(told, points)
    answer = {
        "id": ids.encode(prefix, fact.ref),
        "member": ids.encode(MEMBER, fact.member_id or MemberId(UUID(int=0))),
        "points": returned,
        "duplicate": done.duplicate,
    }
    return Json(answer, status_code=200 if done.duplicate else 201)
