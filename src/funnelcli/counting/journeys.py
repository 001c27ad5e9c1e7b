"""Journeys: ordered stages that people enter at moments, and the ends that they come to."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from msgspec import Struct

from funnelcli.counting.following import Entries
from funnelcli.counting.moments import Moments
from funnelcli.facts.events import NOBODY, Events
from funnelcli.facts.model import Facts
from funnelcli.text import Message, Text


class Stage(Struct, frozen=True, kw_only=True):
    """A stage: its name, what people call it, and the events that enter it; an ``end`` leaves the journey."""

    name: str
    label: Text
    events: tuple[str, ...]
    optional: bool = False
    end: bool = False


class Journey(Struct, frozen=True, kw_only=True):
    """Stages in their order; the ends come last."""

    name: str
    title: Text
    stages: tuple[Stage, ...]

    def place(self, name: str) -> int:
        """The place of a stage; ValueError where there is none of that name."""
        return [stage.name for stage in self.stages].index(name)


PAID, LOST = "paid", "lost"
FUNNEL = Journey(
    name="funnel",
    title=Message("From the signup to the customer"),
    stages=(
        Stage(name="signup", label=Message("Signup"), events=("signup",)),
        Stage(name="demo_booked", label=Message("Demo booked"), events=("demo_booked",)),
        Stage(name="demo_held", label=Message("Demo held"), events=("demo_held",)),
        Stage(name=PAID, label=Message("Paid"), events=("paid_first", "paid_again")),
        Stage(name=LOST, label=Message("Lost"), events=("paid_lost",), end=True),
    ),
)
JOURNEYS: Mapping[str, Journey] = {journey.name: journey for journey in (FUNNEL,)}


class Entered(Struct, frozen=True, kw_only=True, eq=False):
    """The entries into a stage, and the events that they are: ``source`` is the place of the events of each entry."""

    entries: Entries
    events: tuple[Events, ...]
    source: np.ndarray
    row: np.ndarray


def entered(facts: Facts, stage: Stage, until: int) -> Entered:
    """Who entered a stage and when, up to a day (since 1970-01-01); rows that name nobody are left out."""
    known = tuple(facts.events[name] for name in stage.events if name in facts.events)
    parts = [np.flatnonzero(events.records.entity[events.row] != NOBODY) for events in known]
    columns = {
        "entity": [events.records.entity[events.row[part]] for events, part in zip(known, parts, strict=True)],
        "day": [events.day[part] for events, part in zip(known, parts, strict=True)],
        "at": [events.at[part] for events, part in zip(known, parts, strict=True)],
        "timed": [events.timed[part] for events, part in zip(known, parts, strict=True)],
    }
    nothing = np.zeros(0, dtype=np.int64)
    joined = {name: np.concatenate([nothing, *column]) for name, column in columns.items()}
    when = Moments(day=joined["day"], at=joined["at"], timed=joined["timed"].astype(bool))
    entries = Entries.of(joined["entity"], when).until(until)
    source = np.concatenate([nothing, *(np.full(len(part), place) for place, part in enumerate(parts))])
    return Entered(entries=entries, events=known, source=source, row=np.concatenate([nothing, *parts]))


def parts_of_entries(
    facts: Facts, entered: Entered, entries: Entries, dimension: str, places: Mapping[str, int]
) -> np.ndarray:
    """The place of the part that each entry belongs to, as its row says; ``places`` are those of the values."""
    chosen = np.full(len(entries), -1)
    for number, events in enumerate(entered.events):
        values = facts.dimensions.of(dimension, events.records)
        of_value = np.array([places.get(text, -1) for text in values.texts] or [-1], dtype=np.int64)
        mine = np.flatnonzero(entered.source[entries.row] == number)
        rows = events.row[entered.row[entries.row[mine]]]
        chosen[mine] = of_value[values.codes[rows]]
    return chosen
