"""The same people followed from a stage to a later one: who entered it when, who got on, by which way, and when.

A join of two kinds of events on the entity.  On a tie stages count in the order of the journey.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from msgspec import Struct

from funnelcli.facts.events import OPEN_END
from funnelcli.facts.moments import Moments, within
from funnelcli.values.dates import DAY_MICROS
from funnelcli.values.windows import Window

Order = Literal["any", "strict"]
Entry = Literal["first", "best"]
NOWHERE = -1


class Entries(Struct, frozen=True, kw_only=True, eq=False):
    """Entries into one stage, ordered by entity and moment: who entered, and when.

    ``row`` is the place of each among the events that it was made of.
    """

    entity: np.ndarray
    when: Moments
    row: np.ndarray

    def __len__(self) -> int:
        return len(self.entity)

    @classmethod
    def of(cls, entity: np.ndarray, when: Moments) -> Entries:
        """Entries in any order."""
        if (np.diff(entity) > 0).all():
            return cls(entity=entity, when=when, row=np.arange(len(entity)))
        order = np.argsort(entity, kind="stable")
        if (np.diff(entity[order]) == 0).any():
            order = np.lexsort((when.at, when.day, entity))
        return cls(entity=entity[order], when=when.at_places(order), row=order)

    def firsts(self) -> Entries:
        """The earliest entry of each entity."""
        if (np.diff(self.entity) > 0).all():
            return self
        _, places = np.unique(self.entity, return_index=True)
        return self.kept(places)

    def kept(self, places: np.ndarray) -> Entries:
        """Those at some places, or for which an array of booleans says so."""
        return Entries(entity=self.entity[places], when=self.when.at_places(places), row=self.row[places])

    def until(self, day: int) -> Entries:
        """Those up to a day."""
        chosen = self.when.day <= day
        return self if chosen.all() else self.kept(chosen)


class Followed(Struct, frozen=True, kw_only=True, eq=False):
    """Each entity's first entry into a stage, and what became of it.

    ``start`` is that entry; ``reached`` says who got on and ``end`` when (of the others any moment); ``since`` is the
    entry from which they did, another than the first only where the best of several counts.  ``skipped`` are those who
    got on by a later stage alone.  ``earlier`` counts the entities that were in the later stage before and not since,
    ``without`` those that came into it and never into the first.
    """

    start: Entries
    since: Moments
    end: Moments
    reached: np.ndarray
    skipped: np.ndarray
    earlier: int
    without: int

    def within(self, window: Window) -> np.ndarray:
        """Who got on within a window."""
        held: np.ndarray = self.reached & within(window, self.since, self.end)
        return held


def follow(
    stages: Sequence[Entries], *, order: Order = "any", entry: Entry = "first", window: Window | None = None
) -> Followed:
    """From the first of some stages to the second, of which all later ones of the journey follow in their order.

    In ``any`` order whoever entered a later stage has got on too.  With ``strict`` order only the second itself counts.
    The ``best`` entry is the first from which somebody got on within the ``window``.
    """
    first, later = stages[0], stages[1:] if order == "any" else stages[1:2]
    start = first.firsts()
    best, since = _reached(start, later), start.when
    if entry == "best" and window is not None:
        start, best, since = _best(first, start, later, window)
    own = later[0]
    to_own = best if len(later) == 1 and entry == "first" else _reached(start, [own])
    is_own, is_start = _present(own.entity, start.entity), _present(start.entity, own.entity)
    return Followed(
        start=start,
        since=since,
        end=best.when,
        reached=best.stage != NOWHERE,
        skipped=best.stage > 0,
        earlier=int((is_own[start.entity] & (to_own.stage == NOWHERE)).sum()),
        without=int((is_own & ~is_start).sum()),
    )


def _present(entities: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Of every number of an entity, as far as any of two columns has them, whether the first has it."""
    size = max(int(entities.max(initial=-1)), int(others.max(initial=-1))) + 1
    present = np.zeros(size, dtype=bool)
    present[entities] = True
    return present


def ends_of(followed: Followed, ends: Sequence[Entries]) -> np.ndarray:
    """Of everybody who was followed the day of the first other end since the start, else one that never comes."""
    days = np.full(len(followed.start), OPEN_END)
    for entries in ends:
        reached = _reached(followed.start, [entries])
        there = reached.stage != NOWHERE
        days[there] = np.minimum(days[there], reached.when.day[there])
    return days


