"""What is known of a firm when it is run on as it is: who came by month, how fast they got on, who is on the way."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from msgspec import Struct, field

from funnelcli.planning.lag import InHand
from funnelcli.values.lags import LagCounts
from funnelcli.values.periods import Period

SIGNUPS, DEMOS, NEW = "new_signups", "new_demo_bookings", "new_paid_users"
BACK, LOST = "reactivated_paid_users", "churned_paid_users"
PAYING, MRR = "closing_paid_users", "closing_mrr_amount"
# Why people are not followed on to the next stage: too few came so far, none of them got on, more than all would.
Unfollowed = Literal["few", "none", "uneven"]


class Stream(Struct, frozen=True, kw_only=True):
    """How many came in each of some consecutive months, the last of them the one before the forecast.

    ``spikes`` are the places of months far above the others, and what is usual there.
    """

    months: tuple[Period, ...]
    numbers: tuple[int, ...]
    spikes: Mapping[int, float] = field(default_factory=dict)

    @property
    def spiked(self) -> list[Period]:
        """The months of spikes."""
        return [self.months[place] for place in self.spikes]

    @property
    def usual(self) -> list[float]:
        """The numbers, those of spikes as is usual there."""
        return [self.spikes.get(place, float(number)) for place, number in enumerate(self.numbers)]


class Getting(Struct, frozen=True, kw_only=True):
    """How those in a stage get on to the next: by lag, and by month of those whose lags are over (did, of).

    Taken at so many ``times`` that rate.
    """

    counts: LagCounts
    cohorts: tuple[tuple[int, int], ...] = ()
    times: float = 1.0


class Worth(Struct, frozen=True, kw_only=True):
    """What customers bring a month: each new one lately one of the ``amounts``, in units of the currency.

    Of all who pay the ``largest`` stand by themselves, and the others have a standard deviation of ``apart``; None
    where what each brings is not known.  A lost customer takes ``lost_rate`` times what the average one brings, known
    of ``lost_of`` of them; what the others bring ``grows`` by one of these shares a month.
    """

    amounts: tuple[float, ...] = ()
    largest: tuple[float, ...] = ()
    apart: float | None = None
    lost_rate: float = 1.0
    lost_of: int = 0
    grows: tuple[float, ...] = (0.0,)

    @property
    def mean(self) -> float:
        """What a new customer brings in the mean; only where some amounts are known."""
        return sum(self.amounts) / len(self.amounts)


class Past(Struct, frozen=True, kw_only=True):
    """All that is known when the forecast ``begins``, of whose first month ``elapsed`` may be over already.

    ``stages`` are those that people are followed through, from the signup on; ``steps`` lie between them; why not
    through the one after, where there is any, is ``unfollowed``.  Of those who come to the stage of demos ``had``
    (did, of) have one.  ``streams`` are those who come, by figure: of the first stage all, of later ones those who
    come another way.  ``so_far`` are the figures of the month that runs.  Those ``lost`` stand beside those paying at
    its start in the ``churn`` of each of the latest months without spikes; from now on ``losses`` times as many are
    lost.
    """

    begins: Period
    elapsed: Fraction = Fraction(0)
    so_far: Mapping[str, float] = field(default_factory=dict)
    streams: Mapping[str, Stream] = field(default_factory=dict)
    stages: tuple[str, ...] = ()
    steps: tuple[Getting, ...] = ()
    unfollowed: Unfollowed = "few"
    had: tuple[int, int] = (0, 0)
    hand: InHand = InHand()
    lost: Stream = Stream(months=(), numbers=())
    churn: tuple[tuple[int, int], ...] = ()
    losses: float = 1.0
    customers: int | None = None
    mrr: float | None = None
    worth: Worth = Worth()

    @property
    def has_worth(self) -> bool:
        """Whether it is known what customers bring: the new ones, or else those who pay."""
        return self.mrr is not None and bool(self.worth.amounts or self.customers)

    @property
    def churn_rate(self) -> float:
        """The share lost of those who pay at the start of a month; only where some months are known."""
        return sum(lost for lost, _ in self.churn) / sum(paying for _, paying in self.churn)
