"""A first glance at a file that may be an export of some system: its first rows, and which export they are of."""

from __future__ import annotations

import csv
import gzip
import io
import os
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from funnelcli.inputs.known import KnownExport
from funnelcli.problems.system import at_once
from funnelcli.reading.dialect import FileFault, delimiters_in, detect_encoding, look, separator_line
from funnelcli.reading.known import recognised

if TYPE_CHECKING:
    from funnelcli.reading.discover import SourceFile

GLANCE_BYTES = 32_768
ROWS = 12  # with two cells or more, within which a header stands
WORKBOOK_BYTES = 30_000_000
WORKBOOKS_BEGIN = (b"PK", b"\xd0\xcf")
TEXTS = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")


def export_at_a_glance(source: SourceFile) -> tuple[list[KnownExport], tuple[str, ...]]:
    """The exports of systems that a file may be by its first rows, and the header that says so; none where it is none.

    A file that cannot be read says nothing here: whoever reads it says why.
    """
    for header in first_rows(source):
        if exports := recognised(header):
            return exports, header
    return [], ()


def first_rows(source: SourceFile) -> Iterator[tuple[str, ...]]:
    """The first rows of several cells of a text or a workbook, one of which is its header; none of any other file."""
    return _first_rows(source.path) if _is_text(source.path) else _first_rows_of_sheets(source)


def _is_text(path: Path) -> bool:
    """Whether a file is a text by its name, or a text that is named as a workbook, as lead forms write them."""
    folded = path.name.casefold()
    if not folded.endswith(".xls"):
        return folded.endswith(TEXTS)
    try:
        with open(path, "rb", opener=at_once) as stream:
            return stream.read(2) not in WORKBOOKS_BEGIN
    except OSError:
        return False


def _first_rows(path: Path) -> Iterator[tuple[str, ...]]:
    try:
        with open(path, "rb", opener=at_once) as stream:
            head = stream.read(GLANCE_BYTES)
        if head.startswith(b"\x1f\x8b"):
            with gzip.open(path) as packed:
                head = packed.read(GLANCE_BYTES)
        encoding = detect_encoding(head[: head.rfind(b"\n") + 1] or head, whole=False)
        text = head.decode(encoding, "ignore").removeprefix("\ufeff")
    except (OSError, EOFError, zlib.error, UnicodeError):
        return
    if len(head) == GLANCE_BYTES:
        text = text[: text.rfind("\n") + 1] or text  # the last line may be cut
    named = separator_line(text)
    for delimiter in (named,) if named else delimiters_in(text):
        yield from _rows(text, delimiter)


def _rows(text: str, delimiter: str) -> Iterator[tuple[str, ...]]:
    """The first rows of several cells, as a header is written."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    some = 0
    try:
        for record in reader:
            if len(record) > 1:
                yield _as_header(record)
                some += 1
            if some == ROWS:
                return
    except csv.Error:
        return


def _as_header(record: Sequence[str]) -> tuple[str, ...]:
    from funnelcli.reading.opening import clean_header

    return tuple(map(clean_header, record))


def _first_rows_of_sheets(source: SourceFile) -> Iterator[tuple[str, ...]]:
    from funnelcli.reading.workbook import WORKBOOK_SUFFIXES, cell_text, load_workbook, sheet_rows

    path = source.path
    if path.suffix.casefold() not in WORKBOOK_SUFFIXES:
        return
    try:
        if os.path.getsize(path) > WORKBOOK_BYTES:
            return
        workbook = load_workbook(source, look(path, source.name))
        for sheet in workbook.sheet_names:
            filled = (row for row in sheet_rows(source, workbook, sheet) if sum(map(bool, row)) > 1)
            for row, _ in zip(filled, range(ROWS), strict=False):
                yield _as_header([cell_text(cell) for cell in row])
    except (OSError, FileFault):
        return
