"""A page for people: titled tables and lines of text, neutral of the format it is shown in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text as RichText

from funnelcli.renderers import Style
from funnelcli.renderers.tame import tame
from funnelcli.renderers.to_markdown import escape, escape_cell, table
from funnelcli.renderers.to_terminal import NOTE_WIDTH, console, finished
from funnelcli.renderers.words import NOTES
from funnelcli.units import Text

Tone = Literal["", "dim", "good", "bad", "bold"]
_STYLES = {"": "", "dim": "dim", "good": "green", "bad": "red", "bold": "bold"}


@dataclass(frozen=True)
class Cell:
    """A cell's text, and how it is meant: formats without colour leave that out."""

    text: str
    tone: Tone = ""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: numbers stand right, words left and may wrap.  ``spare`` ones are left out, the first of them first,
    where the page is too narrow for all."""

    header: str
    words: bool = False
    spare: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """A titled table; every row has a cell for each column."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a command says to people."""

    title: str
    basis: Sequence[str] = ()
    tables: Sequence[Table] = ()
    notes: Sequence[str] = field(default=())


def row(*cells: str | Cell) -> tuple[Cell, ...]:
    """Cells from texts."""
    return tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in cells)


# --- Markdown ----------------------------------------------------------------------------------------------------


def to_markdown(page: Page, style: Style) -> str:
    """The page as Markdown text."""
    blocks = [f"## {escape(page.title)}", *(escape(line) for line in page.basis)]
    for one in page.tables:
        if one.title:
            blocks.append(f"### {escape(one.title)}")
        body = [[escape_cell(cell.text) for cell in cells] for cells in one.rows]
        numbers = not any(column.words for column in one.columns[1:])
        blocks.append(table([escape_cell(column.header) for column in one.columns], body, numbers=numbers))
    if page.notes:
        blocks.append(f"**{NOTES.of(style.lang)}**")
        blocks.append("\n".join(f"- {escape(note)}" for note in page.notes))
    return "\n\n".join(blocks) + "\n"


# --- terminal ----------------------------------------------------------------------------------------------------


def to_terminal(page: Page, style: Style) -> str:
    """The page as text for a terminal of ``style.width`` columns, or as wide as it needs."""
    out = io.StringIO()
    screen = console(style, out)
    free = style.width is None
    screen.print(RichText(tame(page.title), style="bold"), soft_wrap=free)
    for line in page.basis:
        screen.print(RichText(tame(line), style="dim"), soft_wrap=free)
    screen.print()
    for one in page.tables:
        _print_table(screen, one, style)
    for note in page.notes:
        screen.print(
            RichText(tame(note), style="dim"), soft_wrap=free, width=None if free else min(style.width or 0, NOTE_WIDTH)
        )
    return finished(out)


def _natural(one: Table, place: int) -> int:
    """The narrowest a column may be: its longest cell, and the longest word of its header."""
    cells = [cell_len(tame(cells[place].text)) for cells in one.rows]
    words = [cell_len(word) for word in one.columns[place].header.split()]
    return max([0, *cells, *words])


def _shown(one: Table, width: int | None) -> list[int]:
    """The columns that fit, by leaving out spare ones from the left."""
    places = list(range(len(one.columns)))
    if width is None:
        return places
    fixed = [8 if column.words else _natural(one, i) for i, column in enumerate(one.columns)]
    for place, column in enumerate(one.columns):
        if sum(fixed[i] + 2 for i in places) - 2 <= width or sum(one.columns[i].spare for i in places) <= 1:
            break
        if column.spare:
            places.remove(place)
    return places


def _print_table(screen: Console, one: Table, style: Style) -> None:
    places = _shown(one, style.width)
    if one.title:
        screen.print(RichText(tame(one.title), style="bold cyan"), soft_wrap=style.width is None)
    shown = RichTable(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for place in places:
        column = one.columns[place]
        shown.add_column(
            RichText(tame(column.header)),
            justify="left" if column.words or place == 0 else "right",
            min_width=None if column.words else _natural(one, place),
            overflow="fold",
        )
    for cells in one.rows:
        shown.add_row(*(RichText(tame(cells[i].text), style=_STYLES[cells[i].tone]) for i in places))
    screen.print(shown)
    left_out = len(one.columns) - len(places)
    if left_out:
        text = Text(
            "{n} earlier columns do not fit this width; -f csv, md, json, a pipe or a wider terminal shows all.",
            "{n} cột trước không vừa màn hình; -f csv, md, json hoặc màn hình rộng hơn sẽ hiện đủ.",
        )
        screen.print(RichText(text.filled(n=left_out).of(style.lang), style="dim"))
    screen.print()
