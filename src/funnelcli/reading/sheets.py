"""Workbooks looked at before they are read: the reader ends the process where a sheet does not fit into memory.

What the reader is given is not the file but a copy of its parts, each unpacked and measured here, so that no other
reading of the archive can give it more.  For the older formats, which cannot be measured from outside, another process
tries them first.
"""

import functools
import hashlib
import io
import os
import re
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path
from typing import NamedTuple

from funnelcli.problems import problem
from funnelcli.reading.bounds import BOOK_CELLS, CELLS, IN_ALL_SHEETS, SHEET_CELLS, UNPACKED, most_unpacked, too_large
from funnelcli.reading.dialect import FileFault
from funnelcli.text import Message, foreign

_PIECE = 1 << 24
_OVERLAP = 64
_ODD_TAGS = re.compile(rb"<(?:c|row)[\t\r\n>/]|:(?:c|row)[\s>/]")
_REF = re.compile(rb'<(?:c|row) r="([A-Za-z]*)([0-9]*)')
_FAR = re.compile(rb'<(?:c|row) r="(?:[A-Za-z]{3}|[A-Za-z]*[0-9]{5})')
_ANY_REF = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]*)([0-9]*)""")
_TAG = re.compile(rb"<(?:[\w.-]+:)?(c|row)(?=[\s>/])([^>]*)")
_NUMBERED = re.compile(rb"\sr\s*=")
_NEAR = (9_999, 702)  # the rows and columns up to which nothing is far
_PARTS = (".xml", ".rels", ".bin")
_TOO_FAR = Message(" (a cell in row {rows} and one in column {columns})")
_UNMEASURED = ("content.xml", ".bin")  # OpenDocument and XLSB
_SECONDS = 120
_PASSED: set[bytes] = set()  # the digests of workbooks that another process could read: they are opened several times
_MOST_PASSED = 10_000
_MEMORY = 4 << 30
_TRIAL = """
import io, sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
except (ImportError, ValueError, OSError):
    pass
sys.path[:0] = {paths!r}
import python_calamine
book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
left = {all_cells}
for name in book.sheet_names:
    try:
        sheet = book.get_sheet_by_name(name)
    except MemoryError:
        raise
    except BaseException:
        continue
    cells = (sheet.total_height or 0) * (sheet.total_width or 0)
    left -= cells
    if cells > {cells}:
        sys.exit(3)
    if left < 0:
        sys.exit(4)
for name in book.sheet_names:
    try:
        book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except MemoryError:
        raise
    except BaseException:
        continue
