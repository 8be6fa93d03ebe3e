"""What all members share and what exists once - stocks, budgets, a coupon, a code - against threads from a barrier."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest

from regulars.domains.loyalty import service
from regulars.domains.loyalty.model import (
    ActDone,
    CouponGiven,
    CouponRedeemed,
    CouponUse,
    OrderPaid,
    RewardMoved,
    RewardOrdered,
)
from regulars.domains.loyalty.service import acting
from regulars.domains.members.model import MemberRef
from regulars.platform import db as database
from regulars.platform.clock import MovableClock
from regulars.platform.db import Database
from tests.domains.loyalty import programmes
from tests.races.test_loyalty_races import available, members, ref, rounds, settled, take
from tests.support import factories, served
from tests.support.factories import NOON

MANY = 10


def programme(count: int) -> str:
    """What each round uses up, once a round: a budget of 25 points, three coupons, three rewards."""
    rules = "".join(
        f"  - {{id: share{number}, label: {{en: Share, zh: 分享}}, unit: points, on: share_{number}, fixed: 10, budget: 25}}\n"
        for number in range(count)
    )
    coupons = "".join(
        f"  - {{id: last{number}, label: {{en: Last, zh: 最后一张}}, cash: {{face: 200}}, validity: {{days: 30}}, stock: 3, claim: {{}}}}\n"
        for number in range(count)
    )
    rewards = "".join(
        f"  - {{id: cup{number}, label: {{en: Cup, zh: 茶杯}}, kind: experience, unit: points, points: 4, stock: 3}}\n"
        for number in range(count)
    )
    once = "  - {id: once, label: {en: Once, zh: 一次}, cash: {face: 300}, validity: {days: 30}}\n"
    return programmes.changed(more_rules=f"{rules}coupon_lanes:\n  - {{id: main}}\ncoupons:\n{once}{coupons}rewards:\n{rewards}")


@pytest.fixture
def house(url: str, clock: MovableClock, count: int) -> Iterator[Database]:
    """The programme is in force; the pool has a connection for every thread."""
    pool = database.connect(url, clock_=clock, pool_size=2 * MANY)
    with pool.transaction() as ctx:
        service.publish(ctx, service.add_draft(ctx, programme(count)).version)
    yield pool
    pool.close()


def given(member: MemberRef, number: int, place: int, definition: str, source: str = "claim") -> CouponGiven:
    return CouponGiven(member_id=member.member_id, at=NOON, ref=ref(number, 500 + place), definition=definition, source=source)


def ordered(member: MemberRef, number: int, place: int) -> RewardOrdered:
    return RewardOrdered(member_id=member.member_id, at=NOON, ref=ref(number, place), reward=f"cup{number}", quantity=1, by="member")


@rounds
def test_the_last_rewards_go_to_as_many_as_there_are(house: Database, count: int) -> None:
    for number in range(count):
        many = members(house, MANY, number=number)
        told = settled(house, [ordered(one, number, place) for place, one in enumerate(many)])
        assert Counter(told) == {"done": 3, "rewards.out_of_stock": MANY - 3}
        left = sum(available(house, one) for one in many)
        assert left == MANY * 10 - 3 * 4
    served.clean(house)


@rounds
def test_the_last_coupons_go_to_as_many_as_there_are(house: Database, count: int) -> None:
    for number in range(count):
        many = members(house, MANY, number=number)
        told = settled(house, [given(one, number, place, f"last{number}") for place, one in enumerate(many)])
        assert Counter(told) == {"done": 3, "coupons.not_claimed": MANY - 3}
    served.clean(house)


@rounds
def test_a_budgets_last_point_is_given_once(house: Database, count: int) -> None:
    for number in range(count):
        many = members(house, MANY, number=number)
        acts = [
            ActDone(
                member_id=one.member_id,
                at=NOON,
                ref=acting.act_id("shop", f"{number}-{place}"),
                act=f"share_{number}",
                source="shop",
                number=f"{number}-{place}",
            )
            for place, one in enumerate(many)
        ]
        assert settled(house, acts) == ["done"] * MANY
        # Twice ten and the five that were left; the others got nothing.
        assert sorted((available(house, one) - 10 for one in many), reverse=True) == [10, 10, 5] + [0] * (MANY - 3)
    served.clean(house)


def with_coupon(member: MemberRef, number: str, coupon: UUID) -> OrderPaid:
    paid = factories.paid(member, number, [replace(factories.line(1, 2_000), discount=300)])
    return replace(paid, coupons=(CouponUse(str(coupon), 300, 0),))


def _coupon(answer: service.Done) -> str:
    coupons = answer.answer["coupons"]
    assert isinstance(coupons, list)
    return str(coupons[0]["state"])


@rounds
def test_two_carts_with_one_coupon_use_it_once(house: Database, count: int) -> None:
    for number in range(count):
        (member,) = members(house, 1, number=number)
        coupon = given(member, number, 0, "once", "gift")
        take(house, coupon)
        carts = [with_coupon(member, f"cart-{number}-{place}", coupon.ref) for place in range(2)]
        # A sale that happened is recorded; which of the two had the coupon is told in its answer.
        assert settled(house, carts) == ["done", "done"]
        told = [_coupon(answer) for answer in take(house, *carts) if isinstance(answer, service.Done)]
        assert sorted(told) == ["refused", "used"]
    served.clean(house)


@rounds
def test_two_clerks_with_one_coupon_take_it_once(house: Database, count: int) -> None:
    for number in range(count):
        (member,) = members(house, 1, number=number)
        coupon = given(member, number, 0, "once", "gift")
        take(house, coupon)
        at_counter = [
            CouponRedeemed(member_id=member.member_id, at=NOON, ref=ref(number, place), coupon=str(coupon.ref), amount=5_000)
            for place in range(MANY)
        ]
        assert Counter(settled(house, at_counter)) == {"done": 1, "coupons.not_usable": MANY - 1}
    served.clean(house)


@rounds
def test_a_cancelled_reward_gives_its_points_and_its_stock_back_once(house: Database, count: int) -> None:
    """Undo against do: cancelled from several sides while others wait for what comes free."""
    for number in range(count):
        many = members(house, MANY, number=number)
        holders, waiting = many[:3], many[3:]
        first = [ordered(one, number, place) for place, one in enumerate(holders)]
        assert settled(house, first) == ["done"] * 3
        undone = [RewardMoved(member_id=holders[0].member_id, at=NOON, ref=first[0].ref, state="cancelled", by="member")] * 2
        wanted = [ordered(one, number, 10 + place) for place, one in enumerate(waiting)]
        told = settled(house, [*undone, *wanted])
        assert sorted(told[:2]) == ["done", "duplicate"]
        got = Counter(told[2:])
        assert got["done"] <= 1
        assert got["done"] + got["rewards.out_of_stock"] == len(waiting)
        assert sum(available(house, one) for one in many) == MANY * 10 - (2 + got["done"]) * 4
        if not got["done"]:
            assert settled(house, [ordered(waiting[0], number, 99)]) == ["done"]
    served.clean(house)
