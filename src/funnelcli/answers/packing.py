"""What the pack needs beside the report: its splits, the targets of its months, and the rows behind its figures."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime

from msgspec.structs import replace

from funnelcli.answers.cells import Number, Words
from funnelcli.answers.dashboard import Dashboard
from funnelcli.answers.drawn import Folded
from funnelcli.answers.explain import counted_rows, explain_value
from funnelcli.answers.explain_answer import row_listing, rows_command
from funnelcli.answers.forecast import ForecastRequest, Foretold, forecast
from funnelcli.answers.goals import Goals, goals_of
from funnelcli.answers.pack import Pack
from funnelcli.answers.report import build
from funnelcli.answers.report_figures import shown_rows
from funnelcli.answers.report_model import Report
from funnelcli.answers.targets_loaded import NamedTargets, if_readable
from funnelcli.answers.track import Tracked, TrackRequest, tracked
from funnelcli.facts.dimensions import CHANNEL
from funnelcli.facts.model import Facts
from funnelcli.metrics.model import Flow
from funnelcli.problems import InputError
from funnelcli.text import Message
from funnelcli.values.figures import Unit
from funnelcli.values.periods import Grain, Period

MOST_ROWS = 2_000
_ROWS_OF = Message("{label}: {n} [row|rows]")


def packed(
    facts: Facts,
    report: Report,
    load: Callable[[], NamedTargets | None],
    now: datetime,
    *,
    everything: bool,
    asked: bool,
    with_rows: bool = False,
) -> Pack:
    """The parts of a page.

    ``everything`` splits it by every dimension that the files know, ``with_rows`` lists the rows of people behind the
    headline figures.  ``load`` gives the targets; those that were ``asked`` for must be fit to be read, others are said
    to be unread where they are not.
    """
    goals, unread = goals_for(facts, report, load, now, asked=asked)
    return Pack(
        report=report,
        splits=lambda keys: _splits(facts, report, keys, everything=everything),
        goals=goals,
        firm=facts.config.business.name or None,
        unread_targets=unread,
        ahead=_ahead(facts, report, goals, now) if everything else None,
        rows=tuple(_rows(facts, report)) if with_rows else (),
    )


def _ahead(facts: Facts, report: Report, goals: Goals, now: datetime) -> Foretold | None:
    """Where things land if nothing changes; None where the months are not those of the calendar, or none is over."""
    if report.spec.grain is not Grain.MONTH:
        return None
    try:
        return forecast(facts, ForecastRequest(as_of=report.spec.as_of.isoformat()), now, lambda: goals.named)
    except InputError:
        return None


def goals_for(
    facts: Facts, report: Report, load: Callable[[], NamedTargets | None], now: datetime, *, asked: bool
) -> tuple[Goals, Words | None]:
    """The targets of a report's months, and why those of the folder are not shown; those ``asked`` for must be read."""
    if report.spec.grain is not Grain.MONTH:
        return Goals(), None

    def goals() -> Goals:
        named = load()
        return Goals() if named is None else _goals(facts, report, named, now)

    known, unread = if_readable(goals, asked=asked)
    return known or Goals(), unread


def _splits(facts: Facts, report: Report, keys: Collection[str] | None, *, everything: bool) -> Iterator[Report]:
    """The report by the dimension it was asked by, and by all others where everything is wanted.

    Those others are made of the metrics of some ``keys`` alone, of those that the report has.
    """
    wanted = [report.spec.by] if report.spec.by else []
    if everything:
        known = [name for name in facts.dimensions.declared if name == CHANNEL or facts.dimensions.is_said(name)]
        known.sort(key=lambda name: (name != CHANNEL, name == "source"))
        wanted += [name for name in known if name not in wanted]
    known_metrics = {row.metric.key: row.metric for row in report.rows}
    metrics = None if keys is None else [metric for key, metric in known_metrics.items() if key in keys]
    for name in wanted:
        yield report if name == report.spec.by else build(facts, replace(report.spec, by=name), metrics=metrics)


def _rows(facts: Facts, report: Report) -> Iterator[Folded]:
    """The rows that each count of people or demos has in the headline period, the newest first; visits have too many.

    Of more rows than a page has room for in any case, the newest.
    """
    dashboard = Dashboard(report=report)
    for row in shown_rows(report):
        metric, figure = row.metric, dashboard.figure(row)
        if row.part is not None or not isinstance(metric.kind, Flow) or metric.part or not figure.value:
            continue
        if metric.unit is Unit.VISITS:
            continue
        explained = explain_value(facts, metric, dashboard.period, report.spec.as_of)
        counted = counted_rows(facts, explained)
        newest = sorted(counted, key=lambda known: known.day or date.min, reverse=True)[:MOST_ROWS]
        title = Words(_ROWS_OF, facts={"label": Words(row.label), "n": Number(value=len(counted))})
        yield Folded(
            listing=row_listing(explained, newest, title), total=len(counted), command=rows_command(explained, "…", {})
        )


def _goals(facts: Facts, report: Report, named: NamedTargets, now: datetime) -> Goals:
    """The targets of the report's months; nothing where none of them has any."""
    spec = report.spec
    months = {month for row in named.targets.rows.values() for month in row}
    periods = [period for period in spec.periods if period.key in months]
    if not periods:
        return Goals()

    def track(first: Period, last: Period, by: str | None) -> Tracked:
        request = TrackRequest(
            month=None, first=first.key, last=last.key, by=by, metrics=(), cumulative=False, replan=False,
            as_of=spec.as_of.isoformat(), skip_bad_rows=spec.skip_bad_rows,
        )  # fmt: skip
        return tracked(facts, named, request, now)

    whole = track(periods[0], periods[-1], None)
    dashboard = Dashboard(report=report)
    now_of = [p for p in (dashboard.period, dashboard.running) if p is not None and p.key in months]
    teams = None
    if now_of and any(team is not None for _, _, team in named.targets.rows):
        teams = track(now_of[0], now_of[-1], "team")
    return goals_of(whole, teams, named)
