"""The cases a real membership engine gets right, by their number; the pure ones. Those that need the database are in their own files."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from regulars.domains.loyalty.model import StandingOpened, TimePassed
from regulars.domains.loyalty.rules import decide as rules
from regulars.domains.loyalty.rules import passing
from regulars.domains.points import rules as points
from regulars.domains.points.model import ALWAYS, NEVER, Entry, Wallet
from regulars.kernel import money
from regulars.kernel.problem import Problem
from tests.domains.loyalty import programmes
from tests.support import factories
from tests.support.engine import Machine

DOUBLE_TEA = """
  - id: tea
    label: {en: Double tea, zh: 茶类双倍}
    unit: points
    when: {combinator: and, rules: [{field: line.category, operator: "=", value: tea}]}
    multiply: {factor_bp: 20000}
"""


def machine(text: str = programmes.PLAIN) -> Machine:
    return Machine(factories.programme(text))


def test_edge_01_a_partial_refund_after_the_points_were_spent_leaves_a_debt_that_the_next_earn_pays() -> None:
    m = machine()
    m.order("1", factories.line(1, 10_000))
    m.redeem(90)
    decision = m.refund("1", (1, 5_000))
    assert [(e.kind, e.amount) for e in decision.entries if e.unit == "points"] == [("reverse", 10), ("owe", 40)]
    assert (m.points, m.standing.wallet.total("points").debt) == (0, 40)
    decision = m.order("2", factories.line(1, 6_000))
    assert [(e.kind, e.amount) for e in decision.entries if e.unit == "points"] == [("grant", 60), ("settle", 40)]
    assert (m.points, m.standing.wallet.total("points").debt) == (20, 0)
    m.check()


def test_edge_01_by_policy_what_cannot_be_taken_back_is_waived() -> None:
    m = machine(programmes.changed(("redeem: {points: 1, worth: 1}", "redeem: {points: 1, worth: 1}\n    on_refund: waive")))
    m.order("1", factories.line(1, 10_000))
    m.redeem(90)
    decision = m.refund("1", (1, 5_000))
    assert [(e.kind, e.amount) for e in decision.entries if e.unit == "points"] == [("reverse", 10), ("waive", 40)]
    assert (m.points, m.standing.wallet.total("points").debt) == (0, 0)
    m.check()


def test_edge_01_pending_points_are_taken_before_the_balance() -> None:
    m = machine(
        programmes.changed(
            ("expiry: {rolling: {months: 12}}\n    redeem", "expiry: {rolling: {months: 12}}\n    pending_days: 14\n    redeem")
        )
    )
    m.adjust(100)
    m.order("1", factories.line(1, 10_000))
    decision = m.refund("1", (1, 10_000))
    assert [(e.kind, e.amount, e.available_at != ALWAYS) for e in decision.entries if e.unit == "points"] == [("reverse", 100, True)]
    assert (m.points, m.standing.wallet.total("points").pending) == (100, 0)


def test_edge_02_a_refunded_line_gives_back_what_it_was_granted_its_own_bonus_included() -> None:
    m = machine(programmes.PLAIN + DOUBLE_TEA)
    granted = m.order("1", factories.line(1, 1_000, category="tea"), factories.line(2, 3_000)).answer["granted"]
    assert granted == {"points": 50, "growth": 40}
    assert m.refund("1", (1, 1_000)).answer["reversed"] == {"points": 20, "growth": 10}
    assert m.points == 30


def test_edge_03_a_rule_changed_between_earning_and_refund_reverses_what_was_granted() -> None:
    m = machine()
    m.order("1", factories.line(1, 1_000))
    m.programme = factories.programme(
        programmes.changed(("unit: points, per_amount: {every: 100, give: 1}", "unit: points, per_amount: {every: 100, give: 9}")), 2
    )
    assert m.refund("1", (1, 1_000)).answer["reversed"] == {"points": 10, "growth": 10}
    assert m.points == 0


def test_edge_04_a_redemption_cancelled_after_its_lot_lapsed_returns_with_the_old_expiry_and_lapses() -> None:
    m = machine()
    m.order("1", factories.line(1, 1_000))
    m.redeem(10)
    m.wait(days=400)
    decision = m.cancel_redemption()
    assert [(e.kind, e.amount) for e in decision.entries if e.unit == "points"] == [("restore", 10), ("expire", 10)]
    assert m.points == 0
    m.check()


def test_edge_04_a_redemption_cancelled_in_time_returns_to_the_lots_it_came_from() -> None:
    m = machine()
    m.order("1", factories.line(1, 1_000))
    m.wait(days=40)
    m.order("2", factories.line(1, 2_000))
    before = m.lots()
    m.redeem(25)
    m.wait(days=1)
    m.cancel_redemption()
    assert m.lots() == before
    with pytest.raises(Problem, match="redemption_unknown"):
        m.cancel_redemption()


def test_edge_05_refund_in_several_parts_never_exceeds_the_grant_and_the_last_part_takes_the_rest() -> None:
    m = machine()
    m.order("1", factories.line(1, 1_000))
    parts = [m.refund("1", (1, amount), refund=f"r{i}").answer["reversed"] for i, amount in enumerate((333, 333, 334))]
    assert parts == [{"points": 3, "growth": 3}, {"points": 3, "growth": 3}, {"points": 4, "growth": 4}]
    assert m.points == 0


def test_edge_06_more_than_the_line_or_an_unknown_line_is_refused() -> None:
    m = machine()
    m.order("1", factories.line(1, 1_000))
    with pytest.raises(Problem, match="Line 1 of order 1 has 1000 left to refund, 1001 were asked for"):
        m.refund("1", (1, 1_001))
    with pytest.raises(Problem, match="Line 1 of order 1 has 1000 left"):
        m.refund("1", (1, 600), (1, 600))
    with pytest.raises(Problem, match="Order 1 has no line 2"):
        m.refund("1", (2, 1))
    assert m.points == 10


def test_edge_07_the_soonest_expiry_is_spent_first_undated_last_and_lapsed_never() -> None:
    wallet = Wallet()
    at = datetime(2026, 3, 1, tzinfo=UTC)
    for expires_at, amount in ((NEVER, 5), (at + timedelta(days=2), 5), (at + timedelta(days=1), 5), (at, 5)):
        points.post(wallet, Entry("points", "grant", amount, at, expires_at, ALWAYS, None, {}))
    taken = points.take(wallet, "spend", unit="points", amount=12, at=at, ref=None, why={})
    assert [(e.expires_at, e.amount) for e in taken] == [(at + timedelta(days=1), 5), (at + timedelta(days=2), 5), (NEVER, 2)]
    with pytest.raises(Problem, match="Only 3 points are available, 4 were asked for"):
        points.take(wallet, "spend", unit="points", amount=4, at=at, ref=None, why={})


def test_edge_07_lapsed_lots_do_not_count_even_if_the_clock_is_late_and_its_job_run_twice_changes_nothing() -> None:
    m = machine()
    m.order("1", factories.line(1, 1_000))
    m.now += timedelta(days=400)
    with pytest.raises(Problem, match="Only 0 points"):
        m.redeem(1)
    first = m.take(TimePassed(member_id=m.member, at=m.now))
    assert [(e.kind, e.amount) for e in first.entries if e.unit == "points"] == [("expire", 10)]
    assert m.take(TimePassed(member_id=m.member, at=m.now)).entries == []


@pytest.mark.parametrize(
    ("earned", "zone", "expiry", "lapses"),
    [
        (datetime(2025, 1, 31, 12, tzinfo=UTC), "Europe/London", "{rolling: {months: 1}}", datetime(2025, 3, 1, tzinfo=UTC)),
        (datetime(2024, 2, 29, 12, tzinfo=UTC), "Europe/London", "{rolling: {months: 12}}", datetime(2025, 3, 1, tzinfo=UTC)),
        (datetime(2025, 9, 26, 12, tzinfo=UTC), "Europe/London", "{rolling: {months: 1}}", datetime(2025, 10, 27, tzinfo=UTC)),
        (datetime(2025, 2, 28, 17, tzinfo=UTC), "Asia/Shanghai", "{rolling: {days: 1}}", datetime(2025, 3, 2, 16, tzinfo=UTC)),
        (datetime(2025, 5, 5, tzinfo=UTC), "Asia/Shanghai", "{calendar: {month: 12, day: 31}}", datetime(2025, 12, 31, 16, tzinfo=UTC)),
        (
            datetime(2025, 5, 5, tzinfo=UTC),
            "Asia/Shanghai",
            "{rolling: {months: 12, round_to: month}}",
            datetime(2026, 5, 31, 16, tzinfo=UTC),
        ),
    ],
)
def test_edge_08_month_ends_leap_days_zones_and_long_days_of_an_expiry(earned: datetime, zone: str, expiry: str, lapses: datetime) -> None:
    text = programmes.changed(("expiry: {rolling: {months: 12}}", f"expiry: {expiry}"), ("Europe/London", zone))
    m = Machine(factories.programme(text), now=earned)
    m.order("1", factories.line(1, 1_000))
    assert m.lots() == [(lapses.isoformat(), 10)]
    m.now = lapses - timedelta(microseconds=1)
    assert [e for e in m.take(TimePassed(member_id=m.member, at=m.now)).entries if e.unit == "points"] == []
    m.now = lapses
    assert [(e.kind, e.at) for e in m.take(TimePassed(member_id=m.member, at=m.now)).entries if e.unit == "points"] == [("expire", lapses)]


def test_edge_09_a_hold_makes_available_the_balance_less_the_holds_and_times_out() -> None:
    m = machine()
    m.order("1", factories.line(1, 10_000))
    m.hold(70, ref=1)
    assert (m.points, m.standing.wallet.total("points").held) == (30, 70)
    with pytest.raises(Problem, match="Only 30 points"):
        m.hold(31, ref=2)
    m.wait(minutes=15)
    assert (m.points, m.standing.wallet.total("points").held) == (100, 0)
    with pytest.raises(Problem, match="hold_gone"):
        m.cancel_hold()
    m.check()


def test_edge_09_a_confirmed_hold_is_spent_on_its_order_and_a_refund_returns_it_to_its_lots() -> None:
    m = machine()
    m.order("1", factories.line(1, 10_000))
    lots = m.lots()
    m.hold(60)
    m.order("2", factories.line(1, 5_000, points_paid=60), hold=UUID(int=1))
    assert m.standing.wallet.total("points").spent == 60
    decision = m.refund("2", (1, 2_500))
    assert decision.answer["returned"] == 30
    decision = m.refund("2", (1, 2_500), refund="r2")
    assert decision.answer["returned"] == 30
    assert m.lots() == lots
    m.check()


def test_edge_11_a_back_dated_order_counts_for_its_own_time_and_is_posted_as_of_now() -> None:
    m = machine(
        programmes.PLAIN
        + """
  - {id: daily, label: {en: Daily, zh: 每日}, unit: points, fixed: 10, cap: {per: day, amount: 10}}
