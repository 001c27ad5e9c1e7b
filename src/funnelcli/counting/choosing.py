"""A level of some entities alone, selected and placed: what counts, the events behind it, and those in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from msgspec.structs import replace

from funnelcli.counting.chosen import Amounts, Followed, Placed, largest
from funnelcli.counting.lives import Level
from funnelcli.counting.measures import ChoiceOf, Doubt, Measure, When
from funnelcli.counting.occurrences import Occurrences
from funnelcli.counting.reach import Reach
from funnelcli.counting.select import Grid, select
from funnelcli.facts.events import Events
from funnelcli.values.periods import Period

# What an entity's level is of, where only that of some is counted: all that it has, or what it has in each part.
By = Literal["whole", "part", "channel"]


class Choosing:
    """The level of some entities in a period that the exports tell of as far as ``reach`` says."""

    def __init__(self, occurrences: Occurrences, measure: Measure, period: Period, reach: Reach) -> None:
        self._occurrences = occurrences
        self._measure = replace(measure, choice=None)
        self._period = period
        self._reach = reach

    def largest(self, most: int, by: By) -> Events:
        """The events of those that have most, of the whole or in each part of the business."""
        at_end = self._level("before_end")
        if self._measure.where:
            fits = self._occurrences.fitting(at_end.lives.events, self._measure.where)
            at_end = Level(lives=at_end.lives, until=at_end.until, part=fits)
        return largest(at_end, most, self._parts(at_end, by))

    def followed(self, several: Sequence[ChoiceOf]) -> tuple[Amounts, list[np.ndarray]]:
        """What those had who had any at the start, and what of it each choice counts."""
        then, now = self._followed(), self._level("before_end")
        held = then.held()
        weights = [then.weight(each, held, now) for each in several]
        if not self._measure.where:
            return held, weights
        fits = self._occurrences.fitting(held, self._measure.where)
        return held.kept(fits), [weight[fits] for weight in weights]

    def placed(self, of: ChoiceOf) -> list[Placed]:
        """The events behind what a choice of those who had any at the start counts."""
        several = self._followed().placed(of, self._level("before_end"))
        return [placed.kept(self._occurrences.fitting(placed.at, self._measure.where)) for placed in several]

    def unsure(self, doubt: Doubt, of: ChoiceOf) -> list[Amounts]:
        """Where a doubt about somebody who is followed leaves the level unknown."""
        asked = replace(self._measure, plus=doubt.events, minus=doubt.minus)
        moments: tuple[When, ...] = ("before_start",) if of == "held" else ("before_start", "before_end")
        several = self._followed().unsure(*(self._selected(when, asked) for when in moments))
        return [amounts.kept(self._occurrences.fitting(amounts, self._measure.where)) for amounts in several]

    def _followed(self) -> Followed:
        homes = self._occurrences.homes(self._measure.plus, self._measure.minus, self._measure.where)
        return Followed.since(self._level("before_start"), homes)

    def _level(self, when: When) -> Level:
        grid = Grid([self._period], self._occurrences.as_of, self._reach)
        bound = (grid.reached_from if when == "before_start" else grid.reached_until)[0]
        return self._occurrences.lives(self._measure.plus, self._measure.minus).level(int(bound), grid.as_of)

    def _selected(self, when: When, measure: Measure) -> Events:
        asked = replace(measure, when=when)
        plus, minus = (
            [events for name in names if (events := self._occurrences.of(name)) is not None]
            for names in (asked.plus, asked.minus)
        )
        (level,) = select(asked, plus, minus, self._period, self._occurrences.as_of, self._reach)
        return level

    def _parts(self, level: Level, by: By) -> np.ndarray | None:
        """A number for the part of the business that each event in force is of."""
        events = level.lives.events
        match by:
            case "whole":
                return None
            case "part":
                return np.asarray(self._occurrences.parts_of(events)[level.place])
            case "channel":
                return np.asarray(self._occurrences.channels_of(events)[level.place])
