"""The product-limit estimate against a published table, and against plain shares where nobody is censored."""

import numpy as np
import pytest

from regulars.science import survival


def _array(*values: int) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.array(values, dtype=np.int64)


def test_the_remission_times_of_freireich_give_the_published_curve() -> None:
    # Freireich et al. 1963, the 6-MP arm, as in Cox and Oakes, Analysis of Survival Data (1984), table 1.1 and section 4.2.
    days = _array(6, 7, 9, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 34, 35)
    events = _array(3, 1, 0, 1, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0)
    censored = _array(1, 0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 2, 1, 1)
    curve = survival.kaplan_meier(days, events, censored)
    at = {int(day): round(1 - float(share), 4) for day, share in zip(curve.days, curve.reached, strict=True)}
    assert {day: at[day] for day in (6, 7, 10, 13, 16, 22, 23)} == {
        6: 0.8571,
        7: 0.8067,
        10: 0.7529,
        13: 0.6902,
        16: 0.6275,
        22: 0.5378,
        23: 0.4482,
    }
    assert curve.at_risk.tolist() == [21, 17, 16, 15, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 2, 1]
    place = survival.at(curve, 10)
    assert place is not None
    # The log-log bounds of R's survfit(..., conf.type = "log-log").
    assert (round(1 - float(curve.high[place]), 3), round(1 - float(curve.low[place]), 3)) == (0.503, 0.889)


def test_without_censoring_it_is_the_plain_share() -> None:
    curve = survival.kaplan_meier(_array(1, 2, 5), _array(2, 3, 5), _array(0, 0, 0))
    assert np.allclose(curve.reached, [0.2, 0.5, 1.0])
    assert (float(curve.low[2]), float(curve.high[2])) == (1.0, 1.0)


def test_nobody_with_the_event_stays_at_none() -> None:
    curve = survival.kaplan_meier(_array(3, 9), _array(0, 0), _array(4, 1))
    assert curve.reached.tolist() == curve.low.tolist() == curve.high.tolist() == [0.0, 0.0]


def test_before_the_first_step_there_is_none() -> None:
    curve = survival.kaplan_meier(_array(3, 9), _array(1, 1), _array(0, 0))
    assert [survival.at(curve, day) for day in (2, 3, 8, 9, 99)] == [None, 0, 0, 1, 1]


def test_days_that_do_not_ascend_are_refused() -> None:
    with pytest.raises(ValueError, match="ascend"):
        survival.kaplan_meier(_array(2, 1), _array(1, 1), _array(0, 0))
    with pytest.raises(ValueError, match="belong"):
        survival.kaplan_meier(_array(1, 2), _array(1), _array(0, 0))
