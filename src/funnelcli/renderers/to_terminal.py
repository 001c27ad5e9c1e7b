"""Report to the terminal: sections, trends, changes coloured by whether they are good; it fits the width it is given."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text as RichText

from funnelcli.renderers import Style, footnotes
from funnelcli.renderers.tame import tame
from funnelcli.renderers.words import (
    CHANGE,
    MISSING,
    TOTAL,
    TREND,
    basis,
    change_of,
    change_text,
    compared,
    heading,
    is_good,
    label_text,
    period_text,
    short_amount,
    shown_rows,
    trend,
    value_text,
)
from funnelcli.text import Lang, Text
from funnelcli.values.figures import Unit, Value

if TYPE_CHECKING:
    from funnelcli.answers.report_model import Report, Row

AS_WIDE_AS_NEEDED = 100_000
LABEL_MOST = 30
TREND_MOST = 12
NOTE_WIDTH = 100


def console(style: Style, out: io.StringIO) -> Console:
    """A console that writes into ``out`` and takes nothing from data for markup."""
    return Console(
        file=out,
        force_terminal=style.colour,
        no_color=not style.colour,
        color_system="standard" if style.colour else None,
        width=style.width or AS_WIDE_AS_NEEDED,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        soft_wrap=False,
    )


def finished(out: io.StringIO) -> str:
    """The console's text without the blanks that tables leave at the ends of lines."""
    return "\n".join(line.rstrip() for line in out.getvalue().rstrip("\n").split("\n")) + "\n"


class _Grid:
    """The cells of the table as text, and how many of the periods fit; ``short`` writes millions as ``119.0m``."""

    def __init__(self, report: Report, style: Style, *, short: bool = False) -> None:
        self.report, self.lang = report, style.lang
        self.rows = shown_rows(report)
        spec = report.spec
        self.headers = [
            period_text(p, spec.grain, self.lang) + ("*" if p.cut_by(spec.as_of) else "") for p in spec.periods
        ]

        def text(cell: Value, unit: Unit) -> str:
            if short and unit is Unit.AMOUNT and cell.value is not None:
                return short_amount(cell.value, self.lang, spec.currency)
            return value_text(cell, unit, self.lang, spec.currency)

        self.cells = [[text(cell, row.unit) for cell in row.cells] for row in self.rows]
        self.totals = [text(row.total, row.unit) for row in self.rows]
        self.labels = [label_text(row, self.lang) for row in self.rows]
        self.against = compared(report)
        self.changes = [change_text(row, self.against[0], self.lang) if self.against else "" for row in self.rows]
        self.trends = [trend(row.cells[-TREND_MOST:]) if len(spec.periods) > 1 else "" for row in self.rows]

    def widths(self) -> list[int]:
        """The width of each period's column."""
        return [
            max(cell_len(header), *(cell_len(row[i]) for row in self.cells)) for i, header in enumerate(self.headers)
        ]

    def label_width(self, most: int | None) -> int:
        """The width of the labels, wrapped beyond ``most``."""
        widest = max(cell_len(label) for label in self.labels)
        return min(widest, most) if most else widest

    def fixed_width(self, *, with_trend: bool, label: int) -> int:
        """The width of all that is not a period: two blanks stand between columns."""
        columns = [label, max(map(cell_len, [*self.totals, TOTAL.of(self.lang)]))]
        if self.against:
            columns.append(max(map(cell_len, [*self.changes, CHANGE.of(self.lang)])))
        if with_trend and any(self.trends):
            columns.append(max(map(cell_len, [*self.trends, TREND.of(self.lang)])))
        return sum(columns) + 2 * (len(columns) - 1)

    def fitting(self, width: int | None) -> tuple[int, bool, int]:
        """How many of the latest periods to show, whether with trends, and how wide the labels are."""
        if width is None:
            return len(self.headers), any(self.trends), self.label_width(None)
        attempts = [(True, LABEL_MOST + 10), (True, LABEL_MOST), (False, LABEL_MOST), (False, LABEL_MOST - 8)]
        best = (1, False, self.label_width(LABEL_MOST - 8))
        wanted = min(2, len(self.headers))
        for with_trend, most in attempts:
            label = self.label_width(most)
            room = width - self.fixed_width(with_trend=with_trend, label=label)
            count = 0
            for column in reversed(self.widths()):
                room -= column + 2
                if room < 0:
                    break
                count += 1
            if count >= wanted:
                return count, with_trend and any(self.trends), label
            if count > best[0]:
                best = (count, with_trend and any(self.trends), label)
        return best


