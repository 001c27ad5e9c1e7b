"""A column of dates of the rows, as events are dated by it."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from funnelcli.facts.events import Events, Records
from funnelcli.facts.rows import Rows
from funnelcli.values.dates import DAY_MICROS


class Dates(Struct, frozen=True, kw_only=True, eq=False):
    """A column of dates of the rows: of each the moment, and whether there is one."""

    at: np.ndarray
    timed: np.ndarray
    given: np.ndarray

    @classmethod
    def of(cls, rows: Rows, column: str) -> Dates:
        """Those of a column, none where no file has it."""
        if not column or f"{column} given" not in rows:
            nothing = np.zeros(len(rows), dtype=bool)
            return cls(at=np.zeros(len(rows), dtype=np.int64), timed=nothing, given=nothing)
        return cls(at=rows[f"{column} micros"], timed=rows[f"{column} timed"], given=rows[f"{column} given"])

    def or_else(self, other: Dates) -> Dates:
        """These, and the others where there is none."""
        return Dates(
            at=np.where(self.given, self.at, other.at),
            timed=np.where(self.given, self.timed, other.timed),
            given=self.given | other.given,
        )

    @property
    def day(self) -> np.ndarray:
        """The day of each; of a row without one it says nothing."""
        days: np.ndarray = self.at // DAY_MICROS
        return days

    def before(self, other: Dates) -> np.ndarray:
        """The rows in which these lie before the others: by the moment, of a bare day by the day."""
        earlier: np.ndarray = np.where(self.timed & other.timed, self.at < other.at, self.day < other.day)
        earlier &= self.given & other.given
        return earlier

    def events(self, name: str, records: Records, chosen: np.ndarray) -> Events:
        """The events of the chosen rows that have a date."""
        rows = np.flatnonzero(chosen & self.given)
        at = self.at[rows]
        return Events.of(name, records, rows, at // DAY_MICROS, at=at, timed=self.timed[rows])
