"""What a cart costs with the coupons it is given. Lanes decide the order, never the order in which coupons came.

Docs: docs/algorithms/coupons.md works an example.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

from regulars.domains.coupons.model import Candidate, Cart, Policy, Priced, Refused, Room
from regulars.domains.coupons.rules import applying, reasons
from regulars.domains.coupons.rules.applying import Gain, Ready, Shortfall, State

Refusals = list[tuple[Candidate, Shortfall]]


def price(candidates: Sequence[Candidate], cart: Cart, *, room: Room, policy: Policy = "the_rest") -> Priced:
    """The cart with these coupons: those that can be used are, and each other one says why not.

    In a lane that takes one, the one that takes off most is used; a coupon that stands alone is used when it takes off more than the others
    together. With ``all_or_nothing`` one refusal refuses all.
    """
    usable, refusals = sorted_out(candidates, cart, room)
    state, more = together(usable, cart)
    refusals += more
    if refusals and policy == "all_or_nothing":
        refusals += [(coupon.candidate, Shortfall("all_or_nothing", {})) for coupon, _ in state.used]
        state = applying.opened(cart)
    return answered(state, refusals, cart)


def sorted_out(candidates: Sequence[Candidate], cart: Cart, room: Room) -> tuple[list[Ready], Refusals]:
    """The coupons that other coupons and sums decide about, in the order in which they count, and those that cannot be used at all."""
    usable: list[Ready] = []
    refusals: Refusals = []
    for candidate in applying.distinct(candidates):
        found = applying.ready(candidate, cart, room)
        if isinstance(found, Shortfall):
            refusals.append((candidate, found))
        else:
            usable.append(found)
    return sorted(usable, key=lambda coupon: coupon.key), refusals


def together(usable: Sequence[Ready], cart: Cart) -> tuple[State, Refusals]:
    """The cart after all of them that can be combined, lane by lane, and why the others are not used."""
    plain = [coupon for coupon in usable if not coupon.definition.exclusive]
    state, refusals = _lanes(plain, cart)
    single: State | None = None
    alone: Refusals = []
    for coupon in usable:
        if coupon.definition.exclusive:
            after, short = _one(coupon, cart)
            alone += short
            if after is not None and (single is None or after.discount > single.discount):
                single = after
    if single is None:
        return state, refusals + alone
    if single.discount <= state.discount:
        winner = state.used[0][0]
    else:
        state, winner = single, single.used[0][0]
        refusals = [refusal for coupon in plain for refusal in _one(coupon, cart)[1]]
    settled = {candidate.held.coupon_id for candidate, _ in (*refusals, *alone)} | {c.candidate.held.coupon_id for c, _ in state.used}
    shadowed = [coupon for coupon in usable if coupon.candidate.held.coupon_id not in settled]
    return state, refusals + alone + [
        (coupon.candidate, Shortfall("exclusive", {"with": _id(winner)}, winner.definition)) for coupon in shadowed
    ]


def _one(coupon: Ready, cart: Cart) -> tuple[State | None, Refusals]:
    """The cart with this coupon alone."""
    state = applying.opened(cart)
    gain = applying.attempt(coupon, state, cart)
    if isinstance(gain, Shortfall):
        return None, [(coupon.candidate, gain)]
    return applying.after(coupon, gain, state), []


def _lanes(plain: Sequence[Ready], cart: Cart) -> tuple[State, Refusals]:
    state, refusals = applying.opened(cart), list[tuple[Candidate, Shortfall]]()
    for _, group in groupby(plain, key=lambda coupon: coupon.rank):
        state = _lane(list(group), state, cart, refusals=refusals)
    return state, refusals


def _lane(coupons: list[Ready], state: State, cart: Cart, *, refusals: Refusals) -> State:
    if coupons[0].many:
        for coupon in coupons:
            gain = applying.attempt(coupon, state, cart)
            if isinstance(gain, Shortfall):
                refusals.append((coupon.candidate, gain))
            else:
                state = applying.after(coupon, gain, state)
        return state
    gains: list[tuple[Ready, Gain]] = []
    for coupon in coupons:
        found = applying.attempt(coupon, state, cart)
        if isinstance(found, Shortfall):
            refusals.append((coupon.candidate, found))
        else:
            gains.append((coupon, found))
    if not gains:
        return state
    winner, gain = min(gains, key=lambda pair: (-pair[1].amount, pair[0].candidate.held.ends, pair[0].candidate.held.coupon_id))
    refusals += [(c.candidate, Shortfall("lane", {"with": _id(winner)}, winner.definition)) for c, _ in gains if c is not winner]
    return applying.after(winner, gain, state)


def _id(coupon: Ready) -> str:
    return str(coupon.candidate.held.coupon_id)


def answered(state: State, refusals: Iterable[tuple[Candidate, Shortfall]], cart: Cart) -> Priced:
    """What the caller is told."""
    said: list[Refused] = [reasons.refused(candidate, short, cart) for candidate, short in refusals]
    return Priced(
        used=tuple(applying.applied(coupon, gain, cart) for coupon, gain in state.used),
        refused=tuple(sorted(said, key=lambda each: str(each.coupon_id))),
        rest=tuple((line.no, left) for line, left in zip(cart.lines, state.left, strict=True)),
        freight=state.freight,
        taken=state.taken,
        uses=state.uses,
    )
