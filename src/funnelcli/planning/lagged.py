"""A plan that knows how long it takes from a signup to a customer: quotas that, run forward in time, reach the goal."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.planning.allocate import in_parts
from funnelcli.planning.assume import Assumptions
from funnelcli.planning.backsolve import Target, UnreachableError, fewest, fewest_by_month, whole_numbers
from funnelcli.planning.declare import PlannedMetric
from funnelcli.planning.lag import brought_by, forward, still_open
from funnelcli.planning.model import ChannelPlan
from funnelcli.planning.placing import Due, Spread, Worth, due_of, left_of, smallest, spread_out, weights_of, worth_of
from funnelcli.planning.selling import ZERO, LagPart, LagPlan, SellingTime
from funnelcli.planning.solve import Asked
from funnelcli.planning.ways import Ways, ways_of
from funnelcli.problems import BrokenIdentityError
from funnelcli.text import Message, grouped

Months = Sequence[Fraction]


def lag_plan(
    time: SellingTime,
    asked: Asked,
    needs: Sequence[int],
    channels: Sequence[ChannelPlan],
    assumptions: Assumptions,
    total: int | None = None,
) -> LagPlan:
    """The quotas of each stage that people come to, with the smallest whole total of the first that reaches the goal.

    Those in hand are credited with whom they bring, at the plan's own rates: with channels each at its own, and in its
    own time.  Another ``total`` of those who enter is spread like the smallest, and brings what it brings.
    """
    return placed(time, asked, needs, channels, assumptions).plan(total)


def placed(
    time: SellingTime,
    asked: Asked,
    needs: Sequence[int],
    channels: Sequence[ChannelPlan],
    assumptions: Assumptions,
) -> Placed:
    """What is needed, placed in the months in which it must come, with the smallest total that is enough."""
    ground = _ground(time, asked, needs, ways_of(time, channels, assumptions))
    own_credit = [each[-1][time.lead :] for each in ground.coming]
    ways, by_month = ground.ways, asked.shape.by_month
    spread = _fewest(ground.worth, ways, needs, own_credit, ground.aim.base, by_month=by_month)
    return replace(ground, smallest=spread.entrants, weights=_any_weights(spread.weights, ways))


def chosen_plan(
    time: SellingTime,
    asked: Asked,
    ways: Ways,
    chosen: Sequence[tuple[Sequence[int], Months]],
    new: Sequence[int],
) -> LagPlan:
    """The quotas of entrants that were chosen, by way and month, each with how many of the stage after it are missed.

    Those missed are below 0: demos that nobody can hold.
    """
    ground = _ground(time, asked, asked.new(), ways)
    entrants = [list(months) for months, _ in chosen]
    weights = _any_weights([list(map(Fraction, months)) for months in entrants], ways)
    return replace(ground, smallest=entrants, weights=weights).of([missed for _, missed in chosen], new)


def _ground(time: SellingTime, asked: Asked, needs: Sequence[int], ways: Ways) -> Placed:
    """What is needed and who is in hand, before anything is placed."""
    coming = [brought_by(way.hand, way.lags, len(needs), time.lead) for way in ways.every]
    credit, aim = _summed([each[-1][time.lead :] for each in coming], len(needs)), asked.target()
    worth = Worth(
        base=aim.reached(credit), need=aim.need,
        of_part=tuple(tuple(worth_of(way.lag, aim.gain, -time.lead)) for way in ways.every),
    )  # fmt: skip
    return Placed(
        asked=asked, needs=tuple(needs), lead=time.lead, ways=ways, coming=coming, credit=tuple(credit), aim=aim,
        worth=worth, smallest=None, weights=[],
    )  # fmt: skip


class Placed(Struct, frozen=True, kw_only=True):
    """Needs placed by month and way: ``weights`` say how those who enter lie, ``smallest`` are the fewest of them.

    ``coming`` are those in hand, by way and stage.
    """

    asked: Asked
    needs: tuple[int, ...]
    lead: int
    ways: Ways
    coming: list[list[list[Fraction]]]
    credit: tuple[Fraction, ...]
    aim: Target
    worth: Worth
    smallest: list[list[int]] | None
    weights: list[list[Fraction]]

    def plan(self, total: int | None = None) -> LagPlan:
        """The quotas of the smallest total, or of another one that is spread like it."""
        entrants = self.smallest
        if total is not None and entrants is not None:
            entrants = spread_out(in_parts(self.weights), total, by_month=self.asked.shape.by_month)
        every = entrants or [[0] * (self.lead + len(self.needs)) for _ in self.ways.every]
        parts = tuple(self._part(place, of_way) for place, of_way in enumerate(every))
        brought = _summed([part.brought for part in parts], len(self.needs))
        if entrants is not None and total is None:
            _check(self.aim, brought)
        return self._made(entrants, parts, self._new(brought, total))

    def of(self, missed: Sequence[Months], new: Sequence[int]) -> LagPlan:
        """The quotas of the entrants themselves, for ``new`` customers; of the stage after it some are ``missed``."""
        assert self.smallest is not None
        every = zip(self.smallest, missed, strict=True)
        parts = tuple(self._part(place, entrants, lost) for place, (entrants, lost) in enumerate(every))
        _check(self.aim, _summed([part.brought for part in parts], len(self.needs)))
        return self._made(self.smallest, parts, new)

    def _made(self, entrants: list[list[int]] | None, parts: tuple[LagPart, ...], new: Sequence[int]) -> LagPlan:
        ways, months, by_month = self.ways, len(self.needs), self.asked.shape.by_month
        brought = _summed([part.brought for part in parts], months)
        return LagPlan(
            chain=ways.chain, steps=tuple((key, ways.lag_of(place)) for place, (_, key) in enumerate(ways.steps)),
            lag=ways.lag, entrants=None if entrants is None else tuple(_of_top(parts, self.lead + months)),
            quotas=_none(ways.chain) if entrants is None else _quotas(ways.chain, parts, self.lead, by_month=by_month),
            needs=self.needs, new=tuple(new), credit=self.credit, brought=tuple(brought),
            weights=tuple(_placed(ways, self.needs, self.lead)), due=tuple(_due(parts, months)),
            before_rounding=_exactly(self.worth, self.weights) if entrants is not None else ZERO,
            open=tuple(_summed([part.open for part in parts], len(ways.steps))), parts=parts, lead=self.lead,
        )  # fmt: skip

    def _new(self, brought: Months, total: int | None) -> list[int]:
        if total is None:
            return _whole_new(self.asked, self.aim, brought, self.needs)
        return whole_numbers(brought, by_month=self.asked.shape.by_month)

    def _part(self, place: int, entrants: Sequence[int], missed: Months = ()) -> LagPart:
        """What the entrants of a way come to, beside those in hand; ``missed`` at the second stage is below 0."""
        way, coming, size = self.ways.every[place], self.coming[place], len(entrants)
        entering = [[Fraction(n) for n in entrants], *[[ZERO] * size for _ in way.lags]]
        entering[1:2] = [list(missed) or entering[1]]
        fresh = forward(entering, way.lags)
        reached = [[n + own for n, own in zip(*stage, strict=True)] for stage in zip(fresh, coming, strict=True)]
        needs = [ZERO if way.top else way.share * need for need in self.needs]
        return LagPart(
            channel=way.channel, share=way.share, top=way.top, lag=way.lag,
            steps=tuple((key, lag) for (_, key), lag in zip(self.ways.steps[way.top :], way.lags, strict=True)),
            few=way.few, entrants=tuple(entrants), spread=tuple(self.weights[place]), came=way.entered, hand=way.hand,
            reached=(*[(ZERO,) * size for _ in range(way.top)], *map(tuple, reached)),
            credit=tuple(coming[-1][self.lead :]), brought=tuple(reached[-1][self.lead :]),
            due=tuple(due_of(needs, way.lag, way.entered, -self.lead)),
            open=(*[ZERO] * way.top, *still_open(way.hand, way.lags)),
        )  # fmt: skip


def _any_weights(weights: list[list[Fraction]], ways: Ways) -> list[list[Fraction]]:
    """How entrants are spread; of a goal that is met without any as the ways have them, alike in all months."""
    if any(map(any, weights)):
        return weights
    return [
        [Fraction(way.share / way.lag.reached)] * len(months) for way, months in zip(ways.every, weights, strict=True)
    ]


def _summed(parts: Sequence[Months], months: int) -> list[Fraction]:
    return [sum((part[month] for part in parts), ZERO) for month in range(months)]


def _of_top(parts: Sequence[LagPart], months: int) -> list[int]:
    """The entrants of the first stage of all."""
    return [sum(part.entrants[month] for part in parts if not part.top) for month in range(months)]


def _placed(ways: Ways, needs: Sequence[int], lead: int) -> list[Fraction]:
    """What is needed of the entrants of the first stage in each month, from the first that has any."""
    first = min(1 - max(len(way.lag.shares) for way in ways.every), -lead)
    placed = [weights_of([way.share * need for need in needs], way.lag, first) for way in ways.every if not way.top]
    return _summed(placed, len(needs) - first)


def _due(parts: Sequence[LagPart], months: int) -> list[Due]:
    every = [[part.due[month] for part in parts] for month in range(months)]
    return [
        Due(
            month=month, all=sum((due.all for due in dues), ZERO), had=sum((due.had for due in dues), ZERO),
            did=sum((due.did for due in dues), ZERO),
        )
        for month, dues in enumerate(every)
    ]  # fmt: skip


def _check(aim: Target, brought: Months) -> None:
    """BrokenIdentityError where quotas that were found to be enough, run forward stage by stage, are not."""
    short = aim.need - aim.reached(brought)
    if short > aim.need * ALMOST_NOTHING:
        raise BrokenIdentityError(_SHORT.filled(short=grouped(float(short), 6)))


_SHORT = Message("Run forward, the quotas are {short} short of the goal.")
ALMOST_NOTHING = Fraction(1, 10**9)  # what is left of numbers that are too long to be exact


def _none(chain: Sequence[PlannedMetric]) -> dict[str, list[int] | None]:
    return {stage.key: None for stage in chain[:-1]}


def _quotas(
    chain: Sequence[PlannedMetric], parts: Sequence[LagPart], lead: int, *, by_month: bool
) -> dict[str, list[int] | None]:
    """The quotas of the stages before the customers: of the first, those needed beside who came in the month so far."""
    size = len(parts[0].entrants)
    quotas: dict[str, list[int] | None] = {
        stage.key: whole_numbers(_summed([part.reached[place] for part in parts], size), by_month=by_month)
        for place, stage in enumerate(chain[:-1])
        if place
    }
    quotas[chain[0].key] = [sum(month) for month in zip(*(of_top(part, lead) for part in parts), strict=True)]
    return quotas


def of_top(part: LagPart, lead: int) -> list[int]:
    """A part's quota of the first stage: who is needed, beside those who came so far in months before the plan."""
    if part.top:
        return [0] * len(part.entrants)
    return [n + int(part.came.get(month, 0)) for month, n in enumerate(part.entrants, start=-lead)]


