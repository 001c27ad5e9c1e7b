"""The rows of an opened file, with the line each begins on.

Every container gives the same thing: records of text cells.  What is no data (blank lines, totals, the header once
more, lines filtered out by the config) is left out here, so that nobody after this has to know of it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.problems import Problem, Problems, problem
from funnelcli.reading.bounds import BLANK_LINES, BLANKS, ROWS, most_rows, too_large
from funnelcli.reading.dialect import Container, FileFault
from funnelcli.reading.emptied import Emptied
from funnelcli.reading.footer import is_row, without_footer
from funnelcli.reading.headers import header_key
from funnelcli.reading.no_rows import is_header_again, no_row, person_place
from funnelcli.reading.opening import Opened
from funnelcli.reading.second_tables import SecondTable, is_other_header
from funnelcli.reading.sheet_marks import filled_down, with_errors
from funnelcli.reading.text_records import Report, date_place, held_records, text_records
from funnelcli.reading.totals import is_total
from funnelcli.reading.trailing import has_trailing_delimiters
from funnelcli.reading.turned_records import turned_records
from funnelcli.reading.workbook import Record, cell_text, load_workbook, numbered, sheet_with_merged
from funnelcli.text import Message
from funnelcli.values.cells import clean
from funnelcli.values.channels import matches

_COUNTED = ("read", "counted", "duplicate", "rejected", "filtered", "unpaid", "skipped")
_CELL = Message("cell")


class Tally(Struct, kw_only=True):
    """How the rows of one file were used.  ``read == counted + duplicate + rejected``; rows that the config's keep
    and drop leave out, totals and blank lines are no rows and stand apart.  Of the ``filtered`` rows nobody pays by the
    ``unpaid`` ones."""

    input: str
    file: str
    read: int = 0
    counted: int = 0
    duplicate: int = 0
    rejected: int = 0
    filtered: int = 0
    unpaid: int = 0
    skipped: int = 0

    def less(self, rows: int, tallied: Literal["rejected", "unpaid"]) -> Tally:
        """The tally where some of the rows that counted no longer do: they are rejected, or left out and not read."""
        if tallied == "rejected":
            return replace(self, rejected=self.rejected + rows, counted=self.counted - rows)
        return replace(
            self, filtered=self.filtered + rows, unpaid=self.unpaid + rows, read=self.read - rows,
            counted=self.counted - rows,
        )  # fmt: skip

    def plus(self, other: Tally) -> Tally:
        """The tally of these rows and of other rows of the same file."""
        numbers = {name: getattr(self, name) + getattr(other, name) for name in _COUNTED}
        return replace(self, **numbers)


def raw_records(opened: Opened, report: Report) -> Iterator[Record]:
    """Every record after the header with its line: blank ones too.  Raises FileFault where the file is damaged.

    What is odd about how a record is written is reported.
    """
    if opened.turned is not None:
        return turned_records(opened.turned, raw_records(opened.turned.wide, report))
    match opened.content.container:
        case Container.TEXT:
            return _of_block(opened, text_records(opened, report))
        case Container.WORKBOOK:
            workbook = load_workbook(opened.file, opened.content)
            rows, merged = sheet_with_merged(opened.file, workbook, opened.sheet or "", opened.header_line)
            with_errors(rows, opened.errors)
            filled_down(rows, [*merged, *opened.merged], opened.amounts)
            return _of_block(opened, ((n, r) for n, r in numbered(rows) if n > opened.header_line))
        case Container.PARQUET:
            from funnelcli.reading.parquet import parquet_rows

            typed = parquet_rows(opened.file, summed=opened.input.summed)
            return ((n, [cell_text(cell) for cell in row]) for n, row in enumerate(typed, 1))


def _of_block(opened: Opened, records: Iterator[Record]) -> Iterator[Record]:
    """The records with the cells of the table that is read only, where another one stands beside it."""
    own = opened.block
    if own is None:
        return records
    return ((n, [cell if place in own else "" for place, cell in enumerate(r)]) for n, r in records)


class _Blanks:
    """The blank lines of a file, which are no rows; FileFault where they do not end."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._number = 0

    def add(self) -> None:
        """Count one more."""
        self._number += 1
        if self._number > BLANK_LINES:
            raise FileFault(too_large(self._file, BLANKS, BLANK_LINES))


