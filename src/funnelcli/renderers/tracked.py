"""Actual figures beside targets, as text in hledger's budget style, as CSV and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, Literal

from funnelcli.answers.track import Tracked
from funnelcli.planning.track import Replanned, TrackCell, TrackRow
from funnelcli.renderers import Format, Style
from funnelcli.renderers.page import Cell, Column, Page, Table, Tone, row, to_markdown, to_terminal
from funnelcli.renderers.planned import figure
from funnelcli.renderers.tame import tame
from funnelcli.renderers.to_csv import plain_number, safe_text, write_rows
from funnelcli.renderers.to_json import exact, to_text
from funnelcli.renderers.words import METRIC, MISSING, TOTAL, date_text, period_text
from funnelcli.text import Lang, Text
from funnelcli.values.channels import CHANNEL_LABELS
from funnelcli.values.figures import Unit
from funnelcli.values.periods import Grain

TO_GO = Text("to go", "còn lại")
OVER = Text("over", "vượt")
BELOW = Text("below", "thấp hơn")
OF = Text("of", "của")


def render(tracked: Tracked, form: Format, style: Style) -> str:
    """The comparison in a format."""
    match form:
        case Format.TABLE:
            return to_terminal(page(tracked, style.lang), style)
        case Format.MD:
            return to_markdown(page(tracked, style.lang), style)
        case Format.JSON:
            return to_text(document(tracked))
        case Format.CSV | Format.TSV:
            return write_rows(_lines(tracked), "\t" if form is Format.TSV else ",")


# --- for people --------------------------------------------------------------------------------------------------


def page(tracked: Tracked, lang: Lang) -> Page:
    """The comparison for people."""
    basis = Text(
        "Targets of {name}, actual figures up to {day}{sum}.", "Chỉ tiêu trong {name}, số thực tế đến {day}{sum}."
    ).filled(
        name=tame(tracked.targets_name),
        day=date_text(tracked.as_of, lang),
        sum=Text(", summed from the first month on", ", cộng dồn từ tháng đầu") if tracked.cumulative else "",
    )
    tables = [_main(tracked, lang), *_paces(tracked, lang), *_replans(tracked, lang)]
    return Page(
        title=tame(tracked.title.of(lang)),
        basis=(basis.of(lang),),
        tables=[table for table in tables if table.rows],
        notes=[note.text.of(lang) for note in tracked.notes] + _reasons(tracked, lang),
    )


def label(one: TrackRow, lang: Lang) -> str:
    """The row's label: its metric, and the team and channel where it is of one."""
    parts = [tame(one.team)] if one.team else []
    if one.channel:
        parts.append(CHANNEL_LABELS[one.channel].of(lang))
    name = (one.metric.short if one.metric.actual else one.metric.label).of(lang)
    return f"{name} ({', '.join(parts)})" if parts else name


def cell_text(cell: TrackCell, unit: Unit, lang: Lang, good: Literal["up", "down"] = "up") -> str:
    """``352 [88.0% of 400] (48 to go)``; what is absent is a dash.  Of losses nothing is to go: they are below or over.

    >>> cell_text(TrackCell(actual=Fraction(352), target=Fraction(400)), Unit.PEOPLE, "en")
    '352 [88.0% of 400] (48 to go)'
    """
    actual = figure(cell.actual, unit, lang)
    if cell.target is None:
        return actual
    share, target = figure(cell.share, Unit.RATE, lang), figure(cell.target, unit, lang)
    text = f"{actual} [{share} {OF.of(lang)} {target}]"
    if cell.to_go is None:
        return text
    rest = figure(abs(cell.to_go), unit, lang)
    word = OVER if cell.to_go < 0 else TO_GO if good == "up" else BELOW
    return f"{text} ({rest} {word.of(lang)})" if cell.to_go else text


def _tone(cell: TrackCell, good: str) -> Tone:
    """Green where the target, or the pace of a running month, is kept; red where it is not."""
    if cell.of_pace is None:
        return "dim" if cell.actual is None else ""
    kept = cell.of_pace >= 1 if good == "up" else cell.of_pace <= 1
    return "good" if kept else "bad"


def _for_people(tracked: Tracked) -> list[TrackRow]:
    """The rows people see: of a team with but one channel in a metric, the team's own row says it all."""
    channels = Counter((one.metric.key, one.team) for one in tracked.rows if one.team and one.channel)
    return [
        one
        for one in tracked.rows
        if not (one.team and one.channel) or (channels[one.metric.key, one.team] > 1 and one.metric.actual)
    ]


