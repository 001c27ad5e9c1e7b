"""What happened to each entity in the order of time: the next of many moments is looked up at once."""

from __future__ import annotations

from typing import Literal

import numpy as np
from msgspec import Struct

from funnelcli.facts.clock import Clock, in_order


class Timeline(Struct, frozen=True, kw_only=True, eq=False):
    """Moments of entities in order: ``order`` are the places of what it was made of, ``entity`` and ``at`` theirs.

    >>> line = Timeline.of(np.array([7, 3, 3]), np.array([50, 40, 20]))
    >>> line.order.tolist(), line.place(np.array([3, 3, 7]), np.array([20, 41, 10])).tolist()
    ([2, 1, 0], [0, 2, 2])
    """

    order: np.ndarray
    entity: np.ndarray
    at: np.ndarray
    clock: Clock
    keys: np.ndarray

    @classmethod
    def of(cls, entity: np.ndarray, at: np.ndarray) -> Timeline:
        """The moments ``at`` of entities, of equal ones in the order in which they are given."""
        order = in_order(entity, at)
        clock = Clock.of(at, int(entity.max(initial=0)) + 2)
        return cls(
            order=order, entity=entity[order], at=at[order], clock=clock,
            keys=entity[order] * clock.size + clock.ticks(at[order]),
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.order)

    def place(self, entity: np.ndarray, at: np.ndarray, side: Literal["left", "right"] = "left") -> np.ndarray:
        """The place in the line of the first that is not before each moment of an entity; ``right``: after it."""
        whose = np.asarray(entity) * self.clock.size
        if side == "right":
            return np.asarray(np.searchsorted(self.keys, whose + self.clock.ticks(np.asarray(at)), side="right"))
        return np.asarray(np.searchsorted(self.keys, whose + self.clock.ticks(np.asarray(at) - 1) + 1, side="left"))

    def there(self, place: np.ndarray, entity: np.ndarray) -> np.ndarray:
        """Whether something of each entity is at a place."""
        if not len(self):
            return np.zeros(len(place), dtype=bool)
        return np.asarray((place < len(self)) & (self.entity[np.minimum(place, len(self) - 1)] == entity))
