"""The policies of a ladder: when a level is raised, kept through grace, told about, lost after a refund, given, looked at again."""

from datetime import UTC, datetime

import pytest

from regulars.domains.tiers import rules as tiers
from regulars.domains.tiers.model import Basis, Level, TierStanding
from regulars.kernel import periods
from regulars.kernel.problem import Problem
from tests.support.wallets import NOON, TICK, day, ladder, text

LONDON = periods.zone("Europe/London")
SHANGHAI = periods.zone("Asia/Shanghai")
SINCE = day(-400)
IN_A_YEAR = datetime(2027, 3, 2, tzinfo=UTC)
INVITED = (
    Level(id="member", threshold=0, label=text("member")),
    Level(id="silver", threshold=100, label=text("silver"), floor=True),
    Level(id="gold", threshold=300, label=text("gold")),
    Level(id="black", threshold=900, label=text("black"), invited=True),
)


def on(level: str, keep_until: datetime = NOON, state: str = "") -> TierStanding:
    return TierStanding(level, SINCE, keep_until, state)


@pytest.mark.parametrize(
    ("at", "months", "until"),
    [
        (NOON, 0, datetime(2026, 12, 31, 16, tzinfo=UTC) - TICK),
        (NOON, 12, datetime(2027, 12, 31, 16, tzinfo=UTC) - TICK),
        # At the review itself the next one is a year away, not now again.
        (datetime(2026, 12, 31, 16, tzinfo=UTC) - TICK, 0, datetime(2027, 12, 31, 16, tzinfo=UTC) - TICK),
        (datetime(2026, 12, 31, 16, tzinfo=UTC), 0, datetime(2027, 12, 31, 16, tzinfo=UTC) - TICK),
        (datetime(2026, 12, 31, 16, tzinfo=UTC) - 2 * TICK, 0, datetime(2026, 12, 31, 16, tzinfo=UTC) - TICK),
    ],
)
def test_a_review_on_a_day_of_the_year_is_in_its_last_instant(at: datetime, months: int, until: datetime) -> None:
    assert tiers.keep_until(ladder(keep_months=months, review_on=(12, 31)), at, SHANGHAI) == until


@pytest.mark.parametrize(
    ("upgrade", "state", "level", "balance", "after"),
    [
        ("at_once", "grace", "silver", 100, on("silver", IN_A_YEAR)),
        ("at_once", "grace", "silver", 99, None),
        ("at_once", "grace", "silver", 300, TierStanding("gold", NOON, IN_A_YEAR)),
        ("at_once", "noticed", "silver", 299, None),
        ("at_once", "noticed", "silver", 300, TierStanding("gold", NOON, IN_A_YEAR)),
        ("at_review", "", "silver", 300, None),
        ("at_review", "grace", "silver", 100, on("silver", IN_A_YEAR)),
        # A ladder that raises at reviews ends the grace period, and raises nobody before the next review.
        ("at_review", "grace", "silver", 300, on("silver", IN_A_YEAR)),
    ],
)
def test_what_a_balance_does_at_once(upgrade: str, state: str, level: str, balance: int, after: TierStanding | None) -> None:
    assert tiers.looked_at(ladder(upgrade=upgrade), on(level, state=state), balance=balance, at=NOON, zone=LONDON) == after


def test_a_ladder_that_raises_at_reviews_reviews_the_lowest_level_too() -> None:
    by_review = ladder(upgrade="at_review")
    assert tiers.opened(by_review, NOON, LONDON) == TierStanding("member", NOON, IN_A_YEAR)
    assert tiers.reviewed(by_review, on("member"), balance=300, at=NOON, zone=LONDON) == TierStanding("gold", NOON, IN_A_YEAR)


