"""What a mix of channels is chosen from: their ways in time, who is in hand, who holds demos, and what months need."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate, pairwise
from math import lcm

from msgspec.structs import replace

from funnelcli.planning.backsolve import Target, UnreachableError
from funnelcli.planning.goals import NEW_PAID_USERS
from funnelcli.planning.lag import Lag, brought_by, forward
from funnelcli.planning.means import Offer, Sellers
from funnelcli.planning.mix_limits import ZERO, Course, Limits, Needed, Way
from funnelcli.planning.mixture import NeedOf, whole_number_of
from funnelcli.planning.model import ChannelPlan, Goal, ShapeKind
from funnelcli.planning.placing import left_of, weights_of, worth_of
from funnelcli.planning.plan_spec import PlanSpec
from funnelcli.planning.selling import SellingTime, months_before
from funnelcli.planning.ways import Way as TimedWay
from funnelcli.planning.ways import ways_of
from funnelcli.values.periods import Period

NO_TIME = SellingTime(lags={})
_LONG, _DECIMALS = 10**12, 10**18


def limits_of(spec: PlanSpec, parts: Sequence[ChannelPlan]) -> Limits:
    """What can be had of channels in the months of a plan, and in those before it that are not over."""
    time, months = spec.lag or NO_TIME, len(spec.periods)
    ways = ways_of(time, parts, spec.assumptions).every
    coming = [brought_by(replace(way.hand, open=()), way.lags, months, time.lead)[1] for way in ways]
    limits = Limits(
        ways=tuple(_way(spec, way, time.lead) for way in ways), demos=(None,) * (time.lead + months),
        budget=spec.means.budget, most_new=spec.most_new, lead=time.lead,
        held=tuple(sum(month, ZERO) for month in zip(*coming, strict=True)),
    )  # fmt: skip
    return limits if spec.means.sellers is None else with_sellers(spec, limits, spec.means.sellers)


def with_sellers(spec: PlanSpec, limits: Limits, sellers: Sellers) -> Limits:
    """The limits with the demos that some sellers can hold beside those that were held so far."""
    can = [sellers.can_hold(month) for month in months_of(spec, limits)]
    left = (max(most - held, ZERO) for most, held in zip(can, limits.held or [ZERO] * len(can), strict=True))
    return replace(limits, demos=tuple(left))


def months_of(spec: PlanSpec, limits: Limits) -> tuple[Period, ...]:
    """The months that have signups, those before the plan first."""
    return (*months_before(spec.periods[0], limits.lead), *spec.periods)


def _way(spec: PlanSpec, way: TimedWay, lead: int) -> Way:
    """The way of a channel, with what those in hand bring apart from what sellers have still to hold."""
    assert way.channel is not None
    demos, paid = (_short(lag) for lag in way.lags)
    months = lead + len(spec.periods)
    every = brought_by(way.hand, (demos, paid), len(spec.periods), lead)
    so_far = brought_by(replace(way.hand, open=()), (demos, paid), len(spec.periods), lead)[1]
    booked = [Fraction(number - held) for number, held in zip(every[1], so_far, strict=True)]
    late = forward([booked, [ZERO] * months], [paid])[1]
    offer = spec.means.offers.get(way.channel) if way.share else None
    came = tuple(int(way.entered.get(month, 0)) for month in range(-lead, len(spec.periods)))
    return Way(
        channel=way.channel, demos=demos, paid=paid, offer=offer or Offer(steps=()),
        came=came if any(came) and offer is not None else (),
        booked=tuple(booked) if any(booked) else (),
        won=tuple(Fraction(all_ - own) for all_, own in zip(every[2], late, strict=True)) if any(every[2]) else (),
    )  # fmt: skip


def _short(lag: Lag) -> Lag:
    """A lag as it is, or where its shares have no common denominator of any use, to 18 decimals."""
    if lcm(*(Fraction(share).denominator for share in lag.shares)) <= _LONG:
        return lag
    return Lag(shares=tuple(Fraction(round(share * _DECIMALS), _DECIMALS) for share in lag.shares), lost=lag.lost)


# --- what is needed --------------------------------------------------------------------------------------------------


def needed_of(spec: PlanSpec, limits: Limits) -> Needed:
    """What the goal needs of the months: their running needs in the shape asked for, none where months are free.

    Of a month in which those whom it needs cannot be there yet, so many as a plan brings by then that buys all of one
    channel, where its needs must come: of that which brings fewest.  So the time that selling takes puts no goal out
    of reach.
    """
    target = spec.asked.target()
    if spec.shape.kind is ShapeKind.FREE:
        return Needed(goal=target)
    try:
        months = spec.asked.need()
    except UnreachableError:
        spec.asked.new()  # which says why
        raise
    by_month = spec.shape.by_month
    if limits.takes_time or limits.lead:
        months = _in_time(limits, target, months, by_month=by_month)
    return Needed(goal=target, months=tuple(months), by_month=by_month)


def needs_of_most(spec: PlanSpec, limits: Limits, shares: Sequence[Fraction]) -> tuple[Sequence[Fraction], NeedOf]:
    """How the months bound the most new customers: their shares, or where selling takes time what so many need."""
    by_month, planned = spec.shape.by_month, limits.months - limits.lead
    if spec.shape.kind is ShapeKind.REVENUE or not (shares and (limits.takes_time or limits.lead)):
        return shares, whole_number_of(shares, planned, by_month=by_month)

    def needed(number: int) -> Needed:
        goal = Goal(kind=NEW_PAID_USERS, amount=Fraction(number))
        return needed_of(replace(spec, goal=goal), limits)

    return (), needed


def _in_time(limits: Limits, target: Target, needs: Sequence[Fraction], *, by_month: bool) -> list[Fraction]:
    credit = Course(limits, limits.none()).planned
    plans = [_alone(limits, way, target, needs, credit) for way in limits.bought]
    known = [months for months in plans if months is not None]
    if by_month:
        return [min(each) for each in zip(needs, *known, strict=True)]
    running = [min(each) for each in zip(accumulate(needs), *map(accumulate, known), strict=True)]
    return [later - earlier for earlier, later in pairwise([ZERO, *running])]


def _alone(
    limits: Limits, way: Way, target: Target, needs: Sequence[Fraction], credit: Sequence[Fraction]
) -> list[Fraction] | None:
    """The customers of each month where one channel brings all, placed as needed; None where nobody is in time."""
    lag, first = way.demos.then(way.paid), -limits.lead
    worth = worth_of(lag, target.gain, first)
    at_end = [*[ZERO] * (len(needs) - 1), sum(needs, ZERO)]
    for placed in (left_of(needs, credit), needs, at_end):
        weights = weights_of(placed, lag, first)
        each = sum((gain * number for gain, number in zip(worth, weights, strict=True)), ZERO)
        if each:
            scale = max(target.need - target.reached(credit), ZERO) / each
            fresh = forward([weights, [ZERO] * len(weights)], [lag])[1][limits.lead :]
            return [own + scale * number for own, number in zip(credit, fresh, strict=True)]
    return None
