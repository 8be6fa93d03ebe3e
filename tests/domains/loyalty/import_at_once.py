"""An import in a process of its own, for the tests that end it: it says on standard output how far it is after each commit."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from regulars.domains.loyalty.tasks import import_orders
from regulars.domains.orders.intake.model import Import
from regulars.platform import db as database
from regulars.platform.clock import MovableClock
from tests.domains.loyalty.import_content import planned

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
"""What the clock of the tests says."""


def run(url: str, file: str, lanes: int, size: int) -> None:
    """Import the file in so many lanes."""
    db = database.connect(url, clock_=MovableClock(NOON))
    import_orders.run(db, planned(Path(file)), lanes=lanes, size=size, watch=_tell)
    db.close()


def _tell(one: Import) -> None:
    sys.stdout.write(f"{one.state.value} {sum(one.counts.other.values())}\n")
    sys.stdout.flush()
