"""When a level is reached, kept and lost, and what keeps it: the ladder has member at 0, silver at 100 and gold at 300 growth."""

from datetime import UTC, datetime

import pytest

from regulars.domains.tiers import rules as tiers
from regulars.domains.tiers.model import Ladder, Level, Projection, TierStanding
from regulars.kernel import periods
from tests.support.wallets import LEVELS, NOON, TICK, day, ladder, text

LONDON = periods.zone("Europe/London")
SHANGHAI = periods.zone("Asia/Shanghai")
SINCE = day(-400)
IN_A_YEAR = datetime(2027, 3, 2, tzinfo=UTC)


def on(level: str, keep_until: datetime = NOON) -> TierStanding:
    return TierStanding(level, SINCE, keep_until)


@pytest.mark.parametrize(
    ("level", "rank"), [("member", 0), ("silver", 1), ("gold", 2), ("platinum", 0), ("", 0)]
)  # a level that a newer document dropped counts as the lowest
def test_the_rank_of_a_level(level: str, rank: int) -> None:
    assert ladder().rank(level) == rank


@pytest.mark.parametrize(("balance", "rank"), [(-1, 0), (0, 0), (1, 0), (99, 0), (100, 1), (101, 1), (299, 1), (300, 2), (10**9, 2)])
def test_a_balance_carries_the_highest_level_whose_threshold_it_reaches(balance: int, rank: int) -> None:
    assert ladder().carried(balance) == rank


@pytest.mark.parametrize(
    ("at", "zone", "months", "round_to", "until"),
    [
        # Kept through the end of the same day of the month a year later.
        (NOON, LONDON, 12, None, IN_A_YEAR),
        (NOON, LONDON, 12, "day", IN_A_YEAR),
        # The local day decides: 17:00 in London is the next day in Shanghai.
        (datetime(2026, 3, 1, 15, 59, tzinfo=UTC), SHANGHAI, 12, None, datetime(2027, 3, 1, 16, tzinfo=UTC)),
        (datetime(2026, 3, 1, 16, tzinfo=UTC), SHANGHAI, 12, None, datetime(2027, 3, 2, 16, tzinfo=UTC)),
        # The end of a month that is shorter, and a leap day.
        (datetime(2026, 1, 31, 12, tzinfo=UTC), LONDON, 1, None, datetime(2026, 3, 1, tzinfo=UTC)),
        (datetime(2024, 2, 29, 12, tzinfo=UTC), LONDON, 12, None, datetime(2025, 3, 1, tzinfo=UTC)),
        (datetime(2027, 2, 28, 12, tzinfo=UTC), LONDON, 12, None, datetime(2028, 2, 29, tzinfo=UTC)),
        # Midnight of summer time is an hour earlier in UTC.
        (datetime(2026, 3, 28, 12, tzinfo=UTC), LONDON, 1, None, datetime(2026, 4, 28, 23, tzinfo=UTC)),
        # Through the end of the month, quarter or year.
        (NOON, LONDON, 12, "month", datetime(2027, 3, 31, 23, tzinfo=UTC)),
        (NOON, LONDON, 1, "quarter", datetime(2026, 6, 30, 23, tzinfo=UTC)),
        (NOON, SHANGHAI, 12, "year", datetime(2027, 12, 31, 16, tzinfo=UTC)),
    ],
)
def test_a_level_is_kept_through_the_end_of_its_last_day(
    at: datetime, zone: periods.Zone, months: int, round_to: str | None, until: datetime
) -> None:
    assert tiers.keep_until(ladder(keep_months=months, keep_round_to=round_to), at, zone) == until


def test_everybody_starts_on_the_lowest_level_which_needs_no_review() -> None:
    assert tiers.opened(ladder(), NOON, LONDON) == TierStanding("member", NOON, datetime(9999, 12, 31, tzinfo=UTC))


@pytest.mark.parametrize(
    ("level", "balance", "reached"),
    [
        ("member", 99, None),
        ("member", 100, "silver"),
        ("member", 299, "silver"),
        ("member", 300, "gold"),
        ("silver", 0, None),
        ("silver", 299, None),
        ("silver", 300, "gold"),
        ("gold", 10**9, None),
        ("dropped", 100, "silver"),
        ("dropped", 99, None),
    ],
)
def test_a_higher_level_is_reached_at_once_and_kept_from_then(level: str, balance: int, reached: str | None) -> None:
    found = tiers.looked_at(ladder(), on(level), balance=balance, at=NOON, zone=LONDON)
    assert found == (TierStanding(reached, NOON, IN_A_YEAR) if reached else None)


