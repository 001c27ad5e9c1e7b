"""What is drawn, as plain tables: for formats that cannot draw."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from funnelcli.answers.answer import Column, Heading, PlainBlock, Table
from funnelcli.answers.cells import ACTUAL, SHARE, TARGET, Cell, Months, Words
from funnelcli.answers.drawn import (
    Breakdown,
    DrawnPage,
    Funnel,
    Goal,
    KeyFigure,
    KeyFigures,
    PartRow,
    Progress,
    ProgressRow,
    Running,
)
from funnelcli.answers.plain import CHANGE
from funnelcli.text import NOTHING, Message, Text, as_text

KEY_FIGURES = Message("Key figures")
_OF_TARGET = Message("{share} of {target}")
_KEPT, _MISSED = "✓", "✗"
_SO_FAR = Message("{month} so far")
_DAYS = Message("{gone} of {days} [day|days]. Not compared with whole periods.")
_NAMES_RUNNING = (Message("Figure"), Message("So far"), Message("Expected"), Message("At this pace"), TARGET)
_FUNNEL = Message("Funnel")
_NAMES_FUNNEL = (Message("Step"), Message("Count"), Message("Of step before"), Message("Of first step"))
_TEAM_FIGURE = Message("Team, figure")
_PROGRESS = Message("Progress, {month}")
_OF_PACE = Message("expected by now: {share}")
_NONE = Words(NOTHING)


def _columns(*names: Text) -> tuple[Column, ...]:
    return tuple(Column(header=Words(name)) for name in names)


def plain_drawn(page: DrawnPage) -> Iterator[PlainBlock]:
    """The month that runs, the funnel, who is where, and the first of the splits; the key figures are `key_table`."""
    blocks = [*page.first, *(block for chapter in page.chapters for block in chapter.blocks)]
    for block in blocks:
        match block:
            case Running() if block.rows:
                yield from _running(block)
            case Funnel():
                yield _funnel(block)
            case Progress() if block.groups:
                yield _progress(block)
            case _:
                continue
    parts = next((block for block in blocks if isinstance(block, Breakdown)), None)
    if parts is not None:
        yield _parts(parts)


def key_table(block: KeyFigures) -> Table:
    """The figures that stand first, with their change and, where there are any, their targets.

    >>> key_table(KeyFigures(figures=())).rows
    ()
    """
    has_goals = any(card.goal is not None for card in block.figures)
    base = next((card.base for card in block.figures if card.base is not None), None)
    change = Words(CHANGE if base is None else Message("against {base}"), facts={} if base is None else {"base": base})
    now = [
        Column(header=Months(first=card.series.points[card.series.headline].period, grain=card.series.grain))
        for card in block.figures
    ]
    names = [Column(header=Words(KEY_FIGURES)), now[0] if now else Column(header=_NONE), Column(header=change)]
    return Table(
        columns=(*names, *(_columns(TARGET) if has_goals else ())),
        rows=tuple((*_key(card), *((_goal(card.goal),) if has_goals else ())) for card in block.figures),
    )


def _key(card: KeyFigure) -> tuple[Cell, ...]:
    return Words(card.series.label), card.series.figure, card.series.change or _NONE


def _goal(goal: Goal | None) -> Cell:
    """How much of a target there is, and whether it is kept."""
    if goal is None:
        return _NONE
    facts: dict[str, Cell] = {"share": goal.share, "target": goal.target}
    return _judged(Words(_OF_TARGET, facts=facts), goal.kept)


def _judged(cell: Cell, kept: bool | None) -> Words:
    """A cell with the sign of what is kept or missed."""
    if kept is None:
        return Words(as_text("{cell}"), facts={"cell": cell})
    facts = {"cell": cell, "sign": Words(_KEPT if kept else _MISSED)}
    return Words(as_text("{cell}\u00a0{sign}"), facts=facts, tone="good" if kept else "bad")


def _running(block: Running) -> Iterator[PlainBlock]:
    """The period that is not yet whole."""
    title = Words(_SO_FAR, facts={"month": replace(block.month, partial=False)})
    yield Heading(text=title, basis=(Words(_DAYS.filled(gone=block.gone, days=block.days)),))
    has_goals = any(row.target.value is not None for row in block.rows)
    names = _NAMES_RUNNING if has_goals else _NAMES_RUNNING[:2]
    rows = tuple(
        (Words(row.label), row.so_far, row.expected, _judged(row.projected, row.kept), row.target)[: len(names)]
        for row in block.rows
    )
    yield Table(columns=_columns(*names), rows=rows)


def _funnel(block: Funnel) -> Table:
    """The steps, each with its share of the one before and of the first."""
    title = Words(as_text("{funnel}, {month}"), facts={"funnel": Words(_FUNNEL), "month": block.month})
    rows = tuple(
        (Words(step.label), step.count, step.share or _NONE, (step.of_first if place else None) or _NONE)
        for place, step in enumerate(block.steps)
    )
    return Table(title=title, columns=_columns(*_NAMES_FUNNEL), rows=rows)


def _progress(block: Progress) -> Table:
    """Who is where: each figure of a team beside its target."""
    title = Words(_PROGRESS, facts={"month": replace(block.month, partial=False)})
    paces = {row.pace for group in block.groups for row in group.rows}
    if len(paces) == 1 and (pace := paces.pop()) is not None:
        title = Words(
            as_text("{title} ({pace})"), facts={"title": title, "pace": Words(_OF_PACE, facts={"share": pace})}
        )
    rows = tuple(
        (_of_team(group.team, row), row.actual, row.target, _judged(row.share, row.kept))
        for group in block.groups
        for row in group.rows
    )
    return Table(title=title, columns=_columns(_TEAM_FIGURE, ACTUAL, TARGET, SHARE), rows=rows)


def _of_team(team: Words, row: ProgressRow) -> Words:
    return Words(as_text("{team}: {figure}"), facts={"team": team, "figure": Words(row.label)})


def _parts(block: Breakdown) -> Table:
    """What the parts of a dimension bring in the headline period."""
    title = Words(as_text("{dimension}, {month}"), facts={"dimension": Words(block.dimension), "month": block.month})
    names = [block.dimension, block.counted, SHARE, block.customers, *([block.amount] if block.amount else [])]
    rows = tuple(_part(row, with_amount=block.amount is not None) for row in (*block.rows, block.total))
    return Table(title=title, columns=_columns(*names), rows=rows)


def _part(row: PartRow, *, with_amount: bool) -> tuple[Cell, ...]:
    return row.label, row.count, row.share, row.customers, *((row.amount or _NONE,) if with_amount else ())
