"""From a number to the members behind it."""

from dataclasses import dataclass, fields
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from regulars.domains.insights.api import asked
from regulars.domains.insights.api.asked import Day
from regulars.domains.insights.model.answers import Bucket, By, Period
from regulars.domains.insights.service import drilling
from regulars.domains.members.model import PREFIX
from regulars.kernel import ids
from regulars.platform.http import auth, paging, routing
from regulars.platform.http.responses import Json
from regulars.platform.http.strict import Word

router = routing.Router(prefix="/v1/insights", tags=["insights"])

Page = Annotated[paging.Page, paging.page("insights.members", UUID)]
Of = Literal[
    "repurchase",
    "conversion",
    "interval",
    "retention_fixed",
    "retention_rolling",
    "activation",
    "active_members",
    "members",
    "members_joined",
    "tiers",
    "orders",
    "revenue",
    "refunded",
    "refunds_made",
    "refunds_unmatched",
    "average_order",
    "points_issued",
    "points_spent",
    "points_expired",
    "points_reversed",
    "points_outstanding",
    "points_due",
]
_Days = Annotated[int, Query(ge=0, le=100_000)]


class MemberOut(BaseModel):
    """A member of the bucket."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(examples=["mbr_01jf3q7t5v8x9y0z1a2b3c4d5e"])]


class MembersOut(BaseModel):
    """A page of the bucket's ``total`` members, in order of id. ``next`` null: the last page."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    items: list[MemberOut]
    next: str | None
    total: Annotated[int, Field(examples=[2870])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The row of an answer, as its own fields name it."""

    of: Annotated[Of, Query(description="The metric, by the name its definition has.")]
    outcome: Annotated[Literal["counted", "yes", "no"], Query(description="Of a share: its denominator, who did, who did not.")] = "counted"
    days: Annotated[_Days | None, Query(description="The N of `within N days`.")] = None
    by: Annotated[By | None, Query(description="What the group is by.")] = None
    key: Annotated[Word | None, Query(description="The group.")] = None
    missing: Annotated[bool, Query(description="The group of those without one.")] = False
    purchase: Annotated[Annotated[int, Query(ge=1, le=100_000)] | None, Query(description="The how-manieth purchase.")] = None
    month: Annotated[Day | None, Query(description="First day of a cohort's, a group's or a points row's month.")] = None
    after: Annotated[Annotated[int, Query(ge=0, le=1_200)] | None, Query(description="Months after the cohort's.")] = None
    from_days: Annotated[_Days | None, Query(description="Shortest interval of the bar.")] = None
    to_days: Annotated[_Days | None, Query(description="Longest interval of the bar.")] = None
    period: Annotated[Period | None, Query(description="The length of the row's period.")] = None
    start: Annotated[Day | None, Query(description="The first day of the row's period.")] = None
    part: Annotated[Literal["new", "returning"] | None, Query(description="Of orders and revenue: whose.")] = None
    unit: Annotated[Word | None, Query(description="The kind of points.")] = None


@router.get(
    "/members",
    response_model=MembersOut,
    dependencies=[auth.needs("reports.read"), auth.needs("members.read")],
    openapi_extra=routing.said(en="Members behind a number", zh="数字背后的会员"),
)
def members(request: Request, filters: asked.Asked, row: Annotated[Asked, Depends()], page: Page) -> Json:
    """Give what the row of the answer says (its days, key, month …) and the filters it was asked with. Anonymous orders have no member."""
    given = {field.name: getattr(row, field.name) for field in fields(row)}
    month = None if row.month is None else row.month.replace(day=1)
    bucket = Bucket(**{**given, "month": month}, filters=filters)
    found = drilling.members(asked.folder(request), bucket, after=page.after[0] if page.after else None, limit=page.fetch)
    shown = page.answer(found.member_ids, lambda one: (one,), show=lambda one: {"id": ids.encode(PREFIX, one)})
    return Json({**shown, "total": found.total})
