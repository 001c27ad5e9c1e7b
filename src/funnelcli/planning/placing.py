"""Needs placed in the months in which they must come, and the smallest whole total that, run forward, is enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate, chain, count, pairwise
from math import floor
from operator import mul

from msgspec import Struct

from funnelcli.planning.allocate import in_parts, shared_in
from funnelcli.planning.backsolve import by_weight
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


class Worth(Struct, frozen=True, kw_only=True):
    """A goal as a linear form over those who enter, by part and month: ``base`` is reached without any."""

    base: Fraction
    need: Fraction
    of_part: tuple[tuple[Fraction, ...], ...]

    def of(self, entrants: Sequence[Sequence[Fraction | int]]) -> Fraction:
        """What those who enter add to the base."""
        total = ZERO
        for worth, numbers in zip(self.of_part, entrants, strict=True):
            total += sum((gain * number for gain, number in zip(worth, numbers, strict=True)), ZERO)
        return total

    def on(self, base: Fraction) -> Worth:
        """The same goal on another base."""
        return Worth(base=base, need=self.need, of_part=self.of_part)


class Spread(Struct, frozen=True, kw_only=True):
    """Who enters in each month, by part, spread by ``weights``; None where no number of them is enough."""

    entrants: list[list[int]] | None
    weights: list[list[Fraction]]

    @property
    def total(self) -> int:
        """All who enter."""
        return sum(map(sum, self.entrants or ()))


def smallest(goal: Worth, weights: list[list[Fraction]], *, by_month: bool = False) -> Spread:
    """The entrants of each part and month with the smallest whole total that reaches the goal, spread by ``weights``.

    Running totals of the whole are rounded up, or with ``by_month`` each month, and shared out by largest remainder.
    Every total that could be enough is tried, smallest first: an entrant of one month may be worth more than one of
    the month before.

    >>> from funnelcli.planning.backsolve import new_customers
    >>> from funnelcli.planning.lag import SHAPE_OF_EXAMPLES
    >>> ten = new_customers(Fraction(10), 3)
    >>> worth = tuple(worth_of(SHAPE_OF_EXAMPLES, ten.gain, 0))
    >>> goal = Worth(base=ten.base, need=ten.need, of_part=(worth,))
    >>> smallest(goal, [weights_of([4, 3, 3], SHAPE_OF_EXAMPLES, -2)[2:]]).entrants
    [[19, 13, 8]]
    """
    if goal.base >= goal.need:
        return Spread(entrants=[[0] * len(months) for months in weights], weights=weights)
    each = goal.of(weights)
    if not each:
        return Spread(entrants=None, weights=weights)
    all_weights = sum((sum(months, ZERO) for months in weights), ZERO)
    least = max((goal.need - goal.base - _by_rounding(goal, by_month=by_month)) * all_weights / each, ZERO)
    scaled, worth = in_parts(weights), in_parts([*goal.of_part, (goal.need - goal.base,)])
    missing = worth.pop()[0]
    for number in _totals(least, weights, by_month=by_month):
        entrants = spread_out(scaled, number, by_month=by_month)
        if sum(map(mul, chain(*worth), chain(*entrants))) >= missing:
            return Spread(entrants=entrants, weights=weights)
    raise AssertionError  # there is always a larger total


def _by_rounding(goal: Worth, *, by_month: bool) -> Fraction:
    """The most that whole numbers can add to a goal beside those that are not whole.

    A running total of a part that is rounded moves less than one from a month to the one before it, and so does that of
    the whole; a month that is rounded up by itself gains less than one.
    """
    moved = [max(now - later, ZERO) for worth in goal.of_part for now, later in pairwise(worth)]
    at_end = [worth[-1] for worth in goal.of_part] if len(goal.of_part) > 1 else []
    whole = [max(of_month) for of_month in zip(*goal.of_part, strict=True)]
    return sum((*moved, *at_end, *(whole if by_month else [max(whole)] if at_end else [])), ZERO)


def _totals(least: Fraction, weights: Sequence[Sequence[Fraction]], *, by_month: bool) -> Iterator[Fraction]:
    """Every total that is spread otherwise than the one before, from the ``least`` on."""
    if not by_month:
        yield from map(Fraction, count(floor(least)))
        return
    shares = by_weight([sum(month, ZERO) for month in zip(*weights, strict=True)])
    number = least
    while True:  # a month gains one as soon as the total passes k / share
        number = min((floor(share * number) + 1) / share for share in shares if share)
        yield number


def spread_out(weights: Sequence[Sequence[int]], total: Fraction | int, *, by_month: bool) -> list[list[int]]:
    """So many spread by whole weights, whole ones: the months of the whole first, then the part of each in them.

    >>> spread_out([[1, 1], [1, 0]], 3, by_month=False)
    [[1, 1], [1, 0]]
    """
    months = [sum(month) for month in zip(*weights, strict=True)]
    number, unit = Fraction(total).as_integer_ratio()
    unit *= sum(months)
    if by_month:
        quota = [-(-number * weight // unit) for weight in months]
    else:
        ups = [-(-number * running // unit) for running in accumulate(months)]
        quota = [later - before for before, later in pairwise([0, *ups])]
    if len(weights) == 1:
        return [quota]
    parts = shared_in(quota, dict(enumerate(weights)))
    return [parts[place] for place in range(len(weights))]
