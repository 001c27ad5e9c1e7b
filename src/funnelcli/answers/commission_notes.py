"""What the reader of commission should know: what no policy pays for, and what has no amount."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from funnelcli.counting.commission import paid_earnings
from funnelcli.counting.select import day_number
from funnelcli.facts.dimensions import CHANNEL
from funnelcli.facts.model import Facts
from funnelcli.inputs import input_of_event
from funnelcli.text import Message
from funnelcli.values.channels import Channel
from funnelcli.values.figures import Note

_UNPAID = Message(
    "{n} of the {events} of {input} are of an unknown channel, which no team owns: no commission is counted for them."
)
_NONE = Message("No commission was earned, fell due or was clawed back by then, of what was asked for.")
_UNPRICED = Message(
    "Of {n} [commission|commissions] nobody knows the amount, as the MRR that a customer began with is not known: sums "
    "that hold [n!it|them] are missing. `funnelcli check` lists rows without an amount."
)


def notes_of_rows(rows: int, unpriced: int) -> Iterator[Note]:
    """That there is no row, and that so many commissions have no amount: sums with them are missing."""
    if not rows:
        yield Note("no-commission", _NONE)
    if unpriced:
        yield Note("commission-unpriced", _UNPRICED.filled(n=unpriced))


def unpaid_notes(facts: Facts, as_of: date) -> Iterator[Note]:
    """Of each thing that is paid for, how many up to as_of are of a channel that nobody knows."""
    for earning in paid_earnings(facts.config):
        events, declared = facts.events.get(earning.event), input_of_event(earning.event)
        if events is None or declared is None or not earning.of_person:
            continue
        events = events.kept(events.day <= day_number(as_of))
        channels = facts.dimensions.of(CHANNEL, events.records)
        unknown = int(channels.that(Channel.UNKNOWN.value.__eq__)[events.row].sum())
        if unknown:
            text = _UNPAID.filled(n=unknown, events=len(events), input=declared.title)
            yield Note("commission-of-unknown-channel", text)
