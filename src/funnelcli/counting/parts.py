"""The parts that a dimension splits the business into."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
from msgspec import Struct

from funnelcli.counting.measures import Where
from funnelcli.counting.select import day_number
from funnelcli.facts.dimensions import CHANNEL, UNASSIGNED, UNKNOWN
from funnelcli.facts.events import Events
from funnelcli.facts.happened import made_already
from funnelcli.facts.model import Facts
from funnelcli.inputs import INPUTS
from funnelcli.inputs.spec import Input
from funnelcli.text import Message, as_text
from funnelcli.values.channels import CHANNEL_LABELS, CHANNELS, SLICES, Channel
from funnelcli.values.periods import Period
from funnelcli.values.slices import Slice

MOST_PARTS = 12
OTHER = "other"
UNKNOWN_LABEL = CHANNEL_LABELS[Channel.UNKNOWN]
OTHER_LABEL = Message("Other")
UNASSIGNED_LABEL = CHANNEL_LABELS[Channel.UNASSIGNED]


class Parts(Struct, frozen=True, kw_only=True):
    """The slices of a dimension, in the order they are shown, and the place of every value among them."""

    dimension: str
    slices: tuple[Slice, ...]
    places: dict[str, int]

    def place_of(self, value: str) -> int:
        """The place of a value's slice; those too small for one of their own are in the one of the others."""
        return self.places.get(value, self.places[OTHER])


def goes_elsewhere(
    facts: Facts, parts: Parts | None, moves: tuple[Events, Events], where: Sequence[Where]
) -> np.ndarray:
    """Which of the moves off a row and onto another lead from one value to another; of a whole there are none."""
    off, onto = moves
    elsewhere = np.zeros(len(off), dtype=bool)
    of_parts = () if parts is None else (parts.dimension,)
    for dimension in (*of_parts, *(each.dimension for each in where)):
        values = facts.dimensions.of(dimension, off.records)
        elsewhere |= values.codes[off.row] != values.codes[onto.row]
    return elsewhere


def parts_of(facts: Facts, dimension: str, periods: Sequence[Period], as_of: date, also: str | None = None) -> Parts:
    """The slices of a dimension over some periods: every channel; else the twelve largest values, the rest and unknown.

    Money that names no part is one more, where there is any.

    Values are as large as the rows that have them up to the end of the periods, rows of people before summed ones; of
    equal ones the first by name comes first.  ``also`` is a value to stand alone however small, if there is such a one.
    """
    if dimension == CHANNEL:
        slices = tuple(
            SLICES[channel] for channel in CHANNELS if channel is not Channel.UNASSIGNED or _spends(facts, dimension)
        )
        return Parts(
            dimension=dimension,
            slices=slices,
            places={part.key: place for place, part in enumerate(slices)} | {OTHER: len(slices) - 1},
        )
    last = min(day_number(periods[-1].end) - 1, day_number(as_of))
    rows, sums = (_sizes(facts, dimension, last, summed=summed) for summed in (False, True))
    nothing = facts.dimensions.declared[dimension].nothing
    unknown = rows.pop(nothing, 0) + sums.pop(nothing, 0)
    del rows[UNASSIGNED], sums[UNASSIGNED]
    known = {*rows, *sums, *_made_values(facts, dimension)} - {nothing, UNASSIGNED}
    by_name = facts.dimensions.declared[dimension].by_name
    ordered = sorted(
        known, key=lambda value: (not value[:1].isalnum(), value) if by_name else (-rows[value], -sums[value], value)
    )
    named = list(facts.dimensions.declared[dimension].values) or ordered[:MOST_PARTS]
    if also not in (None, OTHER, nothing, UNASSIGNED) and also not in named and _is_value(facts, dimension, also):
        named.append(also)
    rest = len({*ordered} - {*named})
    labels = {value: as_text(value) for value in named}
    if rest:
        labels[OTHER] = OTHER_LABEL
    if unknown or not rest:
        labels[nothing] = facts.dimensions.declared[dimension].nothing_label
    if _spends(facts, dimension):
        labels[UNASSIGNED] = UNASSIGNED_LABEL
    lasting = facts.dimensions.is_lasting(dimension)
    slices = tuple(
        Slice(dimension=dimension, key=key, label=label, lasting=lasting) for key, label in labels.items()
    )  # fmt: skip
    places = {part.key: place for place, part in enumerate(slices)}
    last_of_people = places[nothing if nothing in places else OTHER]
    for value in (OTHER, nothing, UNKNOWN):
        places.setdefault(value, last_of_people)
    return Parts(dimension=dimension, slices=slices, places=places)


def _spends(facts: Facts, dimension: str) -> bool:
    """Whether any money names no part of a dimension that others name."""
    known = (facts.inputs[name].records for name in facts.inputs if INPUTS[name].spending is not None)
    return any(
        records is not None
        and (dimension == CHANNEL or facts.dimensions.splits(dimension, records))
        and UNASSIGNED in facts.dimensions.of(dimension, records).texts
        for records in known
    )


def _sizes(facts: Facts, dimension: str, last: int, *, summed: bool) -> Counter[str]:
    """How often a row event has each value, up to the ``last`` day: of summed inputs, or of the others."""
    sizes: Counter[str] = Counter()
    for events in _row_events(facts, dimension):
        if INPUTS[events.records.input].summed is not summed:
            continue
        values = facts.dimensions.of(dimension, events.records)
        begun = events.day <= last
        numbers = np.bincount(
            values.codes[events.row[begun]], weights=events.weight[begun], minlength=len(values.texts)
        ).tolist()
        sizes.update({text: int(number) for text, number in zip(values.texts, numbers, strict=True) if number})
    return sizes


def _made_values(facts: Facts, dimension: str) -> set[str]:
    """The values that only rows made of others have, like a team that is paid for what others own."""
    made = {id(each.records): each.records for each in made_already(facts.events) if each.records.made_of}
    return {text for records in made.values() if dimension in records.values
            for text in records.values[dimension].present().texts}  # fmt: skip


def _row_events(facts: Facts, dimension: str) -> Iterator[Events]:
    """The events that every row has, of the inputs that a dimension tells apart."""
    for events in made_already(facts.events):
        declared = INPUTS.get(events.records.input)
        is_row = declared is not None and _is_row_event(declared, events.name)
        if is_row and facts.dimensions.splits(dimension, events.records):
            yield events


def _is_value(facts: Facts, dimension: str, value: str) -> bool:
    """Whether any row has a value of a dimension."""
    known = (facts.dimensions.of(dimension, events.records).texts for events in _row_events(facts, dimension))
    return any(value in texts for texts in known)


def _is_row_event(declared: Input, name: str) -> bool:
    """Whether an event is the one that every row has; where rows have none of their own, each of theirs counts."""
    return name == declared.events[0].name if declared.events else True
