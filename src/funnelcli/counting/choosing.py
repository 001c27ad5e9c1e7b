"""The events behind a level of some entities alone, selected and placed: those that count, and those in doubt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
from msgspec.structs import replace

from funnelcli.counting.chosen import Followed, Placed, largest
from funnelcli.counting.measures import ChoiceOf, Doubt, Measure, When
from funnelcli.counting.occurrences import Occurrences
from funnelcli.counting.reach import Reach
from funnelcli.counting.select import select
from funnelcli.facts.events import Events
from funnelcli.values.periods import Period

# What an entity's level is of, where only that of some is counted: all that it has, or what it has in each part.
By = Literal["whole", "part", "channel"]


class Choosing:
    """The level of some entities in a period that the exports tell of as far as ``reach`` says.

    Nothing is kept of it: of many rows a level takes a lot of memory.
    """

    def __init__(self, occurrences: Occurrences, measure: Measure, period: Period, reach: Reach) -> None:
        self._occurrences = occurrences
        self._measure = replace(measure, choice=None)
        self._period = period
        self._reach = reach

    def largest(self, most: int, by: By) -> Placed:
        """The events of those that have most, of the whole or in each part of the business."""
        at_end = self._level("before_end")
        at_end = at_end.kept(self._occurrences.fitting(at_end, self._measure.where))
        return largest(at_end, most, self._parts(at_end, by))

    def followed(self, several: Sequence[ChoiceOf]) -> Iterator[list[Placed]]:
        """The events that choices of those who had any at the start count, for each of the choices."""
        then, now = self._followed(), self._level("before_end")
        for each in several:
            yield self._fitting(then.kept(each, now))

    def unsure(self, doubt: Doubt, of: ChoiceOf) -> list[Placed]:
        """Where a doubt about somebody who is followed leaves the level unknown."""
        asked = replace(self._measure, plus=doubt.events, minus=doubt.minus)
        moments: tuple[When, ...] = ("before_start",) if of == "held" else ("before_start", "before_end")
        return self._fitting(self._followed().unsure(*(self._level(when, asked) for when in moments)))

    def _followed(self) -> Followed:
        then = self._level("before_start")
        return Followed.since(then, self._occurrences.values_of(then.records, self._measure.where))

    def _level(self, when: When, measure: Measure | None = None) -> Events:
        asked = replace(measure or self._measure, when=when)
        plus, minus = (
            [events for name in names if (events := self._occurrences.of(name)) is not None]
            for names in (asked.plus, asked.minus)
        )
        (level,) = select(asked, plus, minus, self._period, self._occurrences.as_of, self._reach)
        return level

    def _fitting(self, several: Sequence[Placed]) -> list[Placed]:
        return [placed.kept(self._occurrences.fitting(placed.at, self._measure.where)) for placed in several]

    def _parts(self, events: Events, by: By) -> np.ndarray:
        """A number for the part of the business that each event is of."""
        match by:
            case "whole":
                return np.zeros(len(events), dtype=np.int64)
            case "part":
                return self._occurrences.parts_of(events)
            case "channel":
                return self._occurrences.channels_of(events)