def _main(tracked: Tracked, lang: Lang) -> Table:
    with_total = len(tracked.periods) > 1 and not tracked.cumulative
    headers = [
        period_text(p, Grain.MONTH, lang) + ("*" if p.cut_by(tracked.as_of) and p.start <= tracked.as_of else "")
        for p in tracked.periods
    ]
    columns = [
        Column(header=METRIC.of(lang)),
        *(
            Column(header=header, spare=0 if len(headers) == 1 else 2 if period.start > tracked.as_of else 1)
            for header, period in zip(headers, tracked.periods, strict=True)
        ),
    ]
    if with_total:
        columns.append(Column(header=TOTAL.of(lang)))
    rows = []
    for one in _for_people(tracked):
        cells = [*one.cells, *([one.total] if with_total else [])]
        shown = [
            Cell(cell_text(cell, one.metric.unit, lang, one.metric.good), _tone(cell, one.metric.good))
            for cell in cells
        ]
        rows.append(row(label(one, lang), *shown))
    return Table(title="", columns=tuple(columns), rows=tuple(rows))


def _paces(tracked: Tracked, lang: Lang) -> Iterator[Table]:
    """For each running month: what is expected by now, the projected end, and what is needed a day."""
    for place, period in enumerate(tracked.periods):
        paced = [
            (one, one.cells[place])
            for one in _for_people(tracked)
            if one.cells[place].pace and one.cells[place].actual is not None
        ]
        rows = []
        for one, cell in paced:
            assert cell.pace is not None
            unit = one.metric.unit
            rows.append(
                row(
                    label(one, lang),
                    figure(cell.pace.expected, unit, lang),
                    Cell(figure(cell.of_pace, Unit.RATE, lang), _tone(cell, one.metric.good)),
                    figure(cell.pace.projected, unit, lang),
                    figure(cell.pace.needed_a_day if one.metric.good == "up" else None, unit, lang),
                )
            )
        if not paced:
            continue
        first = paced[0][1].pace
        assert first is not None
        title = Text(
            "* Pace of {month}: {share} of its days gone, {left} left",
            "* Tiến độ {month}: đã qua {share} số ngày, còn {left} ngày",
        ).filled(
            month=period_text(period, Grain.MONTH, lang),
            share=figure(first.elapsed, Unit.RATE, lang),
            left=first.days_left,
        )
        yield Table(
            title=title.of(lang),
            columns=(
                Column(header=METRIC.of(lang)),
                Column(header=Text("Expected by now", "Cần có đến nay").of(lang)),
                Column(header=Text("Of pace", "So tiến độ").of(lang)),
                Column(header=Text("Projected end", "Dự kiến cuối tháng").of(lang)),
                Column(header=Text("Needed a day", "Cần mỗi ngày").of(lang)),
            ),
            rows=tuple(rows),
        )  # fmt: skip


def _replans(tracked: Tracked, lang: Lang) -> Iterator[Table]:
    """A table of each metric (and team): the months, with the whole and the channels as columns."""
    groups: dict[tuple[str, str | None], list[Replanned]] = {}
    for one in tracked.replanned:
        groups.setdefault((one.key[0], one.key[2]), []).append(one)
    labels = {(r.metric.key, r.team): label(r, lang) for r in tracked.rows if r.channel is None}
    for group, members in groups.items():
        lines = [
            row(period_text(month, Grain.MONTH, lang), *(_replanned_text(one, place, lang) for one in members))
            for place, month in enumerate(members[0].months)
        ]
        total = row(TOTAL.of(lang), *(_replanned_total(one, lang) for one in members))
        lines.append(tuple(Cell(cell.text, "bold") for cell in total))
        title = Text("{what} replanned (first quota)", "{what}: phân bổ lại (chỉ tiêu ban đầu)")
        headers = [CHANNEL_LABELS[one.key[1]].of(lang) if one.key[1] else TOTAL.of(lang) for one in members]
        yield Table(
            title=title.filled(what=labels.get(group, group[0])).of(lang),
            columns=(Column(header=Text("Month", "Tháng").of(lang)), *(Column(header=header) for header in headers)),
            rows=tuple(lines),
        )


def _replanned_text(one: Replanned, place: int, lang: Lang) -> str:
    now, before = one.quotas[place], one.before[place]
    first = figure(before, Unit.CUSTOMERS, lang)
    return f"{figure(None if now is None else Fraction(now), Unit.CUSTOMERS, lang)} ({first})"


