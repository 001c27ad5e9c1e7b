"""The blocks of a letter as grids of text, each no wider than a window of mail: what is wider goes on below."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.answers.answer import Facts, Heading, Listing, Notes, PlainBlock, Table
from funnelcli.answers.cells import Cell, Change, Code, Months, Number, Tone
from funnelcli.renderers.wording.cells import MISSING, NOTES, cell_text, row_texts
from funnelcli.text import Lang, Message

MOST_ROWS = 40  # of a list
MOST_NOTES = 12
_MORE = Message("{n} more [is|are] on the attached page.")
_COLUMNS = 4  # of a list that is still a table
_WRAPPED = 16  # letters of a word that is not parted
_GAP = 2
_MINOR = "- "

# The cells of a row as they are written, each with its full text where that is more.
Write = Callable[[Sequence[Cell], Lang], Sequence[tuple[str, str]]]


class Place(Struct, frozen=True, kw_only=True):
    """A cell: its text, in full where it is written short, and how it looks; a ``minor`` one is a part of another."""

    text: str
    exact: str = ""
    tone: Tone = ""
    right: bool = False
    whole: bool = False
    code: bool = False
    minor: bool = False

    @property
    def has_long_words(self) -> bool:
        """Whether a word of it may have to be parted."""
        return any(len(word) > _WRAPPED for word in self.text.split(" "))


class Grid(Struct, frozen=True, kw_only=True):
    """A table: a header and rows."""

    header: tuple[Place, ...]
    rows: tuple[tuple[Place, ...], ...]


class Title(Struct, frozen=True):
    """The title of what follows, and the lines under it."""

    text: str
    lines: tuple[str, ...] = ()


class Lines(Struct, frozen=True):
    """Lines, each with its name, which may be empty."""

    lines: tuple[tuple[str, str], ...]


class Remark(Struct, frozen=True):
    """A line beside the rest."""

    text: str


Piece = Grid | Title | Lines | Remark


def pieces(block: PlainBlock, lang: Lang, most: Callable[[int], int], write: Write) -> Iterator[Piece]:
    """A block in pieces; ``most`` says how many letters may stand beside the first column of a grid, by its longest."""
    match block:
        case Heading():
            yield Title(cell_text(block.text, lang), tuple(cell_text(line, lang) for line in block.basis))
        case Table():
            if block.title is not None:
                yield Title(cell_text(block.title, lang))
            yield from cut(_grid(block, lang, write), most)
        case Facts():
            yield Lines(tuple((fact.name.of(lang), cell_text(fact.cell, lang)) for fact in block.facts))
        case Listing():
            yield from _listing(block, lang, most)
        case Notes():
            yield Title(NOTES.of(lang))
            yield Lines(tuple(("", cell_text(line, lang)) for line in block.lines[:MOST_NOTES]))
            yield from _more(len(block.lines) - MOST_NOTES, lang)
        case _:
            assert_never(block)


def _more(left: int, lang: Lang) -> Iterator[Remark]:
    if left > 0:
        yield Remark(_MORE.filled(n=left).of(lang))


def _grid(block: Table, lang: Lang, write: Write) -> Grid:
    numbers = [place > 0 and not column.words for place, column in enumerate(block.columns)]

    def row(cells: Sequence[Cell]) -> tuple[Place, ...]:
        places = zip(cells, write(cells, lang), numbers, strict=True)
        return tuple(_place(cell, *text, right=right) for cell, text, right in places)

    header = [replace(cell, whole=False) for cell in row([column.header for column in block.columns])]
    return Grid(header=tuple(header), rows=tuple(_indented(row(cells)) for cells in block.rows))


def _place(cell: Cell, text: str, exact: str, *, right: bool) -> Place:
    whole = isinstance(cell, Number | Change | Months)
    return Place(text=text, exact=exact, tone=cell.tone, right=right, whole=whole, code=isinstance(cell, Code))


def _indented(cells: tuple[Place, ...]) -> tuple[Place, ...]:
    """A row whose label says with a dash that it is a part of the one above."""
    label, *others = cells
    if not label.text.startswith(_MINOR):
        return cells
    return replace(label, text=label.text.removeprefix(_MINOR), minor=True), *others


def _listing(block: Listing, lang: Lang, most: Callable[[int], int]) -> Iterator[Piece]:
    """A list: what all its rows have in common, then a table where few columns are left, else lines of them."""
    if block.title is not None:
        yield Title(cell_text(block.title, lang))
    rows = [row_texts(block, row, lang) for row in block.rows[:MOST_ROWS]]
    names, places = [name.of(lang) for name in block.headings], list(range(len(block.header)))
    if len(names) > _COLUMNS and len(rows) > 1:
        shared = [place for place in places if len({row[place] for row in rows}) == 1]
        places = [place for place in places if place not in shared] or places[:1]
        if text := _named([names[place] for place in shared], [rows[0][place] for place in shared]):
            yield Remark(text)
    numbers = [place for place in places[1:] if block.header[place] in block.numbers]
    if len(places) <= _COLUMNS or len(numbers) >= len(places) - 2:
        yield from cut(_raw_grid(names, rows, places, frozenset(numbers)), most)
    else:
        rest = [names[place] for place in places[1:]]
        texts = [(row[places[0]] or MISSING, _named(rest, [row[place] for place in places[1:]])) for row in rows]
        yield Lines(tuple(texts))
    yield from _more(len(block.rows) - MOST_ROWS, lang)


def _raw_grid(
    names: Sequence[str], rows: Sequence[Sequence[str]], places: Sequence[int], numbers: frozenset[int]
) -> Grid:
    def line(cells: Sequence[str]) -> tuple[Place, ...]:
        return tuple(Place(text=cells[place], right=place in numbers) for place in places)

    return Grid(header=line(names), rows=tuple(line(row) for row in rows))


def _named(names: Sequence[str], values: Sequence[str]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in zip(names, values, strict=True) if value)


def cut(grid: Grid, room: Callable[[int], int]) -> Iterator[Grid]:
    """A grid in as many as it needs so that beside the first column no row has more letters than there is ``room``."""
    most = room(max(len(row[0].text) for row in (grid.header, *grid.rows)))
    part: list[int] = []
    used = 0
    for column in range(1, len(grid.header)):
        width = _width(grid, column) + _GAP
        if part and used + width > most:
            yield _taken(grid, [0, *part])
            part, used = [], 0
        part.append(column)
        used += width
    yield _taken(grid, [0, *part])


def _width(grid: Grid, column: int) -> int:
    """The letters that a column needs: those of its longest figure, or of the longest word of a text, which wraps."""
    cells = [grid.header[column], *(row[column] for row in grid.rows)]
    words = [min(len(word), _WRAPPED) for cell in cells if not cell.whole for word in cell.text.split(" ")]
    return max([*(len(cell.text) for cell in cells if cell.whole), *words, 1])


def _taken(grid: Grid, columns: Sequence[int]) -> Grid:
    return Grid(
        header=tuple(grid.header[column] for column in columns),
        rows=tuple(tuple(row[column] for column in columns) for row in grid.rows),
    )
