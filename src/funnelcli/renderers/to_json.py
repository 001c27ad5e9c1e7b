"""Report to JSON, format_version 1."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from funnelcli.renderers import Style
from funnelcli.values.figures import Value

if TYPE_CHECKING:
    from funnelcli.answers.report_model import Report, Row


def _cell(value: Value) -> dict[str, Any]:
    return {
        "value": value.value,
        "numerator": value.numerator,
        "denominator": value.denominator,
        "missing": value.missing.reason.en if value.missing else None,
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "metric": row.metric.key,
        "label": row.label.en,
        "unit": row.unit.value,
        "channel": row.part.key if row.part else None,
        "cells": [_cell(cell) for cell in row.cells],
        "total": _cell(row.total),
    }


def document(report: Report) -> dict[str, Any]:
    """The report as plain data."""
    spec = report.spec
    return {
        "format": "funnelcli.report",
        "format_version": 1,
        "title": spec.title.en,
        "as_of": spec.as_of.isoformat(),
        "timezone": spec.timezone,
        "currency": spec.currency,
        "grain": spec.grain.value,
        "periods": [
            {
                "key": period.key,
                "start": period.start.isoformat(),
                "end_exclusive": period.end.isoformat(),
                "partial": period.cut_by(spec.as_of),
            }
            for period in spec.periods
        ],
        "rows": [_row(row) for row in report.rows],
        "notes": [{"code": note.code, "message": note.text.en} for note in report.notes],
        "sources": [
            {
                "file": source.file,
                "stage": source.stage,
                "sha256": source.sha256,
                "rows_read": source.rows_read,
                "rows_counted": source.rows_counted,
                "rows_duplicate": source.rows_duplicate,
                "rows_rejected": source.rows_rejected,
                "rows_filtered": source.rows_filtered,
            }
            for source in report.sources
        ],
    }


def exact(value: Fraction | None) -> int | float | None:
    """An exact figure as a JSON number: whole ones without a point.

    >>> exact(Fraction(6, 2)), exact(Fraction(1, 4)), exact(None)
    (3, 0.25, None)
    """
    if value is None:
        return None
    return int(value) if value.denominator == 1 else float(value)


def to_text(data: object) -> str:
    """Plain data as indented JSON; NaN and infinity are refused."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def render(report: Report, style: Style) -> str:
    """The report as JSON text."""
    return to_text(document(report))
