"""Exact tests: published values, and every small case against a sum of exact fractions."""

from __future__ import annotations

from fractions import Fraction
from math import comb, exp, factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelcli.stats.exact import (
    benjamini_hochberg,
    binomial_test,
    counts_test,
    fisher_test,
    least_of_counts,
    least_of_shares,
    poisson_test,
)

CLOSE = 1e-9


@pytest.mark.parametrize(
    ("p", "published"),
    [
        # Examples of R's documentation: binom.test, fisher.test, poisson.test
        (binomial_test(682, 925, Fraction(3, 4)), 0.3825),
        (fisher_test(3, 4, 1, 4), 0.4857),
        (fisher_test(2, 17, 10, 13), 0.0005367),
        (counts_test(11, 6 + 8 + 7, 800, 1083 + 1050 + 878), 0.07967),
        # Fisher, Design of Experiments: all eight cups, and 1 of C(8, 4) = 70 tables on either side
        (fisher_test(4, 4, 0, 4), 2 / 70),
        # ten heads of ten, and ten tails
        (binomial_test(10, 10, Fraction(1, 2)), 2 / 1024),
    ],
)
def test_published_values(p: float, published: float) -> None:
    assert p == pytest.approx(published, rel=2e-4)


def exactly(weights: dict[int, Fraction], seen: int) -> float:
    """The share of all that weighs at most what is seen."""
    return float(sum((w for w in weights.values() if w <= weights[seen]), Fraction(0)) / sum(weights.values()))


@given(st.integers(0, 60), st.integers(0, 60), st.fractions(Fraction(1, 50), Fraction(49, 50), max_denominator=50))
def test_binomial_is_the_sum_of_all_that_is_no_more_probable(yes: int, no: int, share: Fraction) -> None:
    n = yes + no
    weights = {k: comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(n + 1)}
    assert binomial_test(yes, n, share) == pytest.approx(exactly(weights, yes), rel=CLOSE)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_fisher_is_the_sum_of_all_tables_that_are_no_more_probable(a: int, b: int, c: int, d: int) -> None:
    first, second, both = a + b, c + d, a + c
    tables = range(max(0, first - (first + second - both)), min(first, both) + 1)
    weights = {k: Fraction(comb(both, k) * comb(first + second - both, first - k)) for k in tables}
    assert fisher_test(a, first, c, second) == pytest.approx(exactly(weights, a), rel=CLOSE)


@given(st.integers(0, 80), st.fractions(Fraction(1, 10), 60, max_denominator=10))
def test_poisson_is_the_sum_of_all_that_is_no_more_probable(count: int, mean: Fraction) -> None:
    weights = {k: mean**k / factorial(k) for k in range(220)}
    seen = weights[count]
    below = sum((weight for weight in weights.values() if weight <= seen), Fraction(0))
    assert poisson_test(count, mean) == pytest.approx(float(below) * exp(-float(mean)), rel=1e-7)


@given(st.integers(0, 400), st.integers(0, 400), st.integers(28, 31), st.integers(28, 31))
def test_two_counts_change_places_with_their_days(first: int, second: int, days: int, before: int) -> None:
    p = counts_test(first, second, days, before)
    assert p == pytest.approx(counts_test(second, first, before, days), rel=CLOSE)
    assert p == pytest.approx(binomial_test(first, first + second, Fraction(days, days + before)), rel=CLOSE)
    assert 0 < p <= 1


def test_where_nothing_can_be_seen() -> None:
    assert [
        counts_test(0, 0),
        fisher_test(0, 9, 0, 4),
        fisher_test(9, 9, 4, 4),
        binomial_test(0, 0, Fraction(1, 3)),
    ] == [1.0] * 4
    assert [binomial_test(n, 5, share) for n in (0, 5) for share in (Fraction(0), Fraction(1))] == [1.0, 0.0, 0.0, 1.0]
    assert [poisson_test(n, Fraction(0)) for n in (0, 3)] == [1.0, 0.0]


def test_millions_are_as_their_normal_approximation() -> None:
    """Two counts of a million that differ by two standard deviations: 4.55 %."""
    million, apart = 10**6, 1414  # the difference has a standard deviation of the root of two million
    assert counts_test(million + apart, million - apart) == pytest.approx(0.0455, abs=1e-3)
    assert counts_test(million, 2 * million) < 1e-300


# Benjamini and Hochberg 1995, table of 15 p-values (the four smallest are significant at 5 %), in another order here.
PUBLISHED = (
    0.0001,
    0.0004,
    0.0019,
    0.0095,
    0.0201,
    0.0278,
    0.0298,
    0.0344,
    0.0459,
    0.324,
    0.4262,
    0.5719,
    0.6528,
    0.759,
    1,
)


def test_what_is_tested_together_is_adjusted_as_published() -> None:
    adjusted = dict(zip(PUBLISHED, benjamini_hochberg(PUBLISHED), strict=True))
    assert [p for p in PUBLISHED if adjusted[p] < 0.05] == [0.0001, 0.0004, 0.0019, 0.0095]
    # 15 x 0.0001; 15 x 0.0095 / 4; the sixth is no larger than the seventh, 15 x 0.0298 / 7
    assert [adjusted[p] for p in (0.0001, 0.0095, 0.0278, 0.0298, 1)] == pytest.approx(
        [0.0015, 0.035625, 0.0638571, 0.0638571, 1], rel=1e-5
    )
    assert benjamini_hochberg(PUBLISHED[::-1]) == [adjusted[p] for p in PUBLISHED[::-1]]
    assert benjamini_hochberg([]) == []


@given(st.integers(0, 40), st.integers(1, 31), st.integers(1, 31))
def test_no_two_counts_are_less_probable_than_the_least(total: int, days: int, before: int) -> None:
    least = min(counts_test(first, total - first, days, before) for first in range(total + 1))
    assert least_of_counts(total, days, before) == pytest.approx(least, rel=CLOSE)


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 40))
def test_no_two_shares_are_less_probable_than_the_least(first: int, second: int, both: int) -> None:
    both = min(both, first + second)
    tables = range(max(0, both - second), min(first, both) + 1)
    least = min(fisher_test(k, first, both - k, second) for k in tables)
    assert least_of_shares(both, first, second) == pytest.approx(least, rel=CLOSE)
