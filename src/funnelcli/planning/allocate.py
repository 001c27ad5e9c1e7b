"""Whole numbers shared out so that the parts sum to the whole in every month and over the range."""

from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate
from math import floor, lcm
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
N = TypeVar("N", int, Fraction)


def summed(parts: Mapping[K, Sequence[N]]) -> list[N]:
    """The months of all parts, each month added up.

    >>> summed({"a": [1, 2], "b": [10, 20]})
    [11, 22]
    """
    return [sum(month[1:], month[0]) for month in zip(*parts.values(), strict=True)]


def shared(quota: Sequence[int], parts: Mapping[K, Sequence[Fraction]]) -> dict[K, list[int]]:
    """A quota shared out as what the ``parts`` need lies, by running totals scaled to its own running total.

    >>> shared([3, 3], {"a": [Fraction(1), Fraction(1)], "b": [Fraction(1), Fraction(1)]})
    {'a': [2, 1], 'b': [1, 2]}
    """
    return shared_in(quota, dict(zip(parts, in_parts(list(parts.values())), strict=True)))


def shared_in(quota: Sequence[int], parts: Mapping[K, Sequence[int]]) -> dict[K, list[int]]:
    """The same of parts that are whole numbers, in whatever unit.

    >>> shared_in([3, 3], {"a": [7, 7], "b": [7, 7]})
    {'a': [2, 1], 'b': [1, 2]}
    """
    running = {part: list(accumulate(numbers)) for part, numbers in parts.items()}
    given, result = dict.fromkeys(parts, 0), {part: list[int]() for part in parts}
    total = 0
    for month, number in enumerate(quota):
        total += number
        unit = sum(needed[month] for needed in running.values())
        lacking = {part: max(needed[month] * total - given[part] * unit, 0) for part, needed in running.items()}
        for part, share in _by_largest_remainder(number, lacking, unit or 1).items():
            given[part] += share
            result[part].append(share)
    return result


def in_parts(rows: Sequence[Sequence[Fraction]]) -> list[list[int]]:
    """Fractions as whole numbers of one small unit; where it would be too small to be of use, rounded to 24 decimals.

    >>> in_parts([[Fraction(1, 2), Fraction(1, 3)], [Fraction(1)]])
    [[3, 2], [6]]
    """
    unit = 1
    for number in (number for row in rows for number in row):
        unit = lcm(unit, number.denominator)
        if unit > _TOO_SMALL:
            return [[round(number * _DECIMALS) for number in row] for row in rows]
    return [[number.numerator * (unit // number.denominator) for number in row] for row in rows]


_TOO_SMALL, _DECIMALS = 10**120, 10**24


def allocate(whole: Sequence[int], exact: Mapping[K, Sequence[Fraction]]) -> dict[K, list[int]]:
    """The monthly quotas ``whole`` shared out by largest remainder over running totals.

    ``exact[part]`` are the part's exact running totals.  Each month's quota goes to the parts in proportion to
    what they lack of theirs, so that no part ever gets a negative number; ties go to the part named first.

    >>> allocate([3, 3], {"a": [Fraction(3, 2), Fraction(3)], "b": [Fraction(3, 2), Fraction(3)]})
    {'a': [2, 1], 'b': [1, 2]}
    """
    given = dict.fromkeys(exact, 0)
    result: dict[K, list[int]] = {part: [] for part in exact}
    for month, number in enumerate(whole):
        lacking = {part: max(running[month] - given[part], Fraction(0)) for part, running in exact.items()}
        for part, share in _by_largest_remainder(number, lacking).items():
            given[part] += share
            result[part].append(share)
    return result


def _by_largest_remainder(number: int, lacking: Mapping[K, N], unit: int = 1) -> dict[K, int]:
    """``number`` shared out: everyone the whole part of what they lack, then one each by the largest rest.

    What they lack is in parts of which ``unit`` make one.
    """
    if number and not lacking:
        raise ValueError(f"there is no part to give {number} to")
    shares = {part: int(lack // unit) for part, lack in lacking.items()}
    left = number - sum(shares.values())
    while left:
        step = 1 if left > 0 else -1
        # Where some got too much before, it is taken back from those who lack the least, of equals from the last.
        able = list(shares) if step > 0 else [part for part in reversed(shares) if shares[part] > 0]
        able.sort(key=lambda part: (lacking[part] - shares[part] * unit) * -step)
        for part in able[: abs(left)]:
            shares[part] += step
        left = number - sum(shares.values())
    return shares


def spread(number: int, weights: Sequence[Fraction]) -> list[int]:
    """A whole number over months in proportion to their weights, by largest remainder over running totals.

    Where all weights are 0 the months are alike.

    >>> spread(7, [Fraction(1), Fraction(1)])
    [4, 3]
    """
    total = sum(weights, Fraction(0))
    shares = [weight / total for weight in weights] if total else [Fraction(1, len(weights))] * len(weights)
    return _by_rounding([share * number for share in shares])


def _by_rounding(parts: Sequence[Fraction]) -> list[int]:
    """Each month the running total rounded to the nearest whole number, halves up."""
    result: list[int] = []
    running, given = Fraction(0), 0
    for part in parts:
        running += part
        result.append(floor(running + Fraction(1, 2)) - given)
        given += result[-1]
    return result
