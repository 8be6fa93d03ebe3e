"""Reward orders and gift cards in the database: each change written once, each card taken once."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from regulars.domains.rewards import rules
from regulars.domains.rewards.model import Batch, CardState, Event, Queued, RewardOrder, State
from regulars.domains.rewards.store import gift_cards, orders
from regulars.kernel.ids import MemberId
from regulars.platform.context import Ctx
from regulars.platform.db import Database
from tests.domains.rewards.given import NOON, card, placed

A, B = MemberId(UUID(int=1)), MemberId(UUID(int=2))
LATER = NOON + timedelta(days=1)


def shipped(order: RewardOrder) -> RewardOrder:
    return rules.moved(order, State.fulfilled, at=LATER, actor="clerk", carrier="SF", tracking="SF\t1", note="fragile")


def cancelled(order: RewardOrder) -> RewardOrder:
    found = rules.cancelled(order, at=LATER, actor="member")
    assert found is not None
    return found


def test_orders_come_back_as_they_were_written(ctx: Ctx) -> None:
    one, two = placed(no=1), replace(placed(no=2), period=None, from_stock=False, address_ref="")
    assert orders.save(ctx.tx, [(A, one), (B, two)]) == {(A, one.reward_order_id), (B, two.reward_order_id)}
    keys = [(A, one.reward_order_id), (B, two.reward_order_id), (B, one.reward_order_id)]
    assert orders.load(ctx.tx, keys) == {keys[0]: one, keys[1]: two}


def test_nothing_to_write_or_read_is_fine(ctx: Ctx) -> None:
    assert orders.save(ctx.tx, []) == set()
    assert orders.load(ctx.tx, []) == {}
    gift_cards.make(ctx.tx, [])
    assert gift_cards.find(ctx.tx, []) == {}
    assert gift_cards.take(ctx.tx, {}, at=NOON) == set()
    assert gift_cards.put_back(ctx.tx, {}) == set()
    assert gift_cards.batches(ctx.tx) == []


def test_every_change_says_who_and_when(ctx: Ctx) -> None:
    first = placed()
    second = shipped(first)
    third = rules.moved(second, State.completed, at=LATER, actor="courier")
    for order in (first, second, third):
        assert orders.save(ctx.tx, [(A, order)]) == {(A, order.reward_order_id)}
    assert orders.load(ctx.tx, [(A, first.reward_order_id)]) == {(A, first.reward_order_id): third}
    assert orders.events(ctx.tx, A, first.reward_order_id) == [
        Event(version=1, state=State.placed, at=NOON, actor="member", carrier="", tracking="", note=""),
        Event(version=2, state=State.fulfilled, at=LATER, actor="clerk", carrier="SF", tracking="SF\t1", note="fragile"),
        Event(version=3, state=State.completed, at=LATER, actor="courier", carrier="SF", tracking="SF\t1", note=""),
    ]
    assert orders.events(ctx.tx, B, first.reward_order_id) == []


def test_edge_21_of_two_changes_of_one_version_the_second_is_lost(ctx: Ctx) -> None:
    order = placed()
    key = (A, order.reward_order_id)
    orders.save(ctx.tx, [(A, order)])
    assert orders.save(ctx.tx, [(A, cancelled(order))]) == {key}
    assert orders.save(ctx.tx, [(A, cancelled(order))]) == set()
    assert orders.save(ctx.tx, [(A, shipped(order))]) == set()
    assert orders.save(ctx.tx, [(A, order)]) == set()
    assert orders.load(ctx.tx, [key]) == {key: cancelled(order)}
    assert [event.state for event in orders.events(ctx.tx, *key)] == [State.placed, State.cancelled]


def test_a_change_of_an_order_that_is_not_there_writes_nothing(ctx: Ctx) -> None:
    assert orders.save(ctx.tx, [(A, shipped(placed()))]) == set()
    assert orders.load(ctx.tx, [(A, placed().reward_order_id)]) == {}


def test_an_order_placed_and_cancelled_in_one_batch_has_both_events(ctx: Ctx) -> None:
    one, two = placed(no=1), placed(no=2)
    assert orders.save(ctx.tx, [(A, one), (A, cancelled(one)), (B, two)]) == {(A, one.reward_order_id), (B, two.reward_order_id)}
    assert [event.version for event in orders.events(ctx.tx, A, one.reward_order_id)] == [1, 2]
    # The first version is lost, so the whole order is.
    assert orders.save(ctx.tx, [(B, two), (B, shipped(two))]) == set()


def test_orders_are_paged_by_member_newest_first(ctx: Ctx) -> None:
    mine = [placed(no=no, at=NOON + timedelta(days=day)) for no, day in ((1, 0), (2, 2), (3, 2), (4, 1))]
    orders.save(ctx.tx, [(A, order) for order in mine] + [(B, placed(no=9))])
    first = orders.page(ctx.tx, A, limit=2)
    assert [order.reward_order_id.int for order in first] == [3, 2]
    rest = orders.page(ctx.tx, A, after=(first[-1].placed_at, first[-1].reward_order_id))
    assert [order.reward_order_id.int for order in rest] == [4, 1]


def test_what_is_to_be_sent_comes_oldest_first_and_is_counted(ctx: Ctx) -> None:
    mine = [placed(no=no, at=NOON + timedelta(days=day)) for no, day in ((1, 2), (2, 1), (3, 1), (4, 0))]
    orders.save(ctx.tx, [(A if order.reward_order_id.int % 2 else B, order) for order in mine])
    orders.save(ctx.tx, [(B, shipped(mine[3]))])
    first = orders.queue(ctx.tx, State.placed, limit=2)
    assert first == [Queued(member_id=B, order=mine[1]), Queued(member_id=A, order=mine[2])]
    rest = orders.queue(ctx.tx, State.placed, after=(first[-1].order.placed_at, first[-1].order.reward_order_id))
    assert rest == [Queued(member_id=A, order=mine[0])]
    assert orders.counts(ctx.tx) == {State.placed: 3, State.fulfilled: 1, State.completed: 0, State.cancelled: 0}


def test_cards_are_found_by_digest_and_the_code_is_nowhere(ctx: Ctx) -> None:
    gift_cards.make(ctx.tx, [card("d1"), card("d2", amount=100)])
    assert gift_cards.find(ctx.tx, ["d2", "d3"]) == {"d2": card("d2", amount=100)}


def test_a_digest_that_is_there_fails_the_batch(db: Database) -> None:
    with db.transaction() as ctx:
        gift_cards.make(ctx.tx, [card("d1")])
    with pytest.raises(psycopg.errors.UniqueViolation), db.transaction() as ctx:
        gift_cards.make(ctx.tx, [card("d2"), card("d1")])
    with db.transaction() as ctx:
        assert gift_cards.find(ctx.tx, ["d2"]) == {}


def test_a_card_is_taken_once_and_only_while_it_is_good(ctx: Ctx) -> None:
    gift_cards.make(ctx.tx, [card("good"), card("old", expires_at=NOON), card("void", batch="bad")])
    assert gift_cards.void(ctx.tx, "bad") == 1
    assert gift_cards.take(ctx.tx, {"good": A, "old": A, "void": A, "none": A}, at=NOON) == {"good"}
    assert gift_cards.take(ctx.tx, {"good": B}, at=NOON) == set()
    assert gift_cards.find(ctx.tx, ["good"])["good"] == card("good", state=CardState.redeemed, redeemed_by=A, redeemed_at=NOON)
    assert gift_cards.void(ctx.tx, "spring") == 1


def test_a_card_goes_back_only_from_who_holds_it(ctx: Ctx) -> None:
    gift_cards.make(ctx.tx, [card("d1"), card("d2")])
    gift_cards.take(ctx.tx, {"d1": A, "d2": A}, at=NOON)
    assert gift_cards.put_back(ctx.tx, {"d1": A, "d2": B}) == {"d1"}
    assert gift_cards.find(ctx.tx, ["d1", "d2"]) == {
        "d1": card("d1"),
        "d2": card("d2", state=CardState.redeemed, redeemed_by=A, redeemed_at=NOON),
    }
    assert gift_cards.take(ctx.tx, {"d1": B}, at=LATER) == {"d1"}


def test_what_became_of_each_batch(ctx: Ctx) -> None:
    gift_cards.make(ctx.tx, [card("a1"), card("a2"), card("b1", batch="autumn", amount=100, made_at=LATER)])
    gift_cards.take(ctx.tx, {"a2": A}, at=NOON)
    gift_cards.void(ctx.tx, "autumn")
    made: dict[str, Any] = {"unit": "wallet", "currency": "GBP", "expires_at": card().expires_at, "made_by": "operator"}
    assert gift_cards.batches(ctx.tx) == [
        Batch(batch="autumn", face=100, made_at=LATER, cards=1, redeemed=0, void=1, amount=100, redeemed_amount=0, **made),
        Batch(batch="spring", face=5000, made_at=NOON, cards=2, redeemed=1, void=0, amount=10_000, redeemed_amount=5000, **made),
    ]


def test_cards_of_a_batch_come_by_the_end_of_their_codes(ctx: Ctx) -> None:
    gift_cards.make(ctx.tx, [card("d1", last_four="9"), card("d2", last_four="1"), card("d3", last_four="1"), card("d4", batch="autumn")])
    assert gift_cards.void_one(ctx.tx, "d2")
    assert not gift_cards.void_one(ctx.tx, "d2")

    def page(state: CardState | None = None, after: tuple[str, str] | None = None) -> list[str]:
        return [one.code_hash for one in gift_cards.page(ctx.tx, "spring", state=state, after=after, limit=2)]

    assert (page(), page(after=("1", "d3"))) == (["d2", "d3"], ["d1"])
    assert (page(CardState.open), page(CardState.void)) == (["d3", "d1"], ["d2"])


def test_of_many_who_take_the_same_cards_at_once_one_gets_each(db: Database) -> None:
    digests = [f"d{i}" for i in range(6)]
    with db.transaction() as ctx:
        gift_cards.make(ctx.tx, [card(digest) for digest in digests])
    gate, got = threading.Barrier(4), list[set[str]]()

    def taker(no: int) -> None:
        wanted = digests if no % 2 else digests[::-1]
        gate.wait()
        with db.transaction() as ctx:
            got.append(gift_cards.take(ctx.tx, dict.fromkeys(wanted, MemberId(UUID(int=no))), at=NOON))

    threads = [threading.Thread(target=taker, args=(no,)) for no in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(digest for taken in got for digest in taken) == digests
    assert len(got) == 4
