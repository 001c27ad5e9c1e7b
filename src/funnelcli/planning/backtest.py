"""How good forecasts were: at the end of each month the next ones foretold from what was known then, and what came.

Beside them stands "the same as last month".  Source: docs/planning.md, forecast.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import fmean
from typing import Literal

from msgspec import Struct

from funnelcli.planning.forecast import FIGURES, Expected, Forecast, Shape, foretell
from funnelcli.planning.known_past import Past
from funnelcli.stats.exact import at_most
from funnelcli.stats.smoothing import FEWEST

HORIZONS = (1, 3)  # months ahead that forecasts are judged at
RUNS = 1_000
_TOO_SELDOM = 0.05


class Scored(Struct, frozen=True, kw_only=True):
    """A figure foretold so many months ``ahead``, from the end of each of so many months that are known.

    ``error`` is the mean of how far off it was, ``naive`` that of the last month known taken as the forecast, ``mean``
    that of what came.  ``held`` are how often it lay within the bands of 50 and 90 % of the runs.
    """

    key: str
    ahead: int
    origins: int
    error: float
    naive: float
    mean: float
    held: Mapping[Literal[50, 90], int]

    @property
    def too_seldom(self) -> bool:
        """Whether bands of 90 % that held so seldom hold 90 % only by a chance of less than 5 % (exact, one-sided).

        Forecasts of several months ahead overlap, and are no chances of their own: of those it is never said.
        """
        return self.ahead == 1 and at_most(self.held[90], self.origins, 0.9) < _TOO_SELDOM


def backtest(
    past: Callable[[int], Past],
    actual: Mapping[str, Sequence[float | None]],
    *,
    shape: Shape | None = None,
    seed: int = 1,
    runs: int = RUNS,
) -> tuple[Scored, ...]:
    """How good forecasts were of ``actual`` figures by month, ``past`` being what was known after so many of them."""
    months = max(map(len, actual.values()), default=0)
    forecasts = {
        origin: foretell(past(origin), max(HORIZONS), shape=shape, seed=seed, runs=runs)
        for origin in range(FEWEST, months)
    }
    return tuple(_scores(forecasts, actual))


def _scores(forecasts: Mapping[int, Forecast], actual: Mapping[str, Sequence[float | None]]) -> Iterator[Scored]:
    for key in FIGURES:
        for ahead in HORIZONS:
            judged = [*_judged(forecasts, key, actual.get(key, ()), ahead)]
            if not judged:
                continue
            yield Scored(
                key=key, ahead=ahead, origins=len(judged),
                error=fmean(abs(foretold.value - came) for foretold, came, _ in judged),
                naive=fmean(abs(last - came) for _, came, last in judged),
                mean=fmean(came for _, came, _ in judged),
                held={50: sum(foretold.holds(came, 50) for foretold, came, _ in judged),
                      90: sum(foretold.holds(came, 90) for foretold, came, _ in judged)},
            )  # fmt: skip


def _judged(
    forecasts: Mapping[int, Forecast], key: str, actual: Sequence[float | None], ahead: int
) -> Iterator[tuple[Expected, float, float]]:
    """What was foretold with bands, what came, and what the last month had been that was known."""
    for origin, forecast in forecasts.items():
        row, place = forecast.row(key), origin + ahead - 1
        if row is None or place >= len(actual) or row.cells[ahead - 1].bounds is None:
            continue
        came, last = actual[place], actual[origin - 1]
        if came is not None and last is not None:
            yield row.cells[ahead - 1], came, last
