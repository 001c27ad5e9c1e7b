"""A page drawn for a terminal, block by block."""

from __future__ import annotations

import io
from typing import assert_never

from rich.text import Text as RichText

from funnelcli.answers.answer import (
    Block,
    Entries,
    Facts,
    Figures,
    Findings,
    Heading,
    Listing,
    NextStep,
    Notes,
    Page,
    Table,
    Terms,
)
from funnelcli.renderers import Style
from funnelcli.renderers.screen.console import COLOURS, NOTE_WIDTH, Screen, finished
from funnelcli.renderers.screen.lists import draw_entries, draw_facts, draw_findings, draw_terms
from funnelcli.renderers.screen.rows import draw_listing
from funnelcli.renderers.screen.tables import table_text
from funnelcli.renderers.wording.cells import cell_text


def drawn(page: Page, style: Style) -> str:
    """The page as text; after each block but a line of its own stands a blank line, after notes where more follows."""
    out = io.StringIO()
    screen = Screen(style, out)
    for block, following in zip(page.blocks, (*page.blocks[1:], None), strict=True):
        _draw(block, screen, style)
        if isinstance(block, Notes) and following is not None and not isinstance(following, Notes | NextStep):
            screen.print()
    return finished(out)


def _draw(block: Block, screen: Screen, style: Style) -> None:
    match block:
        case Heading():
            _heading(block, screen, style)
        case Table():
            screen.print(table_text(block, style), soft_wrap=True)
        case Figures():
            from funnelcli.renderers.screen.figures import draw_figures

            draw_figures(block, screen, style)
        case Facts():
            draw_facts(block, screen, style)
        case Terms():
            draw_terms(block, screen, style)
        case Listing():
            draw_listing(block, screen, style)
        case Entries():
            draw_entries(block, screen, style)
        case Findings():
            draw_findings(block, screen, style)
        case Notes():
            width = min(style.width, NOTE_WIDTH) if style.width else None
            for line in block.lines:
                text = RichText(cell_text(line, style.lang), style="dim")
                screen.print(text, soft_wrap=style.width is None, width=width)
        case NextStep():
            screen.print(RichText(cell_text(block.text, style.lang), style="dim"), soft_wrap=True)
        case _:
            assert_never(block)


def _heading(block: Heading, screen: Screen, style: Style) -> None:
    free = style.width is None
    line = RichText()
    if block.key is not None:
        line.append(f"{block.key}  ", style="bold cyan")
    line.append(cell_text(block.text, style.lang), style="bold")
    screen.print(line, soft_wrap=free)
    for words in block.basis:
        screen.print(RichText(cell_text(words, style.lang), style=COLOURS[words.tone]), soft_wrap=free)
    screen.print()
