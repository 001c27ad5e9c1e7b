"""Touches: who of ours got in touch with whom, when and on which channel; and when both sides spoke."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct

from funnelcli.config.agreement import CONTACTS
from funnelcli.facts.events import Coded, Events
from funnelcli.facts.tied import NEVER, Dated
from funnelcli.facts.timeline import Timeline
from funnelcli.inputs.activities import SPOKEN, TOUCHES
from funnelcli.values.dates import DAY_MICROS


class Touches(Struct, frozen=True, kw_only=True, eq=False):
    """Touches of some people in the order of person and moment, along ``line``.

    ``at`` are local microseconds, of a bare day the last of it that is known, so that it is after whatever happened on
    that day; ``timed`` says which have a time of day.  ``channel`` is the place in CONTACTS, ``owner`` who it was.
    """

    line: Timeline
    timed: np.ndarray
    channel: np.ndarray
    owner: Coded

    @property
    def entity(self) -> np.ndarray:
        """Whom each was with."""
        return self.line.entity

    @property
    def at(self) -> np.ndarray:
        """When each was."""
        return self.line.at

    def __len__(self) -> int:
        return len(self.line)

    def settled(self, stops: Timeline) -> Touches:
        """The same, those of bare days before what ends on that day: nothing says that they came after it."""
        days = Dated(at=np.where(self.timed, self.at, self.at // DAY_MICROS * DAY_MICROS), timed=self.timed)
        at = np.where(self.timed, self.at, np.minimum(self.at, ends_by(stops, self.entity, days, NEVER)))
        line = Timeline.of(self.entity, at)
        order = line.order
        return Touches(
            line=line, timed=self.timed[order], channel=self.channel[order],
            owner=Coded(self.owner.codes[order], self.owner.texts),
        )  # fmt: skip


def ends_by(stops: Timeline, entity: np.ndarray, when: Dated, until: int) -> np.ndarray:
    """Moments by which things of entities have happened: of a bare day its end, or the first stop of it, if sooner.

    >>> stops, day = Timeline.of(np.array([1]), np.array([500])), Dated(at=np.array([0]), timed=np.array([False]))
    >>> ends_by(stops, np.array([1]), day, NEVER).tolist(), ends_by(stops, np.array([2]), day, 900).tolist()
    ([500], [900])
    """
    end: np.ndarray = np.minimum(when.end, until)
    bare = np.flatnonzero(when.bare)
    place = stops.place(entity[bare], when.at[bare])
    there = stops.there(place, entity[bare])
    end[bare[there]] = np.minimum(end[bare[there]], stops.at[place[there]])
    return end


def touches_of(events: Mapping[str, Events], whom: np.ndarray, until: int, channels: Sequence[str]) -> Touches:
    """The touches of some people (``whom``: of each entity whether it is one) up to a moment, on some channels."""
    return _gathered(events, TOUCHES, whom, until, channels)


def spoken_with(events: Mapping[str, Events], whom: np.ndarray, until: int) -> Touches:
    """When both sides spoke, on any channel."""
    return _gathered(events, SPOKEN, whom, until, CONTACTS)


def _gathered(
    events: Mapping[str, Events], names: Sequence[str], whom: np.ndarray, until: int, channels: Sequence[str]
) -> Touches:
    parts: list[tuple[np.ndarray, ...]] = []
    owners = Coded.same("", 0)
    for number, name in enumerate(names):
        each = events.get(name)
        if each is None or CONTACTS[number] not in channels:
            continue
        entity = each.records.entity[each.row]
        kept = np.flatnonzero((entity >= 0) & (entity < len(whom)) & (each.at <= until))
        kept = kept[whom[entity[kept]]]
        owners = each.records.words.get("owner", Coded.same("", len(each.records)))
        when = Dated(at=each.at[kept], timed=np.asarray(each.timed)[kept])
        owner = owners.codes[each.row[kept]]
        parts.append((entity[kept], np.minimum(when.end, until), when.timed, np.full(len(kept), number), owner))
    nothing = tuple(np.zeros(0, dtype=kind) for kind in (np.int64, np.int64, bool, np.int64, np.int64))
    entity, at, timed, channel, owner = (np.concatenate(each) for each in zip(nothing, *parts, strict=True))
    line = Timeline.of(entity, at)
    order = line.order
    return Touches(line=line, timed=timed[order], channel=channel[order], owner=Coded(owner[order], owners.texts))


def attempts(touches: Touches, entity: np.ndarray, start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The attempts to reach people between two moments each: whose each is, and the place of its first touch.

    Touches within an hour of the first are one attempt.
    """
    line = touches.line
    place, stop = line.place(entity, start), line.place(entity, end, "right")
    whose, where = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    trying = np.flatnonzero(place < stop)
    while len(trying):
        whose.append(trying)
        where.append(place[trying])
        begun = line.at[place[trying]]
        place[trying] = line.place(entity[trying], begun + ATTEMPT_MICROS, "right")
        trying = trying[place[trying] < stop[trying]]
    of, at = np.concatenate(whose), np.concatenate(where)
    order = np.lexsort((at, of))
    return of[order], at[order]


ATTEMPT_MICROS = DAY_MICROS // 24
