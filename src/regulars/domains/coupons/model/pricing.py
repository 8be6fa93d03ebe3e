"""A cart, what bounds its coupons, and what it costs with them. Amounts are minor units of the cart's currency."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from regulars.domains.coupons.model.definition import Definition, Lane
from regulars.domains.coupons.model.holding import Held
from regulars.domains.orders.model import Line
from regulars.kernel import periods
from regulars.kernel.text import Text

UsageKey = tuple[str, date]
"""(rule, first day of the period), as the caps of points are counted."""
Policy = Literal["the_rest", "all_or_nothing"]
Reason = Literal[
    "not_yet",
    "ended",
    "state",
    "control_group",
    "store",
    "condition",
    "no_line",
    "min_spend",
    "used_up",
    "sold_out",
    "budget",
    "lane",
    "exclusive",
    "per_order",
    "no_effect",
    "all_or_nothing",
    "not_best",
    "not_claimable",
    "code",
]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A coupon that is meant for the cart, and the terms it was issued under."""

    held: Held
    definition: Definition


@dataclass(frozen=True, slots=True, kw_only=True)
class Cart:
    """What is bought, before coupons. ``values`` are what conditions read of the order, the member and the time; lines are added here."""

    lines: tuple[Line, ...]
    at: datetime
    currency: str
    zone: periods.Zone
    freight: int = 0
    store: str = ""
    hold: UUID | None = None
    """The hold the cart is confirmed from: coupons reserved by it can be used."""
    lanes: tuple[Lane, ...] = ()
    """The lanes in the order in which they count; a lane that is not listed takes one coupon, after those that are."""
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What other orders left: ``usage`` of the member's limits by rule and period, the ``left`` of shared counters (one that is not named
    was never touched and is full), and whether the member is held out of incentives.
    """

    usage: Mapping[UsageKey, int] = field(default_factory=dict)
    left: Mapping[str, int] = field(default_factory=dict)
    held_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A coupon that is used: its ``parts`` of the discount by line number, what it takes off the ``freight``, and what it would have given
    had its budget sufficed (``desired``).
    """

    coupon_id: UUID
    definition: str
    lane: str
    parts: tuple[tuple[int, int], ...]
    freight: int
    desired: int

    @property
    def discount(self) -> int:
        """What the coupon costs the brand."""
        return sum(part for _, part in self.parts) + self.freight


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A coupon that is not used: why, in a word for programs and a sentence for people, and what is ``missing`` as data."""

    coupon_id: UUID | None
    definition: str
    reason: Reason
    text: Text
    missing: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """The cart with its coupons: those that are ``used`` in the order in which they count, those that are ``refused``, what is still to be
    paid of each line (``rest``) and of the ``freight``; what it takes from shared counters, and the member's ``uses`` of limits.
    """

    used: tuple[Applied, ...]
    refused: tuple[Refused, ...]
    rest: tuple[tuple[int, int], ...]
    freight: int
    taken: dict[str, int]
    uses: dict[UsageKey, int]

    @property
    def discount(self) -> int:
        """All coupons together."""
        return sum(applied.discount for applied in self.used)


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """The best combination that was found, after so many ``evaluations``; ``exact`` when there is none better."""

    priced: Priced
    evaluations: int
    exact: bool
