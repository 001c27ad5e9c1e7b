"""Whole numbers that cost least, beside all there are; nothing of the solver's gets into what is being written."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction as Frac
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelcli.stats.whole import Bound, cheapest, relaxed

SMALL = st.sampled_from([Frac(0), Frac(1, 3), Frac(1, 2), Frac(2, 7), Frac(1), Frac(5, 3)])


@given(
    st.lists(st.tuples(SMALL, SMALL, st.integers(0, 5)), min_size=1, max_size=3),
    st.fractions(0, 6, max_denominator=7),
)
@settings(max_examples=60, deadline=None)
def test_none_of_all_numbers_costs_less(numbers: list[tuple[Frac, Frac, int]], least: Frac) -> None:
    costs, weights, most = ([each[place] for each in numbers] for place in range(3))
    bound = Bound(weights={place: Frac(weight) for place, weight in enumerate(weights)}, least=least)

    def enough(chosen: Sequence[int], _: Sequence[float] = ()) -> bool:
        return sum((weight * number for weight, number in zip(weights, chosen, strict=True)), Frac(0)) >= least

    every = product(*(range(int(number) + 1) for number in most))
    prices = [sum(c * n for c, n in zip(costs, chosen, strict=True)) for chosen in every if enough(chosen)]
    best = cheapest([Frac(cost) for cost in costs], [int(number) for number in most], [bound], enough)
    assert (None if best is None else best.cost) == min(prices, default=None)
    if best is not None:
        assert best.proven
        assert best.floor == best.cost
        part = relaxed([Frac(cost) for cost in costs], [int(number) for number in most], [bound])
        assert part is not None
        assert part[0] <= float(best.cost) + 1e-9


def test_numbers_that_only_a_float_takes_for_enough_are_not() -> None:
    # 3 x 1/3 is 1; the least is a little more than a float can tell from 1, so a fourth is needed.
    least = 1 + Frac(1, 10**12)
    best = cheapest([Frac(1)], [9], [Bound(weights={0: Frac(1, 3)}, least=least)], lambda n, _: Frac(n[0], 3) >= least)
    assert best is not None
    assert best.numbers == (4,)
    assert (best.floor, best.proven) == (Frac(3), False)  # what was proven is that 3 are needed


def test_the_search_ends_and_says_what_is_not_proven() -> None:
    with pytest.raises(ArithmeticError):
        cheapest([Frac(1)], [3], [Bound(weights={0: Frac(1)}, least=Frac(1))], lambda numbers, _: False)
