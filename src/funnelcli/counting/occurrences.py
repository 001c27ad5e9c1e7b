"""Events as they count up to a day: where they end though nothing says when, and of which part of the business."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

import numpy as np
from msgspec.structs import replace

from funnelcli.counting.levels import Levels
from funnelcli.counting.lives import Homes, Lives
from funnelcli.counting.measures import Held, Where
from funnelcli.counting.movements import movements_by
from funnelcli.counting.parts import Parts, goes_elsewhere
from funnelcli.counting.select import day_number
from funnelcli.facts.dimensions import CHANNEL
from funnelcli.facts.events import UNDATED_END, Coded, Events, Records
from funnelcli.facts.model import Facts
from funnelcli.facts.movements import KINDS, UNPRICED_BESIDE, movement_event
from funnelcli.inputs import input_of_event
from funnelcli.values.channels import CODES, Channel


class OfRows(Protocol):
    """What is said of records: events, or amounts."""

    @property
    def records(self) -> Records:
        """All the records."""

    @property
    def row(self) -> np.ndarray:
        """The places of those that it is said of."""

    def __len__(self) -> int: ...


class Occurrences:
    """The events of some facts as they count up to ``as_of``, by the parts of a dimension where there are any."""

    def __init__(self, facts: Facts, as_of: date, parts: Parts | None) -> None:
        self.facts = facts
        self.as_of = as_of
        self.parts = parts
        self._levels: dict[Held, Levels] = {}
        self._moved: dict[tuple[str, ...], Mapping[str, Events]] = {}
        self._lives: dict[tuple[str, ...], Lives] = {}
        self._homes: dict[tuple[str, ...], Homes] = {}

    def of(self, name: str, where: Sequence[Where] = ()) -> Events | None:
        """The events of a name; of moves from row to row, those that lead to another part, or into or out of ``where``.

        What has ended on a day that nothing says has ended by as_of.
        """
        wanted = input_of_event(name)
        events = self.dated(name)
        stays = wanted.stays if wanted is not None else None
        if events is not None and stays is not None and name.startswith(f"{stays.money}:"):
            return self._movements(stays.money, where)[name]
        if events is None or stays is None or name not in (stays.moved_in, stays.moved_out):
            return events
        off, onto = self.facts.events[stays.moved_out], self.facts.events[stays.moved_in]
        return events.kept(goes_elsewhere(self.facts, self.parts, (off, onto), where))

    def dated(self, name: str) -> Events | None:
        """The events of a name; what has ended on a day that nothing says has ended by as_of."""
        events = self.facts.events.get(name)
        if events is not None and (events.day == UNDATED_END).any():
            known_by = np.maximum(day_number(self.as_of), events.since)
            events = replace(events, day=np.where(events.day == UNDATED_END, known_by, events.day))
        return events

    def _movements(self, money: str, where: Sequence[Where]) -> Mapping[str, Events]:
        """The movements of MRR as they count by the parts that are asked for, and by what is asked of their rows."""
        dimensions = self._told_apart(where)
        if dimensions not in self._moved:
            names = [movement_event(money, kind) for kind in (*KINDS, UNPRICED_BESIDE)]
            known = {name: events for name in names if (events := self.dated(name)) is not None}
            records = known[names[0]].records
            values = [self.facts.dimensions.of(each, records) for each in dimensions]
            self._moved[dimensions] = movements_by(known, money, values)
        return self._moved[dimensions]

    def _told_apart(self, where: Sequence[Where]) -> tuple[str, ...]:
        """The dimensions by which rows are told apart: that of the parts, and those of what is asked of rows."""
        by = CHANNEL if self.parts is None else self.parts.dimension
        return tuple(dict.fromkeys((by, *(each.dimension for each in where))))

    def values_of(self, records: Records, where: Sequence[Where]) -> list[Coded]:
        """The values of some records in every dimension by which they are told apart."""
        return [self.facts.dimensions.of(each, records) for each in self._told_apart(where)]

    def lives(self, plus: Sequence[str], minus: Sequence[str]) -> Lives:
        """What adds to a level by the events of a name, until those of another undo it."""
        names = (*plus, *minus)
        if names not in self._lives:
            begun, ceased = (self.of(name) for name in names)
            assert begun is not None
            assert ceased is not None
            self._lives[names] = Lives.of(begun, ceased)
        return self._lives[names]

    def homes(self, plus: Sequence[str], minus: Sequence[str], where: Sequence[Where]) -> Homes:
        """What each entity ever has of a level by the values that rows are told apart by."""
        names = (*plus, *minus, *self._told_apart(where))
        if names not in self._homes:
            lives = self.lives(plus, minus)
            self._homes[names] = Homes.of(lives, self.values_of(lives.events.records, where))
        return self._homes[names]

    def holding(self, held: Held) -> Levels:
        """What each entity has at the close of a day: how often it pays, or its MRR."""
        if held not in self._levels:
            names = (("paid_first", "paid_again"), ("paid_lost",)) if held == "paying" else (("mrr",), ("mrr_ceased",))
            plus, minus = ([known for name in of if (known := self.of(name)) is not None] for of in names)
            self._levels[held] = Levels(plus, minus)
        return self._levels[held]

    def fitting(self, events: OfRows, where: Sequence[Where]) -> np.ndarray:
        """Which of some events are of rows that fit all that is asked of them."""
        fits = np.ones(len(events), dtype=bool)
        for each in where:
            fits &= self.facts.dimensions.of(each.dimension, events.records).that(each.fits)[events.row]
        return fits

    def channels_of(self, events: OfRows) -> np.ndarray:
        """The code of the channel of each event."""
        values = self.facts.dimensions.of(CHANNEL, events.records)
        codes = np.array([CODES[Channel(text)] for text in values.texts] or [0], dtype=np.int64)
        return np.asarray(codes[values.codes[events.row]])

    def parts_of(self, events: OfRows) -> np.ndarray:
        """The place of the part of each event, 0 where the business is not split but by channel."""
        if self.parts is None or self.parts.dimension == CHANNEL:
            return np.zeros(len(events), dtype=np.int64)
        values = self.facts.dimensions.of(self.parts.dimension, events.records)
        codes = np.array([self.parts.place_of(text) for text in values.texts] or [0], dtype=np.int64)
        return np.asarray(codes[values.codes[events.row]])
