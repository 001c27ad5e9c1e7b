"""The same leads followed: who came to a stage, whose horizon is over, and who of them got to a later stage in time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from funnelcli.facts.events import OPEN_END, Events
from funnelcli.facts.handovers import NEVER
from funnelcli.facts.moments import Moments, last_day, within
from funnelcli.inputs.lead_stages import PAID, LeadPair
from funnelcli.values.dates import DAY_MICROS
from funnelcli.values.windows import parse_window

if TYPE_CHECKING:
    from funnelcli.facts.leads import Leads, Moment


def followed_leads(leads: Leads, pair: LeadPair) -> Iterator[Events]:
    """Who came to the first of two stages, each with the day on which the horizon ends, and who of them got on in time.

    A horizon that ends after the days that the settings say exports cover never ends.
    """
    started, reached = leads.when(pair.start), leads.when(pair.goal)
    kept = np.flatnonzero(started.there & ~leads.is_excluded(started.at // DAY_MICROS))
    yield from followed(leads, pair, kept, _moments(started, kept), _moments(reached, kept))


def followed(leads: Leads, pair: LeadPair, place: np.ndarray, start: Moments, goal: Moments) -> Iterator[Events]:
    """The same of leads at some places, of each from a moment on, and when it got to the goal (NEVER: not).

    Who had paid before is no lead that may yet pay.
    """
    if pair.goal == PAID:
        kept = np.flatnonzero((goal.at == NEVER) | _after(start, goal))
        place, start, goal = place[kept], start.at_places(kept), goal.at_places(kept)
    window = parse_window(leads.settings.horizon)
    over = last_day(window, start)
    over = np.where(over <= leads.seen_until(pair.goal), over, OPEN_END)
    got_on = np.flatnonzero((goal.at < NEVER) & _after(start, goal) & within(window, start, goal))
    mine = Events.of(
        pair.names[0], leads.records, leads.row[place], start.day, at=start.at, timed=start.timed, again=over
    )
    yield mine
    yield mine.kept(got_on).named(pair.names[1])


def _moments(when: Moment, kept: np.ndarray) -> Moments:
    return Moments(day=when.at[kept] // DAY_MICROS, at=when.at[kept], timed=when.timed[kept])


def _after(start: Moments, goal: Moments) -> np.ndarray:
    """Whether the one moment is not before the other; of bare days, the day."""
    both = start.timed & goal.timed
    same = (goal.day == start.day) & (~both | (goal.at >= start.at))
    return np.asarray((goal.day > start.day) | same)
