"""The verbs of insights: the report."""

from regulars.domains.insights import store
from regulars.domains.insights.model import WINDOWS, Report, Repurchase, UnitSums
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
        ),
    )
