"""A report held against an earlier one: which closed figures differ, and which rows came, went or changed."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
from msgspec import Struct, field

from funnelcli.answers.frozen import Earlier, read_earlier, settings_digest
from funnelcli.answers.report_model import Report, Row
from funnelcli.counting.measures import Measure
from funnelcli.counting.renewing import with_renewals
from funnelcli.counting.select import day_number
from funnelcli.facts.events import NO_DAY
from funnelcli.facts.keyed import Difference, Keyed, difference, keyed_events, keys_of
from funnelcli.facts.model import Facts
from funnelcli.inputs.spec import base_event
from funnelcli.metrics import CATALOGUE
from funnelcli.metrics.model import Balance, Flow, Metric
from funnelcli.problems import UsageError
from funnelcli.text import Message, Text, as_text
from funnelcli.values.dates import DAY_MICROS, day_of
from funnelcli.values.figures import Unit
from funnelcli.values.periods import Period

MOST_ROWS = 10_000  # that are listed; all are counted


Numbers = tuple[float | None, float | None, float | None]  # a value, and what was divided by what
NOTHING: Numbers = (None, None, None)


class FigureChange(Struct, frozen=True, kw_only=True):
    """A closed figure that differs: the metric, its part (empty for the whole) and a period, what it was, what it is.

    ``label`` and ``part_label`` are what people call them.
    """

    metric: str
    label: Text
    unit: Unit
    part: str
    part_label: Text
    period: Period
    then: Numbers
    now: Numbers


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
    where the earlier report did not keep them.  ``settings_differ`` where funnel.toml says otherwise than then, and
    ``whole_only`` where the earlier report has no parts to compare.
    """

    earlier: Earlier
    compared: int
    figures: tuple[FigureChange, ...]
    files: tuple[FileChange, ...]
    rows: tuple[RowChange, ...]
    rows_in_all: int | None
    settings_differ: bool = False
    whole_only: bool = False


def compared(report: Report, facts: Facts, path: Path) -> Changes:
    """What of a report's closed figures differs from those of the report in a file."""
    return changes(report, facts, read_earlier(path))


