"""Moments that rows are tied to: when each was accepted or came back, be it by the minute or on a bare day."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from funnelcli.facts.events import Events
from funnelcli.values.dates import DAY_MICROS

NEVER = 2**62


class Dated(Struct, frozen=True, kw_only=True, eq=False):
    """Moments in local microseconds, NEVER where there is none, and whether each has a time of day.

    ``at`` of a bare day is its first moment, ``end`` its last: the day is all of it.
    """

    at: np.ndarray
    timed: np.ndarray

    @classmethod
    def never(cls, size: int) -> Dated:
        """None of so many."""
        return cls(at=np.full(size, NEVER), timed=np.zeros(size, dtype=bool))

    @classmethod
    def of_links(cls, size: int, events: Events | None) -> Dated:
        """Of each of so many things the first of the events that are tied to it by their links."""
        never = cls.never(size)
        if events is not None and len(events):
            order = np.argsort(events.at, kind="stable")[::-1]
            never.at[events.link[order]], never.timed[events.link[order]] = events.at[order], events.timed[order]
        return never

    def __len__(self) -> int:
        return len(self.at)

    def taken(self, places: np.ndarray) -> Dated:
        """Those at some places, none at a place below 0."""
        if not len(self.at):
            return Dated.never(len(places))
        return self.where(places >= 0, places)

    def where(self, kept: np.ndarray, places: np.ndarray | None = None) -> Dated:
        """Those that are kept, of some places where these are given."""
        at, timed = (self.at, self.timed) if places is None else (self.at[places], self.timed[places])
        return Dated(at=np.where(kept, at, NEVER), timed=kept & timed)

    def by(self, until: int) -> Dated:
        """Those up to a moment; of bare days those that have begun by then."""
        return self.where(self.at <= until)

    def or_else(self, other: Dated) -> Dated:
        """These, and the others where there is none."""
        return Dated(
            at=np.where(self.there, self.at, other.at), timed=np.where(self.there, self.timed, other.timed)
        )  # fmt: skip

    def unless_after(self, end: Dated) -> Dated:
        """Those that do not lie after an end each: by the moment, where one of both is a bare day by the day."""
        return self.where(~end.before(self))

    @property
    def there(self) -> np.ndarray:
        """Where there is one."""
        return np.asarray(self.at < NEVER)

    @property
    def end(self) -> np.ndarray:
        """The last moment that each may be: of a bare day the last of it.

        >>> Dated(at=np.array([0, 5, NEVER]), timed=np.array([False, True, False])).end.tolist() == [
        ...     DAY_MICROS - 1, 5, NEVER
        ... ]
        True
        """
        return np.asarray(np.where(self.timed | ~self.there, self.at, self.at + DAY_MICROS - 1))

    @property
    def bare(self) -> np.ndarray:
        """Which are a day without a time."""
        return np.asarray(self.there & ~self.timed)

    def by_start(self, start: Dated) -> np.ndarray:
        """Which are not after a start each: by the moment, where one of both is a bare day by the day."""
        by_day = self.at // DAY_MICROS <= start.at // DAY_MICROS
        return np.asarray(self.there & np.where(self.timed & start.timed, self.at <= start.at, by_day))

    def before(self, start: Dated) -> np.ndarray:
        """Which lie before a start each: by the moment, where one of both is a bare day by the day."""
        by_day = self.at // DAY_MICROS < start.at // DAY_MICROS
        return np.asarray(self.there & np.where(self.timed & start.timed, self.at < start.at, by_day))
