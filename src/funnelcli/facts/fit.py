"""How well people fit: the points that their attributes give, as they were known on a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from msgspec import Struct

from funnelcli.config.leads import LeadSettings, Points
from funnelcli.facts.attributes import Attribute, Attributes
from funnelcli.facts.interest import cut
from funnelcli.values.channels import matches
from funnelcli.values.criteria import fits

UNKNOWN = -1
NO_RULE = -2


class FitRules(Struct, frozen=True, kw_only=True, eq=False):
    """One attribute with its rules: the rule of each of its texts (UNKNOWN where it is not sure), and their points."""

    name: str
    attribute: Attribute | None
    patterns: Sequence[str]
    points: np.ndarray
    rule_of: np.ndarray

    def on(self, entity: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of each person on a day the rule that fits, NO_RULE or UNKNOWN; the code of the text, and its row."""
        if self.attribute is None:
            nothing = np.full(len(entity), UNKNOWN)
            return nothing, nothing, nothing
        codes, rows = self.attribute.known(entity, day)
        return np.where(codes >= 0, self.rule_of[np.maximum(codes, 0)], UNKNOWN), codes, rows


class Fit(Struct, frozen=True, kw_only=True, eq=False):
    """The rules of all attributes."""

    rules: Sequence[FitRules]

    def score(self, entity: np.ndarray, day: np.ndarray) -> np.ndarray:
        """The fit of each person on a day, 0 to 100; NaN where nothing is known of the person."""
        total, known = np.zeros(len(entity)), np.zeros(len(entity), dtype=bool)
        for each in self.rules:
            rule, codes, _ = each.on(entity, day)
            known |= codes >= 0
            total += np.where(rule >= 0, each.points[np.maximum(rule, 0)], 0.0)
        return np.where(known, cut(total), np.nan)

    def changes(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """From which days on something else is known of whom: people and days, as far as rows say so."""
        for each in self.rules:
            if each.attribute is not None:
                yield from each.attribute.days_of_change()


def fit_of(attributes: Attributes, settings: LeadSettings) -> Fit | None:
    """How the settings judge who fits; None where they do not."""
    if not settings.fit:
        return None
    return Fit(rules=[_rules(name, attributes.of(name), rules) for name, rules in settings.fit.items()])


def _rules(name: str, attribute: Attribute | None, rules: Mapping[str, Points]) -> FitRules:
    patterns = list(rules)
    texts = attribute.texts if attribute is not None else ()
    return FitRules(
        name=name, attribute=attribute, patterns=patterns, points=np.array(list(rules.values()), dtype=float),
        rule_of=np.array([_first(patterns, text) for text in texts] or [UNKNOWN], dtype=np.int64),
    )  # fmt: skip


def _first(patterns: Sequence[str], text: str) -> int:
    """The first rule that fits a text; UNKNOWN where one may fit and none does for sure."""
    results = [fits(pattern, text) for pattern in patterns]
    if True in results:
        return results.index(True)
    return UNKNOWN if None in results else NO_RULE


def excluded(attributes: Attributes, settings: LeadSettings, entity: np.ndarray) -> np.ndarray:
    """Who is no lead by any attribute, as all that is known by now says."""
    out = np.zeros(len(entity), dtype=bool)
    for name, globs in settings.exclude.items():
        attribute = attributes.of(name)
        if attribute is None:
            continue
        codes, _ = attribute.known(entity, np.full(len(entity), _LATEST))
        fits_any = np.array([bool(text) and matches(text, globs) for text in attribute.texts] or [False], dtype=bool)
        out |= (codes >= 0) & fits_any[np.maximum(codes, 0)]
    return out


_LATEST = 10**6  # a day after all others
