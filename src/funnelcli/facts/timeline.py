"""What happened to each entity in the order of time: the next of many moments is looked up at once."""

from __future__ import annotations

from typing import Literal

import numpy as np
from msgspec import Struct


class Timeline(Struct, frozen=True, kw_only=True, eq=False):
    """Moments of entities in order: ``order`` are the places of what it was made of, ``entity`` and ``at`` theirs.

    >>> line = Timeline.of(np.array([7, 3, 3]), np.array([50, 40, 20]))
    >>> line.order.tolist(), line.place(np.array([3, 3, 7]), np.array([20, 41, 10])).tolist()
    ([2, 1, 0], [0, 2, 2])
    """

    order: np.ndarray
    entity: np.ndarray
    at: np.ndarray
    times: np.ndarray
    keys: np.ndarray

    @classmethod
    def of(cls, entity: np.ndarray, at: np.ndarray) -> Timeline:
        """The moments ``at`` of entities, of equal ones in the order in which they are given."""
        order = np.lexsort((at, entity))
        times, code = np.unique(at[order], return_inverse=True)
        return cls(
            order=order, entity=entity[order], at=at[order], times=times,
            keys=entity[order] * (len(times) + 1) + code.reshape(-1),
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.order)

    def place(self, entity: np.ndarray, at: np.ndarray, side: Literal["left", "right"] = "left") -> np.ndarray:
        """The place in the line of the first that is not before each moment of an entity; ``right``: after it."""
        code = np.searchsorted(self.times, at, side=side)
        return np.searchsorted(self.keys, entity * (len(self.times) + 1) + code, side="left")

    def there(self, place: np.ndarray, entity: np.ndarray) -> np.ndarray:
        """Whether something of each entity is at a place."""
        if not len(self):
            return np.zeros(len(place), dtype=bool)
        return np.asarray((place < len(self)) & (self.entity[np.minimum(place, len(self) - 1)] == entity))
