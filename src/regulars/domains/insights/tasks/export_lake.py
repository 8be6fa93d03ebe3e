"""Keeping the lake up to date: by the minute in a worker, and at once when somebody asks."""

from datetime import datetime, timedelta
from pathlib import Path

from regulars.domains.insights.service import exporting
from regulars.kernel.problem import Problem
from regulars.platform.db import Database
from regulars.platform.lake import exporting as lake
from regulars.platform.lake.manifests import Manifest

FOLDER = "lake"
"""The lake's place in the data folder."""
IDLE_SHARE = 10
"""An export that took a minute is followed by ten minutes without one, so that a lake never takes more than a tenth of the machine."""


def run(
    db: Database,
    folder: Path,
    *,
    always: bool = True,
    anew: bool = False,
    patience_s: float = 0,
    watch: lake.Watch = lambda _table, _rows: None,
) -> Manifest | None:
    """The lake in ``folder`` holds everything that was recorded before this call by transactions that have ended.

    Returns what was published; ``None`` when nothing is new and it need not be ``always``. ``anew`` writes everything again. Raises
    ``lake.busy`` when somebody else still writes after ``patience_s``, and ``lake.unreadable`` unless ``anew``.
    """
    with db.reading() as ctx:
        plan = exporting.plan(ctx)
    return lake.bring_up_to_date(db, folder, plan, always=always, anew=anew, patience_s=patience_s, watch=watch)


def compact(db: Database, folder: Path, *, whole: bool = False, patience_s: float = 0) -> Manifest | None:
    """Small files are joined; ``whole``: all that are not full. ``None`` when there were none. Raises like :func:`run`."""
    return lake.compact(db, folder, exporting.layouts(), whole=whole, patience_s=patience_s)


class Exporter:
    """What a worker calls again and again: it exports and compacts when it is time. ``every_s``: least seconds between; 0: never."""

    def __init__(self, folder: Path, *, every_s: int) -> None:
        self._folder, self._every = folder, timedelta(seconds=every_s)
        self._next: datetime | None = None

    def tick(self, db: Database) -> int:
        """Returns 1 when something was published, else 0. Raises like :func:`run`, and tries again after the pause."""
        began = db.clock.now()
        if not self._every or (self._next is not None and began < self._next):
            return 0
        self._next = began + self._every
        try:
            published = run(db, self._folder, always=False)
            if published is not None:
                compact(db, self._folder)
        except Problem as refused:
            if refused.type is lake.BUSY:  # somebody else does it
                return 0
            raise
        now = db.clock.now()
        self._next = now + max(self._every, IDLE_SHARE * (now - began))
        return int(published is not None)
