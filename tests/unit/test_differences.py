"""Differences of shares and means against published figures."""

import pytest

from funnelcli.stats.differences import of_means, of_shares
from funnelcli.stats.exact import benjamini_hochberg

# Newcombe 1998, table II, method 10 (hybrid score), to four digits.
NEWCOMBE = (
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (10, 10, 0, 20, 0.6791, 1.0000),
    (10, 10, 0, 10, 0.6075, 1.0000),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
)


@pytest.mark.parametrize(("first", "of_first", "second", "of_second", "lower", "upper"), NEWCOMBE)
def test_the_interval_of_newcombe(
    first: int, of_first: int, second: int, of_second: int, lower: float, upper: float
) -> None:
    interval = of_shares(first, of_first, second, of_second).interval
    assert (round(interval.lower, 4), round(interval.upper, 4)) == (lower, upper)


def test_the_p_value_of_two_shares_is_that_of_fisher() -> None:
    # Fisher's convictions: 10 of 13 and 2 of 17, p = 0.0005367.
    assert round(of_shares(10, 13, 2, 17).p, 7) == 0.0005367


def test_two_means_by_welch() -> None:
    # Means 4 and 10; variances 20 / 3 and 56 / 3 of four each: errors 5 / 3 + 14 / 3 = 19 / 3, t = -6 / 2.5166 =
    # -2.3842 with (19 / 3)^2 / ((5 / 3)^2 / 3 + (14 / 3)^2 / 3) = 4.9005 degrees of freedom: SciPy's p and interval.
    known = of_means([1, 3, 5, 7], [6, 8, 10, 16])
    assert known is not None
    assert known.value == -6
    assert (round(known.p, 6), round(known.interval.lower, 4), round(known.interval.upper, 4)) == (
        0.063872, -12.5089, 0.5089
    )  # fmt: skip


def test_nothing_varies_or_one_is_alone() -> None:
    assert of_means([1, 1], [1, 1]) is None
    assert of_means([1], [1, 2]) is None


def test_four_tests_at_once() -> None:
    # 0.004 x 4 / 1; 0.02 x 4 / 2 and 0.03 x 4 / 3, which are the same; 0.2 x 4 / 4.
    assert [round(q, 10) for q in benjamini_hochberg([0.004, 0.02, 0.03, 0.2])] == [0.016, 0.04, 0.04, 0.2]
