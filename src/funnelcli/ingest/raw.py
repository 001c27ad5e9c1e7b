"""The wanted cells of one file, column by column: at once where every record is plain, else row by row."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path

import numpy as np

from funnelcli.errors import Problems
from funnelcli.ingest.cells import Cells
from funnelcli.ingest.dialect import Container
from funnelcli.ingest.opening import Opened
from funnelcli.ingest.rows import Reading, Tally, date_place
from funnelcli.ingest.values import clean_column

Columns = Sequence[Sequence[str]]


@dataclass(kw_only=True)
class RawTable:
    """The wanted cells of one file, cleaned, column by column, with the line of each row."""

    opened: Opened
    tally: Tally
    lines: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    cells: dict[str, Cells] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.lines)


def read_raw(opened: Opened, wanted: Sequence[str], problems: Problems) -> RawTable:
    """All data rows of a file, the ``wanted`` columns only; a column the file lacks is not in ``cells``.

    What is wrong with single rows goes to ``problems``; raises FileFault where the file is damaged.
    """
    reading = Reading(opened=opened, problems=problems)
    places = [(name, opened.columns.index[name]) for name in wanted if opened.has(name)]
    table = RawTable(opened=opened, tally=reading.tally)
    regular = _regular_columns(opened)
    if regular is not None:
        size = len(regular[0])
        table.tally.read = size
        table.lines = np.arange(opened.header_line + 1, opened.header_line + 1 + size)
        columns: Columns = [regular[place] for _, place in places]
    else:
        table.lines, columns = _columns_by_row(reading, [place for _, place in places])
    for (name, _), column in zip(places, columns, strict=True):
        cells = Cells.of(column)
        table.cells[name] = cells.reworded(clean_column(cells.texts))
    return table


def _columns_by_row(reading: Reading, picked: Sequence[int]) -> tuple[np.ndarray, Columns]:
    """The lines and the picked columns of any file, read row by row."""
    pick = itemgetter(*picked) if len(picked) > 1 else lambda record: (record[picked[0]],)
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    for line, record in reading.rows():
        lines.append(line)
        rows.append(pick(record))
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(picked)
    return np.array(lines, dtype=np.int64), columns


_ONE_BYTE_QUOTE = frozenset({"utf-8", "utf-8-sig", "cp1252", "cp1258"})


def _regular_columns(opened: Opened) -> Columns | None:
    """The columns of a file in which every record is one line, as wide as the header, with a date that begins with a digit.

    Such a file has no totals, comments, blank lines or open quotation marks, so it can be read at once; None for any other,
    which is then read row by row.
    """
    if opened.content.container is not Container.TEXT or opened.content.gzipped or opened.is_filtered:
        return None
    assert opened.dialect is not None
    if opened.dialect.encoding not in _ONE_BYTE_QUOTE:
        return None
    try:
        columns = _unquoted_columns(opened) or _quoted_columns(opened)
    except (OSError, UnicodeError, csv.Error):
        return None
    if columns is None:
        return None
    return columns if all(cell[:1].isdigit() for cell in set(columns[date_place(opened)])) else None


def _unquoted_columns(opened: Opened) -> Columns | None:
    """The columns of a file that has no quotation mark at all, so that lines and delimiters are what they seem.

    None where it has one, where a line is not as wide as the header, or where a cell begins with a space, which a
    reader of CSV skips.
    """
    assert opened.dialect is not None
    with opened.file.path.open(encoding=opened.dialect.encoding, newline="") as stream:
        text = stream.read().replace("\r\n", "\n")
    delimiter, width = opened.dialect.delimiter, len(opened.columns.header)
    if '"' in text or "\r" in text or delimiter + " " in text or "\n " in text:
        return None
    *before, body = text.split("\n", opened.header_line)
    if len(before) < opened.header_line or not body:
        return None
    if not body.endswith("\n"):
        body += "\n"
    size = body.count("\n")
    # With a cell for each line's end, all lines are of one width exactly if these cells stand a width apart.
    cells = body.replace("\n", f"{delimiter}\n{delimiter}").split(delimiter)
    if len(cells) != size * (width + 1) + 1 or cells[width :: width + 1].count("\n") != size:
        return None
    return [cells[place : -1 : width + 1] for place in range(width)]


def _quoted_columns(opened: Opened) -> Columns | None:
    """The columns of a file whose records are all one line and as wide as the header, quoted or not."""
    assert opened.dialect is not None
    if _last_line(opened.file.path).count(b'"') % 2:
        return None
    with opened.file.path.open(encoding=opened.dialect.encoding, newline="") as stream:
        reader = csv.reader(stream, delimiter=opened.dialect.delimiter, skipinitialspace=True)
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
    return list(zip(*records, strict=True))


def _last_line(path: Path) -> bytes:
    """The last line of a file, or as much of it as matters."""
    with path.open("rb") as stream:
        stream.seek(max(0, os.path.getsize(path) - 65_536))
        lines = stream.read().splitlines()
    return lines[-1] if lines else b""
