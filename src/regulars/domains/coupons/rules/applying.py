"""One coupon on what other coupons left of a cart. ``ceiling`` says what it can be worth at most, whatever was used before it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, assert_never
from uuid import UUID

from regulars.domains.coupons.model import Applied, Candidate, Cart, Definition, Limit, Reason, Room, UsageKey
from regulars.domains.orders.model import Line
from regulars.kernel import money, periods

_RANK = {"exchange": 0, "spend_off": 1, "percent": 2, "cash": 3, "free_delivery": 4}
"""The order of kinds in a lane that takes many: goods that become free first, then what depends on a sum, then money, freight last."""


class Shortfall(NamedTuple):
    """Why a coupon is not used, and the data behind it; ``other`` are the terms of the coupon in its way."""

    reason: Reason
    missing: dict[str, object]
    other: Definition | None = None


class Ready(NamedTuple):
    """A coupon that nothing but other coupons and sums can keep from the cart, with all that stays the same while others come and go:
    the indices of the lines it counts on, what a unit of each costs, what the room leaves of its budgets, and of its limit.
    """

    candidate: Candidate
    definition: Definition
    scope: tuple[int, ...]
    units: tuple[int, ...]
    rank: tuple[int, str]
    many: bool
    budgets: tuple[tuple[str, int], ...]
    usage: UsageKey | None
    used: int

    @property
    def key(self) -> tuple[object, ...]:
        """What decides the order of coupons; nothing in it depends on the order in which they were given. Alike ones are neighbours."""
        held = self.candidate.held
        return (self.rank, _RANK[self.definition.kind], held.definition, held.version, held.ends, held.coupon_id)


class Gain(NamedTuple):
    """What a coupon takes off: of each line of its scope, and of the freight; ``desired`` before its budget cut it."""

    parts: tuple[int, ...]
    freight: int
    desired: int

    @property
    def amount(self) -> int:
        return sum(self.parts) + self.freight


@dataclass(slots=True)
class State:
    """What is left of the cart, of each line by index, and what was used so far."""

    left: list[int]
    freed: list[int]
    """Units of each line that exchange coupons made free."""
    freight: int
    discount: int = 0
    used: tuple[tuple[Ready, Gain], ...] = ()
    taken: dict[str, int] = field(default_factory=dict)
    uses: dict[UsageKey, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


def opened(cart: Cart) -> State:
    """The cart before any coupon."""
    return State([max(0, line.payable) for line in cart.lines], [0] * len(cart.lines), cart.freight)


def ready(candidate: Candidate, cart: Cart, room: Room) -> Ready | Shortfall:
    """The coupon with its lines chosen, or what keeps it from this cart whatever else is in it."""
    definition = candidate.definition
    short = _out_of_time(candidate, cart)
    if short is not None:
        return short
    if definition.incentive and room.held_out:
        return Shortfall("control_group", {})
    if definition.stores and cart.store not in definition.stores:
        return Shortfall("store", {"store": cart.store, "stores": sorted(definition.stores)})
    if not cart.lines:
        return Shortfall("no_effect", {})
    scope = _scope(definition, cart)
    if not scope:
        return Shortfall("no_line" if definition.by_line else "condition", {})
    rank = next((i for i, lane in enumerate(cart.lanes) if lane.id == definition.lane), len(cart.lanes))
    many = rank < len(cart.lanes) and cart.lanes[rank].many
    caps = definition.caps(cart.store).items()
    budgets = tuple((name, max(0, room.left.get(name, cap))) for name, cap in caps if ":budget" in name)
    limit = definition.limit
    usage = usage_key(definition, "use", limit, at=cart.at, zone=cart.zone) if limit else None
    units = tuple(price_of_unit(cart.lines[i]) for i in scope)
    used = room.usage.get(usage, 0) if usage else 0
    return Ready(candidate, definition, scope, units, (rank, definition.lane), many, budgets, usage, used)


def _out_of_time(candidate: Candidate, cart: Cart) -> Shortfall | None:
    held = candidate.held
    if held.state == "reserved" and cart.hold is not None and held.ref == cart.hold:
        # The hold was a promise: what was priced inside the coupon's time is paid with it, also when it ends meanwhile.
        return None
    if held.state != "issued":
        return Shortfall("state", {"state": held.state})
    if cart.at < held.starts:
        return Shortfall("not_yet", {"starts": held.starts.isoformat()})
    if cart.at >= held.ends:
        return Shortfall("ended", {"ends": held.ends.isoformat()})
    return None


def _scope(definition: Definition, cart: Cart) -> tuple[int, ...]:
    test = definition.test
    if test is None:
        return tuple(range(len(cart.lines)))
    values = dict(cart.values)
    if not definition.by_line:
        return tuple(range(len(cart.lines))) if test(values) else ()
    chosen = []
    for index, line in enumerate(cart.lines):
        values["line.product"] = line.product
        values["line.category"] = line.category
        values["line.amount"] = line.payable
        values["line.quantity"] = line.quantity
        if test(values):
            chosen.append(index)
    return tuple(chosen)


def attempt(coupon: Ready, state: State, cart: Cart) -> Gain | Shortfall:
    """What the coupon takes off what is left, or why it takes nothing."""
    definition, left = coupon.definition, state.left
    short = _limited(coupon, state)
    if short is not None:
        return short
    base = sum([left[i] for i in coupon.scope])
    counted = base if definition.min_spend_on == "scope" else sum(left)
    if counted < definition.min_spend:
        return _spend(definition.min_spend, counted, definition.min_spend_on)
    if definition.kind == "spend_off" and base < definition.steps[0].threshold:
        return _spend(definition.steps[0].threshold, base, "scope")
    if definition.kind == "free_delivery":
        weights, available = [], state.freight
    else:
        weights = _freed(coupon, state, cart) if definition.kind == "exchange" else [left[i] for i in coupon.scope]
        available = sum(weights)
    desired = min(_worth(definition, base, available), available)
    if definition.most is not None:
        desired = min(desired, definition.most)
    if desired <= 0:
        return Shortfall("no_effect", {})
    return _within_budget(coupon, state, desired, weights=weights)


def _limited(coupon: Ready, state: State) -> Shortfall | None:
    definition = coupon.definition
    if state.counts.get(definition.id, 0) >= definition.per_order:
        return Shortfall("per_order", {"most": definition.per_order})
    if definition.limit is None or coupon.usage is None:
        return None
    used = coupon.used + state.uses.get(coupon.usage, 0)
    if used < definition.limit.times:
        return None
    return Shortfall("used_up", {"used": used, "times": definition.limit.times, "period": definition.limit.period})


def usage_key(definition: Definition, what: str, limit: Limit, *, at: datetime, zone: periods.Zone) -> UsageKey:
    """The counter of one member that ``limit`` is checked against: of ``use`` or ``claim``, in the period that holds ``at``."""
    return f"coupon:{definition.id}:{what}", periods.local_date(periods.period_start(at, limit.period, zone), zone)


def _spend(least: int, counted: int, on: str) -> Shortfall:
    return Shortfall("min_spend", {"least": least, "counted": counted, "more": least - counted, "on": on})


def price_of_unit(line: Line) -> int:
    """What one unit of the line costs before coupons, rounded down."""
    return max(0, line.payable) // max(1, line.quantity)


def _freed(coupon: Ready, state: State, cart: Cart) -> list[int]:
    """What a free unit takes off each line of the scope: of the cheapest or dearest that is not a gift and still has a unit to give, the
    first of equals; of no other.
    """
    sign = 1 if coupon.definition.pick == "cheapest" else -1
    choices = [
        (sign * unit, i)
        for i, unit in zip(coupon.scope, coupon.units, strict=True)
        if unit and state.freed[i] < max(1, cart.lines[i].quantity)
    ]
    if not choices:
        return [0] * len(coupon.scope)
    unit, chosen = min(choices)
    off = max(0, min(sign * unit - coupon.definition.copay, state.left[chosen]))
    return [off if i == chosen else 0 for i in coupon.scope]


def ceiling(coupon: Ready, cart: Cart) -> tuple[int, int]:
    """The most the coupon can take off goods and off freight after any other coupons; (0, 0) when it can never be used.

    Sums only fall and limits only fill, so that what fails on the untouched cart fails for good. Two things do not fall: another exchange
    coupon may leave a dearer unit as the cheapest, and a smaller discount may fit into a budget that refused a larger one.
    """
    definition, untouched = coupon.definition, opened(cart)
    found = attempt(coupon, untouched, cart)
    if isinstance(found, Shortfall) and found.reason not in ("no_effect", "budget"):
        return 0, 0
    bounds = [_budget_left(coupon, untouched)] + [definition.most] * (definition.most is not None)
    if definition.kind == "free_delivery":
        return 0, min(untouched.freight, *[bound for bound in bounds if bound is not None])
    if definition.kind == "exchange":
        goods = max(0, *[unit - definition.copay for unit in coupon.units])
    else:
        base = sum([untouched.left[i] for i in coupon.scope])
        goods = min(_worth(definition, base, base), base)
    return min(goods, *[bound for bound in bounds if bound is not None]), 0


def _budget_left(coupon: Ready, state: State) -> int:
    """What the coupon's budgets still allow."""
    return min([max(0, left - state.taken.get(name, 0)) for name, left in coupon.budgets], default=money.MAX_MINOR)


