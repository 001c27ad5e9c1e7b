"""A plan whose mix of channels is chosen: what costs least for a goal, or brings the most for a budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import accumulate

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.planning.assume import Assumptions
from funnelcli.planning.backsolve import (
    Target,
    by_weight,
    fewest,
    fewest_by_month,
    rounded_down,
)
from funnelcli.planning.evened import evened
from funnelcli.planning.gains import bindings_of, gains_of
from funnelcli.planning.means import Wish
from funnelcli.planning.mix import Quotas, channel_plans, rates_changed, stage_rate
from funnelcli.planning.mix_ground import limits_of, needed_of, needs_of_most
from funnelcli.planning.mix_limits import ZERO, Limits, Mix, Needed, course_of, early_cost_of
from funnelcli.planning.mix_plan import MixPlan
from funnelcli.planning.mix_quotas import lag_plan_of_mix, quotas_of, with_shares
from funnelcli.planning.mixture import cheapest_mix, most_new
from funnelcli.planning.model import AnyKey, ChannelPlan, Goal, Key, ShapeKind
from funnelcli.planning.plan_spec import Aim, PlanSpec
from funnelcli.planning.reach import nothing_bounds, out_of_reach, too_late
from funnelcli.planning.selling import LagPlan
from funnelcli.problems import BrokenIdentityError, GoalError
from funnelcli.stats.whole import LITTLE_PATIENCE, PATIENCE, UndecidedError
from funnelcli.text import Message
from funnelcli.values.channels import CHANNEL_LABELS, CHANNELS
from funnelcli.values.figures import Note


class Ground(Struct, frozen=True, kw_only=True):
    """What a mix is chosen from: the channels that have a cost, and all that bounds them."""

    parts: tuple[ChannelPlan, ...]
    limits: Limits
    notes: tuple[Note, ...]


class Chosen(Struct, frozen=True, kw_only=True):
    """The mix that was chosen, and what it comes to.

    ``goal`` is what it reaches, ``said`` what the plan says of the mix, ``new`` are the whole new customers of each
    month, ``customers`` those that the signups bring, expected exactly; ``lag`` is the mix run forward in time.
    ``mix`` is chosen from the ``ground``.
    """

    goal: Goal
    said: MixPlan
    new: tuple[int, ...]
    customers: tuple[Fraction, ...]
    quotas: Quotas
    channels: tuple[ChannelPlan, ...]
    notes: tuple[Note, ...]
    lag: LagPlan | None
    ground: Ground
    mix: Mix


def ground_of(spec: PlanSpec, base: Assumptions, changes: Mapping[AnyKey, Fraction] | None = None) -> Ground:
    """What the mix of a plan is chosen from.  GoalError where a channel that has a cost has no way to a customer."""
    parts, notes = _parts(spec, base, changes)
    return Ground(parts=tuple(parts), limits=limits_of(spec, parts), notes=tuple(notes))


def mix_of(spec: PlanSpec, ground: Ground) -> tuple[Goal, Needed, Mix]:
    """What a plan's mix reaches, what that needs, and the mix.  GoalError where none does, with what stands in the way.

    With an aim it is the cheapest that is expected to bring it.
    """
    if spec.aim is None and spec.means.wish is Wish.NEW_PAID_USERS:
        goal, needed, mix = _most(spec, ground.limits)
    else:
        goal, needed, mix = _least(aimed(spec), ground)
    goal = goal if spec.aim is None else replace(goal, amount=spec.aim.goal)
    return goal, needed, evened(ground.limits, needed, mix)


def mix_for(spec: PlanSpec, ground: Ground, aim: Aim) -> tuple[Goal, Needed, Mix] | None:
    """The same of the cheapest mix that is expected to bring an aim; None where none was found."""
    needed = needed_of(aimed(replace(spec, aim=aim)), ground.limits)
    try:
        mix = cheapest_mix(ground.limits, needed)
    except UndecidedError:
        return None
    goal = replace(spec.goal, amount=aim.goal)
    return None if mix is None else (goal, needed, evened(ground.limits, needed, mix))


def aimed(spec: PlanSpec) -> PlanSpec:
    """The plan whose goal is what its mix is expected to bring."""
    if spec.aim is None:
        return spec
    goal, shape = spec.goal, spec.shape
    if shape.amounts:
        more = spec.aim.amount / goal.amount
        shape = replace(shape, amounts=tuple(amount * more for amount in shape.amounts))
    return replace(spec, goal=replace(goal, amount=spec.aim.amount), shape=shape, aim=None)


def chosen_of(
    spec: PlanSpec, base: Assumptions, changes: Mapping[AnyKey, Fraction] | None, *, share: bool = True
) -> Chosen:
    """The mix of a plan that has a wish.  GoalError where none reaches the goal, with what stands in the way.

    Without ``share`` it is not asked what more of anything would bring.
    """
    ground = ground_of(spec, base, changes)
    return made_of(spec, ground, *mix_of(spec, ground), share=share)


def made_of(spec: PlanSpec, ground: Ground, goal: Goal, needed: Needed, mix: Mix, *, share: bool) -> Chosen:
    """What a mix comes to that reaches a goal."""
    limits, most = ground.limits, spec.means.wish is Wish.NEW_PAID_USERS
    customers = _checked(limits, needed, mix)
    new = rounded_down(list(accumulate(customers))) if most else _whole_new(aimed(spec), needed.goal, customers)
    parts = with_shares(ground.parts, limits, mix)
    timed = None if spec.lag is None else lag_plan_of_mix(spec, goal, parts, limits, mix, new)
    lag = None if timed is None or timed.takes_no_time else timed
    said = _said(spec, limits, needed, mix, customers, sum(new))
    if spec.aim is not None and most:
        said, gains = replace(said, new=int(goal.amount)), spec.aim.gains
    else:
        gains = tuple(gains_of(spec, limits, needed, mix, partial(best_of, spec), sum(new))) if share else ()
    return Chosen(
        goal=goal, said=replace(said, gains=gains), new=tuple(new), customers=tuple(customers),
        quotas=quotas_of(spec, parts, limits, mix, new, lag), channels=tuple(parts), notes=ground.notes, lag=lag,
        ground=ground, mix=mix,
    )  # fmt: skip


def _said(spec: PlanSpec, limits: Limits, needed: Needed, mix: Mix, customers: Sequence[Fraction], new: int) -> MixPlan:
    """What the plan says of a mix."""
    won = spec.measured.new_paid if spec.measured else {}
    assert spec.means.wish is not None
    return MixPlan(
        wish=spec.means.wish, cost=mix.cost, floor=mix.floor, proven=mix.proven, budget=limits.budget,
        customers=tuple(customers), new=new, bindings=tuple(bindings_of(limits, mix)), gains=(),
        unused=tuple(c for c, number in won.items() if number and c in CHANNELS and c not in spec.means.offers),
        free=spec.shape.kind is ShapeKind.FREE, early=early_cost_of(limits, mix.signups),
        aim=None if spec.aim is None else spec.aim.amount,
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


# --- what is chosen --------------------------------------------------------------------------------------------------


def _least(spec: PlanSpec, ground: Ground) -> tuple[Goal, Needed, Mix]:
    """The mix that costs least for the goal."""
    limits = ground.limits
    needed = needed_of(spec, limits)
    try:
        mix = cheapest_mix(limits, needed)
    except UndecidedError:
        raise GoalError(_UNDECIDED, hint=_SIMPLER) from None
    if mix is None:
        raise too_late(spec, ground.parts) or out_of_reach(spec, limits, needed)
    return spec.goal, needed, mix


_UNDECIDED = Message("No mix was found that reaches the goal, nor was it proven that there is none.")
_SIMPLER = Message("Plan fewer months or channels, or lower the goal a little.")


def _most(spec: PlanSpec, limits: Limits) -> tuple[Goal, Needed, Mix]:
    """The mix that brings the most whole new customers, and of these the one that costs least."""
    best = best_of(spec, limits, patience=PATIENCE)
    if best is None:
        raise nothing_bounds()
    number, needed, mix = best
    return replace(spec.goal, amount=Fraction(number)), needed, mix


def best_of(spec: PlanSpec, limits: Limits, patience: int = LITTLE_PATIENCE) -> tuple[int, Needed, Mix] | None:
    """The most new customers within some limits, in the shape of the months."""
    own = () if spec.shape.kind is ShapeKind.FREE else spec.asked.shares()
    shares, need_of = needs_of_most(spec, limits, own)
    return most_new(limits, shares, need_of, by_month=spec.shape.by_month, patience=patience)


def _checked(limits: Limits, needed: Needed, mix: Mix) -> list[Fraction]:
    """The customers of the mix by month.

    BrokenIdentityError where the mix, run forward stage by stage, misses the goal or asks too much of anybody.
    """
    course = course_of(limits, mix)
    held = [sum(month, ZERO) for month in zip(*course.held.values(), strict=True)]
    in_reach = all(most is None or number <= most for number, most in zip(held, limits.demos, strict=True))
    afforded = limits.budget is None or mix.cost <= limits.budget
    if not in_reach or not afforded or not needed.is_met(course.planned):
        raise BrokenIdentityError(_BROKEN)
    return course.planned


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
