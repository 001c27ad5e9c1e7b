"""Workbooks: their sheets and cells, and the guards against damaged ones."""

import io
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from threading import Lock
from typing import Any

from funnelcli.config import InputSettings
from funnelcli.problems import Problem, problem, reason_of
from funnelcli.reading.dialect import Content, FileFault, open_bytes
from funnelcli.reading.discover import SourceFile
from funnelcli.reading.held import PACKED
from funnelcli.reading.sheet_marks import Range, merged_rows
from funnelcli.reading.sheets import safe_copy
from funnelcli.text import foreign
from funnelcli.values.cells import Exact
from funnelcli.values.channels import matches

Record = tuple[int, list[str]]

WORKBOOK_SUFFIXES = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods")
SHEET_SAMPLE = 60
_HELD_BYTES = 10_000_000  # of a workbook that may be held while it is looked at from several sides


class Workbook:
    """An opened workbook, of which sheets may be taken side by side: the reader below allows but one at a time."""

    def __init__(self, book: Any) -> None:
        self._book, self._lock = book, Lock()
        self.sheet_names: list[str] = list(book.sheet_names)
        self.sheets_metadata = list(book.sheets_metadata)

    def get_sheet_by_name(self, name: str) -> Any:
        """A sheet, which is whole by itself."""
        with self._lock:
            return self._book.get_sheet_by_name(name)


def load_workbook(file: SourceFile, content: Content) -> Workbook:
    """The workbook, opened; held while it is looked at from several sides, a small one until all is loaded.

    Raises FileFault where it is damaged or too large to be loaded.
    """
    size = file.path.stat().st_size if file.held is not None and file.path.is_file() else _HELD_BYTES + 1
    if file.held is None or size > _HELD_BYTES:
        return _loaded(file, content)
    key, load = ("workbook", file.path, content.gzipped), partial(_loaded, file, content)
    known = file.held.known(key, PACKED * size, load)
    return known if known is not None else file.held.latest(key, load)


def _loaded(file: SourceFile, content: Content) -> Workbook:
    import python_calamine

    try:
        with open_bytes(file.path, file.name, gzipped=content.gzipped, of_text=False) as stream:
            data = safe_copy(stream.read(), file.name)
        return Workbook(python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)))
    except (KeyboardInterrupt, SystemExit, MemoryError, FileFault):
        raise
    except OSError as error:
        raise FileFault(problem("unreadable-file", file=file.name, reason=reason_of(error))) from None
    except BaseException as error:  # a damaged workbook can also panic in the Rust reader
        raise FileFault(_broken(file, error)) from None


def _broken(file: SourceFile, error: BaseException) -> Problem:
    reason = (str(error).splitlines() or [type(error).__name__])[0][:200]
    return problem("broken-file", file=file.name, reason=foreign(reason))


def sheet_rows(file: SourceFile, workbook: Any, sheet: str) -> list[list[Any]]:
    """The typed cells of a sheet, from its first row on.  Raises FileFault where it is damaged."""
    return sheet_with_merged(file, workbook, sheet, 0)[0]


def sheet_with_merged(file: SourceFile, workbook: Any, sheet: str, below: int) -> tuple[list[list[Any]], list[Range]]:
    """The typed cells of a sheet, and which of its cells ``below`` a line are merged over several rows."""
    try:
        page = workbook.get_sheet_by_name(sheet)
        return without_empty_end(page.to_python(skip_empty_area=False)), merged_rows(page, below)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        raise FileFault(_broken(file, error)) from None


def without_empty_end(rows: list[list[Any]]) -> list[list[Any]]:
    """The rows of a sheet up to the last one that holds anything: a space far below makes a million empty ones.

    >>> without_empty_end([["a", ""], ["", ""], [0, ""], ["", ""], ["", " "]])
    [['a', ''], ['', ''], [0, '']]
    """
    end, empty = len(rows), [""] * (len(rows[0]) if rows else 0)
    while end and (rows[end - 1] == empty or all(isinstance(cell, str) and not cell.strip() for cell in rows[end - 1])):
        end -= 1
    return rows[:end]


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
