"""Workbooks: their sheets and cells, and the guards against damaged ones."""

import functools
import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from funnelcli.config import InputSettings
from funnelcli.problems import Problem, problem
from funnelcli.reading.dialect import Content, FileFault, open_bytes
from funnelcli.reading.discover import SourceFile
from funnelcli.text import Text, foreign
from funnelcli.values.cells import Exact
from funnelcli.values.channels import matches

Record = tuple[int, list[str]]

WORKBOOK_SUFFIXES = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods")
SHEET_SAMPLE = 60

MOST_CELLS = 100_000_000
_CELL = re.compile(rb'<c [^>]*?r="([A-Z]{1,3})([0-9]{1,7})"')


_TOO_LARGE = Text(
    "a cell in row {rows} and one in column {columns} make the table too large",
    "có ô ở dòng {rows} và ô ở cột {columns} khiến bảng quá lớn",
)


def _check_extent(file: SourceFile) -> None:
    """Refuse a workbook with a cell so far off that the range up to it would not fit into memory.

    The reader asks for the whole range at once, and the process would end with it.
    """
    try:
        with zipfile.ZipFile(file.path) as archive:
            for member in archive.namelist():
                if member.startswith("xl/worksheets/") and member.endswith(".xml"):
                    rows = columns = 1
                    for letters, digits in _CELL.findall(archive.read(member)):
                        rows = max(rows, int(digits))
                        columns = max(columns, functools.reduce(lambda n, c: n * 26 + c - 64, letters, 0))
                    if rows * columns > MOST_CELLS:
                        reason = _TOO_LARGE.filled(rows=rows, columns=columns)
                        raise FileFault(problem("broken-file", file=file.name, reason=reason))
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, zlib.error, ValueError):
        return  # no .xlsx, or a damaged one: the reader itself says so


def load_workbook(file: SourceFile, content: Content) -> Any:
    """The workbook, opened.  Raises FileFault where it is damaged or too large to be loaded."""
    import python_calamine

    if not content.gzipped:
        _check_extent(file)
    try:
        if content.gzipped:
            with open_bytes(file.path, gzipped=True) as stream:
                return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(stream.read()))
        return python_calamine.CalamineWorkbook.from_path(str(file.path))
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a damaged workbook can also panic in the Rust reader
        raise FileFault(_broken(file, error)) from None


def _broken(file: SourceFile, error: BaseException) -> Problem:
    reason = (str(error).splitlines() or [type(error).__name__])[0][:200]
    return problem("broken-file", file=file.name, reason=foreign(reason))


def sheet_rows(file: SourceFile, workbook: Any, sheet: str) -> list[list[Any]]:
    """The typed cells of a sheet, from its first row on.  Raises FileFault where it is damaged."""
    try:
        return list(workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False))
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        raise FileFault(_broken(file, error)) from None


def cell_text(value: object) -> str:
    """A typed cell as text that reads back as the same value.

    >>> cell_text(12.0), cell_text(datetime(2026, 4, 30)), cell_text(True), cell_text(None)
    ('12', '2026-04-30 00:00:00', 'true', '')
    """
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            if value != value or value in (float("inf"), float("-inf")):
                return ""
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else Exact(repr(value))
        case datetime():
            return value.isoformat(sep=" ")
        case date():
            return value.isoformat()
        case time() | timedelta():
            return str(value)
        case bytes() | bytearray():
            return bytes(value).decode("utf-8", "replace")
        case _:
            return _number_text(value)


def _number_text(value: object) -> str:
    from decimal import Decimal

    if isinstance(value, Decimal) and value.is_finite():
        return str(int(value)) if value == value.to_integral_value() else Exact(str(value))
    return str(value)


def numbered(rows: Sequence[Sequence[Any]]) -> list[Record]:
    """Rows of typed cells as records of text with their line."""
    return [(n, [cell_text(cell) for cell in row]) for n, row in enumerate(rows, 1)]


def wanted_sheets(workbook: Any, file: SourceFile, settings: InputSettings) -> list[str]:
    """The sheets to look at: those the config names, else the visible ones."""
    names = list(workbook.sheet_names)
    if settings.sheet is None:
        visible = [m.name for m in workbook.sheets_metadata if str(m.visible).endswith("Visible")]
        return [name for name in names if name in visible] or names
    wanted = [name for name in names if name == settings.sheet or matches(name, [settings.sheet])]
    if not wanted:
        raise FileFault(
            problem("no-sheet", file=file.name, sheet=settings.sheet, seen=", ".join(map(repr, names)),
                    stage=file.input)
        )  # fmt: skip
    return wanted
