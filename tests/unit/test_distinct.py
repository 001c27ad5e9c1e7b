"""Which whole numbers there are, and which are among others: against sets, for numbers close together and far apart."""

from __future__ import annotations

import numpy as np
import pytest

from funnelcli.stats.distinct import distinct, is_among

SPREADS = {"close": 50, "wider": 115, "far": 10**15}


@pytest.mark.parametrize("spread", SPREADS.values(), ids=SPREADS)
@pytest.mark.parametrize("dtype", [np.int8, np.int32, np.int64, np.uint8])
def test_as_sets_do(spread: int, dtype: type[np.integer]) -> None:
    """Numbers below, between, above and among the others; negative ones; none."""
    draw = np.random.default_rng(7)
    limits = np.iinfo(dtype)
    low, high = max(-spread, limits.min), min(spread, limits.max)
    for many, some in ((0, 0), (0, 5), (5, 0), (1, 1), (300, 40), (40, 300)):
        numbers = draw.integers(low, high, many, dtype=dtype, endpoint=True)
        others = np.concatenate([draw.integers(low, high, some, dtype=dtype, endpoint=True), numbers[: some // 2]])
        known = set(others.tolist())
        assert distinct(numbers).tolist() == sorted(set(numbers.tolist()))
        assert distinct(numbers).dtype == dtype
        assert is_among(numbers, others).tolist() == [number in known for number in numbers.tolist()]


def test_the_ends_of_a_type() -> None:
    """The least and the greatest number of a type lie further apart than it can say."""
    ends = np.array([np.iinfo(np.int64).min, 0, np.iinfo(np.int64).max, 0])
    assert distinct(ends).tolist() == sorted(set(ends.tolist()))
    assert is_among(ends, ends[:1]).tolist() == [True, False, False, False]
    small = np.array([-128, 127, -128], dtype=np.int8)
    assert distinct(small).tolist() == [-128, 127]
    assert is_among(small, small[1:2]).tolist() == [False, True, False]
