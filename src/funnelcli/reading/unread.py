"""Columns that are not read: what their cells hold, and whether that could change a figure.

It is decided by the cells of the first rows, hardly ever by a header: exports call the same thing by many names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from msgspec import Struct

from funnelcli.problems import Problem
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import raw_records
from funnelcli.reading.text_records import date_place
from funnelcli.text.regex import regex
from funnelcli.values.cells import clean, read_flag
from funnelcli.values.channels import matches
from funnelcli.values.dates import DateReader, Moment, day_of
from funnelcli.values.numbers import read_number
from funnelcli.values.statuses import status_key

SAMPLE_ROWS = 400
FEW_ROWS = 8  # of which any words are few
LARGE = 10_000_000  # ids, phone numbers and moments in seconds are larger than sums
_SEPARATED = regex(r"\d+\D+\d+\D+\d+|\d{8}(?:\D|$)|[^\W\d]{3,} \d|\d \w{3,} \d{2}")


class Holding(StrEnum):
    """What the cells of a column are."""

    NOTHING = "nothing"
    COUNTS = "counts"
    DATES = "dates"
    FLAGS = "flags"
    WORDS = "words"
    OTHER = "other"


class Unread(Struct, frozen=True, kw_only=True):
    """A column that is not read: its header, what its cells are, and the cells of the first rows."""

    header: str
    holding: Holding
    cells: tuple[str, ...]


def unread_columns(opened: Opened, rows: Sequence[Sequence[str]]) -> list[Unread]:
    """The columns that none of ours stands for, by what ``rows`` hold in them, but for those that settings ignore."""
    taken = set(opened.columns.index.values())
    if len(taken) == len(opened.columns.header):
        return []
    date_cell = date_place(opened)
    days = [date_in(row[date_cell]) for row in rows]
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
    return [record for _, record in records if len(record) == width and date_in(record[place]) is not None]


class UnreadCells(Struct, frozen=True, kw_only=True):
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


_MONTH = regex(r"\d{4}[-/]\d{1,2}|\d{1,2}[-/]\d{4}")


def _are_days(cells: Sequence[str]) -> bool:
    """Whether cells are days or months."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(_MONTH.fullmatch(cell) or moment_in(cell) is not None for cell in filled)


def _are_numbered(cells: Sequence[str]) -> bool:
    """Whether cells only number the rows."""
    is_numbers = all(cell.isascii() and cell.isdigit() for cell in cells)
    return is_numbers and _numbers_rows([int(cell) for cell in cells])


def _numbers_rows(numbers: Sequence[int]) -> bool:
    """Whether numbers are 1, 2, 3, … from any number on, or the same backwards."""
    return {later - earlier for earlier, later in pairwise(numbers)} in ({1}, {-1})


# --- what cells hold ---------------------------------------------------------------------------------------------


_READERS = tuple(DateReader(order=order, zone=ZoneInfo("UTC")) for order in ("dmy", "mdy"))


def moment_in(text: str) -> Moment | None:
    """The moment that a cell is, whatever the order of day and month; None for anything else, serials too."""
    cell = clean(text)
    if not _SEPARATED.search(cell):
        return None
    return next((moment for reader in _READERS if (moment := reader.read(cell)) is not None), None)


@lru_cache(maxsize=4096)  # several questions are asked of the same rows
def date_in(text: str) -> Moment | None:
    """The moment that the cell of a column of dates is: there a long number may be the time since 1970."""
    cell = clean(text)
    return _READERS[0].read(cell) if cell.isdigit() and len(cell) > 8 else moment_in(cell)


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
    if all(moment_in(cell) is not None for cell in filled):
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
