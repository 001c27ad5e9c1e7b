"""The events that rows of an input stand for by more than a date: what makes each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from funnelcli.facts.answered import answer_events
from funnelcli.facts.events import Events, Records
from funnelcli.facts.handed_rows import handover_row_events
from funnelcli.facts.invited import invite_events
from funnelcli.facts.rows import Rows
from funnelcli.facts.ticketed import ticket_events
from funnelcli.facts.touched import touch_events
from funnelcli.inputs.made import Maker
from funnelcli.problems import Problems
from funnelcli.reading.tables import Table

_Making = Callable[[Table, Rows, Records, Problems], Iterator[Events]]
_MAKERS: Mapping[Maker, _Making] = {
    "answers": answer_events,
    "handovers": handover_row_events,
    "invites": invite_events,
    "leads": lambda *_: iter(()),  # it takes all inputs: facts/leads.py
    "tickets": ticket_events,
    "touches": touch_events,
}


def made_events(table: Table, rows: Rows, records: Records, problems: Problems) -> Iterator[Events]:
    """The events that an input declares to be made of its rows, as far as they need no other input."""
    if table.input.made is not None:
        yield from _MAKERS[table.input.made.maker](table, rows, records, problems)
