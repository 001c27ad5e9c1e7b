"""The rows of an opened file, with the line each begins on.

Every container gives the same thing: records of text cells.  What is no data (blank lines, totals, the header once
more, lines filtered out by the config) is left out here, so that nobody after this has to know of it.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any, Literal

from funnelcli.inputs.spec import CellKind
from funnelcli.problems import Problem, Problems, problem, reason_of
from funnelcli.reading.dialect import GZIP, Container, FileFault, encoding_problem, open_bytes
from funnelcli.reading.headers import header_key
from funnelcli.reading.opening import Opened, clean_header
from funnelcli.reading.workbook import Record, cell_text, load_workbook, numbered, sheet_rows
from funnelcli.text import Text, foreign
from funnelcli.values.channels import matches

_CELL = Text("cell", "ô")
_TOTAL = re.compile(
    r"(?:grand |sub ?|report )?totals?(?:\s*[:(].*)?|tổng(?: cộng| số)?(?:\s*[:(].*)?|cộng|sum",
    re.IGNORECASE,
)


@dataclass(kw_only=True)
class Tally:
    """How the rows of one file were used.  ``read == counted + duplicate + rejected``; rows that the config's keep
    and drop leave out, totals and blank lines are no rows and stand apart."""

    input: str
    file: str
    read: int = 0
    counted: int = 0
    duplicate: int = 0
    rejected: int = 0
    filtered: int = 0
    skipped: int = 0

    def less(self, rows: int, tallied: Literal["rejected", "filtered"]) -> Tally:
        """The tally where some of the rows that counted no longer do: they are rejected, or left out and not read."""
        if tallied == "rejected":
            return replace(self, rejected=self.rejected + rows, counted=self.counted - rows)
        return replace(self, filtered=self.filtered + rows, read=self.read - rows, counted=self.counted - rows)


def raw_records(opened: Opened) -> Iterator[Record]:
    """Every record after the header with its line: blank ones too.  Raises FileFault where the file is damaged."""
    match opened.content.container:
        case Container.TEXT:
            return _text_records(opened)
        case Container.WORKBOOK:
            workbook = load_workbook(opened.file, opened.content)
            rows = sheet_rows(opened.file, workbook, opened.sheet or "")
            return ((n, r) for n, r in numbered(rows) if n > opened.header_line)
        case Container.PARQUET:
            from funnelcli.reading.parquet import parquet_rows

            return ((n, [cell_text(cell) for cell in row]) for n, row in enumerate(parquet_rows(opened.file), 1))


def _text_records(opened: Opened) -> Iterator[Record]:
    assert opened.dialect is not None
    name, stage = opened.name, opened.input.name
    done = False
    line = 1

    def end_of_file() -> Iterator[str]:
        # Asked for within a record: the file ended while a quotation mark was open.
        nonlocal done
        done = True
        return
        yield

    try:
        with (
            open_bytes(opened.file.path, gzipped=opened.content.gzipped) as raw,
            io.TextIOWrapper(raw, encoding=opened.dialect.encoding, newline="") as stream,
        ):
            reader = csv.reader(chain(stream, end_of_file()), delimiter=opened.dialect.delimiter, skipinitialspace=True)
            for record in reader:
                if done:
                    raise FileFault(problem("unclosed-quote", file=name, line=line))
                if line > opened.header_line:
                    if reader.line_num > line and _swallows_rows(record, opened):
                        raise FileFault(problem("unclosed-quote", file=name, line=line))
                    yield line, record
                line = reader.line_num + 1
    except UnicodeError:
        with open_bytes(opened.file.path, gzipped=opened.content.gzipped) as raw:
            raise FileFault(encoding_problem(raw, opened.dialect.encoding, name=name, stage=stage)) from None
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise FileFault(problem("broken-file", file=name, reason=GZIP.filled(error=foreign(error)))) from None
    except csv.Error as error:
        raise FileFault(problem("broken-file", file=name, line=line, reason=foreign(error))) from None
    except OSError as error:
        raise FileFault(problem("unreadable-file", file=name, reason=reason_of(error))) from None


def _swallows_rows(record: Sequence[str], opened: Opened) -> bool:
    """Whether a cell of several lines holds what looks like whole rows: two stray quotation marks enclosed them."""
    assert opened.dialect is not None
    width, first_date = len(opened.columns.header), date_place(opened)
    for cell in record:
        for line in cell.splitlines()[1:]:
            pieces = line.split(opened.dialect.delimiter)
            if len(pieces) >= width > 1 and pieces[first_date].strip(' "')[:1].isdigit():
                return True
    return False


@dataclass(kw_only=True)
class Reading:
    """Reads the rows of one opened file; collects what it finds wrong and tallies what it leaves out."""

    opened: Opened
    problems: Problems
    tally: Tally = field(init=False)

    def __post_init__(self) -> None:
        self.tally = Tally(input=self.opened.input.name, file=self.opened.name)

    def rows(self) -> Iterator[Record]:
        """The data rows: (line, cells), each at least as long as the header.

        Rows with too many cells are reported, tallied as rejected and left out.
        """
        opened, tally = self.opened, self.tally
        width = len(opened.columns.header)
        date_cell = date_place(opened)
        repeats_header, keeps = _is_header_again(opened), _is_kept(opened)
        summed_source = opened.columns.index.get("source") if opened.has("visits") else None
        comment: tuple[int, str] | None = None
        for line, record in raw_records(opened):
            if len(record) != width:
                record = self._fitted(line, record, width)
                if not record:
                    continue
            first = record[0]
            if not first.strip() and not any(map(str.strip, record)):
                tally.skipped += 1
                continue
            if first[:1] == "#" and not any(map(str.strip, record[1:])):
                comment = (line, first)
                continue
            if comment and tally.read:
                raise FileFault(problem("second-table", file=opened.name, line=comment[0], example=comment[1][:60]))
            # A row whose date begins with a digit, as nearly all do, is neither a total nor the header once more.
            if not record[date_cell][:1].isdigit() and (_is_total(record, date_cell) or repeats_header(record)):
                tally.skipped += 1
                continue
            if summed_source is not None and is_total_word(record[summed_source]):
                tally.skipped += 1  # the total of a day among its sources
                continue
            if keeps and not keeps(record):
                tally.filtered += 1
                continue
            tally.read += 1
            if len(record) > width:
                self.reject(self._too_many_cells(line, record, width))
                continue
            yield line, record
        if not tally.read:
            self.problems.add(self._nothing_read())

    def reject(self, problem: Problem) -> None:
        """Collect the problem of a row that is thereby left out."""
        self.problems.add(problem)
        self.tally.rejected += 1

    def _too_many_cells(self, line: int, record: Sequence[str], width: int) -> Problem:
        delimiter = repr(self.opened.dialect.delimiter) if self.opened.dialect else _CELL
        return problem(
            "too-many-cells", file=self.opened.name, line=line, count=len(record), width=width, delimiter=delimiter
        )

    def _nothing_read(self) -> Problem:
        """Why there is no row: the config leaves out all of them, or the file has none."""
        if self.tally.filtered:
            stage = self.opened.input.name
            return problem("nothing-kept", file=self.opened.name, count=self.tally.filtered, stage=stage)
        return problem("no-rows", file=self.opened.name)

    def _fitted(self, line: int, record: list[str], width: int) -> list[str]:
        """The record cut or filled to the header's width; longer only where the cells beyond it say something."""
        if len(record) > width:
            beyond = record[width:]
            if not any(map(str.strip, beyond)) or _is_total(record, date_place(self.opened)):
                return record if any(map(str.strip, beyond)) else record[:width]
            return record
        if record and any(map(str.strip, record)) and not (record[0].startswith("#") and len(record) == 1):
            filled = record + [""] * (width - len(record))
            if not _is_total(filled, date_place(self.opened)):
                self.problems.add(
                    problem("short-row", file=self.opened.name, line=line, count=len(record), width=width)
                )
            return filled
        return record + [""] * (width - len(record)) if record else record


def date_place(opened: Opened) -> int:
    """The place of the first date of a row, which tells data from totals."""
    kinds = {column.name: column.kind for column in opened.known_columns}
    dates = [i for name, i in opened.columns.index.items() if kinds.get(name) in (CellKind.DATE, CellKind.MONTH)]
    return dates[0] if dates else 0


def _is_total(record: Sequence[str], date_cell: int) -> bool:
    """Whether a row is a sum of the others: a total word somewhere and no date where the date should be."""
    cell = record[date_cell].strip() if date_cell < len(record) else ""
    if cell and not is_total_word(cell):
        return False
    return any(is_total_word(other) for other in record if other)


def is_total_word(cell: str) -> bool:
    """Whether a cell is a word for a total.

    >>> is_total_word("Grand total"), is_total_word("Tổng cộng:"), is_total_word("totals of a kind")
    (True, True, False)
    """
    return bool(_TOTAL.fullmatch(unicodedata.normalize("NFC", cell.strip())))


def _is_header_again(opened: Opened) -> Callable[[Sequence[str]], bool]:
    """A predicate over records for the header once more, as exports that were put together have it."""
    header = [cell.casefold() for cell in opened.columns.header]
    return lambda record: [clean_header(cell).casefold() for cell in record] == header


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
