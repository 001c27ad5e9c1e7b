"""Dates that are none as they seem: years of two digits that may stand first, as in 26/01/05; months for days."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from funnelcli.inputs.spec import CellKind
from funnelcli.problems import Problem, problem
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import raw_records
from funnelcli.reading.unread import SAMPLE_ROWS, date_in
from funnelcli.text.regex import regex
from funnelcli.values.cells import clean
from funnelcli.values.dates import read_month

FIRST_YEAR, YEARS_APART = 15, 10  # of years written 15 to 99, those of one file lie close together
_SHORT = regex(r"(\d{2})([-/. ])(\d{1,2})\2(\d{2})(?:\D.*)?", re.ASCII)


def odd_days(opened: Opened) -> Iterator[Problem]:
    """An error for each column of dates that may begin with the year, where no setting says it, or that are months."""
    if opened.settings.date_order is not None:
        return
    dates = [column for column in opened.known_columns if column.is_date]
    places = {opened.columns.index[column.name]: column.name for column in dates}
    # A month ends on its last day, and where its cell may stand for all of it that is said elsewhere.
    months = {column.name for column in dates if column.kind is CellKind.END_DATE or column.until}
    try:
        records = list(islice(raw_records(opened, lambda _: None), SAMPLE_ROWS))
    except FileFault:
        return  # which reading the file says
    for place, name in places.items():
        cells = [cell for _, record in records if place < len(record) and (cell := clean(record[place]))]
        if (
            name not in months
            and cells
            and not any(map(_says_day, cells))
            and all(read_month(cell) is not None for cell in cells)
        ):
            yield problem(
                "months-for-days", file=opened.name, line=opened.header_line or None, column=name,
                header=opened.columns.header[place], example=cells[0][:40], stage=opened.input.name,
            )  # fmt: skip
        if may_begin_with_year(cells):
            yield problem(
                "years-first-undecided", file=opened.name, line=opened.header_line or None, column=name,
                example=cells[0][:40], stage=opened.input.name,
            )  # fmt: skip


def _says_day(cell: str) -> bool:
    return date_in(cell) is not None or _SHORT.fullmatch(cell) is not None


def may_begin_with_year(cells: Sequence[str]) -> bool:
    """Whether dates change more in their last number than in their first, as days of a month do and years do not.

    >>> may_begin_with_year(["26/01/05", "26/01/25", "26/02/17"]), may_begin_with_year(["26-01-05"] * 2)
    (True, False)
    >>> may_begin_with_year(["26/01/26", "25/01/26"]), may_begin_with_year(["05/01/24", "05/01/25", "05/01/26"])
    (False, False)
    """
    dates = [match for cell in cells if (match := _SHORT.fullmatch(cell)) is not None]
    if len(dates) < 2 or 2 * len(dates) < len(cells):
        return False
    firsts, months, lasts = ({int(match[part]) for match in dates} for part in (1, 3, 4))
    fits = min(firsts) >= FIRST_YEAR and max(firsts) - min(firsts) <= YEARS_APART and max(months) <= 12
    return fits and min(lasts) >= 1 and max(lasts) <= 31 and len(lasts) > len(firsts)
