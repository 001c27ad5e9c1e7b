"""What is left of the points of leads from day to day."""

from __future__ import annotations

import numpy as np

from funnelcli.facts.interest import Interest, cut
from funnelcli.stats.distinct import distinct


class Fading:
    """What is left of the points of some people at the close of each day, the days in their order."""

    def __init__(self, interest: Interest, entity: np.ndarray) -> None:
        place = np.minimum(np.searchsorted(entity, interest.entity), len(entity) - 1)
        mine = np.flatnonzero(entity[place] == interest.entity)
        order = mine[np.argsort(interest.day[mine], kind="stable")]
        self._day, self._place, self._kind = interest.day[order], place[order], interest.kind[order]
        self._points, self._caps = interest.points, interest.caps
        self._share = 1.0 if interest.half_life is None else 0.5 ** (1 / interest.half_life)
        self._left = np.zeros((len(entity), len(interest.kinds)))
        self._until = int(self._day[0]) if len(order) else 0
        self._next = 0

    def on(self, day: int) -> np.ndarray:
        """The interest of each on a day that is later than all asked for before."""
        last = int(np.searchsorted(self._day, day, side="right"))
        for of_day in distinct(self._day[self._next : last]).tolist():
            self._fade(of_day)
            end = int(np.searchsorted(self._day, of_day, side="right"))
            rows = slice(self._next, end)
            np.add.at(self._left, (self._place[rows], self._kind[rows]), self._points[self._kind[rows]])
            self._next = end
        self._fade(max(day, self._until))
        return cut(np.clip(self._left, -self._caps, self._caps).sum(axis=1))

    def at_the_beginning_of(self, day: int) -> np.ndarray:
        """The interest of each with which a day begins, the one after that asked for last: nothing has happened yet."""
        left = self._left * self._share ** (day - self._until)
        return cut(np.clip(left, -self._caps, self._caps).sum(axis=1))

    @property
    def only_fades(self) -> bool:
        """Whether nothing more happens, and no kind is cut to its cap: then no score rises any more."""
        return self._next >= len(self._day) and not (np.abs(self._left) > self._caps).any()

    def _fade(self, day: int) -> None:
        if day > self._until:
            self._left *= self._share ** (day - self._until)
            self._until = day
