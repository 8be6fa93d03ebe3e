"""A member's sums and holds, and copies that share nothing that changes."""

import dataclasses
from uuid import UUID

import pytest

from regulars.domains.points.model import ALWAYS, NEVER, Hold, Totals, Wallet
from tests.support.wallets import day, lot, wallet

# Ten sums, each another power of two, so that no sum can stand for another one unseen.
SUMS = Totals(
    available=1, pending=2, held=4, debt=8, granted=16, received=32, spent=64, expired=128, reversed=256, sent=512
)  # fmt: skip


def test_a_copy_of_the_sums_has_every_sum_and_its_own_life() -> None:
    copy = SUMS.copy()
    assert copy == SUMS
    copy.available += 1
    assert SUMS.available == 1


def test_what_the_brand_owes_is_spendable_pending_and_held_less_the_debt() -> None:
    assert Totals(available=1, pending=20, held=300, debt=4000).outstanding == 321 - 4000


def test_the_sums_are_conserved_when_what_came_in_is_still_there_or_went_out_by_a_known_way() -> None:
    balanced = Totals(available=5, pending=7, held=11, debt=3, granted=80, received=20, spent=13, expired=17, reversed=19, sent=31)
    assert balanced.conserved
    for name in (field.name for field in dataclasses.fields(Totals)):
        broken = dataclasses.replace(balanced, **{name: getattr(balanced, name) + 1})
        assert not broken.conserved, name


def test_a_hold_is_worth_the_sum_of_its_parts() -> None:
    assert Hold(UUID(int=1), "points", day(1), ((day(5), 30), (NEVER, 12))).amount == 42
    assert Hold(UUID(int=1), "points", day(1), ()).amount == 0


def test_a_copied_wallet_equals_its_original_and_shares_nothing_that_changes() -> None:
    original = wallet(lot(10, day(5)))
    original.holds[UUID(int=1)] = Hold(UUID(int=1), "points", day(1), ((day(5), 3),))
    original.usage["daily", day(0).date()] = 4
    kept = (dict(original.lots), original.totals["points"].copy(), dict(original.holds), dict(original.usage), original.next_event)
    copy = original.copy()
    assert copy == original
    assert copy.next_event == day(5)
    copy.lots.clear()
    copy.totals["points"].granted += 1
    copy.totals["growth"] = Totals()
    copy.holds.clear()
    copy.usage.clear()
    copy.next_event = NEVER
    assert (original.lots, original.totals["points"], original.holds, original.usage, original.next_event) == kept
    assert list(original.totals) == ["points"]


def test_reading_the_sums_of_a_unit_never_held_gives_zeros_and_keeps_nothing() -> None:
    empty = Wallet()
    assert empty.total("points") == Totals()
    assert empty.totals == {}


def test_opening_the_sums_of_a_unit_keeps_them_once() -> None:
    fresh = Wallet()
    sums = fresh.opened("points")
    sums.granted = 7
    assert fresh.opened("points") is sums
    assert fresh.total("points") is sums
    assert fresh.totals == {"points": Totals(granted=7)}


@pytest.mark.parametrize(("instant", "year"), [(ALWAYS, 1970), (NEVER, 9999)])
def test_no_lot_lives_outside_always_and_never(instant: object, year: int) -> None:
    assert getattr(instant, "year", None) == year
    assert Wallet().next_event == NEVER
