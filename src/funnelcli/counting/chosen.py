"""Levels of some entities alone: of those who had any when a period began, or of those who have most when it ends.

Who had any is followed: whatever it goes to, it counts in the part of the business in which it had most at the start.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from funnelcli.counting.measures import ChoiceOf
from funnelcli.counting.movements import ranks_of
from funnelcli.facts.events import Coded, Events

_APART = 2**40  # more than there are entities


class Placed(Struct, frozen=True, kw_only=True, eq=False):
    """Events that count, and the same ``at`` the rows that say in which part of the business each does."""

    events: Events
    at: Events

    def kept(self, chosen: np.ndarray) -> Placed:
        """Some of them."""
        return Placed(events=self.events.kept(chosen), at=self.at.kept(chosen))


class Followed(Struct, frozen=True, kw_only=True, eq=False):
    """Entities that had any when a period began: the level then, and a row of the values of which each had most."""

    then: Events
    entity: np.ndarray
    level: np.ndarray
    row: np.ndarray

    @classmethod
    def since(cls, then: Events, values: Sequence[Coded]) -> Followed:
        """Those of the events of a level at the start; of values of which one has as much, the first by name counts."""
        whose, rank = entities_of(then), ranks_of(values, then.row)
        keys, first, inverse = np.unique(
            whose * (int(rank.max(initial=0)) + 1) + rank, return_index=True, return_inverse=True
        )
        of_value = np.zeros(len(keys), dtype=np.int64)
        np.add.at(of_value, inverse, then.weight)
        order = np.lexsort((rank[first], -of_value, whose[first]))
        entity, most = np.unique(whose[first][order], return_index=True)
        level = np.zeros(len(entity), dtype=np.int64)
        np.add.at(level, np.searchsorted(entity, whose), then.weight)
        has = level > 0
        return cls(then=then, entity=entity[has], level=level[has], row=then.row[first][order][most][has])

    def at_home(self, events: Events) -> Placed:
        """The events of those who are followed, where they had most at the start."""
        own = events.kept(np.isin(entities_of(events), self.entity))
        return Placed(events=own, at=replace(own, row=self.row[np.searchsorted(self.entity, entities_of(own))]))

    def kept(self, of: ChoiceOf, now: Events) -> list[Placed]:
        """What of them a choice counts: their level at the start, at the end, or of the two the lower one."""
        at_start, at_end = self.at_home(self.then), self.at_home(now)
        match of:
            case "held":
                return [at_start]
            case "kept":
                return [at_end]
        level = np.zeros(len(self.entity), dtype=np.int64)
        np.add.at(level, self._place(at_end.events), at_end.events.weight)
        has_less = level < self.level
        return [
            at_end.kept(has_less[self._place(at_end.events)]),
            at_start.kept(~has_less[self._place(at_start.events)]),
        ]

    def unsure(self, then: Events, *later: Events) -> list[Placed]:
        """Where it is not known what those who are followed had or have, by events that say so at each moment.

        At the start nobody knows, either, whether they had most where these events are.
        """
        doubted = np.concatenate([entities_of(events) for events in (then, *later)])
        at_home = self.at_home(self.then)
        return [at_home.kept(np.isin(entities_of(at_home.events), doubted)), Placed(events=then, at=then)]

    def _place(self, events: Events) -> np.ndarray:
        return np.searchsorted(self.entity, entities_of(events))


def largest(events: Events, most: int, part: np.ndarray) -> Placed:
    """The events of those that have most in each part, of equals the first; ``part`` is a number for that of each."""
    names, first, inverse = np.unique(part * _APART + entities_of(events), return_index=True, return_inverse=True)
    level = np.zeros(len(names), dtype=np.int64)
    np.add.at(level, inverse, events.weight)
    order = np.lexsort((-level, part[first]))
    of_part = part[first][order]
    place = np.arange(len(order)) - np.searchsorted(of_part, of_part)
    theirs = events.kept(np.isin(inverse, order[place < most]))
    return Placed(events=theirs, at=theirs)


def entities_of(events: Events) -> np.ndarray:
    """The entity of each event."""
    entities: np.ndarray = events.records.entity[events.row]
    return entities
