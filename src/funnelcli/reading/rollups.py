"""Rows of a file of sums that are the sums of its other rows: ``All devices`` beside mobile and desktop.

It is the numbers that say so: on every day the visits of one cell of a column are those of all its other cells.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import islice
from operator import itemgetter

from msgspec.structs import replace

from funnelcli.problems import Problem, problem
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import quiet_rows
from funnelcli.reading.text_records import date_place
from funnelcli.reading.totals import is_total_word
from funnelcli.text.regex import regex
from funnelcli.values.cells import clean, clean_number
from funnelcli.values.channels import matches
from funnelcli.values.numbers import read_count
from funnelcli.values.statuses import status_key

# Sums by day are few; of larger files nobody asks, for which a scan is enough work.
MOST_BYTES, MOST_ROWS = 3_000_000, 50_000
PROOF_DAYS, PROOF_OTHERS = 7, 2  # so many days with so many other cells are no accident, whatever the cell says
FEWER_DAYS, LARGE_SUM = 4, 10  # so few days will do where each has another sum, and none is small
MOST_CELLS = 200
_ALL = regex(r"(?:all|any|every|overall|tat ca|toan (?:bo|trang|site))\b.*")

Row = tuple[str, int, dict[int, str]]  # its date, its visits, and its other cells by place
Parts = dict[tuple[str, ...], Counter[str]]  # the visits of each cell, by date and other cells


def with_rollups(opened: Opened) -> Opened:
    """The file with the cells that mark its rows of sums, which are then left out as other totals are."""
    if not opened.has("visits") or os.path.getsize(opened.file.path) > MOST_BYTES:
        return opened
    rows = _rows(opened)
    sums = [(place, cell) for place in _places(opened) if (cell := _rollup(rows, place, _places(opened))) is not None]
    if not sums:
        return opened
    warnings = tuple(_problem(opened, rows, place, cell) for place, cell in sums)
    return replace(opened, rollups=frozenset(sums), warnings=(*opened.warnings, *warnings))


def _problem(opened: Opened, rows: Sequence[Row], place: int, cell: str) -> Problem:
    number = sum(cells[place] == cell for _, _, cells in rows)
    return problem(
        "rollup-rows", file=opened.name, line=opened.header_line or None, column=opened.columns.header[place],
        count=number, value=cell, stage=opened.input.name,
    )  # fmt: skip


def _rows(opened: Opened) -> list[Row]:
    """The rows of a file; none where there are many, or where one of them cannot be read."""
    date, visits, places = date_place(opened), opened.columns.index["visits"], _places(opened)
    try:
        records = [record for _, record in islice(quiet_rows(opened), MOST_ROWS + 1)]
    except FileFault:
        return []
    counts = {cell: read_count(clean_number(cell), opened.settings.decimal) for cell in _cells(records, visits)}
    if len(records) > MOST_ROWS or None in counts.values():
        return []
    cleaned = {cell: clean(cell) for place in (date, *places) for cell in _cells(records, place)}
    return [
        (cleaned[record[date]], counts[record[visits]] or 0, {place: cleaned[record[place]] for place in places})
        for record in records
    ]


def _cells(records: Sequence[Sequence[str]], place: int) -> set[str]:
    return set(map(itemgetter(place), records))


def _places(opened: Opened) -> list[int]:
    """The columns that may say what a row is of: all but dates, counts and those that settings ignore."""
    index = opened.columns.index
    taken = {place for name, place in index.items() if name not in ("source", "medium")}
    header = opened.columns.header
    return [i for i, cell in enumerate(header) if i not in taken and not matches(cell, opened.settings.ignore)]


def _rollup(rows: Sequence[Row], place: int, dimensions: Sequence[int]) -> str | None:
    """The cell of a column whose rows are the sums of the others, where there is just one."""
    distinct = {cells[place] for _, _, cells in rows}
    if not 2 <= len(distinct) <= MOST_CELLS:
        return None
    others = [other for other in dimensions if other != place and not _is_number(rows, other)]

    is_named = any(map(_says_all, distinct))
    for by in ([], others) if is_named else ([],):
        parts: Parts = defaultdict(Counter)
        for day, visits, cells in rows:
            parts[day, *(cells[other] for other in by)][cells[place]] += visits
        sums = [cell for cell in distinct if _is_sum(parts, cell)]
        named = [cell for cell in sums if _says_all(cell)]
        for proven in (named, [cell for cell in sums if cell not in named and _is_no_accident(parts, cell)]):
            if len(proven) == 1:
                return proven[0]
    return None


def _is_sum(parts: Parts, cell: str) -> bool:
    """Whether the visits of a cell are everywhere those of all others.

    Where it has no others, as where another column means all of them too, they are the sum of where it has.
    """
    alone, beside = Counter[str](), Counter[str]()
    for (day, *_), part in parts.items():
        if part.keys() == {cell}:
            alone[day] += part[cell]
        elif 2 * part[cell] == part.total():
            beside[day] += part[cell]
        else:
            return False
    return beside.total() > 0 and all(visits in (0, beside[day]) for day, visits in alone.items())


def _is_no_accident(parts: Parts, cell: str) -> bool:
    """Whether a cell is the sum of several others on many days, and not the same each day."""
    proving = {
        at: part[cell]
        for at, part in parts.items()
        if sum(visits > 0 for other, visits in part.items() if other != cell) >= PROOF_OTHERS
    }
    days, sums = len({day for day, *_ in proving}), list(proving.values())
    if days >= PROOF_DAYS:
        return len(set(sums)) > 1
    return days >= FEWER_DAYS and len(set(sums)) == len(sums) and min(sums) >= LARGE_SUM


def _says_all(cell: str) -> bool:
    """Whether a cell is a word for all of them.

    >>> _says_all("All devices"), _says_all("Tất cả"), _says_all("(all)"), _says_all("Allentown")
    (True, True, True, False)
    """
    return is_total_word(cell) or bool(_ALL.fullmatch(status_key(cell)))


def _is_number(rows: Sequence[Row], place: int) -> bool:
    return all(not cells[place] or cells[place].replace(".", "").isdigit() for _, _, cells in rows)
