"""The rows of an answer as a sheet of data: as the CSV has them, for pivot tables and for `track` to read back.

There may be very many of them, so a row is written as one line of text: cell by cell it takes several times as long.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from xlsxwriter.worksheet import Worksheet

from funnelcli.answers.answer import Sheet as Rows
from funnelcli.renderers.csv import plain_text
from funnelcli.renderers.workbook.blocks import EXACT, check_length
from funnelcli.renderers.workbook.book import Book, day_number, legal, whole
from funnelcli.renderers.workbook.formulas import DataCell, Term, column_name
from funnelcli.renderers.workbook.looks import HEADER
from funnelcli.text import Lang, Message, Text

if TYPE_CHECKING:
    from xlsxwriter.format import Format

_DATA = Message("Data")
_SAMPLE = 500  # rows by which the widths are set
_WIDEST, _NARROWEST, _ROOM = 60, 9, 3


class PlainSheet(Worksheet):  # type: ignore[misc]  # the library declares no types that mypy reads
    """A worksheet whose formulas hold no function that is newer than the format, so that none is looked for."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


class RowSheet(PlainSheet):
    """A worksheet whose rows below the header are given as a whole, and written when the workbook is."""

    dim_rowmax: int
    lines: Sequence[Sequence[DataCell]] = ()
    lang: Lang = "en"
    style: int = 0
    days: int | None = None

    def give(self, lines: Sequence[Sequence[DataCell]], lang: Lang, look: Format, days: Format | None = None) -> None:
        """The rows, in a language and a look; ``days`` are dates of a look of theirs, or as the CSV has them."""
        self.lines, self.lang, self.style = lines, lang, look._get_xf_index()
        self.days = None if days is None else days._get_xf_index()

    def _write_rows(self) -> None:
        super()._write_rows()
        first = self.dim_rowmax + 2  # rows are numbered from 1, and the header is the last that is written cell by cell
        self.fh.write("".join(_rows_xml(self.lines, first, self.lang, self.style, self.days)))

    def _write_dimension(self) -> None:
        header: int = self.dim_rowmax
        self.dim_rowmax = header + len(self.lines)
        super()._write_dimension()
        self.dim_rowmax = header


class Linking(Protocol):
    """What some rows of the data refer to."""

    def linked(self, rows: Rows, data_name: str) -> Sequence[Sequence[DataCell]] | None:
        """The rows, in which some figures are formulas; None where none is."""


def write_rows(book: Book, rows: Rows, linking: Linking | None = None) -> None:
    """The sheet of data, with a filter; some of its figures may be those of cells on other sheets."""
    check_length(len(rows.rows) + 1)
    sheet = book.sheet(_DATA, RowSheet)
    lines = (linking.linked(rows, sheet.name) if linking else None) or rows.rows
    worksheet = sheet.sheet
    worksheet.give(lines, book.lang, book.look())
    for column, name in enumerate(rows.header):
        sheet.text(0, column, name, HEADER)
        longest = max((len(_sample(line[column], book.lang)) for line in lines[:_SAMPLE]), default=0)
        sheet.fit(column, max(longest, len(name) + 2) + _ROOM, most=_WIDEST, least=_NARROWEST)
    if rows.header:
        worksheet.autofilter(0, 0, max(len(lines), 1), len(rows.header) - 1)
    sheet.finish(frozen=(1, 0), repeated=1)


def _sample(value: DataCell, lang: Lang) -> str:
    return "" if isinstance(value, tuple) else plain_text(value, lang)


def _rows_xml(
    lines: Sequence[Sequence[DataCell]], first: int, lang: Lang, style: int, days: int | None
) -> Iterator[str]:
    """The rows below the header, as a worksheet has them."""
    letters = [column_name(column) for column in range(max(map(len, lines), default=0))]

    @lru_cache(maxsize=10_000)
    def text(value: str | Text) -> str:
        plain = legal(plain_text(value, lang))
        return f't="inlineStr"><is><t xml:space="preserve">{escape(plain)}</t></is></c>' if plain else ""

    for row, line in enumerate(lines, start=first):
        cells = []
        for letter, value in zip(letters, line, strict=False):
            if days is not None and isinstance(value, date):
                cells.append(f'<c r="{letter}{row}" s="{days}"><v>{day_number(value)}</v></c>')
                continue
            inner = _number_xml(value) if not isinstance(value, str | Text) else text(value)
            if inner is None:
                inner = text(plain_text(value, lang))  # type: ignore[arg-type]  # a day, or a number too long
            if inner:
                cells.append(f'<c r="{letter}{row}" s="{style}" {inner}')
        yield f'<row r="{row}">{"".join(cells)}</row>'


def escape(text: str) -> str:
    """Text as XML holds it.

    >>> escape("a<b & c")
    'a&lt;b &amp; c'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _number_xml(value: DataCell) -> str | None:
    """A number, a formula, or nothing; None for what is written as text."""
    match value:
        case None:
            return ""
        case (Term() as term, known):
            return f"><f>{escape(term.text)}</f><v>{whole(known)!r}</v></c>"
        case int() | float() | Fraction() if -EXACT < value < EXACT:
            return f"><v>{whole(value)!r}</v></c>"
        case _:
            return None
