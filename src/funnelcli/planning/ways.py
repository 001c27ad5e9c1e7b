"""The ways on which a plan wins customers: one of all, or one for each channel with its own rates and its own time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import reduce
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.planning.assume import Assumptions
from funnelcli.planning.declare import PlannedMetric
from funnelcli.planning.keys import AnyKey
from funnelcli.planning.lag import AT_ONCE, InHand, Lag, Open
from funnelcli.planning.mix import needs_of_one
from funnelcli.planning.model import ChannelPlan
from funnelcli.planning.selling import ZERO, ChannelTime, SellingTime, people_stages
from funnelcli.values.channels import Channel

Step = tuple[PlannedMetric, AnyKey]  # a stage, and the rate at which its people go on


class Way(Struct, frozen=True, kw_only=True):
    """How the people of a ``channel`` become customers, None for all: ``share`` is its part in the new ones.

    They come to the stage ``top`` of the chain first; ``lags`` are from there on, ``lag`` is all of the way.  ``hand``
    has its stages counted from there.  ``few`` are the rates at which too few of its own got on to tell the time.
    """

    channel: Channel | None
    share: Fraction
    top: int
    lags: tuple[Lag, ...]
    lag: Lag
    hand: InHand
    entered: Mapping[int, Fraction]
    few: tuple[AnyKey, ...] = ()


class Ways(Struct, frozen=True, kw_only=True):
    """All ways, and the ``chain`` of stages on which they lie, with what one new customer takes of each."""

    chain: tuple[PlannedMetric, ...]
    steps: tuple[Step, ...]
    per_one: Mapping[str, Fraction]
    every: tuple[Way, ...]

    @property
    def lag(self) -> Lag:
        """The time from an entrant to a customer, over all ways, in the mix of the customers."""
        alike = _added([way.lag.rated(way.share) for way in self.every if way.share])
        return alike.rated(alike.reached / self.per_one[self.chain[0].key])

    def lag_of(self, place: int) -> Lag:
        """The time that one step takes, of all who come to its stage."""
        parts: list[Lag] = []
        for way in self.every:
            if way.share and place >= way.top:
                ahead = reduce(Lag.then, way.lags[place - way.top + 1 :], AT_ONCE).reached
                step = way.lags[place - way.top]
                parts.append(step.rated(Fraction(way.share / ahead)))  # of whom so many get on
        return _added(parts).rated(self._rate(place)) if parts else AT_ONCE

    def _rate(self, place: int) -> Fraction:
        before, after = (self.per_one[stage.key] for stage in self.chain[place : place + 2])
        return after / before


def _added(lags: Sequence[Lag]) -> Lag:
    if len(lags) == 1:
        return lags[0]
    longest = max(len(lag.shares) for lag in lags)
    return Lag(
        shares=tuple(
            sum((lag.shares[place] for lag in lags if place < len(lag.shares)), ZERO) for place in range(longest)
        )
    )


def ways_of(time: SellingTime, channels: Sequence[ChannelPlan], assumptions: Assumptions) -> Ways:
    """The ways of a plan: one of all, or where it has channels one of each.

    Those in hand, or who entered, of other channels have a way of their own, on which nobody is planned.
    """
    per_one = needs_of_one(assumptions, channels)
    chain = tuple(stage for stage in people_stages() if per_one.get(stage.key))
    steps = tuple((stage, stage.rate) for stage, _ in pairwise(chain) if stage.rate is not None)
    left_out = len(people_stages()) - len(chain)
    pooled = {key: assumptions[key].value for _, key in steps}
    if not channels:
        whole = ChannelTime(lags=time.lags, hand=time.hand, entered=time.entered)
        every = [_way(None, Fraction(1), pooled, steps, time, whole, left_out)]
        return Ways(chain=chain, steps=steps, per_one=per_one, every=tuple(every))
    of_channel = time.of_channel or {Channel.UNKNOWN: ChannelTime(hand=time.hand, entered=time.entered)}
    every = [
        _way(
            plan.channel, plan.share, {key: plan.rates[key].rate for _, key in steps}, steps, time,
            of_channel.get(plan.channel, ChannelTime()), left_out,
        )
        for plan in channels
    ]  # fmt: skip
    planned = {plan.channel for plan in channels}
    every += [
        _way(channel, ZERO, pooled, steps, time, replace(mine, lags={}), left_out)
        for channel, mine in of_channel.items()
        if channel not in planned and (mine.hand.open or mine.hand.came or any(mine.entered.values()))
    ]
    return Ways(chain=chain, steps=steps, per_one=per_one, every=tuple(every))


def _way(
    channel: Channel | None,
    share: Fraction,
    rates: Mapping[AnyKey, Fraction | None],
    steps: Sequence[Step],
    time: SellingTime,
    mine: ChannelTime,
    left_out: int,
) -> Way:
    """The way of a channel, from the first stage that it has people of."""
    passed = [place + 1 for place, (_, key) in enumerate(steps) if rates[key] is None]
    top = max(passed, default=0)
    lags = []
    for _, key in steps[top:]:
        lag, rate = mine.lags.get(key) or time.lags.get(key, AT_ONCE), rates[key]
        assert rate is not None
        lags.append(lag.rated(rate))
    first, hand = people_stages()[left_out].key, mine.hand
    if time.booked_at_once and steps:
        hand = _with_demos(hand, rates.get(steps[0][1]) or ZERO)
    return Way(
        channel=channel, share=share, top=top, lags=tuple(lags), lag=reduce(Lag.then, lags, AT_ONCE),
        hand=of_chain(hand, left_out + top), entered={} if top else mine.entered.get(first, {}),
        few=tuple(key for key in mine.few if share and key in {key for _, key in steps[top:]}),
    )  # fmt: skip


def _with_demos(hand: InHand, rate: Fraction) -> InHand:
    """Those in hand, the signups among them as the demos that so many of them have had."""
    demos = (each if each.stage else Open(stage=1, month=each.month, number=each.number * rate) for each in hand.open)
    return replace(hand, open=tuple(demos))


def of_chain(hand: InHand, left_out: int) -> InHand:
    """Those in hand, by the places of a chain that does without the first stages."""
    if not left_out:
        return hand

    def kept(some: tuple[Open, ...]) -> tuple[Open, ...]:
        return tuple(replace(each, stage=each.stage - left_out) for each in some if each.stage >= left_out)

    return replace(hand, open=kept(hand.open), came=kept(hand.came))
