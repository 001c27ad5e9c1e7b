"""Visits row by row: those behind a figure, and the commission that is paid for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
from msgspec.structs import replace

from funnelcli.counting.select import day_number
from funnelcli.facts.commission import commission_events
from funnelcli.facts.dimensions import CHANNEL, UNKNOWN
from funnelcli.facts.earnings import commission_event
from funnelcli.facts.events import NO_LINK, NOBODY, Coded, Events, Records
from funnelcli.facts.model import Facts
from funnelcli.inputs.spec import base_event, dimension_of
from funnelcli.reading.engines.rows_engine import Visit, visit_rows
from funnelcli.reading.opening import Opened

VISITS_AT_ONCE = 50_000


def visit_events(facts: Facts, name: str, until: int) -> Iterator[Events]:
    """The visits row by row, as events with the row of each; a few at a time.

    Of their commission that is held until a day, only what is held after the day ``until``.
    """
    request, visits = facts.visit_request, facts.visits
    if request is None or visits is None:
        return
    for known in facts.inputs.values():
        if known.input.summed:
            for opened in known.opened:
                rows = visit_rows(opened, request, visits)
                while batch := list(islice(rows, VISITS_AT_ONCE)):
                    yield from _named(name, opened, batch, facts, request.by, until)
                facts.check_unchanged()


def _named(
    name: str, opened: Opened, visits: Sequence[Visit], facts: Facts, by: str | None, until: int
) -> Iterator[Events]:
    """The events of a name that some visits are, or that the commission paid for them is."""
    visit = base_event(name)
    if visit == name:
        yield _as_events(name, opened, visits, facts, by)
        return
    of_rows = {each: _as_events(each, opened, visits, facts, by) for each in ("visit", "existing_visit")}
    paid = commission_events(facts.config, of_rows, facts.dimensions)
    if name not in paid:
        return
    events = paid[name]
    if name == commission_event(visit, "held"):
        events = events.kept(paid[commission_event(visit, "released")].day > until)
    # What is left is held: nothing that the sums of visits say of their links is about these rows.
    yield replace(events, link=np.full(len(events), NO_LINK))


def _as_events(name: str, opened: Opened, visits: Sequence[Visit], facts: Facts, by: str | None) -> Events:
    size = len(visits)
    words = {
        "source": Coded.of([visit.source for visit in visits]),
        "user_id": Coded.of([visit.user_id for visit in visits]),
    }
    if by is not None and by != "source":
        words[by] = Coded.of([visit.part for visit in visits])
    # As in the sums of the engine, a visit has its own value or none: not its person's.
    values = {CHANNEL: Coded.of([visit.channel.value for visit in visits])}
    if by is not None:
        own = words[by].texts
        values[dimension_of(by)] = Coded(words[by].codes, [text or UNKNOWN for text in own])
    people = {user: place for place, user in enumerate(facts.entities)} if any(v.user_id for v in visits) else {}
    records = Records(
        input=opened.input.name,
        files=[opened.name],
        file=np.zeros(size, dtype=np.int64),
        line=np.array([visit.line for visit in visits], dtype=np.int64),
        entity=np.array([people.get(visit.user_id, NOBODY) for visit in visits], dtype=np.int64),
        words=words,
        values=values,
    )
    days = np.array([day_number(visit.day) for visit in visits], dtype=np.int64)
    numbers = [visit.existing if name == "existing_visit" else visit.visits for visit in visits]
    return Events.of(name, records, np.arange(size), days, weight=np.array(numbers, dtype=np.int64))
