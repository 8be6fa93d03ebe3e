"""Codes that are handed out, against threads from a barrier: the last ones to as many as there are; seen or taken back, never both."""

import threading
from collections import Counter
from collections.abc import Iterator

import pytest

from regulars.domains.loyalty import service
from regulars.domains.loyalty.model import RewardMoved, RewardOrdered
from regulars.domains.loyalty.service import handing
from regulars.domains.rewards.model import CodeBatch
from regulars.kernel.problem import Problem
from regulars.platform import db as database
from regulars.platform.clock import MovableClock
from regulars.platform.crypto import Keyring
from regulars.platform.db import Database
from tests.domains.loyalty import programmes
from tests.races.test_loyalty_races import available, members, ref, rounds, settled, take
from tests.support import served
from tests.support.factories import NOON

MANY, LAST = 20, 5
TICKET = "rewards:\n  - {id: ticket, label: {en: Ticket, zh: 影票}, kind: digital, unit: points, points: 4, codes: cinema}\n"


@pytest.fixture
def house(url: str, clock: MovableClock) -> Iterator[Database]:
    """The programme is in force; the pool has a connection for every thread."""
    pool = database.connect(url, clock_=clock, pool_size=MANY)
    with pool.transaction() as ctx:
        service.publish(ctx, service.add_draft(ctx, programmes.changed(more_rules=TICKET)).version)
    yield pool
    pool.close()


def upload(house: Database, keyring: Keyring, number: int, count: int) -> set[str]:
    codes = {f"code-{number}-{place}" for place in range(count)}
    uploaded(house, keyring, codes)
    return codes


def uploaded(house: Database, keyring: Keyring, codes: set[str]) -> CodeBatch:
    with house.transaction() as ctx:
        return handing.upload(ctx, "cinema", sorted(codes), keyring=keyring)


def withdrawing(house: Database, batch: CodeBatch, barrier: threading.Barrier) -> threading.Thread:
    """Begun: the upload is withdrawn once everybody is at the barrier."""

    def withdraw() -> None:
        barrier.wait()
        with house.transaction() as ctx:
            handing.withdraw(ctx, "cinema", batch.batch_id, reason="race")

    thread = threading.Thread(target=withdraw)
    thread.start()
    return thread


def state(house: Database, batch: CodeBatch) -> tuple[str, int, int]:
    """The upload's state, how many of its codes were withdrawn, how many codes the pool has free."""
    with house.reading() as ctx:
        now = handing.get_upload(ctx, batch.batch_id)
        free = next((stock.pool.free for stock in handing.stocks(ctx)), 0)
    return now.state.value, now.withdrawn, free


@rounds
def test_the_last_codes_go_to_as_many_as_there_are_each_another(house: Database, keyring: Keyring, count: int) -> None:
    for number in range(count):
        codes, many = upload(house, keyring, number, LAST), members(house, MANY, number=number)
        facts = [
            RewardOrdered(member_id=one.member_id, at=NOON, ref=ref(number, place), reward="ticket", quantity=1, by="member")
            for place, one in enumerate(many)
        ]
        told = settled(house, facts)
        assert Counter(told) == {"done": LAST, "rewards.codes_gone": MANY - LAST}
        assert sum(available(house, one) for one in many) == MANY * 10 - LAST * 4
        with house.transaction() as ctx:
            shown = [
                handing.reveal(ctx, fact.member_id, fact.ref, keyring=keyring).codes
                for fact, answer in zip(facts, told, strict=True)
                if answer == "done"
            ]
        assert {code for (code,) in shown} == codes
    served.clean(house)


@rounds
def test_a_withdrawn_code_is_an_orders_or_gone_and_never_both(house: Database, keyring: Keyring, count: int) -> None:
    for number in range(count):
        batch = uploaded(house, keyring, {f"code-{number}-{place}" for place in range(LAST)})
        many, barrier = members(house, LAST, number=number), threading.Barrier(2)
        facts = [
            RewardOrdered(member_id=one.member_id, at=NOON, ref=ref(number, place), reward="ticket", quantity=1, by="member")
            for place, one in enumerate(many)
        ]
        withdrawal = withdrawing(house, batch, barrier)
        barrier.wait()
        told = Counter(settled(house, facts))
        withdrawal.join()
        assert told["done"] + told["rewards.codes_gone"] == LAST
        assert state(house, batch) == ("void", LAST - told["done"], 0)
        assert sum(available(house, one) for one in many) == LAST * 10 - told["done"] * 4
    served.clean(house)


@rounds
def test_a_code_that_goes_back_while_its_upload_is_withdrawn_is_gone(house: Database, keyring: Keyring, count: int) -> None:
    for number in range(count):
        batch = uploaded(house, keyring, {f"code-{number}"})
        (one,), barrier = members(house, 1, number=number), threading.Barrier(2)
        order = RewardOrdered(member_id=one.member_id, at=NOON, ref=ref(number, 1), reward="ticket", quantity=1, by="member")
        take(house, order)
        withdrawal = withdrawing(house, batch, barrier)
        barrier.wait()
        (told,) = settled(house, [RewardMoved(member_id=one.member_id, at=NOON, ref=order.ref, state="cancelled", by="member")])
        withdrawal.join()
        # Given back before, it was withdrawn with the upload; afterwards, the cancellation itself let it go.
        assert (told, available(house, one)) == ("done", 10)
        found = state(house, batch)
        assert (found[0], found[1] in (0, 1), found[2]) == ("void", True, 0)
    served.clean(house)


@rounds
def test_a_code_is_seen_or_goes_back_and_never_both(house: Database, keyring: Keyring, count: int) -> None:
    for number in range(count):
        upload(house, keyring, number, 1)
        (one,) = members(house, 1, number=number)
        order = RewardOrdered(member_id=one.member_id, at=NOON, ref=ref(number, 1), reward="ticket", quantity=1, by="member")
        take(house, order)
        barrier, seen, gone = threading.Barrier(2), list[str](), list[str]()

        def look(
            order: RewardOrdered = order, barrier: threading.Barrier = barrier, seen: list[str] = seen, gone: list[str] = gone
        ) -> None:
            barrier.wait()
            try:
                with house.transaction() as ctx:
                    seen += handing.reveal(ctx, order.member_id, order.ref, keyring=keyring).codes
            except Problem as refused:
                gone.append(refused.code)

        looking = threading.Thread(target=look)
        looking.start()
        barrier.wait()
        cancel = RewardMoved(member_id=one.member_id, at=NOON, ref=order.ref, state="cancelled", by="member")
        (told,) = settled(house, [cancel])
        looking.join()
        assert (told, available(house, one)) == (("rewards.code_seen", 6) if seen else ("done", 10))
        assert gone == ([] if seen else ["rewards.order_unknown"])
        if not seen:
            # Used up, so that the next round begins with its own.
            again = RewardOrdered(member_id=one.member_id, at=NOON, ref=ref(number, 2), reward="ticket", quantity=1, by="member")
            take(house, again)
    served.clean(house)
