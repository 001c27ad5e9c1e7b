"""A plan as an answer: goal, assumptions and quotas for people, rows for spreadsheets, data for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from msgspec import Struct

from funnelcli.answers.answer import Answer, Page, Raw, Sheet
from funnelcli.answers.layout import Layout
from funnelcli.answers.targets_chance import level_name
from funnelcli.answers.targets_data import plan_data
from funnelcli.answers.targets_page import key_unit, page_blocks
from funnelcli.answers.targets_tabs import targets_tabs
from funnelcli.planning.labels import label_of
from funnelcli.planning.metrics import PLANNED
from funnelcli.planning.model import Plan, PlanRow
from funnelcli.values.figures import Unit
from funnelcli.values.placeholders import PERIOD

GOAL_ROW = "goal"
ASSUMPTION_ROW = "assumption"


def targets_answer(plan: Plan) -> Answer:
    """Everything that a plan has to say, in each layout."""
    return Answer(
        title=plan.title,
        pages=(Page(blocks=page_blocks(plan)),),
        sheets=(
            Sheet(layout=Layout.WIDE, header=(*_names(plan), *_keys(plan)), rows=list(_wide(plan))),
            Sheet(layout=Layout.TIDY, header=_TIDY, rows=list(_tidy(plan))),
        ),
        data=plan_data(plan),
        tabs=lambda: targets_tabs(plan),
        names={PERIOD: plan.periods[-1].key},
    )


_WIDE = ("metric", "label", "unit", "currency", "channel", "team", "variant", "origin")
_TIDY = (
    "period", "metric", "channel", "team", "variant", "unit", "currency", "value", "numerator", "denominator", "origin",
    "missing",
)  # fmt: skip


# Beside the months that are past: up to which one what happened stands there, not what is planned.
PAST_UNTIL = "past_until"
ACTUAL = "actual"  # the origin of a figure of such a month, where it has a row of its own


def _names(plan: Plan) -> tuple[str, ...]:
    return (*_WIDE, PAST_UNTIL) if plan.past else _WIDE


class _Line(Struct, frozen=True, kw_only=True):
    """One row of the plan: what it is, and its figures by period key or the range's ``total``."""

    about: Mapping[str, Raw]
    figures: Mapping[str, Fraction | None]
    why: str = ""


def _keys(plan: Plan) -> list[str]:
    return [*(p.key for p in plan.lead), *(p.key for p in plan.periods), "total"]


def _lines(plan: Plan) -> Iterator[_Line]:
    """The goal, the assumptions, the rows, and the totals of variants."""

    def about(metric: str, label: str, unit: Unit, **more: Raw) -> dict[str, Raw]:
        currency = plan.currency if unit is Unit.AMOUNT else ""
        return {"metric": metric, "label": label, "unit": unit.value, "currency": currency, **more}

    yield _Line(
        about=about(plan.goal.kind.key, "Goal", plan.goal.kind.unit, period=GOAL_ROW, origin=GOAL_ROW),
        figures={"total": plan.goal.amount},
    )
    for assumed in plan.assumptions:
        measured: dict[str, Raw] = {"numerator": assumed.numerator, "denominator": assumed.denominator}
        key = assumed.key
        yield _Line(
            about=about(
                key.value,
                label_of(key, of_rest=bool(plan.past)).of("en"),
                key_unit(key),
                period=ASSUMPTION_ROW,
                origin=assumed.origin.value,
            )
            | measured,
            figures={"total": assumed.value},
            why=assumed.missing.reason.of("en") if assumed.missing else "",
        )
    until = {PAST_UNTIL: plan.past[-1].key} if plan.past else {}
    for row in plan.rows:
        metric, channel = row.metric, row.channel.value if row.channel else ""
        yield _Line(
            about=about(metric.key, metric.label.of("en"), metric.unit, channel=channel, team=row.team or "", **until),
            figures=_figures(plan, row),
            why=row.missing.reason.of("en") if row.missing else "",
        )
    for level in plan.confidence.levels if plan.confidence is not None else ():
        for stage, number in level.stages.items():
            yield _Line(
                about=about(
                    stage, PLANNED[stage].label.of("en"), PLANNED[stage].unit, variant=level_name(level.level).of("en")
                ),
                figures={"total": number},
            )
    for variant in plan.variants:
        for metric_key, total in (variant.totals or {plan.rows[0].metric.key: None}).items():
            planned = PLANNED[metric_key]
            yield _Line(
                about=about(metric_key, planned.label.of("en"), planned.unit, variant=variant.name),
                figures={"total": total},
                why=variant.unreachable.of("en") if variant.unreachable else "",
            )


def _figures(plan: Plan, row: PlanRow) -> dict[str, Fraction | None]:
    """The figures of a row by month; of months before the plan only where it has some."""
    months = [*(plan.lead if row.early else ()), *plan.periods]
    return dict(zip([*(p.key for p in months), "total"], [*row.early, *row.values, row.total], strict=True))


def _wide(plan: Plan) -> Iterator[tuple[Raw, ...]]:
    """A column for each month; the goal and the assumptions stand first."""
    for line in _lines(plan):
        yield (*(line.about.get(name, "") for name in _names(plan)), *(line.figures.get(key) for key in _keys(plan)))


def _tidy(plan: Plan) -> Iterator[tuple[Raw, ...]]:
    """A figure a row; the goal and the assumptions stand first."""
    past = {period.key for period in plan.past}
    for line in _lines(plan):
        for key, value in line.figures.items():
            why = line.why if value is None else ""
            cells: dict[str, Raw] = {"period": key, **line.about, "value": value, "missing": why}
            cells |= {"origin": ACTUAL} if key in past else {}
            yield tuple(cells.get(name, "") for name in _TIDY)
