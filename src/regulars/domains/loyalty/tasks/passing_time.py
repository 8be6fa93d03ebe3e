"""The clock's own work: expiries, releases, hold time-outs and tier reviews of members who are due."""

from regulars.domains.loyalty import service
from regulars.platform.db import Database


def pass_time(db: Database) -> int:
    """Time passes for up to 500 members who are due, in one transaction; returns how many. Safe to run twice and beside itself."""
    with db.transaction() as ctx:
        return service.tick(ctx)
