"""The charts of trends and of who came and went, as the template takes them."""

from __future__ import annotations

from funnelcli.answers.cells import Months, Number
from funnelcli.answers.drawn import (
    Fans,
    Movements,
    RollForward,
    Series,
    Trends,
)
from funnelcli.renderers.charts.bars import axis_of, fall, falls
from funnelcli.renderers.page import words as w
from funnelcli.renderers.page.drawing import draw
from funnelcli.renderers.page.figures import (
    figure,
    short_of,
    signed,
)
from funnelcli.renderers.page.pieces import View, moved, shown
from funnelcli.renderers.wording.cells import cell_text
from funnelcli.text import Lang


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


def fans(block: Fans, lang: Lang) -> View:
    """A chart for each metric that is foretold."""
    return {
        "kind": "fans",
        "has_targets": block.has_targets,
        "has_bands": block.has_bands,
        "target": w.TARGET.of(lang),
        "half": w.BAND_HALF.of(lang),
        "most": w.BAND_MOST.of(lang),
        "scales": w.SCALES.of(lang),
        "charts": [_fan(series, lang) for series in block.series],
    }


def _fan(series: Series, lang: Lang) -> View:
    last = series.points[-1]
    when = w.IN_MONTH.filled(month=short_of(last.period, series.grain, lang)).of(lang)
    return {
        "key": series.key, "label": series.label.of(lang), "figure": shown(last.figure, lang), "when": when,
        "svg": draw(series, lang, name="f"),
    }  # fmt: skip


# --- who came and went ------------------------------------------------------------------------------------------------


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
    low, high = axis_of(levels)
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
