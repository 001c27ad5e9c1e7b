"""When leads were first ready for sales: the first moment at which both scores were at their least."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from funnelcli.config.leads import ReadyScores
from funnelcli.facts.clock import in_order
from funnelcli.facts.fading import Fading
from funnelcli.facts.handovers import NEVER
from funnelcli.facts.interest import Interest
from funnelcli.facts.lead_moments import Moment
from funnelcli.values.dates import DAY_MICROS

if TYPE_CHECKING:
    from funnelcli.facts.leads import Leads

Candidates = tuple[np.ndarray, np.ndarray, np.ndarray]  # places of leads, moments, and whether these have times
_FADED = 12  # half-lives after which points no longer matter
_AT_ONCE = 8  # moments of each lead that are looked at first, and four times as many each time after


def first_ready(leads: Leads, least: ReadyScores) -> Moment:
    """When both scores of each lead were first at their least, from the signup to the first payment."""
    if leads.interest is None or leads.fit is None:
        return Moment(at=np.full(len(leads), NEVER), timed=np.zeros(len(leads), dtype=bool))
    first = _first_of(leads, leads.interest, least, _candidates(leads, leads.interest))
    # Points below zero that fade can only bring forward who was not ready before they were given.
    waiting = _waiting(leads, leads.interest, least, first)
    risen = _first_of(leads, leads.interest, least, _recovered(leads, leads.interest, least, waiting))
    sooner = risen.at < first.at
    return Moment(at=np.where(sooner, risen.at, first.at), timed=np.where(sooner, risen.timed, first.timed))


def _first_of(leads: Leads, interest: Interest, least: ReadyScores, candidates: Candidates) -> Moment:
    """The first of some moments of each lead at which both scores are at their least."""
    first, has_time = np.full(len(leads), NEVER), np.zeros(len(leads), dtype=bool)
    place, at, timed = candidates
    kept = np.flatnonzero((at >= leads.came.at[place]) & (at <= leads.paid.at[place]))  # a customer is no lead
    order = kept[in_order(place[kept], at[kept], timed[kept].astype(np.int64))]
    place, at, timed = place[order], at[order], timed[order]
    rank = np.arange(len(place)) - np.searchsorted(place, place, side="left")
    begun, end = 0, _AT_ONCE
    while (rank >= begun).any():
        of_turn = np.flatnonzero((rank >= begun) & (rank < end) & (first[place] == NEVER))
        ready = of_turn[_is_ready(leads, interest, place[of_turn], at[of_turn], least)][::-1]
        first[place[ready]], has_time[place[ready]] = at[ready], timed[ready]
        begun, end = end, end * 4
    return Moment(at=first, timed=has_time)


def _waiting(leads: Leads, interest: Interest, least: ReadyScores, first: Moment) -> np.ndarray:
    """Who got points below zero before being ready, and fits well enough on any day on which that may change."""
    place, known = leads.places(interest.entity)
    lowered = np.flatnonzero(known & (interest.points[interest.kind] < 0))
    earliest = np.full(len(leads), NEVER)
    np.minimum.at(earliest, place[lowered], interest.at[lowered])
    waiting = earliest < first.at
    if leads.fit is None or not waiting.any():
        return np.flatnonzero(waiting)
    of_fit = [(np.arange(len(leads)), leads.came.at // DAY_MICROS)]
    for entity, day in leads.fit.changes():
        who, are_leads = leads.places(entity)
        of_fit.append((who[are_leads], day[are_leads]))
    whose, days = (np.concatenate(column) for column in zip(*of_fit, strict=True))
    mine = waiting[whose]
    fits = np.nan_to_num(leads.fit.score(leads.entity[whose[mine]], days[mine]), nan=-1.0) >= least.fit
    fitting = np.zeros(len(leads), dtype=bool)
    fitting[whose[mine][fits]] = True
    return np.flatnonzero(waiting & fitting)


def _is_ready(leads: Leads, interest: Interest, place: np.ndarray, at: np.ndarray, least: ReadyScores) -> np.ndarray:
    """The places among some leads, each at a moment, of those whose scores are both at their least."""
    assert leads.fit is not None
    entity, day = leads.entity[place], at // DAY_MICROS
    fit = np.nan_to_num(leads.fit.score(entity, day), nan=-1.0)
    fits = np.flatnonzero((fit >= least.fit) & leads.fit.may_be_ready(entity, day))
    return np.asarray(fits[interest.score(entity[fits], at[fits]) >= least.interest])


def _candidates(leads: Leads, interest: Interest) -> Candidates:
    """The moments at which a score may get there because something happens."""
    assert leads.fit is not None
    parts = [(np.arange(len(leads)), leads.came.at, leads.came.timed)]
    for entity, day in leads.fit.changes():
        place, known = leads.places(entity)
        parts.append((place[known], day[known] * DAY_MICROS, np.zeros(int(known.sum()), dtype=bool)))
    place, known = leads.places(interest.entity)
    known &= interest.points[interest.kind] > 0
    parts.append((place[known], interest.at[known], interest.timed[known]))
    place, at, timed = (np.concatenate(column) for column in zip(*parts, strict=True))
    return place, at, timed


def _recovered(leads: Leads, interest: Interest, least: ReadyScores, whose: np.ndarray) -> Candidates:
    """The days with whose beginning a score of some leads gets there though nothing happens: points below zero have
    faded."""
    nothing = np.zeros(0, dtype=np.int64)
    if interest.half_life is None or not len(whose):
        return nothing, nothing, np.zeros(0, dtype=bool)
    fading = Fading(interest, leads.entity[whose])
    first, last = int(interest.day.min()), int(interest.day.max()) + interest.half_life * _FADED
    places, days = [nothing], [nothing]
    before = fading.on(first)
    for day in range(first + 1, last + 1):
        risen = np.flatnonzero((before < least.interest) & (fading.at_the_beginning_of(day) >= least.interest))
        places.append(whose[risen])
        days.append(np.full(len(risen), day))
        before = fading.on(day)
        if fading.only_fades:
            break
    day_of = np.concatenate(days)
    return np.concatenate(places), day_of * DAY_MICROS, np.zeros(len(day_of), dtype=bool)
