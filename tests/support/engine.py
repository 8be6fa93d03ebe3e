"""The pure engine as a small machine: facts in, one member's standing and journal out; for rules tests without a database."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from regulars.domains.loyalty.model import (
    Decision,
    Fact,
    HoldCancelled,
    HoldPlaced,
    LinesRefunded,
    OrderPaid,
    PointsAdjusted,
    PointsRedeemed,
    Programme,
    RedemptionCancelled,
    Standing,
    TimePassed,
)
from regulars.domains.loyalty.rules import decide as rules
from regulars.domains.orders import rules as orders
from regulars.domains.orders.model import Line, Refund, Refunded, RefundLine
from regulars.domains.points import rules as points
from regulars.domains.points.model import Entry, Wallet
from regulars.kernel import ids
from regulars.kernel.ids import HoldId, MemberId, OrderId, RefundId, SubjectId
from tests.support import factories

MEMBER = MemberId(UUID(int=7))


@dataclass
class Machine:
    """One member under one programme; each verb decides a fact, keeps the decision, and returns it."""

    programme: Programme
    now: datetime = factories.NOON
    held_out: bool = False
    member: MemberId = MEMBER
    entries: list[Entry] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    orders: dict[str, Refunded] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.standing = Standing(self.member, 0, 0, self.now, self.now, self.held_out, {})
        self.opened = self.standing.copy()

    def take(self, fact: Fact) -> Decision:
        """Decide ``fact`` and go on from there. A refusal raises and changes nothing."""
        decision = rules.decide(self.programme, self.standing, fact)
        decision.standing.remember(decision.entries)
        self.standing = decision.standing
        self.entries += decision.entries
        self.facts.append(fact)
        return decision

    def order(self, number: str, *lines: Line, at: datetime | None = None, hold: UUID | None = None, **more: object) -> Decision:
        """Pay an order."""
        made = factories.order(self.member, number, lines, at=at or self.now, **more)  # type: ignore[arg-type]  # tests pass fields by name
        decision = self.take(OrderPaid(order=made, hold_id=HoldId(hold) if hold else None))
        self.orders[number] = Refunded(made, {}, 0)
        return decision

    def refund(self, number: str, *lines: tuple[int, int], refund: str = "r", at: datetime | None = None) -> Decision:
        """Refund (line, amount) pairs of order ``number``. Raises what the orders' own rules refuse."""
        state = self.orders[number]
        made = Refund(
            refund_id=RefundId(ids.derived(self.now, "refund", number, refund)),
            subject_id=SubjectId(self.member),
            member_id=self.member,
            source="shop",
            number=refund,
            refunded_at=at or self.now,
            currency="GBP",
            order_id=OrderId(state.order.order_id),
            order_number=number,
            lines=tuple(RefundLine(no, amount) for no, amount in lines),
        )
        refusal = orders.refusal(state, made)
        if refusal:
            raise refusal
        decision = self.take(LinesRefunded(refund=made, state=state))
        self.orders[number] = orders.refunded_after(state, made)
        return decision

    def redeem(self, points_: int, ref: int = 1) -> Decision:
        return self.take(PointsRedeemed(member_id=self.member, at=self.now, ref=UUID(int=ref), unit="points", points=points_))

    def cancel_redemption(self, ref: int = 1) -> Decision:
        return self.take(RedemptionCancelled(member_id=self.member, at=self.now, ref=UUID(int=ref)))

    def hold(self, points_: int, ref: int = 1, minutes: int = 15) -> Decision:
        until = self.now + timedelta(minutes=minutes)
        return self.take(HoldPlaced(member_id=self.member, at=self.now, ref=UUID(int=ref), unit="points", points=points_, until=until))

    def cancel_hold(self, ref: int = 1) -> Decision:
        return self.take(HoldCancelled(member_id=self.member, at=self.now, ref=UUID(int=ref)))

    def adjust(self, points_: int, ref: int = 1) -> Decision:
        return self.take(
            PointsAdjusted(member_id=self.member, at=self.now, ref=UUID(int=ref), unit="points", points=points_, reason="test")
        )

    def wait(self, **by: float) -> Decision:
        """Move the clock and let the time pass."""
        self.now += timedelta(**by)
        return self.take(TimePassed(member_id=self.member, at=self.now))

    @property
    def points(self) -> int:
        return self.standing.wallet.total("points").available

    def lots(self, unit: str = "points") -> list[tuple[str, int]]:
        """(expiry in UTC, amount) of the unit's lots, soonest first."""
        return sorted((key[1].isoformat(), amount) for key, amount in self.standing.wallet.lots.items() if key[0] == unit)

    def folded(self) -> Wallet:
        """The wallet that the journal alone gives."""
        wallet = Wallet()
        for entry in self.entries:
            if entry.kind != "tier":
                points.post(wallet, entry)
        return wallet

    def check(self) -> None:
        """Every invariant of architecture.md that one member can break."""
        folded = self.folded()
        assert folded.lots == self.standing.wallet.lots
        assert folded.totals == self.standing.wallet.totals
        assert folded.holds == self.standing.wallet.holds
        assert folded.usage == self.standing.wallet.usage
        for totals in self.standing.wallet.totals.values():
            assert totals.conserved
            assert min(totals.available, totals.pending, totals.held, totals.debt, totals.spent, totals.expired, totals.reversed) >= 0
        assert all(amount > 0 for amount in self.standing.wallet.lots.values())

    def replayed(self) -> "Machine":
        """The same facts decided once more from the beginning."""
        again = Machine(self.programme, now=self.opened.joined_at, held_out=self.held_out, member=self.member)
        for fact in self.facts:
            again.take(replace(fact))
        return again
