"""The routes of operators."""

from regulars.domains.operators.api import approvals, audit, keys, people, roles, sessions
from regulars.platform.http import routing

_PARTS = (sessions, people, roles, keys, approvals, audit)

router = routing.Router()
# As they are: an included router would match each address twice.
router.routes.extend([route for part in _PARTS for route in part.router.routes])

__all__ = ["router"]
