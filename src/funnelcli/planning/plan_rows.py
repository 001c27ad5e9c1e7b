"""The rows of a plan: quotas of the stages, and what follows from the course of the customers."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from funnelcli.planning.backsolve import levels, run_forward
from funnelcli.planning.declare import Course, PlannedMetric
from funnelcli.planning.metrics import PLANNED, REVENUE, stages
from funnelcli.planning.mix import Quotas
from funnelcli.planning.model import AMOUNTS, PRICE_OF, Assumption, Goal, Key, PlanRow, RevenueModel
from funnelcli.planning.plan_spec import By, PlanSpec
from funnelcli.text import Message
from funnelcli.values.figures import Missing

NO_BASE = Missing("base-not-known", Message("no opening paid users and churn"))

LEFT_OUT_ROW = Missing("left-out", Message("left out of the plan"))
TOO_LATE = Missing("too-late", Message("nobody who signs up now becomes a customer in time"))


def stage_rows(quotas: Quotas, months: int, absent: Missing) -> Iterator[PlanRow]:
    """The quotas of the stages, from the first that people come to; why there are none is said by ``absent``."""
    for stage in reversed(stages()):
        quota = quotas.whole.get(stage.key)
        yield PlanRow.absent(stage, months, absent) if quota is None else PlanRow.of(stage, quota)


def course_of(spec: PlanSpec, new: Sequence[int]) -> Course:
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


def said(spec: PlanSpec) -> Iterator[Assumption]:
    """The assumptions that the plan shows: of money only where its goal is of revenue, or a budget needs it."""
    has_budget = spec.by is not By.WHOLE and bool(spec.policies)
    for key, assumption in spec.assumptions.items():
        is_needed = has_budget and key is PRICE_OF[spec.model]
        if key not in AMOUNTS or spec.goal.kind.of_revenue or is_needed:
            yield assumption


def worked_rows(course: Course, goal: Goal) -> Iterator[PlanRow]:
    """What follows from the course of the customers, of the whole: all but what is made for a team alone."""
    for metric in PLANNED.values():
        if metric.owner is None and (metric is not REVENUE or goal.kind.of_revenue):
            yield from worked(metric, course)


def worked(metric: PlannedMetric, course: Course, team: str | None = None) -> Iterator[PlanRow]:
    """The row of a figure that follows from the course of the customers; nothing of another one."""
    if metric.work is None:
        return
    months = metric.work(course)
    if isinstance(months, Missing):
        yield PlanRow.absent(metric, len(course.new), months, team=team)
    else:
        yield PlanRow.of(metric, months, team=team)
