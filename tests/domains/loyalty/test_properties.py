"""What must always hold, whatever happens: a member's life of random facts under a random programme, checked after every step."""

from datetime import timedelta
from uuid import UUID

import hypothesis.strategies as st
from hypothesis import given, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from regulars.domains.loyalty.model import OrderPaid
from regulars.domains.loyalty.rules import decide as rules
from regulars.domains.loyalty.rules import earn, passing
from regulars.domains.orders.model import Line
from regulars.kernel.problem import Problem
from tests.domains.loyalty import programmes
from tests.support import factories
from tests.support.engine import Machine

EXPIRIES = ("{rolling: {months: 12}}", "{rolling: {days: 3}}", "{calendar: {month: 6, day: 30}}", "{rolling: {months: 1, round_to: month}}")
MORE = """
  - {id: tea, label: {en: Tea, zh: 茶}, unit: points, multiply: {factor_bp: 17500, lane: category},
     when: {combinator: and, rules: [{field: line.category, operator: "=", value: tea}]}}
  - {id: silver, label: {en: Silver, zh: 银卡}, unit: points, multiply: {factor_bp: 12000, lane: tier},
     when: {combinator: and, rules: [{field: member.tier, operator: in, value: [silver, gold]}]}}
  - {id: second, label: {en: Second, zh: 第二单}, unit: points, fixed: 50, incentive: true,
     when: {combinator: and, rules: [{field: member.orders, operator: "=", value: 1}]}}
  - {id: daily, label: {en: Daily, zh: 每日}, unit: points, fixed: 7, cap: {per: day, amount: 10}}
"""

