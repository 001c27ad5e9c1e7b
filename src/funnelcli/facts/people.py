"""People and things by number: one code for each id, over all inputs."""

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
        own = [codes.setdefault(name, len(codes)) if name else NOBODY for name in present.texts]
        codes_of_rows: np.ndarray = np.array(own or [NOBODY], dtype=np.int64)[present.codes]
        return codes_of_rows
