"""Leads that are back with marketing: from when on, and until when they are handed over again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from funnelcli.facts.events import OPEN_END, Events
from funnelcli.facts.grades import COLD
from funnelcli.facts.handovers import NEVER
from funnelcli.facts.lead_pairs import followed
from funnelcli.facts.moments import Moments, last_day
from funnelcli.facts.timeline import Timeline
from funnelcli.facts.touches import touches_of
from funnelcli.facts.warmed import warmed_events
from funnelcli.inputs.lead_stages import BECAME_SQL, NURTURE_OVER, RECYCLED, RECYCLED_PAIRS, SQL
from funnelcli.values.dates import DAY_MICROS
from funnelcli.values.windows import parse_window

if TYPE_CHECKING:
    from funnelcli.facts.leads import Leads


class Nurture(Struct, frozen=True, kw_only=True, eq=False):
    """Times with marketing: the ``place`` of each lead, when each began, and when it was over (NEVER: it goes on)."""

    place: np.ndarray
    start: Moments
    over: Moments

    def __len__(self) -> int:
        return len(self.place)


def nurture_events(leads: Leads) -> Iterator[Events]:
    """When leads came back to marketing, when that was over, and who of them got on within the horizon."""
    known = nurture_of(leads)
    records, row = leads.records, leads.row[known.place]
    number = np.arange(len(known))
    yield Events.of(RECYCLED, records, row, known.start.day, at=known.start.at, timed=known.start.timed, link=number)
    over = np.flatnonzero(known.over.at < NEVER)
    yield Events.of(
        NURTURE_OVER, records, row[over], known.over.day[over], at=known.over.at[over], timed=known.over.timed[over],
        since=known.start.day[over], link=over,
    )  # fmt: skip
    yield from warmed_events(leads, known)
    for pair in RECYCLED_PAIRS:
        if pair.goal != SQL or leads.tells_sql:
            goal = _taken_on(leads, known) if pair.goal == SQL else _paid(leads, known)
            yield from followed(leads, pair, known.place, known.start, goal)


def nurture_of(leads: Leads) -> Nurture:
    """Every time that a lead was with marketing: from a return, or cold and untouched for long before sales took it on.

    One begins at most between two hand-overs, and is over with the next.
    """
    place, at, timed = (np.concatenate(each) for each in zip(*_beginnings(leads), strict=True))
    kept = ~leads.is_excluded(at // DAY_MICROS, place)
    order = np.flatnonzero(kept)[np.lexsort((at[kept], place[kept]))]
    place, at, timed = place[order], at[order], timed[order]
    line = _handed_line(leads)
    before = line.place(leads.entity[place], at, "right")
    first = np.ones(len(place), dtype=bool)
    first[1:] = (place[1:] != place[:-1]) | (before[1:] != before[:-1])
    place, at, timed, before = place[first], at[first], timed[first], before[first]
    there = line.there(before, leads.entity[place])
    over, over_timed = np.full(len(place), NEVER), np.zeros(len(place), dtype=bool)
    over[there] = line.at[before[there]]
    if leads.handed is not None:
        over_timed[there] = leads.handed.when.timed[line.order[before[there]]]
    return Nurture(
        place=place, start=Moments(day=at // DAY_MICROS, at=at, timed=timed),
        over=Moments(day=np.where(there, over // DAY_MICROS, OPEN_END), at=over, timed=over_timed),
    )  # fmt: skip


def _handed_line(leads: Leads) -> Timeline:
    """The hand-overs of all leads in their order."""
    nobody = np.zeros(0, dtype=np.int64)
    return Timeline.of(*((nobody, nobody) if leads.handed is None else (leads.handed.entity, leads.handed.when.at)))


def _beginnings(leads: Leads) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Leads with moments at which they may be back with marketing."""
    if (known := leads.handovers) is not None:
        place, are_leads = leads.places(known.entity)
        back = np.flatnonzero(known.returned.there & are_leads)
        yield place[back], known.returned.at[back], known.returned.timed[back]
    place, day = _cold_and_untouched(leads)
    yield place, day * DAY_MICROS, np.zeros(len(place), dtype=bool)


