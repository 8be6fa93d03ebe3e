"""Who may use a benefit, how often, at which cost, and what is given back or charged."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domains.benefits import rules
from regulars.domains.benefits.model import Benefit, Charge, ClawBack, Kind, State, Use
from regulars.kernel.problem import Problem
from regulars.kernel.quotas import Quota, UsageKey
from tests.domains.benefits.given import DELIVERY, JOINED, LONDON, MEMBER, NOON, SILVER, delivery, used

MARCH = ("benefit:delivery", date(2026, 3, 1))
LATER = NOON + timedelta(days=1)


def refused(*args: Any, **more: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        used(*args, **more)
    return caught.value


def test_a_use_is_recorded_with_what_it_cost_and_the_period_it_counts_in() -> None:
    assert used(quantity=2, order_ref="ord-1") == Use(
        use_id=UUID(int=1),
        benefit="delivery",
        quantity=2,
        cost=600,
        at=NOON,
        level="silver",
        period=date(2026, 3, 1),
        order_ref="ord-1",
        state=State.used,
        changed_at=NOON,
        charged=0,
    )


def test_a_use_counts_in_the_local_month_it_happened_in() -> None:
    assert used(at=datetime(2026, 3, 31, 22, 59, tzinfo=UTC)).counters == {MARCH: 1}
    assert used(at=datetime(2026, 3, 31, 23, tzinfo=UTC)).counters == {("benefit:delivery", date(2026, 4, 1)): 1}


@pytest.mark.parametrize(
    ("benefit", "more", "code", "en", "zh"),
    [
        (
            delivery(),
            {"values": MEMBER},
            "audience.other_tier",
            "Free delivery is for the tiers Silver.",
            "免运费仅限银卡等级。",
        ),
        (
            delivery(incentive=True),
            {"held_out": True},
            "benefits.held_out",
            "Free delivery is not part of the basic terms.",
            "免运费不属于基础权益。",
        ),
        (
            delivery(),
            {"usage": {MARCH: 1}, "quantity": 2},
            "benefits.quota_used",
            "Free delivery: 1 of 2 a month are left, 2 were asked for. The next ones come on 2026-04-01.",
            "免运费每月 2 次，剩余 1 次，本次需要 2 次。下次发放日为 2026-04-01。",
        ),
        (
            delivery(quota=Quota(times=1, period="lifetime")),
            {"quantity": 3},
            "benefits.used_up",
            "Free delivery: 1 of 1 in a lifetime are left, 3 were asked for.",
            "免运费终身 1 次，剩余 1 次，本次需要 3 次。",
        ),
        (
            delivery(unit_cost=None),
            {},
            "benefits.cost_missing",
            "Say what this use of Free delivery costs the brand: the programme sets no cost for it.",
            "请填写本次使用免运费的成本：会员计划未设定其单位成本。",
        ),
        (
            delivery(),
            {"quantity": 0},
            "input.invalid",
            "The input is not valid: quantity: '0' — one or more",
            "输入有误：quantity: '0' — one or more",
        ),
        (
            delivery(),
            {"cost": -1},
            "input.invalid",
            "The input is not valid: cost: '-1' — zero or more minor units",
            "输入有误：cost: '-1' — zero or more minor units",
        ),
    ],
)
def test_each_reason_names_what_is_missing(benefit: Benefit, more: dict[str, Any], code: str, en: str, zh: str) -> None:
    found = refused(benefit, **more)
    assert (found.code, found.text("en"), found.text("zh")) == (code, en, zh)


@pytest.mark.parametrize(("incentive", "held_out"), [(False, False), (False, True), (True, False)])
def test_only_incentives_are_withheld_and_only_from_the_hold_out(incentive: bool, held_out: bool) -> None:
    assert rules.find_refusal(delivery(incentive=incentive), SILVER, held_out=held_out) is None


def test_the_tier_is_told_before_the_hold_out() -> None:
    found = rules.find_refusal(delivery(incentive=True), MEMBER, held_out=True)
    assert found is not None
    assert found.code == "audience.other_tier"


@pytest.mark.parametrize(
    ("benefit", "quantity", "given_", "cost"),
    [
        (delivery(), 2, None, 600),
        (delivery(unit_cost=0), 2, None, 0),
        (delivery(), 1, 750, 750),
        (delivery(), 1, 0, 0),
        (delivery(max_freight=800), 1, 750, 750),
        (delivery(max_freight=800), 1, 800, 800),
        (delivery(max_freight=800), 1, 900, 800),
        (delivery(max_freight=800), 2, 1700, 1600),
        (delivery(max_freight=800, unit_cost=None), 1, 900, 800),
    ],
)
def test_what_a_use_costs(benefit: Benefit, quantity: int, given_: int | None, cost: int) -> None:
    assert used(benefit, quantity=quantity, cost=given_).cost == cost


@pytest.mark.parametrize(("most", "freight", "paid"), [(None, 900, 900), (800, 900, 800), (800, 799, 799), (800, 0, 0)])
def test_what_is_paid_of_a_delivery(most: int | None, freight: int, paid: int) -> None:
    assert rules.freight_paid(delivery(max_freight=most), freight) == paid


@pytest.mark.parametrize(("discount", "amount", "cut"), [(None, 1000, 0), (1000, 1000, 100), (1500, 999, 149), (10_000, 7, 7)])
def test_an_exclusive_price_rounds_down(discount: int | None, amount: int, cut: int) -> None:
    assert rules.price_cut(delivery(kind=Kind.exclusive_price, discount_bp=discount), amount) == cut


def test_an_unlimited_benefit_counts_nothing_and_can_be_reversed() -> None:
    found = used(delivery(quota=None), quantity=50)
    assert (found.period, found.counters) == (None, {})
    back = rules.reverse(found, at=LATER)
    assert back is not None
    assert back.counters == {}


def test_a_reversal_gives_back_to_the_period_of_the_use_and_only_once() -> None:
    back = rules.reverse(used(quantity=2), at=NOON + timedelta(days=60))
    assert back is not None
    assert (back.state, back.changed_at, back.counters) == (State.reversed, NOON + timedelta(days=60), {MARCH: -2})
    assert rules.reverse(back, at=LATER) is None


def test_a_charged_use_can_still_be_given_back() -> None:
    charged = replace(used(), state=State.charged, charged=300)
    assert charged.counters == {}
    back = rules.reverse(charged, at=LATER)
    assert back is not None
    assert (back.charged, back.counters) == (300, {MARCH: -1})


def charge(uses: list[Use], *, policy: ClawBack = ClawBack.charge, values: dict[str, str] = MEMBER, since: datetime = NOON) -> Charge:
    return rules.claw_back({"delivery": delivery(claw_back=policy)}, uses, values, since=since, at=LATER)


def test_edge_16_benefits_already_used_are_charged_once_when_a_refund_takes_the_tier() -> None:
    first, second = used(no=1), used(no=2, quantity=2)
    found = charge([first, second])
    assert found.amount == 900
    assert [(use.use_id.int, use.state, use.charged, use.changed_at) for use in found.uses] == [
        (1, State.charged, 300, LATER),
        (2, State.charged, 600, LATER),
    ]
    assert charge(list(found.uses)) == Charge(uses=(), amount=0)


@pytest.mark.parametrize(
    ("use", "more"),
    [
        (used(), {"policy": ClawBack.keep}),
        (used(), {"values": SILVER}),
        (used(), {"since": NOON + timedelta(microseconds=1)}),
        (replace(used(), benefit="another"), {}),
        (replace(used(), state=State.reversed), {}),
        (used(cost=0), {}),
    ],
)
def test_what_is_never_charged(use: Use, more: dict[str, Any]) -> None:
    assert charge([use], **more) == Charge(uses=(), amount=0)


def test_edge_24_a_birthday_gift_is_given_once_a_calendar_year_however_often_the_birthday_changes() -> None:
    gift = delivery(id="birthday", kind=Kind.birthday_gift, quota=Quota(times=1, period="year"))
    usage = dict(used(gift).counters)
    assert refused(gift, usage, at=datetime(2026, 12, 31, 23, 59, tzinfo=UTC)).fields["next_day"] == "2027-01-01"
    assert used(gift, usage, at=datetime(2027, 1, 1, tzinfo=UTC)).counters == {("benefit:birthday", date(2027, 1, 1)): 1}


def test_a_benefit_is_known_by_its_id() -> None:
    assert rules.get({"delivery": DELIVERY}, "delivery") is DELIVERY
    with pytest.raises(Problem) as caught:
        rules.get({"delivery": DELIVERY, "gift": DELIVERY}, "gone")
    assert caught.value.text() == "The programme has no benefit gone; it has delivery, gift."


def test_what_eligible_members_were_given() -> None:
    assert rules.granted(delivery(), 40) == 80
    assert rules.granted(delivery(quota=None), 40) is None


def test_the_months_between_two_instants() -> None:
    assert rules.month_starts(NOON, datetime(2026, 4, 30, 23, tzinfo=UTC), LONDON) == {
        date(2026, 3, 1): datetime(2026, 3, 1, tzinfo=UTC),
        date(2026, 4, 1): datetime(2026, 3, 31, 23, tzinfo=UTC),
    }
    assert rules.month_starts(NOON, NOON, LONDON) == {}


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("use"), st.integers(0, 80), st.integers(1, 3)),
        st.tuples(st.just("reverse"), st.integers(0, 80), st.integers(0, 9)),
    ),
    max_size=30,
)


@given(STEPS, st.sampled_from(["day", "week", "month", "quarter", "membership_year", "lifetime"]), st.integers(1, 4))
def test_the_quota_holds_in_any_order_of_use_and_reversal(steps: list[tuple[str, int, int]], period: Any, times: int) -> None:
    benefit = delivery(quota=Quota(times=times, period=period))
    usage: dict[UsageKey, int] = {}
    uses: list[Use] = []
    for number, (what, days, count) in enumerate(steps):
        at = NOON + timedelta(days=days)
        before = dict(usage)
        after: Use | None
        if what == "use":
            left = rules.allowance(benefit, usage, at=at, zone=LONDON, joined_at=JOINED).left
            if count > (left or 0):
                assert refused(benefit, usage, at=at, quantity=count).fields["left"] == left
                continue
            after = used(benefit, usage, no=number, at=at, quantity=count)
            uses.append(after)
        else:
            if count >= len(uses):
                continue
            after = rules.reverse(uses[count], at=at)
            if after is None:
                assert uses[count].state is State.reversed
                continue
            uses[count] = after
        for key, more in after.counters.items():
            usage[key] = usage.get(key, 0) + more
        assert usage != before
        expected: dict[UsageKey, int] = {}
        for use in uses:
            assert use.period is not None
            key = (benefit.counter, use.period)
            expected[key] = expected.get(key, 0) + (use.quantity if use.state is State.used else 0)
        assert usage == expected
        assert all(0 <= amount <= times for amount in usage.values())
