"""What a simulation is asked, what it adds up, and how a check-up looks at it. Amounts are minor units, points whole, shares basis points.

Everything that adds up is a plain sum or a bounded list, so that the parts several processes worked out merge into exactly what one
process would have found.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from regulars.domains.loyalty.model.facts import Fact
from regulars.kernel import problem
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Kind

SIMULATION = "sim"
"""What the ids of simulations begin with on the wire."""

OTHER_MONEY = problem.define(
    "simulations.currency",
    Kind.invalid,
    en="The draft settles in {given}, the programme in force in {currency}: their costs cannot be compared.",
    zh="草案以 {given} 结算，现行计划以 {currency} 结算，成本无法比较。",
)
ENDED = problem.define(
    "simulations.ended",
    Kind.conflict,
    en="The simulation {simulation} is {state}: there is nothing to cancel.",
    zh="模拟 {simulation} 的状态为 {state}，无可取消。",
)


class State(StrEnum):
    """How a simulation stands for those who watch it. ``stopping``: cancelled, and not yet at a place where it can stop."""

    queued = "queued"
    running = "running"
    stopping = "stopping"
    cancelled = "cancelled"
    failed = "failed"
    done = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """``draft`` beside ``running`` (documents), over ``sample_bp`` of the members, up to ``as_of``; flows count from ``since``.

    What happened before ``since`` is replayed as well, because tiers and balances rest on it; only what it gave is not counted.
    """

    draft: str
    draft_version: int | None
    running: str
    running_version: int
    as_of: datetime
    since: datetime | None = None
    sample_bp: int = 10_000


@dataclass(slots=True)
class Told:
    """A fact of history with what both sides ask of it: the month as year x 12 + month, the money it moved, whether it is counted."""

    fact: Fact
    month: int
    total: int
    counted: bool


@dataclass(slots=True)
class Flow:
    """One unit: what came in, what became of it, and what is there in the end (``outstanding``, less what members owe)."""

    granted: int = 0
    received: int = 0
    spent: int = 0
    expired: int = 0
    reversed: int = 0
    sent: int = 0
    outstanding: int = 0

    def add(self, other: "Flow") -> None:
        """``other`` is in here, too."""
        self.granted += other.granted
        self.received += other.received
        self.spent += other.spent
        self.expired += other.expired
        self.reversed += other.reversed
        self.sent += other.sent
        self.outstanding += other.outstanding

    @property
    def lasting(self) -> int:
        """What was granted and neither taken back nor lapsed: what members used or still can."""
        return self.granted - self.reversed - self.expired


@dataclass(slots=True)
class RuleSum:
    """One earning rule: the units it gave, in how many orders, to how many members, and what its cap cut."""

    units: int = 0
    orders: int = 0
    members: int = 0
    cut: int = 0

    def add(self, other: "RuleSum") -> None:
        """``other`` is in here, too."""
        self.units += other.units
        self.orders += other.orders
        self.members += other.members
        self.cut += other.cut


@dataclass(slots=True)
class LevelSum:
    """Orders placed on one level: how many, what they cost, the units they earned."""

    orders: int = 0
    spend: int = 0
    units: dict[str, int] = field(default_factory=dict)

    def add(self, other: "LevelSum") -> None:
        """``other`` is in here, too."""
        self.orders += other.orders
        self.spend += other.spend
        for unit, amount in other.units.items():
            self.units[unit] = self.units.get(unit, 0) + amount


@dataclass(slots=True)
class SpendBin:
    """Members whose spend lies in one narrow band: how many, what they spent, what they got for it, and how many got nothing."""

    members: int = 0
    spend: int = 0
    value: int = 0
    nothing: int = 0

    def add(self, other: "SpendBin") -> None:
        """``other`` is in here, too."""
        self.members += other.members
        self.spend += other.spend
        self.value += other.value
        self.nothing += other.nothing


Place = tuple[str, str]
"""(ladder, level)."""


@dataclass(slots=True)
class Replayed:
    """One member under one programme. ``refused`` counts facts of history that the programme would not have allowed, by kind."""

    flows: dict[str, Flow] = field(default_factory=dict)
    rules: dict[str, RuleSum] = field(default_factory=dict)
    months: dict[tuple[int, str], int] = field(default_factory=dict)
    at_level: dict[Place, LevelSum] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    value: int = 0


@dataclass(slots=True)
class Side:
    """All members under one programme. ``bins`` are keyed by spend, see ``rules.outcome.spend_bin``."""

    flows: dict[str, Flow] = field(default_factory=dict)
    rules: dict[str, RuleSum] = field(default_factory=dict)
    months: dict[tuple[int, str], int] = field(default_factory=dict)
    at_level: dict[Place, LevelSum] = field(default_factory=dict)
    levels: dict[Place, int] = field(default_factory=dict)
    bins: dict[int, SpendBin] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)


class Verdict(StrEnum):
    """How a member fares under the draft: by the value of points first, then by level; ``mixed`` when the two disagree."""

    better = "better"
    same = "same"
    worse = "worse"
    mixed = "mixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What makes most of a member's difference: a ``rule``, the points' ``worth``, what ``expired`` or was ``reversed``, or a ``tier``."""

    kind: str
    rule: str = ""
    value: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One member at an end of the scale."""

    member_id: MemberId
    spend: int
    before: int
    after: int
    levels_before: tuple[Place, ...]
    levels_after: tuple[Place, ...]
    reason: Reason

    @property
    def difference(self) -> int:
        return self.after - self.before


@dataclass(slots=True)
class Outcome:
    """Both sides and what lies between them; ``assumed`` counts by code what history could not tell."""

    members: int = 0
    buyers: int = 0
    orders: int = 0
    refunds: int = 0
    revenue: int = 0
    before: Side = field(default_factory=Side)
    after: Side = field(default_factory=Side)
    moves: dict[tuple[str, str, str], int] = field(default_factory=dict)
    verdicts: dict[Verdict, int] = field(default_factory=dict)
    differences: dict[Verdict, int] = field(default_factory=dict)
    histogram: dict[int, int] = field(default_factory=dict)
    winners: list[Example] = field(default_factory=list)
    losers: list[Example] = field(default_factory=list)
    assumed: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """A simulation on record. ``result`` is there once it is done; ``error`` says in both languages why it failed."""

    simulation_id: UUID
    ask: Ask
    job_id: int
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    result: dict[str, object] | None
    error: dict[str, str] | None
