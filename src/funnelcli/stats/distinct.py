"""Which numbers there are in a column, and which rows hold some of them.

NumPy answers both too, by a table of hashes where numbers lie far apart, which takes many times as long as to sort
them, and first imports what it has for masked arrays.
"""

from __future__ import annotations

import numpy as np

_DENSE = 8  # times as many places as numbers may be marked


def distinct(numbers: np.ndarray) -> np.ndarray:
    """Each of some numbers once, in ascending order.

    >>> distinct(np.array([7, 3, 7, 10**12])).tolist()
    [3, 7, 1000000000000]
    >>> distinct(np.array([], dtype=np.int64)).tolist()
    []
    """
    if not len(numbers):
        return numbers.copy()
    if numbers.dtype.kind in "iu" and (span := _span(numbers))[1] <= _DENSE * len(numbers):
        low, places = span
        seen = np.zeros(places, dtype=bool)
        seen[_from(low, numbers)] = True
        return (np.flatnonzero(seen) + low).astype(numbers.dtype)
    ordered = np.sort(numbers)
    is_new = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=is_new[1:])
    return np.asarray(ordered[is_new])


def is_among(numbers: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Whether each of some whole numbers is among others: a column of booleans.

    >>> is_among(np.array([7, 3, 7]), np.array([7, 10**12])).tolist()
    [True, False, True]
    >>> is_among(np.array([7]), np.array([], dtype=np.int64)).tolist()
    [False]
    """
    if not len(others) or not len(numbers):
        return np.zeros(len(numbers), dtype=bool)
    low, places = _span(others)
    if places <= _DENSE * (len(numbers) + len(others)):
        seen = np.zeros(places + 1, dtype=bool)  # the last place stands for all numbers beyond
        seen[_from(low, others)] = True
        is_beyond = (numbers < low) | (numbers > low + (places - 1))
        return np.asarray(seen[np.where(is_beyond, places, _from(low, numbers))])
    known = distinct(others)
    place = np.minimum(np.searchsorted(known, numbers), len(known) - 1)
    return np.asarray(known[place] == numbers)


def _span(numbers: np.ndarray) -> tuple[int, int]:
    """The lowest whole number, and how many lie from it to the highest."""
    low = int(numbers.min())
    return low, int(numbers.max()) - low + 1


def _from(low: int, numbers: np.ndarray) -> np.ndarray:
    """How far above the lowest, where a number of 64 bits can say it."""
    return numbers.astype(np.int64, copy=False) - low
