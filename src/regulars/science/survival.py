"""Time to an event when some have not reached it yet: what share will have, t days on, without pretending that the rest never will."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Curve:
    """A step function. At ``days[i]`` the share ``reached[i]`` had the event; ``at_risk[i]`` were watched until then.

    ``low`` and ``high`` are the bounds of ``reached``. All arrays have shape (k,), ``days`` ascending.
    """

    days: NDArray[np.int64]
    reached: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    at_risk: NDArray[np.int64]


def kaplan_meier(days: NDArray[np.int64], events: NDArray[np.int64], censored: NDArray[np.int64], *, z: float = 1.959963984540054) -> Curve:
    """The product-limit estimate of the share that has had the event within each number of days.

    Parameters
    ----------
    days : int array, shape (k,)
        Distinct durations, ascending, 0 or more.
    events, censored : int array, shape (k,)
        How many had the event after exactly that long, and how many were only watched that long without it. Who is censored at a
        day counts as at risk on that day.
    z : float
        The normal quantile of the bounds.

    Returns
    -------
    Curve
        ``S(t) = Π_{d ≤ t} (1 - events/at risk)``, ``reached = 1 - S``; bounds from Greenwood's variance
        ``Σ events / (at risk · (at risk - events))`` on the scale of ``log(-log S)``, which keeps them between 0 and 1. Where S is 1 or 0
        that scale has no width: the bounds are then the estimate.

    Raises
    ------
    ValueError
        For days that do not ascend or arrays of different lengths.

    Notes
    -----
    E. L. Kaplan and P. Meier, "Nonparametric estimation from incomplete observations", JASA 53 (1958) 457-481.
    J. D. Kalbfleisch and R. L. Prentice, The Statistical Analysis of Failure Time Data (2nd ed., 2002), section 1.4, for the bounds.
    """
    if not days.shape == events.shape == censored.shape:
        raise ValueError("days, events and censored belong together")
    if days.size > 1 and not bool(np.all(np.diff(days) > 0)):
        raise ValueError("days ascend")
    leaving = events + censored
    at_risk = leaving[::-1].cumsum()[::-1]
    risk = np.maximum(at_risk, 1)
    survival = np.cumprod(1 - events / risk)
    left = risk - events
    terms = np.divide(events, risk * left, out=np.zeros(days.shape, dtype=np.float64), where=left > 0)
    variance = np.cumsum(terms)
    inner = (survival > 0) & (survival < 1)
    logs = np.log(np.where(inner, survival, 0.5))
    width = z * np.sqrt(variance) / np.abs(logs)
    low = np.where(inner, 1 - survival ** np.exp(-width), 1 - survival)
    high = np.where(inner, 1 - survival ** np.exp(width), 1 - survival)
    return Curve(days=days, reached=1 - survival, low=low, high=high, at_risk=at_risk)


def at(curve: Curve, day: int) -> int | None:
    """The index of the last step at or before ``day``; ``None`` before the first."""
    found = int(np.searchsorted(curve.days, day, side="right")) - 1
    return found if found >= 0 else None
