"""Who moved the MRR, as an answer: the bridge from the opening to the closing, and a line a movement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from funnelcli.answers.answer import Answer, Block, Column, Heading, Listing, Notes, Page, Raw, Sheet, Tab, Table
from funnelcli.answers.cells import Cell, Day, Months, Number, Words
from funnelcli.answers.mrr_moves import KIND_WORDS, KINDS_SHOWN, Move, MoveList
from funnelcli.answers.plain import METRIC, titles
from funnelcli.answers.report_answer import sources_data
from funnelcli.text import Message, in_context, joined
from funnelcli.values.figures import Unit
from funnelcli.values.placeholders import AS_OF, PERIOD

HEADER = (
    "user_id", "date", "kind", "mrr_before", "mrr_after", "change", "plan_before", "plan_after", "owner", "channel",
    "file", "line",
)  # fmt: skip
_TITLES = {
    **titles(
        Message("customer"), Message("date"), Message("change"), Message("owner"), Message("channel"), Message("file"),
        Message("line"),
    ),
    "user_id": Message("customer"), "kind": in_context("of a movement of MRR", "kind"),
    "mrr_before": Message("MRR before"), "mrr_after": Message("MRR after"), "plan_before": Message("plan before"),
    "plan_after": Message("plan after"),
}  # fmt: skip
_HEADING = Message("MRR movements, {period}: {n} [movement|movements] of {customers} [customer|customers], {net}")
_BASIS = Message("Counted up to {day}, {zone}; amounts in {currency}")
_OF_PART = Message("Of {by} {part} alone")
_OF_KINDS = Message("Of these kinds alone: {kinds}")
_NOTHING = Message("Nothing moved the MRR.")
_MISSING = Message("Movements may be missing here: {reason}.")
_MOVEMENTS = Message("MRR movements")
_AMOUNT = Message("Amount")


def mrr_moves_answer(asked: MoveList) -> Answer:
    """Everything that moved the MRR."""
    blocks = tuple(_blocks(asked))
    return Answer(
        title=_MOVEMENTS,
        pages=(Page(blocks=blocks),),
        sheets=(Sheet(header=_header(asked), rows=[_cells(asked, move) for move in asked.moves]),),
        data=_data(asked),
        names={AS_OF: asked.as_of.isoformat(), PERIOD: asked.period.key},
        tabs=lambda: (Tab(name=_MOVEMENTS, blocks=blocks),),
    )


def _header(asked: MoveList) -> tuple[str, ...]:
    """The columns: those of every list, and the dimension that was asked for where it is none of them."""
    by = () if asked.by in (None, *HEADER) or asked.by == "plan" else (asked.by or "",)
    return (*HEADER[:-2], *by, *HEADER[-2:])


def _cells(asked: MoveList, move: Move) -> tuple[Raw, ...]:
    columns: dict[str, Raw] = {
        "user_id": move.user_id, "date": move.day, "kind": move.kind, "mrr_before": move.before,
        "mrr_after": move.after, "change": move.change, "plan_before": move.plan_before, "plan_after": move.plan_after,
        "owner": move.owner, "channel": move.channel, "file": move.file, "line": move.line, asked.by or "": move.part,
    }  # fmt: skip
    return tuple(columns[name] for name in _header(asked))


def _blocks(asked: MoveList) -> Iterator[Block]:
    net = Number(value=asked.net, unit=Unit.AMOUNT, currency=asked.currency)
    range_ = Months(first=asked.first, last=None if asked.first == asked.last else asked.last, grain=asked.grain)
    text = _HEADING.filled(n=len(asked.moves), customers=asked.customers, period="{period}", net="{net}")
    facts: dict[str, Cell] = {
        "day": Day(asked.as_of), "zone": Words(asked.timezone), "currency": Words(asked.currency)
    }  # fmt: skip
    yield Heading(
        text=Words(text, facts={"net": net, "period": range_}),
        basis=(Words(_BASIS, facts=facts, tone="dim"), *_only(asked)),
    )  # fmt: skip
    if asked.bridge:
        yield _bridge(asked)
    if asked.moves:
        yield Listing(
            header=_header(asked),
            rows=[tuple(KIND_WORDS.get(cell, cell) if isinstance(cell, str) else cell for cell in _cells(asked, move))
                  for move in asked.moves],
            numbers=frozenset({"mrr_before", "mrr_after", "change"}),
            titles=_TITLES,
        )  # fmt: skip
    reasons = dict.fromkeys(value.missing.reason for _, value in asked.bridge if value.missing is not None)
    notes = [Words(_MISSING.filled(reason=reason)) for reason in reasons]
    notes += [Words(note.text) for note in asked.notes]
    if not asked.moves and not reasons:
        notes.append(Words(_NOTHING))
    if notes:
        yield Notes(tuple(notes))


def _only(asked: MoveList) -> Iterator[Words]:
    """What the list leaves out: other kinds stand in the bridge all the same."""
    if asked.kinds:
        yield Words(_OF_KINDS.filled(kinds=joined(", ", [KIND_WORDS[kind] for kind in asked.kinds])), tone="dim")
    if asked.part is not None:
        yield Words(_OF_PART.filled(by=asked.by, part=asked.part), tone="dim")


def _bridge(asked: MoveList) -> Table:
    """The way from the opening to the closing MRR."""
    rows = tuple(
        (
            Words(metric.label_for(asked.grain)),
            Number(value=value.value, unit=Unit.AMOUNT, currency=asked.currency, missing=value.missing),
        )
        for metric, value in asked.bridge
    )
    return Table(columns=(Column(header=Words(METRIC), words=True), Column(header=Words(_AMOUNT))), rows=rows)


def _data(asked: MoveList) -> dict[str, Any]:
    rows = [dict(zip(_header(asked), _cells(asked, move), strict=True)) for move in asked.moves]
    missing = [value.missing for _, value in asked.bridge if value.missing is not None]
    return {
        "format": "funnelcli.movements",
        "format_version": 1,
        "title": _MOVEMENTS.of("en"),
        "as_of": asked.as_of.isoformat(),
        "timezone": asked.timezone,
        "currency": asked.currency,
        "period": {
            "key": asked.period.key,
            "start": asked.period.start.isoformat(),
            "end_exclusive": asked.period.end.isoformat(),
            "partial": asked.period.cut_by(asked.as_of),
        },
        "kinds": list(asked.kinds or KINDS_SHOWN),
        "by": {asked.by: asked.part} if asked.by else None,
        "bridge": {metric.key: value.value for metric, value in asked.bridge},
        "rows": [{**row, "date": str(row["date"])} for row in rows],
        "notes": [
            *({"code": each.code, "message": each.reason.of("en")} for each in dict.fromkeys(missing)),
            *({"code": note.code, "message": note.text.of("en")} for note in asked.notes),
        ],
        "sources": sources_data(asked.sources),
    }
