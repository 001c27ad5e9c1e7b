"""What each entity has at the close of a day, like the revenue of a customer: the running sum of events."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from funnelcli.facts.events import NO_DAY, Events, keys_of


class Levels:
    """The level of each entity at the close of a day: what events have added by then, less what others have taken.

    >>> from funnelcli.facts.events import Records
    >>> records = Records.invented("paid_users", "funnel.toml", {}, size=1)
    >>> begun = Events.of("mrr", records, np.array([0]), np.array([20]), weight=np.array([100]))
    >>> Levels([begun], []).at(records.entity, np.array([19])).tolist()
    [0]
    >>> Levels([begun], []).at(records.entity, np.array([20])).tolist()
    [100]
    """

    def __init__(self, plus: Iterable[Events], minus: Iterable[Events]) -> None:
        nothing = np.zeros(0, dtype=np.int64)
        columns = [(nothing, nothing, nothing)]
        for sign, several in ((1, plus), (-1, minus)):
            columns += [(events.records.entity[events.row], events.day, sign * events.weight) for events in several]
        whose, when, change = map(np.concatenate, zip(*columns, strict=True))
        keys = keys_of(whose, when)
        order = np.argsort(keys, kind="stable")
        self._keys = keys[order]
        self._sums = np.concatenate([[0], np.cumsum(change[order])])

    def at(self, entity: np.ndarray, day: np.ndarray) -> np.ndarray:
        """The level of each entity at the close of a day of its own."""
        first = np.searchsorted(self._keys, keys_of(entity, np.full(len(entity), NO_DAY)))
        after = np.searchsorted(self._keys, keys_of(entity, day), side="right")
        levels: np.ndarray = self._sums[after] - self._sums[first]
        return levels
