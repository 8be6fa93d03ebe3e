"""The first pass: every row checked once, in chunks that are kept or lost as a whole, going on where an earlier run stopped."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from regulars.domains.orders.intake import checks, model, times
from regulars.domains.orders.intake.model import Bad, Counts, Person, RowClass, SpoolRow
from regulars.domains.orders.intake.planning import Plan

CHUNK = 25_000


@dataclass(slots=True)
class Chunk:
    """Rows that follow one another in the file: good, bad, what they say of people, and how much of the file lies behind (0 to 1)."""

    rows: list[SpoolRow] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    progress: float = 0.0

    def __len__(self) -> int:
        return len(self.rows) + len(self.bad)


def chunks(plan: Plan, *, now: datetime, skip: int, settlement: str = "") -> Iterator[Chunk]:
    """The file's rows from row ``skip`` on, which must be where an earlier chunk ended (counted in rows, good and bad).

    Batches always cut at the same places, so skipping them brings us there; raises ``import.file_changed`` when it does not.
    """
    reader = times.Times(plan.profile.date_format, plan.zone, plan.profile.moved_days)
    checker = checks.Checker(plan.table.columns, plan.mapping, plan.profile, now=now, times=reader, settlement=settlement)
    passed = 0
    chunk = Chunk()
    for batch in plan.table.batches():
        if passed < skip:
            passed += len(batch)
            if passed > skip:
                raise model.FILE_CHANGED(file=str(plan.path), rows=skip)
            continue
        good, bad = checker.check(batch)
        chunk.rows += good
        chunk.bad += bad
        if len(chunk) >= CHUNK:
            yield _closed(chunk, checker, reader, plan.table.progress())
            chunk = Chunk()
    if passed < skip:
        raise model.FILE_CHANGED(file=str(plan.path), rows=skip)
    if len(chunk):
        yield _closed(chunk, checker, reader, 1.0)


def _closed(chunk: Chunk, checker: checks.Checker, reader: times.Times, progress: float) -> Chunk:
    """The chunk with everything that is known once it is full; what the checker gathered starts anew."""
    chunk.progress = progress
    chunk.people, checker.people = checker.people, {}
    refused = Counter(bad.reason for bad in chunk.bad)
    classes = Counter({RowClass.quarantined.value: len(chunk.bad)}) if chunk.bad else Counter[str]()
    chunk.counts = Counts(rows=len(chunk), classes=classes, reasons=refused, other=reader.odd)
    reader.odd = Counter()
    return chunk
