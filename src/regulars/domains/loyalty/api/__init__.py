"""The routes of the engine: orders and refunds in, quotes and holds, what members hold and why, the programme."""

from regulars.domains.loyalty.api import orders, programme, quotes, standings
from regulars.platform.http import routing

router = routing.Router()
router.include_router(orders.router)
router.include_router(quotes.router)
router.include_router(standings.router)
router.include_router(programme.router)

__all__ = ["router"]
