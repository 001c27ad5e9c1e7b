"""Which events a measure counts in which period: one selection, which the report sums and ``explain --rows`` lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np

from funnelcli.counting.levels import Levels
from funnelcli.counting.measures import Held, Measure
from funnelcli.counting.reach import EVERYTHING, Reach
from funnelcli.facts.events import NO_LINK, Events, keys_of
from funnelcli.stats.distinct import is_among
from funnelcli.values.dates import DAY_MICROS, micros_of
from funnelcli.values.periods import Grain, Period

# What of each entity a measure may ask for as it was when a period began: whether it paid, its MRR.
Holding = Callable[[Held], Levels]


def no_levels(_: Held) -> Levels:
    """Nobody had anything."""
    return Levels([], [])


def day_number(day: date) -> int:
    """A day as a whole number since 1970-01-01."""
    return micros_of(day) // DAY_MICROS


def unit_of(periods: Sequence[Period]) -> Grain:
    """What exports are asked whether they tell of: weeks where periods are weeks, else months."""
    return Grain.WEEK if any(period.grain is Grain.WEEK for period in periods) else Grain.MONTH


class Grid:
    """Adjoining periods as numbers, with what lies after as_of cut off.

    Of a period counts the part that an export tells of, which ``reach`` says: it begins and ends with that.
    """

    def __init__(
        self, periods: Sequence[Period], as_of: date, reach: Reach = EVERYTHING, holding: Holding = no_levels
    ) -> None:
        self._holding = holding
        reached = [reach.within(period) for period in periods]
        self.starts = np.array([day_number(period.start) for period in periods], dtype=np.int64)
        ends = np.array([day_number(period.end) for period in periods], dtype=np.int64)
        self.as_of = day_number(as_of)
        self.ends = np.minimum(ends, self.as_of + 1)
        self.reached_from = np.array([day_number(period.start) for period in reached], dtype=np.int64)
        self.reached_until = np.minimum([day_number(period.end) for period in reached], self.ends)

    def __len__(self) -> int:
        return len(self.starts)

    def first_period(self, measure: Measure, events: Events) -> np.ndarray:
        """The first period that each event counts in, the number of periods where it counts in none.

        Within a period it counts in that alone; before a start or an end it counts in all later ones too: where what it
        ends must have begun before the start, from the first on of which both are so.
        """
        day, size = events.day, len(self)
        match measure.when:
            case "within":
                period = _begun_by(self.starts, day) - 1
                place = np.maximum(period, 0)
                inside = (period >= 0) & (day >= self.reached_from[place]) & (day < self.reached_until[place])
                inside &= self._since(measure, events, place) & self._now(measure, events, place)
                inside &= self._held(measure, events, place)
                return np.where(inside, period, size)
            case "before_start":
                period = _begun_by(self.reached_from, day)
            case "before_end":
                period = _begun_by(self.reached_until, day)
                if measure.since == "before_start":  # of whom that held when the period began
                    period = np.maximum(period, _begun_by(self.reached_from, events.since))
        return np.where(day <= self.as_of, period, size)

    def _since(self, measure: Measure, events: Events, period: np.ndarray) -> np.ndarray:
        """Whether what an event ends began when the measure asks for."""
        match measure.since:
            case None:
                return np.ones(len(events), dtype=bool)
            case "within":
                return np.asarray(events.since >= self.reached_from[period])
            case "before_start":
                return np.asarray(events.since < self.reached_from[period])

    def _held(self, measure: Measure, events: Events, period: np.ndarray) -> np.ndarray:
        """Whether the person of an event had what the measure asks for when the period began."""
        if measure.held is None:
            return np.ones(len(events), dtype=bool)
        entity = events.records.entity[events.row]
        return np.asarray(self._holding(measure.held).at(entity, self.reached_from[period] - 1) > 0)

    def _now(self, measure: Measure, events: Events, period: np.ndarray) -> np.ndarray:
        """Whether the person of an event is there again at the end of the period, or gone, as the measure asks.

        Or whether nothing follows it within the period, or what does is known by as_of.
        What becomes of a person within a period, the last of its events in it says.
        """
        if measure.now is None:
            return np.ones(len(events), dtype=bool)
        if measure.now == "known":
            return np.asarray(events.again <= self.as_of)
        until = self.reached_until[period]
        if measure.now == "latest":
            return np.asarray(events.again >= until)
        entity = events.records.entity[events.row]
        keys = keys_of(entity, events.day)
        order = np.argsort(keys, kind="stable")
        last = np.searchsorted(keys[order], keys_of(entity, until)) - 1
        back = events.again[order[np.maximum(last, 0)]] < until
        return np.asarray(back if measure.now == "back" else ~back)


def _begun_by(bounds: np.ndarray, day: np.ndarray) -> np.ndarray:
    """How many of some bounds, in order, are not after each day.

    >>> _begun_by(np.array([31, 59]), np.array([-(10**6), 30, 31, 58, 59, 10**6])).tolist()
    [0, 0, 1, 1, 2, 2]
    """
    if not len(bounds) or int(bounds[-1] - bounds[0]) >= len(day):
        return np.searchsorted(bounds, day, side="right")
    before = int(bounds[0]) - 1
    of_day = np.searchsorted(bounds, np.arange(before, int(bounds[-1]) + 1), side="right")
    return np.asarray(of_day[np.clip(day, before, bounds[-1]) - before])


def select(
    measure: Measure,
    plus: Sequence[Events],
    minus: Sequence[Events],
    period: Period,
    as_of: date,
    reach: Reach = EVERYTHING,
    holding: Holding = no_levels,
) -> list[Events]:
    """The events that a measure counts in a period; of those that a later one undoes (``minus``) neither is left.

    Their weights sum to what :class:`funnelcli.counting.counts.Counts` counts.
    """
    grid = Grid([period], as_of, reach, holding)
    # A later row of a stay stands in the place of the earlier ones.
    plus = [events.kept(events.weight > 0) for events in plus] if measure.moved else plus
    undone = [events.link[grid.first_period(measure, events) == 0] for events in minus]
    links = np.concatenate([np.zeros(0, dtype=np.int64), *undone])
    chosen: list[Events] = []
    for events in plus:
        counts = grid.first_period(measure, events) == 0
        if len(links):
            counts &= (events.link == NO_LINK) | ~is_among(events.link, links)
        chosen.append(events.kept(counts))
    return _latest(chosen) if measure.moved else chosen


def _latest(chosen: Sequence[Events]) -> list[Events]:
    """Of the events that are tied to one another the latest alone, of equally late ones the last."""
    link = np.concatenate([events.link for events in chosen])
    order = np.lexsort((np.arange(len(link)), np.concatenate([events.day for events in chosen]), link))
    tied = link[order]
    last = np.ones(len(link), dtype=bool)
    last[:-1] = (tied[:-1] != tied[1:]) | (tied[:-1] == NO_LINK)
    kept = np.zeros(len(link), dtype=bool)
    kept[order[last]] = True
    bounds = np.cumsum([len(events) for events in chosen])[:-1]
    return [events.kept(places) for events, places in zip(chosen, np.split(kept, bounds), strict=True)]
