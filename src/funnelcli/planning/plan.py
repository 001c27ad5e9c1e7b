"""A goal made into quotas: the one function that puts the plan together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.config.owners import check_policies
from funnelcli.planning.assume import Assumptions, changed
from funnelcli.planning.budget import Budget, Money, budget_of
from funnelcli.planning.capacity import check_capacity
from funnelcli.planning.deal_rows import deal_rows, deals_of_teams
from funnelcli.planning.declare import Course
from funnelcli.planning.lag_notes import lag_notes, median_note, no_time_note
from funnelcli.planning.lag_quotas import lag_quotas
from funnelcli.planning.lag_rows import lag_rows
from funnelcli.planning.lagged import lag_plan
from funnelcli.planning.levers import levers_of
from funnelcli.planning.means_notes import means_notes, mix_notes
from funnelcli.planning.means_rows import means_rows
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
    PRICE_OF,
    AnyKey,
    BudgetItem,
    ChannelPlan,
    Goal,
    Key,
    Lever,
    Plan,
    PlanRow,
    RevenueModel,
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
    season_notes,
)
from funnelcli.planning.past import Past
from funnelcli.planning.plan_rows import LEFT_OUT_ROW, TOO_LATE, course_of, said, stage_rows, worked, worked_rows
from funnelcli.planning.plan_spec import By as By
from funnelcli.planning.plan_spec import PlanSpec as PlanSpec
from funnelcli.planning.plan_spec import WhatIf as WhatIf
from funnelcli.planning.selling import LagPlan, SellingTime, months_before
from funnelcli.planning.solve import check_churn
from funnelcli.planning.sure_notes import sure_notes
from funnelcli.planning.sureness import Confidence
from funnelcli.planning.teams import NOBODY, ownership, team_rows
from funnelcli.problems import GoalError
from funnelcli.text import Message, percent
from funnelcli.values.figures import Note

if TYPE_CHECKING:
    from funnelcli.planning.chosen import Chosen


def make_plan(spec: PlanSpec) -> Plan:
    """The plan.  Raises GoalError where the goal cannot be met, ConfigError where teams and policies contradict.

    Of months that are past it holds what happened, and plans the rest.
    """
    asked, past = spec, spec.past
    if past is not None:
        spec = _of_the_rest(spec, past)
    plain = _solve(spec)
    sure, solved = (None, plain) if spec.sure is None else _made_sure(spec, plain)
    notes = [*(spec.measured.notes if spec.measured else ()), *spec.notes, *solved.notes]
    notes += left_out_notes(spec.assumptions) if spec.deals else []
    notes += [] if past is None else [past.note(spec.periods)]
    lead, rows = 0 if solved.lag is None else solved.lag.lead, list(solved.rows)
    before = months_before(spec.periods[0], lead)
    quotas = solved.every if past is None else past.quotas(solved.every, len(spec.periods))
    if spec.by is By.CHANNEL:
        rows += [row.after(lead) for row in _channel_rows(quotas)]
    if spec.by is By.TEAM:
        rows += _team_sheets(spec, solved, quotas, past)
    items: tuple[BudgetItem, ...] = ()
    if spec.by is not By.WHOLE:
        budget = _budget(spec, solved)
        rows, notes, items = [*rows, *budget.rows], [*notes, *budget.notes], budget.items
        notes += blended_note(solved.quotas, _quotas(spec, *_new(spec, []), [])) if solved.chosen is None else []
    notes += season_notes(spec.asked.shape, spec.measured)
    notes += revenue_note(spec.goal, spec.model, spec.measured)
    notes += base_notes(spec.goal, spec.model, spec.assumptions, solved.new)
    notes += _time_notes(spec, plain)
    notes += rounding_notes(plain.need, plain.new, spec.periods) if plain.lag is None and plain.chosen is None else []
    notes += means_notes((*before, *spec.periods), solved.rows)
    mix = None if solved.chosen is None else solved.chosen.said
    notes += [] if mix is None else mix_notes(mix, (*before, *spec.periods))
    notes += above_best(rows, spec.measured.best if spec.measured else {}, spec.periods)
    levers = _levers(spec) if solved.chosen is None else []
    notes += [*sure_notes(sure, beside=bool(levers or spec.what_if)), *hidden_levers(levers)]
    return Plan(
        title=spec.title, currency=spec.currency, goal=_reached(asked.goal, spec.goal, solved),
        shape=asked.shape, model=spec.model, periods=asked.periods,
        assumptions=tuple(said(spec)),
        channels=tuple(solved.channels),
        rows=tuple(rows if past is None else map(past.before, rows)),
        levers=tuple(levers),
        variants=tuple(_variant(spec, what_if, past) for what_if in spec.what_if),
        budget=items,
        notes=tuple(notes),
        past=() if past is None else past.periods,
        shares=tuple(spec.asked.shares()),
        lag=solved.lag, confidence=sure, lead=before, mix=mix,
    )  # fmt: skip


def _made_sure(spec: PlanSpec, plain: _Solved) -> tuple[Confidence, _Solved]:
    """How sure the plan is, and the plan that is sure enough.  GoalError where none is as sure as it is to be."""
    if plain.chosen is not None and not spec.deals:
        from funnelcli.planning.mix_chances import sure_mix  # which takes NumPy

        surest = sure_mix(spec, plain.chosen)
        return surest.confidence, _solved_by(spec, surest.chosen)
    sure = _confidence(spec, plain)
    lag = spec.lag if spec.lag is not None else SellingTime(lags={})
    return sure, _solve(replace(spec, lag=lag, total=sure.mine.total))


def _confidence(spec: PlanSpec, plain: _Solved) -> Confidence:
    """How sure the plan is.  GoalError where no quotas are as sure as they are to be."""
    if spec.deals:
        raise GoalError(
            Message(
                "How sure a plan is says only the way from a signup to a customer, and this one goes through deals."
            ),
            hint=Message("Leave --confidence out."),
        )
    from funnelcli.planning.chances import confident  # which takes NumPy

    sure = confident(spec, plain.every, plain.channels)
    if sure is None:
        raise GoalError(_NOBODY_IN_TIME, hint=_LATER)
    if sure.mine.total is None:
        raise GoalError(
            _NEVER_SURE.filled(level=percent(float(sure.asked), 0)),
            hint=Message("Ask for less, or measure the rates over more months with --rates-from."),
        )
    return sure


_NOBODY_IN_TIME = Message("No quotas are sure: nobody who enters from now on becomes a customer before the end.")
_LATER = Message("Plan for more months with --to, or without the time it takes: --lag none.")
_NEVER_SURE = Message("No quotas meet the goal in {level} of the runs: too little is known of the rates.")


def _time_notes(spec: PlanSpec, solved: _Solved) -> list[Note]:
    """What to know of the time that selling takes: of the plan that knows it, or of one that was not asked to."""
    if solved.lag is not None:
        plain = _quotas(spec, solved.lag.needs, None, solved.channels, share=False).whole
        return list(lag_notes(solved.lag, plain.get(solved.lag.top.key) or [], spec.periods))
    if spec.lag is not None:
        return [no_time_note()]
    if spec.unasked is None or not any(solved.new):
        return []
    try:
        lag = _solve(spec.unasked, share=False).lag
    except GoalError:
        return []
    return [median_note(lag, solved.quotas.whole.get(lag.top.key) or [])] if lag is not None else []


def _of_the_rest(spec: PlanSpec, past: Past) -> PlanSpec:
    """The plan of the months that are left, and of what is left of the goal."""
    goal, shape = past.rest_of(spec.goal, spec.shape)
    unasked = None if spec.unasked is None else _of_the_rest(spec.unasked, past)
    periods = spec.periods[len(past.periods) :]
    return replace(spec, goal=goal, shape=shape, periods=periods, past=None, unasked=unasked)


class _Solved(Struct, frozen=True, kw_only=True):
    """``need`` is what each month needs of new customers before it is rounded.

    ``quotas`` are those of the plan's months, ``every`` also those of months before it.  ``chosen`` is the mix of a
    plan that has a wish.
    """

    new: Sequence[int]
    need: Sequence[Fraction]
    course: Course
    quotas: Quotas
    every: Quotas
    rows: Sequence[PlanRow]
    channels: Sequence[ChannelPlan]
    notes: Sequence[Note]
    lag: LagPlan | None
    chosen: Chosen | None = None


def _solve(spec: PlanSpec, changes: Mapping[AnyKey, Fraction] | None = None, *, share: bool = True) -> _Solved:
    """The plan; with ``changes`` under other assumptions, where each channel's own rate changes as the pooled one does.

    Without ``share`` the channels' parts are not made, where only the whole is wanted.
    """
    base = spec.assumptions
    if changes:
        spec = replace(spec, assumptions=changed(base, changes, "changed"))
    check_churn(spec.assumptions)
    if spec.means.wish is not None:
        return _solve_chosen(spec, base, changes, share=share)
    channels, notes = _channels(spec, base, changes)
    new, lag = _new(spec, channels)
    if spec.most_new is not None:
        check_capacity(spec.most_new, new, spec.asked)
    every = _quotas(spec, new, lag, channels, share=share)
    lag = None if lag is None or lag.takes_no_time else lag
    return _solved(spec, new, spec.asked.need(), every, lag, channels, notes)


def _solve_chosen(
    spec: PlanSpec, base: Assumptions, changes: Mapping[AnyKey, Fraction] | None, *, share: bool
) -> _Solved:
    """The plan whose mix of channels is chosen."""
    from funnelcli.planning.chosen import chosen_of  # which takes NumPy

    return _solved_by(spec, chosen_of(spec, base, changes, share=share))


def _solved_by(spec: PlanSpec, chosen: Chosen) -> _Solved:
    spec = replace(spec, goal=chosen.goal)
    solved = _solved(spec, chosen.new, chosen.customers, chosen.quotas, chosen.lag, chosen.channels, chosen.notes)
    return replace(solved, chosen=chosen)


def _solved(
    spec: PlanSpec,
    new: Sequence[int],
    need: Sequence[Fraction],
    every: Quotas,
    lag: LagPlan | None,
    channels: Sequence[ChannelPlan],
    notes: Sequence[Note],
) -> _Solved:
    """The rows of a plan whose quotas are known."""
    course, lead = course_of(spec, new), 0 if lag is None else lag.lead
    absent = LEFT_OUT_ROW if lag is None or lag.entrants is not None else TOO_LATE
    rows = [row.after(lead) for row in stage_rows(every, lead + len(new), absent)]
    rows += worked_rows(course, spec.goal)
    if lag is not None:
        rows += lag_rows(lag)
    if spec.deals:
        rows += deal_rows(new, spec.assumptions, spec.deals, by_month=spec.shape.by_month)
    rows += means_rows(spec.means, every, spec.periods, lead)
    return _Solved(
        new=new, need=need, course=course, quotas=every.since(lead), every=every, rows=rows, channels=channels,
        notes=notes, lag=lag,
    )  # fmt: skip


def _new(spec: PlanSpec, channels: Sequence[ChannelPlan]) -> tuple[Sequence[int], LagPlan | None]:
    """The new customers of each month, and the quotas before them where it takes time to make them."""
    new = spec.asked.new()
    if spec.lag is None:
        return new, None
    lag = lag_plan(spec.lag, spec.asked, new, channels, spec.assumptions, spec.total)
    return (new, None) if lag.takes_no_time and spec.total is None else (lag.new, lag)


def _quotas(
    spec: PlanSpec,
    new: Sequence[int],
    lag: LagPlan | None,
    channels: Sequence[ChannelPlan],
    *,
    share: bool = True,
) -> Quotas:
    """The quotas of each stage, also of months before the plan that have some."""
    by_month = spec.shape.by_month
    if not channels:
        own = {} if lag is None else lag.quotas
        new = [*[0] * (0 if lag is None else lag.lead), *new]
        return pooled_quotas(new, spec.assumptions, by_month=by_month, own=own)
    if lag is not None:
        return lag_quotas(lag, channels, by_month=by_month, share=share)
    by_channel = channel_quotas if share else whole_quotas
    return by_channel(new, spec.assumptions, channels, by_month=by_month)


def _channels(
    spec: PlanSpec, base: Assumptions, changes: Mapping[AnyKey, Fraction] | None
) -> tuple[list[ChannelPlan], list[Note]]:
    """The channels of a plan that is split, with their rates as ``changes`` would have them."""
    if spec.by is By.WHOLE:
        return [], []
    channels, notes = channel_plans(base, spec.measured, spec.mix)
    return [rates_changed(channel, base, changes or {}) for channel in channels], notes


# --- parts ------------------------------------------------------------------------------------------------------------


def _channel_rows(quotas: Quotas) -> list[PlanRow]:
    return [
        PlanRow.of(stage, quota, channel=channel)
        for stage in reversed(stages())
        for channel, quota in quotas.of_channel.get(stage.key, {}).items()
    ]


def _team_sheets(spec: PlanSpec, solved: _Solved, quotas: Quotas, past: Past | None) -> list[PlanRow]:
    owners, lead = ownership(spec.teams), 0 if solved.lag is None else solved.lag.lead
    happened = {} if past is None else {stage.key: past.happened(stage.key) for stage in stages()}
    rows: list[PlanRow] = []
    for team in (*owners.teams, NOBODY):
        rows += [row.after(lead) for row in team_rows(team, owners, quotas.of_channel, happened)]
        rows += deals_of_teams(team, owners, solved.rows)
        if team in owners.retention:
            for metric in PLANNED.values():
                if metric.owner is not None:
                    rows += worked(metric, solved.course, team)
    return rows


def _reached(asked: Goal, rest: Goal, solved: _Solved) -> Goal:
    """The goal; that of the most new customers is what they come to, with those of months that are past."""
    if solved.chosen is None:
        return asked
    return replace(asked, amount=asked.amount - rest.amount + solved.chosen.goal.amount)


def _budget(spec: PlanSpec, solved: _Solved) -> Budget:
    """What the policies cost, of a plan that is split by team or by channel."""
    if spec.means.offers and not spec.policies:
        return Budget()
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

    @cache
    def under(*changes: tuple[AnyKey, Fraction]) -> tuple[PlanSpec, list[ChannelPlan], Sequence[int], LagPlan | None]:
        other = replace(spec, assumptions=changed(base, dict(changes), "changed")) if changes else spec
        parts = [rates_changed(channel, base, dict(changes)) for channel in channels]
        return (other, parts, *_new(other, parts))

    def quotas(changes: Mapping[AnyKey, Fraction]) -> Mapping[str, Sequence[int] | None]:
        other, parts, new, lag = under(*changes.items())
        return _quotas(other, new, lag, parts, share=False).since(0 if lag is None else lag.lead).whole

    def exact(changes: Mapping[AnyKey, Fraction], stage: str) -> Fraction:
        """What is needed of a stage over the range, before anything is rounded."""
        other, parts, _, lag = under(*changes.items())
        of_one = needs_of_one(other.assumptions, parts)
        if lag is not None:
            return lag.before_rounding * of_one.get(stage, Fraction(0)) / of_one[lag.top.key]
        return sum(other.asked.need()) * of_one.get(stage, Fraction(0))

    return levers_of(base, quotas, exact)


def _variant(spec: PlanSpec, what_if: WhatIf, past: Past | None) -> Variant:
    try:
        solved = _solve(spec, what_if.changes, share=False)
    except GoalError as error:
        return Variant(name=what_if.name, totals={}, unreachable=error.text)
    rows = solved.rows if past is None else map(past.before, solved.rows)
    return Variant(name=what_if.name, totals={row.metric.key: row.total for row in rows if row.channel is None})
