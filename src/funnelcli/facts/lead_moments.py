"""When each lead came to something."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from funnelcli.facts.handovers import NEVER


class Moment(Struct, frozen=True, kw_only=True, eq=False):
    """A moment of each lead in local microseconds, NEVER where there is none, and whether it has a time of day."""

    at: np.ndarray
    timed: np.ndarray

    @property
    def there(self) -> np.ndarray:
        """Which leads have come to it."""
        return np.asarray(self.at < NEVER)
