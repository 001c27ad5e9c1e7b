"""A goal made into quotas: the one function that puts the plan together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction

from funnelcli.config import Policy, Team
from funnelcli.planning.assume import Assumptions, changed
from funnelcli.planning.backsolve import run_forward
from funnelcli.planning.budget import NO_POLICY, Money, budget_rows, check_policies
from funnelcli.planning.capacity import Asked, check_capacity
from funnelcli.planning.declare import Course, PlannedMetric
from funnelcli.planning.metrics import PLANNED, REVENUE, SIGNUPS, stages
from funnelcli.planning.mix import Quotas, channel_plans, channel_quotas, pooled_quotas, rates_changed, whole_quotas
from funnelcli.planning.model import (
    PRICE_OF,
    RATES,
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
from funnelcli.planning.notes import above_best, base_notes, blended_note
from funnelcli.planning.solve import check_churn, solve_new
from funnelcli.planning.teams import NOBODY, ownership, team_rows
from funnelcli.problems import GoalError
from funnelcli.text import Text
from funnelcli.values.channels import Channel
from funnelcli.values.figures import Missing, Note
from funnelcli.values.periods import Period


class By(StrEnum):
    """What the quotas are split by."""

    WHOLE = "whole"
    CHANNEL = "channel"
    TEAM = "team"


@dataclass(frozen=True, kw_only=True)
class WhatIf:
    """Other values for some assumptions, under a name."""

    name: str
    changes: Mapping[Key, Fraction]


@dataclass(frozen=True, kw_only=True)
class PlanSpec:
    """All that a plan is made from, every default filled in."""

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


NO_BASE = Missing("base-not-known", Text("no opening paid users and churn", "không có PU đầu kỳ và tỷ lệ rời bỏ"))


def make_plan(spec: PlanSpec) -> Plan:
    """The plan.  Raises GoalError where the goal cannot be met, ConfigError where teams and policies contradict."""
    solved = _solve(spec)
    notes = [*(spec.measured.notes if spec.measured else ()), *solved.notes]
    rows = list(solved.rows)
    if spec.by is By.CHANNEL:
        rows += _channel_rows(solved.quotas)
    if spec.by is By.TEAM:
        rows += _team_sheets(spec, solved)
    if spec.by is not By.WHOLE:
        rows += _budget(spec, solved, notes)
        notes += blended_note(solved.quotas, pooled_quotas(solved.new, spec.assumptions))
    notes += base_notes(spec.goal, spec.model, spec.assumptions, solved.new)
    notes += above_best(rows, spec.measured.best if spec.measured else {}, spec.periods)
    return Plan(
        title=spec.title,
        currency=spec.currency,
        goal=spec.goal,
        shape=spec.shape,
        model=spec.model,
        periods=spec.periods,
        assumptions=tuple(spec.assumptions.values()),
        channels=tuple(solved.channels),
        rows=tuple(rows),
        levers=tuple(_levers(spec)),
        variants=tuple(_variant(spec, what_if) for what_if in spec.what_if),
        notes=tuple(notes),
    )


@dataclass(frozen=True, kw_only=True)
class _Solved:
    new: Sequence[int]
    course: Course
    quotas: Quotas
    rows: Sequence[PlanRow]
    channels: Sequence[ChannelPlan]
    notes: Sequence[Note]

    def row(self, metric: PlannedMetric) -> PlanRow:
        return next(row for row in self.rows if row.metric is metric)


def _solve(spec: PlanSpec, changes: Mapping[Key, Fraction] | None = None, *, share: bool = True) -> _Solved:
    """The plan; with ``changes`` under other assumptions, where each channel's own rate changes as the pooled one does.

    Without ``share`` the channels' parts are not made, where only the whole is wanted.
    """
    base = spec.assumptions
    if changes:
        spec = replace(spec, assumptions=changed(base, changes, "changed"))
    check_churn(spec.assumptions)
    new = solve_new(spec.goal, spec.shape, spec.assumptions, spec.model, spec.periods, spec.measured)
    if spec.most_new is not None:
        asked = Asked(
            goal=spec.goal, shape=spec.shape, assumptions=spec.assumptions, model=spec.model, periods=spec.periods,
            measured=spec.measured,
        )  # fmt: skip
        check_capacity(spec.most_new, new, asked)
    channels: list[ChannelPlan] = []
    notes: list[Note] = []
    if spec.by is By.WHOLE:
        quotas = pooled_quotas(new, spec.assumptions)
    else:
        channels, notes = channel_plans(base, spec.measured, spec.mix)
        channels = [rates_changed(channel, base, changes or {}) for channel in channels]
        quotas = (channel_quotas if share else whole_quotas)(new, spec.assumptions, channels)
    course = _course(spec, new)
    rows = [*_stage_rows(quotas, len(new)), *_worked_rows(course)]
    return _Solved(new=new, course=course, quotas=quotas, rows=rows, channels=channels, notes=notes)


# --- rows --------------------------------------------------------------------------------------------------------

_LEFT_OUT = Missing("left-out", Text("left out of the plan", "không đưa vào kế hoạch"))


def _stage_rows(quotas: Quotas, months: int) -> Iterator[PlanRow]:
    for stage in reversed(stages()):
        quota = quotas.whole.get(stage.key)
        yield PlanRow.absent(stage, months, _LEFT_OUT) if quota is None else PlanRow.of(stage, quota)


def _course(spec: PlanSpec, new: Sequence[int]) -> Course:
    """What the customers do, expected exactly, and what each of them brings."""
    opening, churn = spec.assumptions[Key.OPENING].value, spec.assumptions[Key.CHURN].value
    price = spec.assumptions[PRICE_OF[spec.model]]
    return Course(
        new=tuple(new),
        run=NO_BASE if opening is None or churn is None else tuple(run_forward(opening, churn, new)),
        price=(price.missing or NO_BASE) if price.value is None else price.value,
        recurring=spec.model is RevenueModel.RECURRING,
    )


def _worked_rows(course: Course) -> Iterator[PlanRow]:
    """What follows from the course of the customers, of the whole: all but what is made for a team alone."""
    for metric in PLANNED.values():
        if metric.owner is None:
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


def _team_sheets(spec: PlanSpec, solved: _Solved) -> list[PlanRow]:
    owners = ownership(spec.teams)
    rows: list[PlanRow] = []
    for team in (*owners.teams, NOBODY):
        rows += team_rows(team, owners, solved.quotas.of_channel)
        if team in owners.retention:
            for metric in PLANNED.values():
                if metric.owner is not None:
                    rows += _worked(metric, solved.course, team)
    return rows


def _budget(spec: PlanSpec, solved: _Solved, notes: list[Note]) -> list[PlanRow]:
    if not spec.policies:
        notes.append(
            Note(
                "no-policy-set",
                Text(
                    "Budget: no policy set; [policies] in funnel.toml says what a signup or a customer costs.",
                    "Ngân sách: chưa đặt chính sách; khai trong [policies] của funnel.toml.",
                ),
            )
        )
        return []
    owners = ownership(spec.teams)
    check_policies(spec.policies, owners)
    recurring = spec.model is RevenueModel.RECURRING
    price = spec.assumptions[PRICE_OF[spec.model]].value
    money = Money(
        first_year=None if price is None else price * (12 if recurring else 1),
        arpa=price if recurring else None,
        revenue=solved.row(REVENUE),
    )
    rows = list(budget_rows(spec.policies, owners, solved.quotas.of_channel, money, len(spec.periods)))
    if spec.by is By.CHANNEL:
        return [row for row in rows if row.team is None]
    without = [row.team for row in rows if row.team and row.missing is NO_POLICY]
    if without:
        notes.append(
            Note(
                "no-policy-set",
                Text("No policy set: {teams}.", "Chưa đặt chính sách: {teams}.").filled(teams=", ".join(without)),
            )
        )
    return rows


# --- other assumptions -------------------------------------------------------------------------------------------

_TENTH_BETTER = {
    Key.SIGNUP_TO_DEMO: Fraction(11, 10),
    Key.DEMO_TO_PAID: Fraction(11, 10),
    Key.CHURN: Fraction(9, 10),
    Key.ARPA: Fraction(11, 10),
    Key.DEAL_SIZE: Fraction(11, 10),
}


def _levers(spec: PlanSpec) -> list[Lever]:
    """Each assumption a tenth better: those that lower the signups needed, the most first."""

    def signups(changes: Mapping[Key, Fraction] | None) -> int:
        solved = _solve(replace(spec, most_new=None), changes, share=False)
        return sum(solved.quotas.whole[SIGNUPS.key] or [])

    now = signups(None)
    levers: list[Lever] = []
    for key, factor in _TENTH_BETTER.items():
        value = spec.assumptions[key].value if key in spec.assumptions else None
        if not value:
            continue
        better = value * factor
        if key in RATES and value <= 1:
            better = min(better, Fraction(1))
        needed = signups({key: better})
        if needed < now:
            levers.append(Lever(key=key, value=better, signups=Fraction(needed)))
    return sorted(levers, key=lambda lever: lever.signups)


def _variant(spec: PlanSpec, what_if: WhatIf) -> Variant:
    try:
        solved = _solve(spec, what_if.changes, share=False)
    except GoalError as error:
        return Variant(name=what_if.name, totals={}, unreachable=error.text)
    return Variant(name=what_if.name, totals={row.metric.key: row.total for row in solved.rows})
