"""The rows of one input in columns: words by their codes, days and numbers as they are; never changed once made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from msgspec import Struct

from funnelcli.facts.events import Coded
from funnelcli.reading.cells import Cells

MOST_KEYS = 2**62  # combinations of columns that one number can tell apart
FEW_KEYS = 1_000  # that may be the places of a table, though there are fewer rows


class Rows(Struct, frozen=True, eq=False, dict=True):
    """Columns of equal length.

    ``words`` hold texts, ``numbers`` days, moments, places and yes or no.

    >>> rows = Rows({"plan": Coded.of(["pro", "basic", "pro"])}, {"start": np.array([9, 5, 9])}, size=3)
    >>> rows.list_of("plan"), rows.in_order_of(["start", "plan"]).list_of("plan")
    (['pro', 'basic', 'pro'], ['basic', 'pro', 'pro'])
    >>> rows.again(["plan", "start"]).tolist(), rows.several(["plan", "start"]).tolist()
    ([False, False, True], [True, False, True])
    """

    words: Mapping[str, Coded]
    numbers: Mapping[str, np.ndarray]
    size: int

    def __len__(self) -> int:
        return self.size

    def __contains__(self, name: object) -> bool:
        return name in self.words or name in self.numbers

    def __getitem__(self, name: str) -> np.ndarray:
        """The numbers of a column; the texts of one of words are in ``words``."""
        return self.numbers[name]

    def list_of(self, name: str) -> list[Any]:
        """The cells of a column, one of each row."""
        if name in self.words:
            if name not in self._lists:
                self._lists[name] = self.words[name].of_rows(slice(None))
            return self._lists[name]
        numbers: list[Any] = self.numbers[name].tolist()
        return numbers

    @cached_property
    def _lists(self) -> dict[str, list[str]]:
        return {}

    def text(self, name: str, row: int) -> str:
        """The text of a row."""
        column = self.words[name]
        text: str = column.texts[column.codes[row]]
        return text

    def is_filled(self, name: str) -> np.ndarray:
        """Of each row, whether it has a text."""
        return self.words[name].that(bool)

    def with_columns(self, columns: Mapping[str, np.ndarray | Coded]) -> Rows:
        """The rows with further columns, or others in their place."""
        words = {name: column for name, column in columns.items() if isinstance(column, Coded)}
        numbers = {name: column for name, column in columns.items() if not isinstance(column, Coded)}
        return Rows(
            {**{name: column for name, column in self.words.items() if name not in numbers}, **words},
            {**{name: column for name, column in self.numbers.items() if name not in words}, **numbers},
            self.size,
        )

    def taken(self, rows: np.ndarray) -> Rows:
        """The rows at these places in this order, or those for which an array of booleans says so."""
        if rows.dtype == bool and rows.all():
            return self
        places = np.flatnonzero(rows) if rows.dtype == bool else rows
        taken: dict[int, np.ndarray] = {}  # some columns are the same under two names

        def cells(column: np.ndarray) -> np.ndarray:
            if id(column) not in taken:
                is_one = column.strides == (0,) and len(column)
                taken[id(column)] = np.broadcast_to(column[0], len(places)) if is_one else column[places]
            return taken[id(column)]

        def codes(word: Coded) -> np.ndarray:
            """The codes of a column of words; those of one that is of one word everywhere take no room."""
            return cells(word.codes) if len(word.texts) > 1 else np.broadcast_to(0, len(places))

        words = {name: Coded(codes(word), word.texts, word.cells) for name, word in self.words.items()}
        return Rows(words, {name: cells(column) for name, column in self.numbers.items()}, len(places))

    # --- order and likeness --------------------------------------------------------------------------------------

    def order_by(self, names: Sequence[str]) -> np.ndarray:
        """The places of the rows in order of some columns, the first of them first; alike ones as they stand."""
        columns = [column for column in map(self._ranks, names) if self.size and (column != column[0]).any()]
        while columns and not (columns[-1][1:] < columns[-1][:-1]).any():
            columns.pop()  # a sort that keeps alike rows as they stand keeps them in order of this
        keys = _packed(columns)
        return np.lexsort(keys[::-1]) if keys else np.arange(self.size)

    def in_order_of(self, names: Sequence[str]) -> Rows:
        """The rows in order of some columns."""
        return self.taken(self.order_by(names))

    def alike(self, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of the groups of rows that are alike in some columns the first row, in order; each row's group; their sizes.

        >>> [each.tolist() for each in Rows({"plan": Coded.of(["b", "a", "b"])}, {}, size=3).alike(["plan"])]
        [[0, 1], [0, 1, 0], [2, 1]]
        """
        _, first, of_row, sizes = np.unique(
            self._keys(names), return_index=True, return_inverse=True, return_counts=True
        )
        order = np.argsort(first)
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order))
        return first[order], rank[of_row], sizes[order]

    def groups_of(self, names: Sequence[str]) -> np.ndarray:
        """Of each row, the number of the group of rows that are alike in some columns."""
        if len(names) == 1:
            return self._codes(names[0])
        return np.unique(self._keys(names), return_inverse=True)[1]

    def again(self, names: Sequence[str]) -> np.ndarray:
        """The rows that are like an earlier one in some columns."""
        keys, number = self._few_keys(names)
        places = np.arange(self.size)
        first = np.zeros(number, dtype=np.int64)
        first[keys[::-1]] = places[::-1]  # of those that share a place, the last one written stays
        repeated: np.ndarray = first[keys] != places
        return repeated

    def several(self, names: Sequence[str]) -> np.ndarray:
        """The rows that are like another one in some columns."""
        keys, number = self._few_keys(names)
        many: np.ndarray = (np.bincount(keys, minlength=number) > 1)[keys]
        return many

    def _codes(self, name: str) -> np.ndarray:
        return self.words[name].codes if name in self.words else self.numbers[name]

    def _ranks(self, name: str) -> np.ndarray:
        return self.words[name].ranks() if name in self.words else self.numbers[name]

    def _few_keys(self, names: Sequence[str]) -> tuple[np.ndarray, int]:
        """A number for each row, the same for rows that are alike in some columns; and one above all of them."""
        keys = self._keys(names)
        above = int(keys.max(initial=-1)) + 1
        return (keys, above) if above <= FEW_KEYS + 4 * self.size else _densely(keys)

    def _keys(self, names: Sequence[str]) -> np.ndarray:
        """A number for each row, 0 or above, the same for rows that are alike in some columns."""
        keys = np.zeros(self.size, dtype=np.int64)
        combinations = 1
        for name in names if self.size else ():
            codes = self._codes(name).astype(np.int64)
            least = int(codes.min())
            span = int(codes.max()) - least + 1
            if combinations * span > MOST_KEYS:
                keys, combinations = _densely(keys)
            if combinations * span > MOST_KEYS:
                codes, span = _densely(codes)
                least = 0
            keys = keys * span + (codes - least)
            combinations *= span
        return keys