@pytest.mark.parametrize(
    ("level", "state", "balance", "after"),
    [
        ("gold", "", 299, on("gold", datetime(2026, 3, 11, tzinfo=UTC), "grace")),
        ("gold", "noticed", 299, on("gold", datetime(2026, 3, 11, tzinfo=UTC), "grace")),
        ("gold", "grace", 299, TierStanding("silver", NOON, IN_A_YEAR)),
        ("gold", "", 300, on("gold", IN_A_YEAR)),
        ("gold", "noticed", 300, on("gold", IN_A_YEAR)),
    ],
)
def test_a_failed_review_gives_grace_once(level: str, state: str, balance: int, after: TierStanding) -> None:
    assert tiers.reviewed(ladder(grace_days=10), on(level, state=state), balance=balance, at=NOON, zone=LONDON) == after


def test_nobody_falls_below_a_floor_and_a_ladder_may_lower_nobody() -> None:
    floored = ladder(levels=INVITED)
    assert tiers.reviewed(floored, on("gold"), balance=0, at=NOON, zone=LONDON).level == "silver"
    assert tiers.reviewed(floored, on("silver"), balance=0, at=NOON, zone=LONDON) == on("silver", IN_A_YEAR)
    never = ladder(downgrade="none")
    assert tiers.reviewed(never, on("gold"), balance=0, at=NOON, zone=LONDON) == on("gold", tiers.NO_REVIEW)
    assert tiers.looked_at(never, on("member"), balance=100, at=NOON, zone=LONDON) == TierStanding("silver", NOON, tiers.NO_REVIEW)


@pytest.mark.parametrize(
    ("policy", "level", "balance", "lower"),
    [
        ("at_review", "gold", 0, None),
        ("at_once", "gold", 300, None),
        ("at_once", "gold", 299, "silver"),
        ("at_once", "gold", 0, "silver"),
        ("at_once", "silver", 0, None),
        ("at_once", "black", 0, None),
    ],
)
def test_a_refund_lowers_at_once_where_the_policy_says_so(policy: str, level: str, balance: int, lower: str | None) -> None:
    found = tiers.refunded(ladder(levels=INVITED, on_refund=policy), on(level), balance=balance, at=NOON, zone=LONDON)
    assert (found and found.level) == lower


@pytest.mark.parametrize("policy", ["at_once", "at_review"])
@pytest.mark.parametrize(
    ("level", "balance", "lower"),
    [("gold", 300, None), ("gold", 299, "silver"), ("gold", 0, "silver"), ("silver", 0, None), ("black", 0, None)],
)
def test_what_a_balance_carries_is_the_same_whatever_a_ladder_does_about_it(
    policy: str, level: str, balance: int, lower: str | None
) -> None:
    found = tiers.sunk(ladder(levels=INVITED, on_refund=policy), on(level), balance=balance, at=NOON, zone=LONDON)
    assert (found and found.level) == lower
    assert tiers.sunk(ladder(on_refund=policy, downgrade="none"), on("gold"), balance=0, at=NOON, zone=LONDON) is None


def test_a_ladder_that_never_lowers_does_not_after_a_refund_either() -> None:
    assert tiers.refunded(ladder(on_refund="at_once", downgrade="none"), on("gold"), balance=0, at=NOON, zone=LONDON) is None


@pytest.mark.parametrize(
    ("level", "balance", "down", "moved"),
    [
        ("silver", 300, False, "gold"),
        ("gold", 100, False, None),
        ("gold", 100, True, "silver"),
        ("gold", 0, True, "silver"),
        ("silver", 0, True, None),
        ("silver", 100, True, None),
        ("black", 0, True, None),
        ("dropped", 0, False, "member"),
        ("dropped", 150, False, "silver"),
        ("member", 10**9, True, "gold"),
    ],
)
def test_where_an_edited_ladder_puts_a_member(level: str, balance: int, down: bool, moved: str | None) -> None:
    found = tiers.reassessed(ladder(levels=INVITED), on(level), balance=balance, at=NOON, zone=LONDON, down=down)
    assert (found and found.level) == moved


