"""What is in force at a moment: rows that add to a level from their day on, until others undo them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from msgspec import Struct, field

from funnelcli.counting.movements import ranks_of
from funnelcli.facts.events import OPEN_END, Coded, Events
from funnelcli.facts.sums import sums_by

_LEVELS_KEPT = 16


class Lives(Struct, frozen=True, kw_only=True, eq=False):
    """All that ever adds to a level: its events, and the day ``until`` which each does.  Few levels are kept.

    ``whose`` is a number for the entity of each, from 0 on in the order of entities, of which there are ``size``.
    """

    events: Events
    until: np.ndarray
    whose: np.ndarray
    size: int
    _levels: dict[int, Level] = field(default_factory=dict)

    @classmethod
    def of(cls, plus: Events, minus: Events) -> Lives:
        """Events that add, and those that undo them, each linked to what it undoes.

        >>> from funnelcli.facts.events import Records
        >>> records = Records.invented("paid_users", "funnel.toml", {}, size=2)
        >>> row, links = np.array([0, 1]), np.array([7, 8])
        >>> begun = Events.of("mrr", records, row, np.array([20, 30]), link=links)
        >>> Lives.of(begun, Events.of("mrr_ceased", records, row[:1], np.array([25]), link=links[:1])).until.tolist()[0]
        25
        """
        until = np.full(len(plus), OPEN_END)
        order = np.argsort(plus.link, kind="stable")
        if len(plus) and len(minus):
            place = np.searchsorted(plus.link, minus.link, sorter=order)
            undone = order[np.minimum(place, len(plus) - 1)]
            linked = plus.link[undone] == minus.link
            until[undone[linked]] = minus.day[linked]
        entities, whose = np.unique(plus.records.entity[plus.row], return_inverse=True)
        return cls(events=plus, until=until, whose=whose, size=len(entities))

    def level(self, bound: int, as_of: int) -> Level:
        """What is in force when the day ``bound`` begins, as far as ``as_of`` lets one see."""
        until = min(bound, as_of + 1)
        if until not in self._levels:
            if len(self._levels) == _LEVELS_KEPT:
                del self._levels[next(iter(self._levels))]
            self._levels[until] = Level(lives=self, until=until)
        return self._levels[until]


class Level(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """What is in force when the day ``until`` begins; of a ``part`` of all that ever is, where there is one."""

    lives: Lives
    until: int
    part: np.ndarray | None = None

    @property
    def _mask(self) -> np.ndarray:
        in_force = (self.lives.events.day < self.until) & (self.lives.until >= self.until)
        return np.asarray(in_force if self.part is None else in_force & self.part)

    @property
    def place(self) -> np.ndarray:
        """The places of it among all that ever is."""
        return np.flatnonzero(self._mask)

    @cached_property
    def of_each(self) -> np.ndarray:
        """The level of each entity."""
        mask = self._mask
        return sums_by(self.lives.whose[mask], self.lives.events.weight[mask], self.lives.size)


class Homes(Struct, frozen=True, kw_only=True, eq=False):
    """What each entity has by the values of some dimensions, in the order of entities and of the values' names.

    ``value`` is the place among these of each event, ``row`` a record that has the values, and ``begins`` where each
    entity begins.
    """

    lives: Lives
    value: np.ndarray
    row: np.ndarray
    whose: np.ndarray
    begins: np.ndarray

    @classmethod
    def of(cls, lives: Lives, values: Sequence[Coded]) -> Homes:
        """The values, each given for every record, of all that ever adds to a level."""
        rank = ranks_of(values, lives.events.row)
        _, first, value = np.unique(
            lives.whose * (int(rank.max(initial=0)) + 1) + rank, return_index=True, return_inverse=True
        )
        whose = lives.whose[first]
        begins = np.searchsorted(whose, np.arange(lives.size))
        return cls(lives=lives, value=value, row=lives.events.row[first], whose=whose, begins=begins)

    def at(self, level: Level) -> np.ndarray:
        """Of each entity a record of the values of which it has most; of equals the first by name counts."""
        if len(self.row) == self.lives.size:
            return self.row  # each has all of it in the same place
        place = level.place
        amount = sums_by(self.value[place], self.lives.events.weight[place], len(self.row))
        most = np.maximum.reduceat(amount, self.begins)
        highest = np.flatnonzero(amount == most[self.whose])
        return np.asarray(self.row[highest[np.searchsorted(self.whose[highest], np.arange(self.lives.size))]])
