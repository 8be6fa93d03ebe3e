"""What time alone does to a standing, a moment before, at and after: releases, expiries, holds, climbs and reviews."""

from datetime import UTC, datetime

import pytest

from regulars.domains.loyalty.rules import passing
from regulars.domains.points.model import ALWAYS, NEVER, Entry
from regulars.domains.tiers.model import TierStanding
from regulars.domains.tiers.rules import NO_REVIEW
from tests.support.wallets import GROWTH, NOON, TICK, brief, day, entry, held, ladder, lot, programme, standing, totals, unit

REVIEW = day(10)
A_YEAR_LATER = datetime(2027, 3, 12, tzinfo=UTC)
"""Twelve months after 11 March 2026, the day of the review, through the end of that day."""
PLAIN = programme()


def on(level: str, keep_until: datetime = REVIEW) -> TierStanding:
    return TierStanding(level, day(-300), keep_until)


def growth(amount: int, expires_at: datetime = NEVER, available_at: datetime = ALWAYS) -> Entry:
    return lot(amount, expires_at, available_at, unit="growth")


def changed(old: str, new: TierStanding, at: datetime, reason: str, balance: int) -> Entry:
    """The entry that says a level changed."""
    why: dict[str, object] = {
        "from": old,
        "to": new.level,
        "since": new.since.isoformat(),
        "until": new.keep_until.isoformat(),
        "reason": reason,
        "balance": balance,
    }
    return Entry("main", "tier", 0, at, NEVER, ALWAYS, None, why)


@pytest.mark.parametrize("to", [NOON - TICK, NOON])
def test_time_that_has_passed_already_changes_nothing(to: datetime) -> None:
    found = standing(lot(5, day(-1)), tier=on("silver", day(-1)))
    before = found.copy()
    assert passing.advance(PLAIN, found, to) == []
    assert found == before


def test_time_in_which_nothing_is_due_only_moves_the_standing() -> None:
    found = standing(lot(5, day(2)), growth(100, day(3)), tier=on("silver"))
    assert passing.advance(PLAIN, found, day(1)) == []
    assert found == standing(lot(5, day(2)), growth(100, day(3)), tier=on("silver"), as_of=day(1))
    assert passing.advance(PLAIN, found, day(1) + TICK) == []
    assert found.as_of == day(1) + TICK


@pytest.mark.parametrize(("to", "kinds"), [(day(2) - TICK, []), (day(2), [("expire", 5)]), (day(2) + TICK, [("expire", 5)])])
def test_points_lapse_at_their_instant(to: datetime, kinds: list[tuple[str, int]]) -> None:
    found = standing(lot(5, day(2)))
    assert brief(passing.advance(PLAIN, found, to)) == kinds


@pytest.mark.parametrize(("to", "level"), [(REVIEW - TICK, "silver"), (REVIEW, "member"), (REVIEW + TICK, "member")])
def test_a_level_is_reviewed_at_the_instant_its_term_ends(to: datetime, level: str) -> None:
    found = standing(growth(99), tier=on("silver"))
    entries = passing.advance(PLAIN, found, to)
    assert found.tier.level == level
    if level == "member":
        assert found.tier == TierStanding("member", REVIEW, NO_REVIEW)
        assert entries == [changed("silver", found.tier, REVIEW, "review", 99)]
    else:
        assert entries == []


def test_a_level_that_the_balance_carries_is_kept_and_says_so() -> None:
    found = standing(growth(100), tier=on("silver"))
    entries = passing.advance(PLAIN, found, REVIEW)
    assert found.tier == TierStanding("silver", day(-300), A_YEAR_LATER)
    assert entries == [changed("silver", found.tier, REVIEW, "kept", 100)]


@pytest.mark.parametrize(("expires_at", "level"), [(REVIEW - TICK, "member"), (REVIEW, "member"), (REVIEW + TICK, "silver")])
def test_growth_that_lapses_with_the_review_no_longer_counts_at_it(expires_at: datetime, level: str) -> None:
    found = standing(growth(100, expires_at), tier=on("silver"))
    passing.advance(PLAIN, found, REVIEW)
    assert found.tier.level == level


