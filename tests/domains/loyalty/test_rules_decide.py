"""One fact, one standing, one programme in; one decision out: what is composed, in which order, and that no argument changes."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest

from regulars.domains.loyalty import model
from regulars.domains.loyalty.model import Decision, Exposure, Fact, Programme, Standing, TransferReceived
from regulars.domains.loyalty.rules import decide as rules
from regulars.domains.orders.model import Line, Refund, Refunded, RefundLine
from regulars.domains.points.model import ALWAYS, NEVER, Entry
from regulars.domains.tiers.model import TierStanding
from regulars.domains.tiers.rules import NO_REVIEW
from regulars.kernel.ids import RefundId, SubjectId
from regulars.kernel.problem import Kind, Problem
from tests.support import factories
from tests.support.wallets import (
    FRIEND,
    MEMBER,
    NOON,
    TICK,
    brief,
    day,
    entry,
    fixed,
    held,
    lot,
    per_amount,
    programme,
    standing,
    totals,
    unit,
)

REF = UUID(int=5)
LAPSES = datetime(2027, 3, 2, tzinfo=UTC)
"""Twelve months after 1 March 2026, through the end of that day."""
KEYED: dict[str, Any] = {"member_id": MEMBER, "at": NOON, "ref": REF}
PLAIN = programme(per_amount(), per_amount("growth", unit="growth"))


def decided(fact: Fact, found: Standing, of: Programme = PLAIN) -> Decision:
    """The decision; what it was made of must not have changed."""
    before = found.copy()
    made = rules.decide(of, found, fact)
    assert found == before
    return made


def bought(number: str = "1", amount: int = 1_000, **more: Any) -> model.OrderPaid:
    return factories.paid(MEMBER, number, [factories.line(1, amount)], **more)


def test_an_order_grants_by_unit_counts_itself_and_answers() -> None:
    made = decided(bought(freight=50), standing())
    order = bought(freight=50).order.order_id
    assert made.entries == [
        Entry("points", "grant", 10, NOON, LAPSES, ALWAYS, order, {"parts": [(1, "base", 10)]}),
        Entry("growth", "grant", 10, NOON, LAPSES, ALWAYS, order, {"parts": [(1, "growth", 10)]}),
    ]
    assert made.answer == {"granted": {"points": 10, "growth": 10}, "level": "member"}
    assert (made.programme, made.follow_up, made.exposures) == (3, None, [])
    after = made.standing
    assert (after.seq, after.version, after.orders, after.spend) == (1, 0, 1, 1_050)
    assert (after.first_order_at, after.last_order_at, after.as_of) == (NOON, NOON, NOON)


@pytest.mark.parametrize(
    ("before", "at", "first", "last"),
    [
        ((None, None), NOON, NOON, NOON),
        ((day(-9), day(-2)), NOON, day(-9), NOON),
        ((day(-9), day(-2)), day(-5), day(-9), day(-2)),
        ((day(-9), day(-2)), day(-20), day(-20), day(-2)),
    ],
)
def test_a_late_order_moves_the_first_or_the_last_order_only_as_it_should(
    before: tuple[datetime | None, datetime | None], at: datetime, first: datetime, last: datetime
) -> None:
    made = decided(bought(at=at), standing(first_order_at=before[0], last_order_at=before[1], orders=2, spend=700))
    assert (made.standing.first_order_at, made.standing.last_order_at) == (first, last)
    assert (made.standing.orders, made.standing.spend) == (3, 1_700)


def test_a_late_order_keeps_its_own_time_for_caps_expiry_and_conditions_and_is_posted_as_of_the_standing() -> None:
    of = programme(fixed("daily", 9, cap=("day", 10)), fixed("feb", 5, when=("time.month", 2)))
    made = decided(bought(at=day(-3)), standing(as_of=NOON), of)
    granted = made.entries[0]
    assert (granted.amount, granted.at, granted.expires_at) == (14, NOON, datetime(2027, 2, 27, tzinfo=UTC))
    assert granted.why["caps"] == [("daily", "2026-02-26", 9)]
    assert made.standing.as_of == NOON


def test_an_order_that_earns_nothing_grants_nothing_and_still_counts() -> None:
    made = decided(bought(amount=99), standing())
    assert (made.entries, made.answer) == ([], {"granted": {}, "level": "member"})
    assert (made.standing.orders, made.standing.spend) == (1, 99)


def test_a_withheld_incentive_is_exposed_and_the_rest_is_granted() -> None:
    of = programme(per_amount(), fixed("win", 50, incentive=True))
    made = decided(bought(), standing(held_out=True), of)
    assert made.exposures == [Exposure("win", 50)]
    assert made.answer["granted"] == {"points": 10}
    assert made.entries[0].why == {"parts": [(1, "base", 10)], "withheld": [("win", 50)]}


def test_an_order_in_another_currency_is_refused() -> None:
    with pytest.raises(Problem) as refused:
        decided(bought(currency="EUR"), standing())
    assert (refused.value.code, refused.value.kind) == ("programme.currency", Kind.invalid)
    assert refused.value.fields == {"currency": "GBP", "given": "EUR"}


def test_an_order_spends_the_hold_that_was_placed_for_it_before_it_earns() -> None:
    found = standing(lot(10, day(5)), held(1, 4, day(5), until=day(1)))
    made = decided(bought(hold=UUID(int=1)), found)
    assert [(each.kind, each.unit) for each in made.entries] == [("confirm", "points"), ("grant", "points"), ("grant", "growth")]
    order = bought().order.order_id
    assert made.entries[0] == Entry("points", "confirm", 4, NOON, day(5), ALWAYS, order, {"hold": str(UUID(int=1))})
    assert made.standing.wallet.holds == {}
    assert totals(made.standing.wallet) == {"available": 16, "granted": 20, "spent": 4}


def test_what_was_due_before_an_order_stays_before_the_hold_it_spends() -> None:
    found = standing(lot(6, day(-1)), lot(10), held(1, 4, until=day(1)), as_of=day(-2))
    made = decided(bought(hold=UUID(int=1)), found, programme())
    assert brief(made.entries) == [("expire", 6), ("confirm", 4)]


@pytest.mark.parametrize(("at", "gone"), [(day(1) - TICK, False), (day(1), True)])
def test_a_hold_can_be_used_until_the_instant_it_times_out(at: datetime, gone: bool) -> None:
    found = standing(lot(10), held(1, 4, until=day(1)))
    if gone:
        with pytest.raises(Problem, match="hold_gone"):
            decided(bought(at=at, hold=UUID(int=1)), found)
    else:
        assert decided(bought(at=at, hold=UUID(int=1)), found).standing.wallet.total("points").spent == 4


def test_a_grant_pays_the_debt_and_both_entries_name_the_order() -> None:
    made = decided(bought(), standing(entry("owe", 4)), programme(per_amount()))
    order = bought().order.order_id
    assert brief(made.entries) == [("grant", 10), ("settle", 4)]
    assert [each.ref for each in made.entries] == [order, order]


def test_what_is_due_before_a_fact_happens_before_it() -> None:
    found = standing(lot(10, day(2)), tier=TierStanding("silver", day(-300), day(3)))
    made = decided(bought(at=day(4)), found)
    assert [(each.unit, each.kind, each.at) for each in made.entries] == [
        ("points", "expire", day(2)),
        ("main", "tier", day(3)),
        ("points", "grant", day(4)),
        ("growth", "grant", day(4)),
    ]
    assert made.standing.as_of == day(4)


def test_growth_lifts_the_level_at_once_by_the_order_that_brought_it() -> None:
    made = decided(bought(amount=10_000), standing())
    assert made.standing.tier == TierStanding("silver", NOON, LAPSES)
    assert made.entries[-1].why["reason"] == "upgrade"
    assert made.answer["level"] == "silver"


def test_conditions_read_the_level_from_before_the_order() -> None:
    of = programme(per_amount("growth", unit="growth"), fixed("silver", 5, when=("member.tier", "silver")))
    assert decided(bought(amount=10_000), standing(), of).answer == {"granted": {"growth": 100}, "level": "silver"}


def test_a_fact_older_than_the_standing_brings_no_time_back() -> None:
    made = decided(model.TimePassed(member_id=MEMBER, at=day(-5)), standing(lot(5, day(2))))
    assert (made.entries, made.standing.as_of, made.answer) == ([], NOON, {"level": "member"})


def test_time_alone_is_a_decision_too() -> None:
    found = standing(lot(5, day(2)))
    found.seq = 41
    made = decided(model.TimePassed(member_id=MEMBER, at=day(2)), found)
    assert brief(made.entries) == [("expire", 5)]
    assert (made.standing.seq, made.standing.as_of) == (42, day(2))


@pytest.mark.parametrize(
    ("expires_at", "kinds"),
    [(NOON - TICK, ["receive", "expire"]), (NOON, ["receive", "expire"]), (NOON + TICK, ["receive"])],
)
def test_what_arrives_lapsed_lapses_in_the_same_decision(expires_at: datetime, kinds: list[str]) -> None:
    fact = TransferReceived(**KEYED, sender=FRIEND, unit="points", lots=((expires_at, 5),))
    made = decided(fact, standing())
    assert [each.kind for each in made.entries] == kinds
    assert made.standing.wallet.total("points").available == (0 if "expire" in kinds else 5)


def test_a_fact_that_arrives_lapsed_growth_lifts_no_level() -> None:
    made = decided(TransferReceived(**KEYED, sender=FRIEND, unit="growth", lots=((NOON, 300),)), standing())
    assert (made.standing.tier.level, made.answer["level"]) == ("member", "member")


def refund(amount: int) -> model.LinesRefunded:
    order = bought().order
    made = Refund(
        refund_id=RefundId(REF),
        subject_id=SubjectId(MEMBER),
        member_id=MEMBER,
        source="shop",
        number="r",
        refunded_at=NOON,
        currency="GBP",
        order_id=order.order_id,
        lines=(RefundLine(1, amount),),
    )
    return model.LinesRefunded(refund=made, state=Refunded(order, {}, 0))


GRANTED = entry("grant", 10, NEVER, ref=bought().order.order_id, parts=[(1, "base", 10)])
HISTORY: dict[str, Any] = {"history": {bought().order.order_id: [GRANTED], REF: [entry("spend", 4, day(5), ref=REF)]}}


@pytest.mark.parametrize(
    ("fact", "entries", "answer"),
    [
        (refund(500), [("reverse", 5)], {"reversed": {"points": 5}}),
        (model.HoldPlaced(**KEYED, unit="points", points=3, until=day(1)), [("hold", 3)], {"held": 3, "until": day(1).isoformat()}),
        (model.HoldCancelled(**{**KEYED, "ref": UUID(int=1)}), [("unhold", 2)], {"returned": 2}),
        (model.PointsRedeemed(**KEYED, unit="points", points=3), [("spend", 3)], {"spent": 3}),
        (model.RedemptionCancelled(**KEYED), [("restore", 4)], {"returned": 4}),
        (model.PointsAdjusted(**KEYED, unit="points", points=3, reason="x"), [("grant", 3)], {"adjusted": 3}),
        (model.PointsAdjusted(**KEYED, unit="points", points=-3, reason="x"), [("deduct", 3)], {"adjusted": -3}),
        (model.PointsTransferred(**KEYED, unit="points", points=3, receiver=FRIEND), [("send", 3)], {"sent": 3}),
        (TransferReceived(**KEYED, sender=FRIEND, unit="points", lots=((NEVER, 3),)), [("receive", 3)], {}),
        (model.StandingOpened(**KEYED, lots=(("points", NEVER, ALWAYS, 3),)), [("grant", 3)], {}),
        (model.TimePassed(member_id=MEMBER, at=NOON), [], {}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_fact_finds_its_rule(fact: Fact, entries: list[tuple[str, int]], answer: dict[str, object]) -> None:
    lapsing = lot(9, day(-1), unit="growth")
    own = (lot(20, day(5)), GRANTED, entry("spend", 4, day(5), ref=REF), held(1, 2, day(5), until=day(1)))
    made = decided(fact, standing(lapsing, *own, as_of=day(-2), **HISTORY))
    # What was due before it comes first.
    assert made.entries[0] == Entry("growth", "expire", 9, day(-1), day(-1), ALWAYS, None, {})
    assert brief(made.entries) == entries
    assert made.answer == {**answer, "level": "member"}
    assert {each.at for each in made.entries[1:]} <= {NOON}
    assert made.standing.seq == 1


def test_what_is_no_fact_is_an_error_and_never_ignored() -> None:
    with pytest.raises(AssertionError, match="but got: namespace"):
        rules.decide(PLAIN, standing(), cast("Fact", SimpleNamespace(at=NOON)))


def test_a_transfer_is_followed_up_by_what_the_other_member_receives() -> None:
    made = decided(model.PointsTransferred(**KEYED, unit="points", points=3, receiver=FRIEND), standing(lot(5, day(5))))
    assert made.follow_up == TransferReceived(member_id=FRIEND, at=NOON, ref=REF, sender=MEMBER, unit="points", lots=((day(5), 3),))


def test_a_hold_whose_end_has_passed_already_times_out_in_the_same_decision() -> None:
    made = decided(model.HoldPlaced(**KEYED, unit="points", points=3, until=NOON), standing(lot(5)))
    assert brief(made.entries) == [("hold", 3), ("unhold", 3)]
    assert made.standing.wallet.holds == {}


def opening(*lots: tuple[str, datetime, datetime, int], **more: Any) -> model.StandingOpened:
    return model.StandingOpened(**KEYED, lots=lots, **more)


@pytest.mark.parametrize(("available_at", "kept"), [(ALWAYS, ALWAYS), (NOON - TICK, ALWAYS), (NOON, ALWAYS), (NOON + TICK, NOON + TICK)])
def test_an_opening_lot_keeps_its_own_dates_and_is_pending_only_if_it_still_is(available_at: datetime, kept: datetime) -> None:
    made = decided(opening(("points", day(9), available_at, 7), ("growth", NEVER, ALWAYS, 5)), standing())
    assert made.entries == [
        Entry("points", "grant", 7, NOON, day(9), kept, REF, {"opening": True}),
        Entry("growth", "grant", 5, NOON, NEVER, ALWAYS, REF, {"opening": True}),
    ]


@pytest.mark.parametrize(
    ("given", "tier"),
    [
        ({}, TierStanding("silver", NOON, LAPSES)),
        ({"since": day(-30)}, TierStanding("silver", day(-30), datetime(2027, 1, 31, tzinfo=UTC))),
        ({"keep_until": day(40)}, TierStanding("silver", NOON, day(40))),
        ({"since": day(-30), "keep_until": day(40)}, TierStanding("silver", day(-30), day(40))),
    ],
)
def test_an_opening_level_keeps_its_dates_or_gets_those_it_would_have_here(given: dict[str, Any], tier: TierStanding) -> None:
    made = decided(opening(level="silver", **given), standing())
    assert made.standing.tier == tier
    why: dict[str, object] = {"from": "member", "to": "silver", "reason": "opening", "balance": 0}
    dates: dict[str, object] = {"since": tier.since.isoformat(), "until": tier.keep_until.isoformat()}
    assert made.entries == [Entry("main", "tier", 0, NOON, NEVER, ALWAYS, None, {**why, **dates})]
    assert made.answer == {"level": "silver"}


def test_the_term_of_an_opening_level_follows_the_programmes_own_calendar() -> None:
    # 16:00 in London is the next day in Shanghai.
    made = decided(opening(level="silver", since=datetime(2026, 2, 1, 16, tzinfo=UTC)), standing(), programme(zone="Asia/Shanghai"))
    assert made.standing.tier.keep_until == datetime(2027, 2, 2, 16, tzinfo=UTC)


def test_the_lowest_opening_level_needs_no_review_whatever_was_said() -> None:
    made = decided(opening(level="member", since=day(-30), keep_until=day(40)), standing())
    assert made.standing.tier == TierStanding("member", day(-30), NO_REVIEW)


def test_an_opening_without_a_level_leaves_it_and_growth_may_lift_it() -> None:
    assert decided(opening(), standing()).entries == []
    made = decided(opening(("growth", NEVER, ALWAYS, 100)), standing())
    assert [each.kind for each in made.entries] == ["grant", "tier"]
    assert made.standing.tier.level == "silver"


def test_the_reason_of_an_opening_names_the_balance_it_brings() -> None:
    made = decided(opening(("growth", NEVER, ALWAYS, 350), level="gold"), standing())
    assert [each.why.get("balance") for each in made.entries] == [None, 350]


def test_an_opening_balance_pays_a_debt() -> None:
    made = decided(opening(("points", NEVER, ALWAYS, 9)), standing(entry("owe", 4)))
    assert brief(made.entries) == [("grant", 9), ("settle", 4)]


def test_a_refused_fact_leaves_no_trace() -> None:
    found = standing(lot(5, day(2)), tier=TierStanding("silver", NOON, day(3)))
    with pytest.raises(Problem, match="insufficient"):
        decided(model.PointsRedeemed(**{**KEYED, "at": day(4)}, unit="points", points=1), found)


def test_pending_growth_waits_for_its_release() -> None:
    of = programme(per_amount("growth", unit="growth"), units=[unit("growth", pending_days=7, redeem=None, transfer=None)])
    first = decided(bought(amount=10_000), standing(), of)
    assert (first.standing.tier.level, first.standing.wallet.next_event) == ("member", datetime(2026, 3, 8, tzinfo=UTC))
    later = decided(bought("2", 100, at=day(7)), first.standing, of)
    assert [(each.kind, each.at.day) for each in later.entries] == [("release", 8), ("tier", 8), ("grant", 8)]
    assert later.standing.tier.since == datetime(2026, 3, 8, tzinfo=UTC)


def test_the_reason_of_a_grant_names_line_and_rule() -> None:
    two = model.OrderPaid(order=factories.order(MEMBER, "1", [Line(1, "a", 1, 150), Line(2, "b", 1, 250)]))
    assert decided(two, standing(), programme(per_amount())).entries[0].why == {"parts": [(1, "base", 2), (2, "base", 2)]}


def test_an_order_whose_hold_is_gone_is_refused() -> None:
    with pytest.raises(Problem, match="hold_gone"):
        decided(bought(hold=REF), standing())