@pytest.mark.parametrize(
    ("downgrade", "level", "balance", "after"),
    [
        ("reassess", "gold", 300, on("gold", IN_A_YEAR)),
        ("reassess", "gold", 10**9, on("gold", IN_A_YEAR)),
        ("reassess", "silver", 100, on("silver", IN_A_YEAR)),
        # A review never raises: that happens at once, when the balance changes.
        ("reassess", "silver", 300, on("silver", IN_A_YEAR)),
        ("reassess", "gold", 299, TierStanding("silver", NOON, IN_A_YEAR)),
        ("reassess", "gold", 99, TierStanding("member", NOON, tiers.NO_REVIEW)),
        ("reassess", "silver", 99, TierStanding("member", NOON, tiers.NO_REVIEW)),
        ("one_step", "gold", 300, on("gold", IN_A_YEAR)),
        ("one_step", "gold", 299, TierStanding("silver", NOON, IN_A_YEAR)),
        ("one_step", "gold", 0, TierStanding("silver", NOON, IN_A_YEAR)),
        ("one_step", "silver", 99, TierStanding("member", NOON, tiers.NO_REVIEW)),
    ],
)
def test_the_review(downgrade: str, level: str, balance: int, after: TierStanding) -> None:
    assert tiers.reviewed(ladder(downgrade=downgrade), on(level), balance=balance, at=NOON, zone=LONDON) == after


def test_every_change_is_kept_by_the_programmes_own_calendar() -> None:
    # 16:00 in London is the next day in Shanghai: kept through 2 March there.
    at, until = datetime(2026, 3, 1, 16, tzinfo=UTC), datetime(2027, 3, 2, 16, tzinfo=UTC)
    up = tiers.looked_at(ladder(), on("member"), balance=100, at=at, zone=SHANGHAI)
    kept = tiers.reviewed(ladder(), on("silver"), balance=100, at=at, zone=SHANGHAI)
    down = tiers.reviewed(ladder(), on("gold"), balance=100, at=at, zone=SHANGHAI)
    assert (up, kept, down) == (TierStanding("silver", at, until), on("silver", until), TierStanding("silver", at, until))


def test_one_step_goes_down_rung_by_rung() -> None:
    steps = ladder(
        downgrade="one_step", levels=tuple(Level(id=name, threshold=at, label=text(name)) for name, at in (*LEVELS, ("black", 900)))
    )
    seen, now = [], on("black")
    for _ in range(3):
        now = tiers.reviewed(steps, now, balance=0, at=NOON, zone=LONDON)
        seen.append((now.level, now.keep_until))
    assert seen == [("gold", IN_A_YEAR), ("silver", IN_A_YEAR), ("member", tiers.NO_REVIEW)]


@pytest.mark.parametrize(
    ("level", "balance", "lots", "expected"),
    [
        # (carried then, missing to keep, next level, missing to next)
        ("silver", 130, {day(9): 50, day(11): 80}, (80, 20, "gold", 170)),
        ("silver", 180, {day(11): 80, day(12): 100}, (180, 0, "gold", 120)),
        ("silver", 100, {day(11): 100}, (100, 0, "gold", 200)),
        ("silver", 99, {day(11): 99}, (99, 1, "gold", 201)),
        ("silver", 400, {day(11): 400}, (400, 0, "gold", 0)),
        ("silver", 0, {}, (0, 100, "gold", 300)),
        # What lapses at the instant of the review does not count at it, what lapses after it does.
        ("silver", 111, {day(10) - TICK: 1, day(10): 10, day(10) + TICK: 100}, (100, 0, "gold", 189)),
        ("gold", 130, {day(11): 130}, (130, 170, None, None)),
        ("member", 30, {day(11): 30}, (30, 0, "silver", 70)),
    ],
)
def test_the_projection(level: str, balance: int, lots: dict[datetime, int], expected: tuple[int, int, str | None, int | None]) -> None:
    found = tiers.projection(ladder(), on(level, day(10)), balance=balance, lots=lots)
    carried, to_keep, next_level, to_next = expected
    assert found == Projection(
        ladder="main",
        state="",
        unit="growth",
        level=level,
        keep_until=day(10),
        carried_then=carried,
        missing_to_keep=to_keep,
        next_level=next_level,
        missing_to_next=to_next,
    )


def test_a_ladder_of_one_level_leads_nowhere() -> None:
    alone = Ladder(
        id="main",
        unit="growth",
        levels=(Level(id="only", threshold=0, label=text("only")),),
        keep_months=12,
        keep_round_to=None,
        downgrade="reassess",
    )
    now = tiers.opened(alone, NOON, LONDON)
    assert tiers.looked_at(alone, now, balance=10**9, at=NOON, zone=LONDON) is None
    found = tiers.projection(alone, now, balance=5, lots={day(1): 5})
    assert (found.missing_to_keep, found.next_level, found.missing_to_next) == (0, None, None)
