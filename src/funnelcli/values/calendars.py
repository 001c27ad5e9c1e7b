"""Which days count: all of them, or those on which business is done."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from funnelcli.values.periods import Period

Calendar = Callable[[date], bool]


def every_day(day: date) -> bool:
    """The calendar in which each day counts."""
    return True


def business_days(workdays: Sequence[int], holidays: Sequence[date]) -> Calendar:
    """A calendar of week days (0 is Monday) without holidays.

    >>> is_open = business_days([0, 1, 2, 3, 4], [date(2027, 2, 5)])
    >>> is_open(date(2027, 2, 4)), is_open(date(2027, 2, 5)), is_open(date(2027, 2, 6))
    (True, False, False)
    """
    closed = frozenset(holidays)
    return lambda day: day.weekday() in workdays and day not in closed


def days_of(period: Period, as_of: date, counts: Calendar) -> tuple[int, int]:
    """The days of a period that count: those gone by the end of ``as_of``, and all.

    >>> from funnelcli.values.periods import month_of
    >>> days_of(month_of(date(2027, 4, 1)), date(2027, 4, 12), every_day)
    (12, 30)
    """
    days = [period.start + timedelta(days=n) for n in range((period.end - period.start).days)]
    open_days = [day for day in days if counts(day)]
    return sum(day <= as_of for day in open_days), len(open_days)
