"""The same people followed: how many entered, whose time is over, who of them got on, and how sure the rate is."""

from __future__ import annotations

from collections.abc import Iterator

from funnelcli.answers.answer import Column, Table
from funnelcli.answers.cells import Cell, Months, Number, Words
from funnelcli.answers.report_model import Report, ReportSpec, Row
from funnelcli.answers.uncertain import bounds_text, interval_of
from funnelcli.text import Message
from funnelcli.values.figures import Note, Unit, Value

_TITLE = Message("The same people, within {window}")
_HEADERS = (
    Message("Rate"), Message("Period"), Message("People"), Message("Matured"), Message("Got on"), Message("Rate"),
    Message("95 %"),
)  # fmt: skip
_PART = Message("Part")
_COMPLETE = Message("Complete periods")
_NOTE = Message(
    "Rates of the same people are of those who entered in the period, whenever they got on: each has {window}, "
    "and a period has a rate once that is over for all of them. The total is of these periods together. "
    "Period rates divide what happened in one period, by other people too."
)
_CHANGE = Message("The change of a rate of the same people is that of the latest period that has one.")


def followed_table(report: Report) -> tuple[Table, ...]:
    """A line a rate and period, and one for all complete periods; of a part the latter. Nothing of a period report."""
    spec = report.spec
    rows = [row for row in report.rows if row.metric.is_of_same_people]
    if spec.window is None or not rows:
        return ()
    split = any(row.part for row in rows)
    headers = [_HEADERS[0], *([_PART] if split else []), *_HEADERS[1:]]
    lines = [tuple(line) for row in rows for line in _lines(report, row, split=split)]
    return (
        Table(
            title=Words(_TITLE.filled(window=spec.window.text)),
            columns=tuple(
                Column(header=Words(header), words=place < 2 + split) for place, header in enumerate(headers)
            ),
            rows=tuple(lines),
        ),
    )


def _lines(report: Report, row: Row, *, split: bool) -> Iterator[list[Cell]]:
    spec = report.spec
    part = [Words("" if row.part is None else row.part.label)] if split else []
    if row.part is None:
        for period, cell in zip(spec.periods, row.cells, strict=True):
            partial = cell.value is None and bool(cell.entered)
            month = Months(first=period, grain=spec.grain, partial=partial)
            yield [Words(row.label), *part, month, *_numbers(cell)]
    if row.total.value is not None:
        yield [Words(row.label), *part, Words(_COMPLETE), *_numbers(_known(row))]


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
        yield Note("cohort-rates", _NOTE.filled(window=spec.window.text))
        yield Note("cohort-changes", _CHANGE)
