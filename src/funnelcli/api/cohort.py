"""Cohorts and journeys as a caller holds them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from funnelcli.answers.answer import Answer
from funnelcli.api.declared import with_own_metrics
from funnelcli.api.result import Result

if TYPE_CHECKING:
    import pandas as pd

    from funnelcli.answers.cohorts import Cohorts
    from funnelcli.answers.journey import JourneyReport
    from funnelcli.answers.stuck import Stuck, StuckList


class CohortsResult(Result):
    """The same people followed from a stage to a later one; ``cohorts`` are the figures as they were counted."""

    def __init__(self, cohorts: Cohorts) -> None:
        self.cohorts = cohorts

    @cached_property
    @with_own_metrics
    def answer(self) -> Answer:
        """The cohorts as raw values."""
        from funnelcli.answers.cohorts_answer import cohorts_answer

        return cohorts_answer(self.cohorts)


class JourneyResult(Result):
    """The stages of a journey, period by period; ``r["entered_demo"]`` gives the figures of a metric."""

    def __init__(self, journey: JourneyReport) -> None:
        self.journey = journey

    def __getitem__(self, metric: str) -> pd.Series[float]:
        """The figures of a metric of the whole by period; KeyError where the journey has none of that key."""
        import pandas as pd

        rows = (row for row in self.journey.report.rows if row.metric.key == metric and row.part is None)
        row = next(rows, None)
        if row is None:
            raise KeyError(metric)
        keys = [period.key for period in self.journey.report.spec.periods]
        return pd.Series([cell.value for cell in row.cells], index=keys, dtype=float, name=metric)

    @cached_property
    @with_own_metrics
    def answer(self) -> Answer:
        """The journey as raw values."""
        from funnelcli.answers.journey_answer import journey_answer

        return journey_answer(self.journey)


class StuckResult(Result):
    """What is stuck on a journey; ``rows`` has a line each, the longest over its limit first."""

    def __init__(self, stuck: StuckList) -> None:
        self.stuck = stuck

    @property
    def rows(self) -> tuple[Stuck, ...]:
        """What is stuck."""
        return self.stuck.rows

    @cached_property
    @with_own_metrics
    def answer(self) -> Answer:
        """The list as raw values."""
        from funnelcli.answers.stuck_answer import stuck_answer

        return stuck_answer(self.stuck)
