"""What the ready-made monthly table says of a measure: the lines that the report sums and ``explain --rows`` lists."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from funnelcli.counting.measures import Measure
from funnelcli.counting.reasons import (
    NO_MONTHLY_AMOUNTS,
    NO_WEEKS_IN_MONTHLY,
    NOT_IN_MONTHLY,
    NOT_MEASURED_IN_MONTHLY,
    NOT_SPLIT,
    after_as_of,
    not_split_by,
)
from funnelcli.facts.dimensions import CHANNEL
from funnelcli.facts.model import Facts
from funnelcli.facts.stated import Line, Lines
from funnelcli.inputs import input_of_event
from funnelcli.values.channels import CHANNELS, Channel
from funnelcli.values.figures import Missing
from funnelcli.values.periods import Grain, Period, month_of, span
from funnelcli.values.slices import Slice


def channels_of(part: Slice | None, only: frozenset[Channel] | None) -> frozenset[Channel] | None:
    """The channels that are asked for, None for all: those of ``only`` that are in the part."""
    if part is None or part.dimension != CHANNEL:
        return only
    return (frozenset(CHANNELS) if only is None else only) & {Channel(part.key)}


class StatedMeasures:
    """The measures of the ready-made table, in the months that begin by ``as_of``; later months are not looked at."""

    def __init__(self, facts: Facts, as_of: date) -> None:
        self.facts = facts
        self.as_of = as_of
        self._table = facts.stated.until(as_of) if facts.stated is not None else None
        self._stands_for: dict[str, bool] = {}

    def stands_for(self, measure: Measure) -> bool:
        """Whether the table stands in for the export of a measure."""
        if self._table is None:
            return False
        event = measure.plus[0]
        if event not in self._stands_for:
            wanted = input_of_event(event)
            absent = wanted is not None and wanted.name not in self.facts.inputs
            self._stands_for[event] = absent and wanted is not None and self._table.stands_for(wanted.name)
        return self._stands_for[event]

    def unmeasured(self, measure: Measure) -> Mapping[Channel, Missing]:
        """The channels that the table does not measure, and why."""
        assert self._table is not None
        return dict.fromkeys(self._table.unmeasured(measure.plus[0]), NOT_MEASURED_IN_MONTHLY)

    def lines(
        self,
        measure: Measure,
        period: Period,
        part: Slice | None = None,
        only: frozenset[Channel] | None = None,
        *,
        column: str = "",
    ) -> Lines | Missing:
        """The lines that sum to a measure in a period, of a part and of some channels; or why there are none.

        Of several columns that state the same, ``column`` is the one to take the lines from.
        """
        if period.start > self.as_of:
            return after_as_of(self.as_of)
        if measure.where:
            return self._not_split_by(measure.where[0].dimension, measure)
        if period.start.day != 1 or period.end.day != 1:
            return NO_WEEKS_IN_MONTHLY
        whole = self._level(measure, period, column) if measure.level is not None else self._flow(measure, period, only)
        if part is None:
            return whole
        if part.dimension != CHANNEL:
            return whole if isinstance(whole, Missing) else self._not_split_by(part.dimension, measure)
        if measure.level is not None:
            return whole if isinstance(whole, Missing) else NOT_SPLIT
        share = self._flow(measure, period, channels_of(part, only))
        return NOT_SPLIT if isinstance(share, Missing) and self._is_unsplit(whole, measure) else share

    def _level(self, measure: Measure, period: Period, column: str) -> Lines | Missing:
        """A balance when the period begins, or after the last month of it that as_of reaches."""
        assert self._table is not None
        assert measure.level is not None
        day = period.start if measure.when == "before_start" else min(period.end, month_of(self.as_of).end)
        lines = self._table.level(measure.level, day, column)
        if lines is not None:
            return lines
        wanted = input_of_event(measure.plus[0])
        is_money = wanted is not None and wanted.stays is not None and measure.level == wanted.stays.money
        return NO_MONTHLY_AMOUNTS if is_money and not self._table.has_level(measure.level) else NOT_IN_MONTHLY

    def _flow(self, measure: Measure, period: Period, channels: frozenset[Channel] | None) -> Lines | Missing:
        """What happened in the months of the period that as_of reaches, all of which the table must state."""
        assert self._table is not None
        if measure.since is not None:
            return NOT_IN_MONTHLY
        joined: list[Line] = []
        for month in span(month_of(period.start), month_of(min(period.last_day, self.as_of)), Grain.MONTH):
            for event in measure.plus:
                lines = self._table.flow(event, month.start, channels)
                if lines is None:
                    return NOT_IN_MONTHLY
                joined += lines
        return tuple(joined)

    def _is_unsplit(self, whole: Lines | Missing, measure: Measure) -> bool:
        """Whether a part is missing not because a cell is empty, but because the table tells nothing by channel."""
        assert self._table is not None
        return not isinstance(whole, Missing) and not self._table.splits(measure.plus[0])

    def _not_split_by(self, dimension: str, measure: Measure) -> Missing:
        wanted = input_of_event(measure.plus[0])
        assert wanted is not None
        return not_split_by(self.facts.dimensions.declared[dimension].title, wanted)
