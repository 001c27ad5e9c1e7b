"""One opened file: its header matched to our columns, and its rows with the line each begins on.

Every container gives the same thing: records of text cells.  What is no data (blank lines, totals, the header once
more, lines filtered out by the config) is left out here, so that nobody after this has to know of it.
"""

import csv
import functools
import gzip
import io
import os
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Any

from funnelcli.channels import matches
from funnelcli.config import InputSettings
from funnelcli.errors import Problem, Problems, problem
from funnelcli.ingest.columns import (
    SCHEMAS,
    CellKind,
    ColumnMap,
    closest,
    has_required,
    header_key,
    header_problems,
    match_headers,
)
from funnelcli.ingest.dialect import (
    DELIMITERS,
    HEADER_WITHIN,
    Container,
    Content,
    Dialect,
    FileFault,
    consistency,
    decode_sample,
    encoding_problem,
    look,
    open_bytes,
    records,
    separator_line,
)
from funnelcli.ingest.discover import SourceFile, Stage
from funnelcli.ingest.values import Exact, clean_column

Record = tuple[int, list[str]]

_TOTAL = re.compile(
    r"(?:grand |sub ?|report )?totals?(?:\s*[:(].*)?|tổng(?: cộng| số)?(?:\s*[:(].*)?|cộng|sum",
    re.IGNORECASE,
)


