"""Entries into stages in the order of their subjects: what came before each, what followed it, what went without it."""

from __future__ import annotations

import numpy as np


def shifted(column: np.ndarray) -> np.ndarray:
    """A column of what stands one place earlier, -1 in the first.

    >>> shifted(np.array([4, 5])).tolist()
    [-1, 4]
    """
    return np.concatenate([[-1], column[:-1]])[: len(column)]


def next_of_each(first: np.ndarray, later: np.ndarray, subject: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first entries that later ones of their subject follow, and the next one of each."""
    if not len(later) or not len(first):
        return later[:0], later[:0]
    place = np.searchsorted(later, first, side="right")
    following = later[np.minimum(place, len(later) - 1)]
    there = (place < len(later)) & (subject[following] == subject[first])
    return first[there], following[there]


def followed_by(
    first: np.ndarray, later: np.ndarray, left: tuple[np.ndarray, np.ndarray], subject: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Of the later entries those that come after the first of their subject and before it left, each with that first.

    ``left`` are the first entries that something left, with what each left for.
    """
    if not len(later) or not len(first):
        return later[:0], later[:0]
    at = np.searchsorted(first, later, side="left") - 1
    place = np.maximum(at, 0)
    until = np.full(len(first), len(subject))
    until[np.searchsorted(first, left[0])] = left[1]
    there = (at >= 0) & (subject[first[place]] == subject[later]) & (later < until[place])
    return first[place[there]], later[there]


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
