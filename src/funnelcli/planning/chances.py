"""Plans under chance: how likely quotas are to meet the goal, and the smallest that are as likely as is asked.

Rates, lags, churn and the ARPA of new customers are drawn once a run from what was counted; what was given is fixed.
Source: docs/planning.md, confidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from itertools import pairwise

from funnelcli.planning.assume import needs_base
from funnelcli.planning.backsolve import by_weight, whole_numbers
from funnelcli.planning.keys import AnyKey, Key, RevenueModel
from funnelcli.planning.labels import month_words
from funnelcli.planning.lag import AT_ONCE
from funnelcli.planning.lagged import lag_plan
from funnelcli.planning.metrics import PLANNED
from funnelcli.planning.mix import needs_of_one
from funnelcli.planning.model import ChannelPlan, Origin
from funnelcli.planning.plan_spec import PlanSpec
from funnelcli.planning.selling import LagPlan, SellingTime, people_stages
from funnelcli.planning.sureness import Confidence as Confidence
from funnelcli.planning.sureness import Simulated, Sureness
from funnelcli.planning.ways import of_chain
from funnelcli.problems import GoalError
from funnelcli.stats.simulation import (
    Base,
    Counts,
    Given,
    Hand,
    Outcome,
    Runs,
    Step,
    Waiting,
    World,
    dispersion,
    fewest_entrants,
)
from funnelcli.text import Message
from funnelcli.values.lags import LagCounts
from funnelcli.values.periods import Grain, shift, span

SIDE_BY_SIDE = (Fraction(1, 2), Fraction(4, 5), Fraction(19, 20))
_MOST_TIMES = 50  # of the plain plan's total: beyond that nobody plans


def confident(
    spec: PlanSpec, quotas: Mapping[str, Sequence[int] | None], channels: Sequence[ChannelPlan]
) -> Confidence | None:
    """How sure the ``quotas`` of a plan are, and the smallest that are sure enough; None where nobody comes in time."""
    assert spec.sure is not None
    time = spec.lag if spec.lag is not None else SellingTime(lags={})

    def planned(total: int | None) -> LagPlan:
        return lag_plan(time, spec.asked, spec.asked.new(), channels, spec.assumptions, total)

    plain = planned(None)
    if plain.entrants is None:
        return None
    shares, runs = (
        by_weight([sum(month, Fraction(0)) for month in zip(*(part.spread for part in plain.parts), strict=True)]),
        Runs(_world(spec, time, channels), seed=spec.sure.seed, runs=spec.sure.runs),
    )
    # Where selling takes no time, the plain plan is the one that rounds each stage up, a little above what is needed.
    quota = None if spec.lag is not None else quotas.get(plain.top.key)
    first = list(plain.entrants if quota is None else quota)

    @cache
    def chance(total: int) -> float:
        spread = whole_numbers([share * total for share in shares], by_month=spec.shape.by_month)
        return _met(spec, runs.outcome(first if total == sum(first) else spread, -time.lead))

    def sure(level: Fraction) -> Sureness:
        least = sum(first)
        enough = fewest_entrants(chance, float(level), least=least, most=_MOST_TIMES * max(least, 100))
        if enough is None:
            return Sureness(level=level, total=None, chance=None, stages={})
        if enough[0] == least:
            return Sureness(level=level, total=least, chance=enough[1], stages=_stages(plain, quotas))
        of_more = planned(enough[0])
        return Sureness(level=level, total=enough[0], chance=enough[1], stages=_stages(of_more, of_more.quotas))

    of_plain = Sureness(level=None, total=sum(first), chance=chance(sum(first)), stages=_stages(plain, quotas))
    levels = sorted({*SIDE_BY_SIDE, spec.sure.level})
    return Confidence(
        asked=spec.sure.level, top=plain.top, levels=(of_plain, *map(sure, levels)), seed=spec.sure.seed,
        runs=spec.sure.runs, simulated=_simulated(spec, time, plain.top.key, runs),
    )  # fmt: skip


def _simulated(spec: PlanSpec, time: SellingTime, top: str, runs: Runs) -> Simulated | None:
    """How likely the quotas given meet the goal; those of months that are not over count who came so far, too."""
    assert spec.sure is not None
    given = spec.sure.simulate
    if given is None:
        return None
    first = shift(spec.periods[0], -time.lead, Grain.MONTH)
    months = span(first, spec.periods[-1], Grain.MONTH)
    quotas, came = given.rows.get(top, {}), time.entered.get(top, {})
    lacking = [month for month in spec.periods if month.key not in quotas]
    if lacking:
        figure = PLANNED[top].label
        raise GoalError(
            _LACKING.filled(name=given.name, figure=figure, key=top, month=month_words(lacking[0])),
            hint=_WRITE.filled(key=top),
        )
    left = [
        max(int(quotas.get(month.key, Fraction(0))) - int(came.get(place - time.lead, 0)), 0)
        for place, month in enumerate(months)
    ]
    chance = _met(spec, runs.outcome(left, -time.lead))
    return Simulated(name=given.name, total=sum(int(quotas.get(month.key, 0)) for month in months), chance=chance)


_LACKING = Message("{name} has no quota of {figure} ({key}) for {month}.")
_WRITE = Message("Give a row {key} with all months of the plan, as funnelcli targets … -o targets.csv writes it.")


def _stages(plan: LagPlan, quotas: Mapping[str, Sequence[int] | None]) -> dict[str, Fraction]:
    """What the quotas of a plan come to, from the stage that people enter first to the customer."""
    whole = {stage.key: quotas.get(stage.key) for stage in plan.chain}
    stages = {key: Fraction(sum(quota)) for key, quota in whole.items() if quota is not None}
    return stages if whole[plan.chain[-1].key] is not None else {**stages, plan.chain[-1].key: Fraction(sum(plan.new))}


def _met(spec: PlanSpec, outcome: Outcome) -> float:
    """The share of the runs that meet the goal."""
    reached = spec.goal.kind.met(outcome, spec.model)
    # What adds up in another order is not short of the goal for it.
    return float((reached >= float(spec.goal.amount) * (1 - 1e-12)).mean())


# --- what is known ---------------------------------------------------------------------------------------------------


def _world(spec: PlanSpec, time: SellingTime, channels: Sequence[ChannelPlan]) -> World:
    """What the runs are drawn from."""
    assert spec.sure is not None
    per_one, counted = needs_of_one(spec.assumptions, channels), spec.sure.counted
    chain = [stage for stage in people_stages() if stage.key in per_one]
    steps = tuple(
        _step(spec, time, stage.rate, per_one[after.key] / per_one[stage.key], counted.get(stage.rate))
        for stage, after in pairwise(chain)
        if stage.rate is not None
    )
    hand, months = of_chain(time.hand, len(people_stages()) - len(chain)), len(spec.periods)
    came = [0] * months
    for each in hand.came:
        if each.stage == len(steps) and 0 <= each.month < months:
            came[each.month] += int(each.number)
    waiting = tuple(
        Waiting(stage=each.stage, at=hand.at - each.month, number=round(each.number))
        for each in hand.open
        if each.stage < len(steps)
    )
    return World(
        steps=steps, months=months, came=tuple(came),
        hand=Hand(waiting=waiting, month=hand.at, elapsed=float(hand.elapsed)),
        base=_base(spec), price=_price(spec),
    )  # fmt: skip


def _step(spec: PlanSpec, time: SellingTime, key: AnyKey, rate: Fraction, counted: LagCounts | None) -> Step:
    """How people get on from a stage: at a rate that is counted or given, in a time that is."""
    assumption, lag = spec.assumptions[key], time.lags.get(key, AT_ONCE)
    given = Step(rate=Given(rate=float(rate)), by_lag=tuple(float(share / lag.reached) for share in lag.shares))
    if assumption.origin is not Origin.MEASURED:
        return given
    if counted is not None and len(lag.shares) > 1:
        # Of a rate count those of whom it is known whether they ever get on: all lags are over after which any did.
        of = float(counted.known[len(lag.shares) - 1])
        return Step(rate=Counts(number=float(rate) * of, of=of), by_lag=counted.as_if_known(), counted=True)
    if not assumption.denominator:
        return given
    of = float(assumption.denominator)
    cohorts = spec.measured.cohorts.get(key, ()) if spec.measured is not None else ()
    more = dispersion([did for did, _ in cohorts], [every for _, every in cohorts])
    size = of / len(cohorts) if cohorts else of
    return Step(rate=Counts(number=float(rate) * of, of=of, dispersion=more, size=size), by_lag=given.by_lag)


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
    if price is None or price.value is None or not spec.goal.kind.priced:
        return 0.0
    measured = spec.measured if price.origin is Origin.MEASURED and key is Key.NEW_ARPA else None
    sample = () if measured is None else measured.amounts
    return sample or float(price.value)
