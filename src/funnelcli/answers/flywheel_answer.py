"""The flywheel as an answer: its forces for people, rows for spreadsheets, data for programs; and the list to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from funnelcli.answers.answer import Answer, Block, Heading, Notes, Page, Sheet, Tab
from funnelcli.answers.cells import Cell, Day, Words
from funnelcli.answers.detractors import Detractors
from funnelcli.answers.flywheel import FORCES, TITLE, Flywheel, Projection
from funnelcli.answers.flywheel_page import flywheel_page
from funnelcli.answers.flywheel_tables import (
    DETRACTORS,
    HEADER,
    PROJECTION,
    STUCK,
    detractor_blocks,
    detractor_cells,
    force_tables,
    heading,
    loss_blocks,
    projection_blocks,
    stuck_blocks,
)
from funnelcli.answers.layout import Layout
from funnelcli.answers.report_answer import figures, report_answer, report_data
from funnelcli.answers.report_figures import footnotes
from funnelcli.facts.dimensions import UNKNOWN
from funnelcli.text import Message
from funnelcli.values.figures import Missing
from funnelcli.values.placeholders import AS_OF

_FORCES, _FIGURES = Message("Flywheel"), Message("Figures")
_BASIS = Message("On {day}, {zone}; within {window} of the answer")


def flywheel_answer(asked: Flywheel) -> Answer:
    """Everything that the flywheel has to say."""
    of_report = report_answer(asked.report)
    notes = _notes(asked)
    layouts: tuple[Layout | None, ...] = (Layout.METRIC, Layout.PART) if asked.report.spec.by else (None,)
    parts = {layout: (figures(asked.report, layout),) if layout is not None else () for layout in layouts}
    blocks = tuple(_blocks(asked))
    return Answer(
        title=TITLE,
        pages=tuple(Page(layout=layout, blocks=(*blocks, *parts[layout], notes)) for layout in layouts),
        sheets=of_report.sheets,
        data=flywheel_data(asked),
        names=of_report.names,
        drawn=lambda: flywheel_page(asked, notes),
        tabs=lambda: tuple(_tabs(asked, notes)),
    )


def _blocks(asked: Flywheel) -> Iterator[Block]:
    yield heading(asked)
    yield from force_tables(asked)
    yield from _lists(asked)


def _lists(asked: Flywheel) -> Iterator[Block]:
    yield from detractor_blocks(asked.detractors)
    yield from stuck_blocks(asked.stuck)
    yield from loss_blocks(asked)
    yield from projection_blocks(asked.projection)


def _notes(asked: Flywheel) -> Notes:
    unread = () if asked.unread_targets is None else (asked.unread_targets,)
    return Notes((*unread, *footnotes(asked.report)))


def _tabs(asked: Flywheel, notes: Notes) -> Iterator[Tab]:
    yield Tab(name=_FORCES, blocks=(heading(asked), *force_tables(asked), *loss_blocks(asked)))
    yield Tab(name=_FIGURES, blocks=(heading(asked), figures(asked.report, _first_layout(asked)), notes))
    for name, blocks in (
        (DETRACTORS, tuple(detractor_blocks(asked.detractors, titled=False))),
        (STUCK, tuple(stuck_blocks(asked.stuck))),
        (PROJECTION, tuple(projection_blocks(asked.projection, titled=False))),
    ):
        if blocks:
            yield Tab(name=name, blocks=blocks)


def _first_layout(asked: Flywheel) -> Layout | None:
    return Layout.METRIC if asked.report.spec.by else None


# --- for programs ----------------------------------------------------------------------------------------------------


def flywheel_data(asked: Flywheel) -> dict[str, Any]:
    """The flywheel as plain data, format_version 1: the figures as in a report, and what is listed below them."""
    dashboard = asked.dashboard
    known = {row.metric.key: row for force in FORCES for row in asked.rows(force)}
    goals = {key: dashboard.goal(key) for key in known}
    return {
        **report_data(asked.report),
        "format": "funnelcli.flywheel",
        "title": TITLE.of("en"),
        "period": dashboard.period.key,
        "forces": [
            {"force": force.key, "metrics": [key for key in force.metrics if key in known]} for force in FORCES
        ],
        "owners": {key: row.metric.owner for key, row in known.items()},
        "targets": {
            key: {"target": _plain(goal.target.value), "kept": goal.kept}
            for key, goal in goals.items()
            if goal is not None
        },
        "detractors": _detractor_data(asked.detractors),
        "stuck": [
            {
                "user_id": row.name, "stage": row.stage.name, "since": row.since.isoformat(), "days": row.days,
                "limit": row.limit.text, "owner": row.owner,
            }
            for row in (asked.stuck.rows if asked.stuck is not None else ())
        ],
        "lost_by_reason": [
            {
                "reason": None if loss.reason == UNKNOWN else loss.reason,
                "stage": None if loss.stage is None else loss.stage.name, "number": loss.number, "amount": loss.amount,
            }
            for loss in asked.losses
        ],
        "projection": None if asked.projection is None else _projection_data(asked.projection),
    }  # fmt: skip


def _plain(value: Any) -> float | None:
    return None if value is None else float(value)


def _why(missing: Missing | None) -> str | None:
    return None if missing is None else missing.reason.of("en")


def _detractor_data(asked: Detractors) -> dict[str, Any]:
    return {
        "follow_up": asked.follow_up.text,
        "answered": asked.answered,
        "waiting": asked.waiting,
        "nameless": asked.nameless,
        "missing": _why(asked.missing),
        "rows": _rows(asked),
    }


def _rows(asked: Detractors) -> list[dict[str, Any]]:
    dates = ("answered_at", "due_at", "followed_up_at")
    rows = [dict(zip(HEADER, cells, strict=True)) for cells in detractor_cells(asked)]
    return [{name: str(cell) if name in dates and cell else cell for name, cell in row.items()} for row in rows]


def _projection_data(asked: Projection) -> dict[str, Any]:
    return {
        "is_projection": True,
        "turns": asked.turns,
        "metric": asked.of,
        "start": asked.start,
        "k": asked.k,
        "customers": list(asked.totals),
        "missing": _why(asked.missing),
    }


# --- the list alone --------------------------------------------------------------------------------------------------


def detractors_answer(asked: Flywheel) -> Answer:
    """The customers to be come back to, for the team."""
    known, spec = asked.detractors, asked.report.spec
    facts: dict[str, Cell] = {
        "day": Day(known.as_of),
        "zone": Words(spec.timezone),
        "window": Words(known.follow_up.text),
    }
    head = Heading(text=Words(DETRACTORS), basis=(Words(_BASIS, facts=facts, tone="dim"),))
    blocks = (head, *detractor_blocks(known, titled=False))
    return Answer(
        title=DETRACTORS,
        pages=(Page(blocks=blocks),),
        sheets=(Sheet(header=HEADER, rows=detractor_cells(known)),),
        data={
            "format": "funnelcli.flywheel-detractors", "format_version": 1, "title": DETRACTORS.of("en"),
            "as_of": known.as_of.isoformat(), "timezone": spec.timezone, "currency": spec.currency,
            **_detractor_data(known), "notes": [], "sources": report_data(asked.report)["sources"],
        },
        names={AS_OF: known.as_of.isoformat()},
        tabs=lambda: (Tab(name=DETRACTORS, blocks=blocks),),
    )  # fmt: skip
