"""Intervals of a rate, and of the difference of two rates, that stay inside 0 and 1 and hold for few observations too."""

import math
from dataclasses import dataclass

Z_95 = 1.959963984540054
"""The 97.5 % point of the standard normal distribution: what makes an interval a two-sided 95 % one."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its bounds; ``low <= estimate <= high``."""

    estimate: float
    low: float
    high: float


def wilson(successes: int, trials: int, *, z: float = Z_95) -> Interval | None:
    """The score interval of a proportion.

    Parameters
    ----------
    successes, trials : int
        ``0 <= successes <= trials``.
    z : float
        The normal quantile; 1.96 for 95 %.

    Returns
    -------
    Interval or None
        With ``p = successes / trials``: ``(p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)``. ``None`` without trials.

    Raises
    ------
    ValueError
        For counts that no experiment gives.

    Notes
    -----
    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927) 209-212.
    """
    if not 0 <= successes <= trials:
        raise ValueError("0 <= successes <= trials")
    if trials == 0:
        return None
    share = successes / trials
    square = z * z / trials
    middle = share + square / 2
    spread = z * math.sqrt(share * (1 - share) / trials + square / (4 * trials))
    low, high = (middle - spread) / (1 + square), (middle + spread) / (1 + square)
    # The bounds at none and at all are exactly 0 and 1; floating point misses them by a last digit.
    return Interval(share, 0.0 if successes == 0 else low, 1.0 if successes == trials else high)


def newcombe(first: tuple[int, int], second: tuple[int, int], *, z: float = Z_95) -> Interval | None:
    """The hybrid score interval of the difference of two independent proportions, ``first`` less ``second``.

    Parameters
    ----------
    first, second : tuple of int
        ``(successes, trials)`` each.

    Returns
    -------
    Interval or None
        With Wilson bounds ``l, u`` of each: ``d - √((p₁-l₁)² + (u₂-p₂)²)`` to ``d + √((u₁-p₁)² + (p₂-l₂)²)``.
        ``None`` when one has no trials.

    Notes
    -----
    R. G. Newcombe, "Interval estimation for the difference between independent proportions: comparison of eleven methods",
    Statistics in Medicine 17 (1998) 873-890, method 10.
    """
    one, two = wilson(*first, z=z), wilson(*second, z=z)
    if one is None or two is None:
        return None
    difference = one.estimate - two.estimate
    return Interval(
        difference,
        difference - math.hypot(one.estimate - one.low, two.high - two.estimate),
        difference + math.hypot(one.high - one.estimate, two.estimate - two.low),
    )
