"""Rows among those of a table that hold the sums of others: a line after each plan or month, under any name.

It is their numbers that say so.  They are looked for among the rows that are written unlike most, and where the whole
table is made of rows and their sums.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from functools import cache
from math import lcm
from operator import itemgetter

from funnelcli.inputs.spec import CellKind
from funnelcli.problems import Problem, problem
from funnelcli.reading.footer import traits
from funnelcli.reading.last_row import MOST_READ, number_in
from funnelcli.reading.no_rows import person_place
from funnelcli.reading.opening import Opened
from funnelcli.reading.text_records import date_place
from funnelcli.reading.workbook import Record
from funnelcli.text import Message, Text
from funnelcli.text.regex import regex
from funnelcli.values.cells import clean
from funnelcli.values.channels import matches

FEWEST, SURE = 2, 3  # sums: of rows written unlike the others, and of such as are written like them
UNLIKE = 4  # different amounts, so that one of them is the sum of others by no accident
SHOWN = 10
_WHOLE = regex(r"(?<![\w.,-])\d+(?![\w.,-])")
_BELOW, _ABOVE = Message("above"), Message("below")

Sums = Callable[[Sequence[int]], int]  # what some rows come to


def subtotals(opened: Opened, rows: Sequence[Record]) -> Iterator[Problem]:
    """A warning where some of the rows of a file hold the sums of the rows above them, or below."""
    person = person_place(opened)
    place = opened.columns.index.get("source") if person is None else person
    header = opened.columns.header
    if place is None or len(rows) > MOST_READ or any(matches(cell, opened.settings.ignore) for cell in header):
        return
    unlike = _unlike(rows, place)
    for column, says, comes_to in _measures(opened, [record for _, record in rows]):
        for chosen in (*unlike, *_fitting(len(rows), says)):
            if (side := _are_sums(len(rows), chosen, says, comes_to)) is None:
                continue
            chosen = _with_whole(len(rows), chosen, says, comes_to)
            lines = [rows[row][0] for row in sorted(chosen)]
            names = dict.fromkeys(clean(rows[row][1][place]) for row in sorted(chosen))
            yield subtotal_problem(opened, lines, list(names), column=column, whose=place, is_above=side is _BELOW)
            return


def subtotal_problem(
    opened: Opened, lines: Sequence[int], names: Sequence[str], *, column: int, whose: int, is_above: bool
) -> Problem:
    """The warning of rows that hold the sums, in a ``column``, of those above them, or below.

    ``names`` are what they say of ``whose`` they are.
    """
    header = opened.columns.header
    return problem(
        "subtotal-rows", file=opened.name, line=lines[0], column=header[column], count=len(lines),
        lines=", ".join(map(str, lines[:SHOWN])) + (", …" if len(lines) > SHOWN else ""),
        side=_BELOW if is_above else _ABOVE, stage=opened.input.name, header=header[whose],
        names=[name[:80] for name in names[:SHOWN]],
    )  # fmt: skip


# --- what a row may be the sum of --------------------------------------------------------------------------------

# The numbers that a row may state: whole ones, for those of a column are told in its smallest part.
Says = Callable[[int], Set[int]]
_NOTHING: Set[int] = frozenset()


def _measures(opened: Opened, rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, Says, Sums]]:
    """Each column of amounts with what a row says in it, and what rows come to; and how many rows there are."""
    index, date = opened.columns.index, date_place(opened)
    wanted = [c.name for c in opened.known_columns if c.kind is CellKind.AMOUNT or c.name == "visits"]
    for place in dict.fromkeys(index[name] for name in wanted):
        cells = list(map(itemgetter(place), rows))
        known = {cell: number for cell in set(cells) if (number := number_in(cell))}
        parts = lcm(*(number.denominator for number in known.values()))
        numbers = {cell: int(number * parts) for cell, number in known.items()}
        stated = {cell: frozenset((number,)) for cell, number in numbers.items()}

        def says(row: int, cells: Sequence[str] = cells, stated: Mapping[str, Set[int]] = stated) -> Set[int]:
            return stated.get(cells[row], _NOTHING)

        def comes_to(some: Sequence[int], cells: Sequence[str] = cells, numbers: Mapping[str, int] = numbers) -> int:
            return sum(numbers.get(cells[row], 0) for row in some)

        yield place, says, comes_to
    if "visits" not in wanted:

        @cache
        def counted(row: int) -> Set[int]:
            cells = (cell for place, cell in enumerate(rows[row]) if place != date)
            return {int(number) for cell in cells for number in _WHOLE.findall(cell)}

        person = person_place(opened)
        if person is not None:
            yield person, counted, len


# --- which rows may be sums --------------------------------------------------------------------------------------


def _unlike(rows: Sequence[Record], place: int) -> list[Set[int]]:
    """Sets of rows that are written alike, and unlike most."""
    alike: dict[object, list[int]] = defaultdict(list)
    look = {cell: traits(cell) for cell in {record[place] for _, record in rows}}
    for number, (_, record) in enumerate(rows):
        filled = tuple(map(bool, map(str.strip, record)))
        alike[look[record[place]], filled].append(number)
        alike[filled].append(number)
    return [set(some) for some in alike.values() if len(some) >= FEWEST and 2 * len(some) <= len(rows)]


def _fitting(size: int, says: Says) -> list[Set[int]]:
    """The set of the rows whose numbers fit, where that can be no accident."""
    fitting = _that_fit(size, says)
    numbers = {number for row in range(size) if row not in fitting for number in says(row)} if fitting else set()
    return [fitting] if len(fitting) >= SURE and len(numbers) >= UNLIKE else []


def _that_fit(size: int, says: Says) -> Set[int]:
    """The rows that say what at least two rows since the last of them come to, if the last row is such a one."""
    fitting, since, part, whole = set[int](), 0, 0, 0
    for row in range(size):
        numbers = says(row)
        if len(numbers) != 1:
            return set()
        (number,) = numbers
        if (since >= FEWEST and number == part) or (not since and fitting and number == whole):
            fitting.add(row)
            since, part = 0, 0
        else:
            since, part, whole = since + 1, part + number, whole + number
    return set() if since else fitting


def _with_whole(size: int, chosen: Set[int], says: Says, comes_to: Sums) -> Set[int]:
    """The rows that hold sums, with the last one where it is the sum of all rows but them."""
    others = [row for row in range(size - 1) if row not in chosen]
    return {*chosen, size - 1} if comes_to(others) in says(size - 1) else chosen


def _are_sums(size: int, chosen: Set[int], says: Says, comes_to: Sums) -> Text | None:
    """Where the rows are that each of the chosen ones is the sum of, above it or below; None where some is none.

    All rows are part of some sum, and most sums are of several rows.
    """
    ordered = sorted(chosen)
    last = size - 1 if ordered[-1] == size - 1 else _last_whole(size, chosen, says, comes_to)
    for side, step, edge in ((_BELOW, 1, last), (_ABOVE, -1, 0)):
        parts: list[int] = []
        met: list[int] = []
        before = -1 if step > 0 else size
        for row in ordered[::step]:
            some = [number for number in range(before + step, row, step) if number not in chosen]
            met += some
            if some and comes_to(some) in says(row):
                parts.append(len(some))
            elif comes_to(met) not in says(row):
                break
            before = row
        else:
            several = sum(number >= FEWEST for number in parts)
            if before == edge and several >= FEWEST and 2 * several >= len(parts):
                return side
    return None


def _last_whole(size: int, chosen: Set[int], says: Says, comes_to: Sums) -> int | None:
    """The last of the chosen rows, where but the sum of all rows but them follows it."""
    is_whole = max(chosen) == size - 2 and size - 1 in _with_whole(size, chosen, says, comes_to)
    return size - 2 if is_whole else None
