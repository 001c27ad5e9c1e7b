"""The agreement between marketing and sales, as a question and as a caller holds it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from funnelcli.answers.answer import Answer
from funnelcli.api import arguments
from funnelcli.api.declared import with_own_metrics
from funnelcli.api.exports import Exports
from funnelcli.api.result import Result

if TYPE_CHECKING:
    from fractions import Fraction

    from funnelcli.answers.breaches import Breach
    from funnelcli.answers.sla import Agreed
    from funnelcli.answers.targets_loaded import NamedTargets
    from funnelcli.values.figures import Value


class SlaResult(Result):
    """The agreement; ``r["response_minutes"]`` gives a figure by period, ``breaches`` the promises that were broken."""

    def __init__(self, agreed: Agreed, *, only_breaches: bool = False) -> None:
        self.agreed = agreed
        self.only_breaches = only_breaches

    def __getitem__(self, metric: str) -> dict[str, Value]:
        """The figures of a metric of the whole by period; KeyError where the page has none of that key."""
        row = self.agreed.dashboard.row(metric)
        if row is None:
            raise KeyError(metric)
        keys = [period.key for period in self.agreed.report.spec.periods]
        return dict(zip(keys, row.cells, strict=True))

    @property
    def breaches(self) -> tuple[Breach, ...]:
        """The promises that were broken to leads of the page's month, or of the range asked for; open ones first."""
        return self.agreed.breaches

    def check(self, least: Mapping[str, Fraction | float]) -> None:
        """ThresholdError where a figure of the headline period is below its least, or is missing."""
        from fractions import Fraction

        from funnelcli.answers.sla import check_least

        check_least(self.agreed, {key: Fraction(str(bound)) for key, bound in least.items()})

    @cached_property
    @with_own_metrics
    def answer(self) -> Answer:
        """The agreement as raw values."""
        from funnelcli.answers.sla_answer import breaches_answer, sla_answer

        return breaches_answer(self.agreed) if self.only_breaches else sla_answer(self.agreed)


class Agreeing(Exports):
    """A folder that can be asked what marketing and sales promised each other, and what they kept."""

    @with_own_metrics
    def sla(
        self,
        *,
        month: str | date | None = None,
        start: str | date | None = None,
        end: str | date | None = None,
        last: int | None = None,
        grain: str = "month",
        by: str | None = None,
        as_of: str | date | None = None,
        only_breaches: bool = False,
        skip_bad_rows: bool = False,
    ) -> SlaResult:
        """The page of the monthly meeting: what was promised and kept, by whom, what was broken, what would help.

        Of a ``month``, else of the latest two months.  ``as_of`` may be a moment, like ``2026-09-10 12:00``, or
        ``now``: what is measured in minutes ends there.  ``only_breaches`` answers with the broken promises alone,
        of all these months; on the page they are those of its own, unless a range is asked for.

        >>> import funnelcli as fc
        >>> agreement = fc.open_folder("examples/plain").sla(month="2026-08")
        >>> agreement.agreed.rule, agreement["handed_over_leads"]["2026-08"].value is not None
        ('demo_booked', True)
        """
        by, grain = arguments.word(by, "by"), arguments.grain(grain)
        facts = self.countable(skip_bad_rows=skip_bad_rows, by=by, as_of=arguments.day(as_of))
        from funnelcli.answers.sla import SlaRequest, sla

        request = SlaRequest(
            by=by, grain=grain, month=arguments.month(month, "month"), first=arguments.month(start, "start"),
            last=arguments.month(end, "end"), latest=arguments.whole(last, "last"), as_of=arguments.day(as_of),
            skip_bad_rows=skip_bad_rows, only_breaches=only_breaches,
        )  # fmt: skip
        return SlaResult(sla(facts, request, self.now, self._goals), only_breaches=only_breaches)._counted_to(as_of)

    def _goals(self) -> NamedTargets | None:
        """The targets of the file that the agreement names; None where it names none."""
        from funnelcli.answers.targets_loaded import load_targets, names_of

        goal = self.config.sla.goal
        if goal is None or not goal.file:
            return None
        place = self.sources.path / goal.file
        return load_targets(str(place), self.sources.path, self.sources.stdin, names_of(self.config))
