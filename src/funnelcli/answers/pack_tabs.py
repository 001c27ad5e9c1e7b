"""The monthly pack in parts that stand by themselves: the report's, with the targets of its months beside them."""

from __future__ import annotations

from collections.abc import Iterator

from funnelcli.answers.answer import Tab
from funnelcli.answers.forecast_page import forecast_tab
from funnelcli.answers.goals import Goals
from funnelcli.answers.pack import Pack
from funnelcli.answers.planned_cells import planned
from funnelcli.answers.report_answer import split_tabs, whole_page
from funnelcli.answers.report_tabs import Beside, report_tabs
from funnelcli.answers.track import Tracked
from funnelcli.answers.track_page import heading
from funnelcli.answers.track_tabs import comparison
from funnelcli.text import Message, Text

_TARGETS = Message("Targets")
_BY_TEAM = Message("Targets by team")


def pack_tabs(pack: Pack) -> tuple[Tab, ...]:
    """The tabs of a report with what there is beside it."""
    goals = pack.goals
    targets = {
        key: planned(cell.target, row.metric.unit, goals.currency)
        for key, (row, cell) in goals.cells.items()
        if cell.target is not None
    }
    notes = (pack.unread_targets,) if pack.unread_targets else ()
    splits = [tab for split in pack.splits(None) for tab in split_tabs(split)]
    beside = Beside(targets=targets, tabs=(*_targets(goals), *_ahead(pack)), notes=notes)
    return report_tabs(pack.report, whole_page(pack.report), splits, beside)


def _targets(goals: Goals) -> Iterator[Tab]:
    """The figures of the whole, and those of the teams, beside their targets."""
    if not goals:
        return
    for name, tracked in ((_TARGETS, goals.whole), (_BY_TEAM, goals.teams)):
        if tracked is not None:
            yield _compared(name, tracked)


def _ahead(pack: Pack) -> Iterator[Tab]:
    """Where things land if nothing changes."""
    if pack.ahead is not None:
        yield forecast_tab(pack.ahead)


def _compared(name: Text, tracked: Tracked) -> Tab:
    return Tab(name=name, blocks=(heading(tracked), comparison(tracked)))
