"""How sure quotas are to meet a goal."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from msgspec import Struct

from funnelcli.planning.declare import PlannedMetric


def whole_share(chance: float) -> float:
    """A chance in whole per cents, never more than it is.

    >>> whole_share(0.506), whole_share(0.8)
    (0.5, 0.8)
    """
    return int(chance * 100 + 1e-9) / 100


class Sureness(Struct, frozen=True, kw_only=True):
    """The quotas that meet the goal in a share of the runs of at least ``level``; None for the plan without chance.

    ``total`` are the entrants of the first stage, None where even fifty times the plain plan's are not enough, and
    ``chance`` the share of the runs in which they meet it; ``stages`` are what they bring to each stage, by its key.
    """

    level: Fraction | None
    total: int | None
    chance: float | None
    stages: Mapping[str, Fraction]


class Simulated(Struct, frozen=True, kw_only=True):
    """How likely the quotas of a file meet the goal: its ``name``, the ``total`` of its first stage, the ``chance``."""

    name: str
    total: int
    chance: float


class Confidence(Struct, frozen=True, kw_only=True):
    """How sure quotas are: the plain plan's, those for 50, 80 and 95 %, and those ``asked`` for, which the plan has.

    Beside them those that were ``simulated``, where any were given.
    """

    asked: Fraction
    top: PlannedMetric
    levels: tuple[Sureness, ...]
    seed: int
    runs: int
    simulated: Simulated | None = None

    @property
    def mine(self) -> Sureness:
        """That of the level asked for."""
        return next(each for each in self.levels if each.level == self.asked)

    @property
    def plain(self) -> Sureness:
        """That of the plan without chance."""
        return self.levels[0]
