"""Whole numbers that cost least under linear bounds: a mixed-integer linear program, checked in exact fractions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import Any

import numpy as np
from msgspec import Struct

# How long the search may be, in numbers times nodes: it ends soon, and always at the same place.
PATIENCE, LITTLE_PATIENCE = 150_000, 20_000
_MOST_WEIGHT = 10**6  # up to which the numbers of a bound are made whole
_INFEASIBLE = 2  # what the solver calls it


class UndecidedError(ArithmeticError):
    """The search has ended without any numbers, and without a proof that there are none."""


class Bound(Struct, frozen=True, kw_only=True):
    """What the numbers, each times its weight by its place, come to is ``least`` or more, ``most`` or less."""

    weights: Mapping[int, Fraction]
    least: Fraction | None = None
    most: Fraction | None = None


class Cheapest(Struct, frozen=True, kw_only=True):
    """The numbers that cost least; where that is not ``proven``, others may cost less, but not less than ``floor``.

    ``further`` are the numbers that cost nothing and need not be whole.
    """

    numbers: tuple[int, ...]
    cost: Fraction
    proven: bool
    floor: Fraction
    further: tuple[float, ...] = ()


def cheapest(
    costs: Sequence[Fraction],
    most: Sequence[int | None],
    bounds: Sequence[Bound],
    holds: Callable[[Sequence[int], Sequence[float]], bool],
    patience: int = PATIENCE,
) -> Cheapest | None:
    """Whole numbers from 0 to ``most`` within all bounds whose cost is least; None where there are none.

    Bounds may weigh further numbers, by places after those that have a cost: these are 0 or more, and not whole.
    ``holds`` tells, counted exactly, whether whole numbers, with these, are within all of them.  The same question
    always has the same answer.  UndecidedError where none were found, but there may be some; ArithmeticError where what
    the solver gives never holds.

    >>> half = Bound(weights={0: Fraction(1, 2), 1: Fraction(1, 3)}, least=Fraction(5, 2))
    >>> enough = lambda numbers, _: Fraction(numbers[0], 2) + Fraction(numbers[1], 3) >= Fraction(5, 2)
    >>> cheapest([Fraction(3), Fraction(1)], [None, 6], [half], enough).numbers
    (1, 6)
    """
    unit, floor, nodes = _unit(costs), None, patience // len(costs) + 1
    for slack in (Fraction(0), *(Fraction(1, 10**power) for power in range(9, 3, -1))):
        tightened = [_tighter(bound, slack) for bound in bounds]
        solution = _solved([float(cost / unit) for cost in costs], most, tightened, whole=True, nodes=nodes)
        if solution.x is None and solution.status == _INFEASIBLE:
            return None
        if solution.x is None:
            raise UndecidedError
        numbers = tuple(max(round(float(number)), 0) for number in solution.x[: len(costs)])
        floor = _floor(numbers, costs, unit, solution) if floor is None else floor  # that of the bounds as they are
        further = tuple(float(number) for number in solution.x[len(costs) :])
        if holds(numbers, further):
            cost = _cost(numbers, costs)
            return Cheapest(numbers=numbers, cost=cost, proven=floor >= cost, floor=min(floor, cost), further=further)
    raise ArithmeticError("the numbers that were found are not within their bounds")


def relaxed(
    costs: Sequence[Fraction], most: Sequence[int | None], bounds: Sequence[Bound]
) -> tuple[float, tuple[float, ...]] | None:
    """The least cost where the numbers need not be whole, and these; None where nothing bounds it, or none are within.

    >>> relaxed([Fraction(3)], [None], [Bound(weights={0: Fraction(2)}, least=Fraction(5))])
    (7.5, (2.5,))
    """
    solution = _solved([float(cost) for cost in costs], most, bounds, whole=False, nodes=1)
    return None if solution.x is None else (float(solution.fun), tuple(map(float, solution.x)))


def _unit(costs: Sequence[Fraction]) -> Fraction:
    """The largest amount of which all costs are a multiple; 1 where all are 0."""
    below = lcm(*(cost.denominator for cost in costs))
    above = gcd(*(int(cost * below) for cost in costs))
    return Fraction(above, below) if above else Fraction(1)


def _cost(numbers: Sequence[int], costs: Sequence[Fraction]) -> Fraction:
    return sum((each * number for each, number in zip(costs, numbers, strict=True)), Fraction(0))


def _floor(numbers: Sequence[int], costs: Sequence[Fraction], unit: Fraction, solution: Any) -> Fraction:
    """The least that any numbers cost: a multiple of the unit, as all costs are."""
    units = _cost(numbers, costs) / unit
    if solution.status != 0:
        units = min(Fraction(int(np.ceil(max(float(solution.mip_dual_bound), 0.0) - 1e-6))), units)
    return units * unit


def _tighter(bound: Bound, slack: Fraction) -> Bound:
    """A bound a little narrower than a float can tell."""
    if bound.least is None or not slack:
        return bound
    return Bound(weights=bound.weights, least=bound.least + slack * max(abs(bound.least), Fraction(1)), most=bound.most)


def _solved(
    costs: Sequence[float], most: Sequence[int | None], bounds: Sequence[Bound], *, whole: bool, nodes: int
) -> Any:
    from scipy.optimize import Bounds, LinearConstraint, milp  # takes a while to import

    further = max((place for bound in bounds for place in bound.weights), default=-1) + 1 - len(costs)
    further = max(further, 0)
    upper = np.array([*(np.inf if number is None else float(number) for number in most), *[np.inf] * further])
    rows = [_row(bound, len(costs) + further) for bound in bounds]
    limits = []
    if rows:
        weights, least, above = (np.array(column) for column in zip(*rows, strict=True))
        limits = [LinearConstraint(weights, least, above)]
    return milp(
        np.array([*costs, *[0.0] * further]), constraints=limits, bounds=Bounds(0, upper),
        integrality=np.array([int(whole)] * len(costs) + [0] * further),
        options={"mip_rel_gap": 0, "node_limit": nodes},
    )  # fmt: skip


def _row(bound: Bound, numbers: int) -> tuple[list[float], float, float]:
    """A bound in floats, of whole numbers where these are not too large."""
    factor = Fraction(lcm(*(weight.denominator for weight in bound.weights.values())))
    largest = max((abs(weight) for weight in bound.weights.values()), default=Fraction(0))
    if largest * factor > _MOST_WEIGHT:
        factor = 1 / largest
    weights = [0.0] * numbers
    for place, weight in bound.weights.items():
        weights[place] = float(weight * factor)
    least = -np.inf if bound.least is None else float(bound.least * factor)
    return weights, least, np.inf if bound.most is None else float(bound.most * factor)
