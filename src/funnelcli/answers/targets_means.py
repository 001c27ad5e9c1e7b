"""What a plan has to work with, for people and for programs: demos that can be held, and what signups cost."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from funnelcli.answers.answer import Table
from funnelcli.answers.cells import Cell, Number, Precision, Tone, Words
from funnelcli.answers.plain import TOTAL
from funnelcli.answers.planned_cells import MONTH, channel_words, columns, month, planned
from funnelcli.planning.means_metrics import (
    COST_PER_NEW,
    DEMO_CAPACITY,
    DEMOS_OVER,
    FULL_SELLERS,
    SELLERS_LACKING,
    SIGNUP_COST,
)
from funnelcli.planning.metrics import DEMOS, NEW_PAID_USERS, SIGNUPS
from funnelcli.planning.mix_plan import MixPlan
from funnelcli.planning.model import Plan, PlanRow
from funnelcli.text import Message
from funnelcli.values.channels import Channel
from funnelcli.values.figures import Unit

_OF_SELLERS = (FULL_SELLERS, DEMO_CAPACITY, DEMOS, DEMOS_OVER, SELLERS_LACKING)


def sellers_by_month(plan: Plan) -> Table:
    """The demos that are needed beside those that can be held, of the months that are planned, and of those before."""
    of = {row.metric: row for row in plan.of() if row.metric in _OF_SELLERS}
    shown = [of[metric] for metric in _OF_SELLERS] if FULL_SELLERS in of else []
    months, first = (*plan.lead, *plan.periods), len(plan.past)

    def cell(row: PlanRow, place: int) -> Number:
        value = row.of_last(len(months))[place]
        tone: Tone = "bold" if value and row.metric in (DEMOS_OVER, SELLERS_LACKING) else ""
        return Number(value=value, unit=row.metric.unit, precision=Precision.PLANNED, tone=tone)

    lines: list[tuple[Cell, ...]] = [
        (month(period), *(cell(row, place) for row in shown))
        for place, period in enumerate(months[first:], start=first)
    ]
    return Table(
        title=Words(Message("Demos and who holds them")),
        columns=columns(MONTH, *(row.metric.short for row in shown)),
        rows=tuple(lines) if shown else (),
    )


def cost_of_signups(plan: Plan) -> Table:
    """What the signups of each channel cost, and what that is for each new customer; no rows where nobody said."""
    costs = [row for row in plan.rows if row.metric is SIGNUP_COST and row.team is None]
    # Of a plan by team each channel of a stage is but one team's.
    by_channel = {(row.metric, row.channel): row for row in plan.rows if row.channel or row.team is None}

    def number(row: PlanRow | None) -> Fraction | None:
        """Of the months that are planned, those before the plan too: those that are past cost nothing more."""
        if row is None:
            return None
        return sum((value or Fraction(0) for value in (*row.early, *row.values[len(plan.past) :])), Fraction(0))

    def line(row: PlanRow) -> tuple[Cell, ...]:
        name = channel_words(row.channel, TOTAL)
        signups = number(by_channel.get((SIGNUPS, row.channel)))
        new = number(by_channel.get((NEW_PAID_USERS, row.channel)))
        counted = (planned(signups, Unit.PEOPLE), planned(new, Unit.CUSTOMERS))
        if row.total is None and row.missing is not None:
            return (name, *counted, Words(row.missing.reason, tone="dim"), planned(None, Unit.AMOUNT))
        per_new = by_channel[COST_PER_NEW, row.channel]
        return (
            name,
            *counted,
            planned(number(row), Unit.AMOUNT, plan.currency),
            planned(per_new.total, Unit.AMOUNT, plan.currency, missing=per_new.missing),
        )

    title = Message("Cost of the signups by channel ({currency})")
    return Table(
        title=Words(title, facts={"currency": Words(plan.currency)}),
        columns=columns(
            Message("Channel"), SIGNUPS.short, NEW_PAID_USERS.short, SIGNUP_COST.short, COST_PER_NEW.short
        ),
        rows=tuple(map(line, costs)),
    )  # fmt: skip


def mix_data(mix: MixPlan, plan: Plan, exact: Any) -> Mapping[str, Any]:
    """The mix that was chosen, for programs; months by their keys."""
    keys = [period.key for period in plan.periods[len(plan.past) :]]
    every = [*(period.key for period in plan.lead), *keys]

    def channel(of: Channel | None) -> str | None:
        return None if of is None else of.value

    return {
        "wish": mix.wish.value,
        "cost": exact(mix.cost),
        "cost_before": exact(mix.early),
        "expected_to_bring": exact(mix.aim),
        "proven": mix.proven,
        "cost_at_least": exact(mix.floor),
        "budget": exact(mix.budget),
        "new_paid_users": mix.new,
        "expected": [{"period": key, "value": exact(number)} for key, number in zip(keys, mix.customers, strict=True)],
        "bound_by": [
            {
                "what": each.by.value,
                "channel": channel(each.channel),
                "periods": [every[place] for place in each.months],
            }
            for each in mix.bindings
        ],
        "with_more": [
            {"more": gain.more.value, "cost": exact(gain.cost), "new_paid_users": gain.new} for gain in mix.gains
        ],
    }
