"""How long things lasted: of each the time and what became of it."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

NOT_ENDED = -1


class Lasting(Struct, frozen=True, kw_only=True, eq=False):
    """How long each of some events lasted, in microseconds, and what became of it: it ended, so or otherwise, or not.

    ``ended`` is the day on which it did, else NOT_ENDED.  What is ``unclear`` has ended nobody knows when, or has no
    time of day where that is asked for: it tells nothing of how long it takes.
    """

    times: np.ndarray
    became: np.ndarray
    ended: np.ndarray
    unclear: np.ndarray
