"""What a member holds of every unit, and the entries that change it. Amounts are whole points; times are aware UTC.

A *lot* is keyed by unit, the instant it stops being valid, and the instant it becomes available, so that grants which lapse at
the same moment merge: ten thousand grants over a year are 365 lots at most.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import NamedTuple
from uuid import UUID

from regulars.kernel import problem
from regulars.kernel.problem import Kind

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""The expiry of a lot that does not lapse: a real date, because drivers disagree about infinity."""
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
"""The ``available_at`` of a lot that can be spent."""

INSUFFICIENT = problem.define(
    "points.insufficient",
    Kind.limit,
    en="Only {available} {unit} are available, {asked} were asked for.",
    zh="可用{unit}只有 {available}，本次需要 {asked}。",
)
HOLD_GONE = problem.define(
    "points.hold_gone",
    Kind.conflict,
    en="The hold {hold} is {state}. Ask for a new quote.",
    zh="冻结 {hold} 的状态为 {state}，请重新报价。",
)
UNIT_UNKNOWN = problem.define(
    "points.unit_unknown",
    Kind.invalid,
    en="The programme has no unit {unit}; it has {known}.",
    zh="会员计划没有单位 {unit}，现有 {known}。",
)
REDEMPTION_UNKNOWN = problem.define(
    "points.redemption_unknown",
    Kind.not_found,
    en="There is no redemption {redemption} of this member.",
    zh="该会员没有兑换 {redemption}。",
)
TRANSFER_REFUSED = problem.define(
    "points.transfer_refused",
    Kind.limit,
    en="{unit} cannot be transferred like this: {reason}.",
    zh="{unit}不能这样转赠：{reason}。",
)

LotKey = tuple[str, datetime, datetime]
"""(unit, expires_at, available_at)."""
UsageKey = tuple[str, date]
"""(rule, first day of the period)."""


class Entry(NamedTuple):
    """One line of the journal. ``amount`` is positive; the kind says which way it goes. ``ref`` is the order, hold, redemption or
    transfer it belongs to; ``why`` holds the reason's inputs, JSON-ready.
    """

    unit: str
    kind: str
    amount: int
    at: datetime
    expires_at: datetime
    available_at: datetime
    ref: UUID | None
    why: dict[str, object]


@dataclass(slots=True)
class Totals:
    """A member's running sums of one unit. ``available`` and ``pending`` are sums over lots, kept so that reads need no lots."""

    available: int = 0
    pending: int = 0
    held: int = 0
    debt: int = 0
    granted: int = 0
    received: int = 0
    spent: int = 0
    expired: int = 0
    reversed: int = 0
    sent: int = 0

    def copy(self) -> "Totals":
        return Totals(
            self.available,
            self.pending,
            self.held,
            self.debt,
            self.granted,
            self.received,
            self.spent,
            self.expired,
            self.reversed,
            self.sent,
        )

    @property
    def outstanding(self) -> int:
        """What the brand owes: spendable, pending and held, less what the member owes."""
        return self.available + self.pending + self.held - self.debt

    @property
    def conserved(self) -> bool:
        """Whether everything that came in is accounted for."""
        return self.granted + self.received == self.outstanding + self.spent + self.expired + self.reversed + self.sent


@dataclass(frozen=True, slots=True)
class Hold:
    """Points set aside for one cart until ``until``; ``parts`` remember the lots they came from: (expires_at, amount)."""

    hold_id: UUID
    unit: str
    until: datetime
    parts: tuple[tuple[datetime, int], ...]

    @property
    def amount(self) -> int:
        return sum(amount for _, amount in self.parts)


@dataclass(slots=True)
class Wallet:
    """Everything a member holds. The rules work on a copy, so that a refused fact leaves no trace."""

    lots: dict[LotKey, int] = field(default_factory=dict)
    totals: dict[str, Totals] = field(default_factory=dict)
    holds: dict[UUID, Hold] = field(default_factory=dict)
    usage: dict[UsageKey, int] = field(default_factory=dict)
    next_event: datetime = NEVER
    """No lot lapses or is released, and no hold times out, before this instant."""

    def copy(self) -> "Wallet":
        return Wallet(
            self.lots.copy(),
            {unit: totals.copy() for unit, totals in self.totals.items()},
            self.holds.copy(),
            self.usage.copy(),
            self.next_event,
        )

    def total(self, unit: str) -> Totals:
        """The sums of ``unit``; zeros, kept nowhere, when the member never had any."""
        return self.totals.get(unit) or Totals()

    def opened(self, unit: str) -> Totals:
        """The sums of ``unit`` to be changed."""
        found = self.totals.get(unit)
        if found is None:
            found = self.totals[unit] = Totals()
        return found
