"""What benefits came to and what they did, over HTTP."""

import io
from dataclasses import asdict
from datetime import date
from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from regulars.domains.insights.api import asked
from regulars.domains.insights.api.asked import Day, Format
from regulars.domains.insights.model.answers import Saying
from regulars.domains.insights.model.benefits import DAYS, DEFINITIONS, BenefitAnswer, BenefitRow
from regulars.domains.insights.service import benefits as service
from regulars.platform.context import Actor
from regulars.platform.db import Database
from regulars.platform.files import writing
from regulars.platform.http import auth, problems, routing
from regulars.platform.http.responses import Json

router = routing.Router(prefix="/v1/reports", tags=["reports"])

Reader = Annotated[Actor, auth.needs("reports.read")]
_Bp = Annotated[int | None, Field(description="Basis points: 2500 is 25 %.")]


class _Out(BaseModel):
    """The base of what is given: every field is always there."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class BenefitShareOut(_Out):
    """Of `denominator` members counted, `n` ordered again in time, with the 95 % interval of the rate."""

    n: int
    denominator: int
    rate_bp: _Bp
    low_bp: _Bp
    high_bp: _Bp


class BenefitEffectOut(_Out):
    """Repurchase with the benefit and without. Only a `trial` is causal: `users` compares those who used it with those who have not yet."""

    basis: Literal["trial", "users"]
    causal: bool
    having: BenefitShareOut
    lacking: BenefitShareOut
    difference_bp: _Bp
    low_bp: _Bp
    high_bp: _Bp
    small: Annotated[bool, Field(description="One side counts so few that the difference says little yet.")]


class BenefitEffectRowOut(_Out):
    """One benefit: who may have it, how often a period all of them together, what was used of it in the window and what that cost."""

    benefit: str
    label: Saying
    eligible: int
    granted: int | None
    period: str | None
    used: int
    cost: int
    users: int
    effect: BenefitEffectOut


class BenefitEffectsOut(_Out):
    """Every benefit of the programme in force; costs are minor units of the currency, days local to the zone."""

    zone: str
    currency: str
    first_day: date
    last_day: date
    days: int
    items: list[BenefitEffectRowOut]
    definitions: Annotated[dict[str, Saying], Field(description="What each number means, in both languages.")]


@router.get(
    "/benefits",
    response_model=BenefitEffectsOut,
    responses=asked.FILES,
    openapi_extra=routing.said(
        en="Granted, used, cost and effect of benefits",
        zh="权益效果",
        description_zh="每项权益的发放、使用、成本与复购差异；仅与对照组的比较为因果。",
    ),
)
def effects(
    request: Request,
    actor: Reader,
    *,
    from_: Annotated[Day | None, Query(alias="from", description="The window's first local day; left out: a year before its last.")] = None,
    to: Annotated[Day | None, Query(description="The window's last local day; left out: today.")] = None,
    days: Annotated[int, Query(ge=1, le=730, description="Within how many days members come back.")] = DAYS,
    form: Format = "json",
) -> Response:
    """Per benefit what was granted, used and spent, and repurchase within so many days beside that of the control group, or where nobody
    is held out from it beside that of members who have not used it yet, which is not causal. As CSV or XLSX a row each.
    """
    db: Database = request.app.state.db
    with db.reading(actor) as ctx:
        found = service.effects(ctx, from_, to, days=days)
    if form != "json":
        return _file(found, form, language=problems.speaks(request))
    told = {name: getattr(found, name) for name in ("zone", "currency", "first_day", "last_day", "days")}
    definitions = {name: {"en": text.en, "zh": text.zh} for name, text in DEFINITIONS.items()}
    return Json({**told, "items": [_shown(row) for row in found.items], "definitions": definitions})


def _file(found: BenefitAnswer, form: Literal["csv", "xlsx"], *, language: str) -> Response:
    sheets, out = service.tables(found, language), io.BytesIO()
    if form == "csv":
        writing.write_csv(out, sheets["items"])
    else:
        writing.write_xlsx(out, sheets)
    return asked.file(out, "benefits", form)


def _shown(row: BenefitRow) -> dict[str, object]:
    same = {name: getattr(row, name) for name in ("benefit", "eligible", "granted", "period", "used", "cost", "users")}
    return {**same, "label": {"en": row.label.en, "zh": row.label.zh}, "effect": asdict(row.effect)}
