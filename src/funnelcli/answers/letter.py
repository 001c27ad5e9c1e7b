"""An answer as a letter: what a reader wants to see first, in plain blocks; the page that is attached has all of it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.answers.answer import (
    Answer,
    Column,
    Fact,
    Facts,
    FigureRow,
    Figures,
    FigureSection,
    Findings,
    Heading,
    Notes,
    Page,
    PlainBlock,
    Raw,
    Table,
)
from funnelcli.answers.cells import Cell, Words
from funnelcli.answers.drawn import DrawnPage, KeyFigures
from funnelcli.answers.layout import Layout
from funnelcli.answers.plain import CHANGE, plain_blocks
from funnelcli.answers.plain_drawn import key_table, plain_drawn
from funnelcli.text import ENGLISH, NOTHING, Message, Text, as_text

MOST_ALIKE = 10  # problems of a kind
LATEST = 3  # periods in the tables of all figures
WHAT_MOVED = Message("What moved")


class Letter(Struct, frozen=True, kw_only=True):
    """What a message says: its ``title``, what it stands on, the figures that stand ``first``, and what follows."""

    title: Words
    basis: tuple[Words, ...]
    blocks: tuple[PlainBlock, ...]
    first: Table | None = None


def letter(answer: Answer, layout: Layout | None = None, *, brief: bool = False) -> Letter:
    """An answer as a letter: of one with pictures the key figures, what moved, the funnel, the latest figures, notes.

    Of any other it is the page; ``brief``, of one that has such, the few lines alone.
    """
    drawn = answer.drawn() if answer.drawn is not None and layout in (None, Layout.WIDE, Layout.TIDY) else None
    if drawn is not None:
        return _of_drawn(answer, drawn, brief=brief)
    blocks = tuple(_plain(answer.page(layout, brief=brief)))
    if blocks and isinstance(blocks[0], Heading):
        return Letter(title=_heading(blocks[0]), basis=blocks[0].basis, blocks=blocks[1:])
    return Letter(title=Words(answer.title), basis=(), blocks=blocks)


def _plain(page: Page) -> Iterator[PlainBlock]:
    for block in page.blocks:
        match block:
            case Figures():
                yield from (_section(section, block) for section in block.sections)
            case Findings():
                yield from _findings(block)
            case _:
                yield from plain_blocks(Page(blocks=(block,)))


def _findings(block: Findings) -> Iterator[PlainBlock]:
    """The verdict, the files, which header stands for what, and the first problems of each kind."""
    files = block.files
    yield Heading(text=Words(block.title), basis=(Words(block.verdict),))
    if files.rows:
        yield replace(files, header=files.header[:-1], rows=[row[:-1] for row in files.rows])
        yield Facts(facts=tuple(Fact(name=_text(row[0]), cell=Words(_text(row[-1]))) for row in files.rows))
    for group in block.groups:
        name = Message("{severity}: {code} ({n})")
        shown = group.problems[:MOST_ALIKE]
        advice = {problem.advice.of(ENGLISH): Words(problem.advice) for problem in shown}
        title = name.filled(severity=group.severity.word, code=group.code, n=group.count)
        yield Heading(text=Words(title), basis=tuple(advice.values()))
        facts = [Fact(name=problem.where, cell=Words(problem.text)) for problem in shown]
        if group.count > len(shown):
            more = Message("{n} more [is|are] on the attached page.").filled(n=group.count - len(shown))
            facts.append(Fact(name=as_text("…"), cell=Words(more)))
        yield Facts(facts=tuple(facts))


def _text(raw: Raw) -> Text:
    return raw if isinstance(raw, Text) else as_text(str(raw or ""))


def _heading(heading: Heading) -> Words:
    if heading.key is None:
        return heading.text
    return Words(as_text("{key}: {text}"), facts={"key": Words(heading.key), "text": heading.text})


def _of_drawn(answer: Answer, page: DrawnPage, *, brief: bool) -> Letter:
    title = Words(as_text("{title}, {month}"), facts={"title": page.lead.title, "month": page.lead.period})
    if brief and answer.brief is not None:
        return Letter(title=title, basis=page.lead.basis, blocks=plain_blocks(answer.brief()))
    first = next((key_table(block) for block in page.first if isinstance(block, KeyFigures)), None)
    blocks = (*_moved(answer), *plain_drawn(page), *_figures(page), *_notes(page))
    return Letter(title=title, basis=page.lead.basis, first=first, blocks=blocks)


def _moved(answer: Answer) -> Iterator[PlainBlock]:
    """The lines of the brief page under a title, without the first, which says what the key figures say."""
    for block in answer.brief().blocks if answer.brief is not None else ():
        if isinstance(block, Facts):
            yield Heading(text=Words(WHAT_MOVED))
            yield Facts(facts=block.facts[1:])


def _figures(page: DrawnPage) -> Iterator[Table]:
    """Every row of the dashboard over its latest periods, with its change."""
    for block in _blocks(page):
        if isinstance(block, Figures):
            yield from (_section(section, block) for section in block.sections)


def _section(section: FigureSection, block: Figures) -> Table:
    last = len(block.periods)
    places = range(max(last - LATEST, 0), last)
    columns: list[Cell] = [Words(section.names), *(block.periods[place] for place in places)]
    columns += [Words(CHANGE)] if block.compared else []
    return Table(
        title=section.title,
        columns=tuple(Column(header=header) for header in columns),
        rows=tuple(_row(row, places, with_change=block.compared) for row in section.rows),
    )


def _row(row: FigureRow, places: range, *, with_change: bool) -> tuple[Cell, ...]:
    change = (row.change or Words(NOTHING),) if with_change else ()
    return row.label, *(row.cells[place] for place in places), *change


def _notes(page: DrawnPage) -> Iterator[Notes]:
    yield from (block for block in _blocks(page) if isinstance(block, Notes) and block.lines)


def _blocks(page: DrawnPage) -> Iterator[object]:
    yield from (block for chapter in page.chapters for block in chapter.blocks)
