"""The lines on which some rows of a text file stand, which DuckDB, that reads many lines at once, cannot say."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from itertools import compress, count, islice

from msgspec import Struct

from funnelcli.problems import Problem
from funnelcli.reading.dialect import FileFault, open_bytes
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import Extract
from funnelcli.reading.text_records import text_records
from funnelcli.reading.workbook import Record

CHUNK_BYTES = 4_000_000
AROUND = 500  # lines at the beginning and at the end of a file that are looked at as a whole
PATTERNS = 16
Cells = Sequence[str]


class Unplaced(Exception):
    """The rows cannot be told from others by their lines."""


def extract_of(opened: Opened, rows: Sequence[Cells]) -> Extract:
    """The ``rows`` of a file, given by their cells, with their lines, and what stands around them that tells what they
    are: the beginning and the end of the file.

    Raises Unplaced where a row is written in a way that its cells do not tell, or goes over several lines.
    """
    try:
        head = list(islice(text_records(opened, _unheard), AROUND))
        lines = _lines(opened, rows)
    except (FileFault, UnicodeError, gzip.BadGzipFile, EOFError, zlib.error, OSError):
        raise Unplaced from None
    wanted = {number for number, _ in lines.matched}
    first_of_tail = lines.tail[0][0] if lines.tail else 0
    if first_of_tail > AROUND and all(number in wanted or not text.strip() for number, text in lines.tail):
        raise Unplaced  # where the table ends cannot be seen
    records = dict(_parsed(opened, [*lines.below, *lines.matched, *lines.tail])) | dict(head)
    return Extract(records=sorted(records.items()), lines=frozenset(wanted))


class _Lines(Struct, frozen=True):
    """The lines that are wanted, those right below them, and the last ones of the file, with numbers from 1 on."""

    matched: list[tuple[int, str]]
    below: list[tuple[int, str]]
    tail: list[tuple[int, str]]


def _lines(opened: Opened, rows: Sequence[Cells]) -> _Lines:
    expected = Counter(map(tuple, rows))
    assert opened.dialect is not None
    patterns = _quotings(opened)
    by_text: dict[bytes, tuple[str, ...]] = {}
    for row in expected:
        for text in _written(row, opened.dialect.delimiter, patterns):
            if by_text.setdefault(text.encode(), row) != row:
                raise Unplaced
    matched: list[tuple[int, bytes]] = []
    below: list[tuple[int, bytes]] = []
    tail: deque[tuple[int, list[bytes]]] = deque(maxlen=2)
    number = 1
    for lines in _raw_lines(opened):
        below += [(number, lines[0])] if matched and matched[-1][0] == number - 1 else []
        places = compress(count(number), map(by_text.__contains__, lines))
        here = [(at, lines[at - number]) for at in places if at > opened.header_line]
        matched += here
        below += [(at + 1, lines[at + 1 - number]) for at, _ in here if at + 1 - number < len(lines)]
        tail.append((number, lines))
        number += len(lines)
    if Counter(by_text[line] for _, line in matched) != expected:
        raise Unplaced
    last = [pair for first, lines in tail for pair in enumerate(lines, first)][-AROUND:]
    return _Lines(
        matched=[(at, line.decode()) for at, line in matched],
        below=[(at, line.decode()) for at, line in below],
        tail=[(at, line.decode()) for at, line in last if at > opened.header_line],
    )


def _raw_lines(opened: Opened) -> Iterator[list[bytes]]:
    """All lines of a file, many at a time, without what ends them."""
    with open_bytes(opened.file.path, opened.name, gzipped=opened.content.gzipped) as stream:
        rest = b""
        while chunk := stream.read(CHUNK_BYTES):
            if chunk.endswith(b"\r"):
                chunk += stream.read(1)  # both bytes of the end of a line
            lines = (rest + chunk).splitlines()
            rest = b"" if chunk.endswith((b"\n", b"\r")) else lines.pop()
            yield lines
        if rest:
            yield [rest]


def _quotings(opened: Opened) -> list[tuple[bool, ...]]:
    """Which cells of a row stand in quotation marks, in the ways that the first rows show."""
    assert opened.dialect is not None
    patterns: dict[tuple[bool, ...], None] = {}
    for lines in islice(_raw_lines(opened), 1):
        for line in lines[opened.header_line : opened.header_line + AROUND]:
            text = line.decode("utf-8", "replace")
            patterns[_quoting(text, opened.dialect.delimiter)] = None
    return list(patterns)[:PATTERNS]


def _quoting(line: str, delimiter: str) -> tuple[bool, ...]:
    place, quoted = 0, []
    for cell in next(csv.reader([line], delimiter=delimiter), []):
        is_quoted = line.startswith('"', place)
        quoted.append(is_quoted)
        place += (len(cell) + cell.count('"') + 2 if is_quoted else len(cell)) + 1
    return tuple(quoted)


def _written(row: Cells, delimiter: str, patterns: Sequence[tuple[bool, ...]]) -> Iterator[str]:
    """The ways in which a row may stand in a file: with quotation marks around no cell, all, some, or where needed."""
    inside = [cell.replace('"', '""') for cell in row]
    yield delimiter.join(row)
    yield delimiter.join(f'"{cell}"' for cell in inside)
    yield delimiter.join(f'"{cell}"' if delimiter in cell or '"' in cell else cell for cell in inside)
    for pattern in patterns:
        marked = [*pattern, *(False,) * (len(row) - len(pattern))]
        yield delimiter.join(
            f'"{cell}"' if is_quoted else bare for cell, bare, is_quoted in zip(inside, row, marked, strict=False)
        )


def _parsed(opened: Opened, lines: Sequence[tuple[int, str]]) -> Iterator[Record]:
    """The lines as the row reader has them; Unplaced where only a look at several lines tells."""
    assert opened.dialect is not None
    delimiter = opened.dialect.delimiter
    for number, line in lines:
        try:
            record = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True, strict=True), [])
        except csv.Error:
            raise Unplaced from None
        yield number, record


def _unheard(_: Problem) -> None:
    """What is odd about the records that are only looked at is said by whoever reads them."""
