"""What whole columns say about the order of day and month, and about the decimal mark.

The files of one input are one export in pieces, so their evidence is pooled: how the rows are split over files
changes nothing.
"""

from collections.abc import Iterable, Sequence

from funnelcli.errors import Problem, problem
from funnelcli.ingest.rows import RawTable
from funnelcli.ingest.values import DateEvidence, DateOrder, DecimalMark, NumberEvidence, order_said

_LABEL = {"dmy": "day/month/year", "mdy": "month/day/year"}


def observe_dates(evidence: DateEvidence, cells: Sequence[str], lines: Sequence[int], file: str) -> None:
    """Add a column's cells to the evidence."""
    for text in dict.fromkeys(cells):
        # ISO dates, the usual case, say nothing and are told by their fifth character.
        if len(text) > 4 and text[4] != "-" and not text.isdigit():
            says = order_said(text)
            if says and getattr(evidence, says) is None:
                evidence.observe(text, f"{file}:{lines[cells.index(text)]}")


def date_evidence(tables: Iterable[RawTable], columns: Sequence[str]) -> DateEvidence:
    """The evidence of the date columns of all files of an input."""
    evidence = DateEvidence()
    for table in tables:
        for name in columns:
            if name in table.cells:
                observe_dates(evidence, table.cells[name], table.lines, table.opened.name)
    return evidence


def decide_order(
    evidence: DateEvidence, given: DateOrder | None, *, stage: str, column: str
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
            place, "date-order-mixed", column=column, stage=stage, example=first, order=_LABEL["dmy"],
            other=second, other_order=_LABEL["mdy"], other_place=other_place,
        )  # fmt: skip
    if evidence.either:
        text, place = evidence.either
        return None, _at(place, "date-order-undecided", column=column, stage=stage, example=text)
    return None, None


def decide_mark(
    evidence: NumberEvidence, given: DecimalMark | None, *, stage: str, column: str
) -> tuple[DecimalMark | None, Problem | None]:
    """The decimal mark: as the config says, else as the evidence says; a problem where it is contradictory."""
    if given is not None:
        return given, None
    if evidence.point and evidence.comma:
        (first, place), (second, other_place) = evidence.point, evidence.comma
        return None, _at(
            place, "decimal-mixed", column=column, stage=stage, example=first, mark=".", other=second,
            other_mark=",", other_place=other_place,
        )  # fmt: skip
    if evidence.either and evidence.mark is None:
        text, place = evidence.either
        return None, _at(place, "decimal-undecided", column=column, stage=stage, example=text)
    return evidence.mark, None


def _at(place: str, code: str, **facts: object) -> Problem:
    """A problem at ``file:line``, as the evidence noted the place."""
    file, _, line = place.rpartition(":")
    column = facts.pop("column")
    return problem(code, file=file, line=int(line), column=str(column), **facts)
