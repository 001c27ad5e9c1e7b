"""A table drawn with letters: numbers right, words left, side by side or in parts where it is too wide."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from rich.cells import cell_len, chop_cells
from rich.text import Text as RichText

from funnelcli.answers.answer import Table
from funnelcli.answers.cells import Cell
from funnelcli.renderers import Style
from funnelcli.renderers.screen.console import COLOURS, NOTE_WIDTH
from funnelcli.renderers.wording.cells import cell_text
from funnelcli.renderers.wording.shades import step_of
from funnelcli.text import Lang, Message

GAP = 2
LEAST_WORDS = 12
SHADES = (195, 159, 117, 75, 39)  # of the 256 colours of terminals, pale to strong blue; black is read on all of them


class _Grid(Struct, frozen=True, kw_only=True):
    """A table's cells as text, row by row, the header apart."""

    table: Table
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]

    def is_left(self, place: int) -> bool:
        """Whether a column stands left: the first, and words."""
        return place == 0 or self.table.columns[place].words

    def spare(self, places: Sequence[int]) -> list[int]:
        """The columns that may go, in the order they go, but for the one that stays longest."""
        columns = self.table.columns
        return sorted((i for i in places if columns[i].spare), key=lambda i: (-columns[i].spare, i))[:-1]


class _Layout(Struct, frozen=True, kw_only=True):
    """The columns that are shown, and how wide each is."""

    places: Sequence[int]
    widths: Sequence[int]

    @property
    def width(self) -> int:
        return sum(self.widths) + GAP * (len(self.widths) - 1)


def table_text(table: Table, style: Style) -> RichText:
    """A table as one text: its title, its header over a line, and its rows.  One text is what Rich prints quickly."""
    grid = _grid(table, style.lang)
    layouts = _layouts(grid, style.width, whole=style.whole)
    text = RichText()
    if table.title is not None:
        title = cell_text(table.title, style.lang)
        text.append("\n".join(wrapped(title, style.width) if style.width else [title]) + "\n", style="bold cyan")
    for number, layout in enumerate(layouts):
        text.append("\n" if number else "")
        _append(text, grid, layout, grid.headers, ["bold"] * len(grid.headers))
        text.append("─" * layout.width + "\n")
        for row, cells in zip(grid.rows, table.rows, strict=True):
            _append(text, grid, layout, row, list(map(_look, cells)))
    left_out = len(table.columns) - len({place for layout in layouts for place in layout.places})
    if left_out:
        fewer = Message(
            "{n} [column does|columns do] not fit this width; -f csv, md, json, a pipe or a wider terminal shows all."
        ).filled(n=left_out)
        text.append("\n".join(wrapped(fewer.of(style.lang), style.width or NOTE_WIDTH)) + "\n", style="dim")
    return text


def _look(cell: Cell) -> str:
    """How a cell looks where there is colour: of a grid the darker, the larger it is."""
    step = step_of(cell)
    return f"black on color({SHADES[step - 1]})" if step else COLOURS[cell.tone]


def _grid(table: Table, lang: Lang) -> _Grid:
    def texts(cells: Sequence[Cell]) -> list[str]:
        return [cell_text(cell, lang) for cell in cells]

    headers = texts([column.header for column in table.columns])
    return _Grid(table=table, headers=headers, rows=[texts(row) for row in table.rows])


def _layouts(grid: _Grid, width: int | None, *, whole: bool) -> list[_Layout]:
    """How the columns stand: side by side, or where they do not fit, in several tables that all have what names a row.

    First headers wrap, then words, then unless all is to be there spare columns go, from the left, and then the first
    column wraps.
    """
    columns, headers = grid.table.columns, grid.headers
    places = list(range(len(columns)))
    cells = [max((cell_len(row[i]) for row in grid.rows), default=0) for i in places]
    single = _Layout(places=places, widths=[max(cells[i], cell_len(headers[i])) for i in places])
    if width is None or single.width <= width:
        return [single]
    narrow = [max([cells[i], *map(cell_len, headers[i].split())]) for i in places]
    spare = [] if whole else grid.spare(places)
    for place in [*(i for i in reversed(places[1:]) if columns[i].words), *spare, 0]:
        over = _Layout(places=places, widths=[narrow[i] for i in places]).width - width
        if over <= 0:
            break
        if columns[place].spare:
            places.remove(place)
        else:
            narrow[place] = max(narrow[place] - over, min(narrow[place], LEAST_WORDS))
    naming = [0, *(i for i in places[1:] if columns[i].names_rows)]
    if 2 * _Layout(places=naming, widths=[narrow[i] for i in naming]).width > width:
        naming = naming[:1]
    return _parted(places, naming, narrow, width)


def _parted(places: Sequence[int], naming: Sequence[int], widths: Sequence[int], width: int) -> list[_Layout]:
    """Tables that have the ``naming`` columns each, and some of the others."""
    parts: list[list[int]] = [[]]
    taken = sum(widths[i] + GAP for i in naming) - GAP
    for place in (i for i in places if i not in naming):
        if parts[-1] and sum(widths[i] + GAP for i in (*parts[-1], place)) + taken > width:
            parts.append([])
        parts[-1].append(place)
    shown = [sorted((*naming, *part)) for part in parts]
    return [_Layout(places=part, widths=[widths[i] for i in part]) for part in shown]


def _append(text: RichText, grid: _Grid, layout: _Layout, row: Sequence[str], styles: Sequence[str]) -> None:
    """A row, on as many lines as its longest cell needs."""
    parts = [
        wrapped(row[place], width) if cell_len(row[place]) > width else [row[place]]
        for place, width in zip(layout.places, layout.widths, strict=True)
    ]
    for line in range(max(map(len, parts))):
        for number, (place, width) in enumerate(zip(layout.places, layout.widths, strict=True)):
            part = parts[number][line] if line < len(parts[number]) else ""
            blank = " " * (width - cell_len(part))
            text.append(" " * GAP if number else "")
            text.append(part + blank if grid.is_left(place) else blank + part, style=styles[place])
        text.append("\n")


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines of so many columns, parted between words, and within a word that is longer than a line.

    Letters may take two columns, as Chinese and Japanese ones do.

    >>> wrapped("two words, a1234567890", 9), wrapped("東京オフィス", 6)
    (['two', 'words,', 'a12345678', '90'], ['東京オ', 'フィス'])
    """
    lines = [""]
    for word in text.split():
        if cell_len(lines[-1]) + bool(lines[-1]) + cell_len(word) <= width:
            lines[-1] += f" {word}" if lines[-1] else word
        else:
            pieces = chop_cells(word, width)
            lines = [*lines, *pieces] if lines[-1] else pieces
    return lines
