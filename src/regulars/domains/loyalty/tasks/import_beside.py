"""The lanes of an import in processes of their own: Python's rules for a batch take as long as the database's work, on one core each."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from regulars.domains.loyalty.tasks.import_batch import Terms
from regulars.domains.loyalty.tasks.import_lane import Recording
from regulars.domains.orders.intake.model import Import, Lane, Profile
from regulars.platform import db as database
from regulars.platform import memory
from regulars.platform.clock import Clock
from regulars.platform.context import Actor
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from regulars.platform.processes import sharing
from regulars.platform.processes.lane import Say

_CONNECTIONS = 2


@dataclass(frozen=True, slots=True)
class _Errand:
    """What a process needs to record lanes. ``url`` holds a password: it goes through a pipe and is never shown."""

    url: str = field(repr=False)
    one: Import
    profile: Profile
    keys: Path | None
    actor: Actor
    size: int
    clock: Clock


def record(
    db: Database, terms: Terms, lanes: Sequence[Lane], *, processes: int, actor: Actor, size: int, watch: Callable[[Lane], None]
) -> None:
    """The lanes are done, by so many processes; ``watch`` is told of each commit. Raises what recording a lane raises."""
    errand = _Errand(
        db.engine.url.render_as_string(hide_password=False),
        terms.one,
        terms.profile,
        terms.keyring.folder if terms.keyring else None,
        actor,
        size,
        db.clock,
    )
    numbers = [lane.no for lane in lanes]
    for done in sharing.run(_recorder, errand, numbers, processes=processes, hear=lambda _, lane: watch(lane)):
        # The word of its last commit is lost when a process is killed right behind it.
        watch(done)


@contextmanager
def _recorder(errand: _Errand) -> Iterator[Callable[[int, Say], Lane]]:
    """What each process does: record the lane of a number from where it stands."""
    memory.collect_rarely()
    keyring = Keyring.load(errand.keys, create=False) if errand.keys else None
    terms = Terms(errand.one, errand.profile, keyring)
    db = database.connect(errand.url, clock_=errand.clock, pool_size=_CONNECTIONS)

    def record_lane(no: int, say: Say) -> Lane:
        # Another process may have been at it before: only the database knows how far it came.
        return Recording.resumed(db, terms, no, actor=errand.actor, size=errand.size, watch=say).run()

    try:
        yield record_lane
    finally:
        db.close()
