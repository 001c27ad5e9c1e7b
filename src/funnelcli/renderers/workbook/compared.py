"""Figures beside targets as a sheet: a group of columns for each period, shares as formulas, and a mark for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from funnelcli.answers.answer import Heading
from funnelcli.answers.cells import ACTUAL, SHARE, TARGET, TO_GO, Number, Quotient, Words
from funnelcli.answers.compared import ComparedCell, ComparedRow, Comparison
from funnelcli.answers.plain import METRIC, TOTAL
from funnelcli.renderers.workbook.book import HEADER_ROW, Sheet, label_width
from funnelcli.renderers.workbook.formulas import Term, cell, number, quotient, same
from funnelcli.renderers.workbook.looks import (
    BAD,
    DIM,
    GOOD,
    HEADER,
    LABEL_WIDTH,
    MONEY_WIDTH,
    MONTH_WIDTH,
    RULE,
    SECTION,
    Look,
    month_format,
    number_format,
    shown,
)
from funnelcli.text import Message

_EXPECTED = Message("By now")
_KEPT_WORD = Message("Kept")
_LEGEND = Message("✓ the target is kept, ✗ it is not; of a month that runs (*), what is expected by now.")
_KEPT, _MISSED = "✓", "✗"
_PERCENT: Look = {"num_format": "0.0%"}
_CENTRE: Look = {"align": "center"}
_RIGHT: Look = {"align": "right"}
_EDGE: Look = {"left": 1, "left_color": RULE}
_ACROSS: Look = {"bottom": 0, "align": "center_across"}
_TO_GO_FORM = "{form};-{form};–"
_MOST_ON_PAGE = 3  # periods that can be read on a page of A4


class _Group(Struct, frozen=True, kw_only=True):
    """The columns of a period, or of the range: where they begin, and where what is expected by now stands."""

    first: int
    expected: bool

    @property
    def share(self) -> int:
        return self.first + 2 + self.expected

    @property
    def last(self) -> int:
        return self.share + 2


def write_comparison(sheet: Sheet, heading: Heading | None, block: Comparison) -> None:
    """The figures beside their targets."""
    with_total = any(row.total is not None for _, rows in block.groups for row in rows)
    groups = _groups(block, with_total=with_total)
    if heading is not None:
        sheet.head(sheet.words(heading.text), sheet.words(heading.basis[0]) if heading.basis else "", _legend(sheet))
    _write_header(sheet, block, groups)
    row = HEADER_ROW + 2
    for title, rows in block.groups:
        if title is not None:
            sheet.text(row, 0, title.of(sheet.lang), SECTION)
            row += 1
        for line in rows:
            _write_row(sheet, row, line, groups)
            row += 1
        row += 1
    _colour(sheet, groups, row)
    sheet.print_areas(*_areas(groups, row))
    sheet.finish(frozen=(HEADER_ROW + 2, 1), repeated=HEADER_ROW + 2)
    if len(groups) > _MOST_ON_PAGE:
        sheet.sheet.repeat_columns(0)


def _areas(groups: Sequence[_Group], end: int) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """What is printed: whole months on each page, so that none is cut in two, and about as many on each."""
    pages = -(-len(groups) // _MOST_ON_PAGE)
    ends = [len(groups) * page // pages for page in range(pages + 1)]
    for begin, after in pairwise(ends):
        yield (0, groups[begin].first if begin else 0), (end - 1, groups[after - 1].last)


def _legend(sheet: Sheet) -> str:
    return _LEGEND.of(sheet.lang)


def _groups(block: Comparison, *, with_total: bool) -> list[_Group]:
    groups: list[_Group] = []
    first = 1
    for place in range(len(block.periods) + with_total):
        group = _Group(first=first, expected=place in block.running)
        groups.append(group)
        first = group.last + 1
    return groups


# --- the header ------------------------------------------------------------------------------------------------------


def _write_header(sheet: Sheet, block: Comparison, groups: Sequence[_Group]) -> None:
    sheet.text(HEADER_ROW, 0, "", HEADER, {"bottom": 0})
    sheet.text(HEADER_ROW + 1, 0, METRIC.of(sheet.lang), HEADER)
    sheet.fit(0, LABEL_WIDTH, least=LABEL_WIDTH)
    for place, group in enumerate(groups):
        months = block.periods[place] if place < len(block.periods) else None
        for column in range(group.first, group.last + 1):
            sheet.blank(HEADER_ROW, column, HEADER, _ACROSS, _EDGE if column == group.first else {})
        form = None if months is None else month_format(months, sheet.lang)
        if months is not None and form is not None:
            sheet.day(HEADER_ROW, group.first, months.first.start, form, HEADER, _ACROSS, _EDGE)
        else:
            words = TOTAL.of(sheet.lang) if months is None else sheet.words(months)
            sheet.text(HEADER_ROW, group.first, words, HEADER, _ACROSS, _EDGE)
        titles = (ACTUAL, TARGET, *((_EXPECTED,) if group.expected else ()), SHARE, TO_GO, _KEPT_WORD)
        for column, title in enumerate(titles, start=group.first):
            look = _CENTRE if column == group.last else _RIGHT
            sheet.text(
                HEADER_ROW + 1, column, title.of(sheet.lang), HEADER, look, _EDGE if column == group.first else {}
            )
            sheet.fit(column, 7 if column == group.last else MONTH_WIDTH)


# --- a row -----------------------------------------------------------------------------------------------------------


def _write_row(sheet: Sheet, row: int, line: ComparedRow, groups: Sequence[_Group]) -> None:
    cells = [*line.cells, *([line.total] if line.total is not None else [])]
    numbers = [figure for known in cells for figure in (_actual(known), known.target) if figure is not None]
    how = shown(numbers)
    label = sheet.words(line.label) + (f", {how.unit.of(sheet.lang)}" if how.unit else "")
    sheet.text(row, 0, label)
    sheet.fit(0, label_width(label))
    for place, (known, group) in enumerate(zip(cells, groups, strict=False)):
        made = _total_terms(row, line, groups) if place == len(line.cells) else (None, None)
        _write_cell(sheet, row, known, group, line, how.format, made)
        if any(len(number_format(n)) > len("#,##0.0%") and (n.value or 0) > 999_999 for n in numbers):
            sheet.fit(group.first, MONEY_WIDTH)
            sheet.fit(group.first + 1, MONEY_WIDTH)


def _actual(known: ComparedCell) -> Number:
    return known.actual.rate if isinstance(known.actual, Quotient) else known.actual


def _write_cell(
    sheet: Sheet,
    row: int,
    known: ComparedCell,
    group: _Group,
    line: ComparedRow,
    form: str,
    made: tuple[Term | None, Term | None],
) -> None:
    look: Look = {"num_format": form}
    actual, target = _actual(known), known.target
    _write_actual(sheet, row, group.first, known, made[0], look)
    _write_number(sheet, row, group.first + 1, target, made[1], look)
    if group.expected:
        _write_number(sheet, row, group.first + 2, known.expected, None, look, DIM)
    for column in range(group.share, group.last + 1):
        sheet.blank(row, column)
    if actual.value is None or target is None or target.value is None:
        return
    now, wanted = cell(row, group.first, float(actual.value)), cell(row, group.first + 1, float(target.value))
    if known.share.value is not None:
        sheet.formula(row, group.share, quotient(now, wanted), known.share.value, _PERCENT)
    if known.to_go.value is not None:
        rest = wanted - now
        sheet.formula(row, group.share + 1, rest, known.to_go.value, {"num_format": _TO_GO_FORM.format(form=form)})
    if known.kept is not None:
        expected = known.expected
        aim = cell(row, group.first + 2, float(expected.value or 0)) if group.expected and expected else wanted
        _write_mark(sheet, row, group.last, (now, aim), line, kept=known.kept)


def _write_mark(
    sheet: Sheet, row: int, column: int, compared: tuple[Term, Term], line: ComparedRow, *, kept: bool
) -> None:
    """Whether the target is kept, as a formula where that comes to the same."""
    now, aim = compared
    up = line.good == "up"
    worked = now.value >= aim.value if up else now.value <= aim.value
    mark = _KEPT if kept else _MISSED
    if worked == kept:
        condition = f"{now.text}{'>=' if up else '<='}{aim.text}"
        sheet.formula(row, column, Term(f'IF({condition},"{_KEPT}","{_MISSED}")', 0.0), mark, _CENTRE)
    else:
        sheet.text(row, column, mark, _CENTRE)


def _write_actual(sheet: Sheet, row: int, column: int, known: ComparedCell, made: Term | None, look: Look) -> None:
    """The actual figure: of a rate what was divided by what, of a range how it is made."""
    figure = _actual(known)
    if figure.value is None:
        why = sheet.words(Words(figure.missing.reason)) if figure.missing else None
        sheet.blank(row, column, look, _EDGE, why=why)
        return
    term = made
    if isinstance(known.actual, Quotient) and known.actual.denominator.value:
        above, below = (number(float(part.value or 0)) for part in (known.actual.numerator, known.actual.denominator))
        term = above / below
    _write_number(sheet, row, column, figure, term, look, _EDGE)


def _write_number(sheet: Sheet, row: int, column: int, figure: Number | None, term: Term | None, *looks: Look) -> None:
    if figure is None or figure.value is None:
        sheet.blank(row, column, *looks)
    elif term is not None and same(term.value, float(figure.value)):
        sheet.formula(row, column, term, figure.value, *looks)
    else:
        sheet.number(row, column, figure.value, *looks)


def _total_terms(row: int, line: ComparedRow, groups: Sequence[_Group]) -> tuple[Term | None, Term | None]:
    """The figure and the target of the range, over the periods that have a target."""
    aimed = [place for place, known in enumerate(line.cells) if known.target is not None] or range(len(line.cells))
    terms: list[Term | None] = []
    for part in (0, 1):
        cells = []
        for place in aimed:
            known = line.cells[place]
            figure = _actual(known) if part == 0 else known.target
            if figure is not None and figure.value is not None:
                cells.append(cell(row, groups[place].first + part, float(figure.value)))
        terms.append(_over(cells, line))
    return terms[0], terms[1]


def _over(cells: Sequence[Term], line: ComparedRow) -> Term | None:
    if not cells or line.over == "own":
        return None
    if line.over == "sum":
        return _sum(cells)
    return cells[0] if line.over == "first" else cells[-1]


def _sum(cells: Sequence[Term]) -> Term:
    """The sum of cells that stand apart."""
    return Term(f"SUM({','.join(term.text for term in cells)})", sum(term.value for term in cells))


def _colour(sheet: Sheet, groups: Sequence[_Group], end: int) -> None:
    """The marks in the colours of good and bad news, whatever the figures become."""
    for mark, colour in ((_KEPT, GOOD), (_MISSED, BAD)):
        look = sheet.book.book.add_format({"font_color": colour, "bold": True})
        for group in groups:
            rule = {"type": "cell", "criteria": "==", "value": f'"{mark}"', "format": look}
            sheet.sheet.conditional_format(HEADER_ROW + 2, group.last, end, group.last, rule)
