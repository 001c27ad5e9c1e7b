"""What the scores of leads are made of: the points of each attribute and of each kind of activity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct

from funnelcli.facts.events import NO_LINE
from funnelcli.facts.fit import TierFit
from funnelcli.facts.leads import Leads
from funnelcli.facts.tiers import TIERS
from funnelcli.values.dates import DAY_MICROS
from funnelcli.values.moments import moment_text

FIT, INTEREST = "fit", "interest"
TIER = "tier"
MOST_REASONS = 3


class Part(Struct, frozen=True, kw_only=True):
    """A part of a score and what it gives: an attribute with the rule that fits, or a kind of activity with its cap."""

    score: str
    name: str
    value: str
    rule: str
    points: float


class Deed(Struct, frozen=True, kw_only=True):
    """An activity that gives points: when, how many, how old it is in whole days, and what is left of them."""

    kind: str
    at: str
    points: float
    age_days: int
    left: float
    file: str
    line: int | None


def parts_of_scores(leads: Leads, entity: np.ndarray, at: np.ndarray) -> list[list[Part]]:
    """Of each lead all parts of both scores at a moment, those that are known: fit first, each in its order."""
    parts: list[list[Part]] = [[] for _ in range(len(entity))]
    for rules in () if leads.fit is None else leads.fit.rules:
        rule, codes, _ = rules.on(entity, at // DAY_MICROS)
        for place in np.flatnonzero(codes >= 0).tolist():
            fitting = int(rule[place])
            text = rules.attribute.texts[int(codes[place])] if rules.attribute is not None else ""
            parts[place].append(
                Part(score=FIT, name=rules.name, value=text, rule=rules.patterns[fitting] if fitting >= 0 else "",
                     points=float(rules.points[fitting]) if fitting >= 0 else 0.0)
            )  # fmt: skip
    if isinstance(leads.fit, TierFit):
        scores, codes = leads.fit.score(entity, at // DAY_MICROS), leads.fit.tiers.of(entity, at // DAY_MICROS)
        for place in np.flatnonzero(~np.isnan(scores)).tolist():
            tier = TIERS[int(codes[place])]
            parts[place].append(Part(score=FIT, name=TIER, value=tier, rule="", points=float(scores[place])))
    interest = leads.interest
    if interest is not None:
        given = interest.by_kind(entity, at)
        for place, kind in zip(*(each.tolist() for each in np.nonzero(given)), strict=True):
            cap = f"±{interest.caps[kind]:g}"
            name = interest.kinds[kind]
            parts[place].append(
                Part(score=INTEREST, name=name, value="", rule=cap, points=float(given[place, kind]))
            )  # fmt: skip
    return parts


def deeds_of(leads: Leads, entity: int, at: int) -> Iterator[Deed]:
    """What a lead did up to a moment that gives points, the earliest first, with the row of each."""
    interest = leads.interest
    if interest is None:
        return
    places = interest.of_person(entity, at)
    left = interest.faded_points(places, at)
    for place, remaining in zip(places.tolist(), left.tolist(), strict=True):
        records = interest.records
        row = int(interest.row[place])
        line = int(records.line[row])
        yield Deed(
            kind=interest.kinds[interest.kind[place]],
            at=moment_text(int(interest.at[place]), timed=bool(interest.timed[place])),
            points=float(interest.points[interest.kind[place]]),
            age_days=int(at // DAY_MICROS - interest.day[place]), left=remaining,
            file=records.files[int(records.file[row])], line=None if line == NO_LINE else line,
        )  # fmt: skip


def reasons(parts: Sequence[Part]) -> str:
    """The three largest parts in short.

    >>> reasons([Part(score="fit", name="employees", value="120", rule="50-500", points=30.0)])
    'employees +30'
    """
    largest = sorted((part for part in parts if part.points), key=lambda part: -abs(part.points))[:MOST_REASONS]
    return "; ".join(f"{part.name} {round(part.points, 1):+g}" for part in largest)
