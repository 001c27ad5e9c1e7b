"""The clocks of the agreement: whose working hours count for whom, and when something is due."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from funnelcli.config import WEEKDAYS, Config
from funnelcli.config.agreement import CalendarTable, Limit, OwnCalendar
from funnelcli.facts.events import Coded
from funnelcli.facts.worktime import MINUTE_MICROS, WorkTime, to_local, to_utc
from funnelcli.values.channels import fold, matches
from funnelcli.values.dates import DAY_MICROS, day_of
from funnelcli.values.holidays import public_holidays
from funnelcli.values.hours import NO_HOLIDAYS, Hours, working_week

_MONDAY_TO_FRIDAY = range(5)
# Days beyond the last that is looked at, in which something may be due: so many, and as many for each working day.
_AHEAD, _A_WORKING_DAY = 60, 3


def hours_of(config: Config, table: CalendarTable, years: Sequence[int]) -> Hours:
    """The hours of a calendar, else of the business, else 08:00 to 17:30 on workdays, without their holidays."""
    zone = table.timezone if isinstance(table, OwnCalendar) else None
    said = [table.hours_of(weekday) for weekday in range(7)]
    if all(spans is None for spans in said):  # somebody elsewhere who keeps the hours of the business
        said = [config.sla.hours.hours_of(weekday) for weekday in range(7)]
    days = config.business.workdays
    usual = working_week(_MONDAY_TO_FRIDAY if days is None else [WEEKDAYS.index(day) for day in days])
    off = NO_HOLIDAYS if table.holidays is None else public_holidays(table.holidays, years)
    closed = {day for span in table.closed for day in _days(*span)} | set(config.business.holidays)
    return Hours(
        zone=zone or config.business.timezone,
        week=usual if all(spans is None for spans in said) else tuple(spans or () for spans in said),
        off=off, closed=frozenset(closed), opened=frozenset(day for span in table.open for day in _days(*span)),
    )  # fmt: skip


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(number) for number in range((last - first).days + 1)]


class Clocks:
    """The working hours of everybody, from a day to another, and what they come to between local moments."""

    def __init__(self, config: Config, first: int, last: int) -> None:
        self._config = config
        limits = (config.sla.sales.respond, config.sla.sales.decide)
        longest = max(limit.days + limit.minutes // 60 for limit in (*limits, Limit()) if limit is not None)
        self._first, self._last = first - 1, last + _AHEAD + _A_WORKING_DAY * longest

    @cached_property
    def calendars(self) -> tuple[Hours, ...]:
        """The hours of the business, then those of each further calendar."""
        years = range(day_of(self._first * DAY_MICROS).year, day_of(self._last * DAY_MICROS).year + 1)
        tables = (self._config.sla.hours, *self._config.sla.hours.calendars.values())
        return tuple(hours_of(self._config, table, years) for table in tables)

    @cached_property
    def _times(self) -> tuple[WorkTime, ...]:
        return tuple(WorkTime.of(hours, self._first, self._last) for hours in self.calendars)

    def calendar_of(self, owner: str) -> int:
        """The place of the calendar of somebody: the first whose owners they are like, else that of the business."""
        for place, table in enumerate(self._config.sla.hours.calendars.values(), start=1):
            if owner and matches(owner, table.owners):
                return place
        return 0

    def of_owners(self, owners: Coded) -> np.ndarray:
        """The place of the calendar of each."""
        places = np.array([self.calendar_of(text) for text in owners.texts] or [0], dtype=np.int64)
        return np.asarray(places[owners.codes])

    def between(self, calendar: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
        """The working time from each moment to another, in microseconds, by the calendar at each place."""
        return self._each(calendar, [start, end], lambda time, moments: time.between(*moments))

    def elapsed(self, start: np.ndarray, end: np.ndarray) -> np.ndarray:
        """The time that passes from each moment to another, in microseconds, also where clocks are changed."""
        zone = self._config.business.timezone
        return np.asarray(to_utc(end, zone) - to_utc(start, zone))

    def due(self, calendar: np.ndarray, start: np.ndarray, limit: Limit) -> np.ndarray:
        """When each is due that may take so long."""

        def of(time: WorkTime, moments: list[np.ndarray]) -> np.ndarray:
            if limit.days:
                return time.days_after(moments[0], limit.days)
            return time.after(moments[0], limit.minutes * MINUTE_MICROS)

        zone = self._config.business.timezone
        return to_local(self._each(calendar, [start], of), zone)

    def _each(
        self,
        calendar: np.ndarray,
        moments: list[np.ndarray],
        made: Callable[[WorkTime, list[np.ndarray]], np.ndarray],
    ) -> np.ndarray:
        utc = [to_utc(each, self._config.business.timezone) for each in moments]
        result = np.zeros(len(calendar), dtype=np.int64)
        for place, time in enumerate(self._times):
            mine = np.flatnonzero(calendar == place)
            if len(mine):
                result[mine] = made(time, [each[mine] for each in utc])
        return result

    def on_leave(self, owners: Coded, start: np.ndarray, end: np.ndarray) -> np.ndarray:
        """Whether each was on leave on any day from a moment to another."""
        away = np.zeros(len(start), dtype=bool)
        first, last = start // DAY_MICROS, end // DAY_MICROS
        for name, spans in self._config.sla.hours.leave.items():
            whose = owners.that(lambda text, name=name: fold(text) == fold(name) or matches(text, [name]))  # type: ignore[misc]
            for since, until in spans:
                from_day, to_day = ((day - date(1970, 1, 1)).days for day in (since, until))
                away |= whose & (first <= to_day) & (last >= from_day)
        return away
