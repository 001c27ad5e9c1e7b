"""Levels of some entities alone: of those who had any when a period began, or of those who have most when it ends.

Who had any is followed: whatever it goes to, it counts in the part of the business in which it had most at the start.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from funnelcli.counting.lives import Homes, Level
from funnelcli.counting.measures import ChoiceOf
from funnelcli.facts.events import Events, Records
from funnelcli.facts.sums import sums_by
from funnelcli.stats.distinct import is_among


class Amounts(Struct, frozen=True, kw_only=True, eq=False):
    """What counts, and the ``row`` of the records that says in which part of the business it does."""

    records: Records
    row: np.ndarray
    weight: np.ndarray

    @classmethod
    def of(cls, events: Events) -> Amounts:
        """What some events count, each where it is."""
        return cls(records=events.records, row=events.row, weight=events.weight)

    def __len__(self) -> int:
        return len(self.row)

    def kept(self, chosen: np.ndarray) -> Amounts:
        """Some of them."""
        return Amounts(records=self.records, row=self.row[chosen], weight=self.weight[chosen])


class Placed(Struct, frozen=True, kw_only=True, eq=False):
    """Events that count, and the same ``at`` the rows that say in which part of the business each does."""

    events: Events
    at: Events

    def kept(self, chosen: np.ndarray) -> Placed:
        """Some of them."""
        return Placed(events=self.events.kept(chosen), at=self.at.kept(chosen))


class Followed(Struct, frozen=True, kw_only=True, eq=False):
    """Entities that had any when a period began: the level then, and a row of the values of which each had most."""

    then: Level
    row: np.ndarray
    has: np.ndarray

    @classmethod
    def since(cls, then: Level, homes: Homes) -> Followed:
        """Those of a level at the start."""
        return cls(then=then, row=homes.at(then), has=then.of_each > 0)

    def held(self) -> Amounts:
        """The level of each at the start, where it had most then."""
        records = self.then.lives.events.records
        return Amounts(records=records, row=self.row[self.has], weight=self.then.of_each[self.has])

    def weight(self, of: ChoiceOf, held: Amounts, now: Level) -> np.ndarray:
        """What a choice counts of each that was ``held``: its level at the start, at the end, or the lower of both."""
        if of == "held":
            return held.weight
        level: np.ndarray = now.of_each[self.has]
        return level if of == "kept" else np.minimum(held.weight, level)

    def placed(self, of: ChoiceOf, now: Level) -> list[Placed]:
        """The events of what a choice counts, each where its entity had most at the start."""
        match of:
            case "held":
                return [self._at_home(self.then, self.has)]
            case "kept":
                return [self._at_home(now, self.has)]
        has_less = now.of_each < self.then.of_each
        return [self._at_home(now, self.has & has_less), self._at_home(self.then, self.has & ~has_less)]

    def unsure(self, then: Events, *later: Events) -> list[Amounts]:
        """Where it is not known what those who are followed had or have, by events that say so at each moment.

        At the start nobody knows, either, whether they had most where these events are.
        """
        lives = self.then.lives
        doubted = np.concatenate([events.records.entity[events.row] for events in (then, *later)])
        entity = np.zeros(lives.size, dtype=np.int64)
        entity[lives.whose] = lives.events.records.entity[lives.events.row]
        own = self.has & is_among(entity, doubted)
        at_home = Amounts(records=lives.events.records, row=self.row[own], weight=self.then.of_each[own])
        return [at_home, Amounts.of(then)]

    def _at_home(self, level: Level, chosen: np.ndarray) -> Placed:
        place = level.place
        place = place[chosen[level.lives.whose[place]]]
        own = level.lives.events.kept(place)
        return Placed(events=own, at=replace(own, row=self.row[level.lives.whose[place]]))


def largest(level: Level, most: int, part: np.ndarray | None) -> Events:
    """The events of those that have most in each part, of equals the first; ``part`` is a number for that of each.

    Without it all are of one part.
    """
    place, lives = level.place, level.lives
    theirs: list[np.ndarray] = []
    for number in range(1 if part is None else int(part.max(initial=-1)) + 1):
        own = place if part is None else place[part == number]
        whose = lives.whose[own]
        is_there = np.zeros(lives.size, dtype=bool)
        is_there[whose] = True
        amount = level.of_each if part is None else sums_by(whose, lives.events.weight[own], lives.size)
        theirs.append(own[_most(amount, is_there, most)[whose]])
    return lives.events.kept(np.concatenate(theirs) if theirs else place)


def _most(amount: np.ndarray, is_there: np.ndarray, most: int) -> np.ndarray:
    """Of each that is there whether it is among those that have most; of equals the first are.

    >>> _most(np.array([5, 9, 5, 5]), np.array([True, True, False, True]), 2).tolist()
    [True, True, False, False]
    """
    known = np.flatnonzero(is_there)
    if len(known) <= most:
        return is_there
    amounts = amount[known]
    least = np.partition(amounts, len(known) - most)[len(known) - most]
    above, equal = known[amounts > least], known[amounts == least]
    chosen = np.zeros(len(amount), dtype=bool)
    chosen[above] = True
    chosen[equal[: most - len(above)]] = True
    return chosen
