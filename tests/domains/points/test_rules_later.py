"""What waited for an act arrives, and what would lapse is extended."""

from uuid import UUID

from regulars.domains.points import rules as points
from regulars.domains.points.model import ALWAYS, NEVER, Entry
from tests.support.wallets import NOON, TICK, day, entry, lot, totals, wallet

A, B, C = day(10), day(20), day(30)
REF, OTHER = UUID(int=5), UUID(int=6)
WHY: dict[str, object] = {"by": "review"}
# Waits for an act until day 10, when it would be given up.
WAITING = entry("grant", 10, A, available_at=A, ref=REF)


def test_what_waited_arrives_with_its_own_expiry_and_reference() -> None:
    found = wallet(WAITING, lot(5, B))
    arrived = points.arrive(found, WAITING, 10, at=NOON, expires_at=C, why=WHY)
    assert arrived == [Entry("points", "arrive", 10, NOON, C, A, REF, WHY)]
    assert found.lots == {("points", B, ALWAYS): 5, ("points", C, ALWAYS): 10}
    assert totals(found) == {"available": 15, "granted": 15}


def test_no_more_arrives_than_asked_or_than_still_waits() -> None:
    found = wallet(WAITING)
    assert [each.amount for each in points.arrive(found, WAITING, 4, at=NOON, expires_at=C, why=WHY)] == [4]
    assert [each.amount for each in points.arrive(found, WAITING, 10, at=NOON, expires_at=C, why=WHY)] == [6]
    assert points.arrive(found, WAITING, 10, at=NOON, expires_at=C, why=WHY) == []
    assert found.lots == {("points", C, ALWAYS): 10}


def test_a_single_point_arrives() -> None:
    one = entry("grant", 1, A, available_at=A)
    assert points.arrive(wallet(one), one, 1, at=NOON, expires_at=C, why=WHY) == [Entry("points", "arrive", 1, NOON, C, A, None, WHY)]


def test_what_arrives_pays_the_debt_first() -> None:
    found = wallet(WAITING, entry("owe", 4))
    assert points.arrive(found, WAITING, 10, at=NOON, expires_at=C, why=WHY) == [
        Entry("points", "arrive", 10, NOON, C, A, REF, WHY),
        Entry("points", "settle", 4, NOON, C, ALWAYS, REF, {"debt": 4}),
    ]
    assert found.lots == {("points", C, ALWAYS): 6}


def test_every_lot_that_would_lapse_sooner_is_extended_the_soonest_first() -> None:
    found = wallet(lot(1, B), lot(2, A), lot(4, C), lot(8, C - TICK), lot(16))
    assert points.extend(found, "points", C, at=NOON, ref=OTHER, why=WHY) == [
        Entry("points", "extend", 2, NOON, C, A, OTHER, WHY),
        Entry("points", "extend", 1, NOON, C, B, OTHER, WHY),
        Entry("points", "extend", 8, NOON, C, C - TICK, OTHER, WHY),
    ]
    assert found.lots == {("points", C, ALWAYS): 15, ("points", NEVER, ALWAYS): 16}


def test_neither_another_unit_nor_what_waits_is_extended() -> None:
    found = wallet(lot(1, A, unit="growth"), lot(2, A, day(3)), WAITING)
    assert points.extend(found, "points", C, at=NOON, ref=OTHER, why=WHY) == []
    assert found.lots == {("growth", A, ALWAYS): 1, ("points", A, day(3)): 2, ("points", A, A): 10}


def test_what_waited_in_vain_lapses_as_such() -> None:
    assert points.advance(wallet(WAITING), A) == [Entry("points", "expire", 10, A, A, A, None, {"awaited": True})]
