"""How a figure of a plan is declared."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from funnelcli.planning.backsolve import Month
from funnelcli.planning.keys import AnyKey
from funnelcli.text import Text
from funnelcli.values.figures import Missing, Unit

TotalOf = Literal["sum", "first", "last", "own"]
Months = Sequence[Fraction]


class Kind(StrEnum):
    """What a planned figure is.

    STAGE: a whole quota of the funnel, made from the one after it.  DEAL: one of the opportunity, likewise, from the
    deals won back to those created.  QUOTA: another whole quota.  LEVEL: customers at a
    moment.  EXPECTED: what is expected over a month, not whole.  BUDGET: what policies cost, made apart.  MEANS: what
    the plan has to work with, and what that costs, made apart.  MEASURED: no figure of a plan, but one of the dashboard
    that has targets of its own.
    """

    STAGE = "stage"
    DEAL = "deal"
    QUOTA = "quota"
    LEVEL = "level"
    EXPECTED = "expected"
    BUDGET = "budget"
    MEANS = "means"
    MEASURED = "measured"


class PaceOf(StrEnum):
    """What should be there within a month: the elapsed SHARE of the figure, all of it, or what follows the customers.

    OPENING: all from the first day on.  BASE: that share of the way from the opening to the closing customers.
    """

    SHARE = "share"
    OPENING = "opening"
    BASE = "base"


class Course(Struct, frozen=True, kw_only=True):
    """What the customers do over the months of a plan; ``run`` and ``revenue`` may be missing, with the reason."""

    new: tuple[int, ...]
    run: tuple[Month, ...] | Missing
    revenue: tuple[Fraction, ...] | Missing


class PlannedMetric(Struct, frozen=True, kw_only=True, eq=False):
    """One planned figure, and how it is made, compared and shown.

    ``work`` makes its months from the course of the customers.  A stage is made instead with the ``rate`` at which it
    goes on to the next; ``quota_of`` is the stage whose quotas it repeats.  ``total`` says what the range's figure is:
    the sum, the first, the last, or one of its own.  ``owner`` is its name in [teams] (with ``work``, it is then made
    for that team alone), ``paid_by`` the price for one of it in [policies].

    ``tracked`` says whether it is compared with actual figures, and ``always`` whether also without a target.
    ``judged`` figures count for ``--fail-under``.  Of ``replanned`` ones the rest is spread over the months left.
    ``pace`` is how it is expected to grow within a month; None where it is not.  ``actual_recurs`` is on where there is
    an actual figure only of recurring revenue.  ``good`` is the side of the target that is good news.  ``by_month``
    says whether it has a column in the plan's table of months.  ``stage`` is the name that [teams] have for a stage of
    the opportunity.
    """

    key: str
    kind: Kind
    label: Text
    short: Text
    unit: Unit
    definition: Text
    formula: Text | str
    work: Callable[[Course], Months | Missing] | None = None
    rate: AnyKey | None = None
    stage: str | None = None
    quota_of: str | None = None
    total: TotalOf = "sum"
    actual: str | None = None
    actual_recurs: bool = False
    good: Literal["up", "down"] = "up"
    owner: str | None = None
    paid_by: str | None = None
    tracked: bool = True
    always: bool = False
    judged: bool = True
    replanned: bool = False
    pace: PaceOf | None = PaceOf.SHARE
    by_month: bool = True

    @property
    def whole(self) -> bool:
        """Whether it counts in whole numbers."""
        return self.kind in (Kind.STAGE, Kind.DEAL, Kind.QUOTA)

    @property
    def by_channel(self) -> bool:
        """Whether each channel has a part in it, which is compared with the channel's actual figure."""
        return self.kind is Kind.STAGE

    @property
    def parts_of(self) -> str | None:
        """The stage by whose quotas it is shared out among channels and teams; None where it is not."""
        return self.key if self.kind is Kind.STAGE else self.quota_of

    @property
    def adds_up(self) -> bool:
        """Whether months add up; what does not is a level."""
        return self.total == "sum"

    def over_range(self, months: Sequence[Fraction]) -> Fraction:
        """The range's figure.  ValueError of a figure whose range is one of its own.

        >>> from funnelcli.planning.metrics import CLOSING, OPENING, SIGNUPS
        >>> [int(metric.over_range([Fraction(3), Fraction(5)])) for metric in (SIGNUPS, OPENING, CLOSING)]
        [8, 3, 5]
        """
        if self.total == "own":
            raise ValueError(f"{self.key} of a range does not follow from its months")
        return {"sum": sum(months, Fraction(0)), "first": months[0], "last": months[-1]}[self.total]
