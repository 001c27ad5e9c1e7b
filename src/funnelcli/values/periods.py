"""Periods: half-open spans of whole weeks, months, quarters or years, these of the calendar or of fiscal years."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

from funnelcli.problems import UsageError
from funnelcli.text import Message, Text, as_text, in_context, month_words, quarter_words


class Grain(StrEnum):
    """How long one column of the dashboard is."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def words(self) -> Text:
        """What several periods of it are called."""
        return _WORDS[self]


_WORDS = {
    Grain.WEEK: Message("weeks"),
    Grain.MONTH: Message("months"),
    Grain.QUARTER: Message("quarters"),
    Grain.YEAR: Message("years"),
}
_MONTHS_IN = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}
# Translators: an ISO week, a fiscal year and a quarter of one, as short as they stand over a column.
_WEEK_WORDS = in_context("date", "W{number} {year}")
_FISCAL_YEAR, _FISCAL_QUARTER = in_context("date", "FY{year}"), in_context("date", "Q{number} FY{year}")
_WEEK = timedelta(days=7)
_FISCAL = "FY"  # before the year in the key of a fiscal year, and of its quarters


TODAY = "today"  # the word for the day of the clock
WHOLE = "total"  # the key of a whole range


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

    @property
    def grain(self) -> Grain:
        """How long it is, as its key says.

        >>> [Period(date(2026, 1, 1), date(2027, 1, 1), key).grain.value for key in ("FY2026-Q1", "2026-W01", "2026")]
        ['quarter', 'week', 'year']
        """
        if "W" in self.key:
            return Grain.WEEK
        if "Q" in self.key:
            return Grain.QUARTER
        return Grain.MONTH if "-" in self.key else Grain.YEAR

    @property
    def is_fiscal(self) -> bool:
        """Whether it is a fiscal year, or a quarter of one."""
        return self.key.startswith(_FISCAL)

    @property
    def words(self) -> Text:
        """The period as people write it in a sentence.

        >>> month_of(date(2026, 10, 5)).words.of("en"), period_of(date(2026, 10, 5), Grain.QUARTER).words.of("vi")
        ('Oct 2026', 'Quý 4/2026')
        >>> [period_of(date(2026, 10, 5), grain, 4).words.of("vi") for grain in (Grain.WEEK, Grain.YEAR)]
        ['Tuần 41/2026', 'TC2026']
        """
        if self.key == WHOLE:
            return Message("total")
        year, _, number = self.key.removeprefix(_FISCAL).replace("-", "").replace("W", "Q").partition("Q")
        match self.grain:
            case Grain.WEEK:
                return _WEEK_WORDS.filled(number=int(number), year=year)
            case Grain.MONTH:
                return month_words(self.start)
            case Grain.QUARTER if self.is_fiscal:
                return _FISCAL_QUARTER.filled(number=number, year=year)
            case Grain.QUARTER:
                return quarter_words(self.start)
            case Grain.YEAR:
                return _FISCAL_YEAR.filled(year=year) if self.is_fiscal else as_text(year)

    def cut_by(self, as_of: date) -> bool:
        """Whether ``as_of`` comes before the last day, so that the period is not yet whole."""
        return as_of < self.last_day


