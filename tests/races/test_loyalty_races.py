"""The engine against itself: threads from a barrier, each with a connection of its own; nothing is spent twice, nothing is lost."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from uuid import UUID

import pytest

from regulars.domains.loyalty import service
from regulars.domains.loyalty.model import Fact, HoldPlaced, LinesRefunded, PointsRedeemed, PointsTransferred
from regulars.domains.loyalty.service import Done
from regulars.domains.members.model import MemberRef
from regulars.domains.orders.model import Refund, RefundLine
from regulars.kernel import ids
from regulars.kernel.ids import RefundId, SubjectId
from regulars.kernel.problem import Problem
from regulars.platform import batching
from regulars.platform import db as database
from regulars.platform.clock import MovableClock
from regulars.platform.db import Database
from tests.domains.loyalty import programmes
from tests.support import factories, served
from tests.support.factories import NOON

MANY = 20
SAME = 50
ROUNDS = [pytest.param(3, id="3"), pytest.param(100, id="100", marks=pytest.mark.prove)]
rounds = pytest.mark.parametrize("count", ROUNDS)


@pytest.fixture
def house(url: str, clock: MovableClock) -> Iterator[Database]:
    """The plain programme is in force; the pool has a connection for every thread."""
    pool = database.connect(url, clock_=clock, pool_size=SAME)
    with pool.transaction() as ctx:
        service.publish(ctx, service.add_draft(ctx, programmes.PLAIN).version)
    yield pool
    pool.close()


def take(db: Database, *facts: Fact) -> list[Done | Exception]:
    return batching.run(db, service.handle, list(facts))


def together(db: Database, facts: Sequence[Fact]) -> list[Done | Exception]:
    """One thread a fact, all let go at once; their answers in the order of the facts."""
    barrier = threading.Barrier(len(facts))
    answers: list[Done | Exception] = [RuntimeError("no answer")] * len(facts)

    def one(place: int) -> None:
        barrier.wait()
        (answers[place],) = take(db, facts[place])

    threads = [threading.Thread(target=one, args=(place,)) for place in range(len(facts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def settled(db: Database, facts: Sequence[Fact]) -> list[str]:
    """What became of each fact in the end: who got ``unavailable`` sends it again, as a client does."""
    answers = together(db, facts)
    for place, fact in enumerate(facts):
        while isinstance(refused := answers[place], Problem) and refused.code == "unavailable":
            (answers[place],) = take(db, fact)
    return [_told(answer) for answer in answers]


def _told(answer: Done | Exception) -> str:
    if isinstance(answer, Problem):
        return answer.code
    if isinstance(answer, Exception):
        raise answer
    return "duplicate" if answer.duplicate else "done"


def members(db: Database, count: int, *, number: int, amount: int = 1_000) -> list[MemberRef]:
    """``count`` fresh members with an order of ``amount`` each."""
    with db.transaction() as ctx:
        made = factories.enrol(ctx, count, prefix=f"r{number}-")
    paid = [factories.paid(one, f"{number}-{place}", [factories.line(1, amount)]) for place, one in enumerate(made)]
    assert {_told(answer) for answer in take(db, *paid)} == {"done"}
    return made


def available(db: Database, member: MemberRef) -> int:
    with db.reading() as ctx:
        return service.standing(ctx, member.member_id).wallet.total("points").available


def redeem(member: MemberRef, ref: UUID, points: int = 10) -> PointsRedeemed:
    return PointsRedeemed(member_id=member.member_id, at=NOON, ref=ref, unit="points", points=points)


def ref(number: int, place: int) -> UUID:
    return UUID(int=number * 1_000 + place + 1)


def refund(member: MemberRef, order: str) -> LinesRefunded:
    refund_id = RefundId(ids.derived(NOON, "refund", "shop", order))
    return LinesRefunded(
        refund=Refund(
            refund_id=refund_id,
            subject_id=SubjectId(refund_id),
            member_id=member.member_id,
            source="shop",
            number=order,
            refunded_at=NOON,
            currency="GBP",
            order_id=None,
            order_number=order,
            lines=(RefundLine(1, 1_000),),
        )
    )


@rounds
def test_of_twenty_redemptions_of_one_balance_one_is_done(house: Database, count: int) -> None:
    for number in range(count):
        (member,) = members(house, 1, number=number)
        told = settled(house, [redeem(member, ref(number, place)) for place in range(MANY)])
        assert sorted(told) == ["done"] + ["points.insufficient"] * (MANY - 1)
        assert available(house, member) == 0
    served.clean(house)


@rounds
def test_the_same_order_posted_fifty_times_is_one_with_one_answer(house: Database, count: int) -> None:
    for number in range(count):
        (member,) = members(house, 1, number=number)
        fact = factories.paid(member, f"same-{number}")
        assert sorted(settled(house, [fact] * SAME)) == ["done"] + ["duplicate"] * (SAME - 1)
        answers = [answer.answer for answer in take(house, *[fact] * 3) if isinstance(answer, Done)]
        assert answers == [answers[0]] * 3
        assert answers[0]["granted"] == {"points": 10, "growth": 10}
        assert available(house, member) == 20
    served.clean(house)


@rounds
def test_a_refund_against_a_redemption_leaves_nothing_or_a_debt(house: Database, count: int) -> None:
    for number in range(count):
        (member,) = members(house, 1, number=number)
        told = settled(house, [refund(member, f"{number}-0"), redeem(member, ref(number, 0))])
        with house.reading() as ctx:
            total = service.standing(ctx, member.member_id).wallet.total("points")
        assert (told[0], told[1], total.available, total.debt) in (
            ("done", "done", 0, 10),
            ("done", "points.insufficient", 0, 0),
        )
    served.clean(house)


@rounds
def test_a_hold_against_a_redemption_spends_the_balance_once(house: Database, count: int) -> None:
    for number in range(count):
        (member,) = members(house, 1, number=number)
        held = HoldPlaced(
            member_id=member.member_id, at=NOON, ref=ref(number, 1), unit="points", points=10, until=NOON + timedelta(minutes=15)
        )
        assert sorted(settled(house, [held, redeem(member, ref(number, 0))])) == ["done", "points.insufficient"]
        assert available(house, member) == 0
    served.clean(house)


@rounds
def test_a_storm_of_transfers_among_five_members_conserves_the_points(house: Database, count: int) -> None:
    for number in range(count):
        five = members(house, 5, number=number, amount=10_000)
        facts = [
            PointsTransferred(
                member_id=five[place % 5].member_id,
                at=NOON,
                ref=ref(number, place),
                receiver=five[(place + 1 + place // 5 % 4) % 5].member_id,
                unit="points",
                points=1 + place,
            )
            for place in range(MANY)
        ]
        assert set(settled(house, facts)) == {"done"}
        assert sum(available(house, member) for member in five) == 500
    served.clean(house)


@pytest.mark.prove
def test_redemptions_of_different_members_do_not_wait_for_each_other(house: Database) -> None:
    """Prints how much longer one member's twenty redemptions take than twenty members'; all of both are done."""

    def seconds(facts: Callable[[int], list[Fact]]) -> float:
        spent = 0.0
        for number in range(10):
            made = facts(number)
            began = time.perf_counter()
            told = settled(house, made)
            spent += time.perf_counter() - began
            assert told == ["done"] * MANY
        return spent

    def same(number: int) -> list[Fact]:
        (member,) = members(house, 1, number=number, amount=10_000)
        return [redeem(member, ref(number, place), 5) for place in range(MANY)]

    def different(number: int) -> list[Fact]:
        many = members(house, MANY, number=1_000 + number)
        return [redeem(member, ref(1_000 + number, place), 5) for place, member in enumerate(many)]

    one, others = seconds(same), seconds(different)
    print(f"20 redemptions: one member {one / 10:.3f} s, 20 members {others / 10:.3f} s, ratio {one / others:.1f}")  # noqa: T201 - the figure
    served.clean(house)
