"""Which row renews which: early, on time, or late but within the grace days; each row renews one other at most."""

from __future__ import annotations

import heapq

import numpy as np
from msgspec import Struct

from funnelcli.facts.events import OPEN_END, UNDATED_END

# How a row is renewed, as it stands in a column.
NOT_RENEWED, EARLY, ON_TIME, LATE = range(4)
# A row that begins so many days before the day after an end, and in the last part of the term, may renew it early.
EARLY_DAYS, EARLY_PART = 31, 4
_NOBODY = -1
_DAYS_APART = 2**22  # more than there are days between any two, so that groups are kept apart by it
_BEFORE_ALL = 2**21


class Renewals(Struct, frozen=True, kw_only=True, eq=False):
    """Of each row the place of the one that renews it, -1 where none does, and how: early, on time, late."""

    by: np.ndarray
    how: np.ndarray


def renewals_of(
    entity: np.ndarray, plan: np.ndarray, named: np.ndarray, start: np.ndarray, end: np.ndarray, *, grace_days: int
) -> Renewals:
    """Which row of the same ``entity`` renews each row, from ``start`` to ``end`` (last paid days as numbers).

    Rows renew in the order in which they begin, and of several the one that ends first.  A renewal ends later than what
    it renews, and begins

    - on time: on its last day or the day after, of the same ``plan`` before those of another one;
    - else early: within its last 31 days and the last quarter of its term, of the same plan, where that is ``named``;
    - else late: after at most ``grace_days`` unpaid days.

    Rows that end on no known day are renewed by none.  Source: docs/definitions.md, renewals.

    >>> start, end = np.array([0, 340, 800]), np.array([364, 795, OPEN_END])
    >>> known = renewals_of(np.array([7, 7, 7]), np.zeros(3), np.ones(3, bool), start, end, grace_days=5)
    >>> known.by.tolist(), known.how.tolist() == [EARLY, LATE, NOT_RENEWED]
    ([1, 2, -1], True)
    """
    size = len(start)
    state = _State(start=start, end=end, by=np.full(size, _NOBODY), free=np.ones(size, dtype=bool))
    whose, plans = _numbered(entity), _numbered(plan)
    bought = _numbered(whose * (int(plans.max(initial=0)) + 1) + plans)
    how = np.full(size, NOT_RENEWED)
    dated = (end != OPEN_END) & (end != UNDATED_END)
    after = end + 1
    nearly = np.minimum(EARLY_DAYS, (after - start) // EARLY_PART)
    for kind, group, which, first, last in (
        (ON_TIME, bought, dated, end, after),
        (ON_TIME, whose, dated, end, after),
        (EARLY, bought, dated & named, after - nearly, end - 1),
        (LATE, bought, dated, after + 1, after + grace_days),
        (LATE, whose, dated, after + 1, after + grace_days),
    ):
        state.renew(group, which, first, last)
        how[(how == NOT_RENEWED) & (state.by != _NOBODY)] = kind
    return Renewals(by=state.by, how=how)


def _numbered(values: np.ndarray) -> np.ndarray:
    """Numbers that are alike where values are, and no larger than there are values.

    >>> _numbered(np.array([9, 9, 30])).tolist(), _numbered(np.array([30, 9, 30])).tolist(), _numbered(np.array([2, 1]))
    ([0, 0, 1], [1, 0, 1], array([2, 1]))
    """
    if len(values) and values.min() >= 0 and values.max() <= len(values):
        return values.astype(np.int64)
    if not (values[1:] < values[:-1]).any():
        return np.cumsum(np.concatenate([[False], values[1:] != values[:-1]])[: len(values)])
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def renewed_early_on(renewals: Renewals, start: np.ndarray, end: np.ndarray, *, days: int) -> np.ndarray:
    """Of each row the last day on which its money counts: that before the row that renews it, up to ``days`` early.

    >>> early = Renewals(by=np.array([1, -1]), how=np.array([EARLY, NOT_RENEWED]))
    >>> start, end = np.array([0, 340]), np.array([364, 700])
    >>> renewed_early_on(early, start, end, days=31).tolist(), renewed_early_on(early, start, end, days=14).tolist()
    ([339, 700], [364, 700])
    """
    begins = start[renewals.by]
    chosen = (renewals.how == EARLY) & (end + 1 - begins <= days)
    return np.asarray(np.where(chosen, begins - 1, end))


class _State(Struct, kw_only=True):
    """Rows while it is decided what renews them: ``free`` are those that renew no other yet."""

    start: np.ndarray
    end: np.ndarray
    by: np.ndarray
    free: np.ndarray

    def renew(self, group: np.ndarray, which: np.ndarray, first: np.ndarray, last: np.ndarray) -> None:
        """Let free rows renew others of their group in whose window, from ``first`` to ``last``, they begin."""
        due = np.flatnonzero(which & (self.by == _NOBODY) & (first <= last))
        new = np.flatnonzero(self.free)
        new = new[np.argsort(_key(group[new], self.start[new]), kind="stable")]
        keys = _key(group[new], self.start[new])
        low = np.searchsorted(keys, _key(group[due], first[due]))
        high = np.searchsorted(keys, _key(group[due], last[due]), side="right")
        some = high > low
        due, low, high = due[some], low[some], high[some]
        begun = np.bincount(low, minlength=len(new) + 1) - np.bincount(high, minlength=len(new) + 1)
        windows = np.cumsum(begun)  # in how many each begins
        alone = (high - low == 1) & (windows[low] == 1) if len(new) else some[some]
        fits = alone & (self.end[new[low]] > self.end[due]) if len(new) else alone
        self._join(due[fits], new[low[fits]])
        contested = np.zeros(len(new), dtype=bool)
        contested[low[alone]] = True
        contested = (windows[: len(new)] > 0) & ~contested
        if contested.any():
            self._in_turn(group, due[~alone], new[contested], first, last)

    def _join(self, due: np.ndarray, new: np.ndarray) -> None:
        self.by[due] = new
        self.free[new] = False

    def _in_turn(
        self, group: np.ndarray, due: np.ndarray, new: np.ndarray, first: np.ndarray, last: np.ndarray
    ) -> None:
        """The same of rows that begin in several windows, or beside others: one after the other."""
        due = due[np.lexsort((due, first[due], group[due]))]
        waiting = zip(*(each[due].tolist() for each in (group, first, self.end, last)), due.tolist(), strict=True)
        coming = next(waiting, None)
        open_windows: list[tuple[int, int, int]] = []
        of = None
        pairs: list[tuple[int, int]] = []
        for whose, day, until, place in zip(
            *(each[new].tolist() for each in (group, self.start, self.end)), new.tolist(), strict=True
        ):
            if whose != of:
                open_windows, of = [], whose
            while coming is not None and coming[:2] <= (whose, day):
                if coming[0] == whose:
                    heapq.heappush(open_windows, (coming[2], coming[4], coming[3]))
                coming = next(waiting, None)
            while open_windows and open_windows[0][2] < day:  # windows close in the order of the ends
                heapq.heappop(open_windows)
            if open_windows and open_windows[0][0] < until:
                pairs.append((heapq.heappop(open_windows)[1], place))
        if pairs:
            self._join(*np.array(pairs, dtype=np.int64).T)


def _key(group: np.ndarray, day: np.ndarray) -> np.ndarray:
    """One number for a group and a day in it."""
    keys: np.ndarray = group * _DAYS_APART + (day + _BEFORE_ALL)
    return keys
