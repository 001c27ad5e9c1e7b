"""Intervals of shares."""

from __future__ import annotations

import math
from statistics import NormalDist

from msgspec import Struct

LEVEL = 0.95


class Interval(Struct, frozen=True, kw_only=True):
    """The bounds of a figure at a level of confidence, and the method they were found by."""

    lower: float
    upper: float
    level: float = LEVEL
    method: str = "wilson"


def wilson(successes: int, trials: int, level: float = LEVEL) -> Interval:
    """Wilson's interval of a share, uncorrected.  ValueError where nothing was tried.

    >>> interval = wilson(81, 263)  # Newcombe 1998, method 3
    >>> round(interval.lower, 4), round(interval.upper, 4)
    (0.2553, 0.3662)
    """
    if not 0 <= successes <= trials or trials == 0:
        raise ValueError("successes are some of the trials")
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, z2 = successes / trials, z * z
    middle = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = z * math.sqrt(share * (1 - share) / trials + z2 / (4 * trials * trials)) / (1 + z2 / trials)
    lower = 0.0 if successes == 0 else middle - half
    upper = 1.0 if successes == trials else middle + half
    return Interval(lower=max(0.0, lower), upper=min(1.0, upper), level=level, method="wilson")
