"""From a balance to the next as a waterfall: columns on a base that is not seen, since no spreadsheet draws one alike.

The steps stand in cells under the table, made of its figures, so that the drawing follows them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from funnelcli.answers.answer import Chart
from funnelcli.answers.cells import Months, Number, Words
from funnelcli.renderers.charts.bars import axis_of
from funnelcli.renderers.workbook.book import Sheet
from funnelcli.renderers.workbook.figures import Grid, Line
from funnelcli.renderers.workbook.formulas import Term, biggest, cell, number, same, smallest
from funnelcli.renderers.workbook.looks import BALANCE, DIM, FONT, GAINS, INK2, LOSSES, Look, shown
from funnelcli.text import Message, Text

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart as Drawing

_OF_PERIOD = Message("{title}, {period}")
_FOR_CHART = Message("For the chart: {title}, {period}")
_FROM = Message("{title}, axis from {low}")
_STEPS = Message("{title}: {steps}.")
_BALANCE, _GAIN, _LOSS = Message("Balance"), Message("Gain"), Message("Loss")
_LEVEL, _BASE = Message("Level after it"), Message("Base, not seen")
_ABOVE, _BELOW = Message("{label}, above 0"), Message("{label}, below 0")
# The columns of the steps: the figures by what they are, the level after them, and what is drawn for it.
_COLUMNS: tuple[Text, ...] = (
    _BALANCE, _GAIN, _LOSS, _LEVEL, _BASE,
    *(side.filled(label=label) for side in (_ABOVE, _BELOW) for label in (_GAIN, _LOSS)),
)  # fmt: skip
_WHOLE, _GAINED, _LOST, _AFTER, _UNDER, _UP, _DOWN, _UP_BELOW, _DOWN_BELOW = range(1, len(_COLUMNS) + 1)
WIDTH = len(_COLUMNS) + 1
_GAP = 35


class Step(Struct, frozen=True, kw_only=True):
    """A step: the line of the table that it is of, its figure there, and whether it is a balance, a gain or a loss."""

    line: Line
    column: int
    sign: int
    is_balance: bool = False

    @property
    def figure(self) -> Number:
        """The figure of the step."""
        return self.line.numbers[self.column]

    @property
    def label(self) -> Words:
        """What the figure is of."""
        return self.line.row.label


class Waterfall(Struct, frozen=True, kw_only=True):
    """A waterfall of one period or of the range: its title, its steps, and where their cells begin."""

    title: str
    steps: tuple[Step, ...]
    first: int

    @property
    def last(self) -> int:
        """The row of the last step."""
        return self.first + len(self.steps) - 1

    @property
    def levels(self) -> list[tuple[float, float, str]]:
        """Where each step begins and ends, as the page draws them, too."""
        reached: list[tuple[float, float, str]] = []
        level = 0.0
        for step in self.steps:
            size = float(step.figure.value or 0)
            start, level = (0.0, size) if step.is_balance else (level, level + step.sign * size)
            reached.append((start, level, "level" if step.is_balance else "data"))
        return reached


def waterfalls(sheet: Sheet, grid: Grid, chart: Chart) -> Iterator[Waterfall]:
    """The latest whole period and, beside it, the range, each where its figures are known and fit together."""
    periods = grid.figures.periods
    whole = [place for place, months in enumerate(periods) if not months.partial]
    headline = whole[-1] if whole else len(periods) - 1
    spans: list[tuple[int, Months]] = [(headline, periods[headline])]
    if len(periods) > 1:
        ends = Months(first=periods[0].first, last=periods[-1].first, grain=periods[0].grain)
        spans.append((grid.periods, ends))
    for column, months in spans:
        steps = _steps(grid, chart, column)
        if steps:
            period = sheet.words(months)
            name = chart.title.of(sheet.lang)
            made = Waterfall(
                title=_OF_PERIOD.of(sheet.lang).format(title=name, period=period), steps=steps, first=grid.end + 1
            )
            heading = _FOR_CHART.of(sheet.lang).format(title=name, period=period)
            _write_steps(sheet, grid, made, heading)
            yield made


def _steps(grid: Grid, chart: Chart, column: int) -> tuple[Step, ...]:
    """The steps of a column of figures; none where one is missing or they do not lead from balance to balance."""
    opening, *gains = chart.keys
    ends = [grid.line(key, "") for key in (opening, chart.closing)]
    if ends[0] is None or ends[1] is None:
        return ()
    moved = [(key, 1) for key in gains] + [(key, -1) for key in chart.below]
    # What is zero throughout is no line of the table, and none of the drawing.
    lines = [(line, sign) for key, sign in moved if (line := grid.line(key, "")) is not None]
    steps = (
        Step(line=ends[0], column=column, sign=1, is_balance=True),
        *(Step(line=line, column=column, sign=sign) for line, sign in lines),
        Step(line=ends[1], column=column, sign=1, is_balance=True),
    )
    if any(step.figure.value is None for step in steps) or not any(step.figure.value for step in steps):
        return ()
    values = [float(step.figure.value or 0) for step in steps]
    reached = sum(step.sign * value for step, value in zip(steps[:-1], values[:-1], strict=True))
    return steps if same(reached, values[-1]) else ()


# --- the cells -------------------------------------------------------------------------------------------------------


def _write_steps(sheet: Sheet, grid: Grid, made: Waterfall, heading: str) -> None:
    """The cells of the steps under the table: each its amount, the level after it, and what is drawn of it."""
    head = grid.end
    sheet.text(head, 0, heading, DIM)
    for column, label in enumerate(_COLUMNS, start=1):
        sheet.text(head, column, label.of(sheet.lang), DIM, {"align": "right", "text_wrap": True})
    look: tuple[Look, ...] = (DIM, {"num_format": shown([step.figure for step in made.steps]).format})
    before: Term | None = None
    for row, step in enumerate(made.steps, start=made.first):
        sheet.text(row, 0, sheet.words(step.label), DIM)
        source = step.line.term(step.column)
        place = _WHOLE if step.is_balance else _GAINED if step.sign > 0 else _LOST
        _write(sheet, row, place, source, look)
        after = moved = cell(row, place, source.value)
        if before is not None and not step.is_balance:
            after = before + moved if step.sign > 0 else before - moved
        _write(sheet, row, _AFTER, after, look)
        level = cell(row, _AFTER, after.value)
        if before is not None and not step.is_balance:
            _write_move(sheet, row, before, level, step.sign, look)
        before = level
    grid.end = made.first + len(made.steps) + 1


def _write_move(sheet: Sheet, row: int, before: Term, after: Term, sign: int, look: tuple[Look, ...]) -> None:
    """What is drawn of a gain or a loss."""
    base, above, below = drawn_between(before, after)
    _write(sheet, row, _UNDER, base, look)
    _write(sheet, row, _UP if sign > 0 else _DOWN, above, look)
    _write(sheet, row, _UP_BELOW if sign > 0 else _DOWN_BELOW, below, look)


def drawn_between(before: Term, after: Term) -> tuple[Term, Term, Term]:
    """What is stacked to draw a move between two levels: the base that is not seen, what is above 0, what is below.

    >>> def drawn(before, after):
    ...     return [term.value for term in drawn_between(number(before), number(after))]
    >>> drawn(100, 130), drawn(130, 90), drawn(10, -20), drawn(-20, -5)
    ([100.0, 30.0, 0.0], [90.0, 40.0, 0.0], [0.0, 10.0, -20.0], [-5.0, 0.0, -15.0])
    """
    zero, low, high = number(0), smallest(before, after), biggest(before, after)
    base = biggest(zero, low) + smallest(zero, high)
    return base, biggest(zero, high) - biggest(zero, low), smallest(zero, low) - smallest(zero, high)


def _write(sheet: Sheet, row: int, column: int, term: Term, look: tuple[Look, ...]) -> None:
    sheet.formula(row, column, term, term.value, *look)


# --- the drawing -----------------------------------------------------------------------------------------------------


def draw_waterfall(sheet: Sheet, made: Waterfall) -> tuple[Drawing, str]:
    """The chart of a waterfall, without its axes and its size, and its title.

    What moved has its figure beside it: on a bar that is not seen, as long as the figure, which begins where it ends.
    """
    drawing = sheet.book.book.add_chart({"type": "bar", "subtype": "stacked"})
    form = shown([step.figure for step in made.steps]).format
    for column, colour, label in (
        (_UNDER, None, None),
        (_WHOLE, BALANCE, _label(form, "inside_end", "#FFFFFF")),
        (_UP, GAINS[0], None),
        (_DOWN, LOSSES[0], None),
        (_UP_BELOW, GAINS[0], None),
        (_DOWN_BELOW, LOSSES[0], None),
        (_GAINED, None, _label(f'"+"{form};"−"{form};{form}', "inside_base", INK2)),
        (_LOST, None, _label(f'"−"{form};"+"{form};{form}', "inside_base", INK2)),
    ):
        drawing.add_series(
            {
                "name": [sheet.name, made.first - 1, column],
                "categories": [sheet.name, made.first, 0, made.last, 0],
                "values": [sheet.name, made.first, column, made.last, column],
                "gap": _GAP,
                "border": {"none": True},
                "fill": {"color": colour} if colour else {"none": True},
                "data_labels": label,
            }
        )
    drawing.set_legend({"none": True})
    return drawing, _with_unit(sheet, made)


def _label(form: str, position: str, colour: str) -> dict[str, Any]:
    return {"value": True, "position": position, "num_format": form, "font": {"name": FONT, "size": 9, "color": colour}}


def lowest(made: Waterfall) -> float | None:
    """Where the axis begins: at 0, unless what moved would then be too small to be seen; None where it falls below."""
    below = any(min(start, end) < 0 for start, end, _ in made.levels)
    return None if below else axis_of(made.levels)[0]


def _with_unit(sheet: Sheet, made: Waterfall) -> str:
    unit = shown([step.figure for step in made.steps]).unit
    title = f"{made.title}, {unit.of(sheet.lang)}" if unit else made.title
    first, low = made.steps[0].figure, lowest(made)
    if not low:
        return title
    text = sheet.words(Number(value=low, unit=first.unit, currency=first.currency))
    return _FROM.of(sheet.lang).format(title=title, low=text)


def described(sheet: Sheet, made: Waterfall) -> str:
    """What a waterfall shows, for who does not see it: each step with its figure."""
    steps = ", ".join(f"{sheet.words(step.label)} {_signed(sheet, step)}" for step in made.steps)
    return _STEPS.of(sheet.lang).format(title=made.title, steps=steps)


def _signed(sheet: Sheet, step: Step) -> str:
    text = sheet.words(step.figure)
    return text if step.is_balance or not step.figure.value else f"{'+' if step.sign > 0 else '−'}{text}"
