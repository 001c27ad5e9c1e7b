"""How sure a rate is: its interval where it is a share of people, else why it has none."""

from __future__ import annotations

from typing import Any

from funnelcli.answers.cells import Number, Precision, Words
from funnelcli.metrics.model import Metric, Ratio
from funnelcli.stats.intervals import Interval, wilson
from funnelcli.text import Message, Text, as_text
from funnelcli.values.figures import Unit, Value
from funnelcli.values.slices import Slice

INTERVAL = Message("Interval")
_BETWEEN = Message("{lower} to {upper} ({level} %, Wilson)")
_OF_DELONG = Message("{lower} to {upper} ({level} %, DeLong)")
_NONE = Message("none: {why}")
PARTS_CHANGE = Message("customers go from part to part, and who is lost from one may have come from another")


def interval_of(value: Value) -> Interval | None:
    """Wilson's interval of a rate that is a share of people, or that of a figure that has bounds of its own; else None.

    >>> interval = interval_of(Value(value=0.1, numerator=1, denominator=10, is_share=True))
    >>> round(interval.lower, 4), round(interval.upper, 4)
    (0.0179, 0.4042)
    """
    if value.bounds is not None:
        lower, upper, method = value.bounds
        return Interval(lower=lower, upper=upper, method=method)
    if not value.is_share or value.numerator is None or not value.denominator:
        return None
    return wilson(int(value.numerator), int(value.denominator))


def interval_data(interval: Interval | None) -> dict[str, Any] | None:
    """An interval as plain data, for programs."""
    if interval is None:
        return None
    return {"lower": interval.lower, "upper": interval.upper, "level": interval.level, "method": interval.method}


def why_none(metric: Metric, value: Value, part: Slice | None) -> Text | None:
    """Why a rate that has a value has no interval; None of what has one, or could never have one."""
    kind = metric.kind
    if not isinstance(kind, Ratio) or metric.unit is not Unit.RATE or value.missing is not None or value.is_share:
        return None
    if kind.among is not None and part is not None and not part.lasting:
        return PARTS_CHANGE
    return kind.beside


def interval_words(metric: Metric, value: Value, part: Slice | None) -> Words | None:
    """The interval of a rate for people, else why it has none; None of what is no rate, or missing."""
    interval = interval_of(value)
    if interval is not None:
        bounds = {name: _share(getattr(interval, name)) for name in ("lower", "upper")}
        text = _OF_DELONG if interval.method == "delong" else _BETWEEN
        return Words(text, facts={**bounds, "level": Words(as_text(f"{round(interval.level * 100)}"))})
    why = why_none(metric, value, part)
    return None if why is None else Words(_NONE, facts={"why": Words(why)})


def bounds_text(interval: Interval | None) -> str:
    """An interval in a column of them: whole per cents, ``10–18``; empty where there is none."""
    return "" if interval is None else f"{interval.lower * 100:.0f}–{interval.upper * 100:.0f}"


def ends_of(interval: Interval | None) -> tuple[float, float] | None:
    """The bounds of an interval, for whom draws it."""
    return None if interval is None else (interval.lower, interval.upper)


def _share(value: float) -> Number:
    return Number(value=value, unit=Unit.RATE, precision=Precision.COUNTED)
