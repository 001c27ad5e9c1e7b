"""The mix of channels that costs least: whole signups of each channel in each month, within all that bounds them.

Of the demos that signups book so many bring customers as the sellers can hold, those of the channels that win most of
them first.  What the solver finds is counted again in exact fractions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate

from msgspec import Struct

from funnelcli.planning.backsolve import Target
from funnelcli.planning.means import Offer
from funnelcli.problems import BrokenIdentityError
from funnelcli.stats.whole import PATIENCE, Bound, UndecidedError, cheapest, relaxed
from funnelcli.text import Message
from funnelcli.values.channels import Channel

ZERO = Fraction(0)
Signups = Mapping[Channel, Sequence[int]]


class Way(Struct, frozen=True, kw_only=True):
    """How the signups of a channel go on: the shares ``to_demo`` and ``to_paid``, and what they cost."""

    channel: Channel
    to_demo: Fraction
    to_paid: Fraction
    offer: Offer


class Limits(Struct, frozen=True, kw_only=True):
    """What can be had: the ways there are, the demos that can be held in each month, None where nobody said.

    ``budget`` is what all signups may cost, ``most_new`` the customers that can be won in a month.
    """

    ways: tuple[Way, ...]
    demos: tuple[int | None, ...]
    budget: Fraction | None = None
    most_new: int | None = None

    @property
    def months(self) -> int:
        """How many months there are."""
        return len(self.demos)


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
    """Whole signups of each channel by month; ``floor`` is the least that any could cost, ``cost`` where ``proven``."""

    signups: Mapping[Channel, tuple[int, ...]]
    cost: Fraction
    proven: bool
    floor: Fraction


def cheapest_mix(limits: Limits, needed: Needed, *, patience: int = PATIENCE) -> Mix | None:
    """The mix that costs least and brings what is needed; None where none does.  UndecidedError where none was best.

    >>> from funnelcli.planning.backsolve import new_customers
    >>> from funnelcli.planning.means import Step
    >>> offer = Offer(steps=(Step(signups=50, each=Fraction(3)),))
    >>> paid = Way(channel=Channel.PAID, to_demo=Fraction(1, 2), to_paid=Fraction(1, 5), offer=offer)
    >>> mix = cheapest_mix(Limits(ways=(paid,), demos=(20,)), Needed(goal=new_customers(Fraction(3), 1)))
    >>> mix.signups, mix.cost
    ({<Channel.PAID: 'paid'>: (30,)}, Fraction(90, 1))
    """
    asked = _Question(limits, first_held=len(list(_places(limits))))

    def is_enough(numbers: Sequence[int]) -> bool:
        signups = asked.signups(numbers)
        afforded = limits.budget is None or cost_of(limits, signups) <= limits.budget
        return afforded and needed.is_met(brought(limits, signups))

    costs, most = [place.each for place in asked.places], [place.most for place in asked.places]
    try:
        best = cheapest(costs, most, [*asked.bounds(), *asked.needs(needed)], is_enough, patience)
    except UndecidedError:
        raise
    except ArithmeticError:
        raise BrokenIdentityError(_NOT_EXACT) from None
    if best is None:
        return None
    signups = asked.signups(best.numbers)
    if cost_of(limits, signups) != best.cost:
        raise BrokenIdentityError(_NOT_EXACT)
    return Mix(signups=signups, cost=best.cost, proven=best.proven, floor=best.floor)


_NOT_EXACT = Message("The mix that was found is not within its bounds, counted exactly.")


def most_new(
    limits: Limits, shares: Sequence[Fraction], *, by_month: bool, patience: int = PATIENCE
) -> tuple[int, Needed, Mix] | None:
    """The most whole new customers that the budget and the sellers allow, and the cheapest mix that brings them.

    ``shares`` are those of the months in them, none where these are free.  None where nothing bounds them.
    """
    places = len(list(_places(limits)))
    asked, new = _Question(limits, first_held=places + 1), places  # their number is chosen beside those of the signups
    bounds = [*asked.bounds(), Bound(weights={**asked.customers(range(limits.months)), new: Fraction(-1)}, least=ZERO)]
    for month, share in enumerate(shares if by_month else accumulate(shares)):
        came = asked.customers([month] if by_month else range(month + 1))
        bounds.append(Bound(weights={**came, new: -share}, least=ZERO))
    most = relaxed([*[ZERO] * places, Fraction(-1)], [*(place.most for place in asked.places), None], bounds)
    if most is None:
        return None
    for number in range(int(1e-6 - most[0]), -1, -1):
        needed = _needed(number, shares, limits.months, by_month=by_month)
        try:
            mix = cheapest_mix(limits, needed, patience=patience)
        except UndecidedError:
            continue
        if mix is not None:
            return number, needed, mix
    raise BrokenIdentityError(_NOT_EXACT)


def _needed(number: int, shares: Sequence[Fraction], months: int, *, by_month: bool) -> Needed:
    """So many new customers in some shape."""
    goal = Target(base=ZERO, gain=(Fraction(1),) * months, need=Fraction(number))
    return Needed(goal=goal, months=tuple(share * number for share in shares), by_month=by_month)


class Furthest(Struct, frozen=True, kw_only=True):
    """How far one gets: what a goal reaches at most, and the signups, not whole, that reach it."""

    reached: float
    signups: Mapping[Channel, tuple[float, ...]]


def furthest(limits: Limits, goal: Target) -> Furthest | None:
    """The most of a goal, where signups need not be whole; None where nothing bounds it.

    >>> from funnelcli.planning.backsolve import new_customers
    >>> from funnelcli.planning.means import Step
    >>> offer = Offer(steps=(Step(signups=50, each=Fraction(3)),))
    >>> paid = Way(channel=Channel.PAID, to_demo=Fraction(1, 2), to_paid=Fraction(1, 5), offer=offer)
    >>> round(furthest(Limits(ways=(paid,), demos=(20,)), new_customers(Fraction(9), 1)).reached, 6)
    4.0
    """
    places = len(list(_places(limits)))
    asked, worth = _Question(limits, first_held=places + 1), places
    gained = {
        place: weight * goal.gain[month]
        for month in range(limits.months)
        for place, weight in asked.customers([month]).items()
    }
    bounds = [*asked.bounds(), Bound(weights={**gained, worth: Fraction(-1)}, least=ZERO)]
    most = relaxed([*[ZERO] * places, Fraction(-1)], [*(place.most for place in asked.places), None], bounds)
    if most is None:
        return None
    signups = {way.channel: [0.0] * limits.months for way in limits.ways}
    for place, number in zip(asked.places, most[1], strict=False):
        signups[place.way.channel][place.month] += number
    return Furthest(reached=float(goal.base) - most[0], signups={c: tuple(n) for c, n in signups.items()})


# --- the question as bounds ------------------------------------------------------------------------------------------


class _Place(Struct, frozen=True, kw_only=True):
    """One number that is chosen: the signups of a step of a channel in a month."""

    way: Way
    month: int
    most: int | None
    each: Fraction


def _places(limits: Limits) -> Iterator[_Place]:
    for month in range(limits.months):
        for way in limits.ways:
            for step in way.offer.steps:
                yield _Place(way=way, month=month, most=step.signups, each=step.each)


class _Question:
    """The numbers that are chosen, by their places, and what bounds them; from ``first_held`` on stand the demos held.

    Of each month and channel no more demos are held than its signups book.
    """

    def __init__(self, limits: Limits, first_held: int) -> None:
        self.limits = limits
        self.places = list(_places(limits))
        self.first_held = first_held

    def signups(self, numbers: Sequence[int]) -> dict[Channel, tuple[int, ...]]:
        """The signups of each channel by month."""
        signups = {way.channel: [0] * self.limits.months for way in self.limits.ways}
        for place, number in zip(self.places, numbers, strict=True):
            signups[place.way.channel][place.month] += number
        return {channel: tuple(months) for channel, months in signups.items()}

    def held(self, month: int) -> dict[int, Fraction]:
        """The demos held in a month, by the channels."""
        first = self.first_held + month * len(self.limits.ways)
        return {first + number: Fraction(1) for number in range(len(self.limits.ways))}

    def customers(self, months: Sequence[int]) -> dict[int, Fraction]:
        """The customers of some months, by the demos that bring them."""
        return {
            place: way.to_paid
            for month in months
            for place, way in zip(self.held(month), self.limits.ways, strict=True)
        }

    def bounds(self) -> Iterator[Bound]:
        """What can be had."""
        for month, most in enumerate(self.limits.demos):
            for held, way in zip(self.held(month), self.limits.ways, strict=True):
                booked = {
                    number: way.to_demo
                    for number, place in enumerate(self.places)
                    if place.month == month and place.way is way
                }
                yield Bound(weights={**booked, held: Fraction(-1)}, least=ZERO)
            if most is not None:
                yield Bound(weights=self.held(month), most=Fraction(most))
            if self.limits.most_new is not None:
                yield Bound(weights=self.customers([month]), most=Fraction(self.limits.most_new))
        if self.limits.budget is not None:
            costs = {number: place.each for number, place in enumerate(self.places)}
            yield Bound(weights=costs, most=self.limits.budget)

    def needs(self, needed: Needed) -> Iterator[Bound]:
        """What is needed."""
        goal = needed.goal
        worth = {
            place: weight * goal.gain[month]
            for month in range(self.limits.months)
            for place, weight in self.customers([month]).items()
        }
        yield Bound(weights=worth, least=goal.need - goal.base)
        for month, least in enumerate(needed.months if needed.by_month else accumulate(needed.months)):
            if least > 0:
                yield Bound(weights=self.customers([month] if needed.by_month else range(month + 1)), least=least)


# --- counted exactly -------------------------------------------------------------------------------------------------


def cost_of(limits: Limits, signups: Signups) -> Fraction:
    """What signups cost, counted month by month as an offer has it.  BrokenIdentityError above what there is."""
    costs = [way.offer.cost(number) for way in limits.ways for number in signups[way.channel]]
    if None in costs:
        raise BrokenIdentityError(_NOT_EXACT)
    return sum((cost for cost in costs if cost is not None), ZERO)


def held_in(limits: Limits, signups: Signups, month: int) -> dict[Channel, Fraction]:
    """The demos of each channel that are held in a month, expected exactly: those that win most of them first."""
    held: dict[Channel, Fraction] = {}
    left, new = limits.demos[month], limits.most_new
    most = None if left is None else Fraction(left)
    wins = None if new is None else Fraction(new)
    for way in sorted(limits.ways, key=lambda way: -way.to_paid):
        number = way.to_demo * signups[way.channel][month]
        if most is not None:
            number = min(number, most)
            most -= number
        if wins is not None and way.to_paid:
            number = min(number, wins / way.to_paid)
            wins -= number * way.to_paid
        held[way.channel] = number
    return held


def held_of(limits: Limits, signups: Signups) -> dict[Channel, list[Fraction]]:
    """The demos of each channel that are held in each month, in the order in which the channels are declared."""
    months = [held_in(limits, signups, month) for month in range(limits.months)]
    return {way.channel: [month[way.channel] for month in months] for way in limits.ways}


def customers_in(limits: Limits, signups: Signups, month: int) -> Fraction:
    """The new customers that signups bring in a month, expected exactly."""
    held = held_in(limits, signups, month)
    return sum((way.to_paid * held[way.channel] for way in limits.ways), ZERO)


def brought(limits: Limits, signups: Signups) -> list[Fraction]:
    """The new customers that signups bring in each month, expected exactly."""
    return [customers_in(limits, signups, month) for month in range(limits.months)]
