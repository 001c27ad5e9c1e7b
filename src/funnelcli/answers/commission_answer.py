"""A statement of commission as an answer: the balances for people, and a line for each commission."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from funnelcli.answers.answer import Answer, Block, Column, Heading, Listing, Notes, Page, Raw, Sheet, Tab, Table
from funnelcli.answers.cells import Cell, Day, Number, Words
from funnelcli.answers.commission import Balance, Commission, State, Statement
from funnelcli.answers.plain import titles
from funnelcli.answers.report_answer import sources_data
from funnelcli.text import Message, Text, in_context
from funnelcli.values.figures import Unit
from funnelcli.values.placeholders import AS_OF

HEADER = (
    "person", "team", "event", "user_id", "channel", "earned_on", "amount", "due_on", "state", "settled_on", "file",
    "line",
)  # fmt: skip
_TITLES = {
    **titles(
        Message("person"), Message("team"), Message("channel"), Message("amount"), Message("file"), Message("line"),
    ),
    "event": in_context("of a commission", "paid for"),
    "earned_on": Message("earned on"),
    "due_on": Message("due on"),
    "state": in_context("of a commission", "state"),
    "settled_on": in_context("of a commission", "settled on"),
}  # fmt: skip
_STATES: dict[State, Text] = {
    State.HELD: in_context("of a commission", "held"),
    State.PAYABLE: in_context("of a commission", "payable"),
    State.CLAWED_BACK: in_context("of a commission", "clawed back"),
    State.UNKNOWN: in_context("of a commission", "not known"),
}
_EVENTS: dict[str, Text] = {
    "visit": in_context("paid for", "visit"),
    "signup": in_context("paid for", "signup"),
    "demo": in_context("paid for", "demo"),
    "new_paid_user": in_context("paid for", "new customer"),
}
_TITLE = Message("Commission")
_BASIS = Message("Counted up to {day}, {zone}; amounts in {currency}")
_TO_DATE = Message("To date: earned = clawed back + payable + held")
_BALANCES = (
    Message("Earned"), Message("Clawed back"), in_context("amounts", "Payable"), in_context("amounts", "Held"),
)  # fmt: skip
_UNKNOWN = in_context("amounts", "Not known")


def commission_answer(asked: Statement) -> Answer:
    """The statement of everybody that was asked for."""
    blocks = tuple(_blocks(asked))
    rows = [_cells(row) for row in asked.rows]
    return Answer(
        title=_TITLE,
        pages=(Page(blocks=blocks),),
        sheets=(Sheet(header=HEADER, rows=rows),),
        data=_data(asked),
        names={AS_OF: asked.as_of.isoformat()},
        tabs=lambda: (Tab(name=_TITLE, blocks=blocks),),
    )


def _cells(row: Commission) -> tuple[Raw, ...]:
    return (
        row.person, row.team, row.event, row.user_id, row.channel, row.earned_on, row.amount, row.due_on,
        row.state.value, row.settled_on, row.file, row.line,
    )  # fmt: skip


def _blocks(asked: Statement) -> Iterator[Block]:
    facts: dict[str, Cell] = {
        "day": Day(asked.as_of),
        "zone": Words(asked.timezone),
        "currency": Words(asked.currency),
    }
    yield Heading(text=Words(_TITLE), basis=(Words(_BASIS, facts=facts, tone="dim"),))
    if asked.balances:
        yield _balances(asked)
    places = {HEADER.index(name): words for name, words in (("event", _EVENTS), ("state", _STATES))}
    rows = [
        tuple(places[n][cell] if n in places else cell for n, cell in enumerate(_cells(row)))  # type: ignore[index]
        for row in asked.rows
    ]
    yield Listing(header=HEADER, rows=rows, numbers=frozenset({"amount"}), titles=_TITLES)
    if asked.notes:
        yield Notes(tuple(Words(note.text) for note in asked.notes))


def _balances(asked: Statement) -> Table:
    is_unsure = any(each.unknown != 0 for each in asked.balances)
    headers = (Message("Who earns it"), *_BALANCES, *((_UNKNOWN,) if is_unsure else ()))

    def line(each: Balance) -> tuple[Cell, ...]:
        amounts = (each.earned, each.clawed_back, each.payable, each.held, *((each.unknown,) if is_unsure else ()))
        return (Words(each.person), *(Number(value=n, unit=Unit.AMOUNT, currency=asked.currency) for n in amounts))

    return Table(
        title=Words(_TO_DATE),
        columns=tuple(Column(header=Words(text), words=place == 0) for place, text in enumerate(headers)),
        rows=tuple(map(line, asked.balances)),
    )


def _data(asked: Statement) -> dict[str, Any]:
    def plain(cell: Raw) -> Any:
        return cell.isoformat() if isinstance(cell, date) else cell

    return {
        "format": "funnelcli.commission",
        "format_version": 1,
        "title": _TITLE.of("en"),
        "as_of": asked.as_of.isoformat(),
        "timezone": asked.timezone,
        "currency": asked.currency,
        "balances": [
            {"person": each.person, "earned": each.earned, "clawed_back": each.clawed_back, "payable": each.payable,
             "held": each.held, "unknown": each.unknown}
            for each in asked.balances
        ],
        "rows": [dict(zip(HEADER, map(plain, _cells(row)), strict=True)) for row in asked.rows],
        "notes": [{"code": note.code, "message": note.text.of("en")} for note in asked.notes],
        "sources": sources_data(asked.sources),
    }  # fmt: skip
