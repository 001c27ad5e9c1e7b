"""The questions that follow the same people, or deals, through the stages of a journey."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from funnelcli.api import arguments
from funnelcli.api.cohort import CohortsResult, JourneyResult, StuckResult
from funnelcli.api.declared import with_own_metrics
from funnelcli.api.exports import Exports

if TYPE_CHECKING:
    from funnelcli.answers.targets_tables import Targets


class Following(Exports):
    """A folder that can be asked for journeys."""

    @with_own_metrics
    def cohorts(
        self,
        *,
        journey: str = "funnel",
        from_stage: str | None = None,
        to_stage: str | None = None,
        window: str = "90d",
        entry: str = "first",
        order: str = "any",
        start: str | date | None = None,
        end: str | date | None = None,
        last: int | None = None,
        grain: str = "month",
        by: str | None = None,
        as_of: str | date | None = None,
        skip_bad_rows: bool = False,
    ) -> CohortsResult:
        """The people who entered a stage in each period, and who of them got to a later one within a window.

        >>> import funnelcli as fc
        >>> cohorts = fc.open_folder("examples/plain").cohorts(to_stage="demo_booked", window="30d", last=2)
        >>> list(cohorts.to_frame()["cohort"])
        ['2026-07', '2026-08']
        """
        by, grain = arguments.word(by, "by"), arguments.grain(grain)
        facts = self.countable(skip_bad_rows=skip_bad_rows, by=by, as_of=arguments.day(as_of))
        from funnelcli.answers.cohorts import CohortRequest, cohorts

        request = CohortRequest(
            journey=arguments.needed(journey, "journey"), from_stage=arguments.word(from_stage, "from_stage"),
            to_stage=arguments.word(to_stage, "to_stage"), window=arguments.needed(window, "window"),
            entry=arguments.needed(entry, "entry"), order=arguments.needed(order, "order"), by=by, grain=grain,
            first=arguments.month(start, "start"), last=arguments.month(end, "end"),
            latest=arguments.whole(last, "last"), as_of=arguments.day(as_of),
        )  # fmt: skip
        return CohortsResult(cohorts(facts, request, self.now))._counted_to(as_of)

    @with_own_metrics
    def journey(
        self,
        name: str = "opportunity",
        *,
        window: str = "90d",
        start: str | date | None = None,
        end: str | date | None = None,
        last: int | None = None,
        grain: str = "month",
        by: str | None = None,
        as_of: str | date | None = None,
        skip_bad_rows: bool = False,
        targets: str | Path | None = None,
    ) -> JourneyResult:
        """The stages of a journey (funnel, opportunity, customer, or one of funnel.toml), period by period.

        Of each stage: who entered it, is in it, went on, skipped it, came back, was lost in it; how many days it takes,
        and who gets to the next one within the ``window``; of deals also whether the
        open ones cover the ``targets`` of a file, else of the folder.

        >>> import funnelcli as fc
        >>> fc.open_folder("examples/plain").journey("funnel", last=2)["entered_signup"].to_dict()
        {'2026-07': 52.0, '2026-08': 57.0}
        """
        by, grain = arguments.word(by, "by"), arguments.grain(grain)
        facts = self.countable(skip_bad_rows=skip_bad_rows, by=by, as_of=arguments.day(as_of))
        from funnelcli.answers.journey import JourneyRequest, journey_report

        request = JourneyRequest(
            name=arguments.needed(name, "name"), window=arguments.needed(window, "window"), by=by, grain=grain,
            first=arguments.month(start, "start"), last=arguments.month(end, "end"),
            latest=arguments.whole(last, "last"), as_of=arguments.day(as_of), skip_bad_rows=skip_bad_rows,
        )  # fmt: skip
        return JourneyResult(journey_report(facts, request, self.now, self._targets(targets)))._counted_to(as_of)

    def _targets(self, given: str | Path | None) -> Targets | None:
        """The targets of a file, else those of the folder; None where there are none."""
        from funnelcli.answers.targets_loaded import load_targets, names_of, targets_beside

        if given is None and not targets_beside(self.sources.path):
            return None
        path = None if given is None else str(arguments.path(given, "targets"))
        return load_targets(path, self.sources.path, self.sources.stdin, names_of(self.config)).targets

    def stuck(
        self,
        name: str = "opportunity",
        *,
        by: str | None = None,
        part: str | None = None,
        as_of: str | date | None = None,
        skip_bad_rows: bool = False,
    ) -> StuckResult:
        """What has been in a stage of a journey for longer than its limit, with owner, days and amount.

        The limits are those of ``[journeys.NAME.limits]``, else the days by which nine in ten of those who left a stage
        had.  ``part`` is the value of the dimension ``by`` to be listed.

        >>> import funnelcli as fc
        >>> fc.open_folder("examples/erp_vn").stuck().rows[0].name
        'CH104'
        """
        by = arguments.word(by, "by")
        facts = self.countable(skip_bad_rows=skip_bad_rows, by=by, as_of=arguments.day(as_of))
        from funnelcli.answers.journey import JourneyRequest
        from funnelcli.answers.stuck import stuck_on

        request = JourneyRequest(name=arguments.needed(name, "name"), by=by, as_of=arguments.day(as_of))
        listed = stuck_on(facts, request, self.now, part=arguments.word(part, "part"))
        return StuckResult(listed)._counted_to(as_of)
