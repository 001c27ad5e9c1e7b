"""What a plan is made of: the goal, the assumptions with their origin, and rows of quotas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from funnelcli.planning.declare import PlannedMetric
from funnelcli.planning.goals import GoalType
from funnelcli.planning.keys import AMOUNTS as AMOUNTS
from funnelcli.planning.keys import PRICE_OF as PRICE_OF
from funnelcli.planning.keys import Key as Key
from funnelcli.planning.keys import Origin as Origin
from funnelcli.planning.keys import RevenueModel as RevenueModel
from funnelcli.planning.metrics import STAGE_RATES as STAGE_RATES
from funnelcli.text import Text
from funnelcli.values.channels import Channel
from funnelcli.values.figures import Missing, Note
from funnelcli.values.periods import Period


class ShapeKind(StrEnum):
    """How the new customers lie over the months."""

    STEADY = "steady"
    GROWTH = "growth"
    SEASONAL = "seasonal"
    REVENUE = "revenue"


RATES = frozenset({*STAGE_RATES, Key.CHURN})


# A row of a plan: planned metric, channel, team.
RowKey = tuple[str, Channel | None, str | None]


@dataclass(frozen=True, kw_only=True)
class Pooled:
    """A figure measured over months: sum of numerators over sum of denominators.  ``months`` are first and last key."""

    numerator: Fraction
    denominator: Fraction
    months: tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """One number the plan stands on, and where it comes from.

    ``value`` is None where there is none (``missing`` says why) or where the plan is to do without (given as none).
    ``source`` is the option or table it was given in, the months it was measured over, or what the default means.
    """

    key: Key
    value: Fraction | None
    origin: Origin
    source: Text
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    missing: Missing | None = None


@dataclass(frozen=True, kw_only=True)
class Goal:
    """Exactly one thing to reach over the range or at its end."""

    kind: GoalType
    amount: Fraction


@dataclass(frozen=True, kw_only=True)
class Shape:
    """``growth`` per month for GROWTH; for REVENUE the amount of each month."""

    kind: ShapeKind
    growth: Fraction = Fraction(0)
    amounts: tuple[Fraction, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Best:
    """The highest figure of a month, and the month."""

    number: Fraction
    month: str


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What the exports say, as far as a plan asks: pooled rates, the mix of channels, the best and the usual months.

    ``pooled`` and ``of_channel`` give for each assumption the figure or the reason why there is none; ``signups``
    and ``new_paid`` are of the window, by channel; ``season`` is new PU by calendar month of the last complete twelve.
    """

    pooled: Mapping[Key, Pooled | Missing] = field(default_factory=dict)
    of_channel: Mapping[Channel, Mapping[Key, Pooled | Missing]] = field(default_factory=dict)
    signups: Mapping[Channel, int] = field(default_factory=dict)
    new_paid: Mapping[Channel, int] = field(default_factory=dict)
    best: Mapping[tuple[str, Channel | None], Best] = field(default_factory=dict)
    season: Mapping[int, int] | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ChannelRate:
    """The rate of one stage of one channel; ``pooled`` says why it takes the pooled one, None where it is its own.

    A rate of None means that the stage is passed by: the channel brings people whom no visit shows.
    """

    rate: Fraction | None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    pooled: Text | None = None


@dataclass(frozen=True, kw_only=True)
class ChannelPlan:
    """A channel's share of the new customers and its rates."""

    channel: Channel
    share: Fraction
    rates: Mapping[Key, ChannelRate]


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    """One planned metric over the months, of the whole, a channel, a team, or a team's part in a channel.

    ``values`` and ``total`` are exact; None with a reason in ``missing``.
    """

    metric: PlannedMetric
    channel: Channel | None
    team: str | None
    values: tuple[Fraction | None, ...]
    total: Fraction | None
    missing: Missing | None = None

    @classmethod
    def of(
        cls,
        metric: PlannedMetric,
        months: Sequence[Fraction] | Sequence[int],
        *,
        team: str | None = None,
        channel: Channel | None = None,
    ) -> "PlanRow":
        """A row of known months; the range's figure follows from them."""
        values = tuple(Fraction(month) for month in months)
        return cls(metric=metric, channel=channel, team=team, values=values, total=metric.over_range(values))

    @classmethod
    def absent(
        cls,
        metric: PlannedMetric,
        months: int,
        why: Missing,
        *,
        team: str | None = None,
        channel: Channel | None = None,
    ) -> "PlanRow":
        """A row without figures, and why."""
        return cls(metric=metric, channel=channel, team=team, values=(None,) * months, total=None, missing=why)


@dataclass(frozen=True, kw_only=True)
class Variant:
    """The plan under other assumptions: totals by planned metric, or why it cannot be."""

    name: str
    totals: Mapping[str, Fraction | None]
    unreachable: Text | None = None


@dataclass(frozen=True, kw_only=True)
class Lever:
    """An assumption improved by a tenth, and the signups then needed."""

    key: Key
    value: Fraction
    signups: Fraction


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A goal made into quotas, with all it stands on."""

    title: Text
    currency: str
    goal: Goal
    shape: Shape
    model: RevenueModel
    periods: tuple[Period, ...]
    assumptions: tuple[Assumption, ...]
    channels: tuple[ChannelPlan, ...]
    rows: tuple[PlanRow, ...]
    levers: tuple[Lever, ...]
    variants: tuple[Variant, ...]
    notes: tuple[Note, ...]

    def of(self, *, team: str | None = None, channel: Channel | None = None) -> Sequence[PlanRow]:
        """The rows of a team and channel, None standing for the whole."""
        return [row for row in self.rows if row.team == team and row.channel == channel]