def _worth(definition: Definition, base: int, available: int) -> int:
    match definition.kind:
        case "spend_off":
            first = definition.steps[0]
            if definition.every:
                return first.off * (base // first.threshold)
            return next(step.off for step in reversed(definition.steps) if step.threshold <= base)
        case "percent":
            return money.mul_bp(base, money.BASIS_POINTS - definition.rate_bp)
        case "cash":
            return definition.face
        case "exchange" | "free_delivery":
            return available
        case _:
            assert_never(definition.kind)


def _within_budget(coupon: Ready, state: State, desired: int, *, weights: Sequence[int]) -> Gain | Shortfall:
    definition = coupon.definition
    granted = min(desired, _budget_left(coupon, state)) if coupon.budgets else desired
    if granted < desired and (definition.budget.when_short == "refuse" or not granted):
        return Shortfall("budget", {"desired": desired, "left": granted})
    if definition.kind == "free_delivery":
        return Gain((0,) * len(coupon.scope), granted, desired)
    return Gain(tuple(money.split(granted, weights)), 0, desired)


def after(coupon: Ready, gain: Gain, state: State) -> State:
    """The cart with the coupon used; ``state`` stays as it was."""
    definition, amount = coupon.definition, gain.amount
    left, freed = state.left.copy(), state.freed
    for index, part in zip(coupon.scope, gain.parts, strict=True):
        left[index] -= part
    if definition.kind == "exchange":
        freed = freed.copy()
        freed[next(index for index, part in zip(coupon.scope, gain.parts, strict=True) if part)] += 1
    taken, uses = state.taken, state.uses
    if coupon.budgets:
        taken = {**taken, **{name: taken.get(name, 0) + amount for name, _ in coupon.budgets}}
    if coupon.usage is not None:
        uses = {**uses, coupon.usage: uses.get(coupon.usage, 0) + 1}
    counts = {**state.counts, definition.id: state.counts.get(definition.id, 0) + 1}
    used = (*state.used, (coupon, gain))
    return State(left, freed, state.freight - gain.freight, state.discount + amount, used, taken, uses, counts)


def applied(coupon: Ready, gain: Gain, cart: Cart) -> Applied:
    """The coupon as it is answered: only lines that it takes something off."""
    parts = tuple((cart.lines[i].no, part) for i, part in zip(coupon.scope, gain.parts, strict=True) if part)
    definition = coupon.definition
    return Applied(
        coupon_id=coupon.candidate.held.coupon_id,
        definition=definition.id,
        lane=definition.lane,
        parts=parts,
        freight=gain.freight,
        desired=gain.desired,
    )


def distinct(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates by id, each once: a coupon that is given twice counts once."""
    by_id: dict[UUID, Candidate] = {candidate.held.coupon_id: candidate for candidate in candidates}
    return [by_id[coupon_id] for coupon_id in sorted(by_id)]
