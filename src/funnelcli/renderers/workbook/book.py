"""A workbook that is being written: its sheets, its formats, and cells in which no text can run as a formula."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from funnelcli.answers.cells import Cell
from funnelcli.renderers.wording.cells import cell_text
from funnelcli.renderers.workbook.formulas import Term, fixed
from funnelcli.renderers.workbook.looks import BASE, BASIS, LABEL_MOST, TITLE, WORDS_MOST, Look
from funnelcli.text import Lang, Message, Text
from funnelcli.text.regex import regex

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

# What a workbook says of its making must not differ from run to run.
CREATED = datetime(2000, 1, 1)
MOST_ROWS = 1_048_576
MOST_LETTERS = 32_767
MOST_IN_NAME = 31
# The header stands in the fourth row; it and what is above it stay in sight, and are printed on every page.
HEADER_ROW = 3
# What XML may not hold, beside the control characters that are gone already.
_NO_XML = regex("[\ufffe\uffff]")
# What sheets may not have in their names, and the marks of references to them.
_NOT_IN_NAMES = regex(r"[\[\]:*?/\\!']")
_NOT_IN_DEFINED = regex(r"[^A-Za-z0-9_]")
_RESERVED = frozenset(["history"])
_PAGE = Message("Page &P of &N")
_A4 = 9
_LINE_HEIGHT = 14.5  # points


def legal(text: str) -> str:
    """Text without the characters that XML may not hold, and no longer than a cell may be.

    >>> legal("a\\ufffeb")
    'ab'
    """
    return _NO_XML.sub("", text)[:MOST_LETTERS]


class Book(Struct, kw_only=True):
    """The workbook, the language of its reader, and what is made once for all its sheets."""

    book: Workbook
    lang: Lang
    plain: type[Worksheet]
    sheets: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    _formats: dict[tuple[tuple[str, Any], ...], Format] = field(default_factory=dict)

    def look(self, *looks: Look | Format) -> Format:
        """The format of some looks, the later ones over the earlier; one that is made already stays what it is."""
        if len(looks) == 1 and not isinstance(looks[0], Mapping):
            return looks[0]
        wanted: dict[str, Any] = dict(BASE)
        for look in looks:
            assert isinstance(look, Mapping)
            wanted |= look
        key = tuple(wanted.items())
        if key not in self._formats:
            self._formats[key] = self.book.add_format(wanted)
        return self._formats[key]

    def reserve(self, name: Text) -> str:
        """The name of a sheet to be made, unlike those of the others, from its words."""
        wanted = sheet_name(name.of(self.lang), taken=self.sheets)
        self.sheets.add(wanted.casefold())
        return wanted

    def sheet(self, name: Text | str, worksheet_class: type[Worksheet] | None = None) -> Sheet:
        """A new sheet, by its words or by a name that is reserved."""
        wanted = name if isinstance(name, str) else self.reserve(name)
        return Sheet(book=self, name=wanted, sheet=self.book.add_worksheet(wanted, worksheet_class or self.plain))


def defined(prefix: str, key: str) -> str:
    """A name for a range of figures: with a prefix, so that it is never the address of a cell.

    >>> defined("act", "new_signups"), defined("act", "Q1 'x'!")
    ('act_new_signups', 'act_Q1__x__')
    """
    return f"{prefix}_{_NOT_IN_DEFINED.sub('_', key)}"[:255]


def sheet_name(text: str, taken: Collection[str]) -> str:
    """A name that a sheet may have: without what a reference would stumble over, and none that is ``taken``.

    >>> sheet_name("a/b [c]", ()), sheet_name("Data", ["data"]), sheet_name("'", ())
    ('a b  c', 'Data 2', 'Sheet')
    """
    plain = _NOT_IN_NAMES.sub(" ", legal(text)).strip() or "Sheet"
    plain = f"{plain} 1" if plain.casefold() in _RESERVED else plain
    name, number = _cut(plain, MOST_IN_NAME), 2
    while name.casefold() in taken:
        name, number = f"{_cut(plain, MOST_IN_NAME - 4)} {number}", number + 1
    return name


def _cut(text: str, most: int) -> str:
    """No more than so many units of UTF-16, which is how a spreadsheet counts, and no half character."""
    while len(text.encode("utf-16-le")) > 2 * most:
        text = text[:-1]
    return text.strip()


class Sheet(Struct, kw_only=True):
    """A worksheet that is being written, how wide its columns must be, and how many lines its rows have."""

    book: Book
    name: str
    sheet: Worksheet
    widths: dict[int, float] = field(default_factory=dict)
    lines: dict[int, int] = field(default_factory=dict)

    @property
    def takes_rows(self) -> bool:
        """Whether it takes many rows as a whole."""
        return hasattr(self.sheet, "give")

    @property
    def lang(self) -> Lang:
        """The language of its reader."""
        return self.book.lang

    def words(self, cell: Cell) -> str:
        """A cell as people read it."""
        return cell_text(cell, self.lang)

    def text(self, row: int, column: int, text: str, *looks: Look | Format) -> None:
        """A text cell: never a formula, a link or a number, whatever it begins with."""
        self.sheet.write_string(row, column, legal(text), self.book.look(*looks))

    def text_across(self, row: int, columns: int, text: str, *looks: Look | Format) -> None:
        """A text over the first so many columns."""
        if columns == 1:
            self.text(row, 0, text, *looks)
        else:
            self.sheet.merge_range(row, 0, row, columns - 1, "", self.book.look(*looks))
            self.text(row, 0, text, *looks)

    def across(self, width: float) -> tuple[int, float]:
        """How many of the first columns come to a width, of those that are in use, and to which width they do."""
        columns, wide = 0, 0.0
        while columns in self.widths and (columns == 0 or wide + self.widths[columns] <= width):
            wide += self.widths[columns]
            columns += 1
        return max(columns, 1), wide or width

    def number(self, row: int, column: int, value: float | Fraction, *looks: Look | Format) -> None:
        """A number."""
        self.sheet.write_number(row, column, float(value), self.book.look(*looks))

    def formula(self, row: int, column: int, term: Term, value: float | Fraction | str, *looks: Look | Format) -> None:
        """A formula, and the figure that stands there until somebody changes what it is made of."""
        shown = value if isinstance(value, str) else whole(value)
        self.sheet.write_formula(row, column, f"={term.text}", self.book.look(*looks), shown)

    def day(self, row: int, column: int, day: date, shown: str, *looks: Look) -> None:
        """A day as the number that a spreadsheet has for it."""
        self.sheet.write_number(row, column, day_number(day), self.book.look({"num_format": shown}, *looks))

    def blank(self, row: int, column: int, *looks: Look | Format, why: str | None = None) -> None:
        """An empty cell, with a comment where there is something to say of it."""
        self.sheet.write_blank(row, column, None, self.book.look(*looks))
        if why:
            self.comment(row, column, why)

    def comment(self, row: int, column: int, text: str) -> None:
        """A comment on a cell, as large as its words."""
        lines = -(-len(text) // 30) + 1
        size = {"x_scale": 1.6, "y_scale": max(0.25 * lines, 0.5)}
        self.sheet.write_comment(row, column, legal(text), {"font_name": "Arial", "font_size": 9, "author": "", **size})

    def draw_bars(self, row: int, column: int, size: int, *, goal: bool) -> None:
        """Bars in the cells of a column, from 0 to the largest number, or to one and a half goals."""
        most = {"max_type": "num", "max_value": 1.5} if goal else {"max_type": "max"}
        rule = {
            "type": "data_bar",
            "bar_color": "#7FAADC",
            "bar_solid": True,
            "min_type": "num",
            "min_value": 0,
            **most,
        }
        self.sheet.conditional_format(row, column, row + size - 1, column, rule)

    def fit(self, column: int, width: float, *, most: float = WORDS_MOST, least: float = 0) -> None:
        """Make a column as wide as that, within bounds, where nothing wanted it wider."""
        self.widths[column] = max(self.widths.get(column, 0), least, min(width, most))

    def raise_row(self, row: int, letters: int, width: int) -> None:
        """Make a row as high as a text of so many letters needs that is wrapped within a width."""
        lines = -(-letters // width)
        if lines > self.lines.get(row, 1):
            self.lines[row] = lines
            self.sheet.set_row(row, lines * _LINE_HEIGHT)

    def head(self, title: str, basis: str = "", remark: str = "") -> None:
        """The title, what the figures stand on, and a remark on how to read the sheet."""
        self.text(0, 0, title, TITLE)
        for row, line in ((1, basis), (2, remark)):
            if line:
                self.text(row, 0, line, BASIS)

    def finish(
        self, *, frozen: tuple[int, int] = (HEADER_ROW + 1, 1), repeated: int = HEADER_ROW + 1, pages: int = 1
    ) -> None:
        """Set the widths, what stays in sight, and how it is printed: on A4, so many ``pages`` wide.

        So many of the first rows are ``repeated`` on every page.
        """
        for column, width in self.widths.items():
            self.sheet.set_column(column, column, min(width, 255))
        self.sheet.freeze_panes(*frozen)
        self.sheet.hide_gridlines(2)
        self.sheet.set_paper(_A4)
        self.sheet.set_landscape()
        self.sheet.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.6)
        self.sheet.fit_to_pages(pages, 0)
        self.sheet.repeat_rows(0, repeated - 1)
        if pages > 1:
            self.sheet.repeat_columns(0)
        self.sheet.set_footer(f"&L&8{_footer_text(self.name)}&R&8{_PAGE.of(self.lang)}")

    def define(self, prefix: str, key: str, first: tuple[int, int], last: tuple[int, int]) -> None:
        """A name for a range, unless another range has it."""
        name = defined(prefix, key)
        if name.casefold() not in self.book.names:
            self.book.names.add(name.casefold())
            self.book.book.define_name(name, f"={self.range_of(first, last)}")

    def print_areas(self, *areas: tuple[tuple[int, int], tuple[int, int]]) -> None:
        """What is printed, each range on pages of its own."""
        ranges = ",".join(self.range_of(*ends) for ends in areas)
        self.book.book.define_name(f"{quoted(self.name)}!_xlnm.Print_Area", f"={ranges}")

    def range_of(self, first: tuple[int, int], last: tuple[int, int]) -> str:
        """A range of the sheet as other sheets, names and charts refer to it.

        >>> Sheet(book=None, name="Tổng quan", sheet=None).range_of((4, 1), (4, 3))
        "'Tổng quan'!$B$5:$D$5"
        """
        ends = [fixed(*place) for place in dict.fromkeys((first, last))]
        return f"{quoted(self.name)}!{':'.join(ends)}"


def quoted(name: str) -> str:
    """The name of a sheet as formulas write it.

    >>> quoted("Ann's")
    "'Ann''s'"
    """
    return "'" + name.replace("'", "''") + "'"


def _footer_text(text: str) -> str:
    return text.replace("&", "&&")


def day_number(day: date) -> int:
    """A day as spreadsheets count them.

    >>> day_number(date(2026, 10, 1))
    46296
    """
    return (day - date(1899, 12, 30)).days


def whole(value: float | Fraction) -> float | int:
    """A number, whole where it is: so that it is written without a point."""
    number = float(value)
    return int(number) if number.is_integer() else number


def label_width(text: str) -> float:
    """How wide a column of labels is for the longest of them."""
    return min(len(text) + 1, LABEL_MOST)
