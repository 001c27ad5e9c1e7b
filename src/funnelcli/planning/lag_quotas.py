"""The quotas by channel of a plan that knows how long selling takes: what each channel's own entrants bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from funnelcli.planning.allocate import shared, summed
from funnelcli.planning.backsolve import whole_numbers
from funnelcli.planning.keys import Key
from funnelcli.planning.lagged import of_top
from funnelcli.planning.metrics import SIGNUPS, VISITORS
from funnelcli.planning.mix import Quotas
from funnelcli.planning.model import ChannelPlan
from funnelcli.planning.selling import ZERO, LagPart, LagPlan, people_stages
from funnelcli.values.channels import CHANNELS, Channel

Parts = Mapping[Channel, list[int]]


def lag_quotas(plan: LagPlan, channels: Sequence[ChannelPlan], *, by_month: bool, share: bool = True) -> Quotas:
    """Whole quotas of every stage and of each channel, which sum to the whole in every month.

    The signups are those planned; demos and new customers are shared out as the channels bring them, visits are what
    the signups take.  Without ``share`` only the whole is made.
    """
    parts = {part.channel: part for part in plan.parts if part.channel is not None}
    first = plan.chain[0].key
    whole: dict[str, list[int] | None] = dict.fromkeys(stage.key for stage in people_stages())
    whole |= {**plan.quotas, plan.chain[-1].key: [*[0] * plan.lead, *plan.new]}
    tops = {channel: of_top(part, plan.lead) for channel, part in parts.items()}
    visits = _visits(tops, channels) if first == SIGNUPS.key and whole[first] is not None else {}
    needed = whole_numbers(summed(visits), by_month=by_month) if visits else None
    whole[VISITORS.key] = needed
    if not share:
        return Quotas(whole=whole, of_channel={})
    of_channel: dict[str, Parts] = {VISITORS.key: {} if needed is None else shared(needed, visits)}
    for stage in people_stages():
        quota = whole[stage.key]
        place = plan.chain.index(stage) if quota is not None else 0
        of_channel[stage.key] = {} if quota is None else _as_brought(quota, parts, place) if place else tops
    kept = [channel for channel in CHANNELS if channel in parts and _has_any(parts[channel], of_channel, channel)]
    ordered = {
        stage: {channel: mine[channel] for channel in kept if channel in mine} for stage, mine in of_channel.items()
    }
    return Quotas(whole=whole, of_channel=ordered)


def _has_any(part: LagPart, of_channel: Mapping[str, Parts], channel: Channel) -> bool:
    """Whether a channel is planned, or has anybody in hand."""
    return bool(part.share) or any(any(mine.get(channel, ())) for mine in of_channel.values())


def _visits(tops: Parts, channels: Sequence[ChannelPlan]) -> dict[Channel, list[Fraction]]:
    """The visits that the signups of channels take; none where no channel is planned from visits."""
    rates = {plan.channel: plan.rates[Key.VISITOR_TO_SIGNUP].rate for plan in channels}
    if not any(rates.values()):
        return {}
    return {
        channel: [number / rate if (rate := rates.get(channel)) else ZERO for number in numbers]
        for channel, numbers in tops.items()
    }


def _as_brought(quota: Sequence[int], parts: Mapping[Channel, LagPart], place: int) -> dict[Channel, list[int]]:
    """A quota shared out as the channels' own people come; where nobody does, as the mix has them."""
    brought = {channel: list(part.reached[place]) for channel, part in parts.items()}
    if any(quota) and not any(map(any, brought.values())):
        brought = {channel: [part.share] * len(quota) for channel, part in parts.items()}
    return shared(quota, brought)
