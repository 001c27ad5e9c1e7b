"""Leads scored on the day they came: both scores, the grade, and of whom it is known by when whether they paid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from funnelcli.facts.events import NOBODY, OPEN_END, Coded, Events, Records
from funnelcli.facts.grades import Scores
from funnelcli.facts.moments import Moments, last_day, within
from funnelcli.inputs.lead_stages import OLD_ENOUGH, PAID, PAID_IN_TIME, RANKED, SCORES, THOUSANDTHS
from funnelcli.values.dates import DAY_MICROS
from funnelcli.values.windows import parse_window

if TYPE_CHECKING:
    from funnelcli.facts.leads import Leads

UNSCORED = "unknown"


class Scored(Struct, frozen=True, kw_only=True, eq=False):
    """The day on which each lead is scored, at its close: that on which it came, or ``test_after`` days later.

    ``is_judged`` are those that are leads then and have not paid before, ``over`` the last day of the horizon from then
    on (OPEN_END where nothing tells of it), and ``became`` who pays within it.
    """

    day: np.ndarray
    is_judged: np.ndarray
    over: np.ndarray
    became: np.ndarray

    @property
    def at(self) -> np.ndarray:
        """The moment as of which each is scored."""
        return (self.day + 1) * DAY_MICROS - 1


def scored_leads(leads: Leads) -> Scored:
    """When leads are scored, and who of them pays within the horizon from then on."""
    window, after = parse_window(leads.settings.horizon), leads.settings.test_after
    day, paid = leads.came.at // DAY_MICROS + after, leads.paid.at // DAY_MICROS
    over = last_day(window, _days(day))
    # On the day itself what was scored may have come first: only those who paid before it are out.
    is_judged = ~leads.is_excluded(day) & (paid >= day + (1 if after else 0))
    return Scored(
        day=day, is_judged=is_judged, over=np.where(over <= leads.seen_until(PAID), over, OPEN_END),
        became=leads.paid.there & within(window, _days(day), _days(paid)),
    )  # fmt: skip


def _days(day: np.ndarray) -> Moments:
    return Moments(day=day, at=day * DAY_MICROS, timed=np.zeros(len(day), dtype=bool))


def first_scores(leads: Leads) -> Scores:
    """Both scores of each lead on the day on which it is scored."""
    return leads.scores(leads.entity, scored_leads(leads).at)


def grade_of(leads: Leads, records: Records) -> Coded:
    """The grade that the person of each record had as a lead; ``unknown`` of who is none, or has no score at all."""
    scores = first_scores(leads)
    names = [name if known else UNSCORED for name, known in zip(scores.names, ~np.isnan(scores.lead), strict=True)]
    grades = Coded.of([*names, UNSCORED])
    place, known = leads.places(records.entity)
    return Coded(grades.codes[np.where(known & (records.entity != NOBODY), place, len(names))], grades.texts)


def score_events(leads: Leads) -> Iterator[Events]:
    """The scores of all leads, in thousandths, on the day on which each came; known once they are scored.

    Of those whose horizon is over, once more, the sum of both where it is known, and who of them paid.
    """
    scored, scores = scored_leads(leads), first_scores(leads)
    numbers = {"fit": scores.fit, "interest": scores.interest, "lead": scores.lead}
    for name, (known, points) in SCORES.items():
        mine = np.flatnonzero(scored.is_judged & ~np.isnan(numbers[name]))
        yield _events(leads, known, mine, scored.day)
        yield _events(leads, points, mine, scored.day, numbers[name])
    judged = scored.is_judged & (scored.over < OPEN_END)
    yield _events(leads, OLD_ENOUGH, np.flatnonzero(judged), scored.over)
    yield _events(leads, RANKED, np.flatnonzero(judged & ~np.isnan(scores.lead)), scored.over, scores.lead)
    yield _events(leads, PAID_IN_TIME, np.flatnonzero(judged & scored.became), scored.over)


def _events(
    leads: Leads, name: str, places: np.ndarray, known_on: np.ndarray, points: np.ndarray | None = None
) -> Events:
    came = leads.came
    weight = None if points is None else np.round(points[places] * THOUSANDTHS).astype(np.int64)
    return Events.of(
        name, leads.records, leads.row[places], came.at[places] // DAY_MICROS, at=came.at[places],
        timed=came.timed[places], link=places, weight=weight, again=known_on[places],
    )  # fmt: skip
