"""The parts of a dimension and the progress of teams, as the template takes them."""

from __future__ import annotations

from collections.abc import Sequence

from funnelcli.answers.cells import Months, Number, Quotient
from funnelcli.answers.drawn import (
    Breakdown,
    PartRow,
    Progress,
    ProgressRow,
)
from funnelcli.renderers.charts.bars import bar, progress
from funnelcli.renderers.charts.series import spark
from funnelcli.renderers.page import words as w
from funnelcli.renderers.page.drawing import marks_of
from funnelcli.renderers.page.figures import (
    figure,
    part_of_goal,
    signed,
)
from funnelcli.renderers.page.pieces import View, base_words, counts, shown
from funnelcli.renderers.wording.cells import cell_text
from funnelcli.text import Lang
from funnelcli.values.periods import Grain

FEW_CASES = 30


def breakdown(block: Breakdown, lang: Lang) -> View:
    """A row a part with bars on one scale."""
    most = max((float(row.count.value or 0) for row in block.rows), default=0.0)
    periods = len(block.rows[0].series.points) if block.rows else 0
    span = (w.MONTHS_SPAN if block.span.grain is Grain.MONTH else w.SPAN).filled(n=periods).of(lang)
    columns = [
        ("label", block.dimension.of(lang), ""),
        ("count", block.counted.of(lang), ""),
        ("bar", "", ""),
        ("share", w.SHARE.of(lang), ""),
        *([("spark", span, "")] if periods > 1 else []),
        *((f"rate{place}", title.of(lang), span) for place, title in enumerate(block.rates)),
        ("customers", block.customers.of(lang), ""),
        *([("amount", "MRR", w.SHARE.of(lang).lower())] if block.amount else []),
    ]
    rows = [_part(row, columns, most, block, lang) for row in block.rows]
    return {
        "kind": "breakdown",
        "columns": columns,
        "rows": rows,
        "total": _part(block.total, columns, 0.0, block, lang),
        "key": w.PARTS_KEY.of(lang),
        "more": w.OTHERS.filled(n=block.more).of(lang) if block.more else "",
        "caption": block.dimension.of(lang),
    }


def _part(
    row: PartRow, columns: Sequence[tuple[str, str, str]], most: float, block: Breakdown, lang: Lang
) -> Sequence[View]:
    """The cells of a part, in the order of the columns."""
    base = base_words(block.base, block.month.first, lang)
    cells: dict[str, View] = {
        "label": {"text": cell_text(row.label, lang)},
        "count": {
            **shown(row.count, lang),
            "under": f"{signed(row.difference, lang)} {base}" if row.difference and base else "",
        },
        "bar": {"svg": bar(float(row.count.value or 0) / most) if most else ""},
        "share": shown(row.share, lang),
        "spark": {"svg": spark(marks_of(row.series, lang, titles=False), row.series.headline, whole=True)},
        "customers": shown(row.customers, lang),
        "amount": {
            **shown(row.amount, lang),
            "under": figure(row.of_amount, lang).text if row.of_amount and row.of_amount.value is not None else "",
        },
    }
    for place, cell in enumerate(row.rates):
        cells[f"rate{place}"] = _rate_cell(cell, lang)
    return [{"name": name, "title": title, "under": "", "few": False, **cells[name]} for name, title, _ in columns]


def _rate_cell(cell: Quotient | Number, lang: Lang) -> View:
    """A rate with its counts under it; of few cases it is marked."""
    if isinstance(cell, Number):
        return shown(cell, lang)
    few = float(cell.denominator.value or 0) < FEW_CASES
    return {**shown(cell.rate, lang), "under": counts(cell, lang), "few": few}


# --- progress ---------------------------------------------------------------------------------------------------------


def progress_table(block: Progress, lang: Lang) -> View:
    """Who is where."""
    has_pace = any(row.pace is not None for group in block.groups for row in group.rows)
    headers = (w.TEAM_FIGURE, w.ACTUAL, w.TARGET_COLUMN, w.OF_GOAL, w.SHARE, w.STATE)
    what = ", ".join(cell_text(name, lang) for name in block.unmeasured)
    return {
        "kind": "progress",
        "title": w.PROGRESS.filled(month=cell_text(block.month, lang).rstrip("*")).of(lang),
        "columns": [text.of(lang) for text in headers],
        "groups": [
            {"team": cell_text(group.team, lang), "rows": [_progress(row, block.month, lang) for row in group.rows]}
            for group in block.groups
        ],
        "key": w.PROGRESS_KEY.of(lang),
        "pace": w.PACE_KEY.of(lang) if has_pace else "",
        "unmeasured": w.UNMEASURED.filled(what=what).of(lang) if what else "",
    }


def _progress(row: ProgressRow, month: Months, lang: Lang) -> View:
    pace = None if row.pace is None or row.pace.value is None else float(row.pace.value)
    return {
        "key": row.key,
        "label": row.label.of(lang),
        "actual": shown(row.actual, lang),
        "target": shown(row.target, lang),
        "svg": progress(float(row.share.value or 0), partial=month.partial, pace=pace),
        "share": part_of_goal(row.share, lang),
        "kept": row.kept,
        "state": _state(row, lang),
    }


def _state(row: ProgressRow, lang: Lang) -> str:
    """In words where a team stands: within a limit, on its pace, or how much is short."""
    if row.kept is None:
        return ""
    rest = row.to_go.value
    if row.good == "down":
        over = figure(Number(value=abs(float(rest or 0)), unit=row.to_go.unit, currency=row.to_go.currency), lang).text
        return w.WITHIN.of(lang) if row.kept else w.OVER.filled(n=over).of(lang) if rest else w.ABOVE_LIMIT.of(lang)
    if row.pace is not None:
        return (w.ON_PACE if row.kept else w.BEHIND).of(lang)
    if row.kept or rest is None:
        return (w.REACHED if row.kept else w.MISSED).of(lang)
    return w.BELOW_SHORT.filled(n=figure(row.to_go, lang).text).of(lang)
