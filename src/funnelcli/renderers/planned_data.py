"""A plan as CSV and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from funnelcli.metrics import CATALOGUE
from funnelcli.planning.metrics import PLANNED, SIGNUPS
from funnelcli.planning.model import AMOUNTS, RATES, Key, Plan, ShapeKind
from funnelcli.renderers.tame import tame
from funnelcli.renderers.to_csv import plain_number, safe_text
from funnelcli.renderers.to_json import exact
from funnelcli.text import Text
from funnelcli.values.figures import Unit

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


_WIDE = ("metric", "label", "unit", "currency", "channel", "team", "variant", "origin")
_TIDY = (
    "period", "metric", "channel", "team", "variant", "unit", "currency", "value", "numerator", "denominator", "origin",
    "missing",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class _Line:
    """One row of the plan as text cells: what it is, and its figures by period key or the range's ``total``."""

    about: Mapping[str, str]
    figures: Mapping[str, Fraction | None]
    why: str = ""


def _lines(plan: Plan) -> Iterator[_Line]:
    """The goal, the assumptions, the rows, and the totals of variants."""

    def about(metric: str, label: str, unit: Unit, **more: str) -> dict[str, str]:
        currency = plan.currency if unit is Unit.AMOUNT else ""
        return {"metric": metric, "label": label, "unit": unit.value, "currency": currency, **more}

    yield _Line(
        about=about(plan.goal.kind.key, "Goal", plan.goal.kind.unit, period=GOAL_ROW, origin=GOAL_ROW),
        figures={"total": plan.goal.amount},
    )
    for one in plan.assumptions:
        more = {
            "period": ASSUMPTION_ROW,
            "origin": one.origin.value,
            "numerator": plain_number(one.numerator),
            "denominator": plain_number(one.denominator),
        }
        yield _Line(
            about=about(one.key.value, KEY_LABELS[one.key].en, key_unit(one.key), **more),
            figures={"total": one.value},
            why=one.missing.reason.en if one.missing else "",
        )
    keys = [p.key for p in plan.periods]
    for r in plan.rows:
        more = {"channel": r.channel or "", "team": safe_text(tame(r.team or ""))}
        yield _Line(
            about=about(r.metric.key, r.metric.label.en, r.metric.unit, **more),
            figures=dict(zip([*keys, "total"], [*r.values, r.total], strict=True)),
            why=r.missing.reason.en if r.missing else "",
        )
    for variant in plan.variants:
        totals = variant.totals or {plan.rows[0].metric.key: None}
        for key, total in totals.items():
            yield _Line(
                about=about(key, PLANNED[key].label.en, PLANNED[key].unit, variant=safe_text(tame(variant.name))),
                figures={"total": total},
                why=safe_text(tame(variant.unreachable.en)) if variant.unreachable else "",
            )


def wide(plan: Plan) -> Iterator[list[str]]:
    """The rows of a CSV with a column for each month; the goal and the assumptions stand first."""
    keys = [*(p.key for p in plan.periods), "total"]
    yield [*_WIDE, *keys]
    for line in _lines(plan):
        yield [*(line.about.get(name, "") for name in _WIDE), *(plain_number(line.figures.get(key)) for key in keys)]


def tidy(plan: Plan) -> Iterator[list[str]]:
    """The rows of a CSV with a figure a line; the goal and the assumptions stand first."""
    yield list(_TIDY)
    for line in _lines(plan):
        for key, value in line.figures.items():
            cells = {
                "period": key,
                **line.about,
                "value": plain_number(value),
                "missing": line.why if value is None else "",
            }
            yield [cells.get(name, "") for name in _TIDY]


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
            "kind": plan.goal.kind.key,
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
            {"key": one.key.value, "value": exact(one.value), SIGNUPS.key: exact(one.signups)} for one in plan.levers
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
