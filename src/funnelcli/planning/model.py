"""What a plan is made of: the goal, the assumptions with their origin, and rows of quotas."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction

from msgspec import Struct, field
from msgspec.structs import replace

from funnelcli.planning.declare import PlannedMetric
from funnelcli.planning.goals import GoalType
from funnelcli.planning.keys import AMOUNTS as AMOUNTS
from funnelcli.planning.keys import PRICE_OF as PRICE_OF
from funnelcli.planning.keys import AnyKey as AnyKey
from funnelcli.planning.keys import Key as Key
from funnelcli.planning.keys import Origin as Origin
from funnelcli.planning.keys import RevenueModel as RevenueModel
from funnelcli.planning.metrics import STAGE_RATES as STAGE_RATES
from funnelcli.planning.mix_plan import MixPlan
from funnelcli.planning.seasons import Season as Season
from funnelcli.planning.selling import LagPlan
from funnelcli.planning.sureness import Confidence
from funnelcli.text import Text
from funnelcli.values.channels import Channel
from funnelcli.values.figures import Missing, Note
from funnelcli.values.periods import Period


class ShapeKind(StrEnum):
    """How the new customers lie over the months; FREE where a mix is chosen, and the months with it."""

    STEADY = "steady"
    GROWTH = "growth"
    SEASONAL = "seasonal"
    REVENUE = "revenue"
    FREE = "free"


RATES = frozenset({*STAGE_RATES, Key.CHURN})


def is_rate(key: AnyKey) -> bool:
    """Whether an assumption is a rate."""
    return not isinstance(key, Key) or key in RATES


LEFT_OUT = "left-out"
# A row of a plan: planned metric, channel, team.
RowKey = tuple[str, Channel | None, str | None]


class Pooled(Struct, frozen=True, kw_only=True):
    """A figure measured over months: sum of numerators over sum of denominators.  ``months`` are first and last key."""

    numerator: Fraction
    denominator: Fraction
    months: tuple[str, str]


class Assumption(Struct, frozen=True, kw_only=True):
    """One number the plan stands on, and where it comes from.

    ``value`` is None where there is none (``missing`` says why) or where the plan is to do without (given as none).
    ``source`` is the option or table it was given in, the months it was measured over, or what the default means;
    ``plain`` says it for programs, with months and days by their keys.
    """

    key: AnyKey
    value: Fraction | None
    origin: Origin
    source: Text
    plain: str | None = None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    missing: Missing | None = None

    @property
    def is_left_out(self) -> bool:
        """Whether the plan is to do without it, and without all that comes before it."""
        return self.value is None and self.missing is not None and self.missing.code == LEFT_OUT


class Goal(Struct, frozen=True, kw_only=True):
    """Exactly one thing to reach over the range or at its end."""

    kind: GoalType
    amount: Fraction


class Rounding(StrEnum):
    """How needs become whole quotas: RUNNING totals rounded up, or each MONTH by itself."""

    RUNNING = "running"
    MONTH = "month"


class Shape(Struct, frozen=True, kw_only=True):
    """``growth`` per month for GROWTH; for REVENUE the amount of each month."""

    kind: ShapeKind
    growth: Fraction = Fraction(0)
    amounts: tuple[Fraction, ...] = ()
    rounding: Rounding = Rounding.RUNNING

    @property
    def by_month(self) -> bool:
        """Whether every month is rounded by itself."""
        return self.rounding is Rounding.MONTH


class Best(Struct, frozen=True, kw_only=True):
    """The highest figure of a month, and the month."""

    number: Fraction
    month: str


class Gap(Struct, frozen=True, kw_only=True):
    """The time between ``since``, the last day that is known, and the beginning of the plan, ``until``.

    ``lengths`` are its months, of which the first may be a part of one; ``new`` is the new PU of a usual month, None
    where that is not known.
    """

    since: date
    until: date
    lengths: tuple[Fraction, ...]
    new: Fraction | None

    def forward(self, level: Fraction, churn: Fraction, each: Fraction) -> Fraction:
        """A level at the end of the gap: a share is lost each month, and each of the usual new customers adds ``each``.

        >>> gap = Gap(since=date(2026, 10, 31), until=date(2027, 1, 1), lengths=(Fraction(1),) * 2, new=Fraction(10))
        >>> float(gap.forward(Fraction(100), Fraction(1, 10), Fraction(1)))
        100.0
        """
        for length in self.lengths:
            level += length * ((self.new or 0) * each - level * churn)
        return level


class Cash(Struct, frozen=True, kw_only=True):
    """What was ``paid`` over some months, beside the sum of the ``mrr`` at their ends."""

    paid: Fraction
    mrr: Fraction
    months: tuple[str, str]


class Measured(Struct, frozen=True, kw_only=True):
    """What the exports say, as far as a plan asks: pooled rates, the mix of channels, the best and the usual months.

    ``pooled`` and ``of_channel`` give for each assumption the figure or the reason why there is none; ``new_paid`` is
    of the window, by channel; ``season`` is how new PU lie over the calendar months.  ``ever`` are the
    channels that ever had any of a stage, by its key; a stage that is not told by channel is not in it.
    ``cohorts`` are of each rate, by month, those who did and those who could; ``amounts`` what each new customer of
    the window brought a month, none where that is not known of all. ``cash`` is None where the exports do not tell
    what was paid. With ``mix_of_deals``, ``new_paid`` are deals won.
    """

    pooled: Mapping[AnyKey, Pooled | Missing] = field(default_factory=dict)
    of_channel: Mapping[Channel, Mapping[AnyKey, Pooled | Missing]] = field(default_factory=dict)
    new_paid: Mapping[Channel, int] = field(default_factory=dict)
    gap: Gap | None = None
    best: Mapping[tuple[str, Channel | None], Best] = field(default_factory=dict)
    season: Season | None = None
    ever: Mapping[str, frozenset[Channel]] = field(default_factory=dict)
    cash: Cash | None = None
    cohorts: Mapping[AnyKey, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    amounts: tuple[float, ...] = ()
    mix_of_deals: bool = False
    notes: tuple[Note, ...] = ()


class ChannelRate(Struct, frozen=True, kw_only=True):
    """The rate of one stage of one channel; ``pooled`` says why it takes the pooled one, None where it is its own.

    Of few, ``numerator`` of ``denominator``, the rate is filled up with ``filled`` more at the pooled rate.  A rate of
    None means that the stage is passed by: the channel brings people whom no visit shows, or no signup.
    """

    rate: Fraction | None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    filled: Fraction = Fraction(0)
    pooled: Text | None = None


class ChannelPlan(Struct, frozen=True, kw_only=True):
    """A channel's share of the new customers and its rates."""

    channel: Channel
    share: Fraction
    rates: Mapping[AnyKey, ChannelRate]


