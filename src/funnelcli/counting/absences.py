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
from funnelcli.facts.events import Events
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
        """The input whose rows a measure counts; of several the first."""
        return self._input_of_event(measure.plus[0])

    def _input_of_event(self, event: str) -> Input | None:
        if event not in self._inputs:
            self._inputs[event] = input_of_event(event)
        return self._inputs[event]

    def inputs_of(self, measure: Measure) -> list[Input]:
        """The inputs without which a measure is not known, each once."""
        known = (self._input_of_event(event) for event in (measure.plus[0], *measure.needs))
        return list({wanted.name: wanted for wanted in known if wanted is not None}.values())

    def _told_by(self, measure: Measure) -> list[tuple[Input | None, Events | None]]:
        """The first of the events of each input that a measure adds up."""
        first: dict[str, tuple[Input | None, Events | None]] = {}
        for event in measure.plus if measure.needs else measure.plus[:1]:
            wanted = self._input_of_event(event)
            first.setdefault("" if wanted is None else wanted.name, (wanted, self.facts.events.get(event)))
        return list(first.values())

    def absence(self, measure: Measure) -> Missing | None:
        """Why nothing tells a measure: the settings, no file, or no column that says it."""
        if measure.absent is not None:
            return measure.absent
        for event in (measure.plus[0], *measure.needs):
            if event not in self._absences:
                self._absences[event] = self._absence_of(event, self._input_of_event(event))
            if self._absences[event] is not None:
                return self._absences[event]
        return None

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
        for wanted in self.inputs_of(measure) if self._unit is Grain.WEEK else ():
            long = self.facts.events.get(wanted.spending.long) if wanted.spending is not None else None
            if long is not None and len(long):
                return dated_by_month(wanted)
            if wanted.summed and wanted.name in self.facts.extents:
                sums = any(each.value and self.facts.has_column(wanted.name, each.value) for each in wanted.events)
                if sums and self.facts.extents[wanted.name].is_by_month:
                    return dated_by_month(wanted)
        return None

    def unsplit(self, measure: Measure, part: Slice | None) -> Missing | None:
        """Why a measure cannot be split by the dimension that is asked for."""
        if part is None or part.dimension == CHANNEL:
            return None
        for wanted, events in self._told_by(measure):
            splits = events is None or self.facts.dimensions.splits(part.dimension, events.records)
            if wanted is not None and not splits:
                return not_split_by(self.facts.dimensions.declared[part.dimension].title, wanted)
        return None

    def unfitted(self, measure: Measure) -> Missing | None:
        """Why nobody knows which rows of a measure fit what it asks of them."""
        dimensions = self.facts.dimensions
        for name in (where.dimension for where in measure.where if where.dimension != CHANNEL and not where.left_out):
            for wanted, events in self._told_by(measure):
                splits = events is None or dimensions.splits(name, events.records)
                if wanted is not None and wanted.summed and not splits:
                    return summed_otherwise(name, wanted)
                if not dimensions.is_said(name):
                    return not_told(dimensions.declared[name].title)
                if wanted is not None and not splits:
                    return not_split_by(dimensions.declared[name].title, wanted)
        return None
