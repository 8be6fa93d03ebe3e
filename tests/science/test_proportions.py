"""Intervals against the published examples they come from."""

import pytest

from regulars.science import proportions


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    # Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998), table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_published_bounds(successes: int, trials: int, low: float, high: float) -> None:
    found = proportions.wilson(successes, trials)
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert found.estimate == successes / trials


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    # Newcombe, "Interval estimation for the difference", Statistics in Medicine 17 (1998), table II, method 10, columns a to h.
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
        ((10, 10), (0, 10), 0.6075, 1.0000),
    ],
)
def test_newcombe_gives_the_published_bounds(first: tuple[int, int], second: tuple[int, int], low: float, high: float) -> None:
    found = proportions.newcombe(first, second)
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_without_trials_there_is_no_interval() -> None:
    assert proportions.wilson(0, 0) is None
    assert proportions.newcombe((0, 0), (1, 2)) is None
    assert proportions.newcombe((1, 2), (0, 0)) is None


def test_all_and_none_reach_the_bounds_exactly() -> None:
    every, none = proportions.wilson(7, 7), proportions.wilson(0, 7)
    assert every is not None
    assert none is not None
    assert (every.high, none.low) == (1.0, 0.0)


@pytest.mark.parametrize(("successes", "trials"), [(-1, 5), (6, 5)])
def test_impossible_counts_are_refused(successes: int, trials: int) -> None:
    with pytest.raises(ValueError, match="successes"):
        proportions.wilson(successes, trials)
