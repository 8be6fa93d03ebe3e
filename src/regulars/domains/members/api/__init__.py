"""The routes of members."""

from regulars.domains.members.api import consents, people
from regulars.platform.http import routing

router = routing.Router()
# As they are: an included router would match each address twice.
router.routes.extend([*people.router.routes, *consents.router.routes])

__all__ = ["router"]
