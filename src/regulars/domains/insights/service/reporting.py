"""The verbs of insights: the report."""

from dataclasses import asdict

from regulars.domains.insights.model.report import DEFINITIONS, WINDOWS, Report, Repurchase, UnitSums
from regulars.domains.insights.store import reporting as store
from regulars.domains.loyalty import service as loyalty
from regulars.platform.context import Ctx


def report(ctx: Ctx) -> Report:
    """The brand's main numbers as recorded now, by the zone and currency of the programme. Raises ``programme.none``."""
    programme = loyalty.programmes(ctx).at(ctx.now)
    zone = programme.zone.key
    first, last, with_orders, orders, anonymous, revenue, refunded = store.overview(ctx.tx, zone)
    levels = store.tiers(ctx.tx, programme.ladder.id)
    return Report(
        zone=zone,
        currency=programme.currency,
        first_day=first,
        last_day=last,
        members=store.members(ctx.tx),
        members_with_orders=with_orders,
        orders=orders,
        anonymous_orders=anonymous,
        revenue=revenue,
        refunded=refunded,
        unmatched_refunds=store.unmatched_refunds(ctx.tx),
        repurchase=tuple(
            Repurchase(days=days, members=counted, returned=returned)
            for days, counted, returned in (store.repurchase(ctx.tx, zone, list(WINDOWS), last) if last else [])
        ),
        tiers=tuple((level.id, levels.get(level.id, 0)) for level in programme.ladder.levels),
        units=tuple(
            UnitSums(unit=unit, issued=issued, spent=spent, expired=expired, reversed=reversed_, outstanding=outstanding)
            for unit, issued, spent, expired, reversed_, outstanding in store.units(ctx.tx)
            if unit not in programme.units or not programme.units[unit].hidden
        ),
    )


def content(report: Report) -> dict[str, object]:
    """The report as JSON, with the definition of each number."""
    return {
        **asdict(report),
        "repurchase": [{**asdict(row), "rate_bp": row.rate_bp} for row in report.repurchase],
        "tiers": [{"level": level, "members": count} for level, count in report.tiers],
        "units": [asdict(unit) for unit in report.units],
        "definitions": {name: {"en": text.en, "zh": text.zh} for name, text in DEFINITIONS.items()},
    }
