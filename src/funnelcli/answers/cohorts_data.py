"""Cohorts as plain data, for programs."""

from __future__ import annotations

from typing import Any

from funnelcli.answers.cohorts import NO_WINDOW_OVER, Cohorts, Days, Split
from funnelcli.answers.cohorts_figures import by_age_of, first_stay, interval_of, rate_value, title_of
from funnelcli.answers.report_answer import sources_data
from funnelcli.answers.uncertain import interval_data
from funnelcli.counting.cohorts import Cohort
from funnelcli.metrics.missing import STAYS_BELOW
from funnelcli.metrics.times import QUANTILES
from funnelcli.stats.intervals import wilson
from funnelcli.values.figures import in_units

_PERCENTILES = ("median", "p75", "p90")


def cohorts_data(asked: Cohorts) -> dict[str, Any]:
    """Cohorts as plain data, format_version 1."""
    whole = asked.splits[0]
    return {
        "format": "funnelcli.cohorts",
        "format_version": 1,
        "title": title_of(asked).of("en"),
        "as_of": asked.as_of.isoformat(),
        "until": asked.until.isoformat(),
        "timezone": asked.timezone,
        "currency": asked.currency,
        "journey": asked.journey.name,
        "from_stage": asked.start.name,
        "to_stage": asked.goal.name,
        "window": asked.window.text,
        "entry": asked.entry,
        "order": asked.order,
        "grain": asked.grain.value,
        "rows": [_row_data(asked, split, cohort) for split in asked.splits for cohort in split.cohorts],
        "overall": _overall_data(whole),
        **_days_data(whole.days),
        **_retention_data(whole),
        "parts": [
            {
                "by": _by(asked, split),
                "overall": _overall_data(split),
                **_days_data(split.days),
                **_retention_data(split),
            }
            for split in asked.splits[1:]
        ],
        "notes": [{"code": note.code, "message": note.text.of("en")} for note in asked.notes],
        "sources": sources_data(asked.sources),
    }  # fmt: skip


def _by(asked: Cohorts, split: Split) -> Any:
    if split.part is None or asked.dimension is None:
        return None
    return {asked.dimension.name: split.part.key}


def _row_data(asked: Cohorts, split: Split, cohort: Cohort) -> dict[str, Any]:
    value, missing = rate_value(cohort)
    return {
        "cohort": cohort.period.key,
        "by": _by(asked, split),
        "entered": cohort.entered,
        "matured": cohort.matured,
        "converted": cohort.converted,
        "skipped": cohort.skipped,
        "mature": cohort.mature,
        "rate": {
            "value": value,
            "numerator": cohort.converted if cohort.matured else None,
            "denominator": cohort.matured or None,
            "missing": missing.reason.of("en") if missing else None,
            "interval": interval_data(interval_of(cohort)),
        },
        "cells": [
            {
                "age": cell.age,
                "converted": cell.converted,
                "share": None if cell.converted is None or not cohort.entered else cell.converted / cohort.entered,
                "known": cell.converted is not None,
            }
            for cell in cohort.cells
        ],
    }


def _overall_data(split: Split) -> dict[str, Any]:
    whole, by_age = split.overall, by_age_of(split)
    complete = wilson(whole.converted, whole.members) if whole.members else None
    return {
        "complete_cohorts": {
            "value": whole.converted / whole.members if whole.members else None,
            "numerator": whole.converted if whole.members else None,
            "denominator": whole.members or None,
            "missing": None if whole.members else NO_WINDOW_OVER.reason.of("en"),
            "interval": interval_data(complete),
        },
        "by_age": {"value": by_age.value, "missing": by_age.missing.reason.of("en") if by_age.missing else None},
    }


def _days_data(days: Days) -> dict[str, Any]:
    keys = _PERCENTILES
    below = STAYS_BELOW.reason.of("en") if None in days.of_all else None
    return {
        "days": {**dict(zip(keys, days.of_all, strict=True)), "missing": below, "share_by_the_last_day": days.height},
        "lag_days": dict(zip(keys, days.of_converting, strict=True)),
    }


def _retention_data(split: Split) -> dict[str, Any]:
    if split.retention is None:
        return {}
    curve = split.retention.by_day
    lifetime = {name: curve.percentile(quantile) for name, quantile in zip(_PERCENTILES, QUANTILES, strict=True)}
    rows = []
    for kept in split.retention.kept:
        survival, interval = first_stay(split.retention, kept.months)
        rows.append(
            {
                "months": kept.months, "members": kept.members, "paying": kept.paying, "back": kept.back,
                "share": kept.paying / kept.members,
                "first_stay": {"value": survival, "interval": interval_data(interval)},
                "mrr_at_start": _units(kept.at_start), "mrr": _units(kept.money),
                "mrr_without_expansion": _units(kept.held),
            }
        )  # fmt: skip
    return {"retention": rows, "lifetime_days": lifetime}


def _units(hundredths: int | None) -> float | None:
    return None if hundredths is None else in_units(hundredths, 100)
