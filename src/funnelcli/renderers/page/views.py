"""Drawn blocks as the template takes them: every figure written, every chart drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from funnelcli.answers.cells import Change, Months, Number, Quotient
from funnelcli.answers.drawn import (
    Breakdown,
    Definitions,
    Funnel,
    KeyFigure,
    KeyFigures,
    Movements,
    PartRow,
    Progress,
    ProgressRow,
    RollForward,
    Running,
    RunningRow,
    Series,
    Step,
    Trends,
)
from funnelcli.renderers.charts.bars import bar, fall, falls, progress
from funnelcli.renderers.charts.series import Chart, Mark, axis_top, chart, spark
from funnelcli.renderers.page import words as w
from funnelcli.renderers.page.figures import (
    axis_numbers,
    axis_of,
    change,
    figure,
    in_n,
    part_of_goal,
    short_of,
    signed,
    tone_of,
    typeset,
)
from funnelcli.renderers.wording.cells import cell_text
from funnelcli.renderers.wording.numbers import percent_text
from funnelcli.text import Lang, Text
from funnelcli.values.figures import Unit
from funnelcli.values.periods import Grain

FEW_CASES = 30
View = Mapping[str, Any]


def shown(cell: Number | None, lang: Lang) -> View:
    """A figure: its text, in full where it is written short, and why it is missing."""
    if cell is None:
        return {"text": "", "exact": "", "why": ""}
    text = figure(cell, lang)
    return {"text": text.text, "exact": text.exact, "why": text.why}


def moved(cell: Change | None, lang: Lang) -> View | None:
    """A change: its arrow, its text, whether it is good; None where there is none."""
    text, arrow = change(cell, lang)
    return {"text": text, "arrow": arrow, "tone": tone_of(cell, text)} if text else None


def base_words(base: Months | None, month: Months, lang: Lang) -> str:
    """``on Sep``: what a change is against."""
    if base is None:
        return ""
    return w.ON.filled(base=short_of(base.first, base.grain, lang, month.first)).of(lang)


# --- key figures -----------------------------------------------------------------------------------------------------


def key_figures(block: KeyFigures, lang: Lang) -> View:
    """The figures that stand first."""
    cards = [_card(card, lang, first=not place) for place, card in enumerate(block.figures)]
    return {"kind": "key", "cards": cards, "title": w.KEY_FIGURES.of(lang)}


def _card(card: KeyFigure, lang: Lang, *, first: bool) -> View:
    series = card.series
    month = series.points[series.headline].period
    base = ""
    if card.base is not None:
        base = w.ON.filled(base=short_of(card.base.first, card.base.grain, lang, month)).of(lang)
    difference = ""
    is_relative = card.difference is not None and series.change is not None and series.change.basis.value == "relative"
    if is_relative and card.difference is not None and card.difference.value:
        difference = f"({signed(card.difference, lang)})"
    return {
        "key": series.key,
        "label": series.label.of(lang),
        "figure": shown(series.figure, lang),
        "change": moved(series.change, lang),
        "difference": difference,
        "base": base,
        "goal": _goal(card, lang),
        "divided": _counts(card.divided, lang) if card.divided else "",
        "spark": _spark(series, lang, first=first) if len(series.points) > 1 else "",
    }


def _spark(series: Series, lang: Lang, *, first: bool) -> Any:
    return spark(_marks(series, lang, titles=False), series.headline, filled=first, width=320 if first else 160)


def _goal(card: KeyFigure, lang: Lang) -> View | None:
    if card.goal is None:
        return None
    target = figure(card.goal.target, lang)
    return {
        "kept": card.goal.kept,
        "state": "" if card.goal.kept is None else (w.REACHED if card.goal.kept else w.MISSED).of(lang),
        "share": part_of_goal(card.goal.share, lang),
        "of": w.OF_TARGET.filled(target=target.text).of(lang),
        "exact": target.exact,
    }


def _counts(quotient: Quotient, lang: Lang) -> str:
    """``4 / 206``."""
    return typeset(f"{figure(quotient.numerator, lang).text} / {figure(quotient.denominator, lang).text}")


# --- the period that runs --------------------------------------------------------------------------------------------


def running(block: Running, lang: Lang) -> View:
    """The period that is not yet whole."""
    has_goals = any(row.target.value is not None for row in block.rows)
    names = list(w.COLUMNS_RUNNING) if has_goals else ["figure", "so_far"]
    month = short_of(block.month.first, block.month.grain, lang)
    return {
        "kind": "running",
        "title": w.SO_FAR.filled(month=month).of(lang),
        "days": w.DAYS.filled(gone=block.gone, days=block.days).of(lang),
        "columns": [(name, w.COLUMNS_RUNNING[name].of(lang)) for name in names],
        "rows": [_running_row(row, names, lang) for row in block.rows],
    }


def _running_row(row: RunningRow, names: Sequence[str], lang: Lang) -> View:
    state = None
    if row.kept is not None:
        state = {"kept": row.kept, "text": (w.ON_PACE if row.kept else w.BEHIND).of(lang)}
    figures = {
        "so_far": row.so_far,
        "expected": row.expected,
        "projected": row.projected,
        "target": row.target,
    }
    cells = [{"name": name, "state": state, **shown(figures.get(name), lang)} for name in names[1:]]
    return {"key": row.key, "label": row.label.of(lang), "cells": cells}


# --- the funnel ------------------------------------------------------------------------------------------------------


def funnel(block: Funnel, lang: Lang) -> View:
    """The steps, each with a bar of its share of the step before."""
    base = "" if block.base is None else short_of(block.base.first, block.base.grain, lang)
    first, last = block.steps[0], block.steps[-1]
    facts = {
        "first": figure(first.count, lang).text,
        "what": lowered(first.label, lang),
        "month": short_of(block.month.first, block.month.grain, lang),
        "last": figure(last.count, lang).text,
        "last_what": lowered(last.label, lang),
    }
    n = in_n(last.of_first, lang) if last.of_first else ""
    lead = w.FUNNEL_LEAD if n else w.FUNNEL_LEAD_SHORT
    if n and last.of_first is not None and last.of_first.value:
        facts["n"] = figure(Number(value=round(1 / float(last.of_first.value))), lang).text
    return {
        "kind": "funnel",
        "lead": lead.filled(**facts).of(lang),
        "columns": [text.of(lang) for text in (w.STEP, w.COUNT, w.SHARE_BEFORE, w.OF_BEFORE, w.OF_FIRST, w.NOT_ON)],
        "rows": [
            _step(step, block.steps[place - 1] if place else None, lang) for place, step in enumerate(block.steps)
        ],
        "key": w.FUNNEL_KEY.filled(base=base).of(lang) if base else w.FUNNEL_KEY_ALONE.of(lang),
        "has_base": any(step.earlier is not None for step in block.steps),
        "more": w.NOT_ONE_GROUP.of(lang),
    }


def lowered(label: Text, lang: Lang) -> str:
    """A label within a sentence: its first letter small, unless it begins with a capital word."""
    text = label.of(lang)
    head = text.split(" ", 1)[0]
    return text if sum(letter.isupper() for letter in head) > 1 else text[:1].lower() + text[1:]


def _step(step: Step, before: Step | None, lang: Lang) -> View:
    if before is None:
        drawn, caption = bar(1.0 if step.count.value else 0.0, look="soft"), w.FIRST_STEP.of(lang)
    else:
        share = 0.0 if step.share is None or step.share.value is None else float(step.share.value)
        earlier = None if step.earlier is None or step.earlier.value is None else float(step.earlier.value)
        drawn = bar(share, marker=earlier)
        caption = w.WHOLE_BAR.filled(n=figure(before.count, lang).text, label=lowered(before.label, lang)).of(lang)
    return {
        "key": step.key,
        "label": step.label.of(lang),
        "target": w.TARGET_IS.filled(target=figure(step.target, lang).text).of(lang) if step.target else "",
        "count": shown(step.count, lang),
        "bar": drawn,
        "caption": caption,
        "share": figure(step.share, lang).text if step.share else "–",
        "change": moved(step.change, lang),
        "of_first": _of_first(step, before, lang),
        "in_n": in_n(step.of_first, lang) if step.of_first and before else "",
        "not_on": "–" if step.not_on is None else _less(step.not_on, lang),
    }


def _of_first(step: Step, before: Step | None, lang: Lang) -> str:
    """The share of the first step, which is the whole of itself unless there is nothing of it."""
    if before is None and step.count.value:
        return "100%"
    return figure(step.of_first, lang).text if step.of_first else "–"


def _less(count: Number, lang: Lang) -> str:
    text = figure(count, lang).text
    return f"\u2212{text}" if count.value else text


# --- trends ----------------------------------------------------------------------------------------------------------


def trends(block: Trends, lang: Lang) -> View:
    """A chart for each metric, with its latest figure and change over it."""
    partial = ""
    if block.partial is not None:
        partial = w.PARTIAL_KEY.filled(month=short_of(block.partial.first, block.partial.grain, lang)).of(lang)
    return {
        "kind": "trends",
        "has_targets": block.has_targets,
        "target": w.TARGET.of(lang),
        "headline": short_of(block.headline.first, block.headline.grain, lang),
        "partial": partial,
        "scales": w.SCALES.of(lang),
        "charts": [_trend(series, lang) for series in block.series],
    }


def _trend(series: Series, lang: Lang) -> View:
    return {
        "key": series.key,
        "label": series.label.of(lang),
        "figure": shown(series.figure, lang),
        "change": moved(series.change, lang),
        "svg": draw(series, lang),
    }


def draw(series: Series, lang: Lang) -> Any:
    """The chart of a series."""
    marks = _marks(series, lang)
    values = [value for mark in marks for value in (mark.value, mark.target)]
    unit = series.figure.unit
    whole = unit not in (Unit.RATE, Unit.AMOUNT)
    top = axis_top(values, whole=whole)
    known = [mark for mark in marks if mark.value is not None]
    first, last = series.points[0].period, series.points[-1].period
    span = f"{axis_of(first, series.grain, lang)} – {axis_of(last, series.grain, lang)}"
    ticks = _ticks(top, unit, lang)
    described = w.DESCRIBED_EMPTY.filled(span=span).of(lang)
    if known:
        texts = [figure(point.figure, lang).text for point in series.points if point.figure.value is not None]
        described = w.DESCRIBED.filled(span=span, first=texts[0], last=texts[-1], top=ticks[2]).of(lang)
    return chart(
        Chart(
            name=series.label.of(lang),
            described=described,
            marks=marks,
            headline=series.headline,
            ticks=ticks,
            top=top,
            is_rate=series.is_rate,
            no_data=w.NO_DATA.of(lang),
            name_id=f"t-{series.key}",
        )
    )


def _ticks(top: float, unit: Unit | None, lang: Lang) -> tuple[str, str, str]:
    """The ticks of an axis, at 0, its half and its end, in one unit."""
    values = (top / 2, top)
    if unit is Unit.RATE:
        half, end = (percent_text(value, "#,##0.##%", lang) for value in values)
    else:
        half, end = axis_numbers(values, lang)
    return "0", typeset(half), typeset(end)


def _marks(series: Series, lang: Lang, *, titles: bool = True) -> list[Mark]:
    """The points of a series as marks; the Januaries between its ends have a label."""
    marks = []
    last = len(series.points) - 1
    for place, point in enumerate(series.points):
        labelled = place in (0, last) or (point.period.start.month == 1 or series.grain is not Grain.MONTH)
        value, target = point.figure.value, None if point.target is None else point.target.value
        title = ""
        if titles:
            pattern = w.MARK_PARTIAL if point.partial else w.MARK if point.target is None else w.MARK_TARGET
            title = pattern.filled(
                period=short_of(point.period, series.grain, lang),
                figure=figure(point.figure, lang).text,
                target="" if point.target is None else figure(point.target, lang).text,
            ).of(lang)
        marks.append(
            Mark(
                value=None if value is None else float(value),
                title=title,
                label=axis_of(point.period, series.grain, lang) if labelled and titles else "",
                partial=point.partial,
                target=None if target is None else float(target),
                missing=point.figure.missing.reason.of(lang) if titles and point.figure.missing else "",
            )
        )
    return marks


# --- who came and went -----------------------------------------------------------------------------------------------


def movements(block: Movements, lang: Lang) -> View:
    """The roll-forwards, each on a scale of its own."""
    lost = None
    if block.lost is not None and block.rate_label is not None:
        month = short_of(block.month.first, block.month.grain, lang)
        lost = {
            "text": w.MOVED.filled(
                rate_label=block.rate_label.of(lang),
                month=month,
                above=figure(block.lost.numerator, lang).text,
                below=figure(block.lost.denominator, lang).text,
            ).of(lang),
            "rate": figure(block.lost.rate, lang).text,
            "change": moved(block.change, lang),
        }
    charts = [_roll_forward(part, lang) for part in block.charts]
    broken = [w.FROM_BROKEN.filled(period=part["title"], low=part["low"]).of(lang) for part in charts if part["low"]]
    scale = " ".join(broken) if broken else w.FROM_ZERO.of(lang)
    return {"kind": "movements", "charts": charts, "lost": lost, "scale": scale}


def _roll_forward(part: RollForward, lang: Lang) -> View:
    levels: list[tuple[float, float, str]] = []
    level = 0.0
    for flow in part.flows:
        amount = float(flow.amount.value or 0)
        if flow.kind == "balance":
            levels.append((0.0, amount, "level"))
            level = amount
        else:
            end = level + amount if flow.kind == "gain" else level - amount
            look = "data" if end >= level else "loss"
            levels.append((level, end, look))
            level = end
    low, high = _axis_of(levels)
    lines = falls(levels, low, high)
    title = cell_text(Months(first=part.period.first, last=part.period.last, grain=part.period.grain), lang)
    return {
        "title": title,
        "low": figure(Number(value=low), lang).text if low else "",
        "rows": [
            {
                "key": flow.key,
                "label": flow.label.of(lang),
                "strong": flow.kind == "balance",
                "text": figure(flow.amount, lang).text
                if flow.kind == "balance"
                else _flow_text(flow.kind, flow.amount, lang),
                "svg": fall(line),
            }
            for flow, line in zip(part.flows, lines, strict=True)
        ],
    }


def _flow_text(kind: str, amount: Number, lang: Lang) -> str:
    """A balance as it is, what came or went with its sign."""
    if kind == "balance":
        return figure(amount, lang).text
    value = float(amount.value or 0)
    return signed(Number(value=-value if kind == "loss" else value, unit=amount.unit, currency=amount.currency), lang)


def _axis_of(levels: Sequence[tuple[float, float, str]]) -> tuple[float, float]:
    """Where an axis begins and ends: at 0, unless what came and went would then be too small to be seen."""
    ends = [value for begin, end, look in levels for value in ((end,) if look == "level" else (begin, end))]
    high, lowest = max([*ends, 1.0]), min(ends)
    flows = [abs(end - begin) for begin, end, look in levels if look != "level" and end != begin]
    if lowest <= 0 or not flows or max(flows) >= high * 0.02:
        return 0.0, high
    width = max(high - lowest, max(flows))
    size = 10 ** (len(str(int(width))) - 1)
    low = (lowest - width) // size * size
    return (max(low, 0.0), high) if low > high * 0.5 else (0.0, high)


# --- parts -----------------------------------------------------------------------------------------------------------


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
    base = base_words(block.base, block.month, lang)
    cells: dict[str, View] = {
        "label": {"text": cell_text(row.label, lang)},
        "count": {
            **shown(row.count, lang),
            "under": f"{signed(row.difference, lang)} {base}" if row.difference and base else "",
        },
        "bar": {"svg": bar(float(row.count.value or 0) / most) if most else ""},
        "share": shown(row.share, lang),
        "spark": {"svg": spark(_marks(row.series, lang, titles=False), row.series.headline, whole=True)},
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
    return {**shown(cell.rate, lang), "under": _counts(cell, lang), "few": few}


# --- progress --------------------------------------------------------------------------------------------------------


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


# --- definitions -----------------------------------------------------------------------------------------------------


def definitions(block: Definitions, lang: Lang) -> View:
    """What each figure counts; other metrics within a formula are links to theirs."""
    known = {entry.key for entry in block.entries}
    month = short_of(block.month.first, block.month.grain, lang)
    return {
        "kind": "definitions",
        "month": month,
        "entries": [
            {
                "key": entry.key,
                "label": entry.label.of(lang),
                "definition": entry.definition.of(lang),
                "formula": linked(entry.formula.of(lang), entry.terms, known),
                "figure": shown(entry.figure, lang) if entry.figure else None,
            }
            for entry in block.entries
        ],
    }


def linked(formula: str, terms: Sequence[str], known: set[str]) -> list[tuple[str, bool]]:
    """A formula in pieces, each with whether it is a metric that is defined on the page."""
    return [(word, word in terms and word in known) for word in formula.split(" ")]