def changes(report: Report, facts: Facts, earlier: Earlier) -> Changes:
    """What of a report's closed figures differs from those of an earlier one.

    Raises UsageError where the two cannot be compared: other periods, another currency, or no closed period in both.
    """
    _check(report, earlier)
    figures = list(_figures(report, earlier))
    if not figures:
        raise UsageError(
            Message("--against {name}: it has no figure to compare with.").filled(name=earlier.name),
            hint=Message("Give what funnelcli report wrote with --freeze, or with -f json."),
        )
    differing = tuple(change for change in figures if not _is_same(change.then, change.now))
    rows, in_all = _rows(differing, facts, earlier)
    return Changes(
        earlier=earlier,
        compared=len(figures),
        figures=differing,
        files=tuple(_files(report, earlier)),
        rows=rows,
        rows_in_all=in_all if earlier.events else None,
        settings_differ=earlier.settings is not None and earlier.settings != settings_digest(facts),
        whole_only=report.spec.by is not None and not any(part for _, part, _ in earlier.figures),
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
    """The figures of whole periods that are in both reports, those too that are in one of them only.

    Of parts, those of the dimension that both are split by.  A metric that the earlier report does not have is new.
    """
    closed = {period.key: period for period in _closed(report) if period.key in earlier.closed}
    seen = set()
    metrics = {metric for metric, _, _ in earlier.figures}
    is_split = any(part.startswith(f"{report.spec.by}=") for _, part, _ in earlier.figures)
    for row in report.rows:
        if row.metric.key not in metrics or (row.part is not None and not is_split):
            continue
        if row.metric.basis == "cohort" and _window(report) != earlier.window:
            continue
        for period, cell in zip(report.spec.periods, row.cells, strict=True):
            if period.key in closed:
                key = (row.metric.key, _part(row), period.key)
                seen.add(key)
                if row.metric.basis == "cohort" and None in (cell.value, earlier.figures.get(key, NOTHING)[0]):
                    continue  # not all had had their time, then or now
                then, now = earlier.figures.get(key, NOTHING), (cell.value, cell.numerator, cell.denominator)
                words = row.part.label if row.part is not None else as_text("")
                yield _change_of(key, report.label_of(row), row.unit, words, period, then, now)
    for key, then in earlier.figures.items():
        metric, part, period_key = key
        of_dimension = not part or (is_split and part.startswith(f"{report.spec.by}="))
        known = CATALOGUE.get(metric)
        if known is not None and known.basis == "cohort":
            continue
        if key not in seen and period_key in closed and of_dimension:
            label = known.label_for(report.spec.grain) if known is not None else as_text(metric)
            unit = known.unit if known is not None else Unit.PEOPLE
            words = as_text(part.partition("=")[2])
            yield _change_of(key, label, unit, words, closed[period_key], then, NOTHING)


def _window(report: Report) -> str | None:
    return None if report.spec.window is None else report.spec.window.text


def _change_of(
    key: tuple[str, str, str], label: Text, unit: Unit, part: Text, period: Period, then: Numbers, now: Numbers
) -> FigureChange:
    return FigureChange(
        metric=key[0], label=label, unit=unit, part=key[1], part_label=part, period=period, then=then, now=now
    )


def _part(row: Row) -> str:
    return "" if row.part is None else f"{row.part.dimension}={row.part.key}"


def _is_same(then: Numbers, now: Numbers) -> bool:
    """Whether a figure is as it was: the number, and what was divided by what."""
    if then[0] is None and now[0] is None:
        return True
    return all(map(_equal, then, now))


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
    """The events behind figures that differ: of what happens in a period those of the periods that differ.

    Of balances all up to the last day of the latest of them.
    """
    if not figures or not earlier.events:
        return (), 0
    until = min(max(change.period.last_day for change in figures), earlier.as_of)
    facts = with_renewals(facts, earlier.as_of)
    now = keyed_events(facts, day_number(until))
    names = dict(zip(keys_of(facts.entities).tolist(), facts.entities, strict=True))
    kept: list[RowChange] = []
    total = 0
    for name, behind in _behind(figures, facts).items():
        before = _until(earlier.events.get(name), day_number(until))
        after = now.get(name) or _until(None, 0)
        for pair in _paired(difference(before, after), before, after):
            change = _change(name, behind.per, pair, before, after, names)
            if behind.holds(change):
                total += 1
                kept += [change] if len(kept) < MOST_ROWS else []
    differing = list(dict.fromkeys(change.period for change in figures))
    return tuple(sorted(kept, key=lambda change: _place(change, differing))), total


def _place(change: RowChange, periods: Sequence[Period]) -> tuple[bool, date, str, str, int]:
    """Those of the periods that differ first; then by day, event, person and line."""
    day = change.now or change.then or date.min
    inside = any(period.start <= day < period.end for period in periods)
    return not inside, day, change.event, change.person, change.line


class _Behind(Struct, kw_only=True):
    """How an event stands behind figures: how much of its weight makes a unit, and in which periods it counts.

    As a part of a balance it counts whenever it was.
    """

    per: int
    always: bool = False
    periods: set[Period] = field(default_factory=set)

    def holds(self, change: RowChange) -> bool:
        """Whether a change of the event may be behind one of the figures."""
        days = [day for day in (change.then, change.now) if day is not None]
        return self.always or any(period.start <= day < period.end for period in self.periods for day in days)


def _behind(figures: Sequence[FigureChange], facts: Facts) -> dict[str, _Behind]:
    """The events that the figures are made of in the end."""
    behind: dict[str, _Behind] = {}
    for change in figures:
        if change.metric not in CATALOGUE:
            continue
        for measure, per in _measures(CATALOGUE[change.metric], facts):
            for event in (each if each in facts.events else base_event(each) for each in measure.events):
                known = behind.setdefault(event, _Behind(per=per))
                known.always = known.always or measure.when != "within"
                known.periods.add(change.period)
    return behind


def _measures(metric: Metric, facts: Facts) -> Iterator[tuple[Measure, int]]:
    """The measures that a metric is made of in the end, each with how much of a weight makes a unit."""
    if isinstance(metric.kind, Flow | Balance):
        yield metric.kind.measure.under(facts.config), metric.kind.per
    for key in metric.inputs:
        yield from _measures(CATALOGUE[key], facts)


def _until(keyed: Keyed | None, day: int) -> Keyed:
    if keyed is None:
        nothing = np.zeros(0, dtype=np.int64)
        none = nothing.astype("<u8")
        return Keyed(key=none, day=nothing, weight=nothing, traits=none, file=nothing, line=nothing, files=())
    kept = keyed.day <= day
    columns = {name: getattr(keyed, name)[kept] for name in ("key", "day", "weight", "traits", "file", "line")}
    return Keyed(**columns, files=keyed.files)


def _paired(gone: Difference, then: Keyed, now: Keyed) -> Iterator[tuple[int | None, int | None]]:
    """The events of a person that went and came, in pairs by their order; what is left over only went or came.

    Of what names nobody, as sums of visits, those of a day are a pair.
    """

    def whose(keyed: Keyed, place: int) -> tuple[int, int]:
        key = int(keyed.key[place])
        return key, 0 if key else int(keyed.day[place])

    came: dict[tuple[int, int], list[int]] = defaultdict(list)
    for place in gone.came.tolist():
        came[whose(now, place)].append(place)
    for place in gone.went.tolist():
        others = came[whose(then, place)]
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