lines = st.lists(
    st.builds(
        lambda amount, discount, paid, tea: (amount, amount * discount // 100, paid, tea),
        amount=st.integers(0, 60_000),
        discount=st.integers(0, 100),
        paid=st.integers(0, 100),
        tea=st.booleans(),
    ),
    min_size=1,
    max_size=5,
)


def made(parts: list[tuple[int, int, int, bool]]) -> list[Line]:
    """Lines whose points share never exceeds what they cost."""
    return [
        Line(no, f"p{no}", 1, amount, discount, 0, (amount - discount) * paid // 100, "tea" if tea else "")
        for no, (amount, discount, paid, tea) in enumerate(parts, start=1)
    ]


@st.composite
def machines(draw: st.DrawFn) -> Machine:
    """A member under one of many programmes."""
    text = programmes.changed(
        ("expiry: {rolling: {months: 12}}", f"expiry: {draw(st.sampled_from(EXPIRIES))}"),
        (
            "transfer: {per_day: 1000}",
            f"on_refund: {draw(st.sampled_from(['owe', 'waive']))}\n    pending_days: {draw(st.sampled_from([0, 0, 2]))}",
        ),
        (
            "keep: {months: 12}",
            f"keep: {{months: {draw(st.sampled_from([1, 12]))}}}\n  downgrade: {draw(st.sampled_from(['reassess', 'one_step']))}",
        ),
    )
    return Machine(factories.programme(text + MORE), held_out=draw(st.booleans()))


class Life(RuleBasedStateMachine):
    """Orders, refunds in parts, redemptions, holds, adjustments, late facts and the passing of time, in any order."""

    @initialize(machine=machines())
    def open(self, machine: Machine) -> None:
        self.m = machine
        self.count = 0
        self.redemptions: list[int] = []

    def number(self) -> int:
        self.count += 1
        return self.count

    @rule(parts=lines, late=st.sampled_from([0, 0, 0, 1, 40, 500]))
    def order(self, parts: list[tuple[int, int, int, bool]], late: int) -> None:
        self.m.order(str(self.number()), *made(parts), at=self.m.now - timedelta(days=late))

    @precondition(lambda self: hasattr(self, "m") and bool(self.m.orders))
    @rule(data=st.data())
    def refund(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.m.orders)))
        state = self.m.orders[number]
        left = [(n.no, n.payable - state.by_line.get(n.no, 0)) for n in state.order.lines]
        left = [(no, rest) for no, rest in left if rest]
        if left:
            no, rest = data.draw(st.sampled_from(left))
            self.m.refund(number, (no, data.draw(st.one_of(st.just(rest), st.integers(1, rest)))), refund=f"r{self.number()}")

    @rule(share=st.integers(1, 120))
    def redeem(self, share: int) -> None:
        ref = self.number()
        before = self.m.standing.copy()
        try:
            self.m.redeem(max(1, self.m.points * share // 100), ref)
            self.redemptions.append(ref)
        except Problem:
            assert self.m.standing == before

    @precondition(lambda self: bool(getattr(self, "redemptions", None)))
    @rule()
    def cancel_redemption(self) -> None:
        self.m.cancel_redemption(self.redemptions.pop())

    @rule(share=st.integers(1, 100), pay=st.booleans(), cancel=st.booleans())
    def hold(self, share: int, *, pay: bool, cancel: bool) -> None:
        if self.m.points * share // 100:
            ref = self.number()
            self.m.hold(self.m.points * share // 100, ref)
            if pay:
                self.m.order(str(self.number()), factories.line(1, 5_000, points_paid=100), hold=UUID(int=ref))
            elif cancel:
                self.m.cancel_hold(ref)

    @rule(points=st.integers(-300, 300).filter(bool))
    def adjust(self, points: int) -> None:
        before = self.m.standing.copy()
        try:
            self.m.adjust(points, self.number())
        except Problem:
            assert self.m.standing == before

    @rule(hours=st.sampled_from([0.1, 5, 30, 24 * 20, 24 * 200, 24 * 400]))
    def wait(self, hours: float) -> None:
        self.m.wait(hours=hours)
        assert passing.next_due(self.m.programme, self.m.standing) > self.m.now

    @invariant()
    def conserved(self) -> None:
        if hasattr(self, "m"):
            self.m.check()

    def teardown(self) -> None:
        if hasattr(self, "m"):
            assert self.m.replayed().standing == self.m.standing


TestLife = Life.TestCase
TestLife.settings = settings(settings(), stateful_step_count=25)


@given(machine=machines(), first=lines, second=lines)
def test_a_quote_equals_the_commit_that_follows_it(
    machine: Machine, first: list[tuple[int, int, int, bool]], second: list[tuple[int, int, int, bool]]
) -> None:
    machine.order("1", *made(first))
    order = factories.order(machine.member, "2", made(second), at=machine.now)
    quoted = rules.decide(machine.programme, machine.standing, OrderPaid(order=order))
    committed = machine.order("2", *made(second))
    assert (quoted.entries, quoted.answer) == (committed.entries, committed.answer)


@given(machine=machines(), parts=lines, data=st.data())
def test_refunds_in_any_number_of_parts_reverse_exactly_the_grant(
    machine: Machine, parts: list[tuple[int, int, int, bool]], data: st.DataObject
) -> None:
    granted = machine.order("1", *made(parts)).answer["granted"]
    reversed_: dict[str, int] = {}
    part = 0
    for line in made(parts):
        left = line.payable
        while left:
            amount = data.draw(st.integers(1, left))
            left -= amount
            part += 1
            answer = machine.refund("1", (line.no, amount), refund=f"r{part}").answer["reversed"]
            for unit, units in answer.items():  # type: ignore[attr-defined]  # the answer is JSON
                reversed_[unit] = reversed_.get(unit, 0) + units
            assert all(units <= granted[unit] for unit, units in reversed_.items())  # type: ignore[index]  # the answer is JSON
    unpaid = _of_lines_that_cost_nothing(machine, "1")
    assert {u: n for u, n in reversed_.items() if n} == {u: n - unpaid.get(u, 0) for u, n in granted.items() if n - unpaid.get(u, 0)}  # type: ignore[attr-defined]  # the answer is JSON


def _of_lines_that_cost_nothing(machine: Machine, number: str) -> dict[str, int]:
    # What fell on a line that cost nothing cannot be refunded, because nothing of it can be given back.
    free = {line.no for line in machine.orders[number].order.lines if not line.payable}
    found: dict[str, int] = {}
    for entry in machine.entries:
        if entry.kind == "grant":
            for no, _, amount in entry.why["parts"]:  # type: ignore[attr-defined]  # a list of parts
                if no in free:
                    found[entry.unit] = found.get(entry.unit, 0) + amount
    return found


@given(machine=machines(), parts=lines)
def test_every_granted_unit_belongs_to_a_line_and_a_rule(machine: Machine, parts: list[tuple[int, int, int, bool]]) -> None:
    order = factories.order(machine.member, "1", made(parts))
    earned = earn.earn(machine.programme, machine.standing, order).earned
    known = {rule.id for rule in (*machine.programme.earn, *machine.programme.multiply)}
    for what in earned.values():
        assert {rule_id for _, rule_id, _ in what.parts} <= known
        assert {no for no, _, _ in what.parts} <= {line.no for line in order.lines}
        assert all(amount > 0 for _, _, amount in what.parts)
