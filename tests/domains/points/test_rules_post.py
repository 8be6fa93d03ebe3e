"""What each kind of entry does to lots, sums, holds, cap use and the next event: the fold that rebuilds a wallet from its journal."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from regulars.domains.points import rules as points
from regulars.domains.points.model import ALWAYS, NEVER, Entry, Hold, Wallet
from tests.support.wallets import day, entry, held, lot, totals, wallet

HOLD: dict[str, Any] = {"hold": str(UUID(int=1))}
A, B = day(10), day(20)


@pytest.mark.parametrize(
    ("kind", "before", "in_lot", "sums"),
    [
        ("grant", [], 14, {"available": 14, "granted": 14}),
        ("receive", [], 14, {"available": 14, "granted": 10, "received": 4}),
        ("settle", [entry("owe", 5)], 6, {"available": 6, "debt": 1, "granted": 10, "reversed": 5}),
        ("spend", [], 6, {"available": 6, "granted": 10, "spent": 4}),
        ("restore", [entry("spend", 5, A)], 9, {"available": 9, "granted": 10, "spent": 1}),
        ("hold", [], 6, {"available": 6, "held": 4, "granted": 10}),
        ("unhold", [held(1, 5, A, until=day(1))], 9, {"available": 9, "held": 1, "granted": 10}),
        ("confirm", [held(1, 5, A, until=day(1))], 5, {"available": 5, "held": 1, "granted": 10, "spent": 4}),
        ("expire", [], 6, {"available": 6, "granted": 10, "expired": 4}),
        ("reverse", [], 6, {"available": 6, "granted": 10, "reversed": 4}),
        ("deduct", [], 6, {"available": 6, "granted": 10, "reversed": 4}),
        ("owe", [], 10, {"available": 10, "debt": 4, "granted": 10, "reversed": 4}),
        ("waive", [], 10, {"available": 10, "granted": 10}),
        ("send", [], 6, {"available": 6, "granted": 10, "sent": 4}),
        ("return", [entry("deduct", 5, A)], 9, {"available": 9, "granted": 10, "reversed": 1}),
    ],
)
def test_four_points_of_each_kind_on_a_lot_of_ten(kind: str, before: list[Entry], in_lot: int, sums: dict[str, int]) -> None:
    found = wallet(lot(10, A), *before)
    points.post(found, entry(kind, 4, A, hold=str(UUID(int=1)), until=day(1).isoformat()))
    assert found.lots == {("points", A, ALWAYS): in_lot}
    assert totals(found) == sums
    assert found.total("points").conserved


def test_every_kind_has_a_case_above_and_release_moves_a_lot_from_pending_to_available() -> None:
    found = wallet(lot(10, A, day(3)))
    assert totals(found) == {"pending": 10, "granted": 10}
    points.post(found, entry("release", 4, A, available_at=day(3)))
    assert found.lots == {("points", A, day(3)): 6, ("points", A, ALWAYS): 4}
    assert totals(found) == {"available": 4, "pending": 6, "granted": 10}
    every = "grant receive settle spend restore hold unhold confirm expire reverse deduct owe waive send release arrive extend return"
    assert set(every.split()) == points.KINDS


def test_what_waited_arrives_in_its_own_lot_and_what_is_extended_moves_to_a_later_one() -> None:
    found = wallet(lot(10, day(3), day(3)), lot(5, A))
    points.post(found, entry("arrive", 4, B, available_at=day(3)))
    assert found.lots == {("points", day(3), day(3)): 6, ("points", B, ALWAYS): 4, ("points", A, ALWAYS): 5}
    points.post(found, entry("extend", 5, B, available_at=A))
    assert found.lots == {("points", day(3), day(3)): 6, ("points", B, ALWAYS): 9}
    assert totals(found) == {"available": 9, "pending": 6, "granted": 15}


def test_a_lot_that_is_emptied_is_gone_and_its_sums_stay() -> None:
    found = wallet(lot(10, A), entry("spend", 10, A))
    assert found.lots == {}
    assert totals(found) == {"granted": 10, "spent": 10}


def test_lots_merge_by_unit_expiry_and_release() -> None:
    found = wallet(lot(1, A), lot(2, A), lot(4, B), lot(8, A, day(3)), lot(16, A, day(3)), lot(32, A, unit="growth"))
    assert found.lots == {("points", A, ALWAYS): 3, ("points", B, ALWAYS): 4, ("points", A, day(3)): 24, ("growth", A, ALWAYS): 32}
    assert totals(found) == {"available": 7, "pending": 24, "granted": 31}
    assert totals(found, "growth") == {"available": 32, "granted": 32}


def test_taking_more_than_a_lot_holds_says_so_and_changes_no_sum() -> None:
    found = wallet(lot(10, A))
    with pytest.raises(ValueError, match=r"lot \('points', .*\) would hold -1$"):
        points.post(found, entry("spend", 11, A))
    with pytest.raises(ValueError, match=r"would hold -10$"):
        points.post(found, entry("spend", 10, B))
    with pytest.raises(ValueError, match=r"would hold -10$"):
        points.post(found, entry("release", 10, A, available_at=day(3)))
    assert found.lots == {("points", A, ALWAYS): 10}
    assert totals(found) == {"available": 10, "granted": 10}


def test_the_use_of_a_cap_adds_up_by_rule_and_period_and_a_reason_without_one_counts_nothing() -> None:
    found = wallet(
        entry("grant", 5, caps=[("daily", "2026-03-01", 3), ("monthly", "2026-03-01", 5)]),
        entry("grant", 2, caps=[["daily", "2026-03-01", 2]]),
        entry("send", 1, caps=(("daily", "2026-03-02", 1),)),
        entry("grant", 9),
        entry("grant", 9, caps=None),
    )
    assert found.usage == {("daily", date(2026, 3, 1)): 5, ("monthly", date(2026, 3, 1)): 5, ("daily", date(2026, 3, 2)): 1}


@pytest.mark.parametrize(
    ("entries", "soonest"),
    [
        ([], NEVER),
        ([lot(1)], NEVER),
        ([lot(1, B)], B),
        ([lot(1, B), lot(1, A)], A),
        ([lot(1, A), lot(1, B)], A),
        ([lot(1, B, day(3))], day(3)),
        ([lot(1, A, day(15))], A),
        ([lot(1, day(2)), lot(1, B, day(3))], day(2)),
        ([lot(5, B), held(1, 5, B, until=day(1))], day(1)),
        ([lot(5, A), held(1, 5, A, until=day(15))], A),
    ],
)
def test_the_next_event_is_the_soonest_expiry_release_or_end_of_a_hold(entries: list[Entry], soonest: datetime) -> None:
    assert wallet(*entries).next_event == soonest


def test_what_leaves_a_lot_brings_no_event_forward_and_what_returns_does() -> None:
    found = wallet(lot(10, A))
    found.next_event = NEVER
    points.post(found, entry("spend", 1, A))
    assert found.next_event == NEVER
    points.post(found, entry("restore", 1, A))
    assert found.next_event == A


def test_what_leaves_a_pending_lot_brings_no_event_forward() -> None:
    found = wallet(lot(10, A, day(3)))
    found.next_event = NEVER
    points.post(found, entry("reverse", 1, A, available_at=day(3)))
    assert found.next_event == NEVER


def test_soonest_looks_at_every_lot_and_hold_again() -> None:
    assert points.soonest(Wallet()) == NEVER
    assert points.soonest(wallet(lot(1))) == NEVER
    assert points.soonest(wallet(lot(1, B), lot(1, A))) == A
    assert points.soonest(wallet(lot(1, B, day(3)))) == day(3)
    assert points.soonest(wallet(lot(2, B), held(1, 1, B, until=day(1)))) == day(1)


def test_a_hold_remembers_its_lots_in_the_order_they_were_taken_and_its_end() -> None:
    found = wallet(lot(10, A), lot(10, B), held(1, 10, A, until=day(1)), held(1, 4, B, until=day(1)))
    assert found.holds == {UUID(int=1): Hold(UUID(int=1), "points", day(1), ((A, 10), (B, 4)))}
    assert found.lots == {("points", B, ALWAYS): 6}


def test_a_hold_ended_in_parts_keeps_what_is_left_of_it_and_is_gone_with_the_last() -> None:
    found = wallet(lot(10, A), lot(10, B), held(1, 10, A, until=day(1)), held(1, 4, B, until=day(1)))
    points.post(found, entry("confirm", 3, A, **HOLD))
    assert found.holds == {UUID(int=1): Hold(UUID(int=1), "points", day(1), ((A, 7), (B, 4)))}
    points.post(found, entry("unhold", 7, A, **HOLD))
    assert found.holds == {UUID(int=1): Hold(UUID(int=1), "points", day(1), ((B, 4),))}
    points.post(found, entry("confirm", 4, B, **HOLD))
    assert found.holds == {}
    assert totals(found) == {"available": 13, "granted": 20, "spent": 7}


@pytest.mark.parametrize(("amount", "expires_at"), [(6, A), (1, B)])
def test_a_hold_never_gives_back_more_than_it_holds_nor_to_another_lot(amount: int, expires_at: datetime) -> None:
    found = wallet(lot(5, A), lot(5, B), held(1, 5, A, until=day(1)))
    with pytest.raises(ValueError, match=r"^a hold gives back more than it holds$"):
        points.post(found, entry("confirm", amount, expires_at, **HOLD))


def test_an_entry_of_another_hold_leaves_this_one_alone() -> None:
    found = wallet(lot(9, A), held(1, 5, A, until=day(1)), held(2, 4, A, until=day(2)))
    points.post(found, entry("unhold", 4, A, hold=str(UUID(int=2))))
    assert list(found.holds) == [UUID(int=1)]


def test_an_instant_written_as_text_is_read_with_its_zone() -> None:
    assert points.moment("2026-03-01T13:00:00+01:00") == datetime(2026, 3, 1, 12, tzinfo=UTC)
