"""The time that selling takes in a plan: what is known of it, and the quotas that a plan makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate

from msgspec import Struct, field

from funnelcli.planning.declare import PlannedMetric
from funnelcli.planning.keys import AnyKey
from funnelcli.planning.lag import InHand, Lag, brought_by, forward
from funnelcli.planning.metrics import stages
from funnelcli.planning.placing import Due, left_of
from funnelcli.values.channels import Channel
from funnelcli.values.figures import Unit
from funnelcli.values.lags import LagCounts
from funnelcli.values.periods import Grain, Period, shift

ZERO = Fraction(0)


def people_stages() -> tuple[PlannedMetric, ...]:
    """The stages that people come to one after the other, each in its own month: all but visits, which name nobody."""
    return tuple(stage for stage in reversed(stages()) if stage.unit is not Unit.VISITS)


class ChannelTime(Struct, frozen=True, kw_only=True):
    """What is known of the people of a channel: their own ``lags``, who of them is on the way, and who entered.

    ``few`` are the rates at which too few of them got on to tell how long they take: those take as long as all.
    """

    lags: Mapping[AnyKey, Lag] = field(default_factory=dict)
    few: tuple[AnyKey, ...] = ()
    hand: InHand = InHand()
    entered: Mapping[str, Mapping[int, Fraction]] = field(default_factory=dict)


class SellingTime(Struct, frozen=True, kw_only=True):
    """How long a plan takes from stage to stage, and who is on the way when it is made.

    ``lags`` are by the rate of the stage that goes on; of each only the course in time counts, the rate is the plan's.
    ``hand`` has its stages by their places among those that people come to; ``entered`` are all who came to each stage,
    by its key, in each month (0 is the first planned).  ``lead`` is how many months before the plan are not over yet:
    they have quotas, too.  ``of_channel`` is the same of each channel, unknown ones too, none where nobody tells.
    With ``booked_at_once`` who signed up and is open is taken to have had the share of demos that the rate says.
    """

    lags: Mapping[AnyKey, Lag]
    hand: InHand = InHand()
    entered: Mapping[str, Mapping[int, Fraction]] = field(default_factory=dict)
    lead: int = 0
    of_channel: Mapping[Channel, ChannelTime] = field(default_factory=dict)
    booked_at_once: bool = False


def lead_of(day: date, begins: Period) -> int:
    """How many months before the one in which a plan begins are not over on a day.

    >>> from funnelcli.values.periods import month_of
    >>> [lead_of(date(2025, month, day), month_of(date(2026, 1, 1))) for month, day in ((12, 31), (12, 30), (11, 30))]
    [0, 1, 1]
    """
    after = day + timedelta(days=1)
    return max((begins.start.year - after.year) * 12 + begins.start.month - after.month, 0)


def months_before(first: Period, number: int) -> tuple[Period, ...]:
    """So many months before the first one of a plan.

    >>> from funnelcli.values.periods import month_of
    >>> [month.key for month in months_before(month_of(date(2026, 1, 1)), 2)]
    ['2025-11', '2025-12']
    """
    return tuple(shift(first, -before, Grain.MONTH) for before in range(number, 0, -1))


class MeasuredLag(Struct, frozen=True, kw_only=True):
    """The time that selling takes, the counts by the rate that it is made of, and the months that these are of.

    ``of_channel`` are the counts of each channel; ``members`` are the signups of these months, ``until`` is the day up
    to which is known what became of them.
    """

    time: SellingTime
    counts: Mapping[AnyKey, LagCounts]
    of_channel: Mapping[Channel, Mapping[AnyKey, LagCounts]]
    members: int
    months: tuple[str, str]
    until: date


class LagPart(Struct, frozen=True, kw_only=True):
    """The part of a ``channel`` in a plan that knows the time it takes; of None it is all of it.

    Its people come to the stage ``top`` of the chain first, the whole ``entrants`` of each month, which lie over the
    months, and beside those of other parts, as ``spread`` does; ``reached`` is who
    comes to each stage of the chain, those in ``hand`` among them.  ``steps`` are the lags of its rates, ``few`` those
    of the rates at which too few of its own got on, so that they are those of all.  The rest is as in the whole plan.
    """

    channel: Channel | None
    share: Fraction
    top: int
    lag: Lag
    steps: tuple[tuple[AnyKey, Lag], ...]
    few: tuple[AnyKey, ...]
    entrants: tuple[int, ...]
    spread: tuple[Fraction, ...]
    came: Mapping[int, Fraction]
    hand: InHand
    reached: tuple[tuple[Fraction, ...], ...]
    credit: tuple[Fraction, ...]
    brought: tuple[Fraction, ...]
    due: tuple[Due, ...]
    open: tuple[Fraction, ...]

    @property
    def after_end(self) -> Fraction:
        """The customers whom its quotas bring only after the end."""
        left = [self.lag.reached - self.lag.by(month) for month in reversed(range(len(self.entrants)))]
        return sum((n * late for n, late in zip(self.entrants, left, strict=True)), ZERO)


class LagPlan(Struct, frozen=True, kw_only=True):
    """The quotas of a plan that knows the time it takes, and what they stand on.

    ``entrants`` are those of the ``top`` stage, the first of the ``chain``, that are needed in each month from the
    ``lead`` ones before the plan on, beside those who came so far; None where nobody who enters from now on gets on in
    time: then no stage before the customers has ``quotas``, which count those who came, too.  ``needs`` are the new
    customers of each month that the goal needs if they took no time, ``credit`` those that the ones in hand bring,
    ``brought`` these and those of the entrants. ``weights`` are what is needed of entrants, from months before the
    plan to its last. ``lag`` is from the top to the customer,
    ``steps`` are those of its rates. ``before_rounding`` are the entrants it takes exactly, ``open`` those who are
    in hand at each stage and may still get on.  ``parts`` are those of the channels, or one of all; they sum to it.
    """

    chain: tuple[PlannedMetric, ...]
    steps: tuple[tuple[AnyKey, Lag], ...]
    lag: Lag
    entrants: tuple[int, ...] | None
    quotas: Mapping[str, list[int] | None]
    needs: tuple[int, ...]
    new: tuple[int, ...]
    credit: tuple[Fraction, ...]
    brought: tuple[Fraction, ...]
    weights: tuple[Fraction, ...]
    due: tuple[Due, ...]
    before_rounding: Fraction
    open: tuple[Fraction, ...] = ()
    parts: tuple[LagPart, ...] = ()
    lead: int = 0

    @property
    def top(self) -> PlannedMetric:
        """The stage that people enter first."""
        return self.chain[0]

    @property
    def takes_no_time(self) -> bool:
        """Whether it is the plan that knows no time: all get on in the month they come, and nobody is in hand."""
        return not any(self.lag.shares[1:]) and not any(self.credit) and not self.lead

    @property
    def months(self) -> int:
        """The months of the plan."""
        return len(self.needs)

    @property
    def in_time(self) -> Fraction:
        """Of those who ever get on, the share that does by the end, if they enter in the first month with quotas."""
        return Fraction(self.lag.by(self.lead + self.months - 1) / self.lag.reached)

    @property
    def after_end(self) -> Fraction:
        """The customers whom the quotas bring only after the end."""
        return sum((part.after_end for part in self.parts), ZERO) if self.entrants is not None else ZERO

    @property
    def covers(self) -> Fraction | None:
        """What those in hand bring of what is needed; None where nothing is."""
        needed = sum(self.needs)
        return sum(self.credit, ZERO) / needed if needed else None

    @property
    def need_left(self) -> Fraction:
        """The entrants that what is left of the need takes, were none of them late."""
        return Fraction(sum(left_of(self.needs, self.credit), ZERO) / self.lag.reached)

    def plain_brings(self, entrants: Sequence[int]) -> Fraction:
        """What other quotas of the top would bring by the end, with those in hand."""
        entering: list[list[Fraction]] = [[Fraction(n) for n in entrants], [ZERO] * self.months]
        return sum(forward(entering, [self.lag])[1], ZERO) + sum(self.credit, ZERO)

    def months_until(self, entrants: Sequence[int]) -> int:
        """How many months it takes until other quotas, and those in hand, have brought what is needed."""
        months = len(entrants) + len(self.lag.shares)
        entering = [[Fraction(n) for n in [*entrants, *[0] * len(self.lag.shares)]], [ZERO] * months]
        fresh = forward(entering, [self.lag])[1]
        in_hand = [
            brought_by(part.hand, [lag for _, lag in part.steps], months, self.lead)[-1][self.lead :]
            for part in self.parts
        ]
        running = accumulate(sum(month, ZERO) for month in zip(fresh, *in_hand, strict=True))
        goal = Fraction(sum(self.needs))
        return next((month + 1 for month, brought in enumerate(running) if brought >= goal), months)
