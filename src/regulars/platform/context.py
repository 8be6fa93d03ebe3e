"""Who acts, in which transaction, at what time: the first argument of every service verb."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.engine import Connection

from regulars.kernel import problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody who acts: ``kind`` is operator, api_key, member or system; ``id`` is stable and safe to log."""

    kind: str
    id: str
    permissions: frozenset[str] = frozenset()

    def can(self, permission: str) -> bool:
        return "*" in self.permissions or permission in self.permissions


SYSTEM = Actor(kind="system", id="system", permissions=frozenset({"*"}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ctx:
    """One unit of work. ``now`` is aware UTC; ``tx`` is committed or rolled back only by :mod:`regulars.platform.db`."""

    tx: Connection
    now: datetime
    actor: Actor = field(default=SYSTEM)

    def require(self, permission: str) -> None:
        """Raise ``auth.forbidden`` unless the actor holds ``permission``."""
        if not self.actor.can(permission):
            raise problem.FORBIDDEN(permission=permission)
