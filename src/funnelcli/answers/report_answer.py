"""A report as an answer: sections of figures and footnotes for people, rows for spreadsheets, data for programs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from funnelcli.answers.answer import Answer, Figures, FigureSection, Heading, Notes, Page, Raw, Sheet, Tab, Table
from funnelcli.answers.cells import Cell, Day, Months, Words
from funnelcli.answers.changed import change_blocks, change_data, change_tab
from funnelcli.answers.followed_tables import followed_tables
from funnelcli.answers.layout import Layout
from funnelcli.answers.made import checks
from funnelcli.answers.plain import METRIC
from funnelcli.answers.report_figures import change_of, compared, figure_row, footnotes, shown_rows
from funnelcli.answers.report_model import Report, ReportSpec, Row, Source, compared_place
from funnelcli.answers.report_tabs import report_tabs, split_tab
from funnelcli.answers.uncertain import interval_data, interval_of
from funnelcli.facts.dimensions import CHANNEL, Dimension
from funnelcli.metrics.model import Section
from funnelcli.text import Message, Text, joined
from funnelcli.values.figures import Note, Unit, Value
from funnelcli.values.placeholders import AS_OF, PERIOD
from funnelcli.values.slices import Slice

if TYPE_CHECKING:
    from funnelcli.answers.against import Changes
    from funnelcli.answers.drawn import DrawnPage

_WHOLE = Message("Whole business")
_NOT_SPLIT = Message("Of the whole business only")


def report_answer(
    report: Report,
    drawn: Callable[[], DrawnPage] | None = None,
    tabs: Callable[[], tuple[Tab, ...]] | None = None,
    brief: Callable[[], Page] | None = None,
    changes: Changes | None = None,
) -> Answer:
    """Everything that a report has to say, in each layout, with the ``changes`` from an earlier one.

    ``drawn`` makes its page with pictures, ``tabs`` its parts that stand by themselves where they are to show more,
    ``brief`` a short page.
    """
    more = change_blocks(changes, report.spec.currency) if changes is not None else ()
    beside = change_tab(changes, report.spec.currency) if changes is not None else ()
    of_report = tabs or (lambda: report_tabs(report, whole_page(report), split_tabs(report)))
    data = report_data(report)
    return Answer(
        title=report.spec.title,
        pages=tuple(
            replace(page, blocks=(*page.blocks, *more)) for page in split_pages(report) or (whole_page(report),)
        ),
        tabs=lambda: (*of_report(), *beside),
        sheets=(
            Sheet(layout=Layout.WIDE, header=_wide_header(report), rows=list(_wide(report))),
            Sheet(layout=Layout.TIDY, header=_tidy_header(report), rows=list(_tidy(report))),
        ),
        data=data if changes is None else {**data, "changes": change_data(changes)},
        names={PERIOD: report.spec.periods[-1].key, AS_OF: report.spec.as_of.isoformat()},
        drawn=drawn,
        brief=brief,
    )


def whole_page(report: Report) -> Page:
    """The page of the whole business."""
    return Page(blocks=_blocks(report, None))


def split_pages(report: Report) -> tuple[Page, ...]:
    """The page of the parts in each layout; none where the report is not split."""
    layouts = (Layout.METRIC, Layout.PART) if report.spec.by else ()
    return tuple(Page(layout=layout, blocks=_blocks(report, layout)) for layout in layouts)


def split_tabs(report: Report) -> tuple[Tab, ...]:
    """The part of the answer that has the parts; none where the report is not split."""
    pages = split_pages(report)
    return (split_tab(report, pages),) if pages else ()


# --- for people ------------------------------------------------------------------------------------------------------


def _blocks(report: Report, layout: Layout | None) -> tuple[Heading | Figures | Table | Notes, ...]:
    spec = report.spec
    rows = [row for row in shown_rows(report) if layout is not None or row.part is None]
    range_ = Months(first=spec.periods[0], last=spec.periods[-1], grain=spec.grain)
    title = Words(Message("{title}, {range}"), facts={"title": Words(spec.title), "range": range_})
    return (
        Heading(text=title, basis=(_basis(spec, rows),)),
        figures(report, layout),
        *followed_tables(report),
        Notes(tuple(footnotes(report, rows))),
    )


def figures(report: Report, layout: Layout | None = None) -> Figures:
    """The tables of figures that people see."""
    spec, against = report.spec, compared(report)
    rows = [row for row in shown_rows(report) if layout is not None or row.part is None]
    return Figures(
        periods=tuple(Months(first=p, grain=spec.grain, partial=p.cut_by(spec.as_of)) for p in spec.periods),
        sections=tuple(_sections(report, rows, layout)),
        compared=against is not None,
        against=against[0] if against else None,
        checks=tuple(checks({row.metric.key: row.label for row in rows})) if layout is None else (),
    )


def _basis(spec: ReportSpec, rows: Sequence[Row]) -> Words:
    """The day up to which is counted, the time zone, and the currency where amounts are shown."""
    text: Text = Message("Counted up to {day}, {zone}")
    if any(row.unit is Unit.AMOUNT for row in rows):
        text = joined("", [text, Message("; amounts in {currency}")])
    facts: dict[str, Cell] = {"day": Day(spec.as_of), "zone": Words(spec.timezone), "currency": Words(spec.currency)}
    return Words(text, facts=facts, tone="dim")


def _sections(report: Report, rows: Sequence[Row], layout: Layout | None) -> Iterator[FigureSection]:
    """The tables of a page: the dashboard's sections, or of a split report one a metric or one a part."""
    match layout:
        case Layout.METRIC:
            yield from _by_metric(report, rows)
        case Layout.PART:
            yield from _by_part(report, rows)
        case _:
            for section in dict.fromkeys(row.metric.section for row in rows):
                if not report.spec.sections or section.key in report.spec.sections:
                    yield from _section(report, section.title, _rows_of(section, rows, report.spec.sections))


