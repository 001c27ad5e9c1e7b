"""Whether what has changed, or fallen short, is more than chance: exact tests of the counts behind it, in words."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from msgspec import Struct

from funnelcli.stats.exact import binomial_test, counts_test, fisher_test, holm, poisson_test
from funnelcli.text import Marked, Message, Text, as_text
from funnelcli.values.figures import Value

ENOUGH = 30  # of fewer nothing is said
LEVEL = 0.05
_SMALLEST, _FINE = 0.001, 0.1
_TOO_FEW = Message("too few to tell")
_MORE = Message("more than chance ({p})")
_MAY_BE = Message("may be chance ({p})")
_P, _BELOW = as_text("p = {p}"), Message("p below {p}")


class Chance(Struct, frozen=True):
    """What a test says: its p-value, adjusted for how many were made; None where there is too little to test."""

    p: float | None

    @property
    def is_more(self) -> bool:
        """Whether it is more than chance."""
        return self.p is not None and self.p < LEVEL

    @property
    def words(self) -> Text:
        """The verdict.

        >>> Chance(None).words.of("en"), Chance(0.2).words.of("en"), Chance(0.00001).words.of("vi")
        ('too few to tell', 'may be chance (p = 0.20)', 'hơn mức ngẫu nhiên (p dưới 0,001)')
        """
        if self.p is None:
            return _TOO_FEW
        decimals = 2 if self.p >= _FINE else 3
        shown = _P.filled(p=Marked(f"{self.p:.{decimals}f}"))
        if self.p < _SMALLEST:
            shown = _BELOW.filled(p=Marked(f"{_SMALLEST}"))
        return (_MORE if self.is_more else _MAY_BE).filled(p=shown)


def of_counts(now: float, before: float, days: int, days_before: int) -> float | None:
    """The p-value of two counts of so many days each; None where both together are fewer than ENOUGH."""
    if now + before < ENOUGH or not days or not days_before:
        return None
    return counts_test(int(now), int(before), days, days_before)


def of_rates(now: Value, before: Value) -> float | None:
    """The p-value of two rates; None where one of the denominators is below ENOUGH.

    A rate above 1 divides other people than those above the line: then the counts are compared, with the denominators
    as what they are drawn from.
    """
    sides = [now.numerator, now.denominator, before.numerator, before.denominator]
    if any(side is None for side in sides):
        return None
    above, below, above_before, below_before = (int(side or 0) for side in sides)
    if min(below, below_before) < ENOUGH:
        return None
    if above > below or above_before > below_before:
        return counts_test(above, above_before, below, below_before)
    return fisher_test(above, below, above_before, below_before)


def of_target(actual: Fraction, expected: Fraction) -> float | None:
    """The p-value of a count of which so many were expected; None where both are below ENOUGH."""
    return None if max(actual, expected) < ENOUGH else poisson_test(int(actual), expected)


def of_target_rate(numerator: Fraction, denominator: Fraction, target: Fraction) -> float | None:
    """The p-value of a rate of which another was expected; None where its denominator is below ENOUGH."""
    if denominator < ENOUGH or numerator > denominator:
        return None
    return binomial_test(int(numerator), int(denominator), target)


def adjusted(p_values: Sequence[float | None]) -> list[Chance]:
    """The verdicts of tests that are looked at together: of many figures some move far by chance alone."""
    tested = iter(holm([p for p in p_values if p is not None]))
    return [Chance(None if p is None else next(tested)) for p in p_values]