def _fewest(
    goal: Worth, ways: Ways, needs: Sequence[int], credit: Sequence[Months], without: Fraction, *, by_month: bool
) -> Spread:
    """The smallest total spread as what is needed less the credit must come, each channel by its own.

    Where it is more than would do ``without`` any credit, or those left need nobody in these months, it is spread as
    all that is needed must come: then the credit only ever lessens it.  Where what each month needs had to come before
    these months, it is spread as if all were needed in the last one.
    """
    own = [[way.share * need for need in needs] for way in ways.every]
    first = len(needs) - len(goal.of_part[0])

    def in_months(of_ways: Sequence[Months]) -> list[list[Fraction]]:
        return [weights_of(months, way.lag, first) for months, way in zip(of_ways, ways.every, strict=True)]

    left, every = in_months([left_of(*each) for each in zip(own, credit, strict=True)]), in_months(own)
    spread = smallest(goal, left, by_month=by_month)
    if any(map(any, credit)):
        most = smallest(goal.on(without), every, by_month=by_month)
        if spread.entrants is None or (most.entrants is not None and spread.total > most.total):
            spread = smallest(goal, every, by_month=by_month)
    if spread.entrants is None:
        at_end = in_months([[*[ZERO] * (len(needs) - 1), sum(months, ZERO)] for months in own])
        spread = smallest(goal, at_end, by_month=by_month)
        if spread.entrants is None:
            return Spread(entrants=None, weights=every)
    return spread


def _exactly(goal: Worth, weights: Sequence[Months]) -> Fraction:
    """The total before anything is rounded."""
    worth = goal.of(weights)
    total = sum((sum(months, ZERO) for months in weights), ZERO)
    return max(goal.need - goal.base, ZERO) * total / worth if worth else ZERO


def _whole_new(asked: Asked, aim: Target, brought: Months, needs: Sequence[int]) -> list[int]:
    """The fewest whole new customers that reach the goal when they lie over the months as those brought do."""
    total = sum(brought, ZERO)
    if not total or not any(needs):
        return list(needs)
    shares = [month / total for month in brought]
    try:
        return fewest_by_month(aim, shares) if asked.shape.by_month else fewest(aim, shares)
    except UnreachableError:
        return list(needs)
