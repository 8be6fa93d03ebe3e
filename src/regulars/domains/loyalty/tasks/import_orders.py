"""Takes an order file through the engine: read, sort out, record, each piece in one transaction with how far the import is.

Killed at any moment it goes on with the next run and ends in the same state: a piece is recorded together with the cursor behind
it or not at all. While the database is away it waits. History is played customer by customer in the order of its own time, so a
standing is loaded once a batch, and points and tiers are those of the moment each order was paid.
"""

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from regulars.domains.loyalty import service as loyalty
from regulars.domains.loyalty.tasks import import_batch
from regulars.domains.loyalty.tasks.import_batch import LostRace, Piece, Sorting
from regulars.domains.orders.intake import service as intake
from regulars.domains.orders.intake.assembly import Group, Sale
from regulars.domains.orders.intake.model import Import, State
from regulars.domains.orders.intake.planning import Plan
from regulars.kernel import problem
from regulars.platform import batching
from regulars.platform.batching import Verdict
from regulars.platform.context import SYSTEM, Actor, Ctx
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database

GROUPS = 4_000
"""Orders and refunds recorded in one transaction at most."""
LINES = 20_000
"""Lines of them at most, unless a single order has more."""
_ATTEMPTS = 8
_HALVED_AFTER = 2
_POISON = 20
_OUTAGES = 120
_CONFLICT_FIRST, _CONFLICT_CAP = 0.01, 0.5
_OUTAGE_FIRST, _OUTAGE_CAP = 0.1, 1.0

Watch = Callable[[Import], None]


def run(
    db: Database,
    plan: Plan,
    *,
    keyring: Keyring | None = None,
    watch: Watch | None = None,
    restart: bool = False,
    actor: Actor = SYSTEM,
    size: int = GROUPS,
) -> Import:
    """The file is imported; returns the finished import with its counts. ``watch`` is told after each commit of ``size`` orders.

    Raises ``programme.none`` before anything is read when no programme is published, ``import.file_changed``, ``import.running``,
    and what reading the file raises; whatever was committed then stays, and the next run goes on from there.
    """
    with db.transaction(actor) as ctx:
        settlement = loyalty.programmes(ctx).at(ctx.now).currency
        one = intake.begin(ctx, plan, restart=restart)
    work = _Work(db, plan, one, settlement, keyring=keyring, watch=watch or (lambda _: None), actor=actor, size=size)
    with _rare_collections():
        while work.one.state is not State.done:
            work.carry_on()
    return work.one


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
    tell = watch or (lambda _: None)
    try:
        with db.transaction() as ctx:
            one = _rehearsed(ctx, plan, keyring=keyring, tell=tell)
            raise _Undone(one)
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
    stream = _Stream(ctx, one, plan)
    while pieces := stream.next_batch(ctx):
        one = import_batch.foresee(ctx, one, pieces, plan.profile, progress=stream.progress)
        tell(one)
    return replace(one, state=State.done, progress=1.0)


class _Stream:
    """What waits, in batches ready to be recorded. Reads while it is consumed, in the transaction it was made with."""

    def __init__(self, ctx: Ctx, one: Import, plan: Plan, size: int = GROUPS) -> None:
        self._size = size
        self._total = intake.waiting(ctx, one) or 1
        self._groups: Iterator[tuple[Group, bool]] = intake.groups(ctx, one, plan.profile)
        self._sorting = Sorting(plan.profile.source, one)
        self._rows = round(one.progress * self._total)

    @property
    def progress(self) -> float:
        """How many of the rows are in the batches given so far, 0 to 1."""
        return min(1.0, self._rows / self._total)

    def next_batch(self, ctx: Ctx) -> list[Piece]:
        """The next pieces, nothing at the end. ``ctx`` sees what was recorded until now."""
        pieces: list[Piece] = []
        while not pieces:
            taken = self._taken()
            if not taken:
                break
            pieces = self._sorting.matched(ctx, taken)
        return pieces

    def _taken(self) -> list[tuple[Group, bool]]:
        """Groups up to a batch's measure. Those applied before count nothing, so that after a crash the batches are the same."""
        taken: list[tuple[Group, bool]] = []
        fresh = lines = 0
        for group, again in self._groups:
            taken.append((group, again))
            if again:
                if len(taken) >= self._size:
                    break
                continue
            size = len(group.lines) if isinstance(group, Sale) else len(group.wanted)
            fresh += 1
            lines += size
            self._rows += size
            if fresh >= self._size or lines >= LINES:
                break
        return taken


