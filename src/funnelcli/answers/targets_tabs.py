"""A plan in parts that stand by themselves, as sheets of a workbook: quotas to be worked out again, and the rest."""

from __future__ import annotations

from collections.abc import Iterator

from funnelcli.answers.answer import Entries, Heading, Notes, Tab
from funnelcli.answers.catalogue_answer import entry_of
from funnelcli.answers.cells import Words
from funnelcli.answers.targets_page import beside_tables, heading, notes_of
from funnelcli.answers.targets_worked import worked_plan
from funnelcli.planning.model import Plan
from funnelcli.text import Message

_TARGETS = Message("Targets")
_BESIDE = Message("Budget and levers")
_NOTES = Message("Notes")
_DEFINITIONS = Message("Definitions")
_AS_PLANNED = Message(
    "Of the plan as funnelcli made it: these do not follow when an assumption is changed in this workbook."
)
_WHAT_THEY_MEAN = Message("What the figures of a plan mean.")


def targets_tabs(plan: Plan) -> tuple[Tab, ...]:
    """The tabs: the plan, what follows beside its quotas, notes and definitions."""
    return tuple(_tabs(plan))


def _tabs(plan: Plan) -> Iterator[Tab]:
    yield Tab(name=_TARGETS, blocks=(heading(plan), worked_plan(plan)))
    tables = [table for table in beside_tables(plan) if table.rows]
    if tables:
        yield Tab(name=_BESIDE, blocks=(Heading(text=Words(_BESIDE), basis=(Words(_AS_PLANNED),)), *tables))
    notes = notes_of(plan)
    if notes:
        yield Tab(name=_NOTES, blocks=(Heading(text=Words(_NOTES), basis=(Words(_AS_PLANNED),)), Notes(notes)))
    metrics = dict.fromkeys(row.metric for row in plan.rows)
    entries = Entries(entries=tuple(map(entry_of, metrics)), detailed=False)
    yield Tab(
        name=_DEFINITIONS, blocks=(Heading(text=Words(_DEFINITIONS), basis=(Words(_WHAT_THEY_MEAN),)), entries)
    )  # fmt: skip
