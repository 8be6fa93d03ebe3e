"""The metrics of the lake: each answer carries its definitions, its denominators, the zone of its days and how fresh its data are."""

from typing import Annotated, Literal

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from regulars.domains.insights.api import asked, examples
from regulars.domains.insights.api.asked import Asked, Compare, Format, Now, Standing, Table
from regulars.domains.insights.model import answers
from regulars.domains.insights.service import overview as overviews
from regulars.domains.insights.service import retention, returning, selling
from regulars.platform.http import routing

router = routing.Router(prefix="/v1/insights", tags=["insights"])

By = Annotated[
    Literal["month", "tier", "store", "channel", "product"] | None,
    Query(description="Also in groups: by the month, store, channel or product of the first order, or by the tier now."),
]
Period = Annotated[Literal["day", "week", "month"], Query(description="The length of the periods; weeks begin on Monday.")]


@router.get(
    "/overview",
    response_model=answers.Overview,
    responses=asked.shown(examples.OVERVIEW),
    dependencies=[asked.Reader],
    openapi_extra=routing.said(en="Main numbers of a window", zh="经营总览"),
)
def overview(
    request: Request,
    filters: Asked,
    *,
    compare: Compare = None,
    form: Format = "json",
    table: Table = None,
) -> Response:
    """Repurchase, activation, active members, revenue, refunds and points of the window, beside those of the window compared with."""
    found = overviews.overview(asked.folder(request), filters, compare=compare)
    return asked.answered(request, found, name="overview", form=form, table=table)


@router.get(
    "/repurchase",
    response_model=answers.RepurchaseAnswer,
    responses=asked.shown(examples.REPURCHASE),
    dependencies=[asked.Reader],
    openapi_extra=routing.said(en="Repurchase rate", zh="复购率"),
)
def repurchase(
    request: Request,
    filters: Asked,
    *,
    by: By = None,
    top: Annotated[int, Query(ge=1, le=200, description="How many groups; the smaller ones are taken together.")] = 12,
    compare: Compare = None,
    form: Format = "json",
    table: Table = None,
) -> Response:
    """Within 30, 60, 90, 180 and 365 days of the first order. The window, stores and channels are those of the first order."""
    found = returning.repurchase(asked.folder(request), filters, by=by, top=top, compare=compare)
    return asked.answered(request, found, name="repurchase", form=form, table=table)


@router.get(
    "/intervals",
    response_model=answers.IntervalsAnswer,
    responses=asked.shown(examples.INTERVALS),
    dependencies=[asked.Reader],
    openapi_extra=routing.said(en="Days between purchases", zh="购买间隔"),
)
def intervals(
    request: Request,
    filters: Asked,
    *,
    width: Annotated[int, Query(ge=1, le=90, description="Days a bar is wide.")] = 7,
    most: Annotated[int, Query(ge=1, le=1_000, description="Longer intervals share the last bar.")] = 364,
    form: Format = "json",
    table: Table = None,
) -> Response:
    """Histogram, median and P75. The window, stores and channels are those of the later purchase."""
    found = returning.intervals(asked.folder(request), filters, width=width, most=most)
    return asked.answered(request, found, name="intervals", form=form, table=table)


@router.get(
    "/conversion",
    response_model=answers.ConversionAnswer,
    responses=asked.shown(examples.CONVERSION),
    dependencies=[asked.Reader],
    openapi_extra=routing.said(en="From purchase to purchase", zh="逐次购买转化"),
)
def conversion(
    request: Request,
    filters: Asked,
    *,
    purchase: Annotated[int, Query(ge=1, le=100, description="The purchase the curve and the arms begin at.")] = 1,
    form: Format = "json",
    table: Table = None,
) -> Response:
    """Steps 1 → 2 → 3 …, and the curve after one of them. The window, stores and channels are those of the n-th purchase."""
    found = returning.conversion(asked.folder(request), filters, purchase=purchase)
    return asked.answered(request, found, name="conversion", form=form, table=table)


@router.get(
    "/cohorts",
    response_model=answers.CohortsAnswer,
    responses=asked.shown(examples.COHORTS),
    dependencies=[asked.Reader],
    openapi_extra=routing.said(en="Retention by cohort", zh="同期群留存"),
)
def cohorts(
    request: Request,
    filters: Asked,
    *,
    months: Annotated[int, Query(ge=1, le=60, description="How many months to follow each cohort.")] = retention.MONTHS,
    form: Format = "json",
    table: Table = None,
) -> Response:
    """Retention (fixed and rolling) and revenue of each month's new customers. The filters are about their first orders."""
    found = retention.cohorts(asked.folder(request), filters, months=months)
    return asked.answered(request, found, name="cohorts", form=form, table=table)


@router.get(
    "/revenue",
    response_model=answers.RevenueAnswer,
    responses=asked.shown(examples.REVENUE),
    dependencies=[asked.Reader],
    openapi_extra=routing.said(en="Revenue, new and returning", zh="新老客营收"),
)
def revenue(
    request: Request,
    filters: Asked,
    *,
    by: Period = "month",
    compare: Compare = None,
    form: Format = "json",
    table: Table = None,
) -> Response:
    """Orders, revenue, average order and refunds by period, split into new, returning and anonymous."""
    found = selling.revenue(asked.folder(request), filters, by=by, compare=compare)
    return asked.answered(request, found, name="revenue", form=form, table=table)


@router.get(
    "/points",
    response_model=answers.PointsAnswer,
    responses=asked.shown(examples.POINTS),
    dependencies=[asked.Reader],
    openapi_extra=routing.said(en="Points issued, spent, expired, outstanding", zh="积分发放、使用、过期与余额"),
)
def points(
    request: Request,
    filters: Standing,
    *,
    form: Format = "json",
    table: Table = None,
) -> Response:
    """By unit and month, and what is due to expire by month. Months that the window touches are counted from their first day."""
    found = selling.points(asked.folder(request), filters)
    return asked.answered(request, found, name="points", form=form, table=table)


@router.get(
    "/tiers",
    response_model=answers.TiersAnswer,
    responses=asked.shown(examples.TIERS),
    dependencies=[asked.Reader],
    openapi_extra=routing.said(en="Members by tier", zh="等级分布"),
)
def tiers(
    request: Request,
    filters: Now,
    *,
    form: Format = "json",
    table: Table = None,
) -> Response:
    """How members are spread over the levels now."""
    found = selling.tiers(asked.folder(request), filters)
    return asked.answered(request, found, name="tiers", form=form, table=table)


@router.get(
    "/activity",
    response_model=answers.ActivityAnswer,
    responses=asked.shown(examples.ACTIVITY),
    dependencies=[asked.Reader],
    openapi_extra=routing.said(en="Active members and activation", zh="活跃与激活"),
)
def activity(
    request: Request,
    filters: Asked,
    *,
    by: Period = "month",
    form: Format = "json",
    table: Table = None,
) -> Response:
    """Active members by day, week or month, and activation of those who joined in the window."""
    found = retention.activity(asked.folder(request), filters, by=by)
    return asked.answered(request, found, name="activity", form=form, table=table)
