"""Figures as a sheet: metrics down, periods across, and what is made of other figures as formulas over them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, assert_never

from msgspec import Struct, field

from funnelcli.answers.answer import FigureRow, Figures, FigureSection
from funnelcli.answers.cells import Change, ChangeBasis, Number, Words
from funnelcli.answers.made import Carried, Counted, Divided, Summed
from funnelcli.answers.plain import CHANGE, TOTAL, TREND
from funnelcli.renderers.workbook.book import HEADER_ROW, Sheet, label_width
from funnelcli.renderers.workbook.formulas import (
    Term,
    at,
    cell,
    number,
    quotient,
    relative,
    round_to,
    rounded,
    same,
    total,
)
from funnelcli.renderers.workbook.looks import (
    BAD,
    CHECK,
    DIM,
    GOOD,
    HEADER,
    LABEL_WIDTH,
    MONEY_WIDTH,
    MONTH_WIDTH,
    SECTION,
    SERIES,
    TONES,
    TOTAL_EDGE,
    Look,
    Shown,
    change_format,
    month_format,
    shown,
)
from funnelcli.text import NOTHING, Lang
from funnelcli.values.figures import Unit

if TYPE_CHECKING:
    from xlsxwriter.format import Format

_POINTS_EACH = 100  # points make the whole
_SPARKLINES_FROM = 2
# Changes are rounded as people see them, so that one too small to see is none: neither good nor bad.
_DECIMALS = {ChangeBasis.RELATIVE: 3, ChangeBasis.POINTS: 1, ChangeBasis.DIFFERENCE: 2}
_CHANGE_LOOK: Look = {"align": "right", "indent": 1}


class Line(Struct, frozen=True, kw_only=True):
    """A row of figures, the row of the sheet that it stands in, and its figures, that of the range last."""

    row: FigureRow
    place: int
    numbers: tuple[Number, ...]

    def term(self, column: int) -> Term:
        """The cell of a column of figures, counted from 0."""
        value = self.numbers[column].value
        return cell(self.place, column + 1, None if value is None else float(value))


class Grid(Struct, kw_only=True):
    """Where the figures stand: the lines by metric and part, the columns, and the first row after them."""

    figures: Figures
    lines: dict[tuple[str, str], Line] = field(default_factory=dict)
    sections: list[tuple[FigureSection, int, tuple[Line, ...]]] = field(default_factory=list)
    end: int = 0

    @property
    def periods(self) -> int:
        """How many periods there are; the column of the range is the next one."""
        return len(self.figures.periods)

    @property
    def width(self) -> int:
        """How many columns the table has."""
        return 2 + self.periods + bool(self.figures.compared) + (self.periods >= _SPARKLINES_FROM)

    def line(self, key: str, part: str) -> Line | None:
        """The line of a metric, of the whole or of a part."""
        return self.lines.get((key, part))


def placed(figures: Figures, first: int) -> Grid:
    """The rows that the figures take from ``first`` on: a title for each section, a row for each metric."""
    grid, row = Grid(figures=figures), first
    for section in figures.sections:
        title, lines = row, []
        for figure_row in section.rows:
            row += 1
            line = Line(row=figure_row, place=row, numbers=(*figure_row.cells, figure_row.total))
            grid.lines[figure_row.key, figure_row.part] = line
            lines.append(line)
        grid.sections.append((section, title, tuple(lines)))
        row += 2
    grid.end = row
    return grid


def write_figures(sheet: Sheet, figures: Figures) -> Grid:
    """The figures under their header, in the row where headers stand."""
    grid = placed(figures, HEADER_ROW + 1)
    _write_header(sheet, figures)
    for section, title, lines in grid.sections:
        how = _alike(lines)
        _write_title(sheet, title, _with_unit(sheet.words(section.title), how, sheet.lang), grid.width)
        for line in lines:
            _write_line(sheet, grid, line, how)
    _colour_changes(sheet, grid)
    _sparklines(sheet, grid)
    grid.end = _write_checks(sheet, grid)
    return grid


# --- the header ------------------------------------------------------------------------------------------------------


def _write_header(sheet: Sheet, figures: Figures) -> None:
    names = figures.sections[0].names if figures.sections else NOTHING
    sheet.text(HEADER_ROW, 0, names.of(sheet.lang), HEADER)
    sheet.fit(0, LABEL_WIDTH, least=LABEL_WIDTH)
    right: Look = {"align": "right"}
    for column, months in enumerate(figures.periods, start=1):
        format_of_day = month_format(months, sheet.lang)
        if format_of_day is None:
            sheet.text(HEADER_ROW, column, sheet.words(months), HEADER, right)
            sheet.fit(column, len(sheet.words(months)) + 2)
        else:
            sheet.day(HEADER_ROW, column, months.first.start, format_of_day, HEADER, right)
        sheet.fit(column, MONTH_WIDTH)
    titles = [TOTAL, *([CHANGE] if figures.compared else [])]
    titles += [TREND] if len(figures.periods) >= _SPARKLINES_FROM else []
    for column, title in enumerate(titles, start=len(figures.periods) + 1):
        sheet.text(HEADER_ROW, column, title.of(sheet.lang), HEADER, right)
        sheet.fit(column, MONTH_WIDTH)


def _write_title(sheet: Sheet, row: int, title: str, width: int) -> None:
    sheet.text(row, 0, title, SECTION)
    for column in range(1, width):
        sheet.blank(row, column, SECTION)


def _alike(lines: Sequence[Line]) -> Shown | None:
    """How all rows of a section are shown, where they are of one metric: in the same unit, so that they compare."""
    if len({line.row.key for line in lines}) != 1 or len(lines) == 1:
        return None
    return shown([number for line in lines for number in line.numbers])


def _with_unit(label: str, how: Shown | None, lang: Lang) -> str:
    return f"{label}, {how.unit.of(lang)}" if how is not None and how.unit else label


# --- a row -----------------------------------------------------------------------------------------------------------


def _write_line(sheet: Sheet, grid: Grid, line: Line, alike: Shown | None) -> None:
    row = line.row
    how = alike or shown(line.numbers)
    label = sheet.words(row.label) if alike else _with_unit(sheet.words(row.label), how, sheet.lang)
    sheet.text(line.place, 0, label, TONES[row.label.tone], {"indent": 1} if row.minor or row.part else {})
    sheet.fit(0, label_width(label))
    look: Look = {"num_format": how.format, **TONES["dim" if row.minor else ""]}
    plain, edged = sheet.book.look(look), sheet.book.look(look, TOTAL_EDGE)
    for column, figure in enumerate(line.numbers):
        _write_figure(sheet, grid, line, column, figure, edged if column == grid.periods else plain)
    if _needs_room(line.numbers, how.format):
        for column in range(1, grid.periods + 2):
            sheet.fit(column, MONEY_WIDTH)
    if row.change is not None:
        _write_change(sheet, grid, line, row.change)
    if not row.part:
        sheet.define("act", row.key, (line.place, 1), (line.place, grid.periods))


def _needs_room(figures: Sequence[Number], shown_as: str) -> bool:
    """Whether the largest of some figures does not fit a month's column."""
    known = [abs(float(figure.value)) for figure in figures if figure.value is not None]
    if not known or shown_as.endswith(("%", ",,")):
        return False
    signs = len(shown_as.replace("#", "").replace("0", "").replace(",", "").replace('"', ""))
    return len(f"{max(known):,.0f}") + signs > MONTH_WIDTH - 2


