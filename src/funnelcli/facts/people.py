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
        self.names: list[str] = []  # every entity's id, at the place of its code
        self._codes: dict[str, int] = {}  # of as many of them as have been looked for

    def coded(self, ids: Coded) -> np.ndarray:
        """The code of each id; NOBODY for the empty one."""
        present = ids.present()
        if not self.names and "" not in present.texts:
            self.names = list(present.texts)
            return present.codes
        codes, names = self._codes, self.names
        codes.update(zip(names[len(codes) :], range(len(codes), len(names)), strict=True))
        new = [name for name in present.texts if name and name not in codes]
        codes.update(zip(new, range(len(codes), len(codes) + len(new)), strict=True))
        names += new
        own = map(codes.get, present.texts, repeat(NOBODY))
        codes_of_rows: np.ndarray = np.fromiter(own, dtype=np.int64, count=len(present.texts))[present.codes]
        return codes_of_rows
