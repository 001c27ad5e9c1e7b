"""Whole pages as the template takes them: one with pictures, or one of plain tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from string import Formatter
from typing import Any

from msgspec.structs import replace

from funnelcli.answers.answer import Answer, Figures, Heading, Notes, notes_begin
from funnelcli.answers.cells import Number, Words
from funnelcli.answers.drawn import (
    Breakdown,
    Chapter,
    Definitions,
    DrawnPage,
    Fans,
    Folded,
    Funnel,
    KeyFigures,
    Movements,
    Progress,
    Running,
    Trends,
    Wheel,
)
from funnelcli.answers.layout import Layout
from funnelcli.answers.plain import plain_blocks
from funnelcli.renderers.page import flows, parts, views, wheels
from funnelcli.renderers.page import words as w
from funnelcli.renderers.page.figures import figure, short_of, title_of, typeset
from funnelcli.renderers.page.tables import all_figures, plain
from funnelcli.renderers.wording.cells import cell_text
from funnelcli.renderers.wording.tame import tame
from funnelcli.text import Lang, grouped

SHORT_PARTS = 6
SHORT_CHARTS = (18, 14, 10, 6)

_VIEWS: Mapping[type, Any] = {
    KeyFigures: views.key_figures,
    Running: views.running,
    Funnel: views.funnel,
    Wheel: wheels.wheel_view,
    Trends: flows.trends,
    Fans: flows.fans,
    Movements: flows.movements,
    Breakdown: parts.breakdown,
    Progress: parts.progress_table,
    Definitions: views.definitions,
}


def plain_page(answer: Answer, layout: Layout | None, lang: Lang) -> dict[str, Any]:
    """A page of plain tables: what every answer has."""
    blocks = plain_blocks(answer.page(layout))
    if not any(isinstance(block, Heading) for block in blocks):
        blocks = (Heading(text=Words(answer.title)), *blocks)
    begin = notes_begin(blocks)
    shown = [dict(plain(block, lang, str(place))) for place, block in enumerate(blocks)]
    for place, block in enumerate(blocks):
        if isinstance(block, Notes) and place != begin:
            shown[place]["title"] = ""
        elif isinstance(block, Heading):
            shown[place]["level"] = 1 if place == 0 else 2
    title = cell_text(Words(answer.title), lang)
    return {"title": title, "lead": None, "links": [], "first": shown, "chapters": [], "defined": {}, "made": ""}


def drawn_page(page: DrawnPage, lang: Lang) -> dict[str, Any]:
    """A page with pictures."""
    period, titled = page.lead.period, page.lead.is_titled
    title = cell_text(page.lead.title, lang) if titled else title_of(period.first, period.grain, lang)
    firm = "" if page.lead.firm is None else cell_text(page.lead.firm, lang)
    return {
        "title": " – ".join(filter(None, (firm, title))),
        "lead": {
            "firm": firm,
            "title": title,
            "brief": [list(_pieces(sentence, page, lang)) for sentence in page.lead.brief],
            "basis": [cell_text(line, lang) for line in page.lead.basis],
        },
        "links": [(chapter.name, (chapter.link or chapter.title).of(lang)) for chapter in page.chapters],
        "first": [_drawn(block, page, lang, "first") for block in page.first],
        "chapters": [_chapter(chapter, page, lang) for chapter in page.chapters],
        "defined": _defined(page, lang),
        "made": _made(page, lang),
    }


def _made(page: DrawnPage, lang: Lang) -> str:
    """The last line: what made the page, and what of it there was no room for."""
    made = w.MADE_WITH.of(lang)
    if not page.left_out:
        return made
    names = ", ".join(title.of(lang) for title in page.left_out)
    return f"{w.LEFT_OUT.filled(names=names).of(lang)} {made}"


def shorter_pages(page: DrawnPage, most_bytes: int, size: Callable[[DrawnPage], int]) -> Iterator[DrawnPage]:
    """The page made shorter, step by step, and it says so.

    Fewer of the rows that are folded, as many as there is room for; the forecast of one figure alone; of further
    dimensions the six largest parts, then none; no definitions beside figures, those of their chapter without links
    and values; fewer charts; as many definitions as there is room for, then none.

    ``size`` says of how many bytes a page is, which are to be ``most_bytes`` at the end.
    """
    longest = max((len(block.listing.rows) for block in _folded_lists(page)), default=0)
    if longest:
        bare, whole = with_rows(page, 0), size(page)
        fewest = size(bare)
        if fewest < most_bytes:
            # Rows are nearly of one length; the last steps are for those that are longer than others.
            shown = [sum(min(len(block.listing.rows), n) for block in _folded_lists(page)) for n in range(longest + 1)]
            room = (most_bytes - fewest) * shown[-1] // max(whole - fewest, 1)
            fitting = max(n for n, rows in enumerate(shown) if rows <= room)
            for n in (fitting, fitting * 9 // 10, fitting * 3 // 4, fitting // 2):
                yield with_rows(page, n)
        page = bare
        yield page
    page = replace(page, chapters=tuple(map(_with_one_fan, page.chapters)))
    yield page
    extra = [chapter for chapter in page.chapters if any(isinstance(block, Breakdown) for block in chapter.blocks)][1:]
    yield replace(page, chapters=tuple(_shortened(part) if part in extra else part for part in page.chapters))
    kept = tuple(part for part in page.chapters if part not in extra)
    left_out = tuple(chapter.title for chapter in extra)
    yield replace(page, chapters=kept, left_out=left_out)
    page = replace(page, chapters=kept, left_out=left_out, is_explained=False)
    yield page
    kept = tuple(map(_without_links, kept))
    page = replace(page, chapters=kept)
    yield page
    for most in SHORT_CHARTS:
        page = replace(page, chapters=tuple(_with_few_charts(part, most) for part in kept))
        yield page
    yield from _with_fewer_definitions(page, most_bytes, size)
    rest = tuple(part for part in page.chapters if not any(isinstance(block, Definitions) for block in part.blocks))
    gone = tuple(part.title for part in page.chapters if part not in rest)
    yield replace(page, chapters=rest, left_out=(*left_out, *gone))


def _with_fewer_definitions(page: DrawnPage, most_bytes: int, size: Callable[[DrawnPage], int]) -> Iterator[DrawnPage]:
    """The page with as many definitions as there is room for; they are nearly of one length."""
    defined = sum(len(block.entries) for block in _definitions(page))
    whole, fewest = size(page), size(with_definitions(page, 0))
    fitting = (most_bytes - fewest) * defined // max(whole - fewest, 1)
    for n in (fitting, fitting * 9 // 10, fitting * 3 // 4):
        if n > 0:
            yield with_definitions(page, n)


def _with_few_charts(chapter: Chapter, most: int) -> Chapter:
    """A chapter with no more than so many charts."""
    blocks = (replace(b, series=b.series[:most]) if isinstance(b, Trends) else b for b in chapter.blocks)
    return replace(chapter, blocks=tuple(blocks))


def _with_one_fan(chapter: Chapter) -> Chapter:
    """A chapter of charts of what is foretold with the first of them."""
    blocks = (replace(b, series=b.series[:1]) if isinstance(b, Fans) else b for b in chapter.blocks)
    return replace(chapter, blocks=tuple(blocks))


def _without_links(chapter: Chapter) -> Chapter:
    """A chapter whose definitions have no links within formulas, and no values."""

    def bare(block: Any) -> Any:
        if not isinstance(block, Definitions):
            return block
        return replace(block, entries=tuple(replace(entry, terms=(), figure=None) for entry in block.entries))

    return replace(chapter, blocks=tuple(map(bare, chapter.blocks)))


def with_definitions(page: DrawnPage, most: int) -> DrawnPage:
    """The page with the first of its definitions, at most so many."""

    def cut(block: Any) -> Any:
        if not isinstance(block, Definitions):
            return block
        return replace(block, entries=block.entries[:most], more=max(len(block.entries) - most, 0))

    chapters = (replace(chapter, blocks=tuple(map(cut, chapter.blocks))) for chapter in page.chapters)
    return replace(page, chapters=tuple(chapters))


def _definitions(page: DrawnPage) -> list[Definitions]:
    return [block for chapter in page.chapters for block in chapter.blocks if isinstance(block, Definitions)]


def _folded_lists(page: DrawnPage) -> list[Folded]:
    return [block for chapter in page.chapters for block in chapter.blocks if isinstance(block, Folded)]


def with_rows(page: DrawnPage, most: int) -> DrawnPage:
    """The page with at most so many rows in each of its folded lists."""

    def cut(block: Any) -> Any:
        if not isinstance(block, Folded):
            return block
        return replace(block, listing=replace(block.listing, rows=block.listing.rows[:most]))

    chapters = (replace(chapter, blocks=tuple(map(cut, chapter.blocks))) for chapter in page.chapters)
    return replace(page, chapters=tuple(chapters))


def _shortened(chapter: Chapter) -> Chapter:
    """A chapter of parts with no more than the largest of them."""
    blocks = tuple(
        replace(block, rows=block.rows[:SHORT_PARTS], more=max(len(block.rows) - SHORT_PARTS, 0))
        if isinstance(block, Breakdown)
        else block
        for block in chapter.blocks
    )
    return replace(chapter, blocks=blocks)


def _defined(page: DrawnPage, lang: Lang) -> dict[str, str]:
    """What stands at each figure: its definition and formula."""
    blocks = (block for chapter in page.chapters for block in chapter.blocks)
    entries = (entry for block in blocks if isinstance(block, Definitions) for entry in block.entries)
    if not page.is_explained:
        return {entry.key: "" for entry in entries}
    return {entry.key: f"{entry.definition.of(lang)} = {entry.formula.of(lang)}" for entry in entries}


def _chapter(chapter: Chapter, page: DrawnPage, lang: Lang) -> Mapping[str, Any]:
    return {
        "name": chapter.name,
        "title": chapter.title.of(lang),
        "lead": cell_text(chapter.lead, lang) if chapter.lead else "",
        "blocks": [_drawn(block, page, lang, f"{chapter.name}-{place}") for place, block in enumerate(chapter.blocks)],
    }


def _drawn(block: Any, page: DrawnPage, lang: Lang, name: str) -> Mapping[str, Any]:
    if type(block) in _VIEWS:
        view: Mapping[str, Any] = _VIEWS[type(block)](block, lang)
        return view
    if isinstance(block, Folded):
        return _folded(block, lang, name)
    if isinstance(block, Figures):
        places = [place for place, months in enumerate(block.periods) if months.first == page.lead.period.first]
        return all_figures(block, places[0], page.lead.base, lang)
    shown = dict(plain(block, lang, name))
    if isinstance(block, Notes):
        shown["title"] = ""  # the chapter has it
    return shown


def _folded(block: Folded, lang: Lang, name: str) -> Mapping[str, Any]:
    """A folded list, and where all its rows are that it has not."""
    listing, left = dict(plain(block.listing, lang, name)), block.total - len(block.listing.rows)
    words = w.MORE_ROWS if block.listing.rows else w.ALL_ROWS
    more = words.filled(n=grouped(left)).of(lang) if left else ""
    return {**listing, "folded": listing["title"], "title": "", "more": more, "command": block.command}


def _pieces(sentence: Words, page: DrawnPage, lang: Lang) -> Iterator[tuple[str, bool]]:
    """A sentence in pieces, each with whether it stands out."""
    text = sentence.text if isinstance(sentence.text, str) else sentence.text.of(lang)
    for literal, name, _, _ in Formatter().parse(text):
        if literal:
            yield tame(literal), False
        if name is None:
            continue
        fact = sentence.facts[name]
        if isinstance(fact, Number):
            yield figure(fact, lang).text, fact.tone == "bold"
        elif fact == page.lead.base and page.lead.base is not None:
            yield short_of(page.lead.base.first, page.lead.base.grain, lang, page.lead.period.first), False
        else:
            yield typeset(cell_text(fact, lang)), False