def through(stages: Sequence[Entries], needed: Sequence[bool]) -> Sequence[Entries]:
    """The first stage and the last, of which only those entries are left that came through all ``needed`` between them.

    Each stage in its order, at or after the one before.
    """
    first = stages[0].firsts()
    way, when = first, first
    for entries, is_needed in zip(stages[1:], needed, strict=True):
        if not is_needed:
            continue
        reached = _reached(when, [entries])
        got_on = reached.stage != NOWHERE
        when = Entries(entity=when.entity[got_on], when=reached.when.at_places(got_on), row=when.row[got_on])
        way = when
    return [stages[0], way]


class _Reached(Struct, frozen=True, kw_only=True, eq=False):
    """Of each entry the earliest moment in some stages at or after it, and the place of the stage; NOWHERE: in none."""

    when: Moments
    stage: np.ndarray


def _reached(start: Entries, stages: Sequence[Entries]) -> _Reached:
    size = len(start)
    day, at, timed = (column.copy() for column in (start.when.day, start.when.at, start.when.timed))
    stage = np.full(size, NOWHERE)
    for number, entries in enumerate(stages):
        for with_time in (False, True):
            chosen = entries.when.timed == with_time
            some = entries if chosen.all() else entries.kept(chosen)
            place = _first_at_or_after(start, some, by_time=with_time)
            there = np.flatnonzero(place != NOWHERE)
            theirs = some.when.at_places(place[there])
            # A moment with a time is later than the bare date of its day, and of equal ones the earlier stage stands.
            sooner = (stage[there] == NOWHERE) | (theirs.day < day[there])
            sooner |= (theirs.day == day[there]) & theirs.timed & timed[there] & (theirs.at < at[there])
            chosen = there[sooner]
            day[chosen], at[chosen], timed[chosen] = theirs.day[sooner], theirs.at[sooner], theirs.timed[sooner]
            stage[chosen] = number
    return _Reached(when=Moments(day=day, at=at, timed=timed, zone=start.when.zone), stage=stage)


def _first_at_or_after(start: Entries, entries: Entries, *, by_time: bool) -> np.ndarray:
    """Of each start the place of the entity's first of some entries at or after it; NOWHERE where there is none.

    All ``entries`` have a time, or none has.  A start without one is its whole day.
    """
    if not len(entries) or not len(start):
        return np.full(len(start), NOWHERE)
    most = max(int(entries.entity[-1]), int(start.entity.max())) + 1
    number = np.bincount(entries.entity, minlength=most)
    first = np.cumsum(number) - number
    reached = np.full(len(start), NOWHERE)
    # Of those who have any, the first late enough stands in the order of their moments: it is found by halving.
    rows = np.flatnonzero(number[start.entity])
    when = start.when.at_places(rows)
    mine = np.where(when.timed, when.at, when.day * DAY_MICROS) if by_time else when.day
    theirs = entries.when.at if by_time else entries.when.day
    place = first[start.entity[rows]]
    beyond = place + number[start.entity[rows]]
    end = beyond
    while (is_open := place < end).any():
        middle = (place + end) // 2
        is_early = theirs[np.minimum(middle, len(theirs) - 1)] < mine
        place, end = np.where(is_open & is_early, middle + 1, place), np.where(is_open & ~is_early, middle, end)
    reached[rows] = np.where(place < beyond, place, NOWHERE)
    return reached


def _best(
    first: Entries, start: Entries, later: Sequence[Entries], window: Window
) -> tuple[Entries, _Reached, Moments]:
    """Of each entity the first entry from which it got on within the window, else its first entry."""
    of_all = _reached(first, later)
    good = (of_all.stage != NOWHERE) & within(window, first.when, of_all.when)
    entities, place = np.unique(first.entity[good], return_index=True)
    chosen = np.unique(first.entity, return_index=True)[1]
    mine = np.searchsorted(start.entity, entities)
    chosen[mine] = np.flatnonzero(good)[place]
    best = _Reached(when=of_all.when.at_places(chosen), stage=of_all.stage[chosen])
    return start, best, first.when.at_places(chosen)
