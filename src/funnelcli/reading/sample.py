"""A file seen as a whole: its columns, and some rows in which every kind of cell that it has occurs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

import numpy as np
from msgspec import Struct

from funnelcli.inputs.spec import CellKind
from funnelcli.reading.cells import Cells
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.emptied import Emptied
from funnelcli.reading.headers import header_key, headers_known_for, id_headers
from funnelcli.reading.opening import Opened
from funnelcli.reading.raw import whole_columns
from funnelcli.reading.rows import quiet_rows
from funnelcli.reading.unread import SAMPLE_ROWS, Unread, unread_columns
from funnelcli.values.cells import clean_column

FURTHER_ROWS = 40  # of a column, in which cells stand that the first rows do not have


class Sample(Struct, frozen=True, kw_only=True, eq=False):
    """The cells of a file, cleaned, by the place of their column; ``rows`` are those that are looked at.

    A column that is seen to have other cells in nearly every row is known of the first rows only.
    """

    opened: Opened
    cells: Mapping[int, Cells]
    size: int
    rows: tuple[int, ...]

    def column(self, name: str) -> Cells | None:
        """The whole of one of our columns; None where the file does not have it."""
        place = self.opened.columns.index.get(name)
        return None if place is None else self.whole(place)

    def whole(self, place: int) -> Cells | None:
        """The whole of a column; None where only its first rows are known."""
        cells = self.cells[place]
        return cells if len(cells) == self.size else None

    def place(self, column: Unread) -> int:
        """Where a column that is not read stands."""
        return self.opened.columns.header.index(column.header)

    def looked_at(self, name: str) -> list[str]:
        """The cells of one of our columns in the rows that are looked at; empty where the file does not have it."""
        place = self.opened.columns.index.get(name)
        return self.at(place) if place is not None else [""] * len(self.rows)

    def at(self, place: int) -> list[str]:
        """The cells of the column at a place in the rows that are looked at, empty where they are not known."""
        return [self._cell(place, row) for row in self.rows]

    def unread(self) -> list[Unread]:
        """The columns that are not read, by which no row is chosen, and that the settings do not ignore.

        A header that we know as one of ids is of ids, though the settings take others; so does one that we know for a
        column for which by the settings none is to be taken say what it holds.
        """
        places = range(len(self.opened.columns.header))
        records = [[self._cell(place, row) for place in places] for row in self.rows]
        chosen = set(map(header_key, (*self.opened.settings.keep, *self.opened.settings.drop)))
        unmapped = (name for name, header in self.opened.settings.columns.items() if not header)
        spared = chosen | id_headers(self.opened.input) | headers_known_for(self.opened.input, unmapped)
        return [column for column in unread_columns(self.opened, records) if header_key(column.header) not in spared]

    def _cell(self, place: int, row: int) -> str:
        cells = self.cells[place]
        return cells.texts[cells.places[row]] if row < len(cells) else ""


def sample_of(opened: Opened) -> Sample:
    """The file as a whole; without a row where it is damaged.

    The rows that are looked at are the first ones, and the first of those in which a column has another cell.
    """
    empty = Sample(
        opened=opened, cells=dict.fromkeys(range(len(opened.columns.header)), Cells.blank(0)), size=0, rows=()
    )
    try:
        rows = quiet_rows(opened)
        records = [record for _, record in islice(rows, SAMPLE_ROWS)]
        if not records:
            return empty
        firsts = [Cells.of(cells) for cells in zip(*(record[: len(empty.cells)] for record in records), strict=True)]
        columns = dict(enumerate(firsts))
        if len(records) == SAMPLE_ROWS:
            columns |= whole_columns(opened, _repetitive(opened, firsts))
    except FileFault:  # which reading the file says
        return empty
    cells = _cleaned(opened, columns)
    size = max(map(len, cells.values()))
    looked_at = set(range(len(records)))
    taken = set(opened.columns.index.values())
    for place, column in cells.items():
        if place not in taken and len(column) == size:
            further = [row for row in islice(column.first.values(), SAMPLE_ROWS) if row >= SAMPLE_ROWS]
            looked_at.update(further[:FURTHER_ROWS])
    return Sample(opened=opened, cells=cells, size=size, rows=tuple(sorted(looked_at)))


def _repetitive(opened: Opened, firsts: Sequence[Cells]) -> set[int]:
    """The places of columns of which the first rows repeat what they say, and of what is read but for ids."""
    ids = {opened.columns.index[column.name] for column in opened.known_columns if column.kind is CellKind.ID}
    taken = set(opened.columns.index.values())
    few = {place for place, cells in enumerate(firsts) if 4 * len(cells.texts) <= len(cells)}
    return (few | taken) - ids


def _cleaned(opened: Opened, columns: Mapping[int, Cells]) -> dict[int, Cells]:
    emptied = Emptied(opened.settings.empty) if opened.settings.empty else None
    cells = {}
    for place, column in columns.items():
        texts = clean_column(column.texts)
        cells[place] = column.reworded([emptied[text] for text in texts] if emptied is not None else texts)
    return cells


def counted(cells: Cells, rows: np.ndarray) -> dict[str, int]:
    """How many of the rows have each text, the most frequent first.

    >>> counted(Cells.of(["a", "b", "b", ""]), np.array([True, True, True, False]))
    {'b': 2, 'a': 1}
    """
    numbers = np.bincount(cells.places[rows], minlength=len(cells.texts)).tolist()
    pairs = [(text, number) for text, number in zip(cells.texts, numbers, strict=True) if number]
    return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))
