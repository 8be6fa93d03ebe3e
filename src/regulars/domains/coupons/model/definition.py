"""The terms of a coupon, compiled from the programme document. Amounts are minor units, rates basis points, times aware UTC."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from regulars.kernel import periods
from regulars.kernel.text import Text

Values = Mapping[str, object]
Test = Callable[[Values], bool]
Worth = Literal["spend_off", "percent", "cash", "exchange", "free_delivery"]


def name_of_room(definition: str, what: str, store: str = "") -> str:
    """The name of a counter that all members share: ``coupon:welcome:stock``, ``coupon:welcome:budget:store-7``."""
    return f"coupon:{definition}:{what}" + (f":{store}" if store else "")


@dataclass(frozen=True, slots=True)
class Step:
    """From ``threshold`` on, ``off`` is taken off."""

    threshold: int
    off: int


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``times`` in a ``period`` of the programme's zone (a kind of ``kernel.periods``)."""

    times: int
    period: periods.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The most that all coupons of a definition may cost, in all and in each store; None is no bound.

    ``when_short``: ``cut`` gives what is left of it, ``refuse`` gives nothing.
    """

    total: int | None = None
    per_store: int | None = None
    when_short: Literal["cut", "refuse"] = "cut"


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """When an issued coupon can be used: from ``delay_days`` after the issue (0: at once) for ``months`` and ``days``, through the end of
    that local day or of the ``round_to`` it lies in; never before ``start`` nor from ``until`` on. Without a span it is bounded by
    ``until`` alone.
    """

    start: datetime | None = None
    until: datetime | None = None
    delay_days: int = 0
    months: int = 0
    days: int | None = None
    round_to: periods.RoundTo | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """How members get the coupon by themselves: who may (``test``, said by ``words``), from when until when, how often, and for how many
    units of ``unit`` (``price`` 0 is free).
    """

    test: Test | None = None
    words: Text | None = None
    reads: frozenset[str] = frozenset()
    start: datetime | None = None
    until: datetime | None = None
    limit: Limit | None = None
    unit: str = ""
    price: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What a coupon is worth and what bounds it.

    ``spend_off`` takes the ``off`` of the highest of ``steps`` reached, with ``every`` as often as the only step fits; ``percent`` leaves
    ``rate_bp`` to pay; ``cash`` pays up to ``face``; ``exchange`` frees one unit, the ``pick`` of the lines, but for ``copay``;
    ``free_delivery`` pays freight. ``most`` bounds the discount of any of them. ``test`` (said by ``words``) chooses the lines when
    ``by_line``, else allows or refuses the whole order. ``given_on`` is the act that brings it, if one does.
    """

    id: str
    label: Text
    kind: Worth
    steps: tuple[Step, ...] = ()
    every: bool = False
    rate_bp: int = 10_000
    face: int = 0
    pick: Literal["cheapest", "dearest"] = "cheapest"
    copay: int = 0
    most: int | None = None
    test: Test | None = None
    words: Text | None = None
    by_line: bool = False
    reads: frozenset[str] = frozenset()
    min_spend: int = 0
    min_spend_on: Literal["scope", "order"] = "scope"
    stores: frozenset[str] = frozenset()
    validity: Validity = Validity()
    lane: str = "main"
    exclusive: bool = False
    per_order: int = 1
    limit: Limit | None = None
    stock: int | None = None
    budget: Budget = Budget()
    incentive: bool = False
    claim: Claim | None = None
    given_on: str = ""
    generic_code: str = ""
    code_uses: int | None = None
    transfers: int = 0
    on_refund: Literal["return", "never"] = "return"
    grace_days: int = 0

    def caps(self, store: str = "") -> dict[str, int]:
        """The shared counters that bound this definition in ``store``, with the most each may count to."""
        bounds = {
            name_of_room(self.id, "stock"): self.stock,
            name_of_room(self.id, "code"): self.code_uses,
            name_of_room(self.id, "budget"): self.budget.total,
        }
        if store:
            bounds[name_of_room(self.id, "budget", store)] = self.budget.per_store
        return {name: cap for name, cap in bounds.items() if cap is not None}


@dataclass(frozen=True, slots=True)
class Lane:
    """A group of coupons that are applied together, one of them or ``many``. The order of lanes is the order of discounts."""

    id: str
    many: bool = False
