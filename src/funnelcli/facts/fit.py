"""How well people fit: the points that their attributes give, as they were known on a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from msgspec import Struct

from funnelcli.config.leads import LeadSettings, Points
from funnelcli.facts.attributes import Attribute, Attributes
from funnelcli.facts.grades import MISSING, graded
from funnelcli.facts.interest import cut
from funnelcli.facts.tiers import NOT_KNOWN, D, Tiers
from funnelcli.values.criteria import Criterion, fits

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
    """How people are judged by what they are: by the rules of all attributes, and the thresholds of the letters."""

    rules: Sequence[FitRules]
    thresholds: tuple[Points, Points]

    def score(self, entity: np.ndarray, day: np.ndarray) -> np.ndarray:
        """The fit of each person on a day, 0 to 100; NaN where nothing is known of the person."""
        total, known = np.zeros(len(entity)), np.zeros(len(entity), dtype=bool)
        for each in self.rules:
            rule, codes, _ = each.on(entity, day)
            known |= (codes >= 0) & (rule != UNKNOWN)
            total += np.where(rule >= 0, each.points[np.maximum(rule, 0)], 0.0)
        return np.where(known, cut(total), np.nan)

    def letter(self, entity: np.ndarray, day: np.ndarray) -> np.ndarray:
        """The place of the letter of each among LETTERS."""
        return graded(self.score(entity, day), self.thresholds)

    def may_be_ready(self, entity: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Whether nothing but the scores keeps each from sales."""
        return np.ones(len(entity), dtype=bool)

    def changes(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """From which days on something else is known of whom: people and days, as far as rows say so."""
        for each in self.rules:
            if each.attribute is not None:
                yield from each.attribute.days_of_change()


class TierFit(Struct, frozen=True, kw_only=True, eq=False):
    """How people are judged by the ideal customer profile: 100 × the share of it that their account meets.

    The letter is that of the tier; accounts that a hard criterion rules out are C, and never ready for sales.
    """

    tiers: Tiers
    rules: Sequence[FitRules] = ()

    def score(self, entity: np.ndarray, day: np.ndarray) -> np.ndarray:
        """The fit of each person on a day, 0 to 100; NaN where too little is known of the account."""
        shares = [np.nan if each.share is None else 100 * float(each.share) for each in self.tiers.spans.judged]
        known = self._of_spans(entity, day, np.array([*shares, np.nan]))
        return np.where(self.tiers.of(entity, day) == NOT_KNOWN, np.nan, cut(known))

    def letter(self, entity: np.ndarray, day: np.ndarray) -> np.ndarray:
        """The place of the letter of each among LETTERS."""
        return np.asarray(_OF_TIERS[self.tiers.of(entity, day)])

    def may_be_ready(self, entity: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Whether no hard criterion rules the account of each out."""
        return np.asarray(self.tiers.of(entity, day) != D)

    def _of_spans(self, entity: np.ndarray, day: np.ndarray, of_judged: np.ndarray) -> np.ndarray:
        places = self.tiers.places(entity, day)
        patterns = np.append(self.tiers.spans.pattern, len(of_judged) - 1)[places]
        return np.asarray(of_judged[patterns])

    def changes(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """From which days on something else is known of whom: people and days, as far as rows say so."""
        for name in dict.fromkeys(name for name, _ in self.tiers.criteria):
            attribute = self.tiers.attributes.of(name)
            if attribute is not None:
                yield from attribute.days_of_change()


_OF_TIERS = np.array([0, 1, 2, 2, MISSING])  # the letters of A, B, C, D and unknown


def fit_of(attributes: Attributes, settings: LeadSettings, tiers: Tiers) -> Fit | TierFit | None:
    """How the settings judge who fits: by points, else by the ideal customer profile; None where they do neither."""
    if settings.fit:
        rules = [_rules(name, attributes.of(name), rules) for name, rules in settings.fit.items()]
        return Fit(rules=rules, thresholds=settings.grades.fit)
    return TierFit(tiers=tiers) if tiers.is_declared else None


def _rules(name: str, attribute: Attribute | None, rules: Mapping[str, Points]) -> FitRules:
    patterns = list(rules)
    attribute = None if attribute is None else attribute.asked(patterns)
    texts = attribute.texts if attribute is not None else ()
    return FitRules(
        name=name, attribute=attribute, patterns=patterns, points=np.array(list(rules.values()), dtype=float),
        rule_of=np.array([_first(patterns, text) for text in texts] or [UNKNOWN], dtype=np.int64),
    )  # fmt: skip


def _first(patterns: Sequence[str], text: str) -> int:
    """The first rule that fits a text; UNKNOWN where one before it may fit as well, or a number is asked of words."""
    for place, pattern in enumerate(patterns):
        fitting = fits(pattern, text)
        if fitting is not False:
            return UNKNOWN if fitting is None else place
    return NO_RULE


def excluded(attributes: Attributes, settings: LeadSettings, entity: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Who is no lead by any attribute, as it was known of each on a day."""
    out = np.zeros(len(entity), dtype=bool)
    for attribute, globs in _excluding(attributes, settings):
        codes, _ = attribute.known(entity, day)
        wanted = Criterion(globs)
        fits_any = np.array([wanted.met_by(text) is True for text in attribute.texts] or [False], dtype=bool)
        out |= (codes >= 0) & fits_any[np.maximum(codes, 0)]
    return out


def exclusion_changes(attributes: Attributes, settings: LeadSettings) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """From which days on who is no lead may be others: people and days, as far as rows say so."""
    for attribute, _ in _excluding(attributes, settings):
        yield from attribute.days_of_change()


def _excluding(attributes: Attributes, settings: LeadSettings) -> Iterator[tuple[Attribute, tuple[str, ...]]]:
    for name, globs in settings.exclude.items():
        attribute = attributes.of(name)
        if attribute is not None:
            yield attribute.asked(globs), tuple(globs)
