"""Whether the parts of a change all changed alike: a test of counts in groups, before and after."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

Group = tuple[int, int, Fraction, Fraction]  # counts before and after, and the exposures that they came from


def all_alike(groups: Sequence[Group]) -> float | None:
    """The p-value of the counts of some groups, if all of them had changed by one factor; None where there are too few.

    Pearson's chi-squared, with as many degrees of freedom as there are groups less one.  A group of no exposure in
    one of the two cannot be compared, and is left out.

    >>> round(all_alike([(40, 42, Fraction(1), Fraction(1)), (60, 63, Fraction(1), Fraction(1))]), 4)
    1.0
    """
    known = [group for group in groups if group[0] + group[1] and group[2] and group[3]]
    if len(known) < 2 or not any(before for before, *_ in known) or not any(after for _, after, *_ in known):
        return None
    factor = _factor(known)
    total = 0.0
    for before, after, exposed_before, exposed_after in known:
        weight = float(exposed_after) * factor / float(exposed_before)
        expected = (before + after) * weight / (1 + weight)
        earlier = before + after - expected
        total += (after - expected) ** 2 / expected + (before - earlier) ** 2 / earlier
    from scipy.special import chdtrc  # takes a while to import

    return float(chdtrc(len(known) - 1, total))


def _factor(groups: Sequence[Group]) -> float:
    """The factor by which all rates changed, if by one: what is then expected after sums to what was seen."""
    wanted = sum(after for _, after, *_ in groups)

    def expected(factor: float) -> float:
        weights = (float(after) * factor / float(before) for _, _, before, after in groups)
        return sum((old + new) * w / (1 + w) for (old, new, *_), w in zip(groups, weights, strict=True))

    low, high = 1e-9, 1e9
    for _ in range(200):  # more than a float has digits
        middle = math.sqrt(low * high)
        low, high = (middle, high) if expected(middle) < wanted else (low, middle)
    return math.sqrt(low * high)
