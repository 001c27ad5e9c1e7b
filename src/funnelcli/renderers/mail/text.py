"""A letter as plain text: tables of columns, lines that are not too long, every figure in full."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from funnelcli.answers.answer import PlainBlock
from funnelcli.answers.cells import Cell
from funnelcli.answers.letter import Letter
from funnelcli.renderers.mail.grids import Grid, Lines, Place, Remark, Title, pieces
from funnelcli.renderers.wording.cells import cell_text
from funnelcli.text import Lang

WIDTH = 76
_LABEL = 28  # letters of the first column
_INDENT = "  "


def body(letter: Letter, lang: Lang, last: str) -> str:
    """The letter as text that ends with the line ``last``."""
    paragraphs = [
        "\n".join(_wrapped(cell_text(letter.title, lang), "")),
        "\n".join(_wrapped(" · ".join(cell_text(line, lang) for line in letter.basis), "")),
    ]
    blocks: list[PlainBlock] = [*([letter.first] if letter.first else []), *letter.blocks]
    paragraphs += [text for block in blocks for text in _paragraphs(block, lang)]
    return "\n\n".join(filter(None, [*paragraphs, "\n".join(_wrapped(last, ""))])) + "\n"


def _paragraphs(block: PlainBlock, lang: Lang) -> Iterator[str]:
    for piece in pieces(block, lang, lambda label: WIDTH - min(label, _LABEL), _written):
        match piece:
            case Title():
                yield "\n".join(
                    [*_underlined(piece.text), *(line for text in piece.lines for line in _wrapped(text, ""))]
                )
            case Grid():
                yield "\n".join(_grid(piece))
            case Lines():
                yield "\n".join(line for name, text in piece.lines for line in _line(name, text))
            case Remark():
                yield "\n".join(_wrapped(piece.text, ""))


def _written(cells: Sequence[Cell], lang: Lang) -> list[tuple[str, str]]:
    return [(cell_text(cell, lang), "") for cell in cells]


def _underlined(text: str) -> list[str]:
    lines = _wrapped(text, "")
    return [*lines, "-" * max(map(_cells, lines), default=1)]


def _line(name: str, text: str) -> list[str]:
    return _wrapped(f"- {name}: {text}" if name else f"- {text}", _INDENT)


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent=indent, break_on_hyphens=False) or [""]


def _grid(grid: Grid) -> Iterator[str]:
    """The rows in columns; what is too long for its column goes on in the next line."""
    lines = [grid.header, *grid.rows]
    widths = _widths(lines)
    for row in lines:
        cells = [
            textwrap.wrap(f"{_INDENT if cell.minor else ''}{cell.text}", width, break_on_hyphens=False) or [""]
            for cell, width in zip(row, widths, strict=True)
        ]
        for place in range(max(map(len, cells))):
            parts = [cell[place] if place < len(cell) else "" for cell in cells]
            yield "  ".join(_padded(t, w, c) for t, w, c in zip(parts, widths, row, strict=True)).rstrip()
        if row is grid.header:
            yield "  ".join("-" * width for width in widths)


def _widths(lines: Sequence[Sequence[Place]]) -> list[int]:
    """The width of each column: what its longest cell takes, or where that is too much, less of the widest words."""
    columns = list(zip(*lines, strict=True))
    widths = [
        max(_cells(cell.text) + (len(_INDENT) if cell.minor else 0) for cell in column) or 1 for column in columns
    ]
    widths[0] = min(widths[0], _LABEL)
    least = [max((_cells(cell.text) for cell in column if cell.whole), default=8) for column in columns]
    while sum(widths) + len(_INDENT) * (len(widths) - 1) > WIDTH:
        spare = {place: width for place, width in enumerate(widths) if width > least[place]}
        if not spare:
            break
        widths[max(spare, key=lambda place: spare[place])] -= 1
    return widths


def _padded(text: str, width: int, cell: Place) -> str:
    space = " " * max(width - _cells(text), 0)
    return space + text if cell.right else text + space


def _cells(text: str) -> int:
    """The columns that a text takes where letters are of one width."""
    from rich.cells import cell_len

    return cell_len(text)
