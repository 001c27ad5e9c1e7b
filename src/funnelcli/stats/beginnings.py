"""Where a monthly count begins: zeros before anything could happen tell nothing of what happens now.

Source: docs/planning.md, forecast.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

_UNLIKELY = 0.01


def beginning(numbers: Sequence[float]) -> int:
    """The place of the first month of a count that is going on: of the first event, or else of the first month.

    Zeros before the first event are months before it could happen where so many are unlikely (less than 1 %) at the
    mean of the months after it.  What is rare has zeros at its beginning for that alone, and they are its history.

    >>> beginning([0, 0, 0, 3, 2, 4])  # three months without any of 3 a month: 0.01 %
    3
    >>> beginning([0, 0, 0, 1, 0, 0, 1])  # of a third of one a month: 37 %
    0
    """
    first = next((place for place, number in enumerate(numbers) if number), 0)
    after = numbers[first + 1 :]
    mean = sum(after) / len(after) if len(after) else 0.0
    return first if exp(-mean * first) < _UNLIKELY else 0
