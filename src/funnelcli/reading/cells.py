"""A column of cells as its distinct texts: what a text means is decided once, however many rows repeat it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import repeat

import numpy as np

from funnelcli.reading.words import NOWHERE, Piece, Texts, Words, chosen


class Cells:
    """The cells of one column.

    ``first`` gives of each distinct text the first row that has it, in the order of these rows; ``places`` says of each
    row which of the texts it has, counted in that order.  Of cells that came as ``words`` these are made once needed;
    of compact ones the ``kinds`` are, by their bytes, the distinct texts.
    """

    def __init__(self, first: dict[str, int], places: np.ndarray) -> None:
        self.words: Words | None = None
        self.kinds: Words | None = None
        self.first = first
        self.places = places

    @classmethod
    def written(cls, words: Words) -> Cells:
        """The column of cells that are known by their bytes."""
        cells = cls.__new__(cls)
        cells.words, cells.kinds = words, None
        return cells

    @classmethod
    def of(cls, cells: Sequence[str]) -> Cells:
        """The column of the given cells.

        >>> Cells.of(["b", "a", "b"])
        Cells({'b': 0, 'a': 1}, array([0, 1, 0]))
        """
        gathering = Gathering()
        gathering.add(cells)
        return gathering.cells()

    @classmethod
    def blank(cls, size: int) -> Cells:
        """A column of empty cells, for one that a file lacks; it takes no room."""
        return cls({"": 0} if size else {}, np.broadcast_to(0, size))

    @classmethod
    def joined(cls, parts: Sequence[Cells]) -> Cells:
        """The columns one below the other.

        >>> list(Cells.joined([Cells.of(["a"]), Cells.of(["b", "a"])]))
        ['a', 'b', 'a']
        """
        if len(parts) == 1:
            return parts[0]
        words = [written for part in parts if (written := part.as_words) is not None]
        if parts and len(words) == len(parts) and (together := Words.joined(words)) is not None:
            joined = cls.written(together)
            return joined if all(part.words is not None for part in parts) else joined.compact()
        gathering = Gathering()
        for part in parts:
            gathering.add(list(part))
        return gathering.cells()

    def __repr__(self) -> str:
        return f"Cells({self.first!r}, {self.places!r})"

    @cached_property
    def first(self) -> dict[str, int]:
        """The first row of each distinct text."""
        return dict(zip(self.texts, self.rows.tolist(), strict=True))

    @cached_property
    def places(self) -> np.ndarray:
        """Which of the distinct texts each row has."""
        assert self.words is not None
        return self.words.index.places

    @cached_property
    def rows(self) -> np.ndarray:
        """The first row of each distinct text, in order."""
        if self.words is not None:
            return self.words.index.first
        return np.fromiter(self.first.values(), dtype=np.int64, count=len(self.first))

    def __len__(self) -> int:
        return len(self.places if self.words is None else self.words)

    def __iter__(self) -> Iterator[str]:
        return iter(chosen(self.texts, self.places))

    @cached_property
    def texts(self) -> Sequence[str]:
        """Each distinct text once."""
        if self.words is not None:
            return Texts(self.words, self.rows)
        return list(self.first) if self.kinds is None else self.kinds.texts(np.arange(len(self.kinds)))

    @property
    def as_words(self) -> Words | None:
        """Each row's cell by its bytes, where they are known."""
        return self.words if self.kinds is None else self.kinds.kept(self.places)

    @cached_property
    def place_of_blank(self) -> int | None:
        """The place of the empty text; None where every row has another."""
        rows = np.flatnonzero(self.are_blank())
        return int(self.places[rows[0]]) if len(rows) else None

    def places_in(self, others: Cells) -> np.ndarray:
        """Of each distinct text its place in another column; NOWHERE where that has it not.

        >>> Cells.of(["a", "b", "c"]).places_in(Cells.of(["c", "a"])).tolist()
        [1, -1, 0]
        """
        mine = self.kinds if self.words is None else self.words
        theirs = others.kinds if others.words is None else others.words
        if mine is not None and theirs is not None and mine.is_like(theirs):
            return theirs.index.find(mine, self.rows if self.words is not None else np.arange(len(mine)))
        rows = np.fromiter(map(others.first.get, self.texts, repeat(NOWHERE)), dtype=np.int64, count=len(self.texts))
        places: np.ndarray = np.where(rows == NOWHERE, NOWHERE, np.append(others.places, NOWHERE)[rows])
        return places

    def are_blank(self) -> np.ndarray:
        """Of each row, whether its cell is empty.

        >>> Cells.of(["a", ""]).are_blank().tolist()
        [False, True]
        """
        return self.words.are_blank() if self.words is not None else ~self.that(bool)

    @property
    def are_ids(self) -> bool:
        """Whether all cells are seen at a glance to be plain ids, which are as they should be."""
        return self.words is not None and self.words.are_ids

    @property
    def dates(self) -> np.ndarray | None:
        """The dates that the cells are, NaT where one is empty; None where that is not seen at a glance."""
        return None if self.words is None else self.words.dates

    def values(self) -> np.ndarray:
        """Each row's text, as an array of objects."""
        texts = np.empty(len(self.texts), dtype=object)
        texts[:] = list(self.texts)
        cells: np.ndarray = texts[self.places]
        return cells

    def reworded(self, texts: Sequence[str]) -> Cells:
        """The same rows with ``texts`` for the distinct ones; those that have become alike are one.

        >>> Cells.of(["a", "A", "b"]).reworded(["a", "a", "b"])
        Cells({'a': 0, 'b': 2}, array([0, 0, 1]))
        """
        if texts is self.texts or texts == self.texts:
            return self
        merged = Cells.of(texts)
        rows = self.rows.tolist()
        return Cells({text: rows[place] for text, place in merged.first.items()}, merged.places[self.places])

    def that(self, fits: Callable[[str], bool]) -> np.ndarray:
        """Of each row, whether its text fits; each distinct text is asked once.

        >>> Cells.of(["1", "x", "1"]).that(str.isdigit).tolist()
        [True, False, True]
        """
        rows: np.ndarray = np.array([fits(text) for text in self.texts] or [False], dtype=bool)[self.places]
        return rows

    def compact(self) -> Cells:
        """The same cells with the bytes of distinct texts alone where most rows repeat one.

        >>> Cells.of(["x", "y", "x"]).compact()
        Cells({'x': 0, 'y': 1}, array([0, 1, 0]))
        """
        if self.words is None or 2 * len(self.rows) >= len(self):
            return self
        cells = Cells.__new__(Cells)
        cells.words, cells.kinds = None, self.words.kept(self.rows)
        cells.rows, cells.places = self.rows, self.places
        return cells

    def kept(self, rows: np.ndarray) -> Cells:
        """Only the rows for which the array of booleans says so."""
        if self.words is not None:
            return Cells.written(self.words.kept(rows))
        return Cells.of(chosen(self.texts, self.places[rows]))

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


class Column:
    """A column of a file in the making, piece by piece: of words, for as long as no cell is too long for that."""

    def __init__(self, place: int) -> None:
        self._place = place
        self._words: list[Words] = []
        self._texts: Gathering | None = None

    def add(self, piece: Piece) -> None:
        """Add the cells of the lines below those added before."""
        words = piece.words(self._place) if self._texts is None else None
        if words is not None:
            self._words.append(words)
            return
        if self._texts is None:
            self._texts = Gathering()
            for known in self._words:
                self._texts.add(known.texts(np.arange(len(known))))
        self._texts.add(piece.texts(self._place))

    def cells(self) -> Cells:
        """The column as it is now; nothing is added any more."""
        pieces, self._words = self._words, []  # which need not be held beside what is made of them
        words = Words.joined(pieces) if self._texts is None and pieces else None
        return Cells.written(words) if words is not None else (self._texts or Gathering()).cells()