def _rows_of(section: Section, rows: Sequence[Row], asked: Collection[str]) -> list[Row]:
    """The rows of a section; where sections are asked for, those of others that stand in it too."""
    also = {key for key, _ in section.also if asked}
    return [row for row in rows if row.metric.section is section or row.metric.key in also]


def _section(report: Report, title: Text, rows: Sequence[Row]) -> Iterator[FigureSection]:
    """The metrics of one table, those marked that are a part of the one above; none where there are no rows."""
    if rows:
        lines = tuple(figure_row(report, row, _metric_label(row)) for row in rows)
        yield FigureSection(title=Words(title), names=METRIC, rows=lines)


def _metric_label(row: Row) -> Text:
    return joined("", ["- ", row.label]) if row.metric.part else row.label


def _by_metric(report: Report, rows: Sequence[Row]) -> Iterator[FigureSection]:
    """A table a metric: the whole and then each part.  What has no parts stands together in the last one."""
    split = {row.metric.key for row in rows if row.part is not None}
    assert report.dimension is not None
    for metric in dict.fromkeys(row.metric for row in rows if row.metric.key in split):
        of_metric = [row for row in rows if row.metric is metric]
        lines = [figure_row(report, row, row.part.label if row.part else _WHOLE) for row in of_metric]
        yield FigureSection(title=Words(of_metric[0].label), names=report.dimension.title, rows=tuple(lines))
    rest = tuple(figure_row(report, row, row.label) for row in rows if row.metric.key not in split)
    if rest:
        yield FigureSection(title=Words(_NOT_SPLIT), names=METRIC, rows=rest)


def _by_part(report: Report, rows: Sequence[Row]) -> Iterator[FigureSection]:
    """A table a part, the whole first, its rows the metrics."""
    parts: dict[Slice | None, None] = dict.fromkeys([None, *(row.part for row in report.rows)])
    for part in parts:
        title = part.label if part else _WHOLE
        yield from _section(report, title, [row for row in rows if row.part == part])


# --- for spreadsheets ------------------------------------------------------------------------------------------------


def _tidy_header(report: Report) -> tuple[str, ...]:
    return ("period", "metric", report.part_column, "unit", "value", "numerator", "denominator", "missing")


def _keys(report: Report) -> list[str]:
    return [*(period.key for period in report.spec.periods), "total"]


def _part_key(row: Row) -> str:
    return row.part.key if row.part else ""


def _wide_header(report: Report) -> tuple[str, ...]:
    return ("metric", "label", "unit", report.part_column, *_keys(report))


