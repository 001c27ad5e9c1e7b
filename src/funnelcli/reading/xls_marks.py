"""What a sheet of an old workbook (.xls) says beside its values: rows and columns hidden, cells struck out or in error.

Such a workbook is a compound file, of sectors that follow each other in chains, with one stream that holds the records
of all sheets (BIFF, as of Excel 5 to 2003).  What is damaged in it says nothing here; its reader says that.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import islice

from msgspec import Struct

from funnelcli.reading.number_formats import OF_PERCENT, PERCENT, Shown, shown_by

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = ("workbook", "book")
_LAST_SECTOR = 0xFFFFFFFA  # what is larger stands for no sector
_ENTRY = 128  # bytes of an entry of the directory
_ROOT = 5

_BOF, _EOF, _SHEET, _FONT, _FORMAT, _PASSWORD = 0x809, 0x0A, 0x85, 0x31, 0xE0, 0x2F
_ROW, _COLUMNS, _FILTERED = 0x208, 0x7D, 0x9B
_FORMULA, _ERROR_CELL, _NUMBERS = 0x06, 0x205, 0xBD
_NUMBER, _SHORT_NUMBER, _WRITTEN = 0x203, 0x27E, 0x41E
_VALUES = frozenset({_FORMULA, _ERROR_CELL, _NUMBERS, 0xFD, 0x204, _NUMBER, _SHORT_NUMBER, 0xD6})
_OF_BOOKS = frozenset({_SHEET, _FONT, _FORMAT, _WRITTEN, _PASSWORD})
_OF_SHEETS = frozenset({_ROW, _COLUMNS, _FILTERED, _FORMULA, _ERROR_CELL})
_IN_ERROR = 2  # of the values of formulas that are no numbers
_BIFF_8 = 0x600
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}

_Record = tuple[int, bytes]


class OldMarks(Struct, kw_only=True):
    """The hidden and the struck rows of a sheet and its hidden columns, from 1; its cells in error, with the text.

    ``shown`` is of each number, by its column, in what it is shown, where a format shows more than a number.
    """

    hidden: set[int]
    struck: set[int]
    hidden_columns: set[int]
    errors: list[tuple[int, int, str]]
    shown: list[tuple[int, Shown]]
    filtered: bool = False


class _Formats(Struct, frozen=True, kw_only=True):
    """The formats of cells by number: those whose font is struck out, and those that show more than a number."""

    struck: frozenset[int] = frozenset()
    shown: Mapping[int, Shown] = {}


def old_marks(data: bytes, sheet: str) -> OldMarks:
    """The marks of one sheet of an old workbook; of an unnamed one, those of the first."""
    marks = OldMarks(hidden=set(), struck=set(), hidden_columns=set(), errors=[], shown=[])
    try:
        stream = _stream_of(data)
        start, formats = _globals(stream, sheet)
        if start is not None:
            wanted = _OF_SHEETS | (_VALUES if formats.struck or formats.shown else set())
            for kind, record in _of_substream(stream, start, wanted):
                _note(marks, kind, record, formats)
    except (struct.error, IndexError):
        pass  # it ends within a record
    return marks


# --- the compound file -------------------------------------------------------------------------------------------


def _stream_of(data: bytes) -> bytes:
    """The stream of the records of a workbook; empty where there is none."""
    shift, small_shift = struct.unpack_from("<HH", data, 30)
    directory, cutoff, small_start = struct.unpack_from("<I4xII", data, 48)
    if not 7 <= shift <= 16 or not 4 <= small_shift <= shift:
        return b""
    table = _table(data, shift)

    def chain(first: int) -> bytes:
        sectors = islice(_chain(table, first), len(data) >> shift)
        return b"".join(data[(at + 1) << shift : (at + 2) << shift] for at in sectors)

    entries = chain(directory)
    root = b""
    for place in range(0, len(entries) - _ENTRY + 1, _ENTRY):
        entry = entries[place : place + _ENTRY]
        length, kind = struct.unpack_from("<HB", entry, 64)
        first, size = struct.unpack_from("<II", entry, 116)
        if kind == _ROOT:
            root = chain(first)
        elif entry[: max(length - 2, 0)].decode("utf-16-le", "replace").casefold() in _STREAMS:
            if size >= cutoff:
                return chain(first)[:size]
            small = islice(_chain(_numbers(chain(small_start)), first), len(root) >> small_shift)
            return b"".join(root[at << small_shift : (at + 1) << small_shift] for at in small)[:size]
    return b""


def _table(data: bytes, shift: int) -> Sequence[int]:
    """Which sector follows each, from the sectors that the header lists, and those that list more of them."""
    sectors = list(struct.unpack_from("<109I", data, 76))
    (more,) = struct.unpack_from("<I", data, 68)
    for _ in range(len(data) >> shift):
        if more >= _LAST_SECTOR:
            break
        *listed, more = _numbers(data[(more + 1) << shift : (more + 2) << shift]) or (_LAST_SECTOR,)
        sectors += listed
    known = (at for at in sectors if at < _LAST_SECTOR)
    return _numbers(b"".join(data[(at + 1) << shift : (at + 2) << shift] for at in islice(known, len(data) >> shift)))


def _numbers(piece: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(piece) // 4}I", piece[: len(piece) // 4 * 4])


def _chain(table: Sequence[int], first: int) -> Iterator[int]:
    """The sectors of a chain; one that leads in a circle ends after as many as there are."""
    for _ in table:
        if first >= len(table):
            return
        yield first
        first = table[first]


# --- the records -------------------------------------------------------------------------------------------------


def _records(stream: bytes, at: int, wanted: Set[int]) -> Iterator[_Record]:
    """The records of the ``wanted`` kinds from a place on."""
    head, end = struct.Struct("<HH").unpack_from, len(stream) - 4
    while at <= end:
        kind, size = head(stream, at)
        if kind in wanted:
            yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def _of_substream(stream: bytes, start: int, wanted: Set[int]) -> Iterator[_Record]:
    """The records of a sheet, without those of the charts in it."""
    depth = 0
    for kind, record in _records(stream, start, wanted | {_BOF, _EOF}):
        depth += (kind == _BOF) - (kind == _EOF)
        if depth < 1:
            return
        if depth == 1:
            yield kind, record


def _globals(stream: bytes, sheet: str) -> tuple[int | None, _Formats]:
    """Where the records of a sheet begin, and the formats of cells; no place where the book is locked."""
    version, struck_fonts, fonts = 0, set[int](), 0
    formats: list[tuple[int, int]] = []  # the font of each, and how its numbers are written
    written = {int(number): PERCENT for number in OF_PERCENT}
    starts: list[tuple[str, int]] = []
    for kind, record in _of_substream(stream, 0, _OF_BOOKS):
        if kind == _BOF:
            (version,) = struct.unpack_from("<H", record)
        elif kind == _PASSWORD:
            return None, _Formats()
        elif kind == _FONT:
            number = fonts + (fonts > 3)  # there is none of the number 4
            if struct.unpack_from("<2xH", record)[0] & 0x08:
                struck_fonts.add(number)
            fonts += 1
        elif kind == _WRITTEN and version >= _BIFF_8 and (said := shown_by(_text_of(record, 4))):
            written[struct.unpack_from("<H", record)[0]] = said
        elif kind == _FORMAT:
            formats.append(struct.unpack_from("<HH", record))
        elif kind == _SHEET:
            starts.append((_name_of(record, version), struct.unpack_from("<I", record)[0]))
    start = next((at for name, at in starts if not sheet or name == sheet), None)
    return start, _Formats(
        struck=frozenset(number for number, (font, _) in enumerate(formats) if font in struck_fonts),
        shown={number: written[how] for number, (_, how) in enumerate(formats) if how in written},
    )


def _text_of(record: bytes, at: int) -> str:
    """A text whose length, of two bytes, ends at a place, in letters of one byte or two."""
    (size,) = struct.unpack_from("<H", record, at - 2)
    if record[at] & 1:
        return record[at + 1 : at + 1 + 2 * size].decode("utf-16-le", "replace")
    return record[at + 1 : at + 1 + size].decode("latin-1")


def _name_of(record: bytes, version: int) -> str:
    """The name of a sheet; in the older of the two versions letters beyond ASCII depend on the place it was made in."""
    if version < _BIFF_8:
        return record[7 : 7 + record[6]].decode("cp1252", "replace")
    if record[7] & 1:
        return record[8 : 8 + 2 * record[6]].decode("utf-16-le", "replace")
    return record[8 : 8 + record[6]].decode("latin-1")


def _note(marks: OldMarks, kind: int, record: bytes, formats: _Formats) -> None:
    """Add to the marks what one record says."""
    if kind == _ROW:
        row, flags = struct.unpack_from("<H10xH", record)
        if flags & 0x20:
            marks.hidden.add(row + 1)
    elif kind == _COLUMNS:
        first, last, flags = struct.unpack_from("<HH4xH", record)
        if flags & 1:
            marks.hidden_columns.update(range(first + 1, min(last, 255) + 2))
    elif kind == _FILTERED:
        marks.filtered = True
    elif kind in _VALUES:
        row, column, form = struct.unpack_from("<HHH", record)
        if form in formats.struck:
            marks.struck.add(row + 1)
        if formats.shown:
            marks.shown.extend(
                (place + 1, formats.shown.get(how, frozenset())) for place, how in _numbers_in(kind, record)
            )
        if kind == _ERROR_CELL and record[7]:
            marks.errors.append((row + 1, column + 1, _ERRORS.get(record[6], "#ERR")))
        elif kind == _FORMULA and record[12:14] == b"\xff\xff" and record[6] == _IN_ERROR:
            marks.errors.append((row + 1, column + 1, _ERRORS.get(record[8], "#ERR")))


def _numbers_in(kind: int, record: bytes) -> Iterator[tuple[int, int]]:
    """The column of each number of a record, and its format."""
    _, column, form = struct.unpack_from("<HHH", record)
    if kind == _NUMBERS:
        for place in range((len(record) - 6) // 6):
            yield column + place, struct.unpack_from("<H", record, 4 + 6 * place)[0]
    elif kind in (_NUMBER, _SHORT_NUMBER) or (kind == _FORMULA and record[12:14] != b"\xff\xff"):
        yield column, form
