"""The last row of a file of people, where its numbers are the sums of those above it: it may be a total and nobody."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice

from funnelcli.inputs.spec import CellKind
from funnelcli.problems import Problem, problem
from funnelcli.reading.dialect import Container, FileFault
from funnelcli.reading.no_rows import person_place
from funnelcli.reading.opening import Opened
from funnelcli.reading.rollups import MOST_BYTES, MOST_ROWS
from funnelcli.reading.rows import quiet_rows
from funnelcli.reading.text_records import date_place
from funnelcli.reading.workbook import Record
from funnelcli.values.cells import clean
from funnelcli.values.numbers import bare_number, exact_number

MOST_READ = 5_000  # rows of a table that people read, and put sums between
FEWEST = 4  # rows above it; the sum of fewer may well be an amount


def few_rows(opened: Opened) -> list[Record]:
    """The rows of a file with their lines; none of one that has many lines, is large, or cannot be read."""
    most = most_rows(opened)
    try:
        if not has_few_lines(opened):
            return []
        rows = list(islice(quiet_rows(opened), most + 1))
    except (FileFault, OSError):
        return []  # which reading the file says
    return rows if len(rows) <= most else []


def most_rows(opened: Opened) -> int:
    """How many rows of a file are looked at one by one; where amounts are read, more of them may be sums."""
    return MOST_ROWS if any(column.kind is CellKind.AMOUNT for column in opened.known_columns) else MOST_READ


def has_few_lines(opened: Opened) -> bool:
    """Whether a file is small and has but so many lines."""
    if os.path.getsize(opened.file.path) > MOST_BYTES:
        return False
    is_text = opened.content.container is Container.TEXT
    return not is_text or opened.file.path.read_bytes().count(b"\n") <= most_rows(opened)


def sums_below(opened: Opened, rows: Sequence[Record]) -> Iterator[Problem]:
    """A warning where the amount of the last row, or the number in the place of its date, is the sum of the others."""
    person = person_place(opened)
    if person is None:
        return
    places = [opened.columns.index[c.name] for c in opened.known_columns if c.kind is CellKind.AMOUNT]
    if not places or len(rows) <= FEWEST:
        return
    line, last = rows[-1]
    place = _place_of_sum([record for _, record in rows[:-1]], last, places, date_place(opened))
    if place is not None:
        yield total_problem(opened, line, place, last[place], last[person])


def total_problem(opened: Opened, line: int, place: int, value: str, user: str) -> Problem:
    """The warning that the last row may be a total, whose sum stands at a place."""
    header, person = opened.columns.header, person_place(opened) or 0
    return problem(
        "row-may-be-total", file=opened.name, line=line, column=header[place], value=clean(value)[:40],
        user=clean(user)[:80], header=header[person], stage=opened.input.name,
    )  # fmt: skip


def _place_of_sum(rows: Sequence[Sequence[str]], last: Sequence[str], places: Sequence[int], date: int) -> int | None:
    """Where a number stands in the last row that is the sum of a column of amounts above it."""
    for place in places:
        whole = sum((number_in(row[place]) or 0 for row in rows), Fraction(0))
        if whole and whole == number_in(last[place]):
            return place
        if whole and whole == number_in(last[date]) and not any(number_in(row[date]) is not None for row in rows):
            return date
    return None


def number_in(cell: str) -> Fraction | None:
    """An amount as it is written, exactly; a mark that may be either stands for the same in all cells of a column."""
    bare = bare_number(clean(cell))
    if bare is None:
        return None
    number = exact_number(bare, None)
    return exact_number(bare, ".") if number is None else number