def _cold_and_untouched(leads: Leads) -> tuple[np.ndarray, np.ndarray]:
    """Of each lead and each of its touches (and the signup) the first day on which it is cold and long untouched."""
    warmth, since, code = leads.warmth
    order = np.lexsort((since, warmth))
    warmth, since, code = warmth[order], since[order], code[order]
    until = np.full(len(warmth), OPEN_END)
    until[:-1] = np.where(warmth[1:] == warmth[:-1], since[1:], OPEN_END)
    cold = np.flatnonzero(code == COLD)
    spans = Timeline.of(warmth[cold], until[cold] - 1)  # those of a lead do not overlap
    place, begins, ends = _untouched(leads)
    first = spans.place(place, begins)
    there = spans.there(first, place)
    day = np.full(len(place), OPEN_END)
    day[there] = np.maximum(begins[there], since[cold][spans.order[first[there]]])
    taken_on = np.where(leads.sql.there, leads.sql.at // DAY_MICROS, OPEN_END)
    kept = there & (day < ends) & (day < taken_on[place])
    return place[kept], day[kept]


def _untouched(leads: Leads) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The days from which on leads count as long untouched, and those on which they are touched, or given to sales."""
    whom = np.zeros(int(leads.entity.max(initial=-1)) + 1, dtype=bool)
    whom[leads.entity] = True
    touches = touches_of(leads.events, whom, NEVER - 1, leads.config.sla.sales.channels)
    of_touch, known = leads.places(touches.entity)
    came = leads.came.at // DAY_MICROS
    known &= touches.at // DAY_MICROS >= came[of_touch]
    line = _handed_line(leads)
    handed, are_leads = leads.places(line.entity)
    place = np.concatenate([np.arange(len(leads)), of_touch[known], handed[are_leads]])
    day = np.concatenate([came, touches.at[known] // DAY_MICROS, line.at[are_leads] // DAY_MICROS])
    order = np.lexsort((day, place))
    place, day = place[order], day[order]
    ends = np.full(len(place), OPEN_END)
    ends[:-1] = np.where(place[1:] == place[:-1], day[1:], OPEN_END)
    bare = Moments(day=day, at=day * DAY_MICROS, timed=np.zeros(len(day), dtype=bool))
    return place, last_day(parse_window(leads.settings.cold_after), bare), ends


def _taken_on(leads: Leads, known: Nurture) -> Moments:
    """When sales took each on after it had been back with marketing, be it for the first time or once more."""
    entities, moments, times = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=bool)]
    if leads.sql_rule == "accepted" and leads.handovers is not None:
        accepted = leads.handovers.accepted
        entities.append(leads.handovers.entity[accepted.there])
        moments.append(accepted.at[accepted.there])
        times.append(accepted.timed[accepted.there])
    said = ("demo_booked", *((BECAME_SQL,) if leads.sql_rule == "accepted" else ()))
    for demos in (leads.events[name] for name in said if name in leads.events):
        entities.append(demos.records.entity[demos.row])
        moments.append(demos.at)
        times.append(np.asarray(demos.timed))
    entity, at, timed = np.concatenate(entities), np.concatenate(moments), np.concatenate(times)
    line = Timeline.of(entity, at)
    whom = leads.entity[known.place]
    first = line.place(whom, known.start.at)
    there = line.there(first, whom)
    taken_at, taken_timed = np.full(len(known), NEVER), np.zeros(len(known), dtype=bool)
    taken_at[there], taken_timed[there] = line.at[first[there]], timed[line.order[first[there]]]
    return Moments(day=np.where(there, taken_at // DAY_MICROS, OPEN_END), at=taken_at, timed=taken_timed)


def _paid(leads: Leads, known: Nurture) -> Moments:
    """When each first paid."""
    at = leads.paid.at[known.place]
    return Moments(
        day=np.where(at < NEVER, at // DAY_MICROS, OPEN_END), at=at, timed=leads.paid.timed[known.place]
    )  # fmt: skip
