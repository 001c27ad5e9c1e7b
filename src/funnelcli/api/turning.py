"""The flywheel, as a question and as a caller holds it."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from funnelcli.answers.answer import Answer
from funnelcli.api import arguments
from funnelcli.api.declared import with_own_metrics
from funnelcli.api.money import Paying
from funnelcli.api.result import Result

if TYPE_CHECKING:
    from funnelcli.answers.detractors import Detractor
    from funnelcli.answers.flywheel import Flywheel
    from funnelcli.answers.targets_loaded import NamedTargets
    from funnelcli.values.figures import Value


class FlywheelResult(Result):
    """The flywheel; ``r["nps_score"]`` gives the figures of a metric by period, ``detractors`` whom to come back to."""

    def __init__(self, flywheel: Flywheel, *, only_detractors: bool = False) -> None:
        self.flywheel = flywheel
        self.only_detractors = only_detractors

    def __getitem__(self, metric: str) -> dict[str, Value]:
        """The figures of a metric of the whole by period; KeyError where the flywheel has none of that key."""
        row = self.flywheel.dashboard.row(metric)
        if row is None:
            raise KeyError(metric)
        keys = [period.key for period in self.flywheel.report.spec.periods]
        return dict(zip(keys, row.cells, strict=True))

    @property
    def detractors(self) -> tuple[Detractor, ...]:
        """Whom nobody has come back to in time, the longest overdue first."""
        return self.flywheel.detractors.rows

    @property
    def projection(self) -> tuple[float, ...]:
        """The customers at the start and after each turn; none where no turns are asked for, or k is missing."""
        return self.flywheel.projection.totals if self.flywheel.projection is not None else ()

    @cached_property
    @with_own_metrics
    def answer(self) -> Answer:
        """The flywheel as raw values."""
        from funnelcli.answers.flywheel_answer import detractors_answer, flywheel_answer

        return detractors_answer(self.flywheel) if self.only_detractors else flywheel_answer(self.flywheel)


class Turning(Paying):
    """A folder that can be asked for its flywheel."""

    @with_own_metrics
    def flywheel(
        self,
        *,
        start: str | date | None = None,
        end: str | date | None = None,
        last: int | None = None,
        month: str | date | None = None,
        grain: str = "month",
        by: str | None = None,
        as_of: str | date | None = None,
        turns: int | None = None,
        targets: str | Path | None = None,
        only_detractors: bool = False,
        skip_bad_rows: bool = False,
    ) -> FlywheelResult:
        """What attracts, engages and delights, what customers bring, what slows it down; with change and target.

        Below it stand the detractors whom nobody has come back to within ``[flywheel] follow_up``, who is stuck while
        setting up, and why deals were lost.  ``turns`` projects so many turns of the wheel from the customers there
        are; ``only_detractors`` answers with that list alone.

        >>> import funnelcli as fc
        >>> wheel = fc.open_folder("examples/plain").flywheel(month="2026-08", turns=2)
        >>> wheel["blended_k_factor_ratio"]["2026-08"].denominator
        23
        """
        by, grain = arguments.word(by, "by"), arguments.grain(grain)
        facts = self.countable(skip_bad_rows=skip_bad_rows, by=by, as_of=arguments.day(as_of))
        from funnelcli.answers.flywheel import WheelRequest, flywheel

        request = WheelRequest(
            by=by, grain=grain, month=arguments.month(month, "month"), first=arguments.month(start, "start"),
            last=arguments.month(end, "end"), latest=arguments.whole(last, "last"), as_of=arguments.day(as_of),
            turns=arguments.whole(turns, "turns"), skip_bad_rows=skip_bad_rows,
        )  # fmt: skip
        made = flywheel(facts, request, self.now, lambda: self._named_targets(targets), asked=targets is not None)
        return FlywheelResult(made, only_detractors=only_detractors)._counted_to(as_of)

    def _named_targets(self, given: str | Path | None, name: str = "targets") -> NamedTargets | None:
        """The targets of a file that an argument names, else those of the folder; None where there are none."""
        from funnelcli.answers.targets_loaded import load_targets, names_of, targets_beside

        if given is None and not targets_beside(self.sources.path):
            return None
        path = None if given is None else str(arguments.path(given, name))
        names = names_of(self.config)
        return load_targets(path, self.sources.path, self.sources.stdin, names, option=f"--{name}")
