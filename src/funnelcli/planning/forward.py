"""A plan read forwards: what so many signups come to, at its assumptions or at others."""

from collections.abc import Mapping
from fractions import Fraction

from funnelcli.planning.assume import Assumptions, changed
from funnelcli.planning.metrics import SIGNUPS
from funnelcli.planning.mix import needs_of_one
from funnelcli.planning.model import AnyKey


def customers_of(
    signups: Fraction, assumptions: Assumptions, changes: Mapping[AnyKey, Fraction] | None = None
) -> Fraction:
    """The new customers that so many signups come to; ``changes`` are assumptions taken otherwise.

    As many signups as the plan would ask for to win them.  GoalError where a rate is missing or 0.

    >>> from funnelcli.planning.model import Assumption, Key, Origin
    >>> from funnelcli.text import as_text
    >>> rates = {Key.VISITOR_TO_SIGNUP: 1, Key.SIGNUP_TO_DEMO: Fraction(1, 2), Key.DEMO_TO_PAID: Fraction(1, 5)}
    >>> known = {
    ...     key: Assumption(key=key, value=Fraction(rate), origin=Origin.GIVEN, source=as_text("by hand"))
    ...     for key, rate in rates.items()
    ... }
    >>> float(customers_of(Fraction(200), known)), float(
    ...     customers_of(Fraction(200), known, {Key.SIGNUP_TO_DEMO: Fraction(3, 4)})
    ... )
    (20.0, 30.0)
    """
    under = changed(assumptions, changes, "changed") if changes else assumptions
    return signups / needs_of_one(under, ())[SIGNUPS.key]
