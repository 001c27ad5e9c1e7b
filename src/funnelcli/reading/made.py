"""When a list was made, as an export itself says it: in the name of its file, or in a column of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from funnelcli.problems import Problem
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import raw_records
from funnelcli.text.regex import regex
from funnelcli.values.cells import clean
from funnelcli.values.channels import matches
from funnelcli.values.dates import DateEvidence, DateOrder, DateReader, day_of, month_labelled, read_month
from funnelcli.values.periods import month_of

Days = tuple[date, date]  # the first and the last on which a list may have been made: those of a month, or one day
_YEAR, _MONTH, _DAY, _MARK = r"((?:19|20)\d\d)", r"(0[1-9]|1[0-2])", r"(0[1-9]|[12]\d|3[01])", r"[-_. ]"
_NAMED = regex(
    rf"(?<!\d)(?:{_YEAR}{_MARK}?{_MONTH}(?:{_MARK}?{_DAY})?|{_DAY}{_MARK}{_MONTH}{_MARK}{_YEAR}|{_MONTH}{_MARK}{_YEAR})"
    r"(?!\d)"
)
_IN_WORDS = regex(
    r"(?<![^\W\d_])([^\W\d_]{3,9})[-_. ]?((?:19|20)\d\d)(?!\d)"
    r"|(?<!\d)(?:t|thang|tháng)[-_. ]?(\d\d?)[-_. ]((?:19|20)\d\d)(?!\d)"
)
_DAY_CELL = regex(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:\D.*)?|\d{8}|.*[^\W\d].*")


def days_in_name(name: str) -> Days | None:
    """The day or the month that the name of a file says, if any.

    >>> days_in_name("paid_users_2026-01.csv")
    (datetime.date(2026, 1, 1), datetime.date(2026, 1, 31))
    >>> days_in_name("customers 20260215.xlsx"), days_in_name("paid_users_2.csv")
    ((datetime.date(2026, 2, 15), datetime.date(2026, 2, 15)), None)
    """
    named = _NAMED.search(name)
    if named is not None:
        year, month, day = (next((part for part in parts if part), None) for parts in _parts(named))
        try:
            return _exactly(date(int(year or 0), int(month or 0), int(day))) if day else _month(f"{year}-{month}")
        except ValueError:
            return None
    worded = _IN_WORDS.search(name.casefold())
    if worded is None:
        return None
    return _month(f"{worded[1]} {worded[2]}" if worded[1] else f"{worded[4]}-{int(worded[3]):02d}")


def _parts(named: re.Match[str]) -> Iterator[Sequence[str | None]]:
    yield named[1], named[6], named[8]
    yield named[2], named[5], named[7]
    yield named[3], named[4]


def _exactly(day: date) -> Days:
    return day, day


def _month(text: str) -> Days | None:
    first = read_month(text)
    return None if first is None else (first, month_of(first).last_day)


def days_in_column(opened: Opened, lines: Set[int], order: DateOrder | None) -> tuple[str, dict[int, Days]] | None:
    """The header of the one unread column that says a day or a month of each line, and these by line; else None.

    ``order`` is that of day and month in the file's dates, where these tell.
    """
    stays, taken = opened.input.stays, set(opened.columns.index.values())
    said = opened.columns.index.get(stays.listed) if stays is not None else None
    places = [said] if said is not None else [
        place
        for place, header in enumerate(opened.columns.header)
        if place not in taken and header.strip() and not matches(header, opened.settings.ignore)
    ]  # fmt: skip
    if not places:
        return None
    cells: dict[int, list[str]] = {place: [] for place in places}
    read: list[int] = []
    for line, record in raw_records(opened, _unheard):
        if line in lines:
            read.append(line)
            for place in places:
                cells[place].append(clean(record[place]) if place < len(record) else "")
    orders = [order] if order in ("dmy", "mdy") else ["dmy", "mdy"]
    reader = [DateReader(order=each, zone=ZoneInfo("UTC")) for each in orders]  # type: ignore[arg-type]
    dated = [(place, days) for place in places if (days := _days_of(cells[place], reader)) is not None]
    if len(dated) != 1:
        return None
    place, days = dated[0]
    return opened.columns.header[place], dict(zip(read, days, strict=True))


def _days_of(cells: Sequence[str], readers: Sequence[DateReader]) -> list[Days] | None:
    """The days that all the cells of a column say; None where some say none."""
    known: dict[str, Days] = {}
    for text in dict.fromkeys(cells):
        days = _labelled(text) if text else None
        if text and (days is None or _DAY_CELL.fullmatch(text)) and (day := _day(text, readers)) is not None:
            days = _exactly(day)
        if days is None:
            return None
        known[text] = days
    return [known[text] for text in cells] if cells else None


def _labelled(text: str) -> Days | None:
    """The month that a cell says, with its year, in any of the ways in which tables label months."""
    said = month_labelled(text)
    return None if said is None or said[0] is None else _month(f"{said[0]}-{said[1]:02d}")


def order_of_days(texts: Iterable[str], given: DateOrder | None) -> DateOrder | None:
    """The order of day and month in the days of lists; where the cells leave it open, that in which all are firsts.

    >>> order_of_days(["1/7/2026", "1/8/2026"], None), order_of_days(["7/1/2026", "8/1/2026"], None)
    ('dmy', 'mdy')
    >>> order_of_days(["7/2/2026", "8/2/2026"], None) is None
    True
    """
    evidence = DateEvidence()
    for text in texts:
        evidence.observe(text, None)
    if given is not None or evidence.order is not None or evidence.either is None:
        return given or evidence.order
    if evidence.dmy and evidence.mdy:
        return None
    orders: tuple[DateOrder, ...] = ("dmy", "mdy")
    firsts = [order for order in orders if all(day.day == 1 for day in _days_in(texts, order))]
    return firsts[0] if firsts else None


def _days_in(texts: Iterable[str], order: DateOrder) -> Iterator[date]:
    readers = [DateReader(order=order, zone=ZoneInfo("UTC"))]
    return (day for text in texts if (day := _day(text, readers)) is not None)


def days_of_texts(texts: Iterable[str], order: DateOrder | None) -> dict[str, Days]:
    """The day, or the month, that each text says; those that say none are not in it.

    >>> days_of_texts(["2026-01-31", "T2/2026", "zalo"], None) == {
    ...     "2026-01-31": (date(2026, 1, 31), date(2026, 1, 31)), "T2/2026": (date(2026, 2, 1), date(2026, 2, 28))}
    True
    """
    known: dict[str, Days] = {}
    distinct = list(dict.fromkeys(texts))
    readers = [DateReader(order=order_of_days(distinct, order) or "dmy", zone=ZoneInfo("UTC"))]
    for text in distinct:
        day = _day(text, readers)
        days = _exactly(day) if day is not None else _labelled(text)
        if days is not None:
            known[text] = days
    return known


def _day(text: str, readers: Sequence[DateReader]) -> date | None:
    if not _DAY_CELL.fullmatch(text):
        return None
    moments = (reader.read(text) for reader in readers)
    return next((day_of(moment.micros) for moment in moments if moment is not None), None)


def before_the_month(day: date) -> date:
    """The day itself; of the first of a month, the one before: a list made then is that of the month which is over.

    >>> before_the_month(date(2026, 3, 1)), before_the_month(date(2026, 3, 2))
    (datetime.date(2026, 2, 28), datetime.date(2026, 3, 2))
    """
    return day - timedelta(days=1) if day.day == 1 else day


def _unheard(_: Problem) -> None:
    """What is odd about records is reported when they are read."""