def test_a_level_is_given_for_its_term_or_until_a_day_and_an_invitation_for_ever() -> None:
    rungs = ladder(levels=INVITED)
    assert tiers.given(rungs, "gold", at=NOON, zone=LONDON, until=None) == TierStanding("gold", NOON, IN_A_YEAR)
    assert tiers.given(rungs, "gold", at=NOON, zone=LONDON, until=day(9)) == TierStanding("gold", NOON, day(9))
    assert tiers.given(rungs, "black", at=NOON, zone=LONDON, until=None) == TierStanding("black", NOON, tiers.NO_REVIEW)
    assert tiers.given(rungs, "black", at=NOON, zone=LONDON, until=day(9)) == TierStanding("black", NOON, day(9))
    with pytest.raises(Problem, match=r"tiers\.level_unknown.*has no level bronze; it has member, silver, gold, black"):
        tiers.given(rungs, "bronze", at=NOON, zone=LONDON, until=None)


@pytest.mark.parametrize(
    ("now", "told_at"),
    [
        (on("silver", day(30)), day(20)),
        (TierStanding("silver", day(25), day(30)), day(25)),
        (on("silver", day(30), "noticed"), tiers.NO_REVIEW),
        (on("silver", day(30), "grace"), tiers.NO_REVIEW),
        (on("member", day(30)), tiers.NO_REVIEW),
        (on("silver", tiers.NO_REVIEW), tiers.NO_REVIEW),
    ],
)
def test_when_a_member_is_told(now: TierStanding, told_at: datetime) -> None:
    assert tiers.notice_at(ladder(notice_days=10), now) == told_at
    assert tiers.notice_at(ladder(), now) == tiers.NO_REVIEW


@pytest.mark.parametrize(
    ("joined", "at", "months"),
    [
        ((2026, 1, 31), (2026, 2, 27), 0),
        ((2026, 1, 31), (2026, 2, 28), 1),
        ((2026, 1, 31), (2026, 3, 30), 1),
        ((2026, 1, 31), (2026, 3, 31), 2),
        ((2024, 2, 29), (2025, 2, 28), 12),
        ((2026, 5, 1), (2026, 4, 1), 0),
        ((2026, 5, 1), (2027, 4, 30), 11),
        ((2026, 5, 1), (2027, 5, 1), 12),
    ],
)
def test_whole_months_since_joining(joined: tuple[int, int, int], at: tuple[int, int, int], months: int) -> None:
    assert tiers.tenure(datetime(*joined, 12, tzinfo=UTC), datetime(*at, 12, tzinfo=UTC), LONDON) == months


def test_tenure_alone_reaches_the_next_level_that_is_not_by_invitation() -> None:
    years = ladder(basis=Basis.tenure, levels=INVITED[:1] + INVITED[3:] + (Level(id="old", threshold=1200, label=text("old")),))
    joined = datetime(2026, 3, 1, 20, tzinfo=UTC)
    assert tiers.next_tenure(years, on("member"), joined, SHANGHAI) == datetime(2126, 3, 1, 16, tzinfo=UTC)
    assert tiers.next_tenure(years, on("old"), joined, SHANGHAI) == tiers.NO_REVIEW
    assert tiers.next_tenure(ladder(), on("member"), joined, SHANGHAI) == tiers.NO_REVIEW
    by_review = ladder(basis=Basis.tenure, upgrade="at_review")
    assert tiers.next_tenure(by_review, on("member"), joined, SHANGHAI) == tiers.NO_REVIEW


def test_an_invited_level_is_never_missing_anything_nor_the_next_one() -> None:
    rungs = ladder(levels=INVITED)
    invited = tiers.projection(rungs, on("black", day(10)), balance=0, lots={})
    assert (invited.missing_to_keep, invited.next_level) == (0, None)
    top = tiers.projection(rungs, on("gold", day(10)), balance=300, lots={})
    assert (top.missing_to_keep, top.next_level, top.missing_to_next) == (300, None, None)
    never = tiers.projection(ladder(downgrade="none"), on("silver", day(10)), balance=0, lots={})
    assert (never.missing_to_keep, never.next_level, never.missing_to_next) == (0, "gold", 300)
