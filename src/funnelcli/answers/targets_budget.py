"""What the policies of a plan cost, for people: by team, against revenue, and by new customer."""

from __future__ import annotations

from fractions import Fraction

from funnelcli.answers.answer import Column, Table
from funnelcli.answers.cells import Cell, Words
from funnelcli.answers.plain import TOTAL
from funnelcli.answers.planned_cells import NO_WORDS, channel_words, columns, planned
from funnelcli.planning.budget import NEVER, NO_POLICY
from funnelcli.planning.metrics import CAC, COST, COST_RATE, PAYBACK, REVENUE
from funnelcli.planning.model import BudgetItem, Plan, PlanRow
from funnelcli.text import Message, Text, in_context
from funnelcli.values.figures import Unit


def team_budget(plan: Plan, team: str) -> Table:
    """What a team's budget is made of: so many, at a price each."""
    mine = [item for item in plan.budget if item.team == team]

    def line(item: BudgetItem) -> tuple[Cell, ...]:
        paid_for = item.metric.short if item.metric else _MONTHS
        of_year = Words(_OF_YEAR, facts={"share": planned(item.share, Unit.RATE)}) if item.share else NO_WORDS
        unit = item.metric.unit if item.metric else Unit.MONTHS
        return (
            Words(paid_for),
            planned(item.quantity, unit),
            planned(item.price, Unit.AMOUNT, plan.currency),
            planned(item.amount, Unit.AMOUNT, plan.currency),
            of_year,
        )

    title = Message("Budget of {team}")
    headers = columns(Message("Paid for"), Message("How many"), Message("Each"), COST.short)
    return Table(
        title=Words(title, facts={"team": Words(team)}),
        columns=(*headers, Column(header=NO_WORDS, words=True)),
        rows=tuple(map(line, mine)),
    )


_MONTHS = Message("fixed, months")
_OF_YEAR = Message("{share} of the first year")


_TOTAL_OF_THESE = Message("Total of those with a policy")
_COST_OF_THESE = Message("Total, budget of those with a policy")


def _total(plan: Plan, of_these: Text) -> Text:
    """The total's name: ``of_these`` where teams without a policy are not in it."""
    return of_these if any(note.code == NO_POLICY.code for note in plan.notes) else TOTAL


def policy_budget(plan: Plan) -> Table:
    """The budget of each team and in all, held against the revenue of the months planned."""
    costs = [row for row in plan.rows if row.metric is COST and row.channel is None]
    revenue = next((row for row in plan.rows if row.metric is REVENUE), None)
    brought = sum((value or Fraction(0) for value in revenue.values[len(plan.past) :]), Fraction(0)) if revenue else 0

    def line(row: PlanRow) -> tuple[Cell, ...]:
        name = Words(row.team or _total(plan, _TOTAL_OF_THESE))
        if row.total is None:
            of_revenue = planned(None, Unit.RATE, missing=row.missing)
        else:
            share = row.total / brought if brought else None  # both are of the months planned
            of_revenue = planned(share, Unit.RATE)
        cost = _reason(row) if row.total is None else planned(row.total, Unit.AMOUNT, plan.currency)
        return (name, cost, of_revenue) if revenue else (name, cost)

    title = Message("Policy budget ({currency})")
    headers = (Message("Team"), COST.short, *((COST_RATE.label,) if revenue else ()))
    return Table(
        title=Words(title, facts={"currency": Words(plan.currency)}),
        columns=columns(*headers),
        rows=tuple(map(line, costs)) if any(row.team is None for row in costs) else (),
    )


def _reason(row: PlanRow) -> Cell:
    """Why there is no figure, said in its place."""
    return Words(row.missing.reason, tone="dim") if row.missing else planned(None, row.metric.unit, tone="dim")


NEVER_SHORT = in_context("pays for itself", "never")


def cac(plan: Plan) -> Table:
    """What a new customer costs, by channel and in all, and when that is paid back."""
    of_channels = [row for row in plan.rows if row.metric is CAC]
    payback = {row.channel: row for row in plan.rows if row.metric is PAYBACK}

    def line(row: PlanRow) -> tuple[Cell, ...]:
        name = channel_words(row.channel, _total(plan, _COST_OF_THESE))
        if row.total is None and row.missing:
            return (name, _reason(row), planned(None, Unit.MONTHS, missing=row.missing))
        months = payback[row.channel]
        return (
            name,
            planned(row.total, Unit.AMOUNT, plan.currency),
            Words(NEVER_SHORT)
            if months.total is None and months.missing is NEVER
            else planned(months.total, Unit.MONTHS, missing=months.missing),
        )

    return Table(
        title=Words(Message("CAC by channel")),
        columns=columns(
            Message("Channel"), CAC.label, PAYBACK.label
        ),
        rows=tuple(line(row) for row in of_channels),
    )  # fmt: skip
