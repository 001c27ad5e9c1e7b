"""XLSX: a workbook with a sheet for people, the rows of the CSV, and the notes; no text can run as a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any, assert_never

from msgspec import Struct, field

from funnelcli.answers.answer import Answer, Facts, Heading, Listing, Notes, PlainBlock, Raw, Table
from funnelcli.answers.cells import Cell, Change, ChangeBasis, Number, Precision, Tone, Words, numbers_of
from funnelcli.answers.layout import Layout
from funnelcli.answers.plain import plain_blocks
from funnelcli.problems import UsageError
from funnelcli.renderers import Format, Style, View
from funnelcli.renderers.csv import plain_text
from funnelcli.renderers.wording.cells import NOTES, cell_text
from funnelcli.text import Lang, Text, grouped
from funnelcli.values.currencies import has_decimals
from funnelcli.values.figures import Unit

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_FIGURES = Text("Figures", "Số liệu")
_DATA = Text("Data", "Dữ liệu")
# What a workbook says of its making must not differ from run to run.
_CREATED = datetime(2000, 1, 1)
# Written as numbers from here on: a spreadsheet knows 15 digits.
_EXACT = 10**15
MOST_ROWS = 1_048_576
MOST_LETTERS = 32_767
_WIDEST = 60
# What XML may not hold, beside the control characters that are gone already.
_NO_XML = re.compile("[\ufffe\uffff]")
_COLOURS = {"dim": "#777777", "good": "#137333", "bad": "#B3261E"}


def number_format(number: Number) -> str:
    """How a spreadsheet shows a number: rates as percentages, amounts with decimals where their currency has them.

    >>> number_format(Number(value=0.021, unit=Unit.RATE))
    '0.0%'
    >>> number_format(Number(value=29.9, unit=Unit.AMOUNT, currency="USD"))
    '#,##0.00'
    """
    return _unit_format(number) + ('" *"' if number.starred else "")


def _unit_format(number: Number) -> str:
    if number.unit is Unit.RATE:
        return "0.00%" if number.precision is Precision.FINE else "0.0%"
    if number.unit is Unit.AMOUNT:
        return "#,##0.00" if has_decimals(number.currency) else "#,##0"
    whole = number.precision is not Precision.TENTHS and float(number.value or 0).is_integer()
    return "#,##0" if whole else "#,##0.0"


_CHANGE_FORMATS = {
    ChangeBasis.RELATIVE: "+0.0%;-0.0%;0.0%",
    ChangeBasis.POINTS: '+0.0" pp";-0.0" pp";0.0" pp"',
    ChangeBasis.DIFFERENCE: "+#,##0;-#,##0;0",
}


def render(answer: Answer, style: Style) -> bytes:
    """The answer as a workbook."""
    from xlsxwriter import Workbook  # takes a while to import

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(out, options)
    book.set_properties({"title": _legal(cell_text(Words(answer.title), style.lang))[:255], "created": _CREATED})
    blocks = plain_blocks(answer.page(style.layout))
    _write_page(_Sheet(book=book, sheet=book.add_worksheet(_FIGURES.of(style.lang)), lang=style.lang), blocks)
    _write_rows(_Sheet(book=book, sheet=book.add_worksheet(_DATA.of(style.lang)), lang=style.lang), answer)
    notes = [line for block in blocks if isinstance(block, Notes) for line in block.lines]
    if notes:
        sheet = _Sheet(book=book, sheet=book.add_worksheet(NOTES.of(style.lang)), lang=style.lang)
        for row, line in enumerate(notes):
            sheet.text(row, 0, cell_text(line, style.lang))
    book.close()
    return out.getvalue()


def _legal(text: str) -> str:
    """Text without the characters that XML may not hold."""
    return _NO_XML.sub("", text)


class _Sheet(Struct, kw_only=True):
    """A worksheet that is being written: its formats, each made once, and how wide its columns must be."""

    book: Workbook
    sheet: Worksheet
    lang: Lang
    formats: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)
    widths: dict[int, int] = field(default_factory=dict)

    def look(self, **properties: Any) -> Any:
        """The format with these properties."""
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(properties)
        return self.formats[key]

    def text(self, row: int, column: int, text: str, *, wide: bool = False, **properties: Any) -> None:
        """A text cell; a ``wide`` one makes its column as wide as it needs."""
        text = _legal(text)[:MOST_LETTERS]
        self.sheet.write_string(row, column, text, self.look(**properties))
        if wide:
            self.widths[column] = max(self.widths.get(column, 0), min(len(text), _WIDEST))

    def number(self, row: int, column: int, value: float | Fraction, shown: str, **properties: Any) -> None:
        """A number cell."""
        self.sheet.write_number(row, column, float(value), self.look(num_format=shown, **properties))

    def fit(self) -> None:
        """Set the widths of the columns."""
        for column, width in self.widths.items():
            self.sheet.set_column(column, column, width + 2)


# --- the sheet for people --------------------------------------------------------------------------------------------


def _write_page(sheet: _Sheet, blocks: Sequence[PlainBlock]) -> None:
    """The blocks under each other."""
    row = 0
    for block in blocks:
        row = _write_block(sheet, row, block)
    sheet.fit()


def _write_block(sheet: _Sheet, row: int, block: PlainBlock) -> int:
    """A block from a row on; the row after it."""
    lang = sheet.lang
    match block:
        case Heading():
            text = cell_text(block.text, lang)
            sheet.text(row, 0, f"{block.key}  {text}" if block.key else text, bold=True, font_size=14)
            for number, line in enumerate(block.basis, start=1):
                sheet.text(row + number, 0, cell_text(line, lang), font_color=_COLOURS["dim"])
            return row + len(block.basis) + 2
        case Table():
            return _write_table(sheet, row, block)
        case Facts():
            for number, fact in enumerate(block.facts):
                sheet.text(row + number, 0, fact.name.of(lang), wide=True)
                _write_cell(sheet, row + number, 1, fact.cell, left=True)
            return row + len(block.facts) + 1
        case Listing():
            return _write_listing(sheet, row, block)
        case Notes():
            return row
        case _:
            assert_never(block)


def _titled(sheet: _Sheet, row: int, title: Words | None) -> int:
    if title is None:
        return row
    sheet.text(row, 0, cell_text(title, sheet.lang), bold=True)
    return row + 1


def _write_table(sheet: _Sheet, row: int, table: Table) -> int:
    """A table; a column whose cells hold several numbers takes as many columns."""
    row = _titled(sheet, row, table.title)
    column = 0
    for place, declared in enumerate(table.columns):
        cells = [cells[place] for cells in table.rows]
        names = max((numbers_of(cell) for cell in cells), key=len, default=numbers_of(Words("")))
        header = cell_text(declared.header, sheet.lang)
        for part, (name, _) in enumerate(names):
            title = " ".join(filter(None, (header, name.of(sheet.lang))))
            left = place == 0 or declared.words
            sheet.text(row, column, title, wide=True, bold=True, bottom=1, align="left" if left else "right")
            for number, cell in enumerate(cells, start=1):
                parts = numbers_of(cell)
                if part < len(parts):
                    _write_cell(sheet, row + number, column, parts[part][1], left=left)
            column += 1
    return row + len(table.rows) + 2


def _look_of(tone: Tone) -> dict[str, Any]:
    colour = _COLOURS.get(tone)
    return {"bold": True} if tone == "bold" else {"font_color": colour} if colour else {}


def _write_cell(sheet: _Sheet, row: int, column: int, cell: Cell, *, left: bool) -> None:
    look = _look_of(cell.tone)
    match cell:
        case Number(value=value) if value is not None:
            sheet.number(row, column, value, number_format(cell), align="left" if left else "right", **look)
            shown = len(cell_text(cell, sheet.lang))
            sheet.widths[column] = max(sheet.widths.get(column, 0), shown)
        case Change(value=value) if value is not None:
            size = value * 100 if cell.basis is ChangeBasis.POINTS else value
            sheet.number(row, column, size, _CHANGE_FORMATS[cell.basis], **look)
        case _:
            text = cell_text(cell, sheet.lang)
            sheet.text(row, column, text, wide=True, align="left" if left else "right", **look)


def _write_listing(sheet: _Sheet, row: int, listing: Listing) -> int:
    row = _titled(sheet, row, listing.title)
    _check_length(row + len(listing.rows) + 1)
    _write_raw(sheet, row, [name.of(sheet.lang) for name in listing.headings], listing.rows)
    return row + len(listing.rows) + 2


# --- the sheet of rows -----------------------------------------------------------------------------------------------


def _write_rows(sheet: _Sheet, answer: Answer) -> None:
    """The tidy rows, or the only ones there are, as the CSV has them."""
    rows = answer.sheet(Layout.TIDY)
    _check_length(len(rows.rows) + 1)
    _write_raw(sheet, 0, rows.header, rows.rows)
    sheet.sheet.freeze_panes(1, 0)
    sheet.fit()


def _write_raw(sheet: _Sheet, row: int, header: Sequence[str], rows: Sequence[Sequence[Raw]]) -> None:
    for column, name in enumerate(header):
        sheet.text(row, column, name, wide=True, bold=True, bottom=1)
    for number, cells in enumerate(rows, start=row + 1):
        for column, value in enumerate(cells):
            if isinstance(value, int | float | Fraction) and -_EXACT < value < _EXACT:
                sheet.number(number, column, value, "General")
            elif (text := plain_text(value, sheet.lang)) != "":
                sheet.text(number, column, text, wide=True)


def _check_length(rows: int) -> None:
    if rows > MOST_ROWS:
        raise UsageError(
            Text(
                "{rows} [row is|rows are] more than a worksheet holds ({most}).",
                "{rows} dòng là nhiều hơn một sheet chứa được ({most}).",
            ).filled(rows=grouped(rows), most=grouped(MOST_ROWS)),
            hint=Text("Use -f csv, or ask for fewer.", "Dùng -f csv, hoặc chọn ít dòng hơn."),
        )


def parts(data: bytes) -> list[bytes]:
    """The files that a workbook is packed of; ValueError for what is none."""
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return [text for name in packed.namelist() for text in (name.encode(), packed.read(name))]
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise ValueError(str(error)) from None


FORMAT = Format(
    name="xlsx",
    extensions=(".xlsx",),
    views=frozenset({View.PAGE, View.ROWS}),
    is_text=False,
    render=render,
    parts=parts,
)