"""
    )
    today = m.now
    m.order("1", factories.line(1, 1_000))
    m.wait(days=3)
    decision = m.order("2", factories.line(1, 1_000), at=today + timedelta(hours=1))
    granted = next(e for e in decision.entries if e.unit == "points")
    assert (granted.amount, granted.at, granted.why["cut"]) == (10, m.now, [("daily", 10, 0)])
    assert granted.expires_at == datetime(2027, 3, 2, tzinfo=UTC)
    m.check()


def test_edge_12_points_on_what_points_coupons_tax_and_freight_paid_follow_the_explicit_base() -> None:
    line = factories.line(1, 10_000, discount=1_000, tax=1_500, points_paid=2_000)
    expected = {"[]": 105, "[freight]": 100, "[discount, points, freight]": 70, "[discount, tax, points, freight]": 55}
    for exclude, points_ in expected.items():
        text = programmes.changed(
            ("unit: points, per_amount: {every: 100, give: 1}", f"unit: points, per_amount: {{every: 100, give: 1, exclude: {exclude}}}")
        )
        decision = machine(text).order("1", line, freight=500)
        assert decision.answer["granted"]["points"] == points_, exclude  # type: ignore[index]  # the answer is JSON


@pytest.mark.parametrize(("currency", "every", "amount", "points_"), [("JPY", 100, 1_980, 19), ("KWD", 1_000, 12_345, 12)])
def test_edge_13_minor_units_follow_iso_and_points_are_floored(currency: str, every: int, amount: int, points_: int) -> None:
    assert money.exponent(currency) == {"JPY": 0, "KWD": 3}[currency]
    text = programmes.changed(("GBP", currency), ("unit: points, per_amount: {every: 100", f"unit: points, per_amount: {{every: {every}"))
    decision = machine(text).order("1", factories.line(1, amount), currency=currency)
    assert decision.answer["granted"]["points"] == points_  # type: ignore[index]  # the answer is JSON


def test_edge_13_an_order_in_another_currency_than_the_programmes_is_refused() -> None:
    with pytest.raises(Problem, match="settles in GBP; the order is in EUR"):
        machine().order("1", factories.line(1, 1_000), currency="EUR")


def test_edge_14_a_debt_and_expiry_together_pay_the_debt_first() -> None:
    m = machine()
    m.order("1", factories.line(1, 10_000))
    m.redeem(100)
    m.refund("1", (1, 10_000))
    m.wait(days=400)
    m.order("2", factories.line(1, 15_000))
    totals = m.standing.wallet.total("points")
    assert (totals.available, totals.debt, totals.outstanding) == (50, 0, 50)
    m.check()


def test_edge_15_ten_thousand_grants_merge_into_lots_by_expiry_day() -> None:
    m = machine()
    for i in range(400):
        m.order(str(i), factories.line(1, 10_000), at=m.now + timedelta(minutes=i))
    assert [amount for _, amount in m.lots()] == [40_000]
    wallet = m.standing.wallet
    start = datetime(2026, 3, 1, tzinfo=UTC)
    for i in range(10_000):
        points.post(wallet, Entry("points", "grant", 100, start, start + timedelta(days=i % 365 + 1), ALWAYS, None, {}))
    assert len(points.spendable(wallet, "points", start)) == 366
    assert sum(e.amount for e in points.take(wallet, "spend", unit="points", amount=1_000_000, at=start, ref=None, why={})) == 1_000_000


def test_edge_16_a_refund_lowers_growth_at_once_but_the_level_only_at_its_review() -> None:
    m = machine()
    m.order("1", factories.line(1, 12_000))
    assert m.standing.tier.level == "silver"
    m.refund("1", (1, 12_000))
    assert (m.standing.wallet.total("growth").available, m.standing.tier.level) == (0, "silver")
    m.wait(days=366)
    assert m.standing.tier.level == "member"


def test_edge_17_spending_points_never_lowers_a_level() -> None:
    m = machine()
    m.order("1", factories.line(1, 30_000))
    m.redeem(300)
    assert m.standing.tier.level == "gold"
    m.wait(days=367)
    assert m.standing.tier.level == "member"


def test_edge_18_pending_growth_does_not_count_until_it_is_released() -> None:
    m = machine(programmes.changed(("expiry: {rolling: {days: 365}}", "expiry: {rolling: {days: 365}}\n    pending_days: 7")))
    m.order("1", factories.line(1, 30_000))
    assert m.standing.tier.level == "member"
    m.wait(days=6)
    assert m.standing.tier.level == "member"
    m.wait(days=1)
    assert m.standing.tier.level == "gold"


def test_edge_28_an_opening_standing_keeps_original_expiry_level_and_its_dates() -> None:
    m = machine()
    lapses = datetime(2026, 4, 1, tzinfo=UTC)
    opening = StandingOpened(
        member_id=m.member,
        at=m.now,
        ref=UUID(int=5),
        lots=(("points", lapses, ALWAYS, 120), ("growth", datetime(2026, 9, 1, tzinfo=UTC), ALWAYS, 350)),
        level="gold",
        since=datetime(2025, 6, 1, tzinfo=UTC),
        keep_until=datetime(2026, 6, 2, tzinfo=UTC),
    )
    m.take(opening)
    assert (m.points, m.standing.tier.level, m.standing.tier.since) == (120, "gold", datetime(2025, 6, 1, tzinfo=UTC))
    assert passing.next_due(m.programme, m.standing) == lapses
    m.wait(days=100)
    assert (m.points, m.standing.tier.level) == (0, "gold")
    assert m.replayed().standing == m.standing
    m.check()


def test_a_decision_changes_none_of_its_arguments() -> None:
    m = machine()
    m.order("1", factories.line(1, 1_000))
    before = m.standing.copy()
    rules.decide(m.programme, m.standing, factories.paid(m.member, "2"))
    assert m.standing == before
