"""The odd rows of files that DuckDB has summed, read by the row reader: one meaning of a row, whoever counts it.

DuckDB gives the cells of a row and not its line.  Mostly the cells are enough; where something is to be said of a row,
or what it is depends on its place in the file, the file's lines are gone through for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec.structs import replace

from funnelcli.reading.engines import rows_engine
from funnelcli.reading.engines.model import VisitRequest, VisitTable
from funnelcli.reading.engines.raw_lines import Cells, Unplaced, extract_of
from funnelcli.reading.engines.visit_groups import FilePart, Irregular, are_half_converted
from funnelcli.reading.footer import is_row
from funnelcli.reading.no_rows import is_header_again
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import Extract, is_comment, raw_records
from funnelcli.reading.second_tables import is_other_header
from funnelcli.reading.text_records import date_place, swallows_rows
from funnelcli.values.dates import DateEvidence, DateOrder


def read_odd(
    parts: Sequence[FilePart], request: VisitRequest, order: DateOrder | None
) -> tuple[VisitTable, dict[str, VisitTable]]:
    """What the odd rows of some files add, and what those add of files that could be read each for itself, by name.

    ``order`` is that of day and month in the files' other dates.

    Raises Irregular where all rows of a file must be known to tell what one of them is.
    """
    files = [part.opened for part in parts]
    rows = {part.opened.file.path: [_trimmed(row) for row in part.odd] for part in parts}
    if any(opened.dialect and swallows_rows(row, opened) for opened in files for row in rows[opened.file.path]):
        raise Irregular  # two stray quotation marks enclosed rows, which whoever reads line by line says
    asked = replace(request, order=request.order or order)
    unplaced = {opened.file.path: _numbered(rows[opened.file.path], opened) for opened in files}
    depends = _depends_on_order(files, unplaced, request, order)
    if not any(_needs_lines(opened, rows[opened.file.path]) for opened in files):
        tables = rows_engine.scan(files, asked, unplaced)
        if not len(tables.problems) or not any(opened.dialect for opened in files):
            return _apart(tables, [] if depends else files)
    try:
        placed = {
            opened.file.path: extract_of(opened, rows[opened.file.path])
            if opened.dialect
            else unplaced[opened.file.path]
            for opened in files
        }
    except Unplaced:
        raise Irregular from None
    if any(_tells_of_others(opened, placed[opened.file.path]) for opened in files):
        raise Irregular
    table = rows_engine.scan(files, asked, placed)
    if any(fault.kind.whole_file for fault in table.problems):
        raise Irregular
    return _apart(table, [] if depends else files)


def _apart(table: VisitTable, files: Sequence[Opened]) -> tuple[VisitTable, dict[str, VisitTable]]:
    """The table of the files, or, where each could be read for itself, an empty one and their own."""
    if files and table.of_files.keys() == {opened.name for opened in files}:
        own, table.of_files = table.of_files, {}
        return VisitTable(), own
    table.of_files = {}
    return table, {}


def is_swapped(part: FilePart, written: Iterable[str]) -> bool:
    """Whether the dates of a file, of odd rows and the others, are half converted by a spreadsheet."""
    place = part.opened.columns.index["date"]
    odd = [row[place] or "" for row in part.odd if place < len(row)]
    return are_half_converted([*written, *odd])


def _trimmed(row: Sequence[str | None]) -> list[str]:
    """The cells that a row has; those that were filled in are NULL."""
    cells = list(row)
    while cells and cells[-1] is None:
        cells.pop()
    return [cell or "" for cell in cells]


def _numbered(rows: Sequence[Cells], opened: Opened) -> Extract:
    """The rows by their numbers in a file that has no lines; else in any order, by numbers that mean nothing."""
    if opened.dialect is None:
        records = sorted((int(row[-1]), list(row[:-1])) for row in rows)
    else:
        records = [(number, list(row)) for number, row in enumerate(rows, 1)]
    return Extract(records=records, lines=frozenset(number for number, _ in records))


def _depends_on_order(
    files: Sequence[Opened], extracts: dict[Path, Extract], request: VisitRequest, order: DateOrder | None
) -> bool:
    """Whether odd rows have dates that need the order of day and month that others prove; Irregular if they deny it."""
    if request.order is not None or order is None:
        return False
    dates, _ = rows_engine.evidence(files, extracts)
    if (order == "dmy" and dates.mdy) or (order == "mdy" and dates.dmy):
        raise Irregular
    return dates != DateEvidence()


def _needs_lines(opened: Opened, rows: Sequence[Cells]) -> bool:
    """Whether the cells alone do not tell what a row is."""
    if opened.dialect is None:
        return False
    date_cell, repeats_header = date_place(opened), is_header_again(opened)
    other_header = is_other_header(opened)

    def begins_table(row: Sequence[str]) -> bool:
        return len(row) > date_cell and other_header(row)

    return any(
        any('"' in cell for cell in row)
        or (any(map(str.strip, row)) and not is_row(row, date_cell))
        or (row and is_comment(row))
        or repeats_header(row)
        or begins_table(row)
        for row in rows
    )


def _tells_of_others(opened: Opened, extract: Extract) -> bool:
    """Whether a comment, or the header once more, may begin another table, or the same one again."""
    if opened.dialect is None:
        return False
    records, repeats_header = dict(extract.records), is_header_again(opened)
    wanted = [records[line] for line in extract.lines]
    begins_table = is_other_header(opened)
    if any(record and (is_comment(record) or begins_table(record)) for record in wanted):
        return True
    below = [records.get(line + 1) for line in extract.lines if repeats_header(records[line])]
    first = next((row for _, row in raw_records(opened, lambda _: None) if any(map(str.strip, row))), None)
    return bool(below) and (opened.has("visits") or first in below)
