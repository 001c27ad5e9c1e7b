"""What a sheet says beside its values: rows hidden or struck out, cells merged, formulas that are not reckoned.

The reader of workbooks gives values alone.  These marks stand in the XML of the sheet (.xlsx, .xlsm, and .ods without
what is struck out), or in the records of an old workbook (.xls); other formats have none that are looked at but for
merged cells.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from funnelcli.reading.bounds import most_unpacked
from funnelcli.reading.number_formats import Shown, by_column, shown_by_styles, tells
from funnelcli.reading.ods_marks import errors, hidden_columns, hidden_rows, merged_cells, sheet_xml, shown_numbers
from funnelcli.reading.xls_marks import SIGNATURE, OldMarks, old_marks
from funnelcli.reading.xlsb_marks import BOOK, RELATIONS, BinaryMarks, binary_marks

MOST_BYTES = 100_000_000  # of a sheet's XML that is looked through
Place = tuple[int, int]  # row and column, from 1
Range = tuple[Place, Place]  # the first cell and the last, from 0

_SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*>")
_ROW = re.compile(rb"<row\s([^>]*)>")
_VALUE = re.compile(rb"<v(?:\s[^>]*)?>([^<]+)</v>|<is>")
_COLUMN = re.compile(rb"<col\s[^>]*>")
_FONT = re.compile(rb"<font(?=[\s/>])")
_FORMAT = re.compile(rb"<xf\s[^>]*>")


class SheetMarks(Struct, frozen=True, kw_only=True):
    """The rows of a sheet that are hidden, by a filter if ``filtered``, or struck out; its hidden columns, from 1.

    ``not_reckoned`` are the places of formulas of which no value was saved, ``errors`` those of cells like #N/A, with
    what they say; the reader gives these as empty ones.  ``may_be_merged`` is off where no cell is, and ``merged`` are
    those, by the first cell and the last from 0, that the reader does not give.  ``shown`` is by column what its
    numbers are shown in by their formats, where these say more than a number.
    """

    hidden: frozenset[int] = frozenset()
    filtered: bool = False
    hidden_columns: frozenset[int] = frozenset()
    struck: frozenset[int] = frozenset()
    not_reckoned: tuple[Place, ...] = ()
    errors: tuple[tuple[int, int, str], ...] = ()
    may_be_merged: bool = True
    merged: tuple[Range, ...] = ()
    shown: Mapping[int, frozenset[Shown]] = {}


NO_MARKS = SheetMarks()  # of a format that is not looked through


def marks_of(data: bytes, sheet: str) -> SheetMarks:
    """The marks of a sheet of a workbook, which has been measured before; none where it has no XML of this kind."""
    if data.startswith(SIGNATURE):
        return _marks_of_xls(old_marks(data, sheet))
    if not data.startswith(b"PK"):
        return NO_MARKS
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if "content.xml" in archive.namelist():
                return _marks_of_ods(sheet_xml(_read(archive, "content.xml", len(data)), sheet))
            if BOOK in archive.namelist():
                return _marks_of_xlsb(
                    binary_marks(lambda part: _read(archive, part, len(data)), sheet, _targets(archive, RELATIONS))
                )
            part = _part_of(archive, sheet)
            xml = _read(archive, part, len(data)) if part else b""
            styles = _read(archive, "xl/styles.xml", len(data)) if xml and b" s=" in xml else b""
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError, ValueError, KeyError):
        return NO_MARKS
    head, _, _ = xml.partition(b"<sheetData")
    return SheetMarks(
        hidden=_hidden(xml),
        filtered=b"<filterColumn" in xml,
        hidden_columns=_hidden_columns(head),
        struck=_struck(xml, styles) if b"<strike" in styles else frozenset(),
        not_reckoned=_not_reckoned(xml) if b"<f" in xml else (),
        errors=_errors(xml) if b't="e"' in xml else (),
        may_be_merged=not xml or b"mergeCell" in xml,
        shown=_shown(xml, styles) if tells(styles) else {},
    )


def _marks_of_ods(xml: bytes) -> SheetMarks:
    hidden, filtered = hidden_rows(xml)
    return SheetMarks(
        hidden=hidden,
        filtered=filtered,
        hidden_columns=hidden_columns(xml),
        errors=errors(xml),
        shown=by_column(shown_numbers(xml)),
        merged=merged_cells(xml),
    )


def _marks_of_xls(known: OldMarks) -> SheetMarks:
    return SheetMarks(
        hidden=frozenset(known.hidden),
        filtered=known.filtered,
        hidden_columns=frozenset(known.hidden_columns),
        struck=frozenset(known.struck),
        errors=tuple(known.errors),
        shown=by_column(known.shown),
    )


def _marks_of_xlsb(known: BinaryMarks) -> SheetMarks:
    return SheetMarks(
        hidden=frozenset(known.hidden),
        filtered=known.filtered,
        hidden_columns=frozenset(known.hidden_columns),
        struck=frozenset(known.struck),
        errors=tuple(known.errors),
        merged=tuple(known.merged),
        shown=by_column(known.shown),
    )


def _read(archive: zipfile.ZipFile, name: str, size: int) -> bytes:
    """A part of the archive; nothing where it is not there, or too large to be looked through."""
    if name not in archive.namelist() or archive.getinfo(name).file_size > min(MOST_BYTES, most_unpacked(size)):
        return b""
    with archive.open(name) as stream:
        return stream.read(MOST_BYTES)


def _attribute(tag: bytes, name: str) -> str:
    match = re.search(rb"(?<![\w:])(?:\w+:)?" + name.encode() + rb'\s*=\s*"([^"]*)"', tag)
    return match[1].decode("utf-8", "replace") if match else ""


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The name of the part that holds a sheet."""
    from html import unescape

    book = _read(archive, "xl/workbook.xml", MOST_BYTES)
    targets = _targets(archive, "xl/_rels/workbook.xml.rels")
    for tag in _SHEET.findall(book):
        if unescape(_attribute(tag, "name")) == sheet:
            named = re.search(rb'\w+:id\s*=\s*"([^"]*)"', tag)
            return targets.get(named[1].decode("utf-8", "replace") if named else "")
    return None


