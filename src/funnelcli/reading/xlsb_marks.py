"""What a sheet of a binary workbook (.xlsb) says beside its values: what is hidden, merged, struck out, dressed.

Its parts are those of an .xlsx, as records instead of XML: a number of a kind, a length, and so many bytes.  What is
damaged in it says nothing here; its reader says that.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct, field

from funnelcli.reading.number_formats import OF_PERCENT, PERCENT, Shown, shown_by

BOOK, STYLES, RELATIONS = "xl/workbook.bin", "xl/styles.bin", "xl/_rels/workbook.bin.rels"
_ROW, _COLUMN, _MERGED, _FILTERED = 0, 60, 176, 163
_ERROR, _ERROR_OF_FORMULA = 3, 11
_NUMBERS = frozenset({2, 5, 9})  # short, long, and of a formula
_CELLS = frozenset(range(1, 12))
_SHEET, _FONT, _WRITTEN, _FORMAT, _FORMATS, _END_OF_FORMATS = 156, 43, 44, 47, 617, 618
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
MOST_COLUMNS = 16_384

Place = tuple[int, int]


class BinaryMarks(Struct, kw_only=True):
    """The marks of a sheet: hidden and struck rows and hidden columns, from 1; errors, merged cells (from 0), looks."""

    hidden: set[int] = field(default_factory=set)
    struck: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    errors: list[tuple[int, int, str]] = field(default_factory=list)
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    shown: list[tuple[int, Shown]] = field(default_factory=list)
    filtered: bool = False


class _Looks(Struct, kw_only=True):
    """The formats of cells by number: those struck out, and those that show more than a number."""

    struck: set[int] = field(default_factory=set)
    shown: dict[int, Shown] = field(default_factory=dict)


def binary_marks(read: Callable[[str], bytes], sheet: str, targets: Mapping[str, str]) -> BinaryMarks:
    """The marks of a sheet, of which ``read`` gives the parts by name; ``targets`` are the parts by their relation."""
    marks = BinaryMarks()
    try:
        part = targets.get(_relation_of(read(BOOK), sheet), "")
        looks = _looks_of(read(STYLES))
        line = 0
        for kind, record in _records(read(part) if part else b""):
            if kind == _ROW:
                line = struct.unpack_from("<I", record)[0] + 1
                if record[11] & 0x10:
                    marks.hidden.add(line)
            elif kind in _CELLS:
                _note_cell(marks, kind, record, line, looks)
            else:
                _note(marks, kind, record)
    except (struct.error, IndexError):
        pass  # it ends within a record
    return marks


def _note(marks: BinaryMarks, kind: int, record: bytes) -> None:
    """Add to the marks what a record says that is no row and no cell."""
    if kind == _COLUMN:
        first, last = struct.unpack_from("<II", record)
        if record[16] & 1:
            marks.hidden_columns.update(range(first + 1, min(last, MOST_COLUMNS) + 2))
    elif kind == _MERGED:
        top, bottom, left, right = struct.unpack_from("<IIII", record)
        marks.merged.append(((top, left), (bottom, right)))
    elif kind == _FILTERED:
        marks.filtered = True


def _note_cell(marks: BinaryMarks, kind: int, record: bytes, line: int, looks: _Looks) -> None:
    """Add to the marks what a cell says."""
    column, form = struct.unpack_from("<II", record)
    form &= 0xFFFFFF
    if form in looks.struck:
        marks.struck.add(line)
    if kind in (_ERROR, _ERROR_OF_FORMULA):
        marks.errors.append((line, column + 1, _ERRORS.get(record[8], "#ERR")))
    elif kind in _NUMBERS and looks.shown:
        marks.shown.append((column + 1, looks.shown.get(form, frozenset())))


# --- records -----------------------------------------------------------------------------------------------------


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of a part, each with its kind."""
    at = 0
    while at < len(part):
        kind, at = _number(part, at, 2)
        size, at = _number(part, at, 4)
        yield kind, part[at : at + size]
        at += size


def _number(part: bytes, at: int, most: int) -> tuple[int, int]:
    """A number of at most so many bytes, seven bits each, and where it ends."""
    number = 0
    for place in range(most):
        byte = part[at + place]
        number |= (byte & 0x7F) << 7 * place
        if byte < 0x80:
            return number, at + place + 1
    return number, at + most


def _text(record: bytes, at: int) -> tuple[str, int]:
    """A text that says its length before it, and where it ends; one that is too long ends with its record."""
    (size,) = struct.unpack_from("<I", record, at)
    end = min(at + 4 + 2 * size, len(record))
    return record[at + 4 : end].decode("utf-16-le", "replace"), end


def _relation_of(book: bytes, sheet: str) -> str:
    """The relation by which the part of a sheet is found; of an unnamed one, that of the first."""
    for kind, record in _records(book):
        if kind == _SHEET:
            relation, end = _text(record, 8)
            name, _ = _text(record, end)
            if not sheet or name == sheet:
                return relation
    return ""


def _looks_of(styles: bytes) -> _Looks:
    """What the formats of cells look like; a part without any has none."""
    struck: list[bool] = []
    written = {int(number): PERCENT for number in OF_PERCENT}
    looks = _Looks()
    is_of_cells, number = False, 0
    for kind, record in _records(styles):
        if kind == _FONT:
            struck.append(bool(record[2] & 0x08))
        elif kind == _WRITTEN and (said := shown_by(_text(record, 2)[0])):
            written[struct.unpack_from("<H", record)[0]] = said
        elif kind in (_FORMATS, _END_OF_FORMATS):
            is_of_cells = kind == _FORMATS
        elif kind == _FORMAT and is_of_cells:
            _, how, font = struct.unpack_from("<HHH", record)
            if font < len(struck) and struck[font]:
                looks.struck.add(number)
            if how in written:
                looks.shown[number] = written[how]
            number += 1
    return looks
