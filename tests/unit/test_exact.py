"""Exact tests: published values, and every small case against a sum of exact fractions."""

from __future__ import annotations

from fractions import Fraction
from math import comb, exp, factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelcli.stats.exact import binomial_test, counts_test, fisher_test, holm, poisson_test

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


def test_holm() -> None:
    """3 x 0.01, then 2 x 0.03, then at least as much."""
    assert holm([0.01, 0.04, 0.03]) == [0.03, 0.06, 0.06]
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []
