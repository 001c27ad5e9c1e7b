"""The parts that a dimension splits the business into."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from funnelcli.counting.select import day_number
from funnelcli.facts.dimensions import CHANNEL, UNKNOWN
from funnelcli.facts.model import Facts
from funnelcli.inputs import INPUTS
from funnelcli.inputs.spec import Input
from funnelcli.text import Text
from funnelcli.values.channels import CHANNELS, SLICES
from funnelcli.values.periods import Period
from funnelcli.values.slices import Slice

MOST_PARTS = 12
OTHER = "other"
UNKNOWN_LABEL = Text("Unknown", "Không rõ")
OTHER_LABEL = Text("Other", "Khác")


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The slices of a dimension, in the order they are shown, and the place of every value among them."""

    dimension: str
    slices: tuple[Slice, ...]
    places: dict[str, int]

    def place_of(self, value: str) -> int:
        """The place of a value's slice; those too small for one of their own are in the one of the others."""
        return self.places.get(value, self.places[OTHER])


def parts_of(facts: Facts, dimension: str, periods: Sequence[Period], as_of: date) -> Parts:
    """The slices of a dimension over some periods: every channel; else the twelve largest values, the rest and unknown.

    Values are as large as the row events that have them in the periods; of equal ones the first by name comes first.
    """
    if dimension == CHANNEL:
        slices = tuple(SLICES[channel] for channel in CHANNELS)
        return Parts(
            dimension=dimension,
            slices=slices,
            places={part.key: place for place, part in enumerate(slices)} | {OTHER: len(slices) - 1},
        )
    sizes = _sizes(facts, dimension, periods, as_of)
    unknown = sizes.pop(UNKNOWN, 0)
    ordered = sorted(sizes, key=lambda value: (-sizes[value], value))
    named, rest = ordered[:MOST_PARTS], ordered[MOST_PARTS:]
    labels = {value: Text(value, value) for value in named}
    if rest:
        labels[OTHER] = OTHER_LABEL
    if unknown or not rest:
        labels[UNKNOWN] = UNKNOWN_LABEL
    lasting = facts.dimensions.is_lasting(dimension)
    slices = tuple(
        Slice(dimension=dimension, key=key, label=label, lasting=lasting) for key, label in labels.items()
    )  # fmt: skip
    places = {part.key: place for place, part in enumerate(slices)}
    places.setdefault(OTHER, len(slices) - 1)
    places.setdefault(UNKNOWN, len(slices) - 1)
    return Parts(dimension=dimension, slices=slices, places=places)


def _sizes(facts: Facts, dimension: str, periods: Sequence[Period], as_of: date) -> Counter[str]:
    """How often a row event has each value, up to the end of the periods; summed rows count where nothing else does."""
    sizes: Counter[str] = Counter()
    last = min(day_number(periods[-1].end) - 1, day_number(as_of))
    for summed in (False, True):
        for events in facts.events.values():
            declared = INPUTS.get(events.records.input)
            if declared is None or declared.summed is not summed or not _is_row_event(declared, events.name):
                continue
            if not facts.dimensions.splits(dimension, events.records):
                continue
            values = facts.dimensions.of(dimension, events.records)
            begun = events.day <= last
            numbers = np.bincount(
                values.codes[events.row[begun]], weights=events.weight[begun], minlength=len(values.texts)
            ).tolist()
            sizes.update({text: int(number) for text, number in zip(values.texts, numbers, strict=True) if number})
        if sum(number for value, number in sizes.items() if value != UNKNOWN):
            break
    return sizes


def _is_row_event(declared: Input, name: str) -> bool:
    """Whether an event is the one that every row has; where rows have none of their own, each of theirs counts."""
    return name == declared.events[0].name if declared.events else True
