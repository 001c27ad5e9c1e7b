"""The forecast, as a question and as a caller holds it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from funnelcli.api import arguments
from funnelcli.api.declared import with_own_metrics
from funnelcli.api.result import Result
from funnelcli.api.turning import Turning

if TYPE_CHECKING:
    from funnelcli.answers.answer import Answer
    from funnelcli.answers.forecast import Foretold
    from funnelcli.planning.backtest import Scored
    from funnelcli.planning.forecast import Expected
    from funnelcli.planning.landing import Landing


class ForecastResult(Result):
    """Where things land if nothing changes; ``f["new_paid_users"]`` gives a figure by month, with its bands."""

    def __init__(self, foretold: Foretold) -> None:
        self.foretold = foretold

    def __getitem__(self, metric: str) -> Mapping[str, Expected]:
        """A figure by month, and its ``"total"``; KeyError where it cannot be foretold."""
        row = self.foretold.forecast.row(metric)
        if row is None:
            raise KeyError(metric)
        months = [period.key for period in self.foretold.forecast.periods]
        return {**dict(zip(months, row.cells, strict=True)), "total": row.total}

    @property
    def scores(self) -> tuple[Scored, ...]:
        """How good forecasts were in the months that are known."""
        return self.foretold.scores

    @property
    def landings(self) -> tuple[Landing, ...]:
        """Where figures land beside their targets, and what would have to change."""
        return self.foretold.landings

    @cached_property
    @with_own_metrics
    def answer(self) -> Answer:
        """The forecast as raw values."""
        from funnelcli.answers.forecast_answer import forecast_answer

        return forecast_answer(self.foretold)


class LookingAhead(Turning):
    """A folder that can be asked for a forecast."""

    @with_own_metrics
    def forecast(
        self,
        *,
        months: int = 6,
        shape: str | None = None,
        targets: str | Path | None = None,
        seed: int | None = None,
        as_of: str | date | None = None,
        skip_bad_rows: bool = False,
    ) -> ForecastResult:
        """Signups, demos, new and lost customers, and MRR of the ``months`` ahead if nothing changes, with bands.

        Beside them stand the ``targets`` of a file, else those of the folder, and what would have to change to land on
        them; and how good such forecasts were, made at the end of each month known.  ``shape`` is ``"level"`` for no
        season, ``"seasonal"`` for one from 15 months on.  The same ``seed`` gives the same bands.

        >>> import funnelcli as fc
        >>> ahead = fc.open_folder("examples/saas_vn").forecast(months=2, as_of="2026-10-31")
        >>> round(ahead["new_paid_users"]["2026-11"].value, 1), ahead["new_paid_users"]["2026-11"].bounds
        (21.6, (14.0, 18.0, 25.0, 30.0))
        """
        facts = self.countable(skip_bad_rows=skip_bad_rows, by=None, as_of=arguments.day(as_of))
        from funnelcli.answers.forecast import ForecastRequest, forecast

        request = ForecastRequest(
            months=arguments.whole(months, "months") or 0, shape=arguments.word(shape, "shape"),
            seed=arguments.whole(seed, "seed"), as_of=arguments.day(as_of), skip_bad_rows=skip_bad_rows,
        )  # fmt: skip
        made = forecast(facts, request, self.now, lambda: self._named_targets(targets), asked=targets is not None)
        return ForecastResult(made)._counted_to(as_of)
