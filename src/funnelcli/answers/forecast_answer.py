"""A forecast as an answer: figures with their bands and targets for people, a row a month for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from funnelcli.answers.answer import Answer, Block, Heading, Notes, Page, Raw, Sheet, Tab
from funnelcli.answers.cells import Cell, Day, Months, Number, Words
from funnelcli.answers.forecast import TITLE, Foretold
from funnelcli.answers.forecast_basis import basis, basis_table
from funnelcli.answers.forecast_page import forecast_page
from funnelcli.answers.forecast_tables import (
    aimed,
    beyond,
    landing_tables,
    lands_table,
    month_table,
    score_table,
)
from funnelcli.answers.report_answer import notes_data, sources_data
from funnelcli.planning.forecast import Expected, ForecastRow
from funnelcli.planning.landing import Landing
from funnelcli.planning.tracked import tracked_metric
from funnelcli.text import Message
from funnelcli.values.periods import Grain
from funnelcli.values.placeholders import AS_OF

_HEADING = Message("Forecast, {span}: where it lands if nothing changes")
_BASIS = Message("Known up to {day}, {zone}, of {n} whole months from {months}; amounts in {currency}")
_RUNS = Message("Bands: half, and nine of ten, of {runs} runs lie within; seed {seed}")


def forecast_answer(asked: Foretold) -> Answer:
    """Everything that a forecast has to say."""
    notes = _notes(asked)
    blocks = (*_blocks(asked), notes)
    return Answer(
        title=TITLE,
        pages=(Page(blocks=blocks),),
        sheets=(Sheet(header=HEADER, rows=list(_rows(asked))),),
        data=_data(asked),
        names={AS_OF: asked.as_of.isoformat()},
        tabs=lambda: (Tab(name=TITLE, blocks=blocks),),
        drawn=lambda: forecast_page(asked, notes),
    )


def _blocks(asked: Foretold) -> Iterator[Block]:
    yield _heading(asked)
    yield lands_table(asked)
    yield from landing_tables(asked)
    for row in asked.forecast.rows:
        yield month_table(asked, row)
    yield basis_table(asked)
    if asked.scores:
        yield score_table(asked)


def _notes(asked: Foretold) -> Notes:
    above = [beyond(asked, each) for each in asked.landings if each.short <= 0]
    unread = [] if asked.unread_targets is None else [asked.unread_targets]
    return Notes((*above, *unread, *(Words(note.text) for note in asked.notes)))


def _heading(asked: Foretold) -> Heading:
    facts: dict[str, Cell] = {
        "day": Day(asked.until), "zone": Words(asked.timezone), "currency": Words(asked.currency),
        "n": Number(value=len(asked.over)), "months": _months(asked, over=True),
    }  # fmt: skip
    basis = [Words(_BASIS, facts=facts, tone="dim")]
    if any(row.total.bounds is not None for row in asked.forecast.rows):
        runs: dict[str, Cell] = {
            "runs": Number(value=asked.forecast.runs), "seed": Words(str(asked.forecast.seed))
        }  # fmt: skip
        basis.append(Words(_RUNS, facts=runs, tone="dim"))
    return Heading(text=Words(_HEADING, facts={"span": _months(asked)}), basis=tuple(basis))


def _months(asked: Foretold, *, over: bool = False) -> Months:
    periods = asked.over if over else asked.forecast.periods
    return Months(first=periods[0], last=periods[-1], grain=Grain.MONTH)


# --- for programs ----------------------------------------------------------------------------------------------------

HEADER = (
    "metric", "label", "unit", "month", "expected", "from_90", "from_50", "to_50", "to_90", "target",
)  # fmt: skip


def _rows(asked: Foretold) -> Iterator[tuple[Raw, ...]]:
    """A row a figure and month, and one of the range."""
    for row in asked.forecast.rows:
        targets = asked.targets.get(row.key, (None,) * len(row.cells))
        months = [period.key for period in asked.forecast.periods]
        for month, figure, target in zip(months, row.cells, targets, strict=True):
            yield (*_named(row.key), month, *_raw(row.key, figure), target)
        yield (*_named(row.key), "total", *_raw(row.key, row.total), aimed(asked, row.key))


def _named(key: str) -> tuple[Raw, ...]:
    metric = tracked_metric(key)
    return key, metric.label, metric.unit.value


def _raw(key: str, figure: Expected) -> tuple[Raw, ...]:
    bounds: tuple[Raw, ...] = (None,) * 4 if figure.bounds is None else tuple(map(_exact, figure.bounds))
    return _exact(figure.value), *bounds


def _exact(value: float) -> float:
    return round(value, 4)


def _data(asked: Foretold) -> dict[str, Any]:
    """The forecast as plain data, format_version 1."""
    return {
        "format": "funnelcli.forecast",
        "format_version": 1,
        "title": TITLE.of("en"),
        "as_of": asked.as_of.isoformat(),
        "until": asked.until.isoformat(),
        "timezone": asked.timezone,
        "currency": asked.currency,
        "months": [period.key for period in asked.forecast.periods],
        "elapsed": asked.forecast.elapsed,
        "seed": asked.forecast.seed,
        "runs": asked.forecast.runs,
        "targets": asked.targets_name,
        "figures": [_figure_data(asked, row) for row in asked.forecast.rows],
        "basis": [
            {
                "assumption": what.of("en"), "value": now.value, "unit": None if now.unit is None else now.unit.value,
                "from": source.of("en"),
            }
            for what, now, source in basis(asked)
        ],
        "landings": [_landing_data(each) for each in asked.landings],
        "backtest": [
            {
                "metric": each.key, "months_ahead": each.ahead, "forecasts": each.origins,
                "mean_error": _exact(each.error), "same_as_last_month_error": _exact(each.naive),
                "mean": _exact(each.mean), "held_50": each.held[50], "held_90": each.held[90],
                "held_too_seldom": each.too_seldom,
            }
            for each in asked.scores
        ],
        "notes": notes_data(asked.notes),
        "sources": sources_data(asked.sources),
    }  # fmt: skip


def _figure_data(asked: Foretold, row: ForecastRow) -> dict[str, Any]:
    metric = tracked_metric(row.key)
    return {
        "metric": row.key,
        "label": metric.label.of("en"),
        "unit": metric.unit.value,
        "history": dict(zip((period.key for period in asked.over), asked.history[row.key], strict=True)),
        "cells": [_expected_data(figure) for figure in row.cells],
        "total": _expected_data(row.total),
        "targets": list(asked.targets.get(row.key, ())),
        "meets_targets_rate": asked.forecast.chances.get(row.key),
    }


def _expected_data(figure: Expected) -> dict[str, Any]:
    bounds = None if figure.bounds is None else [_exact(bound) for bound in figure.bounds]
    return {
        "expected": _exact(figure.value),
        "band_90": bounds and [bounds[0], bounds[3]],
        "band_50": bounds and [bounds[1], bounds[2]],
    }


def _landing_data(each: Landing) -> dict[str, Any]:
    return {
        "metric": each.key, "months": each.months, "expected": _exact(each.expected), "target": each.target,
        "short_by": _exact(each.short),
        "levers": [
            {"lever": lever.key, "now": lever.now, "needed": lever.needed} for lever in each.levers
        ],
    }  # fmt: skip
