"""Columns that are not read: what their cells hold, and whether that could change a figure.

It is decided by the cells of the first rows, hardly ever by a header: exports call the same thing by many names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from funnelcli.inputs.spec import Outcome, Standing, Statuses
from funnelcli.problems import Problem, problem
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import raw_records
from funnelcli.reading.text_records import date_place
from funnelcli.text import Text
from funnelcli.values.cells import clean, read_flag
from funnelcli.values.channels import fold, matches
from funnelcli.values.dates import DateReader, Moment, day_of
from funnelcli.values.numbers import read_number
from funnelcli.values.statuses import status_key

SAMPLE_ROWS = 400
FEW_ROWS = 8  # of which any words are few
LARGE = 10_000_000  # ids, phone numbers and moments in seconds are larger than sums
MOST_UNITS = 1_000
TERMS = frozenset((2, 3, 4, 6, 12, 24, 36))
APART = timedelta(minutes=30)  # of one visit no two page views lie further apart
_SEPARATED = re.compile(r"\d+\D+\d+\D+\d+|\d{8}(?:\D|$)|[^\W\d]{3,} \d|\d \w{3,} \d{2}")


class Holding(StrEnum):
    """What the cells of a column are."""

    NOTHING = "nothing"
    COUNTS = "counts"
    DATES = "dates"
    FLAGS = "flags"
    WORDS = "words"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Unread:
    """A column that is not read: its header, what its cells are, and the cells of the first rows."""

    header: str
    holding: Holding
    cells: tuple[str, ...]


def unread_columns(opened: Opened, rows: Sequence[Sequence[str]]) -> list[Unread]:
    """The columns that none of ours stands for, by what ``rows`` hold in them, but for those that settings ignore."""
    taken = set(opened.columns.index.values())
    days = [_moment(row[date_place(opened)]) for row in rows]
    unread: list[Unread] = []
    for place, header in enumerate(opened.columns.header):
        if place in taken or not header.strip() or matches(header, opened.settings.ignore):
            continue
        cells = tuple(clean(row[place]) for row in rows)
        unread.append(Unread(header=header, holding=_holding(cells, days), cells=cells))
    return unread


def _unheard(_: Problem) -> None:
    """What is odd about records is reported when they are read."""


def first_rows(opened: Opened) -> list[list[str]]:
    """The first rows that are as wide as the header and dated; none where the file cannot be read."""
    width, place = len(opened.columns.header), date_place(opened)
    try:
        records = list(islice(raw_records(opened, _unheard), SAMPLE_ROWS))
    except FileFault:
        return []
    return [record for _, record in records if len(record) == width and _moment(record[place]) is not None]


@dataclass(frozen=True, kw_only=True)
class UnreadCells:
    """What some lines hold in the columns that are not read: by line, the cells under ``headers``.

    ``days`` are those in columns of days or months: of the download, or of the list of that time.
    """

    headers: tuple[str, ...]
    cells: Mapping[int, tuple[str, ...]]
    days: Mapping[int, tuple[str, ...]]


def unread_cells(opened: Opened, lines: Set[int]) -> UnreadCells:
    """What some lines hold in the columns that are not read, but for those that the settings ignore."""
    taken = set(opened.columns.index.values())
    rows = first_rows(opened)
    places: list[int] = []
    days: list[int] = []
    for place, header in enumerate(opened.columns.header):
        if place not in taken and header.strip() and not matches(header, opened.settings.ignore):
            cells = [clean(row[place]) for row in rows]
            if _are_days(cells):
                days.append(place)
            elif not _are_numbered(cells):
                places.append(place)
    headers = tuple(opened.columns.header[place] for place in places)
    if not places:
        return UnreadCells(headers=(), cells={}, days={})
    of_lines: list[dict[int, tuple[str, ...]]] = [{}, {}]
    for line, record in raw_records(opened, _unheard):
        if line in lines:
            for of_line, wanted in zip(of_lines, (places, days), strict=True):
                of_line[line] = tuple(clean(record[place]) if place < len(record) else "" for place in wanted)
    return UnreadCells(headers=headers, cells=of_lines[0], days=of_lines[1])


_MONTH = re.compile(r"\d{4}[-/]\d{1,2}|\d{1,2}[-/]\d{4}")


def _are_days(cells: Sequence[str]) -> bool:
    """Whether cells are days or months."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(_MONTH.fullmatch(cell) or _moment(cell) is not None for cell in filled)


