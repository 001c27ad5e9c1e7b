"""Of mixes that cost the same the one that people would choose: no signups too many, and none earlier than they must.

Where the months are free, the new customers lie over them as evenly as the same cost allows.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from funnelcli.planning.mix_limits import ZERO, Course, Limits, Mix, Needed, cost_of
from funnelcli.values.channels import Channel

_PASSES = 4
Spot = tuple[Channel, int]  # a channel and a month


def evened(limits: Limits, needed: Needed, mix: Mix) -> Mix:
    """The mix with signups moved, as long as it costs no more and is still enough.

    First those that are not needed are dropped, then of channels alike the one declared first is taken; then each
    comes as late as the months need it, or where none is needed at its time, the months are made alike.  Where selling
    takes time what comes early is worth more, so that it comes as late as it can, too.  Demos that are held otherwise
    than best channels first leave no room to move.

    >>> from funnelcli.planning.backsolve import new_customers
    >>> from funnelcli.planning.lag import AT_ONCE
    >>> from funnelcli.planning.means import Offer, Step
    >>> from funnelcli.planning.mix_limits import Way
    >>> offer = Offer(steps=(Step(signups=None, each=Fraction(3)),))
    >>> paid = Way(channel=Channel.PAID, demos=AT_ONCE, paid=AT_ONCE, offer=offer)
    >>> limits = Limits(ways=(paid,), demos=(None, None))
    >>> early = Mix(signups={Channel.PAID: (4, 0)}, cost=Fraction(12), proven=True, floor=Fraction(12))
    >>> half = Needed(goal=new_customers(Fraction(4), 2), months=(Fraction(2), Fraction(2)))
    >>> evened(limits, half, early).signups
    {<Channel.PAID: 'paid'>: (2, 2)}
    """
    if mix.held is not None:
        return mix
    moves = _Moves(limits, needed, mix)
    moves.drop()
    moves.prefer_declared()
    for _ in range(_PASSES):
        if not (moves.later() if needed.months or limits.takes_time else moves.alike()):
            break
    return moves.mix(mix)


class _Moves:
    """Signups that are moved between channels and months; what they cost and bring is kept month by month."""

    def __init__(self, limits: Limits, needed: Needed, mix: Mix) -> None:
        self.limits, self.needed = limits, needed
        self.ways = {way.channel: way for way in limits.ways}
        self.course = Course(limits, mix.signups)
        self.signups = self.course.signups

    def mix(self, before: Mix) -> Mix:
        """The mix as it is now."""
        signups = {channel: tuple(numbers) for channel, numbers in self.signups.items()}
        cost = cost_of(self.limits, signups)
        floor = min(before.floor, cost)
        return Mix(signups=signups, cost=cost, proven=before.proven, floor=cost if before.proven else floor)

    def drop(self) -> None:
        """Leave out signups that cost nothing and are not needed, late ones of channels declared last first."""
        for channel in reversed(self.signups):
            for month in reversed(range(self.limits.months)):
                self._move((channel, month), None, self.signups[channel][month])

    def prefer_declared(self) -> None:
        """Take those of a channel that is declared earlier in the place of another's."""
        channels = list(self.signups)
        for month in range(self.limits.months):
            for place, channel in enumerate(channels):
                for later in channels[place + 1 :]:
                    self._move((later, month), (channel, month), self.signups[later][month])

    def later(self) -> bool:
        """Move signups to later months; whether any was."""
        moved = 0
        for to in range(self.limits.months - 1, 0, -1):
            for month in range(to):
                for channel, numbers in self.signups.items():
                    moved += self._move((channel, month), (channel, to), numbers[month])
        return bool(moved)

    def alike(self) -> bool:
        """Move signups from months that win more to those that win less; whether any was."""
        moved = 0
        for month, to in self._uneven():
            for way in self.limits.bought:
                each = way.to_demo * way.to_paid
                apart = self.course.customers[month] - self.course.customers[to]
                if each and apart > each:
                    most = min(max(int(apart / (2 * each)), 1), self.signups[way.channel][month])
                    moved += self._move((way.channel, month), (way.channel, to), most)
        return bool(moved)

    def _uneven(self) -> Iterator[tuple[int, int]]:
        months, customers = range(self.limits.months), self.course.customers
        return ((month, to) for month in months for to in months if customers[month] > customers[to])

    def _move(self, spot: Spot, to: Spot | None, most: int) -> int:
        """Move as many signups as can be, up to some; those that cost no more and leave enough are no gap between."""
        if not most or not self._can(spot, to, 1):
            return 0
        low, high = 1, most + 1
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._can(spot, to, middle) else (low, middle)
        self._shift(spot, to, low)
        return low

    def _can(self, spot: Spot, to: Spot | None, number: int) -> bool:
        before, after = self._costs(spot, to, 0), self._costs(spot, to, number)
        if before is None or after is None or after > before:
            return False
        self._shift(spot, to, number)
        able = self.needed.is_met(self.course.planned)
        self._shift(spot, to, -number)
        return able

    def _costs(self, spot: Spot, to: Spot | None, number: int) -> Fraction | None:
        """What the signups of two months cost after some are moved from one to the other; None above what there is."""
        changed = [(spot, -number)] if to is None else [(spot, -number), (to, number)]
        costs = [self.ways[c].cost(month, self.signups[c][month] + more) for (c, month), more in changed]
        known = [cost for cost in costs if cost is not None]
        return sum(known, ZERO) if len(known) == len(costs) else None

    def _shift(self, spot: Spot, to: Spot | None, number: int) -> None:
        self.course.shift(*spot, -number)
        if to is not None:
            self.course.shift(*to, number)
