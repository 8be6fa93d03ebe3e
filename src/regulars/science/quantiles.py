"""Quantiles of values that come counted, as a database groups them: no row is expanded, and every engine gives the same number."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

MEDIAN = Fraction(1, 2)
P75 = Fraction(3, 4)


def counted(values: NDArray[np.int64], counts: NDArray[np.int64], share: Fraction) -> int | None:
    """The smallest value at or below which at least ``share`` of the observations lie.

    Parameters
    ----------
    values : int array, shape (k,)
        The distinct values, in any order.
    counts : int array, shape (k,)
        How often each was observed, 0 or more.
    share : Fraction
        ``0 < share <= 1``; a fraction, because a rounded product could fall just short of a step.

    Returns
    -------
    int or None
        ``min {v : Σ_{u ≤ v} count(u) ≥ share · n}``. ``None`` without observations.

    Raises
    ------
    ValueError
        For a share outside its bounds or a negative count.

    Notes
    -----
    The inverse of the empirical distribution function: definition 1 of R. J. Hyndman and Y. Fan, "Sample quantiles in statistical
    packages", The American Statistician 50 (1996) 361-365. It is always a value that was observed, and a whole number of days.
    """
    if not 0 < share <= 1:
        raise ValueError("a share lies above 0 and at most at 1")
    if counts.size and int(counts.min()) < 0:
        raise ValueError("a count is 0 or more")
    order = np.argsort(values, kind="stable")
    running = np.cumsum(counts[order])
    total = int(running[-1]) if running.size else 0
    if total == 0:
        return None
    # ceil(share * n) in whole numbers.
    needed = -(-share.numerator * total // share.denominator)
    return int(values[order][int(np.searchsorted(running, needed, side="left"))])