def _are_numbered(cells: Sequence[str]) -> bool:
    """Whether cells only number the rows."""
    is_numbers = all(cell.isascii() and cell.isdigit() for cell in cells)
    return is_numbers and _numbers_rows([int(cell) for cell in cells])


def _numbers_rows(numbers: Sequence[int]) -> bool:
    """Whether numbers are 1, 2, 3, … from any number on, or the same backwards."""
    return {later - earlier for earlier, later in pairwise(numbers)} in ({1}, {-1})


# --- what cells hold ---------------------------------------------------------------------------------------------


_READERS = tuple(DateReader(order=order, zone=ZoneInfo("UTC"), naive_is_utc=False) for order in ("dmy", "mdy"))


def _moment(text: str) -> Moment | None:
    """The moment that a cell is, whatever the order of day and month; None for anything else, serials too."""
    cell = clean(text)
    if not _SEPARATED.search(cell):
        return None
    return next((moment for reader in _READERS if (moment := reader.read(cell)) is not None), None)


def _holding(cells: Sequence[str], days: Sequence[Moment | None]) -> Holding:
    filled = [cell for cell in cells if cell]
    if not filled:
        return Holding.NOTHING
    if all(read_flag(cell) is not None for cell in filled):
        return Holding.FLAGS
    numbers = [read_number(cell, None) if cell[:1].isdigit() else None for cell in filled]
    if all(number is not None and number.is_integer() for number in numbers):
        is_sum = not _is_other_number(filled, [int(number or 0) for number in numbers], cells, days)
        return Holding.COUNTS if is_sum else Holding.OTHER
    if all(_moment(cell) is not None for cell in filled):
        return Holding.DATES
    distinct = {status_key(cell) for cell in filled}
    few = len(distinct) <= max(2, min(25, len(filled) // 2)) or len(filled) <= FEW_ROWS
    return Holding.WORDS if few and any(cell.isalpha() for cell in "".join(filled)) else Holding.OTHER


def _is_other_number(
    filled: Sequence[str], numbers: Sequence[int], cells: Sequence[str], days: Sequence[Moment | None]
) -> bool:
    """Whether whole numbers are an id, the number of the row, a part of the date, or yes and no."""
    if any(cell.isdigit() and len(cell) > 1 and cell[0] == "0" for cell in filled) or min(numbers) >= LARGE:
        return True
    if set(numbers) <= {0, 1}:
        return True
    if len(numbers) > 2 and _numbers_rows(numbers):
        return True
    dated = [
        (int(read_number(cell, None) or 0), day_of(moment.micros))
        for cell, moment in zip(cells, days, strict=True)
        if cell and moment is not None
    ]
    return len(set(numbers)) > 1 and any(all(part(day) == number for number, day in dated) for part in _PARTS)


_PARTS: tuple[Callable[[date], int], ...] = (
    lambda day: day.year,
    lambda day: day.month,
    lambda day: day.day,
    lambda day: day.isoweekday(),
    lambda day: day.weekday(),
    lambda day: day.isocalendar().week,
    lambda day: day.year * 100 + day.month,
)


# --- what could change a figure ----------------------------------------------------------------------------------

_SUMS = Text(
    'rows are sums ({header!r}), so one row is not one visit; if it is: [inputs.{stage}] each_row = "visit"',
    'dòng là số tổng ({header!r}) nên không phải một lượt; nếu đúng là một lượt: [inputs.{stage}] each_row = "visit"',
)
_EVENTS = Text(
    "rows are events ({header!r} is repeated within minutes), so one row is not one visit; "
    'if it is: [inputs.{stage}] each_row = "visit"',
    "dòng là sự kiện ({header!r} lặp lại trong vài phút) nên không phải một lượt; "
    'nếu đúng là một lượt: [inputs.{stage}] each_row = "visit"',
)
_END = Text(
    "holds dates beside the start: with no end known, losses are missing",
    "chứa ngày bên cạnh ngày bắt đầu: không rõ ngày kết thúc nên thiếu số PU mất",
)
_ALSO_ENDS = Text(
    "holds dates on which customers may have left, beside the ends that are read",
    "chứa ngày khách có thể đã rời đi, bên cạnh ngày kết thúc đang đọc",
)
_MULTIPLIES = Text(
    "holds whole numbers beside the amounts, which they may multiply",
    "chứa số nguyên bên cạnh số tiền, có thể là số nhân",
)
_STATES = Text(
    "holds words that may say whether a row counts",
    "chứa các từ có thể cho biết dòng có được tính hay không",
)
_NEVER = Text(
    "is 0 in some rows, which may be of people who never paid",
    "bằng 0 ở một số dòng, có thể là người chưa từng trả phí",
)


def unread_problems(opened: Opened) -> Iterator[Problem]:
    """What is wrong or odd about a file because of columns that are not read."""
    known = set(opened.columns.index.values())
    if len(known) == len(opened.columns.header) and not opened.input.summed:
        return
    rows = first_rows(opened)
    unread = unread_columns(opened, rows)
    if opened.input.summed:
        yield from _of_visits(opened, rows, unread)
        return
    for column in unread:
        for name, why in _reasons(opened, rows, column):
            yield problem(
                "unread-column", file=opened.name, line=opened.header_line or None, column=column.header,
                why=why, ours=name, stage=opened.input.name,
            )  # fmt: skip


def _of_visits(opened: Opened, rows: Sequence[Sequence[str]], unread: Sequence[Unread]) -> Iterator[Problem]:
    """The fault of a file of sums, or of events, in which nothing says how many visits a row is."""
    if opened.has("visits") or opened.settings.each_row == "visit":
        return
    sums = [column.header for column in unread if column.holding is Holding.COUNTS]
    if sums and _are_single(opened, rows, sums):
        sums = []
    why = _SUMS.filled(header=sums[0], stage=opened.input.name) if sums else None
    if why is None and (repeated := _repeated(opened, rows)) is not None:
        why = _EVENTS.filled(header=repeated, stage=opened.input.name)
    if why is not None:
        seen = ", ".join(repr(cell) for cell in opened.columns.header if cell.strip())
        yield problem(
            "missing-column", file=opened.name, line=opened.header_line or None, column="visits", meaning=why,
            seen=seen, closest="", stage=opened.input.name,
        )  # fmt: skip


_ID = re.compile(r"\bu?u?id\b|session|\bguid\b|\bma\b")


def _are_single(opened: Opened, rows: Sequence[Sequence[str]], sums: Sequence[str]) -> bool:
    """Whether each row is of its own: by an id, no sum, that none shares, or by a time of day to the minute."""
    for place, header in enumerate(opened.columns.header):
        cells = [clean(row[place]) for row in rows]
        is_id = header not in sums and _ID.search(status_key(header))
        if len(cells) > 1 and is_id and all(cells) and len(set(cells)) == len(cells):
            return True
    at = [_moment(row[date_place(opened)]) for row in rows]
    minutes = [moment.micros // 60_000_000 % 60 for moment in at if moment is not None and moment.timed]
    return len(rows) > 1 and 2 * sum(minute != 0 for minute in minutes) > len(rows)


_SESSION = re.compile(r"session|visit(?!or)|phien|luot")


def _repeated(opened: Opened, rows: Sequence[Sequence[str]]) -> str | None:
    """The header of a column of sessions that several rows are of: then a row is an event of one, and no visit."""
    at = [_moment(row[date_place(opened)]) for row in rows]
    named = opened.columns.header_of("visitor_id")
    for place, header in enumerate(opened.columns.header):
        key = status_key(header)
        if not _SESSION.search(key) or (header == named and key == "visitor id"):
            continue
        moments: dict[str, list[Moment]] = {}
        for row, moment in zip(rows, at, strict=True):
            if (cell := clean(row[place])) and moment is not None:
                moments.setdefault(cell, []).append(moment)
        several = [sorted(moment.micros for moment in of) for of in moments.values() if len(of) > 1]
        gaps = [timedelta(microseconds=later - earlier) for of in several for earlier, later in pairwise(of)]
        if len(moments) > 1 and gaps and max(gaps) <= APART:
            return header
    return None


def _reasons(opened: Opened, rows: Sequence[Sequence[str]], column: Unread) -> Iterator[tuple[str, Text]]:
    """Our columns that a column may be, with why it matters."""
    declared, stays = opened.input, opened.input.stays
    if stays is not None:
        has_amounts = any(opened.has(name) for name in stays.amounts)
        end = opened.columns.index.get(stays.end)
        has_ends = end is not None and any(clean(row[end]) for row in rows)
        if column.holding is Holding.DATES and (not has_ends or _says_ended(column, declared.statuses)):
            yield stays.end, _END if not has_ends else _ALSO_ENDS
        if column.holding is Holding.COUNTS:
            numbers = {int(read_number(cell, None) or 0) for cell in column.cells if cell}
            if not has_amounts and 0 in numbers:
                yield stays.amounts[-1], _NEVER
            elif has_amounts and _may_multiply(numbers) and not opened.has(stays.quantity):
                yield stays.quantity, _MULTIPLIES
    outcome = declared.outcome
    if outcome is not None and not opened.has(outcome.status) and _may_be_outcome(column, outcome):
        yield outcome.status, _STATES
    statuses = declared.statuses
    if statuses is not None and not opened.has(statuses.column) and _may_be_status(column, statuses):
        yield statuses.column, _STATES


def _may_multiply(numbers: Set[int]) -> bool:
    """Whether numbers may be quantities, of which some are 1, or all are months or years of a term."""
    return bool(numbers) and min(numbers) > 0 and max(numbers) <= MOST_UNITS and (1 in numbers or numbers <= TERMS)


def _says_ended(column: Unread, statuses: Statuses | None) -> bool:
    return statuses is not None and statuses.standing(status_key(column.header)) is Standing.ENDED


def _may_be_status(column: Unread, statuses: Statuses) -> bool:
    """Whether words, or a header above yes and no, say of some rows that they do not pay or have ended."""
    if column.holding not in (Holding.WORDS, Holding.FLAGS):
        return False
    if column.holding is Holding.FLAGS:
        says_of = statuses.standing(status_key(column.header))
        some_no = any(read_flag(cell) is False for cell in column.cells if cell)
        return says_of in (Standing.NOT_PAYING, Standing.ENDED) or (says_of is Standing.PAYING and some_no)
    says = [statuses.standing(key) for key in {status_key(word) for word in column.cells if word}]
    understood = sum(standing is not Standing.UNKNOWN for standing in says)
    return 2 * understood >= len(says) and set(says) & {Standing.NOT_PAYING, Standing.ENDED} != set()


def _may_be_outcome(column: Unread, outcome: Outcome) -> bool:
    """Whether words, or a header above yes and no, say of some rows that what was planned did not come about."""
    if column.holding not in (Holding.WORDS, Holding.FLAGS):
        return False
    if column.holding is Holding.FLAGS:
        title = fold(column.header.replace("_", " "))
        some_no = any(read_flag(cell) is False for cell in column.cells if cell)
        return bool(re.search(outcome.no_words, title)) or (outcome.affirms(title) and some_no)
    words = {fold(word) for word in column.cells if word}
    denied = sum(map(outcome.denies, words))
    return denied > 0 and 2 * (denied + sum(word in outcome.yes for word in words)) >= len(words)
