"""What happens by the clock: the audit log is sealed, requests expire, ended sessions are forgotten. Each may run twice or late."""

from regulars.domains.operators import service
from regulars.platform.db import Database

_BATCH = 1_000


def seal_days(db: Database) -> int:
    """Every day that is over in UTC is sealed, each in its own transaction; returns how many were due."""
    days = 0
    while True:
        with db.transaction() as ctx:
            day = service.seal_next(ctx)
        if day is None:
            return days
        days += 1


def expire_approvals(db: Database) -> int:
    """Requests whose time is up have expired, in batches; returns how many."""
    total = 0
    while True:
        with db.transaction() as ctx:
            expired = service.expire_due(ctx, limit=_BATCH)
        total += expired
        if expired < _BATCH:
            return total


def forget_old(db: Database) -> int:
    """Sessions and sign-in attempts that no longer matter are gone; returns how many rows."""
    with db.transaction() as ctx:
        return service.forget_old(ctx)
