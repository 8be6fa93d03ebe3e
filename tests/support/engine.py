"""The pure engine as a small machine: facts in, one member's standing and journal out; for rules tests without a database."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from regulars.domains.coupons.model import Held
from regulars.domains.loyalty.model import (
    ActDone,
    ActReversed,
    BenefitReversed,
    BenefitUsed,
    CouponGiven,
    CouponUse,
    Decision,
    Fact,
    HoldCancelled,
    HoldPlaced,
    LevelGiven,
    LevelsReassessed,
    LinesRefunded,
    OrderPaid,
    PointsAdjusted,
    PointsRedeemed,
    Programme,
    RedemptionCancelled,
    RewardMoved,
    RewardOrdered,
    Standing,
    TimePassed,
    ValueLoaded,
)
from regulars.domains.loyalty.rules import decide as rules
from regulars.domains.loyalty.rules import goods, passing
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
    """One member under one programme; each verb decides a fact, keeps the decision, and returns it. ``taken`` is what the member and
    whoever else a test speaks for have taken of the counters that all members share.
    """

    programme: Programme
    now: datetime = factories.NOON
    held_out: bool = False
    member: MemberId = MEMBER
    entries: list[Entry] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    under: list[Programme] = field(default_factory=list)
    taken: dict[str, int] = field(default_factory=dict)
    orders: dict[str, Refunded] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.standing = Standing(self.member, 0, 0, self.now, self.now, self.held_out, {})
        passing.advance(self.programme, self.standing, self.now)
        self.opened = self.standing.copy()

    def take(self, fact: Fact) -> Decision:
        """Decide ``fact`` and go on from there. A refusal raises and changes nothing."""
        decision = rules.decide(self.programme, self.standing, fact, room=self.room)
        decision.standing.remember(decision.entries)
        self.standing = decision.standing
        self.entries += decision.entries
        self.facts.append(fact)
        self.under.append(self.programme)
        for name, amount in decision.taken.items():
            self.taken[name] = self.taken.get(name, 0) + amount
        return decision

    @property
    def room(self) -> dict[str, int]:
        """What is left in the shared counters."""
        return {name: limit - self.taken.get(name, 0) for name, limit in self.programme.limits.items()}

    def order(
        self,
        number: str,
        *lines: Line,
        at: datetime | None = None,
        hold: UUID | None = None,
        coupons: tuple[CouponUse, ...] = (),
        **more: object,
    ) -> Decision:
        """Pay an order."""
        made = factories.order(self.member, number, lines, at=at or self.now, **more)  # type: ignore[arg-type]  # tests pass fields by name
        decision = self.take(OrderPaid(order=made, hold_id=HoldId(hold) if hold else None, coupons=coupons))
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

    def act(self, act: str, ref: int = 1, *, order: str = "", at: datetime | None = None, **more: object) -> Decision:
        """The member does something besides buying, maybe about an order."""
        order_id = self.orders[order].order.order_id if order else None
        done = ActDone(
            member_id=self.member,
            at=at or self.now,
            ref=UUID(int=ref),
            act=act,
            source="test",
            number=str(ref),
            order_id=order_id,
            **more,  # type: ignore[arg-type]  # tests pass fields by name
        )
        return self.take(done)

    def reverse_act(self, ref: int = 1) -> Decision:
        return self.take(ActReversed(member_id=self.member, at=self.now, ref=UUID(int=ref), reason="test"))

    def coupon(self, definition: str, ref: int = 1, *, source: str = "gift", code: str = "") -> Decision:
        """Give or claim a coupon; its id is ``ref``."""
        return self.take(
            CouponGiven(member_id=self.member, at=self.now, ref=UUID(int=ref), definition=definition, source=source, code=code)
        )

    def reward(self, reward: str, ref: int = 1, *, quantity: int = 1, address: str = "") -> Decision:
        """Order from the mall."""
        return self.take(
            RewardOrdered(
                member_id=self.member, at=self.now, ref=UUID(int=ref), reward=reward, quantity=quantity, by="me", address_ref=address
            )
        )

    def move_reward(self, state: str, ref: int = 1) -> Decision:
        return self.take(RewardMoved(member_id=self.member, at=self.now, ref=UUID(int=ref), state=state, by="clerk"))

    def benefit(self, benefit: str, ref: int = 1, *, quantity: int = 1, cost: int | None = None) -> Decision:
        """Use a benefit."""
        return self.take(BenefitUsed(member_id=self.member, at=self.now, ref=UUID(int=ref), benefit=benefit, quantity=quantity, cost=cost))

    def give_benefit_back(self, ref: int = 1) -> Decision:
        return self.take(BenefitReversed(member_id=self.member, at=self.now, ref=UUID(int=ref)))

    def load(self, unit: str, amount: int, bonus: int = 0, *, ref: int = 1) -> Decision:
        return self.take(ValueLoaded(member_id=self.member, at=self.now, ref=UUID(int=ref), unit=unit, amount=amount, bonus=bonus))

    def invite(self, level: str, ladder: str = "main", *, ref: int = 1, lasts: datetime | None = None) -> Decision:
        """Put the member on a level by hand."""
        return self.take(
            LevelGiven(member_id=self.member, at=self.now, ref=UUID(int=ref), ladder=ladder, level=level, reason="test", lasts=lasts)
        )

    def reassess(self, ref: int = 1, *, down: bool) -> Decision:
        """The ladders were edited: look at the levels again."""
        return self.take(LevelsReassessed(member_id=self.member, at=self.now, ref=UUID(int=ref), down=down))

    def wait(self, **by: float) -> Decision:
        """Move the clock and let the time pass."""
        self.now += timedelta(**by)
        return self.take(TimePassed(member_id=self.member, at=self.now))

    @property
    def points(self) -> int:
        return self.standing.wallet.total("points").available

    def level(self, ladder: str = "main") -> str:
        """Where the member stands on the ladder."""
        return self.standing.tiers[ladder].level

    def changes(self, ladder: str = "main") -> list[tuple[str, str, str]]:
        """(from, to, reason) of every change on the ladder."""
        return [(str(e.why["from"]), str(e.why["to"]), str(e.why["reason"])) for e in self.entries if e.kind == "tier" and e.unit == ladder]

    def lots(self, unit: str = "points") -> list[tuple[str, int]]:
        """(expiry in UTC, amount) of the unit's lots, soonest first."""
        return sorted((key[1].isoformat(), amount) for key, amount in self.standing.wallet.lots.items() if key[0] == unit)

    def folded(self) -> tuple[Wallet, dict[UUID, Held]]:
        """The wallet and the coupons that the journal alone gives."""
        wallet, coupons = Wallet(), dict[UUID, Held]()
        for entry in self.entries:
            if goods.is_about(entry):
                goods.post(wallet, coupons, entry)
            elif entry.kind != "tier":
                points.post(wallet, entry)
        return wallet, coupons

    def check(self) -> None:
        """Every invariant of architecture.md that one member can break."""
        folded, coupons = self.folded()
        assert coupons == self.standing.coupons
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
        for programme, fact in zip(self.under, self.facts, strict=True):
            again.programme = programme
            again.take(replace(fact))
        return again
