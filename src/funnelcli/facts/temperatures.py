"""How warm leads are from day to day: when each became hot, warm or cold, until it pays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from funnelcli.facts.events import Events
from funnelcli.facts.fading import Fading
from funnelcli.facts.grades import MISSING, TEMPERATURES, Scores
from funnelcli.stats.distinct import distinct
from funnelcli.values.dates import DAY_MICROS

if TYPE_CHECKING:
    from funnelcli.facts.leads import Leads

_AT_ONCE = 20_000  # leads
NOWHERE = -1
_FADED = 10  # half-lives after which points no longer matter


def temperature_events(leads: Leads) -> Iterator[Events]:
    """The days on which leads became hot, warm or cold at their close, and those on which they no longer were."""
    place, day, code = leads.warmth
    order = np.lexsort((day, place))
    place, day, code = place[order], day[order], code[order]
    ends = np.ones(len(place), dtype=bool)
    ends[:-1] = place[1:] != place[:-1]
    until = np.append(day[1:], 0)
    records, row = leads.records, leads.row
    for number, name in enumerate(TEMPERATURES):
        mine = np.flatnonzero(code == number)
        yield Events.of(f"{name}_into", records, row[place[mine]], day[mine], link=mine)
        over = mine[~ends[mine]]
        yield Events.of(f"{name}_out", records, row[place[over]], until[over], since=day[over], link=over)


def warmth_of(leads: Leads) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The places of leads, the days on which something else holds from then on, and what: NOWHERE once they pay, or
    as long as they are no leads by the settings."""
    every = np.arange(len(leads))
    parts = [_walked(leads, every[begin : begin + _AT_ONCE]) for begin in range(0, len(every), _AT_ONCE)]
    empty = np.zeros(0, dtype=np.int64)
    parts = parts or [(empty, empty, empty)]
    place, day, code = (np.concatenate(column) for column in zip(*parts, strict=True))
    return place, day, code


def _walked(leads: Leads, place: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same of some leads, day by day."""
    came, paid = leads.came.at[place] // DAY_MICROS, leads.paid.at[place] // DAY_MICROS
    entity = leads.entity[place]
    fading = None if leads.interest is None else Fading(leads.interest, entity)
    judged = set() if leads.fit is None else {day for _, days in leads.fit.changes() for day in days.tolist()}
    fit, letter = np.full(len(place), np.nan), np.full(len(place), MISSING)
    interest = np.full(len(place), np.nan)
    judged_out = {day for _, days in leads.exclusions() for day in days.tolist()}
    out = np.zeros(len(place), dtype=bool)
    changes: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    warmth = np.full(len(place), NOWHERE)
    for number, day in enumerate(_days(leads, place).tolist()):
        if leads.fit is not None and (number == 0 or day in judged):
            on_day = np.full(len(entity), day)
            fit, letter = leads.fit.score(entity, on_day), leads.fit.letter(entity, on_day)
        if leads.settings.exclude and (number == 0 or day in judged_out):
            out = leads.is_excluded(np.full(len(place), day), place)
        if fading is not None:
            interest = fading.on(day)
        now = Scores(fit=fit, letter=letter, interest=interest, grades=leads.settings.grades).temperature
        now = np.where((came <= day) & (paid > day) & ~out, now, NOWHERE)
        moved = np.flatnonzero(now != warmth)
        warmth = now
        changes.append((place[moved], np.full(len(moved), day), now[moved]))
    return tuple(np.concatenate(column) for column in zip(*changes, strict=True))  # type: ignore[return-value]


def _days(leads: Leads, place: np.ndarray) -> np.ndarray:
    """The days on which the warmth of leads may change: all while points fade, else those on which anything happens."""
    days = [leads.came.at[place] // DAY_MICROS, leads.paid.at[place][leads.paid.there[place]] // DAY_MICROS]
    days += [day for _, day in leads.exclusions()]
    if leads.fit is not None:
        days += [day for _, day in leads.fit.changes()]
    if leads.interest is not None and len(leads.interest):
        first, last = int(leads.interest.day.min()), int(leads.interest.day.max())
        half_life = leads.interest.half_life
        days.append(leads.interest.day if half_life is None else np.arange(first, last + half_life * _FADED + 1))
    return distinct(np.concatenate(days))
