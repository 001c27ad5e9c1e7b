"""The table that ``--revenue-by-month`` names: an amount for each month."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import IO

from msgspec import Struct

from funnelcli.answers.phrases import NOT_A_MONTH
from funnelcli.answers.plan_options import STANDS_TWICE, read
from funnelcli.answers.targets_cells import month_of_cell, months_named, year_in
from funnelcli.problems import UsageError
from funnelcli.reading.discover import STDIN
from funnelcli.reading.small import SmallRow, decoded, is_workbook, read_once, rows_of, workbook_rows
from funnelcli.text import Message
from funnelcli.values.amounts import parse_amount
from funnelcli.values.dates import month_labelled


class MonthlyAmounts(Struct, frozen=True, kw_only=True):
    """Amounts by month, as a small table gives them, and what each of its lines says, by its place."""

    name: str
    amounts: Mapping[str, Fraction]
    said: Mapping[str, str]


def read_amounts(path: Path, stdin: Callable[[], IO[bytes]]) -> MonthlyAmounts:
    """A small table or sheet of month and amount, with or without a header, or of a row of months above one of amounts.

    UsageError names the line that is wrong.  It is read once, since it may be a pipe, or ``-`` for standard input.
    """
    if str(path) == STDIN:
        name, data = "stdin", stdin().read()
    else:
        # A pipe has but a number for a name.
        name, data = path.name if path.is_file() else str(path), read_once(path, str(path))
    rows = [row for row in _small_rows(data, name) if any(cell.strip() for cell in row.cells)]
    titles = [cell for row in rows[:1] if month_labelled(row.cells[0]) is None for cell in row.cells]
    year = year_in([name, *titles])
    amounts: dict[str, Fraction] = {}
    for place, month, amount in _monthly(rows, name, year):
        if month in amounts:
            raise UsageError(
                STANDS_TWICE.filled(place=place, what=month),
                hint=Message("Keep one of the rows."),
            )
        amounts[month] = read(parse_amount, amount, place)
    return MonthlyAmounts(name=name, amounts=amounts, said={f"{name}:{row.line}": row.text for row in rows})


def _small_rows(data: bytes, name: str) -> list[SmallRow]:
    """The rows of a text, or of the first sheet of a workbook that has some."""
    if not is_workbook(data):
        return rows_of(decoded(data, name))
    return next((rows for rows in workbook_rows(data, name).values() if rows), [])


def _monthly(rows: Sequence[SmallRow], name: str, year: int | None) -> Iterator[tuple[str, str, str]]:
    """The place, month and amount of each row; or of each column, where the months stand above the amounts."""
    labelled = [month_labelled(cell) for row in rows[:1] for cell in row.cells]
    if len(rows) == 2 and sum(label is not None for label in labelled) > 1:
        months = months_named(rows[0].cells, year, f"{name}:{rows[0].line}")
        place, cells = f"{name}:{rows[1].line}", [*rows[1].cells, *[""] * len(labelled)]
        yield from ((place, month, cells[column].strip()) for column, month in months.items())
        return
    for row in rows:
        cells = [cell.strip() for cell in row.cells]
        if row is rows[0] and month_labelled(cells[0]) is None:
            continue
        place = f"{name}:{row.line}"
        if month_labelled(cells[0]) is None or len(cells) < 2:
            raise UsageError(
                NOT_A_MONTH.filled(place=place, text=cells[0]),
                hint=Message("Write rows like 2027-01,800tr."),
            )
        yield place, month_of_cell(cells[0], place, year), cells[1]
