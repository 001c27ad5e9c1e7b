"""The last day that counts, which may end at a moment of its own: for what is measured in minutes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

NOW = "now"
_EPOCH = datetime(1970, 1, 1)


class Moment(date):
    """A day that ends at a local ``moment``, in microseconds since 1970-01-01; days are compared without it.

    >>> noon = Moment.of(datetime(2026, 9, 10, 12))
    >>> noon == date(2026, 9, 10), noon.moment // 3_600_000_000 % 24, noon.clock
    (True, 12, '12:00')
    """

    moment: int = 0

    @classmethod
    def of(cls, local: datetime) -> Moment:
        """The day of a local moment, which it ends at."""
        made = cls(local.year, local.month, local.day)
        made.moment = (local.replace(tzinfo=None) - _EPOCH) // timedelta(microseconds=1)
        return made

    def __add__(self, other: timedelta) -> date:  # type: ignore[override]
        """Another day, which ends as days do."""
        return date(self.year, self.month, self.day) + other

    __radd__ = __add__  # type: ignore[assignment]

    def __sub__(self, other: Any) -> Any:
        """Another day, or the time from one."""
        return date(self.year, self.month, self.day) - other

    @property
    def clock(self) -> str:
        """The hour and minute at which it ends."""
        return (_EPOCH + timedelta(microseconds=self.moment)).strftime("%H:%M")


def day_or_moment(text: str, timezone: str, now: datetime) -> date:
    """A day as it is written, or one that ends at a moment: ``2026-09-10 12:00``, ``now``.  ValueError for neither.

    >>> type(day_or_moment("2026-09-10", "UTC", datetime(2026, 9, 10))).__name__
    'date'
    """
    zone = ZoneInfo(timezone)
    if text.casefold() == NOW:
        return Moment.of(now.astimezone(zone))
    if len(text) <= len("2026-09-10"):
        return date.fromisoformat(text)
    given = datetime.fromisoformat(text)
    return Moment.of(given if given.tzinfo is None else given.astimezone(zone))