def _targets(archive: zipfile.ZipFile, relations: str) -> dict[str, str]:
    """The names of parts by their relation to the workbook."""
    tags = _RELATION.findall(_read(archive, relations, MOST_BYTES))
    targets = {_attribute(tag, "Id"): _attribute(tag, "Target") for tag in tags}
    return {name: path.lstrip("/") if path.startswith("/") else f"xl/{path}" for name, path in targets.items()}


def _is_yes(value: str) -> bool:
    return value in ("1", "true")


def _hidden(xml: bytes) -> frozenset[int]:
    if b"hidden=" not in xml:
        return frozenset()
    rows = [tag for tag in _ROW.findall(xml) if b"hidden" in tag]
    return frozenset(
        int(number) for tag in rows if _is_yes(_attribute(tag, "hidden")) and (number := _attribute(tag, "r")).isdigit()
    )


def _hidden_columns(head: bytes) -> frozenset[int]:
    hidden: set[int] = set()
    for tag in _COLUMN.findall(head):
        first, last = _attribute(tag, "min"), _attribute(tag, "max")
        if _is_yes(_attribute(tag, "hidden")) and first.isdigit() and last.isdigit():
            hidden.update(range(int(first), min(int(last), int(first) + 1_000) + 1))
    return frozenset(hidden)


def _struck(xml: bytes, styles: bytes) -> frozenset[int]:
    """The rows in which some cell with a value is struck out by its style."""
    fonts, _, rest = styles.partition(b"</fonts>")
    struck_fonts = {
        str(number)
        for number, font in enumerate(_FONT.split(fonts)[1:])
        if b"<strike" in font and b'<strike val="0"' not in font and b'<strike val="false"' not in font
    }
    _, _, formats = rest.partition(b"<cellXfs")
    formats, _, _ = formats.partition(b"</cellXfs>")
    wanted = {
        str(number) for number, tag in enumerate(_FORMAT.findall(formats)) if _attribute(tag, "fontId") in struck_fonts
    }
    cells = (tag for tag, content in _cells(xml) if content and _attribute(tag, "s") in wanted) if wanted else ()
    return frozenset(place[0] for tag in cells if (place := _place(_attribute(tag, "r"))) is not None)


def _cells(xml: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each cell's tag and what stands in it."""
    at = xml.find(b"<c ")
    while at >= 0:
        following = xml.find(b"<c ", at + 3)
        piece = xml[at : following if following >= 0 else len(xml)]
        tag, _, content = piece.partition(b">")
        yield tag, b"" if tag.endswith(b"/") else content.partition(b"</c>")[0]
        at = following


def _not_reckoned(xml: bytes) -> tuple[Place, ...]:
    """The formulas without a value; one that gives an empty text has one."""
    bare = (
        _place(_attribute(tag, "r"))
        for tag, content in _cells(xml)
        if b"<f" in content and not _VALUE.search(content) and _attribute(tag, "t") != "str"
    )
    return tuple(place for place in bare if place is not None)


def _shown(xml: bytes, styles: bytes) -> dict[int, frozenset[Shown]]:
    """What the numbers of each column are shown in, where some style of the workbook shows more than a number."""
    wanted = shown_by_styles(styles)
    numbers = (tag for tag, content in _cells(xml) if content and _attribute(tag, "t") in ("", "n")) if wanted else ()
    placed = ((_place(_attribute(tag, "r")), _attribute(tag, "s")) for tag in numbers)
    return by_column((place[1], wanted.get(style, frozenset())) for place, style in placed if place is not None)


def _errors(xml: bytes) -> tuple[tuple[int, int, str], ...]:
    """The cells that hold an error, each with its text."""
    said: list[tuple[int, int, str]] = []
    for tag, content in _cells(xml):
        value = _VALUE.search(content) if _attribute(tag, "t") == "e" else None
        place = _place(_attribute(tag, "r"))
        if value is not None and value[1] and place is not None:
            said.append((*place, value[1].decode("utf-8", "replace")))
    return tuple(said)


def _place(reference: str) -> Place | None:
    match = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", reference)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


# --- merged cells ------------------------------------------------------------------------------------------------


def merged_rows(sheet: Any, below: int) -> list[Range]:
    """The merged cells of several rows that lie below a line."""
    ranges: Sequence[Range] | None = getattr(sheet, "merged_cell_ranges", None)
    return [(first, last) for first, last in ranges or () if last[0] > first[0] >= below]


def with_errors(rows: list[list[Any]], errors: Sequence[tuple[int, int, str]]) -> None:
    """Put the text of errors where the reader has left empty cells, or 0."""
    for line, column, text in errors:
        if line <= len(rows) and column <= len(rows[line - 1]) and rows[line - 1][column - 1] in ("", None, 0):
            rows[line - 1][column - 1] = text


def filled_down(rows: list[list[Any]], ranges: Sequence[Range], but: frozenset[int]) -> None:
    """Give each row of merged cells their value, in their first column, but in some columns."""
    for (top, left), (bottom, _) in ranges:
        if left in but or top >= len(rows) or left >= len(rows[top]):
            continue
        for row in rows[top + 1 : bottom + 1]:
            if left < len(row) and row[left] in ("", None):
                row[left] = rows[top][left]
