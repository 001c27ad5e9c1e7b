"""The dashboard drawn with letters: sections, trends, changes coloured by whether they are good; it fits its width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text as RichText

from funnelcli.answers.answer import FigureRow, Figures
from funnelcli.answers.cells import Number, Words
from funnelcli.answers.plain import CHANGE, TOTAL, TREND
from funnelcli.renderers import Style
from funnelcli.renderers.screen.console import COLOURS, NOTE_WIDTH, Screen
from funnelcli.renderers.screen.tables import GAP
from funnelcli.renderers.wording.cells import cell_text
from funnelcli.renderers.wording.numbers import short_amount
from funnelcli.text import Lang, Message, Text
from funnelcli.values.figures import Unit

LABEL_MOST = 30


class _Line(Struct, frozen=True, kw_only=True):
    """A row as text."""

    row: FigureRow
    label: str
    cells: Sequence[str]
    total: str
    change: str
    trend: str


class _Grid:
    """All rows of the sections as text, and how many of the periods fit; ``short`` writes millions as ``119.0m``."""

    def __init__(self, figures: Figures, lang: Lang, *, short: bool = False) -> None:
        self.figures, self.lang = figures, lang
        self.headers = [cell_text(period, lang) for period in figures.periods]
        with_trend = len(figures.periods) > 1

        def text(cell: Number) -> str:
            if short and cell.unit is Unit.AMOUNT and cell.value is not None:
                return short_amount(float(cell.value), lang, cell.currency)
            return cell_text(cell, lang)

        self.sections = [
            [
                _Line(
                    row=row,
                    label=cell_text(row.label, lang),
                    cells=[text(cell) for cell in row.cells],
                    total=text(row.total),
                    change=cell_text(row.change, lang) if row.change else "",
                    trend=cell_text(row.trend, lang) if with_trend else "",
                )
                for row in section.rows
            ]
            for section in figures.sections
        ]
        self.lines = [line for section in self.sections for line in section]
        self.has_trends = any(line.trend for line in self.lines)

    @cached_property
    def period_widths(self) -> Sequence[int]:
        """The width of each period's column."""
        return [_widest([header, *(line.cells[i] for line in self.lines)]) for i, header in enumerate(self.headers)]

    @cached_property
    def total_width(self) -> int:
        """The width of the totals."""
        return _widest([line.total for line in self.lines])

    @cached_property
    def change_width(self) -> int:
        """The width of the changes."""
        return _widest([line.change for line in self.lines])

    def label_width(self, most: int | None) -> int:
        """The width of the labels, wrapped beyond ``most``."""
        widest = _widest([line.label for line in self.lines])
        return min(widest, most) if most else widest

    def fixed_width(self, fit: _Fit) -> int:
        """The width of all that is not a period: two blanks stand between columns."""
        columns = [fit.label, max(cell_len(TOTAL.of(self.lang)), self.total_width)]
        if self.figures.compared:
            columns.append(max(cell_len(CHANGE.of(self.lang)), self.change_width))
        if fit.with_trend:
            columns.append(_widest([TREND.of(self.lang), *(line.trend for line in self.lines)]))
        return sum(columns) + GAP * (len(columns) - 1)


class _Fit(Struct, frozen=True, kw_only=True):
    """How many of the latest periods are shown, whether with trends, and how wide the labels are."""

    periods: int
    with_trend: bool
    label: int


def _widest(texts: Sequence[str]) -> int:
    return max(map(cell_len, texts), default=0)


def _fits(grid: _Grid, width: int | None) -> list[_Fit]:
    """What of the grid fits a width, in several ways: without trends, and with labels that wrap earlier."""
    if width is None:
        return [_Fit(periods=len(grid.headers), with_trend=grid.has_trends, label=grid.label_width(None))]
    fits = []
    for with_trend, most in ((True, LABEL_MOST + 10), (True, LABEL_MOST), (False, LABEL_MOST), (False, LABEL_MOST - 8)):
        fit = _Fit(periods=0, with_trend=with_trend and grid.has_trends, label=grid.label_width(most))
        room, count = width - grid.fixed_width(fit), 0
        for column in reversed(grid.period_widths):
            room -= column + GAP
            if room < 0:
                break
            count += 1
        fits.append(replace(fit, periods=count))
    least = _Fit(periods=1, with_trend=False, label=grid.label_width(LABEL_MOST - 8))
    return [fit for fit in fits if fit.periods] or [least]


