"""A report held against an earlier one: which closed figures differ, and which rows came, went or changed."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
from msgspec import Struct

from funnelcli.answers.frozen import Earlier, read_earlier
from funnelcli.answers.report_model import Report, Row
from funnelcli.counting.select import day_number
from funnelcli.facts.events import NO_DAY
from funnelcli.facts.keyed import Difference, Keyed, difference, keyed_events, keys_of
from funnelcli.facts.model import Facts
from funnelcli.metrics import CATALOGUE
from funnelcli.metrics.model import Balance, Flow, Metric
from funnelcli.problems import UsageError
from funnelcli.text import Message, Text
from funnelcli.values.dates import DAY_MICROS, day_of
from funnelcli.values.figures import Value
from funnelcli.values.periods import Period

MOST_ROWS = 10_000  # that are listed; all are counted


class FigureChange(Struct, frozen=True, kw_only=True):
    """A closed figure that differs: a row of the report, its label, a period, what the figure was, and what it is."""

    row: Row
    label: Text
    period: Period
    then: float | None
    now: Value


class RowChange(Struct, frozen=True, kw_only=True):
    """An event that came, went or changed: its day and what it counts, before and now.

    ``person`` is the id where it still stands in the exports.  Of a weight ``per`` make a unit.  ``file`` and ``line``
    are those of the row now, of one that went those it had.
    """

    event: str
    kind: Literal["came", "went", "changed"]
    person: str
    then: date | None
    now: date | None
    weight_then: int | None
    weight_now: int | None
    per: int
    file: str
    line: int


class FileChange(Struct, frozen=True, kw_only=True):
    """A file whose bytes differ, with the rows of it that counted then and now; None where it was or is not there."""

    input: str
    file: str
    then: int | None
    now: int | None


class Changes(Struct, frozen=True, kw_only=True):
    """What differs from an earlier report: of ``compared`` closed figures these ``figures``.

    ``rows`` are the events behind them that differ, at most so many are listed, and ``rows_in_all`` their number; None
    where the earlier report did not keep them.
    """

    earlier: Earlier
    compared: int
    figures: tuple[FigureChange, ...]
    files: tuple[FileChange, ...]
    rows: tuple[RowChange, ...]
    rows_in_all: int | None


def compared(report: Report, facts: Facts, path: Path) -> Changes:
    """What of a report's closed figures differs from those of the report in a file."""
    return changes(report, facts, read_earlier(path))


def changes(report: Report, facts: Facts, earlier: Earlier) -> Changes:
    """What of a report's closed figures differs from those of an earlier one.

    Raises UsageError where the two cannot be compared: other periods, another currency, or no closed period in both.
    """
    _check(report, earlier)
    figures = list(_figures(report, earlier))
    differing = tuple(change for change in figures if not _is_same(change, earlier))
    rows, in_all = _rows(differing, facts, earlier)
    return Changes(
        earlier=earlier,
        compared=len(figures),
        figures=differing,
        files=tuple(_files(report, earlier)),
        rows=rows,
        rows_in_all=in_all if earlier.events else None,
    )


def _check(report: Report, earlier: Earlier) -> None:
    spec, name = report.spec, earlier.name
    if earlier.grain != spec.grain.value:
        text = Message("--against {name}: its periods are by {then}, these by {now}.")
        raise UsageError(
            text.filled(name=name, then=earlier.grain, now=spec.grain.value), hint=Message("Give the same --grain.")
        )
    if earlier.currency != spec.currency:
        text = Message("--against {name}: its amounts are in {then}, these in {now}.")
        raise UsageError(text.filled(name=name, then=earlier.currency, now=spec.currency))
    if not any(period.key in earlier.closed for period in _closed(report)):
        raise UsageError(
            Message("--against {name}: no whole period is in both reports.").filled(name=name),
            hint=Message("Ask for the periods that it has, with --from and --to."),
        )


def _closed(report: Report) -> list[Period]:
    return [period for period in report.spec.periods if not period.cut_by(report.spec.as_of)]


def _figures(report: Report, earlier: Earlier) -> Iterator[FigureChange]:
    """The figures of whole periods that are in both reports."""
    closed = {period.key for period in _closed(report)} & earlier.closed
    for row in report.rows:
        for period, cell in zip(report.spec.periods, row.cells, strict=True):
            known = earlier.figures.get((row.metric.key, _part(row), period.key))
            if period.key in closed and known is not None:
                yield FigureChange(row=row, label=report.label_of(row), period=period, then=known[0], now=cell)


def _part(row: Row) -> str:
    return "" if row.part is None else f"{row.part.dimension}={row.part.key}"


