"""Who comes due, as an answer: a line each, the overdue first, and what it all brings a month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from funnelcli.answers.answer import Answer, Block, Heading, Listing, Notes, Page, Raw, Sheet, Tab
from funnelcli.answers.cells import Cell, Day, Number, Words
from funnelcli.answers.due import DUE, OVERDUE, OWNER, Renewal, RenewalList
from funnelcli.answers.plain import TOTAL, titles
from funnelcli.answers.report_answer import notes_data, sources_data
from funnelcli.facts.dimensions import CHANNEL, PLAN
from funnelcli.text import Message, Text
from funnelcli.values.figures import Unit
from funnelcli.values.placeholders import AS_OF

TITLE = Message("Renewals")
_HEADING = Message("Renewals: {n} [row|rows] to be renewed by {day}")
_BASIS = Message("On {day}, {zone}; overdue first, then by days to go; amounts in {currency}, tenure in months")
_SUMS = Message("MRR a month: {overdue} overdue ({many} [row|rows]), {due} due ({few} [row|rows])")
_RENEWED = Message("{n} more [row|rows] that [n!ends|end] by then [n!is|are] renewed already.")
_TITLES: dict[str, Text] = {
    **titles(
        Message("plan"), Message("owner"), Message("channel"), Message("state")
    ),
    "user_id": Message("customer"),
    "mrr_amount": Message("MRR"),
    "started_at": Message("started"),
    "ends_at": Message("ends"),
    "tenure_months": Message("tenure"),
    "days_to_go": Message("days to go"),
    "open_tickets": Message("open tickets"),
    "last_nps": Message("last NPS"),
}  # fmt: skip
_STATES: dict[str, Text] = {OVERDUE: Message("overdue"), DUE: Message("due")}
_NUMBERS = frozenset({"mrr_amount", "tenure_months", "days_to_go", "open_tickets", "last_nps"})
_OWN = (PLAN, OWNER, CHANNEL)


def renewals_answer(asked: RenewalList) -> Answer:
    """All that comes due."""
    blocks = tuple(_blocks(asked))
    return Answer(
        title=TITLE,
        pages=(Page(blocks=blocks),),
        sheets=(Sheet(header=_header(asked), rows=[tuple(_cells(asked, row).values()) for row in asked.rows]),),
        data=_data(asked),
        names={AS_OF: asked.as_of.isoformat()},
        tabs=lambda: (Tab(name=TITLE, blocks=blocks),),
    )


def _cells(asked: RenewalList, row: Renewal) -> dict[str, Raw]:
    by = {} if asked.by in (None, *_OWN) else {str(asked.by): row.part}
    return {
        "user_id": row.user_id, "state": row.state, "days_to_go": row.days_to_go, "ends_at": row.ends,
        PLAN: row.plan, "mrr_amount": row.mrr, OWNER: row.owner, CHANNEL: row.channel, **by,
        "started_at": row.started, "tenure_months": row.tenure_months, "open_tickets": row.open_tickets,
        "last_nps": row.last_nps, "file": row.file, "line": row.line,
    }  # fmt: skip


def _header(asked: RenewalList) -> tuple[str, ...]:
    by = () if asked.by in (None, *_OWN) else (str(asked.by),)
    return (
        "user_id", "state", "days_to_go", "ends_at", PLAN, "mrr_amount", OWNER, CHANNEL, *by, "started_at",
        "tenure_months", "open_tickets", "last_nps", "file", "line",
    )  # fmt: skip


def _amount(asked: RenewalList, state: str | None = None) -> Number:
    return Number(value=asked.mrr_of(state), unit=Unit.AMOUNT, currency=asked.currency)


def _blocks(asked: RenewalList) -> Iterator[Block]:
    day: Cell = Day(asked.until)
    facts: dict[str, Cell] = {
        "day": Day(asked.as_of), "zone": Words(asked.timezone), "currency": Words(asked.currency)
    }  # fmt: skip
    sums: dict[str, Cell] = {
        "overdue": _amount(asked, OVERDUE), "due": _amount(asked, DUE),
        "many": Number(value=asked.number_of(OVERDUE)), "few": Number(value=asked.number_of(DUE)),
    }  # fmt: skip
    yield Heading(
        text=Words(_HEADING, facts={"n": Number(value=len(asked.rows)), "day": day}),
        basis=(Words(_BASIS, facts=facts, tone="dim"), Words(_SUMS, facts=sums)),
    )
    yield _listing(asked)
    renewed = [Words(_RENEWED, facts={"n": Number(value=asked.renewed)})] if asked.renewed else []
    yield Notes((*renewed, *(Words(note.text) for note in asked.notes)))


def _listing(asked: RenewalList) -> Listing:
    """The rows for people, with a line of the total; columns that nothing fills, and places in files, are left out."""
    exported = {"open_tickets": asked.has_tickets, "last_nps": asked.has_scores}
    absent = {name for name, is_there in exported.items() if not is_there}
    absent |= {"file", "line"} | {
        name for name in (PLAN, OWNER) if not any(_cells(asked, row)[name] for row in asked.rows)
    }
    header = tuple(name for name in _header(asked) if name not in absent)
    rows: list[tuple[Raw, ...]] = []
    for row in asked.rows:
        cells = {**_cells(asked, row), "state": _STATES[row.state]}
        rows.append(tuple(cells[name] for name in header))
    if rows:
        total: dict[str, Raw] = {"user_id": TOTAL, "mrr_amount": asked.mrr_of()}
        rows.append(tuple(total.get(name) for name in header))
    return Listing(header=header, rows=rows, numbers=_NUMBERS, titles=_TITLES)


def _data(asked: RenewalList) -> dict[str, Any]:
    return {
        "format": "funnelcli.renewals",
        "format_version": 1,
        "title": TITLE.of("en"),
        "as_of": asked.as_of.isoformat(),
        "timezone": asked.timezone,
        "currency": asked.currency,
        "within": asked.within.text,
        "until": asked.until.isoformat(),
        "rows": [
            {name: cell.isoformat() if isinstance(cell, date) else cell for name, cell in _cells(asked, row).items()}
            for row in asked.rows
        ],
        "total": {"rows": len(asked.rows), "mrr_amount": asked.mrr_of()},
        **{state: {"rows": asked.number_of(state), "mrr_amount": asked.mrr_of(state)} for state in (OVERDUE, DUE)},
        "renewed": asked.renewed,
        "notes": notes_data(asked.notes),
        "sources": sources_data(asked.sources),
    }
