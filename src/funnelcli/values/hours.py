"""Business hours: which minutes of which days are worked, with holidays, days that are swapped, and days on leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise

from msgspec import Struct, field

from funnelcli.text import Message, TextError
from funnelcli.text.regex import regex

WEEK = 7
DAY_MINUTES = 24 * 60
# From when until when work is done, in minutes since midnight.
Span = tuple[int, int]
Spans = tuple[Span, ...]
_SPAN = regex(r"([01]?\d|2[0-4])[:h]([0-5]\d)?\s*[-–]\s*([01]?\d|2[0-4])[:h]([0-5]\d)?")
_USUAL: Span = (8 * 60, 17 * 60 + 30)


def parse_spans(written: str | Sequence[str]) -> Spans:
    """The hours of a day as they are written; TextError where they are none, overlap, or stand out of order.

    >>> parse_spans("08:00-17:30"), parse_spans(["08:00-12:00", "13:30-17:30"]), parse_spans([])
    (((480, 1050),), ((480, 720), (810, 1050)), ())
    """
    spans = tuple(_span(text) for text in ([written] if isinstance(written, str) else written))
    bounds = [minute for span in spans for minute in span]
    if any(later < earlier for earlier, later in pairwise(bounds)):
        raise TextError(Message("the hours of a day stand one after another, like ['08:00-12:00', '13:30-17:30']"))
    return spans


def _span(text: object) -> Span:
    match = _SPAN.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is not None:
        since, until = (int(match[hour]) * 60 + int(match[hour + 1] or 0) for hour in (1, 3))
        if since < until <= DAY_MINUTES:
            return since, until
    raise TextError(Message("{text!r} are no hours of a day; write them like 08:00-17:30").filled(text=str(text)))


def days_from_to(written: str | date) -> tuple[date, date]:
    """The first and the last of some days; TextError where it is neither a day nor two, the first before the last.

    >>> first, last = days_from_to("2026-02-14/2026-02-22")
    >>> (last - first).days, days_from_to(date(2026, 2, 14)) == (date(2026, 2, 14), date(2026, 2, 14))
    (8, True)
    """
    if isinstance(written, date):
        return written, written
    try:
        first, last = (date.fromisoformat(part.strip()) for part in (written.split("/") * 2)[:2])
    except (ValueError, AttributeError):
        first, last = date.max, date.min
    if not first <= last <= first + timedelta(days=366):
        text = Message("{text!r} is no day and no span of days; write it like 2026-02-14/2026-02-22")
        raise TextError(text.filled(text=str(written)))
    return first, last


class Off(Struct, frozen=True, kw_only=True):
    """Public holidays: each day with its name; ``swapped`` are days worked instead, each with the day it is for."""

    days: Mapping[date, str] = field(default_factory=dict)
    swapped: Mapping[date, date] = field(default_factory=dict)


NO_HOLIDAYS = Off()


class Hours(Struct, frozen=True, kw_only=True, dict=True):
    """The business hours of a calendar, in the local time of its ``zone``.

    ``week`` are the hours of each day of the week, 0 being Monday.  A day is closed where it is a holiday or one of
    the ``closed``; one of the ``opened`` is worked in full whatever it is else.  A day worked instead of another that
    is off has the hours of that one, where it is none on which work is done anyway.

    >>> hours = Hours(zone="Asia/Ho_Chi_Minh", week=working_week(range(5)), opened=frozenset([date(2026, 8, 22)]))
    >>> hours.on(date(2026, 8, 21)), hours.on(date(2026, 8, 22)), hours.on(date(2026, 8, 23))
    (((480, 1050),), ((480, 1050),), ())
    """

    zone: str
    week: tuple[Spans, ...]
    off: Off = NO_HOLIDAYS
    closed: frozenset[date] = frozenset()
    opened: frozenset[date] = frozenset()

    def on(self, day: date) -> Spans:
        """The hours of a day, nothing where no work is done."""
        if day in self.opened:
            return self.week[day.weekday()] if self._is_full(day.weekday()) else self.fullest
        if day in self.closed or day in self.off.days:
            return ()
        usual = self.week[day.weekday()]
        if usual or day not in self.off.swapped:
            return usual
        return self.week[self.off.swapped[day].weekday()] or self.fullest

    @cached_property
    def fullest(self) -> Spans:
        """The hours of the day of the week on which most is worked, of several that of the first."""
        return max(self.week, key=worked_minutes)

    def _is_full(self, weekday: int) -> bool:
        return worked_minutes(self.week[weekday]) == worked_minutes(self.fullest)

    @property
    def is_ever_open(self) -> bool:
        """Whether work is done on any day of the week."""
        return any(self.week)


def worked_minutes(spans: Iterable[Span]) -> int:
    """How many minutes are worked in some hours.

    >>> worked_minutes(parse_spans(["08:00-12:00", "13:30-17:30"]))
    480
    """
    return sum(until - since for since, until in spans)


def working_week(weekdays: Iterable[int], spans: Spans = (_USUAL,)) -> tuple[Spans, ...]:
    """A week with the same hours, else 08:00 to 17:30, on some of its days.

    >>> [bool(spans) for spans in working_week([0, 5])]
    [True, False, False, False, False, True, False]
    """
    chosen = frozenset(weekdays)
    return tuple(spans if weekday in chosen else () for weekday in range(WEEK))
