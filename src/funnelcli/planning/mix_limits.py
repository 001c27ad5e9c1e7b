"""What there is to choose a mix of channels from, and what whole signups of them come to, month by month.

Of the demos that are booked so many are held as the sellers can, those of the channels that win most of them in time
first; of these some become customers, each month end later so many.  All of it is counted in exact fractions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import accumulate

from msgspec import Struct

from funnelcli.planning.backsolve import Target
from funnelcli.planning.lag import Lag
from funnelcli.planning.means import Offer
from funnelcli.problems import BrokenIdentityError
from funnelcli.text import Message
from funnelcli.values.channels import Channel

ZERO = Fraction(0)
Signups = Mapping[Channel, Sequence[int]]
Held = Mapping[Channel, Sequence[Fraction]]


class Way(Struct, frozen=True, kw_only=True):
    """How the signups of a channel go on, to ``demos`` and from there to customers who have ``paid``; what they cost.

    By month, from the first that has signups on: ``came`` are the signups so far, ``booked`` the demos that those in
    hand have still to book, ``won`` the customers of those who have booked theirs before.  A channel of those in hand
    alone has no ``offer``.
    """

    channel: Channel
    demos: Lag
    paid: Lag
    offer: Offer
    came: tuple[int, ...] = ()
    booked: tuple[Fraction, ...] = ()
    won: tuple[Fraction, ...] = ()

    @property
    def to_demo(self) -> Fraction:
        """The share of signups that book a demo."""
        return Fraction(self.demos.reached)

    @property
    def to_paid(self) -> Fraction:
        """The share of demos that become customers."""
        return Fraction(self.paid.reached)

    def offer_in(self, month: int) -> Offer:
        """The signups that there still are in a month."""
        return self.offer.after(self.came[month]) if self.came else self.offer

    def cost(self, month: int, signups: int) -> Fraction | None:
        """What so many further signups of a month cost, with those who came so far; None where there are not so many.

        Those who came above the cap cost nothing that is known.
        """
        further = self.offer_in(month).cost(signups)
        came = self.came[month] if self.came else 0
        spent = self.offer.cost(came if self.offer.cap is None else min(came, self.offer.cap))
        return None if further is None or spent is None else spent + further


class Limits(Struct, frozen=True, kw_only=True):
    """What can be had: the ways there are, the demos that can be held in each month, None where nobody said.

    ``budget`` is what all signups may cost, ``most_new`` the customers that can be won in a month.  The first ``lead``
    months are those before the plan.  ``held`` are the demos of each month so far, beside those that can still be held.
    """

    ways: tuple[Way, ...]
    demos: tuple[Fraction | int | None, ...]
    budget: Fraction | None = None
    most_new: int | None = None
    lead: int = 0
    held: tuple[Fraction, ...] = ()

    @property
    def months(self) -> int:
        """How many months there are."""
        return len(self.demos)

    @property
    def bought(self) -> tuple[Way, ...]:
        """The ways that have signups to be bought."""
        return tuple(way for way in self.ways if way.offer.steps)

    @property
    def takes_time(self) -> bool:
        """Whether anybody gets on in a later month."""
        return any(len(way.demos.shares) + len(way.paid.shares) > 2 for way in self.ways)

    def won(self, month: int) -> Fraction:
        """The customers of a month who have booked their demo before all of them."""
        return sum((way.won[month] for way in self.ways if way.won), ZERO)

    def none(self) -> dict[Channel, tuple[int, ...]]:
        """No signups."""
        return {way.channel: (0,) * self.months for way in self.ways}


class Needed(Struct, frozen=True, kw_only=True):
    """What the customers of the months have to come to: the ``goal``, and so many in ``months``, where these are given.

    Months are running totals, so that a customer may come early and not late; with ``by_month`` each by itself.
    """

    goal: Target
    months: tuple[Fraction, ...] = ()
    by_month: bool = False

    def is_met(self, customers: Sequence[Fraction]) -> bool:
        """Whether so many customers of each month are enough.

        >>> from funnelcli.planning.backsolve import new_customers
        >>> needed = Needed(goal=new_customers(Fraction(2), 2), months=(Fraction(1), Fraction(1)))
        >>> needed.is_met([Fraction(2), ZERO]), needed.is_met([ZERO, Fraction(2)])
        (True, False)
        """
        came = customers if self.by_month else list(accumulate(customers))
        least = self.months if self.by_month else list(accumulate(self.months))
        in_months = all(number >= need for number, need in zip(came, least, strict=False))
        return in_months and self.goal.reached(customers) >= self.goal.need


class Mix(Struct, frozen=True, kw_only=True):
    """Whole signups of each channel by month; ``floor`` is the least that any could cost, ``cost`` where ``proven``.

    ``held`` are the demos that are held where these are not those of the channels that win most of them first.
    """

    signups: Mapping[Channel, tuple[int, ...]]
    cost: Fraction
    proven: bool
    floor: Fraction
    held: Mapping[Channel, tuple[Fraction, ...]] | None = None


class Course:
    """What signups come to: the demos ``held`` of each channel and the ``customers``, by month, while they are changed.

    >>> from funnelcli.planning.means import Step
    >>> offer, later = Offer(steps=(Step(signups=None, each=Fraction(3)),)), Lag(shares=(Fraction(0), Fraction(1, 2)))
    >>> paid = Way(channel=Channel.PAID, demos=Lag(shares=(Fraction(1),)), paid=later, offer=offer)
    >>> course = Course(Limits(ways=(paid,), demos=(6, 6)), {Channel.PAID: (8, 0)})
    >>> [int(number) for number in course.customers]
    [0, 3]
    """

    def __init__(self, limits: Limits, signups: Signups, held: Held | None = None) -> None:
        self.limits = limits
        self.signups = {way.channel: list(signups[way.channel]) for way in limits.ways}
        self.held = {way.channel: [ZERO] * limits.months for way in limits.ways}
        self.customers = [limits.won(month) for month in range(limits.months)]
        self._order = [_best_first(limits, month) for month in range(limits.months)]
        self._later = max(len(way.demos.shares) for way in limits.ways)
        if limits.most_new is not None and any(len(way.paid.shares) > 1 for way in limits.ways):
            self._later = limits.months  # more demos of a month leave room for fewer customers of those after it
        if held is None:
            self._run(0, limits.months)
            return
        for way in limits.ways:
            for month, number in enumerate(held[way.channel]):
                self._hold(way, month, number)

    @property
    def planned(self) -> list[Fraction]:
        """The customers of the months of the plan."""
        return self.customers[self.limits.lead :]

    def fresh(self, way: Way) -> Fraction:
        """The customers of the plan's months whom the demos of a channel bring."""
        lead, months = self.limits.lead, self.limits.months
        return sum(
            (
                number * share
                for month, number in enumerate(self.held[way.channel])
                for later, share in enumerate(way.paid.shares)
                if lead <= month + later < months
            ),
            ZERO,
        )

    def booked(self, way: Way, month: int) -> Fraction:
        """The demos that are booked in a month."""
        numbers, first = self.signups[way.channel], way.booked[month] if way.booked else ZERO
        shares = way.demos.shares[: month + 1]
        return sum((share * numbers[month - later] for later, share in enumerate(shares)), first)

    def shift(self, channel: Channel, month: int, number: int) -> None:
        """Add signups to those of a month, or take some off."""
        self.signups[channel][month] += number
        self._run(month, min(month + self._later, self.limits.months))

    def _run(self, first: int, end: int) -> None:
        if self.limits.most_new is not None:  # nobody is won of those who are to be held anew
            for month in range(first, end):
                for way in self.limits.ways:
                    self._hold(way, month, ZERO)
        for month in range(first, end):
            left = self.limits.demos[month]
            for way in self._order[month]:
                number = self.booked(way, month)
                if left is not None:
                    number = min(number, Fraction(left))
                    left -= number
                self._hold(way, month, min(number, self._wins(way, month, number)))

    def _wins(self, way: Way, month: int, number: Fraction) -> Fraction:
        """Of some demos those that bring no more customers than can be won."""
        if self.limits.most_new is None:
            return number
        for later, share in enumerate(way.paid.shares[: self.limits.months - month]):
            if share:
                number = min(number, max(self.limits.most_new - self.customers[month + later], ZERO) / share)
        return number

    def _hold(self, way: Way, month: int, number: Fraction) -> None:
        more = number - self.held[way.channel][month]
        if more:
            self.held[way.channel][month] = number
            for later, share in enumerate(way.paid.shares[: self.limits.months - month]):
                self.customers[month + later] += more * share


