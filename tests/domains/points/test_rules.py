"""Which entries a wish becomes: taking soonest expiry first, giving back, restoring, debts, holds, and the passing of time."""

from datetime import datetime
from uuid import UUID

import pytest

from regulars.domains.points import rules as points
from regulars.domains.points.model import ALWAYS, NEVER, Entry
from regulars.kernel.problem import Kind, Problem
from tests.support.wallets import NOON, TICK, brief, day, entry, held, lot, totals, wallet

A, B, C = day(10), day(20), day(30)
REF = UUID(int=5)


def test_spendable_lots_come_soonest_first_undated_last_and_without_lapsed_pending_or_foreign_ones() -> None:
    found = wallet(lot(1), lot(1, B), lot(1, A), lot(1, NOON), lot(1, NOON + TICK), lot(1, A, day(1)), lot(1, A, unit="growth"))
    assert [key[1] for key in points.spendable(found, "points", NOON)] == [NOON + TICK, A, B, NEVER]
    assert points.spendable(found, "growth", NOON) == [("growth", A, ALWAYS)]


@pytest.mark.parametrize(
    ("amount", "parts"),
    [(1, [(A, 1)]), (9, [(A, 9)]), (10, [(A, 10)]), (11, [(A, 10), (B, 1)]), (35, [(A, 10), (B, 20), (NEVER, 5)])],
)
def test_points_are_taken_from_the_soonest_expiry_one_entry_a_lot(amount: int, parts: list[tuple[datetime, int]]) -> None:
    found = wallet(lot(5), lot(20, B), lot(10, A))
    taken = points.take(found, "spend", unit="points", amount=amount, at=NOON, ref=REF, why={"reason": "tea"})
    assert taken == [Entry("points", "spend", part, NOON, expires, ALWAYS, REF, {"reason": "tea"}) for expires, part in parts]
    assert (found.total("points").available, found.total("points").spent) == (35 - amount, amount)


def test_one_more_than_there_is_is_refused_with_both_numbers_and_nothing_is_posted() -> None:
    found = wallet(lot(10, A), lot(7, B, day(1)), lot(5, NOON))
    before = found.copy()
    with pytest.raises(Problem) as refused:
        points.take(found, "spend", unit="points", amount=11, at=NOON, ref=REF, why={})
    assert (refused.value.code, refused.value.kind) == ("points.insufficient", Kind.limit)
    assert refused.value.fields == {"unit": "points", "available": 10, "asked": 11}
    assert found == before


def test_only_the_first_of_several_entries_uses_up_the_cap() -> None:
    caps = [("transfer:points", "2026-03-01", 15)]
    found = wallet(lot(10, A), lot(10, B))
    taken = points.take(found, "send", unit="points", amount=15, at=NOON, ref=REF, why={"to": "x", "caps": caps})
    assert [each.why for each in taken] == [{"to": "x", "caps": caps}, {"to": "x"}]
    assert list(found.usage.values()) == [15]


@pytest.mark.parametrize(
    ("debt", "granted", "entries", "available"),
    [
        (0, 10, [("grant", 10)], 10),
        (1, 10, [("grant", 10), ("settle", 1)], 9),
        (10, 10, [("grant", 10), ("settle", 10)], 0),
        (11, 10, [("grant", 10), ("settle", 10)], 0),
    ],
)
def test_a_grant_pays_the_debt_first_up_to_itself(debt: int, granted: int, entries: list[tuple[str, int]], available: int) -> None:
    found = wallet(*([entry("owe", debt)] if debt else []))
    posted = points.grant(found, entry("grant", granted, A, ref=REF, parts=[]))
    assert brief(posted) == entries
    assert (found.total("points").available, found.total("points").debt) == (available, max(0, debt - granted))
    if debt:
        assert posted[1] == Entry("points", "settle", min(debt, granted), NOON, A, ALWAYS, REF, {"debt": debt})


