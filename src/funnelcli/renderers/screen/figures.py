"""The dashboard drawn with letters: sections, trends, changes coloured by whether they are good; it fits its width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from msgspec import Struct
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text as RichText

from funnelcli.answers.answer import FigureRow, Figures
from funnelcli.answers.cells import Number
from funnelcli.answers.plain import CHANGE, TOTAL, TREND
from funnelcli.renderers import Style
from funnelcli.renderers.screen.console import COLOURS, NOTE_WIDTH, Screen
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

    def fixed_width(self, *, with_trend: bool, label: int) -> int:
        """The width of all that is not a period: two blanks stand between columns."""
        columns = [label, max(cell_len(TOTAL.of(self.lang)), self.total_width)]
        if self.figures.compared:
            columns.append(max(cell_len(CHANGE.of(self.lang)), self.change_width))
        if with_trend and self.has_trends:
            columns.append(_widest([TREND.of(self.lang), *(line.trend for line in self.lines)]))
        return sum(columns) + 2 * (len(columns) - 1)


class _Fit(Struct, frozen=True, kw_only=True):
    """How many of the latest periods are shown, whether with trends, and how wide the labels are."""

    periods: int
    with_trend: bool
    label: int


def _widest(texts: Sequence[str]) -> int:
    return max(map(cell_len, texts), default=0)


def _fit(grid: _Grid, width: int | None) -> _Fit:
    """What of the grid fits a width: trends go before the second period does, then labels wrap earlier."""
    if width is None:
        return _Fit(periods=len(grid.headers), with_trend=grid.has_trends, label=grid.label_width(None))
    attempts = [(True, LABEL_MOST + 10), (True, LABEL_MOST), (False, LABEL_MOST), (False, LABEL_MOST - 8)]
    best = _Fit(periods=1, with_trend=False, label=grid.label_width(LABEL_MOST - 8))
    for with_trend, most in attempts:
        label = grid.label_width(most)
        room = width - grid.fixed_width(with_trend=with_trend, label=label)
        count = 0
        for column in reversed(grid.period_widths):
            room -= column + 2
            if room < 0:
                break
            count += 1
        fit = _Fit(periods=count, with_trend=with_trend and grid.has_trends, label=label)
        if count >= min(2, len(grid.headers)):
            return fit
        if count > best.periods:
            best = fit
    return best


def draw_figures(figures: Figures, screen: Screen, style: Style) -> None:
    """The sections, all columns equally wide, and what had to be left out."""
    grid = _Grid(figures, style.lang)
    fit = _fit(grid, style.width)
    if fit.periods < len(grid.headers):
        shorter = _Grid(figures, style.lang, short=True)
        if _fit(shorter, style.width).periods > fit.periods:
            grid = shorter
            fit = _fit(grid, style.width)
    for section, lines in zip(figures.sections, grid.sections, strict=True):
        screen.print(RichText(cell_text(section.title, style.lang), style="bold cyan"))
        screen.print(_table(grid, lines, fit))
        screen.print()
    for line in _left_out(len(grid.headers), fit.periods):
        width = min(style.width, NOTE_WIDTH) if style.width else None
        screen.print(RichText(line.of(style.lang), style="dim"), soft_wrap=style.width is None, width=width)


def _table(grid: _Grid, lines: Sequence[_Line], fit: _Fit) -> Table:
    lang = grid.lang
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("", width=fit.label, overflow="fold")
    for header, width in list(zip(grid.headers, grid.period_widths, strict=True))[-fit.periods :]:
        table.add_column(RichText(header), justify="right", no_wrap=True, min_width=width)
    table.add_column(TOTAL.of(lang), justify="right", no_wrap=True, min_width=grid.total_width)
    if grid.figures.compared:
        table.add_column(CHANGE.of(lang), justify="right", no_wrap=True, min_width=grid.change_width)
    if fit.with_trend:
        table.add_column(TREND.of(lang), no_wrap=True)
    for line in lines:
        table.add_row(*_cells(line, fit))
    return table


def _cells(line: _Line, fit: _Fit) -> list[RichText]:
    row = line.row
    cells = [RichText(line.label, style="dim" if row.minor else "")]
    shown = list(zip(line.cells, row.cells, strict=True))[-fit.periods :]
    cells += [RichText(text, style=COLOURS[cell.tone]) for text, cell in shown]
    cells.append(RichText(line.total, style="dim" if row.minor else ""))
    if row.change:
        cells.append(RichText(line.change, style=COLOURS[row.change.tone]))
    if fit.with_trend:
        cells.append(RichText(line.trend, style="dim"))
    return cells


def _left_out(total: int, shown: int) -> Iterator[Text]:
    if shown < total:
        yield Message(
            "Showing the latest {n} of {total} [period|periods] to fit this width; -f csv, md or json, a pipe or a "
            "wider "
            "terminal shows all.  The total is over all {total}."
        ).filled(n=shown, total=total)
