"""How many of something an amount is for, by the cells of the rows: a quantity, or a number of intervals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from msgspec import Struct

from funnelcli.facts.kinds import Kinds
from funnelcli.facts.rows import Rows
from funnelcli.problems import Problem, problem
from funnelcli.reading.opening import Opened
from funnelcli.values.channels import matches
from funnelcli.values.counted import count_in
from funnelcli.values.terms import months_of_interval

NO_COUNT = -1  # in place of a number: a cell that is none


def counts_of(rows: Rows, column: str) -> list[int | None]:
    """The whole numbers of a column, NO_COUNT for a cell that is none; None where it is empty."""
    if column not in rows:
        return [None] * len(rows)
    cells = rows.list_of(column)
    known = {cell: count_in(cell) for cell in set(cells)}
    return [None if not cell else NO_COUNT if (number := known[cell]) is None else number for cell in cells]


def months_of_rows(
    rows: Rows, column: str, lasting: Sequence[Fraction | None]
) -> tuple[list[Fraction | None], list[bool]]:
    """The months of each row by its interval and the number of intervals, and which rows have a number that is none.

    A number may be written with the interval itself, as 3 months; with another than the row has, it is none.
    """
    months: list[Fraction | None] = []
    odd: list[bool] = []
    cells = rows.list_of(column) if column in rows else [""] * len(rows)
    for each, count, cell in zip(lasting, counts_of(rows, column), cells, strict=True):
        whole = each if each is None or count is None else each * count
        said = months_of_interval(cell) if count is not None and not cell.isdigit() else None
        is_odd = each is not None and count is not None and (count <= 0 or said not in (None, whole))
        months.append(None if is_odd else whole)
        odd.append(is_odd)
    return months, odd


class Multiples(Struct, frozen=True, kw_only=True, eq=False):
    """What is odd about the cells of a ``column`` that multiplies or divides amounts.

    ``odd`` kinds of rows hold what is no number, so that their MRR is missing; ``empty`` ones nothing, and count as 1.
    """

    column: str
    odd: Sequence[bool]
    empty: Sequence[bool]

    def warnings(self, rows: Rows, files: Sequence[Opened], kinds: Kinds) -> Iterator[Problem]:
        """A warning for each odd row, and for each file with empty ones."""
        of_rows, lines = rows["file"], rows["line"]
        for row in kinds.places_of(self.odd):
            opened = files[of_rows[row]]
            yield problem(
                "not-a-quantity", file=opened.name, line=int(lines[row]), column=self.column, stage=opened.input.name,
                value=rows.text(self.column, row)[:80],
            )  # fmt: skip
        empty = kinds.places_of(self.empty)
        for file in dict.fromkeys(of_rows[empty].tolist()):
            opened, of_file = files[file], [row for row in empty if of_rows[row] == file]
            header = opened.columns.header_of(self.column)
            if header is not None and not matches(header, opened.settings.ignore):
                yield problem(
                    "quantity-empty", file=opened.name, line=int(lines[of_file[0]]), column=self.column,
                    rows=len(of_file), header=header, stage=opened.input.name,
                )  # fmt: skip


def empty_beside_more(counts: Sequence[int | None], used: Sequence[bool]) -> list[bool]:
    """The rows in use without a number, where others have more than one.

    >>> empty_beside_more([5, None, 1], [True, True, True]), empty_beside_more([1, None], [True, True])
    ([False, True, False], [False, False])
    """
    has_more = any(is_used and (count or 0) > 1 for count, is_used in zip(counts, used, strict=True))
    return [has_more and is_used and count is None for count, is_used in zip(counts, used, strict=True)]
