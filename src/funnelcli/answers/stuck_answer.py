"""What is stuck, as an answer: a line each, the longest over its limit first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from funnelcli.answers.answer import Answer, Block, Heading, Listing, Notes, Page, Raw, Sheet, Tab
from funnelcli.answers.cells import Day, Words
from funnelcli.answers.plain import titles
from funnelcli.answers.report_answer import sources_data
from funnelcli.answers.stuck import Limit, Stuck, StuckList
from funnelcli.text import Message, Text, as_text, in_context
from funnelcli.values.placeholders import AS_OF

_TITLES = {
    **titles(
        Message("deal"), Message("customer"), Message("person"), Message("since"), Message("days"), Message("limit"),
        Message("owner"), Message("channel"), Message("amount"), Message("file"), Message("line"),
    ),
    "stage": in_context("of a journey", "stage"),
}  # fmt: skip
_HEADING = Message("{journey}: {n} of {waiting} stuck")
_BASIS = Message("On {day}, {zone}; longer in a stage than its limit")
_GIVEN, _MEASURED = Message("{stage} {limit} (settings)"), Message("{stage} {limit} (9 in 10 who left it had by then)")
_NONE = Message("{stage}: none, as nothing has left it")
_STUCK = Message("Stuck")


def stuck_answer(asked: StuckList) -> Answer:
    """Everything that is stuck."""
    blocks = tuple(_blocks(asked))
    header = _header(asked)
    return Answer(
        title=asked.journey.title,
        pages=(Page(blocks=blocks),),
        sheets=(Sheet(header=header, rows=[_cells(asked, row) for row in asked.rows]),),
        data=_data(asked),
        names={AS_OF: asked.as_of.isoformat()},
        tabs=lambda: (Tab(name=_STUCK, blocks=blocks),),
    )


def _header(asked: StuckList) -> tuple[str, ...]:
    by = () if asked.by in (None, "owner", "channel") else (asked.by or "",)
    ids = {"deal": ("deal", "person"), "customer": ("customer",), "person": ("person",)}[asked.journey.entity]
    return (*ids, "stage", "since", "days", "limit", "owner", "channel", *by, "amount", "file", "line")


def _cells(asked: StuckList, row: Stuck) -> tuple[Raw, ...]:
    ids = (row.name, row.person) if asked.journey.entity == "deal" else (row.name,)
    by = () if asked.by in (None, "owner", "channel") else (row.part,)
    about = (row.stage.name, row.since, row.days, row.limit.text, row.owner, row.channel)
    return (*ids, *about, *by, row.amount, row.file, row.line)


def _blocks(asked: StuckList) -> Iterator[Block]:
    facts = {
        "journey": Words(asked.journey.title),
        "n": Words(str(len(asked.rows))),
        "waiting": Words(str(asked.waiting)),
    }
    basis = Words(_BASIS, facts={"day": Day(asked.as_of), "zone": Words(asked.timezone)}, tone="dim")
    yield Heading(text=Words(_HEADING, facts=facts), basis=(basis,))
    place = _header(asked).index("stage")
    rows = [
        tuple(row.stage.label if number == place else cell for number, cell in enumerate(_cells(asked, row)))
        for row in asked.rows
    ]
    yield Listing(header=_header(asked), rows=rows, numbers=frozenset({"days", "amount"}), titles=_TITLES)
    yield Notes(tuple(_limit_words(limit) for limit in asked.limits))


def _limit_words(limit: Limit) -> Words:
    if not limit.text:
        return Words(_NONE.filled(stage=limit.stage.label))
    text: Text = _GIVEN if limit.given is not None else _MEASURED
    return Words(text.filled(stage=limit.stage.label, limit=as_text(limit.text)))


def _data(asked: StuckList) -> dict[str, Any]:
    header = _header(asked)
    rows = [dict(zip(header, _cells(asked, row), strict=True)) for row in asked.rows]
    return {
        "format": "funnelcli.journey-stuck",
        "format_version": 1,
        "title": asked.journey.title.of("en"),
        "as_of": asked.as_of.isoformat(),
        "timezone": asked.timezone,
        "currency": asked.currency,
        "journey": asked.journey.name,
        "limits": [
            {"stage": limit.stage.name, "limit": limit.text or None, "by": "settings" if limit.given else "measured"}
            for limit in asked.limits
        ],
        "rows": [{**row, "since": str(row["since"])} for row in rows],
        "notes": [],
        "sources": sources_data(asked.sources),
    }  # fmt: skip
