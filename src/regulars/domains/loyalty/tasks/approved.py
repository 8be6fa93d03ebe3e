"""Commands that a second person approved: carried out in the approval's own transaction, checked again against the state of now."""

from collections.abc import Mapping

from regulars.domains.loyalty import service
from regulars.domains.loyalty.model import PointsAdjusted
from regulars.domains.members import service as members
from regulars.kernel import ids, problem
from regulars.kernel.problem import Problem
from regulars.platform import batching
from regulars.platform.context import Ctx

ADJUST = "points.adjust"
"""The kind of an approval that asks for an adjustment; its payload: member, unit, points, reason, and key, the caller's own."""


def adjust(ctx: Ctx, payload: Mapping[str, object]) -> Mapping[str, object]:
    """The adjustment is made. Raises what refuses it, ``input.invalid`` for a payload that is none, ``unavailable`` after a lost race."""
    points = payload.get("points")
    if type(points) is not int:
        raise problem.invalid("payload.points", points, "a whole number")
    ref = members.get_ref(ctx, _text(payload, "member"))
    fact = PointsAdjusted(
        member_id=ref.member_id,
        at=ctx.now,
        ref=ids.derived(service.EPOCH, "approved", _text(payload, "key")),
        unit=_text(payload, "unit"),
        points=points,
        reason=_text(payload, "reason"),
    )
    (answer,) = service.apply(ctx, [fact])
    if isinstance(answer, Problem):
        raise answer
    if isinstance(answer, batching.Again):
        raise problem.UNAVAILABLE()
    return {"member": ids.encode("mbr", ref.member_id), "points": points}


def _text(payload: Mapping[str, object], name: str) -> str:
    value = payload.get(name)
    if not isinstance(value, str):
        raise problem.invalid(f"payload.{name}", value, "text")
    return value
