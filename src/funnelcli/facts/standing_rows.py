"""The rows of a table while it is decided which of them pay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from funnelcli.problems import Problem, Problems, problem
from funnelcli.reading.cells import Cells
from funnelcli.reading.moments import Moments
from funnelcli.reading.tables import Table

REVERSED = "is reversed"  # among the numbers of rows taken back: another row pays it back


class StandingRows(Struct, kw_only=True):
    """The rows of a table while it is decided which of them stay, and what their starts and ends are.

    Of those left out ``taken_back`` are the ones whose money has moved all the same: refunds, and what they pay back;
    ``reversed_rows`` are paid back by another row.
    """

    table: Table
    problems: Problems
    kept: np.ndarray
    undated: np.ndarray
    taken_back: np.ndarray
    reversed_rows: np.ndarray

    @classmethod
    def of(cls, table: Table, problems: Problems) -> StandingRows:
        """All of them stay, before anything is decided."""
        kept, *others = (np.full(len(table), stays) for stays in (True, False, False, False))
        return cls(
            table=table, problems=problems, kept=kept, undated=others[0], taken_back=others[1], reversed_rows=others[2]
        )

    def taken(self, moments: Mapping[str, Moments]) -> Table | None:
        """The rows taken back, with the days that are known of them; None where there are none."""
        if not self.taken_back.any():
            return None
        numbers = {**self.table.numbers, REVERSED: self.reversed_rows.astype(float)}
        table = replace(self.table, moments=moments, numbers=numbers)
        return table.without(np.flatnonzero(~self.taken_back), tallied="unpaid")

    def warn(self, code: str, rows: np.ndarray, column: str, shown: Cells | None = None, **facts: object) -> None:
        """Warn of each of the rows, with its cell of the ``shown`` column as the value."""
        self.problems.extend(self._warnings(code, rows, column, shown, **facts))

    def _warnings(
        self, code: str, rows: np.ndarray, column: str, shown: Cells | None, **facts: object
    ) -> Iterator[Problem]:
        for row in np.flatnonzero(rows).tolist():
            file, line = self.table.place(row)
            value = {"value": shown.texts[shown.places[row]][:80]} if shown is not None else {}
            yield problem(code, file=file, line=line, column=column, stage=self.table.input.name, **value, **facts)

    def leave_out(self, rows: np.ndarray) -> None:
        """No longer keep the rows."""
        self.kept &= ~rows