class PlanRow(Struct, frozen=True, kw_only=True):
    """One planned metric over the months, of the whole, a channel, a team, or a team's part in a channel.

    ``values`` and ``total`` are exact; None with a reason in ``missing``.  ``early`` are quotas of months before the
    plan begins, which the total leaves out.
    """

    metric: PlannedMetric
    channel: Channel | None
    team: str | None
    values: tuple[Fraction | None, ...]
    total: Fraction | None
    missing: Missing | None = None
    early: tuple[Fraction | None, ...] = ()

    def after(self, lead: int) -> "PlanRow":
        """The row whose first months are those before the plan."""
        early, values = self.values[:lead], self.values[lead:]
        if not lead:
            return self
        known = [value for value in values if value is not None]
        total = self.metric.over_range(known) if len(known) == len(values) else None
        return replace(self, early=early if any(early) else (), values=values, total=total)

    def of_last(self, months: int) -> list[Fraction | None]:
        """The figures of so many months up to the last one; of months before the first quota there are none."""
        known = [*self.early, *self.values]
        return [*[Fraction(0)] * (months - len(known)), *known]

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


class Variant(Struct, frozen=True, kw_only=True):
    """The plan under other assumptions: totals by planned metric, or why it cannot be."""

    name: str
    totals: Mapping[str, Fraction | None]
    unreachable: Text | None = None


class Lever(Struct, frozen=True, kw_only=True):
    """An assumption improved by a tenth: what is then ``needed`` of the ``stage`` that it can change, and ``now``.

    ``saved`` is the share saved before anything is rounded.
    """

    key: AnyKey
    value: Fraction
    stage: PlannedMetric
    now: Fraction
    needed: Fraction
    saved: Fraction

    @property
    def hidden(self) -> bool:
        """Whether it saves something that rounding to whole quotas hides."""
        return self.needed >= self.now


class BudgetItem(Struct, frozen=True, kw_only=True):
    """A part of a team's budget: ``quantity`` of a metric at a ``price`` each (the metric None: months of a fixed one).

    ``share`` is the share of a new customer's first year that the price is; None where it is an amount.
    """

    team: str
    metric: PlannedMetric | None
    quantity: Fraction
    price: Fraction
    share: Fraction | None = None

    @property
    def amount(self) -> Fraction:
        """What it comes to over the range."""
        return self.quantity * self.price


class Plan(Struct, frozen=True, kw_only=True):
    """A goal made into quotas, with all it stands on; of its ``past`` months the rows hold what happened.

    ``shares`` are those of the new customers that the other months have, none where amounts of revenue say it.
    ``lag`` is what it knows of the time that selling takes, None where it knows of none; ``confidence`` how sure it is;
    ``lead`` are the months before the plan that have quotas, too.  ``mix`` is what there is to say of a mix of channels
    that was chosen for it.
    """

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
    budget: tuple[BudgetItem, ...]
    notes: tuple[Note, ...]
    past: tuple[Period, ...] = ()
    shares: tuple[Fraction, ...] = ()
    lag: LagPlan | None = None
    confidence: Confidence | None = None
    lead: tuple[Period, ...] = ()
    mix: MixPlan | None = None

    def of(self, *, team: str | None = None, channel: Channel | None = None) -> Sequence[PlanRow]:
        """The rows of a team and channel, None standing for the whole."""
        return [row for row in self.rows if row.team == team and row.channel == channel]
