"""Exact two-sided tests of counts: how often chance alone would do what was seen, or something as improbable.

Of all outcomes those count that are at most as probable as the one seen, as in R and SciPy.  Probabilities are added up
as floats, to about ten digits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache

_TIE = 1e-7  # outcomes of equal probability differ by less, for want of digits
_NOTHING = 1e-17  # of a sum, the part that no float shows


def binomial_test(successes: int, trials: int, share: Fraction) -> float:
    """The p-value of so many successes in independent trials that succeed with the probability ``share``.

    >>> round(binomial_test(682, 925, Fraction(3, 4)), 4)  # Conover's seedlings, as in R's binom.test
    0.3825
    """
    if not 0 < share < 1:
        return 1.0 if successes == trials * share else 0.0
    yes, no, all_ways = math.log(share), math.log(1 - share), math.lgamma(trials + 1)

    def log_probability(number: int) -> float:
        ways = all_ways - math.lgamma(number + 1) - math.lgamma(trials - number + 1)
        return ways + number * yes + (trials - number) * no

    return _two_sided(log_probability, successes, math.floor((trials + 1) * share), 0, trials)


def at_most(successes: int, trials: int, share: float) -> float:
    """How often there are no more than so many successes in independent trials that succeed with a probability.

    >>> round(at_most(1, 3, 0.5), 3), at_most(3, 3, 0.9)
    (0.5, 1.0)
    """
    ways = (math.comb(trials, n) * share**n * (1 - share) ** (trials - n) for n in range(successes + 1))
    return min(sum(ways), 1.0) if successes < trials else 1.0


def counts_test(first: int, second: int, first_exposure: int = 1, second_exposure: int = 1) -> float:
    """The p-value of two counts of events that come independently and equally often, over such exposures (days).

    Given both together, the first is binomial.

    >>> round(counts_test(11, 6 + 8 + 7, 800, 1083 + 1050 + 878), 5)  # as in R's poisson.test
    0.07967
    """
    return binomial_test(first, first + second, Fraction(first_exposure, first_exposure + second_exposure))


def fisher_test(first: int, of_first: int, second: int, of_second: int) -> float:
    """The p-value of two shares, ``first`` of ``of_first`` and ``second`` of ``of_second``, that should be the same.

    >>> round(fisher_test(3, 4, 1, 4), 4), round(fisher_test(2, 17, 10, 13), 7)  # Fisher's tea and convictions
    (0.4857, 0.0005367)
    """
    both, everybody = first + second, of_first + of_second
    constant = _log_ways(everybody, of_first)

    def log_probability(number: int) -> float:
        return _log_ways(both, number) + _log_ways(everybody - both, of_first - number) - constant

    low, high = max(0, of_first - (everybody - both)), min(of_first, both)
    return _two_sided(log_probability, first, (of_first + 1) * (both + 1) // (everybody + 2), low, high)


def poisson_test(count: int, mean: Fraction) -> float:
    """The p-value of a count of independent events of which so many are expected.

    >>> round(poisson_test(10, Fraction(22)), 6)
    0.007302
    """
    if mean <= 0:
        return 1.0 if count == 0 else 0.0
    log_mean, expected = math.log(mean), float(mean)

    def log_probability(number: int) -> float:
        return number * log_mean - expected - math.lgamma(number + 1)

    return _two_sided(log_probability, count, math.floor(mean), 0, None)


@lru_cache(maxsize=4096)
def least_of_counts(total: int, first_exposure: int = 1, second_exposure: int = 1) -> float:
    """The smallest p-value that :func:`counts_test` could give of two counts that are so many together.

    >>> round(least_of_counts(5), 5), round(least_of_counts(6), 5)  # all on one side: 2 x 1/32, 2 x 1/64
    (0.0625, 0.03125)
    """
    exposures = (first_exposure, second_exposure)
    return min(counts_test(total, 0, *exposures), counts_test(0, total, *exposures))


@lru_cache(maxsize=4096)
def least_of_shares(both: int, of_first: int, of_second: int) -> float:
    """The smallest p-value that :func:`fisher_test` could give where so many of all, on both sides, are counted.

    >>> round(least_of_shares(4, 4, 4), 4)  # 2 of C(8, 4) = 70
    0.0286
    """
    most, fewest = min(of_first, both), max(0, both - of_second)
    return min(fisher_test(first, of_first, both - first, of_second) for first in (most, fewest))


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """The p-values of several tests made at once, so adjusted that of those below a level few are so by chance alone.

    >>> [round(p, 4) for p in benjamini_hochberg([0.01, 0.04, 0.03])]
    [0.03, 0.04, 0.04]
    """
    adjusted, least = [1.0] * len(p_values), 1.0
    by_size = sorted(range(len(p_values)), key=p_values.__getitem__, reverse=True)
    for rank, place in zip(range(len(p_values), 0, -1), by_size, strict=True):
        least = min(least, len(p_values) * p_values[place] / rank)
        adjusted[place] = least
    return adjusted


def _log_ways(of: int, number: int) -> float:
    return math.lgamma(of + 1) - math.lgamma(number + 1) - math.lgamma(of - number + 1)


def _two_sided(log_probability: Callable[[int], float], seen: int, mode: int, low: int, high: int | None) -> float:
    """The probability of all that is at most as probable as ``seen``, of numbers that fall off from their ``mode``."""
    limit = log_probability(seen) + _TIE

    def at_most(number: int) -> bool:
        return log_probability(number) <= limit

    mode = max(low, mode if high is None else min(mode, high))
    above = _first(at_most, mode, high)
    below = _first(lambda steps: at_most(mode - steps), 0, mode - low)
    total = 0.0 if above is None else _tail(log_probability, above, 1, high)
    total += 0.0 if below is None else _tail(log_probability, mode - below, -1, low)
    # Where the mode itself is no more probable, it lies on both sides.
    return min(1.0, total)


def _first(holds: Callable[[int], bool], start: int, end: int | None) -> int | None:
    """The first number from ``start`` on of which something holds, as of all after it; None where it is beyond."""
    step, last = 1, start
    while end is None or last < end:
        if holds(last):
            break
        last = last + step if end is None else min(last + step, end)
        step *= 2
    if not holds(last):
        return None
    first = start
    while first < last:
        middle = (first + last) // 2
        if holds(middle):
            last = middle
        else:
            first = middle + 1
    return first


def _tail(log_probability: Callable[[int], float], number: int, step: int, end: int | None) -> float:
    """The sum of the probabilities from a number on, away from the mode."""
    total = 0.0
    while end is None or (number <= end if step > 0 else number >= end):
        probability = math.exp(log_probability(number))
        total += probability
        if probability <= total * _NOTHING:
            break
        number += step
    return total