class Extract(Struct, frozen=True, kw_only=True):
    """Some records of a file, to be read as they would be among the others; of these only the ``lines`` are wanted."""

    records: Sequence[Record]
    lines: frozenset[int]


@dataclass(kw_only=True)
class Reading:
    """Reads the rows of one opened file; collects what it finds wrong and tallies what it leaves out.

    Of an ``extract`` only its lines are read; what all rows together would say of the file is left to the caller.
    ``in_any_order``: a table that stands twice is one whatever the order of its rows.
    """

    opened: Opened
    problems: Problems
    extract: Extract | None = None
    in_any_order: bool = False
    tally: Tally = field(init=False)
    _trailing: bool | None = None

    def __post_init__(self) -> None:
        self.tally = Tally(input=self.opened.input.name, file=self.opened.name)

    def rows(self) -> Iterator[Record]:
        """The data rows: (line, cells), each at least as long as the header.

        Rows with too many cells are reported, tallied as rejected and left out.
        """
        known = self._held() if self.extract is None else None
        if known is None:
            return self._streamed()
        rows, tally, problems = known
        for name in _COUNTED:
            setattr(self.tally, name, getattr(tally, name))
        self.problems.extend(problems)
        return iter(rows)

    def _held(self) -> tuple[list[Record], Tally, list[Problem]] | None:
        """The rows of a small file with what was left out and said; None of any other, and of one that is damaged."""
        opened = self.opened
        held, settings = opened.file.held, opened.settings
        if held is None or opened.turned is not None or (records := held_records(opened)) is None:
            return None
        rules = (settings.empty, *(tuple(chosen.items()) for chosen in (settings.keep, settings.drop)))
        places = (date_place(opened), person_place(opened), opened.columns.index.get("source"), opened.has("visits"))
        key = (
            id(records), opened.name, opened.input.name, opened.columns.header, opened.block, opened.rollups, places,
            rules, self.in_any_order,
        )  # fmt: skip

        def read() -> tuple[list[Record], Tally, list[Problem]] | None:
            problems = Problems(limit=sys.maxsize)
            reading = Reading(opened=opened, problems=problems, in_any_order=self.in_any_order)
            try:
                return list(reading._streamed()), reading.tally, list(problems)
            except FileFault:
                return None

        return held.known(key, 0, read)

    def _streamed(self) -> Iterator[Record]:
        opened, tally = self.opened, self.tally
        width = len(opened.columns.header)
        date_cell = date_place(opened)
        repeats_header, keeps, is_no_row = is_header_again(opened), _is_kept(opened), no_row(opened)
        begins_table = is_other_header(opened)
        emptied = Emptied(opened.settings.empty) if opened.settings.empty else None
        comment: tuple[int, str] | None = None
        most, blanks = most_rows_of(opened), _Blanks(opened.name)
        second, rollups = SecondTable(opened, in_any_order=self.in_any_order), opened.rollups
        for line, record in self._records(date_cell):
            if len(record) != width:
                record = self._fitted(line, record, width)
                if not record:
                    blanks.add()
                    continue
            first = record[0]
            if not first.strip() and not any(map(str.strip, record)):
                tally.skipped += 1
                blanks.add()
                continue
            if first[:1] == "#" and is_comment(record):
                comment = (line, first)
                continue
            if comment and tally.read:
                raise FileFault(problem("second-table", file=opened.name, line=comment[0], example=comment[1][:60]))
            if is_no_row(record):
                tally.skipped += 1
                second.begin(line, again=repeats_header(record))
                continue
            if begins_table(record):
                raise FileFault(problem("second-table", file=opened.name, line=line, example=",".join(record)[:60]))
            if rollups and any(clean(record[place]) == cell for place, cell in rollups):
                tally.skipped += 1
                continue
            if keeps and not keeps(record):
                tally.filtered += 1
                continue
            tally.read += 1
            second.add(record)
            if tally.read > most:
                raise FileFault(too_large(opened.name, ROWS, int(most)))
            if len(record) > width:
                self.reject(self._too_many_cells(line, record, width))
                continue
            yield line, [*map(emptied.__getitem__, record)] if emptied is not None else record
        if self.extract is None:
            second.check()
            if not tally.read:
                self.problems.add(self._nothing_read())

    def _records(self, date_cell: int) -> Iterator[Record]:
        """The records above the lines that stand below the table."""
        if self.extract is None:
            is_whole = self.opened.turned is None and self.opened.block is None
            known = held_records(self.opened) if is_whole else None
            if known and is_row(known[-1][1], date_cell):
                return iter(known)  # a row is the last one: nothing stands below the table
            return without_footer(raw_records(self.opened, self.problems.add), date_cell, self._footer)
        lines = self.extract.lines
        table = without_footer(self.extract.records, date_cell, self._footer)
        return ((line, record) for line, record in table if line in lines)

    def reject(self, problem: Problem) -> None:
        """Collect the problem of a row that is thereby left out."""
        self.problems.add(problem)
        self.tally.rejected += 1

    def _too_many_cells(self, line: int, record: Sequence[str], width: int) -> Problem:
        delimiter = repr(self.opened.dialect.delimiter) if self.opened.dialect else _CELL
        return problem(
            "too-many-cells", file=self.opened.name, line=line, count=len(record), width=width, delimiter=delimiter
        )

    def _footer(self, line: int, text: str) -> None:
        """A line below the table, which is no row: left out, and said."""
        if self.extract is not None and line not in self.extract.lines:
            return
        self.tally.skipped += 1
        self.problems.add(problem("footer", file=self.opened.name, line=line, text=text[:80]))

    def _nothing_read(self) -> Problem:
        """Why there is no row: the config leaves out all of them, or the file has none."""
        if self.tally.filtered:
            stage = self.opened.input.name
            return problem("nothing-kept", file=self.opened.name, count=self.tally.filtered, stage=stage)
        return problem("no-rows", file=self.opened.name)

    def _fitted(self, line: int, record: list[str], width: int) -> list[str]:
        """The record cut or filled to the header's width; longer only where it has a cell too many."""
        if len(record) > width:
            if any(map(str.strip, record[width:])) or not any(map(str.strip, record)):
                return record
            if is_total(record, date_place(self.opened)):
                return record[:width]
            if self._trailing is None:
                self._trailing = has_trailing_delimiters(self.opened, raw_records(self.opened, _unheard))
            # Without a delimiter at the end of every row, an empty cell at the end of one hides a cell too many.
            return record[:width] if self._trailing else record
        if record and any(map(str.strip, record)) and not (record[0].startswith("#") and len(record) == 1):
            filled = record + [""] * (width - len(record))
            if not is_total(filled, date_place(self.opened)):
                self.problems.add(
                    problem("short-row", file=self.opened.name, line=line, count=len(record), width=width)
                )
            return filled
        return record + [""] * (width - len(record)) if record else record


