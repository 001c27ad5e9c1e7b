"""Charts beside the figures they are drawn from, which the spreadsheet draws anew when a figure changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from funnelcli.answers.answer import Chart
from funnelcli.answers.cells import Number
from funnelcli.renderers.workbook.book import HEADER_ROW, Sheet
from funnelcli.renderers.workbook.figures import Grid, Line
from funnelcli.renderers.workbook.formulas import number
from funnelcli.renderers.workbook.looks import (
    DIM,
    FONT,
    GAINS,
    INK2,
    LOSSES,
    MUTED,
    RULE,
    SERIES,
    SHORT_MONTH,
    Look,
    shown,
)
from funnelcli.renderers.workbook.waterfall import WIDTH as WATERFALL_WIDTH
from funnelcli.renderers.workbook.waterfall import described, draw_waterfall, lowest, waterfalls
from funnelcli.text import Message

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart as Drawing

_WIDTH, _HEIGHT, _GAP = 500, 260, 14  # pixels
_ACROSS = 2
_MOST_ON_PAGE = 14  # periods that can be read on a page of A4
_FEWEST = 2  # periods that are worth a chart
_COLUMN, _ROW = 64, 20  # pixels of a column and a row that nobody has set
_SMALL_RATE = 0.05  # up to which an axis needs tenths of a percent
_TARGET = Message("Target")
_TARGET_OF = Message("Target: {label}")
_BELOW_ZERO = Message("For the chart, below zero: {label}")
_FROM_TO = Message("{title}: {first} in the first period, {last} in the last.")
_OF_ROWS = Message("{title}, by period: {labels}.")
_INK = "#12161C"


class _Series(Struct, frozen=True, kw_only=True):
    """A row of the sheet that is drawn, under a name."""

    name: str
    place: int
    figures: Sequence[Number]


def write_charts(sheet: Sheet, grid: Grid) -> None:
    """The charts right of the table, two beside each other; on paper they follow it on a page of their own.

    Where the table is on several pages they are not printed: beside them its first column would be printed again.
    """
    drawn = 0
    for chart in grid.figures.charts if grid.periods >= _FEWEST else ():
        series = list(_series(sheet, grid, chart)) if chart.kind != "waterfall" else []
        if any(number.value for row in series for number in row.figures):
            _insert(sheet, grid, drawn, _drawing(sheet, grid, chart, series), _described(sheet, chart, series))
            drawn += 1
    printed = grid.end
    drawn = _write_waterfalls(sheet, grid, drawn)
    sheet.print_areas(*_areas(grid, printed, drawn if pages_wide(grid) == 1 else 0))


def _write_waterfalls(sheet: Sheet, grid: Grid, drawn: int) -> int:
    """The waterfalls on a line of their own, a period beside the range; how many charts there are then."""
    for chart in grid.figures.charts:
        if chart.kind != "waterfall":
            continue
        first = -(-drawn // _ACROSS) * _ACROSS
        if grid.width < WATERFALL_WIDTH:  # their cells would lie under the charts
            grid.end = max(grid.end, _row_after(first + _ACROSS))
        for place, made in enumerate(waterfalls(sheet, grid, chart), start=first):
            drawing, title = draw_waterfall(sheet, made)
            _axes(drawing, sheet, [step.figure for step in made.steps], lowest(made), down=True)
            _dress(drawing, title)
            _insert(sheet, grid, place, drawing, described(sheet, made))
            drawn = place + 1
    return drawn


def _insert(sheet: Sheet, grid: Grid, place: int, drawing: Drawing, description: str) -> None:
    """A chart in its place beside the table, with words for who does not see it."""
    x, y = place % _ACROSS, place // _ACROSS
    options = {
        "x_offset": x * (_WIDTH + _GAP),
        "y_offset": y * (_HEIGHT + _GAP),
        "description": description,
        "object_position": 3,
    }
    sheet.sheet.insert_chart(HEADER_ROW + 1, grid.width + 1, drawing, options)


def _row_after(drawn: int) -> int:
    """The first row under so many charts."""
    return HEADER_ROW + 2 + -(-drawn // _ACROSS) * (_HEIGHT + _GAP) // _ROW


def pages_wide(grid: Grid) -> int:
    """On how many pages beside each other the table is printed, so that it can be read."""
    return -(-grid.periods // _MOST_ON_PAGE)


def _areas(grid: Grid, printed: int, drawn: int) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """What is printed: the table, and the charts apart from it, so that both are large enough to read."""
    yield (0, 0), (printed - 1, grid.width - 1)
    if drawn:
        across = min(drawn, _ACROSS)
        last = (_row_after(drawn) - 1, grid.width + 1 + across * (_WIDTH + _GAP) // _COLUMN)
        yield (HEADER_ROW + 1, grid.width + 1), last


def _series(sheet: Sheet, grid: Grid, chart: Chart) -> Iterator[_Series]:
    """The rows that a chart is of; what is drawn below zero stands in a row of its own under the table."""
    for key in chart.keys:
        for line in _lines(grid, key, parts=chart.parts):
            yield _Series(name=sheet.words(line.row.label), place=line.place, figures=line.row.cells)
    for key in chart.below:
        for line in _lines(grid, key, parts=False):
            place = _below_zero(sheet, grid, line)
            yield _Series(name=sheet.words(line.row.label), place=place, figures=line.row.cells)


def _lines(grid: Grid, key: str, *, parts: bool) -> list[Line]:
    return [line for (name, part), line in grid.lines.items() if name == key and bool(part) == parts]


def _below_zero(sheet: Sheet, grid: Grid, line: Line) -> int:
    """A row with the figures of a line less than nothing: how a stack has them go down."""
    place = grid.end
    sheet.text(place, 0, _BELOW_ZERO.filled(label=sheet.words(line.row.label)).of(sheet.lang), DIM)
    for column, figure in enumerate(line.row.cells):
        if figure.value is not None:
            term = number(0) - line.term(column)
            sheet.formula(place, column + 1, term, -figure.value, DIM, {"num_format": "#,##0;-#,##0;0"})
    grid.end += 1
    return place


# --- the drawing -----------------------------------------------------------------------------------------------------


def _drawing(sheet: Sheet, grid: Grid, chart: Chart, series: Sequence[_Series]) -> Drawing:
    kind: dict[str, Any] = {"type": "line"} if chart.kind == "lines" else {"type": "column"}
    kind |= {"subtype": "stacked"} if chart.kind == "stack" else {}
    drawing = sheet.book.book.add_chart(kind)
    categories = _reference(sheet, HEADER_ROW, grid.periods)
    colours = GAINS if chart.below else SERIES
    for place, row in enumerate(series):
        lost = place - (len(series) - len(chart.below))
        colour = LOSSES[lost % len(LOSSES)] if lost >= 0 else colours[place % len(colours)]
        fill = {"line": {"color": colour, "width": 2}} if chart.kind == "lines" else {"fill": {"color": colour}}
        marks = {"marker": {"type": "circle", "size": 4, "fill": {"color": colour}, "border": {"color": colour}}}
        drawing.add_series(
            {
                "name": row.name,
                "categories": categories,
                "values": _reference(sheet, row.place, grid.periods),
                "gap": 60,
                "points": _points(grid, colour) if chart.kind != "lines" else None,
                **fill,
                **(marks if chart.kind == "lines" else {}),
            }
        )
    targets = _targets(sheet, grid, chart)
    if targets is not None:
        drawing.combine(targets)
    _axes(drawing, sheet, [figure for row in series for figure in row.figures], None if chart.below else 0)
    several = len(series) > 1 or targets is not None
    drawing.set_legend({"position": "bottom", "font": _font(9)} if several else {"none": True})
    _dress(drawing, _title(sheet, chart, series))
    return drawing


def _dress(drawing: Drawing, title: str) -> None:
    """What all charts have: a title, their size, their edge, and gaps where nothing is known."""
    drawing.set_title({"name": title, "name_font": _font(12, bold=True), "overlay": False})
    drawing.set_size({"width": _WIDTH, "height": _HEIGHT})
    drawing.set_chartarea({"border": {"color": RULE}})
    drawing.show_blanks_as("gap")


def _points(grid: Grid, colour: str) -> list[Look | None] | None:
    """The bars of periods that are not yet whole, hatched; None where all are whole."""
    hatched: Look = {
        "pattern": {"pattern": "wide_upward_diagonal", "fg_color": colour, "bg_color": "#FFFFFF"},
        "border": {"color": colour},
    }
    points = [hatched if months.partial else None for months in grid.figures.periods]
    return points if any(points) else None


def _title(sheet: Sheet, chart: Chart, series: Sequence[_Series]) -> str:
    """The title, with the unit of the axis where that is none of single things."""
    unit = shown([figure for row in series for figure in row.figures]).unit
    title = chart.title.of(sheet.lang)
    return f"{title}, {unit.of(sheet.lang)}" if unit else title


def _font(size: int, *, bold: bool = False) -> Look:
    return {"name": FONT, "size": size, "bold": bold, "color": INK2}


def _axes(drawing: Drawing, sheet: Sheet, figures: Sequence[Number], low: float | None, *, down: bool = False) -> None:
    """The axes: that of the figures from ``low`` on where that is known; what is drawn runs across or ``down``."""
    named: Look = {
        "num_format": SHORT_MONTH.of(sheet.lang),
        "text_axis": True,
        "num_font": {"name": FONT, "size": 9, "color": MUTED},
        "line": {"color": RULE},
        "major_tick_mark": "none",
        "label_position": "low",
    }
    measured: Look = {
        **({} if low is None else {"min": low}),
        "num_format": _axis_format(figures),
        "num_font": {"name": FONT, "size": 9, "color": MUTED},
        "line": {"none": True},
        "major_gridlines": {"visible": True, "line": {"color": RULE, "width": 0.75}},
        "major_tick_mark": "none",
    }
    if down:  # the first on top, and the figures below the last
        drawing.set_x_axis({**measured, "label_position": "high"})
        drawing.set_y_axis({**named, "reverse": True, "major_gridlines": {"visible": False}})
    else:
        drawing.set_x_axis(named)
        drawing.set_y_axis(measured)


def _axis_format(figures: Sequence[Number]) -> str:
    """The format of an axis: percents whole, amounts in millions where they are large."""
    form, highest = shown(figures).format, max(float(figure.value or 0) for figure in figures)
    if form.endswith("%"):
        return "0%" if highest > _SMALL_RATE else form
    return "#,##0,," if form.endswith(",,") else form


def _reference(sheet: Sheet, row: int, periods: int) -> list[Any]:
    return [sheet.name, row, 1, row, periods]


def _targets(sheet: Sheet, grid: Grid, chart: Chart) -> Drawing | None:
    """The targets of a chart with one row, as dashes above its bars; they stand in a row under the table."""
    lines = [] if chart.parts or chart.kind != "bars" else _lines(grid, chart.keys[0], parts=False)
    if not lines or not any(target.value is not None for target in lines[0].row.targets):
        return None
    place, line = grid.end, lines[0]
    how = shown(line.row.targets)
    label = _TARGET_OF.filled(label=sheet.words(line.row.label)).of(sheet.lang)
    sheet.text(place, 0, f"{label}, {how.unit.of(sheet.lang)}" if how.unit else label, DIM)
    form = how.format
    for column, target in enumerate(line.row.targets, start=1):
        if target.value is not None:
            sheet.number(place, column, target.value, DIM, {"num_format": form})
    grid.end += 1
    drawing = sheet.book.book.add_chart({"type": "line"})
    drawing.add_series(
        {
            "name": _TARGET.of(sheet.lang),
            "categories": _reference(sheet, HEADER_ROW, grid.periods),
            "values": _reference(sheet, place, grid.periods),
            "line": {"none": True},
            "marker": {"type": "long_dash", "size": 13, "fill": {"color": _INK}, "border": {"color": "#FFFFFF"}},
        }
    )
    return drawing


def _described(sheet: Sheet, chart: Chart, series: Sequence[_Series]) -> str:
    """What a chart shows, for who does not see it."""
    title = chart.title.of(sheet.lang)
    known = [figure for figure in series[0].figures if figure.value is not None]
    if len(series) > 1 or not known:
        labels = ", ".join(row.name for row in series)
        return _OF_ROWS.of(sheet.lang).format(title=title, labels=labels)
    first, last = sheet.words(known[0]), sheet.words(known[-1])
    return _FROM_TO.of(sheet.lang).format(title=title, first=first, last=last)
