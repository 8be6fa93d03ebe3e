"""Records one lane of an import to its end: batch after batch in the lane's own order, through lost races, outages and bad values."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from regulars.domains.loyalty.tasks import import_batch
from regulars.domains.loyalty.tasks.import_batch import LostRace, Piece, Sorting, Terms
from regulars.domains.loyalty.tasks.patience import Patience
from regulars.domains.orders.intake import service as intake
from regulars.domains.orders.intake.assembly import Group, Sale
from regulars.domains.orders.intake.model import RUNNING, Lane, State
from regulars.kernel import problem
from regulars.platform import batching
from regulars.platform.batching import Verdict
from regulars.platform.context import Actor, Ctx
from regulars.platform.db import Database

GROUPS = 4_000
"""Orders and refunds recorded in one transaction at most."""
LINES = 20_000
"""Lines of them at most, unless a single order has more."""
_ATTEMPTS = 8
_HALVED_AFTER = 2
_POISON = 20
_CONFLICT_FIRST, _CONFLICT_CAP = 0.01, 0.5


class Stream:
    """What waits in a lane, in batches ready to be recorded. Reads while it is consumed, in the transaction it was made with."""

    def __init__(self, ctx: Ctx, terms: Terms, lane: Lane, *, size: int = GROUPS) -> None:
        self._size = size
        # About: lanes are shares of equal size, as near as customers allow.
        self._total = intake.waiting(ctx, terms.one) / len(terms.one.lanes) or 1
        self._groups: Iterator[tuple[Group, bool]] = intake.groups(ctx, lane, terms.profile)
        self._sorting = Sorting(terms.profile.source, terms.one.history)
        self._rows = round(lane.progress * self._total)

    @property
    def progress(self) -> float:
        """About how many of the lane's rows are in the batches given so far, 0 to 1."""
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
        """Groups up to a batch's measure. Those recorded before count nothing, so that after a crash the batches are the same."""
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
class Recording:
    """A lane under way; ``lane`` is how it stands in the database. ``watch`` is told after each commit."""

    db: Database
    terms: Terms
    lane: Lane
    actor: Actor = field(kw_only=True)
    size: int = field(kw_only=True)
    watch: Callable[[Lane], None] = field(kw_only=True)
    patience: Patience = field(default_factory=Patience)
    poisoned: int = 0

    stale: bool = False

    @classmethod
    def resumed(cls, db: Database, terms: Terms, no: int, *, actor: Actor, size: int, watch: Callable[[Lane], None]) -> "Recording":
        """The lane of this number, from wherever it stands when it begins."""
        made = cls(db, terms, terms.one.lanes[no], actor=actor, size=size, watch=watch)
        made.stale = True
        return made

    def run(self) -> Lane:
        """The lane is done. Waits while the database is away. Raises ``import.running`` when another process records it as well."""
        while self.stale or not self.lane.done:
            try:
                if self.stale:
                    self._look()
                    self.stale = False
                else:
                    self._record_all()
            except Exception as error:  # noqa: BLE001 - ``bear`` raises it again unless it will pass.
                self.patience.bear(error)
                # Whether the last commit was made is not known: only the database can tell.
                self.stale = True
        return self.lane

    def _look(self) -> None:
        with self.db.reading(self.actor) as ctx:
            one = intake.get(ctx, self.lane.import_id)
        if one.state is not State.applying:
            raise RUNNING(file=one.file)
        self.lane = one.lanes[self.lane.no]

    def _moved(self, lane: Lane) -> None:
        self.lane = lane
        self.patience.renew()
        self.watch(lane)

    def _record_all(self) -> None:
        with self.db.reading(self.actor) as ctx:
            stream = Stream(ctx, self.terms, self.lane, size=self.size)
            while True:
                # The stream's own transaction is older than what was recorded since: histories need a fresh look.
                with self.db.reading(self.actor) as fresh:
                    pieces = stream.next_batch(fresh)
                if not pieces:
                    break
                self._record(pieces, stream.progress, tries=0)
        with self.db.transaction(self.actor) as ctx:
            done = intake.finish_lane(ctx, self.lane)
        self._moved(done)

    def _record(self, pieces: Sequence[Piece], progress: float, *, tries: int) -> None:
        """Record the pieces, in halves when they keep losing races or hold something the database refuses."""
        try:
            with self.db.transaction(self.actor) as ctx:
                recorded = import_batch.record(ctx, self.terms, self.lane, pieces, progress=progress)
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
            recorded = import_batch.refuse(ctx, self.lane, pieces[0], error, progress=progress)
        self._moved(recorded)
