"""Why a measure cannot be counted at all: no file tells of it, or none in the way that is asked for."""

from __future__ import annotations

from funnelcli.counting.measures import Measure
from funnelcli.counting.reasons import (
    beside_amounts,
    dated_by_month,
    no_export,
    not_split_by,
    not_told,
    summed_otherwise,
)
from funnelcli.facts.dimensions import CHANNEL
from funnelcli.facts.model import Facts
from funnelcli.inputs import input_of_event
from funnelcli.inputs.spec import Input
from funnelcli.inputs.stages import AMOUNTS_UNREAD, NO_AMOUNT, NO_STAGE
from funnelcli.values.figures import Missing
from funnelcli.values.periods import Grain
from funnelcli.values.slices import Slice


class Absences:
    """Says of measures why there is nothing to count, whatever the period; of weeks where the ``unit`` is that."""

    def __init__(self, facts: Facts, unit: Grain) -> None:
        self.facts = facts
        self._unit = unit
        self._inputs: dict[str, Input | None] = {}
        self._absences: dict[str, Missing | None] = {}

    def input_of(self, measure: Measure) -> Input | None:
        """The input whose rows a measure counts."""
        event = measure.plus[0]
        if event not in self._inputs:
            self._inputs[event] = input_of_event(event)
        return self._inputs[event]

    def absence(self, measure: Measure) -> Missing | None:
        """Why nothing tells a measure: no file, or no column that says it."""
        event = measure.plus[0]
        if event not in self._absences:
            self._absences[event] = self._absence_of(event, self.input_of(measure))
        return self._absences[event]

    def _absence_of(self, event: str, wanted: Input | None) -> Missing | None:
        if wanted is None:
            return None
        if wanted.name not in self.facts.inputs:
            return no_export(wanted)
        needs, absent = wanted.needs_of(event)
        records = self.facts.inputs[wanted.name].records
        if absent is NO_AMOUNT and records is not None and records.worth is not None and (records.worth < 0).all():
            return absent if not any(self._is_there(wanted.name, need) for need in needs) else AMOUNTS_UNREAD
        of_outcomes = absent is NO_STAGE and any(name.startswith(f"{wanted.name}:now:") for name in self.facts.events)
        if absent is None or of_outcomes or any(self._is_there(wanted.name, need) for need in needs):
            return None
        unread = self.facts.inputs[wanted.name].amounts_not_read
        is_of_money = wanted.stays is not None and absent is wanted.stays.absent
        return beside_amounts(absent, unread) if is_of_money else absent

    def _is_there(self, name: str, need: str) -> bool:
        """Whether a column, or one that is of use only beside another input, is there."""
        column, _, beside = need.partition("@")
        stays = self.facts.inputs[name].input.stays
        if stays is not None and column == stays.end and self.facts.config.paid_users.shape == "payments":
            return True  # by its interval a payment says until when it lasts
        if stays is not None and column == stays.end and self.facts.inputs[name].is_log:
            return True  # an event says so
        if stays is not None and column == stays.end and stays.gone in self.facts.events:
            return True  # who is in no newer list has left
        others = filter(None, beside.split("+"))
        return self.facts.has_column(name, column) and all(each in self.facts.inputs for each in others)

    def dated_by_month(self, measure: Measure) -> Missing | None:
        """Why nothing is known of weeks: the rows are sums of whole months."""
        wanted = self.input_of(measure) if self._unit is Grain.WEEK else None
        if wanted is None or not wanted.summed or wanted.name not in self.facts.extents:
            return None
        sums = any(event.value and self.facts.has_column(wanted.name, event.value) for event in wanted.events)
        return dated_by_month(wanted) if sums and self.facts.extents[wanted.name].is_by_month else None

    def unsplit(self, measure: Measure, part: Slice | None) -> Missing | None:
        """Why a measure cannot be split by the dimension that is asked for."""
        wanted = self.input_of(measure)
        if wanted is None or part is None or part.dimension == CHANNEL:
            return None
        events = self.facts.events.get(measure.plus[0])
        if events is not None and not self.facts.dimensions.splits(part.dimension, events.records):
            return not_split_by(self.facts.dimensions.declared[part.dimension].title, wanted)
        return None

    def untold(self, measure: Measure) -> Missing | None:
        """Why nobody knows which rows of a measure fit what it asks of them."""
        wanted, dimensions = self.input_of(measure), self.facts.dimensions
        events = self.facts.events.get(measure.plus[0])
        for name in (where.dimension for where in measure.where if where.dimension != CHANNEL):
            splits = events is None or dimensions.splits(name, events.records)
            if wanted is not None and wanted.summed and not splits:
                return summed_otherwise(name, wanted)
            if not dimensions.is_said(name):
                return not_told(dimensions.declared[name].title)
            if wanted is not None and not splits:
                return not_split_by(dimensions.declared[name].title, wanted)
        return None
