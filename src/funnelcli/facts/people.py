"""People and things by number: one code for each id, over all inputs."""

from itertools import repeat

import numpy as np

from funnelcli.facts.events import NOBODY, Coded
from funnelcli.reading.cells import Cells
from funnelcli.reading.words import chosen


class People:
    """The entities met so far; each keeps its code.

    >>> people = People()
    >>> people.coded(Coded.of(["an", "binh", "", "an"])).tolist(), people.names
    ([0, 1, -1, 0], ['an', 'binh'])
    """

    def __init__(self) -> None:
        self.names: list[str] = []  # every entity's id, at the place of its code
        self._first: Cells | None = None  # a column whose distinct texts are the first of the names, as they stand
        self._codes: dict[str, int] = {}  # of as many of the others as have been looked for

    def coded(self, ids: Coded) -> np.ndarray:
        """The code of each id; NOBODY for the empty one."""
        present = ids.present() if not self.names else None
        if present is not None and "" not in present.texts:
            self.names = list(present.texts)
            self._first = ids.cells if present is ids else None
            return present.codes
        codes = self._known(ids)
        unknown = set(chosen(ids.texts, np.flatnonzero(codes == NOBODY))) - {""}
        new = [name for name in (ids.present().texts if unknown else ()) if name in unknown]
        if new:
            self.names += new
            codes = self._known(ids)
        codes_of_rows: np.ndarray = codes[ids.codes]
        return codes_of_rows

    def _known(self, ids: Coded) -> np.ndarray:
        """The code of each of the distinct ids; NOBODY for those that were not met, and for the empty one."""
        texts, first = ids.texts, self._first
        begun = 0 if first is None else len(first.texts)
        others = self.names[begun + len(self._codes) :]
        self._codes.update(zip(others, range(len(self.names) - len(others), len(self.names)), strict=True))
        if first is None:
            return np.fromiter(map(self._codes.get, texts, repeat(NOBODY)), dtype=np.int64, count=len(texts))
        cells = ids.cells or Cells.of(texts)
        codes: np.ndarray = cells.places_in(first)[np.arange(len(texts)) if ids.cells else cells.places]
        if self._codes:
            places = np.flatnonzero(codes == NOBODY)
            codes[places] = [self._codes.get(text, NOBODY) for text in chosen(texts, places)]
        return codes
