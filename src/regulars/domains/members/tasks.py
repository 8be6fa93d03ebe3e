"""What happens by the clock: ended sessions, old codes and tries are forgotten. May run twice or late."""

from regulars.domains.members import service
from regulars.platform.db import Database


def forget_old(db: Database) -> int:
    """What members' sign-in no longer needs is gone; returns how many rows."""
    with db.transaction() as ctx:
        return service.forget_old(ctx)
