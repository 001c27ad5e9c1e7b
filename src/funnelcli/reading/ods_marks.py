"""What a sheet of an OpenDocument workbook (.ods) says beside its values: rows and columns hidden, cells in error."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from funnelcli.reading.number_formats import PERCENT, Shown

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384  # of a sheet
EMPTY = 65_536  # rows alike are those below all data

_TABLE = re.compile(rb"<table:table\s[^>]*>")
_ROW = re.compile(rb"<table:table-row(?=[\s/>])([^>]*)>")
_CELL = re.compile(rb"<table:(?:covered-)?table-cell(?=[\s/>])([^>]*)>")
_COLUMN = re.compile(rb"<table:table-column(?=[\s/>])([^>]*)>")
_TEXT = re.compile(rb"<text:p[^>]*>([^<]*)")
_HIDDEN = re.compile(rb'table:visibility="(collapse|filter)"')
_ERROR = b'calcext:value-type="error"'
_SPANNED = (b"table:number-rows-spanned", b"table:number-columns-spanned")
_NUMBERS = (b"float", b"currency", b"percentage")
_DRESSED = (b'"currency"', b'"percentage"')


def sheet_xml(content: bytes, sheet: str) -> bytes:
    """The XML of one sheet; of an unnamed one, that of the first."""
    for tag in _TABLE.finditer(content):
        if not sheet or html.unescape(_attribute(tag[0], b"table:name").decode("utf-8", "replace")) == sheet:
            return content[tag.end() : max(tag.end(), content.find(b"</table:table>", tag.end()))]
    return b""


def hidden_rows(xml: bytes) -> tuple[frozenset[int], bool]:
    """The hidden rows, from 1, and whether a filter hides some of them.

    >>> hidden_rows(b'<table:table-row/><table:table-row table:visibility="filter" table:number-rows-repeated="2">')
    (frozenset({2, 3}), True)
    """
    hidden: set[int] = set()
    filtered = False
    if _HIDDEN.search(xml):
        for first, number, tag in _repeated(_ROW, xml, b"table:number-rows-repeated", MOST_ROWS):
            if said := _HIDDEN.search(tag[1]):
                hidden.update(range(first, first + number) if number < EMPTY else ())
                filtered = filtered or said[1] == b"filter"
    return frozenset(hidden), filtered


def hidden_columns(xml: bytes) -> frozenset[int]:
    """The hidden columns, from 1."""
    columns = _repeated(_COLUMN, xml, b"table:number-columns-repeated", MOST_COLUMNS)
    return frozenset(
        place for first, number, tag in columns if _HIDDEN.search(tag[1]) for place in range(first, first + number)
    )


def errors(xml: bytes) -> tuple[tuple[int, int, str], ...]:
    """The cells that hold an error, by row and column from 1, each with its text."""
    if _ERROR not in xml:
        return ()
    said: list[tuple[int, int, str]] = []
    for row, _, tag in _repeated(_ROW, xml, b"table:number-rows-repeated", MOST_ROWS):
        cells = xml[tag.end() : max(tag.end(), xml.find(b"</table:table-row>", tag.end()))]
        if _ERROR not in cells:
            continue
        for column, _, cell in _repeated(_CELL, cells, b"table:number-columns-repeated", MOST_COLUMNS):
            if _ERROR in cell[1]:
                text = _TEXT.search(cells, cell.end())
                said.append((row, column, html.unescape(text[1].decode("utf-8", "replace")) if text else "#ERR"))
    return tuple(said)


def merged_cells(xml: bytes) -> tuple[tuple[tuple[int, int], tuple[int, int]], ...]:
    """The cells that stand for those of several rows, by the first and the last of them, from 0."""
    if b"table:number-rows-spanned" not in xml:
        return ()
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = []
    for row, _, tag in _repeated(_ROW, xml, b"table:number-rows-repeated", MOST_ROWS):
        cells = xml[tag.end() : max(tag.end(), xml.find(b"</table:table-row>", tag.end()))]
        for column, _, cell in _repeated(_CELL, cells, b"table:number-columns-repeated", MOST_COLUMNS):
            rows, columns = (_whole(_attribute(cell[1], name)) for name in _SPANNED)
            if 1 < rows <= MOST_ROWS and columns <= MOST_COLUMNS:
                merged.append(((row - 1, column - 1), (row + rows - 2, column + columns - 2)))
    return tuple(merged)


def _whole(text: bytes) -> int:
    return int(text) if text.isdigit() and len(text) < 8 else 1


def shown_numbers(xml: bytes) -> Iterator[tuple[int, Shown]]:
    """What each number is shown in, by its column, where some are shown in a currency or as percentages."""
    if not any(kind in xml for kind in _DRESSED):
        return
    for _, _, tag in _repeated(_ROW, xml, b"table:number-rows-repeated", MOST_ROWS):
        cells = xml[tag.end() : max(tag.end(), xml.find(b"</table:table-row>", tag.end()))]
        for first, number, cell in _repeated(_CELL, cells, b"table:number-columns-repeated", MOST_COLUMNS):
            kind = _attribute(cell[1], b"office:value-type")
            if kind in _NUMBERS:
                code = _attribute(cell[1], b"office:currency").decode("utf-8", "replace").upper()
                shown = PERCENT if kind == b"percentage" else frozenset({code} - {""})
                yield from ((column, shown) for column in range(first, first + min(number, EMPTY)))


def _repeated(
    pattern: re.Pattern[bytes], xml: bytes, repeats: bytes, most: int
) -> Iterator[tuple[int, int, re.Match[bytes]]]:
    """Each tag with its place, from 1, and how many it stands for; up to ``most`` of them."""
    place = 1
    for tag in pattern.finditer(xml):
        said = _attribute(tag[1], repeats)
        number = int(said) if said.isdigit() and len(said) < len(str(most)) + 1 else 1
        number = min(number, most - place + 1)
        if number < 1:
            return
        yield place, number, tag
        place += number


def _attribute(tag: bytes, name: bytes) -> bytes:
    match = re.search(rb"\b" + re.escape(name) + rb'="([^"]*)"', tag)
    return match[1] if match else b""
