"""Long lists drawn with letters: a row a line, which can be read, searched and copied, for as long as it fits."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace
from rich.cells import cell_len
from rich.text import Text as RichText

from funnelcli.answers.answer import Column, Listing, Table
from funnelcli.answers.cells import Words
from funnelcli.renderers import Style
from funnelcli.renderers.screen.console import Screen
from funnelcli.renderers.screen.tables import GAP, table_text
from funnelcli.renderers.wording.cells import MISSING, cell_text, row_texts


def draw_listing(block: Listing, screen: Screen, style: Style) -> None:
    """A long list under its title."""
    if block.title is not None:
        screen.print(RichText(cell_text(block.title, style.lang), style="bold"))
    draw_rows(block, len(block.header), screen, style)


def draw_rows(block: Listing, columns: int, screen: Screen, style: Style) -> None:
    """The first ``columns`` of a list.

    Where they do not fit, what all rows have alike is said once above them, from the left; where that is not enough,
    words wrap, and then columns stand in several tables.
    """
    headings = [title.of(style.lang) for title in block.headings[:columns]]
    rows = [row_texts(block, row[:columns], style.lang) for row in block.rows]
    widths = [max(_wide(row[place]) for row in (headings, *rows)) for place in range(columns)]
    places = list(range(columns))
    alike = []
    for place in range(columns):
        if not _is_over(widths, places, style) or len(places) == 1:
            break
        if len({row[place] for row in rows}) == 1:
            places.remove(place)
            alike.append(f"{headings[place]}: {rows[0][place] or MISSING}")
    if alike:
        screen.print(RichText(", ".join(alike), style="dim"), soft_wrap=style.width is None)
    shown = replace(block, header=tuple(block.header[place] for place in places))
    texts = [[row[place] for place in places] for row in rows]
    if _is_over(widths, places, style):
        _draw_table(shown, texts, screen, style)
    else:
        _draw_lines(shown, [headings[place] for place in places], texts, [widths[place] for place in places], screen)
    screen.print()


def _wide(text: str) -> int:
    """How many columns a text takes; of letters that take a column each, which nearly all do, it is told at once."""
    return len(text) if text.isascii() else cell_len(text)


def _is_over(widths: Sequence[int], places: Sequence[int], style: Style) -> bool:
    """Whether the columns in some places are wider than there is room for."""
    return style.width is not None and sum(widths[place] + GAP for place in places) - GAP > style.width


def _draw_lines(
    block: Listing, headings: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int], screen: Screen
) -> None:
    """A row a line; all of them are one text, which is what Rich prints quickly."""

    def line(cells: Sequence[str]) -> str:
        padded = []
        for name, cell, width in zip(block.header, cells, widths, strict=True):
            blank = " " * (width - _wide(cell))
            padded.append(blank + cell if block.is_right(name) else cell + blank)
        return (" " * GAP).join(padded).rstrip()

    screen.print(RichText(line(headings), style="dim"), soft_wrap=True)
    if rows:
        screen.print(RichText("\n".join(map(line, rows))), soft_wrap=True)


def _draw_table(block: Listing, rows: Sequence[Sequence[str]], screen: Screen, style: Style) -> None:
    columns = tuple(
        Column(header=Words(title, tone="dim"), words=not block.is_right(name), names_rows=name in block.names)
        for name, title in zip(block.header, block.headings, strict=True)
    )
    table = Table(columns=columns, rows=tuple(tuple(map(Words, row)) for row in rows))
    screen.print(table_text(table, replace(style, whole=True)), soft_wrap=True)