def test_a_pending_grant_pays_no_debt_until_it_is_released() -> None:
    found = wallet(entry("owe", 4))
    assert brief(points.grant(found, entry("grant", 10, A, available_at=day(3)))) == [("grant", 10)]
    assert totals(found) == {"pending": 10, "debt": 4, "granted": 10, "reversed": 4}
    released = points.advance(found, day(3))
    assert released == [
        Entry("points", "release", 10, day(3), A, day(3), None, {}),
        Entry("points", "settle", 4, day(3), A, ALWAYS, None, {"debt": 4}),
    ]
    assert totals(found) == {"available": 6, "granted": 10, "reversed": 4}


GRANTED = entry("grant", 10, B, ref=REF)
PENDING = entry("grant", 10, B, available_at=day(2), ref=REF)
WHY: dict[str, object] = {"refund": "r"}


@pytest.mark.parametrize(
    ("case", "granted", "lots", "amount", "expected"),
    [
        ("its own lot before a sooner one", GRANTED, [lot(10, A), lot(10, B)], 10, [("reverse", 10, B, ALWAYS)]),
        ("a part of its own lot", GRANTED, [lot(10, B)], 4, [("reverse", 4, B, ALWAYS)]),
        (
            "its own lot, then the soonest",
            GRANTED,
            [lot(9, C), lot(9, A), lot(4, B)],
            8,
            [("reverse", 4, B, ALWAYS), ("reverse", 4, A, ALWAYS)],
        ),
        (
            "pending before the balance, the soonest expiry first",
            GRANTED,
            [lot(9, A), lot(2, C, day(1)), lot(3, A, day(4)), lot(1, B)],
            8,
            [("reverse", 1, B, ALWAYS), ("reverse", 3, A, day(4)), ("reverse", 2, C, day(1)), ("reverse", 2, A, ALWAYS)],
        ),
        ("its own lot while it is pending", PENDING, [lot(9, A, day(1)), lot(10, B, day(2))], 10, [("reverse", 10, B, day(2))]),
        ("its own lot once it was released", PENDING, [lot(9, A, day(1)), lot(10, B)], 10, [("reverse", 10, B, ALWAYS)]),
        (
            "its own lot pending in part and released in part",
            PENDING,
            [lot(3, B, day(2)), lot(4, B)],
            7,
            [("reverse", 3, B, day(2)), ("reverse", 4, B, ALWAYS)],
        ),
        ("nothing of another unit", GRANTED, [lot(9, B, unit="growth"), lot(9, A, day(1), unit="growth")], 2, [("owe", 2, NEVER, ALWAYS)]),
        ("no lapsed lot", GRANTED, [lot(9, NOON), lot(3, A)], 5, [("reverse", 3, A, ALWAYS), ("owe", 2, NEVER, ALWAYS)]),
        ("what is missing is owed", GRANTED, [lot(10, B)], 11, [("reverse", 10, B, ALWAYS), ("owe", 1, NEVER, ALWAYS)]),
    ],
)
def test_a_grant_is_taken_back_from(
    case: str, granted: Entry, lots: list[Entry], amount: int, expected: list[tuple[str, int, datetime, datetime]]
) -> None:
    found = wallet(*lots)
    before = found.total("points").copy()
    taken = points.give_back(found, granted, amount, at=NOON, owe=True, why=WHY)
    assert taken == [Entry("points", kind, part, NOON, expires, available, REF, WHY) for kind, part, expires, available in expected], case
    assert found.total("points").reversed == amount
    assert found.total("points").outstanding == before.outstanding - amount


def test_what_is_missing_is_waived_where_the_unit_says_so_and_leaves_no_debt() -> None:
    found = wallet(lot(6, B))
    taken = points.give_back(found, GRANTED, 10, at=NOON, owe=False, why=WHY)
    assert taken == [
        Entry("points", "reverse", 6, NOON, B, ALWAYS, REF, WHY),
        Entry("points", "waive", 4, NOON, NEVER, ALWAYS, REF, WHY),
    ]
    assert totals(found) == {"granted": 6, "reversed": 6}


