"""Plain blocks and the tables of all figures as the template takes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, assert_never

from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from funnelcli.answers.answer import Facts, FigureRow, Figures, Heading, Listing, Notes, PlainBlock, Raw, Table
from funnelcli.answers.cells import Cell, Code, Months, Number, Quotient, Tone, Words, reason_of
from funnelcli.answers.plain import CHANGE, METRIC, TOTAL
from funnelcli.renderers.charts.bars import bar, progress
from funnelcli.renderers.page import words as w
from funnelcli.renderers.page.figures import SIZES, exact_money, figure, rate, short_of, typeset
from funnelcli.renderers.page.pieces import View, moved
from funnelcli.renderers.wording.cells import MISSING, NOTES, cell_text, row_texts
from funnelcli.renderers.wording.numbers import decimal_text
from funnelcli.renderers.wording.shades import step_of
from funnelcli.text import Lang
from funnelcli.values.figures import Unit
from funnelcli.values.periods import Grain

BLOCK = 12  # periods in a table
LONG = 40  # letters of a word that may be broken anywhere


class Place(Struct, frozen=True, kw_only=True):
    """A cell as the template takes it: text, how it looks, and why it is a dash."""

    text: str
    classes: str = ""
    why: str = ""
    exact: str = ""
    under: str = ""
    is_code: bool = False
    svg: Markup | None = None


def plain(block: PlainBlock, lang: Lang, name: str) -> View:
    """A plain block; ``name`` makes the anchors in it unlike others."""
    match block:
        case Heading():
            lines = [cell_text(line, lang) for line in block.basis]
            return {"kind": "heading", "key": block.key, "title": cell_text(block.text, lang), "lines": lines}
        case Table():
            right = [place > 0 and not column.words for place, column in enumerate(block.columns)]
            header = [_place(column.header, lang, right=r) for column, r in zip(block.columns, right, strict=True)]
            rows = [[_place(cell, lang, right=r) for cell, r in zip(row, right, strict=True)] for row in block.rows]
            _draw_in(rows, block)
            return _table(block.title, header, rows, lang, name)
        case Listing():
            header = [
                Place(text=title.of(lang), classes=_classes("", right=block.is_right(column)))
                for column, title in zip(block.header, block.headings, strict=True)
            ]
            rows = [list(_raw_places(block, row, lang)) for row in block.rows]
            return _table(block.title, header, rows, lang, name)
        case Facts():
            facts = [(fact.name.of(lang), _place(fact.cell, lang, right=False)) for fact in block.facts]
            return {"kind": "facts", "facts": facts}
        case Notes():
            lines = [cell_text(line, lang) for line in block.lines]
            return {"kind": "notes", "title": NOTES.of(lang), "lines": lines}
        case _:
            assert_never(block)


def _table(
    title: Words | None, header: Sequence[Place], rows: Sequence[Sequence[Place]], lang: Lang, name: str
) -> View:
    text = "" if title is None else cell_text(title, lang)
    spoken = text or (header[0].text if header else "")
    return {
        "kind": "table", "title": text, "name": f"{spoken} {name}".strip(), "id": f"t-{name}", "header": header,
        "rows": rows, "folded": "", "more": "", "command": "",
    }  # fmt: skip


def _draw_in(rows: Sequence[list[Place]], table: Table) -> None:
    """Bars beside the numbers of columns that are drawn: from 0, all of one unit on one scale, or beside a goal.

    What is missing has none, and below 0 there are none.
    """
    drawn = {place: column.drawn for place, column in enumerate(table.columns) if column.drawn}
    cells = {(line, place): _number_in(row[place]) for line, row in enumerate(table.rows) for place in drawn}
    known = {spot: number for spot, number in cells.items() if number is not None}
    most: dict[Unit | None, float] = {}
    for number in (number for (_, place), number in known.items() if drawn[place] == "bars"):
        largest = max(float(number.value or 0), *(number.bounds or (0.0,)))
        most[number.unit] = max(most.get(number.unit, 0.0), largest)
    for (line, place), number in known.items():
        scale = most[number.unit] if drawn[place] == "bars" else 1.0
        if scale:
            value, ends = float(number.value or 0) / scale, number.bounds
            shares = None if ends is None else (ends[0] / scale, ends[1] / scale)
            beside_goal = drawn[place] == "goal"
            svg = progress(value, partial=False, pace=None) if beside_goal else bar(value, ends=shares)
            before = rows[line][place]
            rows[line][place] = replace(before, svg=svg, classes=f"{before.classes} drawn".strip())


def _number_in(cell: Cell) -> Number | None:
    """The number of a cell that a bar can stand for."""
    number = cell.rate if isinstance(cell, Quotient) else cell
    return number if isinstance(number, Number) and number.value is not None and number.value >= 0 else None


def _place(cell: Cell, lang: Lang, *, right: bool) -> Place:
    reason = reason_of(cell)
    return Place(
        text=cell_text(cell, lang),
        classes=_classes(cell.tone, right=right, shade=step_of(cell)),
        why=cell_text(Words(reason), lang) if reason else "",
        is_code=isinstance(cell, Code),
    )


def _raw_places(block: Listing, row: Sequence[Raw], lang: Lang) -> Iterator[Place]:
    for name, text in zip(block.header, row_texts(block, row, lang), strict=True):
        long = len(text) > LONG and " " not in text
        yield Place(text=text, classes="long" if long else _classes("", right=block.is_right(name)))


def _classes(tone: Tone, *, right: bool, shade: int = 0) -> str:
    return " ".join(filter(None, ("number" if right else "", tone, f"shade{shade}" if shade else "")))


# --- all figures -----------------------------------------------------------------------------------------------------


def all_figures(block: Figures, headline: int, base: Months | None, lang: Lang) -> View:
    """Every row over the periods, twelve a table, the newest first; totals and changes stand in the first table."""
    count = len(block.periods)
    starts = sorted(range(count % BLOCK if count > BLOCK and count % BLOCK else 0, count, BLOCK), reverse=True)
    if count > BLOCK and count % BLOCK:
        starts.append(0)
    ends = [count, *starts[:-1]]
    tables = [
        _figures_table(block, range(start, end), headline, lang, place)
        for place, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]
    grain = block.periods[headline].grain
    lead = w.TOTAL_OF.of(lang)
    if base is not None and block.compared:
        lead = w.CHANGE_OF.filled(
            now=short_of(block.periods[headline].first, grain, lang), base=short_of(base.first, grain, lang)
        ).of(lang)
    return {"kind": "figures", "lead": lead, "tables": tables}


def _figures_table(block: Figures, places: range, headline: int, lang: Lang, number: int) -> View:
    newest = number == 0
    first, last = block.periods[places[0]], block.periods[places[-1]]
    span = cell_text(Months(first=first.first, last=last.first, grain=first.grain), lang)
    header = [Place(text=METRIC.of(lang))]
    header += [_period_header(block.periods[place], place == headline, lang) for place in places]
    header += [Place(text=TOTAL.of(lang))] if newest else []
    header += [Place(text=CHANGE.of(lang))] if newest and block.compared else []
    sections = [
        {
            "title": cell_text(section.title, lang),
            "rows": [_figure_row(row, places, headline, block, lang, newest=newest) for row in section.rows],
        }
        for section in block.sections
    ]
    return {"title": span, "id": f"f-{number}", "header": header, "sections": sections}


def _period_header(months: Months, is_headline: bool, lang: Lang) -> Place:
    """A period in two lines: a month over its year."""
    text = short_of(months.first, months.grain, lang, months.first)
    under = f"{months.first.start.year}" if months.grain is Grain.MONTH else ""
    mark = "*" if months.partial else ""
    return Place(text=text, under=f"{under}{mark}", classes=_look(months, is_headline))


def _look(months: Months, is_headline: bool) -> str:
    return " ".join(filter(None, ("now" if is_headline else "", "cut" if months.partial else "")))


def _figure_row(
    row: FigureRow, places: range, headline: int, block: Figures, lang: Lang, *, newest: bool
) -> Mapping[str, Any]:
    size, unit = _size_of(row)
    label = cell_text(row.label, lang).removeprefix("- ")
    if unit:
        label = w.UNIT_OF.filled(label=label, unit=unit(lang)).of(lang)
    cells = [_figure(row.cells[place], size, lang, _look(block.periods[place], place == headline)) for place in places]
    if newest:
        cells.append(_figure(row.total, size, lang, ""))
    change = (moved(row.change, lang) or "") if newest and block.compared else None
    return {"key": row.key, "label": label, "cells": cells, "change": change, "minor": row.minor}


def _size_of(row: FigureRow) -> tuple[float, Any]:
    """The unit of a row of amounts: its thousands or millions, with the currency's sign."""
    numbers = [cell for cell in (*row.cells, row.total) if cell.unit is Unit.AMOUNT and cell.value is not None]
    most = max((abs(float(cell.value or 0)) for cell in numbers), default=0.0)
    if most < 100_000:
        return 1.0, None
    size, words = next((size, words) for size, words in SIZES if most >= size)
    currency = numbers[0].currency
    return size, lambda lang: words(currency, lang)


def _figure(cell: Number, size: float, lang: Lang, look: str) -> Place:
    if cell.value is None:
        why = cell.missing.reason.of(lang) if cell.missing else ""
        return Place(text=MISSING, classes=f"{look} dim".strip(), why=why)
    if cell.unit is Unit.AMOUNT:
        if size == 1.0:
            return Place(text=typeset(cell_text(cell, lang)), classes=look)
        text = typeset(decimal_text(float(cell.value) / size, "#,##0.0", lang))
        return Place(text=text, classes=look, exact=exact_money(cell, lang))
    if cell.unit is Unit.RATE:
        return Place(text=rate(float(cell.value), lang), classes=look)
    return Place(text=figure(replace(cell, starred=False), lang).text, classes=look)
