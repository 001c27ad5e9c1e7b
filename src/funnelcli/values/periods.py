"""Periods: half-open spans of whole months, quarters or years."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

from funnelcli.problems import UsageError
from funnelcli.text import Text


class Grain(StrEnum):
    """How long one column of the dashboard is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def months(self) -> int:
        """Months in one period of this grain."""
        return _MONTHS_IN[self]

    @property
    def words(self) -> Text:
        """What several periods of it are called."""
        return Text(f"{self.value}s", {"month": "tháng", "quarter": "quý", "year": "năm"}[self.value])


_MONTHS_IN = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}


class Period(Struct, frozen=True, order=True):
    """The days from ``start`` up to, not including, ``end``."""

    start: date
    end: date
    key: str

    @property
    def last_day(self) -> date:
        """The last day within.

        >>> month_of(date(2026, 2, 10)).last_day
        datetime.date(2026, 2, 28)
        """
        return self.end - timedelta(days=1)

    def cut_by(self, as_of: date) -> bool:
        """Whether ``as_of`` comes before the last day, so that the period is not yet whole."""
        return as_of < self.last_day


def _month_start(months: int) -> date:
    """The first day of the month that is ``months`` months after January of year 0."""
    if not 12 <= months < 12 * 10_000:
        raise UsageError(
            Text("The range leaves the calendar.", "Khoảng thời gian vượt ra ngoài lịch."),
            hint=Text("Ask for fewer periods.", "Chọn ít kỳ hơn."),
        )
    return date(months // 12, months % 12 + 1, 1)


def _months(day: date) -> int:
    return day.year * 12 + day.month - 1


@lru_cache(maxsize=1024)
def period_of(day: date, grain: Grain) -> Period:
    """The period of ``grain`` that ``day`` lies in.

    >>> period_of(date(2026, 10, 31), Grain.QUARTER).key
    '2026Q4'
    """
    first = _months(day) // grain.months * grain.months
    start = _month_start(first)
    match grain:
        case Grain.MONTH:
            key = f"{start:%Y-%m}"
        case Grain.QUARTER:
            key = f"{start.year}Q{(start.month + 2) // 3}"
        case Grain.YEAR:
            key = f"{start.year}"
    return Period(start, _month_start(first + grain.months), key)


def month_of(day: date) -> Period:
    """The calendar month of ``day``."""
    return period_of(day, Grain.MONTH)


def shift(period: Period, steps: int, grain: Grain) -> Period:
    """The period ``steps`` later (negative: earlier).

    >>> shift(month_of(date(2026, 1, 5)), -1, Grain.MONTH).key
    '2025-12'
    """
    return period_of(_month_start(_months(period.start) + steps * grain.months), grain)


def span(first: Period, last: Period, grain: Grain) -> tuple[Period, ...]:
    """Every period from ``first`` to ``last``, both included.

    >>> [p.key for p in span(month_of(date(2025, 12, 1)), month_of(date(2026, 1, 1)), Grain.MONTH)]
    ['2025-12', '2026-01']
    """
    count = (_months(last.start) - _months(first.start)) // grain.months + 1
    return tuple(shift(first, step, grain) for step in range(count))


def bounded(first: Period, last: Period, grain: Grain, *, most: int) -> tuple[Period, ...]:
    """:func:`span` of what a user asked for; UsageError where it runs backwards or has more than ``most`` periods.

    >>> len(bounded(month_of(date(2026, 1, 1)), month_of(date(2026, 3, 1)), Grain.MONTH, most=12))
    3
    """
    if last < first:
        raise UsageError(
            Text(
                "The range ends ({last}) before it begins ({first}).",
                "Khoảng thời gian kết thúc ({last}) trước khi bắt đầu ({first}).",
            ).filled(first=first.key, last=last.key),
            hint=Text("Swap --from and --to.", "Đổi chỗ --from và --to."),
        )
    periods = span(first, last, grain)
    if len(periods) > most:
        raise UsageError(
            Text(
                "The range has {n} {grains}; {most} at most.", "Khoảng thời gian có {n} {grains}; tối đa {most}."
            ).filled(n=len(periods), grains=grain.words, most=most),
            hint=Text("Shorten it.", "Rút ngắn lại."),
        )
    return periods


def whole(periods: Sequence[Period]) -> Period:
    """The range of adjoining ``periods`` as one period with the key ``total``."""
    for earlier, later in pairwise(periods):
        if earlier.end != later.start:
            raise ValueError("periods must adjoin")
    return Period(periods[0].start, periods[-1].end, "total")


_KEY = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?|-?[Qq](?P<quarter>[1-4]))?")


def parse_bound(text: str, grain: Grain, *, last: bool, option: str) -> Period:
    """The period that ``2026-10``, ``2026-10-31``, ``2026Q4`` or ``2026`` names as a bound of a range.

    A wider key than the grain stands for its first period, or with ``last`` its last one.

    >>> parse_bound("2026", Grain.MONTH, last=True, option="--to").key
    '2026-12'
    """
    key = _KEY.fullmatch(text.strip())
    try:
        if not key:
            raise ValueError
        year = int(key["year"])
        if not 1990 <= year <= 2099:
            raise ValueError
        if key["month"]:
            day = date(year, int(key["month"]), int(key["day"] or 1))
            named = month_of(day)
        elif key["quarter"]:
            named = period_of(date(year, int(key["quarter"]) * 3, 1), Grain.QUARTER)
        else:
            named = period_of(date(year, 1, 1), Grain.YEAR)
    except ValueError:
        raise UsageError(
            Text("{option} {text!r} is not a period.", "{option} {text!r} không phải kỳ.").filled(
                option=option, text=text
            ),
            hint=Text(
                "Write a month like 2026-10, a quarter like 2026Q4 or a year like 2026.",
                "Viết tháng như 2026-10, quý như 2026Q4 hoặc năm như 2026.",
            ),
        ) from None
    return period_of(named.last_day if last else named.start, grain)


def grain_named(text: str | None) -> Grain:
    """The grain that a period's key tells: 2026-10 a month, 2026Q4 a quarter, 2026 a year.

    >>> grain_named("2026Q4").value
    'quarter'
    """
    if text and "q" in text.casefold():
        return Grain.QUARTER
    return Grain.YEAR if text and len(text.strip()) == 4 else Grain.MONTH
