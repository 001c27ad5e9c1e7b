"""Counts read back out of what was written before, to see whether what is to replace it has lost most of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from funnelcli.renderers import Counts

ROWS = "rows"


def _is_flow(metric: str) -> bool:
    """Whether a metric counts what happens in a period, so that periods add up."""
    from funnelcli.metrics import CATALOGUE
    from funnelcli.metrics.model import Flow

    return metric in CATALOGUE and isinstance(CATALOGUE[metric].kind, Flow)


def counts_in_text(data: bytes, delimiters: Sequence[str]) -> Counts:
    """The counts of the whole business in rows that were written as text; none in what is no such text.

    >>> counts_in_text(b"metric,label,unit,channel,2026-01,total\\nnew_signups,RU,people,,12,12\\n", [","])
    {('new_signups', '2026-01'): 12.0}
    """
    text = data.decode("utf-8-sig", errors="replace")
    delimiter = max(delimiters, key=text.partition("\n")[0].count)
    try:
        header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except (csv.Error, ValueError):
        return {}
    return counts_in_rows(header, rows)


def counts_in_rows(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Counts:
    """The counts of the whole business in rows of either layout; none in other rows."""
    if list(header[:2]) == ["period", "metric"] and "unit" in header:
        return dict(_tidy(header, rows))
    if list(header[:3]) == ["metric", "label", "unit"]:
        return dict(_wide(header, rows))
    return {}


def _tidy(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[tuple[tuple[str, str], float]]:
    value = header.index("value")
    for row in rows:
        period, metric, part = map(str, row[:3])
        if len(row) > value and not part and period != "total" and _is_flow(metric):
            yield from _count(metric, period, row[value])


def _wide(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[tuple[tuple[str, str], float]]:
    for row in rows:
        if len(row) == len(header) and not row[3] and _is_flow(str(row[0])):
            for period, cell in zip(header[4:], row[4:], strict=True):
                if period != "total":
                    yield from _count(str(row[0]), period, cell)


def _count(metric: str, period: str, cell: object) -> Iterator[tuple[tuple[str, str], float]]:
    """A cell that holds a number, with the place it is of; a metric without a figure has none."""
    try:
        yield (metric, period), float(str(cell).replace(",", "."))
    except ValueError:
        return


def rows_of(sources: object) -> Counts:
    """The rows that count of each input, as the sources of an answer's data say."""
    counts: dict[tuple[str, str], float] = {}
    for source in sources if isinstance(sources, list) else []:
        if isinstance(source, dict) and isinstance(counted := source.get("rows_counted"), int):
            key = (ROWS, str(source.get("stage")))
            counts[key] = counts.get(key, 0) + counted
    return counts
