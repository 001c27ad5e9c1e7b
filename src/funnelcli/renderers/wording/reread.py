"""Counts read back out of what was written before, to see whether what is to replace it has lost most of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from funnelcli.renderers import Counts
from funnelcli.text import Message, said_in_all
from funnelcli.text.regex import regex

ROWS = "rows"
_WHOLE = Message("Whole business")


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


def counts_in_markdown(data: bytes) -> Counts:
    """The counts of the whole business in the tables of a page of Markdown, in whichever language it was written.

    >>> table = "| Metric | Jan 2026 | Total |\\n| --- | --: | --: |\\n| New signups (RU) | 1,012 | 1,012 |\\n"
    >>> counts_in_markdown(table.encode())
    {('new_signups', 'Jan 2026'): 1012.0}
    """
    from funnelcli.answers.plain import METRIC

    counts: dict[tuple[str, str], float] = {}
    labels, heading, header = _labels(), "", list[str]()
    of_metrics, of_whole = said_in_all(METRIC), said_in_all(_WHOLE)
    for line in data.decode("utf-8-sig", errors="replace").splitlines():
        if not line.startswith("|"):
            header = []
            heading = line.lstrip("# ") if line.startswith("#") else heading
            continue
        cells = [_MARKS.sub("", cell).strip() for cell in line.strip("| ").split(" | ")]
        if not header:
            header = cells
            continue
        name = cells[0] if header[0] in of_metrics else heading if cells[0] in of_whole else ""
        metric = labels.get(_MARKS.sub("", name).strip())
        for period, cell in zip(header[1:], cells[1:], strict=False):
            if metric is not None and _DIGITS.search(period) and (digits := _BETWEEN.sub("", cell)).isdecimal():
                counts[metric, period] = float(digits)
    return counts


_MARKS, _DIGITS, _BETWEEN = regex(r"[\\*]"), regex(r"\d"), regex(r"[.,\s]")


def _labels() -> dict[str, str]:
    """What people call the metrics that count what happens, in every language; each with its key."""
    from funnelcli.metrics import CATALOGUE

    counted = [metric for metric in CATALOGUE.values() if metric.unit.is_count and _is_flow(metric.key)]
    return {label.strip(): metric.key for metric in counted for label in said_in_all(metric.label)}


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
