"""The routes of the engine: orders and refunds in, quotes and holds, what members hold and why, the programme."""

from regulars.domains.loyalty.api import (
    acts,
    counts,
    coupon_batches,
    coupons,
    gift_cards,
    imports,
    jobs,
    ledger,
    mall,
    me,
    me_goods,
    orders,
    people,
    perks,
    programme,
    quotes,
    reassessments,
    reward_codes,
    simulations,
    standings,
    templates,
    timeline,
    trying,
    verification,
    wishes,
)
from regulars.platform.http import routing

router = routing.Router()
router.include_router(orders.router)
router.include_router(quotes.router)
router.include_router(standings.router)
router.include_router(wishes.router)
router.include_router(acts.router)
router.include_router(coupons.router)
router.include_router(coupon_batches.router)
router.include_router(mall.router)
router.include_router(reward_codes.router)
router.include_router(perks.router)
router.include_router(gift_cards.router)
router.include_router(counts.router)
router.include_router(ledger.router)
router.include_router(verification.router)
router.include_router(trying.router)
router.include_router(programme.router)
router.include_router(templates.router)
router.include_router(simulations.router)
router.include_router(reassessments.router)
router.include_router(imports.router)
router.include_router(jobs.router)
router.include_router(people.router)
router.include_router(timeline.router)

own_router = routing.Router()
"""What members themselves see."""
own_router.include_router(me.router)
own_router.include_router(me_goods.router)

__all__ = ["own_router", "router"]
