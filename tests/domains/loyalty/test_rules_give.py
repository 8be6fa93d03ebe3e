"""Holds, redemptions, adjustments and transfers: the entries they become, the answers, and every refusal with its fields."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from regulars.domains.loyalty import model
from regulars.domains.loyalty.model import Expiry, Redeem, Transfer, TransferReceived
from regulars.domains.loyalty.rules import give
from regulars.domains.points.model import ALWAYS, NEVER, Entry, Hold
from regulars.kernel.ids import MemberId
from regulars.kernel.problem import Kind, Problem
from tests.support.wallets import (
    FRIEND,
    MEMBER,
    NOON,
    TICK,
    TWELVE_MONTHS,
    day,
    decision,
    entry,
    held,
    lot,
    programme,
    standing,
    unit,
)

A, B = day(10), day(20)
REF = UUID(int=5)
LAPSES = datetime(2027, 3, 2, tzinfo=UTC)
"""Twelve months after 1 March 2026, through the end of that day."""
WISH: dict[str, Any] = {"member_id": MEMBER, "at": NOON, "ref": REF, "unit": "points"}


def rolling(**more: Any) -> Expiry:
    return Expiry(kind="rolling", **more)


@pytest.mark.parametrize(
    ("rule", "at", "zone", "lapses"),
    [
        (Expiry(kind="never"), NOON, "Europe/London", NEVER),
        (TWELVE_MONTHS, NOON, "Europe/London", LAPSES),
        (TWELVE_MONTHS, datetime(2024, 2, 29, 12, tzinfo=UTC), "Europe/London", datetime(2025, 3, 1, tzinfo=UTC)),
        (rolling(months=1), datetime(2026, 1, 31, 12, tzinfo=UTC), "Europe/London", datetime(2026, 3, 1, tzinfo=UTC)),
        (rolling(days=30), NOON, "Europe/London", datetime(2026, 3, 31, 23, tzinfo=UTC)),
        (rolling(days=30), datetime(2026, 3, 1, 16, tzinfo=UTC), "Asia/Shanghai", datetime(2026, 4, 1, 16, tzinfo=UTC)),
        (rolling(days=30), datetime(2026, 3, 1, 16, tzinfo=UTC) - TICK, "Asia/Shanghai", datetime(2026, 3, 31, 16, tzinfo=UTC)),
        (rolling(months=1, days=2), NOON, "Europe/London", datetime(2026, 4, 3, 23, tzinfo=UTC)),
        (rolling(months=1, round_to="month"), NOON, "Europe/London", datetime(2026, 4, 30, 23, tzinfo=UTC)),
        (rolling(months=12, round_to="quarter"), NOON, "Europe/London", datetime(2027, 3, 31, 23, tzinfo=UTC)),
        (rolling(months=12, round_to="year"), NOON, "Asia/Shanghai", datetime(2027, 12, 31, 16, tzinfo=UTC)),
        (Expiry(kind="calendar"), NOON, "Europe/London", datetime(2027, 1, 1, tzinfo=UTC)),
        (Expiry(kind="calendar", month=6, day=30), NOON, "Europe/London", datetime(2026, 6, 30, 23, tzinfo=UTC)),
        (Expiry(kind="calendar", month=3, day=1), NOON, "Europe/London", datetime(2026, 3, 2, tzinfo=UTC)),
        (Expiry(kind="calendar", month=2, day=28), NOON, "Europe/London", datetime(2027, 3, 1, tzinfo=UTC)),
        (Expiry(kind="calendar", month=2, day=29), NOON, "Europe/London", datetime(2027, 3, 1, tzinfo=UTC)),
        (Expiry(kind="calendar", month=3, day=31, months=1), NOON, "Europe/London", datetime(2027, 3, 31, 23, tzinfo=UTC)),
        (Expiry(kind="calendar", month=4, day=1, months=1), NOON, "Europe/London", datetime(2026, 4, 1, 23, tzinfo=UTC)),
    ],
)
def test_something_earned_lapses_by_the_units_rule_in_the_programmes_zone(rule: Expiry, at: datetime, zone: str, lapses: datetime) -> None:
    of = programme(units=[unit("stamps", expiry=rule)], zone=zone)
    assert give.expiry(rule, at, of, joined_at=NOON) == lapses
    assert give.grant_entry(of, standing(), of.unit("stamps"), 5, earned_at=at, at=at) == Entry(
        "stamps", "grant", 5, at, lapses, ALWAYS, None, {}
    )


@pytest.mark.parametrize(
    ("days", "at", "available"),
    [
        (0, NOON, ALWAYS),
        # One day pending: from the beginning of the next local day.
        (1, NOON, datetime(2026, 3, 2, tzinfo=UTC)),
        (7, NOON, datetime(2026, 3, 8, tzinfo=UTC)),
        (29, NOON, datetime(2026, 3, 29, 23, tzinfo=UTC)),
        # What is posted late, at or after its release, is not pending at all.
        (1, datetime(2026, 3, 2, tzinfo=UTC) - TICK, datetime(2026, 3, 2, tzinfo=UTC)),
        (1, datetime(2026, 3, 2, tzinfo=UTC), ALWAYS),
        (1, datetime(2026, 3, 2, tzinfo=UTC) + TICK, ALWAYS),
    ],
)
def test_pending_days_delay_a_grant_counted_from_when_it_was_earned(days: int, at: datetime, available: datetime) -> None:
    of = programme(units=[unit("stamps", pending_days=days)])
    found = give.grant_entry(of, standing(), of.unit("stamps"), 5, earned_at=NOON, at=at)
    assert found == Entry("stamps", "grant", 5, at, LAPSES, available, None, {})


STEPS = unit(redeem=Redeem(points=10, worth=1, min_points=30, max_share_bp=10_000))


@pytest.mark.parametrize(
    ("unit_", "amount", "reason"),
    [
        (unit(redeem=None), 10, "the programme does not redeem them"),
        (unit(), 0, "at least 1"),
        (unit(), -5, "at least 1"),
        (STEPS, 29, "at least 30"),
        (STEPS, 20, "at least 30"),
        (STEPS, 31, "only multiples of 10"),
        (STEPS, 39, "only multiples of 10"),
    ],
)
def test_what_cannot_be_redeemed_like_this(unit_: model.Unit, amount: int, reason: str) -> None:
    of = programme(units=[unit_])
    with pytest.raises(Problem) as refused:
        give.check_redeemable(of, "points", amount)
    assert (refused.value.code, refused.value.kind) == ("points.redeem_refused", Kind.limit)
    assert refused.value.fields == {"unit": "Points", "reason": reason}
    made = decision(standing(lot(100)))
    with pytest.raises(Problem, match="redeem_refused"):
        give.redeemed(of, made, model.PointsRedeemed(**WISH, points=amount), NOON)
    with pytest.raises(Problem, match="redeem_refused"):
        give.hold_placed(of, made, model.HoldPlaced(**WISH, points=amount, until=day(1)), NOON)
    assert made == decision(standing(lot(100)))


@pytest.mark.parametrize(("unit_", "amount"), [(unit(), 1), (STEPS, 30), (STEPS, 40)])
def test_the_minimum_and_whole_steps_can_be_redeemed(unit_: model.Unit, amount: int) -> None:
    give.check_redeemable(programme(units=[unit_]), "points", amount)


MILES: dict[str, Any] = {**WISH, "unit": "miles", "points": 1}


@pytest.mark.parametrize(
    ("rule", "fact"),
    [
        (give.redeemed, model.PointsRedeemed(**MILES)),
        (give.hold_placed, model.HoldPlaced(**MILES, until=NOON)),
        (give.adjusted, model.PointsAdjusted(**MILES, reason="x")),
        (give.transferred, model.PointsTransferred(**MILES, receiver=FRIEND)),
    ],
)
def test_an_unknown_unit_is_refused_with_the_known_ones(rule: Callable[..., None], fact: model.Fact) -> None:
    with pytest.raises(Problem) as refused:
        rule(programme(), decision(standing()), fact, NOON)
    assert (refused.value.code, refused.value.kind) == ("points.unit_unknown", Kind.invalid)
    assert refused.value.fields == {"unit": "miles", "known": "points, growth"}


def test_a_hold_sets_points_aside_by_lot_and_tells_until_when() -> None:
    made = decision(standing(lot(10, B), lot(4, A)))
    give.hold_placed(programme(), made, model.HoldPlaced(**WISH, points=7, until=day(1)), NOON)
    why: dict[str, object] = {"hold": str(REF), "until": "2026-03-02T12:00:00+00:00"}
    assert made.entries == [Entry("points", "hold", 4, NOON, A, ALWAYS, REF, why), Entry("points", "hold", 3, NOON, B, ALWAYS, REF, why)]
    assert made.answer == {"held": 7, "until": "2026-03-02T12:00:00+00:00"}
    assert made.standing.wallet.holds == {REF: Hold(REF, "points", day(1), ((A, 4), (B, 3)))}
    assert made.standing.wallet.next_event == day(1)


def test_a_hold_that_outlives_its_lots_leaves_the_next_event_to_them() -> None:
    made = decision(standing(lot(10, A)))
    give.hold_placed(programme(), made, model.HoldPlaced(**WISH, points=10, until=B), NOON)
    assert made.standing.wallet.next_event == A


def test_a_hold_lasts_a_quarter_of_an_hour() -> None:
    assert timedelta(minutes=15) == give.HOLD_TIME


def test_a_cancelled_hold_returns_to_its_lots() -> None:
    made = decision(standing(lot(10, A), lot(10, B), held(5, 10, A, until=day(1)), held(5, 3, B, until=day(1))))
    give.hold_cancelled(made, model.HoldCancelled(member_id=MEMBER, at=NOON, ref=REF), NOON + TICK)
    why: dict[str, object] = {"hold": str(REF)}
    assert made.entries == [
        Entry("points", "unhold", 10, NOON + TICK, A, ALWAYS, REF, why),
        Entry("points", "unhold", 3, NOON + TICK, B, ALWAYS, REF, why),
    ]
    assert made.answer == {"returned": 13}
    assert made.standing.wallet.lots == {("points", A, ALWAYS): 10, ("points", B, ALWAYS): 10}


def test_a_confirmed_hold_is_spent_on_its_order() -> None:
    found = standing(lot(10, A), held(5, 4, A, until=day(1)), held(6, 3, A, until=day(1)))
    order = UUID(int=90)
    assert give.confirm(found, REF, order, NOON) == [Entry("points", "confirm", 4, NOON, A, ALWAYS, order, {"hold": str(REF)})]
    assert list(found.wallet.holds) == [UUID(int=6)]


def test_a_hold_that_is_no_longer_open_is_gone_for_both() -> None:
    found = standing(lot(10))
    with pytest.raises(Problem) as refused:
        give.confirm(found, REF, UUID(int=90), NOON)
    assert (refused.value.code, refused.value.kind) == ("points.hold_gone", Kind.conflict)
    assert refused.value.fields == {"hold": str(REF), "state": "closed"}
    with pytest.raises(Problem) as refused:
        give.hold_cancelled(decision(found), model.HoldCancelled(member_id=MEMBER, at=NOON, ref=REF), NOON)
    assert refused.value.fields == {"hold": str(REF), "state": "closed"}
    assert found == standing(lot(10))


@pytest.mark.parametrize(("reason", "why"), [("", {}), ("a mug", {"reason": "a mug"})])
def test_redeeming_spends_at_once_and_keeps_a_reason_that_was_given(reason: str, why: dict[str, object]) -> None:
    made = decision(standing(lot(10, B), lot(4, A)))
    give.redeemed(programme(), made, model.PointsRedeemed(**WISH, points=5, reason=reason), NOON + TICK)
    assert made.entries == [
        Entry("points", "spend", 4, NOON + TICK, A, ALWAYS, REF, why),
        Entry("points", "spend", 1, NOON + TICK, B, ALWAYS, REF, why),
    ]
    assert made.answer == {"spent": 5}


def test_redeeming_more_than_there_is_is_refused_and_posts_nothing() -> None:
    made = decision(standing(lot(10)))
    with pytest.raises(Problem) as refused:
        give.redeemed(programme(), made, model.PointsRedeemed(**WISH, points=11), NOON)
    assert refused.value.fields == {"unit": "points", "available": 10, "asked": 11}
    assert made == decision(standing(lot(10)))


ADJUSTED: dict[str, object] = {"reason": "sorry", "adjustment": True}


def test_units_given_by_hand_are_available_at_once_and_lapse_as_if_earned_at_their_own_time() -> None:
    of = programme(units=[unit(pending_days=7)])
    made = decision(standing(entry("owe", 2)))
    give.adjusted(of, made, model.PointsAdjusted(**WISH, points=5, reason="sorry"), day(3))
    assert made.entries == [
        Entry("points", "grant", 5, day(3), LAPSES, ALWAYS, REF, ADJUSTED),
        Entry("points", "settle", 2, day(3), LAPSES, ALWAYS, REF, {"debt": 2}),
    ]
    assert made.answer == {"adjusted": 5}
    assert made.standing.wallet.total("points").available == 3


def test_one_unit_can_be_given_by_hand() -> None:
    made = decision(standing())
    give.adjusted(programme(), made, model.PointsAdjusted(**WISH, points=1, reason="sorry"), NOON)
    assert made.entries == [Entry("points", "grant", 1, NOON, LAPSES, ALWAYS, REF, ADJUSTED)]


def test_units_taken_by_hand_are_deducted_from_the_soonest_lot() -> None:
    made = decision(standing(lot(10, B), lot(4, A)))
    give.adjusted(programme(), made, model.PointsAdjusted(**WISH, points=-5, reason="sorry"), NOON)
    assert made.entries == [
        Entry("points", "deduct", 4, NOON, A, ALWAYS, REF, ADJUSTED),
        Entry("points", "deduct", 1, NOON, B, ALWAYS, REF, ADJUSTED),
    ]
    assert made.answer == {"adjusted": -5}
    with pytest.raises(Problem) as refused:
        give.adjusted(programme(), decision(standing(lot(4))), model.PointsAdjusted(**WISH, points=-5, reason="sorry"), NOON)
    assert refused.value.fields == {"unit": "points", "available": 4, "asked": 5}


def test_a_transfer_sends_lots_within_the_days_limit_and_follows_up_with_the_same_lots() -> None:
    made = decision(standing(lot(10, B), lot(4, A)))
    give.transferred(programme(), made, model.PointsTransferred(**WISH, points=5, receiver=FRIEND), day(3))
    why: dict[str, object] = {"to": str(FRIEND)}
    caps = [("transfer:points", "2026-03-01", 5)]
    assert made.entries == [
        Entry("points", "send", 4, day(3), A, ALWAYS, REF, {**why, "caps": caps}),
        Entry("points", "send", 1, day(3), B, ALWAYS, REF, why),
    ]
    assert made.answer == {"sent": 5}
    assert made.follow_up == TransferReceived(
        member_id=FRIEND, at=NOON, ref=REF, sender=MEMBER, unit="points", lots=((A, 4), (B, 1))
    )  # fmt: skip
    assert made.standing.wallet.usage == {("transfer:points", NOON.date()): 5}


LIMITED = unit(transfer=Transfer(per_day=50, min_points=10))


@pytest.mark.parametrize(
    ("unit_", "amount", "receiver", "used", "reason"),
    [
        (unit(transfer=None), 10, FRIEND, 0, "the programme does not transfer them"),
        (LIMITED, 10, MEMBER, 0, "sender and receiver are the same member"),
        (LIMITED, 9, FRIEND, 0, "at least 10"),
        (LIMITED, 51, FRIEND, 0, "50 left today"),
        (LIMITED, 10, FRIEND, 41, "9 left today"),
        (LIMITED, 10, FRIEND, 50, "0 left today"),
    ],
)
def test_what_cannot_be_transferred_like_this(unit_: model.Unit, amount: int, receiver: MemberId, used: int, reason: str) -> None:
    found = standing(lot(100))
    found.wallet.usage["transfer:points", NOON.date()] = used
    made, before = decision(found), found.copy()
    with pytest.raises(Problem) as refused:
        give.transferred(programme(units=[unit_]), made, model.PointsTransferred(**WISH, points=amount, receiver=receiver), NOON)
    assert (refused.value.code, refused.value.kind) == ("points.transfer_refused", Kind.limit)
    assert refused.value.fields == {"unit": "Points", "reason": reason}
    assert (made.entries, made.answer, made.follow_up, found) == ([], {}, None, before)


@pytest.mark.parametrize(("amount", "used"), [(10, 0), (50, 0), (10, 40)])
def test_the_days_limit_can_be_used_to_the_last_point(amount: int, used: int) -> None:
    found = standing(lot(100))
    if used:
        found.wallet.usage["transfer:points", NOON.date()] = used
    found.wallet.usage["transfer:points", day(-1).date()] = 50
    found.wallet.usage["transfer:growth", NOON.date()] = 50
    made = decision(found)
    give.transferred(programme(units=[LIMITED]), made, model.PointsTransferred(**WISH, points=amount, receiver=FRIEND), NOON)
    assert found.wallet.usage["transfer:points", NOON.date()] == used + amount


def test_the_day_of_a_transfer_is_the_local_one() -> None:
    late = {**WISH, "at": datetime(2026, 3, 1, 16, tzinfo=UTC)}
    made = decision(standing(lot(100)))
    give.transferred(programme(zone="Asia/Shanghai"), made, model.PointsTransferred(**late, points=5, receiver=FRIEND), NOON)
    assert [key[1].isoformat() for key in made.standing.wallet.usage] == ["2026-03-02"]


def test_what_another_member_sent_keeps_its_expiry_and_pays_a_debt() -> None:
    made = decision(standing(entry("owe", 3)))
    fact = TransferReceived(member_id=MEMBER, at=NOON, ref=REF, sender=FRIEND, unit="points", lots=((A, 2), (NEVER, 4)))
    give.received(made, fact, NOON + TICK)
    why: dict[str, object] = {"from": str(FRIEND)}
    assert made.entries == [
        Entry("points", "receive", 2, NOON + TICK, A, ALWAYS, REF, why),
        Entry("points", "settle", 2, NOON + TICK, A, ALWAYS, REF, {"debt": 3}),
        Entry("points", "receive", 4, NOON + TICK, NEVER, ALWAYS, REF, why),
        Entry("points", "settle", 1, NOON + TICK, NEVER, ALWAYS, REF, {"debt": 1}),
    ]
    assert made.standing.wallet.lots == {("points", NEVER, ALWAYS): 3}
