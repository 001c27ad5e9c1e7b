"""Days in columns that are not read, however they are written: dates, months, numbers of days, or dates among words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from funnelcli.reading.unread import date_in, moment_in
from funnelcli.text.regex import regex
from funnelcli.values.dates import DateReader, day_of, read_month
from funnelcli.values.spans import span_of

MOST_WORDS = 3  # that stand in the place of a date
MOST_WEEKS = 53
FIRST, LAST = 2000, 2099
_NUMBER = regex(r"\d{5}(\.0+)?|\d{10}|\d{13}", re.ASCII)  # days since 1900, or (milli)seconds since 1970

_SERIALS = DateReader(order=None, zone=ZoneInfo("UTC"))


class Days(Struct, frozen=True, kw_only=True):
    """The days of a column, row by row; ``words`` stand where there is none, and numbers may be something else."""

    days: tuple[date | None, ...]
    words: tuple[str, ...] = ()
    as_numbers: bool = False


def days_in(cells: Sequence[str]) -> Days | None:
    """The days that cells hold; None where they hold anything else.

    >>> days_in(["2026-02-10", "still active", ""]).words
    ('still active',)
    >>> days_in(["2026-02", ""]).days[0], days_in(["46063", ""]).as_numbers, days_in(["Basic", "Pro"])
    (datetime.date(2026, 2, 28), True, None)
    """
    filled = [cell for cell in cells if cell]
    if not filled:
        return None
    if all(map(_NUMBER.fullmatch, filled)):
        days = tuple(_numbered(cell) if cell else None for cell in cells)
        return Days(days=days, as_numbers=True) if all(days[n] for n, cell in enumerate(cells) if cell) else None
    known = {cell: _written(cell) for cell in set(filled)}
    words = tuple(dict.fromkeys(cell for cell in filled if known[cell] is None))
    if len(words) == len(known) or len(words) > MOST_WORDS or any(map(str.isdigit, "".join(words))):
        return None
    return Days(days=tuple(known.get(cell) for cell in cells), words=words)


def _written(cell: str) -> date | None:
    """The day of a date, or the last one of a month."""
    if (moment := moment_in(cell)) is not None:
        return day_of(moment.micros)
    return month_end(cell) or span_end(cell)


_WEEK = regex(r"(\d{4})[- ]?W(\d{1,2})", re.ASCII)


def span_end(cell: str) -> date | None:
    """The last day of a span that begins and ends on a day, or of a week by its number; None for anything else.

    >>> span_end("2026-01-06 - 2026-02-10"), span_end("06/01/2026 – 10/02/2026"), span_end("2026-01-06/2026-02-10")
    (datetime.date(2026, 2, 10), datetime.date(2026, 2, 10), datetime.date(2026, 2, 10))
    >>> span_end("2026-W06"), span_end("10/02/2026"), span_end("a - b")
    (datetime.date(2026, 2, 8), None, None)
    """
    if (week := _WEEK.fullmatch(cell.strip())) is not None and 1 <= int(week[2]) <= MOST_WEEKS:
        return date.fromisocalendar(int(week[1]), 1, 1) + timedelta(days=7 * int(week[2]) - 1)
    span = span_of(cell)
    last = None if span is None else moment_in(span[1])
    return None if last is None else day_of(last.micros)


def month_end(cell: str, *, in_digits: bool = False) -> date | None:
    """The last day of a month; None for anything else, like six digits, which may be a number unless ``in_digits``.

    >>> month_end("Feb 2026"), month_end("202602"), month_end("202602", in_digits=True)
    (datetime.date(2026, 2, 28), None, datetime.date(2026, 2, 28))
    """
    first = None if cell.isdigit() and not in_digits else read_month(cell)
    return None if first is None else (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _numbered(cell: str) -> date | None:
    moment = date_in(cell) if len(cell) > 9 else _SERIALS.read(cell.split(".")[0])
    day = None if moment is None else day_of(moment.micros)
    return day if day is not None and FIRST <= day.year <= LAST else None
