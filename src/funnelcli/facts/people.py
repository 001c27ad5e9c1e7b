"""People and things by number: one code for each id, over all inputs."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from funnelcli.facts.events import NOBODY


class People:
    """The entities met so far; each keeps its code.

    >>> people = People()
    >>> people.coded(["an", "binh", "", "an"]).tolist(), people.names
    ([0, 1, -1, 0], ['an', 'binh'])
    """

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    @property
    def names(self) -> list[str]:
        """Every entity's id, at the place of its code."""
        return list(self._codes)

    def coded(self, ids: Sequence[str]) -> np.ndarray:
        """The code of each id; NOBODY for the empty one."""
        codes = self._codes
        places, distinct = pd.factorize(np.fromiter(ids, dtype=object, count=len(ids)))
        own = [codes.setdefault(name, len(codes)) if name else NOBODY for name in distinct.tolist()]
        return np.array(own or [NOBODY], dtype=np.int64)[places]
