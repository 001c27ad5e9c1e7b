"""All that a plan is made from."""

from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction

from msgspec import Struct, field

from funnelcli.config import Policy, Team
from funnelcli.planning.assume import Assumptions
from funnelcli.planning.declare import PlannedMetric
from funnelcli.planning.means import Means
from funnelcli.planning.mix_plan import Gain
from funnelcli.planning.model import AnyKey, Goal, Measured, RevenueModel, Shape
from funnelcli.planning.past import Past
from funnelcli.planning.selling import SellingTime
from funnelcli.planning.solve import Asked
from funnelcli.text import Text
from funnelcli.values.channels import Channel
from funnelcli.values.figures import Note
from funnelcli.values.lags import LagCounts
from funnelcli.values.periods import Period


class By(StrEnum):
    """What the quotas are split by."""

    WHOLE = "whole"
    CHANNEL = "channel"
    TEAM = "team"


class WhatIf(Struct, frozen=True, kw_only=True):
    """Other values for some assumptions, under a name."""

    name: str
    changes: Mapping[AnyKey, Fraction]


class GivenQuotas(Struct, frozen=True, kw_only=True):
    """Quotas of a file with a ``name``, by the figure's key and the month's: of the whole, and ``of_channel``."""

    name: str
    rows: Mapping[str, Mapping[str, Fraction]]
    of_channel: Mapping[Channel, Mapping[str, Mapping[str, Fraction]]] = field(default_factory=dict)


class Sure(Struct, frozen=True, kw_only=True):
    """How sure a plan is to be: the share of the ``runs`` that meet the goal.

    The ``seed`` decides what they draw; ``counted`` are the counts of the lags by rate, where these are measured.
    ``simulate`` are quotas of which it is to be told how likely they meet it, ``of_channel`` those counts by channel.
    """

    level: Fraction
    simulate: GivenQuotas | None = None
    seed: int = 1
    runs: int = 20_000
    counted: Mapping[AnyKey, LagCounts] = field(default_factory=dict)
    of_channel: Mapping[Channel, Mapping[AnyKey, LagCounts]] = field(default_factory=dict)


class Aim(Struct, frozen=True, kw_only=True):
    """What a chosen mix is expected to bring, an ``amount`` in the unit of the goal, to be so sure of the ``goal``.

    ``gains`` are what more of anything would win as surely, where the most is asked for.
    """

    amount: Fraction
    goal: Fraction
    gains: tuple[Gain, ...] = ()


class PlanSpec(Struct, frozen=True, kw_only=True):
    """All that a plan is made from, every default filled in; ``deals`` are the stages of them that it goes through.

    With a ``lag`` it knows how long it takes from a signup to a customer; else nothing takes any time.  ``unasked`` is
    the plan that knows it, where nobody said whether one is wanted.  ``sure`` is how sure it is to be, ``total`` are
    the entrants of the first stage that make it so, or ``aim`` what a chosen mix has to bring for it.  ``means`` are
    what it has to work with.
    """

    title: Text
    currency: str
    goal: Goal
    shape: Shape
    model: RevenueModel
    periods: tuple[Period, ...]
    assumptions: Assumptions
    measured: Measured | None = None
    by: By = By.WHOLE
    mix: Mapping[Channel, Fraction] = field(default_factory=dict)
    teams: Mapping[str, Team] = field(default_factory=dict)
    policies: Mapping[str, Policy] = field(default_factory=dict)
    most_new: int | None = None
    what_if: tuple[WhatIf, ...] = ()
    gross_margin: Fraction | None = None
    past: Past | None = None
    deals: tuple[PlannedMetric, ...] = ()
    lag: SellingTime | None = None
    unasked: "PlanSpec | None" = None
    sure: Sure | None = None
    total: int | None = None
    aim: Aim | None = None
    means: Means = Means()
    notes: tuple[Note, ...] = ()

    @property
    def asked(self) -> Asked:
        """What is to be reached, and with what."""
        return Asked(
            goal=self.goal, shape=self.shape, assumptions=self.assumptions, model=self.model, periods=self.periods,
            measured=self.measured,
        )  # fmt: skip
