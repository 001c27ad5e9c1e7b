"""Actual figures beside targets as an answer: tables for people, rows for spreadsheets, data for programs."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from funnelcli.answers.answer import Answer, Page, Raw, Sheet
from funnelcli.answers.phrases import CUMULATIVE
from funnelcli.answers.report_answer import sources_data
from funnelcli.answers.targets_data import exact
from funnelcli.answers.track import Tracked
from funnelcli.answers.track_page import page_blocks
from funnelcli.answers.track_tabs import track_tabs
from funnelcli.planning.model import RowKey
from funnelcli.planning.track import Replanned, TrackCell, TrackRow
from funnelcli.planning.tracked import tracked_metric
from funnelcli.values.figures import Unit
from funnelcli.values.periods import Period
from funnelcli.values.placeholders import AS_OF, PERIOD

if TYPE_CHECKING:
    from funnelcli.answers.drawn import DrawnPage


def track_answer(tracked: Tracked) -> Answer:
    """Everything that a comparison has to say."""
    return Answer(
        title=tracked.title,
        pages=(Page(blocks=page_blocks(tracked)),),
        sheets=(Sheet(header=_header(tracked), rows=list(_lines(tracked))),),
        data=track_data(tracked),
        tabs=lambda: track_tabs(tracked),
        names={PERIOD: tracked.periods[-1].key, AS_OF: tracked.as_of.isoformat()},
        drawn=lambda: _drawn(tracked),
    )


def _drawn(tracked: Tracked) -> DrawnPage:
    from funnelcli.answers.track_drawn import track_page  # for the formats that can draw

    return track_page(tracked)


# --- for spreadsheets ------------------------------------------------------------------------------------------------

_HEADER = (
    "period", "metric", "channel", "team", "unit", "currency", "actual", "target", "share", "to_go", "expected",
    "of_pace", "projected", "days_left", "needed_a_day", "replanned", "missing", "numerator", "denominator",
)  # fmt: skip


def _header(tracked: Tracked) -> tuple[str, ...]:
    """The columns; sums from the first month on have one that says so."""
    return (*_HEADER, CUMULATIVE) if tracked.cumulative else _HEADER


def _lines(tracked: Tracked) -> Iterator[tuple[Raw, ...]]:
    """A figure a row; the months that were only replanned stand last."""
    said = (True,) if tracked.cumulative else ()
    return ((*line, *said) for line in _plain_lines(tracked))


def _plain_lines(tracked: Tracked) -> Iterator[tuple[Raw, ...]]:
    anew: dict[tuple[RowKey, str], Fraction | int | None] = dict(tracked.kept)
    anew |= {
        (replanned.key, month.key): quota
        for replanned in tracked.replanned
        for month, quota in zip(replanned.months, replanned.quotas, strict=True)
    }
    keys = [*(period.key for period in tracked.periods), "total"]
    for row in tracked.rows:
        key = (row.metric.key, row.channel, row.team)
        for period, cell in zip(keys, (*row.cells, row.total), strict=True):
            yield _line(tracked, row, period, cell, anew.pop((key, period), None))
    for (key, period), quota in anew.items():
        metric, channel, team = key
        unit = tracked_metric(metric).unit
        currency = tracked.currency if unit is Unit.AMOUNT else ""
        about = (period, metric, channel.value if channel else "", team or "", unit.value, currency)
        yield (*about, *[None] * 9, quota, "", None, None)


def _line(
    tracked: Tracked, row: TrackRow, period: str, cell: TrackCell, quota: Fraction | int | None
) -> tuple[Raw, ...]:
    pace, unit = cell.pace, row.metric.unit
    about = (period, row.metric.key, row.channel.value if row.channel else "", row.team or "", unit.value)
    paced: tuple[Raw, ...] = (None,) * 5
    if pace:
        paced = (pace.expected, cell.of_pace, pace.projected, pace.days_left, pace.needed_a_day)
    return (
        *about,
        tracked.currency if unit is Unit.AMOUNT else "",
        *(cell.actual, cell.target, cell.share, cell.to_go),
        *paced,
        quota,
        cell.missing.reason.of("en") if cell.missing else "",
        *(cell.numerator, cell.denominator),
    )


# --- for programs ----------------------------------------------------------------------------------------------------


def track_data(tracked: Tracked) -> dict[str, Any]:
    """The comparison as plain data, format_version 1."""
    return {
        "format": "funnelcli.track",
        "format_version": 1,
        "title": tracked.title.of("en"),
        "targets": tracked.targets_name,
        "as_of": tracked.as_of.isoformat(),
        "cumulative": tracked.cumulative,
        "currency": tracked.currency,
        "one_off": tracked.one_off,
        "periods": [_period(period, tracked) for period in tracked.periods],
        "rows": [_row(row, tracked) for row in tracked.rows],
        "replanned": [_replanned(replanned) for replanned in tracked.replanned],
        "kept": list(_kept(tracked)),
        "notes": [{"code": note.code, "message": note.text.of("en")} for note in tracked.notes],
        "sources": sources_data(tracked.sources),
    }


def _period(period: Period, tracked: Tracked) -> dict[str, Any]:
    return {
        "key": period.key,
        "start": period.start.isoformat(),
        "end_exclusive": period.end.isoformat(),
        "partial": period.cut_by(tracked.as_of),
    }


def _row(row: TrackRow, tracked: Tracked) -> dict[str, Any]:
    return {
        "metric": row.metric.key,
        "label": row.metric.label.of("en"),
        "unit": row.metric.unit.value,
        "channel": row.channel.value if row.channel else None,
        "team": row.team,
        "cells": [_cell(cell, period.key) for cell, period in zip(row.cells, tracked.periods, strict=True)],
        "total": _cell(row.total, "total"),
    }


def _cell(cell: TrackCell, period: str) -> dict[str, Any]:
    pace = cell.pace
    return {
        "period": period,
        "actual": exact(cell.actual),
        "target": exact(cell.target),
        "share": exact(cell.share),
        "to_go": exact(cell.to_go),
        "numerator": exact(cell.numerator),
        "denominator": exact(cell.denominator),
        "missing": cell.missing.reason.of("en") if cell.missing else None,
        "pace": {
            "elapsed": exact(pace.elapsed),
            "expected": exact(pace.expected),
            "of_pace": exact(cell.of_pace),
            "projected": exact(pace.projected),
            "days_left": pace.days_left,
            "needed_a_day": exact(pace.needed_a_day),
        }
        if pace
        else None,
    }


def _kept(tracked: Tracked) -> Iterator[dict[str, Any]]:
    """The targets that stay as they are and are not among the rows."""
    for key in dict.fromkeys(key for key, _ in tracked.kept):
        metric, channel, team = key
        yield {
            "metric": metric,
            "channel": channel.value if channel else None,
            "team": team,
            "cells": [
                {"period": month, "value": exact(target)} for (row, month), target in tracked.kept.items() if row == key
            ],
        }


def _replanned(replanned: Replanned) -> dict[str, Any]:
    metric, channel, team = replanned.key
    return {
        "metric": metric,
        "channel": channel.value if channel else None,
        "team": team,
        "wanted": exact(replanned.wanted),
        "done": exact(replanned.done),
        "rest": exact(replanned.rest),
        "cells": [
            {"period": month.key, "value": quota}
            for month, quota in zip(replanned.months, replanned.quotas, strict=True)
        ],
    }
