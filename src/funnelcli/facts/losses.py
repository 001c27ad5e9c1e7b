"""When customers are lost: of each the days on which a stay ends, and where that is not known, between which days."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from msgspec import Struct

from funnelcli.facts.events import NO_DAY, NOBODY, OPEN_END, Events

_DAYS_APART = 2**22  # more than there are days between any two, so that people are kept apart by it
_BEFORE_ALL = 2**21


class Losses(Struct, frozen=True, kw_only=True, eq=False):
    """The losses of all customers in order of person and day; ``begins`` is the first day that each may lie on."""

    entity: np.ndarray
    day: np.ndarray
    begins: np.ndarray

    def next_of(self, entity: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Of each person the day of the first loss from a day on, and the first day it may lie on; OPEN_END: none.

        >>> losses = Losses(entity=np.array([3, 3]), day=np.array([10, 20]), begins=np.array([10, 15]))
        >>> [column.tolist() for column in losses.next_of(np.array([3, 3, 4]), np.array([10, 11, 0]))]
        [[10, 20, 1000000], [10, 15, 1000000]]
        """
        if not len(self.entity):
            nothing = np.full(len(entity), OPEN_END)
            return nothing, nothing
        place = np.searchsorted(_keys(self.entity, self.day), _keys(entity, day))
        at = np.minimum(place, len(self.entity) - 1)
        is_lost = (place < len(self.entity)) & (self.entity[at] == entity) & (entity != NOBODY)
        return np.where(is_lost, self.day[at], OPEN_END), np.where(is_lost, self.begins[at], OPEN_END)


def losses_of(events: Mapping[str, Events]) -> Losses | None:
    """The losses that the events tell of; None where nothing tells who pays."""
    lost = events.get("paid_lost")
    if lost is None:
        return None
    since = np.full(len(lost.records), NO_DAY)
    for name in ("paid_end_undated", "paid_gone"):
        unsure = events.get(name)
        if unsure is not None:
            since[unsure.row] = unsure.day
    entity = lost.records.entity[lost.row]
    order = np.argsort(_keys(entity, lost.day), kind="stable")
    begins = np.where(since[lost.row] == NO_DAY, lost.day, since[lost.row])
    return Losses(entity=entity[order], day=lost.day[order], begins=np.minimum(begins, lost.day)[order])


def _keys(entity: np.ndarray, day: np.ndarray) -> np.ndarray:
    return np.asarray(entity * _DAYS_APART + day + _BEFORE_ALL)
