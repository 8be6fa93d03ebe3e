"""``verify``: fold every journal, decide every fact again from its recorded inputs, compare all of it with what is stored.

Three independent looks, so that whatever was changed behind the engine's back disagrees with at least one of them:
(a) the journal folded entry by entry is the stored wallet and tier; (b) each decision made again, from the recorded fact, version and
values, is the journal; (c) claims, counters and projections agree with the facts they stand for.

It falls into parts, each of some members or one check across all, which several processes may look at over one view of the database.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from regulars.domains.loyalty.service import publishing
from regulars.domains.loyalty.service.verifying import across, chunk, deciding, folding
from regulars.domains.loyalty.service.verifying.finding import Finding
from regulars.domains.loyalty.store import replay
from regulars.platform.context import Ctx

__all__ = ["CHUNK", "Finding", "Looked", "Part", "look", "parts", "same_view", "share_view", "verify"]

CHUNK = 500
_FIRST, _LAST = UUID(int=0), UUID(int=(1 << 128) - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The members behind ``after`` up to and with ``until``; or the check of this name, if it has one."""

    after: UUID = _FIRST
    until: UUID = _LAST
    check: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a part came to: how many decisions it holds, and what disagrees, in its own order."""

    decisions: int
    findings: Sequence[Finding]


def parts(ctx: Ctx, *, size: int = CHUNK) -> tuple[int, list[Part]]:
    """How many decisions there are, and everything to be looked at, in the order of the findings; so many members a part."""
    ends = [_FIRST, *replay.every_nth_member(ctx.tx, size), _LAST]
    shares = [Part(after=after, until=until) for after, until in pairwise(ends) if after != until]
    return replay.decision_count(ctx.tx), shares + [Part(check=name) for name in across.CHECKS]


def look(ctx: Ctx, part: Part) -> Looked:
    """Every disagreement in the part."""
    if part.check:
        return Looked(0, list(across.CHECKS[part.check](ctx)))
    programmes = publishing.programmes(ctx)
    decisions, after = 0, part.after
    found: list[Finding] = []
    # A part holds no more members than a chunk, unless their standings are lost, by which parts are cut.
    while members := replay.members_after(ctx.tx, after, part.until, CHUNK):
        read = chunk.read(ctx, programmes, members)
        for member in members:
            found += _member(read, member)
        decisions += sum(len(rows) for rows in read.decisions.values())
        after = members[-1]
    return Looked(decisions, found)


def _member(read: chunk.Chunk, member: UUID) -> Iterator[Finding]:
    rows, journal = read.decisions.get(member, []), read.journal.get(member, {})
    yield from folding.fold(read, member, journal)
    yield from folding.numbers(read, member, rows, journal)
    if rows:
        yield from deciding.redecide(read, member, rows, journal)


def verify(ctx: Ctx, *, progress: Callable[[int, int], None] = lambda _done, _total: None) -> Iterator[Finding]:
    """Every disagreement between facts, decisions, journal and standings. ``progress`` hears decisions done and in all.

    Reads in chunks of 500 members, so memory stays flat. ``ctx`` should be one repeatable-read view of the database.
    """
    done = 0
    total, all_parts = parts(ctx)
    for part in all_parts:
        looked = look(ctx, part)
        yield from looked.findings
        done += looked.decisions
        if not part.check:
            progress(done, total)


def share_view(ctx: Ctx) -> str:
    """The name under which others can see the database exactly as ``ctx`` does, for as long as it is open."""
    return replay.export_view(ctx.tx)


def same_view(ctx: Ctx, view: str) -> None:
    """``ctx`` sees what :func:`share_view` named. It must not have read anything yet."""
    replay.import_view(ctx.tx, view)
