"""Takes an order file through the engine: read, sort out, record, each piece in one transaction with how far the import is.

Killed at any moment it goes on with the next run and ends in the same state: a piece is recorded together with the cursor behind
it or not at all. While the database is away it waits. History is played customer by customer in the order of its own time, so a
standing is loaded once a batch, and points and tiers are those of the moment each order was paid. Customers fall into lanes; those
of a large file are recorded side by side, each in a process of its own.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from regulars.domains.loyalty import service as loyalty
from regulars.domains.loyalty.tasks import import_batch, import_beside
from regulars.domains.loyalty.tasks.import_batch import Terms
from regulars.domains.loyalty.tasks.import_lane import GROUPS, Recording, Stream
from regulars.domains.loyalty.tasks.patience import Patience
from regulars.domains.orders.intake import service as intake
from regulars.domains.orders.intake.model import Import, Lane, State
from regulars.domains.orders.intake.planning import Plan
from regulars.platform.context import SYSTEM, Actor, Ctx
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from regulars.platform.processes import sharing

ROWS_FOR_LANES = 20_000
"""From how many waiting rows on it pays to start processes."""

Watch = Callable[[Import], None]


def run(
    db: Database,
    plan: Plan,
    *,
    keyring: Keyring | None = None,
    watch: Watch | None = None,
    restart: bool = False,
    actor: Actor = SYSTEM,
    lanes: int | None = None,
    size: int = GROUPS,
) -> Import:
    """The file is imported; returns the finished import with its counts. ``watch`` is told after each commit of ``size`` orders.

    ``lanes`` processes record side by side, 1: none but this. Left out it is two where there are cores and rows enough for them. An
    import that goes on keeps its lanes. Raises ``programme.none`` before anything is read when no programme is published,
    ``import.file_changed``, ``import.running``, ``processes.lost``, and what reading the file raises; whatever was committed then
    stays, and the next run goes on from there.
    """
    with db.transaction(actor) as ctx:
        settlement = loyalty.programmes(ctx).at(ctx.now).currency
        one = intake.begin(ctx, plan, restart=restart)
    work = _Work(db, plan, one, keyring=keyring, watch=watch or (lambda _: None), actor=actor, lanes=lanes, size=size)
    with _rare_collections():
        work.carry_on(settlement)
    return work.one


def lanes_for(rows: int) -> int:
    """How many lanes so many rows are recorded in when nobody says."""
    return sharing.processes() if rows >= ROWS_FOR_LANES else 1


@contextmanager
def _rare_collections() -> Iterator[None]:
    """The garbage collector looks for cycles less often. Millions of small objects come and go here and none is part of a cycle:
    looking for them costs a fifth of the time, and the memory they would hold is bounded by a batch.
    """
    before = gc.get_threshold()
    gc.set_threshold(100_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def rehearse(db: Database, plan: Plan, *, keyring: Keyring | None = None, watch: Watch | None = None) -> Import:
    """What an import of the file would count, without recording anything: all of it happens in a transaction that is undone.

    Raises as :func:`run` does.
    """
    try:
        with db.transaction() as ctx:
            raise _Undone(_rehearsed(ctx, plan, keyring=keyring, tell=watch or (lambda _: None)))
    except _Undone as undone:
        return undone.one


class _Undone(Exception):  # noqa: N818 - how a transaction is told to leave no trace; not an error.
    def __init__(self, one: Import) -> None:
        super().__init__()
        self.one = one


def _rehearsed(ctx: Ctx, plan: Plan, *, keyring: Keyring | None, tell: Watch) -> Import:
    settlement = loyalty.programmes(ctx).at(ctx.now).currency
    one = intake.fresh(ctx, plan)
    for chunk in intake.chunks(plan, one, now=ctx.now, settlement=settlement):
        one = intake.keep(ctx, one, chunk, keyring=keyring)
        tell(one)
    one = intake.start_applying(ctx, one, plan.profile.source)
    (lane,) = one.lanes
    stream = Stream(ctx, Terms(one, plan.profile, keyring), lane)
    while pieces := stream.next_batch(ctx):
        lane = import_batch.foresee(ctx, lane, pieces, plan.profile.source, progress=stream.progress)
        tell(one.with_lane(lane))
    return intake.finish(ctx, one.with_lane(intake.finish_lane(ctx, lane)))


@dataclass(slots=True)
class _Work:
    """An import under way; ``one`` is how it stands in the database."""

    db: Database
    plan: Plan
    one: Import
    keyring: Keyring | None = field(kw_only=True)
    watch: Watch = field(kw_only=True)
    actor: Actor = field(kw_only=True)
    lanes: int | None = field(kw_only=True)
    size: int = field(kw_only=True)
    patience: Patience = field(default_factory=Patience)

    def carry_on(self, settlement: str) -> None:
        """Do what comes next until the import is done."""
        while self.one.state is not State.done:
            left = [lane for lane in self.one.lanes if not lane.done]
            if left:
                self._record(left)
            else:
                self._patiently(lambda: self._read(settlement) if self.one.state is State.reading else self._finish())

    def _patiently(self, step: Callable[[], None]) -> None:
        """Take the step, or when something that passes comes between, find out how the import stands."""
        while True:
            try:
                step()
                return
            except Exception as error:  # noqa: BLE001 - ``bear`` raises it again unless it will pass.
                self.patience.bear(error)
                step = self._look

    def _look(self) -> None:
        with self.db.reading(self.actor) as ctx:
            self.one = intake.get(ctx, self.one.import_id)

    def _moved(self, one: Import) -> None:
        self.one = one
        self.patience.renew()
        self.watch(one)

    def _read(self, settlement: str) -> None:
        for chunk in intake.chunks(self.plan, self.one, now=self.db.clock.now(), settlement=settlement):
            with self.db.transaction(self.actor) as ctx:
                kept = intake.keep(ctx, self.one, chunk, keyring=self.keyring)
            self._moved(kept)
        with self.db.transaction(self.actor) as ctx:
            lanes = self.lanes or lanes_for(intake.waiting(ctx, self.one))
            ready = intake.start_applying(ctx, self.one, self.plan.profile.source, lanes=lanes)
        self._moved(ready)

    def _record(self, left: Sequence[Lane]) -> None:
        """Record these lanes; that has a patience of its own."""
        terms = Terms(self.one, self.plan.profile, self.keyring)
        processes = min(len(left), self.lanes or sharing.processes())
        if processes > 1:
            import_beside.record(self.db, terms, left, processes=processes, actor=self.actor, size=self.size, watch=self._lane_moved)
        else:
            for lane in left:
                Recording(self.db, terms, lane, actor=self.actor, size=self.size, watch=self._lane_moved).run()

    def _lane_moved(self, lane: Lane) -> None:
        self._moved(self.one.with_lane(lane))

    def _finish(self) -> None:
        with self.db.transaction(self.actor) as ctx:
            done = intake.finish(ctx, self.one)
        self._moved(done)