def _fit(grid: _Grid, width: int | None) -> _Fit:
    """The way to fit a width: trends go before the second period does."""
    fits = _fits(grid, width)
    first = next((fit for fit in fits if fit.periods >= min(2, len(grid.headers))), None)
    return first or max(fits, key=lambda fit: fit.periods)


def draw_figures(figures: Figures, screen: Screen, style: Style) -> None:
    """The sections, all columns equally wide, and what had to be left out."""
    shown = len(figures.periods)
    for section in _whole(figures, style) if style.whole else _latest(figures, style):
        shown = sum(len(part.periods) for part in section.parts)
        screen.print(RichText(cell_text(section.title, style.lang), style="bold cyan"))
        for part in section.parts:
            drawn = _drawn(section.grid, section.lines, part, style)
            screen.print(drawn, soft_wrap=not isinstance(drawn, Table))
            screen.print()
    for line in _left_out(len(figures.periods), shown):
        width = min(style.width, NOTE_WIDTH) if style.width else None
        screen.print(RichText(line.of(style.lang), style="dim"), soft_wrap=style.width is None, width=width)


class _Part(Struct, frozen=True, kw_only=True):
    """What stands side by side in a table: some periods, and with the ``ends`` the total and the change."""

    label: int
    periods: range
    ends: bool = False
    with_trend: bool = False


class _Section(Struct, frozen=True, kw_only=True):
    """A section as it is drawn: its lines of a grid, in so many tables."""

    title: Words
    grid: _Grid
    lines: Sequence[_Line]
    parts: Sequence[_Part]


def _sections(figures: Figures, grid: _Grid, parts: Sequence[_Part]) -> list[_Section]:
    return [
        _Section(title=section.title, grid=grid, lines=lines, parts=parts)
        for section, lines in zip(figures.sections, grid.sections, strict=True)
    ]


def _latest(figures: Figures, style: Style) -> list[_Section]:
    """The latest periods that fit; where that is more of them, or makes room for trends, amounts are shortened."""
    grid = _Grid(figures, style.lang)
    fit = _fit(grid, style.width)
    if fit.periods < len(grid.headers):
        shorter = _Grid(figures, style.lang, short=True)
        closer = _fit(shorter, style.width)
        if (closer.periods, closer.with_trend) > (fit.periods, fit.with_trend):
            grid, fit = shorter, closer
    return _sections(figures, grid, [_ended(grid, fit)])


def _ended(grid: _Grid, fit: _Fit) -> _Part:
    """The latest periods, with what stands at the end of a row."""
    count = len(grid.headers)
    return _Part(label=fit.label, periods=range(count - fit.periods, count), ends=True, with_trend=fit.with_trend)


def _whole(figures: Figures, style: Style) -> list[_Section]:
    """All periods: the latest with the totals, and below them in further tables those that do not fit.

    Where there are several tables, the columns of a section are as wide as it needs, so that there are fewer.
    """
    grid = _Grid(figures, style.lang)
    parts = _fewest_parts(grid, style.width)
    if len(parts) == 1 or len(figures.sections) == 1:
        return _sections(figures, grid, parts)
    sections = []
    for section in figures.sections:
        alone = replace(figures, sections=(section,))
        grid = _Grid(alone, style.lang)
        sections += _sections(alone, grid, _fewest_parts(grid, style.width))
    return sections


def _fewest_parts(grid: _Grid, width: int | None) -> list[_Part]:
    return min((_parted(grid, fit, width) for fit in _fits(grid, width)), key=len)


def _parted(grid: _Grid, fit: _Fit, width: int | None) -> list[_Part]:
    latest = _ended(grid, fit)
    if width is None:
        return [latest]

    def wide(periods: range) -> int:
        return sum(grid.period_widths[place] + GAP for place in periods)

    parts = [latest]
    if wide(latest.periods) > width - grid.fixed_width(fit):
        parts = [replace(latest, ends=False, with_trend=False), replace(latest, periods=range(0))]
    first = latest.periods.start
    while first:
        last, first = first, first - 1
        while first and wide(range(first - 1, last)) <= width - fit.label:
            first -= 1
        parts.append(_Part(label=fit.label, periods=range(first, last)))
    return parts


class _Column(Struct, frozen=True, kw_only=True):
    """A column of a table: its header, how wide it is, and whether its cells stand right."""

    header: str
    width: int
    right: bool = True

    def lines(self, text: str) -> list[str]:
        """A cell in lines that are as wide as the column: words that do not fit go on in the next."""
        if cell_len(text) <= self.width:
            return [self._filled(text)]
        console = Console(width=self.width, force_terminal=False)
        return [self._filled(line.plain) for line in RichText(text).wrap(console, self.width, overflow="fold")]

    def _filled(self, text: str) -> str:
        text = text.rstrip()
        blank = " " * (self.width - cell_len(text))
        return blank + text if self.right else text + blank


