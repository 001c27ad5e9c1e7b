"""A plan whose mix of channels is chosen: what costs least for a goal, or brings the most for a budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import accumulate

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.planning.allocate import shared, summed
from funnelcli.planning.assume import Assumptions
from funnelcli.planning.backsolve import (
    Target,
    UnreachableError,
    by_weight,
    fewest,
    fewest_by_month,
    rounded_down,
    whole_numbers,
)
from funnelcli.planning.evened import evened
from funnelcli.planning.gains import bindings_of, gains_of
from funnelcli.planning.means import Means, Wish
from funnelcli.planning.metrics import DEMOS, NEW_PAID_USERS, SIGNUPS, VISITORS
from funnelcli.planning.mix import Quotas, channel_plans, rates_changed, stage_rate
from funnelcli.planning.mix_plan import MixPlan
from funnelcli.planning.mixture import ZERO, Limits, Mix, Needed, Way, brought, cheapest_mix, held_of, most_new
from funnelcli.planning.model import AnyKey, ChannelPlan, Goal, Key, ShapeKind
from funnelcli.planning.plan_spec import PlanSpec
from funnelcli.planning.reach import nothing_bounds, out_of_reach
from funnelcli.problems import BrokenIdentityError, GoalError
from funnelcli.stats.whole import UndecidedError
from funnelcli.text import Message
from funnelcli.values.channels import CHANNEL_LABELS, CHANNELS, Channel
from funnelcli.values.figures import Note


class Chosen(Struct, frozen=True, kw_only=True):
    """The mix that was chosen, and what it comes to.

    ``goal`` is what it reaches, ``said`` what the plan says of the mix, ``new`` are the whole new customers of each
    month, ``customers`` those that the signups bring, expected exactly.
    """

    goal: Goal
    said: MixPlan
    new: tuple[int, ...]
    customers: tuple[Fraction, ...]
    quotas: Quotas
    channels: tuple[ChannelPlan, ...]
    notes: tuple[Note, ...]


def chosen_of(
    spec: PlanSpec, base: Assumptions, changes: Mapping[AnyKey, Fraction] | None, *, share: bool = True
) -> Chosen:
    """The mix of a plan that has a wish.  GoalError where none reaches the goal, with what stands in the way.

    Without ``share`` it is not asked what more of anything would bring.
    """
    parts, notes = _parts(spec, base, changes)
    limits = limits_of(spec, parts)
    shares = () if spec.shape.kind is ShapeKind.FREE else tuple(spec.asked.shares())
    most = spec.means.wish is Wish.NEW_PAID_USERS
    goal, needed, mix = _most(spec, limits, shares) if most else _least(spec, limits)
    mix = evened(limits, needed, mix)
    customers = brought(limits, mix.signups)
    _check(limits, needed, mix, customers)
    new = rounded_down(list(accumulate(customers))) if most else _whole_new(spec, needed.goal, customers)
    won = spec.measured.new_paid if spec.measured else {}
    said = MixPlan(
        wish=Wish.NEW_PAID_USERS if most else Wish.COST, cost=mix.cost, floor=mix.floor, proven=mix.proven,
        budget=limits.budget, customers=tuple(customers), new=sum(new), bindings=tuple(bindings_of(limits, mix)),
        gains=tuple(gains_of(spec, limits, needed, mix, shares, sum(new))) if share else (),
        unused=tuple(c for c, number in won.items() if number and c in CHANNELS and c not in spec.means.offers),
        free=spec.shape.kind is ShapeKind.FREE,
    )  # fmt: skip
    return Chosen(
        goal=goal, said=said, new=tuple(new), customers=tuple(customers),
        quotas=_quotas(parts, limits, mix, new, by_month=spec.shape.by_month),
        channels=tuple(_with_shares(parts, limits, mix, customers)), notes=tuple(notes),
    )  # fmt: skip


# --- what there is ---------------------------------------------------------------------------------------------------


def _parts(
    spec: PlanSpec, base: Assumptions, changes: Mapping[AnyKey, Fraction] | None
) -> tuple[list[ChannelPlan], list[Note]]:
    """The channels that have a cost, each with its rates.  GoalError where one of them has no way to a customer."""
    offers = spec.means.offers
    alike = dict.fromkeys(offers, Fraction(1, len(offers)))
    parts, notes = channel_plans(base, spec.measured, alike)
    in_order = sorted(parts, key=lambda part: list(offers).index(part.channel))
    for key in _STEPS:
        if stage_rate(spec.assumptions, key) is None:
            raise GoalError(_NO_WAY, hint=_GIVE_RATES)
    for part in in_order:
        if any(part.rates[key].rate is None for key in _STEPS):
            raise GoalError(
                _NO_SIGNUPS.filled(channel=CHANNEL_LABELS[part.channel]),
                hint=Message("Take [plan.cost.{channel}] out of funnel.toml.").filled(channel=part.channel.value),
            )
    return [rates_changed(part, base, changes or {}) for part in in_order], notes


_STEPS = (Key.SIGNUP_TO_DEMO, Key.DEMO_TO_PAID)
_NO_WAY = Message("A mix is chosen of signups, and this plan does without the way from a signup to a customer.")
_GIVE_RATES = Message("Give --signup-to-demo and --demo-to-paid.")
_NO_SIGNUPS = Message("{channel} never had any signups, so none can be bought.")


def limits_of(spec: PlanSpec, parts: Sequence[ChannelPlan]) -> Limits:
    """What can be had of channels in the months of a plan."""
    sellers = spec.means.sellers
    return Limits(
        ways=tuple(_way(part, spec.means) for part in parts),
        demos=tuple(None if sellers is None else sellers.can_hold(month) for month in spec.periods),
        budget=spec.means.budget,
        most_new=spec.most_new,
    )


def _way(part: ChannelPlan, means: Means) -> Way:
    to_demo, to_paid = (part.rates[key].rate for key in _STEPS)
    assert to_demo is not None
    assert to_paid is not None
    return Way(channel=part.channel, to_demo=to_demo, to_paid=to_paid, offer=means.offers[part.channel])


# --- what is chosen --------------------------------------------------------------------------------------------------


def _least(spec: PlanSpec, limits: Limits) -> tuple[Goal, Needed, Mix]:
    """The mix that costs least for the goal."""
    needed = needed_of(spec)
    try:
        mix = cheapest_mix(limits, needed)
    except UndecidedError:
        raise GoalError(_UNDECIDED, hint=_SIMPLER) from None
    if mix is None:
        raise out_of_reach(spec, limits, needed)
    return spec.goal, needed, mix


_UNDECIDED = Message("No mix was found that reaches the goal, nor was it proven that there is none.")
_SIMPLER = Message("Plan fewer months or channels, or lower the goal a little.")


def needed_of(spec: PlanSpec) -> Needed:
    """What the goal needs of the months: their running needs in the shape asked for, none where months are free."""
    target = spec.asked.target()
    if spec.shape.kind is ShapeKind.FREE:
        return Needed(goal=target)
    try:
        months = spec.asked.need()
    except UnreachableError:
        spec.asked.new()  # which says why
        raise
    return Needed(goal=target, months=tuple(months), by_month=spec.shape.by_month)


def _most(spec: PlanSpec, limits: Limits, shares: Sequence[Fraction]) -> tuple[Goal, Needed, Mix]:
    """The mix that brings the most whole new customers, and of these the one that costs least."""
    best = most_new(limits, shares, by_month=spec.shape.by_month)
    if best is None:
        raise nothing_bounds()
    number, needed, mix = best
    return replace(spec.goal, amount=Fraction(number)), needed, mix


def _check(limits: Limits, needed: Needed, mix: Mix, customers: Sequence[Fraction]) -> None:
    """BrokenIdentityError where the mix, run forward stage by stage, misses the goal or asks too much of anybody."""
    held = [sum(month, ZERO) for month in zip(*held_of(limits, mix.signups).values(), strict=True)]
    in_reach = all(most is None or number <= most for number, most in zip(held, limits.demos, strict=True))
    afforded = limits.budget is None or mix.cost <= limits.budget
    if not in_reach or not afforded or not needed.is_met(customers):
        raise BrokenIdentityError(_BROKEN)


_BROKEN = Message("The mix that was chosen, run forward, does not reach the goal within what there is.")


def _whole_new(spec: PlanSpec, goal: Target, customers: Sequence[Fraction]) -> list[int]:
    """Whole new customers that reach a goal: those of the plan without a mix, where the mix brings them in time.

    Else as those of the mix come, their running total rounded down; where that misses the goal they are the fewest
    that do not when they lie over the months like those.
    """
    running = list(accumulate(customers))
    if spec.shape.kind is not ShapeKind.FREE:
        new = spec.asked.new()
        if all(whole < came + 1 for whole, came in zip(accumulate(new), running, strict=True)):
            return new
    down = rounded_down(running)
    if goal.reached(down) >= goal.need:
        return down
    shares = by_weight(customers)
    return fewest_by_month(goal, shares) if spec.shape.by_month else fewest(goal, shares)


# --- what it comes to ------------------------------------------------------------------------------------------------


def _with_shares(
    parts: Sequence[ChannelPlan], limits: Limits, mix: Mix, customers: Sequence[Fraction]
) -> list[ChannelPlan]:
    """The channels with their shares of the new customers."""
    whole, held = sum(customers, ZERO), held_of(limits, mix.signups)
    won = {way.channel: way.to_paid * sum(held[way.channel], ZERO) for way in limits.ways}
    return [replace(part, share=won[part.channel] / whole if whole else ZERO) for part in parts]


def _quotas(parts: Sequence[ChannelPlan], limits: Limits, mix: Mix, new: Sequence[int], *, by_month: bool) -> Quotas:
    """Whole quotas of every stage: the signups as chosen, the others what these bring or take, rounded up likewise."""
    signups, held = {c: list(numbers) for c, numbers in mix.signups.items()}, held_of(limits, mix.signups)
    won = {way.channel: [way.to_paid * number for number in held[way.channel]] for way in limits.ways}
    whole: dict[str, list[int] | None] = {SIGNUPS.key: summed(signups), NEW_PAID_USERS.key: list(new)}
    whole[DEMOS.key] = whole_numbers(summed(held), by_month=by_month)
    of_channel: dict[str, Mapping[Channel, list[int]]] = {
        SIGNUPS.key: signups,
        DEMOS.key: shared(whole[DEMOS.key] or [], held),
        NEW_PAID_USERS.key: shared(new, won),
    }
    rates = {part.channel: part.rates[Key.VISITOR_TO_SIGNUP].rate for part in parts}
    visits = {c: [number / rate if rate else ZERO for number in signups[c]] for c, rate in rates.items()}
    has_visits = any(rates.values())
    whole[VISITORS.key] = whole_numbers(summed(visits), by_month=by_month) if has_visits else None
    of_channel[VISITORS.key] = shared(whole[VISITORS.key] or [], visits) if has_visits else {}
    return Quotas(whole=whole, of_channel=of_channel)
