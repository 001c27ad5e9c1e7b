"""A column of dates: moments, row by row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from funnelcli.values.dates import DAY_MICROS, FIRST_YEAR, LAST_YEAR, Moment, day_of
from funnelcli.values.many import all_are, all_lines

_CELL = "[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?)?"
_PLAIN = all_lines(_CELL)


class Moments(Struct, frozen=True, eq=False):
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
    def of_plain(cls, texts: Sequence[str]) -> Moments | None:
        """The column of many texts that are all written YYYY-MM-DD, or with a time without a zone behind it.

        None where one is anything else, or no day of the years that dates lie in: then each is looked at.

        >>> Moments.of_plain(["2026-01-05 10:00:00", "2026-01-06"]).timed.tolist()
        [True, False]
        >>> Moments.of_plain(["2026-01-05", "5/1/2026"]) is None, Moments.of_plain(["2026-02-30"]) is None
        (True, True)
        """
        if not texts or not all_are(_PLAIN, texts):
            return None
        try:
            micros = np.array(texts, dtype="datetime64[us]").astype(np.int64)
        except ValueError:
            return None
        years = (day_of(int(micro)).year for micro in (micros.min(), micros.max()))
        if not all(FIRST_YEAR <= year <= LAST_YEAR for year in years):
            return None
        size = len(texts)
        return cls(micros, micros % DAY_MICROS != 0, np.ones(size, dtype=bool))

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