def quiet_rows(opened: Opened) -> Iterator[Record]:
    """The rows of a file, to be looked at; what is wrong with them is said by whoever reads the file to count it.

    Raises FileFault where the file is damaged.
    """
    return Reading(opened=opened, problems=Problems(limit=0)).rows()


def most_rows_of(opened: Opened) -> float:
    """How many rows a file may have: one that is not packed, as many as it has."""
    if opened.content.container is Container.TEXT and not opened.content.gzipped:
        return float("inf")
    return most_rows(os.path.getsize(opened.file.path), summed=opened.input.summed)


def _unheard(_: Problem) -> None:
    """For records that are read a second time, and spoken of once."""


def is_comment(record: Sequence[str]) -> bool:
    """Whether a record is a remark and nothing else.

    >>> is_comment(["# made by An", ""]), is_comment(["#N/A", "zalo"])
    (True, False)
    """
    return record[0].startswith("#") and not any(map(str.strip, record[1:]))


def _is_kept(opened: Opened) -> Any:
    """A predicate over records for the config's keep and drop; None where there are none."""
    if not opened.is_filtered:
        return None
    places = {header_key(cell): i for i, cell in reversed(list(enumerate(opened.columns.header)))}
    keep = [(places[header_key(h)], globs) for h, globs in opened.settings.keep.items()]
    drop = [(places[header_key(h)], globs) for h, globs in opened.settings.drop.items()]

    def kept(record: Sequence[str]) -> bool:
        return all(matches(record[i], globs) for i, globs in keep) and not any(
            matches(record[i], globs) for i, globs in drop
        )

    return kept
