"""A column of dates: moments, row by row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from funnelcli.stats.distinct import distinct
from funnelcli.values.dates import DAY_MICROS, FIRST_YEAR, LAST_YEAR, DateOrder, Moment
from funnelcli.values.many import all_are, all_lines

_TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?"
_PLAIN = all_lines(f"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?:[ T]{_TIME})?")
_MARKS = ("/", "-", ".")
_DAY_AND_MONTH = {mark: all_lines(rf"(?:[0-9]{{2}}\{mark}){{2}}[0-9]{{4}}(?: {_TIME})?") for mark in _MARKS}


def are_day_and_month(texts: Sequence[str]) -> bool:
    """Whether dates are all written with two digits for the day and the month, whichever is first, and then the year.

    >>> are_day_and_month(["05/01/2026", "06/01/2026 10:00"]), are_day_and_month(["05/01/2026", "5/1/2026"])
    (True, False)
    """
    mark = texts[0][2:3] if texts else ""
    return mark in _DAY_AND_MONTH and all_are(_DAY_AND_MONTH[mark], texts)


_FIRST, _BEYOND = np.datetime64(f"{FIRST_YEAR}-01-01"), np.datetime64(f"{LAST_YEAR + 1}-01-01")


class Moments(Struct, frozen=True, eq=False):
    """A column of dates, row by row: the fields of Moment, 0 and False where ``given`` says that the cell is empty."""

    micros: np.ndarray
    timed: np.ndarray
    given: np.ndarray

    def or_else(self, other: Moments) -> Moments:
        """These, and the others where a cell is empty."""
        return Moments(
            np.where(self.given, self.micros, other.micros),
            np.where(self.given, self.timed, other.timed),
            self.given | other.given,
        )

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
    def of_plain(cls, texts: Sequence[str], order: DateOrder | None = None) -> Moments | None:
        """The column of many texts that are all written YYYY-MM-DD, or with a time without a zone behind it.

        Where the ``order`` says so, as DD/MM/YYYY or MM/DD/YYYY.  None where one is anything else, or no day of the
        years that dates lie in: then each is looked at.

        >>> Moments.of_plain(["2026-01-05 10:00:00", "2026-01-06"]).timed.tolist()
        [True, False]
        >>> Moments.of_plain(["05/01/2026"], "dmy").micros == Moments.of_plain(["2026-01-05"]).micros
        array([ True])
        >>> Moments.of_plain(["2026-01-05", "5/1/2026"]) is None, Moments.of_plain(["2026-02-30"]) is None
        (True, True)
        """
        if not texts:
            return None
        if order in ("dmy", "mdy") and texts[0][2:3] in _MARKS and are_day_and_month(texts):
            day, month = (slice(0, 2), slice(3, 5)) if order == "dmy" else (slice(3, 5), slice(0, 2))
            texts = [f"{text[6:10]}-{text[month]}-{text[day]}{text[10:]}" for text in texts]
        elif not all_are(_PLAIN, texts):
            return None
        try:
            moments = np.array(texts, dtype="datetime64[us]")
        except ValueError:
            return None
        return cls.of_dates(moments)

    @classmethod
    def of_dates(cls, dates: np.ndarray) -> Moments | None:
        """The column of dates, NaT where a cell is empty; None where one lies beyond the years that dates lie in."""
        given = ~np.isnat(dates)
        # NumPy also knows years that a date has not, like 0000.
        if ((dates < _FIRST) | (dates >= _BEYOND)).any():
            return None
        micros = np.where(given, dates.astype(np.int64), 0)
        return cls(micros, micros % DAY_MICROS != 0, given)

    @classmethod
    def blank(cls, size: int) -> Moments:
        """A column of empty cells."""
        return cls(np.broadcast_to(0, size), np.broadcast_to(False, size), np.broadcast_to(False, size))

    def with_blank(self, place: int) -> Moments:
        """The column with an empty cell before a place."""
        return Moments(*(np.insert(values, place, 0) for values in (self.micros, self.timed, self.given)))

    @classmethod
    def joined(cls, parts: Sequence[Moments]) -> Moments:
        """The columns one below the other."""
        if len(parts) < 2:
            return parts[0] if parts else cls.of([])
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
        days: list[int] = distinct(self.micros[self.given] // DAY_MICROS).tolist()
        return days
