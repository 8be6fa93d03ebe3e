"""Benefits at the API: what a member may have and has had, each use and its undoing, and what benefits come to."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query
from pydantic import Field
from starlette.requests import Request

from regulars.domains.benefits.model import Use
from regulars.domains.loyalty.api import goods_schemas as shown
from regulars.domains.loyalty.api import orders as order_routes
from regulars.domains.loyalty.api import schemas, standings
from regulars.domains.loyalty.model import BenefitReversed, BenefitUsed
from regulars.domains.loyalty.service import perking
from regulars.domains.members import service as members
from regulars.kernel import ids
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.http import auth, idempotency, paging, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Strict

router = routing.Router(prefix="/v1", tags=["benefits"])

Reader = Annotated[Actor, auth.needs("benefits.read")]
User = Annotated[Actor, auth.needs("benefits.use")]
BenefitPath = Annotated[str, Path(min_length=1, max_length=40, examples=["free-delivery"])]
Page = Annotated[paging.Page, paging.page("members.benefit_uses", datetime, UUID)]


class UseIn(Strict):
    """How often it was used at once. `cost` in minor units, for the whole use, where the programme sets none or another was paid."""

    quantity: Annotated[int, Field(ge=1, le=1_000)] = 1
    cost: schemas.Amount | None = None
    order: Annotated[str | None, Field(min_length=1, max_length=200, description="The order it belongs to.")] = None


class ReverseIn(Strict):
    """Why the use did not happen after all."""

    reason: Annotated[str, Field(max_length=300, examples=["The parcel was never sent"])] = ""


class UsedOut(schemas.Out):
    """The use as it was recorded. The same `Idempotency-Key` gets the same answer."""

    id: str
    member: str
    benefit: str
    cost: int
    duplicate: bool


class UseOut(schemas.Out):
    """One use of a benefit: what it cost the brand, on which tier."""

    id: str
    benefit: str
    quantity: int
    cost: int
    at: datetime
    level: str
    order: str | None
    state: str


class UsesOut(schemas.Out):
    """A page of uses, newest first."""

    items: list[UseOut]
    next: str | None


class ReversedOut(schemas.Out):
    """How many uses were given back."""

    id: str
    member: str
    reversed: int
    duplicate: bool


class MonthOut(schemas.Out):
    """One month of the programme's calendar."""

    first_day: date
    used: int
    cost: int
    members: int


class BenefitReportOut(schemas.Out):
    """What a benefit came to. `granted`: how often each member may use it a period, null without end."""

    id: str
    label: shown.Words
    granted: int | None
    period: str | None
    used: int
    cost: int
    months: list[MonthOut]


class ReportOut(schemas.Out):
    """Every benefit of the programme in force; costs are minor units of the currency."""

    currency: str
    items: list[BenefitReportOut]


@router.get(
    "/members/{member}/benefits",
    response_model=shown.BenefitsOut,
    openapi_extra=routing.said(
        en="A member's benefits", zh="会员权益", description_zh="给出每项权益本期的额度、已用、剩余与下次发放时间。"
    ),
)
def list_benefits(request: Request, member: schemas.MemberKey, *, actor: Reader) -> Json:
    """Which benefits a member may have, and what is granted, used and left of each in this period."""
    with _db(request).transaction(actor) as ctx:
        found = perking.perks(ctx, members.get_ref(ctx, member).member_id)
    return Json({"items": [shown.benefit(perk) for perk in found]})


@router.get("/members/{member}/benefit-uses", response_model=UsesOut, openapi_extra=routing.said(en="Uses of benefits", zh="权益使用记录"))
def list_uses(request: Request, member: schemas.MemberKey, *, page: Page, actor: Reader) -> Json:
    """What a member used, newest first, and what it cost."""
    with _db(request).reading(actor) as ctx:
        after = (page.after[0], page.after[1]) if page.after else None
        rows = perking.uses_of(ctx, members.get_ref(ctx, member).member_id, after=after, limit=page.fetch)
    return Json(page.answer(rows, lambda one: (one.at, one.use_id), show=_use))


def _use(use: Use) -> dict[str, object]:
    same = {name: getattr(use, name) for name in ("benefit", "quantity", "cost", "at", "level")}
    return {"id": ids.encode(shown.USE, use.use_id), **same, "order": use.order_ref, "state": use.state.value}


@router.post(
    "/members/{member}/benefits/{benefit}/uses",
    response_model=UsedOut,
    status_code=201,
    openapi_extra=routing.said(en="Use a benefit", zh="使用权益", description_zh="计入本期额度，并记录其成本。"),
)
async def use(request: Request, member: schemas.MemberKey, benefit: BenefitPath, *, body: UseIn, actor: User, key: idempotency.Key) -> Json:
    """Record a use: it counts against the period's quota, with its cost."""
    ref = await standings.member_of(request, member)
    made = BenefitUsed(
        member_id=ref.member_id,
        at=standings.now(request),
        ref=standings.wish_id("benefit", actor, key),
        benefit=benefit,
        quantity=body.quantity,
        cost=body.cost,
        order_ref=body.order,
    )
    done = await order_routes.submit(request, made, actor)
    told = {name: done.answer[name] for name in ("member", "benefit", "cost")}
    return Json({"id": ids.encode(shown.USE, made.ref), **told, "duplicate": done.duplicate}, status_code=200 if done.duplicate else 201)


@router.post(
    "/members/{member}/benefit-uses/{use}/reverse",
    response_model=ReversedOut,
    openapi_extra=routing.said(en="Take a use back", zh="撤销权益使用"),
)
async def reverse(request: Request, member: schemas.MemberKey, use: shown.UsePath, *, body: ReverseIn, actor: User) -> Json:
    """The use did not happen: its quota is given back, once."""
    ref = await standings.member_of(request, member)
    made = BenefitReversed(member_id=ref.member_id, at=standings.now(request), ref=ids.decode(shown.USE, use), reason=body.reason)
    done = await order_routes.submit(request, made, actor)
    answer = {"id": use, "member": done.answer["member"], "reversed": done.answer["reversed"]}
    return Json({**answer, "duplicate": done.duplicate})


@router.get(
    "/benefits/report",
    response_model=ReportOut,
    openapi_extra=routing.said(
        en="What benefits came to", zh="权益报表", description_zh="每项权益的使用次数与成本，按计划时区的自然月拆分。"
    ),
)
def report(
    request: Request,
    *,
    actor: Reader,
    first: Annotated[date, Query(alias="from", description="The first day, in the programme's time zone.", examples=["2026-01-01"])],
    last: Annotated[date, Query(alias="to", description="The last day.", examples=["2026-03-31"])],
) -> Json:
    """Per benefit how often it was used and what that cost, uses that were taken back left out; by month of the programme."""
    with _db(request).reading(actor) as ctx:
        currency, found = perking.report(ctx, first, last)
    return Json({"currency": currency, "items": [_report(one) for one in found]})


def _report(one: perking.Report) -> dict[str, object]:
    quota = one.benefit.quota
    months = [{name: getattr(month, name) for name in MonthOut.model_fields} for month in one.months]
    return {
        "id": one.benefit.id,
        "label": shown.words(one.benefit.label),
        "granted": quota.times if quota else None,
        "period": quota.period if quota else None,
        "used": one.used,
        "cost": one.cost,
        "months": months,
    }


def _db(request: Request) -> Database:
    found: Database = request.app.state.db
    return found
