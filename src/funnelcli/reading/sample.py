"""A file seen as a whole: its columns, and some rows in which every kind of cell that it has occurs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from funnelcli.reading.cells import Cells
from funnelcli.reading.emptied import Emptied
from funnelcli.reading.headers import header_key
from funnelcli.reading.opening import Opened
from funnelcli.reading.raw import whole_columns
from funnelcli.reading.unread import SAMPLE_ROWS, Unread, unread_columns
from funnelcli.values.cells import clean_column

FURTHER_ROWS = 40  # of a column, in which cells stand that the first rows do not have


@dataclass(frozen=True, kw_only=True, eq=False)
class Sample:
    """The cells of a file, cleaned, by the place of their column; ``rows`` are those that are looked at."""

    opened: Opened
    cells: Mapping[int, Cells]
    rows: tuple[int, ...]

    def column(self, name: str) -> Cells | None:
        """The whole of one of our columns; None where the file does not have it."""
        place = self.opened.columns.index.get(name)
        return None if place is None else self.cells[place]

    def place(self, column: Unread) -> int:
        """Where a column that is not read stands."""
        return self.opened.columns.header.index(column.header)

    def looked_at(self, name: str) -> list[str]:
        """The cells of one of our columns in the rows that are looked at; empty where the file does not have it."""
        cells = self.column(name)
        return [""] * len(self.rows) if cells is None else [cells.texts[cells.places[row]] for row in self.rows]

    def unread(self) -> list[Unread]:
        """The columns that are not read, by which no row is chosen, and that the settings do not ignore."""
        places = range(len(self.opened.columns.header))
        records = [[self.cells[place].texts[self.cells[place].places[row]] for place in places] for row in self.rows]
        chosen = set(map(header_key, (*self.opened.settings.keep, *self.opened.settings.drop)))
        return [column for column in unread_columns(self.opened, records) if header_key(column.header) not in chosen]


def sample_of(opened: Opened) -> Sample:
    """The file as a whole; without a row where it is damaged.

    The rows that are looked at are the first ones, and the first of those in which a column has another cell.
    """
    columns = whole_columns(opened)
    emptied = Emptied(opened.settings.empty) if opened.settings.empty else None
    cells: dict[int, Cells] = {}
    taken = set(opened.columns.index.values())
    rows: set[int] = set()
    for place, column in columns.items():
        texts = clean_column(column.texts)
        cells[place] = column.reworded([emptied[text] for text in texts] if emptied is not None else texts)
        firsts = list(cells[place].first.values())
        rows.update(range(min(len(column), SAMPLE_ROWS)))
        if place not in taken and len(firsts) < SAMPLE_ROWS:
            rows.update([row for row in firsts if row >= SAMPLE_ROWS][:FURTHER_ROWS])
    return Sample(opened=opened, cells=cells, rows=tuple(sorted(rows)))


def counted(cells: Cells, rows: np.ndarray) -> dict[str, int]:
    """How many of the rows have each text, the most frequent first.

    >>> counted(Cells.of(["a", "b", "b", ""]), np.array([True, True, True, False]))
    {'b': 2, 'a': 1}
    """
    numbers = np.bincount(cells.places[rows], minlength=len(cells.texts)).tolist()
    pairs = [(text, number) for text, number in zip(cells.texts, numbers, strict=True) if number]
    return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))