def _write_figure(sheet: Sheet, grid: Grid, line: Line, column: int, figure: Number, look: Format) -> None:
    if figure.value is None:
        before = line.numbers[column - 1] if 0 < column < grid.periods else None
        is_told = before is not None and before.missing == figure.missing
        why = sheet.words(Words(figure.missing.reason)) if figure.missing and not is_told else None
        sheet.blank(line.place, column + 1, look, why=why)
        return
    term = formula_of(grid, line, column)
    if term is not None and same(term.value, float(figure.value)):
        sheet.formula(line.place, column + 1, term, figure.value, look)
    else:
        sheet.number(line.place, column + 1, figure.value, look)


def formula_of(grid: Grid, line: Line, column: int) -> Term | None:
    """The formula that makes a figure of others on the sheet; None where it is counted, or one of them is not there."""
    row = line.row
    if column == grid.periods and row.over != "made":
        return _over_range(line, grid.periods)
    match row.made:
        case Counted():
            return None
        case Carried(of=of):
            before = grid.line(of, row.part)
            known = before is not None and column > 0 and before.row.cells[column - 1].value is not None
            return before.term(column - 1) if before is not None and known else None
        case Divided(numerator=numerator, denominator=denominator):
            above, below = grid.line(numerator, row.part), grid.line(denominator, row.part)
            if above is None or below is None or not all(_known(line, column) for line in (above, below)):
                return None
            return quotient(above.term(column), below.term(column)) if below.numbers[column].value else None
        case Summed() as made:
            return _sum_of(grid, made, row.part, column)
        case _:
            assert_never(row.made)


def _known(line: Line, column: int) -> bool:
    return line.numbers[column].value is not None


def _over_range(line: Line, periods: int) -> Term | None:
    """The figure of the range: the sum of the periods, the first or the last of them."""
    if line.row.over == "sum":
        every = all(number.value is not None for number in line.row.cells)
        return total([line.term(column) for column in range(periods)]) if every else None
    place = 0 if line.row.over == "first" else periods - 1
    return line.term(place) if _known(line, place) else None


def _sum_of(grid: Grid, made: Summed, part: str, column: int) -> Term | None:
    """The sum of the terms that are on the sheet; None where one of them has no figure and has to have one."""
    result: Term | None = None
    for keys, sign in ((made.plus, 1), (made.minus, -1)):
        for key in keys:
            line = grid.line(key, part)
            if line is None:
                continue  # zero throughout, and so not shown: else the sum is not that of the report, and not written
            figure = line.numbers[column]
            spared = key in made.optional or (figure.missing is not None and figure.missing.in_residual)
            if figure.value is None and not spared:
                return None
            term = line.term(column)
            if result is None:
                result = term if sign > 0 else number(0) - term
            else:
                result = result + term if sign > 0 else result - term
    return result