@dataclass(slots=True)
class _Work:
    """An import under way; ``one`` is how it stands in the database."""

    db: Database
    plan: Plan
    one: Import
    settlement: str
    keyring: Keyring | None = field(kw_only=True)
    watch: Watch = field(kw_only=True)
    actor: Actor = field(kw_only=True)
    size: int = field(kw_only=True)
    outages: int = 0
    poisoned: int = 0

    def carry_on(self) -> None:
        """Do what comes next until the import is done, or the database goes away: then wait, and see how the import stands."""
        try:
            if self.one.state is State.reading:
                self._read()
            self._apply()
            with self.db.transaction(self.actor) as ctx:
                self._moved(intake.finish(ctx, self.one))
        except Exception as error:
            self.outages += 1
            if batching.verdict(error) is not Verdict.outage or self.outages > _OUTAGES:
                raise
            self._wait_for_database()

    def _wait_for_database(self) -> None:
        # Whether the last commit was made is not known: only the database can tell.
        while True:
            time.sleep(batching.pause(self.outages, _OUTAGE_FIRST, _OUTAGE_CAP))
            try:
                with self.db.reading() as ctx:
                    self.one = intake.get(ctx, self.one.import_id)
                return
            except Exception as error:
                self.outages += 1
                if batching.verdict(error) is not Verdict.outage or self.outages > _OUTAGES:
                    raise

    def _moved(self, one: Import) -> None:
        self.one = one
        self.outages = 0
        self.watch(one)

    def _read(self) -> None:
        for chunk in intake.chunks(self.plan, self.one, now=self.db.clock.now(), settlement=self.settlement):
            with self.db.transaction(self.actor) as ctx:
                kept = intake.keep(ctx, self.one, chunk, keyring=self.keyring)
            self._moved(kept)
        with self.db.transaction(self.actor) as ctx:
            ready = intake.start_applying(ctx, self.one, self.plan.profile.source)
        self._moved(ready)

    def _apply(self) -> None:
        with self.db.reading(self.actor) as ctx:
            stream = _Stream(ctx, self.one, self.plan, self.size)
            while True:
                # The stream's own transaction is older than what was recorded since: histories need a fresh look.
                with self.db.reading(self.actor) as fresh:
                    pieces = stream.next_batch(fresh)
                if not pieces:
                    return
                self._record(pieces, stream.progress, tries=0)

    def _record(self, pieces: Sequence[Piece], progress: float, *, tries: int) -> None:
        """Record the pieces, in halves when they keep losing races or hold something the database refuses."""
        try:
            with self.db.transaction(self.actor) as ctx:
                recorded = import_batch.record(ctx, self.one, pieces, self.plan.profile, keyring=self.keyring, progress=progress)
        except LostRace:
            self._again(pieces, progress, tries=tries + 1)
        except Exception as error:
            verdict = batching.verdict(error)
            if verdict is Verdict.conflict:
                self._again(pieces, progress, tries=tries + 1)
            elif verdict is Verdict.outage or not intake.refuses(error):
                raise
            else:
                self._refused(pieces, progress, error)
        else:
            self._moved(recorded)

    def _again(self, pieces: Sequence[Piece], progress: float, *, tries: int) -> None:
        if tries >= _ATTEMPTS and len(pieces) == 1:
            raise problem.UNAVAILABLE()
        time.sleep(batching.pause(tries, _CONFLICT_FIRST, _CONFLICT_CAP))
        if tries > _HALVED_AFTER and len(pieces) > 1:
            self._halves(pieces, progress)
        else:
            self._record(pieces, progress, tries=tries)

    def _halves(self, pieces: Sequence[Piece], progress: float) -> None:
        middle = len(pieces) // 2
        self._record(pieces[:middle], progress, tries=0)
        self._record(pieces[middle:], progress, tries=0)

    def _refused(self, pieces: Sequence[Piece], progress: float, error: Exception) -> None:
        """Find the one piece the database refuses and quarantine it; many of them are no bad rows but a fault of ours."""
        if len(pieces) > 1:
            self._halves(pieces, progress)
            return
        self.poisoned += 1
        if self.poisoned > _POISON:
            raise error
        with self.db.transaction(self.actor) as ctx:
            recorded = import_batch.refuse(ctx, self.one, pieces[0], error, progress=progress)
        self._moved(recorded)
