"""From what callers give - an order with somebody's own member id, a fact - to facts, for a whole batch at once.

This is the handle behind the server's batcher: members are found or enrolled in one go, then everything is applied in one go.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from regulars.domains.loyalty.model import CouponUse, Fact, OrderPaid
from regulars.domains.loyalty.service import applying
from regulars.domains.loyalty.service.applying import Done
from regulars.domains.members import service as members
from regulars.domains.members.model import Enrolment, MemberRef
from regulars.domains.orders.model import Order
from regulars.kernel import ids, problem
from regulars.kernel.ids import HoldId, MemberId, SubjectId
from regulars.kernel.problem import Problem
from regulars.platform import batching
from regulars.platform.context import Ctx


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderGiven:
    """An order as a caller told it: ``order`` without its member, and the member's own ``external_id`` there, or our id, or neither.

    A new external id is enrolled, joined when the order was paid: an order is never lost for want of a registration.
    """

    order: Order
    external_id: str | None = None
    member_id: MemberId | None = None
    hold_id: HoldId | None = None
    coupons: tuple[CouponUse, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """Something to take, and the id of who gave it."""

    what: OrderGiven | Fact
    actor: str


def take(ctx: Ctx, items: Sequence[Given]) -> list[Done | Problem | batching.Again]:
    """One answer an item, in order; see :func:`applying.apply`. A member that cannot be enrolled refuses its own order only."""
    found = _members(ctx, [item.what for item in items if isinstance(item.what, OrderGiven)])
    answers: list[Done | Problem | batching.Again] = [batching.AGAIN] * len(items)
    facts: list[Fact] = []
    places: list[int] = []
    for place, item in enumerate(items):
        fact = _fact(item.what, found)
        if isinstance(fact, Problem):
            answers[place] = fact
        else:
            facts.append(fact)
            places.append(place)
    for place, answer in zip(places, applying.apply(ctx, facts, actors=[items[place].actor for place in places]), strict=True):
        answers[place] = answer
    return answers


def _members(ctx: Ctx, given: Sequence[OrderGiven]) -> dict[str | MemberId, MemberRef | Problem]:
    wanted = [
        Enrolment(external_id=one.external_id, joined_at=min(one.order.paid_at, ctx.now), source=one.order.source, store=one.order.store)
        for one in given
        if one.external_id is not None
    ]
    found: dict[str | MemberId, MemberRef | Problem] = {}
    if wanted:
        known = members.find_by_external(ctx, [one.external_id for one in wanted])
        new = [one for one in wanted if one.external_id not in known]
        found.update(known)
        found.update(zip([one.external_id for one in new], members.enrol_each(ctx, new), strict=True) if new else ())
    by_id = {one.member_id for one in given if one.member_id is not None}
    if by_id:
        found.update(members.refs(ctx, by_id).items())
    return found


def _fact(what: OrderGiven | Fact, found: dict[str | MemberId, MemberRef | Problem]) -> Fact | Problem:
    if not isinstance(what, OrderGiven):
        return what
    asked = what.external_id if what.external_id is not None else what.member_id
    if asked is None:
        return OrderPaid(order=what.order, coupons=what.coupons)
    ref = found.get(asked)
    if ref is None:
        return problem.NOT_FOUND(what="member", key=asked if isinstance(asked, str) else ids.encode("mbr", asked))
    if isinstance(ref, Problem):
        return ref
    order = replace(what.order, member_id=ref.member_id, subject_id=SubjectId(ref.subject_id))
    return OrderPaid(order=order, hold_id=what.hold_id, coupons=what.coupons)
