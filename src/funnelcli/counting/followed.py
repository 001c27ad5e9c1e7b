"""The same people followed, as events: who entered a stage, who of them has had the time to get on, and who did so.

They stand on the day of the entry, with its row, so that they are counted, split and listed like all other events.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from weakref import WeakKeyDictionary

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from funnelcli.counting.following import Entries, Followed, ends_of, follow
from funnelcli.counting.journeys import Entered, ended, entered
from funnelcli.counting.pairs import Pair, pairs_of
from funnelcli.counting.reach import reach_of
from funnelcli.counting.select import day_number
from funnelcli.facts.events import Events
from funnelcli.facts.journeys import WON, Journey, Stage, journeys_of, resolved, trail_event
from funnelcli.facts.model import Facts
from funnelcli.facts.moments import last_day
from funnelcli.facts.trail_events import merged_records
from funnelcli.inputs import input_of_event
from funnelcli.values.windows import Window

_KNOWN: WeakKeyDictionary[Facts, dict[tuple[Window, date], Facts]] = WeakKeyDictionary()


def with_followed(facts: Facts, window: Window, as_of: date) -> Facts:
    """The facts with the events of those who are followed from stage to stage, as far as ``as_of`` lets one see."""
    known = _KNOWN.setdefault(facts, {})
    if (window, as_of) not in known:
        events = {event.name: event for event in _events(facts, window, as_of)}
        known[window, as_of] = replace(facts, events={**facts.events, **events})
    return known[window, as_of]


def _events(facts: Facts, window: Window, as_of: date) -> Iterator[Events]:
    for journey in journeys_of(facts.config).values():
        if journey.source is None or journey.source in facts.inputs:
            known = {stage.name: stage for stage in resolved(journey, facts.events).journey.stages}
            stages = tuple(known.get(stage.name, stage) for stage in journey.stages)
            entered_by = replace(journey, stages=stages)
            for pair in pairs_of(journey):
                yield from _followed(facts, entered_by, pair, window, as_of)
            yield from _weighted(facts, entered_by, window, as_of)


def needed(facts: Facts, window: Window | None, as_of: date) -> Facts:
    """The facts with those of the same people followed, where these are to have a ``window``; else as they are."""
    return facts if window is None else with_followed(facts, window, as_of)


class _Pursued(Struct, frozen=True, kw_only=True, eq=False):
    """Everybody who entered a stage of a journey: the events, what became of each, and whose window is over.

    ``in_time`` is who got on within it, be it over or not, and ``ends`` the day of another end of each.
    """

    events: Events
    followed: Followed
    matured: np.ndarray
    in_time: np.ndarray
    ends: np.ndarray

    @property
    def converted(self) -> np.ndarray:
        """Who got on within a window that is over."""
        return np.asarray(self.in_time & self.matured)


def _pursued(facts: Facts, journey: Journey, names: tuple[str, str], window: Window, as_of: date) -> _Pursued | None:
    """Who entered the first of two stages, and got to the second; None where nobody is known to have entered."""
    first, target = map(journey.place, names)
    goal = journey.stages[target]
    last = day_number(_seen_until(facts, goal, as_of))
    start = entered(facts, journey, journey.stages[first], last)
    if not start.events:
        return None
    later = [entered(facts, journey, stage, last).entries for stage in journey.stages[target:] if stage.is_reached]
    followed = follow([start.entries, *later])
    others = (stage for stage in journey.stages[first:] if not stage.is_reached and stage is not goal)
    ends = ends_of(followed, [ended(facts, journey, stage, last) for stage in others])
    events = _events_of(start, followed.start)
    return _Pursued(
        events=replace(events, link=np.arange(len(events))), followed=followed, ends=ends,
        matured=last_day(window, followed.start.when) <= last, in_time=followed.within(window),
    )  # fmt: skip


def _followed(facts: Facts, journey: Journey, pair: Pair, window: Window, as_of: date) -> Sequence[Events]:
    """The events of a pair of stages; none where nobody is known to have entered the first."""
    pursued = _pursued(facts, journey, (pair.start, pair.goal), window, as_of)
    if pursued is None:
        return ()
    mine, goal = pursued.events, journey.stages[journey.place(pair.goal)]
    last = day_number(_seen_until(facts, goal, as_of))
    listed = any(facts.inputs[name].is_listed for name in _inputs_of(facts, goal))
    return (
        *((replace(mine, name=pair.undated),) if listed else ()),
        replace(mine, name=pair.entered),
        replace(mine.kept(pursued.matured), name=pair.matured),
        replace(mine.kept(pursued.converted), name=pair.converted),
        *_ways_out(mine, pair, pursued, last),
    )


def _ways_out(mine: Events, pair: Pair, pursued: _Pursued, last: int) -> Iterator[Events]:
    """When those who entered got on, or came to another end, each tied to the entry."""
    got_on, when = pursued.followed.reached, pursued.followed.end.at_places(pursued.followed.reached)
    reached = replace(mine.kept(got_on), name=pair.reached, day=when.day, moment=when.at, timed=when.timed)
    yield reached
    yield replace(reached.kept(pursued.in_time[got_on]), name=pair.in_time)
    gone = np.flatnonzero(~got_on & (pursued.ends <= last))
    day = pursued.ends[gone]
    yield replace(
        mine.kept(gone), name=pair.ended, day=day, moment=None, timed=np.broadcast_to(False, len(gone))
    )  # fmt: skip


def _weighted(facts: Facts, journey: Journey, window: Window, as_of: date) -> Iterator[Events]:
    """What open deals are worth, times the share of those who came to their stage that was won within the window.

    Of the stages of which nobody has had the window, the worth has events of its own: nobody knows that share.
    """
    if WON not in [stage.name for stage in journey.stages]:
        return
    for stage in journey.ways:
        pursued = _pursued(facts, journey, (stage.name, WON), window, as_of)
        matured = 0 if pursued is None else int(pursued.matured.sum())
        share = 0.0 if pursued is None or not matured else int(pursued.converted.sum()) / matured
        for way in ("into", "out"):
            events = facts.events.get(trail_event(journey, f"worth_{way}", stage.name))
            if events is not None:
                kind = f"weighted_{way}" if matured else f"unrated_{way}"
                weight = np.rint(events.weight * share).astype(np.int64) if matured else events.weight
                yield replace(events, name=trail_event(journey, kind, stage.name), weight=weight)


def _events_of(start: Entered, entries: Entries) -> Events:
    """The entries as events, each on its day, of the row that says so."""
    records = start.events[0].records
    source, place = start.source[entries.row], start.row[entries.row]
    rows = np.zeros(len(entries), dtype=np.int64)
    for number, events in enumerate(start.events):
        mine = source == number
        rows[mine] = events.row[place[mine]]
    if any(events.records is not records for events in start.events):
        records, rows = merged_records(start.events, source, rows), np.arange(len(entries))
    when = entries.when
    return Events.of(start.events[0].name, records, rows, when.day, at=when.at, timed=when.timed)


def _seen_until(facts: Facts, stage: Stage, as_of: date) -> date:
    """The day up to which the export of a stage tells of it."""
    ends = (reach_of(facts, name, as_of).end for name in _inputs_of(facts, stage))
    return min([as_of, *(end - timedelta(1) for end in ends if end is not None)])


def _inputs_of(facts: Facts, stage: Stage) -> list[str]:
    inputs = {declared.name for name in stage.events if (declared := input_of_event(name)) is not None}
    return sorted(inputs & facts.extents.keys())