def _wide(report: Report) -> Iterator[tuple[Raw, ...]]:
    """A column a period."""
    for row in report.rows:
        figures = (cell.value for cell in (*row.cells, row.total))
        yield (row.metric.key, row.label.of("en"), row.unit.value, _part_key(row), *figures)


def _tidy(report: Report) -> Iterator[tuple[Raw, ...]]:
    """A figure a row."""
    for row in report.rows:
        for key, cell in zip(_keys(report), (*row.cells, row.total), strict=True):
            why = cell.missing.reason.of("en") if cell.missing else ""
            about = (key, row.metric.key, _part_key(row), row.unit.value)
            yield (*about, cell.value, cell.numerator, cell.denominator, why)


# --- for programs ----------------------------------------------------------------------------------------------------


def _cell_data(value: Value) -> dict[str, Any]:
    interval = interval_of(value)
    return {
        "value": value.value,
        "numerator": value.numerator,
        "denominator": value.denominator,
        "missing": value.missing.reason.of("en") if value.missing else None,
        **({} if value.entered is None else {"entered": value.entered}),
        **({} if interval is None else {"interval": interval_data(interval)}),
    }


def part_data(part: Slice | None, dimension: Dimension | None) -> dict[str, Any]:
    """The part that a figure is of, for programs: its channel, or its value of another dimension; None: the whole."""
    if dimension is None or dimension.name == CHANNEL:
        return {CHANNEL: part.key if part else None}
    return {"by": {dimension.name: part.key} if part else None}


def _row_data(row: Row, dimension: Dimension | None, spec: ReportSpec) -> dict[str, Any]:
    return {
        "metric": row.metric.key,
        "label": row.label.of("en"),
        "unit": row.unit.value,
        **part_data(row.part, dimension),
        "cells": [_cell_data(cell) for cell in row.cells],
        "total": _cell_data(row.total),
        **_change_data(row, spec),
    }


def _change_data(row: Row, spec: ReportSpec) -> dict[str, Any]:
    """The change in the latest whole period, and what is to be said of it; nothing where there is none before it."""
    against = compared_place(spec)
    if against is None:
        return {}
    place = row.place(against[0])
    change, chance = change_of(row, place), row.chance
    before = spec.periods[place - 1] if place else spec.before
    return {
        "change": {
            "period": spec.periods[place].key, "against": before.key if before else None, "value": change.value,
            "basis": None if change.value is None else change.basis.value,
            "p": chance.alone if chance else None, "adjusted_p": chance.p if chance else None,
            "few": chance.few if chance else None, "verdict": chance.verdict if chance else None,
        }
    }  # fmt: skip


def report_data(report: Report) -> dict[str, Any]:
    """The report as plain data, format_version 1."""
    spec = report.spec
    return {
        "format": "funnelcli.report",
        "format_version": 1,
        "title": spec.title.of("en"),
        "as_of": spec.as_of.isoformat(),
        "timezone": spec.timezone,
        "currency": spec.currency,
        "grain": spec.grain.value,
        **({} if spec.window is None else {"basis": "cohort", "window": spec.window.text}),
        "periods": [
            {
                "key": period.key,
                "start": period.start.isoformat(),
                "end_exclusive": period.end.isoformat(),
                "partial": period.cut_by(spec.as_of),
            }
            for period in spec.periods
        ],
        "rows": [_row_data(row, report.dimension, spec) for row in report.rows],
        "notes": notes_data(report.notes),
        "sources": sources_data(report.sources),
    }


def notes_data(notes: Sequence[Note]) -> list[dict[str, str]]:
    """What is to be known of figures, for programs."""
    return [{"code": note.code, "message": note.text.of("en")} for note in notes]


def sources_data(sources: Sequence[Source]) -> list[dict[str, Any]]:
    """The files that figures were counted from, for programs."""
    return [
        {
            "file": source.file,
            "stage": source.stage,
            "sha256": source.sha256,
            "rows_read": source.rows_read,
            "rows_counted": source.rows_counted,
            "rows_duplicate": source.rows_duplicate,
            "rows_rejected": source.rows_rejected,
            "rows_filtered": source.rows_filtered,
        }
        for source in sources
    ]
