"""Moments as small numbers in their order, so that one number has room for whose they are too."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from funnelcli.stats.distinct import distinct

MOST = 2**62
_TICKS = (60_000_000, 1_000_000, 1)  # microseconds: of a minute, a second, each
_SOON = 2**40  # ticks that leave room for four million people


class Clock(Struct, frozen=True, kw_only=True, eq=False):
    """The ticks since the first of some moments; 0 is before all of them.

    The largest tick of which all moments are a whole number, or where that leaves no room, the place among them.

    >>> clock = Clock.of(np.array([120_000_000, 300_000_000]))
    >>> clock.ticks(np.array([0, 120_000_000, 299_999_999, 300_000_000, 10**12])).tolist(), clock.size
    ([0, 1, 3, 4, 4], 5)
    """

    first: int
    last: int
    tick: int
    times: np.ndarray | None

    @classmethod
    def of(cls, at: np.ndarray, groups: int = 1) -> Clock:
        """The clock of some moments in microseconds, so that a number has room for as many groups of ticks."""
        first, last = (int(at.min()), int(at.max())) if len(at) else (0, 0)
        tick = next(tick for tick in _TICKS if not ((at - first) % tick).any())
        fits = ((last - first) // tick + 2) * max(groups, 1) < MOST
        return cls(first=first, last=last, tick=tick, times=None if fits else distinct(at))

    @property
    def size(self) -> int:
        """How many ticks there are, 0 among them."""
        return len(self.times) + 1 if self.times is not None else (self.last - self.first) // self.tick + 2

    def ticks(self, at: np.ndarray) -> np.ndarray:
        """The last tick that is not after each moment."""
        if self.times is not None:
            return np.asarray(np.searchsorted(self.times, at, side="right"))
        since = (np.clip(at, self.first - 1, self.last) - self.first) // self.tick + 1
        return np.asarray(np.maximum(since, 0))


def in_order(*columns: np.ndarray) -> np.ndarray:
    """The places of rows in order of some columns of whole numbers, the first of them first.

    As one number where that has room, which is sorted in a part of the time; alike ones stay as they stand.

    >>> in_order(np.array([2, 1, 1]), np.array([0, 9, 5])).tolist()
    [2, 1, 0]
    """
    if not len(columns[0]):
        return np.zeros(0, dtype=np.int64)
    key, room = np.zeros(len(columns[0]), dtype=np.int64), 1
    for column in columns:
        least, tick = int(column.min()), 1
        span = int(column.max()) - least
        if span >= _SOON:
            tick = next(tick for tick in _TICKS if not ((column - least) % tick).any())
        size = span // tick + 1
        if room * size > MOST:
            return np.lexsort(columns[::-1])
        key, room = key * size + (column - least) // tick, room * size
    number = len(key)
    if room * number > MOST:
        return np.argsort(key, kind="stable")
    places = key * number + np.arange(number)
    places.sort()
    return np.asarray(places % number)
