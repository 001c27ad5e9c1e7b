"""The events that rows of an input stand for by more than a date: what makes each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from funnelcli.config import Config
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

_Making = Callable[[Table, Rows, Records, Problems, Config], Iterator[Events]]


def _alone(make: Callable[[Table, Rows, Records, Problems], Iterator[Events]]) -> _Making:
    """What makes events by the rows alone, whatever the settings are."""
    return lambda table, rows, records, problems, _: make(table, rows, records, problems)


_MAKERS: Mapping[Maker, _Making] = {
    "answers": _alone(answer_events),
    "handovers": _alone(handover_row_events),
    "invites": _alone(invite_events),
    "leads": lambda *_: iter(()),  # it takes all inputs: facts/leads.py
    "tickets": _alone(ticket_events),
    "touches": touch_events,
}


def made_events(table: Table, rows: Rows, records: Records, problems: Problems, config: Config) -> Iterator[Events]:
    """The events that an input declares to be made of its rows, as far as they need no other input."""
    if table.input.made is not None:
        yield from _MAKERS[table.input.made.maker](table, rows, records, problems, config)