@pytest.mark.parametrize(
    ("expires_at", "entry_"),
    [
        (NOON - TICK, Entry("points", "waive", 4, NOON, NOON - TICK, ALWAYS, REF, {"refund": "r", "lapsed": True})),
        (NOON, Entry("points", "waive", 4, NOON, NOON, ALWAYS, REF, {"refund": "r", "lapsed": True})),
        (NOON + TICK, Entry("points", "reverse", 4, NOON, A, ALWAYS, REF, {"refund": "r"})),
    ],
)
def test_from_the_instant_a_grant_lapses_nothing_younger_is_taken_for_it(expires_at: datetime, entry_: Entry) -> None:
    found = wallet(lot(10, A))
    assert points.give_back(found, entry("grant", 4, expires_at, ref=REF), 4, at=NOON, owe=True, why=WHY) == [entry_]
    assert found.total("points").debt == 0
    assert found.total("points").available == (10 if entry_.kind == "waive" else 6)


@pytest.mark.parametrize(
    ("skip", "amount", "returned"),
    [
        (0, 10, [(C, 3), (B, 5), (A, 2)]),
        (0, 1, [(C, 1)]),
        (0, 3, [(C, 3)]),
        (0, 4, [(C, 3), (B, 1)]),
        (1, 4, [(C, 2), (B, 2)]),
        (3, 4, [(B, 4)]),
        (3, 6, [(B, 5), (A, 1)]),
        (7, 2, [(B, 1), (A, 1)]),
        (9, 1, [(A, 1)]),
    ],
)
def test_what_was_spent_returns_to_its_lots_the_latest_first_after_what_returned_before(
    skip: int, amount: int, returned: list[tuple[datetime, int]]
) -> None:
    found = wallet(lot(2, A), lot(5, B), lot(3, C))
    spent = points.take(found, "spend", unit="points", amount=10, at=day(-1), ref=REF, why={"reason": "tea"})
    posted = points.restore(found, spent, skip=skip, amount=amount, at=NOON, why={"cancelled": True})
    assert posted == [Entry("points", "restore", part, NOON, expires, ALWAYS, REF, {"cancelled": True}) for expires, part in returned]
    assert found.lots == {("points", expires, ALWAYS): part for expires, part in returned}


def test_what_returns_pays_a_debt_first() -> None:
    found = wallet(lot(10, A))
    spent = points.take(found, "spend", unit="points", amount=10, at=NOON, ref=REF, why={})
    points.post(found, entry("owe", 4))
    assert brief(points.restore(found, spent, skip=0, amount=10, at=NOON, why={})) == [("restore", 10), ("settle", 4)]
    assert found.total("points").available == 6


@pytest.mark.parametrize(
    ("kind", "sums"), [("confirm", {"available": 6, "granted": 20, "spent": 14}), ("unhold", {"available": 20, "granted": 20})]
)
def test_a_hold_ends_lot_by_lot_and_names_itself_in_the_reason(kind: str, sums: dict[str, int]) -> None:
    found = wallet(lot(10, A), lot(10, B), held(1, 10, A, until=day(1)), held(1, 4, B, until=day(1)))
    closed = points.close_hold(found, found.holds[UUID(int=1)], kind, at=NOON, ref=REF, why={"by": "test"})
    why: dict[str, object] = {"by": "test", "hold": str(UUID(int=1))}
    assert closed == [Entry("points", kind, 10, NOON, A, ALWAYS, REF, why), Entry("points", kind, 4, NOON, B, ALWAYS, REF, why)]
    assert (totals(found), found.holds) == (sums, {})


@pytest.mark.parametrize(("to", "entries"), [(A - TICK, []), (A, [("expire", 10)]), (A + TICK, [("expire", 10)])])
def test_a_lot_lapses_at_the_instant_of_its_expiry(to: datetime, entries: list[tuple[str, int]]) -> None:
    found = wallet(lot(10, A))
    posted = points.advance(found, to)
    assert brief(posted) == entries
    assert all(each == Entry("points", "expire", 10, A, A, ALWAYS, None, {}) for each in posted)
    assert found.next_event == (NEVER if entries else A)


@pytest.mark.parametrize(("to", "entries"), [(day(3) - TICK, []), (day(3), [("release", 10)]), (day(3) + TICK, [("release", 10)])])
def test_a_pending_lot_is_released_at_its_instant(to: datetime, entries: list[tuple[str, int]]) -> None:
    found = wallet(lot(10, A, day(3)))
    posted = points.advance(found, to)
    assert brief(posted) == entries
    assert all(each == Entry("points", "release", 10, day(3), A, day(3), None, {}) for each in posted)
    assert found.next_event == (A if entries else day(3))


