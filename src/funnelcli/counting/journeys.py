"""Who entered a stage of a journey, and when; and to which part of a split each entry belongs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct

from funnelcli.counting.following import Entries
from funnelcli.facts.events import NOBODY, Events
from funnelcli.facts.journeys import CREATED, Journey, Stage
from funnelcli.facts.model import Facts
from funnelcli.facts.moments import Moments
from funnelcli.facts.trails import subjects_of
from funnelcli.stats.distinct import is_among


class Entered(Struct, frozen=True, kw_only=True, eq=False):
    """The entries into a stage, and the events that they are: ``source`` is the place of the events of each entry."""

    entries: Entries
    events: tuple[Events, ...]
    source: np.ndarray
    row: np.ndarray


def entered(facts: Facts, journey: Journey, stage: Stage, until: int) -> Entered:
    """Who entered a stage and when, up to a day (since 1970-01-01); rows that name nobody are left out."""
    known = tuple(facts.events[name] for name in stage.events if name in facts.events)
    whose = [subjects_of(events, journey) for events in known]
    parts = [np.flatnonzero(entities != NOBODY) for entities in whose]
    chosen = [slice(None) if len(part) == len(events) else part for events, part in zip(known, parts, strict=True)]
    columns = {
        "entity": [entities[part] for entities, part in zip(whose, chosen, strict=True)],
        "day": [events.day[part] for events, part in zip(known, chosen, strict=True)],
        "at": [events.at[part] for events, part in zip(known, chosen, strict=True)],
        "timed": [events.timed[part] for events, part in zip(known, chosen, strict=True)],
    }
    joined = {name: _joined(column) for name, column in columns.items()}
    zone = facts.config.business.timezone
    when = Moments(day=joined["day"], at=joined["at"], timed=joined["timed"].astype(bool), zone=zone)
    entries = Entries.of(joined["entity"], when).until(until)
    source = _joined([np.broadcast_to(place, len(part)) for place, part in enumerate(parts)])
    return Entered(entries=entries, events=known, source=source, row=_joined(parts))


def ended(facts: Facts, journey: Journey, stage: Stage, until: int) -> Entries:
    """Who came to an end and when, up to a day, but for what moved on by then: to another stage, or to be won."""
    mine = entered(facts, journey, stage, until).entries
    stages = (each for each in journey.stages if each.is_reached and each.name != CREATED and each is not stage)
    names = [name for each in stages for name in each.events if name in facts.events]
    known = [_of_these(facts.events[name], journey, mine.entity, until) for name in names] if len(mine) else []
    entity, day, at, timed = (
        (_joined(columns) for columns in zip(*known, strict=True)) if known else (mine.row[:0],) * 4
    )
    if not len(entity):
        return mine
    order = np.lexsort((at, timed, day, entity))[::-1]
    who, first = np.unique(entity[order], return_index=True)
    place = np.minimum(np.searchsorted(who, mine.entity), len(who) - 1)
    last, when = order[first][place], mine.when
    is_later = (day[last] > when.day) | (
        (day[last] == when.day) & timed[last].astype(bool) & when.timed & (at[last] > when.at)
    )
    return mine.kept(~((who[place] == mine.entity) & is_later))


def _of_these(events: Events, journey: Journey, entities: np.ndarray, until: int) -> tuple[np.ndarray, ...]:
    """Of some entities alone who is in each event up to a day, and when."""
    whose = subjects_of(events, journey)
    kept = np.flatnonzero((whose != NOBODY) & (events.day <= until) & is_among(whose, entities))
    return whose[kept], events.day[kept], events.at[kept], events.timed[kept]


def _joined(columns: Sequence[np.ndarray]) -> np.ndarray:
    """The columns one below the other; a single one as it is, so that nothing is held twice."""
    return columns[0] if len(columns) == 1 else np.concatenate([np.zeros(0, dtype=np.int64), *columns])


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
