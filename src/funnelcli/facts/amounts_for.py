"""How many months amounts are for where a header says one term and the intervals of its rows another.

The rows tell, if some of a plan are by the month and others by the year: as many times the amount, and it is the price
of the interval; about the same one, and it is what the header says.  Where they do not, the header holds, and is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Literal

import numpy as np
from msgspec import Struct

from funnelcli.facts.kinds import Kinds
from funnelcli.facts.priced_alike import Evidence, evidence_of
from funnelcli.facts.rows import Rows
from funnelcli.inputs.spec import Stays
from funnelcli.problems import Problem, problem
from funnelcli.reading.opening import Opened
from funnelcli.text import Message
from funnelcli.values.terms import months_of_interval, term_of_header

MONTH = Fraction(1)
_NAMES: dict[Fraction, Literal["month", "quarter", "year"]] = {
    MONTH: "month", Fraction(3): "quarter", Fraction(12): "year"
}  # fmt: skip
_WORDS = {MONTH: Message("month"), Fraction(3): Message("quarter"), Fraction(12): Message("year")}


class AmountsFor(Struct, frozen=True, kw_only=True, eq=False):
    """How many months the amounts of a column of a file are for; None: as many as the interval of each row.

    ``code`` is that of the problem that says so, where it takes one, of the kinds of rows ``of``, the first of them
    beside one of another term, ``other``.
    """

    months: Fraction | None
    code: str = ""
    of: Sequence[int] = ()
    other: int = 0


def amounts_for(
    rows: Rows, files: Sequence[Opened], stays: Stays, months: Sequence[Fraction | None], *, payments: bool
) -> list[dict[str, AmountsFor]]:
    """By file and column of amounts what they are for, by the settings, the export, the rows and the header.

    ``months`` are those of the interval of each row, None where it says none.  Payments are for their interval.

    A row of which both are filled in is priced by the first column.
    """
    of_mrr = rows.list_of(stays.amounts[0])
    of_file = rows.list_of("file")
    known: list[dict[str, AmountsFor]] = [{} for _ in files]
    for column in stays.amounts:
        is_mrr = column == stays.amounts[0]
        cells = [cell if is_mrr or not mrr else "" for cell, mrr in zip(rows.list_of(column), of_mrr, strict=True)]
        evidence = evidence_of(rows, column, cells, months, files)
        for file, opened in enumerate(files):
            said = _said(opened, stays, column)
            usual = MONTH if is_mrr and said is None else said
            if payments and not is_mrr:
                usual = None
            decided = None if payments else _stated(opened, stays, column, usual)
            if decided is None:
                used = [row for row, cell in enumerate(cells) if cell and of_file[row] == file]
                decided = _by_rows(usual, evidence, used, months, is_mrr=is_mrr)
            known[file][column] = decided
    return known


def _said(opened: Opened, stays: Stays, column: str) -> Fraction | None:
    """The term that the header of a column says."""
    header = opened.columns.header_of(column)
    return None if header is None else term_of_header(header)


def _stated(opened: Opened, stays: Stays, column: str, usual: Fraction | None) -> AmountsFor | None:
    """What the settings say, or that the system of an export is known to mean what it writes."""
    said = opened.settings.amount_for
    is_meant = column == next((name for name in stays.amounts if opened.has(name)), None)
    if said is not None and is_meant:
        return AmountsFor(months=None if said == "interval" else months_of_interval(said))
    return AmountsFor(months=usual) if opened.export is not None else None


def _by_rows(
    usual: Fraction | None,
    evidence: Evidence,
    used: Sequence[int],
    months: Sequence[Fraction | None],
    *,
    is_mrr: bool,
) -> AmountsFor:
    """What the rows in use tell: of those whose interval is not the ``usual`` term, which reading they fit."""
    reading = evidence.of(used)
    if usual is None:
        if reading.says == "rate":
            return AmountsFor(months=None, code="one-price-for-any-interval", of=reading.rows, other=reading.other)
        return AmountsFor(months=None)
    other = [row for row in used if months[row] not in (None, usual)]
    if not other or reading.says == "rate":
        return AmountsFor(months=usual, code="mrr-of-a-year" if is_mrr and usual != MONTH and used else "", of=used)
    if reading.says == "interval":
        return AmountsFor(months=None, code="mrr-by-interval", of=reading.rows, other=reading.other)
    return AmountsFor(months=usual, code="term-in-header", of=other)


def said_of_terms(
    rows: Rows, files: Sequence[Opened], kinds: Kinds, stays: Stays, known: Sequence[dict[str, AmountsFor]]
) -> Iterator[Problem]:
    """For each file and column what its amounts are taken to be for, where that is not certain."""
    alike = np.bincount(kinds.of_row, minlength=len(kinds.first))
    for opened, columns in zip(files, known, strict=True):
        for column, meant in columns.items():
            if not meant.code:
                continue
            header, row = opened.columns.header_of(column) or column, int(kinds.first[meant.of[0]])
            term = term_of_header(header) or MONTH
            yield problem(
                meant.code, file=opened.name, line=int(rows["line"][row]), column=column, header=header,
                rows=int(alike[list(meant.of)].sum()), value=rows.text(column, row)[:40],
                interval=rows.text(stays.interval, row)[:40],
                other=rows.text(column, int(kinds.first[meant.other]))[:40], term=_NAMES[term], words=_WORDS[term],
                stage=opened.input.name,
            )  # fmt: skip