# --- change and trend ------------------------------------------------------------------------------------------------


def _change_column(grid: Grid) -> int:
    return grid.periods + 2


def _write_change(sheet: Sheet, grid: Grid, line: Line, change: Change) -> None:
    column = _change_column(grid)
    if change.value is None:
        return
    value = rounded(change.value * (_POINTS_EACH if change.basis is ChangeBasis.POINTS else 1), _DECIMALS[change.basis])
    looks: tuple[Look, ...] = ({"num_format": change_format(change, sheet.lang)}, _CHANGE_LOOK)
    term = _change_of(grid, line, change.basis)
    if term is not None and same(term.value, value):
        sheet.formula(line.place, column, term, value, *looks)
    else:
        sheet.number(line.place, column, value, *looks)


def _change_of(grid: Grid, line: Line, basis: ChangeBasis) -> Term | None:
    """The change as a formula; None where the period before is not on the sheet."""
    place = grid.figures.against
    if not place or not _known(line, place) or not _known(line, place - 1):
        return None
    now, before = line.term(place), line.term(place - 1)
    match basis:
        case ChangeBasis.RELATIVE:
            return relative(now, before, _DECIMALS[basis]) if before.value else None
        case ChangeBasis.POINTS:
            return round_to((now - before) * number(_POINTS_EACH), _DECIMALS[basis])
        case ChangeBasis.DIFFERENCE:
            return now - before
        case _:
            assert_never(basis)


def _colour_changes(sheet: Sheet, grid: Grid) -> None:
    """Changes in the colour of good or bad news, whatever the figures become."""
    if not grid.figures.compared:
        return
    column = _change_column(grid)
    good, bad = sheet.book.book.add_format({"font_color": GOOD}), sheet.book.book.add_format({"font_color": BAD})
    for first, last, direction in _runs(grid):
        for criteria, up in ((">", True), ("<", False)):
            look = good if up == (direction == "up") else bad
            rule = {"type": "cell", "criteria": criteria, "value": 0, "format": look}
            sheet.sheet.conditional_format(first, column, last, column, rule)


def _runs(grid: Grid) -> Iterator[tuple[int, int, str]]:
    """Rows below each other of which the same direction is good."""
    lines = sorted((line for line in grid.lines.values() if line.row.good != "neither"), key=lambda line: line.place)
    first: Line | None = None
    last: Line | None = None
    for line in lines:
        if first is not None and last is not None and (last.place + 1, first.row.good) != (line.place, line.row.good):
            yield first.place, last.place, first.row.good
            first = None
        first, last = first or line, line
    if first is not None and last is not None:
        yield first.place, last.place, first.row.good


def _sparklines(sheet: Sheet, grid: Grid) -> None:
    """The figures of each row as a small chart in its last cell: rates as lines, all else as columns from 0."""
    if grid.periods < _SPARKLINES_FROM:
        return
    drawn = [line for line in grid.lines.values() if sum(map(_has_figure, line.row.cells)) >= _SPARKLINES_FROM]
    for kind in ("line", "column"):
        lines = [line for line in drawn if is_rate(line) == (kind == "line")]
        if lines:
            ranges = [sheet.range_of((line.place, 1), (line.place, grid.periods)) for line in lines]
            places = [at(line.place, grid.width - 1) for line in lines]
            options = {"location": places, "range": ranges, "type": kind, "series_color": SERIES[4], "min": 0}
            sheet.sheet.add_sparkline(lines[0].place, grid.width - 1, options)


def _has_figure(figure: Number) -> bool:
    return figure.value is not None


def is_rate(line: Line) -> bool:
    """Whether a line is of shares."""
    return line.row.total.unit is Unit.RATE


# --- checks ----------------------------------------------------------------------------------------------------------


def _write_checks(sheet: Sheet, grid: Grid) -> int:
    """What must be 0, as formulas; the first row after them."""
    row = grid.end
    wrong = sheet.book.book.add_format({"font_color": BAD, "bold": True})
    for check in grid.figures.checks:
        made = Summed(plus=check.plus, minus=check.minus)
        terms = [_sum_of(grid, made, "", column) for column in range(grid.periods)]
        if not any(term is not None and same(term.value, 0) for term in terms):
            continue
        sheet.text(row, 0, check.label.of(sheet.lang), DIM)
        sheet.fit(0, label_width(check.label.of(sheet.lang)))
        for column, term in enumerate(terms, start=1):
            if term is not None and same(term.value, 0):
                sheet.formula(row, column, term, 0, DIM, {"num_format": CHECK, "align": "right"})
        rule = {"type": "cell", "criteria": "!=", "value": 0, "format": wrong}
        sheet.sheet.conditional_format(row, 1, row, grid.periods, rule)
        row += 1
    return row + 1
