"""What whole columns say about the order of day and month, and about the decimal mark.

The files of one input are one export in pieces, so their evidence is pooled: how the rows are split over files
changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from funnelcli.problems import Problem, problem
from funnelcli.reading.moments import are_day_and_month
from funnelcli.text import Message
from funnelcli.values.dates import DateEvidence, DateOrder, order_said
from funnelcli.values.numbers import DecimalMark, NumberEvidence
from funnelcli.values.spans import span_of
from funnelcli.values.swapped import SwapEvidence

if TYPE_CHECKING:
    from funnelcli.reading.raw import RawTable


class Place(NamedTuple):
    """Where a cell stands, for the errors."""

    file: str
    line: int
    column: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


ORDER_LABELS = {
    "dmy": Message("day/month/year"),
    "mdy": Message("month/day/year"),
}


def observe_dates(evidence: DateEvidence, table: RawTable, column: str) -> None:
    """Add a column's cells to the evidence."""
    cells = table.cells[column]
    if cells.dates is not None:
        return  # ISO dates, the usual case, say nothing
    texts = list(filter(None, cells.texts))
    if are_day_and_month(texts):  # then the first five characters say all
        firsts = {text[:5]: text for text in reversed(texts)}
        texts = sorted(firsts.values(), key=cells.first.__getitem__)
    for text in texts:
        # ISO dates are told by their fifth character.
        if len(text) > 4 and text[4] != "-" and not text.isdigit():
            for day in span_of(text) or (text,):
                says = order_said(day)
                if says and getattr(evidence, says) is None:
                    line = int(table.lines[cells.first[text]])
                    evidence.observe(day, Place(table.opened.name, line, column))


def date_evidence(tables: Iterable[RawTable], columns: Sequence[str]) -> DateEvidence:
    """The evidence of the date columns of all files of an input."""
    evidence = DateEvidence()
    for table in tables:
        for name in columns:
            if name in table.cells:
                said = _said(table, name)
                evidence.dmy, evidence.mdy = evidence.dmy or said.dmy, evidence.mdy or said.mdy
                evidence.either = evidence.either or said.either
    return evidence


def _said(table: RawTable, column: str) -> DateEvidence:
    """What a column of a file says, asked once."""
    if column not in table.said:
        table.said[column] = DateEvidence()
        observe_dates(table.said[column], table, column)
    return table.said[column]


def half_converted(table: RawTable, column: str) -> Problem | None:
    """The problem of a column of one file in which a spreadsheet has swapped day and month where it could."""
    said = _said(table, column)
    if said.either or said.order is None:
        return None
    evidence = SwapEvidence()
    for text, row in table.cells[column].first.items():
        if evidence.is_honest:
            return None
        evidence.observe(text, Place(table.opened.name, int(table.lines[row]), column))
    return swap_fault(evidence)


def swap_fault(evidence: SwapEvidence) -> Problem | None:
    """The problem of dates that are half converted; None where the cells do not show it."""
    if not evidence.is_half_converted or evidence.true is None or evidence.text is None:
        return None
    (true, place), (text, other_place) = evidence.true, evidence.text
    return _at(place, "half-converted-dates", example=true, other=text, other_place=other_place)


def decide_order(
    evidence: DateEvidence, given: DateOrder | None, *, stage: str
) -> tuple[DateOrder | None, Problem | None]:
    """The order of day and month: as the config says, else as the evidence says, else a problem.

    No problem where no cell needs the order.
    """
    if given is not None:
        return given, None
    if evidence.order is not None:
        return evidence.order, None
    if evidence.dmy and evidence.mdy:
        (first, place), (second, other_place) = evidence.dmy, evidence.mdy
        return None, _at(
            place, "date-order-mixed", stage=stage, example=first, order=ORDER_LABELS["dmy"],
            other=second, other_order=ORDER_LABELS["mdy"], other_place=other_place,
        )  # fmt: skip
    if evidence.either:
        text, place = evidence.either
        return None, _at(place, "date-order-undecided", stage=stage, example=text)
    return None, None


def decide_mark(
    evidence: NumberEvidence, given: DecimalMark | None, *, stage: str
) -> tuple[DecimalMark | None, Problem | None]:
    """The decimal mark: as the config says, else as the evidence says; a problem where it is contradictory."""
    if given is not None:
        return given, None
    if evidence.point and evidence.comma:
        (first, place), (second, other_place) = evidence.point, evidence.comma
        return None, _at(
            place, "decimal-mixed", stage=stage, example=first, mark=".", other=second,
            other_mark=",", other_place=other_place,
        )  # fmt: skip
    if evidence.either and evidence.mark is None:
        text, place = evidence.either
        return None, _at(place, "decimal-undecided", stage=stage, example=text)
    return evidence.mark, None


def _at(place: object, code: str, **facts: object) -> Problem:
    """A problem at the place that the evidence noted."""
    assert isinstance(place, Place)
    return problem(code, file=place.file, line=place.line, column=place.column, **facts)
