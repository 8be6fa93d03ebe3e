"""Quantiles of counted values against the same values written out."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.science import quantiles


def _counted(pairs: dict[int, int], share: Fraction) -> int | None:
    return quantiles.counted(np.array(list(pairs), dtype=np.int64), np.array(list(pairs.values()), dtype=np.int64), share)


@pytest.mark.parametrize(
    ("pairs", "median", "p75"),
    [
        ({}, None, None),
        ({5: 0}, None, None),
        ({5: 1}, 5, 5),
        ({9: 1, 1: 1}, 1, 9),
        ({1: 2, 2: 1, 3: 1}, 1, 2),
        ({3: 1, 2: 1, 1: 1}, 2, 3),
        ({7: 1_000_000, 30: 1_000_000, 90: 1}, 30, 30),
    ],
)
def test_the_median_and_p75_are_observed_values(pairs: dict[int, int], median: int | None, p75: int | None) -> None:
    assert (_counted(pairs, quantiles.MEDIAN), _counted(pairs, quantiles.P75)) == (median, p75)


@given(st.dictionaries(st.integers(-1_000, 1_000), st.integers(1, 5), min_size=1), st.integers(1, 100))
def test_it_is_the_value_at_that_place_of_the_sorted_list(pairs: dict[int, int], percent: int) -> None:
    listed = sorted(value for value, count in pairs.items() for _ in range(count))
    place = -(-percent * len(listed) // 100)
    assert _counted(pairs, Fraction(percent, 100)) == listed[place - 1]


@pytest.mark.parametrize("share", [Fraction(0), Fraction(3, 2)])
def test_a_share_lies_between_none_and_all(share: Fraction) -> None:
    with pytest.raises(ValueError, match="share"):
        _counted({1: 1}, share)


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="count"):
        _counted({1: -1}, quantiles.MEDIAN)
