"""Who may order what, what an order takes and gives back, how it goes on, and when a gift card is taken."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domains.rewards import rules
from regulars.domains.rewards.model import (
    AT_ONCE,
    TRANSITIONS,
    CardState,
    GiftCard,
    Grant,
    GrantCode,
    GrantCoupon,
    GrantMoney,
    Kind,
    Reward,
    RewardOrder,
    State,
)
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Problem
from regulars.kernel.quotas import Quota, UsageKey
from tests.domains.rewards.given import LONDON, MUG, NOON, card, mug, ordered, placed, wish

TICK = timedelta(microseconds=1)
LATER = NOON + timedelta(days=3)
MARCH = ("reward:mug", date(2026, 3, 1))
OPENS, CLOSES = datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("reward", "more", "code", "en", "zh"),
    [
        (mug(opens_at=NOON + TICK), {}, "rewards.not_yet", "The mug can be ordered from 2026-03-01.", "马克杯自 2026-03-01 起可兑换。"),
        (
            mug(closes_at=datetime(2026, 3, 1, tzinfo=UTC)),
            {},
            "rewards.no_longer",
            "The mug could be ordered until 2026-02-28.",
            "马克杯的兑换已于 2026-02-28 结束。",
        ),
        (mug(closes_at=NOON), {}, "rewards.no_longer", "The mug could be ordered until 2026-03-01.", "马克杯的兑换已于 2026-03-01 结束。"),
        (MUG, {"values": {"member.tier": "member"}}, "audience.other_tier", "The mug is for the tiers Silver.", "马克杯仅限银卡等级。"),
        (
            MUG,
            {"usage": {MARCH: 1}, "quantity": 2},
            "rewards.limit_reached",
            "The mug: 1 of 2 a month are left for this member, 2 were asked for. Again from 2026-04-01.",
            "马克杯每月限兑 2 件，剩余 1 件，本次需要 2 件。2026-04-01 起可再兑换。",
        ),
        (
            mug(limit=Quota(times=1, period="lifetime")),
            {"quantity": 2},
            "rewards.limit_spent",
            "The mug: 1 of 1 in a lifetime are left for this member, 2 were asked for.",
            "马克杯每位会员终身限兑 1 件，剩余 1 件，本次需要 2 件。",
        ),
        (
            MUG,
            {"room": 1, "quantity": 2},
            "rewards.out_of_stock",
            "The mug: 1 are in stock, 2 were asked for.",
            "马克杯库存 1 件，本次需要 2 件。",
        ),
        (MUG, {"room": 0}, "rewards.out_of_stock", "The mug: 0 are in stock, 1 were asked for.", "马克杯库存 0 件，本次需要 1 件。"),
        (MUG, {"room": -1}, "rewards.out_of_stock", "The mug: 0 are in stock, 1 were asked for.", "马克杯库存 0 件，本次需要 1 件。"),
        (MUG, {"room": None}, "rewards.out_of_stock", "The mug: 0 are in stock, 1 were asked for.", "马克杯库存 0 件，本次需要 1 件。"),
        (
            MUG,
            {"available": 199, "quantity": 2},
            "rewards.points_missing",
            "The mug costs 200 points; 199 are available, 1 are missing.",
            "马克杯需要 200 积分，可用 199，还差 1。",
        ),
        (
            MUG,
            {"address_ref": ""},
            "rewards.address_missing",
            "The mug is sent to the member: say which of its addresses to use.",
            "马克杯需要配送，请选择会员的收货地址。",
        ),
        (
            MUG,
            {"quantity": 0},
            "input.invalid",
            "The input is not valid: quantity: '0' — one or more",
            "输入有误：quantity: '0' — one or more",
        ),
    ],
)
def test_each_reason_names_what_is_missing(reward: Reward, more: dict[str, Any], code: str, en: str, zh: str) -> None:
    found = rules.find_refusal(reward, wish(**more))
    assert found is not None
    assert (found.code, found.text("en"), found.text("zh")) == (code, en, zh)
    with pytest.raises(Problem) as caught:
        ordered(reward, **more)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("reward", "more"),
    [
        (MUG, {}),
        (mug(opens_at=NOON, closes_at=NOON + TICK), {}),
        (MUG, {"usage": {MARCH: 1, ("reward:mug", date(2026, 2, 1)): 2, ("reward:cap", date(2026, 3, 1)): 2}}),
        (MUG, {"quantity": 2, "room": 2, "available": 200}),
        (mug(stock=None), {"room": None}),
        (mug(limit=None), {"quantity": 10}),
        (mug(kind=Kind.experience), {"address_ref": ""}),
        (mug(kind=Kind.digital), {"address_ref": ""}),
    ],
)
def test_what_may_be_ordered(reward: Reward, more: dict[str, Any]) -> None:
    assert list(rules.refusals(reward, wish(**more))) == []


def test_every_reason_is_told_in_a_written_order() -> None:
    worst = wish(values={}, usage={MARCH: 2}, room=0, available=0, address_ref="")
    found = rules.refusals(mug(opens_at=NOON + TICK, closes_at=NOON), worst)
    assert [reason.code for reason in found] == [
        "rewards.not_yet",
        "rewards.no_longer",
        "audience.other_tier",
        "rewards.limit_reached",
        "rewards.out_of_stock",
        "rewards.points_missing",
        "rewards.address_missing",
    ]


def test_an_order_says_what_it_takes() -> None:
    found = ordered(quantity=2)
    assert found.grants == ()
    assert found.order == RewardOrder(
        reward_order_id=UUID(int=1),
        reward="mug",
        kind=Kind.goods,
        quantity=2,
        unit="points",
        points=200,
        cash=500,
        currency="GBP",
        placed_at=NOON,
        changed_at=NOON,
        changed_by="member",
        state=State.placed,
        version=1,
        address_ref="adr_home",
        period=date(2026, 3, 1),
        from_stock=True,
    )
    assert (found.order.usage, found.order.rooms) == ({MARCH: 2}, {"reward:mug:stock": 2})
    assert (MUG.counter, MUG.room) == ("reward:mug", "reward:mug:stock")


def test_what_is_unlimited_takes_no_counter() -> None:
    found = ordered(mug(limit=None, stock=None)).order
    assert (found.usage, found.rooms, found.period, found.from_stock) == ({}, {}, None, False)


@pytest.mark.parametrize(
    ("kind", "grant", "grants", "state"),
    [
        (Kind.goods, None, (), State.placed),
        (Kind.experience, None, (), State.placed),
        (Kind.coupon, GrantCoupon("ten-off", 3), (GrantCoupon("ten-off", 6),), State.completed),
        (Kind.gift_card, GrantMoney("wallet", 5000), (GrantMoney("wallet", 10_000),), State.completed),
        (Kind.digital, GrantCode("cinema", 1), (GrantCode("cinema", 2),), State.completed),
    ],
)
def test_what_an_order_grants_at_once(kind: Kind, grant: Grant | None, grants: tuple[Grant, ...], state: State) -> None:
    found = ordered(mug(kind=kind, grant=grant), quantity=2)
    assert (found.grants, found.order.state) == (grants, state)
    assert (kind in AT_ONCE) == (state is State.completed)
    # Given at once is recorded once all the same.
    assert found.order.usage == {MARCH: 2}


WAYS = {(State.placed, State.fulfilled), (State.placed, State.cancelled), (State.fulfilled, State.completed)}


@pytest.mark.parametrize(("from_", "to"), list(product(State, State)))
def test_an_order_goes_only_the_written_ways(from_: State, to: State) -> None:
    order = replace(placed(), state=from_, version=4)
    if (from_, to) in WAYS:
        after = rules.moved(order, to, at=LATER, actor="clerk", note="n")
        assert after == replace(order, state=to, version=5, changed_at=LATER, changed_by="clerk", note="n")
    else:
        with pytest.raises(Problem) as caught:
            rules.moved(order, to, at=LATER, actor="clerk")
        assert caught.value.code == "rewards.wrong_state"


def test_a_wrong_way_is_told_with_the_right_ones() -> None:
    with pytest.raises(Problem) as caught:
        rules.moved(placed(), State.completed, at=LATER, actor="clerk")
    assert caught.value.text("en") == "The reward order is placed and cannot become completed; it can become fulfilled, cancelled."
    assert caught.value.text("zh") == "兑换订单已下单，不能变为已完成；可变为：已发放、已取消。"
    with pytest.raises(Problem) as caught:
        rules.moved(replace(placed(), state=State.completed), State.placed, at=LATER, actor="clerk")
    assert caught.value.text("en") == "The reward order is completed and cannot become placed; it can become nothing else."
    assert caught.value.text("zh") == "兑换订单已完成，不能变为已下单；可变为：无。"


def test_what_was_shipped_keeps_its_tracking() -> None:
    shipped = rules.moved(placed(), State.fulfilled, at=LATER, actor="clerk", carrier="SF", tracking="SF1")
    assert (shipped.carrier, shipped.tracking, shipped.usage, shipped.rooms) == ("SF", "SF1", {}, {})
    done = rules.moved(shipped, State.completed, at=LATER, actor="courier")
    assert (done.carrier, done.tracking, done.changed_by, done.version) == ("SF", "SF1", "courier", 3)


@pytest.mark.parametrize(
    ("state", "may"), [(State.placed, True), (State.fulfilled, False), (State.completed, False), (State.cancelled, False)]
)
def test_only_what_is_not_yet_fulfilled_may_be_cancelled(state: State, may: bool) -> None:
    assert rules.may_cancel(state) is may


def test_edge_21_a_cancelled_order_gives_back_what_it_took_once() -> None:
    order = placed(quantity=2)
    after = rules.cancelled(order, at=LATER, actor="member", note="changed my mind")
    assert after is not None
    assert (after.state, after.version, after.changed_by, after.note) == (State.cancelled, 2, "member", "changed my mind")
    assert (after.points, after.cash, after.usage, after.rooms) == (200, 500, {MARCH: -2}, {"reward:mug:stock": -2})
    assert rules.cancelled(after, at=LATER, actor="member") is None
    with pytest.raises(Problem) as caught:
        rules.cancelled(replace(order, state=State.fulfilled), at=LATER, actor="member")
    assert caught.value.code == "rewards.wrong_state"


STEPS = st.lists(
    st.one_of(st.tuples(st.just("order"), st.integers(1, 3)), st.tuples(st.sampled_from(State), st.integers(0, 9))), max_size=30
)


@given(STEPS, st.integers(1, 5), st.integers(0, 6))
def test_stock_and_limit_hold_whatever_is_ordered_and_cancelled(steps: list[tuple[str, int]], times: int, stock: int) -> None:
    reward = mug(limit=Quota(times=times, period="month"), stock=stock)
    usage: dict[UsageKey, int] = {}
    room, orders = stock, list[RewardOrder]()
    for number, (what, count) in enumerate(steps):
        after: RewardOrder | None
        if what == "order":
            if rules.find_refusal(reward, wish(usage=usage, room=room, quantity=count)):
                continue
            after = ordered(reward, no=number, usage=usage, room=room, quantity=count).order
            orders.append(after)
        else:
            if count >= len(orders) or State(what) not in TRANSITIONS[orders[count].state]:
                continue
            after = rules.moved(orders[count], State(what), at=LATER, actor="clerk")
            orders[count] = after
        for key, more in after.usage.items():
            usage[key] = usage.get(key, 0) + more
        room -= after.rooms.get(reward.room, 0)
        kept = sum(order.quantity for order in orders if order.state is not State.cancelled)
        assert (usage.get(MARCH, 0), room) == (kept, stock - kept)
        assert kept <= times
        assert room >= 0


@pytest.mark.parametrize(
    ("found", "code", "en", "zh"),
    [
        (None, "rewards.card_unknown", "There is no gift card with this code.", "没有此礼品卡。"),
        (
            card(state=CardState.redeemed, redeemed_by=MemberId(UUID(int=1)), redeemed_at=datetime(2026, 2, 1, tzinfo=UTC)),
            "rewards.card_redeemed",
            "The gift card ending in 89BC was redeemed on 2026-02-01.",
            "尾号 89BC 的礼品卡已于 2026-02-01 兑换。",
        ),
        (card(state=CardState.void), "rewards.card_void", "The gift card ending in 89BC was withdrawn.", "尾号 89BC 的礼品卡已作废。"),
        (
            card(expires_at=NOON),
            "rewards.card_expired",
            "The gift card ending in 89BC expired on 2026-03-01.",
            "尾号 89BC 的礼品卡已于 2026-03-01 过期。",
        ),
        (
            card(expires_at=datetime(2026, 3, 1, tzinfo=UTC)),
            "rewards.card_expired",
            "The gift card ending in 89BC expired on 2026-02-28.",
            "尾号 89BC 的礼品卡已于 2026-02-28 过期。",
        ),
        (
            card(currency="CNY"),
            "rewards.card_currency",
            "The gift card is in CNY; the programme settles in GBP.",
            "礼品卡币种为 CNY，会员计划以 GBP 结算。",
        ),
    ],
)
def test_why_a_gift_card_cannot_be_taken(found: GiftCard | None, code: str, en: str, zh: str) -> None:
    refused = rules.find_card_refusal(found, at=NOON, zone=LONDON, currency="GBP")
    assert refused is not None
    assert (refused.code, refused.text("en"), refused.text("zh")) == (code, en, zh)


def test_a_gift_card_can_be_taken_until_the_last_instant() -> None:
    assert rules.find_card_refusal(card(expires_at=NOON + TICK), at=NOON, zone=LONDON, currency="GBP") is None


def test_a_reward_is_known_by_its_id() -> None:
    assert rules.get({"mug": MUG}, "mug") is MUG
    with pytest.raises(Problem) as caught:
        rules.get({}, "gone")
    assert caught.value.text() == "The rewards mall has no gone; it has –."
