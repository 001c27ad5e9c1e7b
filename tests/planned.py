"""What the tests of plans share: a spec from a few numbers, and a plan's rows and notes to compare."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction as Frac

from funnelcli.config import Policy, Team
from funnelcli.planning.assume import Given, assume
from funnelcli.planning.goals import MRR as MRR
from funnelcli.planning.goals import NEW_PAID_USERS, GoalType
from funnelcli.planning.goals import PAID_USERS as PAID_USERS
from funnelcli.planning.goals import REVENUE as REVENUE
from funnelcli.planning.model import AnyKey, Goal, Key, Measured, Plan, Pooled, RevenueModel, Shape, ShapeKind
from funnelcli.planning.plan import By, PlanSpec, WhatIf
from funnelcli.text import Message
from funnelcli.values.channels import Channel
from funnelcli.values.periods import Grain, month_of, shift, span

ORGANIC, PAID, AFFILIATE = Channel.ORGANIC, Channel.PAID, Channel.AFFILIATE
NEW = NEW_PAID_USERS
RECURRING, ONE_OFF = RevenueModel.RECURRING, RevenueModel.ONE_OFF
WINDOW = ("2025-07", "2025-12")
VISITORS, SIGNUPS = "required_net_new_visitors", "required_new_signups"
DEMOS, WON = "required_new_demo_bookings", "required_new_paid_users"
# Half the demos win, 2 of 5 signups book one, one visit of 25 signs up.
RATES: dict[AnyKey, Frac | int | None] = {
    Key.DEMO_TO_PAID: Frac(1, 2),
    Key.SIGNUP_TO_DEMO: Frac(2, 5),
    Key.VISITOR_TO_SIGNUP: Frac(1, 25),
}

Line = tuple[tuple[Frac | int | None, ...], Frac | int | None]  # the months, and the range


def spec(
    goal: GoalType,
    amount: Frac | int,
    values: Mapping[AnyKey, Frac | int | None],
    *,
    months: int = 2,
    model: RevenueModel = RECURRING,
    shape: Shape | None = None,
    measured: Measured | None = None,
    by: By = By.WHOLE,
    mix: Mapping[Channel, Frac] | None = None,
    teams: Mapping[str, Team] | None = None,
    policies: Mapping[str, Policy] | None = None,
    most_new: int | None = None,
    what_if: tuple[WhatIf, ...] = (),
) -> PlanSpec:
    """A spec of a plan from January 2026 on, with ``values`` given by hand."""
    given = {key: Given(value=None if v is None else Frac(v), place=f"--{key.value}") for key, v in values.items()}
    first = month_of(date(2026, 1, 1))
    wanted = Goal(kind=goal, amount=Frac(amount))
    return PlanSpec(
        title=Message("Plan"),
        currency="VND",
        goal=wanted,
        shape=shape or Shape(kind=ShapeKind.STEADY),
        model=model,
        periods=span(first, shift(first, months - 1, Grain.MONTH), Grain.MONTH),
        assumptions=assume(given, measured, wanted, model),
        measured=measured,
        by=by,
        mix=mix or {},
        teams=teams or {},
        policies=policies or {},
        most_new=most_new,
        what_if=what_if,
    )


def lines(plan: Plan, *, team: str | None = None, channel: Channel | None = None) -> dict[str, Line]:
    """The rows of a team and channel by metric: the months, and the range."""
    return {row.metric.key: (row.values, row.total) for row in plan.of(team=team, channel=channel)}


def notes(plan: Plan) -> dict[str, str]:
    """The English words of the notes, by code; each code once."""
    texts = {note.code: note.text.of("en") for note in plan.notes}
    assert len(texts) == len(plan.notes), "two notes of one code"
    return texts


def unsaid(text: str, *facts: str) -> list[str]:
    """The facts that a text leaves out."""
    return [fact for fact in facts if fact not in text]


def pooled(numerator: int, denominator: int) -> Pooled:
    return Pooled(numerator=Frac(numerator), denominator=Frac(denominator), months=WINDOW)
