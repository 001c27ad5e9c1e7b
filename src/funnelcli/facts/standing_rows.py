"""The rows of a table while it is decided which of them pay."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec import Struct

from funnelcli.problems import Problem, Problems, problem
from funnelcli.reading.cells import Cells
from funnelcli.reading.tables import Table


class StandingRows(Struct, kw_only=True):
    """The rows of a table while it is decided which of them stay, and what their starts and ends are."""

    table: Table
    problems: Problems
    kept: np.ndarray
    undated: np.ndarray

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
