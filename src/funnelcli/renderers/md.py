"""Markdown, to go into a mail or a wiki as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import assert_never

from funnelcli.answers.answer import (
    Answer,
    Block,
    Entries,
    Facts,
    Figures,
    Findings,
    Heading,
    Listing,
    NextStep,
    Notes,
    Table,
    Terms,
    notes_begin,
)
from funnelcli.answers.cells import Cell, Code
from funnelcli.answers.plain import VALUE, entries_listing, figure_tables
from funnelcli.renderers import Format, Style, View, as_bytes
from funnelcli.renderers.wording.cells import NOTES, cell_text, row_texts
from funnelcli.renderers.wording.reread import counts_in_markdown
from funnelcli.renderers.wording.tame import tame
from funnelcli.text import Lang
from funnelcli.text.regex import regex


def escape(text: str) -> str:
    """Text that Markdown shows as it is, on one line, also within a table cell.

    >>> escape("a|b *c* <d>")
    'a\\\\|b \\\\*c\\\\* &lt;d>'
    """
    return re.sub(r"^(\s*)([-+#>]|\d+[.)])", r"\1\\\2", escape_cell(text))


def escape_cell(text: str) -> str:
    """Text for a table cell, where nothing begins a line: ``1.000`` starts no list there, and no address is a link.

    >>> escape_cell("www.example.com"), escape_cell("a@example.com")
    ('www\\\\.example.com', 'a`@`example.com')
    >>> escape_cell("1.000 | x")
    '1.000 \\\\| x'
    """
    text = tame(text).replace("\\", "\\\\")
    text = re.sub(r"([|*_`\[\]~])", r"\\\1", text)
    text = _ADDRESS.sub(r"\1\\\2", text.replace("&", "&amp;").replace("<", "&lt;"))
    return _MAIL.sub("`@`", text)


# Where a page begins, whose address many readers of Markdown make a link of though none was meant.
_ADDRESS = regex(r"((?:\w|\\_)(?=://)|\b(?:mailto|xmpp)(?=:)|\bwww(?=\.))([:.])", re.IGNORECASE)
# The mark of a mail's address: escaped, it would still make one, so it stands apart as code.
_MAIL = regex(r"(?<=[\w.+\-])@(?=[\w\-])")


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: bool = True) -> str:
    """A table, the first column left and the others, being numbers, right; the cells are escaped already."""
    widths = [max(len(row[i]) for row in (header, *rows)) for i in range(len(header))]
    widths = [max(width, 3) for width in widths]

    def line(cells: Sequence[str]) -> str:
        first, *others = cells
        pad = str.rjust if numbers else str.ljust
        padded = [first.ljust(widths[0]), *(pad(c, w) for c, w in zip(others, widths[1:], strict=True))]
        return f"| {' | '.join(padded)} |"

    rule = "| " + " | ".join(["-" * widths[0], *("-" * (w - 1) + (":" if numbers else "-") for w in widths[1:])]) + " |"
    return "\n".join([line(header), rule, *(line(row) for row in rows)])


def render(answer: Answer, style: Style) -> bytes:
    """The page of an answer as Markdown."""
    blocks = answer.page(style.layout, brief=style.brief).blocks
    begin, texts = notes_begin(blocks), list[str]()
    for place, block in enumerate(blocks):
        if place == begin and isinstance(block, Notes):
            texts.append(f"**{NOTES.of(style.lang)}**")
        texts += _block(block, style.lang)
    return as_bytes("\n\n".join(texts) + "\n")


def _block(block: Block, lang: Lang) -> Iterator[str]:
    """The paragraphs of a block."""
    match block:
        case Heading():
            yield f"## {_escaped(block.text, lang)}"
            yield from (_sentence(_escaped(line, lang)) for line in block.basis)
        case Table():
            yield from _table(block, lang)
        case Figures():
            for section in figure_tables(block, trends=False):
                yield from _table(section, lang)
        case Facts():
            shown = [fact for fact in block.facts if not fact.detail]
            yield "\n".join(f"- {fact.name.of(lang)}: {_escaped(fact.cell, lang)}" for fact in shown)
        case Terms():
            rows = [[_escaped(term.key, lang), escape_cell(cell_text(term.value, lang))] for term in block.terms]
            yield table([block.title.of(lang), VALUE.of(lang)], rows)
        case Listing():
            yield from _listing(block, lang)
        case Entries():
            yield from _listing(entries_listing(block), lang)
        case Findings():
            yield f"## {escape(block.title.of(lang))}"
            yield escape(block.verdict.of(lang))
            yield from _listing(block.files, lang)
            if block.listed.rows:
                yield from _listing(block.listed, lang)
        case Notes():
            yield "\n".join(f"- {_escaped(line, lang)}" for line in block.lines)
        case NextStep():
            return
        case _:
            assert_never(block)


def _escaped(cell: Cell, lang: Lang) -> str:
    text = cell_text(cell, lang)
    return f"`{text}`" if isinstance(cell, Code) else escape(text)


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


def _table(block: Table, lang: Lang) -> Iterator[str]:
    if block.title is not None:
        yield f"### {_escaped(block.title, lang)}"
    numbers = not any(column.words for column in block.columns[1:])
    header = [escape_cell(cell_text(column.header, lang)) for column in block.columns]
    rows = [
        [_escaped(cells[0], lang), *(escape_cell(cell_text(cell, lang)) for cell in cells[1:])] for cells in block.rows
    ]
    yield table(header, rows, numbers=numbers)


def _listing(block: Listing, lang: Lang) -> Iterator[str]:
    if block.title is not None:
        yield f"### {_escaped(block.title, lang)}"
    rows = [[escape_cell(text) for text in row_texts(block, row, lang)] for row in block.rows]
    yield table([name.of(lang) for name in block.headings], rows, numbers=False)


FORMAT = Format(
    name="md",
    extensions=(".md", ".markdown"),
    views=frozenset({View.PAGE}),
    takes_brief=True,
    render=render,
    counts=counts_in_markdown,
)
