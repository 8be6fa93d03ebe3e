"""Examples of answers, built from their own types so that they cannot differ from them."""

from datetime import UTC, date, datetime
from typing import Any

import orjson

from regulars.domains.insights.model import answers
from regulars.domains.insights.model.answers import About, ArmsRow, Definition, FigureRow, Filters, Saying
from regulars.platform.http import responses

_APRIL, _DAY = date(2026, 4, 1), date(2026, 4, 30)
_ABOUT = About(
    zone="Asia/Shanghai",
    currency="CNY",
    watermark=datetime(2026, 5, 1, 2, 15, tzinfo=UTC),
    epoch="1",
    first_day=date(2025, 1, 1),
    last_day=_DAY,
    filters=Filters(from_day=_APRIL, to_day=_DAY, stores=("sh-001",), channels=(), tiers=("gold",), arm=None),
    definitions=(
        Definition(
            name="repurchase",
            unit="share",
            version=1,
            label=Saying(en="Repurchase within N days", zh="N 天复购率"),
            text=Saying(en="Members who ordered again …", zh="再次下单的会员…"),
            of=Saying(en="Members whose first order …", zh="首单…的会员"),
        ),
    ),
    notes=(Saying(en="Fewer than 100 members …", zh="不足 100 名会员…"),),
)
_ARMS = (
    ArmsRow(
        metric="repurchase",
        days=30,
        rest_n=2_750,
        rest_denominator=9_500,
        rest_bp=2_894,
        held_out_n=120,
        held_out_denominator=500,
        held_out_bp=2_400,
        difference_bp=495,
        low_bp=86,
        high_bp=856,
        small=False,
    ),
)
_SHARE = {"days": 30, "n": 2_870, "denominator": 10_000, "rate_bp": 2_870, "low_bp": 2_782, "high_bp": 2_960}
_SOLD = answers.RevenueRow(
    start=_APRIL,
    orders=1_200,
    orders_new=300,
    orders_returning=800,
    orders_anonymous=100,
    revenue=12_000_000,
    revenue_new=3_000_000,
    revenue_returning=8_500_000,
    revenue_anonymous=500_000,
    refunded=120_000,
    refunds_made=90_000,
    refunds_unmatched=0,
    average_order=10_000,
)
_TOTAL = answers.RepurchaseRow(key=None, rest=False, **_SHARE)
_EARLIER = {"compared_from": date(2026, 3, 2), "compared_to": date(2026, 3, 31)}


def _plain(answer: object) -> Any:
    return orjson.loads(responses.encode(answer))


OVERVIEW = _plain(
    answers.Overview(
        about=_ABOUT,
        **_EARLIER,
        figures=(
            FigureRow(
                metric="repurchase",
                days=30,
                unit=None,
                part=None,
                value=2_870,
                n=2_870,
                denominator=10_000,
                low_bp=2_782,
                high_bp=2_960,
                before=2_710,
            ),
        ),
        arms=_ARMS,
    )
)
REPURCHASE = _plain(
    answers.RepurchaseAnswer(
        about=_ABOUT,
        by="store",
        total=(_TOTAL,),
        groups=(answers.RepurchaseRow(key="sh-001", rest=False, **_SHARE),),
        **_EARLIER,
        before=(_TOTAL,),
        arms=_ARMS,
    )
)
INTERVALS = _plain(
    answers.IntervalsAnswer(about=_ABOUT, n=4_321, median=24, p75=61, histogram=(answers.IntervalRow(from_days=1, to_days=7, n=612),))
)
CONVERSION = _plain(
    answers.ConversionAnswer(
        about=_ABOUT,
        purchase=1,
        steps=(answers.ConversionRow(purchase=1, reached=12_000, **_SHARE),),
        curve=(answers.CurveRow(day=30, reached_bp=2_870, low_bp=2_782, high_bp=2_960, at_risk=7_130),),
        arms=_ARMS,
    )
)
COHORTS = _plain(
    answers.CohortsAnswer(
        about=_ABOUT,
        cells=(
            answers.CohortRow(
                month=_APRIL,
                after=0,
                denominator=300,
                fixed=300,
                fixed_bp=10_000,
                rolling=300,
                rolling_bp=10_000,
                revenue=3_000_000,
                complete=True,
            ),
        ),
    )
)
REVENUE = _plain(
    answers.RevenueAnswer(about=_ABOUT, by="month", total=_SOLD, periods=(_SOLD,), **_EARLIER, before=_SOLD),
)
POINTS = _plain(
    answers.PointsAnswer(
        about=_ABOUT,
        months=(
            answers.PointsRow(
                unit="points", month=_APRIL, issued=9_000, received=0, spent=2_500, expired=300, reversed=100, sent=0, outstanding=41_000
            ),
        ),
        due=(answers.DueRow(unit="points", month=date(2026, 6, 1), amount=1_200),),
    )
)
TIERS = _plain(
    answers.TiersAnswer(about=_ABOUT, levels=(answers.TierRow(level="gold", members=800, denominator=12_000, share_bp=666, held_out=41),))
)
ACTIVITY = _plain(
    answers.ActivityAnswer(
        about=_ABOUT,
        by="month",
        periods=(answers.ActivityRow(start=_APRIL, active=950, orders=1_100, orders_per_100=115, complete=True),),
        activation=(answers.ActivationRow(**_SHARE),),
        arms=_ARMS,
    )
)
