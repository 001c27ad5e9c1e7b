"""A plan as plain data for programs."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from funnelcli.answers.targets_chance import sure_data
from funnelcli.answers.targets_means import mix_data
from funnelcli.planning.model import AnyKey, Assumption, BudgetItem, ChannelRate, Plan, PlanRow, ShapeKind, Variant
from funnelcli.planning.selling import LagPart, LagPlan
from funnelcli.values.channels import Channel

FORMAT = "funnelcli.targets"
FORMAT_VERSION = 1


def exact(value: Fraction | None) -> int | float | None:
    """An exact figure as a JSON number: whole ones without a point.

    >>> exact(Fraction(6, 2)), exact(Fraction(1, 4)), exact(None)
    (3, 0.25, None)
    """
    if value is None:
        return None
    return int(value) if value.denominator == 1 else float(value)


def plan_data(plan: Plan) -> dict[str, Any]:
    """The plan as plain data, format_version 1."""
    keys = [p.key for p in plan.periods]
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "title": plan.title.of("en"),
        "currency": plan.currency,
        "goal": _goal(plan),
        "assumptions": [_assumption(assumed) for assumed in plan.assumptions],
        "channels": [
            {"channel": part.channel.value, "share": exact(part.share), "rates": _rates(part.rates)}
            for part in plan.channels
        ],
        "periods": [
            {
                "key": p.key,
                "start": p.start.isoformat(),
                "end_exclusive": p.end.isoformat(),
                "past": p in plan.past,
            }
            for p in plan.periods
        ],
        "rows": [_row(row, [*(p.key for p in plan.lead if row.early), *keys]) for row in plan.rows],
        "improved_by_a_tenth": [
            {
                "key": lever.key.value,
                "value": exact(lever.value),
                lever.stage.key: exact(lever.needed),
                "saved": exact(lever.saved),
            }
            for lever in plan.levers
        ],
        "budget": [_item(item) for item in plan.budget],
        "variants": [_variant(variant) for variant in plan.variants],
        "notes": [{"code": note.code, "message": note.text.of("en")} for note in plan.notes],
        **({} if plan.lag is None else {"lag": _lag(plan.lag)}),
        **({} if plan.confidence is None else {"confidence": sure_data(plan.confidence)}),
        **({} if plan.mix is None else {"mix": mix_data(plan.mix, plan, exact)}),
    }


def _lag(lag: LagPlan) -> dict[str, Any]:
    """What the plan knows of the time that selling takes; months before its first are below 0."""
    first = lag.months - len(lag.weights)
    return {
        "steps": [{"rate": key.value, "shares": [exact(share) for share in step.shares]} for key, step in lag.steps],
        "shares": [exact(share) for share in lag.lag.shares],
        "share_in_time": exact(lag.in_time),
        "in_hand": [
            {"stage": stage.key, "open": exact(number)} for stage, number in zip(lag.chain, lag.open, strict=False)
        ],
        "covered_by_those_in_hand": exact(lag.covers),
        "need_left_over_rate": exact(lag.need_left),
        "after_the_end": exact(lag.after_end),
        "entrants_needed": [
            {"month": month, "value": exact(weight)} for month, weight in enumerate(lag.weights, start=first)
        ],
        "channels": [_lag_of_channel(lag, part, part.channel) for part in lag.parts if part.channel is not None],
    }


def _lag_of_channel(plan: LagPlan, part: LagPart, channel: Channel) -> dict[str, Any]:
    """What the plan knows of a channel's own time; its steps are ``own`` where enough of its people got on to tell."""
    open_at = zip(plan.chain, part.open, strict=False)
    return {
        "channel": channel.value,
        "steps": [
            {"rate": key.value, "shares": [exact(share) for share in step.shares], "own": key not in part.few}
            for key, step in part.steps
        ],
        "shares": [exact(share) for share in part.lag.shares],
        "in_hand": [{"stage": stage.key, "open": exact(number)} for stage, number in open_at],
        "after_the_end": exact(part.after_end),
    }


def _goal(plan: Plan) -> dict[str, Any]:
    return {
        "kind": plan.goal.kind.key,
        "amount": exact(plan.goal.amount),
        "from": plan.periods[0].key,
        "to": plan.periods[-1].key,
        "model": plan.model.value,
        "shape": plan.shape.kind.value,
        "growth": exact(plan.shape.growth) if plan.shape.kind is ShapeKind.GROWTH else None,
    }


def _assumption(assumed: Assumption) -> dict[str, Any]:
    return {
        "key": assumed.key.value,
        "value": exact(assumed.value),
        "numerator": exact(assumed.numerator),
        "denominator": exact(assumed.denominator),
        "origin": assumed.origin.value,
        "source": assumed.plain or assumed.source.of("en"),
    }


def _rates(rates: Mapping[AnyKey, ChannelRate]) -> list[dict[str, Any]]:
    return [
        {
            "key": key.value,
            "value": exact(rate.rate),
            "numerator": exact(rate.numerator),
            "denominator": exact(rate.denominator),
            "filled_up_with": exact(rate.filled),
            "pooled": rate.pooled.of("en") if rate.pooled else None,
        }
        for key, rate in rates.items()
    ]


def _item(item: BudgetItem) -> dict[str, Any]:
    return {
        "team": item.team,
        "metric": item.metric.key if item.metric else "months",
        "quantity": exact(item.quantity),
        "price": exact(item.price),
        "share_of_first_year": exact(item.share),
        "amount": exact(item.amount),
    }


def _variant(variant: Variant) -> dict[str, Any]:
    return {
        "name": variant.name,
        "totals": {key: exact(total) for key, total in variant.totals.items()},
        "unreachable": variant.unreachable.of("en") if variant.unreachable else None,
    }


def _row(row: PlanRow, keys: list[str]) -> dict[str, Any]:
    return {
        "metric": row.metric.key,
        "label": row.metric.label.of("en"),
        "unit": row.metric.unit.value,
        "channel": row.channel.value if row.channel else None,
        "team": row.team,
        "cells": [
            {"period": key, "value": exact(value)} for key, value in zip(keys, (*row.early, *row.values), strict=True)
        ],
        "total": exact(row.total),
        "missing": row.missing.reason.of("en") if row.missing else None,
    }
