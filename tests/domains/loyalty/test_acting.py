"""How many days in a row something was done."""

from datetime import date

import pytest

from regulars.domains.loyalty.service import acting

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("days", "row"),
    [
        ([], 0),
        ([date(2026, 2, 28)], 0),
        ([TODAY], 1),
        ([date(2026, 3, 1)], 1),
        ([TODAY, date(2026, 3, 1), date(2026, 2, 28), date(2026, 2, 26)], 3),
        ([date(2026, 3, 1), date(2026, 2, 28)], 2),
    ],
)
def test_a_streak_ends_with_a_day_left_out_and_today_may_still_come(days: list[date], row: int) -> None:
    assert acting.streak(days, TODAY) == row
