"""A plan as CSV and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from funnelcli.metrics import CATALOGUE
from funnelcli.planning.metrics import PLANNED
from funnelcli.planning.model import (
    AMOUNTS,
    RATES,
    GoalKind,
    Key,
    Plan,
    ShapeKind,
)
from funnelcli.renderers.tame import tame
from funnelcli.renderers.to_csv import plain_number, safe_text
from funnelcli.renderers.to_json import exact
from funnelcli.units import Text, Unit

FORMAT = "funnelcli.targets"
FORMAT_VERSION = 1
GOAL_ROW = "goal"
ASSUMPTION_ROW = "assumption"
KEY_LABELS: dict[Key, Text] = {
    Key.VISITOR_TO_SIGNUP: CATALOGUE["visitor_to_signup_rate"].label,
    Key.SIGNUP_TO_DEMO: CATALOGUE["signup_to_demo_rate"].label,
    Key.DEMO_TO_PAID: CATALOGUE["demo_to_paid_rate"].label,
    Key.CHURN: Text("Churn rate, a month", "Tỷ lệ rời bỏ mỗi tháng"),
    Key.ARPA: Text("ARPA (MRR per PU)", "ARPA (MRR trên mỗi PU)"),
    Key.DEAL_SIZE: Text("Deal size", "Giá trị hợp đồng"),
    Key.OPENING: Text("PU when the plan begins", "PU khi bắt đầu kế hoạch"),
}


def key_unit(key: Key) -> Unit:
    """What an assumption counts."""
    return Unit.RATE if key in RATES else Unit.AMOUNT if key in AMOUNTS else Unit.CUSTOMERS


def wide(plan: Plan) -> Iterator[list[str]]:
    """The rows of a CSV with a column for each month; the goal and the assumptions stand first."""
    yield ["metric", "label", "unit", "channel", "team", "variant", "origin", *(p.key for p in plan.periods), "total"]
    empty = [""] * len(plan.periods)
    goal = plan.goal
    yield [goal.kind.value, "Goal", _goal_unit(plan).value, "", "", "", GOAL_ROW, *empty, plain_number(goal.amount)]
    for one in plan.assumptions:
        yield [one.key.value, KEY_LABELS[one.key].en, key_unit(one.key).value, "", "", "", one.origin.value, *empty,
               plain_number(one.value)]  # fmt: skip
    for r in plan.rows:
        figures = [plain_number(value) for value in (*r.values, r.total)]
        yield [r.metric.key, r.metric.label.en, r.metric.unit.value, r.channel or "", safe_text(tame(r.team or "")), "", "",
               *figures]  # fmt: skip
    for variant in plan.variants:
        for key, total in variant.totals.items():
            metric = PLANNED[key]
            name = safe_text(tame(variant.name))
            yield [key, metric.label.en, metric.unit.value, "", "", name, "", *empty, plain_number(total)]


def _goal_unit(plan: Plan) -> Unit:
    return Unit.AMOUNT if plan.goal.kind in (GoalKind.REVENUE, GoalKind.MRR) else Unit.CUSTOMERS


def tidy(plan: Plan) -> Iterator[list[str]]:
    """The rows of a CSV with a figure a line; the goal and the assumptions stand first."""
    yield [
        "period",
        "metric",
        "channel",
        "team",
        "variant",
        "unit",
        "value",
        "numerator",
        "denominator",
        "origin",
        "missing",
    ]
    yield [
        GOAL_ROW,
        plan.goal.kind.value,
        "",
        "",
        "",
        _goal_unit(plan).value,
        plain_number(plan.goal.amount),
        "",
        "",
        "given",
        "",
    ]
    for one in plan.assumptions:
        why = one.missing.reason.en if one.missing else ""
        yield [ASSUMPTION_ROW, one.key.value, "", "", "", key_unit(one.key).value, plain_number(one.value), plain_number(one.numerator),
               plain_number(one.denominator), one.origin.value, why]  # fmt: skip
    for r in plan.rows:
        for key, value in zip([*(p.key for p in plan.periods), "total"], [*r.values, r.total], strict=True):
            why = r.missing.reason.en if r.missing and value is None else ""
            yield [key, r.metric.key, r.channel or "", safe_text(tame(r.team or "")), "", r.metric.unit.value, plain_number(value),
                   "", "", "", why]  # fmt: skip
    for variant in plan.variants:
        for metric_key, total in variant.totals.items():
            yield ["total", metric_key, "", "", safe_text(tame(variant.name)), PLANNED[metric_key].unit.value, plain_number(total),
                   "", "", "", ""]  # fmt: skip


# --- JSON --------------------------------------------------------------------------------------------------------


def document(plan: Plan) -> dict[str, Any]:
    """The plan as plain data, format_version 1."""
    keys = [p.key for p in plan.periods]
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "title": plan.title.en,
        "currency": plan.currency,
        "goal": {
            "kind": plan.goal.kind.value,
            "amount": exact(plan.goal.amount),
            "from": keys[0],
            "to": keys[-1],
            "model": plan.model.value,
            "shape": plan.shape.kind.value,
            "growth": exact(plan.shape.growth) if plan.shape.kind is ShapeKind.GROWTH else None,
        },
        "assumptions": [
            {
                "key": one.key.value,
                "value": exact(one.value),
                "numerator": exact(one.numerator),
                "denominator": exact(one.denominator),
                "origin": one.origin.value,
                "source": one.source.en,
            }
            for one in plan.assumptions
        ],
        "channels": [
            {
                "channel": one.channel.value,
                "share": exact(one.share),
                "rates": [
                    {
                        "key": key.value,
                        "value": exact(rate.rate),
                        "numerator": exact(rate.numerator),
                        "denominator": exact(rate.denominator),
                        "pooled": rate.pooled.en if rate.pooled else None,
                    }
                    for key, rate in one.rates.items()
                ],
            }
            for one in plan.channels
        ],
        "periods": [
            {"key": p.key, "start": p.start.isoformat(), "end_exclusive": p.end.isoformat()} for p in plan.periods
        ],
        "rows": [
            {
                "metric": r.metric.key,
                "label": r.metric.label.en,
                "unit": r.metric.unit.value,
                "channel": r.channel.value if r.channel else None,
                "team": r.team,
                "cells": [{"period": key, "value": exact(value)} for key, value in zip(keys, r.values, strict=True)],
                "total": exact(r.total),
                "missing": r.missing.reason.en if r.missing else None,
            }
            for r in plan.rows
        ],
        "improved_by_a_tenth": [
            {"key": one.key.value, "value": exact(one.value), "required_new_signups": exact(one.signups)}
            for one in plan.levers
        ],
        "variants": [
            {
                "name": one.name,
                "totals": {key: exact(total) for key, total in one.totals.items()},
                "unreachable": one.unreachable.en if one.unreachable else None,
            }
            for one in plan.variants
        ],
        "notes": [{"code": note.code, "message": note.text.en} for note in plan.notes],
    }
