"""Spans of days of people: where several kinds of them hold at once, and which of them a day lies in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from funnelcli.facts.events import NOBODY, OPEN_END, Events

_APART = 2**22  # more than there are days between any two, so that people are kept apart by it


class Spans(Struct, frozen=True, kw_only=True, eq=False):
    """Spans of days of people, from the day ``since`` to the day before ``until``, each with its ``row``.

    They stand in the order of people and days; those of a person do not overlap.
    """

    entity: np.ndarray
    since: np.ndarray
    until: np.ndarray
    row: np.ndarray

    @classmethod
    def of(cls, entity: np.ndarray, since: np.ndarray, until: np.ndarray, row: np.ndarray) -> Spans:
        """Spans of somebody that hold a day, in their order."""
        kept = np.flatnonzero((entity != NOBODY) & (until > since))
        order = kept[np.lexsort((since[kept], entity[kept]))]
        return cls(entity=entity[order], since=since[order], until=until[order], row=row[order])

    def __len__(self) -> int:
        return len(self.entity)

    def latest(self, entity: np.ndarray, day: np.ndarray) -> np.ndarray:
        """The place of the span of each person that began last by a day, below 0 where none has."""
        keys = self.entity * _APART + self.since
        place = np.searchsorted(keys, entity * _APART + day, side="right") - 1
        known = place >= 0
        return np.where(known & (self.entity[np.maximum(place, 0)] == entity) if len(self) else False, place, -1)

    def hold(self, entity: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Whether each person has a span that a day lies in.

        >>> span = Spans.of(np.array([7]), np.array([10]), np.array([12]), np.array([0]))
        >>> span.hold(np.array([7, 7, 7, 8]), np.array([9, 11, 12, 11])).tolist()
        [False, True, False, False]
        """
        place = self.latest(entity, day)
        if not len(self):
            return np.zeros(len(entity), dtype=bool)
        return np.asarray((place >= 0) & (self.until[np.maximum(place, 0)] > day))


def paying_spans(events: Events, *, to_the_end: bool = False) -> Spans:
    """The stays of customers, by their losses; those not lost go on.

    A customer is lost on the last paid day; ``to_the_end`` takes that in.
    """
    until = np.where(events.day == OPEN_END, OPEN_END, events.day + int(to_the_end))
    return Spans.of(events.records.entity[events.row], events.since, until, events.row)


def lasting(entity: np.ndarray, day: np.ndarray, row: np.ndarray, days: int) -> Spans:
    """Spans of so many days from each of some days on; those that touch or overlap are one.

    >>> spans = lasting(np.array([1, 1, 1]), np.array([10, 12, 20]), np.array([0, 1, 2]), 5)
    >>> spans.since.tolist(), spans.until.tolist()
    ([10, 20], [17, 25])
    >>> nobody = np.zeros(0, dtype=np.int64)
    >>> len(lasting(nobody, nobody, nobody, 5))
    0
    """
    order = np.lexsort((day, entity))
    whose, when = entity[order], day[order]
    begins = np.ones(len(order), dtype=bool)
    begins[1:] = (whose[1:] != whose[:-1]) | (when[1:] - when[:-1] > days)
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(order))[: len(first)] - 1
    return Spans.of(whose[first], when[first], when[last] + days, row[order][first])


def together(kinds: Sequence[Spans]) -> Spans:
    """Where spans of every kind hold at once; the row is that of the first kind.

    >>> a = Spans.of(np.array([1, 1]), np.array([0, 10]), np.array([5, 20]), np.array([3, 4]))
    >>> b = Spans.of(np.array([1]), np.array([2]), np.array([12]), np.array([9]))
    >>> both = together([a, b])
    >>> both.since.tolist(), both.until.tolist(), both.row.tolist()
    ([2, 10], [5, 12], [3, 4])
    """
    entity = np.concatenate([each for spans in kinds for each in (spans.entity, spans.entity)])
    day = np.concatenate([each for spans in kinds for each in (spans.since, spans.until)])
    step = np.concatenate([each for spans in kinds for each in (np.ones(len(spans)), -np.ones(len(spans)))])
    order = np.lexsort((step, day, entity))  # on one day what ends goes first: spans of a kind do not overlap
    every = np.cumsum(step[order].astype(np.int64)) == len(kinds)
    begins = np.flatnonzero(every)
    until = day[order][np.minimum(begins + 1, max(len(order) - 1, 0))]
    whose, since = entity[order][begins], day[order][begins]
    place = kinds[0].latest(whose, since)
    return Spans.of(whose, since, until, kinds[0].row[place])
