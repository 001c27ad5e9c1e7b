"""A goal made into quotas: the one function that puts the plan together."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction

from msgspec import Struct, field
from msgspec.structs import replace

from funnelcli.config import Policy, Team
from funnelcli.config.owners import check_policies
from funnelcli.planning.assume import Assumptions, changed
from funnelcli.planning.backsolve import levels, run_forward
from funnelcli.planning.budget import Budget, Money, budget_of
from funnelcli.planning.capacity import check_capacity
from funnelcli.planning.deal_rows import deal_rows, deals_of_teams
from funnelcli.planning.declare import Course, PlannedMetric
from funnelcli.planning.levers import levers_of
from funnelcli.planning.metrics import PLANNED, REVENUE, stages
from funnelcli.planning.mix import (
    Quotas,
    channel_plans,
    channel_quotas,
    needs_of_one,
    pooled_quotas,
    rates_changed,
    whole_quotas,
)
from funnelcli.planning.model import (
    AMOUNTS,
    PRICE_OF,
    AnyKey,
    Assumption,
    BudgetItem,
    ChannelPlan,
    Goal,
    Key,
    Lever,
    Measured,
    Plan,
    PlanRow,
    RevenueModel,
    Shape,
    Variant,
)
from funnelcli.planning.notes import (
    above_best,
    base_notes,
    blended_note,
    hidden_levers,
    left_out_notes,
    revenue_note,
    rounding_notes,
)
from funnelcli.planning.past import Past
from funnelcli.planning.solve import Asked, check_churn
from funnelcli.planning.teams import NOBODY, ownership, team_rows
from funnelcli.problems import GoalError
from funnelcli.text import Message, Text
from funnelcli.values.channels import Channel
from funnelcli.values.figures import Missing, Note
from funnelcli.values.periods import Period


class By(StrEnum):
    """What the quotas are split by."""

    WHOLE = "whole"
    CHANNEL = "channel"
    TEAM = "team"


class WhatIf(Struct, frozen=True, kw_only=True):
    """Other values for some assumptions, under a name."""

    name: str
    changes: Mapping[AnyKey, Fraction]


class PlanSpec(Struct, frozen=True, kw_only=True):
    """All that a plan is made from, every default filled in; ``deals`` are the stages of them that it goes through."""

    title: Text
    currency: str
    goal: Goal
    shape: Shape
    model: RevenueModel
    periods: tuple[Period, ...]
    assumptions: Assumptions
    measured: Measured | None = None
    by: By = By.WHOLE
    mix: Mapping[Channel, Fraction] = field(default_factory=dict)
    teams: Mapping[str, Team] = field(default_factory=dict)
    policies: Mapping[str, Policy] = field(default_factory=dict)
    most_new: int | None = None
    what_if: tuple[WhatIf, ...] = ()
    gross_margin: Fraction | None = None
    past: Past | None = None
    deals: tuple[PlannedMetric, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def asked(self) -> Asked:
        """What is to be reached, and with what."""
        return Asked(
            goal=self.goal, shape=self.shape, assumptions=self.assumptions, model=self.model, periods=self.periods,
            measured=self.measured,
        )  # fmt: skip


NO_BASE = Missing("base-not-known", Message("no opening paid users and churn"))


def make_plan(spec: PlanSpec) -> Plan:
    """The plan.  Raises GoalError where the goal cannot be met, ConfigError where teams and policies contradict.

    Of months that are past it holds what happened, and plans the rest.
    """
    asked, past = spec, spec.past
    if past is not None:
        spec = _of_the_rest(spec, past)
    solved = _solve(spec)
    notes = [*(spec.measured.notes if spec.measured else ()), *spec.notes, *solved.notes]
    notes += left_out_notes(spec.assumptions) if spec.deals else []
    notes += [] if past is None else [past.note(spec.periods)]
    rows = list(solved.rows)
    quotas = solved.quotas if past is None else past.quotas(solved.quotas, len(spec.periods))
    if spec.by is By.CHANNEL:
        rows += _channel_rows(quotas)
    if spec.by is By.TEAM:
        rows += _team_sheets(spec, solved, quotas, past)
    items: tuple[BudgetItem, ...] = ()
    if spec.by is not By.WHOLE:
        budget = _budget(spec, solved)
        rows, notes, items = [*rows, *budget.rows], [*notes, *budget.notes], budget.items
        notes += blended_note(solved.quotas, _pooled(spec, solved.new))
    notes += revenue_note(spec.goal, spec.model, spec.measured)
    notes += base_notes(spec.goal, spec.model, spec.assumptions, solved.new)
    notes += rounding_notes(solved.need, solved.new, spec.periods)
    notes += above_best(rows, spec.measured.best if spec.measured else {}, spec.periods)
    levers = _levers(spec)
    notes += hidden_levers(levers)
    return Plan(
        title=spec.title, currency=spec.currency, goal=asked.goal, shape=asked.shape, model=spec.model,
        periods=asked.periods,
        assumptions=tuple(_said(spec)),
        channels=tuple(solved.channels),
        rows=tuple(rows if past is None else map(past.before, rows)),
        levers=tuple(levers),
        variants=tuple(_variant(spec, what_if, past) for what_if in spec.what_if),
        budget=items,
        notes=tuple(notes),
        past=() if past is None else past.periods,
        shares=tuple(spec.asked.shares()),
    )  # fmt: skip


def _of_the_rest(spec: PlanSpec, past: Past) -> PlanSpec:
    """The plan of the months that are left, and of what is left of the goal."""
    goal, shape = past.rest_of(spec.goal, spec.shape)
    return replace(spec, goal=goal, shape=shape, periods=spec.periods[len(past.periods) :], past=None)


class _Solved(Struct, frozen=True, kw_only=True):
    """``need`` is what each month needs of new customers before it is rounded."""

    new: Sequence[int]
    need: Sequence[Fraction]
    course: Course
    quotas: Quotas
    rows: Sequence[PlanRow]
    channels: Sequence[ChannelPlan]
    notes: Sequence[Note]


def _solve(spec: PlanSpec, changes: Mapping[AnyKey, Fraction] | None = None, *, share: bool = True) -> _Solved:
    """The plan; with ``changes`` under other assumptions, where each channel's own rate changes as the pooled one does.

    Without ``share`` the channels' parts are not made, where only the whole is wanted.
    """
    base = spec.assumptions
    if changes:
        spec = replace(spec, assumptions=changed(base, changes, "changed"))
    check_churn(spec.assumptions)
    asked = spec.asked
    new = asked.new()
    if spec.most_new is not None:
        check_capacity(spec.most_new, new, asked)
    channels, notes = _channels(spec, base, changes)
    if not channels:
        quotas = _pooled(spec, new)
    else:
        by_channel = channel_quotas if share else whole_quotas
        quotas = by_channel(new, spec.assumptions, channels, by_month=spec.shape.by_month)
    course = _course(spec, new)
    rows = [*_stage_rows(quotas, len(new)), *_worked_rows(course, spec.goal)]
    if spec.deals:
        rows += deal_rows(new, spec.assumptions, spec.deals, by_month=spec.shape.by_month)
    return _Solved(new=new, need=asked.need(), course=course, quotas=quotas, rows=rows, channels=channels, notes=notes)


def _channels(
    spec: PlanSpec, base: Assumptions, changes: Mapping[AnyKey, Fraction] | None
) -> tuple[list[ChannelPlan], list[Note]]:
    """The channels of a plan that is split, with their rates as ``changes`` would have them."""
    if spec.by is By.WHOLE:
        return [], []
    channels, notes = channel_plans(base, spec.measured, spec.mix)
    return [rates_changed(channel, base, changes or {}) for channel in channels], notes


def _pooled(spec: PlanSpec, new: Sequence[int]) -> Quotas:
    return pooled_quotas(new, spec.assumptions, by_month=spec.shape.by_month)


# --- rows --------------------------------------------------------------------------------------------------------

_LEFT_OUT = Missing("left-out", Message("left out of the plan"))


def _stage_rows(quotas: Quotas, months: int) -> Iterator[PlanRow]:
    for stage in reversed(stages()):
        quota = quotas.whole.get(stage.key)
        yield PlanRow.absent(stage, months, _LEFT_OUT) if quota is None else PlanRow.of(stage, quota)


def _course(spec: PlanSpec, new: Sequence[int]) -> Course:
    """What the customers do, expected exactly, and the revenue they bring."""
    opening, churn = spec.assumptions[Key.OPENING].value, spec.assumptions[Key.CHURN].value
    return Course(
        new=tuple(new),
        run=NO_BASE if opening is None or churn is None else tuple(run_forward(opening, churn, new)),
        revenue=_revenue(spec, new),
    )


def _revenue(spec: PlanSpec, new: Sequence[int]) -> tuple[Fraction, ...] | Missing:
    """The revenue of each month: the deals of its new customers, or the MRR at its end."""
    price = spec.assumptions[PRICE_OF[spec.model]]
    if price.value is None:
        return price.missing or NO_BASE
    if spec.model is RevenueModel.ONE_OFF:
        return tuple(price.value * number for number in new)
    mrr, churn = spec.assumptions[Key.OPENING_MRR], spec.assumptions[Key.CHURN].value
    if mrr.value is None or churn is None or spec.assumptions[Key.OPENING].value is None:
        return NO_BASE if spec.assumptions[Key.OPENING].value is None else mrr.missing or NO_BASE
    return tuple(levels(mrr.value, churn, new, price.value))


def _said(spec: PlanSpec) -> Iterator[Assumption]:
    """The assumptions that the plan shows: of money only where its goal is of revenue, or a budget needs it."""
    has_budget = spec.by is not By.WHOLE and bool(spec.policies)
    for key, assumption in spec.assumptions.items():
        is_needed = has_budget and key is PRICE_OF[spec.model]
        if key not in AMOUNTS or spec.goal.kind.of_revenue or is_needed:
            yield assumption


def _worked_rows(course: Course, goal: Goal) -> Iterator[PlanRow]:
    """What follows from the course of the customers, of the whole: all but what is made for a team alone."""
    for metric in PLANNED.values():
        if metric.owner is None and (metric is not REVENUE or goal.kind.of_revenue):
            yield from _worked(metric, course)


def _worked(metric: PlannedMetric, course: Course, team: str | None = None) -> Iterator[PlanRow]:
    if metric.work is None:
        return
    months = metric.work(course)
    if isinstance(months, Missing):
        yield PlanRow.absent(metric, len(course.new), months, team=team)
    else:
        yield PlanRow.of(metric, months, team=team)


def _channel_rows(quotas: Quotas) -> list[PlanRow]:
    return [
        PlanRow.of(stage, quota, channel=channel)
        for stage in reversed(stages())
        for channel, quota in quotas.of_channel.get(stage.key, {}).items()
    ]


def _team_sheets(spec: PlanSpec, solved: _Solved, quotas: Quotas, past: Past | None) -> list[PlanRow]:
    owners = ownership(spec.teams)
    happened = {} if past is None else {stage.key: past.happened(stage.key) for stage in stages()}
    rows: list[PlanRow] = []
    for team in (*owners.teams, NOBODY):
        rows += team_rows(team, owners, quotas.of_channel, happened)
        rows += deals_of_teams(team, owners, solved.rows)
        if team in owners.retention:
            for metric in PLANNED.values():
                if metric.owner is not None:
                    rows += _worked(metric, solved.course, team)
    return rows


def _budget(spec: PlanSpec, solved: _Solved) -> Budget:
    """What the policies cost, of a plan that is split by team or by channel."""
    owners = ownership(spec.teams)
    check_policies(tuple(spec.policies), owners.teams)
    recurring = spec.model is RevenueModel.RECURRING
    price = spec.assumptions[PRICE_OF[spec.model]].value
    money = Money(
        first_year=None if price is None else price * (12 if recurring else 1),
        monthly=price if recurring else None,
        margin=spec.gross_margin,
        churn=spec.assumptions[Key.CHURN].value,
        revenue=next((row for row in solved.rows if row.metric is REVENUE), None),
    )
    budget = budget_of(spec.policies, owners, solved.quotas.of_channel, money, len(spec.periods))
    if spec.by is not By.CHANNEL:
        return budget
    return replace(budget, rows=tuple(row for row in budget.rows if row.team is None))


# --- other assumptions -------------------------------------------------------------------------------------------


def _levers(spec: PlanSpec) -> list[Lever]:
    """Each assumption a tenth better, those that save most first."""
    spec = replace(spec, most_new=None)
    base = spec.assumptions
    channels, _ = _channels(spec, base, None)

    def under(changes: Mapping[AnyKey, Fraction]) -> tuple[PlanSpec, list[ChannelPlan]]:
        other = replace(spec, assumptions=changed(base, changes, "changed")) if changes else spec
        return other, [rates_changed(channel, base, changes) for channel in channels]

    def quotas(changes: Mapping[AnyKey, Fraction]) -> Mapping[str, Sequence[int] | None]:
        other, parts = under(changes)
        new = other.asked.new()
        if not parts:
            return _pooled(other, new).whole
        return whole_quotas(new, other.assumptions, parts, by_month=spec.shape.by_month).whole

    def exact(changes: Mapping[AnyKey, Fraction], stage: str) -> Fraction:
        """What is needed of a stage over the range, before anything is rounded."""
        other, parts = under(changes)
        return sum(other.asked.need()) * needs_of_one(other.assumptions, parts).get(stage, Fraction(0))

    return levers_of(base, quotas, exact)


def _variant(spec: PlanSpec, what_if: WhatIf, past: Past | None) -> Variant:
    try:
        solved = _solve(spec, what_if.changes, share=False)
    except GoalError as error:
        return Variant(name=what_if.name, totals={}, unreachable=error.text)
    rows = solved.rows if past is None else map(past.before, solved.rows)
    return Variant(name=what_if.name, totals={row.metric.key: row.total for row in rows})
