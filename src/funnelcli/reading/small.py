"""Small tables that people write by hand, targets or a budget by month: read once, whole, from a file or a pipe."""

import csv
import io
from calendar import monthrange
from datetime import date, datetime
from pathlib import Path
from typing import IO

from msgspec import Struct

from funnelcli.problems import UsageError, reason_of
from funnelcli.problems.system import CANNOT_READ, CHECK_PATH, NOT_UTF8, SAVE_UTF8
from funnelcli.text import Message, foreign, grouped
from funnelcli.text.regex import regex
from funnelcli.values.cells import Exact

MOST_BYTES = 20_000_000
_DELIMITERS = ",;\t|"
# A comma between digits may as well group an amount.
_WITHIN_A_NUMBER = regex(r"(?<=\d),(?=\d)")


class SmallRow(Struct, frozen=True, kw_only=True):
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
            Message("{name}: is larger than {most} [byte|bytes].").filled(name=name, most=grouped(MOST_BYTES)),
            hint=Message("Is it the right file?"),
        )
    return data


def decoded(data: bytes, name: str) -> str:
    """The text in some bytes, UTF-8 or UTF-16, without its byte-order mark.  UsageError where they are none.

    >>> decoded("tháng".encode("utf-16"), "--targets t.csv")
    'tháng'
    """
    if data[:2] == b"PK":
        raise UsageError(
            Message("{name}: is a workbook.").filled(name=name),
            hint=_SAVE_CSV,
        )
    try:
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(NOT_UTF8.filled(name=name, byte=error.start), hint=SAVE_UTF8) from None


def is_workbook(data: bytes) -> bool:
    """Whether some bytes are a workbook, of today's kinds or the old one.

    >>> is_workbook(b"PK..."), is_workbook(b"metric,2027-01")
    (True, False)
    """
    return data[:2] == b"PK" or data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def workbook_rows(data: bytes, name: str) -> dict[str, list[SmallRow]]:
    """The rows of the visible sheets of a workbook, by the sheet; numbers are :class:`Exact`, days of a month months.

    UsageError, which begins with ``name``, where it cannot be read.
    """
    import python_calamine

    from funnelcli.reading.dialect import FileFault
    from funnelcli.reading.sheets import safe_copy

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(safe_copy(data, name)))
        visible = [sheet.name for sheet in book.sheets_metadata if str(sheet.visible).endswith("Visible")]
        cells = {sheet: book.get_sheet_by_name(sheet).to_python(skip_empty_area=False) for sheet in visible}
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except FileFault as fault:
        first = fault.problems[0]
        text = Message("{name}: {why}.").filled(name=name, why=first.text)
        raise UsageError(text, hint=first.advice) from None
    except BaseException as error:  # a damaged workbook can also panic in the Rust reader
        reason = (str(error).splitlines() or [type(error).__name__])[0][:200]
        text = Message("{name}: is no workbook that can be read: {why}.")
        raise UsageError(text.filled(name=name, why=foreign(reason)), hint=_SAVE_CSV) from None
    return {
        sheet: [
            SmallRow(line=line, cells=tuple(map(_typed, row)), text="\t".join(map(_typed, row)))
            for line, row in enumerate(rows, start=1)
        ]
        for sheet, rows in cells.items()
    }


_SAVE_CSV = Message("Save the sheet as CSV.")


def _typed(value: object) -> str:
    """A typed cell as text: a number as exact one, the first and the last day of a month as the month."""
    match value:
        case None:
            return ""
        case bool():
            return str(value)
        case int() | float() if abs(value) < float("inf"):
            return Exact(repr(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value))
        case datetime() | date():
            last = monthrange(value.year, value.month)[1]
            return f"{value:%Y-%m}" if value.day in (1, last) else value.isoformat()[:10]
        case _:
            return str(value)


def rows_of(text: str) -> list[SmallRow]:
    """The rows of a table, its delimiter found in the first line that has one.

    >>> [row.cells for row in rows_of("month;amount\\n2027-01;1,200,000\\n")]
    [('month', 'amount'), ('2027-01', '1,200,000')]
    """
    lines = text.removeprefix("\ufeff").splitlines()
    first = next((line for line in lines if _delimiter(line, "")), "")
    reader = csv.reader(lines, delimiter=_delimiter(first))
    return [SmallRow(line=reader.line_num, cells=tuple(cells), text=lines[reader.line_num - 1]) for cells in reader]


def _delimiter(first_line: str, otherwise: str = ",") -> str:
    """The mark that stands most often in a line; of equals the one that comes first."""
    counted = _WITHIN_A_NUMBER.sub("", first_line)
    present = [mark for mark in _DELIMITERS if mark in counted]
    return max(present, key=lambda mark: (counted.count(mark), -counted.index(mark)), default=otherwise)
