"""The routes of webhooks."""

from regulars.domains.webhooks.api import deliveries, endpoints
from regulars.platform.http import routing

router = routing.Router()
# As they are: an included router would match each address twice.
router.routes.extend([*endpoints.router.routes, *deliveries.router.routes])

__all__ = ["router"]
