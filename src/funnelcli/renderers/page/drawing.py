"""A series as the charts take it: its marks and the ticks of its axis, and the chart of it."""

from __future__ import annotations

from typing import Any

from funnelcli.answers.drawn import Point, Series
from funnelcli.renderers.charts.series import Chart, Mark, axis_top, chart
from funnelcli.renderers.page import words as w
from funnelcli.renderers.page.figures import (
    axis_numbers,
    axis_of,
    figure,
    short_of,
    typeset,
)
from funnelcli.renderers.wording.numbers import percent_text
from funnelcli.text import Lang
from funnelcli.values.figures import Unit
from funnelcli.values.periods import Grain


def draw(series: Series, lang: Lang, *, name: str = "t") -> Any:
    """The chart of a series; ``name`` is that of all charts like it on a page."""
    marks = marks_of(series, lang)
    values = [value for mark in marks for value in (mark.value, mark.target, *mark.bounds)]
    unit = series.figure.unit
    whole = unit is None or unit.is_count
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
            name_id=f"{name}-{series.key}",
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


def marks_of(series: Series, lang: Lang, *, titles: bool = True) -> list[Mark]:
    """The points of a series as marks; the Januaries between its ends have a label."""
    marks = []
    last = len(series.points) - 1
    for place, point in enumerate(series.points):
        labelled = place in (0, last) or (point.period.start.month == 1 or series.grain is not Grain.MONTH)
        value, target = point.figure.value, None if point.target is None else point.target.value
        title = ""
        if titles:
            title = _title(point, series, lang)
        marks.append(
            Mark(
                value=None if value is None else float(value),
                title=title,
                label=axis_of(point.period, series.grain, lang) if labelled and titles else "",
                partial=point.partial,
                target=None if target is None else float(target),
                bounds=tuple(float(bound.value or 0) for bound in point.bounds),
                missing=point.figure.missing.reason.of(lang) if titles and point.figure.missing else "",
            )
        )
    return marks


def _title(point: Point, series: Series, lang: Lang) -> str:
    """What a mark says: the period and its figure, and the bands or the target where there are any."""
    pattern = w.MARK_PARTIAL if point.partial else w.MARK if point.target is None else w.MARK_TARGET
    if point.bounds:
        pattern = w.MARK_AHEAD if point.target is None else w.MARK_AHEAD_TARGET
    bounds = dict(zip(("low", "half", "to_half", "high"), point.bounds, strict=False))
    return pattern.filled(
        period=short_of(point.period, series.grain, lang),
        figure=figure(point.figure, lang).text,
        target="" if point.target is None else figure(point.target, lang).text,
        **{name: figure(bound, lang).text for name, bound in bounds.items()},
    ).of(lang)
