"""Whether a text file ends within a row, as one does that is still being written or was not downloaded whole."""

from __future__ import annotations

import os
from collections.abc import Sequence

from funnelcli.inputs.spec import CellKind, Column
from funnelcli.problems import Problem, problem
from funnelcli.reading.dialect import Container, records
from funnelcli.reading.footer import without_footer
from funnelcli.reading.no_rows import no_row
from funnelcli.reading.opening import Opened
from funnelcli.reading.text_records import date_place
from funnelcli.text import Message, Text
from funnelcli.text.regex import regex

TAIL = 65_536  # bytes at the end of a file that are looked at
FEWEST_FILLED = 5  # cells above an empty one that show that none is empty
FEWEST = 2  # dates above the last one that show how long they are
FEWEST_ALIKE = 20  # cells of equal length that show the length of a cell which is no date
SHORTEST = 6
LINES = 40
_NUMBERS = regex(r"\d+")
_LINE_END = regex(r"\r\n?|\n")


def cut_short(opened: Opened) -> Problem | None:
    """A warning where the last line has no end, and fewer or shorter cells than all rows before it.

    Only what is not gzipped is looked at: an archive that is cut short cannot be unpacked, which reading it says.
    """
    dialect, content = opened.dialect, opened.content
    if content.container is not Container.TEXT or content.gzipped or dialect is None or opened.turned is not None:
        return None
    text = _tail(opened, dialect.encoding)
    if not text or text[-1] in "\r\n":
        return None
    width = len(opened.columns.header)
    *rows, last = [cells for _, cells in records(text, dialect.delimiter)][-FEWEST_ALIKE - 1 :] or [[]]
    if not rows or any(len(row) != width for row in rows) or not _is_row(opened, rows, last):
        return None
    why = _why(opened, rows, last, width)
    return None if why is None else problem("cut-short", file=opened.name, why=why)


def _why(opened: Opened, rows: Sequence[Sequence[str]], last: Sequence[str], width: int) -> Text | None:
    """What of the last row is missing; None where it is as whole as the others."""
    if len(last) < width:
        text = Message("the last line has {count} of {width} cells, and no end")
        return text.filled(count=len(last), width=width)
    above = [row[-1] for row in rows]
    if not last[-1]:
        if len(rows) < FEWEST_FILLED or not all(above):
            return None
        text = Message("its last cell is empty, unlike all those above it, and the last line has no end")
        return text.filled()
    kinds = {opened.columns.index[column.name]: column for column in opened.known_columns}
    column = kinds.get(width - 1)
    if column is None or not (_is_cut_date(above, last[-1]) if column.is_date else _is_cut_id(column, above, last[-1])):
        return None
    text = Message("its last cell, {value!r}, is shorter than those above it, and the last line has no end")
    return text.filled(value=last[-1][:40])


def _is_cut_date(above: Sequence[str], last: str) -> bool:
    """Whether the numbers of a date are fewer, or its last one is shorter, than in all dates above it."""
    if len(above) < FEWEST:
        return False
    written = [_NUMBERS.findall(cell) for cell in above]
    mine = _NUMBERS.findall(last)
    counts, lengths = {len(numbers) for numbers in written}, {len(numbers[-1]) for numbers in written if numbers}
    if len(counts) != 1 or len(lengths) != 1 or not mine:
        return False
    return len(mine) < min(counts) or (len(mine) == min(counts) and len(mine[-1]) < min(lengths))


def _is_cut_id(column: Column, above: Sequence[str], last: str) -> bool:
    """Whether an id is shorter than very many above it, which are all of one length."""
    lengths = {len(cell) for cell in above}
    is_code = column.kind is CellKind.ID and all(cell.isalnum() for cell in above)
    return is_code and len(above) >= FEWEST_ALIKE and len(lengths) == 1 and SHORTEST <= min(lengths) > len(last)


def _is_row(opened: Opened, rows: Sequence[Sequence[str]], last: Sequence[str]) -> bool:
    """Whether the last line is a row, and no total or line below the table."""
    width, date_cell = len(opened.columns.header), date_place(opened)
    numbered = [(place, list(row)) for place, row in enumerate([*rows, last])]
    kept = [place for place, _ in without_footer(numbered, date_cell)]
    padded = [*last, *[""] * (width - len(last))]
    return len(rows) in kept and not no_row(opened)(padded)


def _tail(opened: Opened, encoding: str) -> str:
    """The last lines below the header, of which the last may be one that was cut; empty where they cannot be read."""
    path = opened.file.path
    try:
        with path.open("rb") as stream:
            start = max(0, os.path.getsize(path) - TAIL) // 4 * 4  # within a letter of no encoding
            stream.seek(start)
            text = stream.read(TAIL + 4).decode(encoding, errors="replace")
    except (OSError, LookupError):
        return ""
    lines = _LINE_END.split(text)
    above = 1 if start else opened.header_line  # part of a line, or the header and what stands above it
    return "\n".join(lines[max(above, len(lines) - LINES) :])