@pytest.mark.parametrize(("to", "entries"), [(day(1) - TICK, []), (day(1), [("unhold", 4)]), (day(1) + TICK, [("unhold", 4)])])
def test_a_hold_times_out_at_its_instant(to: datetime, entries: list[tuple[str, int]]) -> None:
    found = wallet(lot(10, A), held(1, 4, A, until=day(1)))
    posted = points.advance(found, to)
    assert brief(posted) == entries
    reason: dict[str, object] = {"timed_out": True, "hold": str(UUID(int=1))}
    assert all(each == Entry("points", "unhold", 4, day(1), A, ALWAYS, UUID(int=1), reason) for each in posted)
    assert found.next_event == (A if entries else day(1))


def test_time_brings_its_events_in_the_order_of_their_moments() -> None:
    found = wallet(lot(10, A), lot(20, C), lot(7, B, day(15)), held(1, 3, A, until=day(12)), held(2, 7, A, until=day(1)))
    posted = points.advance(found, C)
    assert [(each.kind, each.amount, each.at) for each in posted] == [
        ("unhold", 7, day(1)),
        ("expire", 7, A),
        ("unhold", 3, day(12)),
        ("expire", 3, A),
        ("release", 7, day(15)),
        ("expire", 7, B),
        ("expire", 20, C),
    ]
    assert totals(found) == {"granted": 37, "expired": 37}
    assert (found.lots, found.holds, found.next_event) == ({}, {}, NEVER)
    assert points.advance(found, NEVER - TICK) == []


def test_at_one_instant_holds_time_out_then_lots_are_released_then_they_lapse() -> None:
    found = wallet(lot(5, A), held(1, 2, A, until=A), lot(4, A, A), lot(3, B, A), lot(1, A, unit="growth"))
    posted = points.advance(found, A)
    assert [(each.unit, each.kind, each.amount) for each in posted] == [
        ("points", "unhold", 2),
        # What ends at the moment it would be released, waited in vain and is never released.
        ("points", "release", 3),
        ("growth", "expire", 1),
        ("points", "expire", 5),
        ("points", "expire", 4),
    ]


def test_holds_that_time_out_together_do_so_by_their_end_and_then_their_id() -> None:
    found = wallet(lot(9, A))
    for number, until in ((3, day(2)), (2, day(1)), (1, day(2))):
        points.post(found, held(number, number, A, until=until))
    assert [each.ref for each in points.advance(found, day(2))] == [UUID(int=2), UUID(int=1), UUID(int=3)]


def test_lots_released_together_pay_one_debt_once() -> None:
    found = wallet(lot(5, A, day(3)), lot(5, B, day(3)), entry("owe", 7), lot(4, A, day(3), unit="growth"))
    posted = points.advance(found, day(3))
    assert brief(posted) == [("release", 5), ("settle", 5), ("release", 5), ("settle", 2)]
    assert [each.why for each in posted if each.kind == "settle"] == [{"debt": 7}, {"debt": 2}]
    assert brief(posted, "growth") == [("release", 4)]
    assert found.lots == {("points", B, ALWAYS): 3, ("growth", A, ALWAYS): 4}


def test_a_lot_whose_expiry_lies_before_all_time_lapses_at_the_beginning_of_time() -> None:
    long_ago = ALWAYS.replace(year=1960)
    found = wallet(lot(5, long_ago))
    assert points.advance(found, NOON) == [Entry("points", "expire", 5, ALWAYS, long_ago, ALWAYS, None, {})]


def test_a_pending_lot_that_lapses_before_its_release_is_gone_while_pending() -> None:
    found = wallet(lot(5, A, B))
    assert points.advance(found, C) == [Entry("points", "expire", 5, A, A, B, None, {})]
    assert totals(found) == {"granted": 5, "expired": 5}


def test_points_returned_from_a_hold_to_a_lapsed_lot_lapse_as_well() -> None:
    found = wallet(lot(10, A), held(1, 4, A, until=B))
    posted = points.advance(found, B)
    assert [(each.kind, each.amount) for each in posted] == [("expire", 6), ("unhold", 4), ("expire", 4)]
    assert found.holds == {}
