"""Whether what has changed, or fallen short, is more than chance: exact tests of the counts behind it, in words."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.stats.exact import (
    benjamini_hochberg,
    binomial_test,
    counts_test,
    fisher_test,
    least_of_counts,
    least_of_shares,
    poisson_test,
)
from funnelcli.text import NOTHING, Marked, Message, Text, as_text
from funnelcli.values.figures import Value

ENOUGH = 30  # fewer are marked
LEVEL = 0.05
_SMALLEST, _FINE = 0.001, 0.1
Verdict = Literal["more-than-chance", "as-large-before", "may-be-chance", "too-few-to-tell"]
_TOO_FEW = Message("too few to tell")
_WORDS = {
    "more-than-chance": Message("more than chance ({p}{few})"),
    "as-large-before": Message("no larger than earlier changes ({p}{few})"),
    "may-be-chance": Message("may be chance ({p}{few})"),
}
_FEW = Message(", fewer than {n}")
_P, _BELOW = as_text("p = {p}"), Message("p below {p}")


class Chance(Struct, frozen=True):
    """What a test says: its p-value adjusted for how many were made (``alone`` it is the test's own).

    None where no outcome of so ``few`` could be more than chance; few are also fewer than ENOUGH of which one could.
    ``usual`` says that changes before were as large.
    """

    p: float | None
    alone: float | None = None
    few: bool = False
    usual: bool = False

    @property
    def verdict(self) -> Verdict:
        """What comes of it.

        >>> Chance(0.01).verdict, Chance(0.01, usual=True).verdict, Chance(0.05).verdict
        ('more-than-chance', 'as-large-before', 'may-be-chance')
        """
        if self.p is None:
            return "too-few-to-tell"
        if self.p >= LEVEL:
            return "may-be-chance"
        return "as-large-before" if self.usual else "more-than-chance"

    @property
    def is_more(self) -> bool:
        """Whether it is more than chance."""
        return self.verdict == "more-than-chance"

    @property
    def words(self) -> Text:
        """The verdict.

        >>> Chance(None).words.of("en"), Chance(0.2, few=True).words.of("en"), Chance(0.00001).words.of("vi")
        ('too few to tell', 'may be chance (p = 0.20, fewer than 30)', 'hơn mức ngẫu nhiên (p dưới 0,001)')
        """
        if self.p is None:
            return _TOO_FEW
        decimals = 2 if self.p >= _FINE else 3
        shown = _P.filled(p=Marked(f"{self.p:.{decimals}f}"))
        if self.p < _SMALLEST:
            shown = _BELOW.filled(p=Marked(f"{_SMALLEST}"))
        return _WORDS[self.verdict].filled(p=shown, few=_FEW.filled(n=ENOUGH) if self.few else NOTHING)


def of_counts(now: int, before: int, days: int, days_before: int) -> Chance | None:
    """What two counts of events say, of so many days each; None where one has no days."""
    if not days or not days_before:
        return None
    few = now + before < ENOUGH
    if least_of_counts(now + before, days, days_before) >= LEVEL:
        return Chance(None, few=few)
    return Chance(1.0, alone=counts_test(now, before, days, days_before), few=few)


def of_rates(now: Value, before: Value) -> Chance | None:
    """What two rates say; None where one is no share of people: of a period rate only its counts are tested."""
    if not (now.is_share and before.is_share):
        return None
    above, below, above_before, below_before = (
        int(side or 0) for side in (now.numerator, now.denominator, before.numerator, before.denominator)
    )
    few = min(below, below_before) < ENOUGH
    if least_of_shares(above + above_before, below, below_before) >= LEVEL:
        return Chance(None, few=few)
    return Chance(1.0, alone=fisher_test(above, below, above_before, below_before), few=few)


def of_target(actual: Fraction, expected: Fraction) -> Chance:
    """What a count says of which so many were expected; too few where both are below ENOUGH."""
    if max(actual, expected) < ENOUGH:
        return Chance(None, few=True)
    return Chance(1.0, alone=poisson_test(int(actual), expected))


def of_target_rate(numerator: Fraction, denominator: Fraction, target: Fraction) -> Chance:
    """What a rate says of which another was expected; too few where its denominator is below ENOUGH."""
    if denominator < ENOUGH or numerator > denominator:
        return Chance(None, few=True)
    return Chance(1.0, alone=binomial_test(int(numerator), int(denominator), target))


def adjusted(tests: Sequence[Chance | None]) -> list[Chance | None]:
    """The tests that are looked at together: of many figures some move far by chance alone (Benjamini and Hochberg)."""
    made = iter(benjamini_hochberg([test.alone for test in tests if test is not None and test.alone is not None]))
    return [test if test is None or test.alone is None else replace(test, p=next(made)) for test in tests]
