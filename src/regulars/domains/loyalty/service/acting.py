"""Acts from outside: their ids, the orders they are about, and whose they were when they are taken back."""

from uuid import UUID

from regulars.domains.loyalty.model import ActDone, ActReversed
from regulars.domains.loyalty.service.quoting import EPOCH
from regulars.domains.orders import service as orders
from regulars.kernel import ids, problem
from regulars.kernel.ids import MemberId
from regulars.platform import claims
from regulars.platform.context import Ctx


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
