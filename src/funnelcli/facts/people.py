"""People and things by number: one code for each id, over all inputs."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain, repeat
from typing import overload

import numpy as np

from funnelcli.facts.events import NOBODY, Coded
from funnelcli.reading.cells import Cells
from funnelcli.reading.words import chosen
from funnelcli.values.many import in_lines


class Names(Sequence[str]):
    """The ids of entities, each at the place of its code.

    The ``first`` are the distinct texts of a column, of which no list is made before one is asked for by its place: to
    count a million people none is.

    >>> names = Names(["an"], ["binh"])
    >>> len(names), names.in_lines(), list(names)
    (2, 'an\\nbinh', ['an', 'binh'])
    """

    def __init__(self, first: Sequence[str], others: Sequence[str]) -> None:
        self._parts = first, others

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        return self._listed[place]

    def __iter__(self) -> Iterator[str]:
        return iter(self._listed)

    @cached_property
    def _listed(self) -> list[str]:
        return [*chain(*self._parts)]

    def in_lines(self) -> str:
        """The ids, a line each."""
        return "\n".join(in_lines(part) for part in self._parts if part)


class People:
    """The entities met so far; each keeps its code.

    >>> people = People()
    >>> people.coded(Coded.of(["an", "binh", "", "an"])).tolist(), list(people.names)
    ([0, 1, -1, 0], ['an', 'binh'])
    """

    def __init__(self) -> None:
        self._begun: Sequence[str] = ()  # the first ids, as they stand in a column,
        self._first: Cells | None = None  # and that, where it is known
        self._others: list[str] = []  # the ids met since
        self._codes: dict[str, int] = {}  # of as many of these as have been looked for

    @property
    def names(self) -> Names:
        """Every entity's id, at the place of its code."""
        return Names(self._begun, tuple(self._others))

    def coded(self, ids: Coded) -> np.ndarray:
        """The code of each id; NOBODY for the empty one."""
        present = ids.present() if not self._begun and not self._others else None
        if present is not None and "" not in present.texts:
            if present is ids and ids.cells is not None:
                self._begun, self._first = present.texts, ids.cells
            else:
                self._others = list(present.texts)
            return present.codes
        codes = self._known(ids)
        unknown = set(chosen(ids.texts, np.flatnonzero(codes == NOBODY))) - {""}
        new = [name for name in (ids.present().texts if unknown else ()) if name in unknown]
        if new:
            self._others += new
            codes = self._known(ids)
        codes_of_rows: np.ndarray = codes[ids.codes]
        return codes_of_rows

    def _known(self, ids: Coded) -> np.ndarray:
        """The code of each of the distinct ids; NOBODY for those that were not met, and for the empty one."""
        texts, first = ids.texts, self._first
        begun, known = len(self._begun), len(self._codes)
        others = self._others[known:]
        self._codes.update(zip(others, range(begun + known, begun + len(self._others)), strict=True))
        if first is None:
            return np.fromiter(map(self._codes.get, texts, repeat(NOBODY)), dtype=np.int64, count=len(texts))
        cells = ids.cells or Cells.of(texts)
        codes: np.ndarray = cells.places_in(first)[np.arange(len(texts)) if ids.cells else cells.places]
        if self._codes:
            places = np.flatnonzero(codes == NOBODY)
            codes[places] = [self._codes.get(text, NOBODY) for text in chosen(texts, places)]
        return codes