def _columns(grid: _Grid, lines: Sequence[_Line], part: _Part) -> list[_Column]:
    """The columns of a table, in order."""
    columns = [_Column(header="", width=part.label, right=False)]
    columns += [_Column(header=grid.headers[place], width=grid.period_widths[place]) for place in part.periods]
    if part.ends:
        total = TOTAL.of(grid.lang)
        columns.append(_Column(header=total, width=max(cell_len(total), grid.total_width)))
        if grid.figures.compared:
            change = CHANGE.of(grid.lang)
            columns.append(_Column(header=change, width=max(cell_len(change), grid.change_width)))
    if part.with_trend:
        trend = TREND.of(grid.lang)
        columns.append(_Column(header=trend, width=_widest([trend, *(line.trend for line in lines)]), right=False))
    return columns


def _drawn(grid: _Grid, lines: Sequence[_Line], part: _Part, style: Style) -> str | RichText | Table:
    """A table as one text, which is printed in a small part of the time that Rich takes to lay out a table of its own.

    Where even that is wider than there is room for, Rich sees to what has to give way.
    """
    columns = _columns(grid, lines, part)
    wide = sum(column.width for column in columns) + GAP * (len(columns) - 1)
    if style.width is not None and wide > style.width:
        return _table(grid, lines, part)
    rows = [_row(columns, _cells(line, part)) for line in lines]
    header = _row(columns, [(column.header, "bold") for column in columns], gap="bold")
    pieces = [*header, ("─" * wide + "\n", ""), *chain.from_iterable(rows)]
    pieces[-1] = (pieces[-1][0].removesuffix("\n"), "")  # which printing adds
    return RichText.assemble(*pieces) if style.colour else "".join(text for text, _ in pieces)


def _row(columns: Sequence[_Column], cells: Sequence[tuple[str, str]], gap: str = "") -> Iterator[tuple[str, str]]:
    """A row with its line ends, on as many lines as its longest cell needs, each piece with its colour.

    Of the two blanks between columns the first is of the column before.
    """
    drawn = [(column.lines(cell), style) for column, (cell, style) in zip(columns, cells, strict=False)]
    for place in range(max(len(lines) for lines, _ in drawn)):
        for number, column in enumerate(columns):
            if number:
                yield " ", gap
                yield " ", ""
            lines, style = drawn[number] if number < len(drawn) else ([], "")
            yield (lines[place], style) if place < len(lines) else (" " * column.width, "")
        yield "\n", ""


def _table(grid: _Grid, lines: Sequence[_Line], part: _Part) -> Table:
    """The same laid out by Rich."""
    lang = grid.lang
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("", width=part.label, overflow="fold")
    for place in part.periods:
        header, width = grid.headers[place], grid.period_widths[place]
        table.add_column(RichText(header), justify="right", no_wrap=True, min_width=width)
    if part.ends:
        table.add_column(TOTAL.of(lang), justify="right", no_wrap=True, min_width=grid.total_width)
        if grid.figures.compared:
            table.add_column(CHANGE.of(lang), justify="right", no_wrap=True, min_width=grid.change_width)
    if part.with_trend:
        table.add_column(TREND.of(lang), no_wrap=True)
    for line in lines:
        table.add_row(*(RichText(cell, style=style) for cell, style in _cells(line, part)))
    return table


def _cells(line: _Line, part: _Part) -> list[tuple[str, str]]:
    """The cells of a row, each with its colour."""
    row = line.row
    cells = [(line.label, "dim" if row.minor else "")]
    cells += [(line.cells[i], COLOURS[row.cells[i].tone]) for i in part.periods]
    if part.ends:
        cells.append((line.total, "dim" if row.minor else ""))
        if row.change:
            cells.append((line.change, COLOURS[row.change.tone]))
    if part.with_trend:
        cells.append((line.trend, "dim"))
    return cells


def _left_out(total: int, shown: int) -> Iterator[Text]:
    if shown < total:
        yield Message(
            "Showing the latest {n} of {total} [period|periods] to fit this width; -f csv, md or json, a pipe or a "
            "wider "
            "terminal shows all.  The total is over all {total}."
        ).filled(n=shown, total=total)
