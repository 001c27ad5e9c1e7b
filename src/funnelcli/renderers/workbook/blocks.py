"""Plain blocks under each other on a sheet: tables, facts, long lists, definitions and notes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import assert_never

from funnelcli.answers.answer import Facts, Heading, Listing, Notes, PlainBlock, Raw, Table
from funnelcli.answers.cells import Cell, Change, ChangeBasis, Number, Words, numbers_of, reason_of
from funnelcli.problems import UsageError
from funnelcli.renderers.wording.cells import cell_text, raw_text
from funnelcli.renderers.wording.shades import step_of
from funnelcli.renderers.workbook.book import HEADER_ROW, MOST_ROWS, Sheet
from funnelcli.renderers.workbook.looks import (
    HEADER,
    LABEL_WIDTH,
    SECTION,
    TONES,
    WORDS_MOST,
    Look,
    change_format,
    day_format,
    number_format,
)
from funnelcli.text import Message, grouped

# Written as numbers from here on: a spreadsheet knows 15 digits.
EXACT = 10**15
_WRAPPED: Look = {"text_wrap": True, "valign": "top"}
_TOP: Look = {"valign": "top"}
_RIGHT: Look = {"align": "right"}
_LEFT: Look = {"align": "left"}
_APART: Look = {"align": "left", "indent": 1}  # words after a column of numbers
_WIDE = 32  # longer texts of a list are wrapped
_WIDEST, _NOTE_WIDTH = 46, 110
_ROOM = 2
# So long a list is written as the data is, all rows alike; it stands last on its sheet.
MANY = 2_000


def write_blocks(sheet: Sheet, blocks: Sequence[PlainBlock]) -> None:
    """The blocks under each other: the first heading is the sheet's, the first table begins with the header row."""
    heading = next((block for block in blocks if isinstance(block, Heading)), None)
    if heading is not None:
        text = sheet.words(heading.text)
        first, *others = (sheet.words(line) for line in (*heading.basis, Words("")))
        sheet.head(f"{heading.key}  {text}" if heading.key else text, first, " ".join(others).strip())
    row = HEADER_ROW
    for block in blocks:
        if block is not heading:
            row = _write_block(sheet, row, block)


def _write_block(sheet: Sheet, row: int, block: PlainBlock) -> int:
    """A block from a row on; the row after it."""
    match block:
        case Heading():
            sheet.text(row, 0, sheet.words(block.text), SECTION)
            return row + 2
        case Table():
            return _write_table(sheet, row, block)
        case Facts():
            for number, fact in enumerate(block.facts):
                sheet.text(row + number, 0, fact.name.of(sheet.lang), {"bold": True}, _TOP)
                sheet.fit(0, len(fact.name.of(sheet.lang)) + _ROOM)
                write_cell(sheet, row + number, 1, fact.cell, _LEFT)
            return row + len(block.facts) + 1
        case Listing():
            return write_listing(sheet, _titled(sheet, row, block.title), block)
        case Notes():
            return write_notes(sheet, row, block)
        case _:
            assert_never(block)


def write_notes(sheet: Sheet, row: int, notes: Notes) -> int:
    """Lines of words, each wrapped over the columns of the tables before it, or alone in one wide enough to read."""
    if not sheet.widths:
        sheet.fit(0, _NOTE_WIDTH, most=_NOTE_WIDTH)
    across, width = sheet.across(_NOTE_WIDTH)
    for number, line in enumerate(notes.lines):
        sheet.text_across(row + number, across, sheet.words(line), _WRAPPED)
        sheet.raise_row(row + number, len(sheet.words(line)), int(width))
    return row + len(notes.lines) + 1


def _titled(sheet: Sheet, row: int, title: Words | None) -> int:
    if title is None or (row == HEADER_ROW and not sheet.words(title)):
        return row
    sheet.text(row, 0, sheet.words(title), {"bold": True})
    return row + 1


def _write_table(sheet: Sheet, row: int, table: Table) -> int:
    """A table; a column whose cells hold several numbers takes as many columns."""
    row = _titled(sheet, row, table.title)
    column = 0
    before: Look = _LEFT
    for place, declared in enumerate(table.columns):
        cells = [cells[place] for cells in table.rows]
        names = max((numbers_of(cell) for cell in cells), key=len, default=numbers_of(Words("")))
        header = sheet.words(declared.header)
        side = _RIGHT if place and not declared.words else _APART if before is _RIGHT else _LEFT
        before = side
        # Words at the end of a table beneath a wider one run on over the columns of that, and widen none of them.
        flows = bool(place) and declared.words and place == len(table.columns) - 1 and column + 1 in sheet.widths
        for part, (name, _) in enumerate(names):
            title = " ".join(filter(None, (header, name.of(sheet.lang))))
            sheet.text(row, column, title, HEADER, side, {"text_wrap": True})
            sheet.fit(column, len(title) + _ROOM, least=LABEL_WIDTH if column == 0 else 11, most=24 if column else 60)
            if declared.drawn and part == 0 and cells:
                sheet.draw_bars(row + 1, column, len(cells), goal=declared.drawn == "goal")
            for number, cell in enumerate(cells, start=1):
                parts = numbers_of(cell)
                if part < len(parts):
                    write_cell(sheet, row + number, column, parts[part][1], side, flows=flows)
            column += 1
    return row + len(table.rows) + 2


