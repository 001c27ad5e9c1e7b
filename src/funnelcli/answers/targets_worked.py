"""A plan as what it is worked out from: its goal, its assumptions, its channels, and how each line follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise

from funnelcli.answers.cells import Number, Precision
from funnelcli.answers.planned_cells import month, planned
from funnelcli.answers.targets_page import NO_TEAM, key_unit, origin_words
from funnelcli.answers.worked import (
    Aim,
    Balance,
    Before,
    Begins,
    ChannelInput,
    Input,
    Level,
    PlannedLine,
    PlannedRecipe,
    Repeats,
    RoundedUp,
    RunningDown,
    Share,
    SumOf,
    Times,
    Won,
    WorkedPlan,
)
from funnelcli.planning.declare import Kind
from funnelcli.planning.goals import MRR, NEW_PAID_USERS, PAID_USERS
from funnelcli.planning.goals import REVENUE as REVENUE_GOAL
from funnelcli.planning.labels import label_of
from funnelcli.planning.metrics import (
    ALLOWED_CHURNED,
    CHURNED,
    CLOSING,
    ONBOARDINGS,
    OPENING,
    RENEWED,
    REVENUE,
    stages,
)
from funnelcli.planning.metrics import (
    NEW_PAID_USERS as NEW,
)
from funnelcli.planning.model import PRICE_OF, Key, Origin, Plan, PlanRow, RevenueModel, ShapeKind, is_rate
from funnelcli.planning.teams import NOBODY
from funnelcli.text import Message, Text
from funnelcli.values.channels import CHANNEL_LABELS
from funnelcli.values.figures import Unit

_GOAL = Message("Goal")
_GROWTH = Message("Growth of new PU, a month")
_UNKNOWN_GOAL = Message("this goal")
_MONTHS_ALONE = Message("each month is rounded by itself, and the months are not alike")
_UNDER_CHANCE = Message("the quotas are those that meet the goal in enough of many runs, which no formula makes")
_TAKES_TIME = Message("it knows the time that selling takes, which these cells do not")
_MIX_CHOSEN = Message("its mix of channels was chosen, which no formula does")
_NO_BASE = Message("an assumption that it stands on is not known")


def worked_plan(plan: Plan) -> WorkedPlan:
    """The plan with how each figure is made."""
    aim = _aim(plan)
    return WorkedPlan(
        currency=plan.currency,
        periods=tuple(month(period, partial=period in plan.past) for period in plan.periods),
        past=len(plan.past),
        goal=Input(key="goal", label=_GOAL, value=_exact(plan.goal.amount, plan.goal.kind.unit, plan)),
        aim=aim or Aim(kind="won"),
        inputs=tuple(_inputs(plan)),
        lines=tuple(_lines(plan)),
        growth=_growth(plan),
        shares=tuple(_exact(share, Unit.RATE, plan) for share in plan.shares if plan.shape.kind is ShapeKind.SEASONAL),
        amounts=tuple(_exact(amount, Unit.AMOUNT, plan) for amount in plan.shape.amounts),
        by_month=plan.shape.by_month,
        channels=tuple(_channels(plan)),
        channel_labels={channel.value: label for channel, label in CHANNEL_LABELS.items()},
        team_labels={NOBODY: NO_TEAM},
        fixed=_fixed(plan, aim),
    )


def _exact(value: Fraction | None, unit: Unit, plan: Plan) -> Number:
    """A number of an assumption; rates with as many decimals as they need."""
    precision = Precision.FINE if unit is Unit.RATE else Precision.PLANNED
    return Number(value=value, unit=unit, currency=plan.currency, precision=precision)


# --- what is asked, and what it stands on ----------------------------------------------------------------------------


def _aim(plan: Plan) -> Aim | None:
    """The goal as a form that can be worked out; None where it is none of those declared here."""
    goal, price = plan.goal.kind, PRICE_OF[plan.model].value
    sums = goal.sums
    if goal is NEW_PAID_USERS:
        return Aim(kind="won", sums=sums)
    if goal is PAID_USERS:
        return Aim(kind="at_end", first=Key.OPENING.value, rate=Key.CHURN.value)
    if plan.model is RevenueModel.ONE_OFF and goal is REVENUE_GOAL:
        return Aim(kind="won", price=price, sums=sums)
    of_mrr = {"first": Key.OPENING_MRR.value, "rate": Key.CHURN.value, "each": price}
    if goal is MRR:
        return Aim(kind="at_end", **of_mrr)
    return Aim(kind="summed", sums=sums, **of_mrr) if goal is REVENUE_GOAL else None


def _fixed(plan: Plan, aim: Aim | None) -> Text | None:
    """Why the plan cannot be worked out again; None where it can."""
    if aim is None:
        return _UNKNOWN_GOAL
    if plan.lag is not None:
        return _TAKES_TIME
    if plan.confidence is not None:
        return _UNDER_CHANCE
    if plan.mix is not None:
        return _MIX_CHOSEN
    if plan.shape.by_month and plan.shape.kind in (ShapeKind.GROWTH, ShapeKind.SEASONAL):
        return _MONTHS_ALONE
    known = {assumed.key.value for assumed in plan.assumptions if assumed.value is not None}
    wanted = {key for key in (aim.first, aim.rate, aim.each, aim.price) if key is not None}
    return None if wanted <= known else _NO_BASE


def _inputs(plan: Plan) -> Iterator[Input]:
    values = {assumed.key: assumed.value for assumed in plan.assumptions}
    for assumed in plan.assumptions:
        each, opening = values.get(Key.NEW_ARPA), values.get(Key.OPENING)
        follows = (
            assumed.key is Key.OPENING_MRR
            and assumed.origin is Origin.DEFAULT
            and each is not None
            and opening is not None
            and assumed.value == each * opening
        )
        yield Input(
            key=assumed.key.value,
            label=label_of(assumed.key, of_rest=bool(plan.past)),
            value=_exact(assumed.value, key_unit(assumed.key), plan),
            origin=origin_words(assumed),
            product=(Key.OPENING.value, Key.NEW_ARPA.value) if follows else (),
        )


def _growth(plan: Plan) -> Input | None:
    if plan.shape.kind is not ShapeKind.GROWTH:
        return None
    return Input(key="growth", label=_GROWTH, value=_exact(plan.shape.growth, Unit.RATE, plan))


def _channels(plan: Plan) -> Iterator[ChannelInput]:
    for part in plan.channels:
        yield ChannelInput(
            key=part.channel.value,
            label=CHANNEL_LABELS[part.channel],
            share=_exact(part.share, Unit.RATE, plan),
            rates={
                key.value: None if rate.rate is None else _exact(rate.rate, Unit.RATE, plan)
                for key, rate in part.rates.items()
                if is_rate(key)
            },
        )


# --- the lines -------------------------------------------------------------------------------------------------------


def _recipes(plan: Plan) -> Mapping[str, PlannedRecipe]:
    """How the lines of the whole are made, by their keys."""
    model = plan.model
    first, *before = stages()
    known = {assumed.key for assumed in plan.assumptions}
    deals = [row.metric for row in reversed(plan.of()) if row.metric.kind is Kind.DEAL and row.metric.rate in known]
    price = PRICE_OF[model].value
    level = Level(of=first.key, first=Key.OPENING_MRR.value, rate=Key.CHURN.value, each=price)
    later = [first, *before]
    return {
        first.key: Won(),
        **{
            stage.key: Before(of=after.key, rate=stage.rate.value)
            for after, stage in zip(later, before, strict=False)
            if stage.rate is not None
        },
        **{
            stage.key: Before(of=after.key, rate=stage.rate.value, shared=False)
            for after, stage in pairwise([first, *deals])
            if stage.rate is not None
        },
        OPENING.key: Begins(of=CLOSING.key, first=Key.OPENING.value),
        CHURNED.key: Share(of=OPENING.key, rate=Key.CHURN.value),
        CLOSING.key: Balance(plus=(OPENING.key, NEW.key), minus=(CHURNED.key,)),
        REVENUE.key: level if model is RevenueModel.RECURRING else Times(of=NEW.key, each=price),
        ALLOWED_CHURNED.key: RunningDown(of=CHURNED.key),
        RENEWED.key: RoundedUp(plus=OPENING.key, minus=CHURNED.key),
        ONBOARDINGS.key: Repeats(of=NEW.key),
    }


def _lines(plan: Plan) -> Iterator[PlannedLine]:
    """The lines of the whole, those of the channels, and those of the teams; what they cost stands elsewhere."""
    recipes = _recipes(plan)
    for row in plan.of():
        if row.metric.kind not in (Kind.BUDGET, Kind.MEANS):
            yield _line(plan, row, recipes.get(row.metric.key))
    for stage in reversed(stages()):
        # Also where the plan is by team, each channel of a stage is but one team's.
        rows = {row.channel: row for row in plan.rows if row.channel and row.metric is stage}
        passing = [part.channel for part in plan.channels if stage.rate is None or part.rates[stage.rate].rate]
        for channel in dict.fromkeys((*passing, *rows)):
            row = rows.get(channel) or PlanRow.of(stage, [0] * len(plan.periods), channel=channel)
            if channel in passing or row.total:
                yield _line(plan, row, recipes[stage.key] if channel in passing else None, team="")
    for row in plan.rows:
        if row.team and row.metric.kind is not Kind.BUDGET:
            made = recipes.get(row.metric.key)
            if row.metric.kind is Kind.DEAL:
                made = Repeats(of=row.metric.key)
            elif row.channel:
                made = Repeats(of=row.metric.parts_of or row.metric.key)
            elif any(r.channel and r.team == row.team and r.metric is row.metric for r in plan.rows):
                made = SumOf()
            yield _line(plan, row, made)


def _line(plan: Plan, row: PlanRow, made: PlannedRecipe | None, team: str | None = None) -> PlannedLine:
    def number(value: Fraction | None) -> Number:
        return planned(value, row.metric.unit, plan.currency, missing=row.missing if value is None else None)

    return PlannedLine(
        key=row.metric.key,
        label=row.metric.label,
        unit=row.metric.unit,
        values=tuple(map(number, row.values)),
        total=number(row.total),
        over=row.metric.total,
        channel=row.channel.value if row.channel else "",
        team=(row.team or "") if team is None else team,
        made=made,
    )
