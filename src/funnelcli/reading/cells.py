"""A column of cells as its distinct texts: what a text means is decided once, however many rows repeat it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

import numpy as np
from msgspec import Struct

FEW = 100_000


def distinct(numbers: np.ndarray) -> np.ndarray:
    """The different numbers of an array, in order.

    >>> distinct(np.array([3, 1, 3])).tolist(), distinct(np.array([], dtype=np.int64)).tolist()
    ([1, 3], [])
    """
    if len(numbers) > FEW:
        return np.unique(numbers)
    ordered = np.sort(numbers)  # numpy's own way would first import what it has for masked arrays
    return np.concatenate([ordered[:1], ordered[1:][ordered[1:] != ordered[:-1]]])


class Cells(Struct, frozen=True, eq=False, dict=True):
    """The cells of one column.

    ``first`` gives of each distinct text the first row that has it, in the order of these rows; ``places`` says of each
    row which of the texts it has, counted in that order.
    """

    first: dict[str, int]
    places: np.ndarray

    @classmethod
    def of(cls, cells: Sequence[str]) -> Cells:
        """The column of the given cells.

        >>> Cells.of(["b", "a", "b"])
        Cells(first={'b': 0, 'a': 1}, places=array([0, 1, 0]))
        """
        gathering = Gathering()
        gathering.add(cells)
        return gathering.cells()

    @classmethod
    def blank(cls, size: int) -> Cells:
        """A column of empty cells, for one that a file lacks."""
        return cls({"": 0} if size else {}, np.zeros(size, dtype=np.int64))

    @classmethod
    def joined(cls, parts: Sequence[Cells]) -> Cells:
        """The columns one below the other.

        >>> list(Cells.joined([Cells.of(["a"]), Cells.of(["b", "a"])]))
        ['a', 'b', 'a']
        """
        if len(parts) == 1:
            return parts[0]
        gathering = Gathering()
        for part in parts:
            gathering.add(list(part))
        return gathering.cells()

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[str]:
        return map(self.texts.__getitem__, self.places.tolist())

    @cached_property
    def texts(self) -> list[str]:
        """Each distinct text once."""
        return list(self.first)

    def values(self) -> np.ndarray:
        """Each row's text, as an array of objects."""
        texts = np.empty(len(self.texts), dtype=object)
        texts[:] = self.texts
        cells: np.ndarray = texts[self.places]
        return cells

    def reworded(self, texts: Sequence[str]) -> Cells:
        """The same rows with ``texts`` for the distinct ones; those that have become alike are one.

        >>> Cells.of(["a", "A", "b"]).reworded(["a", "a", "b"])
        Cells(first={'a': 0, 'b': 2}, places=array([0, 0, 1]))
        """
        if texts == self.texts:
            return self
        merged = Cells.of(texts)
        rows = list(self.first.values())
        return Cells({text: rows[place] for text, place in merged.first.items()}, merged.places[self.places])

    def that(self, fits: Callable[[str], bool]) -> np.ndarray:
        """Of each row, whether its text fits; each distinct text is asked once.

        >>> Cells.of(["1", "x", "1"]).that(str.isdigit).tolist()
        [True, False, True]
        """
        rows: np.ndarray = np.array([fits(text) for text in self.texts] or [False], dtype=bool)[self.places]
        return rows

    def kept(self, rows: np.ndarray) -> Cells:
        """Only the rows for which the array of booleans says so."""
        return Cells.of([*map(self.texts.__getitem__, self.places[rows].tolist())])

    def rows_of(self, places: Sequence[int]) -> list[int]:
        """The rows, in order, whose text is one of those at ``places``.

        >>> Cells.of(["x", "y", "x"]).rows_of([0])
        [0, 2]
        """
        rows: list[int] = np.flatnonzero(np.isin(self.places, places)).tolist()
        return rows


class Gathering:
    """A column in the making: its cells come piece by piece, and no piece is kept."""

    def __init__(self) -> None:
        self._first: dict[str, int] = {}
        self._rows: list[np.ndarray] = []
        self._size = 0

    def add(self, cells: Sequence[str]) -> None:
        """Add cells below those added before."""
        size = len(cells)
        first_rows = map(self._first.setdefault, cells, range(self._size, self._size + size))
        self._rows.append(np.fromiter(first_rows, dtype=np.int64, count=size))
        self._size += size

    def cells(self) -> Cells:
        """The column as it is now."""
        place_of_row = np.empty(self._size, dtype=np.int64)
        place_of_row[list(self._first.values())] = np.arange(len(self._first))
        return Cells(self._first, place_of_row[np.concatenate([place_of_row[:0], *self._rows])])
