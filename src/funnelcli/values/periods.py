"""Periods: half-open spans of whole months, quarters or years."""

import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

from funnelcli.problems import UsageError
from funnelcli.text import OR, Message, Text, as_text, joined, month_words, quarter_words
from funnelcli.values.dates import FIRST_YEAR, LAST_YEAR, month_labelled


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
        return _GRAINS[self]


_GRAINS = {Grain.MONTH: Message("months"), Grain.QUARTER: Message("quarters"), Grain.YEAR: Message("years")}
_MONTHS_IN = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}


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
    def words(self) -> Text:
        """The period as people write it in a sentence.

        >>> month_of(date(2026, 10, 5)).words.of("en"), period_of(date(2026, 10, 5), Grain.QUARTER).words.of("vi")
        ('Oct 2026', 'Quý 4/2026')
        """
        if self.key == WHOLE:
            return Message("total")
        year, _, quarter = self.key.partition("Q")
        if quarter:
            return quarter_words(self.start)
        return as_text(year) if len(year) == len("2026") else month_words(self.start)

    def cut_by(self, as_of: date) -> bool:
        """Whether ``as_of`` comes before the last day, so that the period is not yet whole."""
        return as_of < self.last_day


def _month_start(months: int) -> date:
    """The first day of the month that is ``months`` months after January of year 0."""
    if not 12 <= months < 12 * 10_000:
        raise UsageError(
            Message("The range leaves the calendar."),
            hint=Message("Ask for fewer periods."),
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


_KEY = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?|-?[Qq](?P<quarter>[1-4]))?")


_QUARTERS = tuple(
    re.compile(form)
    for form in (
        r"(?:q|quý|quarter)\s*(?P<quarter>[1-4])(?:\s*[-/., ]\s*|\s+năm\s+)(?P<year>\d{4})",
        r"(?P<year>\d{4})\s*[-/., ]\s*(?:q|quý|quarter)\s*(?P<quarter>[1-4])",
    )
)
_DAY = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
_SHORT_YEAR = re.compile(r"(?P<label>.*?)[-/. ](?P<year>\d{2})")


def parse_bound(text: str, grain: Grain, *, last: bool, option: str) -> Period:
    """The period that ``2026-10``, ``2026-10-31``, ``2026Q4`` or ``2026`` names as a bound of a range.

    A month may be written as in a table of months, too.  A wider key than the grain stands for its first period, or
    with ``last`` its last one.

    >>> parse_bound("2026", Grain.MONTH, last=True, option="--to").key
    '2026-12'
    >>> [parse_bound(text, Grain.MONTH, last=False, option="--from").key for text in ("Thg9-26", "quy 3/2026")]
    ['2026-09', '2026-07']
    """
    said = _periods_of(text)
    if len(said) != 1:
        raise UsageError(
            Message("{option} {text!r} is not a period.").filled(option=option, text=text)
            if not said
            else Message("{option} {text!r} may be {readings}.").filled(
                option=option, text=text, readings=joined(OR, [each.key for each in said])
            ),
            hint=_how_to_write(text, said),
        )
    named = said[0]
    return period_of(named.last_day if last else named.start, grain)


def _periods_of(text: str) -> list[Period]:
    """The periods that a text may name: none, one, or several where day and month may stand either way."""
    key = _KEY.fullmatch(text.strip())
    with suppress(ValueError):
        if key and key["month"]:
            return [month_of(_date(int(key["year"]), int(key["month"]), int(key["day"] or 1)))]
        word = _word(text)
        quarter = next(filter(None, (form.fullmatch(word) for form in _QUARTERS)), key)
        if quarter and quarter["quarter"]:
            return [period_of(_date(int(quarter["year"]), int(quarter["quarter"]) * 3, 1), Grain.QUARTER)]
        if key:
            return [period_of(_date(int(key["year"]), 1, 1), Grain.YEAR)]
        if (day := _DAY.fullmatch(word)) is not None:
            return _of_either(_year(day[4]), int(day[1]), int(day[3]))
        year, month = month_labelled(word) or (None, 0)
        return [month_of(_date(year, month, 1))] if year is not None else []
    return []


def _word(text: str) -> str:
    """A text as months and quarters are compared: in small letters, "tháng" and "quý" without their accents as well."""
    word = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    return re.sub(r"^(thang|quy)(?=[\s\d.])", lambda plain: {"thang": "tháng", "quy": "quý"}[plain[1]], word)


def _year(digits: str) -> int:
    return int(digits) if len(digits) > 2 else 2000 + int(digits)


def _date(year: int, month: int, day: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError
    return date(year, month, day)


def _of_either(year: int, first: int, second: int) -> list[Period]:
    """The months of a day whose first number may be the day or the month."""
    months: list[Period] = []
    for day, month in ((first, second), (second, first)):
        with suppress(ValueError):
            months.append(month_of(_date(year, month, day)))
    return list(dict.fromkeys(months))


def _how_to_write(text: str, said: Sequence[Period]) -> Text:
    if said:
        return Message("Write it as {keys}.").filled(keys=joined(OR, [each.key for each in said]))
    word = _word(text)
    short = _SHORT_YEAR.fullmatch(word)
    label = month_labelled(word) or (short and (month_labelled(short["label"]) or _number(short["label"])))
    if label:
        year = label[0] or (f"20{short['year']}" if short else "2026")
        return Message("If it is a month, write its year with four digits, like {key}.").filled(
            key=f"{year}-{label[1]:02d}"
        )
    return Message("Write a month like 2026-10, a quarter like 2026Q4 or a year like 2026.")


def _number(text: str) -> tuple[None, int] | None:
    return (None, int(text)) if re.fullmatch(r"0?[1-9]|1[0-2]", text) else None


def grain_named(text: str | None) -> Grain:
    """The grain that a period's key tells: 2026-10 a month, 2026Q4 a quarter, 2026 a year.

    >>> grain_named("2026Q4").value
    'quarter'
    """
    if text and "q" in text.casefold():
        return Grain.QUARTER
    return Grain.YEAR if text and len(text.strip()) == 4 else Grain.MONTH
