"""Whether a score puts those to whom something happened first: the area under the curve, and how sure it is."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from funnelcli.stats.intervals import LEVEL, Interval


def area_under_curve(happened: np.ndarray, others: np.ndarray) -> float:
    """The share of pairs in which the one to whom it happened scores higher; ties count half.  ValueError of no pairs.

    >>> area_under_curve(np.array([80, 60]), np.array([70, 60, 20, 10]))
    0.8125
    """
    above, _ = _placements(happened, others)
    return float(above.mean())


def delong(happened: np.ndarray, others: np.ndarray, level: float = LEVEL) -> Interval | None:
    """DeLong's interval of that area, cut to 0 and 1; None where one side has fewer than two.

    DeLong, DeLong and Clarke-Pearson 1988: the variances of the placements of both sides, each over its number.

    >>> interval = delong(np.array([80, 60]), np.array([70, 60, 20, 10]))
    >>> round(interval.lower, 3), interval.upper
    (0.377, 1.0)
    """
    if min(len(happened), len(others)) < 2:
        return None
    above, below = _placements(happened, others)
    spread = math.sqrt(above.var(ddof=1) / len(above) + below.var(ddof=1) / len(below))
    half = NormalDist().inv_cdf((1 + level) / 2) * spread
    area = float(above.mean())
    return Interval(lower=max(0.0, area - half), upper=min(1.0, area + half), level=level, method="delong")


def _placements(happened: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each of either side the share of the other side that stands right to it; ties count half."""
    if not len(happened) or not len(others):
        raise ValueError("both sides have to be there")
    rising, falling = np.sort(others), np.sort(happened)
    above = np.searchsorted(rising, happened, "left") + np.searchsorted(rising, happened, "right")
    below = np.searchsorted(falling, others, "left") + np.searchsorted(falling, others, "right")
    return above / (2 * len(others)), 1 - below / (2 * len(happened))
