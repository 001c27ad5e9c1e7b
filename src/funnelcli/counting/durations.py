"""How long it takes from what happens in a period to what ends it; what has not ended has lasted up to the last day.

What ends something is said by the same row, or has its link.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from funnelcli.counting.handed import timing
from funnelcli.counting.lasting import NOT_ENDED, Lasting
from funnelcli.counting.measures import Asked, Measure
from funnelcli.counting.select import day_number
from funnelcli.facts.dimensions import CHANNEL
from funnelcli.facts.events import NO_LINK, UNDATED_END, Events
from funnelcli.facts.moments import Moments, elapsed, so_far
from funnelcli.stats.survival import ENDED, HAPPENED, OPEN, Curve, aalen_johansen, kaplan_meier
from funnelcli.values.as_of import Moment
from funnelcli.values.channels import CODES, Channel
from funnelcli.values.figures import Missing
from funnelcli.values.slices import Slice

if TYPE_CHECKING:
    from funnelcli.counting.counts import Counts


class _Ends(Struct, frozen=True, kw_only=True, eq=False):
    """Of each of some events the moment of its first end, and whether there is one; ``unseen`` ones have no day."""

    when: Moments
    there: np.ndarray
    unseen: np.ndarray


def lasting(
    begun: Events,
    ends: Sequence[Events],
    others: Sequence[Events],
    until: int,
    *,
    timed: bool = False,
    last: int | None = None,
) -> Lasting:
    """How long each event lasted that is ``begun``: to the first of its ``ends`` up to the day ``until``.

    Else to the first of its ``others``, which is another end, else so far.  The day counts up to its ``last`` moment,
    in local microseconds, which is its end where none is given.
    """
    own, other = (_first_ends(begun, events, until, last) for events in (ends, others))
    start = Moments(day=begun.day, at=begun.at, timed=begun.timed)
    took, otherwise = elapsed(start, own.when), elapsed(start, other.when)
    is_other = other.there & ~own.there
    has_ended = own.there | is_other
    times = np.where(own.there, took, np.where(is_other, otherwise, so_far(start, until, last)))
    unclear = (~has_ended & (own.unseen | other.unseen)) | (times < 0)
    if timed:
        has_time = np.where(own.there, own.when.timed, ~is_other | other.when.timed)
        unclear |= ~(np.asarray(begun.timed) & has_time)
    return Lasting(
        times=np.where(unclear, 0, times),
        became=np.where(unclear | ~has_ended, OPEN, np.where(own.there, HAPPENED, ENDED)),
        ended=np.where(has_ended & ~unclear, np.where(own.there, own.when.day, other.when.day), NOT_ENDED),
        unclear=unclear,
    )  # fmt: skip


def _first_ends(begun: Events, ends: Sequence[Events], until: int, last: int | None) -> _Ends:
    size = len(begun)
    day, at, timed = begun.day.copy(), np.zeros(size, dtype=np.int64), np.zeros(size, dtype=bool)
    there, unseen = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    for events in ends:
        seen = events.kept((events.day <= until) & (True if last is None else ~events.timed | (events.at <= last)))
        place = first_of_each(begun, seen)
        sooner = np.flatnonzero((place >= 0) & (~there | (seen.at[place] < at) if len(seen) else False))
        theirs = place[sooner]
        day[sooner], at[sooner], timed[sooner] = seen.day[theirs], seen.at[theirs], seen.timed[theirs]
        there[sooner] = True
        unseen |= first_of_each(begun, events.kept(events.day == UNDATED_END)) >= 0
    return _Ends(when=Moments(day=day, at=at, timed=timed), there=there, unseen=unseen)


def first_of_each(begun: Events, ends: Events) -> np.ndarray:
    """Of each event the place of the first end that is of it, below 0 where none is: of its link, else of its row."""
    nothing = np.full(len(begun), -1)
    if not len(ends) or not len(begun):
        return nothing
    linked = bool((ends.link != NO_LINK).any())
    if not linked and ends.records is not begun.records:
        return nothing
    theirs, mine = (ends.link, begun.link) if linked else (ends.row, begun.row)
    order = np.lexsort((ends.at, theirs))
    keys, first = np.unique(theirs[order], return_index=True)
    place = np.minimum(np.searchsorted(keys, mine), len(keys) - 1)
    return np.where((keys[place] == mine) & (mine >= 0), order[first[place]], nothing)


class Took(Struct, frozen=True, kw_only=True, eq=False):
    """How long some things took: the curve of it, how many of them have ended so, and of how many that is known.

    ``height`` is the share of all that the curve is at when the last has ended of those that do so in time.
    ``middle`` is the median of the times themselves, where all have ended.
    """

    curve: Curve
    ended: int
    known: int
    height: float = 1.0
    middle: float | None = None


class _Begun(Struct, frozen=True, kw_only=True, eq=False):
    """What is begun: the period that each counts in, its channel, its part, how long it lasted, and if in time."""

    period: np.ndarray
    channel: np.ndarray
    part: np.ndarray
    times: np.ndarray
    became: np.ndarray
    unclear: np.ndarray
    in_time: np.ndarray


_COLUMNS = ("period", "channel", "part", "times", "became", "unclear", "in_time")


class Durations:
    """How long what some counts count takes; each is worked out when it is first asked for."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        self._begun: dict[Asked, _Begun] = {}
        self._took: dict[tuple[Asked, int, Slice | None], Took] = {}

    def took(self, asked: Asked, place: int, part: Slice | None) -> Took | Missing:
        """How long what began in the period at a place took, of a part or the whole; or why nobody knows."""
        reason = self._counts.get(asked.until, place, part)
        if isinstance(reason, Missing):
            return reason
        if (asked, place, part) not in self._took:
            begun = self._of(asked)
            mine = begun.period == place
            if asked.only is not None:
                mine &= np.isin(begun.channel, [CODES[channel] for channel in asked.only])
            if part is not None:
                mine &= self._is_of(part, begun)
            self._took[asked, place, part] = _took(asked, begun, mine)
        return self._took[asked, place, part]

    def _is_of(self, part: Slice, begun: _Begun) -> np.ndarray:
        parts = self._counts.parts
        if part.dimension == CHANNEL or parts is None:
            return np.asarray(begun.channel == CODES[Channel(part.key)])
        return np.asarray(begun.part == parts.place_of(part.key))

    def _of(self, asked: Asked) -> _Begun:
        if asked not in self._begun:
            counts, measure = self._counts, asked.begun.under(self._counts.facts.config)
            known = (counts.occurrences.of(name, measure.where) for name in measure.plus)
            columns = [self._columns(asked, measure, events) for events in known if events is not None]
            joined = [np.concatenate(column) for column in zip(*columns, strict=True)]
            nothing = [np.zeros(0, dtype=np.int64)] * len(_COLUMNS)
            named = dict(zip(_COLUMNS, joined or nothing, strict=True))
            self._begun[asked] = _Begun(**named)
        return self._begun[asked]

    def _columns(self, asked: Asked, measure: Measure, events: Events) -> tuple[np.ndarray, ...]:
        counts, lasted = self._counts, self.of_events(asked, events)
        in_time = np.zeros(len(events), dtype=bool)
        for ends in self._events(asked.among):
            in_time |= first_of_each(events, ends) >= 0
        codes = (
            counts.first_period(measure, events),
            counts.occurrences.channels_of(events),
            counts.occurrences.parts_of(events),
        )
        return *codes, lasted.times, lasted.became, lasted.unclear, in_time

    def _events(self, measure: Measure | None) -> list[Events]:
        """The events of a measure; of the ``latest`` alone those from which nothing has moved on by as_of."""
        facts = self._counts.facts
        names = () if measure is None else measure.under(facts.config).plus
        known = [facts.events[name] for name in names if name in facts.events]
        if measure is None or measure.now != "latest":
            return known
        last = self.seen_until(measure)
        return [events.kept(events.again > last) for events in known]

    def of_events(self, asked: Asked, events: Events) -> Lasting:
        """How long each of some events lasted."""
        if asked.timing:
            return timing(events.records, asked.timing, events)
        ends, others = self._events(asked.until), self._events(asked.instead)
        until, as_of = self.seen_until(asked.until), self._counts.as_of
        last = as_of.moment if isinstance(as_of, Moment) and until == day_number(as_of) else None
        return lasting(events, ends, others, until, timed=asked.timed, last=last)

    def seen_until(self, measure: Measure) -> int:
        """The day up to which the export of a measure tells of it."""
        last, reach = day_number(self._counts.as_of), self._counts.reach_of(measure)
        return last if reach.end is None else min(last, day_number(reach.end) - 1)


def _took(asked: Asked, begun: _Begun, mine: np.ndarray) -> Took:
    """How long some of those took that are begun."""
    if asked.timing:  # what is not clear says nothing, also of who waits
        mine = mine & ~begun.unclear.astype(bool)
    times, became = begun.times[mine], begun.became[mine]
    curve = kaplan_meier(times, became) if asked.instead is None else aalen_johansen(times, became)
    ended, known = int((became == HAPPENED).sum()), int((~begun.unclear[mine].astype(bool)).sum())
    if asked.among is None:
        middle = float(np.median(times)) if ended and ended == len(times) else None
        return Took(curve=curve, ended=ended, known=known, middle=middle)
    in_time = times[begun.in_time[mine].astype(bool)]
    height = curve.share_by(float(in_time.max())) if len(in_time) else 0.0
    return Took(curve=curve, ended=ended, known=known, height=height)
