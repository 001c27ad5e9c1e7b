"""Blocks made into the plain ones, so that a format need draw no more than those."""

from collections.abc import Iterator
from typing import assert_never

from funnelcli.answers.answer import (
    Block,
    Column,
    Entries,
    Facts,
    Figures,
    Findings,
    Heading,
    Listing,
    NextStep,
    Notes,
    Page,
    PlainBlock,
    Table,
    Terms,
)
from funnelcli.answers.cells import Cell, Words
from funnelcli.text import Message, Text

METRIC = Message("Metric")
TOTAL = Message("Total")
CHANGE = Message("Change")
TREND = Message("Trend")
VALUE = Message("Value")
MEANING = Message("Meaning")


def titles(*names: Message) -> dict[str, Text]:
    """The columns of a list for people, by their names, which are English."""
    return {name.words: name for name in names}


def plain_blocks(page: Page) -> tuple[PlainBlock, ...]:
    """The page in plain blocks alone: figures and terms as tables, the catalogue and findings as lists."""
    return tuple(plain for block in page.blocks for plain in _plain(block))


def _plain(block: Block) -> Iterator[PlainBlock]:
    match block:
        case Heading() | Table() | Facts() | Listing() | Notes():
            yield block
        case Figures():
            yield from figure_tables(block, trends=True)
        case Terms():
            yield terms_table(block)
        case Entries():
            yield entries_listing(block)
        case Findings():
            yield Heading(text=Words(block.title), basis=(Words(block.verdict),))
            yield block.files
            if block.listed.rows:
                yield block.listed
        case NextStep():
            return
        case _:
            assert_never(block)


def figure_tables(figures: Figures, *, trends: bool) -> Iterator[Table]:
    """A table for each section: the periods, the total, and where rows have them the change and the trend."""
    trends = trends and len(figures.periods) > 1
    columns = [*(Column(header=period) for period in figures.periods), Column(header=Words(TOTAL))]
    columns += [Column(header=Words(CHANGE))] if figures.compared else []
    columns += [Column(header=Words(TREND))] if trends else []
    for section in figures.sections:
        rows: list[tuple[Cell, ...]] = [
            (row.label, *row.cells, row.total, *([row.change] if row.change else []), *([row.trend] if trends else []))
            for row in section.rows
        ]
        yield Table(title=section.title, columns=(Column(header=Words(section.names)), *columns), rows=tuple(rows))


def terms_table(terms: Terms) -> Table:
    """What a figure is made of: the key, the figure, and what it is."""
    header = (
        Column(header=Words(terms.title)),
        Column(header=Words(VALUE)),
        Column(header=Words(MEANING), words=True),
    )
    return Table(columns=header, rows=tuple((term.key, term.value, term.label) for term in terms.terms))


ENTRY_HEADER = ("metric", "label", "unit", "formula", "definition", "owner", "good", "source")
_ENTRY_TITLES = titles(
    Message("metric"), Message("label"), Message("unit"), Message("formula"), Message("definition"), Message("owner"),
    Message("good"), Message("source"),
)  # fmt: skip


def entries_listing(entries: Entries) -> Listing:
    """The catalogue as a list."""
    rows = [
        (e.key, e.label, e.unit, e.formula, e.definition, e.owner, e.good, e.source) for e in entries.entries
    ]  # fmt: skip
    return Listing(header=ENTRY_HEADER, rows=rows, titles=_ENTRY_TITLES)
