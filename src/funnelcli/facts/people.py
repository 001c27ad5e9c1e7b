"""People and things by number: one code for each id, over all inputs."""

from itertools import repeat

import numpy as np

from funnelcli.facts.events import NOBODY, Coded


class People:
    """The entities met so far; each keeps its code.

    >>> people = People()
    >>> people.coded(Coded.of(["an", "binh", "", "an"])).tolist(), people.names
    ([0, 1, -1, 0], ['an', 'binh'])
    """

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    @property
    def names(self) -> list[str]:
        """Every entity's id, at the place of its code."""
        return list(self._codes)

    def coded(self, ids: Coded) -> np.ndarray:
        """The code of each id; NOBODY for the empty one."""
        codes, present = self._codes, ids.present()
        new = [name for name in present.texts if name not in codes] if codes else present.texts
        if "" in new:
            new = [name for name in new if name]
        codes.update(zip(new, range(len(codes), len(codes) + len(new)), strict=True))
        own = map(codes.get, present.texts, repeat(NOBODY))
        codes_of_rows: np.ndarray = np.fromiter(own, dtype=np.int64, count=len(present.texts))[present.codes]
        return codes_of_rows