@pytest.mark.parametrize(
    ("available_at", "level", "kinds"),
    [
        (REVIEW, "silver", ["release", "tier"]),
        (REVIEW + TICK, "member", ["tier"]),
    ],
)
def test_growth_released_with_the_review_counts_at_it(available_at: datetime, level: str, kinds: list[str]) -> None:
    found = standing(growth(100, NEVER, available_at), tier=on("silver"))
    assert [each.kind for each in passing.advance(PLAIN, found, REVIEW)] == kinds
    assert found.tier.level == level


def test_growth_released_at_the_instant_of_a_review_may_lift_the_level_instead() -> None:
    found = standing(growth(300, NEVER, REVIEW), tier=on("silver"))
    entries = passing.advance(PLAIN, found, REVIEW)
    assert found.tier == TierStanding("gold", REVIEW, A_YEAR_LATER)
    assert entries == [
        Entry("growth", "release", 300, REVIEW, NEVER, REVIEW, None, {}),
        changed("silver", found.tier, REVIEW, "upgrade", 300),
    ]


def test_released_growth_lifts_the_level_at_the_instant_of_its_release() -> None:
    found = standing(growth(300, NEVER, day(3)))
    entries = passing.advance(PLAIN, found, day(5))
    assert found.tier == TierStanding("gold", day(3), datetime(2027, 3, 5, tzinfo=UTC))
    assert entries[1:] == [changed("member", found.tier, day(3), "upgrade", 300)]
    assert found.as_of == day(5)


def test_released_points_lift_no_level() -> None:
    # The balance carries gold already; only growth, the order or an adjustment looks at it.
    found = standing(growth(300), lot(5, NEVER, day(3)))
    assert [(each.unit, each.kind) for each in passing.advance(PLAIN, found, day(5))] == [("points", "release")]
    assert found.tier.level == "member"


def test_a_term_may_end_several_times_while_nobody_looks() -> None:
    monthly = programme(ladder_=ladder(keep_months=1, downgrade="one_step"))
    found = standing(growth(250, day(50)), tier=on("gold"))
    entries = passing.advance(monthly, found, day(120))
    # 11 March: 250 carry only silver. 12 April: kept. 13 May: the growth has lapsed on 20 April.
    assert [(each.kind, each.at, each.why.get("to"), each.why.get("reason")) for each in entries] == [
        ("tier", REVIEW, "silver", "review"),
        ("tier", datetime(2026, 4, 11, 23, tzinfo=UTC), "silver", "kept"),
        ("expire", day(50), None, None),
        ("tier", datetime(2026, 5, 12, 23, tzinfo=UTC), "member", "review"),
    ]
    assert found.tier == TierStanding("member", datetime(2026, 5, 12, 23, tzinfo=UTC), NO_REVIEW)
    assert found.as_of == day(120)


def test_one_step_down_needs_a_term_a_step() -> None:
    monthly = programme(ladder_=ladder(keep_months=1, downgrade="one_step"))
    found = standing(tier=on("gold"))
    entries = passing.advance(monthly, found, datetime(2026, 4, 11, 23, tzinfo=UTC))
    assert [each.why["to"] for each in entries] == ["silver", "member"]


def test_events_before_between_and_after_reviews_come_in_the_order_of_their_moments() -> None:
    found = standing(lot(1, day(5)), lot(2, day(15)), growth(100, day(400)), tier=on("silver"))
    entries = passing.advance(PLAIN, found, day(401))
    assert [(each.unit, each.kind, each.at) for each in entries] == [
        ("points", "expire", day(5)),
        ("main", "tier", REVIEW),
        ("points", "expire", day(15)),
        ("main", "tier", A_YEAR_LATER),
        ("growth", "expire", day(400)),
    ]
    assert totals(found.wallet) == {"granted": 3, "expired": 3}


