"""Whether the score of leads works: what share of each grade paid, and whether those who paid had scored higher."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
from msgspec import Struct

from funnelcli.counting.select import day_number
from funnelcli.facts.events import NO_DAY
from funnelcli.facts.grades import LETTERS, NUMBERS, Scores
from funnelcli.facts.lead_scored import scored_leads
from funnelcli.facts.leads import Leads
from funnelcli.facts.model import Facts
from funnelcli.stats.exact import fisher_test
from funnelcli.stats.intervals import Interval, wilson
from funnelcli.stats.ranking import area_under_curve, delong
from funnelcli.text import Message, Text
from funnelcli.values.dates import DAY_MICROS
from funnelcli.values.windows import Window, parse_window

FEWEST_LEADS, FEWEST_OUTCOMES = 30, 10
BANDS = ((75, 200), (50, 75), (25, 50), (0, 25))  # of the sum of both scores: from the first on, below the second
_CHANCE = 0.05

NO_SIGN = Message("too thin: under {leads} leads are old enough, or fewer than {each} of them paid or did not")
DOES_NOT_RANK = Message("does not rank: leads with a higher score may be no more likely to pay")
RANKS = Message("ranks: leads that paid had scored higher than those that did not")
LEAKS = Message("not to be trusted: what the score knows of leads that paid may have been filled in after they paid")
UNKNOWN = Message("not known: no file says who paid, or nothing gives leads a score")
_VERDICTS = {
    "leaks": LEAKS, "ranks": RANKS, "does-not-rank": DOES_NOT_RANK, "unknown": UNKNOWN, "too-thin": NO_SIGN,
}  # fmt: skip


class Group(Struct, frozen=True, kw_only=True):
    """Leads of one grade, or of a band of scores: how many, who paid, the share with its interval, and the lift."""

    name: str
    leads: int
    paid: int
    rate: float | None
    interval: Interval | None
    lift: float | None


class ScoreTest(Struct, frozen=True, kw_only=True):
    """How those did who are old enough to be judged, by what they had scored when they came.

    ``verdict`` says in words what the area tells; ``later`` are attributes known more often of those who paid, which
    were likely filled in after that; of the ``leaks`` among them no row says since when, so that the score knew them.
    """

    horizon: str
    after_days: int
    leads: int
    paid: int
    too_young: int
    area: float | None
    interval: Interval | None
    verdict: Text
    code: str
    grades: tuple[Group, ...]
    bands: tuple[Group, ...]
    later: tuple[str, ...]
    leaks: tuple[str, ...]


def score_test(facts: Facts, leads: Leads, as_of: date) -> ScoreTest:
    """The test of the score as of a day.

    Scored at the close of the day on which each lead came, or ``test_after`` days later without those who had paid by
    then; paid counts that lies within the horizon from that day on, which must be over.
    """
    judged = judged_leads(leads, as_of)
    became, window, after = judged.became, judged.window, leads.settings.test_after
    scores = leads.scores(leads.entity[judged.places], judged.at)
    area, interval, code = _area(facts, scores, became)
    later = tuple(_filled_later(leads, judged.places, became, day_number(as_of)))
    leaks = tuple(name for name in later if not _says_since_when(leads, name))
    code = "leaks" if leaks and code == "ranks" else code
    verdict = _VERDICTS[code]
    return ScoreTest(
        horizon=window.text, after_days=after, leads=len(became), paid=int(became.sum()),
        too_young=judged.too_young, area=area, interval=interval,
        verdict=verdict.filled(leads=FEWEST_LEADS, each=FEWEST_OUTCOMES), code=code,
        grades=tuple(_by_grade(scores, became)), bands=tuple(_by_band(scores, became)),
        later=later, leaks=leaks,
    )  # fmt: skip


class Judged(Struct, frozen=True, kw_only=True, eq=False):
    """Leads whose horizon is over: their places, the moment as of which each is scored, and who paid within it."""

    window: Window
    places: np.ndarray
    at: np.ndarray
    became: np.ndarray
    too_young: int


def judged_leads(leads: Leads, as_of: date) -> Judged:
    """The leads that are old enough on a day."""
    scored, today = scored_leads(leads), day_number(as_of)
    over = scored.over <= today
    places = np.flatnonzero(scored.is_judged & over)
    return Judged(
        window=parse_window(leads.settings.horizon), places=places, at=scored.at[places], became=scored.became[places],
        too_young=int((scored.is_judged & ~over & (leads.came.at // DAY_MICROS <= today)).sum()),
    )  # fmt: skip


def _area(facts: Facts, scores: Scores, became: np.ndarray) -> tuple[float | None, Interval | None, str]:
    """The area under the curve with its interval, and what that says."""
    known = ~np.isnan(scores.lead)
    happened, others = scores.lead[known & became], scores.lead[known & ~became]
    if "paid_users" not in facts.inputs or not known.any():
        return None, None, "unknown"
    if not len(happened) or not len(others):
        return None, None, "too-thin"
    area, interval = area_under_curve(happened, others), delong(happened, others)
    if len(happened) + len(others) < FEWEST_LEADS or min(len(happened), len(others)) < FEWEST_OUTCOMES:
        return area, interval, "too-thin"
    return area, interval, "ranks" if interval is not None and interval.lower > 0.5 else "does-not-rank"


def _by_grade(scores: Scores, became: np.ndarray) -> Iterator[Group]:
    names = np.array(scores.names, dtype=object)
    for name in (letter + number for letter in LETTERS for number in NUMBERS):
        if (names == name).any():
            yield _group(name, names == name, became)


def _by_band(scores: Scores, became: np.ndarray) -> Iterator[Group]:
    """The same by bands of the sum of both scores, the highest first: shares should fall from one to the next."""
    for low, high in BANDS:
        chosen = (scores.lead >= low) & (scores.lead < high) if high <= 100 else scores.lead >= low
        if chosen.any():
            yield _group(f"{low}–{high}" if high <= 100 else f"{low}+", chosen, became)


def _group(name: str, chosen: np.ndarray, became: np.ndarray) -> Group:
    number, paid = int(chosen.sum()), int((chosen & became).sum())
    mean = float(became.mean()) if len(became) else 0.0
    rate = paid / number
    return Group(
        name=name, leads=number, paid=paid, rate=rate, interval=wilson(paid, number), lift=rate / mean if mean else None
    )


def _says_since_when(leads: Leads, name: str) -> bool:
    """Whether every row that says an attribute says since when."""
    attribute = leads.attributes.of(name)
    return attribute is not None and all(bool(said.dated.all()) for said in attribute.layers)


def _filled_later(leads: Leads, judged: np.ndarray, became: np.ndarray, today: int) -> Iterator[str]:
    """Attributes that are known more often, and by more than chance, of those who paid."""
    if leads.fit is None or not became.any() or became.all():
        return
    who = leads.entity[judged]
    for rules in leads.fit.rules:
        if rules.attribute is None:
            continue
        known = rules.attribute.known(who, np.full(len(who), max(today, NO_DAY)))[0] >= 0
        of_paid, of_others = int(became.sum()), int((~became).sum())
        paid, others = int((known & became).sum()), int((known & ~became).sum())
        if paid * of_others > others * of_paid and fisher_test(paid, of_paid, others, of_others) < _CHANCE:
            yield rules.name
