"""Customers who got back more than they ever paid, as far as the exports know what they paid."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec import Struct

from funnelcli.facts.cash import BACK, UNKNOWN
from funnelcli.facts.events import Events
from funnelcli.facts.model import Facts
from funnelcli.inputs.paid_users import PAID_USERS


class PaidBack(Struct, frozen=True, kw_only=True, eq=False):
    """Of all entities, in hundredths, what they ``paid`` and what was ``refunded``; ``refunds`` are the events of that.

    ``is_above`` are those that got back more than they paid, of whom it is known what they paid.
    """

    paid: np.ndarray
    refunded: np.ndarray
    is_above: np.ndarray
    refunds: tuple[Events, ...]

    def latest(self, last: int) -> list[tuple[int, Events, int]]:
        """Each entity that got back too much with its latest refund up to a day: the events, and the place in them."""
        at: dict[int, tuple[int, Events, int]] = {}
        for events in self.refunds:
            entity = events.records.entity[events.row]
            for place in np.flatnonzero((events.day <= last) & self.is_above[entity] & (entity >= 0)).tolist():
                whose, day = int(entity[place]), int(events.day[place])
                if whose not in at or day >= at[whose][0]:
                    at[whose] = (day, events, place)
        return [(entity, events, place) for entity, (_, events, place) in sorted(at.items())]


def paid_back(facts: Facts, last: int) -> PaidBack:
    """What each customer paid and got back up to and with a ``last`` day."""
    stays = PAID_USERS.stays
    assert stays is not None
    size = len(facts.entities)
    refunds = tuple(_events(facts, stays.refund))
    paid = _sums(tuple(_events(facts, stays.cash)), last, size)
    refunded = _sums(refunds, last, size)
    unknown = np.zeros(size + 1, dtype=bool)  # of nobody too
    for name in (stays.cash + UNKNOWN, stays.cash + BACK + UNKNOWN):
        events = facts.events.get(name)
        if events is not None:
            unknown[events.records.entity[events.row[events.day <= last]]] = True
    return PaidBack(paid=paid, refunded=refunded, is_above=(refunded > paid) & ~unknown[:size], refunds=refunds)


def _events(facts: Facts, name: str) -> Iterator[Events]:
    for suffix in ("", BACK):
        events = facts.events.get(name + suffix)
        if events is not None:
            yield events


def _sums(of: tuple[Events, ...], last: int, size: int) -> np.ndarray:
    """The weights of events of each entity up to a day."""
    sums = np.zeros(size + 1, dtype=np.int64)
    for events in of:
        within = np.flatnonzero(events.day <= last)
        np.add.at(
            sums, events.records.entity[events.row[within]], np.broadcast_to(events.weight, len(events.day))[within]
        )
    return sums[:size]
