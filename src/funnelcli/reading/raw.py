"""The wanted cells of one file, column by column: at once where every record is plain, else row by row."""

from __future__ import annotations

import csv
import io
import os
import time
from collections.abc import Iterator, Mapping, Sequence, Set
from operator import itemgetter
from pathlib import Path
from string import digits

import numpy as np
from msgspec import Struct, field

from funnelcli.inputs.spec import CellKind
from funnelcli.problems import Problems
from funnelcli.reading.cells import Cells, Column
from funnelcli.reading.dialect import Container, open_bytes
from funnelcli.reading.emptied import Emptied
from funnelcli.reading.glance import glance, those
from funnelcli.reading.kept import Store
from funnelcli.reading.kept_tables import is_worth_keeping, keep_columns, kept_columns
from funnelcli.reading.no_rows import person_place
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import Reading, Tally
from funnelcli.reading.text_records import date_place, held_records
from funnelcli.reading.totals import any_names_total, is_sum
from funnelcli.reading.words import Piece
from funnelcli.reading.workbook import Record
from funnelcli.values.cells import NULL_STARTS, clean_column, clean_number, clean_values
from funnelcli.values.dates import DateEvidence
from funnelcli.values.many import all_are, all_lines

PIECE_BYTES = 1 << 18
_NULL_STARTS = "".join(filter(str.isascii, NULL_STARTS))  # no word that means nothing ends in a digit
NUMBERS = (CellKind.AMOUNT, CellKind.COUNT, CellKind.NUMBER)
Columns = Mapping[int, Cells]  # by their place in a record


class RawTable(Struct, kw_only=True):
    """The wanted cells of one file, cleaned, column by column, with the line of each row.

    ``said`` is what columns say of the order of day and month, once they have been asked.
    """

    opened: Opened
    tally: Tally
    problems: Problems
    lines: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    cells: dict[str, Cells] = field(default_factory=dict)
    said: dict[str, DateEvidence] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.lines)


def read_raw(opened: Opened, store: Store | None = None) -> RawTable:
    """All data rows of a file, the columns of ours that it has; from the ``store`` where it has them.

    What is wrong with single rows is in its ``problems``; raises FileFault where the file is damaged.
    """
    if store is None or not is_worth_keeping(opened):
        return _read(opened)
    if (kept := kept_columns(store, opened)) is not None:
        tally, lines, cells = kept
        if opened.file.meter is not None:
            opened.file.meter.kept(opened.file.path)
        return RawTable(opened=opened, tally=tally, problems=Problems(), lines=lines, cells=cells)
    began = time.time_ns()
    table = _read(opened)
    keep_columns(store, table, began=began)
    return table


def _read(opened: Opened) -> RawTable:
    reading = Reading(opened=opened, problems=Problems(), in_any_order=True)
    places = [(column.name, opened.columns.index[column.name]) for column in opened.known_columns]
    table = RawTable(opened=opened, tally=reading.tally, problems=reading.problems)
    columns = _regular_columns(opened, {place for _, place in places})
    if columns is not None:
        size = len(columns[date_place(opened)])
        table.tally.read = size
        table.lines = np.arange(opened.header_line + 1, opened.header_line + 1 + size)
    else:
        table.lines, columns = _columns_by_row(reading, [place for _, place in places])
    emptied = Emptied(opened.settings.empty) if opened.settings.empty else None
    no_dates = opened.export.no_date if opened.export is not None else ()
    for column, (name, place) in zip(opened.known_columns, places, strict=True):
        if column.is_date and not (emptied or no_dates) and columns[place].dates is not None:
            table.cells[name] = columns[place]
            continue
        if emptied is None and column.kind in (CellKind.ID, CellKind.TEXT) and columns[place].are_ids:
            table.cells[name] = columns[place].compact()
            continue
        texts = columns[place].texts
        if emptied is not None:
            texts = list(map(emptied.__getitem__, texts))
        if column.is_date and no_dates:
            texts = ["" if text.strip() in no_dates else text for text in texts]
        table.cells[name] = columns[place].reworded(_cleaned(texts, column.kind)).compact()
    return table


def whole_columns(opened: Opened, picked: Set[int]) -> Columns:
    """The picked columns of a file as their cells are written, of all rows that are read.

    Raises FileFault where the file is damaged.
    """
    columns = _regular_columns(opened, picked)
    if columns is None:
        reading = Reading(opened=opened, problems=Problems(limit=0))
        _, columns = _columns_by_row(reading, sorted(picked | {date_place(opened)}))
    return columns


def _cleaned(texts: Sequence[str], kind: CellKind) -> Sequence[str]:
    """The distinct texts of a column, cleaned; a spreadsheet's error says nothing only where words stand."""
    if kind in NUMBERS:
        return list(map(clean_number, texts))  # a number that a workbook gave must stay known as one
    look = glance(texts)
    likely = None if look is None else those(texts, look.begins_with(_NULL_STARTS) & ~look.ends_with(digits))
    return clean_column(texts, likely) if kind is CellKind.TEXT else clean_values(texts, likely)


def _columns_by_row(reading: Reading, picked: Sequence[int]) -> tuple[np.ndarray, Columns]:
    """The lines and the picked columns of any file, read row by row."""
    pick = itemgetter(*picked) if len(picked) > 1 else lambda record: (record[picked[0]],)
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    for line, record in reading.rows():
        lines.append(line)
        rows.append(pick(record))
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(picked)
    return np.array(lines, dtype=np.int64), {
        place: Cells.of(column) for place, column in zip(picked, columns, strict=True)
    }


ONE_BYTE_MARKS = frozenset({"utf-8", "utf-8-sig", "cp1252", "cp1258"})


