"""A forecast as an answer: figures with their bands and targets for people, a row a month for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from funnelcli.answers.answer import Answer, Block, Column, Heading, Notes, Page, Raw, Sheet, Tab, Table
from funnelcli.answers.cells import Cell, Day, Months, Number, Precision, Tone, Words
from funnelcli.answers.forecast import TITLE, Foretold, words_of
from funnelcli.answers.forecast_basis import LEVERS, basis, basis_table
from funnelcli.answers.plain import TOTAL
from funnelcli.answers.planned_cells import MONTH
from funnelcli.answers.report_answer import notes_data, sources_data
from funnelcli.planning.backtest import Scored
from funnelcli.planning.forecast import FIGURES, Expected, ForecastRow
from funnelcli.planning.landing import Landing, Lever
from funnelcli.planning.tracked import tracked_metric
from funnelcli.text import Message
from funnelcli.values.periods import Grain
from funnelcli.values.placeholders import AS_OF

_HEADING = Message("Forecast, {span}: where it lands if nothing changes")
_BASIS = Message("Known up to {day}, {zone}, of {n} whole months from {months}; amounts in {currency}")
_RUNS = Message("Bands: half, and nine of ten, of {runs} runs lie within; seed {seed}")
_FIGURE, _TARGET = Message("Figure"), Message("Target")
_BANDS = (
    (Message("90% from"), 0), (Message("50% from"), 1), (TITLE, 0), (Message("50% to"), 1), (Message("90% to"), 0),
)  # fmt: skip
_LANDS, _SCORES = Message("Where it lands"), Message("How good such forecasts were")
_AHEAD, _OFF, _SAME = Message("Ahead"), Message("Off by"), Message("Same as last month")
_HELD = {50: Message("50% held"), 90: Message("90% held")}
_OF = Message("{n} of {all}")
_MONTHS_AHEAD = Message("{n} [month|months]")
_TO_LAND = Message("To land on {target} of {figure} by {month}, short of it by {short}: one of these alone")
_BEYOND = Message("{figure} by {month} lands {over} above the target of {target}.")
_LEVER, _NOW, _NEEDED = Message("Lever"), Message("Today"), Message("Needed")
_NOT_ALONE = Message("not by this alone")


def forecast_answer(asked: Foretold) -> Answer:
    """Everything that a forecast has to say."""
    blocks = tuple(_blocks(asked))
    return Answer(
        title=TITLE,
        pages=(Page(blocks=blocks),),
        sheets=(Sheet(header=HEADER, rows=list(_rows(asked))),),
        data=_data(asked),
        names={AS_OF: asked.as_of.isoformat()},
        tabs=lambda: (Tab(name=TITLE, blocks=blocks),),
    )


def _blocks(asked: Foretold) -> Iterator[Block]:
    yield _heading(asked)
    yield lands_table(asked)
    yield from _landings(asked)
    for row in asked.forecast.rows:
        yield _by_month(asked, row)
    yield basis_table(asked)
    if asked.scores:
        yield _scores(asked)
    beyond = [_beyond(asked, each) for each in asked.landings if each.short <= 0]
    unread = [] if asked.unread_targets is None else [asked.unread_targets]
    yield Notes((*beyond, *unread, *(Words(note.text) for note in asked.notes)))


def _heading(asked: Foretold) -> Heading:
    facts: dict[str, Cell] = {
        "day": Day(asked.until), "zone": Words(asked.timezone), "currency": Words(asked.currency),
        "n": Number(value=len(asked.over)), "months": _months(asked, over=True),
    }  # fmt: skip
    basis = [Words(_BASIS, facts=facts, tone="dim")]
    if any(row.total.bounds is not None for row in asked.forecast.rows):
        runs: dict[str, Cell] = {
            "runs": Number(value=asked.forecast.runs), "seed": Number(value=asked.forecast.seed)
        }  # fmt: skip
        basis.append(Words(_RUNS, facts=runs, tone="dim"))
    return Heading(text=Words(_HEADING, facts={"span": _months(asked)}), basis=tuple(basis))


def _months(asked: Foretold, *, over: bool = False) -> Months:
    periods = asked.over if over else asked.forecast.periods
    return Months(first=periods[0], last=periods[-1], grain=Grain.MONTH)


def number(asked: Foretold, key: str, value: float | None, tone: Tone = "") -> Number:
    """A figure of the forecast as a cell."""
    unit = tracked_metric(key).unit
    return Number(value=value, unit=unit, currency=asked.currency, precision=Precision.PLANNED, tone=tone)


# --- where it lands --------------------------------------------------------------------------------------------------


def lands_table(asked: Foretold) -> Table:
    """Each figure over all months, or at their end, with its bands, and its target where there is one."""
    with_targets = bool(asked.targets)
    return Table(
        title=Words(_LANDS),
        columns=_columns(asked, Words(_FIGURE), with_targets=with_targets),
        rows=tuple(
            (
                Words(words_of(row.key)), *_cells(asked, row.key, row.total),
                *([number(asked, row.key, target_of_range(asked, row.key))] if with_targets else []),
            )
            for row in asked.forecast.rows
        ),
    )  # fmt: skip


def target_of_range(asked: Foretold, key: str) -> float | None:
    """The target of all months, or of their end; None where a month of them has none."""
    targets = asked.targets.get(key, (None,))
    if FIGURES[key] == "end":
        return targets[-1]
    return None if None in targets else sum(target or 0.0 for target in targets)


def _columns(asked: Foretold, first: Cell, *, with_targets: bool) -> tuple[Column, ...]:
    banded = any(row.total.bounds is not None for row in asked.forecast.rows)
    bands = _BANDS if banded else ((TITLE, 0),)
    return (
        Column(header=first, words=True),
        *(Column(header=Words(header), spare=spare) for header, spare in bands),
        *([Column(header=Words(_TARGET))] if with_targets else []),
    )


def _cells(asked: Foretold, key: str, figure: Expected) -> Iterator[Cell]:
    """The figure between its bounds, from the lowest to the highest."""
    expected = number(asked, key, figure.value, "bold")
    if figure.bounds is None:
        yield expected
        return
    low, half, to_half, high = (_bound(asked, key, bound) for bound in figure.bounds)
    yield from (low, half, expected, to_half, high)


def _bound(asked: Foretold, key: str, bound: float) -> Number:
    return Number(value=round(bound), unit=tracked_metric(key).unit, currency=asked.currency, tone="dim")


def _by_month(asked: Foretold, row: ForecastRow) -> Table:
    """A figure month by month, and over all of them where it adds up."""
    targets = asked.targets.get(row.key)
    cells = zip(asked.forecast.periods, row.cells, targets or [None] * len(row.cells), strict=True)
    lines: list[tuple[Cell, ...]] = []
    for place, (period, figure, target) in enumerate(cells):
        partial = place == 0 and asked.forecast.elapsed > 0
        month = Months(first=period, grain=Grain.MONTH, partial=partial)
        aim = [number(asked, row.key, target)] if targets else []
        lines.append((month, *_cells(asked, row.key, figure), *aim))
    if FIGURES[row.key] == "sum" and len(row.cells) > 1:
        aim = [number(asked, row.key, target_of_range(asked, row.key))] if targets else []
        lines.append((Words(TOTAL), *_cells(asked, row.key, row.total), *aim))
    return Table(
        title=Words(words_of(row.key)),
        columns=_columns(asked, Words(MONTH), with_targets=targets is not None),
        rows=tuple(lines),
    )


# --- what would have to change ---------------------------------------------------------------------------------------


def _landings(asked: Foretold) -> Iterator[Table]:
    for each in asked.landings:
        if each.short > 0:
            yield Table(
                title=Words(_TO_LAND, facts=_landing_facts(asked, each)),
                columns=tuple(
                    Column(header=Words(header), words=header is _LEVER) for header in (_LEVER, _NOW, _NEEDED)
                ),
                rows=tuple(_lever_line(asked, lever) for lever in each.levers),
            )


def _landing_facts(asked: Foretold, each: Landing) -> dict[str, Cell]:
    return {
        "figure": Words(words_of(each.key)), "target": number(asked, each.key, each.target),
        "short": number(asked, each.key, each.short), "over": number(asked, each.key, -each.short),
        "month": Months(first=asked.forecast.periods[each.months - 1], grain=Grain.MONTH),
    }  # fmt: skip


def _beyond(asked: Foretold, each: Landing) -> Words:
    return Words(_BEYOND, facts=_landing_facts(asked, each))


def _lever_line(asked: Foretold, lever: Lever) -> tuple[Cell, ...]:
    words, unit = LEVERS[lever.key]
    now, needed = (
        Number(value=value, unit=unit, currency=asked.currency, precision=Precision.PLANNED)
        for value in (lever.now, lever.needed)
    )
    return Words(words), now, needed if lever.needed is not None else Words(_NOT_ALONE, tone="dim")


# --- how good such forecasts were ------------------------------------------------------------------------------------


def _scores(asked: Foretold) -> Table:
    headers = (_FIGURE, _AHEAD, _OFF, _SAME, *_HELD.values())
    return Table(
        title=Words(_SCORES),
        columns=tuple(
            Column(header=Words(header), words=header is _FIGURE, spare=int(header is _HELD[50])) for header in headers
        ),
        rows=tuple(_score_line(asked, each) for each in asked.scores),
    )


def _score_line(asked: Foretold, each: Scored) -> tuple[Cell, ...]:
    tone: Tone = "bad" if each.too_seldom else ""
    held = (
        Words(_OF.filled(n=each.held[share], all=each.origins), tone=tone if share == 90 else "") for share in (50, 90)
    )
    return (
        Words(words_of(each.key)), Words(_MONTHS_AHEAD.filled(n=each.ahead)),
        number(asked, each.key, each.error), number(asked, each.key, each.naive), *held,
    )  # fmt: skip


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
        yield (*_named(row.key), "total", *_raw(row.key, row.total), target_of_range(asked, row.key))


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
