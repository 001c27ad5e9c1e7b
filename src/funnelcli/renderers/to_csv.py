"""Report to CSV and TSV: plain numbers, English keys, a column a period or a row a figure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from funnelcli.renderers import Layout, Renderer, Style
from funnelcli.renderers.tame import tame
from funnelcli.values.figures import Value

if TYPE_CHECKING:
    from funnelcli.answers.report_model import Report, Row

_STARTERS = ("=", "+", "-", "@", "\t", "\r")


def safe_text(text: str) -> str:
    """A text cell that no spreadsheet runs as a formula.

    >>> safe_text("=1+1"), safe_text("An")
    ("'=1+1", 'An')
    """
    return "'" + text if text.startswith(_STARTERS) else text


def plain_number(value: float | Fraction | None) -> str:
    """A number with all its digits; empty where there is none.

    >>> plain_number(0.025), plain_number(3.0), plain_number(None)
    ('0.025', '3', '')
    """
    if value is None:
        return ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def _wide(report: Report) -> Iterator[list[str]]:
    yield ["metric", "label", "unit", "channel", *(p.key for p in report.spec.periods), "total"]
    for row in report.rows:
        figures = [plain_number(cell.value) for cell in (*row.cells, row.total)]
        yield [
            row.metric.key,
            safe_text(tame(row.label.en)),
            row.unit.value,
            row.part.key if row.part else "",
            *figures,
        ]


def _tidy(report: Report) -> Iterator[list[str]]:
    yield ["period", "metric", "channel", "unit", "value", "numerator", "denominator", "missing"]
    for row in report.rows:
        for key, cell in zip([*(p.key for p in report.spec.periods), "total"], [*row.cells, row.total], strict=True):
            yield _tidy_row(row, key, cell)


def _tidy_row(row: Row, key: str, cell: Value) -> list[str]:
    return [
        key,
        row.metric.key,
        row.part.key if row.part else "",
        row.unit.value,
        plain_number(cell.value),
        plain_number(cell.numerator),
        plain_number(cell.denominator),
        safe_text(tame(cell.missing.reason.en)) if cell.missing else "",
    ]


def csv_renderer(delimiter: str) -> Renderer:
    """The renderer for one delimiter."""

    def render(report: Report, style: Style) -> str:
        lines = _tidy(report) if style.layout is Layout.TIDY else _wide(report)
        return write_rows(lines, delimiter)

    return render


def write_rows(rows: Iterator[list[str]], delimiter: str = ",") -> str:
    """Rows of text cells as CSV."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()
