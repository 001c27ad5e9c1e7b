"""Why no mix of channels reaches a goal, and what would: how far one gets, what binds, what one more seller gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import accumulate
from math import floor

from msgspec.structs import replace

from funnelcli.planning.backsolve import Target
from funnelcli.planning.gains import TENTH
from funnelcli.planning.labels import month_words
from funnelcli.planning.lag_notes import nearer_words
from funnelcli.planning.lagged import lag_plan
from funnelcli.planning.means import Sellers
from funnelcli.planning.means_notes import binding_words
from funnelcli.planning.mix import channel_quotas
from funnelcli.planning.mix_ground import months_of, with_sellers
from funnelcli.planning.mix_limits import Limits, Needed
from funnelcli.planning.mix_plan import Binding, BoundBy
from funnelcli.planning.mixture import Furthest, cheapest_mix, furthest
from funnelcli.planning.model import ChannelPlan, ShapeKind
from funnelcli.planning.plan_spec import PlanSpec
from funnelcli.problems import GoalError
from funnelcli.stats.whole import UndecidedError
from funnelcli.text import Message, Text, grouped, joined

_ALMOST = 1e-6
_MOST_SELLERS = 1000  # more of them nobody hires for a plan


def nothing_bounds() -> GoalError:
    """That any number of customers can be won."""
    return GoalError(
        Message("Nothing bounds the new customers: a channel that costs nothing has neither a cap nor sellers."),
        hint=Message("Give it a cap in [plan.cost], or say in [plan.capacity] how many demos can be held."),
    )


def too_late(spec: PlanSpec, parts: Sequence[ChannelPlan]) -> GoalError | None:
    """That nobody who comes from now on is a customer in time; None where some are, or selling takes no time."""
    if spec.lag is None:
        return None
    plan = lag_plan(spec.lag, spec.asked, spec.asked.new(), parts, spec.assumptions)
    if plan.entrants is not None:
        return None
    plain = channel_quotas(plan.needs, spec.assumptions, parts, by_month=spec.shape.by_month).whole
    return GoalError(nearer_words(plan, plain.get(plan.top.key) or [], spec.periods), hint=_TIME)


_TIME = Message("Give a later --to, or a lower goal.")


def out_of_reach(spec: PlanSpec, limits: Limits, needed: Needed) -> GoalError:
    """Why no mix reaches the goal: the budget, the months of the shape, or all that there is."""
    if limits.budget is not None:
        mix = _cheapest(replace(limits, budget=None), needed)
        if mix is not None:
            return _above_budget(spec, limits, limits.budget, mix)
    far = furthest(limits, needed.goal)
    if far is not None and far.reached < float(needed.goal.need) * (1 - _ALMOST):
        return _too_little(spec, limits, needed, far)
    return _in_these_months(spec, limits, needed)


def _cheapest(limits: Limits, needed: Needed) -> Fraction | None:
    try:
        mix = cheapest_mix(limits, needed)
    except UndecidedError:
        return None
    return None if mix is None else mix.cost


# --- the budget ------------------------------------------------------------------------------------------------------


def _above_budget(spec: PlanSpec, limits: Limits, budget: Fraction, cost: Fraction) -> GoalError:
    fact = _DEARER.filled(
        cost=grouped(float(cost)), more=grouped(float(cost - budget)), budget=grouped(float(budget)),
        reached=_reached(spec, limits),
    )  # fmt: skip
    more = _reached(spec, replace(limits, budget=budget * TENTH))
    return GoalError(fact, hint=_DEARER_HINT.filled(cost=grouped(float(cost)), reached=more))


_DEARER = Message(
    "The goal costs {cost} at least, {more} above the budget of {budget}, which gets to {reached} at most."
)
_DEARER_HINT = Message("Give --budget {cost}; 10 % more budget gets to {reached}.")


# --- all that there is -----------------------------------------------------------------------------------------------


def _too_little(spec: PlanSpec, limits: Limits, needed: Needed, far: Furthest) -> GoalError:
    bound = _bound(limits, far, needed.goal)
    goal = _of_goal(spec, float(needed.goal.need))
    fact = _LITTLE.filled(
        goal=goal, reached=_of_goal(spec, far.reached), list=binding_words(bound, months_of(spec, limits))
    )
    return GoalError(fact, hint=joined(" ", list(_ways(spec, limits, needed, bound))))


_LITTLE = Message("No mix reaches {goal}: all there is gets to {reached}. What binds: {list}.")


def _ways(spec: PlanSpec, limits: Limits, needed: Needed, bound: Sequence[Binding]) -> Iterator[Text]:
    """What more of that which binds would give."""
    sellers = spec.means.sellers
    if sellers is not None and any(binding.by is BoundBy.SELLERS for binding in bound):
        far = furthest(_more_sellers(spec, limits, sellers, 1), needed.goal)
        assert far is not None
        number = _sellers_for(spec, limits, needed, sellers)
        if number == 1:
            yield Message("One more seller would be enough.")
        else:
            yield _ONE_MORE.filled(reached=_of_goal(spec, far.reached))
            yield _NEVER if number is None else _SO_MANY.filled(n=number)
        if number is None:
            yield _MORE_NEW if any(binding.by is BoundBy.MOST_NEW for binding in bound) else _MORE_SIGNUPS
    elif any(binding.by is BoundBy.MOST_NEW for binding in bound):
        yield _MORE_NEW
    elif any(binding.by is BoundBy.CAP for binding in bound):
        yield _MORE_SIGNUPS
    elif limits.budget is not None:
        yield Message("10 % more budget gets to {reached}.").filled(
            reached=_reached(spec, replace(limits, budget=limits.budget * TENTH))
        )


_ONE_MORE = Message("One more seller gets to {reached}.")
_SO_MANY = Message("{n} more sellers would be enough.")
_MORE_SIGNUPS = Message("Raise the caps in [plan.cost], name further channels there, or lower the goal.")
_NEVER = Message("No number of sellers is enough.")
_MORE_NEW = Message("Raise --max-new-paid-users.")


def _sellers_for(spec: PlanSpec, limits: Limits, needed: Needed, sellers: Sellers) -> int | None:
    """The fewest more sellers with whom the goal is in reach; None where none are enough."""

    def enough(number: int) -> bool:
        far = furthest(_more_sellers(spec, limits, sellers, number), needed.goal)
        return far is None or far.reached >= float(needed.goal.need) * (1 - _ALMOST)

    low, high = 0, _MOST_SELLERS
    if not enough(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _more_sellers(spec: PlanSpec, limits: Limits, sellers: Sellers, more: int) -> Limits:
    return with_sellers(spec, limits, replace(sellers, number=sellers.number + more))


def _bound(limits: Limits, far: Furthest, goal: Target) -> list[Binding]:
    """What binds: of all that the signups which get furthest take up, that without which one gets further.

    All of it where nothing does so by itself.
    """
    every = list(_taken_up(limits, far))
    alone = []
    for binding in every:
        without = furthest(_without(limits, binding), goal)
        if without is None or without.reached > far.reached * (1 + _ALMOST):
            alone.append(binding)
    return alone or every


def _without(limits: Limits, binding: Binding) -> Limits:
    """The limits but for one."""
    if binding.by is BoundBy.SELLERS:
        return replace(limits, demos=(None,) * limits.months)
    if binding.by is BoundBy.MOST_NEW:
        return replace(limits, most_new=None)
    if binding.by is BoundBy.BUDGET:
        return replace(limits, budget=None)
    ways = [replace(way, offer=way.offer.uncapped()) if way.channel is binding.channel else way for way in limits.ways]
    return replace(limits, ways=tuple(ways))


def _taken_up(limits: Limits, far: Furthest) -> Iterator[Binding]:
    """All that the signups which get furthest take up, in which months; they need not be whole."""
    for by, most_of, came in (
        (BoundBy.SELLERS, limits.demos, far.held),
        (BoundBy.MOST_NEW, (limits.most_new,) * limits.months, far.customers),
    ):
        months = [
            month
            for month, (number, most) in enumerate(zip(came, most_of, strict=True))
            if most is not None and number > float(most) - _ALMOST
        ]
        if months:
            yield Binding(by=by, months=tuple(months))
    for way in limits.bought:
        caps = [way.offer_in(month).cap for month in range(limits.months)]
        numbers = enumerate(zip(caps, far.signups[way.channel], strict=True))
        at_cap = [month for month, (cap, n) in numbers if cap is not None and n > cap - _ALMOST]
        if at_cap:
            yield Binding(by=BoundBy.CAP, channel=way.channel, months=tuple(at_cap))
    if limits.budget is not None:
        yield Binding(by=BoundBy.BUDGET)


# --- the months ------------------------------------------------------------------------------------------------------


def _in_these_months(spec: PlanSpec, limits: Limits, needed: Needed) -> GoalError:
    """The first month by whose end fewer can be won than the shape needs; else that no whole numbers fit."""
    free = _cheapest(limits, replace(needed, months=()))
    hint = _LOWER if free is None or spec.shape.kind is ShapeKind.FREE else _FREE.filled(cost=grouped(float(free)))
    running = needed.months if needed.by_month else list(accumulate(needed.months))
    for month, need in enumerate(running):
        some, gained = _until(limits, month), month if needed.by_month else 0
        gain = (*[Fraction(0)] * gained, *[Fraction(1)] * (month + 1 - gained))
        goal = Target(base=Fraction(0), gain=gain, need=need)
        far = furthest(some, goal)
        if far is None or far.reached >= float(need) * (1 - _ALMOST):
            continue
        bound = _bound(some, far, goal)
        text = _THAT_MONTH if needed.by_month else _BY_MONTH
        fact = text.filled(
            month=month_words(spec.periods[month]), **_apart(float(need), far.reached),
            list=binding_words(bound, months_of(spec, limits)),
        )  # fmt: skip
        return GoalError(fact, hint=hint)
    return GoalError(_NOT_WHOLE, hint=hint)


def _apart(needed: float, most: float) -> dict[str, Text]:
    """What is needed and the most that there is, with as many decimals as tell them apart."""
    decimals = next((n for n in (1, 2, 3) if floor(most * 10**n + _ALMOST) < floor(needed * 10**n + _ALMOST)), 4)
    return {
        "needed": grouped(needed, decimals),
        "most": grouped(floor(most * 10**decimals + _ALMOST) / 10**decimals, decimals),
    }


def _until(limits: Limits, month: int) -> Limits:
    """The limits of the months up to one of the plan."""
    return replace(limits, demos=limits.demos[: limits.lead + month + 1])


_BY_MONTH = Message(
    "The shape needs {needed} new customers by the end of {month}, and no mix wins more than {most}. What binds: "
    "{list}."
)
_THAT_MONTH = Message("{month} needs {needed} new customers, and no mix wins more than {most}. What binds: {list}.")
_NOT_WHOLE = Message("No mix of whole signups reaches the goal, though one of parts of them nearly would.")
_FREE = Message("With --shape free the goal is reached, for {cost}; more sellers or higher caps in time do it, too.")
_LOWER = Message("Lower the goal a little, or raise what there is.")


# --- words -----------------------------------------------------------------------------------------------------------


def _reached(spec: PlanSpec, limits: Limits) -> Text:
    """How far one gets, in the unit of the goal."""
    far = furthest(limits, spec.asked.target())
    return _of_goal(spec, far.reached if far is not None else 0.0)


def _of_goal(spec: PlanSpec, reached: float) -> Text:
    """So much of the goal in its own words: what the plan reckons with may be in another unit than the goal."""
    kind, need = spec.goal.kind, float(spec.asked.target().need)
    amount = reached * float(spec.goal.amount) / need if need else reached
    facts = {"amount": grouped(floor(amount + _ALMOST)), "currency": spec.currency}
    last = month_words(spec.periods[-1])
    months = joined(" – ", [month_words(spec.periods[0]), last])
    assert isinstance(kind.label, Message)
    return kind.label.filled(**facts, range=months, last=last)
