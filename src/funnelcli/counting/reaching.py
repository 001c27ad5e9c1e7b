"""What the exports behind measures reach over, in the periods that are counted: where they tell nothing, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import reduce

from funnelcli.counting.absences import Absences
from funnelcli.counting.measures import Measure
from funnelcli.counting.opening import OpeningBalances
from funnelcli.counting.reach import EVERYTHING, Reach, reach_of
from funnelcli.counting.reasons import after_as_of, begins_later, not_covered
from funnelcli.counting.select import unit_of
from funnelcli.counting.stated import StatedMeasures
from funnelcli.facts.model import Facts
from funnelcli.values.figures import Missing
from funnelcli.values.periods import Grain, Period, month_of


class Reaching:
    """Periods, and what the exports tell of them up to ``as_of``.  A range has the ``columns`` that it is made of."""

    def __init__(
        self,
        facts: Facts,
        periods: Sequence[Period],
        as_of: date,
        columns: Sequence[Period] = (),
        unit: Grain | None = None,
    ) -> None:
        self.facts = facts
        self.periods = tuple(periods)
        self.columns = tuple(columns)
        self.as_of = as_of
        self.stated = StatedMeasures(facts, as_of)
        self._unit = unit or unit_of([*periods, *columns])
        self._absences = Absences(facts, self._unit)
        self._opening = OpeningBalances(facts)
        self._opening.check()
        self._reaches: dict[tuple[str, Grain], Reach] = {}
        self._reaches_of: dict[tuple[tuple[str, ...], Grain], Reach] = {}

    def reach_of(self, measure: Measure) -> Reach:
        """The months that the export of a measure tells of."""
        return self._reach(measure, self._unit)

    def _reach(self, measure: Measure, unit: Grain) -> Reach:
        if measure.of_known or self.stated.stands_for(measure):
            return EVERYTHING
        key = ((measure.plus[0], *measure.needs), unit)
        if key not in self._reaches_of:
            known = [self._reach_of(wanted.name, unit) for wanted in self._absences.inputs_of(measure)]
            bounded = [reach for reach in known if reach is not EVERYTHING]
            self._reaches_of[key] = reduce(Reach.beside, bounded) if bounded else EVERYTHING
        return self._reaches_of[key]

    def _reach_of(self, name: str, unit: Grain) -> Reach:
        if (name, unit) not in self._reaches:
            self._reaches[name, unit] = reach_of(self.facts, name, self.as_of, unit)
        return self._reaches[name, unit]

    def unreached(self, measure: Measure, place: int) -> Missing | None:
        """Why the export of a measure tells nothing of a period; of a range, nothing of what its balance is that of.

        The opening of a range is its first column's, the closing that of the last column which has begun.
        """
        reach, period = self.reach_of(measure), self.periods[place]
        if reach is EVERYTHING or period.start > self.as_of:
            return None
        begun = [column for column in self.columns if column.start <= self.as_of] or [period]
        if measure.when != "within":
            period = begun[0 if measure.when == "before_start" else -1]
        reason = reach.misses(period.start, max(period.start, min(period.last_day, self.as_of)))
        return reason or self._left_behind(measure, reach)

    def _left_behind(self, measure: Measure, reach: Reach) -> Missing | None:
        """Why a balance that the settings give is not known later: the export begins months after it."""
        opening, key = self.facts.config.opening, measure.opening
        if reach is not EVERYTHING and self._unit is not Grain.MONTH:
            # A balance is the same, whatever period it is the end of.
            reach = self._reach(measure, Grain.MONTH)
        keys = (key, "paid_users") if key == "mrr" else (key,)
        if opening is None or all(name is None or self._opening.given(name) is None for name in keys):
            return None
        return reach.before if reach.start is not None and opening.first_day < reach.start else None

    def has_begun(self, period: Period) -> bool:
        """Whether a period has begun by as_of."""
        return period.start <= self.as_of

    def ahead(self, period: Period) -> Missing | None:
        """Why nothing is known of a period: it begins after as_of."""
        return None if self.has_begun(period) else after_as_of(self.as_of)

    def begins_after(self, measures: Iterable[Measure], day: date) -> Missing | None:
        """Why nothing is known from a day on: the rows of a measure, or what settings say they cover, begin later."""
        for measure in measures:
            wanted = self._absences.input_of(measure)
            extent = None if wanted is None else self.facts.extents.get(wanted.name)
            if wanted is None or extent is None:
                continue
            covered = self.facts.config.input_settings(wanted.name).covered
            if day < (month_of(extent.first).start if covered is None else covered[0]):
                return not_covered(wanted, *covered) if covered else begins_later(wanted, extent.first, self.as_of)
        return None

    def ends_before(self, measures: Iterable[Measure], day: date) -> Missing | None:
        """Why not all is known up to a day: the export of a measure tells nothing of its month."""
        reaches = map(self.reach_of, measures)
        return next((reach.after for reach in reaches if reach.end is not None and reach.end <= day), None)

    def is_over(self, place: int) -> bool:
        """Whether a period is over by as_of."""
        return self.periods[place].last_day <= self.as_of
