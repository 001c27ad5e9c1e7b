"""A plan that knows how long it takes from a signup to a customer: quotas that, run forward in time, reach the goal."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from itertools import pairwise

from msgspec.structs import replace

from funnelcli.planning.assume import Assumptions
from funnelcli.planning.backsolve import Target, UnreachableError, by_weight, fewest, fewest_by_month, whole_numbers
from funnelcli.planning.declare import PlannedMetric
from funnelcli.planning.lag import AT_ONCE, InHand, Lag, Open, brought_by, forward, still_open
from funnelcli.planning.mix import needs_of_one
from funnelcli.planning.model import ChannelPlan
from funnelcli.planning.placing import due_of, left_of, smallest, weights_of, worth_of
from funnelcli.planning.selling import ZERO, LagPlan, SellingTime, people_stages
from funnelcli.planning.solve import Asked
from funnelcli.problems import BrokenIdentityError
from funnelcli.text import Message, grouped


def lag_plan(
    time: SellingTime,
    asked: Asked,
    needs: Sequence[int],
    channels: Sequence[ChannelPlan],
    assumptions: Assumptions,
    total: int | None = None,
) -> LagPlan:
    """The quotas of each stage that people come to, with the smallest whole total of the first that reaches the goal.

    Those in hand are credited with whom they bring, at the plan's own rates.  Another ``total`` of the first stage is
    spread like the smallest, and brings what it brings.
    """
    per_one = needs_of_one(assumptions, channels)
    chain = tuple(stage for stage in people_stages() if stage.key in per_one)
    ways = [(stage, after) for stage, after in pairwise(chain) if stage.rate is not None]
    lags = [_rated(time, stage, per_one[after.key] / per_one[stage.key]) for stage, after in ways]
    own = [_rated(time, stage, assumptions[stage.rate].value if stage.rate else None) for stage, _ in ways]
    months, lead, whole = len(needs), time.lead, reduce(Lag.then, lags, AT_ONCE)
    hand = of_chain(time.hand, len(people_stages()) - len(chain))
    coming = brought_by(hand, own, months, lead)
    credit, aim = coming[-1][lead:], asked.target()
    goal = Target(base=aim.reached(credit), gain=tuple(worth_of(whole, aim.gain, -lead)), need=aim.need)
    spread = _fewest(goal, needs, credit, aim.base, whole, by_month=asked.shape.by_month)
    entrants, weights = spread if spread is not None else (None, weights_of(needs, whole, -lead))
    by_month = asked.shape.by_month
    weights = weights if any(weights) else [Fraction(1)] * len(weights)  # of a goal that is met without any
    if total is not None and entrants is not None:
        entrants = whole_numbers([share * total for share in by_weight(weights)], by_month=by_month)
    fresh = forward([[Fraction(n) for n in entrants or [0] * (lead + months)], *_nobody(coming[1:])], lags)
    reached = [[n + own for n, own in zip(*stage, strict=True)] for stage in zip(fresh, coming, strict=True)]
    brought = reached[-1][lead:]
    if entrants is not None:
        _check(aim, brought)
    new = whole_numbers(brought, by_month=by_month) if total is not None else _whole_new(asked, aim, brought, needs)
    return LagPlan(
        chain=chain, steps=tuple((stage.rate, lag) for (stage, _), lag in zip(ways, lags, strict=True) if stage.rate),
        lag=whole, entrants=None if entrants is None else tuple(entrants), needs=tuple(needs),
        quotas=_quotas(time, chain, entrants, reached, by_month=by_month),
        new=tuple(new),
        spread=tuple(weights), credit=tuple(credit), brought=tuple(brought),
        weights=tuple(weights_of(needs, whole, min(1 - len(whole.shares), -lead))),
        due=tuple(due_of(needs, whole, time.entered.get(chain[0].key, {}), -lead)),
        before_rounding=_exactly(goal, weights) if entrants is not None else ZERO,
        open=tuple(still_open(hand, own)), lead=lead,
    )  # fmt: skip


def _check(aim: Target, brought: Sequence[Fraction]) -> None:
    """BrokenIdentityError where quotas that were found to be enough, run forward stage by stage, are not."""
    short = aim.need - aim.reached(brought)
    if short > aim.need * ALMOST_NOTHING:
        raise BrokenIdentityError(_SHORT.filled(short=grouped(float(short), 6)))


_SHORT = Message("Run forward, the quotas are {short} short of the goal.")
ALMOST_NOTHING = Fraction(1, 10**9)  # what is left of numbers that are too long to be exact


def _nobody(stages: Sequence[Sequence[Fraction]]) -> list[list[Fraction]]:
    return [[ZERO] * len(months) for months in stages]


def _quotas(
    time: SellingTime,
    chain: Sequence[PlannedMetric],
    entrants: Sequence[int] | None,
    reached: Sequence[Sequence[Fraction]],
    *,
    by_month: bool,
) -> dict[str, list[int] | None]:
    """The quotas of the stages before the customers: of the first, those needed beside who came in the month so far."""
    if entrants is None:
        return {stage.key: None for stage in chain[:-1]}
    came = time.entered.get(chain[0].key, {})
    quotas: dict[str, list[int] | None] = {
        stage.key: whole_numbers(numbers, by_month=by_month)
        for stage, numbers in zip(chain[1:-1], reached[1:-1], strict=True)
    }
    quotas[chain[0].key] = [n + int(came.get(month, 0)) for month, n in enumerate(entrants, start=-time.lead)]
    return quotas


def _rated(time: SellingTime, stage: PlannedMetric, rate: Fraction | None) -> Lag:
    """The lag of a stage at a rate."""
    assert stage.rate is not None
    lag = time.lags.get(stage.rate, AT_ONCE)
    return lag if rate is None else lag.rated(rate)


def of_chain(hand: InHand, left_out: int) -> InHand:
    """Those in hand, by the places of a chain that does without the first stages."""
    if not left_out:
        return hand

    def kept(some: tuple[Open, ...]) -> tuple[Open, ...]:
        return tuple(replace(each, stage=each.stage - left_out) for each in some if each.stage >= left_out)

    return replace(hand, open=kept(hand.open), came=kept(hand.came))


def _fewest(
    goal: Target, needs: Sequence[int], credit: Sequence[Fraction], without: Fraction, lag: Lag, *, by_month: bool
) -> tuple[list[int], list[Fraction]] | None:
    """The smallest total spread as what is needed less the credit must come, and the weights of the months.

    Where it is more than would do ``without`` any credit, or those left need nobody in these months, it is spread as
    all that is needed must come: then the credit only ever lessens it.  Where what each month needs had to come before
    these months, it is spread as if all were needed in the last one.
    """
    first = len(needs) - len(goal.gain)
    left, every = weights_of(left_of(needs, credit), lag, first), weights_of(needs, lag, first)
    entrants = smallest(goal, left, by_month=by_month)
    if any(credit):
        most = smallest(replace(goal, base=without), every, by_month=by_month)
        if entrants is None or (most is not None and sum(entrants) > sum(most)):
            entrants, left = smallest(goal, every, by_month=by_month), every
    if entrants is None:
        left = weights_of([0] * (len(needs) - 1) + [sum(needs)], lag, first)
        entrants = smallest(goal, left, by_month=by_month)
    return None if entrants is None else (entrants, left)


def _exactly(goal: Target, weights: Sequence[Fraction]) -> Fraction:
    """The total before anything is rounded."""
    worth, total = (sum(numbers, ZERO) for numbers in (map(_times, goal.gain, weights), weights))
    return max(goal.need - goal.base, ZERO) * total / worth if worth else ZERO


def _times(gain: Fraction, weight: Fraction) -> Fraction:
    return gain * weight


def _whole_new(asked: Asked, aim: Target, brought: Sequence[Fraction], needs: Sequence[int]) -> list[int]:
    """The fewest whole new customers that reach the goal when they lie over the months as those brought do."""
    total = sum(brought, ZERO)
    if not total or not any(needs):
        return list(needs)
    shares = [month / total for month in brought]
    try:
        return fewest_by_month(aim, shares) if asked.shape.by_month else fewest(aim, shares)
    except UnreachableError:
        return list(needs)
