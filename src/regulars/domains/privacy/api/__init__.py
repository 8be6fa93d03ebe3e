"""The routes of privacy: the officer's, and the members' own."""

from regulars.domains.privacy.api import mine, officer
from regulars.platform.http import routing

router = routing.Router()
router.include_router(officer.router)

own_router = routing.Router()
"""What members themselves may do."""
own_router.include_router(mine.router)

__all__ = ["own_router", "router"]
