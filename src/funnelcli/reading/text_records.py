"""The records of a text file, and what stray quotation marks do to them."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from funnelcli.inputs.spec import CellKind
from funnelcli.problems import Problem, problem, reason_of
from funnelcli.reading.dialect import GZIP, FileFault, encoding_problem, open_bytes
from funnelcli.reading.opening import Opened
from funnelcli.reading.workbook import Record
from funnelcli.text import foreign
from funnelcli.values.dates import reads_as_day

Report = Callable[[Problem], None]


class _Loose(Exception):
    """Text stands after a closing quotation mark, so that a strict reader does not go on."""


def text_records(opened: Opened, report: Report) -> Iterator[Record]:
    """Every record after the header with its line; text after a closing quotation mark is reported.

    Raises FileFault where the file is damaged, and where a stray quotation mark makes one cell of several rows.
    """
    records = held_records(opened)
    return iter(records) if records is not None else _streamed(opened, report)


def held_records(opened: Opened) -> list[Record] | None:
    """The records of a small text file in which nothing is odd; None of any other."""
    held, content, dialect = opened.file.held, opened.content, opened.dialect
    if held is None or dialect is None or content.stamp is None or content.gzipped:
        return None
    width, date_cell = len(opened.columns.header), date_place(opened)  # a cell of several lines is judged by them
    key = (opened.file.path, dialect.encoding, dialect.delimiter, opened.header_line, width, date_cell)
    return held.known(key, content.stamp[1], lambda: _whole(opened))


def _whole(opened: Opened) -> list[Record] | None:
    """All records of a text file, read at once where each is one line; None where one of them has to be spoken of."""
    assert opened.dialect is not None
    try:
        text = opened.file.path.read_bytes().decode(opened.dialect.encoding)
        lines = io.StringIO(text, newline="")
        reader = csv.reader(lines, delimiter=opened.dialect.delimiter, skipinitialspace=True, strict=True)
        records = list(reader)
        if reader.line_num == len(records):
            return list(enumerate(records[opened.header_line :], opened.header_line + 1))
        return list(_records(opened, _strict))
    except (FileFault, OSError, UnicodeError, csv.Error, _Loose):
        return None


def _streamed(opened: Opened, report: Report) -> Iterator[Record]:
    given = 0
    try:
        for record in _records(opened, _strict):
            given += 1
            yield record
    except _Loose:
        # Only now are the lines looked at one by one, which takes its time.
        for number, record in enumerate(_records(opened, _loose(opened, report))):
            if number >= given:
                yield record


_Reader = Callable[[Iterator[str], str], Iterator[Record]]


def _records(opened: Opened, reader: _Reader) -> Iterator[Record]:
    """The records after the header, read by a ``reader`` of lines; what may go wrong with the file is a FileFault."""
    assert opened.dialect is not None
    name, stage = opened.name, opened.input.name
    ended: list[bool] = []
    line = 1

    def end_of_file() -> Iterator[str]:
        # Asked for within a record: the file ended while a quotation mark was open.
        ended.append(True)
        return
        yield

    try:
        with (
            open_bytes(opened.file.path, name, gzipped=opened.content.gzipped, meter=opened.file.meter) as raw,
            io.TextIOWrapper(raw, encoding=opened.dialect.encoding, newline="") as stream,
        ):
            for after, record in reader(chain(stream, end_of_file()), opened.dialect.delimiter):
                if ended:
                    raise FileFault(problem("unclosed-quote", file=name, line=line))
                if line > opened.header_line:
                    if after > line + 1 and swallows_rows(record, opened):
                        raise FileFault(problem("unclosed-quote", file=name, line=line))
                    yield line, record
                line = after
    except UnicodeError:
        with open_bytes(opened.file.path, name, gzipped=opened.content.gzipped) as raw:
            raise FileFault(encoding_problem(raw, opened.dialect.encoding, name=name, stage=stage)) from None
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise FileFault(problem("broken-file", file=name, reason=GZIP.filled(error=foreign(error)))) from None
    except csv.Error as error:
        if ended:
            raise FileFault(problem("unclosed-quote", file=name, line=line)) from None
        if _AFTER_QUOTE in str(error):
            raise _Loose from None
        if "field limit" in str(error):
            raise FileFault(problem("unclosed-quote", file=name, line=line)) from None
        raise FileFault(problem("broken-file", file=name, line=line, reason=foreign(error))) from None
    except OSError as error:
        raise FileFault(problem("unreadable-file", file=name, reason=reason_of(error))) from None


_AFTER_QUOTE = "expected after"  # how the csv module says it


def _strict(lines: Iterator[str], delimiter: str) -> Iterator[Record]:
    """The records of a text with the line after each; csv.Error at text after a closing quotation mark."""
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    return ((reader.line_num + 1, record) for record in reader)


def _loose(opened: Opened, report: Report) -> _Reader:
    """A reader of records that goes on after such text, and reports it; white space there is nothing to speak of."""
    name, header = opened.name, opened.header_line

    def read(lines: Iterator[str], delimiter: str) -> Iterator[Record]:
        kept: list[str] = []

        def keeping() -> Iterator[str]:
            for text in lines:
                kept.append(text)
                yield text

        spaces = re.compile(rf'"[ \t]+(?={re.escape(delimiter)}|\r|\n|$)')
        after = re.compile(rf'(?:^|{re.escape(delimiter)})\s*("(?:[^"]|"")*"[^"{re.escape(delimiter)}\r\n]+)')
        reader = csv.reader(keeping(), delimiter=delimiter, skipinitialspace=True)
        line = 1
        for record in reader:
            if line > header and '"' in "".join(kept):
                lines_of_it = [spaces.sub('"', text) for text in kept]
                if not _is_strict(lines_of_it, delimiter):
                    seen = after.search("".join(lines_of_it))
                    report(problem("stray-quote", file=name, line=line, value=(seen[1] if seen else record[0])[:80]))
            kept.clear()
            line = reader.line_num + 1
            yield line, record

    return read


def _is_strict(lines: Sequence[str], delimiter: str) -> bool:
    """Whether the lines of one record have nothing after a closing quotation mark."""
    try:
        next(csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True), None)
    except csv.Error:
        return False
    return True


# --- rows in a cell ----------------------------------------------------------------------------------------------


def date_place(opened: Opened) -> int:
    """The place of the first date of a row, which tells data from totals."""
    kinds = {column.name: column.kind for column in opened.known_columns}
    dates = [i for name, i in opened.columns.index.items() if kinds.get(name) in (CellKind.DATE, CellKind.MONTH)]
    return dates[0] if dates else 0


def swallows_rows(record: Sequence[str], opened: Opened) -> bool:
    """Whether a cell of several lines holds what looks like whole rows: two stray quotation marks enclosed them."""
    assert opened.dialect is not None
    width, date_cell, delimiter = len(opened.columns.header), date_place(opened), opened.dialect.delimiter
    if width < 2:
        return False
    for place, cell in enumerate(record):
        lines = cell.splitlines() if delimiter in cell else ()
        for number, line in enumerate(lines) if len(lines) > 1 else ():
            before = record[:place] if number == 0 else ()
            after = record[place + 1 :] if number == len(lines) - 1 else ()
            pieces = [*before, *line.split(delimiter), *after]
            own = range(len(before), len(pieces) - len(after))
            # The rest of the row, left or right of the quotation marks, has its date in any case.
            if (
                len(pieces) >= width
                and date_cell in own
                and _is_dated(pieces[date_cell], inner=not before and not after)
            ):
                return True
    return False


def _is_dated(cell: str, *, inner: bool) -> bool:
    bare = cell.strip(' "')
    return (inner and bare[:1].isdigit()) or reads_as_day(bare)
