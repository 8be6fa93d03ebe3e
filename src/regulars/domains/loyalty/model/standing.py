"""A member's standing, and the decision a fact leads to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from regulars.domains.benefits.model import Use
from regulars.domains.coupons.model import Held
from regulars.domains.loyalty.model.facts import FollowUp
from regulars.domains.loyalty.model.programme import MAIN
from regulars.domains.points.model import Entry, Wallet
from regulars.domains.rewards.model import RewardOrder
from regulars.domains.tiers.model import TierStanding
from regulars.kernel.ids import MemberId

REMEMBERED = ("grant", "spend", "confirm", "restore", "reverse", "arrive", "use", "deduct", "owe")
"""The kinds of entries that a later refund, reversal or cancellation refers to."""


@dataclass(slots=True)
class Standing:
    """Where a member stands. The engine decides on a copy; ``version`` counts recorded batches and guards the write, ``seq`` counts
    decisions. ``coupons`` are those in hand, ``reward_orders`` and ``uses`` of benefits those that the batch is about. ``history`` holds
    journal entries by what they belong to, loaded when a refund or a cancellation needs them.
    """

    member_id: MemberId
    version: int
    seq: int
    as_of: datetime
    joined_at: datetime
    held_out: bool
    tiers: dict[str, TierStanding]
    orders: int = 0
    spend: int = 0
    first_order_at: datetime | None = None
    last_order_at: datetime | None = None
    wallet: Wallet = field(default_factory=Wallet)
    coupons: dict[UUID, Held] = field(default_factory=dict)
    reward_orders: dict[UUID, RewardOrder] = field(default_factory=dict)
    uses: dict[UUID, Use] = field(default_factory=dict)
    history: dict[UUID, list[Entry]] = field(default_factory=dict)

    @property
    def tier(self) -> TierStanding:
        """Where the member stands on the main ladder."""
        return self.tiers[MAIN]

    def copy(self) -> "Standing":
        return self._with(self.wallet.copy(), self.history)

    def fork(self) -> "Standing":
        """Where a batch begins to decide: the same standing with a history of its own. Every decision copies the wallet anyway."""
        return self._with(self.wallet, {ref: list(entries) for ref, entries in self.history.items()})

    def _with(self, wallet: Wallet, history: dict[UUID, list[Entry]]) -> "Standing":
        # By position and not by dataclasses.replace, which costs five times as much: two are made for every fact.
        return Standing(
            self.member_id,
            self.version,
            self.seq,
            self.as_of,
            self.joined_at,
            self.held_out,
            self.tiers.copy(),
            self.orders,
            self.spend,
            self.first_order_at,
            self.last_order_at,
            wallet,
            self.coupons.copy(),
            self.reward_orders.copy(),
            self.uses.copy(),
            history,
        )

    def remember(self, entries: list[Entry]) -> None:
        """Keep the entries of an accepted decision that later facts refer to. Copies share the history, so that deciding stays
        cheap; only who accepts a decision calls this.
        """
        for entry in entries:
            if entry.ref is not None and entry.kind in REMEMBERED:
                self.history.setdefault(entry.ref, []).append(entry)


@dataclass(slots=True)
class Exposure:
    """A moment at which an incentive applied to the member: granted, or withheld because the member is held out.

    ``rule`` is the earning rule, or the coupon where ``kind`` says so; ``desired`` is in units, or coupons.
    """

    rule: str
    desired: int
    kind: str = "rule"

    @property
    def what(self) -> str:
        """Its name in the log of exposures."""
        return f"{self.kind}:{self.rule}"


@dataclass(slots=True)
class Decision:
    """What the platform does about a fact: the standing after it, the journal entries that lead there, the caller's answer.

    ``room``: what was left in shared counters (budgets, stocks); ``taken``: what the decision takes of those it looked at, below zero
    when it gives back.
    """

    standing: Standing
    entries: list[Entry]
    answer: dict[str, object]
    programme: int
    follow_up: FollowUp | None = None
    exposures: list[Exposure] = field(default_factory=list)
    room: Mapping[str, int] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)
