"""Adjustments that one person may not make alone: asked for once by their key, made when a second person approves."""

import hashlib
from dataclasses import dataclass

import orjson

from regulars.domains.loyalty.service import publishing
from regulars.domains.members import service as members
from regulars.domains.members.model import PREFIX
from regulars.domains.operators import service as operators
from regulars.domains.operators.model import Approval
from regulars.kernel import ids, problem
from regulars.kernel.ids import MemberId
from regulars.platform import claims
from regulars.platform.claims import Claim
from regulars.platform.context import Ctx

KIND = "points.adjust"
"""The approval's kind, and the permission that asking and approving take."""
CLAIM = "adjustment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """So many units given (positive) or taken (negative), for a reason; ``key`` is the caller's own and names the wish."""

    member_id: MemberId
    unit: str
    points: int
    reason: str
    key: str


def ask(ctx: Ctx, wish: Wish) -> tuple[Approval, bool]:
    """The adjustment waits for a second person; returns the request and whether the same key had asked for it before.

    Needs ``points.adjust``. Raises ``points.unit_unknown``, ``members.…`` for an unknown member, ``idempotency.conflict`` when the key
    asked for something else.
    """
    ctx.require(KIND)
    publishing.programmes(ctx).at(ctx.now).unit(wish.unit)
    members.get_member(ctx, wish.member_id)
    key = f"{ctx.actor.id}\x1f{wish.key}"
    payload = {
        "member": ids.encode(PREFIX, wish.member_id),
        "unit": wish.unit,
        "points": wish.points,
        "reason": wish.reason,
        # The executor names the adjustment by this key alone, so it says whose it is.
        "key": f"{ctx.actor.id}:{wish.key}",
    }
    body = hashlib.sha256(orjson.dumps(payload, option=orjson.OPT_SORT_KEYS)).digest()
    before = claims.find(ctx.tx, [(CLAIM, key)]).get((CLAIM, key))
    if before is None:
        asked = operators.ask(ctx, kind=KIND, payload=payload, reason=wish.reason)
        if not claims.take(ctx.tx, [Claim(CLAIM, key, body_hash=body, ref=asked.approval_id)]):
            return asked, False
        # The same wish came twice at once; what this call has written goes with its transaction, and the caller tries again.
        raise problem.UNAVAILABLE()
    if before.body_hash != body or before.ref is None:
        raise problem.KEY_REUSED(key=wish.key)
    return operators.get_approval(ctx, before.ref), True
