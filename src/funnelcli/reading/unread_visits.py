"""Columns of visits that are not read: whether their cells say that a row is not one visit."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from funnelcli.inputs.beside import USUAL
from funnelcli.inputs.visitors import SUMMARY_HEADERS
from funnelcli.problems import Problem, Problems, problem
from funnelcli.reading.dialect import Container, FileFault
from funnelcli.reading.engines.sessions import SESSION, VISITOR
from funnelcli.reading.event_rows import APART, events_named, pages_within_visits, repeated_visitors
from funnelcli.reading.headers import header_key
from funnelcli.reading.opening import Opened
from funnelcli.reading.rollups import MOST_BYTES
from funnelcli.reading.rows import Reading
from funnelcli.reading.running import running_totals
from funnelcli.reading.text_records import date_place
from funnelcli.reading.unread import Holding, Unread, date_in, first_rows, unread_columns
from funnelcli.reading.unread_cuts import cut_again
from funnelcli.reading.unread_parts import counted_several_times
from funnelcli.reading.unread_sums import holds_dressed_sums, numbers_days
from funnelcli.text import Message, Text
from funnelcli.text.regex import regex
from funnelcli.values.cells import clean
from funnelcli.values.dates import Moment, day_of
from funnelcli.values.statuses import status_key

_SUMS = Message(
    'rows are sums ({header!r}), so one row is not one visit; if it is: [inputs.{stage}] each_row = "visit"'
)
_PIVOT = Message(
    "rows are sums ({headers}), so one row is not one visit; if each of these columns is a part of the visits, write "
    "a row for each part, with the columns date, source and visits; if one of them is the sum of all, name it; if a "
    'row is one visit: [inputs.{stage}] each_row = "visit"'
)
_MORE = Message("they hold whole numbers beside the visits, which may be visits too, a column a part")
_AS_ROWS = Message("If they are: write a row for each part, with the columns date, source and visits")
FEWEST_WEEKS = 4
_SAYS_VISITS = regex(r"visit|besuch|session|sesion|sitzung|luot|phien|truy cap|traffic|hits|total|tong|sum|count|all")
_EVENTS = Message(
    "rows are events ({header!r} is repeated within minutes), so one row is not one visit; "
    'to count what it names once each: [inputs.{stage}] each_row = "session" and [inputs.{stage}.columns] '
    'session_id = "{header}"; if a row is one visit: each_row = "visit"'
)
_OFTEN = Message("{rows} [row shares|rows share] {days} [pair|pairs] of {header!r} and day")
_INNER = Message("one site stands only in rows that follow another row within minutes, as the pages of a visit do")
_NAMED = Message("its cells name events, like {example!r}")


def visit_problems(opened: Opened) -> Iterator[Problem]:
    """What is wrong or odd about a file of visits because of columns that are not read, or are not there."""
    if opened.settings.each_row == "session" and not opened.has(SESSION):
        yield _missing(opened, SESSION, Message("the session that a row is of"))
        return
    yield from _table_twice(opened)
    rows = first_rows(opened)
    unread = unread_columns(opened, rows)
    yield from _of_visits(opened, rows, unread)
    yield from cut_again(opened, rows, unread)
    yield from counted_several_times(opened, rows, unread)
    yield from _beside_sums(opened, unread)
    yield from _of_weeks(opened, rows)
    yield from running_totals(opened, rows)


def _table_twice(opened: Opened) -> Iterator[Problem]:
    """The fault of a small file that holds its table twice, in whatever order: of large ones the engines look at it."""
    content = opened.content
    if content.container is not Container.TEXT or content.gzipped or os.path.getsize(opened.file.path) > MOST_BYTES:
        return
    try:
        lines = opened.file.path.read_bytes().splitlines()
        is_again = lines[max(0, opened.header_line - 1) :].count(lines[opened.header_line - 1]) > 1
    except (OSError, IndexError):
        return
    if is_again and _twice(opened, in_any_order=False) is None:  # which the engines say
        fault = _twice(opened, in_any_order=True)
        yield from () if fault is None else fault.problems


def _twice(opened: Opened, *, in_any_order: bool) -> FileFault | None:
    """What keeps the rows of a file from being read."""
    try:
        for _ in Reading(opened=opened, problems=Problems(limit=0), in_any_order=in_any_order).rows():
            pass
    except FileFault as fault:
        return fault
    return None


def _of_visits(opened: Opened, rows: Sequence[Sequence[str]], unread: Sequence[Unread]) -> Iterator[Problem]:
    """The fault of a file of sums, or of events, in which nothing says how many visits a row is."""
    if opened.has("visits") or opened.settings.each_row == "visit":
        return
    place = date_place(opened)
    days = [moment and day_of(moment.micros) for moment in (date_in(row[place]) for row in rows)]
    sums = [
        column.header
        for column in unread
        if (column.holding is Holding.COUNTS or holds_dressed_sums(column) or numbers_days(column, days))
        and not _SCREEN.search(header_key(column.header))
    ]
    if sums and (opened.has(SESSION) or _are_single(opened, rows, sums)):
        sums = []
    if sums:
        why = _SUMS if len(sums) < 2 or _are_counts_of_visits(sums) else _PIVOT
        headers = ", ".join(map(repr, sums))
        yield _missing(opened, "visits", why.filled(header=sums[0], headers=headers, stage=opened.input.name))
    elif opened.settings.each_row is None:
        yield from _of_events(opened, rows, unread)


def _of_events(opened: Opened, rows: Sequence[Sequence[str]], unread: Sequence[Unread]) -> Iterator[Problem]:
    """What is wrong or odd about a file whose rows are, or may be, events of visits."""
    place = date_place(opened)
    dated = [(row, moment) for row in rows if (moment := date_in(row[place])) is not None]
    rows, at = [row for row, _ in dated], [moment for _, moment in dated]
    header = _repeated(opened, rows, at)
    visitors = None if header is not None else repeated_visitors(opened, rows, at, unread)
    if header is None and visitors is not None and visitors.throughout:
        header = visitors.header
    if header is not None:
        yield _missing(opened, "visits", _EVENTS.filled(header=header, stage=opened.input.name))
        return
    line, stage = opened.header_line or None, opened.input.name
    if visitors is not None:
        why = _OFTEN.filled(rows=visitors.rows, days=visitors.days, header=visitors.header)
        yield problem(
            "rows-may-be-events", file=opened.name, line=line, column=visitors.header, why=why, stage=stage,
            header=visitors.header,
        )  # fmt: skip
    elif not opened.has(SESSION) and (inner := pages_within_visits(opened, rows, at)) is not None:
        yield problem(
            "rows-may-be-events", file=opened.name, line=line, column=inner, why=_INNER, stage=stage, header="…"
        )
    elif named := next(events_named(unread) if not opened.has(SESSION) else iter(()), None):
        why = _NAMED.filled(example=named[1])
        yield problem(
            "rows-may-be-events", file=opened.name, line=line, column=named[0], why=why, stage=stage, header="…"
        )


def _are_counts_of_visits(headers: Sequence[str]) -> bool:
    """Whether a header says that something else is counted than visits of a part."""
    return any(re.search(USUAL.numbers, header_key(header)) or is_summary(header) for header in headers)


def is_summary(header: str) -> bool:
    """Whether a header is known as one of sums of something that is not visits.

    >>> is_summary("New users"), is_summary("Organic Search")
    (True, False)
    """
    return header_key(header) in map(header_key, SUMMARY_HEADERS)


def _beside_sums(opened: Opened, unread: Sequence[Unread]) -> Iterator[Problem]:
    """A warning where the visits are those of a column that only the settings name, and others may be visits too."""
    known = opened.input.column("visits")
    mapped = opened.settings.mapped.get("visits")
    if known is None or mapped is None or header_key(mapped) in map(header_key, (known.name, *known.aliases)):
        return
    others = [column.header for column in unread if column.holding is Holding.COUNTS]
    if not others or _SAYS_VISITS.search(header_key(mapped)) or _are_counts_of_visits([mapped, *others]):
        return
    shown, stage = ", ".join(map(repr, others)), opened.input.name
    yield problem(
        "unread-column", file=opened.name, line=opened.header_line or None, column=", ".join(others),
        subject=Message("the columns {headers} are").filled(headers=shown), why=_MORE, step=_AS_ROWS,
        headers=shown, stage=stage,
    )  # fmt: skip


def _of_weeks(opened: Opened, rows: Sequence[Sequence[str]]) -> Iterator[Problem]:
    """A warning where the days of summed visits are a week apart: each row may be the sum of a week."""
    if not opened.has("visits"):
        return
    place = date_place(opened)
    days = sorted({day_of(moment.micros) for row in rows if (moment := date_in(row[place])) is not None})
    gaps = {(later - earlier).days for earlier, later in pairwise(days)}
    if len(days) >= FEWEST_WEEKS and all(gap % 7 == 0 for gap in gaps) and min(gaps) == 7:
        yield problem(
            "rows-are-weeks", file=opened.name, line=opened.header_line or None, column="date",
            day=days[0], other=days[1], header=opened.columns.header_of("date") or "date",
            stage=opened.input.name,
        )  # fmt: skip


def _missing(opened: Opened, column: str, why: Text) -> Problem:
    seen = ", ".join(repr(cell) for cell in opened.columns.header if cell.strip())
    return problem(
        "missing-column", file=opened.name, line=opened.header_line or None, column=column, meaning=why,
        seen=seen, closest="", stage=opened.input.name,
    )  # fmt: skip


_SCREEN = regex(r"\b(screen|viewport|width|height|resolution|pixels?|do phan giai|man hinh)\b")
_ID = regex(r"\bu?u?id\b|session|\bguid\b|\bma\b")


def _are_single(opened: Opened, rows: Sequence[Sequence[str]], sums: Sequence[str]) -> bool:
    """Whether each row is of its own: by an id, no sum, that none shares, or by a time of day to the minute."""
    for place, header in enumerate(opened.columns.header):
        cells = [clean(row[place]) for row in rows]
        is_id = header not in sums and _ID.search(status_key(header))
        if len(cells) > 1 and is_id and all(cells) and len(set(cells)) == len(cells):
            return True
    at = [date_in(row[date_place(opened)]) for row in rows]
    minutes = [moment.micros // 60_000_000 % 60 for moment in at if moment is not None and moment.timed]
    return len(rows) > 1 and 2 * sum(minute != 0 for minute in minutes) > len(rows)


_SESSION = regex(r"session|visit(?!or)|phien|luot")


def _repeated(opened: Opened, rows: Sequence[Sequence[str]], at: Sequence[Moment]) -> str | None:
    """The header of a column of sessions that several rows are of: then a row is an event of one, and no visit."""
    if opened.has(SESSION):
        return None  # by which sessions are counted, whatever stands beside it
    known = {opened.columns.index.get(VISITOR)}
    for place, header in enumerate(opened.columns.header):
        if place in known or not _SESSION.search(status_key(header)):
            continue
        moments: dict[str, list[Moment]] = {}
        for row, moment in zip(rows, at, strict=True):
            if cell := clean(row[place]):
                moments.setdefault(cell, []).append(moment)
        several = [sorted(moment.micros for moment in of) for of in moments.values() if len(of) > 1]
        gaps = [later - earlier for of in several for earlier, later in pairwise(of)]
        if len(moments) > 1 and gaps and max(gaps) <= APART:
            return header
    return None
