"""``simulate``: the brand's own history under a draft beside the programme in force, by the engine's own rules. Nothing is recorded.

Both sides are replayed alike, from an empty standing, each by one version over all of the history, so that what differs between them
comes from the programmes alone. It falls into parts of some members each, which several processes may work out over one view of the
database; parts merge into the same outcome in any grouping.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from regulars.domains.loyalty import document
from regulars.domains.loyalty.model import Programme
from regulars.domains.loyalty.model import simulation as model
from regulars.domains.loyalty.model.simulation import Ask, Outcome
from regulars.domains.loyalty.rules import outcome as rules
from regulars.domains.loyalty.rules import replaying
from regulars.domains.loyalty.service.simulating import history, telling
from regulars.domains.loyalty.service.simulating.history import History
from regulars.domains.loyalty.store import replay
from regulars.domains.loyalty.store import simulations as store
from regulars.platform.context import Ctx

__all__ = ["SIZE", "Compiled", "History", "Part", "compiled", "look", "merged", "parts", "telling"]

SIZE = 200
"""Members a part has."""
_TELL_EVERY = 20
_FIRST, _LAST = UUID(int=0), UUID(int=(1 << 128) - 1)

Moved = Callable[[int, int], None]
"""Told how many more members were looked at, and how many more orders replayed."""


@dataclass(frozen=True, slots=True)
class Part:
    """The members behind ``after`` up to and with ``until``."""

    after: UUID
    until: UUID


@dataclass(frozen=True, slots=True)
class Compiled:
    """The question with both documents compiled, once for each process."""

    ask: Ask
    terms: rules.Terms

    @property
    def running(self) -> Programme:
        return self.terms.before

    @property
    def draft(self) -> Programme:
        return self.terms.after


def compiled(ask: Ask) -> Compiled:
    """Both documents, ready to be replayed. Raises ``programme.invalid``, and ``simulations.currency`` when their money differs."""
    running = document.build(document.read(ask.running), ask.running_version)
    draft = document.build(document.read(ask.draft), ask.draft_version or 0)
    if draft.currency != running.currency:
        raise model.OTHER_MONEY(given=draft.currency, currency=running.currency)
    return Compiled(ask, rules.Terms(running, draft))


def parts(ctx: Ctx, *, size: int = SIZE) -> tuple[int, list[Part]]:
    """How many members have a history, and all of them in parts."""
    ends = [_FIRST, *replay.every_nth_member(ctx.tx, size), _LAST]
    return store.member_count(ctx.tx), [Part(after, until) for after, until in pairwise(ends)]


def look(ctx: Ctx, what: Compiled, part: Part, moved: Moved = lambda _members, _orders: None) -> Outcome:
    """What the part's members come to. ``moved`` is told every few members; what it raises ends the look."""
    found = Outcome()
    heads = store.members_between(ctx.tx, part.after, part.until)
    sample = [head for head in heads if replaying.sampled(head[0], what.ask.sample_bp)]
    reader = history.Reader(ctx, what.ask, zone=what.running.zone, reads=what.running.reads | what.draft.reads)
    moved(len(heads) - len(sample), 0)
    for start in range(0, len(sample), _TELL_EVERY):
        before = found.orders
        some = sample[start : start + _TELL_EVERY]
        for one in reader.read(some):
            _replay(found, what, one)
        moved(len(some), found.orders - before)
    return found


def _replay(found: Outcome, what: Compiled, one: History) -> None:
    ask = what.ask
    sides = [
        replaying.replay(
            programme,
            replaying.opened(programme, one.member_id, one.joined_at, held_out=one.held_out),
            one.told,
            as_of=ask.as_of,
            since=ask.since,
        )
        for programme in (what.running, what.draft)
    ]
    found.orders += one.orders
    found.refunds += one.refunds
    for code, times in one.assumed.items():
        found.assumed[code] = found.assumed.get(code, 0) + times
    rules.add(found, what.terms, one.member_id, spend=one.spend, before=sides[0], after=sides[1])


def merged(found: Sequence[Outcome]) -> Outcome:
    """All parts as one."""
    total = Outcome()
    for one in found:
        rules.merge(total, one)
    return total
