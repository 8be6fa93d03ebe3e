"""``verify`` by several processes over one view of the database: the same findings in the same order, in a fraction of the time."""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

from regulars.domains.loyalty.service import verifying
from regulars.domains.loyalty.service.verifying import CHUNK, Finding, Looked, Part
from regulars.platform import db as database
from regulars.platform import memory
from regulars.platform.clock import Clock
from regulars.platform.context import SYSTEM, Actor
from regulars.platform.db import Database
from regulars.platform.processes import sharing
from regulars.platform.processes.lane import Say

DECISIONS_FOR_PROCESSES = 20_000
"""From how many decisions on it pays to start processes."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Errand:
    """What a process needs to look at parts. ``url`` holds a password: it goes through a pipe and is never shown."""

    url: str = field(repr=False)
    view: str
    actor: Actor
    clock: Clock


def verify(
    db: Database, *, processes: int | None = None, progress: Progress = lambda _done, _total: None, actor: Actor = SYSTEM, size: int = CHUNK
) -> Generator[Finding, None, None]:
    """Every disagreement, as :func:`verifying.verify` finds them, ``size`` members at a time by so many processes; 1: none but this, left
    out: two where there are cores and decisions enough. All see the database as it was at the beginning. Raises ``processes.lost``.
    """
    with db.reading(actor) as ctx:
        total, parts = verifying.parts(ctx, size=size)
        if processes is None:
            processes = sharing.processes() if total >= DECISIONS_FOR_PROCESSES else 1
        looks = (verifying.look(ctx, part) for part in parts)
        if processes > 1:
            errand = _Errand(db.engine.url.render_as_string(hide_password=False), verifying.share_view(ctx), actor, db.clock)
            looks = sharing.run(_verifier, errand, parts, processes=processes)
        done = 0
        with closing(looks):
            for part, looked in zip(parts, looks, strict=True):
                yield from looked.findings
                done += looked.decisions
                if not part.check:
                    progress(done, total)


@contextmanager
def _verifier(errand: _Errand) -> Iterator[Callable[[Part, Say], Looked]]:
    """What each process does: look at a part, in a transaction that sees what the first process does."""
    memory.collect_rarely()
    db = database.connect(errand.url, clock_=errand.clock, pool_size=1)
    try:
        with db.reading(errand.actor) as ctx:
            verifying.same_view(ctx, errand.view)
            yield lambda part, _say: verifying.look(ctx, part)
    finally:
        db.close()
