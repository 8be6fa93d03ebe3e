"""Commands that a second person approved: carried out in the approval's own transaction, checked again against the state of now."""

from typing import Any
from uuid import UUID

from regulars.domains.loyalty import service
from regulars.domains.loyalty.model import PointsAdjusted
from regulars.domains.members import service as members
from regulars.kernel import ids, problem
from regulars.kernel.problem import Problem
from regulars.platform import batching
from regulars.platform.context import Ctx

ADJUST = "points.adjust"
"""The kind of an approval that asks for an adjustment; its payload: member, unit, points, reason, and key, the caller's own."""


def adjust(ctx: Ctx, payload: dict[str, Any]) -> dict[str, Any]:
    """The adjustment is made. Raises what refuses it, ``input.invalid`` for a payload that is none, ``unavailable`` after a lost race."""
    for name, kind in (("member", str), ("unit", str), ("points", int), ("reason", str), ("key", str)):
        if type(payload.get(name)) is not kind:
            raise problem.invalid(f"payload.{name}", payload.get(name), f"{'a whole number' if kind is int else 'text'}")
    ref = members.get_ref(ctx, payload["member"])
    fact = PointsAdjusted(
        member_id=ref.member_id,
        at=ctx.now,
        ref=_id(payload["key"]),
        unit=payload["unit"],
        points=payload["points"],
        reason=payload["reason"],
    )
    (answer,) = service.apply(ctx, [fact])
    if isinstance(answer, Problem):
        raise answer
    if isinstance(answer, batching.Again):
        raise problem.UNAVAILABLE()
    return {"member": ids.encode("mbr", ref.member_id), "points": payload["points"]}


def _id(key: str) -> UUID:
    return ids.derived(service.EPOCH, "approved", key)
