"""Cells of a date that stand for several days: a month, or a span from a day to a day."""

from __future__ import annotations

from datetime import date

from funnelcli.reading.unread_days import month_end
from funnelcli.values.dates import DateReader, Moment, micros_of, month_labelled
from funnelcli.values.spans import span_of


def spanned(text: str, reader: DateReader) -> tuple[Moment, Moment] | None:
    """The first and the last day that a cell stands for; None where it is neither a month of a year nor a span.

    >>> from zoneinfo import ZoneInfo
    >>> reader = DateReader(order=None, zone=ZoneInfo("UTC"))
    >>> [day.micros // 86_400_000_000 for day in spanned("T2/2026", reader)]
    [20485, 20512]
    >>> spanned("2026-02-01 - 2026-02-28", reader) == spanned("2026-02", reader), spanned("Tháng 2", reader)
    (True, None)
    """
    year, month = month_labelled(text) or (None, 0)
    if year is not None:
        first = date(year, month, 1)
        last = month_end(f"{first:%Y-%m}")
        return Moment(micros_of(first), timed=False), Moment(micros_of(last or first), timed=False)
    span = span_of(text)
    days = None if span is None else (reader.read(span[0]), reader.read(span[1]))
    return None if days is None or days[0] is None or days[1] is None else (days[0], days[1])
