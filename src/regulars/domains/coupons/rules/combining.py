"""The best combination of a member's coupons for a cart: the largest discount; of equals fewer coupons, then those that end first.

A depth-first search that takes or leaves one coupon after the other in the order in which they count. It leaves a branch when what its
remaining coupons can be worth at most cannot beat what was found. Docs: docs/algorithms/coupons.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from regulars.domains.coupons.model import Best, Candidate, Cart, Room
from regulars.domains.coupons.rules import applying, pricing
from regulars.domains.coupons.rules.applying import Ready, Shortfall, State

EVALUATIONS = 4_000
"""Coupons tried on a cart before the search gives what it has: tens of milliseconds, and the same answer on every machine."""

Quality = tuple[int, int, tuple[datetime, ...], tuple[UUID, ...]]


class _Bound(NamedTuple):
    """The most that coupons from one place on can take off goods and off freight."""

    goods: int
    freight: int


@dataclass(slots=True)
class _Search:
    cart: Cart
    coupons: list[Ready]
    bounds: list[_Bound]
    following: list[int]
    """Where the next lane begins, by index."""
    best: State
    quality: Quality
    evaluations: int = 0

    def offer(self, state: State) -> None:
        """Keep ``state`` when it is better than what was found."""
        found = _quality(state)
        if found < self.quality:
            self.best, self.quality = state, found

    def hopeless(self, index: int, state: State) -> bool:
        """Whether nothing from ``index`` on can make ``state`` better than what was found."""
        bound = self.bounds[index]
        most = state.discount + min(bound.goods, sum(state.left)) + min(bound.freight, state.freight)
        found = -self.quality[0]
        # Whatever is still taken makes one coupon more: with the same discount that is no better than an equal with fewer.
        return most < found or (most == found and len(state.used) + 1 > self.quality[1])


def best(candidates: Sequence[Candidate], cart: Cart, *, room: Room, evaluations: int = EVALUATIONS) -> Best:
    """The best combination, exact unless the search ran out of ``evaluations``; every coupon left out says why."""
    usable, refusals = pricing.sorted_out(candidates, cart, room)
    greedy, _ = pricing.together(usable, cart)
    search = _searching(usable, cart, first=greedy)
    exact = _run(search, evaluations)
    chosen = {coupon.candidate.held.coupon_id for coupon, _ in search.best.used}
    refusals += [(coupon.candidate, _left_out(coupon, search)) for coupon in usable if coupon.candidate.held.coupon_id not in chosen]
    return Best(priced=pricing.answered(search.best, refusals, cart), evaluations=search.evaluations, exact=exact)


def _searching(usable: Sequence[Ready], cart: Cart, *, first: State) -> _Search:
    untouched = applying.opened(cart)
    search = _Search(cart, [], [], [], first, _quality(first))
    worth: list[_Bound] = []
    for coupon in usable:
        if coupon.definition.exclusive:
            gain = applying.attempt(coupon, untouched, cart)
            if not isinstance(gain, Shortfall):
                search.offer(applying.after(coupon, gain, untouched))
            continue
        ceiling = _Bound(*applying.ceiling(coupon, cart))
        if any(ceiling):
            search.coupons.append(coupon)
            worth.append(ceiling)
    search.bounds, search.following = _bounds(search.coupons, worth)
    return search


def _bounds(coupons: Sequence[Ready], worth: Sequence[_Bound]) -> tuple[list[_Bound], list[int]]:
    """From each place on: what is the most to come, and where the next lane begins."""
    end = len(coupons)
    bounds, following = [_Bound(0, 0)] * (end + 1), [end] * end
    for i in reversed(range(end)):
        same = i + 1 < end and coupons[i + 1].rank == coupons[i].rank
        following[i] = following[i + 1] if same else i + 1
        after, own = bounds[i + 1], worth[i]
        if coupons[i].many or not same:
            bounds[i] = _Bound(after.goods + own.goods, after.freight + own.freight)
        else:
            behind = bounds[following[i]]
            bounds[i] = _Bound(max(after.goods, behind.goods + own.goods), max(after.freight, behind.freight + own.freight))
    return bounds, following


def _run(search: _Search, evaluations: int) -> bool:
    """Search until nothing is left (True) or so many coupons were tried (False)."""
    stack: list[tuple[int, State, bool]] = [(0, applying.opened(search.cart), False)]
    while stack:
        index, state, left_out = stack.pop()
        if index == len(search.coupons) or search.hopeless(index, state):
            continue
        if search.evaluations >= evaluations:
            return False
        coupon = search.coupons[index]
        stack.append((index + 1, state, True))
        if left_out and _alike(coupon, search.coupons[index - 1]):
            # The one before gives the same and ends first: leaving it and taking this one was no better.
            continue
        search.evaluations += 1
        gain = applying.attempt(coupon, state, search.cart)
        if isinstance(gain, Shortfall):
            continue
        taken = applying.after(coupon, gain, state)
        search.offer(taken)
        stack.append((index + 1 if coupon.many else search.following[index], taken, False))
    return True


def _alike(one: Ready, other: Ready) -> bool:
    return one.definition is other.definition and one.scope == other.scope


def _quality(state: State) -> Quality:
    held = [coupon.candidate.held for coupon, _ in state.used]
    return (-state.discount, len(held), tuple(sorted(h.ends for h in held)), tuple(sorted(h.coupon_id for h in held)))


def _left_out(coupon: Ready, search: _Search) -> Shortfall:
    """Why a coupon is not part of the combination, asked as if it came on top."""
    used = [other for other, _ in search.best.used]
    ways = [other for other in used if other.definition.exclusive or (coupon.definition.exclusive and used)]
    found = applying.attempt(coupon, applying.opened(search.cart), search.cart)
    if isinstance(found, Shortfall):
        return found
    if ways:
        return Shortfall("exclusive", {"with": str(ways[0].candidate.held.coupon_id)}, ways[0].definition)
    same = [other for other in used if other.rank == coupon.rank and not coupon.many]
    if same:
        return Shortfall("lane", {"with": str(same[0].candidate.held.coupon_id)}, same[0].definition)
    on_top = applying.attempt(coupon, search.best, search.cart)
    return on_top if isinstance(on_top, Shortfall) else Shortfall("not_best", {})
