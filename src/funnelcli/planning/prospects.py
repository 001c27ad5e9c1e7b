"""What a plan's chances are drawn from: counts of its rates and lags, of all or of each channel, and of its base."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from funnelcli.planning.assume import needs_base
from funnelcli.planning.keys import AnyKey, Key, RevenueModel
from funnelcli.planning.lag import Lag
from funnelcli.planning.model import ChannelPlan, ChannelRate, Origin
from funnelcli.planning.plan_spec import PlanSpec
from funnelcli.planning.selling import SellingTime
from funnelcli.planning.ways import Way, ways_of
from funnelcli.stats.crowds import Base, Path, Prospects
from funnelcli.stats.simulation import Counts, Given, Hand, Step, Waiting, World, dispersion
from funnelcli.values.lags import LagCounts


def prospects_of(spec: PlanSpec, time: SellingTime, channels: Sequence[ChannelPlan]) -> Prospects:
    """All that the runs of a plan are drawn from: a path for all people, or for those of each channel."""
    ways, rates = ways_of(time, channels, spec.assumptions), {plan.channel: plan.rates for plan in channels}

    def path(way: Way) -> Path:
        own = rates.get(way.channel, {}) if way.channel else {}
        steps = [
            _step(spec, way, place, key, own.get(key)) for place, (_, key) in enumerate(ways.steps) if place >= way.top
        ]
        return Path(world=_world(spec, way, steps), came=_came(spec, way))

    return Prospects(
        paths=tuple(map(path, ways.every)), months=len(spec.periods), tally=spec.goal.kind.tally(spec.model),
        since=-time.lead, base=_base(spec), price=_price(spec) if spec.goal.kind.priced else None,
    )  # fmt: skip


def _world(spec: PlanSpec, way: Way, steps: Sequence[Step]) -> World:
    hand = way.hand
    waiting = tuple(
        Waiting(stage=each.stage, at=hand.at - each.month, number=round(each.number))
        for each in hand.open
        if each.stage < len(steps)
    )
    return World(
        steps=tuple(steps), months=len(spec.periods),
        hand=Hand(waiting=waiting, month=hand.at, elapsed=float(hand.elapsed)),
    )  # fmt: skip


def _came(spec: PlanSpec, way: Way) -> tuple[int, ...]:
    came = [0] * len(spec.periods)
    for each in way.hand.came:
        if each.stage == len(way.lags) and 0 <= each.month < len(came):
            came[each.month] += int(each.number)
    return tuple(came)


def _step(spec: PlanSpec, way: Way, place: int, key: AnyKey, own: ChannelRate | None) -> Step:
    """How the people of a way get on from a stage: at a rate that is counted or given, in a time that is."""
    assert spec.sure is not None
    lag, counted = way.lags[place - way.top], spec.sure.counted.get(key)
    mine = None if own is None or way.channel is None else spec.sure.of_channel.get(way.channel, {}).get(key)
    shape = tuple(float(share / lag.reached) for share in lag.shares)
    fixed = Step(rate=Given(rate=float(lag.reached)), by_lag=shape, place=place)
    if spec.assumptions[key].origin is not Origin.MEASURED:
        return fixed
    of_all = own is None or own.denominator is None or own.pooled is not None
    rate = _of_all(spec, key, lag, counted) if of_all else _of_channel(spec, key, lag, own, mine)
    if rate is None:
        return fixed
    shared = way.channel is not None and of_all
    if counted is None or len(lag.shares) == 1:
        return Step(rate=rate, by_lag=shape, place=place, rate_of_all=shared)
    few = way.channel is not None and (own is None or mine is None or key in way.few)
    times = counted if way.channel is None or few or mine is None else mine
    return Step(
        rate=rate, by_lag=times.as_if_known(), counted=True, place=place, rate_of_all=shared, time_of_all=few
    )  # fmt: skip


def _of_all(spec: PlanSpec, key: AnyKey, lag: Lag, counted: LagCounts | None) -> Counts | None:
    """The counts of the rate of all."""
    assumption = spec.assumptions[key]
    assert assumption.value is not None
    if counted is not None:
        return _by_lag(assumption.value, counted, len(lag.shares))
    if not assumption.denominator:
        return None
    of = float(assumption.denominator)
    more, cohort = _spread_of(spec, key, of)
    return Counts(number=float(assumption.value) * of, of=of, dispersion=more, size=cohort)


def _by_lag(rate: Fraction, counted: LagCounts, lags: int, filled: Fraction = Fraction(0)) -> Counts:
    """The counts of a rate by lag: of those of whom it is known whether they ever get on.

    All lags are over after which any did.
    """
    known = counted.known[: max(lags, 1)]
    of = float((known[-1] if known else 0) + filled)
    return Counts(number=float(rate) * of, of=of)


def _of_channel(
    spec: PlanSpec, key: AnyKey, lag: Lag, own: ChannelRate | None, counted: LagCounts | None
) -> Counts | None:
    """The counts of a channel's own rate, filled up as it is; its months differ as those of all do."""
    if own is None or own.denominator is None or own.rate is None:
        return None
    if counted is not None:
        return _by_lag(own.rate, counted, len(lag.shares), own.filled)
    of = float(own.denominator + own.filled)
    whole = spec.assumptions[key].denominator
    if not whole:
        return Counts(number=float(own.rate) * of, of=of)
    more, cohort = _spread_of(spec, key, float(whole))
    size = cohort * of / float(whole)
    # Members of a month are alike in the same degree, however many they are.
    apart = 1 + max(size - 1, 0.0) * (more - 1) / (cohort - 1) if more > 1 and cohort > 1 else 1.0
    return Counts(number=float(own.rate) * of, of=of, dispersion=apart, size=size)


def _spread_of(spec: PlanSpec, key: AnyKey, of: float) -> tuple[float, float]:
    """How many times more than chance the months of a rate differ, and the usual number of a month."""
    cohorts = spec.measured.cohorts.get(key, ()) if spec.measured is not None else ()
    more = dispersion([did for did, _ in cohorts], [every for _, every in cohorts])
    return more, of / len(cohorts) if cohorts else of


def _base(spec: PlanSpec) -> Base:
    """Who pays when the plan begins, as far as the goal asks for it."""
    if not needs_base(spec.goal, spec.model):
        return Base()
    known = spec.assumptions
    opening, amount, churn = (known.get(key) for key in (Key.OPENING, Key.OPENING_MRR, Key.CHURN))
    lost: Counts | Given = Given(rate=float((churn and churn.value) or 0))
    if churn is not None and churn.origin is Origin.MEASURED and churn.numerator is not None and churn.denominator:
        lost = Counts(number=float(churn.numerator), of=float(churn.denominator))
    return Base(
        customers=float((opening and opening.value) or 0), amount=float((amount and amount.value) or 0), churn=lost
    )


def _price(spec: PlanSpec) -> float | tuple[float, ...]:
    """What a new customer brings: a sample of what those of the months measured did, or the amount that was given."""
    key = Key.DEAL_SIZE if spec.model is RevenueModel.ONE_OFF else Key.NEW_ARPA
    price = spec.assumptions.get(key)
    if price is None or price.value is None:
        return 0.0
    measured = spec.measured if price.origin is Origin.MEASURED and key is Key.NEW_ARPA else None
    sample = () if measured is None else measured.amounts
    return sample or float(price.value)
