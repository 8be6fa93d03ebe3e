"""What members see of their points, levels and orders, in their own language."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query
from starlette.requests import Request

from regulars.domains.loyalty import service
from regulars.domains.loyalty.api import me_schemas as shown
from regulars.domains.loyalty.model import Programme
from regulars.domains.loyalty.rules import mine as words
from regulars.domains.loyalty.rules import naming, passing
from regulars.domains.loyalty.service import mine, reading
from regulars.domains.members import service as members
from regulars.domains.members.model import PREFIX as MEMBER
from regulars.domains.members.model import Field as Personal
from regulars.domains.members.model import Profile
from regulars.domains.points.model import NEVER
from regulars.domains.tiers.model import Basis, Ladder, Projection
from regulars.kernel import ids, money, periods
from regulars.kernel.ids import MemberId
from regulars.platform.context import Actor, Ctx
from regulars.platform.db import Database
from regulars.platform.http import auth, paging, problems, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Word

router = routing.Router(prefix="/m/v1/me", tags=["member"])

Me = Annotated[Actor, Depends(auth.member)]
LedgerPage = Annotated[paging.Page, paging.page("me.ledger", int, int)]
OrderPage = Annotated[paging.Page, paging.page("me.orders", datetime, UUID)]


@router.get("", response_model=shown.MeOut, openapi_extra=routing.said(en="My card", zh="我的会员卡"))
def me(request: Request, *, me: Me) -> Json:
    """Who I am, where I stand, what keeps my level and what reaches the next, what I have and what lapses first."""
    with _db(request).transaction(me) as ctx:
        member_id = _member(me)
        profile = members.own(ctx, member_id, keyring=request.app.state.keyring)
        found = mine.overview(ctx, member_id)
    speak = _speaks(request, profile)
    programme = found.programme
    answer = shown.MeOut(
        id=ids.encode(MEMBER, member_id),
        name=profile.fields.get(Personal.name),
        language="zh" if speak.startswith("zh") else "en",
        joined_at=profile.member.joined_at,
        programme=programme.label.in_(speak),
        time_zone=programme.zone.key,
        tier=_tier(found, found.projection, speak),
        progress=_progress(found, found.projection, speak),
        balances=[shown.OwnBalanceOut(**_balance(found, balance, speak)) for balance in found.balances],
        coupons=_coupons(found),
        mall=bool(programme.rewards),
        check_in=bool(programme.on_act.get("check_in")),
    )
    return Json(answer.model_dump())


@router.get("/points", response_model=shown.PointsOut, openapi_extra=routing.said(en="My points", zh="我的积分"))
def points(request: Request, *, me: Me) -> Json:
    """What I have of each unit by the day it lapses, what becomes available when, and how more is earned."""
    with _db(request).transaction(me) as ctx:
        speak = _spoken(request, ctx, me)
        found = mine.overview(ctx, _member(me))
    rules = found.programme.rules
    answer = shown.PointsOut(
        items=[_unit(found, balance, speak) for balance in found.balances], how_to_earn=[rule.label.in_(speak) for rule in rules]
    )
    return Json(answer.model_dump())


@router.get(
    "/points/ledger", response_model=shown.LedgerOut, openapi_extra=routing.said(en="What happened to my points", zh="我的积分明细")
)
def ledger(
    request: Request,
    *,
    page: LedgerPage,
    me: Me,
    unit: Annotated[Word | None, Query(description="Left out: the points that can be redeemed.")] = None,
) -> Json:
    """Everything that changed what I have, newest first, each with its month and its reason."""
    with _db(request).reading(me) as ctx:
        speak = _spoken(request, ctx, me)
        programme = service.programmes(ctx).at(ctx.now)
        before = (page.after[0], page.after[1]) if page.after else None
        rows = mine.ledger(ctx, _member(me), unit=unit, before=before, limit=page.fetch)
    return Json(page.answer(rows, lambda row: (row.seq, row.n), show=lambda row: _row(row, programme, speak).model_dump()))


@router.get("/tiers", response_model=shown.TiersOut, openapi_extra=routing.said(en="Levels and what they bring", zh="等级与权益"))
def tiers(request: Request, *, me: Me) -> Json:
    """Every level with what it needs and brings, where I stand, what to do next, and how I came here; then the same of further ladders."""
    with _db(request).transaction(me) as ctx:
        speak = _spoken(request, ctx, me)
        found = mine.overview(ctx, _member(me))
        moves = mine.levels_history(ctx, _member(me))
    main, *others = [_ladder(found, ladder, speak) for ladder in found.programme.ladders]
    history = [shown.MoveOut(day=_day(row.entry.at, found.programme), words=row.text[_short(speak)]) for row in moves]
    return Json(shown.TiersOut(**main.model_dump(exclude={"id", "name"}), history=history, others=others).model_dump())


@router.get("/orders", response_model=shown.OwnOrdersOut, openapi_extra=routing.said(en="My orders", zh="我的订单"))
def orders(request: Request, *, page: OrderPage, me: Me) -> Json:
    """What I bought, newest first, and what each order earned."""
    with _db(request).reading(me) as ctx:
        speak = _spoken(request, ctx, me)
        programme = service.programmes(ctx).at(ctx.now)
        before = (page.after[0], page.after[1]) if page.after else None
        rows = mine.own_orders(ctx, _member(me), before=before, limit=page.fetch)
    return Json(
        page.answer(
            rows,
            lambda row: (row.state.order.paid_at, row.state.order.order_id),
            show=lambda row: _order(row, programme, speak).model_dump(),
        )
    )


def _db(request: Request) -> Database:
    found: Database = request.app.state.db
    return found


def _member(me: Actor) -> MemberId:
    return MemberId(ids.decode(MEMBER, me.id))


def _speaks(request: Request, profile: Profile) -> str:
    return members.language(profile.member, problems.speaks(request))


def _spoken(request: Request, ctx: Ctx, me: Actor) -> str:
    return members.language(members.get_member(ctx, _member(me)), problems.speaks(request))


def _short(speak: str) -> str:
    return "zh" if speak.startswith("zh") else "en"


def _day(at: datetime, programme: Programme) -> date:
    return periods.local_date(at, programme.zone)


def _ladder(found: mine.Overview, ladder: Ladder, speak: str) -> shown.LadderOut:
    programme, standing = found.programme, found.standing
    projection = passing.project(programme, standing, ladder, at=standing.as_of)
    amount, rank = passing.counted(programme, standing, ladder, at=standing.as_of), ladder.rank(projection.level)
    levels = [
        shown.LevelOut(
            level=level.id,
            label=level.label.in_(speak),
            threshold=level.threshold,
            missing=max(0, level.threshold - amount),
            current=place == rank,
            unlocked=place <= rank,
            invited=level.invited or (ladder.basis is Basis.invitation and place > 0),
            benefits=[text.in_(speak) for text in words.benefits(programme, level.id)] if ladder is programme.ladder else [],
        )
        for place, level in enumerate(ladder.levels)
    ]
    return shown.LadderOut(
        id=ladder.id,
        name=ladder.label.in_(speak),
        unit=ladder.unit,
        label=naming.counted(programme, ladder).in_(speak),
        amount=amount,
        tier=_tier(found, projection, speak),
        progress=_progress(found, projection, speak),
        levels=levels,
    )


def _tier(found: mine.Overview, projection: Projection, speak: str) -> shown.OwnTierOut:
    programme = found.programme
    level = naming.level(programme.ladder_of(projection.ladder), projection.level)
    return shown.OwnTierOut(
        level=level.id,
        label=level.label.in_(speak),
        since=found.standing.tiers[projection.ladder].since,
        keep_through=None if projection.keep_until == NEVER else words.last_day(projection.keep_until, programme),
        missing_to_keep=projection.missing_to_keep,
        keep_words=words.keep_words(programme, projection, speak),
    )


def _progress(found: mine.Overview, projection: Projection, speak: str) -> shown.ProgressOut:
    programme = found.programme
    ladder, above = programme.ladder_of(projection.ladder), words.aim(programme, projection)
    return shown.ProgressOut(
        unit=projection.unit,
        label=naming.counted(programme, ladder).in_(speak),
        currency=_currency(programme, projection.unit),
        amount=passing.counted(programme, found.standing, ladder, at=found.standing.as_of),
        start=naming.level(ladder, projection.level).threshold,
        goal=above.threshold if above else None,
        missing=projection.missing_to_next if above else None,
        next_level=above.id if above else None,
        next_label=above.label.in_(speak) if above else None,
        words=words.next_words(programme, projection, speak),
    )


def _currency(programme: Programme, unit: str) -> str | None:
    known = programme.units.get(unit)
    return programme.currency if known is not None and known.minor else None


def _coupons(found: mine.Overview) -> shown.CouponCountOut | None:
    days = mine.coupon_days(found)
    if not days and not found.programme.coupons:
        return None
    soonest = next((one for one in days if one.last_day), None)
    return shown.CouponCountOut(in_hand=sum(one.amount for one in days), expiring_next=_lot(soonest) if soonest else None)


def _balance(found: mine.Overview, balance: reading.Balance, speak: str) -> dict[str, Any]:
    soonest = mine.lots(found, balance.unit)[:1]
    return {
        "unit": balance.unit,
        "label": found.programme.units[balance.unit].label.in_(speak),
        "currency": _currency(found.programme, balance.unit),
        "available": balance.available,
        "pending": balance.pending,
        "held": balance.held,
        "debt": balance.debt,
        "expiring_next": _lot(soonest[0]) if soonest and soonest[0].last_day else None,
    }


def _unit(found: mine.Overview, balance: reading.Balance, speak: str) -> shown.OwnUnitOut:
    return shown.OwnUnitOut(
        **_balance(found, balance, speak),
        spendable=found.programme.units[balance.unit].redeem is not None,
        lots=[_lot(one) for one in mine.lots(found, balance.unit)],
        releasing=[shown.ReleasingOut(amount=amount, day=_day(at, found.programme)) for at, amount in balance.releasing],
    )


def _lot(one: mine.DayLot) -> shown.ExpiringOut:
    return shown.ExpiringOut(amount=one.amount, last_day=one.last_day)


def _row(row: reading.JournalRow, programme: Programme, speak: str) -> shown.LedgerRowOut:
    entry, day = row.entry, _day(row.entry.at, programme)
    return shown.LedgerRowOut(
        month=f"{day:%Y-%m}",
        day=day,
        at=entry.at,
        unit=entry.unit,
        kind=entry.kind,
        change=words.change(entry),
        amount=entry.amount,
        words=row.text[_short(speak)],
        last_day=None if entry.expires_at == NEVER else words.last_day(entry.expires_at, programme),
    )


def _order(one: mine.OwnOrder, programme: Programme, speak: str) -> shown.OwnOrderOut:
    order = one.state.order
    return shown.OwnOrderOut(
        number=order.number,
        paid_at=order.paid_at,
        day=_day(order.paid_at, programme),
        currency=order.currency,
        total=order.total,
        total_text=money.format_minor(order.total, order.currency),
        refunded=one.refunded,
        refunded_text=money.format_minor(one.refunded, order.currency),
        store=order.store,
        channel=order.channel,
        lines=[shown.OwnLineOut(product=line.product, quantity=line.quantity, amount=line.payable) for line in order.lines],
        earned=[
            shown.EarnedOut(unit=unit, label=_label(programme, unit, speak), granted=granted, taken_back=taken)
            for unit, (granted, taken) in one.earned.items()
        ],
    )


def _label(programme: Programme, unit: str, speak: str) -> str:
    known = programme.units.get(unit)
    return known.label.in_(speak) if known else unit
