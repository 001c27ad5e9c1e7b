"""What bounds a mix that was chosen, and what it would come to with more of that: solved again, not guessed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from msgspec.structs import replace

from funnelcli.planning.means import Wish
from funnelcli.planning.mix_plan import Binding, BoundBy, Gain, MoreOf
from funnelcli.planning.mixture import ZERO, Limits, Mix, Needed, brought, cheapest_mix, held_in, most_new
from funnelcli.planning.plan_spec import PlanSpec
from funnelcli.stats.whole import LITTLE_PATIENCE, UndecidedError

TENTH = Fraction(11, 10)


def bindings_of(limits: Limits, mix: Mix) -> Iterator[Binding]:
    """What the mix takes all of: where not one more signup would bring anybody, or be had, or afforded."""
    months = range(limits.months)
    held = [sum(held_in(limits, mix.signups, month).values(), ZERO) for month in months]
    least = min(way.to_demo for way in limits.ways)
    full = [month for month in months if (most := limits.demos[month]) is not None and most - held[month] < least]
    if full:
        yield Binding(by=BoundBy.SELLERS, months=tuple(full))
    for way in limits.ways:
        at_cap = [month for month in months if way.offer.cap == mix.signups[way.channel][month]]
        if at_cap:
            yield Binding(by=BoundBy.CAP, channel=way.channel, months=tuple(at_cap))
    if limits.most_new is not None:
        new, each = brought(limits, mix.signups), min(way.to_demo * way.to_paid for way in limits.ways)
        if at_most := [month for month in months if limits.most_new - new[month] < each]:
            yield Binding(by=BoundBy.MOST_NEW, months=tuple(at_most))
    if limits.budget is not None and limits.budget - mix.cost < _next_cost(limits, mix, limits.budget):
        yield Binding(by=BoundBy.BUDGET)


def _next_cost(limits: Limits, mix: Mix, otherwise: Fraction) -> Fraction:
    """What the cheapest further signup costs; ``otherwise`` where there is none."""
    further = [
        after - before
        for way in limits.ways
        for number in mix.signups[way.channel]
        if (after := way.offer.cost(number + 1)) is not None and (before := way.offer.cost(number)) is not None
    ]
    return min(further, default=otherwise)


def gains_of(
    spec: PlanSpec, limits: Limits, needed: Needed, mix: Mix, shares: Sequence[Fraction], now: int
) -> Iterator[Gain]:
    """What one more seller would give, if any are declared, and a tenth more of the budget, or of what is spent.

    The shape of the months stays; ``now`` are the new customers that are planned.
    """
    one_more = None if spec.means.sellers is None else spec.means.sellers.with_one_more()
    if one_more is not None:
        wider = replace(limits, demos=tuple(one_more.can_hold(month) for month in spec.periods))
        if spec.means.wish is Wish.COST:
            cost = _cost_of(wider, needed)
            yield Gain(more=MoreOf.SELLER, cost=mix.cost if cost is None else min(cost, mix.cost), new=now)
        else:
            yield _most(wider, shares, now, mix, MoreOf.SELLER, by_month=needed.by_month)
    budget = mix.cost if limits.budget is None or spec.means.wish is Wish.COST else limits.budget
    if budget:
        richer = replace(limits, budget=budget * TENTH)
        yield _most(richer, shares, now, mix, MoreOf.BUDGET, by_month=needed.by_month)


def _cost_of(limits: Limits, needed: Needed) -> Fraction | None:
    try:
        mix = cheapest_mix(limits, needed, patience=LITTLE_PATIENCE)
    except UndecidedError:
        return None
    return None if mix is None else mix.cost


def _most(limits: Limits, shares: Sequence[Fraction], now: int, mix: Mix, more: MoreOf, *, by_month: bool) -> Gain:
    """The most new customers with more; never fewer than there are now, which can be had with less."""
    best = most_new(limits, shares, by_month=by_month, patience=LITTLE_PATIENCE)
    if best is None or best[0] <= now:
        return Gain(more=more, cost=mix.cost, new=now)
    return Gain(more=more, cost=best[2].cost, new=best[0])
