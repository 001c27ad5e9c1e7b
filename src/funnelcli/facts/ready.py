"""When leads were first ready for sales: the first moment at which both scores were at their least."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from funnelcli.config.leads import ReadyScores
from funnelcli.facts.fading import Fading
from funnelcli.facts.handovers import NEVER
from funnelcli.facts.interest import Interest
from funnelcli.facts.lead_moments import Moment
from funnelcli.values.dates import DAY_MICROS

if TYPE_CHECKING:
    from funnelcli.facts.leads import Leads

_FADED = 12  # half-lives after which points no longer matter
_AT_ONCE = 8  # moments of each lead that are looked at first, and four times as many each time after


def first_ready(leads: Leads, least: ReadyScores) -> Moment:
    """When both scores of each lead were first at their least, from the signup to the first payment."""
    first, has_time = np.full(len(leads), NEVER), np.zeros(len(leads), dtype=bool)
    if leads.interest is None or leads.fit is None:
        return Moment(at=first, timed=has_time)
    place, at, timed = _candidates(leads, leads.interest, least)
    rank = np.arange(len(place)) - np.searchsorted(place, place, side="left")
    begun, end = 0, _AT_ONCE
    while (rank >= begun).any():
        of_turn = np.flatnonzero((rank >= begun) & (rank < end) & (first[place] == NEVER))
        ready = of_turn[_is_ready(leads, leads.interest, place[of_turn], at[of_turn], least)][::-1]
        first[place[ready]], has_time[place[ready]] = at[ready], timed[ready]
        begun, end = end, end * 4
    return Moment(at=first, timed=has_time)


def _is_ready(leads: Leads, interest: Interest, place: np.ndarray, at: np.ndarray, least: ReadyScores) -> np.ndarray:
    """The places among some leads, each at a moment, of those whose scores are both at their least."""
    assert leads.fit is not None
    entity, day = leads.entity[place], at // DAY_MICROS
    fit = np.nan_to_num(leads.fit.score(entity, day), nan=-1.0)
    fits = np.flatnonzero((fit >= least.fit) & leads.fit.may_be_ready(entity, day))
    return np.asarray(fits[interest.score(entity[fits], at[fits]) >= least.interest])


def _candidates(leads: Leads, interest: Interest, least: ReadyScores) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The moments at which a score may get there, in the order of leads and moments: none after the first payment."""
    assert leads.fit is not None
    parts = [(np.arange(len(leads)), leads.came.at, leads.came.timed)]
    for entity, day in leads.fit.changes():
        place, known = leads.places(entity)
        parts.append((place[known], day[known] * DAY_MICROS, np.zeros(int(known.sum()), dtype=bool)))
    place, known = leads.places(interest.entity)
    known &= interest.points[interest.kind] > 0
    parts.append((place[known], interest.at[known], interest.timed[known]))
    parts.append(_recovered(leads, interest, least))
    place, at, timed = (np.concatenate(column) for column in zip(*parts, strict=True))
    kept = np.flatnonzero((at >= leads.came.at[place]) & (at <= leads.paid.at[place]))  # a customer is no lead
    order = kept[np.lexsort((timed[kept], at[kept], place[kept]))]
    return place[order], at[order], timed[order]


def _recovered(leads: Leads, interest: Interest, least: ReadyScores) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The days with whose beginning a score gets there though nothing happens: points below zero have faded."""
    place, known = leads.places(interest.entity)
    lowered = known & (interest.points[interest.kind] < 0)
    whose = np.unique(place[lowered])
    nothing = np.zeros(0, dtype=np.int64)
    if interest.half_life is None or not len(whose):
        return nothing, nothing, np.zeros(0, dtype=bool)
    fading = Fading(interest, leads.entity[whose])
    first, last = int(interest.day[lowered].min()), int(interest.day.max()) + interest.half_life * _FADED
    places, days = [nothing], [nothing]
    before = fading.on(first)
    for day in range(first + 1, last + 1):
        risen = np.flatnonzero((before < least.interest) & (fading.at_the_beginning_of(day) >= least.interest))
        places.append(whose[risen])
        days.append(np.full(len(risen), day))
        before = fading.on(day)
    day_of = np.concatenate(days)
    return np.concatenate(places), day_of * DAY_MICROS, np.zeros(len(day_of), dtype=bool)
