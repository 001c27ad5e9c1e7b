"""The quotas that a mix of channels comes to: at once, or each stage in the months in which its people come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from msgspec.structs import replace

from funnelcli.planning.allocate import shared, summed
from funnelcli.planning.backsolve import whole_numbers
from funnelcli.planning.lag_quotas import lag_quotas
from funnelcli.planning.lagged import chosen_plan
from funnelcli.planning.metrics import DEMOS, NEW_PAID_USERS, SIGNUPS, VISITORS
from funnelcli.planning.mix import Quotas
from funnelcli.planning.mix_ground import NO_TIME
from funnelcli.planning.mix_limits import ZERO, Limits, Mix, course_of
from funnelcli.planning.model import ChannelPlan, Goal, Key
from funnelcli.planning.plan_spec import PlanSpec
from funnelcli.planning.selling import LagPlan
from funnelcli.planning.ways import Way, ways_of
from funnelcli.values.channels import Channel


def with_shares(parts: Sequence[ChannelPlan], limits: Limits, mix: Mix) -> list[ChannelPlan]:
    """The channels with their shares of the new customers that signups bring."""
    course = course_of(limits, mix)
    won = {way.channel: course.fresh(way) for way in limits.ways}
    whole = sum(won.values(), ZERO)
    return [replace(part, share=won[part.channel] / whole if whole else ZERO) for part in parts]


def lag_plan_of_mix(
    spec: PlanSpec, goal: Goal, parts: Sequence[ChannelPlan], limits: Limits, mix: Mix, new: Sequence[int]
) -> LagPlan:
    """A mix run forward in time, with those in hand, as a plan that knows the time it takes."""
    time, course = spec.lag or NO_TIME, course_of(limits, mix)
    if not any(part.share for part in parts):  # nobody is needed, whose time would be that of all alike
        parts = [replace(part, share=Fraction(1, len(parts))) for part in parts]
    missed = {
        way.channel: [held - course.booked(way, month) for month, held in enumerate(course.held[way.channel])]
        for way in limits.ways
    }
    ways, asked = ways_of(time, parts, spec.assumptions), replace(spec, goal=goal).asked
    return chosen_plan(time, asked, ways, [(mix.signups[c], missed[c]) for c in map(_channel, ways.every)], new)


def _channel(way: Way) -> Channel:
    assert way.channel is not None
    return way.channel


def quotas_of(
    spec: PlanSpec, parts: Sequence[ChannelPlan], limits: Limits, mix: Mix, new: Sequence[int], lag: LagPlan | None
) -> Quotas:
    """Whole quotas of every stage: the signups as chosen, the others what these bring or take, rounded up likewise."""
    by_month = spec.shape.by_month
    if lag is not None:
        return lag_quotas(lag, parts, by_month=by_month)
    every = course_of(limits, mix).held
    held = {way.channel: every[way.channel] for way in limits.bought}
    signups = {channel: list(mix.signups[channel]) for channel in held}
    won = {way.channel: [way.to_paid * number for number in held[way.channel]] for way in limits.bought}
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
