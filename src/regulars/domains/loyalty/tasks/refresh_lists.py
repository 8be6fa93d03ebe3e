"""What lists of members are sorted by is brought up to date, beside the writes that change it."""

import time
from dataclasses import dataclass, field

from regulars.domains.loyalty.service import listing
from regulars.platform.db import Database

_EVERY_S = 15.0
_SHARE = 20


@dataclass(slots=True)
class Refresher:
    """Looks for members whose standing has moved on, every fifteen seconds, or seldomer where looking takes long: it reads every head.

    One a worker. Two beside each other do the same work twice, which is harmless.
    """

    _not_before: float = field(default=0.0)

    def tick(self, db: Database) -> int:
        """Refresh the next members if it is time; returns how many, 0 when there is nothing (yet)."""
        began = time.monotonic()
        if began < self._not_before:
            return 0
        with db.transaction() as ctx:
            done = listing.refresh(ctx)
        if not done:
            ended = time.monotonic()
            self._not_before = ended + max(_EVERY_S, _SHARE * (ended - began))
        return done