def _replanned_total(one: Replanned, lang: Lang) -> str:
    total = sum(quota or 0 for quota in one.quotas)
    return f"{figure(Fraction(total), Unit.CUSTOMERS, lang)} ({figure(one.wanted, Unit.CUSTOMERS, lang)})"


def _reasons(tracked: Tracked, lang: Lang) -> list[str]:
    """Why dashes stand where figures are wanted."""
    reasons: dict[str, list[str]] = {}
    for one in _for_people(tracked):
        for cell in one.cells:
            if cell.missing and not cell.ahead:
                names = reasons.setdefault(cell.missing.reason.of(lang), [])
                if label(one, lang) not in names:
                    names.append(label(one, lang))
    return [f"{MISSING} {', '.join(names)}: {reason}." for reason, names in reasons.items()]


# --- CSV and JSON ------------------------------------------------------------------------------------------------

HEADER = (
    "period", "metric", "channel", "team", "unit", "currency", "actual", "target", "share", "to_go", "expected", "of_pace",
    "projected", "days_left", "needed_a_day", "replanned", "missing",
)  # fmt: skip


def _lines(tracked: Tracked) -> Iterator[list[str]]:
    yield list(HEADER)
    anew = {
        (one.key, month.key): quota
        for one in tracked.replanned
        for month, quota in zip(one.months, one.quotas, strict=True)
    }
    for one in tracked.rows:
        key = (one.metric.key, one.channel, one.team)
        for period, cell in [*zip([p.key for p in tracked.periods], one.cells, strict=True), ("total", one.total)]:
            pace = cell.pace
            yield [
                period, one.metric.key, one.channel or "", safe_text(tame(one.team or "")), one.metric.unit.value,
                tracked.currency if one.metric.unit is Unit.AMOUNT else "",
                *(plain_number(value) for value in (cell.actual, cell.target, cell.share, cell.to_go)),
                *(plain_number(value) for value in ((pace.expected, cell.of_pace, pace.projected, pace.days_left,
                                               pace.needed_a_day) if pace else (None,) * 5)),
                plain_number(anew.pop((key, period), None)),
                safe_text(tame(cell.missing.reason.en)) if cell.missing else "",
            ]  # fmt: skip
    for (key, period), quota in anew.items():
        metric, channel, team = key
        yield [period, metric, channel or "", safe_text(tame(team or "")), "", *[""] * 10, plain_number(quota), ""]


def _cell(cell: TrackCell, period: str) -> dict[str, Any]:
    pace = cell.pace
    return {
        "period": period,
        "actual": exact(cell.actual),
        "target": exact(cell.target),
        "share": exact(cell.share),
        "to_go": exact(cell.to_go),
        "missing": cell.missing.reason.en if cell.missing else None,
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


def document(tracked: Tracked) -> dict[str, Any]:
    """The comparison as plain data, format_version 1."""
    keys: Sequence[str] = [p.key for p in tracked.periods]
    return {
        "format": "funnelcli.track",
        "format_version": 1,
        "title": tracked.title.en,
        "targets": tracked.targets_name,
        "as_of": tracked.as_of.isoformat(),
        "cumulative": tracked.cumulative,
        "currency": tracked.currency,
        "one_off": tracked.one_off,
        "periods": [
            {
                "key": p.key,
                "start": p.start.isoformat(),
                "end_exclusive": p.end.isoformat(),
                "partial": p.cut_by(tracked.as_of),
            }
            for p in tracked.periods
        ],
        "rows": [
            {
                "metric": one.metric.key,
                "label": one.metric.label.en,
                "unit": one.metric.unit.value,
                "channel": one.channel.value if one.channel else None,
                "team": one.team,
                "cells": [_cell(cell, key) for cell, key in zip(one.cells, keys, strict=True)],
                "total": _cell(one.total, "total"),
            }
            for one in tracked.rows
        ],
        "replanned": [
            {
                "metric": one.key[0],
                "channel": one.key[1].value if one.key[1] else None,
                "team": one.key[2],
                "wanted": exact(one.wanted),
                "done": exact(one.done),
                "rest": exact(one.rest),
                "cells": [
                    {"period": month.key, "value": quota} for month, quota in zip(one.months, one.quotas, strict=True)
                ],
            }
            for one in tracked.replanned
        ],
        "notes": [{"code": note.code, "message": note.text.en} for note in tracked.notes],
    }