"""


class Extent(NamedTuple):
    """How far a sheet reaches, at most."""

    rows: int
    columns: int


def safe_copy(data: bytes, file: str) -> bytes:
    """The workbook in ``data``, measured, as its reader may have it.

    Raises FileFault where it is damaged, unpacks to too much, or has a cell too far off.
    """
    if not data.startswith(b"PK"):
        _try_elsewhere(data, file)
        return data
    try:
        copy, names = _unpacked(data, file)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise FileFault(problem("broken-file", file=file, reason=foreign(str(error)[:200]))) from None
    if any(name.casefold().endswith(_UNMEASURED) for name in names):
        _try_elsewhere(copy, file)
    return copy


def _unpacked(data: bytes, file: str) -> tuple[bytes, list[str]]:
    """The parts of an archive that are tables or lead to them, put together without being packed, and their names."""
    most = most_unpacked(len(data))
    copy = io.BytesIO()
    names: list[str] = []
    left, cells = most, BOOK_CELLS
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as plain:
        members = {member.filename: member for member in archive.infolist() if _is_part(member.filename)}
        if sum(member.file_size for member in members.values()) > most:
            raise FileFault(too_large(file, UNPACKED, most))
        for name, member in members.items():
            with archive.open(member) as stream:
                part = stream.read(left + 1)
            left -= len(part)
            if left < 0:
                raise FileFault(too_large(file, UNPACKED, most))
            cells -= _cells_of(part, file)
            if cells < 0:
                raise FileFault(too_large(file, IN_ALL_SHEETS, BOOK_CELLS))
            plain.writestr(zipfile.ZipInfo(name), part)
            names.append(name)
    return copy.getvalue(), names


def _cells_of(part: bytes, file: str) -> int:
    """How many cells a sheet reaches over, at most; FileFault where they are too many, 0 for what is no sheet."""
    extent = extent_of(part)
    if extent.rows * extent.columns > SHEET_CELLS:
        raise FileFault(too_large(file, CELLS, SHEET_CELLS, _TOO_FAR.filled(rows=extent.rows, columns=extent.columns)))
    if extent == _NEAR:
        extent = _exact_extent(part)
    return extent.rows * extent.columns if _REF.search(part) else 0


def _is_part(name: str) -> bool:
    return name.casefold().endswith(_PARTS) or "/" not in name


def extent_of(sheet: bytes) -> Extent:
    """How far the cells of a sheet's XML reach, at most: an overestimate costs nothing, an underestimate the process.

    >>> extent_of(b'<row r="3"><c r="B3"/></row>'), extent_of(b"<row><c/><c r='XFD1048576'/></row>")
    (Extent(rows=9999, columns=702), Extent(rows=1048577, columns=16385))
    """
    plain = sheet.count(b"<c ") == sheet.count(b'<c r="') and sheet.count(b"<row ") == sheet.count(b'<row r="')
    if not plain or _ODD_TAGS.search(sheet):
        return _odd_extent(sheet)
    return _exact_extent(sheet) if _FAR.search(sheet) else Extent(*_NEAR)


def _exact_extent(sheet: bytes) -> Extent:
    """The extent of a sheet whose tags are written as usual."""
    letters: set[bytes] = set()
    rows = 1
    for start in range(0, len(sheet), _PIECE):
        refs = _REF.findall(sheet, start, start + _PIECE + _OVERLAP)
        letters.update(letter for letter, _ in refs)
        rows = max(rows, max((int(digits or 0) for _, digits in refs), default=1))
    return Extent(rows, max(map(_column, letters), default=1))


def _odd_extent(sheet: bytes) -> Extent:
    """The extent of a sheet whose tags are written otherwise than usual: cells and rows without a number go on."""
    rows = columns = unnumbered_rows = widest = unnumbered = 0
    for ref in _ANY_REF.finditer(sheet):
        columns, rows = max(columns, _column(ref[1])), max(rows, int(ref[2][:12] or 0))
    for tag in _TAG.finditer(sheet):
        bare = not _NUMBERED.search(tag[2])
        if tag[1] == b"row":
            unnumbered_rows += bare
            unnumbered = 0
        else:
            unnumbered += bare
            widest = max(widest, unnumbered)
    return Extent(rows + unnumbered_rows, columns + widest)


@functools.cache
def _column(letters: bytes) -> int:
    """The number of a column by its letters."""
    return functools.reduce(lambda number, letter: number * 26 + letter - 64, letters[:12].upper(), 0)


def _try_elsewhere(data: bytes, file: str) -> None:
    """FileFault where another process, with bounds on its memory and time, cannot read the workbook."""
    if not sys.executable:
        return
    import python_calamine

    paths = [str(Path(python_calamine.__file__).parents[1])]
    code = _TRIAL.format(memory=_MEMORY, cells=SHEET_CELLS, all_cells=BOOK_CELLS, paths=paths)
    digest = hashlib.sha256(code.encode() + data).digest()
    if digest in _PASSED:
        return
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", code],
            input=data,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=_SECONDS,
            check=False,
            env={**os.environ, "RUST_BACKTRACE": "0"},
        )
    except subprocess.TimeoutExpired:
        raise FileFault(too_large(file, CELLS, SHEET_CELLS)) from None
    if done.returncode == 4:
        raise FileFault(too_large(file, IN_ALL_SHEETS, BOOK_CELLS))
    if done.returncode == 3 or done.returncode < 0 or b"MemoryError" in done.stderr:
        raise FileFault(too_large(file, CELLS, SHEET_CELLS))
    if len(_PASSED) < _MOST_PASSED:
        _PASSED.add(digest)
