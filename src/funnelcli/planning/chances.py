"""Plans under chance: how likely quotas are to meet the goal, and the smallest that are as likely as is asked.

Rates, lags, churn and the ARPA of new customers are drawn once a run from what was counted; what was given is fixed.
Source: docs/planning.md, confidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache

from funnelcli.planning.allocate import in_parts, shared
from funnelcli.planning.backsolve import whole_numbers
from funnelcli.planning.labels import month_words
from funnelcli.planning.lagged import placed
from funnelcli.planning.metrics import PLANNED
from funnelcli.planning.mix import Quotas
from funnelcli.planning.model import ChannelPlan
from funnelcli.planning.placing import spread_out
from funnelcli.planning.plan_spec import GivenQuotas, PlanSpec
from funnelcli.planning.prospects import prospects_of
from funnelcli.planning.selling import LagPart, LagPlan, SellingTime
from funnelcli.planning.sureness import Confidence as Confidence
from funnelcli.planning.sureness import Simulated, Sureness
from funnelcli.problems import GoalError
from funnelcli.stats.crowds import Crowds
from funnelcli.stats.simulation import fewest_entrants
from funnelcli.text import Message
from funnelcli.values.periods import Grain, shift, span

SIDE_BY_SIDE = (Fraction(1, 2), Fraction(4, 5), Fraction(19, 20))
_MOST_TIMES = 50  # of the plain plan's total: beyond that nobody plans


def confident(spec: PlanSpec, quotas: Quotas, channels: Sequence[ChannelPlan]) -> Confidence | None:
    """How sure the ``quotas`` of a plan are, and the smallest that are sure enough; None where nobody comes in time."""
    assert spec.sure is not None
    time, by_month = spec.lag if spec.lag is not None else SellingTime(lags={}), spec.shape.by_month
    place = placed(time, spec.asked, spec.asked.new(), channels, spec.assumptions)
    plain = place.plan()
    if plain.entrants is None:
        return None
    crowds = Crowds(prospects_of(spec, time, channels), seed=spec.sure.seed, runs=spec.sure.runs)
    # Where selling takes no time, the plain plan is the one that rounds each stage up, a little above what is needed.
    first = _entrants(plain) if spec.lag is not None else _of_quotas(plain, quotas)
    weights, least = in_parts(place.weights), sum(map(sum, first))

    @cache
    def chance(total: int) -> float:
        entrants = first if total == least else spread_out(weights, total, by_month=by_month)
        return crowds.meet(entrants, float(spec.goal.amount))

    known = quotas.whole if spec.lag is None else plain.quotas
    of_plain = Sureness(level=None, total=least, chance=chance(least), stages=_stages(plain, known))
    levels: list[Sureness] = []
    for level in sorted({*SIDE_BY_SIDE, spec.sure.level}):  # the surer never take fewer
        before = levels[-1].total if levels else least
        most = _MOST_TIMES * max(least, 100)
        enough = None if before is None else fewest_entrants(chance, float(level), least=before, most=most)
        if enough is None:
            levels.append(Sureness(level=level, total=None, chance=None, stages={}))
            continue
        of_more = None if enough[0] == least else place.plan(enough[0])
        stages = of_plain.stages if of_more is None else _stages(of_more, of_more.quotas)
        levels.append(Sureness(level=level, total=enough[0], chance=enough[1], stages=stages))
    return Confidence(
        asked=spec.sure.level,
        top=plain.top,
        levels=(of_plain, *levels),
        seed=spec.sure.seed,
        runs=spec.sure.runs,
        simulated=simulated_of(spec, plain, crowds, float(spec.goal.amount)),
    )


def _entrants(plan: LagPlan) -> list[list[int]]:
    return [list(part.entrants) for part in plan.parts]


def _of_quotas(plan: LagPlan, quotas: Quotas) -> list[list[int]]:
    """The quotas of the stage that the people of each part come to first."""
    if not quotas.of_channel:
        return [list(quotas.whole.get(plan.top.key) or ())]
    none = [0] * plan.months
    return [
        list(quotas.of_channel[plan.chain[part.top].key].get(part.channel, none)) if part.channel else none
        for part in plan.parts
    ]


def simulated_of(spec: PlanSpec, plan: LagPlan, crowds: Crowds, amount: float) -> Simulated | None:
    """How likely the quotas given meet an amount of the goal; those of months that are not over count who came so far.

    Where those of the plan's channels in the file are all of them they are taken, else the whole is shared out.
    """
    assert spec.sure is not None
    given = spec.sure.simulate
    if given is None:
        return None
    months = span(shift(spec.periods[0], -plan.lead, Grain.MONTH), spec.periods[-1], Grain.MONTH)
    whole = given.rows.get(plan.top.key, {})
    lacking = [month for month in spec.periods if month.key not in whole]
    if lacking:
        figure = PLANNED[plan.top.key].label
        raise GoalError(
            _LACKING.filled(name=given.name, figure=figure, key=plan.top.key, month=month_words(lacking[0])),
            hint=_WRITE.filled(key=plan.top.key),
        )
    keys = [month.key for month in months]
    quotas = [int(whole.get(key, 0)) for key in keys]
    entrants = _given_by_channel(plan, given, quotas, keys) or _shared_out(plan, quotas)
    return Simulated(name=given.name, total=sum(quotas), chance=crowds.meet(entrants, amount))


def _given_by_channel(
    plan: LagPlan, given: GivenQuotas, whole: Sequence[int], keys: Sequence[str]
) -> list[list[int]] | None:
    """The quotas of the channels, less who came so far; None where those of channels of the plan are not the whole."""
    quotas = [
        [int(given.of_channel.get(part.channel, {}).get(plan.chain[part.top].key, {}).get(key, 0)) for key in keys]
        if part.channel
        else [0] * len(keys)
        for part in plan.parts
    ]
    tops = [months for months, part in zip(quotas, plan.parts, strict=True) if not part.top]
    if not any(map(any, quotas)) or [sum(month) for month in zip(*tops, strict=True)] != list(whole):
        return None
    return [
        months if part.top else _still(months, [part], plan.lead)
        for months, part in zip(quotas, plan.parts, strict=True)
    ]


def _shared_out(plan: LagPlan, quotas: Sequence[int]) -> list[list[int]]:
    """Quotas of the whole, less who came so far, shared out among the parts as the plan has them."""
    left = _still(quotas, plan.parts, plan.lead)
    if len(plan.parts) == 1:
        return [left]
    tops = {place: list(part.spread) for place, part in enumerate(plan.parts) if not part.top}
    parts = shared(left, tops)
    scale = Fraction(sum(left)) / (sum((sum(months, Fraction(0)) for months in tops.values()), Fraction(0)) or 1)
    return [
        parts[place] if place in parts else whole_numbers([number * scale for number in part.spread])
        for place, part in enumerate(plan.parts)
    ]


def _still(quotas: Sequence[int], parts: Sequence[LagPart], lead: int) -> list[int]:
    """What is left of quotas of the first stage after those who came so far."""
    came = [sum(int(part.came.get(month, 0)) for part in parts) for month in range(-lead, len(quotas) - lead)]
    return [max(quota - so_far, 0) for quota, so_far in zip(quotas, came, strict=True)]


_LACKING = Message("{name} has no quota of {figure} ({key}) for {month}.")
_WRITE = Message("Give a row {key} with all months of the plan, as funnelcli targets … -o targets.csv writes it.")


def _stages(plan: LagPlan, quotas: Mapping[str, Sequence[int] | None]) -> dict[str, Fraction]:
    """What the quotas of a plan come to, from the stage that people enter first to the customer."""
    whole = {stage.key: quotas.get(stage.key) for stage in plan.chain}
    stages = {key: Fraction(sum(quota)) for key, quota in whole.items() if quota is not None}
    return stages if whole[plan.chain[-1].key] is not None else {**stages, plan.chain[-1].key: Fraction(sum(plan.new))}
