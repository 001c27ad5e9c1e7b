"""Small tables that people write by hand, targets or a budget by month: read once, whole, from a file or a pipe."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from funnelcli.problems import UsageError, reason_of
from funnelcli.problems.system import CANNOT_READ, CHECK_PATH, NOT_UTF8, SAVE_UTF8
from funnelcli.text import Text, grouped

MOST_BYTES = 20_000_000
_DELIMITERS = ",;\t|"
# A comma between digits may as well group an amount.
_WITHIN_A_NUMBER = re.compile(r"(?<=\d),(?=\d)")


@dataclass(frozen=True, kw_only=True)
class SmallRow:
    """A row of a small table: its cells, the line it ends on, and that line as it is written."""

    line: int
    cells: tuple[str, ...]
    text: str


def read_once(path: Path, name: str) -> bytes:
    """The bytes of a file or pipe.  UsageError, which begins with ``name``, where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return read_small(stream, name)
    except OSError as error:
        raise UsageError(CANNOT_READ.filled(name=name, reason=reason_of(error)), hint=CHECK_PATH) from None


def read_small(stream: IO[bytes], name: str) -> bytes:
    """The bytes of a stream.  UsageError where they are more than people write by hand."""
    data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise UsageError(
            Text("{name}: is larger than {most} bytes.", "{name}: lớn hơn {most} byte.").filled(
                name=name, most=grouped(MOST_BYTES)
            ),
            hint=Text("Is it the right file?", "Có đúng tệp không?"),
        )
    return data


def decoded(data: bytes, name: str) -> str:
    """The text in some bytes, UTF-8 or UTF-16, without its byte-order mark.  UsageError where they are none.

    >>> decoded("tháng".encode("utf-16"), "--targets t.csv")
    'tháng'
    """
    if data[:2] == b"PK":
        raise UsageError(
            Text("{name}: is a workbook.", "{name}: là tệp Excel.").filled(name=name),
            hint=Text("Save the sheet as CSV.", "Lưu sheet thành CSV."),
        )
    try:
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(NOT_UTF8.filled(name=name, byte=error.start), hint=SAVE_UTF8) from None


def rows_of(text: str) -> list[SmallRow]:
    """The rows of a table, its delimiter found in the first line.

    >>> [row.cells for row in rows_of("month;amount\\n2027-01;1,200,000\\n")]
    [('month', 'amount'), ('2027-01', '1,200,000')]
    """
    lines = text.removeprefix("\ufeff").splitlines()
    reader = csv.reader(lines, delimiter=_delimiter(lines[0] if lines else ""))
    return [SmallRow(line=reader.line_num, cells=tuple(cells), text=lines[reader.line_num - 1]) for cells in reader]


def _delimiter(first_line: str) -> str:
    """The mark that stands most often in the first line; of equals the one that comes first."""
    counted = _WITHIN_A_NUMBER.sub("", first_line)
    present = [mark for mark in _DELIMITERS if mark in counted]
    return max(present, key=lambda mark: (counted.count(mark), -counted.index(mark)), default=",")