def _best_first(limits: Limits, month: int) -> list[Way]:
    """The channels by the share of a month's demos that become customers in the months of the plan."""
    first, end = max(limits.lead - month, 0), limits.months - month
    in_time = {way.channel: sum(way.paid.shares[first:end], ZERO) for way in limits.ways}
    return sorted(limits.ways, key=lambda way: -in_time[way.channel])


def cost_of(limits: Limits, signups: Signups) -> Fraction:
    """What signups cost, counted month by month as an offer has it.  BrokenIdentityError above what there is."""
    costs = [way.cost(month, number) for way in limits.ways for month, number in enumerate(signups[way.channel])]
    if None in costs:
        raise BrokenIdentityError(NOT_EXACT)
    return sum((cost for cost in costs if cost is not None), ZERO)


NOT_EXACT = Message("The mix that was found is not within its bounds, counted exactly.")


def early_cost_of(limits: Limits, signups: Signups) -> Fraction:
    """What of it the signups of months before the plan cost."""
    early = {channel: numbers[: limits.lead] for channel, numbers in signups.items()}
    return cost_of(limits, early)


def course_of(limits: Limits, mix: Mix) -> Course:
    """What a mix comes to."""
    return Course(limits, mix.signups, mix.held)


def brought(limits: Limits, signups: Signups) -> list[Fraction]:
    """The new customers that signups, and those in hand, bring in each month of the plan, expected exactly."""
    return Course(limits, signups).planned
