"""A page for people: titled tables and lines of text, neutral of the format it is shown in."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from rich.cells import cell_len
from rich.text import Text as RichText

from funnelcli.renderers import Style
from funnelcli.renderers.tame import tame
from funnelcli.renderers.to_markdown import escape, escape_cell, table
from funnelcli.renderers.to_terminal import NOTE_WIDTH, console, finished
from funnelcli.renderers.words import NOTES
from funnelcli.text import Text

Tone = Literal["", "dim", "good", "bad", "bold"]
_STYLES = {"": "", "dim": "dim", "good": "green", "bad": "red", "bold": "bold"}


@dataclass(frozen=True)
class Cell:
    """A cell's text, and how it is meant: formats without colour leave that out."""

    text: str
    tone: Tone = ""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: numbers stand right, words left and may wrap.

    Where the page is too narrow for all, ``spare`` ones are left out: the highest number first, and from the left.
    """

    header: str
    words: bool = False
    spare: int = 0


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

GAP = 2
LEAST_WORDS = 12


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
        screen.print(_drawn(one, style), soft_wrap=True)
    for note in page.notes:
        screen.print(
            RichText(tame(note), style="dim"), soft_wrap=free, width=None if free else min(style.width or 0, NOTE_WIDTH)
        )
    return finished(out)


@dataclass(frozen=True)
class _Layout:
    """The columns that are shown, and how wide each is."""

    places: Sequence[int]
    widths: Sequence[int]

    @property
    def width(self) -> int:
        return sum(self.widths) + GAP * (len(self.widths) - 1)


def _layouts(one: Table, width: int | None) -> list[_Layout]:
    """How the columns stand: side by side, or where they do not fit, in several tables that all begin with the first.

    First headers wrap, then words, then spare columns go, from the left, and then the first column wraps.
    """
    places = list(range(len(one.columns)))
    cells = [max((cell_len(tame(cells[i].text)) for cells in one.rows), default=0) for i in places]
    headers = [tame(column.header) for column in one.columns]
    whole = _Layout(places, [max(cells[i], cell_len(headers[i])) for i in places])
    if width is None or whole.width <= width:
        return [whole]
    narrow = [max([cells[i], *map(cell_len, headers[i].split())]) for i in places]
    for wordy in [*(i for i in reversed(places[1:]) if one.columns[i].words), *_spare(one, places), 0]:
        if _Layout(places, [narrow[i] for i in places]).width <= width:
            break
        if one.columns[wordy].spare:
            places.remove(wordy)
        else:
            over = _Layout(places, [narrow[i] for i in places]).width - width
            narrow[wordy] = max(narrow[wordy] - over, min(narrow[wordy], LEAST_WORDS))
    return _parted(places, narrow, width)


def _spare(one: Table, places: Sequence[int]) -> list[int]:
    """The columns that may go, in the order they go, but for the one that stays longest."""
    return sorted((i for i in places if one.columns[i].spare), key=lambda i: (-one.columns[i].spare, i))[:-1]


def _parted(places: Sequence[int], widths: Sequence[int], width: int) -> list[_Layout]:
    parts: list[list[int]] = [[]]
    for place in places[1:]:
        if parts[-1] and sum(widths[i] + GAP for i in (*parts[-1], place)) + widths[0] > width:
            parts.append([])
        parts[-1].append(place)
    return [_Layout([0, *part], [widths[i] for i in (0, *part)]) for part in parts]


def _drawn(one: Table, style: Style) -> RichText:
    """A table as one text: its title, its header over a line, and its rows.  One text is what Rich prints quickly."""
    layouts = _layouts(one, style.width)
    text = RichText()
    if one.title:
        title = textwrap.wrap(tame(one.title), style.width) if style.width else [tame(one.title)]
        text.append("\n".join(title) + "\n", style="bold cyan")
    for number, layout in enumerate(layouts):
        text.append("\n" if number else "")
        _append(text, one, layout, tuple(Cell(column.header, "bold") for column in one.columns))
        text.append("─" * layout.width + "\n")
        for cells in one.rows:
            _append(text, one, layout, cells)
    left_out = len(one.columns) - len({place for layout in layouts for place in layout.places})
    if left_out:
        fewer = Text(
            "{n} columns do not fit this width; -f csv, md, json, a pipe or a wider terminal shows all.",
            "{n} cột không vừa màn hình; -f csv, md, json hoặc màn hình rộng hơn sẽ hiện đủ.",
        ).filled(n=left_out)
        text.append("\n".join(textwrap.wrap(fewer.of(style.lang), style.width or NOTE_WIDTH)) + "\n", style="dim")
    return text


def _append(text: RichText, one: Table, layout: _Layout, cells: Sequence[Cell]) -> None:
    """A row, on as many lines as its longest cell needs."""
    parts = [
        (textwrap.wrap(tame(cells[place].text), width, break_on_hyphens=False) or [""])
        if cell_len(tame(cells[place].text)) > width
        else [tame(cells[place].text)]
        for place, width in zip(layout.places, layout.widths, strict=True)
    ]
    for line in range(max(map(len, parts))):
        for number, (place, width) in enumerate(zip(layout.places, layout.widths, strict=True)):
            part = parts[number][line] if line < len(parts[number]) else ""
            blank = " " * (width - cell_len(part))
            left = place == 0 or one.columns[place].words
            text.append(" " * GAP if number else "")
            text.append(part + blank if left else blank + part, style=_STYLES[cells[place].tone])
        text.append("\n")
