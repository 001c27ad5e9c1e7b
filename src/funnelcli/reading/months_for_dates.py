"""Files that give months where a date is needed: a column a month, months without their year, or months for days."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from funnelcli.inputs.spec import CellKind, Input
from funnelcli.problems import Problem, problem
from funnelcli.reading.keys import sampled
from funnelcli.reading.made import days_in_name
from funnelcli.reading.opening import Opened
from funnelcli.text import NOTHING, Message, joined
from funnelcli.text.regex import regex
from funnelcli.values.cells import clean
from funnelcli.values.dates import FIRST_YEAR, LAST_YEAR, month_labelled, reads_as_day

FEWEST = 2  # headers that are months
_QUARTER = regex(r"(?:q|quý|quy|quarter)\s*[1-4iv]{1,3}|[1-4]q", re.IGNORECASE)
_PLAIN_MONTH = regex(r"0?[1-9]|1[0-2]")
_DAY_OF_NO_YEAR = regex(r"\d{1,2}[/.-]\d{1,2}|\d{1,2}[ -][^\W\d_]{3,9}|[^\W\d_]{3,9} \d{1,2}")
_OF_MONTHS = regex(r"\b(months?|tháng|mo)\b", re.IGNORECASE)

_ROWS = Message(
    "write a row for each {thing} and month, with a column for the month, like 2026-09, in place of the columns"
)
_OF_MONTHS_FILE = Message(
    "write a row for each month in place of the columns: month, then a column for each figure, in monthly.csv"
)
_NAMES = Message("write the names of figures, like new_signups, into the first column, each in one row")
_YEARS = Message(
    "write the year into their headers, like 2026-09, and the names of figures, like new_signups, into the first column"
)
_CUSTOMER = Message("customer")
_AND_YEAR = Message(", and say the year")
_WRITE = Message("write the year into the cells, like 2026-09")
_FROM = Message("put the year of {header!r} into the cells, like 2026-09")
_NAME_IT = Message(
    "If it lists who pays in the month that its name says: say the year there too, like paid_users_2026-09.csv."
)
_IN_NAME = regex(
    r"(?<![^\W\d_])(?:t|thang|tháng|thg|m|month)[-_. ]?(?:0?[1-9]|1[0-2])(?!\d)"
    r"|(?<![^\W\d_])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)(?![^\W\d_])"
    r"|(?:january|february|march|april|june|july|august|september|october|november|december)"
)


def with_months_named(faults: Sequence[Problem], wanted: Input, opened: Sequence[Opened]) -> list[Problem]:
    """The faults of a file, that of a missing date as what stands in its place, where that is months.

    ``opened`` is the file opened without its date.
    """
    dates = {column.name for column in wanted.columns if column.is_date or column.kind is CellKind.MONTH}
    named = [next(_named(fault, wanted, opened), None) if fault.column in dates else None for fault in faults]
    if not any(named):
        return [_or_named_by_year(fault, wanted) for fault in faults]
    return [fault for fault in named if fault is not None]


def _or_named_by_year(fault: Problem, wanted: Input) -> Problem:
    """The fault of a missing start with the name that would say of which month a list of customers is."""
    month = _IN_NAME.search(fault.file.rpartition("/")[2].casefold())
    is_start = wanted.stays is not None and fault.code == "missing-column" and fault.column == wanted.stays.start
    if not is_start or month is None or days_in_name(fault.file) is not None:
        return fault
    return replace(fault, advice=joined(" ", [fault.advice, _NAME_IT]))


def _named(fault: Problem, wanted: Input, opened: Sequence[Opened]) -> Iterator[Problem]:
    for each in opened if fault.code == "missing-column" else ():
        yield from _across(each, wanted)
        yield from _without_year(each, wanted)


def _across(opened: Opened, wanted: Input) -> Iterator[Problem]:
    """The fault of a file with a column for each month."""
    header = [cell for cell in opened.columns.header if cell.strip()]
    months = [cell for cell in header if month_labelled(cell) is not None]
    days = [cell for cell in header if reads_as_day(cell) or _DAY_OF_NO_YEAR.fullmatch(cell.strip())]
    if len(days) > len(months) and len(days) >= max(FEWEST, len(header) / 2):
        are_said = all(map(reads_as_day, days))
        yield problem(
            "days-across", file=opened.name, line=opened.header_line or None, count=len(days), first=days[0],
            last=days[-1], year=NOTHING if are_said else _AND_YEAR,
        )  # fmt: skip
    if len(months) < FEWEST or len(months) < len(header) / 2 or len(days) > len(months):
        return
    are_years_said = all((month_labelled(cell) or (None, 0))[0] is not None for cell in months)
    step = _ROWS.filled(thing=_CUSTOMER) if wanted.stays is not None else _OF_MONTHS_FILE
    if wanted.stands_in:
        step = _NAMES if are_years_said else _YEARS
    yield problem(
        "months-across", file=opened.name, line=opened.header_line or None, count=len(months), first=months[0],
        last=months[-1], step=step, year=NOTHING if are_years_said or wanted.stands_in else _AND_YEAR,
    )  # fmt: skip


def _without_year(opened: Opened, wanted: Input) -> Iterator[Problem]:
    """The fault of a file with a column of months or quarters that say no year, or with months where days should be."""
    taken = set(opened.columns.index.values())
    records = sampled(opened)
    columns = {
        header: [cell for record in records if (cell := clean(record[place]))]
        for place, header in enumerate(opened.columns.header)
        if place not in taken and header.strip()
    }
    years = next((header for header, cells in columns.items() if _are(cells, is_year)), None)
    for header, cells in columns.items():
        line = opened.header_line or None
        is_plain = bool(_OF_MONTHS.search(header)) and _are(cells, is_month_number)
        if is_plain or _are(cells, _has_no_year):
            step = _WRITE if years is None else _FROM.filled(header=years)
            yield problem(
                "months-without-year", file=opened.name, line=line, column=header, example=cells[0][:40], step=step
            )
        elif _are(cells, _is_month) and wanted.stays is None:
            yield problem(
                "months-for-days", file=opened.name, line=line, column=header, header=header, example=cells[0][:40]
            )


def _are(cells: Sequence[str], is_such: Callable[[str], bool]) -> bool:
    return bool(cells) and all(map(is_such, cells))


def is_year(cell: str) -> bool:
    """Whether a cell is a year and nothing else.

    >>> is_year("2026"), is_year("26"), is_year("2026-01")
    (True, False, False)
    """
    return cell.isascii() and cell.isdigit() and FIRST_YEAR <= int(cell) <= LAST_YEAR


def _is_month(cell: str) -> bool:
    labelled = month_labelled(cell)
    return labelled is not None and labelled[0] is not None and not re.search(r"\d+\D+\d+\D+\d", cell)


def is_month_number(cell: str) -> bool:
    """Whether a cell is the number of a month: 9, 09, 12."""
    return bool(_PLAIN_MONTH.fullmatch(cell))


def _has_no_year(cell: str) -> bool:
    """Whether a cell is a month or a quarter without its year.

    >>> [_has_no_year(cell) for cell in ("Tháng 9", "Sep", "Q3", "Quý IV", "2026-09", "Sepp")]
    [True, True, True, True, False, False]
    """
    labelled = month_labelled(cell)
    return (labelled is not None and labelled[0] is None) or bool(_QUARTER.fullmatch(cell))