def _is_same(change: FigureChange, earlier: Earlier) -> bool:
    """Whether a figure is as it was: the number, and what was divided by what."""
    known = earlier.figures[change.row.metric.key, _part(change.row), change.period.key]
    now = (change.now.value, change.now.numerator, change.now.denominator)
    if known[0] is None and now[0] is None:
        return True
    return all(map(_equal, known, now))


def _equal(then: float | None, now: float | None) -> bool:
    if then is None or now is None:
        return then is now
    return math.isclose(then, now, rel_tol=1e-12, abs_tol=1e-12)


def _files(report: Report, earlier: Earlier) -> Iterator[FileChange]:
    """The files whose bytes differ, those that went, and those that came."""
    now = {(source.stage, source.file): (source.sha256, source.rows_counted) for source in report.sources}
    for key in [*earlier.files, *(key for key in now if key not in earlier.files)]:
        before, after = earlier.files.get(key), now.get(key)
        same = before is not None and after is not None and before[0] == after[0] and before[0] is not None
        if not same:
            counted = (known and known[1] for known in (before, after))
            yield FileChange(input=key[0], file=key[1], then=next(counted), now=next(counted))


# --- the rows behind them ---------------------------------------------------------------------------------------------


def _rows(figures: Sequence[FigureChange], facts: Facts, earlier: Earlier) -> tuple[tuple[RowChange, ...], int]:
    """The events behind figures that differ, up to the last day of the latest of them."""
    if not figures or not earlier.events:
        return (), 0
    until = min(max(change.period.last_day for change in figures), earlier.as_of)
    behind = dict(event for change in figures for event in _events_behind(change.row.metric, facts))
    now = keyed_events(facts, day_number(until))
    names = dict(zip(keys_of(facts.entities).tolist(), facts.entities, strict=True))
    kept: list[RowChange] = []
    total = 0
    for name, per in behind.items():
        before = _until(earlier.events.get(name), day_number(until))
        after = now.get(name) or _until(None, 0)
        gone = difference(before, after)
        pairs = list(_paired(gone, before, after))
        total += len(pairs)
        kept += [_change(name, per, pair, before, after, names) for pair in pairs[: MOST_ROWS - len(kept)]]
    return tuple(
        sorted(kept, key=lambda row: (row.now or row.then or date.min, row.event, row.person, row.line))
    ), total


def _events_behind(metric: Metric, facts: Facts) -> Iterator[tuple[str, int]]:
    """The events that a metric is made of in the end, each with how much of its weight makes a unit."""
    if isinstance(metric.kind, Flow | Balance):
        per = metric.kind.per if isinstance(metric.kind, Balance) else 1
        yield from ((event, per) for event in metric.kind.measure.under(facts.config).events)
    for key in metric.inputs:
        yield from _events_behind(CATALOGUE[key], facts)


def _until(keyed: Keyed | None, day: int) -> Keyed:
    if keyed is None:
        nothing = np.zeros(0, dtype=np.int64)
        return Keyed(key=nothing.astype("<u8"), day=nothing, weight=nothing, file=nothing, line=nothing, files=())
    kept = keyed.day <= day
    columns = {name: getattr(keyed, name)[kept] for name in ("key", "day", "weight", "file", "line")}
    return Keyed(**columns, files=keyed.files)


def _paired(gone: Difference, then: Keyed, now: Keyed) -> Iterator[tuple[int | None, int | None]]:
    """The events of a person that went and came, in pairs by their order; what is left over only went or came."""
    came: dict[int, list[int]] = defaultdict(list)
    for place in gone.came.tolist():
        came[int(now.key[place])].append(place)
    for place in gone.went.tolist():
        others = came[int(then.key[place])]
        yield place, others.pop(0) if others else None
    for places in came.values():
        yield from ((None, place) for place in places)


def _change(
    event: str, per: int, pair: tuple[int | None, int | None], then: Keyed, now: Keyed, names: Mapping[int, str]
) -> RowChange:
    before, after = pair
    side, place = (now, after) if after is not None else (then, before)
    assert place is not None
    return RowChange(
        event=event,
        kind="came" if before is None else "went" if after is None else "changed",
        person=names.get(int(side.key[place]), ""),
        then=_day(then, before),
        now=_day(now, after),
        weight_then=None if before is None else int(then.weight[before]),
        weight_now=None if after is None else int(now.weight[after]),
        per=per,
        file=side.files[int(side.file[place])] if len(side.files) and int(side.line[place]) > 0 else "",
        line=int(side.line[place]),
    )


def _day(keyed: Keyed, place: int | None) -> date | None:
    if place is None or keyed.day[place] <= NO_DAY:
        return None
    return day_of(int(keyed.day[place]) * DAY_MICROS)
