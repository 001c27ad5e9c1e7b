"""Moments in columns: what lies within a window, how many months lie between two, and how much time.

Two moments that have a time compare by it; with a bare date, whole days do.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from msgspec import Struct

from funnelcli.facts.worktime import is_changed, to_utc
from funnelcli.values.dates import DAY_MICROS
from funnelcli.values.windows import Window

HOUR_MICROS = DAY_MICROS // 24
_MICROS = {"d": DAY_MICROS, "w": 7 * DAY_MICROS, "h": HOUR_MICROS}


class Moments(Struct, frozen=True, kw_only=True, eq=False):
    """Moments in columns: the local ``day`` since 1970-01-01, ``at`` in local microseconds, whether it has a time.

    Between those of a ``zone`` lies the time that passed, also where its clocks are changed in between.
    """

    day: np.ndarray
    at: np.ndarray
    timed: np.ndarray
    zone: str = ""

    def __len__(self) -> int:
        return len(self.day)

    def at_places(self, places: np.ndarray) -> Moments:
        """Those at some places."""
        return Moments(day=self.day[places], at=self.at[places], timed=self.timed[places], zone=self.zone)


def last_day(window: Window, start: Moments) -> np.ndarray:
    """The day on which the window ends that begins at each moment: once that is over, so is the window."""
    days: np.ndarray
    match window.unit:
        case "d" | "w":
            days = start.day + window.number * (7 if window.unit == "w" else 1)
        case "m":
            days = months_later(start.day, window.number)
        case "h":
            by_time = (start.at + window.number * HOUR_MICROS) // DAY_MICROS
            days = np.where(start.timed, by_time, start.day + window.number // 24)
    return days


def within(window: Window, start: Moments, end: Moments) -> np.ndarray:
    """Of each pair of moments whether the later lies within the window of the earlier."""
    both, held = start.timed & end.timed, np.zeros(len(start), dtype=bool)
    if window.unit == "m":
        last = months_later(start.day, window.number)
        later = end.at % DAY_MICROS > start.at % DAY_MICROS
        held = (end.day < last) | ((end.day == last) & ~(both & later))
    else:
        held = elapsed(start, end) <= window.number * _MICROS[window.unit]
    return held


def months_later(day: np.ndarray, months: int | np.ndarray) -> np.ndarray:
    """The day so many calendar months later, cut to the last of its month: 31 January, 28 February, 31 March.

    >>> days = np.array(["2026-01-31", "2026-01-28"], dtype="datetime64[D]").astype(np.int64)
    >>> months_later(days, 1).astype("datetime64[D]").astype(str).tolist()
    ['2026-02-28', '2026-02-28']
    """
    month = months_of(day)
    of_month = day - _each(month, _first_days)
    wanted = month + months
    first = _each(wanted, _first_days)
    length = _each(wanted + 1, _first_days) - first
    return np.asarray(first + np.minimum(of_month, length - 1))


def ages(start: Moments, end: Moments) -> np.ndarray:
    """The largest number of months that lie between each pair of moments, always reckoned from the start.

    >>> def on(*days):
    ...     day = np.array(days, dtype="datetime64[D]").astype(np.int64)
    ...     return Moments(day=day, at=day * DAY_MICROS, timed=np.zeros(len(day), dtype=bool))
    >>> ages(on("2026-01-31", "2026-01-31"), on("2026-02-27", "2026-03-31")).tolist()
    [0, 2]
    """
    months = months_of(end.day) - months_of(start.day)
    reached = months_later(start.day, months)
    both = start.timed & end.timed
    early = both & (reached == end.day) & (end.at % DAY_MICROS < start.at % DAY_MICROS)
    return np.asarray(months - ((reached > end.day) | early))


def elapsed(start: Moments, end: Moments) -> np.ndarray:
    """The microseconds between each pair of moments; with a bare date those of whole days.

    >>> at = np.array([20_520 * DAY_MICROS + 15 * HOUR_MICROS])  # 8 March 2026 is a day of 23 hours in New York
    >>> kept = [Moments(day=at // DAY_MICROS, at=at, timed=np.array([True]), zone="America/New_York")
    ...         for at in (at - 7 * DAY_MICROS, at)]
    >>> (elapsed(*kept) / HOUR_MICROS).tolist()
    [167.0]
    """
    both = start.timed & end.timed
    micros: np.ndarray = np.where(both, end.at - start.at, (end.day - start.day) * DAY_MICROS)
    if start.zone and both.any():
        since, until = start.at[both], end.at[both]
        if is_changed(start.zone, int(min(since.min(), until.min())), int(max(since.max(), until.max()))):
            micros[both] = to_utc(until, start.zone) - to_utc(since, start.zone)
    return micros


def so_far(start: Moments, until: int, last: int | None = None) -> np.ndarray:
    """The microseconds from each moment to the end of a day, or to its ``last`` moment; from a bare date whole days.

    >>> eight = Moments(day=np.array([0, 0]), at=np.array([8 * HOUR_MICROS, 0]), timed=np.array([True, False]))
    >>> (so_far(eight, 1) / HOUR_MICROS).tolist(), (so_far(eight, 1, DAY_MICROS + HOUR_MICROS) / HOUR_MICROS).tolist()
    ([40.0, 24.0], [17.0, 24.0])
    """
    ends = (until + 1) * DAY_MICROS if last is None else last
    return np.maximum(np.where(start.timed, ends - start.at, (until - start.day) * DAY_MICROS), 0)


def months_of(day: np.ndarray) -> np.ndarray:
    """The months, counted from January 1970, that days lie in.

    >>> months_of(np.array(["1970-02-01", "1971-01-31"], dtype="datetime64[D]").astype(np.int64)).tolist()
    [1, 12]
    """
    return _each(day, lambda days: days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64))


def _first_days(month: np.ndarray) -> np.ndarray:
    days: np.ndarray = month.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return days


def _each(numbers: np.ndarray, made: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """What is made of each of many numbers; where they lie close together, of each different one once.

    >>> _each(np.array([7, 5, 7]), lambda numbers: numbers * 10).tolist()
    [70, 50, 70]
    """
    least, most = (int(numbers.min()), int(numbers.max())) if len(numbers) else (0, 0)
    if most - least > len(numbers):
        return made(numbers)
    table: np.ndarray = made(np.arange(least, most + 1))[numbers - least]
    return table
