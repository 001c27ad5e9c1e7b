"""Leads that are with marketing when a period begins, and those of them that are hot when it ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from funnelcli.facts.events import OPEN_END, Events
from funnelcli.facts.grades import HOT, TEMPERATURES
from funnelcli.inputs.lead_stages import NURTURED, WARMED

if TYPE_CHECKING:
    from funnelcli.facts.leads import Leads
    from funnelcli.facts.nurture import Nurture

_OPEN = tuple(range(len(TEMPERATURES)))  # who has paid, or is no lead, has none of them
Spans = tuple[np.ndarray, np.ndarray, np.ndarray]  # places of leads, the first day of each, and the first one after it


def warmed_events(leads: Leads, known: Nurture) -> Iterator[Events]:
    """Those that begin with marketing and have not paid by the end, and those of them that are hot then.

    Each time with marketing stands beside each span of days of the other kind.  Whether the one holds when a period
    begins and the other when it ends is a sum of four terms, one for each pair of their bounds.
    """
    nurture = known.place, known.start.day, known.over.day
    for names, codes in ((NURTURED, _OPEN), (WARMED, (HOT,))):
        spans = _spans(leads, codes)
        yield from _beside(leads, names, nurture, spans)


def _spans(leads: Leads, codes: tuple[int, ...]) -> Spans:
    """The days on which leads are as warm as one of some codes says."""
    place, day, code = leads.warmth
    order = np.lexsort((day, place))
    place, day, code = place[order], day[order], code[order]
    until = np.full(len(place), OPEN_END)
    until[:-1] = np.where(place[1:] == place[:-1], day[1:], OPEN_END)
    mine = np.isin(code, codes)
    return place[mine], day[mine], until[mine]


def _beside(leads: Leads, names: tuple[str, str], nurture: Spans, spans: Spans) -> Iterator[Events]:
    order = np.argsort(spans[0], kind="stable")
    place, begins, ends = (column[order] for column in spans)
    first = np.searchsorted(place, nurture[0], side="left")
    sizes = np.searchsorted(place, nurture[0], side="right") - first
    time = np.repeat(np.arange(len(sizes)), sizes)
    span = np.repeat(first - np.cumsum(sizes) + sizes, sizes) + np.arange(len(time))
    later = ends[span] > nurture[1][time]
    time, span = time[later], span[later]
    row, start, over = leads.row[nurture[0][time]], nurture[1][time], nurture[2][time]
    number = np.arange(len(time))
    terms = {
        names[0]: ((start, begins[span]), (over, ends[span])), names[1]: ((start, ends[span]), (over, begins[span])),
    }  # fmt: skip
    for name, ((since, day), (also_since, also_day)) in terms.items():
        sinces, days = np.concatenate([since, also_since]), np.concatenate([day, also_day])
        there = np.flatnonzero((sinces < OPEN_END) & (days < OPEN_END))
        link = np.concatenate([number, number])[there]
        yield Events.of(
            name, leads.records, np.concatenate([row, row])[there], days[there], since=sinces[there], link=link
        )