@pytest.mark.parametrize(
    ("balance", "level", "after"), [(99, "member", None), (100, "member", "silver"), (300, "silver", "gold"), (300, "gold", None)]
)
def test_climbing_moves_up_at_once_and_writes_it_down(balance: int, level: str, after: str | None) -> None:
    found = standing(growth(balance), growth(1_000, NEVER, day(9)), lot(1_000), tier=on(level))
    entries = passing.climb(PLAIN, found, day(0))
    if after is None:
        assert (entries, found.tier) == ([], on(level))
    else:
        assert found.tier == TierStanding(after, NOON, datetime(2027, 3, 2, tzinfo=UTC))
        assert entries == [changed(level, found.tier, NOON, "upgrade", balance)]


def test_a_climb_and_a_review_keep_by_the_programmes_own_calendar() -> None:
    # 16:00 in London is the next day in Shanghai.
    shanghai = programme(zone="Asia/Shanghai")
    at, until = datetime(2026, 3, 1, 16, tzinfo=UTC), datetime(2027, 3, 2, 16, tzinfo=UTC)
    found = standing(growth(100))
    passing.climb(shanghai, found, at)
    assert found.tier == TierStanding("silver", at, until)
    found = standing(growth(100), tier=on("silver", at))
    passing.advance(shanghai, found, at)
    assert found.tier == on("silver", until)


def test_a_change_puts_the_member_there_and_says_from_where_why_and_by_which_balance() -> None:
    found = standing(growth(42), tier=on("gold"))
    new = TierStanding("silver", day(-5), day(9))
    assert passing.change(PLAIN, found, PLAIN.ladder, new, at=day(1), reason="opening") == changed("gold", new, day(1), "opening", 42)
    assert found.tier == new


SOON = unit("soon", redeem=None)
"""Cannot be redeemed, but given away: a member notices when it lapses."""


@pytest.mark.parametrize(
    ("entries", "due"),
    [
        ([], REVIEW),
        ([lot(1)], REVIEW),
        ([lot(1, REVIEW + TICK)], REVIEW),
        ([lot(1, REVIEW)], REVIEW),
        ([lot(1, day(5))], day(5)),
        ([lot(1, day(6)), lot(1, day(5)), lot(1, day(7))], day(5)),
        # Growth that lapses is no event of its own: the review looks at it.
        ([growth(1, day(5))], REVIEW),
        ([lot(1, day(5), unit="soon")], day(5)),
        # A unit that the programme has dropped lapses like points.
        ([lot(1, day(5), unit="dropped")], day(5)),
        # A release is noticed whatever is released.
        ([growth(1, NEVER, day(4))], day(4)),
        ([growth(1, day(5), day(4))], day(4)),
        ([lot(1, day(9), day(4))], day(4)),
        ([lot(1, NEVER, day(11))], REVIEW),
        ([lot(1, day(3), day(4))], day(3)),
        ([growth(1, NEVER, day(4)), growth(1, NEVER, day(6)), growth(1, day(8), day(5))], day(4)),
        ([lot(9, day(9)), held(1, 9, day(9), until=day(1))], day(1)),
        ([lot(9), held(1, 4, until=day(3)), held(2, 4, until=day(2))], day(2)),
        ([lot(9), held(1, 4, until=day(12))], REVIEW),
    ],
)
def test_what_is_due_next_is_what_a_member_would_notice_soonest(entries: list[Entry], due: datetime) -> None:
    of = programme(units=[SOON])
    assert passing.next_due(of, standing(*entries, tier=on("silver"))) == due


def test_a_member_of_the_lowest_level_with_undated_points_has_nothing_due() -> None:
    assert passing.next_due(PLAIN, standing(lot(5), growth(5, day(3)))) == NO_REVIEW


def test_the_balance_of_the_reason_is_that_of_the_ladders_unit() -> None:
    of = programme(units=[GROWTH], ladder_=ladder())
    found = standing(lot(7), growth(100), entry("grant", 3, unit="stamps"))
    assert passing.climb(of, found, NOON)[0].why["balance"] == 100
