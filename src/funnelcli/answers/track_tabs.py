"""A comparison in parts that stand by themselves, as sheets of a workbook: figures, pace, the rest spread, notes."""

from __future__ import annotations

from collections.abc import Iterator

from funnelcli.answers.answer import Heading, Notes, Tab
from funnelcli.answers.cells import Words
from funnelcli.answers.compared import ComparedCell, ComparedRow, Comparison
from funnelcli.answers.planned_cells import month, planned
from funnelcli.answers.track import Tracked
from funnelcli.answers.track_page import actual_of, for_people, heading, kept, label, notes_of, paces, replans
from funnelcli.planning.track import TrackCell, TrackRow
from funnelcli.text import Message, Text
from funnelcli.values.figures import Unit

_COMPARED = Message("Targets and actuals")
_PACE = Message("Pace")
_ANEW = Message("Replanned")
_NOTES = Message("Notes")
_OF_RUNNING = Message("Of months that are not yet whole, by the days that are gone.")
_REST = Message("What is missing, spread over the months that are left; what was wanted before stands beside it.")


def track_tabs(tracked: Tracked) -> tuple[Tab, ...]:
    """The tabs: the figures beside their targets, and what else there is to say."""
    return tuple(_tabs(tracked))


def _tabs(tracked: Tracked) -> Iterator[Tab]:
    yield Tab(name=_COMPARED, blocks=(heading(tracked), comparison(tracked)))
    for name, basis, tables in (
        (_PACE, _OF_RUNNING, tuple(paces(tracked))),
        (_ANEW, _REST, tuple(replans(tracked))),
    ):
        shown = [table for table in tables if table.rows]
        if shown:
            yield Tab(name=name, blocks=(Heading(text=Words(name), basis=(Words(basis),)), *shown))
    notes = (*(Words(note.text, tone="bad") for note in tracked.stale), *notes_of(tracked))
    if notes:
        yield Tab(name=_NOTES, blocks=(Heading(text=Words(_NOTES)), Notes(notes)))


def comparison(tracked: Tracked, *, title: Text | None = None) -> Comparison:
    """The figures beside their targets, a row each, over the months."""
    with_total = len(tracked.periods) > 1 and not tracked.cumulative
    rows = tuple(_row(tracked, row, with_total=with_total) for row in for_people(tracked))
    ahead = [period.start > tracked.as_of for period in tracked.periods]
    running = [period.cut_by(tracked.as_of) and not late for period, late in zip(tracked.periods, ahead, strict=True)]
    return Comparison(
        periods=tuple(month(period, partial=now) for period, now in zip(tracked.periods, running, strict=True)),
        groups=((title, rows),),
        running=frozenset(place for place, now in enumerate(running) if now),
    )


def _row(tracked: Tracked, row: TrackRow, *, with_total: bool) -> ComparedRow:
    return ComparedRow(
        key=row.metric.key,
        label=Words(label(row)),
        cells=tuple(_cell(tracked, row, cell) for cell in row.cells),
        total=_cell(tracked, row, row.total) if with_total else None,
        over=row.metric.total,
        good=row.metric.good,
    )


def _cell(tracked: Tracked, row: TrackRow, cell: TrackCell) -> ComparedCell:
    unit, currency = row.metric.unit, tracked.currency
    return ComparedCell(
        actual=actual_of(cell, row, currency),
        target=None if cell.target is None else planned(cell.target, unit, currency),
        share=planned(cell.share, Unit.RATE),
        to_go=planned(None if row.metric.total == "first" else cell.to_go, unit, currency),
        expected=None if cell.pace is None else planned(cell.pace.expected, unit, currency),
        kept=kept(cell, row),
    )
