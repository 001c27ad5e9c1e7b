"""The mix of channels that costs least: whole signups of each channel in each month, within all that bounds them.

Demos come, and customers, so long after the signups as selling takes; what the sellers can hold bounds the month in
which they come.  What the solver finds is counted again in exact fractions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate

from msgspec import Struct

from funnelcli.planning.backsolve import Target
from funnelcli.planning.mix_limits import NOT_EXACT, ZERO, Course, Limits, Mix, Needed, Way, cost_of
from funnelcli.problems import BrokenIdentityError
from funnelcli.stats.whole import PATIENCE, Bound, UndecidedError, cheapest, relaxed
from funnelcli.values.channels import Channel

NeedOf = Callable[[int], Needed]
_NEAR = 3  # numbers tried one by one from the most that there could be


def cheapest_mix(limits: Limits, needed: Needed, *, patience: int = PATIENCE) -> Mix | None:
    """The mix that costs least and brings what is needed; None where none does.  UndecidedError where none was best.

    >>> from funnelcli.planning.backsolve import new_customers
    >>> from funnelcli.planning.lag import Lag
    >>> from funnelcli.planning.means import Offer, Step
    >>> half, fifth = (Lag(shares=(Fraction(1, part),)) for part in (2, 5))
    >>> offer = Offer(steps=(Step(signups=50, each=Fraction(3)),))
    >>> paid = Way(channel=Channel.PAID, demos=half, paid=fifth, offer=offer)
    >>> mix = cheapest_mix(Limits(ways=(paid,), demos=(20,)), Needed(goal=new_customers(Fraction(3), 1)))
    >>> mix.signups, mix.cost
    ({<Channel.PAID: 'paid'>: (30,)}, Fraction(90, 1))
    """
    spent, none = cost_of(limits, limits.none()), limits.none()
    if (limits.budget is None or spent <= limits.budget) and needed.is_met(Course(limits, none).planned):
        return Mix(signups=none, cost=spent, proven=True, floor=spent)
    asked = _Question(limits)

    def course(numbers: Sequence[int], held: Sequence[float]) -> Course | None:
        signups = asked.signups(numbers)
        if limits.budget is not None and cost_of(limits, signups) > limits.budget:
            return None
        best_first = Course(limits, signups)
        if needed.is_met(best_first.planned):
            return best_first
        other = asked.course(signups, held) if limits.takes_time else best_first
        return other if needed.is_met(other.planned) else None

    costs, most = [place.each for place in asked.places], [place.most for place in asked.places]
    if not costs:
        return None
    bounds = [*asked.bounds(), *asked.needs(needed)]
    try:
        best = cheapest(costs, most, bounds, lambda numbers, held: course(numbers, held) is not None, patience)
    except UndecidedError:
        raise
    except ArithmeticError:
        raise BrokenIdentityError(NOT_EXACT) from None
    if best is None:
        return None
    signups, run = asked.signups(best.numbers), course(best.numbers, best.further)
    if run is None or cost_of(limits, signups) != best.cost + spent:
        raise BrokenIdentityError(NOT_EXACT)
    usual = run.held == Course(limits, signups).held
    return Mix(
        signups=signups, cost=best.cost + spent, proven=best.proven, floor=best.floor + spent,
        held=None if usual else {channel: tuple(months) for channel, months in run.held.items()},
    )  # fmt: skip


def most_new(
    limits: Limits, shares: Sequence[Fraction], need_of: NeedOf, *, by_month: bool, patience: int = PATIENCE
) -> tuple[int, Needed, Mix] | None:
    """The most whole new customers that the budget and the sellers allow, and the cheapest mix that brings them.

    ``need_of`` says what so many need of the months; of them each month has its one of ``shares``, none where they are
    free, or bound otherwise.  None where nothing bounds them.
    """
    asked = _Question(limits, further=1)
    new, planned = len(asked.places), range(limits.lead, limits.months)  # the number is chosen beside the signups
    bounds = [*asked.bounds(), asked.at_least(ZERO, asked.worth(planned), {new: Fraction(-1)}, planned)]
    for place, share in enumerate(shares if by_month else accumulate(shares)):
        months = [planned[place]] if by_month else planned[: place + 1]
        bounds.append(asked.at_least(ZERO, asked.worth(months), {new: -share}, months))
    most = relaxed([*[ZERO] * new, Fraction(-1)], [*(place.most for place in asked.places), None], bounds)
    if most is None:
        return None

    def of(number: int) -> tuple[int, Needed, Mix] | None:
        needed = need_of(number)
        try:
            mix = cheapest_mix(limits, needed, patience=patience)
        except UndecidedError:
            return None
        return None if mix is None else (number, needed, mix)

    return _largest(of, int(1e-6 - most[0]))


def _largest(of: Callable[[int], tuple[int, Needed, Mix] | None], most: int) -> tuple[int, Needed, Mix]:
    """The largest number that can be had, from the most that there could be down; more can never be had than fewer."""
    for number in range(most, max(most - _NEAR, -1), -1):
        if (best := of(number)) is not None:
            return best
    low, high, best = 0, max(most - _NEAR + 1, 1), of(0)
    if best is None:
        raise BrokenIdentityError(NOT_EXACT)
    while high - low > 1:
        middle = (low + high) // 2
        better = of(middle)
        low, high, best = (middle, high, better) if better is not None else (low, middle, best)
    return best


def whole_number_of(shares: Sequence[Fraction], months: int, *, by_month: bool) -> NeedOf:
    """What so many new customers need of months of some shares; nothing but their number where there are none."""

    def needed(number: int) -> Needed:
        goal = Target(base=ZERO, gain=(Fraction(1),) * months, need=Fraction(number))
        return Needed(goal=goal, months=tuple(share * number for share in shares), by_month=by_month)

    return needed


class Furthest(Struct, frozen=True, kw_only=True):
    """How far one gets: what a goal reaches at most, and the signups, not whole, that reach it.

    ``held`` are the demos that are then held in each month, ``customers`` those won.
    """

    reached: float
    signups: Mapping[Channel, tuple[float, ...]]
    held: tuple[float, ...] = ()
    customers: tuple[float, ...] = ()


def furthest(limits: Limits, goal: Target) -> Furthest | None:
    """The most of a goal, where signups need not be whole; None where nothing bounds it.

    >>> from funnelcli.planning.backsolve import new_customers
    >>> from funnelcli.planning.lag import Lag
    >>> from funnelcli.planning.means import Offer, Step
    >>> half, fifth = (Lag(shares=(Fraction(1, part),)) for part in (2, 5))
    >>> offer = Offer(steps=(Step(signups=50, each=Fraction(3)),))
    >>> paid = Way(channel=Channel.PAID, demos=half, paid=fifth, offer=offer)
    >>> round(furthest(Limits(ways=(paid,), demos=(20,)), new_customers(Fraction(9), 1)).reached, 6)
    4.0
    """
    asked = _Question(limits, further=1)
    worth, planned = len(asked.places), range(limits.lead, limits.months)
    bound = asked.at_least(ZERO, asked.worth(planned, goal.gain), {worth: Fraction(-1)}, planned, goal.gain)
    costs, caps = [*[ZERO] * worth, Fraction(-1)], [*(place.most for place in asked.places), None]
    most = relaxed(costs, caps, [*asked.bounds(), bound])
    if most is None:
        return None
    signups = {way.channel: [0.0] * limits.months for way in limits.ways}
    for place, number in zip(asked.places, most[1], strict=False):
        signups[place.way.channel][place.month] += number
    months = range(limits.months)
    return Furthest(
        reached=float(goal.base) - most[0],
        signups={c: tuple(n) for c, n in signups.items()},
        held=tuple(sum(most[1][place] for place in asked.held(month)) for month in months),
        customers=tuple(
            float(limits.won(month)) + sum(float(n) * most[1][place] for place, n in asked.worth([month]).items())
            for month in months
        ),
    )


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
            for step in way.offer_in(month).steps:
                yield _Place(way=way, month=month, most=step.signups, each=step.each)


class _Question:
    """The numbers that are chosen, by their places, and what bounds them; after ``further`` ones the demos held.

    Of each month and channel no more demos are held than its signups, and those in hand, book.
    """

    def __init__(self, limits: Limits, further: int = 0) -> None:
        self.limits = limits
        self.places = list(_places(limits))
        self.first_held = len(self.places) + further
        self.of: dict[tuple[Channel, int], list[int]] = {}
        for number, place in enumerate(self.places):
            self.of.setdefault((place.way.channel, place.month), []).append(number)

    def signups(self, numbers: Sequence[int]) -> dict[Channel, tuple[int, ...]]:
        """The signups of each channel by month."""
        signups = {way.channel: [0] * self.limits.months for way in self.limits.ways}
        for place, number in zip(self.places, numbers, strict=True):
            signups[place.way.channel][place.month] += number
        return {channel: tuple(months) for channel, months in signups.items()}

    def course(self, signups: Mapping[Channel, Sequence[int]], held: Sequence[float]) -> Course:
        """What signups come to where the solver says whose demos are held: never more than are booked and can be."""
        best_first = Course(self.limits, signups)
        chosen: dict[Channel, list[Fraction]] = {way.channel: [] for way in self.limits.ways}
        for month, most in enumerate(self.limits.demos):
            left = None if most is None else Fraction(most)
            for way, place in zip(self.limits.ways, self.held(month), strict=True):
                number = max(Fraction(held[place - self.first_held]).limit_denominator(_FINE), ZERO)
                number = min(number, best_first.booked(way, month))
                number = number if left is None else min(number, left)
                left = None if left is None else left - number
                chosen[way.channel].append(number)
        return Course(self.limits, signups, chosen)

    def held(self, month: int) -> range:
        """The places of the demos held in a month, by the channels."""
        first = self.first_held + month * len(self.limits.ways)
        return range(first, first + len(self.limits.ways))

    def worth(self, months: Sequence[int], gain: Sequence[Fraction] = ()) -> dict[int, Fraction]:
        """The customers of some months, each worth its month's ``gain`` or 1, by the demos that bring them."""
        worth: dict[int, Fraction] = {}
        for number, month in enumerate(months):
            each = gain[number] if gain else Fraction(1)
            for before in range(month + 1):
                for place, way in zip(self.held(before), self.limits.ways, strict=True):
                    if month - before < len(way.paid.shares) and (share := way.paid.shares[month - before]):
                        worth[place] = worth.get(place, ZERO) + share * each
        return worth

    def at_least(
        self,
        least: Fraction,
        worth: Mapping[int, Fraction],
        further: Mapping[int, Fraction],
        months: Sequence[int],
        gain: Sequence[Fraction] = (),
    ) -> Bound:
        """That customers of some months, those in hand bring too, are worth so much, with ``further`` numbers."""
        won = [self.limits.won(month) * (gain[place] if gain else 1) for place, month in enumerate(months)]
        return Bound(weights={**worth, **further}, least=least - sum(won, ZERO))

    def bounds(self) -> Iterator[Bound]:
        """What can be had."""
        limits = self.limits
        for month, most in enumerate(limits.demos):
            for held, way in zip(self.held(month), limits.ways, strict=True):
                booked = {
                    number: share
                    for later, share in enumerate(way.demos.shares[: month + 1])
                    for number in self.of.get((way.channel, month - later), ())
                    if share
                }
                first = way.booked[month] if way.booked else ZERO
                yield Bound(weights={**booked, held: Fraction(-1)}, least=-first)
            if most is not None:
                yield Bound(weights=dict.fromkeys(self.held(month), Fraction(1)), most=Fraction(most))
            if limits.most_new is not None:
                most_new = max(limits.most_new - limits.won(month), ZERO)
                yield Bound(weights=self.worth([month]), most=most_new)
        if limits.budget is not None:
            costs = {number: place.each for number, place in enumerate(self.places)}
            yield Bound(weights=costs, most=limits.budget - cost_of(limits, limits.none()))

    def needs(self, needed: Needed) -> Iterator[Bound]:
        """What is needed."""
        goal, planned = needed.goal, range(self.limits.lead, self.limits.months)
        yield self.at_least(goal.need - goal.base, self.worth(planned, goal.gain), {}, planned, goal.gain)
        for place, least in enumerate(needed.months if needed.by_month else accumulate(needed.months)):
            months = [planned[place]] if needed.by_month else planned[: place + 1]
            if least > 0:
                yield self.at_least(least, self.worth(months), {}, months)


_FINE = 10**12
