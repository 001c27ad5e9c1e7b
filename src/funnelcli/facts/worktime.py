"""Working time in columns: how many minutes of business hours lie between moments, and when so many are over.

Moments are microseconds since 1970-01-01, in UTC unless something else is said.  Hours are those of the clock of their
zone; what lies between two moments is the time that really passes, so that a night in which the clock is changed is
as long as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from msgspec import Struct

from funnelcli.values.dates import DAY_MICROS, day_of
from funnelcli.values.hours import Hours

MINUTE_MICROS = 60_000_000
_EPOCH = datetime(1970, 1, 1)
_KEPT = 2**14  # days of clocks, which are asked for again and again
_AWARE_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_utc(local: np.ndarray, zone: str) -> np.ndarray:
    """Moments of the clock of a zone in UTC; of an hour that the clock shows twice, the first.

    >>> nine = np.array([9 * 60 * MINUTE_MICROS])
    >>> (to_utc(nine, "Asia/Ho_Chi_Minh") // MINUTE_MICROS // 60).tolist()
    [1]
    """
    return _shifted(local, lambda micros: -_ahead_at_local(micros, zone))


def is_changed(zone: str, first: int, last: int) -> bool:
    """Whether the clock of a zone is changed between two of its moments.

    >>> [is_changed(zone, 0, 365 * DAY_MICROS) for zone in ("Asia/Ho_Chi_Minh", "Europe/Berlin", "America/New_York")]
    [False, False, True]
    """
    days = range(first // DAY_MICROS, last // DAY_MICROS + 2)
    return len({_ahead_at_local(day * DAY_MICROS, zone) for day in days}) > 1


def to_local(utc: np.ndarray, zone: str) -> np.ndarray:
    """Moments in UTC as the clock of a zone shows them."""
    return _shifted(utc, lambda micros: _ahead_at_utc(micros, zone))


def _shifted(moments: np.ndarray, by: Callable[[int], int]) -> np.ndarray:
    """Moments moved by what is asked once a day, and one by one on days in which it changes."""
    moments = np.asarray(moments, dtype=np.int64)
    days, place = np.unique(moments // DAY_MICROS, return_inverse=True)
    first = np.array([by(int(day) * DAY_MICROS) for day in days], dtype=np.int64)
    after = np.array([by((int(day) + 1) * DAY_MICROS) for day in days], dtype=np.int64)
    shift = first[place]
    for row in np.flatnonzero((first != after)[place]).tolist():
        shift[row] = by(int(moments[row]))
    return np.asarray(moments + shift)


@lru_cache(maxsize=_KEPT)
def _ahead_at_local(micros: int, zone: str) -> int:
    offset = (_EPOCH + timedelta(microseconds=micros)).replace(tzinfo=ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return offset // timedelta(microseconds=1)


@lru_cache(maxsize=_KEPT)
def _ahead_at_utc(micros: int, zone: str) -> int:
    offset = (_AWARE_EPOCH + timedelta(microseconds=micros)).astimezone(ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return offset // timedelta(microseconds=1)


class WorkTime(Struct, frozen=True, kw_only=True, eq=False):
    """The business hours of some days as moments at which they open and close.

    ``before`` is what is worked before each opening.  Of each opening ``day`` is the local day, and ``place`` the
    place of that day among those on which work is done, ``working`` days in all, each with its first opening.
    """

    zone: str
    opens: np.ndarray
    closes: np.ndarray
    before: np.ndarray
    day: np.ndarray
    place: np.ndarray
    working: np.ndarray

    @classmethod
    def of(cls, hours: Hours, first: int, last: int) -> WorkTime:
        """The hours of the days from the first to the last, by their number since 1970-01-01."""
        spans = [
            (day, since, until) for day in range(first, last + 1) for since, until in hours.on(day_of(day * DAY_MICROS))
        ]
        columns = np.array(spans or [(last, 0, 0)], dtype=np.int64)  # where work is never done, as good as never
        day = columns[:, 0]
        opens, closes = (to_utc(day * DAY_MICROS + columns[:, at] * MINUTE_MICROS, hours.zone) for at in (1, 2))
        worked = np.cumsum(closes - opens)
        _, begun, place = np.unique(day, return_index=True, return_inverse=True)
        return cls(
            zone=hours.zone, opens=opens, closes=closes, before=worked - (closes - opens), day=day, place=place,
            working=begun,
        )  # fmt: skip

    def worked(self, moments: np.ndarray) -> np.ndarray:
        """What is worked up to each moment from the first day on."""
        place = np.searchsorted(self.opens, moments, side="right") - 1
        at = np.maximum(place, 0)
        lasted = np.clip(moments - self.opens[at], 0, self.closes[at] - self.opens[at])
        return np.asarray(np.where(place < 0, 0, self.before[at] + lasted))

    def between(self, start: np.ndarray, end: np.ndarray) -> np.ndarray:
        """The time that is worked from each moment to another, in microseconds.

        >>> from funnelcli.values.hours import parse_spans, working_week
        >>> nine_to_five = working_week(range(5), parse_spans("09:00-17:00"))
        >>> time = WorkTime.of(Hours(zone="UTC", week=nine_to_five), 0, 30)
        >>> friday, monday = (np.array([day * DAY_MICROS]) for day in (1, 4))
        >>> minutes = time.between(friday + 990 * MINUTE_MICROS, monday + 570 * MINUTE_MICROS) // MINUTE_MICROS
        >>> minutes.tolist()
        [60]
        """
        return np.asarray(self.worked(end) - self.worked(start))

    def after(self, start: np.ndarray, time: int) -> np.ndarray:
        """The first moment at which so much, which is more than nothing, has been worked since each start."""
        wanted = self.worked(start) + time
        at = np.maximum(np.searchsorted(self.before, wanted, side="left") - 1, 0)
        return np.asarray(self.opens[at] + wanted - self.before[at])

    def opening(self, moments: np.ndarray) -> np.ndarray:
        """Each moment, or the next opening where it is outside the hours."""
        at = np.minimum(np.searchsorted(self.closes, moments, side="right"), len(self.closes) - 1)
        return np.asarray(np.maximum(moments, self.opens[at]))

    def days_after(self, start: np.ndarray, days: int) -> np.ndarray:
        """The same hour so many working days later; where that is not worked, the close before it, else the opening.

        What begins outside the hours is reckoned from the next opening.
        """
        begun = self.opening(start)
        of_day = to_local(begun, self.zone) % DAY_MICROS
        at = np.searchsorted(self.opens, begun, side="right") - 1
        due = np.minimum(self.place[np.maximum(at, 0)] + days, len(self.working) - 1)
        opening = self.working[due]
        wanted = to_utc(self.day[opening] * DAY_MICROS + of_day, self.zone)
        last = np.searchsorted(self.opens, wanted, side="right") - 1
        before = last < opening  # the hour lies before the first opening of that day
        return np.asarray(np.where(before, self.opens[opening], np.minimum(wanted, self.closes[np.maximum(last, 0)])))
