"""Definitions, terms and the findings of a check drawn with letters."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text as RichText

from funnelcli.answers.answer import Entries, Entry, Facts, FindingGroup, Findings, Terms
from funnelcli.problems import Problem
from funnelcli.problems.kinds import Severity
from funnelcli.renderers import Style
from funnelcli.renderers.screen.console import COLOURS, Screen
from funnelcli.renderers.screen.rows import draw_rows
from funnelcli.renderers.wording.cells import cell_text, raw_text
from funnelcli.renderers.wording.tame import tame
from funnelcli.text import Message, Text

_SEVERITY_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.NOTE: "bold cyan"}


def draw_facts(block: Facts, screen: Screen, style: Style) -> None:
    """A definition list, the names in a column."""
    lang = style.lang
    width = max(len(fact.name.of(lang)) for fact in block.facts)
    for fact in block.facts:
        line = RichText(fact.name.of(lang).ljust(width) + "  ", style="dim")
        line.append(cell_text(fact.cell, lang), style=COLOURS[fact.cell.tone] or "default")
        screen.print(line, soft_wrap=style.width is None)
    screen.print()


def draw_terms(block: Terms, screen: Screen, style: Style) -> None:
    """What a figure is made of, indented under its title."""
    from rich.padding import Padding
    from rich.table import Table

    lang = style.lang
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column()
    for term in block.terms:
        table.add_row(*(RichText(cell_text(cell, lang)) for cell in (term.key, term.value, term.label)))
    screen.print(RichText(block.title.of(lang), style="bold"))
    screen.print(Padding(table, (0, 0, 0, 2), expand=False))
    screen.print()


def draw_entries(block: Entries, screen: Screen, style: Style) -> None:
    """The catalogue: the key, what it means, and its formula."""
    for entry in block.entries:
        line = RichText(entry.key, style="bold cyan")
        line.append(f"  {entry.label.of(style.lang)} ({entry.unit.of(style.lang)})", style="")
        screen.print(line, soft_wrap=style.width is None)
        _indented(entry.definition.of(style.lang), "", screen, style)
        _indented(f"= {entry.formula.of(style.lang)}", "dim", screen, style)
        if block.detailed:
            _indented(_about(entry).of(style.lang), "dim", screen, style)


def _indented(text: str, colour: str, screen: Screen, style: Style) -> None:
    line = RichText(tame(text), style=colour)
    if style.width is None and "\n" not in line.plain:
        screen.print(RichText("    ").append_text(line), soft_wrap=True)
        return
    from rich.padding import Padding

    screen.print(Padding(line, (0, 0, 0, 4), expand=False), soft_wrap=style.width is None)


def _about(entry: Entry) -> Text:
    about = Message("Owner: {owner}.  Source: {source}.")
    if not entry.owner:
        about = Message("Source: {source}.")
    return about.filled(owner=entry.owner, source=entry.source)


def draw_findings(block: Findings, screen: Screen, style: Style) -> None:
    """The files, what was found in each, the problems by kind, and last the verdict, where the eye rests."""
    if block.files.rows:
        place = len(block.files.header) - 1
        draw_rows(block.files, place, screen, style)
        for row in block.files.rows:
            line = RichText(f"{raw_text(row[0], style.lang)}: ", style="bold")
            line.append(raw_text(row[place], style.lang), style="dim")
            screen.print(line, soft_wrap=style.width is None)
        screen.print()
    for group in block.groups:
        _draw_group(group, screen, style)
    screen.print(RichText(block.verdict.of(style.lang), style="bold"))


def _draw_group(group: FindingGroup, screen: Screen, style: Style) -> None:
    title = f"{group.severity.word.of(style.lang)}: {group.code} ({group.count})"
    screen.print(RichText(title, style=_SEVERITY_COLOURS[group.severity]), soft_wrap=True)
    _draw_problems(group.problems, screen, style)
    if group.count > len(group.problems):
        more = Message("  … and {n} more").filled(n=group.count - len(group.problems))
        screen.print(RichText(more.of(style.lang), style="dim"))
    screen.print()


def _draw_problems(problems: Sequence[Problem], screen: Screen, style: Style) -> None:
    """The problems of a kind; a hint that all share stands once, under them."""
    lang = style.lang
    hints = {problem.hint for problem in problems}
    for problem in problems:
        text = RichText(f"  {tame(problem.where.of(lang))}: {tame(problem.text.of(lang))}")
        screen.print(text, soft_wrap=style.width is None)
        if len(hints) > 1:
            screen.print(RichText(f"    {tame(problem.advice.of(lang))}", style="dim"), soft_wrap=style.width is None)
    if len(hints) == 1:
        screen.print(RichText(f"  → {tame(problems[0].advice.of(lang))}", style="dim"), soft_wrap=style.width is None)
