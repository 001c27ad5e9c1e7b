"""Sums of whole numbers by place, exact, however large they are."""

import numpy as np

_EXACT = 2**53  # up to here floats hold every whole number


def sums_by(place: np.ndarray, weight: np.ndarray, size: int) -> np.ndarray:
    """The sum of the weights at each of so many places.

    >>> sums_by(np.array([2, 0, 2]), np.array([5, 7, -1]), 4).tolist()
    [7, 0, 4, 0]
    >>> sums_by(np.array([0, 0]), np.array([2**53, 1]), 1).tolist()  # which a float cannot hold
    [9007199254740993]
    """
    if not len(place):
        return np.zeros(size, dtype=np.int64)
    largest = max(int(weight.max()), -int(weight.min()))
    if largest * len(place) < _EXACT:
        return np.bincount(place, weights=weight, minlength=size).astype(np.int64)
    sums = np.zeros(size, dtype=np.int64)
    np.add.at(sums, place, weight)
    return sums
