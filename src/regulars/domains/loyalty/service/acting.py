"""Acts from outside: their ids, the orders they are about, and whose they were when they are taken back."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from regulars.domains.loyalty.model import ActDone, ActReversed
from regulars.domains.loyalty.service.quoting import EPOCH
from regulars.domains.orders import service as orders
from regulars.kernel import ids, problem
from regulars.kernel.ids import MemberId
from regulars.platform import claims
from regulars.platform.context import Ctx

YEAR = 366
"""How many days back it is looked for what a member does once a day."""


def act_id(source: str, number: str) -> UUID:
    """The id of the act that a source calls by this number, whether it happened or not."""
    return ids.derived(EPOCH, ActDone.kind, source, number)


def order_of(ctx: Ctx, source: str, number: str) -> UUID:
    """The order an act is about. Raises ``not_found``: send the order first, then the act."""
    found = orders.locate(ctx, [(source, number)]).get((source, number))
    if found is None or found.ref is None:
        raise problem.NOT_FOUND(what="order", key=f"{source}:{number}")
    return found.ref


def reversal(ctx: Ctx, source: str, number: str, *, reason: str) -> ActReversed:
    """The wish to take an act back. Raises ``not_found``."""
    key = (ActDone.kind, f"{source}\x1f{number}")
    claim = claims.find(ctx.tx, [key]).get(key)
    if claim is None or claim.subject_id is None:
        raise problem.NOT_FOUND(what="act", key=f"{source}:{number}")
    return ActReversed(member_id=MemberId(claim.subject_id), at=ctx.now, ref=act_id(source, number), reason=reason)


def day_number(member: str, day: date) -> str:
    """The number of what a member can do once a day."""
    return f"{member}:{day.isoformat()}"


def days_done(ctx: Ctx, source: str, member: str, *, until: date) -> set[date]:
    """The days of the year before ``until``, and that day, on which the member did what it can do once a day."""
    days = [until - timedelta(days=back) for back in range(YEAR)]
    keys = {day: (ActDone.kind, f"{source}\x1f{day_number(member, day)}") for day in days}
    found = claims.find(ctx.tx, list(keys.values()))
    return {day for day, key in keys.items() if key in found}


def streak(days: Collection[date], today: date) -> int:
    """How many days in a row there are up to today; up to yesterday, while today may still come."""
    last = today if today in days else today - timedelta(days=1)
    return next(back for back in range(len(days) + 1) if last - timedelta(days=back) not in days)
