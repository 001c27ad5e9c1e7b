"""Differences between two groups: of shares by Newcombe's interval, of means by Welch's test."""

from __future__ import annotations

import math
from collections.abc import Sequence

from msgspec import Struct

from funnelcli.stats.exact import fisher_test
from funnelcli.stats.intervals import LEVEL, Interval, wilson


class Difference(Struct, frozen=True, kw_only=True):
    """How much larger the figure of a group is than another's, with its interval; and the p-value of no difference."""

    value: float
    interval: Interval
    p: float


def of_shares(first: int, of_first: int, second: int, of_second: int, level: float = LEVEL) -> Difference:
    """Of two shares, with Newcombe's hybrid score interval (1998, method 10) and Fisher's exact test.

    >>> known = of_shares(56, 70, 48, 80)  # Newcombe's first example
    >>> round(known.value, 4), round(known.interval.lower, 4), round(known.interval.upper, 4)
    (0.2, 0.0524, 0.3339)
    """
    share, other = first / of_first, second / of_second
    mine, theirs = wilson(first, of_first, level), wilson(second, of_second, level)
    below = math.hypot(share - mine.lower, theirs.upper - other)
    above = math.hypot(mine.upper - share, other - theirs.lower)
    value = share - other
    return Difference(
        value=value, p=fisher_test(first, of_first, second, of_second),
        interval=Interval(lower=value - below, upper=value + above, level=level, method="newcombe"),
    )  # fmt: skip


def of_means(first: Sequence[float], second: Sequence[float], level: float = LEVEL) -> Difference | None:
    """Of two means, by Welch's test; None where one side has fewer than two, or nothing varies.

    >>> round(of_means([14, 15, 15, 15, 16, 18, 22, 23, 24, 25, 25], [10, 12, 14, 15, 18, 22, 24, 27, 31, 33, 34]).p, 4)
    0.4004
    """
    if min(len(first), len(second)) < 2:
        return None
    mean, spread = _mean_and_spread(first)
    other, their_spread = _mean_and_spread(second)
    error = spread + their_spread
    if error == 0:
        return None
    freedom = error**2 / (spread**2 / (len(first) - 1) + their_spread**2 / (len(second) - 1))
    from scipy.special import stdtr, stdtrit  # takes a while to import

    value, width = mean - other, math.sqrt(error)
    far = float(stdtrit(freedom, (1 + level) / 2)) * width
    return Difference(
        value=value, p=2 * float(stdtr(freedom, -abs(value) / width)),
        interval=Interval(lower=value - far, upper=value + far, level=level, method="welch"),
    )  # fmt: skip


def _mean_and_spread(values: Sequence[float]) -> tuple[float, float]:
    """The mean, and the square of its standard error."""
    mean = math.fsum(values) / len(values)
    variance = math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)
    return mean, variance / len(values)
