"""What leads that were ready for sales have brought: the deals that they won within the horizon, else a year of MRR."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from funnelcli.facts.commission import MONTHS, first_mrr
from funnelcli.facts.events import NO_DAY, OPEN_END, Events
from funnelcli.facts.journeys import OPPORTUNITY, trail_event
from funnelcli.facts.moments import Moments, last_day, within
from funnelcli.inputs.lead_stages import MQL_VALUE, NO_MQL_VALUE
from funnelcli.values.dates import DAY_MICROS
from funnelcli.values.windows import parse_window

if TYPE_CHECKING:
    from funnelcli.facts.leads import Leads


def value_events(leads: Leads) -> Iterator[Events]:
    """What each lead brought within the horizon after it was ready, on the day on which it was; in hundredths."""
    kept = np.flatnonzero(leads.mql.there & ~leads.is_excluded(leads.mql.at // DAY_MICROS))
    start = Moments(
        day=leads.mql.at[kept] // DAY_MICROS, at=leads.mql.at[kept], timed=leads.mql.timed[kept]
    )  # fmt: skip
    window = parse_window(leads.settings.horizon)
    over = last_day(window, start)
    over = np.where(over <= leads.seen_until("paid"), over, OPEN_END)
    brought = _brought(leads)
    size = 0 if brought is not None else min(1, len(leads))
    yield Events.of(NO_MQL_VALUE, leads.signups.records, leads.row[:size], np.full(size, NO_DAY))
    amount = np.zeros(len(kept), dtype=np.int64)
    if brought is not None:
        place = np.full(len(leads), -1)
        place[kept] = np.arange(len(kept))
        whose, known = leads.places(brought.records.entity[brought.row])
        mine = np.where(known, place[whose], -1)
        chosen = np.flatnonzero(mine >= 0)
        end = Moments(day=brought.day[chosen], at=brought.at[chosen], timed=np.asarray(brought.timed)[chosen])
        begun = start.at_places(mine[chosen])
        fits = within(window, begun, end) & (end.day >= begun.day)
        np.add.at(amount, mine[chosen[fits]], np.maximum(brought.weight[chosen[fits]], 0))
    yield Events.of(
        MQL_VALUE, leads.signups.records, leads.row[kept], start.day, at=start.at, timed=start.timed, weight=amount,
        again=over,
    )  # fmt: skip


def _brought(leads: Leads) -> Events | None:
    """The deals won, by what they are worth; without deals the first paid days, by twelve times the MRR."""
    won = leads.events.get(trail_event(OPPORTUNITY, "worth_won"))
    if won is not None:
        return won
    paid = leads.events.get("paid_first")
    if paid is None or "mrr" not in leads.events or not len(leads.events["mrr"]):
        return None
    worth = Events.of("paid_first", paid.records, paid.row, paid.day, weight=first_mrr(paid, leads.events) * MONTHS)
    return worth.kept(worth.weight >= 0)