def _packed(columns: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Columns that put rows in the same order as those given, as few as whole numbers have room for."""
    packed: list[np.ndarray] = []
    room = 0
    for column in columns:
        least, span = int(column.min()), int(column.max()) - int(column.min()) + 1
        if packed and span <= room:
            packed[-1] = packed[-1] * span + (column - least)
            room //= span
        else:
            packed.append(column.astype(np.int64) - least)
            room = 2**62 // span
    return packed


def _densely(keys: np.ndarray) -> tuple[np.ndarray, int]:
    """The same likeness in the smallest numbers, and how many there are."""
    distinct, dense = np.unique(keys, return_inverse=True)
    return dense, len(distinct)


def coded(cells: Cells) -> Coded:
    """A column of cells as one of words."""
    return Coded(cells.places, cells.texts)


def firsts_of(groups: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Of each row, the place of the first chosen row of its group, -1 where there is none.

    >>> firsts_of(np.array([0, 1, 0, 1]), np.array([False, True, True, True])).tolist()
    [2, 1, 2, 1]
    """
    firsts = np.full(int(groups.max()) + 1 if len(groups) else 0, -1)
    places = np.flatnonzero(chosen)[::-1]
    firsts[groups[places]] = places
    of_rows: np.ndarray = firsts[groups]
    return of_rows