def _change_style(row: Row, place: int) -> str:
    change = change_of(row, place)
    good = is_good(row.metric.good, change[0]) if change else None
    return {True: "green", False: "red", None: ""}[good]


def _tables(grid: _Grid, count: int, with_trend: bool, label: int) -> list[tuple[str, Table]]:
    """A table for each section under its title; the columns of all are equally wide."""
    lang = grid.lang
    tables: list[tuple[str, Table]] = []
    for section in dict.fromkeys(row.metric.section for row in grid.rows):
        places = [i for i, row in enumerate(grid.rows) if row.metric.section is section]
        if not places:
            continue
        table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
        table.add_column("", width=label, overflow="fold")
        for header, width in list(zip(grid.headers, grid.widths(), strict=True))[-count:]:
            table.add_column(RichText(header), justify="right", no_wrap=True, min_width=width)
        table.add_column(TOTAL.of(lang), justify="right", no_wrap=True, min_width=_widest(grid.totals))
        if grid.against:
            table.add_column(CHANGE.of(lang), justify="right", no_wrap=True, min_width=_widest(grid.changes))
        if with_trend:
            table.add_column(TREND.of(lang), no_wrap=True)
        for i in places:
            table.add_row(*_row(grid, i, count, with_trend))
        tables.append((section.title.of(lang), table))
    return tables


def _widest(cells: Sequence[str]) -> int:
    return max(map(cell_len, cells), default=0)


def _row(grid: _Grid, i: int, count: int, with_trend: bool) -> Sequence[RichText]:
    row = grid.rows[i]
    style = "dim" if row.part or row.metric.part else ""
    cells = [RichText(grid.labels[i], style=style)]
    cells += [RichText(text, style="dim" if text == MISSING else style) for text in grid.cells[i][-count:]]
    cells.append(RichText(grid.totals[i], style=style))
    if grid.against:
        cells.append(RichText(grid.changes[i], style=_change_style(row, grid.against[0])))
    if with_trend:
        cells.append(RichText(grid.trends[i], style="dim"))
    return cells


def _fewer(grid: _Grid, count: int, lang: Lang) -> list[str]:
    total = len(grid.headers)
    if count == total:
        return []
    text = Text(
        "Showing the latest {n} of {total} periods to fit this width; -f csv, md or json, a pipe or a wider "
        "terminal shows all.  The total is over all {total}.",
        "Chỉ hiện {n} trong {total} kỳ gần nhất cho vừa màn hình; -f csv, md, json hoặc màn hình rộng hơn sẽ hiện đủ.  "
        "Cột tổng tính cả {total} kỳ.",
    )
    return [text.filled(n=count, total=total).of(lang)]


def render(report: Report, style: Style) -> str:
    """The report as text for a terminal of ``style.width`` columns, or as wide as it needs."""
    out = io.StringIO()
    screen = console(style, out)
    grid = _Grid(report, style)
    count, with_trend, label = grid.fitting(style.width)
    if count < len(grid.headers):
        shorter = _Grid(report, style, short=True)
        if shorter.fitting(style.width)[0] > count:
            grid = shorter
            count, with_trend, label = grid.fitting(style.width)
    screen.print(RichText(heading(report, style.lang), style="bold"), soft_wrap=style.width is None)
    screen.print(RichText(basis(report, style.lang), style="dim"))
    screen.print()
    for title, table in _tables(grid, count, with_trend, label):
        screen.print(RichText(title, style="bold cyan"))
        screen.print(table)
        screen.print()
    for line in [*_fewer(grid, count, style.lang), *footnotes.lines(report, style.lang)]:
        note = RichText(tame(line), style="dim")
        screen.print(note, soft_wrap=style.width is None, width=min(style.width, NOTE_WIDTH) if style.width else None)
    return finished(out)
