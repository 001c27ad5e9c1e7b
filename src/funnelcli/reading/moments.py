"""A column of dates: moments, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from funnelcli.values.dates import DAY_MICROS, Moment


@dataclass(frozen=True, eq=False)
class Moments:
    """A column of dates, row by row: the fields of Moment, 0 and False where ``given`` says that the cell is empty."""

    micros: np.ndarray
    timed: np.ndarray
    given: np.ndarray

    @classmethod
    def of(cls, moments: Sequence[Moment | None]) -> Moments:
        """The column of the given moments; None for an empty cell."""
        size = len(moments)
        return cls(
            np.fromiter((m.micros if m else 0 for m in moments), dtype=np.int64, count=size),
            np.fromiter((m.timed if m else False for m in moments), dtype=bool, count=size),
            np.fromiter((m is not None for m in moments), dtype=bool, count=size),
        )

    @classmethod
    def blank(cls, size: int) -> Moments:
        """A column of empty cells."""
        return cls(np.zeros(size, dtype=np.int64), np.zeros(size, dtype=bool), np.zeros(size, dtype=bool))

    @classmethod
    def joined(cls, parts: Sequence[Moments]) -> Moments:
        """The columns one below the other."""
        if not parts:
            return cls.of([])
        names = ("micros", "timed", "given")
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

    def kept(self, rows: np.ndarray) -> Moments:
        """The rows at these places, or for which an array of booleans says so."""
        return Moments(self.micros[rows], self.timed[rows], self.given[rows])

    def days(self, missing: int) -> np.ndarray:
        """The days since 1970-01-01, ``missing`` where a cell is empty."""
        return np.where(self.given, self.micros // DAY_MICROS, missing)

    def distinct_days(self) -> list[int]:
        """Every day that some cell gives, since 1970-01-01."""
        days: list[int] = np.unique(self.micros[self.given] // DAY_MICROS).tolist()
        return days