@dataclass(kw_only=True)
class Tally:
    """How the rows of one file were used.  ``read == counted + duplicate + rejected``; rows that the config's keep
    and drop leave out, totals and blank lines are no rows and stand apart."""

    stage: Stage
    file: str
    read: int = 0
    counted: int = 0
    duplicate: int = 0
    rejected: int = 0
    filtered: int = 0
    skipped: int = 0


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A file whose header has been found."""

    file: SourceFile
    content: Content
    dialect: Dialect | None
    columns: ColumnMap
    header_line: int
    settings: InputSettings
    sheet: str | None = None
    warnings: tuple[Problem, ...] = ()

    @property
    def stage(self) -> Stage:
        """The stage the file belongs to."""
        return self.file.stage

    @property
    def name(self) -> str:
        """The file as it is named to the reader."""
        return self.file.name

    def has(self, column: str) -> bool:
        """Whether the file has our ``column``."""
        return column in self.columns.index

    @property
    def is_filtered(self) -> bool:
        """Whether the config leaves some of its rows out."""
        return bool(self.settings.keep or self.settings.drop)


def open_file(file: SourceFile, settings: InputSettings) -> list[Opened]:
    """Look into a file and match its header; a workbook may hold several tables.

    Raises FileFault with all the faults of the header, or the fault of the file.
    """
    content = look(file.path, file.name)
    match content.container:
        case Container.TEXT:
            return [_open_text(file, settings, content)]
        case Container.WORKBOOK:
            return _open_workbook(file, settings, content)
        case Container.PARQUET:
            return [_open_parquet(file, settings, content)]


# --- the header --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Candidate:
    """One record taken for the header: how well it does."""

    line: int | None
    header: tuple[str, ...]
    index: Mapping[str, int]
    score: tuple[bool, int, float, int]


def _best_header(found: Sequence[Record], stage: Stage, overrides: Mapping[str, str]) -> _Candidate | None:
    """The record that is most like a header of this stage: all required columns, then most columns known."""
    widths = [len(record) for _, record in found]
    alike = consistency(widths)
    best: _Candidate | None = None
    for place, (line, record) in enumerate(found[:HEADER_WITHIN]):
        header = tuple(clean_header(cell) for cell in record)
        index = match_headers(header, stage, overrides)
        score = (has_required(index, stage), len(index), alike, -place)
        if best is None or score > best.score:
            best = _Candidate(line, header, index, score)
    if best is not None and not best.index:
        # Nothing known anywhere: the first record of the usual width is the likeliest header to talk about.
        usual = max(set(widths), key=lambda w: (widths.count(w), w))
        line, record = next((ln, r) for ln, r in found if len(r) == usual)
        best = _Candidate(line, tuple(map(clean_header, record)), {}, best.score)
    return best


def clean_header(cell: str) -> str:
    """A header without white space, invisible marks and stray quotes."""
    return " ".join(cell.strip("\ufeff\u200b \t\r\n'\"").split())


def _checked(best: _Candidate | None, file: SourceFile, settings: InputSettings) -> tuple[ColumnMap, int]:
    if best is None:
        raise FileFault(problem("empty-file", file=file.name))
    faults = header_problems(best.header, file.stage, settings.columns, best.index, file=file.name, line=best.line)
    for wanted in (*settings.keep, *settings.drop):
        if header_key(wanted) not in map(header_key, best.header):
            faults.append(
                problem(
                    "filter-column-missing",
                    file=file.name,
                    line=best.line,
                    column=wanted,
                    header=wanted,
                    seen=", ".join(map(repr, best.header)),
                    closest=closest(best.header, [wanted]),
                    stage=file.stage.value,
                )
            )  # fmt: skip
    if faults:
        raise FileFault(*faults)
    return ColumnMap(best.header, best.index), best.line or 0


def _open_text(file: SourceFile, settings: InputSettings, content: Content) -> Opened:
    text, encoding = decode_sample(content, encoding=settings.encoding, name=file.name, stage=file.stage.value)
    named = settings.delimiter or separator_line(text)
    best: tuple[_Candidate, str] | None = None
    for delimiter in (named,) if named else DELIMITERS:
        candidate = _best_header(records(text, delimiter), file.stage, settings.columns)
        if candidate and (best is None or candidate.score > best[0].score):
            best = (candidate, delimiter)
    columns, line = _checked(best[0] if best else None, file, settings)
    assert best is not None
    return Opened(
        file=file,
        content=content,
        dialect=Dialect(encoding=encoding, delimiter=best[1]),
        columns=columns,
        header_line=line,
        settings=settings,
    )


# --- workbooks and Parquet ---------------------------------------------------------------------------------------


MOST_CELLS = 100_000_000
_CELL = re.compile(rb'<c [^>]*?r="([A-Z]{1,3})([0-9]{1,7})"')


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
                        reason = f"a cell in row {rows} and one in column {columns} make the table too large"
                        raise FileFault(problem("broken-file", file=file.name, reason=reason))
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, zlib.error, ValueError):
        return  # no .xlsx, or a damaged one: the reader itself says so


def _workbook(file: SourceFile, content: Content) -> Any:
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
    return problem("broken-file", file=file.name, reason=reason)


def _sheet_rows(file: SourceFile, workbook: Any, sheet: str) -> list[list[Any]]:
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


def _numbered(rows: Sequence[Sequence[Any]]) -> list[Record]:
    return [(n, [cell_text(cell) for cell in row]) for n, row in enumerate(rows, 1)]


def _open_workbook(file: SourceFile, settings: InputSettings, content: Content) -> list[Opened]:
    """The sheets that fit: the one there is, or those that the config names; hidden sheets only where it does."""
    workbook = _workbook(file, content)
    wanted = _wanted_sheets(workbook, file, settings)
    found: list[tuple[_Candidate, str]] = []
    for sheet in wanted:
        rows = _numbered(_sheet_rows(file, workbook, sheet)[:SHEET_SAMPLE])
        filled = [(n, row) for n, row in rows if any(cell.strip() for cell in row)]
        candidate = _best_header(filled, file.stage, settings.columns) if filled else None
        if candidate:
            found.append((candidate, sheet))
    fitting = [(candidate, sheet) for candidate, sheet in found if candidate.score[0]]
    if len(fitting) > 1 and settings.sheet is None:
        names = ", ".join(repr(sheet) for _, sheet in fitting)
        raise FileFault(problem("several-sheets", file=file.name, sheets=names, stage=file.stage.value))
    if not fitting:
        best = max(found, key=lambda pair: pair[0].score[:2], default=None)
        _checked(best[0] if best else None, file, settings)
        fitting = [best] if best else []
    suffix = file.path.suffix.casefold()
    usual = suffix in WORKBOOK_SUFFIXES or content.gzipped or not suffix
    odd = () if usual else (problem("excel-named-otherwise", file=file.name),)
    opened = []
    for candidate, sheet in fitting:
        named = replace(file, name=f"{file.name}#{sheet}") if len(fitting) > 1 else file
        columns, line = _checked(candidate, named, settings)
        opened.append(
            Opened(
                file=named,
                content=content,
                dialect=None,
                columns=columns,
                header_line=line,
                settings=settings,
                sheet=sheet,
                warnings=odd,
            )
        )
        odd = ()
    return opened


def _wanted_sheets(workbook: Any, file: SourceFile, settings: InputSettings) -> list[str]:
    names = list(workbook.sheet_names)
    if settings.sheet is None:
        visible = [m.name for m in workbook.sheets_metadata if str(m.visible).endswith("Visible")]
        return [name for name in names if name in visible] or names
    wanted = [name for name in names if name == settings.sheet or matches(name, [settings.sheet])]
    if not wanted:
        raise FileFault(
            problem("no-sheet", file=file.name, sheet=settings.sheet, seen=", ".join(map(repr, names)),
                    stage=file.stage.value)
        )  # fmt: skip
    return wanted


WORKBOOK_SUFFIXES = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods")
SHEET_SAMPLE = 60


def _open_parquet(file: SourceFile, settings: InputSettings, content: Content) -> Opened:
    from funnelcli.ingest.parquet import parquet_header

    header = tuple(parquet_header(file, gzipped=content.gzipped))
    index = match_headers(header, file.stage, settings.columns)
    columns, _ = _checked(_Candidate(None, header, index, (True, 0, 1.0, 0)), file, settings)
    return Opened(file=file, content=content, dialect=None, columns=columns, header_line=0, settings=settings)


# --- the rows ----------------------------------------------------------------------------------------------------


def raw_records(opened: Opened) -> Iterator[Record]:
    """Every record after the header with its line: blank ones too.  Raises FileFault where the file is damaged."""
    match opened.content.container:
        case Container.TEXT:
            return _text_records(opened)
        case Container.WORKBOOK:
            workbook = _workbook(opened.file, opened.content)
            rows = _sheet_rows(opened.file, workbook, opened.sheet or "")
            return ((n, r) for n, r in _numbered(rows) if n > opened.header_line)
        case Container.PARQUET:
            from funnelcli.ingest.parquet import parquet_rows

            return ((n, [cell_text(cell) for cell in row]) for n, row in enumerate(parquet_rows(opened.file), 1))


def _text_records(opened: Opened) -> Iterator[Record]:
    assert opened.dialect is not None
    name, stage = opened.name, opened.stage.value
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
        raise FileFault(problem("broken-file", file=name, reason=f"gzip: {error}")) from None
    except csv.Error as error:
        raise FileFault(problem("broken-file", file=name, line=line, reason=str(error))) from None
    except OSError as error:
        raise FileFault(problem("unreadable-file", file=name, reason=error.strerror or str(error))) from None


def _swallows_rows(record: Sequence[str], opened: Opened) -> bool:
    """Whether a cell of several lines holds what looks like whole rows: a stray quotation mark met another one later."""
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
        self.tally = Tally(stage=self.opened.stage, file=self.opened.name)

    def rows(self) -> Iterator[Record]:
        """The data rows: (line, cells), each at least as long as the header.

        Rows with too many cells are reported, tallied as rejected and left out.
        """
        opened, tally = self.opened, self.tally
        header = list(opened.columns.header)
        header_cells = [cell.casefold() for cell in header]
        width = len(header)
        date_cell = date_place(self.opened)
        keeps = _is_kept(opened)
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
            if not record[date_cell][:1].isdigit() and (
                _is_total(record, date_cell) or [clean_header(cell).casefold() for cell in record] == header_cells
            ):
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
                self.reject(
                    problem("too-many-cells", file=opened.name, line=line, count=len(record), width=width,
                            delimiter=repr(opened.dialect.delimiter) if opened.dialect else "cell")
                )  # fmt: skip
                continue
            yield line, record
        if not tally.read and tally.filtered:
            self.problems.add(problem("nothing-kept", file=opened.name, count=tally.filtered, stage=opened.stage.value))
        elif not tally.read:
            self.problems.add(problem("no-rows", file=opened.name))

    def reject(self, found: Problem) -> None:
        """Collect the problem of a row that is thereby left out."""
        self.problems.add(found)
        self.tally.rejected += 1

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
    kinds = {column.name: column.kind for column in SCHEMAS[opened.stage]}
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


@dataclass(kw_only=True)
class RawTable:
    """The wanted cells of one file, cleaned, column by column, with the line of each row."""

    opened: Opened
    tally: Tally
    lines: list[int] = field(default_factory=list)
    cells: dict[str, list[str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.lines)


def read_raw(opened: Opened, wanted: Sequence[str], problems: Problems) -> RawTable:
    """All data rows of a file, the ``wanted`` columns only; a column the file lacks is not in ``cells``."""
    reading = Reading(opened=opened, problems=problems)
    places = [(name, opened.columns.index[name]) for name in wanted if opened.has(name)]
    table = RawTable(opened=opened, tally=reading.tally)
    regular = _regular_columns(opened, date_place(opened))
    if regular is not None:
        table.tally.read = len(regular[0])
        table.lines = list(range(opened.header_line + 1, opened.header_line + 1 + len(regular[0])))
        for name, place in places:
            table.cells[name] = clean_column(regular[place])
        return table
    picked = [place for _, place in places]
    pick = itemgetter(*picked) if len(picked) > 1 else lambda record: (record[picked[0]],)
    rows: list[tuple[str, ...]] = []
    lines = table.lines
    for line, record in reading.rows():
        lines.append(line)
        rows.append(pick(record))
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(places)
    for (name, _), column in zip(places, columns, strict=True):
        table.cells[name] = clean_column(column)
    return table


_ONE_BYTE_QUOTE = frozenset({"utf-8", "utf-8-sig", "cp1252", "cp1258"})


def _regular_columns(opened: Opened, date_cell: int) -> list[tuple[str, ...]] | None:
    """The columns of a file in which every record is one line, as wide as the header, with a date that begins with a digit.

    Such a file has no totals, comments, blank lines or open quotation marks, so it can be read at once; None for any other,
    which is then read row by row.
    """
    if opened.content.container is not Container.TEXT or opened.content.gzipped or opened.is_filtered:
        return None
    assert opened.dialect is not None
    if opened.dialect.encoding not in _ONE_BYTE_QUOTE or _last_line(opened.file.path).count(b'"') % 2:
        return None
    width = len(opened.columns.header)
    try:
        with opened.file.path.open(encoding=opened.dialect.encoding, newline="") as stream:
            reader = csv.reader(stream, delimiter=opened.dialect.delimiter, skipinitialspace=True)
            for _ in reader:
                if reader.line_num >= opened.header_line:
                    break
            if reader.line_num != opened.header_line:
                return None
            records = list(reader)
            if not records or reader.line_num != opened.header_line + len(records):
                return None
    except (OSError, UnicodeError, csv.Error):
        return None
    if set(map(len, records)) != {width}:
        return None
    columns = list(zip(*records, strict=True))
    return columns if all(cell[:1].isdigit() for cell in set(columns[date_cell])) else None


def _last_line(path: Path) -> bytes:
    """The last line of a file, or as much of it as matters."""
    with path.open("rb") as stream:
        stream.seek(max(0, os.path.getsize(path) - 65_536))
        lines = stream.read().splitlines()
    return lines[-1] if lines else b""
