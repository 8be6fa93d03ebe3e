"""``reassess``: everybody looked at again after the ladders were changed; first as a preview, by the same decisions, then for good."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from regulars.domains.loyalty import document
from regulars.domains.loyalty.model import LevelsReassessed, Programmes
from regulars.domains.loyalty.model import reassessment as model
from regulars.domains.loyalty.model.reassessment import Ask, Found, Reassessment
from regulars.domains.loyalty.rules import reassessing as rules
from regulars.domains.loyalty.rules.reassessing import Terms
from regulars.domains.loyalty.service import loading, publishing
from regulars.domains.loyalty.service.reassessing import telling
from regulars.domains.loyalty.store import reassessments as store
from regulars.domains.loyalty.store import simulations as counting
from regulars.kernel.ids import MemberId
from regulars.platform.context import Ctx

__all__ = ["FIRST", "SIZE", "compiled", "facts", "preview", "require_in_force", "telling"]

SIZE = 500
"""Members a batch."""
FIRST = UUID(int=0)
# Coupons move no level: without a programme that gives them, nobody's are loaded.
_NO_COUPONS = Programmes.of(())

Moved = Callable[[int, int], None]
"""Told members done and members in all. What it raises ends the preview."""


def compiled(ctx: Ctx, ask: Ask) -> Terms:
    """Both programmes, ready to decide by. Raises ``programme.invalid``, ``not_found``."""
    running = publishing.version(ctx, ask.running_version)
    return Terms(
        running=document.build(document.read(running.document), running.version),
        draft=document.build(document.read(ask.draft), ask.draft_version or 0),
        at=ask.as_of,
        down=ask.down,
    )


def preview(ctx: Ctx, ask: Ask, *, moved: Moved = lambda _done, _total: None, size: int = SIZE) -> dict[str, Any]:
    """Who would move and what it costs, as plain data; ``size`` members at a time, which makes no difference to the result."""
    terms, found = compiled(ctx, ask), Found()
    total, after = counting.member_count(ctx.tx), FIRST
    while members := store.members_after(ctx.tx, after, size):
        standings = loading.load(ctx, _NO_COUPONS, members)
        for member in members:
            rules.look(found, terms, standings[member])
        after = members[-1]
        moved(found.members, total)
    return telling.result(terms, found, publishing.programmes(ctx))


def require_in_force(ctx: Ctx, one: Reassessment) -> None:
    """Raise ``reassessments.superseded`` unless the version that people are re-assessed by is still the one in force."""
    now = publishing.programmes(ctx).at(ctx.now).version
    if now != one.version:
        raise model.SUPERSEDED(version=one.version, now=now)


def facts(one: Reassessment, members: Sequence[MemberId]) -> list[LevelsReassessed]:
    """What is told to the engine of each member: the same whenever, and however often, the job comes to them."""
    return [LevelsReassessed(member_id=member, at=one.at, ref=one.reassessment_id, down=one.down) for member in members]
