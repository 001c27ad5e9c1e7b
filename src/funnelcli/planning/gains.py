"""What bounds a mix that was chosen, and what it would come to with more of that: solved again, not guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from msgspec.structs import replace

from funnelcli.planning.means import Wish
from funnelcli.planning.mix_ground import with_sellers
from funnelcli.planning.mix_limits import ZERO, Limits, Mix, Needed, course_of
from funnelcli.planning.mix_plan import Binding, BoundBy, Gain, MoreOf
from funnelcli.planning.mixture import cheapest_mix
from funnelcli.planning.plan_spec import PlanSpec
from funnelcli.stats.whole import LITTLE_PATIENCE, UndecidedError

TENTH = Fraction(11, 10)
MostOf = Callable[[Limits], tuple[int, Needed, Mix] | None]


def bindings_of(limits: Limits, mix: Mix) -> Iterator[Binding]:
    """What the mix takes all of: where not one more signup would bring anybody, or be had, or afforded."""
    months, run = range(limits.months), course_of(limits, mix)
    held = [sum(month, ZERO) for month in zip(*run.held.values(), strict=True)]
    least = min(way.to_demo for way in limits.bought)
    full = [month for month in months if (most := limits.demos[month]) is not None and most - held[month] < least]
    if full:
        yield Binding(by=BoundBy.SELLERS, months=tuple(full))
    for way in limits.bought:
        at_cap = [month for month in months if way.offer_in(month).cap == mix.signups[way.channel][month]]
        if at_cap:
            yield Binding(by=BoundBy.CAP, channel=way.channel, months=tuple(at_cap))
    if limits.most_new is not None:
        each = min(way.to_demo * way.to_paid for way in limits.bought)
        if at_most := [month for month in months if limits.most_new - run.customers[month] < each]:
            yield Binding(by=BoundBy.MOST_NEW, months=tuple(at_most))
    if limits.budget is not None and limits.budget - mix.cost < _next_cost(limits, mix, limits.budget):
        yield Binding(by=BoundBy.BUDGET)


def _next_cost(limits: Limits, mix: Mix, otherwise: Fraction) -> Fraction:
    """What the cheapest further signup costs; ``otherwise`` where there is none."""
    further = [
        after - before
        for way in limits.bought
        for month, number in enumerate(mix.signups[way.channel])
        if (after := way.cost(month, number + 1)) is not None and (before := way.cost(month, number)) is not None
    ]
    return min(further, default=otherwise)


def gains_of(spec: PlanSpec, limits: Limits, needed: Needed, mix: Mix, most: MostOf, now: int) -> Iterator[Gain]:
    """What one more seller would give, if any are declared, and a tenth more of the budget, or of what is spent.

    The shape of the months stays; ``now`` are the new customers that are planned, ``most`` finds the most of limits.
    """
    if spec.means.wish is Wish.COST:
        limits = replace(limits, budget=mix.cost)
    for more, other in wider(spec, limits):
        if more is MoreOf.SELLER and spec.means.wish is Wish.COST:
            cost = _cost_of(other, needed)
            yield Gain(more=more, cost=mix.cost if cost is None else min(cost, mix.cost), new=now)
        else:
            yield _most(most(other), now, mix, more)


def wider(spec: PlanSpec, limits: Limits) -> Iterator[tuple[MoreOf, Limits]]:
    """The limits with one more seller, where any are declared, and with a tenth more of the budget."""
    if spec.means.sellers is not None:
        yield MoreOf.SELLER, with_sellers(spec, limits, spec.means.sellers.with_one_more())
    if limits.budget:
        yield MoreOf.BUDGET, replace(limits, budget=limits.budget * TENTH)


def _cost_of(limits: Limits, needed: Needed) -> Fraction | None:
    try:
        mix = cheapest_mix(limits, needed, patience=LITTLE_PATIENCE)
    except UndecidedError:
        return None
    return None if mix is None else mix.cost


def _most(best: tuple[int, Needed, Mix] | None, now: int, mix: Mix, more: MoreOf) -> Gain:
    """The most new customers with more; never fewer than there are now, which can be had with less."""
    if best is None or best[0] <= now:
        return Gain(more=more, cost=mix.cost, new=now)
    return Gain(more=more, cost=best[2].cost, new=best[0])
