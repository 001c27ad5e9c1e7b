"""The agreement as an answer: the page of the monthly meeting, rows for spreadsheets, data for programs."""

from __future__ import annotations

from typing import Any

from funnelcli.answers.answer import Answer, Block, Heading, Notes, Page, Sheet, Tab
from funnelcli.answers.cells import Cell, Day, Words
from funnelcli.answers.layout import Layout
from funnelcli.answers.report_answer import figures, report_answer, report_data
from funnelcli.answers.report_figures import footnotes
from funnelcli.answers.sla import MARKETING, RETURNS, SALES, TITLE, Agreed
from funnelcli.answers.sla_tables import (
    BREACHES,
    HEADER,
    all_blocks,
    breach_blocks,
    breach_cells,
    heading,
    is_kept,
    not_measurable,
    promise_of,
    to_agree,
)
from funnelcli.text import Message
from funnelcli.values.as_of import Moment
from funnelcli.values.placeholders import AS_OF

_FIGURES, _PAGE = Message("Figures"), Message("Agreement")
_BASIS = Message("Leads handed over from {first} to {last}; on {day}, {zone}; those that still wait first")


def sla_answer(asked: Agreed) -> Answer:
    """Everything that there is to say of the agreement."""
    of_report = report_answer(asked.report)
    notes = Notes((*map(Words, asked.remarks), *footnotes(asked.report)))
    blocks = tuple(all_blocks(asked))
    layouts: tuple[Layout | None, ...] = (Layout.METRIC, Layout.PART) if asked.report.spec.by else (None,)

    def of_parts(layout: Layout | None) -> tuple[Block, ...]:
        return (figures(asked.report, layout),) if layout is not None else ()

    return Answer(
        title=TITLE,
        pages=tuple(Page(layout=layout, blocks=(*blocks, *of_parts(layout), notes)) for layout in layouts),
        sheets=of_report.sheets,
        data=sla_data(asked),
        names=of_report.names,
        tabs=lambda: (
            Tab(name=_PAGE, blocks=(*blocks, notes)),
            Tab(name=_FIGURES, blocks=(heading(asked), figures(asked.report, layouts[0]))),
            Tab(name=BREACHES, blocks=tuple(breach_blocks(asked, titled=False))),
        ),
    )


def sla_data(asked: Agreed) -> dict[str, Any]:
    """The agreement as plain data, format_version 1: the figures as in a report, and what stands on the page."""
    spec, state = asked.report.spec, asked.goal
    rows = asked.rows((*MARKETING, *SALES, *RETURNS))
    return {
        **report_data(asked.report),
        "format": "funnelcli.sla",
        "title": TITLE.of("en"),
        "as_of_moment": f"{spec.as_of.isoformat()} {spec.as_of.clock}" if isinstance(spec.as_of, Moment) else None,
        "period": asked.dashboard.period.key,
        "handover_rule": asked.rule or None,
        "promises": {
            row.metric.key: {"promised": promise, "kept": is_kept(asked, row)}
            for row in rows
            if (promise := promise_of(asked, row)) is not None
        },
        "goal": None if state is None else {
            "metric": state.goal.metric, "amount": float(state.goal.amount), "since": state.since.isoformat(),
            "by": None if state.goal.by is None else state.goal.by.isoformat(), "due": state.due,
            "reached": state.reached, "missing": state.why or None, "mqls_needed": state.mqls,
        },
        "by": {name: report_data(report)["rows"] for name, report in asked.split.items()},
        "breaches": _breach_rows(asked),
        "changes": [
            {"metric": each.key, "now": each.now, "promised": each.promise, "effect": each.effect, "leads": each.leads}
            for each in asked.levers.changes
        ],
        "changes_of": asked.levers.of,
        "changes_missing": None if asked.levers.why is None else asked.levers.why.of("en"),
        "remarks": [text.of("en") for text in asked.remarks],
        "to_agree": [row.metric.key for row in to_agree(asked)],
        "not_measurable": {
            row.metric.key: reason.of("en") for reason, missed in not_measurable(asked).values() for row in missed
        },
    }  # fmt: skip


def _breach_rows(asked: Agreed) -> list[dict[str, Any]]:
    return [dict(zip(HEADER, cells, strict=True)) for cells in breach_cells(asked)]


def breaches_answer(asked: Agreed) -> Answer:
    """The broken promises alone, to work through or for an alert."""
    spec = asked.report.spec
    first, last = asked.span
    facts: dict[str, Cell] = {
        "first": Day(first), "last": Day(last), "day": Day(spec.as_of), "zone": Words(spec.timezone)
    }  # fmt: skip
    blocks = (
        Heading(text=Words(BREACHES), basis=(Words(_BASIS, facts=facts, tone="dim"),)),
        *breach_blocks(asked, titled=False),
    )
    return Answer(
        title=BREACHES,
        pages=(Page(blocks=blocks),),
        sheets=(Sheet(header=HEADER, rows=breach_cells(asked)),),
        data={
            "format": "funnelcli.sla-breaches", "format_version": 1, "title": BREACHES.of("en"),
            "from": first.isoformat(), "to": last.isoformat(),
            "as_of": spec.as_of.isoformat(), "timezone": spec.timezone, "currency": spec.currency,
            "rows": _breach_rows(asked), "notes": [], "sources": report_data(asked.report)["sources"],
        },
        names={AS_OF: spec.as_of.isoformat()},
        tabs=lambda: (Tab(name=BREACHES, blocks=blocks),),
    )  # fmt: skip
