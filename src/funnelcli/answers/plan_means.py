"""What a plan has to work with, as the options and the settings say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from msgspec.structs import replace

from funnelcli.answers.plan_options import read
from funnelcli.config import Config
from funnelcli.config.capacity import Capacity, SignupCost
from funnelcli.planning.goals import GOALS, NEW_PAID_USERS
from funnelcli.planning.means import Means, Offer, Sellers, Step, Wish
from funnelcli.planning.means_notes import ABOVE_CAPACITY
from funnelcli.planning.model import Goal, Plan, Shape, ShapeKind
from funnelcli.planning.plan import By, PlanSpec
from funnelcli.problems import GoalError, UsageError
from funnelcli.text import Message
from funnelcli.values.amounts import parse_amount
from funnelcli.values.channels import Channel
from funnelcli.values.figures import Note
from funnelcli.values.periods import Period, month_of


def wish_of(minimise: str | None, maximise: str | None) -> Wish | None:
    """What the mix is chosen for, if anything: --minimise cost, or --maximise new_paid_users."""
    if minimise is not None and maximise is not None:
        raise UsageError(
            Message("--minimise and --maximise are two wishes."),
            hint=Message("Give a goal and --minimise cost, or --maximise new_paid_users and --budget."),
        )
    if minimise is not None:
        _only(minimise, Wish.COST, "--minimise")
        return Wish.COST
    if maximise is not None:
        _only(maximise, Wish.NEW_PAID_USERS, "--maximise")
        return Wish.NEW_PAID_USERS
    return None


def _only(text: str, wish: Wish, option: str) -> None:
    written = text.strip().casefold().replace("-", "_").replace(" ", "_")
    if written != wish.value:
        raise UsageError(
            Message("{option} {text!r} is not known.").filled(option=option, text=text),
            hint=Message("It is one of {words}.").filled(words=wish.value),
        )


def means_of(config: Config, wish: Wish | None, budget: str | None) -> Means:
    """What the settings say, with the wish and the budget of the options."""
    plan = config.plan
    if budget is not None and wish is None:
        raise UsageError(
            Message("--budget is what a chosen mix may cost, and none is asked for."),
            hint=Message("Add --maximise new_paid_users, or --minimise cost to a goal."),
        )
    if wish is not None and not plan.cost:
        raise UsageError(
            Message("No channel has a cost, so no mix can be chosen."),
            hint=Message('Give some in funnel.toml, like [plan.cost.paid] cost_per_signup = "120k", cap = 400.'),
        )
    if wish is Wish.NEW_PAID_USERS and budget is None:
        raise UsageError(
            Message("--maximise new_paid_users needs --budget: what the signups may cost in all."),
            hint=Message("Give it like --budget 500tr."),
        )
    return Means(
        sellers=_sellers(plan.capacity) if plan.capacity.given else None,
        offers={Channel(channel): _offer(cost) for channel, cost in plan.cost.items()},
        wish=wish,
        budget=None if budget is None else Fraction(read(parse_amount, budget, "--budget")),
    )


def _sellers(capacity: Capacity) -> Sellers:
    assert capacity.sellers is not None
    assert capacity.demos_per_seller is not None
    return Sellers(
        number=capacity.sellers, demos=capacity.demos_per_seller, hires=_months(capacity.hires), ramp=capacity.ramp,
        leavers=_months(capacity.leavers),
    )  # fmt: skip


def _months(keys: tuple[str, ...]) -> tuple[Period, ...]:
    return tuple(month_of(date.fromisoformat(f"{key}-01")) for key in keys)


def _offer(cost: SignupCost) -> Offer:
    """The steps of a cost, each with the signups that it adds, up to the cap."""
    if cost.cost_per_signup is not None:
        return Offer(steps=(Step(signups=cost.cap, each=cost.cost_per_signup),))
    steps: list[Step] = []
    before = 0
    for step in cost.steps:
        ends = [end for end in (step.to, cost.cap) if end is not None]
        upto = min(ends) if ends else None
        if upto is None or upto > before:
            steps.append(Step(signups=None if upto is None else upto - before, each=step.cost))
        before = before if upto is None else max(upto, before)
    return Offer(steps=tuple(steps))


def with_means(spec: PlanSpec, means: Means) -> PlanSpec:
    """The plan with what it has to work with; one whose mix is chosen is split by channel."""
    if means.wish is None:
        return replace(spec, means=means)
    by = By.CHANNEL if spec.by is By.WHOLE else spec.by
    notes = spec.notes if spec.unasked is None else (*spec.notes, Note("mix-without-time", _NO_TIME))
    return replace(spec, means=means, by=by, unasked=None, notes=notes)


_NO_TIME = Message(
    "The mix is chosen as if selling took no time: all become customers in the month of their signup. --lag measured "
    "chooses one that knows the time."
)


def goal_to_maximise(goals: Mapping[str, str], shape: Shape) -> Goal:
    """The goal of the most new customers, whose amount is to be found.  UsageError where another one is given."""
    if goals:
        raise UsageError(
            Message("{option} is a goal, and --maximise finds one.").filled(option=GOALS[next(iter(goals))].option),
            hint=Message("Leave one of them out; the cheapest way to a goal is --minimise cost."),
        )
    if shape.kind is ShapeKind.REVENUE:
        raise UsageError(
            Message("--shape revenue is itself a goal, and --maximise finds one."),
            hint=Message("Leave one of them out."),
        )
    return Goal(kind=NEW_PAID_USERS, amount=Fraction(0))


def check_can_be_held(plan: Plan) -> None:
    """GoalError where months need more demos than the sellers can hold."""
    for note in plan.notes:
        if note.code == ABOVE_CAPACITY:
            raise GoalError(note.text, hint=_WITHIN)


_WITHIN = Message(
    "Plan with more sellers in [plan.capacity], a later --to or a lower goal; without --strict it is written."
)