_SHADES = ("#EDF3FB", "#D6E4F5", "#BCD3EE", "#9FC0E6", "#7FAADC")


def write_cell(sheet: Sheet, row: int, column: int, cell: Cell, *looks: Look, flows: bool = False) -> None:
    """A cell of a table: a number as such, in the format of its unit; what is missing empty, with the reason.

    Words that have room beside them ``flows`` lets run on there.
    """
    tone = TONES[cell.tone]
    match cell:
        case Number(value=None):
            reason = reason_of(cell)
            sheet.blank(row, column, tone, *looks, why=sheet.words(Words(reason)) if reason else None)
        case Number(value=value) if value is not None:
            step = step_of(cell)
            shade: Look = {"bg_color": _SHADES[step - 1]} if step else {}
            sheet.number(row, column, value, {"num_format": number_format(cell)}, tone, *looks, shade)
            sheet.fit(column, len(cell_text(cell, sheet.lang)) + _ROOM + 2)
        case Change(value=value) if value is not None:
            size = value * 100 if cell.basis is ChangeBasis.POINTS else value
            sheet.number(row, column, size, {"num_format": change_format(cell, sheet.lang)}, tone, *looks)
        case _:
            text = sheet.words(cell)
            wrapped = _WRAPPED if len(text) > WORDS_MOST and not flows else {}
            sheet.text(row, column, text, tone, *looks, wrapped)
            if not flows:
                sheet.fit(column, len(text) + _ROOM)


def write_listing(sheet: Sheet, row: int, listing: Listing) -> int:
    """A long list under its header, with a filter; the row after it."""
    check_length(row + len(listing.rows) + 1)
    many = sheet.takes_rows and len(listing.rows) > MANY
    sample = listing.rows[:MANY]
    headings = [name.of(sheet.lang) for name in listing.headings]
    before = False
    for column, (name, heading) in enumerate(zip(listing.header, headings, strict=True)):
        numeric = listing.is_right(name) or _is_numeric([line[column] for line in sample])
        number_look: Look = {"num_format": "0"} if name in listing.places else {}
        side = _RIGHT if numeric else _APART if before else _LEFT
        sheet.text(row, column, heading[:1].upper() + heading[1:], HEADER, side)
        longest = max((len(raw_text(line[column], sheet.lang)) for line in sample), default=0)
        # Room for the arrow of the filter.
        sheet.fit(column, max(longest, len(heading) + 3) + _ROOM, most=_WIDEST)
        wrapped = _WRAPPED if longest > _WIDE and not numeric else _TOP
        look = {**wrapped, **(_APART if side is _APART else {})}
        before = numeric
        for number, line in enumerate(() if many else listing.rows, start=row + 1):
            _write_raw(sheet, number, column, line[column], look, number_look)
            if wrapped is _WRAPPED:
                sheet.raise_row(number, len(raw_text(line[column], sheet.lang)), _WIDEST)
    if many:
        days = sheet.book.look({"num_format": day_format(sheet.lang)}, _LEFT)
        sheet.sheet.give(listing.rows, sheet.lang, sheet.book.look(), days)
    if listing.rows and listing.header:
        sheet.sheet.autofilter(row, 0, row + len(listing.rows), len(listing.header) - 1)
    return row + len(listing.rows) + 2


def _is_numeric(values: Sequence[Raw]) -> bool:
    """Whether a column holds numbers alone."""
    known = [value for value in values if value not in (None, "")]
    return bool(known) and all(isinstance(value, int | float | Fraction) for value in known)


def _write_raw(sheet: Sheet, row: int, column: int, value: Raw, look: Look, number_look: Look) -> None:
    if isinstance(value, int | float | Fraction) and -EXACT < value < EXACT:
        whole = {"num_format": "#,##0" if float(value).is_integer() else "General"}
        sheet.number(row, column, value, look, whole, number_look)
    elif isinstance(value, date):
        sheet.day(row, column, value, day_format(sheet.lang), look, _LEFT)
    elif (text := raw_text(value, sheet.lang)) != "":
        sheet.text(row, column, text, look)


def check_length(rows: int) -> None:
    """UsageError where there are more rows than a worksheet holds."""
    if rows > MOST_ROWS:
        raise UsageError(
            Message("{rows} [row is|rows are] more than a worksheet holds ({most}).").filled(
                rows=grouped(rows), most=grouped(MOST_ROWS)
            ),
            hint=Message("Use -f csv, or ask for fewer."),
        )
