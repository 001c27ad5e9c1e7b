"""Accounts with a value against the rest: each outcome with its difference, and which of all differences stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from funnelcli.answers.icp_outcomes import Outcome
from funnelcli.answers.icp_values import OTHER, Values
from funnelcli.facts.dimensions import TIER
from funnelcli.facts.tiers import FAILED, MET, A, B, C, D, Tiers
from funnelcli.stats.differences import Difference, of_means, of_shares
from funnelcli.stats.exact import benjamini_hochberg
from funnelcli.stats.intervals import Interval, wilson

FEWEST = 30  # on either side: fewer are shown, and not tested
MOST_Q = 0.10
Verdict = Literal["stands", "may-be-chance", "too-thin", "not-tested"]
BETTER, WORSE = "A, B", "C, D"
CRITERION = "criterion"


class Figure(Struct, frozen=True, kw_only=True):
    """An outcome of some accounts: of how many it is, the figure, and of a share its interval; None where of none."""

    n: int
    value: float | None
    count: int | None = None
    interval: Interval | None = None


class Compared(Struct, frozen=True, kw_only=True):
    """An outcome of the accounts that have a value beside that of the rest.

    ``q`` is the p-value as adjusted for all tests of a review; None where too few are on a side, or it is not tested.
    """

    attribute: str
    value: str
    outcome: Outcome
    figure: Figure
    rest: Figure
    difference: Difference | None = None
    q: float | None = None

    @property
    def verdict(self) -> Verdict:
        """What comes of the test."""
        if min(self.figure.n, self.rest.n) < FEWEST:
            return "too-thin"
        if self.q is None:
            return "not-tested"
        return "stands" if self.q <= MOST_Q else "may-be-chance"

    @property
    def is_good(self) -> bool:
        """Whether the accounts do better than the rest."""
        if self.difference is None:
            return False
        return (self.difference.value > 0) is (self.outcome.good == "up")


def figure_of(outcome: Outcome, chosen: np.ndarray) -> Figure:
    """The outcome of some of its accounts."""
    values = outcome.value[chosen]
    if not len(values):
        return Figure(n=0, value=None)
    if not outcome.is_share:
        return Figure(n=len(values), value=float(values.mean()))
    number = int(values.sum())
    return Figure(n=len(values), value=number / len(values), count=number, interval=wilson(number, len(values)))


def compare(
    outcome: Outcome, attribute: str, value: str, chosen: np.ndarray, rest: np.ndarray, *, tested: bool = True
) -> Compared:
    """One comparison, whose q is not known before all are made."""
    known = Compared(
        attribute=attribute, value=value, outcome=outcome, figure=figure_of(outcome, chosen),
        rest=figure_of(outcome, rest),
    )  # fmt: skip
    if min(known.figure.n, known.rest.n) < FEWEST or not tested or not outcome.tested:
        return known
    if outcome.is_share:
        above, below = known.figure.count or 0, known.rest.count or 0
        return replace(known, difference=of_shares(above, known.figure.n, below, known.rest.n))
    return replace(known, difference=of_means(outcome.value[chosen].tolist(), outcome.value[rest].tolist()))


def with_q(compared: Sequence[Compared]) -> tuple[Compared, ...]:
    """The comparisons with the p-values adjusted for all that were made (Benjamini and Hochberg)."""
    made = [each.difference.p for each in compared if each.difference is not None]
    adjusted = iter(benjamini_hochberg(made))
    return tuple(each if each.difference is None else replace(each, q=next(adjusted)) for each in compared)


def of_values(outcomes: Sequence[Outcome], several: Sequence[Values]) -> Iterator[Compared]:
    """Every value of every attribute against all other accounts."""
    for values in several:
        for outcome in (each for each in outcomes if each.missing is None):
            place = values.of(outcome.account, outcome.day)
            for number, name in enumerate(values.names):
                chosen = place == number
                if chosen.any():
                    yield compare(outcome, values.attribute, name, chosen, ~chosen, tested=name != OTHER)


def of_tiers(outcomes: Sequence[Outcome], tiers: Tiers) -> Iterator[Compared]:
    """The better two tiers against the other two; whose tier is unknown is on neither side."""
    for outcome in (each for each in outcomes if each.missing is None):
        tier = tier_of(tiers, outcome)
        yield compare(outcome, TIER, BETTER, np.isin(tier, (A, B)), np.isin(tier, (C, D)))


def tier_of(tiers: Tiers, outcome: Outcome) -> np.ndarray:
    """The tier of each account of an outcome on its day."""
    tier: np.ndarray = tiers.spans.tier[tiers.spans.places(outcome.account, outcome.day)]
    return tier


def of_criteria(outcomes: Sequence[Outcome], tiers: Tiers) -> Iterator[Compared]:
    """Who meets each criterion of the profile against who fails it."""
    for attribute, patterns in tiers.criteria:
        name = ", ".join(patterns)
        for outcome in (each for each in outcomes if each.missing is None):
            state = tiers.states(attribute, patterns, outcome.account, outcome.day)
            yield compare(outcome, f"{CRITERION}:{attribute}", name, state == MET, state == FAILED)
