"""The same life with every part of a programme: acts, coupons, rewards, benefits, money, several ladders that are edited, and time."""

from dataclasses import replace
from datetime import timedelta
from functools import cache
from uuid import UUID

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import initialize, invariant, precondition, rule

from regulars.domains.loyalty.model import CouponUse, CouponVoided, ExpiryExtended, HoldPlaced, Programme
from regulars.kernel.problem import Problem
from tests.domains.loyalty import whole
from tests.domains.loyalty.test_properties import Life, made
from tests.support import factories
from tests.support.engine import Machine

AWAITS = "pending_until: {act: delivered, cancel_after_days: 10}"
TABLES = (
    ("from: 100,", "from: 100,"),
    ("from: 100,", "from: 250,"),
    ("from: 300,", "from: 101,"),
    ("{en: Gold, zh: 金卡}}", "{en: Gold, zh: 金卡}, floor: true}"),
)
parts = st.tuples(st.integers(100, 60_000), st.integers(0, 50), st.just(0), st.booleans()).map(
    lambda p: (p[0], p[0] * p[1] // 100, p[2], p[3])
)


@cache
def programme(*pairs: tuple[str, str]) -> Programme:
    """Reading the YAML takes longer than a life."""
    return factories.programme(whole.text(*pairs))


@st.composite
def machines(draw: st.DrawFn) -> Machine:
    """A member under the whole programme, with some of its policies drawn."""
    refund = draw(st.sampled_from(["at_once", "at_review"]))
    more = (
        ("keep: {months: 12}", f"keep: {{months: {draw(st.sampled_from([1, 12]))}}}\n  grace_days: 9\n  on_refund: {refund}"),
        ("{rolling: {days: 365}}", draw(st.sampled_from(["{rolling: {days: 365}}", "{rolling: {days: 20}}"]))),
        ("redeem: {points: 1, worth: 1}", f"redeem: {{points: 1, worth: 1}}\n    {draw(st.sampled_from([AWAITS, 'pending_days: 0']))}"),
    )
    return Machine(programme(*more), held_out=draw(st.booleans()))


class WholeLife(Life):
    """What :class:`Life` does, and everything that is not points."""

    @initialize(machine=machines())
    def open(self, machine: Machine) -> None:
        self.m = machine
        self.count = 0
        self.redemptions: list[int] = []
        self.versions = 1

    def _try(self, call: object, *args: object, **named: object) -> None:
        # Whatever is refused leaves no trace.
        before, taken = self.m.standing.copy(), dict(self.m.taken)
        try:
            call(*args, **named)  # type: ignore[operator]  # a verb of the machine
        except Problem:
            assert (self.m.standing, self.m.taken) == (before, taken)

    @rule(act=st.sampled_from(["check_in", "review", "share", "birthday"]), value=st.integers(0, 5), late=st.sampled_from([0, 0, 40]))
    def act(self, act: str, value: int, late: int) -> None:
        self.m.act(act, self.number(), value=value, at=self.m.now - timedelta(days=late))

    @precondition(lambda self: hasattr(self, "m") and bool(self.m.orders))
    @rule(data=st.data())
    def deliver(self, data: st.DataObject) -> None:
        self.m.act("delivered", self.number(), order=data.draw(st.sampled_from(sorted(self.m.orders))))

    @precondition(lambda self: hasattr(self, "m") and any(fact.kind == "act" for fact in self.m.facts))
    @rule(data=st.data())
    def reverse_act(self, data: st.DataObject) -> None:
        gone = {fact.ref for fact in self.m.facts if fact.kind == "act_reversed"}
        left = [fact.ref.int for fact in self.m.facts if fact.kind == "act" and fact.ref not in gone]
        if left:
            self.m.reverse_act(data.draw(st.sampled_from(left)))

    @rule(definition=st.sampled_from(["ten", "tenth", "bought"]), source=st.sampled_from(["gift", "claim"]))
    def coupon(self, definition: str, source: str) -> None:
        self._try(self.m.coupon, definition, self.number(), source=source)

    @precondition(lambda self: hasattr(self, "m") and bool(self.m.standing.coupons))
    @rule(data=st.data(), part=parts, hold=st.booleans())
    def use_coupons(self, data: st.DataObject, part: tuple[int, int, int, bool], *, hold: bool) -> None:
        ids = data.draw(st.lists(st.sampled_from(sorted(self.m.standing.coupons)), min_size=1, max_size=3))
        uses = tuple(CouponUse(str(one), part[1]) for one in ids)
        ref = UUID(int=self.number())
        if hold:
            until = self.m.now + timedelta(minutes=15)
            fact = HoldPlaced(member_id=self.m.member, at=self.m.now, ref=ref, unit="points", points=0, until=until, coupons=uses)
            self._try(self.m.take, fact)
        named = {"coupons": uses, "hold": ref if hold else None}
        self._try(self.m.order, str(self.number()), *made([part]), **named)

    @precondition(lambda self: hasattr(self, "m") and bool(self.m.standing.coupons))
    @rule(data=st.data())
    def void(self, data: st.DataObject) -> None:
        ref = data.draw(st.sampled_from(sorted(self.m.standing.coupons)))
        self._try(self.m.take, CouponVoided(member_id=self.m.member, at=self.m.now, ref=ref, reason="test"))

    @rule(reward=st.sampled_from(["cup", "voucher", "card"]), quantity=st.integers(1, 2))
    def order_reward(self, reward: str, quantity: int) -> None:
        self._try(self.m.reward, reward, self.number(), quantity=quantity, address="home")

    @precondition(lambda self: hasattr(self, "m") and bool(self.m.standing.reward_orders))
    @rule(data=st.data(), state=st.sampled_from(["cancelled", "cancelled", "fulfilled", "completed"]))
    def move_reward(self, data: st.DataObject, state: str) -> None:
        self._try(self.m.move_reward, state, data.draw(st.sampled_from(sorted(self.m.standing.reward_orders))).int)

    @rule(benefit=st.sampled_from(["delivery", "gift"]), back=st.booleans())
    def benefit(self, benefit: str, *, back: bool) -> None:
        ref = self.number()
        self._try(self.m.benefit, benefit, ref, cost=100)
        self._try(self.m.give_benefit_back, ref if back else ref + 1_000_000)

    @rule(amount=st.integers(0, 50_000), bonus=st.integers(0, 5_000))
    def load(self, amount: int, bonus: int) -> None:
        self.m.load("purse", amount, bonus, ref=self.number())

    @rule(level=st.sampled_from(["silver", "gold", "nothing"]), days=st.sampled_from([5, 500]))
    def invite(self, level: str, days: int) -> None:
        self._try(self.m.invite, level, ref=self.number(), lasts=self.m.now + timedelta(days=days))

    @rule(days=st.integers(1, 400))
    def extend(self, days: int) -> None:
        until = self.m.now + timedelta(days=days)
        ref = UUID(int=self.number())
        self.m.take(ExpiryExtended(member_id=self.m.member, at=self.m.now, ref=ref, unit="points", until=until, reason="test"))

    @rule(table=st.sampled_from(TABLES), down=st.booleans())
    def edit_the_ladder(self, table: tuple[str, str], *, down: bool) -> None:
        self.versions += 1
        edited = programme(table)
        self.m.programme = replace(edited, version=self.versions, earlier=dict.fromkeys(range(1, self.versions), edited.coupons))
        self.m.reassess(self.number(), down=down)
        # Looking again right after changes nothing.
        assert self.m.reassess(self.number(), down=down).answer["moves"] == {}

    @invariant()
    def limits_hold(self) -> None:
        if hasattr(self, "m"):
            assert all(self.m.taken.get(name, 0) <= limit for name, limit in self.m.programme.limits.items())
            assert all(amount >= 0 for amount in self.m.taken.values())
            assert self.m.standing.wallet.total("purse").debt == 0


TestWholeLife = WholeLife.TestCase
TestWholeLife.settings = settings(settings(), stateful_step_count=20)
