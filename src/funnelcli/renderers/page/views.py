"""The head of a page, its funnel and its definitions as the template takes them: figures written, bars drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from funnelcli.answers.cells import Number
from funnelcli.answers.drawn import (
    Definitions,
    Funnel,
    KeyFigure,
    KeyFigures,
    Running,
    RunningRow,
    Series,
    Step,
)
from funnelcli.renderers.charts.bars import bar
from funnelcli.renderers.charts.series import spark
from funnelcli.renderers.page import words as w
from funnelcli.renderers.page.drawing import marks_of
from funnelcli.renderers.page.figures import (
    figure,
    in_n,
    part_of_goal,
    short_of,
    signed,
)
from funnelcli.renderers.page.pieces import View, base_words, counts, lowered, moved, shown
from funnelcli.text import Lang


def key_figures(block: KeyFigures, lang: Lang) -> View:
    """The figures that stand first."""
    cards = [_card(card, lang, first=not place) for place, card in enumerate(block.figures)]
    return {"kind": "key", "cards": cards, "title": w.KEY_FIGURES.of(lang)}


def _card(card: KeyFigure, lang: Lang, *, first: bool) -> View:
    series = card.series
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
        "base": base_words(card.base, series.points[series.headline].period, lang),
        "goal": _goal(card, lang),
        "divided": counts(card.divided, lang) if card.divided else "",
        "spark": _spark(series, lang, first=first) if len(series.points) > 1 else "",
    }


def _spark(series: Series, lang: Lang, *, first: bool) -> Any:
    return spark(marks_of(series, lang, titles=False), series.headline, filled=first, width=320 if first else 160)


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


# --- the period that runs ---------------------------------------------------------------------------------------------


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


# --- the funnel -------------------------------------------------------------------------------------------------------


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
        "more": (block.note or w.NOT_ONE_GROUP).of(lang),
    }


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


# --- definitions ------------------------------------------------------------------------------------------------------


def definitions(block: Definitions, lang: Lang) -> View:
    """What each figure counts; other metrics within a formula are links to theirs."""
    known = {entry.key for entry in block.entries}
    month = short_of(block.month.first, block.month.grain, lang)
    return {
        "kind": "definitions",
        "more": w.MORE_DEFINITIONS.filled(n=block.more).of(lang) if block.more else "",
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