def _regular_columns(opened: Opened, picked: Set[int]) -> Columns | None:
    """The picked columns of a plain file; None for any other, which is then read row by row.

    In a plain file every record is one line, as wide as the header, with a date that begins with a digit, and no person
    is a word for a total.  So it has no totals, comments, blank lines or open quotation marks, and can be read at once.
    """
    packed = opened.content.container is not Container.TEXT or opened.content.gzipped
    if packed or opened.is_filtered or opened.block is not None or opened.turned is not None:
        return None
    assert opened.dialect is not None
    if opened.dialect.encoding not in ONE_BYTE_MARKS:
        return None
    date_cell, person = date_place(opened), person_place(opened)
    if (records := held_records(opened)) is not None:
        return _held_columns(opened, records, picked)
    needed = picked | {date_cell} | ({person} if person is not None else set())
    try:
        columns = _plain_columns(opened, needed) or _quoted_columns(opened, needed)
    except (OSError, UnicodeError, csv.Error):
        return None
    return columns if columns is not None and _are_rows(columns, date_cell, person) else None


def _held_columns(opened: Opened, records: Sequence[Record], picked: Set[int]) -> Columns | None:
    """The picked columns of a plain file whose records are held."""
    if not records or records[-1][0] != opened.header_line + len(records):
        return None
    rows = [record for _, record in records]
    if set(map(len, rows)) != {len(opened.columns.header)}:
        return None
    columns: dict[int, Cells] = {}
    date_cell, person = date_place(opened), person_place(opened)
    for place in (date_cell, *(() if person is None else (person,))):
        columns[place] = Cells.of(list(map(itemgetter(place), rows)))
    if not _are_rows(columns, date_cell, person):
        return None
    columns |= {place: Cells.of(list(map(itemgetter(place), rows))) for place in picked - columns.keys()}
    return columns


def _are_rows(columns: Columns, date_cell: int, person: int | None) -> bool:
    """Whether cells of dates all begin with a digit, and no person is a word for a total."""
    if person is not None and not columns[person].are_ids and any_names_total(columns[person].texts):
        return False
    known = columns[date_cell].dates
    if known is not None and not np.isnat(known).any():
        return True
    dates = columns[date_cell].texts
    # A number that is no date in itself may be the sum in a row of totals.
    return all_are(_DAYS, dates) or all(cell[:1].isdigit() and not is_sum(cell) for cell in dates)


# Cells that begin with a digit and have a mark of a date or a time further on: none of them is a sum.
_DAYS = all_lines(r"[0-9][^\n/:-]*[/:-][^\n]*")


def _plain_columns(opened: Opened, picked: Set[int]) -> Columns | None:
    """The picked columns of a file whose quotation marks, if any, stand around whole cells of a line each.

    Delimiters and ends of lines are then what they seem.  None where that is not so, or where a line is not as wide as
    the header.
    """
    assert opened.dialect is not None
    width = len(opened.columns.header)
    columns = {place: Column(place) for place in picked}
    size = 0
    for data, encoding in _pieces(opened):
        piece = Piece.of(data, opened.dialect.delimiter, width, encoding)
        if b"\r" in data or piece is None:
            return None
        for column in columns.values():
            column.add(piece)
        size += len(piece.starts)
    return {place: column.cells() for place, column in columns.items()} if size else None


def _pieces(opened: Opened) -> Iterator[tuple[bytes, str]]:
    """What is below the header in pieces of whole lines, and its encoding; nothing where the header is not plain."""
    assert opened.dialect is not None
    # A mark of the byte order stands at the very beginning only, which is the header's.
    encoding = "utf-8" if opened.dialect.encoding == "utf-8-sig" else opened.dialect.encoding
    with open_bytes(opened.file.path, opened.name, gzipped=False, meter=opened.file.meter) as stream:
        header = b"".join(stream.readline() for _ in range(opened.header_line)).replace(b"\r\n", b"\n")
        if header.count(b"\n") != opened.header_line or b"\r" in header:
            return
        lines = io.StringIO(header.decode(encoding, "replace"), newline="")
        reader = csv.reader(lines, delimiter=opened.dialect.delimiter, skipinitialspace=True, strict=True)
        if sum(1 for _ in reader) != opened.header_line:
            return  # a cell has several lines
        while piece := stream.read(PIECE_BYTES):
            data = piece + stream.readline()
            data = data.replace(b"\r\n", b"\n") if b"\r" in data else data
            yield (data if data.endswith(b"\n") else data + b"\n"), encoding


def _quoted_columns(opened: Opened, picked: Set[int]) -> Columns | None:
    """The picked columns of a file whose records are all one line and as wide as the header, quoted or not."""
    assert opened.dialect is not None
    if _last_line(opened.file.path).count(b'"') % 2:
        return None
    with (
        open_bytes(opened.file.path, opened.name, gzipped=False, meter=opened.file.meter) as raw,
        io.TextIOWrapper(raw, encoding=opened.dialect.encoding, newline="") as stream,
    ):
        reader = csv.reader(stream, delimiter=opened.dialect.delimiter, skipinitialspace=True, strict=True)
        for _ in reader:
            if reader.line_num >= opened.header_line:
                break
        if reader.line_num != opened.header_line:
            return None
        records = list(reader)
        if not records or reader.line_num != opened.header_line + len(records):
            return None
    if set(map(len, records)) != {len(opened.columns.header)}:
        return None
    columns = list(zip(*records, strict=True))
    return {place: Cells.of(columns[place]) for place in picked}


def _last_line(path: Path) -> bytes:
    """The last line of a file, or as much of it as matters."""
    with path.open("rb") as stream:
        stream.seek(max(0, os.path.getsize(path) - 65_536))
        lines = stream.read().splitlines()
    return lines[-1] if lines else b""