def _month_start(months: int) -> date:
    """The first day of the month that is ``months`` months after January of year 0."""
    if not 12 <= months < 12 * 10_000:
        raise _no_calendar()
    return date(months // 12, months % 12 + 1, 1)


def _no_calendar() -> UsageError:
    return UsageError(
        Message("The range leaves the calendar."),
        hint=Message("Ask for fewer periods."),
    )


def _months(day: date) -> int:
    return day.year * 12 + day.month - 1


@lru_cache(maxsize=1024)
def period_of(day: date, grain: Grain, year_starts: int = 1) -> Period:
    """The period of ``grain`` that ``day`` lies in; years, and their quarters, start with the month ``year_starts``.

    A week is an ISO week, from Monday to Sunday.  A fiscal year is named by the year that it begins in.

    >>> period_of(date(2026, 10, 31), Grain.QUARTER).key, period_of(date(2027, 1, 3), Grain.WEEK).key
    ('2026Q4', '2026-W53')
    >>> [period_of(date(2027, 1, 31), grain, 2).key for grain in (Grain.QUARTER, Grain.YEAR)]
    ['FY2026-Q4', 'FY2026']
    """
    match grain:
        case Grain.WEEK:
            year, week, weekday = day.isocalendar()
            start = day - timedelta(days=weekday - 1)
            return Period(start, _moved(start, 1), f"{year}-W{week:02d}")
        case Grain.MONTH:
            start = day.replace(day=1)
            return Period(start, _month_start(_months(day) + 1), f"{start:%Y-%m}")
    shifted, length = _months(day) - (year_starts - 1), _MONTHS_IN[grain]
    first = shifted // length * length
    year, quarter = first // 12, first % 12 // 3 + 1
    key = f"{year}" if year_starts == 1 else f"{_FISCAL}{year}"
    if grain is Grain.QUARTER:
        key += f"Q{quarter}" if year_starts == 1 else f"-Q{quarter}"
    first += year_starts - 1
    return Period(_month_start(first), _month_start(first + length), key)


def month_of(day: date) -> Period:
    """The calendar month of ``day``."""
    return period_of(day, Grain.MONTH)


def shift(period: Period, steps: int, grain: Grain) -> Period:
    """The period of ``grain``, as this one is, that is ``steps`` later (negative: earlier).

    >>> shift(month_of(date(2026, 1, 5)), -1, Grain.MONTH).key
    '2025-12'
    """
    if grain is Grain.WEEK:
        return period_of(_moved(period.start, steps), grain)
    start = _month_start(_months(period.start) + steps * _MONTHS_IN[grain])
    return period_of(start, grain, _year_starts(period))


def _moved(day: date, weeks: int) -> date:
    """A day so many weeks later."""
    try:
        return day + weeks * _WEEK
    except OverflowError:
        raise _no_calendar() from None


def _year_starts(period: Period) -> int:
    """The month with which the years start that a period is reckoned by."""
    if not period.is_fiscal:
        return 1
    quarter = period.key.partition("Q")[2]
    return (period.start.month - 1 - 3 * (int(quarter) - 1 if quarter else 0)) % 12 + 1


def span(first: Period, last: Period, grain: Grain) -> tuple[Period, ...]:
    """Every period from ``first`` to ``last``, both included.

    >>> [p.key for p in span(month_of(date(2025, 12, 1)), month_of(date(2026, 1, 1)), Grain.MONTH)]
    ['2025-12', '2026-01']
    """
    if grain is Grain.WEEK:
        count = (last.start - first.start) // _WEEK + 1
    else:
        count = (_months(last.start) - _months(first.start)) // _MONTHS_IN[grain] + 1
    return tuple(shift(first, step, grain) for step in range(count))


def bounded(first: Period, last: Period, grain: Grain, *, most: int) -> tuple[Period, ...]:
    """:func:`span` of what a user asked for; UsageError where it runs backwards or has more than ``most`` periods.

    >>> len(bounded(month_of(date(2026, 1, 1)), month_of(date(2026, 3, 1)), Grain.MONTH, most=12))
    3
    """
    if last < first:
        raise UsageError(
            Message("The range ends ({last}) before it begins ({first}).").filled(first=first.key, last=last.key),
            hint=Message("Swap --from and --to."),
        )
    periods = span(first, last, grain)
    if len(periods) > most:
        raise UsageError(
            Message("The range has {n} {grains}; {most} at most.").filled(
                n=len(periods), grains=grain.words, most=most
            ),
            hint=Message("Shorten it."),
        )
    return periods


def whole(periods: Sequence[Period]) -> Period:
    """The range of adjoining ``periods`` as one period with the key ``total``."""
    for earlier, later in pairwise(periods):
        if earlier.end != later.start:
            raise ValueError("periods must adjoin")
    return Period(periods[0].start, periods[-1].end, WHOLE)
