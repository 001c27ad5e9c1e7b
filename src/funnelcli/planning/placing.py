"""Needs placed in the months in which they must come, and the smallest whole total that, run forward, is enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import accumulate, pairwise
from math import floor

from msgspec import Struct

from funnelcli.planning.backsolve import Target, by_weight, fewest_by_month, shaped
from funnelcli.planning.lag import Lag

ZERO = Fraction(0)


def left_of(needs: Sequence[Fraction | int], credit: Sequence[Fraction]) -> list[Fraction]:
    """What each month still needs: running needs less running credit, never below 0 and never less than before.

    >>> left = left_of([4, 3, 3], [Fraction("3.3"), Fraction("1.2"), Fraction(0)])
    >>> [float(month) for month in left]
    [0.7, 1.8, 3.0]
    """
    pairs = zip(accumulate(map(Fraction, needs)), accumulate(credit), strict=True)
    running = list(accumulate((max(need - brought, ZERO) for need, brought in pairs), max))
    return [later - earlier for earlier, later in pairwise([ZERO, *running])]


def weights_of(needs: Sequence[Fraction | int], lag: Lag, first: int) -> list[Fraction]:
    """What is needed of the entrants of each month from the ``first`` on (0 is the first planned, before it below 0).

    For n needed in a month the share n x g / r / r of them must have come so many month ends before.

    >>> from funnelcli.planning.lag import SHAPE_OF_EXAMPLES
    >>> [round(float(month), 2) for month in weights_of([4, 3, 3], SHAPE_OF_EXAMPLES, -2)]
    [2.67, 6.0, 11.67, 8.0, 5.0]
    """
    weights = [ZERO] * (len(needs) - first)
    squared = lag.reached**2
    for month, need in enumerate(needs):
        for later, share in enumerate(lag.shares[: month - first + 1]):
            weights[month - later - first] += need * share / squared
    return weights


class Due(Struct, frozen=True, kw_only=True):
    """Of the entrants that one month's need takes in all, how many ``had`` to come by now, and how many ``did``."""

    month: int
    all: Fraction
    had: Fraction
    did: Fraction


def due_of(needs: Sequence[Fraction | int], lag: Lag, entrants: Mapping[int, Fraction], over: int) -> list[Due]:
    """What had to come in the months before ``over`` for each month's need, beside those who entered in them.

    >>> from funnelcli.planning.lag import SHAPE_OF_EXAMPLES
    >>> due = due_of([4, 3, 3], SHAPE_OF_EXAMPLES, {-2: Fraction(25), -1: Fraction(20)}, 0)
    >>> [(round(float(month.had), 2), float(month.did)) for month in due]
    [(6.67, 11.0), (2.0, 4.0), (0.0, 0.0)]
    """
    reached, result = lag.reached, []
    for month, need in enumerate(needs):
        had = did = ZERO
        for later, share in enumerate(lag.shares):
            if month - later < over:
                had += need * share / reached**2
                did += entrants.get(month - later, ZERO) * share / reached
        result.append(Due(month=month, all=need / reached, had=had, did=did))
    return result


def worth_of(lag: Lag, gain: Sequence[Fraction], first: int) -> list[Fraction]:
    """What one entrant of each month from the ``first`` on adds to the goal, by what a new customer of a month does."""
    worth = []
    for month in range(first, len(gain)):
        later = range(max(-month, 0), min(len(lag.shares), len(gain) - month))
        worth.append(sum((lag.shares[ends] * gain[month + ends] for ends in later), ZERO))
    return worth


def smallest(target: Target, weights: Sequence[Fraction], *, by_month: bool = False) -> list[int] | None:
    """The entrants of each month with the smallest whole total that reaches the goal, spread by ``weights``.

    Running totals are rounded up, or with ``by_month`` each month.  Every total that could be enough is tried, smallest
    first: an entrant of one month may be worth more than one of the month before.  None where no total is enough.

    >>> from funnelcli.planning.backsolve import new_customers
    >>> from funnelcli.planning.lag import SHAPE_OF_EXAMPLES
    >>> ten = new_customers(Fraction(10), 3)
    >>> worth = Target(base=Fraction(0), gain=tuple(worth_of(SHAPE_OF_EXAMPLES, ten.gain, 0)), need=ten.need)
    >>> smallest(worth, weights_of([4, 3, 3], SHAPE_OF_EXAMPLES, -2)[2:])
    [19, 13, 8]
    """
    if target.base >= target.need:
        return [0] * len(weights)
    if not any(weights):
        return None
    shares = by_weight(weights)
    each = sum((gain * share for gain, share in zip(target.gain, shares, strict=True)), ZERO)
    if not each:
        return None
    if by_month:
        return fewest_by_month(target, shares)
    # A running total rounded up by less than one moves less than one entrant from a month to the one before.
    most = sum((max(now - later, ZERO) for now, later in pairwise(target.gain)), ZERO)
    total = max(floor((target.need - target.base - most) / each), 0)
    while target.reached(entrants := shaped(total, shares)) < target.need:
        total += 1
    return entrants
