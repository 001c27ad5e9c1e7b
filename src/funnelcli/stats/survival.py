"""How long it takes until something happens, of people of whom some are still waited for.

These are the curves of Kaplan and Meier, and of Aalen and Johansen where another end may come first.

Times are numbers of any unit.  At equal times what happens comes before those who are no longer seen.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from msgspec import Struct

from funnelcli.stats.intervals import LEVEL, Interval

# What became of somebody: still waited for, what was waited for, or another end.
OPEN, HAPPENED, ENDED = 0, 1, 2
_EQUAL = 1e-12


class Curve(Struct, frozen=True, kw_only=True, eq=False):
    """Steps of a curve at ``times``: the share to whom it has not happened (survival), or to whom it has (``share``).

    ``at_risk`` are those waited for until each time, ``happened`` those to whom it did then.  ``spread`` is Greenwood's
    sum, which only the curve of Kaplan and Meier has.
    """

    times: np.ndarray
    at_risk: np.ndarray
    happened: np.ndarray
    survival: np.ndarray
    share: np.ndarray
    spread: np.ndarray

    @property
    def height(self) -> float:
        """The share to whom it has happened by the last time."""
        return float(self.share[-1]) if len(self.share) else 0.0

    def share_by(self, time: float) -> float:
        """The share to whom it has happened by a time."""
        place = int(np.searchsorted(self.times, time, side="right"))
        return float(self.share[place - 1]) if place else 0.0

    def percentile(self, quantile: float, of: float = 1.0) -> float | None:
        """The first time at which the share has got to a part of ``of``; None where it never does.

        >>> kaplan_meier(np.array([2, 4, 6, 8]), np.array([1, 1, 1, 1])).percentile(0.5)
        4.0
        """
        reached = np.flatnonzero(self.share >= quantile * of - _EQUAL)
        return float(self.times[reached[0]]) if len(reached) and of > 0 else None

    def interval(self, place: int, level: float = LEVEL) -> Interval | None:
        """Greenwood's interval of the survival at a step, on the scale log(-log); None where the survival is 0 or 1."""
        survival = float(self.survival[place])
        if not 0 < survival < 1:
            return None
        z = NormalDist().inv_cdf((1 + level) / 2)
        width = z * math.sqrt(float(self.spread[place])) / math.log(survival)
        bounds = sorted(survival ** math.exp(sign * width) for sign in (-1, 1))
        return Interval(lower=bounds[0], upper=bounds[1], level=level, method="greenwood-log-log")


def kaplan_meier(times: np.ndarray, became: np.ndarray) -> Curve:
    """The curve of those to whom it has not happened; every other end counts as not seen any more.

    >>> curve = kaplan_meier(np.array([3, 5, 5, 8, 10, 12]), np.array([1, 1, 0, 1, 0, 1]))
    >>> curve.times.tolist(), curve.survival.round(4).tolist()
    ([3.0, 5.0, 8.0, 12.0], [0.8333, 0.6667, 0.4444, 0.0])
    """
    steps, at_risk, happened, _ = _steps(times, became)
    kept = happened > 0
    steps, at_risk, happened = steps[kept], at_risk[kept], happened[kept]
    survival = np.cumprod(1 - happened / at_risk)
    left = at_risk - happened
    with np.errstate(divide="ignore"):
        spread = np.cumsum(np.where(left > 0, happened / (at_risk * np.maximum(left, 1)), np.inf))
    return Curve(times=steps, at_risk=at_risk, happened=happened, survival=survival, share=1 - survival, spread=spread)


def aalen_johansen(times: np.ndarray, became: np.ndarray) -> Curve:
    """The curve of those to whom it has happened, where another end may come first: that is no longer waiting.

    >>> days = np.array([10, 15, 20, 30, 35, 40, 50, 60])
    >>> curve = aalen_johansen(days, np.array([1, 2, 2, 1, 2, 0, 1, 2]))
    >>> curve.times.tolist(), curve.share.tolist()
    ([10.0, 30.0, 50.0], [0.125, 0.25, 0.4375])
    """
    steps, at_risk, happened, ended = _steps(times, became)
    waiting = np.cumprod(1 - (happened + ended) / at_risk)
    before = np.concatenate([np.ones(min(1, len(waiting))), waiting[:-1]])
    share = np.cumsum(before * happened / at_risk)
    kept = happened > 0
    nothing = np.full(int(kept.sum()), np.nan)
    return Curve(
        times=steps[kept], at_risk=at_risk[kept], happened=happened[kept], survival=waiting[kept], share=share[kept],
        spread=nothing,
    )  # fmt: skip


def _steps(times: np.ndarray, became: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The distinct times, who is at risk at each, to how many it happened then, and for how many another end came."""
    times = np.asarray(times, dtype=np.float64)
    steps, place = np.unique(times, return_inverse=True)
    size = len(steps)
    happened = np.bincount(place[became == HAPPENED], minlength=size)
    ended = np.bincount(place[became == ENDED], minlength=size)
    gone = np.bincount(place, minlength=size)
    at_risk = len(times) - np.concatenate([[0], np.cumsum(gone)[:-1]]) if size else gone
    return steps, at_risk, happened, ended
