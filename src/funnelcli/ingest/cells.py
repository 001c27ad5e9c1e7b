"""A column of cells as its distinct texts: what a text means is decided once, however many rows repeat it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of one column: ``texts`` has each distinct text once, ``places`` says of each row which one it is.

    The texts stand in the order of the rows that have them first, and none is without a row.
    """

    texts: list[str]
    places: np.ndarray

    @classmethod
    def of(cls, cells: Sequence[str]) -> Cells:
        """The column of the given cells.

        >>> Cells.of(["b", "a", "b"])
        Cells(texts=['b', 'a'], places=array([0, 1, 0]))
        """
        size = len(cells)
        first: dict[str, int] = {}
        rows = np.fromiter(map(first.setdefault, cells, range(size)), dtype=np.int64, count=size)
        place_of_row = np.empty(size, dtype=np.int64)
        place_of_row[list(first.values())] = np.arange(len(first))
        return cls(list(first), place_of_row[rows])

    @classmethod
    def blank(cls, size: int) -> Cells:
        """A column of empty cells, for one that a file lacks."""
        return cls([""] if size else [], np.zeros(size, dtype=np.int64))

    @classmethod
    def joined(cls, parts: Sequence[Cells]) -> Cells:
        """The columns one below the other.

        >>> list(Cells.joined([Cells.of(["a"]), Cells.of(["b", "a"])]))
        ['a', 'b', 'a']
        """
        if len(parts) == 1:
            return parts[0]
        together = cls.of([text for part in parts for text in part.texts])
        starts = np.cumsum([0, *(len(part.texts) for part in parts)])
        places = [together.places[start + part.places] for start, part in zip(starts, parts, strict=False)]
        return cls(together.texts, np.concatenate(places) if places else np.zeros(0, dtype=np.int64))

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[str]:
        return map(self.texts.__getitem__, self.places.tolist())

    def values(self) -> np.ndarray:
        """Each row's text, as an array of objects."""
        texts = np.empty(len(self.texts), dtype=object)
        texts[:] = self.texts
        cells: np.ndarray = texts[self.places]
        return cells

    def reworded(self, texts: Sequence[str]) -> Cells:
        """The same rows with ``texts`` for the distinct ones; those that have become alike are one.

        >>> Cells.of(["a", "A", "b"]).reworded(["a", "a", "b"])
        Cells(texts=['a', 'b'], places=array([0, 0, 1]))
        """
        if texts == self.texts:
            return self
        merged = Cells.of(texts)
        return Cells(merged.texts, merged.places[self.places])

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

    def first_row(self, place: int) -> int:
        """The first row with the text at ``place``."""
        return int(np.argmax(self.places == place))
