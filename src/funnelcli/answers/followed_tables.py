"""The same people followed: how many entered, whose time is over, who of them got on, and how sure the rate is."""

from __future__ import annotations

from collections.abc import Iterator

from funnelcli.answers.answer import Column, Table
from funnelcli.answers.cells import Cell, Months, Number, Words
from funnelcli.answers.report_model import Report, ReportSpec, Row
from funnelcli.answers.uncertain import bounds_text, interval_of
from funnelcli.metrics.missing import IMMATURE
from funnelcli.text import Message, joined
from funnelcli.values.figures import Note, Unit, Value

_TITLE = Message("{rate}, within {window}")
_PERIOD = Message("Period")
_HEADERS = (Message("People"), Message("Matured"), Message("Got on"), Message("Rate"), Message("95 %"))
_COMPLETE = Message("Complete periods")
_NOTE = Message(
    "Rates of the same people are of those who entered in the period, whenever they got on: each has {window}, "
    "and a period has a rate once that is over for all of them. The total is of these periods together. "
    "Period rates divide what happened in one period, by other people too."
)
_CHANGE = Message("The change of a rate of the same people is that of the latest period that has one.")


def followed_tables(report: Report) -> tuple[Table, ...]:
    """A table a rate: a line a period, one for all complete periods, and of these one a part.  None of period rates."""
    spec = report.spec
    rows = [row for row in report.rows if row.metric.is_of_same_people]
    if spec.window is None:
        return ()
    parts = [report.dimension.title] if report.dimension is not None and any(row.part for row in rows) else []
    headers = [joined(" / ", [_PERIOD, *parts]), *_HEADERS]
    return tuple(
        Table(
            title=Words(_TITLE.filled(rate=row.label, window=spec.window.words)),
            columns=tuple(Column(header=Words(text)) for text in headers),
            rows=tuple(
                line for each in rows if each.metric is row.metric for line in _lines(report, each)
            ),
        )
        for row in rows
        if row.part is None and any(cell.value is not None or _is_open(cell) for cell in row.cells)
    )  # fmt: skip


def _lines(report: Report, row: Row) -> Iterator[tuple[Cell, ...]]:
    spec = report.spec
    if row.part is None:
        for period, cell in zip(spec.periods, row.cells, strict=True):
            yield (Months(first=period, grain=spec.grain, partial=_is_open(cell)), *_numbers(cell))
    if row.total.value is not None:
        yield (Words(_COMPLETE if row.part is None else row.part.label), *_numbers(_known(row)))


def _is_open(cell: Value) -> bool:
    """Whether not all who entered have had their time."""
    return cell.missing is not None and cell.missing.code == IMMATURE


def _known(row: Row) -> Value:
    """The total, with those who entered in complete periods alone."""
    total = row.total
    return Value(
        value=total.value, numerator=total.numerator, denominator=total.denominator, entered=total.denominator,
        is_share=total.is_share,
    )  # fmt: skip


def _numbers(value: Value) -> Iterator[Cell]:
    for number in (value.entered, value.denominator, value.numerator):
        yield Number(value=number, missing=value.missing if number is None else None)
    yield Number(value=value.value, unit=Unit.RATE, missing=value.missing)
    yield Words(bounds_text(interval_of(value)))


def followed_notes(spec: ReportSpec) -> Iterator[Note]:
    """What rates of the same people are; nothing of a report without them."""
    if spec.window is not None:
        yield Note("cohort-rates", _NOTE.filled(window=spec.window.words))
        yield Note("cohort-changes", _CHANGE)
