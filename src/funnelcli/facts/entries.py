"""Entries into stages in the order of their subjects: what came before each, what followed it, what went without it."""

from __future__ import annotations

import numpy as np


def shifted(column: np.ndarray) -> np.ndarray:
    """A column of what stands one place earlier, -1 in the first.

    >>> shifted(np.array([4, 5])).tolist()
    [-1, 4]
    """
    return np.concatenate([[-1], column[:-1]])[: len(column)]


def furthest_before(subject: np.ndarray, rank: np.ndarray) -> np.ndarray:
    """Of each entry the furthest stage that its subject had come to before; -1 where there is none."""
    _, group = np.unique(subject, return_inverse=True)
    keyed = group * 1000 + rank + 1
    reached = np.maximum.accumulate(keyed) - group * 1000 - 1 if len(keyed) else keyed
    before = shifted(reached)
    return np.where(np.concatenate([[True], subject[1:] != subject[:-1]])[: len(subject)], -1, before)


def next_of_each(first: np.ndarray, later: np.ndarray, subject: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first entries that later ones of their subject follow, and the next one of each."""
    if not len(later) or not len(first):
        return later[:0], later[:0]
    place = np.searchsorted(later, first, side="right")
    following = later[np.minimum(place, len(later) - 1)]
    there = (place < len(later)) & (subject[following] == subject[first])
    return first[there], following[there]


def without(first: np.ndarray, later: np.ndarray, subject: np.ndarray) -> np.ndarray:
    """The first entries into a later stage of those that had not entered this one by then."""
    if not len(later):
        return later
    who, place = np.unique(subject[later], return_index=True)
    there = later[place]
    if not len(first):
        return there
    at = np.minimum(np.searchsorted(subject[first], who), len(first) - 1)
    entered_before = (subject[first][at] == who) & (first[at] < there)
    return np.asarray(there[~entered_before])
