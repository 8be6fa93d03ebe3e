"""The routes of members."""

from regulars.domains.members.api import cards, consents, mine, people, sign_in
from regulars.platform.http import routing

router = routing.Router()
# As they are: an included router would match each address twice.
router.routes.extend([*people.router.routes, *consents.router.routes])

own_router = routing.Router()
"""What members themselves see, what identifies them at a counter, and the development inbox."""
for part in (sign_in.router, cards.router, mine.router, cards.counter, sign_in.dev_router):
    own_router.include_router(part)

__all__ = ["own_router", "router"]
